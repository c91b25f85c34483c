"""The answer beside the accusation: denials and acquittals that the evidence holds are printed, or nothing is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.compose.settle import Settler
from pipeline.compose.slots import SlotSection
from pipeline.compose.standing import quoted_side
from pipeline.domain import Section, Sentence

ROLE, HEADING = "disagreements", "Where sources disagree"
_BELOW = ("unknown", "so_far", "question")  # parts of a page that stand below it


def answered(
    top: Sequence[Sentence], sections: Sequence[Section | None], settler: Settler
) -> list[Section | None] | None:
    """The sections with what those accused in them (or in `top`: headline, dek) answer, quoted.

    None where an answer is at hand and cannot be printed: then the accusation may not be either.
    """
    missing = settler.guard.unanswered(list(_texts(top, sections)))
    if not missing:
        return list(sections)
    slots = [quoted_side(claim, settler.ledger, "One") for _, claim in missing]
    paragraphs = tuple((slot,) for slot in slots if slot is not None)
    section = settler.section(SlotSection(ROLE, HEADING, paragraphs))[0] if paragraphs else None
    if section is None:
        return None
    found = _with(sections, section)
    return None if settler.guard.unanswered(list(_texts(top, found))) else found


def _texts(top: Sequence[Sentence], sections: Sequence[Section | None]) -> Iterator[str]:
    yield from (sentence.text for sentence in top)
    for section in sections:
        if section is not None:
            yield from (sentence.text for paragraph in section.paragraphs for sentence in paragraph)


def _with(sections: Sequence[Section | None], more: Section) -> list[Section | None]:
    """The sections with `more` in the one of its role, or as one of its own where it belongs on the page."""
    found = list(sections)
    for at, section in enumerate(found):
        if section is not None and section.role == ROLE:
            found[at] = replace(section, paragraphs=(*section.paragraphs, *more.paragraphs))
            return found
    at = next((n for n, s in enumerate(found) if s is not None and s.role in _BELOW), len(found))
    return [*found[:at], more, *found[at:]]
