"""Settling: every slot meets the gate; the first wording that holds is printed, the others were its repair.

What no wording saves is dropped with the first wording's verdict. The text of a dropped sentence that alleges
something of a person is not kept, only its hash.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline import computations
from pipeline.compose import tongues
from pipeline.compose.guarding import Guard
from pipeline.compose.ledger import Ledger
from pipeline.compose.slots import Slot, SlotSection
from pipeline.computations import Facts
from pipeline.domain import (
    CitedSpan,
    DraftSentence,
    Dropped,
    Label,
    Reason,
    Section,
    Sentence,
    Verdict,
    digest,
)
from pipeline.gate import classify, judge
from pipeline.gate.repair import repair
from pipeline.people.contexts import sensitive
from pipeline.people.rule import RULE

FURNITURE = tongues.HEADINGS | frozenset(
    {
        "Earlier",
        "Key points",
        "What happened",
        "The numbers",
        "What is planned",
        "Who says what",
        "More detail",
        "Where sources disagree",
        "What changed since the last version",
        "The story so far",
        "What is not known",
        "Why does it matter?",
        "What would change it?",
        "What is the strongest counter-argument?",
    }
)
_LEANED = Verdict(
    Label.UNCERTAIN, (Reason("context", "it opens by pointing to a sentence that is not printed before it"),), 0.0
)
_OVER_QUOTA = Verdict(
    Label.UNCERTAIN, (Reason("quote limit", "the story already quotes as much of this record as it may"),), 0.0
)


@dataclass(frozen=True, slots=True)
class Printed:
    """A sentence that passed, with the slot it fills and whether it may stand elsewhere too."""

    sentence: Sentence
    slot: Slot
    portable: bool


@dataclass(slots=True)
class Settler:
    """Runs slots through the gate, and remembers what is used, repaired and dropped."""

    ledger: Ledger
    facts: Facts
    used: list[str] = field(default_factory=list)  # keys that stand on the page
    quoted: list[str] = field(default_factory=list)  # keys that count against the quote limits
    dropped: list[Dropped] = field(default_factory=list)
    drafted: int = 0
    repaired: int = 0
    refused: Mapping[str, Verdict] = field(default_factory=dict)  # by a judge beside the gate, by hash of the text
    mends: bool = False  # a refused wording is repaired before the next is tried (pipeline/gate/repair.py)
    guard: Guard = field(init=False)

    def __post_init__(self) -> None:
        self.guard = Guard.of(self.ledger)

    def section(self, plan: SlotSection) -> tuple[Section | None, tuple[Printed, ...]]:
        """The section as printed (None when nothing of it held), and its sentences with their slots."""
        kept: list[tuple[Printed, ...]] = []
        for paragraph in plan.paragraphs:
            held = self._paragraph(paragraph, plan.role)
            if held and (len(held) == len(paragraph) or not plan.whole):
                kept.append(held)
        if not kept:
            return None, ()
        printed = tuple(p for paragraph in kept for p in paragraph)
        self.used.extend(key for p in printed for key in p.sentence.citations)
        sentences = tuple(tuple(p.sentence for p in paragraph) for paragraph in kept)
        return Section(plan.role, self._heading(plan.heading, printed), sentences), printed

    def sentence(self, wordings: Sequence[DraftSentence], role: str, near: Sequence[CitedSpan] = ()) -> Sentence | None:
        """The first of `wordings` that the gate lets pass; None, and an entry in `dropped`, when none does."""
        self.drafted += 1
        first: Verdict | None = None
        for position, wording in enumerate(wordings):
            draft, verdict = self._ruled(wording, near)
            if not verdict.publish and self.mends and position == 0:
                first, (draft, verdict) = verdict, self._mended(wording, verdict, near)
            if verdict.publish:
                self.repaired += position > 0 or draft is not wording
                self.quoted.extend(draft.citations)
                return self._print(draft, verdict)
            first = first or verdict
        self._drop(wordings[0], role, first or _OVER_QUOTA)
        return None

    def _paragraph(self, paragraph: Sequence[Slot], role: str) -> tuple[Printed, ...]:
        held: list[Printed] = []
        unbroken = True  # the slot before this one was printed
        for position, slot in enumerate(paragraph):
            forms = slot.forms if unbroken else slot.alone
            if not forms:
                self.drafted += 1
                self._drop(slot.forms[0], role, _LEANED)
                continue
            near = self._near(paragraph, position, held)
            sentence = self.sentence(forms, role, near)
            unbroken = sentence is not None
            if sentence is not None:
                portable = any(sentence.text == form.text for form in slot.alone)
                held.append(Printed(sentence, slot, portable))
        return tuple(held)

    def _near(self, paragraph: Sequence[Slot], position: int, held: Sequence[Printed]) -> tuple[CitedSpan, ...]:
        """Spans of the sentences around a slot: all that a link sentence may speak of."""
        keys = list(held[-1].sentence.citations) if held else []
        if position + 1 < len(paragraph):
            keys.extend(paragraph[position + 1].forms[0].citations)
        return self.ledger.spans(keys)

    def _ruled(self, draft: DraftSentence, near: Sequence[CitedSpan]) -> tuple[DraftSentence, Verdict]:
        """What the gate says of a draft, then the rule on people; a second origin is cited where that is asked for."""
        verdict = self._verdict(draft, near)
        if not verdict.publish or draft.computation is not None:
            return draft, verdict
        if refusal := self.refused.get(digest("sentence", draft.text, size=32)):
            return draft, refusal
        ruling = self.guard.ruling(draft)
        if ruling.publish:
            return draft, verdict
        for wider in self.guard.wider(draft, ruling.accused):
            second = self._verdict(wider, near)
            if second.publish and self.guard.ruling(wider).publish:
                return wider, second
        return draft, self.guard.released(draft, verdict) or self.guard.hold(draft, ruling)

    def _mended(
        self, draft: DraftSentence, verdict: Verdict, near: Sequence[CitedSpan]
    ) -> tuple[DraftSentence, Verdict]:
        """A refused draft as repair words it, where gate and people's rule let that pass; else as it was."""
        if draft.computation is not None or not draft.citations:
            return draft, verdict
        others = self.ledger.beside(draft.citations)
        found = repair(draft.text, self.ledger.spans(draft.citations), self.ledger.spans(others))
        if found is None:
            return draft, verdict
        keys = (*draft.citations, *others)
        mended, second = self._ruled(DraftSentence(found.text, tuple(keys[at] for at in found.cites)), near)
        return (mended, second) if second.publish else (draft, verdict)

    def _verdict(self, draft: DraftSentence, near: Sequence[CitedSpan]) -> Verdict:
        if not self.ledger.fits(draft.citations, self.quoted):
            return _OVER_QUOTA
        spans = self.ledger.spans(draft.citations)
        if draft.computation is not None:
            bound = draft.computation
            rendering = computations.render(bound.name, bound.inputs, bound.value, self.seen(draft.citations))
            return judge(draft.text, spans, computation=bound, rendering=rendering)
        if not draft.citations:
            return judge(draft.text, (), neighbours=near)
        return judge(draft.text, spans)

    def seen(self, keys: Iterable[str]) -> Facts:
        """The facts, with the citations `keys` that a sentence is about to add."""
        return with_keys(self.facts, self.ledger, tuple(keys))

    def _print(self, draft: DraftSentence, verdict: Verdict) -> Sentence:
        kind = classify(draft.text, self.ledger.spans(draft.citations), draft.computation)
        return Sentence(draft.text, kind, draft.citations, verdict, draft.computation)

    def _drop(self, draft: DraftSentence, role: str, verdict: Verdict) -> None:
        self.dropped.append(dropped(draft, role, verdict))

    def _heading(self, heading: str | None, printed: Sequence[Printed]) -> str | None:
        """A heading is furniture, or a name that the section's own evidence holds; else the neutral one."""
        if heading is None or heading in FURNITURE:
            return heading
        keys = [key for p in printed for key in p.sentence.citations]
        folded = heading.casefold()
        held = any(folded in self.ledger.evidence(key).quote.casefold() for key in keys)
        return heading if held else "More detail"


def dropped(draft: DraftSentence, role: str, verdict: Verdict) -> Dropped:
    """The entry of a refused sentence; without its text where it lays something to a person, or gives them away."""
    ruled = any(reason.rule == RULE for reason in verdict.reasons)
    hidden = ruled or sensitive(draft.text)
    if hidden and not ruled:
        verdict = Verdict(
            verdict.label, tuple(Reason(r.rule, "withheld: an allegation") for r in verdict.reasons), verdict.score
        )
    return Dropped(
        text="" if hidden else draft.text,
        text_hash=digest("sentence", draft.text, size=32),
        role=role,
        citations=draft.citations,
        verdict=verdict,
    )


def with_keys(facts: Facts, ledger: Ledger, keys: Sequence[str]) -> Facts:
    """`facts` with citations that a sentence is about to add."""
    return replace(
        facts,
        origins={**facts.origins, **{k: ledger.origin(k) for k in keys}},
        quotes={**facts.quotes, **{k: ledger.evidence(k).quote for k in keys}},
        keyed_records={**facts.keyed_records, **{k: ledger.record(k).id for k in keys}},
    )
