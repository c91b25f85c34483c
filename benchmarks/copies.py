"""Origins of real feeds, to be read by a person: groups of records that count as one, and pairs that nearly did.

    python benchmarks/copies.py FILE --from 2023-10-16 --days 16 --draw 60 --seed 5 [--across] [--missed]

FILE holds JSON Lines (plain or gzipped) with id, title, text, url, source, published and seen. The days are fed one
after the other, each with the five days before it as known, as the analyze stage does. `--across` draws only groups
that hold more than one voice: these are where a wrong one hides a second source. `--missed` draws pairs of two voices
that share most words of their headlines within a day and are two origins: these are where a copy may count twice.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline.domain import Record, TextQuality
from pipeline.language.words import content
from pipeline.origins.grouping import group
from pipeline.outlets import voice

_WINDOW = 5  # days


def record(row: Mapping[str, Any]) -> Record:
    """A record of a row, as a feed would give it."""
    published = datetime.fromisoformat(str(row["published"]).replace("Z", "+00:00")).astimezone(UTC)
    text = f"{row['title']}\n\n{row['text']}" if row["text"] else str(row["title"])
    return Record(
        id=row["id"],
        source=row["source"],
        platform="news",
        kind="article",
        native_id=row["id"],
        url=row["url"],
        publisher=row["source"],
        author=None,
        title=row["title"],
        text=text,
        quality=TextQuality.SUMMARY,
        lang=row.get("lang"),
        published=published,
        fetched=published,
    )


def read(path: Path, first: str, days: int) -> dict[str, list[Record]]:
    """Day of capture -> records."""
    last = (date.fromisoformat(first) + timedelta(days=days)).isoformat()
    opener = gzip.open if path.suffix == ".gz" else open
    found: dict[str, list[Record]] = defaultdict(list)
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if first <= row["seen"] < last:
                found[row["seen"]].append(record(row))
    return dict(sorted(found.items()))


def fed(days: Mapping[str, Sequence[Record]]) -> tuple[dict[str, str], dict[str, str]]:
    """Record id -> origin id, and origin id -> reason, the days fed one after the other."""
    origin_of: dict[str, str] = {}
    reasons: dict[str, str] = {}
    names = list(days)
    for place, name in enumerate(names):
        before = (one for other in names[max(0, place - _WINDOW) : place] for one in days[other])
        for origin in group(days[name], [(one, origin_of[one.id]) for one in before]):
            origin_of.update(dict.fromkeys(origin.record_ids, origin.id))
            if origin.reason != "itself":
                reasons.setdefault(origin.id, origin.reason)
    return origin_of, reasons


def missed(records: Sequence[Record], origin_of: Mapping[str, str]) -> list[tuple[Record, Record]]:
    """Pairs of two voices and two origins, within a day, whose headlines share five words and most of the shorter.

    `records` in order of time.
    """
    by_word: dict[str, list[int]] = defaultdict(list)
    heads = [frozenset(content(one.title)) for one in records]
    found = []
    for at, one in enumerate(records):
        counts = Counter(other for word in heads[at] for other in by_word[word][-300:])
        for other, shared in sorted(counts.items()):
            before = records[other]
            alike = shared >= 5 and shared >= 0.7 * min(len(heads[at]), len(heads[other]))
            near = one.published - before.published <= timedelta(days=1)
            if near and alike and origin_of[one.id] != origin_of[before.id] and voice(one) != voice(before):
                found.append((before, one))
        for word in heads[at]:
            by_word[word].append(at)
    return found


def show(number: int, why: str, members: Sequence[Record]) -> None:
    """Print one group."""
    print(f"== {number} {why} ({len(members)})")
    for one in members[:5]:
        body = " ".join(one.text[len(one.title) :].split())[:220]
        print(f"   {one.published:%d %H:%M} {one.publisher} | {one.title[:110]} | {body}")


def main() -> int:
    """Print figures and what was drawn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--from", dest="first", required=True)
    parser.add_argument("--days", type=int, default=16)
    parser.add_argument("--draw", type=int, default=60)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--across", action="store_true")
    parser.add_argument("--missed", action="store_true")
    args = parser.parse_args()
    days = read(args.file, args.first, args.days)
    origin_of, reasons = fed(days)
    by_id = {one.id: one for held in days.values() for one in held}
    groups: dict[str, list[Record]] = defaultdict(list)
    for one in sorted(by_id.values(), key=lambda one: (one.published, one.id)):
        groups[origin_of[one.id]].append(one)
    several = {key: held for key, held in sorted(groups.items()) if len(held) > 1}
    across = {key: held for key, held in several.items() if len({voice(one) for one in held}) > 1}
    pairs = missed(sorted(by_id.values(), key=lambda one: (one.published, one.id)), origin_of)
    print(f"{len(by_id)} records, {len(groups)} origins; {len(several)} of several records, {len(across)} of several")
    print(f"voices; {len(pairs)} pairs with one headline and two origins")
    dice = random.Random(args.seed)  # noqa: S311
    drawn: list[tuple[str, Sequence[Record]]] = [("two origins", pair) for pair in pairs]
    if not args.missed:
        chosen = across if args.across else several
        drawn = [(reasons.get(key, ""), held) for key, held in chosen.items()]
    for number, (why, members) in enumerate(dice.sample(drawn, min(args.draw, len(drawn))), 1):
        show(number, why, members)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
