"""The site's search index at size: made whole, and one month of it, of invented stories.

    python benchmarks/site_search.py --stories 5000 --words 500

Words follow Zipf's law over 30,000 types, so that common words have long postings, as in prose. Times are of one core.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from itertools import accumulate

from pipeline.renderers.search_index import Document, Segment

TYPES, MONTHS = 30_000, 12


def documents(stories: int, words: int) -> list[Document]:
    """Invented stories: a headline of 12 words, a head of 60, a body of the rest."""
    chance = random.Random(7)  # noqa: S311 - invented words
    names = [f"w{n:x}" for n in range(TYPES)]
    weights = list(accumulate(1 / rank for rank in range(1, TYPES + 1)))

    def text(count: int) -> str:
        return " ".join(chance.choices(names, cum_weights=weights, k=count))

    return [
        Document(
            f"stories/s{n}/index.html", text(12), text(30), "1 May 2026", "Story", "en",
            ((8, text(12)), (3, text(60)), (1, text(words - 72))),
        )
        for n in range(stories)
    ]  # fmt: skip


def made(segments: list[Segment]) -> tuple[float, int, int]:
    """Seconds of one core, files and bytes of all files of `segments`."""
    start, sizes = time.process_time(), []
    for segment in segments:
        sizes += [len(segment.file(name)) for name in segment.names()]
    return time.process_time() - start, len(sizes), sum(sizes)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, default=5_000)
    parser.add_argument("--words", type=int, default=500)
    asked = parser.parse_args()
    told = documents(asked.stories, asked.words)
    whole = [Segment(f"2026-{month + 1:02}", told[month::MONTHS]) for month in range(MONTHS)]
    seconds, files, size = made(whole)
    month, month_files, month_size = made([Segment("2026-01", told[0::MONTHS])])
    print(
        json.dumps(
            {
                "whole": {"seconds": round(seconds, 2), "files": files, "bytes": size},
                "month": {"seconds": round(month, 2), "files": month_files, "bytes": month_size},
                "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        )
    )


if __name__ == "__main__":
    main()
