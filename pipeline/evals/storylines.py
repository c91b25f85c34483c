"""Storylines: B-cubed precision, recall and F1 (Bagga and Baldwin 1998) of the real analyze stage on labelled rows.

Rows go through the store and the stage as records do: claims are extracted, parts grouped, claims assigned. A record is
then in the storyline that holds most of its claims (the smallest id on ties); one without claims is alone.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.analyze import analyze
from pipeline.domain import Cursor, Record, SourceHealth, TextQuality, digest
from pipeline.embedders import build
from pipeline.engines import load
from pipeline.errors import UsageError
from pipeline.evals.rows import date, rows
from pipeline.protocols import Embedder, Engine, Store
from pipeline.settings import AnalyzeSettings
from pipeline.stores import open_store

_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
_SOURCE = "eval"
CROWD = 10  # records from which a storyline is large


def run(path: Path, *, embedder: str = "auto") -> dict[str, float | int]:
    """Measure the grouping of `path`; rows without a story are grouped and not scored. Raises UsageError."""
    return measured(list(rows(path)), embedder)


def measured(labelled: Sequence[Mapping[str, Any]], embedder: str) -> dict[str, float | int]:
    """B-cubed figures of the rows with a story, and how far those without one were kept out of large storylines."""
    began = time.perf_counter()
    records = [record(row, number) for number, row in enumerate(labelled)]
    found = grouped(records, build(embedder))
    predicted, stories = [found[one.id] for one in records], [row.get("story") for row in labelled]
    scored = [pair for pair in zip(predicted, stories, strict=True) if pair[1] is not None]
    precision, recall, f1 = bcubed([pair[0] for pair in scored], [pair[1] for pair in scored])
    return {
        "bcubed_precision": precision,
        "bcubed_recall": recall,
        "bcubed_f1": f1,
        "noise_kept_out": kept_out(predicted, [story is None for story in stories]),
        "documents": len(records),
        "storylines": len(set(predicted)),
        "seconds": round(time.perf_counter() - began, 3),
    }


def record(row: Mapping[str, Any], number: int) -> Record:
    """A row as the record that ingest would have made of it; a row without a date is of doubtful date.

    Raises UsageError for a row without text and title.
    """
    title, body = " ".join(str(row.get("title") or "").split()), str(row.get("text") or "").strip()
    if not title and not body:
        raise UsageError(f"row {number + 1}: neither title nor text; each row needs one of them")
    text = body if not title or body.startswith(title) else f"{title}\n\n{body}" if body else title
    published = _date(row.get("published"), number)
    return Record(
        id=digest("eval", str(row.get("id", number)), str(number)),
        source=_SOURCE,
        platform="rss",
        kind="article" if title else "post",
        native_id=str(row.get("id", number)),
        url=None,
        publisher=str(row.get("source") or "") or None,
        author=None,
        title=title,
        text=text,
        quality=TextQuality.FULL,
        lang=row.get("lang"),
        published=published or _UNDATED,
        fetched=published or _UNDATED,
        date_doubtful=published is None,
    )


def _date(value: object, number: int) -> datetime | None:
    """The time of a row. Raises UsageError for what is no date."""
    try:
        return date(value)
    except ValueError:
        raise UsageError(f"row {number + 1}: published is not an ISO 8601 date: {value!r}") from None


def grouped(records: Sequence[Record], model: Embedder) -> dict[str, str]:
    """Record id -> storyline id, by one night over everything."""
    store, engine = open_store(":memory:"), load("local", workers=0)
    try:
        if records:
            night(store, records, engine, model, max(one.published for one in records))
        return homes(store, records)
    finally:
        store.close()


def night(store: Store, records: Sequence[Record], engine: Engine, model: Embedder, day: datetime) -> None:
    """Store `records` as one source's and analyse what is pending, at the end of `day`."""
    now = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    store.save_batch(_SOURCE, records, Cursor(), SourceHealth(_SOURCE, now, ok=True))
    analyze(store, AnalyzeSettings(), beats=(), embedder=model, engine=engine, now=now)


def homes(store: Store, records: Sequence[Record]) -> dict[str, str]:
    """The storyline of most of each record's claims; a record without claims is its own."""
    counts: dict[str, Counter[str]] = {one.id: Counter() for one in records}
    owners = {claim.id: claim.record_id for claim in store.claims_of_records(counts)}
    for line in store.storylines():
        if line.merged_into is None:
            for claim in line.claim_ids:
                if claim in owners:
                    counts[owners[claim]][line.id] += 1
    return {
        key: min(found, key=lambda line: (-found[line], line)) if found else f"alone {key}"
        for key, found in counts.items()
    }


def kept_out(predicted: Sequence[Hashable], noise: Sequence[bool]) -> float:
    """Share of the noise that is in no group of `CROWD` items or more; 1 where there is no noise."""
    sizes = Counter(predicted)
    strangers = [label for label, strange in zip(predicted, noise, strict=True) if strange]
    return round(sum(sizes[label] < CROWD for label in strangers) / len(strangers), 4) if strangers else 1.0


def bcubed(predicted: Sequence[Hashable], true: Sequence[Hashable]) -> tuple[float, float, float]:
    """B-cubed precision, recall and F1 of two labellings of the same items; zeros for none."""
    if not true:
        return 0.0, 0.0, 0.0
    both = Counter(zip(predicted, true, strict=True))
    ours, theirs = Counter(predicted), Counter(true)
    precision = sum(number * number / ours[a] for (a, _), number in both.items()) / len(true)
    recall = sum(number * number / theirs[b] for (_, b), number in both.items()) / len(true)
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return round(precision, 4), round(recall, 4), round(f1, 4)
