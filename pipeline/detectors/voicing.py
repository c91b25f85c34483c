"""Who told a finding, when, and who was first: one entry for each independent voice, as pages and thresholds count.

Whose an origin is decides `pipeline.outlets`: of copies the first speaks, and who says a thing twice says it once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline import outlets
from pipeline.detectors.frame import About, Arrival, Subject, Window
from pipeline.domain import Claim, Finding


@dataclass(frozen=True, slots=True)
class Telling:
    """One claim of a finding as it came: its origin (of what it copies or credits), whose that is, and when."""

    claim: Claim
    arrival: Arrival
    origin: str
    voice: str

    @property
    def at(self) -> datetime:
        """When its record came out."""
        return self.arrival.at


def subject(window: Window, storyline_id: str) -> Subject:
    """The storyline as a subject, named as a reader knows it."""
    line = window.storylines.get(storyline_id)
    return Subject(About.STORYLINE, storyline_id, (line.label if line else "") or storyline_id)


def tellings(window: Window, claim_ids: Iterable[str]) -> tuple[Telling, ...]:
    """The claims that the window knows with their records, by time, then id."""
    known = [claim for key in dict.fromkeys(claim_ids) if (claim := window.claims.get(key)) is not None]
    came = [(claim, window.told[claim.record_id]) for claim in known if claim.record_id in window.told]
    tellers: dict[str, str] = {}
    found = []
    for claim, arrival in sorted(came, key=lambda pair: (pair[1].at, pair[0].id)):
        origin = claim.origin_id or arrival.origin_id
        voice = tellers.setdefault(origin, window.told.get(origin, arrival).voice)
        found.append(Telling(claim, arrival, origin, voice))
    return tuple(found)


def voices(told: Sequence[Telling]) -> tuple[Telling, ...]:
    """Of tellings in order of time the first of each independent voice, in the same order."""
    counts = outlets.counts_as((one.origin, one.voice) for one in told)
    firsts: dict[str, Telling] = {}
    for one in told:
        firsts.setdefault(counts[one.origin], one)
    return tuple(firsts.values())


def inside(window: Window, told: Sequence[Telling]) -> tuple[Telling, ...]:
    """Those that came in the window and are no backfill."""
    return tuple(one for one in told if window.start < one.at <= window.end and not one.arrival.backfill)


def of(window: Window, finding: Finding) -> tuple[Telling, ...]:
    """The tellings of a finding."""
    return tellings(window, finding.claim_ids)
