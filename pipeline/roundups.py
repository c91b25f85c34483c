"""Roundups: records that tell of several events are cut into one part per event."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline import parts
from pipeline.domain import Claim, Record
from pipeline.parts import Part


def parts_of(record: Record, claims: Sequence[Claim], origin_id: str) -> tuple[Part, ...]:
    """The parts of `record`."""
    return (parts.whole(record, claims, origin_id),)
