"""Who is meant: whether two namings of a speaker, or a naming and a publisher, author or title, are the same."""

from __future__ import annotations

import re

from pipeline.gate import lexicon as lex
from pipeline.gate.aliases import same_name
from pipeline.gate.case import Case
from pipeline.gate.frames import Frame, speaker_words
from pipeline.gate.reading import Reading, fold, read
from pipeline.language import dates

DOCUMENTS = frozenset(lex.DOCUMENTS) | {"comment", "headline", "thread"}
ORDINALS = frozenset(
    "one first second third fourth fifth sixth same other another undated unsigned earlier later".split()
)
_HOUSES = frozenset(
    "planemaker carmaker automaker chipmaker drugmaker retailer operator insurer brewer manufacturer developer startup"
    " league council utility publisher broadcaster university hospital museum"
    " company firm group club bank airline retailer maker union charity agency ministry lender carrier".split()
)
_PARTS = re.compile(r" [-–—|>:»/] |: ")


def covers(who: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the words of a speaker are all words of another naming of them."""
    return bool(who) and all(any(word == known or same_name(word, known) for known in other) for word in who)


def _voice(name: str | None) -> tuple[str, ...]:
    return speaker_words(name) if name else ()


_NAME = 3  # words of a title that may as well be a name: only "the article ..." or quotation marks make it a source


def own_voice(who: str, case: Case) -> bool:
    """Whether a speaker is the span's publisher (or a part of its sectioned name), author, platform or title, or just
    "the report", "one outlet", "it"."""
    spoken = speaker_words(who)
    words = tuple(word for word in spoken if word not in DOCUMENTS and word not in ORDINALS)
    if not words:
        return True
    if spoken == ("it",):
        return len(case.others) == 1 and not case.span_framed.frames
    if len(words) < len(spoken) and covers(words, _voice(case.span.platform)):
        return True  # "a Hacker News post"
    titled = '"' in who or len(words) < len(spoken)
    whole = titled or len(_voice(case.span.title)) > _NAME  # a long title is a source as a whole: it names people, too
    if case.span.title and whole and _folded(who).strip('"') == _folded(case.span.title):
        return True
    parts = _PARTS.split(case.span.publisher or "")
    return any(
        _called(spoken, words, _voice(known))
        for known in (*parts, case.span.publisher, case.span.author, case.span.title if titled else None)
    )


def _folded(text: str) -> str:
    return " ".join(fold(text).casefold().split()).rstrip(".")


def _called(spoken: tuple[str, ...], words: tuple[str, ...], target: tuple[str, ...]) -> bool:
    """Whether a speaker's words name `target`: most of its name, or all of it and what kind of thing it is."""
    bare = tuple(word for word in target if word not in DOCUMENTS) or target
    if not target:
        return False
    if covers(words, target) and len(words) * 2 >= len(bare):
        return True
    return covers(bare, spoken) and len(spoken) <= len(bare) + 3 and _only_documents(spoken, target)


def _only_documents(who: tuple[str, ...], target: tuple[str, ...]) -> bool:
    """Whether what a naming adds to a known name only says what it is: "the newspaper X", "the columnist X"."""
    return all(
        word in target
        or word in DOCUMENTS
        or word in ("columnist", "author", "writer", "reporter", "blogger", "daily", "weekly", "tech", "news")
        for word in who
    )


def span_speaker(frame: Frame, case: Case) -> Frame | None:
    """The frame of the span in which the same speaker speaks: named alike, or by what the span says they are."""
    who, aside = speaker_words(frame.who), speaker_words(frame.aside)
    for other in case.span_framed.frames:
        name, title = speaker_words(other.who), speaker_words(other.aside)
        if who == name or (who == title and _person(other.aside)):
            return other
        if _whose(frame.who, other.who, case) or _whose(f"{frame.who} {frame.aside}", other.who, case):
            return other
        if _firm(frame.who, other.who, case) or _fuller(who, name, case) or _house(frame.who, other.who, case):
            return other
        if _headed_last(frame.who, other.who) or _titled(frame, other) or _owner_named(frame.who, other.who, case):
            return other
        if not covers((*who, *aside), (*name, *title)) or not who:
            continue
        reordered = sorted((*who, *aside)) == sorted((*name, *title))
        if reordered and (*who, *aside) not in ((*name, *title), (*title, *name)) and (*aside, *who) != (*name, *title):
            continue  # the same words in other places: "A of B" is not "B of A"
        if not _heads_it(f"{frame.who} {frame.aside}", other.who):
            continue  # "Bloomberg" is not "economists polled by Bloomberg"
        if set(who) & set(name) or any(not word.capital for word in read(frame.who).words if word.low in title):
            return other
    return None


def _titled(frame: Frame, other: Frame) -> bool:
    """Whether "Ann Lee, the leader of the council" names "council leader Ann Lee": the full name, its title apart."""
    known = [word for word in read(other.who).words if word.part in ("noun", "verb")]
    who, aside = speaker_words(frame.who), speaker_words(frame.aside)
    name = [word for word in known[-len(who) :] if word.capital] if who else []
    rest = tuple(word.low for word in known[: -len(who)])
    full = len(who) > 1 and tuple(word.low for word in name) == who
    return full and bool(rest) and bool(aside)  # what the aside says must stand in the span: `voices`


def _headed_last(who: str, known: str) -> bool:
    """Whether "Leiden University researchers" names "researchers at Leiden University"."""
    words = read(known).words
    joint = next((at for at, word in enumerate(words) if word.low in ("at", "from", "in", "with")), None)
    if joint is None:
        return False
    head, house = words[:joint], words[joint + 1 :]
    named = [word.low for word in (*house, *head) if word.part == "noun"]
    return any(word.capital for word in house) and list(speaker_words(who)) == named


def _fuller(who: tuple[str, ...], name: tuple[str, ...], case: Case) -> bool:
    """Whether a naming is the full name, elsewhere among the cited spans, of one whom the span calls by surname."""
    if len(name) != 1 or len(who) < 2 or who[-1] != name[0]:
        return False
    for span in case.others:
        lows = [word.low for word in read(span.quote).words if word.capital]
        if any(tuple(lows[at : at + len(who)]) == who for at in range(len(lows))):
            return True
    return False


def _owner_named(who: str, known: str, case: Case) -> bool:
    """Whether "the drugmaker X" names "the drugmaker" of a span that speaks of X's people: "X's chairman, Ann Lee"."""
    kind = read(known).words
    words = read(who).words
    if (
        len(kind) != 2
        or kind[0].low != "the"
        or kind[1].low not in _HOUSES
        or kind[1].low not in {w.low for w in words}
    ):
        return False
    named = [word.low for word in words if word.low not in ("the", kind[1].low)]
    whole = read(case.span_full.quote)
    for at, word in enumerate(whole.words):
        ahead = {item.low for item in whole.words[at + 1 : at + 5]}
        if word.possessive and word.capital and [word.low] == named and ahead & _PERSONS:
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
        first = not at and not named_first(whole) and word.low not in speaker_words(who)
        if word.start >= end or not word.capital or word.part != "noun" or first:
            continue
        if whole.governors[at] not in ("", "by", "against", "of") or dates.is_calendar(word.low):
            continue
        after = whole.words[at + 1] if at + 1 < len(whole.words) else None
        if after is not None and after.part == "noun" and not after.capital and not word.possessive:
            continue  # "Belgian" of "the Belgian telecom company Proxa"
        if at and whole.words[at - 1].capital and runs:
            runs[-1].append(word.low)
        else:
            runs.append([word.low])
    if len(runs) != 1:
        return False
    at = next((at for at, word in enumerate(whole.words) if word.low == runs[0][0]), 0)
    title = {word.low for word in whole.words[max(0, at - 4) : at] if word.part in ("noun", "number")}
    named = speaker_words(who)
    kind = words[1].low in {word.low for word in read(who).words}
    return tuple(runs[0]) == named or (kind and set(named) <= title | set(runs[0]))


def _firm(who: str, known: str, case: Case) -> bool:
    """Whether "the company" of the sentence is the one firm that speaks in the span, which the sentence names."""
    words = read(who).words
    if len(words) != 2 or words[0].low != "the" or words[1].low not in _HOUSES:
        return False
    named = [word.low for word in read(known).words if word.capital and word.part == "noun"]
    person = any(word.low in _PERSONS for word in read(known).words)
    return bool(named) and not person and any(low in case.statement.lows for low in named)


_PERSONS = frozenset(
    "minister president director spokesman spokeswoman chief executive officer mayor governor judge professor manager"
    " coach head leader chairman founder analyst lawyer".split()
)


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
    subjects = {said.words[at].low for item in said.predicates[:1] for at in item.subject}
    shared = [word for word in kin if word in named]
    return bool(owner) and (shared == list(kin) or len(shared) > 1) and all(word in subjects for word in owner)


def _heads_it(who: str, known: str) -> bool:
    """Whether a naming holds the head of a known speaker, or the house whose spokesman the speaker is."""
    reading, words = read(known), speaker_words(who)
    free = [
        word.low
        for at, word in enumerate(reading.words)
        if word.part in ("noun", "pronoun") and reading.governors[at] in ("", "according") and not word.possessive
    ]
    official = any(low.startswith("spokes") or low in _MOUTHS for low in free)
    return official or not free or any(low == word or same_name(low, word) for low in free for word in words)


_MOUTHS = frozenset(  # what a house says by
    "statement representative officials figures data statistics numbers report filing letter memo release".split()
)


def named_first(reading: Reading) -> bool:
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
