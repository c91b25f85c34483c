"""How fast the gate is without a model: python benchmarks/gate_speed.py DATA [--sentences 1000]

Real sentences are judged as a night judges them: each once as it stands and once with its publisher named, lied about
in one case of three, against one to three spans of its record, and none that was read before. Prints sentences a second
and how long the number asked for took, of one core (wall time is printed beside it, for busy machines); exit code 1
where 1,000 sentences take ten seconds or more.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from random import Random

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import corpora
from benchmarks.fabrications import span
from benchmarks.lies import KINDS
from pipeline.domain import CitedSpan
from pipeline.gate import judge

LIMIT = 10.0  # seconds for 1,000 sentences


def work(data: Path, count: int, seed: int) -> list[tuple[str, tuple[CitedSpan, ...]]]:
    """Sentences with their spans, drawn by seed."""
    chance = Random(seed)  # noqa: S311 - no secret
    kinds, found = list(KINDS.values()), []
    for real in corpora.drawn(data, "held", chance):
        spans = tuple(span(real, quote, at) for at, quote in enumerate((real.text, *real.near[: chance.randint(0, 2)])))
        lie = chance.choice(kinds)(real.text, real.near, chance) if chance.random() < 1 / 3 else None
        text = lie.text if lie else real.text
        found += [(text, spans), (f"{text.rstrip('.')}, {real.publisher or 'one record'} reports.", spans)]
        if len(found) >= count:
            return found[:count]
    return found


def main(arguments: list[str] | None = None) -> int:
    """Judge and time."""
    parser = argparse.ArgumentParser(description="Sentences that the gate judges in a second.")
    parser.add_argument("data", type=Path)
    parser.add_argument("--sentences", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=5)
    given = parser.parse_args(arguments)
    items = work(given.data, given.sentences, given.seed)
    judge("The bridge opened.", (CitedSpan("The bridge opened on Monday"),))  # tables are built once
    began, busy = time.perf_counter(), time.process_time()
    published = sum(judge(text, spans).publish for text, spans in items)
    wall, cpu = time.perf_counter() - began, time.process_time() - busy
    print(
        json.dumps(
            {
                "sentences": len(items),
                "published": published,
                "seconds": round(wall, 2),
                "processor_seconds": round(cpu, 2),
                "a_second": round(len(items) / cpu, 1),
                "seconds_for_1000": round(1000 * cpu / len(items), 2),
            }
        )
    )
    return 0 if 1000 * cpu / len(items) < LIMIT else 1


if __name__ == "__main__":
    raise SystemExit(main())
