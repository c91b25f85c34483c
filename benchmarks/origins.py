"""What finding origins costs: how it grows with the night, with copies of one text, with long texts. Ratios in one run.

    python benchmarks/origins.py [--records 10000] [--json]

Texts are made of drawn words, with a fixed seed: a tenth of them are copies of another, cut or with a sentence put in.
Seconds are of this process alone, the best of three, and depend on the machine; the ratios do not.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline.domain import Record, TextQuality
from pipeline.origins.grouping import group

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
_SYLLABLES = "ba ne ki lo mu ra te si do fu ga he ji ko le ma no pi ru sa to vi wu ya ze".split()


def words(dice: random.Random, count: int) -> list[str]:
    """Drawn words of three syllables, a few of them often, as in any language."""
    return ["".join(_SYLLABLES[int(dice.paretovariate(0.6)) % 25] for _ in range(3)) for _ in range(count)]


def record(number: int, title: str, body: str) -> Record:
    """A record of one of 200 outlets, within a day."""
    outlet, published = f"outlet{number % 200}", NOW + timedelta(seconds=number * 7 % 86_400)
    key = f"r{number:07}"
    url = f"https://{outlet}.example/{key}"
    text = f"{title}\n\n{body}"
    return Record(
        key, outlet, "news", "article", key, url, outlet, None, title, text, TextQuality.FULL, "en", published, NOW
    )


def night(count: int, length: int = 60) -> list[Record]:
    """`count` records of `length` words; a tenth copy the one before in part."""
    dice = random.Random(20260302)  # noqa: S311
    made: list[Record] = []
    for number in range(count):
        body = words(dice, length)
        if number % 10 == 9:
            body = made[-1].text.split("\n\n")[1].split()[: length * 4 // 5] + body[: length // 6]
        made.append(record(number, " ".join(words(dice, 8)), " ".join(body) + "."))
    return made


def copies(count: int) -> list[Record]:
    """`count` copies of one text under its own headlines."""
    dice = random.Random(1)  # noqa: S311
    body = " ".join(words(dice, 60))
    return [record(number, " ".join(words(dice, 8)), body) for number in range(count)]


def seconds(records: Sequence[Record]) -> tuple[float, int]:
    """Processor seconds of grouping `records`, the best of three, and the number of origins."""
    best, found = float("inf"), 0
    for _ in range(3):
        began = time.process_time()
        found = len(group(records))
        best = min(best, time.process_time() - began)
    return best, found


def measure(count: int) -> dict[str, float]:
    """All figures."""
    small, _ = seconds(night(count // 5))
    large, origins = seconds(night(count))
    mixed, _ = seconds([*night(count), *copies(500)])
    alone, single = seconds(copies(500))
    huge = record(0, "One word", "la" * 500_000)
    wordy = record(1, "Many words", "la ne ki " * 110_000)
    long, _ = seconds([huge, wordy, *night(50)])
    short, _ = seconds(night(52))
    return {
        "records": count,
        "seconds": round(large, 2),
        "origins": origins,
        "five_times_the_records": round(large / small, 2),
        "with_500_copies": round(mixed / large, 2),
        "origins_of_500_copies": single,
        "copies_against_others_each": round((alone / 500) / (large / count), 2),
        "two_texts_of_1_mb_seconds": round(long - short, 3),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    found = measure(args.records)
    print(json.dumps(found) if args.json else "\n".join(f"{key:28} {value}" for key, value in found.items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
