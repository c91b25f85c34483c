"""The currency of the writer: a slot is a place for one sentence, with every wording that may fill it, best first.

The gate takes the first wording that holds; the others are the repair. A slot that leans on the sentence before it
("It ...") falls with that sentence.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.domain import DraftSentence


@dataclass(frozen=True, slots=True)
class Slot:
    """One sentence to be: its wordings, the claims and finding it stands for, and its worth to the reader.

    `forms` are for its place behind the slot before it ("..., it adds"); `alone` are for any other place, and empty
    for a sentence that cannot stand without its predecessor. The first sentence of a paragraph has one list as both.
    """

    forms: tuple[DraftSentence, ...]
    alone: tuple[DraftSentence, ...] = ()
    claim_ids: tuple[str, ...] = ()
    finding_id: str | None = None
    worth: float = 0.0

    def __post_init__(self) -> None:
        if not self.forms:
            raise ValueError("a slot without a wording cannot be filled")


def fixed(sentence: DraftSentence, *claim_ids: str) -> Slot:
    """A slot with one wording, good anywhere."""
    return Slot((sentence,), (sentence,), claim_ids)


@dataclass(frozen=True, slots=True)
class SlotSection:
    """A section to be: its role, heading and paragraphs of slots.

    `whole` paragraphs fall when they lose a sentence: both sides of a dispute, or neither.
    """

    role: str
    heading: str | None
    paragraphs: tuple[tuple[Slot, ...], ...]
    whole: bool = False
