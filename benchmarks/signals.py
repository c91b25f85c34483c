"""What detection costs with 50,000 storylines and a year of hourly history behind them: seconds and peak memory.

    python benchmarks/signals.py [--storylines 50000] [--origins 1000000] [--days 365] [--sources 300] [--keep FOLDER]

Origins of a year are drawn for storylines of Zipf sizes by hour of day and week, each in one record of one of the
sources, with a beat and an entity. `pure` builds the window and the history in memory and runs the detectors of counts;
`store` fills a real SQLite store with the same (in bulk, not timed as detection) and runs the whole signal stage on it.
Each is measured in a process of its own: wall seconds, processor seconds, and the peak of its resident memory.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline import detectors, embedders
from pipeline.detectors.frame import About, Arrival, History, Series, Subject, Window
from pipeline.domain import SourceRead
from pipeline.settings import SignalSettings
from pipeline.signals import detect
from pipeline.stores import open_store

NOW = datetime(2026, 5, 6, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
BEATS, ENTITIES = 20, 10_000
EVERY = 4  # hours between two reads of a source
TEXT = "Headline of a record\n\n" + "A sentence of the length that sentences of news have. " * 30


@dataclass(frozen=True, slots=True)
class Desk:
    """Origins one by one: storyline, whole hours before NOW, minute, source; sorted by storyline, then hour."""

    storylines: int
    sources: int
    days: int
    storyline: NDArray[np.int64]
    hour: NDArray[np.int64]
    minute: NDArray[np.int64]
    source: NDArray[np.int64]


def desk(storylines: int, origins: int, days: int, sources: int) -> Desk:
    """A year: sizes fall as 1 / rank, days and weeks have their shape, the same every time."""
    rng = np.random.default_rng(1)
    size = 1 / np.arange(1, storylines + 1)
    hours = days * 24
    places = (np.arange(hours) + 18) % 168
    shape = (1 + 0.5 * np.cos(2 * np.pi * places / 24)) * np.where(places < 48, 0.6, 1.0)
    line = np.sort(rng.choice(storylines, origins, p=size / size.sum()))
    hour = rng.choice(hours, origins, p=shape / shape.sum())
    order = np.lexsort((hour, line))
    outlets = (sources * rng.random(origins) ** 2).astype(np.int64)
    return Desk(storylines, sources, days, line[order], hour[order], rng.integers(0, 60, origins), outlets)


# --- in memory -------------------------------------------------------------------------------------------------------


def values(made: Desk, settings: SignalSettings) -> tuple[Window, History]:
    """The window and the whole year before it, as the detectors get them."""
    tonight = made.hour < settings.window_hours
    arrivals: dict[Subject, list[Arrival]] = {}
    for n in np.flatnonzero(tonight):
        subject = Subject(About.STORYLINE, f"s{made.storyline[n]:05d}")
        outlet = f"outlet {made.source[n]}"
        at = NOW - int(made.hour[n]) * HOUR - timedelta(minutes=int(made.minute[n]))
        arrivals.setdefault(subject, []).append(Arrival(f"r{n}", f"o{n}", outlet, outlet, at))
    past = np.stack([made.storyline, made.hour, made.source], axis=1)[~tonight]
    rows, counts = np.unique(past, axis=0, return_counts=True)
    series = Series(
        subjects=tuple(Subject(About.STORYLINE, f"s{n:05d}") for n in range(made.storylines)),
        first=np.searchsorted(rows[:, 0], np.arange(made.storylines + 1)).astype(np.int32),
        hours=rows[:, 1].astype(np.int32),
        counts=counts.astype(np.int32),
        sources=tuple(f"outlet {n}" for n in range(made.sources)),
        source=rows[:, 2].astype(np.int32),
    )
    window = Window(NOW - settings.window_hours * HOUR, NOW, arrivals=arrivals)
    reads = {f"outlet {n}": [*_reads(n, settings.baseline_days + 1)] for n in range(made.sources)}
    return window, History(since=NOW - made.days * 24 * HOUR, series={About.STORYLINE: series}, reads=reads)


def _reads(source: int, days: int) -> Iterator[SourceRead]:
    for hour in range(0, days * 24, EVERY):
        yield SourceRead(f"outlet {source}", NOW - hour * HOUR, (hour // EVERY + source) % 97 != 0, EVERY)


def pure(made: Desk) -> dict[str, float]:
    """Seconds of the detectors over values that are there already."""
    settings = SignalSettings()
    window, history = values(made, settings)
    began = time.perf_counter(), time.process_time()
    found = detectors.detect(window, history, NOW, settings)
    return _figures(began, len(found))


# --- from a store ----------------------------------------------------------------------------------------------------


def fill(made: Desk, path: Path) -> None:
    """A store that holds the desk: heads and texts of all records, what they belong to, and a month of reads."""
    open_store(str(path)).close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("PRAGMA synchronous = OFF")
        for table, rows in _tables(made):
            marks = ", ".join("?" * len(table.split(",")))
            name, columns = table.split(":")
            db.executemany(f"INSERT INTO {name} ({columns}) VALUES ({marks})", rows)  # noqa: S608
    db.close()


def _tables(made: Desk) -> Iterator[tuple[str, Iterator[Sequence[Any]]]]:
    number = range(len(made.storyline))
    late = {n: _moment(made, int(made.hour[n])) for n in _newest(made)}
    yield "sources:source, cursor", ((f"outlet {n}", "{}") for n in range(made.sources))
    yield (
        "records:id, content_hash, fetched, analysed, repeats",
        ((f"r{n}", "h", _moment(made, int(made.hour[n])), "h", 0) for n in number),
    )
    yield "versions:id, content_hash, source, platform, title, text, quality, published, fetched, rest", (
        (f"r{n}", "h", f"outlet {made.source[n]}", "web", "Headline", TEXT, "full", at, at,
         f'{{"kind":"article","native_id":"{n}","author":null,"lang":"en"}}')
        for n in number for at in (_moment(made, int(made.hour[n]), int(made.minute[n])),)
    )  # fmt: skip
    yield "origins:id, reason", ((f"o{n}", "itself") for n in number)
    yield "record_origins:record_id, origin_id", ((f"r{n}", f"o{n}") for n in number)
    yield "storylines:id, label, founded, updated, rest", (
        (f"s{line:05d}", f"Storyline {line}", _moment(made, made.days * 24), late[n], '{"beats":[],"turns":[]}')
        for n in late for line in (int(made.storyline[n]),)
    )  # fmt: skip
    begins = np.searchsorted(made.storyline, np.arange(made.storylines))
    yield (
        "storyline_records:storyline_id, n, record_id",
        ((f"s{line:05d}", n - int(begins[line]), f"r{n}") for n in number for line in (int(made.storyline[n]),)),
    )
    yield (
        "record_beats:record_id, n, beat, confidence, reason",
        ((f"r{n}", 0, f"beat {made.storyline[n] % BEATS}", 1.0, "") for n in number),
    )
    yield "entities:id, key, name, kind, surname, first_seen, last_seen, origins, public, rest", (
        (f"e{n}", f"name {n}", f"Name {n}", "organisation", "", _moment(made, made.days * 24), _moment(made, 0), 9, 1,
         '{"kinds":{},"names":{},"roles":[],"shield":"","days":[]}')
        for n in range(ENTITIES)
    )  # fmt: skip
    yield "entity_records:record_id, entity_id, spans", ((f"r{n}", f"e{n * n % ENTITIES}", "") for n in number)
    yield "reads:source, at, ok, fresh", (
        (read.source, f"{read.at:%Y-%m-%d %H:%M:%S.%f}", int(read.ok), read.fresh)
        for n in range(made.sources) for read in _reads(n, 40)
    )  # fmt: skip


def _newest(made: Desk) -> list[int]:
    """The place of each storyline's newest origin; of those that have one."""
    return np.flatnonzero(np.diff(made.storyline, prepend=-1)).tolist()


def _moment(made: Desk, hour: int, minute: int = 0) -> str:
    return f"{NOW - hour * HOUR - timedelta(minutes=minute):%Y-%m-%d %H:%M:%S.%f}"


def stored(path: Path) -> dict[str, float]:
    """Seconds of the signal stage over the store at `path`: questions, detectors, and keeping what they found."""
    store, settings = open_store(str(path)), SignalSettings()
    began = time.perf_counter(), time.process_time()
    report = detect(store, settings, embedder=embedders.build("lexical"), now=NOW)
    figures = _figures(began, report.made)
    store.close()
    return figures


# --- measuring -------------------------------------------------------------------------------------------------------


def _figures(began: tuple[float, float], signals: int) -> dict[str, float]:
    wall, cpu = time.perf_counter() - began[0], time.process_time() - began[1]
    kib = 1024 if sys.platform != "darwin" else 1024 * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / kib
    return {"seconds": round(wall, 1), "processor": round(cpu, 1), "peak MiB": round(peak), "signals": signals}


def measure(what: str, arguments: Sequence[str]) -> dict[str, float]:
    """The figures of one part, measured in a process of its own."""
    command = [sys.executable, __file__, "--only", what, *arguments]
    done = subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures of both parts; 1 where one of them took more than 60 s or 1 GiB."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, usual in (("storylines", 50_000), ("origins", 1_000_000), ("days", 365), ("sources", 300)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--keep", type=Path, help="folder in which the store is kept, and found again")
    parser.add_argument("--only", choices=["pure", "store"], help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    numbers = [f"--{name}={getattr(args, name)}" for name in ("storylines", "origins", "days", "sources")]
    if args.only == "store":
        print(json.dumps(stored(args.keep / "desk.db")))
        return 0
    made = desk(args.storylines, args.origins, args.days, args.sources)
    if args.only == "pure":
        print(json.dumps(pure(made)))
        return 0
    folder = args.keep or Path(tempfile.mkdtemp(prefix="citewire-"))
    try:
        if not (folder / "desk.db").exists():
            fill(made, folder / "desk.db")
        del made
        found = {what: measure(what, [*numbers, "--keep", str(folder)]) for what in ("pure", "store")}
    finally:
        if args.keep is None:
            shutil.rmtree(folder)
    for what, figures in found.items():
        print(f"{what:6}" + "  ".join(f"{name} {value:g}" for name, value in figures.items()))
    return int(any(one["seconds"] > 60 or one["peak MiB"] > 1024 for one in found.values()))


if __name__ == "__main__":
    raise SystemExit(main())
