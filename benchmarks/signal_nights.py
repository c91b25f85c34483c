"""What fires, and what is held and why, night by night over real rows; nothing is written or published.

    python benchmarks/signal_nights.py FILE --from 2023-10-01 --days 19 [--output FOLDER] [--embedder lexical]

FILE holds JSON Lines (plain or gzipped) whose rows carry `seen` or `published`; night D is run at midnight after day D
and runs the stages ingest, analyze and signal. Prints a line a night, then every signal in the order of firing, to be
read; with --output the desk is kept, and a second call goes on where the first ended.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.nights import desk, kept
from pipeline.domain import Signal
from pipeline.run import night

STAGES = ("ingest", "analyze", "signal")


def line(now: datetime, read: int, found: Sequence[Signal]) -> str:
    """A night in one line: what fired by kind, and how many were held."""
    fired = Counter(one.kind for one in found if one.held is None)
    kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(fired.items())) or "nothing"
    day = (now - timedelta(days=1)).date()
    return f"{day} {read:>6} read  {kinds}; {len(found) - fired.total()} held"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the nights and print their signals."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--from", dest="first", type=datetime.fromisoformat, required=True, metavar="DAY")
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--output", type=Path, help="keep the desk here (default: a folder that is deleted)")
    parser.add_argument("--embedder", default="lexical")
    args = parser.parse_args(arguments)
    every: list[Signal] = []
    with kept(args.output) as folder, desk(folder, args.file, args.embedder) as app:
        for number in range(1, args.days + 1):
            now = args.first.replace(tzinfo=UTC) + timedelta(days=number)
            run = night(app, now, stages=STAGES)
            found = [one for one in app.store.signals(since=now) if one.window_end == now]
            print(line(now, {r.stage: r.made for r in run.stages}["ingest"], found), flush=True)
            every += found
    for number, one in enumerate((one for one in every if one.held is None), 1):
        print(f"{number:>4} {one.window_end:%Y-%m-%d} {one.kind}: {one.summary}")
    for one in (one for one in every if one.held is not None):
        print(f"held {one.window_end:%Y-%m-%d} {one.kind}: {one.summary} ({one.held})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
