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
from pipeline.evals.rows import rows
from pipeline.protocols import Store
from pipeline.settings import AnalyzeSettings
from pipeline.stores import open_store

_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
_SOURCE = "eval"


def run(path: Path, *, embedder: str = "auto") -> dict[str, float | int]:
    """Measure the grouping of `path`; rows without a story are grouped and not scored. Raises UsageError."""
    began = time.perf_counter()
    labelled = list(rows(path))
    records = [record(row, number) for number, row in enumerate(labelled)]
    found = grouped(records, embedder=embedder)
    scored = [
        (found[one.id], row["story"])
        for one, row in zip(records, labelled, strict=True)
        if row.get("story") is not None
    ]
    precision, recall, f1 = bcubed([pair[0] for pair in scored], [pair[1] for pair in scored])
    return {
        "bcubed_precision": precision,
        "bcubed_recall": recall,
        "bcubed_f1": f1,
        "documents": len(records),
        "storylines": len(set(found.values())),
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
    """The time of a row in UTC, None where it has none. Raises UsageError for what is no date."""
    if not value:
        return None
    try:
        found = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        raise UsageError(f"row {number + 1}: published is not an ISO 8601 date: {value!r}") from None
    return found.replace(tzinfo=UTC) if found.utcoffset() is None else found.astimezone(UTC)


def grouped(records: Sequence[Record], *, embedder: str, nightly: bool = False) -> dict[str, str]:
    """Record id -> storyline id, by one night over everything, or night by night (`nightly`) for steadiness."""
    store = open_store(":memory:")
    nights = sorted({one.published.date() for one in records}) if nightly else []
    engine, model = load("local", workers=0), build(embedder)
    try:
        for night in nights or [max(one.published for one in records).date()] if records else []:
            now = datetime(night.year, night.month, night.day, tzinfo=UTC) + timedelta(days=1)
            tonight = [one for one in records if not nightly or one.published.date() == night]
            _store(store, tonight, now)
            analyze(store, AnalyzeSettings(), beats=(), embedder=model, engine=engine, now=now)
        return _homes(store, records)
    finally:
        store.close()


def _store(store: Store, records: Sequence[Record], now: datetime) -> None:
    """Save `records` as one source's."""
    store.save_batch(_SOURCE, records, Cursor(), SourceHealth(_SOURCE, now, ok=True))


def _homes(store: Store, records: Sequence[Record]) -> dict[str, str]:
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
