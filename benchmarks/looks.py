"""How many independent looks the overlapping looks of counts.py are worth: simulated on nights without a change.

    python benchmarks/looks.py [--nights 40] [--subjects 5000]

Steady subjects (half an origin, and two, an hour) are drawn as Poisson counts and measured. For several small chances p
it prints the share of subjects whose smallest chance of all looks is p or less, over p and over the share whose chance
of the window alone is: between these lies the number by which the smallest chance has to be multiplied, `LOOKS`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline.detectors import counts
from pipeline.detectors.baselines import usual
from pipeline.detectors.frame import About, Arrival, History, Series, Subject
from pipeline.detectors.season import season

END, LENGTH, DAYS = datetime(2026, 5, 6, 6, tzinfo=UTC), 24, 28


def chances(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each subject (row; columns are hours, latest first): the chance of the window, the smallest of all looks."""
    where, back = np.nonzero(table[:, LENGTH:])
    known = tuple(Subject(About.STORYLINE, f"s{n}") for n in range(len(table)))
    first = np.searchsorted(where, np.arange(len(table) + 1)).astype(np.int32)
    past = table[:, LENGTH:][where, back].astype(np.int32)
    series = Series(known, first, (back + LENGTH).astype(np.int32), past)
    when, owner = season(series, History(), END, LENGTH, DAYS)
    came = {
        one: [Arrival("", "", "", "", END - timedelta(hours=int(hour), minutes=30)) for hour in np.repeat(*_cells(row))]
        for one, row in zip(known, table[:, :LENGTH], strict=True)
    }
    test = counts.established(known, came, usual(series, when, owner), END)
    return test.looks[0].chance, test.chance / counts.LOOKS


def _cells(row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(len(row)), row


def main(argv: Sequence[str] | None = None) -> int:
    """Print one line for each chance."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nights", type=int, default=40)
    parser.add_argument("--subjects", type=int, default=5000)
    args = parser.parse_args(argv)
    rng = np.random.default_rng(1)
    rates = np.where(np.arange(args.subjects) % 2, 0.5, 2.0)[:, None]
    made = [chances(rng.poisson(rates, (args.subjects, LENGTH * (DAYS + 1)))) for _ in range(args.nights)]
    alone, least = (np.concatenate(some) for some in zip(*made, strict=True))
    for p in (1e-2, 3e-3, 1e-3, 3e-4, 1e-4):
        one, both = float((alone <= p).mean()), float((least <= p).mean())
        ratios = f"of p {both / p:.2f}, of the window's {both / max(one, p / 10):.2f}"
        print(f"p {p:g}: window {one:.2e}, all looks {both:.2e}, {ratios}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
