"""The forms of stories: one layout, with its parts declared for each kind.

A kind differs from another by how long its body is, how many key points stand above it, which sections below, how few
cited sentences are enough, and whether it tells one storyline or several one after the other. Every kind passes the
same gate; nothing else about a kind is known anywhere in the writer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from pipeline.compose.slots import SlotSection
from pipeline.domain import StoryKind
from pipeline.preferences import WriteSettings

DISPATCH_WORDS = 80
STANDING = frozenset({"changed", "disagreements", "unknown", "so_far", "question"})


@dataclass(frozen=True, slots=True)
class Shape:
    """What a kind of story consists of.

    `share` is of the body that a storyline's evidence allows; `words` bounds it; `each` is how many sentences one of
    several storylines gets (0: it tells one); `least` the fewest cited sentences (0: as [write] min_sentences says).
    """

    kind: StoryKind
    share: float = 1.0
    words: int | None = None
    each: int = 0
    takeaways: int = 3
    dek: bool = True
    parts: frozenset[str] = STANDING
    least: int = 0
    asked: str = "one story in two to four sections"  # what a model is told to write

    def sentences(self, allowed: int, settings: WriteSettings) -> int:
        """Sentences of a body whose evidence allows so many."""
        return min(settings.max_sentences, math.ceil(self.share * allowed))

    def enough(self, settings: WriteSettings) -> int:
        """Fewest cited sentences of a story of this shape."""
        return self.least or settings.min_sentences


SHAPES: Mapping[StoryKind, Shape] = MappingProxyType(
    {
        StoryKind.LEAD: Shape(StoryKind.LEAD, share=1.25, takeaways=4),
        StoryKind.STORY: Shape(StoryKind.STORY),
        StoryKind.BEAT: Shape(
            StoryKind.BEAT, each=2, parts=frozenset({"disagreements"}), asked="a round-up, one section for each matter"
        ),
        StoryKind.ENTITY: Shape(
            StoryKind.ENTITY,
            each=3,
            parts=frozenset({"disagreements", "question"}),
            asked="a story on what these matters say of the name that they share, one section for each",
        ),
        StoryKind.DISPATCH: Shape(
            StoryKind.DISPATCH,
            words=DISPATCH_WORDS,
            takeaways=0,
            dek=False,
            parts=frozenset({"signal"}),
            least=1,
            asked="a dispatch of at most 60 words in one section",
        ),
        StoryKind.BRIEFING: Shape(StoryKind.BRIEFING, words=DISPATCH_WORDS, takeaways=0, dek=False, parts=frozenset()),
    }
)


def cut(plan: Sequence[SlotSection], words: int) -> tuple[SlotSection, ...]:
    """The sections of a plan as far as `words` words go, whichever wording of a slot will be printed.

    A slot that no longer fits is left out with all that follows it in its paragraph, which may lean on it.
    """
    left, kept = words, []
    for section in plan:
        paragraphs = []
        for paragraph in section.paragraphs:
            slots = []
            for slot in paragraph:
                forms = tuple(form for form in slot.forms if len(form.text.split()) <= left)
                if not forms:
                    break
                alone = tuple(form for form in slot.alone if len(form.text.split()) <= left)
                slots.append(replace(slot, forms=forms, alone=alone))
                left -= max(len(form.text.split()) for form in (*forms, *alone))
            if slots:
                paragraphs.append(tuple(slots))
        if paragraphs:
            kept.append(replace(section, paragraphs=tuple(paragraphs)))
    return tuple(kept)
