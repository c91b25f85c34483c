"""Keys of names: one folded form per name, and whether two of them can name one thing."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pipeline.language.lexicon import (
    CORPORATE,
    DEMONYMS,
    FIXED,
    ORGANISATION,
    PARTICLES,
    PLACE,
    TITLES,
    country_of,
)
from pipeline.language.words import STOP


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """A word without case, possessive and the dots of an abbreviation."""
    folded = word.casefold().replace("’", "'")
    for ending in ("'s", "'"):
        if folded.endswith(ending) and len(folded) > len(ending):
            folded = folded[: -len(ending)]
    return re.sub(r"\.(?!\d)", "", folded) or folded


@lru_cache(maxsize=65536)
def key(name: str) -> str:
    """The folded form of a name: no case, articles, titles, possessives, dots or corporate endings."""
    words = [fold(word) for word in re.split(r"[\s,]+", unicodedata.normalize("NFC", name)) if word]
    while len(words) > 1 and (words[0] in ("the", "a", "an") or words[0] in TITLES):
        words.pop(0)
    while len(words) > 1 and words[-1] in CORPORATE:
        words.pop()
    return " ".join(words)


def _initials(words: list[str]) -> set[str]:
    """Acronyms of a name, with and without its small words."""
    full = "".join(word[0] for word in words)
    bare = "".join(word[0] for word in words if word not in STOP["en"] and word not in PARTICLES)
    return {full, bare}


@lru_cache(maxsize=65536)
def same(key_a: str, key_b: str) -> bool:
    """Whether two keys can name one thing: a last name and its full name, a firm with and without "Interconnection",
    an acronym and its expansion, a country and its adjective."""
    if not key_a or not key_b:
        return False
    if key_a == key_b or country_of(key_a) == key_b or country_of(key_b) == key_a:
        return True
    short, long = sorted((key_a.split(), key_b.split()), key=lambda words: (len(words), words))
    if len(short) == 1 and len(long) > 1 and len(short[0]) >= 2 and short[0] in _initials(long):
        return True
    if len(short) < len(long):
        rest = long[len(short) :]
        if long[: len(short)] == short and all(word in ORGANISATION | CORPORATE for word in rest):
            return True
        plain = not any(word in ORGANISATION | PLACE | STOP["en"] for word in long) and long[0] not in FIXED
        return (
            plain
            and len(short) == 1
            and len(long) <= 4
            and long[-1] == short[0]
            and len(short[0]) > 2
            and short[0].isalpha()
        )
    return len(short) == 1 and _adjective(key_a, key_b)


def _adjective(a: str, b: str) -> bool:
    """Whether one key is the demonym of the other by its spelling ("russian", "russia")."""
    demonym, country = (a, b) if a in DEMONYMS else (b, a)
    stem = country.rstrip("aeiouy")
    return (
        demonym in DEMONYMS
        and country not in DEMONYMS
        and len(stem) >= 3
        and demonym.startswith(stem)
        and len(demonym) - len(stem) <= 4
    )
