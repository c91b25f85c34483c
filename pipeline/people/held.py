"""What waits for a person to decide: sentences that the rule on people holds, stories that fell below their minimum.

An item is known by its content: what a sentence says without its attribution, and the evidence that it cites; so it
is one item however the sentence is worded, on every later night. A decision stands until another one is made: what was
released goes into the next version if the rest of the gate lets it; what was rejected stays out. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.domain import Decided, Held, digest
from pipeline.language import words

SENTENCE, STORY = "sentence", "story"
WAITING, RELEASED, REJECTED, TOLD = "waiting", "released", "rejected", "told"


def sentence_id(text: str, evidence: Iterable[str]) -> str:
    """The id of a held sentence: of what it says, however it is attributed, and of its evidence in any order."""
    from pipeline.gate.frames import peel  # noqa: PLC0415  heavy, and worker processes import this module

    said = " ".join(re.findall(r"\w+", words.fold(peel(text).core)))
    return "h" + digest("held", SENTENCE, said, *sorted(set(evidence)))


def story_id(storyline_id: str) -> str:
    """The id of a held story."""
    return "h" + digest("held", STORY, storyline_id)


def state(item: Held) -> str:
    """What became of an item: it waits, or as it was last decided."""
    return item.decisions[-1].what if item.decisions else WAITING


def decided(item: Held, what: str, now: datetime, note: str) -> Held:
    """`item` with one more decision in its log."""
    return replace(item, decisions=(*item.decisions, Decided(what, now, " ".join(note.split()))))


def waiting(items: Iterable[Held]) -> tuple[Held, ...]:
    """Those that nobody has decided."""
    return tuple(item for item in items if state(item) == WAITING)


def overtaken(items: Iterable[Held], told: Container[str], now: datetime) -> tuple[Held, ...]:
    """Waiting stories whose storyline (id in `told`) has its story after all, with that as the decision."""
    found = (item for item in waiting(items) if item.kind == STORY and item.subject in told)
    return tuple(decided(item, TOLD, now, "its storyline has a story since") for item in found)


def told(items: Iterable[Held]) -> str:
    """How many wait, in a line for the report; "" where none does."""
    counts = Counter(item.kind for item in waiting(items))
    parts = [f"{n} {_plural(kind, n)}" for kind, n in sorted(counts.items())]
    verb = "waits" if sum(counts.values()) == 1 else "wait"
    return f"{' and '.join(parts)} {verb} for a person: citewire held list" if parts else ""


def _plural(kind: str, count: int) -> str:
    if count == 1:
        return kind
    return f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"


@dataclass(frozen=True, slots=True)
class Decisions:
    """What was decided of held sentences and stories, as a writer asks for it."""

    released: dict[str, Decided]
    rejected: frozenset[str]
    barred: frozenset[str]  # evidence of rejected sentences: in no other words either

    @classmethod
    def of(cls, items: Sequence[Held]) -> Decisions:
        """The decisions that stand."""
        rejected = [item for item in items if state(item) == REJECTED]
        return cls(
            released={item.id: item.decisions[-1] for item in items if state(item) == RELEASED},
            rejected=frozenset(item.id for item in rejected),
            barred=frozenset(key for item in rejected for key in item.evidence),
        )
