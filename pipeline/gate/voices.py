"""Rules on whose word it is: attribution, opinion, allegations."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from pipeline.gate import lexicon as lex
from pipeline.gate.alignment import align, calendar, figures
from pipeline.gate.case import Case, Fault, uncertain, unsupported
from pipeline.gate.frames import Frame, speaker_words
from pipeline.gate.levels import hearsay
from pipeline.gate.reading import Predicate, Reading, read
from pipeline.gate.speakers import DOCUMENTS, ORDINALS, covers, named_first, own_voice, span_speaker
from pipeline.gate.synonyms import lemma, same
from pipeline.gate.words import concrete
from pipeline.language.words import stem

_PLAIN = frozenset(
    "say tell write report state note add argue hold claim contend maintain assert put describe think believe".split()
)
_ALLEGATIONS = frozenset(lemma(word) for word in lex.ALLEGATIONS)
_INSTITUTIONS = frozenset(lemma(word) for word in lex.INSTITUTIONS)
_ACTORS = frozenset(stem(word) for word in lex.ACTORS)
_HEARSAY_SPEAKERS = frozenset("reports sources rumours rumors media insiders".split())
_TELLING = frozenset(lemma(word) for word in lex.TELLING)
_GUESSING = frozenset("estimate predict forecast expect suggest believe think".split())
_QUANTIFIERS = frozenset("all every each most many several some both no few numerous leading top".split())
_STUDIES = frozenset(
    "figure statistic filing document number result data"
    " study trial survey poll report analysis review census audit research data inquiry".split()
)
_SUBJECTS = frozenset("it he she they we there".split())
_TOLD = _TELLING | frozenset(
    lemma(word) for word in "allege accuse insist contend suspect complain accusation allegation".split()
)


_CHARGES = frozenset(lemma(word) for word in "accuse charge suspect indict sue investigate question".split())


def _count(who: str) -> frozenset[str]:
    """How many speakers a naming claims: "all", "most", "three"."""
    return frozenset(word.low for word in read(who).words if word.low in _QUANTIFIERS or word.part == "number")


def attribution(case: Case) -> Iterator[Fault]:
    """Whom the sentence makes speak speaks in the span, or is its publisher or author; the span's speaker stays."""
    met: list[Frame] = []
    for frame in case.framed.frames:
        inner = span_speaker(frame, case)
        if inner is not None:
            met.append(inner)
            if _count(frame.who) - _count(f"{inner.who} {inner.aside}"):
                yield unsupported(f"the span does not say how many speak: {inner.who}, not {frame.who}")
                return
        elif not _known(frame, case) and not (frame.pronoun and own_voice(frame.pronoun, case)):
            yield _unknown(frame, case)
            return
        yield from _verb(frame, inner, case)
        yield from _aside(frame, case)
        if inner is not None and (lost := _untitled(frame, inner)):
            yield unsupported(f"the span says {lost!r} of {frame.who}; the sentence drops that")
            return
    if _beside(case):
        return
    for frame in case.span_framed.frames:
        generic = set(speaker_words(frame.who)) <= DOCUMENTS | ORDINALS
        if frame not in met and not _named_anyway(frame, case) and (generic or not own_voice(frame.who, case)):
            yield unsupported(f"the span gives this as the word of {frame.who}; the sentence leaves that out")
            return


def _beside(case: Case) -> bool:
    """Whether all that the statement says stands in what trails the span's frame ("..., said X after Y raised its
    offer"): that is the narrator's, and nobody's word."""
    if not case.span_framed.extras or case.said.text != case.span_framed.text or case.framed.frames:
        return False
    core = len(case.span_framed.core.rstrip(" ."))
    statement, said = case.statement, case.said
    used = [target for at, target in case.alignment.pairs.items() if statement.words[at].part in ("verb", "number")]
    return bool(used) and all(said.words[target].start > core for target in used)


def _untitled(frame: Frame, inner: Frame) -> str:
    """A "former", "acting" or the like before a speaker's title in the span that the sentence gives without it."""
    mine = [word.low for word in read(f"{frame.who} {frame.aside}").words]
    theirs = read(f"{inner.who} {inner.aside}").words
    for at, word in enumerate(theirs[:-1]):
        if word.low in lex.LIMITERS and word.low not in mine and not any(same(word.low, low) for low in mine):
            after = next((item.low for item in theirs[at + 1 :] if item.part == "noun"), "")
            if after and not theirs[at + 1].capital and after in mine:
                return word.text
    return ""


def _aside(frame: Frame, case: Case) -> Iterator[Fault]:
    """What a sentence says of its speaker ("who has led it since 2019") is said too, and must be in the span."""
    if not frame.aside:
        return
    aside = read(frame.aside)
    missing = align(aside, read(case.span.quote)).missing
    if missing:
        yield unsupported(f"{aside.words[missing[0]].text!r}, said of {frame.who}, has no counterpart in the span")
        return
    for other in case.span_framed.frames:
        held = read(other.aside)
        shared = held.lows & aside.lows
        lost = [word for word in held.words if word.low not in aside.lows and _weighs(word.low)]
        if lost and len(shared) * 2 >= len(aside.lows):
            yield unsupported(f"the span says {lost[0].text!r} of {other.who}; the sentence drops that")
            return


def _weighs(low: str) -> bool:
    """Whether a word says how firmly, or that not."""
    return low in lex.NEGATIONS | lex.MAY | lex.LIMITERS or lemma(low) in _FIRMNESS


_FIRMNESS = frozenset(lemma(word) for word in lex.PLANNING | lex.POSSIBLE)


def _known(frame: Frame, case: Case) -> bool:
    """Whether a speaker that is not one of the span's frames is its own voice, or hearsay that the span names."""
    words = set(speaker_words(frame.who))
    if words & _HEARSAY_SPEAKERS and hearsay(read(case.span.quote)):
        return True
    if words and words <= _HEARSAY_SPEAKERS:
        return False
    return own_voice(frame.who, case) or _says_itself(frame, case) or _expects(frame, case)


_EXPECTING = frozenset(lemma(word) for word in "expect forecast predict anticipate".split())


def _expects(frame: Frame, case: Case) -> bool:
    """Whether an expectation has, in the span, the supposed speaker for its subject: "X sold 5 and expects demand to
    grow"."""
    if "expect" not in case.sentence and "forecast" not in case.sentence and "predict" not in case.sentence:
        return False
    who = speaker_words(frame.who)
    return any(
        item.lemma in _EXPECTING and covers(who, tuple(case.said.words[at].low for at in item.subject))
        for item in case.said.predicates
    )


def _says_itself(frame: Frame, case: Case) -> bool:
    """Whether the span has what is told as the word of its own subject: "X unveiled a chip that it says is faster"."""
    lows = [word.low for word in case.said.words]
    said = any(
        lows[at] in ("that", "which", "who") and lows[at + 1] in _SUBJECTS and lemma(lows[at + 2]) in _TELLING
        for at in range(len(lows) - 2)
    )
    first = next((item for item in case.said.predicates if item.finite == "finite"), None)
    subject = {case.said.words[at].low for at in first.subject} if first else set()
    return said and bool(set(speaker_words(frame.who)) & subject)


def _unknown(frame: Frame, case: Case) -> Fault:
    """Why a speaker is refused: known to be someone else, or not known at all."""
    if case.span.publisher is None and case.span.author is None and not _spoken_to(frame, case):
        return uncertain(f"who published this span is not known, so it cannot be said that {frame.who} says so")
    return unsupported(f"{frame.who} is not the one who says this in the span, nor its publisher or author")


def _spoken_to(frame: Frame, case: Case) -> bool:
    """Whether the supposed speaker occurs in the span as something else."""
    return covers(speaker_words(frame.who), tuple(word.low for word in read(case.span.quote).words))


def _verb(frame: Frame, inner: Frame | None, case: Case) -> Iterator[Fault]:
    """A verb of telling may not say more than the span's: who said did not confirm, admit or reveal."""
    if frame.verb in _PLAIN:
        if inner is not None and inner.verb in _GUESSING and frame.verb not in _GUESSING:
            yield unsupported(
                f"the span says that {frame.who} {inner.verb}s this, the sentence that they {frame.verb} so"
            )
        return
    if inner is not None and (inner.verb == frame.verb or same(inner.verb, frame.verb)):
        return
    if inner is not None and frame.verb in ("find", "show") and _reports_findings(inner):
        return
    if any(lemma(word.low) == lemma(frame.verb) for word in read(case.span.quote).words):
        return
    yield unsupported(f"the span does not say that {frame.who} {frame.verb}s this")


def _reports_findings(frame: Frame) -> bool:
    """Whether a speaker is a study, whose saying is a finding."""
    return any(low.removesuffix("s") in _STUDIES for low in speaker_words(frame.who)) and frame.verb in _PLAIN | {
        "show"
    }


def _named_anyway(frame: Frame, case: Case) -> bool:
    """Whether the span's speaker and a verb of telling stand in the sentence in another form."""
    words = {word.low for word in read(case.sentence).words}
    speaker = speaker_words(frame.who)
    named = all(word in words for word in speaker) or any(
        frame_.who and covers(speaker_words(frame_.who), speaker) for frame_ in case.framed.frames
    )
    telling = bool({lemma(word) for word in words} & _TELLING)
    return named and telling and bool(speaker)


def told(case: Case) -> Iterator[Fault]:
    """What somebody in the span says, alleges or denies in a clause of theirs ("..., alleging that it did") is said in
    the sentence as somebody's word too."""
    main = {item.at for item in case.statement.predicates}
    kept = {target for at, target in case.alignment.pairs.items() if at in main}
    telling = bool({lemma(word.low) for word in read(case.sentence).words if word.part in ("verb", "noun")} & _TOLD)
    if telling or case.framed.frames:
        return
    for verb in _tellers(case.said):
        if verb in kept:
            continue
        for predicate in case.said.predicates:
            if (
                predicate.at > verb
                and not _of_own_mind(case.said, verb, predicate)
                and predicate.at in kept
                and case.said.clauses[predicate.at] == case.said.clauses[verb]
            ):
                yield unsupported(
                    f"the span has {case.said.words[predicate.at].text!r} as what somebody"
                    f" {case.said.words[verb].text}; the sentence leaves that out"
                )
                return


def of_itself(case: Case) -> Iterator[Fault]:
    """What a company publishes of itself is its claim: without its name as the one who says so it is no fact."""
    if case.framed.frames or case.span_framed.frames or not case.span.publisher:
        return
    telling = {lemma(word.low) for word in case.statement.words if word.part == "verb"} & _TELLING
    house = {word.low for word in read(case.span.publisher).words if word.part != "mark"} - _NEWSROOM
    first = next((item for item in case.statement.predicates if item.finite == "finite"), None)
    if first is None or telling or not house:
        return
    named = {case.statement.words[at].low for at in range(first.first) if case.statement.words[at].capital}
    if house <= named:
        yield unsupported(f"{case.span.publisher} says this of itself; the sentence does not say that it says so")


_MINDS = frozenset(lemma(word) for word in "hope plan want intend wish expect aim seek".split())


def _of_own_mind(reading: Reading, verb: int, predicate: Predicate) -> bool:
    """Whether "said she hopes to" tells the speaker's own mind, which nobody else can know better."""
    subject = [reading.words[at].low for at in predicate.subject]
    return predicate.lemma in _MINDS and subject in (["he"], ["she"], ["it"], ["they"]) and predicate.at - verb <= 4


_NEWSROOM = frozenset("newsroom press news blog media team official room".split())


def _tellers(reading: Reading) -> Iterator[int]:
    """Verbs of telling with a clause of their own: before "that", or before a subject and its verb."""
    for at, word in enumerate(reading.words[:-2]):
        if word.part not in ("verb", "noun") or lemma(word.low) not in _TOLD | _CHARGES:
            continue
        after = reading.words[at + 1]
        itself = at > 1 and reading.words[at - 1].low in _SUBJECTS and reading.words[at - 2].low in ("that", "which")
        own = word.part == "verb" and after.part == "pronoun" and after.low in _SUBJECTS
        if itself or own or after.low == "that" or (lemma(word.low) in _CHARGES and _with_deed(reading, at)):
            yield at


def _with_deed(reading: Reading, at: int) -> bool:
    """Whether a charge names its deed as a gerund: "charged on Tuesday with hiding losses"."""
    lows = [word.low for word in reading.words[at + 1 : at + 7]]
    return any(low in ("of", "with", "for") and after.endswith("ing") for low, after in itertools.pairwise(lows))


# --- opinion ---------------------------------------------------------------------------------------------------------


def opinion(case: Case) -> Iterator[Fault]:
    """A thesis, metaphor or verdict is its author's: without the author in the sentence it is no fact."""
    if case.framed.frames or not (thesis(case.said) or (thesis(case.statement) and not _grounded(case.said))):
        return
    yield unsupported("this is a thesis of its author, and the sentence does not say whose")


def thesis(reading: Reading) -> bool:
    """Whether a statement cannot be checked: nothing named, counted or dated, and no agent whose deed it tells."""
    marks = sum(word.low in lex.THESIS_MARKS for word in reading.words)
    grounded = _grounded(reading)
    if (reading.lows & {"should", "ought"} and not _indirect(reading)) or (reading.lows & {"i", "my"} and not grounded):
        return True
    subjects = [
        reading.words[at].low for item in reading.predicates if item.finite == "finite" for at in item.subject[-1:]
    ]
    abstract = any(subject in lex.ABSTRACT or subject.removesuffix("s") in lex.ABSTRACT for subject in subjects)
    if grounded:
        return abstract and marks >= 1 and not figures(reading.text) and not _named_subject(reading)
    if abstract or marks:
        return True
    return not _tells(reading)


_STATES = frozenset(lemma(word) for word in "be have seem appear remain become represent mean matter make".split())


def _tells(reading: Reading) -> bool:
    """Whether somebody or something that can act is said to do or to undergo something, so that it can be checked."""
    if not reading.predicates:
        return bool({stem(word.low) for word in reading.words} & _ACTORS)
    doers = {stem(reading.words[at].low) for item in reading.predicates for at in item.subject}
    if doers & _ACTORS:
        return True
    return any(
        item.finite == "finite"
        and reading.words[item.at].part == "verb"
        and item.lemma not in _STATES
        and concrete(lemma(reading.words[item.subject[-1]].low))
        for item in reading.predicates
        if item.subject and reading.words[item.subject[-1]].part == "noun"
    )


def _indirect(reading: Reading) -> bool:
    """Whether "should" stands in a question that is only told of: "fell out over how fast it should be filled"."""
    at = next(index for index, word in enumerate(reading.words) if word.low in ("should", "ought"))
    return any(word.low in ("how", "whether", "who", "what", "which", "when") for word in reading.words[1:at])


def _grounded(reading: Reading) -> bool:
    """Whether a statement holds a name, a number or a date."""
    if figures(reading.text) or calendar(reading.text):
        return True
    return any(word.capital and at for at, word in enumerate(reading.words) if word.part == "noun") or named_first(
        reading
    )


def _named_subject(reading: Reading) -> bool:
    return any(
        reading.words[at].capital and (at or named_first(reading)) for item in reading.predicates for at in item.subject
    )


# --- people ----------------------------------------------------------------------------------------------------------


def allegation(case: Case) -> Iterator[Fault]:
    """A crime or fault laid to someone by name needs its source in the sentence (a court or the police may be it)."""
    words = case.statement.words
    charged = [word for word in words if lemma(word.low) in _ALLEGATIONS]
    if not charged or case.framed.frames or not _someone(case.statement):
        return
    if any(lemma(word.low) in _INSTITUTIONS for word in words):
        return
    yield unsupported(f"this lays {charged[0].text!r} to someone by name and does not say who says so")


def _someone(reading: Reading) -> bool:
    """Whether a statement names the one who does or suffers something."""
    named = {
        at
        for at, word in enumerate(reading.words)
        if word.capital and word.part == "noun" and (at or named_first(reading))
    }
    return any(set(item.subject) & named for item in reading.predicates) or any(
        reading.governors[at] == "by" for at in named
    )
