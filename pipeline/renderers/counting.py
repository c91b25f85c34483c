"""Which origin each record of a page counts as: one for each voice, by the rule that all counts share
(pipeline/outlets.py), so that the letters on a page are as many as the number that it gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline import outlets
from pipeline.domain import Citation, Storyline
from pipeline.edition import Edition


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
