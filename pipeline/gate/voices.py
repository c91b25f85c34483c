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
        if who == name:
            return other
        if not _covers((*who, *aside), (*name, *title)) or not who:
            continue
        reordered = sorted((*who, *aside)) == sorted((*name, *title))
        if reordered and (*who, *aside) not in ((*name, *title), (*title, *name)) and (*aside, *who) != (*name, *title):
            continue  # the same words in other places: "A of B" is not "B of A"
        if set(who) & set(name) or any(not word.capital for word in read(frame.who).words if word.low in title):
            return other
    return None


def attribution(case: Case) -> Iterator[Fault]:
    """Whom the sentence makes speak speaks in the span, or is its publisher or author; the span's speaker stays."""
    met: list[Frame] = []
    for frame in case.framed.frames:
        inner = _span_speaker(frame, case)
        if inner is not None:
            met.append(inner)
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
    if any(lemma(word.low) == lemma(frame.verb) for word in read(case.span.quote).words):
        return
    yield unsupported(f"the span does not say that {frame.who} {frame.verb}s this")


def _named_anyway(frame: Frame, case: Case) -> bool:
    """Whether the span's speaker and a verb of telling stand in the sentence in another form."""
    words = {word.low for word in read(case.sentence).words}
    speaker = speaker_words(frame.who)
    named = all(word in words for word in speaker) or any(
        frame_.who and _covers(speaker_words(frame_.who), speaker) for frame_ in case.framed.frames
    )
    telling = bool({lemma(word) for word in words} & _TELLING)
    return named and telling and bool(speaker)


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
        follows in ("verb", "auxiliary")
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
