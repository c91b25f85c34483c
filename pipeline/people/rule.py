"""The rule on people: whether a sentence that supports itself may still be printed of whom it names.

What lays a crime, fraud, abuse, dishonesty, illness, sexual matter or insolvency to a named person or firm is printed
only with (a) a primary record (a court's, a regulator's, their own word) or two independent origins, (b) attribution
in the sentence, (c) no stronger wording than the source's. Private people are held, minors, victims of sexual offences
and private facts are dropped. Everything here is read from the words alone; it knows no person. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.domain import CitedSpan
from pipeline.gate.frames import Framed, peel
from pipeline.language import kinds
from pipeline.people import charges, persons, traits
from pipeline.people.persons import Person, surname

RULE = "people"  # what its reasons are filed under
RELEASED = "released"  # the reason of a sentence that a person let through
ORIGINS = 2  # independent origins that stand in for a primary record
AGO = 80  # years after which what somebody did is history

_PASSIVE = re.compile(r"\b(?:was|were|is|are|been|being) accus", re.IGNORECASE)
_ACTIVE = re.compile(r"\baccus(?:es|ed|ing)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(1[0-9]{3}|20[0-9]{2})s?\b")
_BREAK = re.compile(r",|;|\b(?:but|while|although|though|after|before|despite|who|and|whereas|even as)\b", re.I)


class Decision(StrEnum):
    """What becomes of a sentence: printed, kept for a person to decide, or never printed."""

    PUBLISH = "publish"
    HOLD = "hold"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Ruling:
    """The decision, why in plain words, and whom the sentence lays something to."""

    decision: Decision
    reason: str = ""
    accused: tuple[str, ...] = ()

    @property
    def publish(self) -> bool:
        """Whether the sentence may be printed."""
        return self.decision is Decision.PUBLISH


@dataclass(frozen=True, slots=True)
class _Case:
    """One sentence as the rule sees it."""

    sentence: str
    spans: Sequence[CitedSpan]
    framed: Framed
    people: Sequence[Person]
    told: Sequence[charges.Charge]

    @property
    def accused(self) -> tuple[Person, ...]:
        return tuple(
            one for one in self.people if one.part == "accused" and (one.kind == "person" or _touches(self, one))
        )


def _touches(case: _Case, firm: Person) -> bool:
    """Whether anything of what is said can be laid to a firm."""
    return (
        firm.kind == "firm" and any(one.firms and (one.ground or one.stage) for one in case.told) and _grounds_fit(case)
    )


def _grounds_fit(case: _Case) -> bool:
    """Whether a ground that touches firms is named, or none at all."""
    grounds = [one for one in case.told if one.ground]
    return not grounds or any(one.firms for one in grounds)


def judge(sentence: str, spans: Sequence[CitedSpan], texts: Sequence[str] | None = None) -> Ruling:
    """What the rule says of one sentence and the spans that it cites.

    `texts` are the records behind the spans: who holds an office, or is a minor, may stand there. Without them nobody
    is called private, since the office may stand where we cannot look. Never raises for any text.
    """
    named = any(m.kind in ("person", kinds.UNTOLD) for m in kinds.find(charges.folded(sentence)))
    if given := traits.private(sentence, named=named):
        return Ruling(Decision.DROP, f"gives away {given}")
    told = charges.find(sentence)
    if not told and not charges.proven(sentence, "harm"):
        return Ruling(Decision.PUBLISH)
    framed = peel(sentence)
    known = [*(span.quote for span in spans), *(span.title or "" for span in spans), *(texts or ())]
    case = _Case(sentence, spans, framed, persons.find(framed, sentence, [text for text in known if text]), told)
    return _shielded(case) or _held(case, private=texts is not None) or Ruling(Decision.PUBLISH, accused=_who(case))


def _who(case: _Case) -> tuple[str, ...]:
    return tuple(one.name for one in case.accused) if case.told else ()


def _shielded(case: _Case) -> Ruling | None:
    """Whom no attribution and no number of origins makes printable: minors, victims of sexual offences."""
    for one in case.people:
        if one.minor:
            return Ruling(Decision.DROP, "names a minor in a matter of crime, harm or health", _who(case))
        if one.sexual and one.part != "accused":
            decision = Decision.HOLD if one.public else Decision.DROP  # who is in public life may have spoken out
            return Ruling(decision, "names the victim of a sexual offence", _who(case))
    return None


def _held(case: _Case, *, private: bool) -> Ruling | None:
    """Why a sentence waits for a person, if it does."""
    reasons = [*_bystanders(case, private=private), *_allegation(case, private=private)] if case.told else []
    return Ruling(Decision.HOLD, reasons[0], _who(case)) if reasons else None


def _bystanders(case: _Case, *, private: bool) -> Iterator[str]:
    for one in case.people:
        if private and one.part in ("relative", "witness") and not one.public:
            yield f"names a private person, a {one.part}, in somebody else's case"


def _allegation(case: _Case, *, private: bool) -> Iterator[str]:
    """What an allegation lacks, in plain words, the gravest first."""
    accused = case.accused
    if not accused or _historic(case):
        return
    if any(one.several for one in accused):
        yield "two people of that name stand in the records"
    if private and any(one.kind == "person" and not one.public for one in accused):
        yield "lays something to a person whom the records show in no public role"
    if _answers_only(case.sentence):
        return
    if not _attributed(case):
        yield "does not say who says so"
    elif not _borne_out(case):
        yield "rests on one origin and on no court, regulator or word of the person's own"
    if _stronger(case):
        yield "says it more strongly than its source"


def _historic(case: _Case) -> bool:
    """Whether all that is told lies so far back that no one living is meant."""
    text = " ".join([case.sentence, *(span.quote for span in case.spans)])
    years = [int(year) for year in _YEAR.findall(text)]
    latest = max((span.published.year for span in case.spans if span.published), default=0)
    told = [year for year in years if not latest or year <= latest]
    if told and latest and max(told) <= latest - AGO:
        return True
    return bool(charges.proven(text, "long_ago")) and not [year for year in told if latest and year > latest - AGO]


def _answers_only(sentence: str) -> bool:
    """Whether all that a sentence lays to anybody stands in the clause that denies it or clears them of it."""
    if not charges.answers(sentence):
        return False
    parts = [part for part in _BREAK.split(sentence) if part and not charges.answers(part)]
    return not any(charges.find(part) for part in parts)


def _attributed(case: _Case) -> bool:
    """Whether the sentence says who says so."""
    text = case.sentence
    if case.framed.frames or charges.told_by(text):
        return True
    return bool(_ACTIVE.search(text) and not _PASSIVE.search(text)) or _own(case)


def _own(case: _Case) -> bool:
    """Whether everybody accused says so themselves, or somebody who speaks for them."""
    speakers = " ".join(f"{frame.who} {frame.aside}" for frame in case.framed.frames)
    folded = charges.folded(speakers).casefold()

    def own(one: Person) -> bool:
        if one.name.casefold() in folded or re.search(rf"\b{re.escape(surname(one.name))}\b", folded):
            return True
        after = charges.folded(case.sentence).partition(one.name.split()[-1])[2][:40]
        return bool(charges.proven(after, "own_words")) or bool(charges.proven(speakers, "speaks_for"))

    return bool(case.accused) and all(own(one) for one in case.accused)


def _borne_out(case: _Case) -> bool:
    """Whether a primary record or enough independent origins bear an allegation out."""
    if _own(case):
        return True
    if _on_record(case) and any(charges.on_record(span.quote) for span in case.spans):
        return True
    if any(span.publisher and charges.proven(span.publisher, "institutions", "records") for span in case.spans):
        return True
    return len({_origin(span) for span in case.spans if _bears(case, span)} - {""}) >= ORIGINS


def _on_record(case: _Case) -> bool:
    """Whether the sentence tells what a court or a regulator did, or says it in its name."""
    speakers = " ".join(frame.who for frame in case.framed.frames)
    return charges.on_record(case.sentence) or charges.proven(speakers, "institutions")


def _origin(span: CitedSpan) -> str:
    return span.origin or span.record or span.publisher or ""


def _bears(case: _Case, span: CitedSpan) -> bool:
    """Whether a span lays the same to the same people."""
    theirs = charges.find(span.quote)
    grounds = {one.ground for one in case.told if one.ground}
    same = not grounds or bool(grounds & {one.ground for one in theirs}) or not {one.ground for one in theirs} - {""}
    text = f"{span.quote} {span.title or ''}".casefold()
    return bool(theirs) and same and all(surname(one.name) in text for one in case.accused)


def _stronger(case: _Case) -> bool:
    """Whether the sentence goes further than every span that it cites."""
    most = max((charges.strength(span.quote) for span in case.spans), default=-1)
    return charges.strength(case.sentence) > most


def unanswered(printed: Sequence[str], quotes: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Accused people and the answer to it (a denial, an acquittal) that `quotes` hold and no printed sentence gives.

    Each name once, with the first such quote.
    """
    accused = dict.fromkeys(name for text in printed if charges.find(text) for name in judge(text, ()).accused)
    found = []
    for name in accused:
        last = surname(name)
        answer = next((q for q in quotes if last in q.casefold() and charges.answers(q)), None)
        given = any(last in text.casefold() and charges.answers(text) for text in printed)
        if answer is not None and not given:
            found.append((name, answer))
    return tuple(found)
