"""Which origin each record of a page counts as: one for each voice, by the rule that all counts share
(pipeline/outlets.py), so that the letters on a page are as many as the number that it gives. And when these came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from pipeline import outlets
from pipeline.domain import Citation, Storyline
from pipeline.edition import Edition
from pipeline.renderers.charts import Point

HOURLY = timedelta(days=7)  # how long a course of things is told by the hour; a longer one by the day


def line_origins(line: Storyline, edition: Edition) -> Mapping[str, str]:
    """Origin -> the origin that it counts as in a storyline, of its claims and of records without one at hand."""
    claims = [edition.claims[key] for key in line.claim_ids if key in edition.claims]
    told = [(c.published, c.id, c.origin_id or _origin(c.record_id, edition)) for c in claims]
    silent = set(line.record_ids) - {claim.record_id for claim in claims}
    records = [edition.records[key] for key in silent if key in edition.records]
    told += [(r.published, r.id, _origin(r.id, edition)) for r in records]
    return outlets.counts_as((origin, edition.voices.get(origin, "")) for _, _, origin in sorted(told))


def record_origins(line: Storyline, edition: Edition) -> dict[str, str]:
    """Record -> the origin that it counts as in a storyline: its own, or of one that only credits others, theirs."""
    counted = line_origins(line, edition)
    credited: dict[str, str] = {}
    for claim in (edition.claims[key] for key in line.claim_ids if key in edition.claims):
        if claim.origin_id:
            credited.setdefault(claim.record_id, claim.origin_id)
    found = {}
    for key in line.record_ids:
        own = _origin(key, edition)
        origin = own if own in counted else credited.get(key, own)
        found[key] = counted.get(origin, origin)
    return found


def loose_origins(record_ids: Iterable[str], edition: Edition) -> dict[str, str]:
    """Record -> the origin that it counts as among some records, whatever storyline they are in now."""
    known = sorted((edition.records[key] for key in record_ids if key in edition.records), key=lambda r: r.id)
    known.sort(key=lambda record: record.published)
    told = [(_origin(record.id, edition), record.id) for record in known]
    counted = outlets.counts_as((origin, edition.voices.get(origin, "")) for origin, _ in told)
    return {key: counted[origin] for origin, key in told}


def cited_origins(citations: Iterable[Citation], edition: Edition) -> frozenset[str]:
    """The origins that count among citations of several stories."""
    return outlets.independent((c.origin_id, edition.voices.get(c.origin_id, "")) for c in citations)


def _origin(record_id: str, edition: Edition) -> str:
    return edition.origins.get(record_id, record_id)


def course(counted: Mapping[str, str], edition: Edition) -> tuple[Point, ...]:
    """When some records came, by the hour or, over more than a week, by the day; and of them the origins then new.

    `counted`: record id -> the origin that it counts as.
    """
    times = {key: edition.records[key].published for key in sorted(counted) if key in edition.records}
    if not times:
        return ()
    hourly = max(times.values()) - min(times.values()) <= HOURLY
    stretches: dict[tuple[date, int | None], list[str]] = defaultdict(list)
    for key, when in times.items():
        stretches[when.date(), when.hour if hourly else None].append(key)
    spoken: set[str] = set()
    points: list[Point] = []
    for (day, hour), keys in sorted(stretches.items(), key=lambda one: (one[0][0], one[0][1] or 0)):
        origins = {counted[key] for key in keys}
        points.append(Point(day, len(keys), len(origins - spoken), hour))
        spoken |= origins
    return tuple(points)
