"""Names that stand for each other: a country and its people, a name and its initials.

Demonyms whose spelling does not show their country (CIA World Factbook, field "Nationality") are listed; the
others, and plurals, are told by their endings.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

_DEMONYMS = """
afghanistan afghan afghans|argentina argentine argentinian|belgium belgian|britain british briton britons
|catalonia catalan|congo congolese|cyprus cypriot|czechia czech|denmark danish dane danes|england english
|europe european|finland finnish finn finns|france french|germany german germans|greece greek greeks
|greenland greenlandic|iceland icelandic|ireland irish|kazakhstan kazakh|kosovo kosovar|kyrgyzstan kyrgyz
|laos lao laotian|lebanon lebanese|luxembourg luxembourgish|malta maltese|monaco monegasque|netherlands dutch
|norway norwegian|peru peruvian|philippines philippine filipino filipinos|poland polish pole poles
|portugal portuguese|scotland scottish scots|slovakia slovak|slovenia slovene slovenian|spain spanish
|sweden swedish swede swedes|switzerland swiss|tajikistan tajik|thailand thai|turkey turkish|turkmenistan turkmen
|ukraine ukrainian|uzbekistan uzbek|vietnam vietnamese|wales welsh|usa american america|uk british britain
|madagascar malagasy
"""
_COUNTRIES: dict[str, frozenset[int]] = {}
for _number, _entry in enumerate(" ".join(_DEMONYMS.split()).split("|")):
    for _word in _entry.split():
        _COUNTRIES[_word] = _COUNTRIES.get(_word, frozenset()) | {_number}
_APART = frozenset({("niger", "nigerian"), ("austria", "australian"), ("guinea", "guinean")})
_SMALL = frozenset("of the and for de la du des".split())


@lru_cache(maxsize=65536)
def same_name(first: str, second: str) -> bool:
    """Whether two folded name words are one: possessive, plural, demonym."""
    if first == second:
        return True
    if _COUNTRIES.get(first, frozenset()) & _COUNTRIES.get(second, frozenset()):
        return True
    shorter, longer = sorted((first, second), key=len)
    if (shorter, longer) in _APART:
        return False
    return len(shorter) >= 4 and (
        (
            longer.startswith(shorter)
            and longer[len(shorter) :] in ("s", "n", "an", "ian", "ese", "ish", "i", "es", "ans", "ns")
        )
        or (
            longer.startswith(shorter[:-1])
            and longer[len(shorter) - 1 :] in ("ian", "ish", "ese", "an", "ean", "ians", "ic")
        )
    )


def initials(words: Sequence[str], short: str) -> bool:
    """Whether `short` is made of the first letters of consecutive `words` (folded): "who" of World Health Organization.

    Small words between ("of", "the") may count or not.
    """
    short = short.partition("-")[0].replace("usa", "us")
    if len(short) < 2:
        return False
    for start in range(len(words)):
        for kept in (words[start:], [word for word in words[start:] if word not in _SMALL]):
            if len(kept) >= len(short) and "".join(word[0] for word in kept[: len(short)]) == short:
                return True
    return False
