"""What outages do to signals: nights over real rows, one source for each outlet, with gaps left in or cut out.

    python benchmarks/outages.py FILE --from 2023-10-01 --days 21 [--share 0.3] [--drop "NAME=2023-10-12T06/12"]
        [--late] [--output FOLDER]

FILE holds JSON Lines (plain or gzipped) whose rows carry `source` and `published`. Each night, at midnight after its
day, ingests, analyses and measures; it prints how many records were read, what fired by kind, and what the report says.
`--share` keeps so many of the sources, chosen by the hash of their names. `--drop` removes what a source (or, with `*`,
every source) published from a moment on for so many hours, as where its answers were stale. `--late` reads all days in
one night after the last.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import json
import sys
import tempfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.nights import CONFIG
from pipeline.app import App, make_app
from pipeline.run import night
from pipeline.settings import load

Row = dict[str, Any]
STAGES = ("ingest", "analyze", "signal")


def rows(path: Path) -> Iterator[Row]:
    """The rows of a JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def moment(row: Row) -> datetime:
    """When a row was published."""
    return datetime.fromisoformat(row["published"].replace("Z", "+00:00"))


def kept(source: str, share: float) -> bool:
    """Whether a source is among the `share` that is replayed."""
    return zlib.crc32(source.encode()) % 1000 < 1000 * share


def dropped(row: Row, holes: Sequence[tuple[str, datetime, datetime]]) -> bool:
    """Whether a row falls into one of `holes`."""
    return any(name in ("*", row["source"]) and start <= moment(row) < end for name, start, end in holes)


def hole(text: str) -> tuple[str, datetime, datetime]:
    """`NAME=MOMENT/HOURS` as values. Raises ValueError for anything else."""
    name, _, when = text.rpartition("=")
    start, _, hours = when.partition("/")
    begin = datetime.fromisoformat(start).replace(tzinfo=UTC)
    return name, begin, begin + timedelta(hours=float(hours))


def desk(folder: Path, path: Path, share: float, holes: Sequence[tuple[str, datetime, datetime]]) -> App:
    """A desk with one source of kind "files" for each outlet of `path`."""
    by_source: dict[str, list[Row]] = defaultdict(list)
    for row in rows(path):
        if kept(row["source"], share) and not dropped(row, holes):
            by_source[row["source"]].append({**row, "seen": row["published"]})
    parts = [CONFIG.split("[[source]]")[0].format(embedder="lexical")]
    for number, name in enumerate(sorted(by_source)):
        file = folder / "rows" / f"{number}.jsonl"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(json.dumps(row) + "\n" for row in by_source[name]), encoding="utf-8")
        parts.append(f'[[source]]\nname = {json.dumps(name)}\nkind = "files"\naddress = {json.dumps(str(file))}\n')
    config = folder / "citewire.toml"
    config.write_text("\n".join(parts), encoding="utf-8")
    return make_app(load(config))


def one(app: App, now: datetime) -> str:
    """Run the night of `now`; what came, what fired, what the report says."""
    run = night(app, now, stages=STAGES)
    read = next(report.made for report in run.stages if report.stage == "ingest")
    tonight = [signal for signal in app.store.signals(since=now) if signal.window_end == now]
    fired = Counter(signal.kind for signal in tonight if not signal.held)
    told = [note for report in run.stages if report.stage == "signal" for note in report.notes]
    head = f"{now - timedelta(days=1):%Y-%m-%d %a} {read:>6} read; fired: "
    named = [f"    {s.kind}: {s.summary[:150]}" for s in tonight if not s.held and s.kind not in ("corroboration",)]
    said = ", ".join(f"{n} {kind}" for kind, n in sorted(fired.items())) or "nothing"
    return "\n".join([head + said, *named[:12], *(f"    | {note[:220]}" for note in told)])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the nights and print each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--from", dest="first", type=datetime.fromisoformat, required=True, metavar="DAY")
    parser.add_argument("--days", type=int, default=21)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--drop", type=hole, action="append", default=[], metavar="NAME=MOMENT/HOURS")
    parser.add_argument("--late", action="store_true")
    parser.add_argument("--output", type=Path, help="keep the desk here (default: a folder that is deleted)")
    args = parser.parse_args(arguments)
    with contextlib.ExitStack() as stack:
        folder = args.output or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        app = desk(folder.resolve(), args.file, args.share, args.drop)
        stack.callback(app.close)
        first = args.first.replace(tzinfo=UTC)
        for day in [args.days] if args.late else range(1, args.days + 1):
            print(one(app, first + timedelta(days=day)), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
