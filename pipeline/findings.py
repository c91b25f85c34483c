"""Findings, first cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from pipeline.domain import Claim, Finding, FindingState, digest


def settle(
    storyline_id: str,
    claims: Sequence[Claim],
    origins: Mapping[str, str],
    known: Sequence[Finding],
    now: datetime,
) -> tuple[Finding, ...]:
    """Findings of one storyline."""
    have = {c for f in known for c in f.claim_ids}
    out = list(known)
    for c in sorted(claims, key=lambda c: (c.published, c.id)):
        if c.id not in have:
            out.append(
                Finding(digest("finding", c.id), storyline_id, (c.id,), (origins[c.id],), FindingState.NEW, now, now)
            )
    return tuple(out)
