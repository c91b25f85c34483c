"""Questions: why it matters, what would change it, the strongest counter-argument; answered by a claim or not at all.

A question is answered only where a claim's own words answer it (a lexicon of consequence, condition and objection);
what no record says is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.compose.forms import Place
from pipeline.compose.layout import point_slot
from pipeline.compose.ledger import Ledger
from pipeline.compose.selection import Point, lower_words
from pipeline.compose.slots import SlotSection

_CUES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "Why does it matter?",
        re.compile(
            r"\b(?:means? that|matters?|because|consequences?|implications?|impact|affect(?:s|ed|ing)?|at stake"
            r"|as a result|lead(?:s|ing)? to|led to"
            r"|threat(?:en|ens|ened|ening)|for the first time"
            r"|first time|record (?:high|low)|paves? the way|raising (?:fears|concerns|questions|hopes))\b",
            re.IGNORECASE,
        ),
    ),
    (
        "What would change it?",
        re.compile(
            r"\b(?:if|unless|depends? on|depending on|until|provided that|as long as|pending|subject to|hinges? on)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "What is the strongest counter-argument?",
        re.compile(
            r"\b(?:critics?|criticis\w+|criticiz\w+|oppon\w+|oppos\w+|downsides?|risks?|warn\w*|sceptic\w*|skeptic\w*"
            r"|concern\w*"
            r"|den(?:y|ies|ied)|reject\w*|disput\w+|fears?|object\w*|despite|argu\w+ that|fail\w* to|backlash|drawbacks?)\b",
            re.IGNORECASE,
        ),
    ),
)

ASKED = tuple(heading for heading, _ in _CUES)


def questions(points: Sequence[Point], ledger: Ledger) -> tuple[SlotSection, ...]:
    """A section for each question that a point answers; a point answers one question."""
    lower = lower_words(ledger.dossier.records.values())
    taken: set[str] = set()
    sections = []
    for heading, cue in _CUES:
        answer = next(
            (
                p
                for p in points
                if p.claim.id not in taken and not p.leans and not p.points_back and cue.search(p.piece.text)
            ),
            None,
        )
        slot = point_slot(answer, ledger, Place(), lower) if answer else None
        if answer and slot:
            taken.add(answer.claim.id)
            sections.append(SlotSection("question", heading, ((slot,),)))
    return tuple(sections)
