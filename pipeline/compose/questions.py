"""Questions: why it matters, what would change it, the strongest counter-argument; answered by a claim or not at all.

A question is answered only where a claim's own words answer it (a lexicon of consequence, condition and objection);
what no record says is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import replace

from pipeline.compose.casing import Casing
from pipeline.compose.forms import Place
from pipeline.compose.layout import point_slot
from pipeline.compose.ledger import Ledger
from pipeline.compose.readable import alternatives
from pipeline.compose.selection import Point
from pipeline.compose.slots import SlotSection

_MAY = alternatives("could would will may might can must")
_IF = r"(?<!say )(?<!says )(?<!said )(?<!ask )(?<!asked )(?<!know )(?<!see )\bif\b"  # no indirect question
_WHY = alternatives(
    "means?_that consequences? implications? at_stake threat(?:en|ens|ened|ening) for_the_first_time_(?:since|in)"
    " impact_on effects?_on paves?_the_way (?:gating|limiting|deciding)_factor bottleneck"
    " rais(?:ing|es|ed)_(?:fears|concerns|questions|hopes)"
    " (?:could|would|will|may)_(?:affect|lead_to|mean|force|leave)"
)
_UNLESS = alternatives(
    r"unless depends?_on depending_on provided_that hinges?_on"
    r" subject_to_(?:\w+_){0,2}(?:approval|review|conditions?|vote|talks|negotiations?)"
    r" until_.*_(?:approv|agree|vote)\w*"
)
_AGAINST = alternatives(
    r"critics criticis\w+ criticiz\w+ opponents? downsides? sceptic\w* skeptic\w* objects_to objected"
    r" objections? backlash drawbacks? erode\w* risk_(?:of|that) warn(?:s|ed)?_(?:that|of|against)"
    r" would_(?:hurt|harm|drive_out|drive|cost|delay|raise|penali[sz]e)"
    r" too_(?:low|high|late|little|weak|costly|expensive)"
    r" argue[sd]?_against overstat\w+ doubts? doubted"
)
_CUES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("Why does it matter?", re.compile(rf"\b{_WHY}\b", re.IGNORECASE)),
    (
        "What would change it?",
        re.compile(rf"{_IF}.*\b{_MAY}\b|\b{_MAY}\b.*{_IF}|^if\b|\b{_UNLESS}\b", re.IGNORECASE),
    ),
    ("What is the strongest counter-argument?", re.compile(rf"\b{_AGAINST}\b", re.IGNORECASE)),
)

SUBJECT = 0.2  # least weight of what an answer shares with the storyline
OFFERED = 3  # answers tried for one question
ASKED = tuple(heading for heading, _ in _CUES)


def questions(points: Sequence[Point], ledger: Ledger, said: Set[str] = frozenset()) -> tuple[SlotSection, ...]:
    """A section for each question that a point answers; a point answers one question.

    Points whose claims are in `said`, the body's, answer none: a reader has just read them.
    """
    casing = Casing.of(ledger.dossier.records.values())
    ordered = [p for p in points if not (p.leans or p.points_back or p.claim.in_headline or p.claim.id in said)]
    taken: set[str] = set()
    sections = []
    for heading, cue in _CUES:
        fitting = [p for p in ordered if p.claim.id not in taken and cue.search(p.claim.text)]
        answers = sorted((p for p in fitting if _on_subject(p)), key=lambda p: -len(set(cue.findall(p.claim.text))))[
            :OFFERED
        ]
        slots = [s for s in (point_slot(p, ledger, Place(), casing) for p in answers) if s is not None]
        if slots:
            forms = tuple(form for slot in slots for form in slot.forms)
            taken.update(p.claim.id for p in answers[:1])
            sections.append(SlotSection("question", heading, ((replace(slots[0], forms=forms, alone=forms),),)))
    return tuple(sections)


def _on_subject(point: Point) -> bool:
    """Whether a point speaks of the storyline's main matter, not of something by the way."""
    return point.terms.get("topic", 0.0) + point.terms.get("subject", 0.0) >= SUBJECT
