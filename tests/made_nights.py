"""Desks on made rows for whole nights of ingest, analyze and signal: many outlets, a board, days of steady news."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.app import App, make_app
from pipeline.backtest import facts
from pipeline.domain import Signal
from pipeline.run import night
from pipeline.settings import load

FIRST = datetime(2026, 5, 4, tzinfo=UTC)  # a Monday
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OUTLETS = ("Harbour Wire", "Daily Ledger", "Grid Post", "Selmouth Echo", "Tarn Courier", "Orrel Times")
BOARD, SEARCH = "Quay Board", "Search"
Row = dict[str, Any]
COUNTED = ("velocity", "volume_anomaly", "entity_surge", "phrase_trending")


def moment(day: int, hour: float = 0.0) -> datetime:
    """So many days and hours after the first midnight."""
    return FIRST + day * DAY + hour * HOUR


def row(source: str, at: datetime, title: str, text: str, **more: str) -> Row:
    """A row of a file; articles stand at their outlet's domain."""
    site = source.lower().replace(" ", "") + ".com"
    key = f"{source}-{at:%d%H%M%S}-{abs(hash_of(title + text)) % 10**6}"
    said = {"id": key, "title": title, "text": text, "url": f"https://{site}/{key}".replace(" ", "-"), "source": source}
    return {**said, "published": at.isoformat(), "seen": at.isoformat(), "lang": "en", "platform": "rss", **more}


def hash_of(text: str) -> int:
    """A number that is the same in every process."""
    return int.from_bytes(text.encode()[-8:], "big") + len(text)


def news(first: int, days: int, *, seed: int = 1) -> list[Row]:
    """Steady news of `days` days from day number `first` on: each outlet two articles a day, the board four posts."""
    stories = [facts.facts(np.random.default_rng(n), 12) for n in range(5)]
    found = []
    for day in range(first, first + days):
        rng = np.random.default_rng([seed, day])
        for source, number in [*((outlet, 2) for outlet in OUTLETS), (BOARD, 4)]:
            for hour in np.sort(rng.uniform(0.2, 23.5, number)):
                story = stories[int(rng.integers(len(stories)))]
                told = [facts.told(story[int(n)], rng) for n in rng.choice(12, 3, replace=False)]
                more = {"platform": "board", "author": f"@u{rng.integers(99)}"} if source == BOARD else {}
                at = moment(day, round(float(hour), 3))
                found.append(row(source, at, told[0].rstrip("."), " ".join(told[1:]), **more))
    return found


class MadeDesk:
    """A desk with a file of rows for each outlet. `run` runs a night, with files of `failing` sources away."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        config = folder / "citewire.toml"
        if not config.exists():
            parts = ['[[beat]]\nname = "News"\ndescription = "What happens."\n']
            for name in (*OUTLETS, BOARD, SEARCH):
                self.file(name).touch()
                address = self.file(name).name
                parts.append(f'[[source]]\nname = "{name}"\nkind = "files"\naddress = "{address}"\nbeat = "News"\n')
            config.write_text("\n".join(parts), encoding="utf-8")
        self.app: App = make_app(load(config))
        self.notes: Sequence[str] = ()

    def file(self, source: str) -> Path:
        """Where the rows of a source stand."""
        return self.folder / f"{source.replace(' ', '-')}.jsonl"

    def add(self, rows: Iterable[Row]) -> None:
        """Put rows into their outlets' files; what no source stands for is found by the search."""
        for one in rows:
            source = one["source"] if one["source"] in (*OUTLETS, BOARD) else SEARCH
            with self.file(source).open("a", encoding="utf-8") as file:
                file.write(json.dumps(one) + "\n")

    def run(self, now: datetime, *, failing: Sequence[str] = ()) -> list[Signal]:
        """One night; the signals whose window ends at `now`. Keeps what the stage reported as `notes`."""
        for name in failing:
            self.file(name).rename(self.file(name).with_suffix(".away"))
        run = night(self.app, now, stages=("ingest", "analyze", "signal"))
        for name in failing:
            self.file(name).with_suffix(".away").rename(self.file(name))
        self.notes = next((report.notes for report in run.stages if report.stage == "signal"), ())
        return [one for one in self.app.store.signals(since=now) if one.window_end == now]


def fired(signals: Iterable[Signal], kinds: Sequence[str] = COUNTED) -> list[str]:
    """Kind and summary of those of `kinds` that fired."""
    return [f"{one.kind}: {one.summary}" for one in signals if one.held is None and one.kind in kinds]
