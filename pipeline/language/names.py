"""Named mentions: capitalised spans, read with what a capital is worth where it stands.

At the start of a sentence, and in headlines in title case, a capital alone names nothing: there must be other evidence
(capitals inside the word, the next word capitalised, the word capitalised elsewhere in the text, or a bare singular
before a verb, which English grants to names alone).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.domain import Mention, Span
from pipeline.language.casing import Word, words_of
from pipeline.language.keys import key, same
from pipeline.language.lexicon import (
    BODIES,
    COMMON,
    CORPORATE,
    DEMONYMS,
    FIXED,
    FOR_HEADS,
    ING_PLACES,
    MASS,
    NOT_NAMES,
    NOUN_ENDINGS,
    OF_HEADS,
    OFFICES,
    OPENERS,
    ORGANISATION,
    OWNERS,
    PARTICLES,
    PLACE,
    ROLES,
    TITLE_MODIFIERS,
    TITLES,
    UNITED,
)
from pipeline.language.verbs import AUXILIARIES, is_finite
from pipeline.language.words import STOP

__all__ = ["find", "key", "same"]

_LONGEST_NAME = 8
_BREAK = re.compile(r"[.!?:;…\n\"“«»•|*#>(\[]|[—–]\s*$|^\s*-\s|[‘']$")
_ARTICLES = frozenset().union(*(STOP[lang] for lang in ("es", "fr", "de", "pt", "it")))
_LEANING = ("able", "ible", "ive", "ous", "ful", "less", "ing", "teen")
_MONEY = re.compile(r"(?:rs|usd|eur|gbp|inr)\.?\d", re.IGNORECASE)
_VERSION = re.compile(r"\d{1,2}\.\d{1,2}")
_UNITED_FOLDED = frozenset(name.replace(".", "").lower() for name in UNITED)
_POSSESSIVE = ("'s", "’s", "'", "’")
_SAYS = re.compile(r",? (?:said|says|told|who|whose|added|wrote)\b|, (?:aged )?\d{1,2},")


@dataclass(frozen=True, slots=True)
class _Setting:
    """How a line is set, and what the whole text has shown: words seen as names inside sentences."""

    titled: bool
    shouted: bool
    nouns: bool  # every noun has a capital (German)
    inside: frozenset[str] = frozenset()


@lru_cache(maxsize=65536)
def _strong(word: str) -> bool:
    """Whether a word looks like a name wherever it stands: capitals inside, or digits behind a capital."""
    bare = word.replace("’", "'").partition("'")[0]
    rest = bare[1:]
    return any(c.isupper() for c in rest) or (bare[:1].isupper() and any(c.isdigit() for c in rest))


@lru_cache(maxsize=65536)
def _common(word: str) -> bool:
    """Whether a folded word is one that running text would not write with a capital inside a sentence."""
    return word not in _UNITED_FOLDED and (word in STOP["en"] or word in OPENERS or is_finite(word))


def _setting(words: list[Word], nouns: bool) -> _Setting:
    """How a line is set: title case where nearly all its longer words have capitals."""
    telling = [word for word in words[:60] if word.folded not in STOP["en"] and word.text[0].isalpha()]
    capitals = sum(word.upper or _strong(word.text) for word in telling)
    shouted = sum(word.text.isupper() for word in telling) > 0.6 * len(telling) and len(telling) >= 3
    odd = any(
        word.upper and i and not _BREAK.search(word.gap) and _common(word.folded) for i, word in enumerate(words[:60])
    )
    titled = odd and len(telling) >= 4 and capitals >= 0.9 * len(telling) and len(words) <= 40
    return _Setting(titled, shouted, nouns)


def _seen_inside(lines: list[tuple[int, str, list[Word], _Setting]]) -> frozenset[str]:
    """Folded words that stand capitalised inside a sentence of running text, and never in lower case."""
    upper: set[str] = set()
    lower: set[str] = set()
    for _, _, words, setting in lines:
        for i, word in enumerate(words):
            if word.text.islower():
                lower.add(word.folded)
            elif word.upper and not setting.titled and not setting.shouted:
                inner = i > 0 and not _BREAK.search(word.gap)
                if inner or (
                    word.folded not in OPENERS | STOP["en"] and _names_by_verb(word, (*words[i + 1 : i + 2], None)[0])
                ):
                    upper.add(word.folded)
    return frozenset(upper - lower)


def _names_by_verb(word: Word, after: Word | None) -> bool:
    """Whether a bare singular stands before its verb or owns something, which only names do."""
    base = word.folded
    if len(base) < 3 or base in MASS or base in COMMON or base.endswith(NOUN_ENDINGS) or is_finite(base):
        return False
    if word.text.endswith(("'s", "’s")):
        return True
    if base.endswith("s") and not base.endswith(("ss", "us", "is")):
        return after is not None and after.joined and after.text in ("has", "is", "was")
    return after is not None and after.joined and after.text.islower() and _is_verb(after.folded)


def _is_verb(word: str) -> bool:
    """Whether a word after a sentence's first can only be its verb."""
    return word in AUXILIARIES or (
        is_finite(word) and word not in ("plans", "reports", "claims", "deals", "cost", "costs")
    )


def _followed(words: list[Word], i: int) -> bool:
    """Whether the `i`-th word is carried on by a capitalised one, directly or past "of" or a particle."""
    n = i + 1
    if (
        n < len(words)
        and words[n].joined
        and (words[n].text in PARTICLES or (words[n].text == "of" and words[i].folded in OF_HEADS))
    ):
        n += 1
        n += n < len(words) and words[n].text in PARTICLES | {"the"}
    return (
        n < len(words)
        and all(word.joined for word in words[i + 1 : n + 1])
        and words[n].upper
        and words[n].folded not in STOP["en"]
    )


def _lists(words: list[Word], i: int) -> bool:
    """Whether the `i`-th word opens a list of names: "Acme and Initech", "Acme, Initech and others"."""
    rest = words[i + 1 : i + 3]
    if (
        len(rest) < 2
        or words[i].folded.endswith("s")
        or words[i].folded in MASS
        or words[i].folded.endswith(NOUN_ENDINGS)
    ):
        return False
    if rest[0].text in ("and", "&") and rest[0].joined:
        return rest[1].joined and rest[1].upper and rest[1].folded not in STOP["en"]
    return rest[0].gap == ", " and rest[0].upper and rest[0].folded not in STOP["en"] | NOT_NAMES


def _begins(words: list[Word], i: int, setting: _Setting) -> bool:  # noqa: PLR0911 - one return per rule
    """Whether the `i`-th word can begin a name."""
    word = words[i]
    if word.text in UNITED:
        return True
    if (
        not word.text[0].isalpha()
        or _MONEY.match(word.text)
        or word.folded in NOT_NAMES
        or not (word.upper or _strong(word.text))
    ):
        return False
    after = words[i + 1] if i + 1 < len(words) else None
    follows = _followed(words, i)
    if word.folded in STOP["en"] and not (_strong(word.text) and not setting.shouted):
        return False
    if _strong(word.text) and not (setting.shouted and word.text.isupper()):
        return True
    if word.folded in DEMONYMS or (word.folded in TITLES and follows):
        return True
    starts = i == 0 or bool(_BREAK.search(word.gap))
    if setting.titled or setting.shouted:
        return (
            word.folded in setting.inside
            or word.text.endswith(("'s", "’s"))
            or (i == 0 and _names_by_verb(word, after))
        )
    if not starts:
        return not setting.nouns or follows
    if len(word.folded) > 6 and word.folded.endswith(_LEANING) and word.folded not in setting.inside | ING_PLACES:
        return False
    if word.folded in OPENERS or (word.folded in _ARTICLES and word.folded not in FIXED):
        return False
    version = after is not None and after.joined and _VERSION.fullmatch(after.text)
    return bool(word.folded in setting.inside or follows or version) or _names_by_verb(word, after) or _lists(words, i)


def _body_named(words: list[Word], k: int) -> bool:
    """Whether the words from `k` end a public body's name: "(Food and) Drug Administration"."""
    for word in words[k : k + 3]:
        if not (word.joined and word.upper):
            return False
        if word.folded in BODIES:
            return word is not words[k]
    return False


def _next(words: list[Word], j: int, setting: _Setting) -> int | None:  # noqa: PLR0911 - one return per rule
    """Index of the word that carries a name on after the `j`-th, connectors passed over; None where it ends."""
    k = j + 1
    if k >= len(words) or not words[k].joined:
        return None
    if words[j].text.endswith(_POSSESSIVE) and not (words[j].folded in OWNERS and words[k].upper):
        return None
    head = words[j].folded
    if words[k].text in ("of", "for") and head in (
        OF_HEADS | {"secretary", "minister"} if words[k].text == "of" else FOR_HEADS
    ):
        k += 1
        k += k < len(words) and words[k].text == "the"
    elif words[k].text == "and" and _body_named(words, k + 1):
        k += 1
    elif words[k].text in PARTICLES or words[k].text == "&":
        while k < len(words) and words[k].text in PARTICLES | {"&", "la", "the"} and k - j <= 3:
            k += 1
    if k >= len(words) or not all(words[n].joined for n in range(j + 1, k + 1)):
        return None
    word = words[k]
    if word.text[0].isdigit():
        return k if k == j + 1 and re.fullmatch(r"\d{1,3}(?:\.\d{1,2})?", word.text) else None
    if not (word.upper or _strong(word.text)) or word.folded in NOT_NAMES:
        return None
    if word.folded in STOP["en"] or (setting.titled and word.folded not in setting.inside and not _strong(word.text)):
        return None
    return k


def _runs(words: list[Word], setting: _Setting) -> list[tuple[int, int]]:
    """Runs of words, first and last index, that read as one capitalised span."""
    runs, i = [], 0
    while i < len(words):
        if not _begins(words, i, setting):
            i += 1
            continue
        j = i
        while j - i < _LONGEST_NAME and (k := _next(words, j, setting)) is not None:
            j = k
        runs.append((i, j))
        i = j + 1
    return runs


def _parts(words: list[Word], i: int, j: int) -> list[tuple[int, int, bool]]:
    """A run cut at titles and demonyms: "Microsoft CEO Satya Nadella" is a firm and a person: (first, last, human)."""
    parts: list[tuple[int, int, bool]] = []
    begin, person, n = i, False, i
    while n <= j:
        title = words[n].folded in TITLES and (n < j or n == i or person)
        demonym = (
            n == begin and n < j and words[n].folded in DEMONYMS and words[n + 1].folded in TITLES | TITLE_MODIFIERS
        )
        if title or demonym:
            last = n if demonym else n - 1
            while last > begin and not demonym and words[last].folded in TITLE_MODIFIERS:
                last -= 1
            if last >= begin and words[last].folded not in TITLE_MODIFIERS:
                parts.append((begin, last, person))
            if title and n < j and words[n + 1].text == "of":
                while n < j and (
                    words[n + 1].text in ("of", "the") or words[n + 1].folded in OFFICES | TITLE_MODIFIERS
                ):
                    n += 1
            begin, person = n + 1, title
        n += 1
    while begin <= j and words[begin].folded in TITLE_MODIFIERS and begin < j and person:
        begin += 1
    while begin < j and words[begin].text in PARTICLES | {"of", "the", "for"}:
        begin += 1
    if begin <= j and not (words[begin].folded in TITLES and begin == j):
        parts.append((begin, j, person))
    return parts


def _kind(words: list[Word], person: bool, after: str) -> str:
    """Coarse type of a name from its own words and what follows it."""
    folded = [word.folded for word in words]
    if folded[-1] in CORPORATE or any(word in ORGANISATION for word in folded):
        return "organisation"
    if person:
        return "person"
    if (len(folded) > 1 and folded[-1] in PLACE) or folded[0] in DEMONYMS or words[0].text in UNITED:
        return "place"
    if any(any(c.isdigit() for c in word) for word in folded):
        return "product"
    if 2 <= len(folded) <= 4 and not any(_strong(word.text) for word in words) and _SAYS.match(after):
        return "person"
    return "name"


def _trimmed(line: str, start: int, end: int) -> tuple[int, int]:
    """The range without a possessive ending."""
    name = line[start:end]
    for ending in _POSSESSIVE:
        if name.endswith(ending):
            name = name[: -len(ending)]
            break
    return start, start + len(name)


def _mentions(line: str, offset: int, setting: _Setting, words: list[Word]) -> list[Mention]:
    """Mentions of one line; `offset` is where it begins in the text."""
    found = []
    for i, j in _runs(words, setting):
        for first, last, person in _parts(words, i, j):
            if (
                words[first].folded in ROLES
                and last - first >= 2
                and not any(w.folded in ORGANISATION for w in words[first : last + 1])
            ):
                first, person = first + 1, True  # noqa: PLW2901
            start, end = _trimmed(line, words[first].start, words[last].end)
            name = line[start:end]
            folded = key(name)
            if (
                len(name) < 2
                or folded in NOT_NAMES
                or folded in STOP["en"] - {"us", "who"}
                or (first == last and folded in TITLES)
            ):
                continue
            kind = _kind(words[first : last + 1], person, line[end : end + 12])
            found.append(Mention(Span(offset + start, offset + end), name, folded, kind))
    return found


@lru_cache(maxsize=4)  # the readers of one record ask for the same text, one after the other
def find(text: str, lang: str | None = None) -> tuple[Mention, ...]:
    """Named mentions of `text` in order, not overlapping; titles and possessive endings stand outside their spans.

    `lang` "de" asks for more than a capital, which every German noun has.
    """
    lines: list[tuple[int, str, list[Word], _Setting]] = []
    at = 0
    for line in text.splitlines(keepends=True):
        words = words_of(line)
        lines.append((at, line, words, _setting(words, lang == "de")))
        at += len(line)
    inside = _seen_inside(lines)
    mentions = [
        mention
        for at, line, words, setting in lines
        for mention in _mentions(line, at, replace(setting, inside=inside), words)
    ]
    people = {mention.key.split()[-1] for mention in mentions if mention.kind == "person" and " " in mention.key}
    return tuple(
        replace(mention, kind="person") if mention.kind == "name" and mention.key in people else mention
        for mention in mentions
    )
