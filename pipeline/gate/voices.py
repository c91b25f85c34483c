"""Rules on whose word it is: attribution, opinion, allegations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.gate import lexicon as lex
from pipeline.gate.alignment import align, calendar, figures, same_name
from pipeline.gate.case import Case, Fault, uncertain, unsupported
from pipeline.gate.frames import Frame, speaker_words
from pipeline.gate.levels import hearsay
from pipeline.gate.reading import Reading, fold, read
from pipeline.gate.synonyms import lemma, same
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
_DOCUMENTS = frozenset(lex.DOCUMENTS) | {"comment", "headline", "thread"}
_ORDINALS = frozenset(
    "one first second third fourth fifth sixth same other another undated unsigned earlier later".split()
)
_QUANTIFIERS = frozenset("all every each most many several some both no few numerous leading top".split())
_STUDIES = frozenset("study trial survey poll report analysis review census audit research data inquiry".split())
_HOUSES = frozenset(
    "company firm group club bank airline retailer maker union charity agency ministry lender carrier".split()
)
_SUBJECTS = frozenset("it he she they we there".split())
_TOLD = _TELLING | frozenset(
    lemma(word) for word in "allege accuse insist contend suspect complain accusation allegation".split()
)
_PARTS = re.compile(r" [-–—|>:»/] |: ")


def _covers(who: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the words of a speaker are all words of another naming of them."""
    return bool(who) and all(any(word == known or same_name(word, known) for known in other) for word in who)


def _voice(name: str | None) -> tuple[str, ...]:
    return speaker_words(name) if name else ()


def own_voice(who: str, case: Case) -> bool:
    """Whether a speaker is the span's publisher (or a part of its sectioned name), author, platform or title, or just
    "the report", "one outlet", "it"."""
    spoken = speaker_words(who)
    words = tuple(word for word in spoken if word not in _DOCUMENTS and word not in _ORDINALS)
    if not words:
        return True
    if spoken == ("it",):
        return len(case.others) == 1 and not case.span_framed.frames
    if len(words) < len(spoken) and _covers(words, _voice(case.span.platform)):
        return True  # "a Hacker News post"
    if case.span.title and _folded(who).strip('"') == _folded(case.span.title):
        return True
    parts = _PARTS.split(case.span.publisher or "")
    return any(
        _called(spoken, words, _voice(known))
        for known in (*parts, case.span.publisher, case.span.author, case.span.title)
    )


def _folded(text: str) -> str:
    return " ".join(fold(text).casefold().split()).rstrip(".")


def _called(spoken: tuple[str, ...], words: tuple[str, ...], target: tuple[str, ...]) -> bool:
    """Whether a speaker's words name `target`: most of its name, or all of it and what kind of thing it is."""
    bare = tuple(word for word in target if word not in _DOCUMENTS) or target
    if not target:
        return False
    if _covers(words, target) and len(words) * 2 >= len(bare):
        return True
    return _covers(bare, spoken) and len(spoken) <= len(bare) + 3 and _only_documents(spoken, target)


def _only_documents(who: tuple[str, ...], target: tuple[str, ...]) -> bool:
    """Whether what a naming adds to a known name only says what it is: "the newspaper X", "the columnist X"."""
    return all(
        word in target
        or word in _DOCUMENTS
        or word in ("columnist", "author", "writer", "reporter", "blogger", "daily", "weekly", "tech", "news")
        for word in who
    )


def _span_speaker(frame: Frame, case: Case) -> Frame | None:
    """The frame of the span in which the same speaker speaks: named alike, or by what the span says they are."""
    who, aside = speaker_words(frame.who), speaker_words(frame.aside)
    for other in case.span_framed.frames:
        name, title = speaker_words(other.who), speaker_words(other.aside)
        if who == name or (who == title and _person(other.aside)) or _whose(frame.who, other.who, case):
            return other
        if _fuller(who, name, case) or _house(frame.who, other.who, case):
            return other
        if not _covers((*who, *aside), (*name, *title)) or not who:
            continue
        reordered = sorted((*who, *aside)) == sorted((*name, *title))
        if reordered and (*who, *aside) not in ((*name, *title), (*title, *name)) and (*aside, *who) != (*name, *title):
            continue  # the same words in other places: "A of B" is not "B of A"
        if not _heads_it(f"{frame.who} {frame.aside}", other.who):
            continue  # "Bloomberg" is not "economists polled by Bloomberg"
        if set(who) & set(name) or any(not word.capital for word in read(frame.who).words if word.low in title):
            return other
    return None


def _fuller(who: tuple[str, ...], name: tuple[str, ...], case: Case) -> bool:
    """Whether a naming is the full name, elsewhere among the cited spans, of one whom the span calls by surname."""
    if len(name) != 1 or len(who) < 2 or who[-1] != name[0]:
        return False
    for span in case.others:
        lows = [word.low for word in read(span.quote).words if word.capital]
        if any(tuple(lows[at : at + len(who)]) == who for at in range(len(lows))):
            return True
    return False


def _house(who: str, known: str, case: Case) -> bool:
    """Whether "the company" of the span is the one name that it has in the place of a doer or of one done to."""
    words = read(known).words
    if len(words) != 2 or words[0].low != "the" or words[1].low not in _HOUSES:
        return False
    whole = read(case.span_full.quote)
    end = fold(whole.text).find(fold(known))
    runs: list[list[str]] = []
    for at, word in enumerate(whole.words):
        if word.start >= end or not word.capital or word.part != "noun" or (not at and not _named_first(whole)):
            continue
        if whole.governors[at] not in ("", "by", "against"):
            continue
        if at and whole.words[at - 1].capital and runs:
            runs[-1].append(word.low)
        else:
            runs.append([word.low])
    return len(runs) == 1 and tuple(runs[0]) == speaker_words(who)


def _person(aside: str) -> bool:
    """Whether an aside is a name and nothing else: "the attorney general, Ann Lee,"."""
    words = read(aside).words
    return bool(words) and all(word.capital for word in words)


def _whose(who: str, known: str, case: Case) -> bool:
    """Whether "Ann Lee's family" or "the family of Ann Lee" names "her family": of the one the span speaks of."""
    first = read(known).words[0].low if read(known).words else ""
    if first not in ("his", "her", "their", "its"):
        return False
    kin, named = speaker_words(known), speaker_words(who)
    owner = [word for word in named if word not in kin]
    said = case.said
    subjects = {said.words[at].low for item in said.predicates[:1] for at in item.subject if said.words[at].capital}
    return bool(owner) and all(word in named for word in kin) and all(word in subjects for word in owner)


def _heads_it(who: str, known: str) -> bool:
    """Whether a naming holds the head of a known speaker, or the house whose spokesman the speaker is."""
    reading, words = read(known), speaker_words(who)
    free = [
        word.low
        for at, word in enumerate(reading.words)
        if word.part in ("noun", "pronoun") and reading.governors[at] in ("", "according")
    ]
    official = any(low.startswith("spokes") or low in ("statement", "representative", "officials") for low in free)
    return official or not free or any(low == word or same_name(low, word) for low in free for word in words)


def _count(who: str) -> frozenset[str]:
    """How many speakers a naming claims: "all", "most", "three"."""
    return frozenset(word.low for word in read(who).words if word.low in _QUANTIFIERS or word.part == "number")


def attribution(case: Case) -> Iterator[Fault]:
    """Whom the sentence makes speak speaks in the span, or is its publisher or author; the span's speaker stays."""
    met: list[Frame] = []
    for frame in case.framed.frames:
        inner = _span_speaker(frame, case)
        if inner is not None:
            met.append(inner)
            if _count(frame.who) - _count(f"{inner.who} {inner.aside}"):
                yield unsupported(f"the span does not say how many speak: {inner.who}, not {frame.who}")
                return
        elif not _known(frame, case):
            yield _unknown(frame, case)
            return
        yield from _verb(frame, inner, case)
        yield from _aside(frame, case)
    for frame in case.span_framed.frames:
        generic = set(speaker_words(frame.who)) <= _DOCUMENTS | _ORDINALS
        if frame not in met and not _named_anyway(frame, case) and (generic or not own_voice(frame.who, case)):
            yield unsupported(f"the span gives this as the word of {frame.who}; the sentence leaves that out")
            return


def _aside(frame: Frame, case: Case) -> Iterator[Fault]:
    """What a sentence says of its speaker ("who has led it since 2019") is said too, and must be in the span."""
    if not frame.aside:
        return
    aside = read(frame.aside)
    missing = align(aside, read(case.span.quote)).missing
    if missing:
        yield unsupported(f"{aside.words[missing[0]].text!r}, said of {frame.who}, has no counterpart in the span")


def _known(frame: Frame, case: Case) -> bool:
    """Whether a speaker that is not one of the span's frames is its own voice, or hearsay that the span names."""
    words = set(speaker_words(frame.who))
    if words & _HEARSAY_SPEAKERS and hearsay(read(case.span.quote)):
        return True
    if words and words <= _HEARSAY_SPEAKERS:
        return False
    return own_voice(frame.who, case)


def _unknown(frame: Frame, case: Case) -> Fault:
    """Why a speaker is refused: known to be someone else, or not known at all."""
    if case.span.publisher is None and case.span.author is None and not _spoken_to(frame, case):
        return uncertain(f"who published this span is not known, so it cannot be said that {frame.who} says so")
    return unsupported(f"{frame.who} is not the one who says this in the span, nor its publisher or author")


def _spoken_to(frame: Frame, case: Case) -> bool:
    """Whether the supposed speaker occurs in the span as something else."""
    return _covers(speaker_words(frame.who), tuple(word.low for word in read(case.span.quote).words))


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
    return any(low.removesuffix("s") in _STUDIES for low in speaker_words(frame.who)) and frame.verb in _PLAIN


def _named_anyway(frame: Frame, case: Case) -> bool:
    """Whether the span's speaker and a verb of telling stand in the sentence in another form."""
    words = {word.low for word in read(case.sentence).words}
    speaker = speaker_words(frame.who)
    named = all(word in words for word in speaker) or any(
        frame_.who and _covers(speaker_words(frame_.who), speaker) for frame_ in case.framed.frames
    )
    telling = bool({lemma(word) for word in words} & _TELLING)
    return named and telling and bool(speaker)


def told(case: Case) -> Iterator[Fault]:
    """What somebody in the span says, alleges or denies in a clause of theirs ("..., alleging that it did") is said in
    the sentence as somebody's word too."""
    kept = set(case.alignment.pairs.values())
    telling = bool({lemma(word.low) for word in read(case.sentence).words if word.part in ("verb", "noun")} & _TOLD)
    if telling or case.framed.frames:
        return
    for verb in _tellers(case.said):
        if verb in kept:
            continue
        for predicate in case.said.predicates:
            if (
                predicate.at > verb
                and predicate.at in kept
                and case.said.clauses[predicate.at] == case.said.clauses[verb]
            ):
                yield unsupported(
                    f"the span has {case.said.words[predicate.at].text!r} as what somebody"
                    f" {case.said.words[verb].text}; the sentence leaves that out"
                )
                return


def _tellers(reading: Reading) -> Iterator[int]:
    """Verbs of telling with a clause of their own: before "that", or before a subject and its verb."""
    for at, word in enumerate(reading.words[:-2]):
        if word.part not in ("verb", "noun") or lemma(word.low) not in _TOLD:
            continue
        after = reading.words[at + 1]
        if after.low == "that" or (word.part == "verb" and after.part == "pronoun" and after.low in _SUBJECTS):
            yield at


# --- opinion ---------------------------------------------------------------------------------------------------------


def opinion(case: Case) -> Iterator[Fault]:
    """A thesis, metaphor or verdict is its author's: without the author in the sentence it is no fact."""
    if case.framed.frames or not (thesis(case.said) or (thesis(case.statement) and not _grounded(case.said))):
        return
    yield unsupported("this is a thesis of its author, and the sentence does not say whose")


def thesis(reading: Reading) -> bool:
    """Whether a statement cannot be checked: nothing named, counted or dated, and no agent whose deed it tells."""
    stems = {stem(word.low) for word in reading.words}
    marks = sum(word.low in lex.THESIS_MARKS for word in reading.words)
    grounded = _grounded(reading)
    if reading.lows & {"should", "ought"} or (reading.lows & {"i", "my"} and not grounded):
        return True
    subjects = [
        reading.words[at].low for item in reading.predicates if item.finite == "finite" for at in item.subject[-1:]
    ]
    abstract = any(subject in lex.ABSTRACT or subject.removesuffix("s") in lex.ABSTRACT for subject in subjects)
    if grounded:
        return abstract and marks >= 1 and not figures(reading.text) and not _named_subject(reading)
    if abstract or marks:
        return True
    doers = (
        {stem(reading.words[at].low) for item in reading.predicates for at in item.subject}
        if reading.predicates
        else stems
    )
    return not doers & _ACTORS


def _grounded(reading: Reading) -> bool:
    """Whether a statement holds a name, a number or a date."""
    if figures(reading.text) or calendar(reading.text):
        return True
    return any(word.capital and at for at, word in enumerate(reading.words) if word.part == "noun") or _named_first(
        reading
    )


def _named_first(reading: Reading) -> bool:
    """Whether the first word is surely a name: it stands before a verb, without determiner, and is no plain noun."""
    first = reading.words[0] if reading.words else None
    return bool(
        first
        and first.capital
        and first.part == "noun"
        and (any(char.isupper() for char in first.text[1:]) or first.possessive or _alone(reading))
    )


def _alone(reading: Reading) -> bool:
    """Whether the first word is a subject by itself and no common noun as far as can be told."""
    word = reading.words[0]
    follows = reading.words[1].part if len(reading.words) > 1 else ""
    return (
        (follows in ("verb", "auxiliary") or (len(reading.words) > 1 and reading.words[1].low == ","))
        and word.low not in lex.ABSTRACT
        and not word.low.endswith(("s", "ing", "tion", "ity", "ness", "ment"))
    )


def _named_subject(reading: Reading) -> bool:
    return any(
        reading.words[at].capital and (at or _named_first(reading))
        for item in reading.predicates
        for at in item.subject
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
        if word.capital and word.part == "noun" and (at or _named_first(reading))
    }
    return any(set(item.subject) & named for item in reading.predicates) or any(
        reading.governors[at] == "by" for at in named
    )
