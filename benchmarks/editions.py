"""The editions of a desk, for reading: what later versions bring, and the pairs of stories most like each other.

    python benchmarks/nights.py FILE --from 2023-10-02 --days 6 --output DESK
    python benchmarks/editions.py DESK/output/citewire.db [--pairs 5]

For each night: its stories by rank; of each later version the headline before and after and what it says has changed;
and the pairs of stories whose leads share most, with the weighed share that
pipeline/newsroom/events.py compares with its limit.
Whether a version is material, and a pair one event, is for a person to say.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline.domain import Story
from pipeline.newsroom.events import Telling
from pipeline.stores import open_store
from pipeline.terms import rarity


def likeness(a: Telling, b: Telling) -> float:
    """Share of the shorter lead's weight that both leads hold."""
    shared, least = (sum(map(rarity, words)) for words in (a.lead & b.lead, min(a.lead, b.lead, key=len)))
    return shared / least if least else 0.0


def edition(stories: Sequence[Story], before: Mapping[str, Story], pairs: int) -> Iterator[str]:
    """The lines of one night."""
    for story in sorted(stories, key=lambda one: -one.rank.get("total", 0.0)):
        yield f"  {story.rank.get('total', 0.0):6.2f} v{story.version} [{story.beat}] {story.headline.text}"
        if story.previous in before:
            yield f"         before: {before[story.previous].headline.text}"
            told = [s.text for part in story.sections if part.role == "changed" for p in part.paragraphs for s in p]
            yield from (f"         + {text}" for text in told)
    tellings = [Telling.of(story) for story in stories]
    ranked = sorted(((likeness(a, b), a.name, b.name) for a, b in combinations(tellings, 2)), reverse=True)
    for share, one, other in ranked[:pairs]:
        yield f"  {share:.2f} {one} | {other}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the editions; always 0."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("database", type=Path)
    parser.add_argument("--pairs", type=int, default=5)
    args = parser.parse_args(arguments)
    store = open_store(args.database)
    stories = store.all_stories()
    store.close()
    nights: dict[datetime, list[Story]] = defaultdict(list)
    for story in stories:
        nights[story.written].append(story)
    for night in sorted(nights):
        print(f"{night:%Y-%m-%d}: {len(nights[night])} stories")
        print("\n".join(edition(nights[night], {story.id: story for story in stories}, args.pairs)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
