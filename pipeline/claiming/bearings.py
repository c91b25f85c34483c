"""What a day, an amount or a denial bears on in its sentence, by the words beside it.

A day may be that of the saying, a number of years the time that has passed, an amount that of one batch or one day, a
charge only what somebody is accused of: none of these contradicts what is told of the thing itself. English grammar
and closed classes of words; everything reads a bounded stretch of text beside the place it is asked about.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from itertools import pairwise

from pipeline.domain import Span
from pipeline.language import hedges, names
from pipeline.language.words import fold, stem, tokens

__all__ = [
    "aged", "alleges", "batched", "charged", "earlier", "elapsed", "listed", "nameless", "of_saying", "one_doer",
    "one_person", "own_denials", "raised_to", "rated", "roughly", "tells_of_words", "two_acts", "with_others",
]  # fmt: skip

_BEFORE = 60  # code points before a place that are read
_AFTER = 40  # and after it

_SAID = re.compile(r"\b(?:said|says|told \w+|added|stated)(?: (?:on|late|early))*\s*$", re.IGNORECASE)
_ROUGHLY = re.compile(r"(?:almost|nearly|about|around|roughly|some|over|more than)\s", re.IGNORECASE)
_FIGURE = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
_MONTH = re.compile(r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b")  # of folded text
_BATCH = re.compile(
    r"\b(?:another|second|third|fourth|fifth|further|additional|extra|next|latest|new) (?:[\w-]+ ){1,3}"
    r"(?:of|with|carrying)\s*$"
    r"|\b(?:biggest|largest|smallest|main|single|first) (?:\w+ )?"
    r"(?:item|part|share|portion|chunk|slice|piece|component)\b[^.;:]*$",
    re.IGNORECASE,
)
_WINDOW = re.compile(
    r"[^.;:]*?\b(?:in|within|over) (?:(?:a|one) single|a|one|the (?:past|last|previous)(?: \w+)?|24|48)"
    r" (?:day|night|weekend|week|hour|month)s?\b",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"\+? (?:[\w-]+ ){0,2}?(?:best|top|favou?rite|greatest|coolest|worst|must-\w+|most \w+|things|ways|reasons|tips"
    r"|takeaways)\b",
    re.IGNORECASE,
)
_RECORD = re.compile(r"(?:-old)?[ -](?:low|lows|high|highs|record|peak|best|worst|streak)\b", re.IGNORECASE)
_AGE = re.compile(r"[A-Z][\w'’.-]*,\s*$")
_AGED = re.compile(r"\baged (?:just |only |about |around )?$", re.IGNORECASE)
_RAISED = re.compile(
    r"\b(?:rais|increas|ris|rose|cut|lower|reduc|hik|jump|fall|fell|drop|slash|climb|boost)[a-z]*\b[^.;:]*$",
    re.IGNORECASE,
)
_RATE = re.compile(
    r"(?:\s+(?:per|an?|each|every)\s+|\s*/\s*)(?:second|minute|hour|day|night|week|month|quarter|year|share|barrel|tonne?"
    r"|gallon|lit(?:re|er)|head|person|user|seat|unit|piece|mile|kilomet(?:re|er))\b",
    re.IGNORECASE,
)
_PASSED = re.compile(r"\s+(?:ago|after|into|later|since|before)\b", re.IGNORECASE)
_ALLEGED = re.compile(
    r"\b(?:alleg(?:es?|ed|edly|ing|ations?)|accus(?:es?|ed|ing|ations?)|(?:fac(?:es?|ed|ing)|on|new|federal|criminal)"
    r" (?:\w+ )?charges?|charged|suspected|indicted|indictment|claims?|pleaded not guilty|pleads not guilty)\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(r"\b(?:after|following|despite|before)\b[^,.;:]*$", re.IGNORECASE)
_NAMELESS = re.compile(
    r"^(?![A-Z])"
    r"|^[\w'’.-]+ (?!of\b|de\b|van\b|von\b|al\b|bin\b|the\b)[a-z]"
    r"|^(?:An?|The|Some|Two|Three|Several)\b|\b(?:who|which|that)\b"
)
_WORD = re.compile(r"[^\W_][\w'’-]*")
_WORDS = re.compile(
    r"\b(?:apolog(?:y|ies|i[sz](?:e[sd]?|ing))|blam(?:e[sd]?|ing)|accus(?:e[sd]?|ing)|rebuk(?:e[sd]?|ing)"
    r"|critici[sz](?:e[sd]?|ing)|remarks?|comments?|posts?|tweets?)\b",
    re.IGNORECASE,
)


def of_saying(text: str, span: Span) -> bool:
    """Whether the day at `span` is when something was said: "Moscow said Sunday"."""
    return _SAID.search(text[max(0, span.start - _BEFORE) : span.start]) is not None


def roughly(one: str, other: str) -> bool:
    """Whether two dates may be one, rounded in two ways: "44 years ago", "almost 45 years ago"."""
    if _one_month(one, other):
        return True
    told = [int(found.group()) for found in map(_FIGURE.search, (one, other)) if found]
    near = len(told) == 2 and abs(told[0] - told[1]) <= 1
    return near and any(_ROUGHLY.match(words) for words in (one, other))


def _one_month(one: str, other: str) -> bool:
    """Whether two dates name one month and no other day or year: "March", "17 March 2024"."""
    months = [{found.group(1) for found in _MONTH.finditer(text)} for text in (one, other)]
    figures = [[int(found) for found in _FIGURE.findall(text)] for text in (one, other)]
    days, years = ([{n for n in side if (n > 31) == late} for side in figures] for late in (False, True))
    clash = any(mine and theirs and mine != theirs for mine, theirs in (days, years))
    return bool(months[0] & months[1]) and not clash


def batched(text: str, span: Span) -> bool:
    """Whether the amount at `span` is of one batch or window of time: "another convoy of 14", "400 in a single day"."""
    before, after = text[max(0, span.start - _BEFORE) : span.start], text[span.end : span.end + _AFTER]
    return _BATCH.search(before) is not None or _WINDOW.match(after) is not None


def listed(text: str, span: Span) -> bool:
    """Whether the amount at `span` counts the items of a list that `text` heads: "the 10 best deals"."""
    return _LISTED.match(text, span.end) is not None


def elapsed(text: str, span: Span) -> str:
    """What the time at `span` is counted to or from: "after" in "nine months after", "low" in "a 30-year low"."""
    found = _PASSED.match(text, span.end) or _RECORD.match(text, span.end)
    return found.group().strip(" -").casefold() if found else ""


def two_acts(one: str, other: str, words: tuple[str, str]) -> bool:
    """Whether two folded words, one of each text, are two people's acts, or both of what came before."""
    return earlier(one, other, words) or not one_doer(one, other, *map(stem, words))


def earlier(one: str, other: str, words: tuple[str, str]) -> bool:
    """Whether two folded words, one of each text, both tell of what came before, and not in the same words.

    "Home after Kessel release" and "home after three years detained" tell of one return.
    """
    before = [_before(text, word) for text, word in zip((one, other), words, strict=True)]
    return all(_EARLIER.search(text) for text in before) and len({text.split()[-1].casefold() for text in before}) > 1


def _before(text: str, word: str) -> str:
    """What stands before the first place of a folded word in `text`, as far as it is read."""
    at = next((match.start() for match in _WORD.finditer(text) if fold(match.group()) == word), 0)
    return text[max(0, at - _BEFORE) : at]


def aged(text: str, span: Span) -> bool:
    """Whether the amount at `span` is an age: "17-year-old", "Lena Castell, 41, was"."""
    if text[span.end : span.end + 4].casefold() in ("-old", " old"):
        return True
    before = text[max(0, span.start - _BEFORE) : span.start]
    bare = text[span.start : span.end].isdigit() and text[span.end : span.end + 1] == ","
    return _AGED.search(before) is not None or (bare and _AGE.search(before) is not None)


def raised_to(text: str, span: Span) -> bool:
    """Whether the amount at `span` may be the most of a change or of what it leads to: "raises prices up to $30"."""
    before = text[max(0, span.start - _BEFORE) : span.start]
    told = f"{before} {text[span.start : span.end]}".casefold()
    return "up to" in told and _RAISED.search(before) is not None


def alleges(text: str) -> bool:
    """Whether `text` tells what somebody is accused of or claims: to deny it denies nothing that `text` says."""
    return _ALLEGED.search(text) is not None


def tells_of_words(text: str) -> bool:
    """Whether `text` tells of somebody's words as an act: an apology, an accusation, a remark, a post."""
    return _WORDS.search(text) is not None


def charged(one: str, other: str) -> bool:
    """Whether exactly one of two texts tells of a charge, which the other may deny: both are so."""
    return alleges(one) != alleges(other)


def rated(text: str, span: Span) -> bool:
    """Whether the amount at `span` is of each of something: "$30 a month", "$84 per barrel"."""
    return _RATE.match(text, span.end) is not None


def own_denials(one: str, other: str) -> bool:
    """Whether each of two texts denies in words of its own: "no evidence that he fell", "he did not fall"."""
    mine, theirs = (
        Counter(_cue(text[span.start : span.end]) for span in hedges.negations(text)) for text in (one, other)
    )
    return bool(mine - theirs) and bool(theirs - mine)


def _cue(word: str) -> str:
    """A word of denial, however "not" is written."""
    return "not" if word.casefold().endswith(("n't", "n’t", "cannot")) else word.casefold()


def one_person(speaker: str, other: str) -> bool:
    """Whether two speakers may be one, told by another title: the last words of both are the same surname."""
    mine, theirs = (tokens(name)[-1:] for name in (speaker, other))
    return bool(mine) and mine == theirs


def nameless(speaker: str) -> bool:
    """Whether a speaker is told by no name of his own: "local reports", "an official who spoke to us"."""
    return _NAMELESS.search(speaker) is not None


def one_doer(one: str, other: str, root: str, converse: str = "") -> bool:
    """Whether the names that stand last before a word with the stem `root` are one, or a text has none there.

    With `converse`, that is the stem asked for in the other text: who buys is not who sells.
    """
    mine, theirs = _doer(one, root), _doer(other, converse or root)
    return not mine or not theirs or names.same(mine, theirs)


def _doer(text: str, root: str) -> str:
    """The key of the name that stands last before the first word with the stem `root`: most often whose act it is."""
    at = next((match.start() for match in _WORD.finditer(text) if stem(fold(match.group())) == root), 0)
    return next((one.key for one in reversed(names.find(text)) if one.span.end <= at), "")


def with_others(text: str, known: Collection[str]) -> bool:
    """Whether "and" joins two names of which one is not `known`: what is told of two is not told of one."""
    found = names.find(text)
    joined = [
        mention.key
        for one, two in pairwise(found)
        if text[one.span.end : two.span.start].strip(" ,") in ("and", "&")
        for mention in (one, two)
    ]
    return any(not any(names.same(key, name) for name in known) for key in joined)
