"""The rule on people where stories are written: it asks for a second origin, keeps what is held, shows denials.

A sentence that the gate supports may still lay something to somebody (pipeline/people). Where one origin is too few
and the dossier has another that says the same of the same person, it is cited too; else the sentence waits for a
person. What the evidence holds in answer to a printed allegation is printed with it, or the story is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline.compose.ledger import Ledger
from pipeline.domain import CitedSpan, Claim, DraftSentence, Held, Label, Reason, Verdict
from pipeline.people import charges, held
from pipeline.people.contexts import sensitive
from pipeline.people.persons import surname
from pipeline.people.rule import RELEASED, RULE, Decision, Ruling, judge, unanswered

_TRIED = 3  # further origins that are tried for one sentence


@dataclass(slots=True)
class Guard:
    """The rule on people for one dossier, and what it held."""

    ledger: Ledger
    decisions: held.Decisions
    waits: dict[str, Held] = field(default_factory=dict)
    _texts: tuple[str, ...] | None = None

    @classmethod
    def of(cls, ledger: Ledger) -> Guard:
        """The guard of a dossier, with what was decided of its held sentences."""
        return cls(ledger, held.Decisions.of(ledger.dossier.held))

    def texts(self) -> tuple[str, ...]:
        """What the records at hand say of anybody."""
        if self._texts is None:
            records = self.ledger.dossier.records
            self._texts = tuple(part for key in sorted(records) for part in (records[key].title, records[key].text))
        return self._texts

    def ruling(self, draft: DraftSentence) -> Ruling:
        """What the rule, and a person of the desk, say of a draft that the gate supports."""
        key = held.sentence_id(draft.text, draft.citations)
        charged = bool(charges.find(draft.text))
        if key in self.decisions.rejected or (charged and self.decisions.barred & set(draft.citations)):
            return Ruling(Decision.DROP, "was kept out by a person of this desk")
        spans = self.ledger.spans(draft.citations)
        ruling = judge(draft.text, spans, self.texts())
        return judge(draft.text, _shipped(spans)) if ruling.publish else ruling

    def released(self, draft: DraftSentence, verdict: Verdict) -> Verdict | None:
        """The verdict with who let it through, where a person released a held draft."""
        by = self.decisions.released.get(held.sentence_id(draft.text, draft.citations))
        if by is None:
            return None
        return replace(
            verdict, reasons=(Reason(RELEASED, f"a person of this desk let it through on {by.at:%Y-%m-%d}"),)
        )

    def wider(self, draft: DraftSentence, accused: Sequence[str]) -> Iterator[DraftSentence]:
        """The draft with a claim of another origin that lays something to the same people cited, too."""
        dossier, origins = self.ledger.dossier, {self.ledger.origin(key) for key in draft.citations}
        found = 0
        for claim in sorted(dossier.claims.values(), key=lambda one: (-one.worth, one.id)):
            if dossier.origins.get(claim.id) in origins or not _speaks_of(claim, accused):
                continue
            if keys := self.ledger.claim_keys(claim):
                yield replace(draft, citations=(*draft.citations, *keys))
                found += 1
            if found == _TRIED:
                return

    def hold(self, draft: DraftSentence, ruling: Ruling) -> Verdict:
        """The verdict on a draft that is not printed; one that a person may decide on is kept."""
        if ruling.decision is Decision.HOLD:
            dossier, key = self.ledger.dossier, held.sentence_id(draft.text, draft.citations)
            line = dossier.storyline
            item = Held(
                key, held.SENTENCE, line.id, ruling.reason, dossier.now, line.label, draft.text, draft.citations
            )
            self.waits.setdefault(key, item)
        word = "held" if ruling.decision is Decision.HOLD else "withheld"
        return Verdict(Label.UNCERTAIN, (Reason(RULE, f"{word}: {ruling.reason}"),), 0.0)

    def hold_story(self, reason: str) -> None:
        """Keep that the story itself fell below its minimum."""
        dossier, line = self.ledger.dossier, self.ledger.dossier.storyline
        key = held.story_id(line.id)
        self.waits.setdefault(key, Held(key, held.STORY, line.id, reason, dossier.now, line.label))

    def let_through(self) -> bool:
        """Whether a person released the story though it fell below its minimum."""
        return held.story_id(self.ledger.dossier.storyline.id) in self.decisions.released

    def refused(self) -> bool:
        """Whether a person rejected the story."""
        return held.story_id(self.ledger.dossier.storyline.id) in self.decisions.rejected

    def unanswered(self, printed: Sequence[str]) -> tuple[tuple[str, Claim], ...]:
        """Who is accused in `printed` without the answer that a claim of the dossier holds, and that claim."""
        claims = sorted(self.ledger.dossier.claims.values(), key=lambda one: (one.published, one.id), reverse=True)
        quotes = {claim.evidence[0].quote: claim for claim in reversed(claims)}
        return tuple((name, quotes[quote]) for name, quote in unanswered(printed, list(quotes)))


def _shipped(spans: Sequence[CitedSpan]) -> list[CitedSpan]:
    """The spans as readers have them, and `citewire verify`: titles that lay something to somebody stay behind."""
    return [replace(one, title=None) if one.title and sensitive(one.title) else one for one in spans]


def _speaks_of(claim: Claim, accused: Sequence[str]) -> bool:
    """Whether a claim lays something to everybody of `accused`."""
    text = claim.evidence[0].quote
    return bool(charges.find(text)) and bool(accused) and all(surname(name) in text.casefold() for name in accused)
