"""Whose a claim is, and what one voice may do without contradicting itself: bring a newer figure, tell a thing anew.

Two reports by one publisher are one source that was revised; a contradiction needs two sources, or two people quoted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from pipeline.claiming.assertions import GENERAL, GROWING, Amount, Assertion
from pipeline.domain import Dispute, DisputeKind
from pipeline.language import names

__all__ = ["Voice", "one_voice", "revises", "supersedes"]

_LATER = timedelta(hours=3)  # apart by this much, one speaker's later figure replaces the earlier
_GROWS = timedelta(hours=1)  # apart by this much, a higher count has grown rather than been denied


@dataclass(frozen=True, slots=True)
class Voice:
    """Whose a claim is: its origin, who printed it (see pipeline/outlets.py), and who told the origin first."""

    origin: str
    publisher: str
    teller: str = ""  # empty: who printed it


def supersedes(newer: Assertion, older: Assertion, dispute: Dispute, voices: Mapping[str, Voice]) -> bool:
    """Whether the newer claim takes the place of the older instead of denying it.

    So it is with a later figure or date of the same named speaker, with one of the same origin or publisher where no
    named speaker stands for the older, and with a count that has grown with time.
    """
    if dispute.kind not in (DisputeKind.NUMBER, DisputeKind.DATE, DisputeKind.STATUS):
        return False
    apart = newer.claim.published - older.claim.published
    if newer.claim.record_id == older.claim.record_id or apart <= timedelta(0):
        return False
    named = _speaks(older)
    if named and _speaks(newer) and names.same(named, _speaks(newer)) and apart >= _LATER:
        return True
    if one_voice(voices[newer.claim.id], voices[older.claim.id]) and not named:
        return True
    return dispute.kind is DisputeKind.NUMBER and apart >= _GROWS and _grown(newer, older, dispute)


def _speaks(one: Assertion) -> str:
    """The name of who says it, empty where nobody is named: "officials" are not always the same."""
    return next((name for name in one.names if name not in one.about), "")


def _grown(newer: Assertion, older: Assertion, dispute: Dispute) -> bool:
    """Whether the newer amount of the dispute is the higher one, of a count that grows as an event goes on."""
    before, after = _counted(older, dispute.a_value), _counted(newer, dispute.b_value)
    return bool(before and after) and after[0].quantity.value > before[0].quantity.value


def _counted(one: Assertion, text: str) -> list[Amount]:
    """The amounts of a claim written as `text` that count people, or what an event has struck so far."""
    return [
        amount
        for amount in one.amounts
        if " ".join(amount.quantity.text.split()) == text
        and (
            amount.quantity.noun in GENERAL
            or (amount.events & GROWING and amount.quantity.unit in ("", amount.quantity.noun))
        )
    ]


def one_voice(a: Voice, b: Voice) -> bool:
    """Whether two claims come from one origin or publisher."""
    return a.origin == b.origin or bool(a.publisher and a.publisher == b.publisher)


def revises(one: Assertion, other: Assertion, voices: Mapping[str, Voice]) -> bool:
    """Whether one voice tells both and does not quote two people: it words a thing anew, and denies nothing."""
    if not one_voice(voices[one.claim.id], voices[other.claim.id]):
        return False
    mine, theirs = _speaks(one), _speaks(other)
    return not mine or not theirs or names.same(mine, theirs)
