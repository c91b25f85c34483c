"""Reasons: why a part is in its storyline, in words that a person can check against both texts."""

from __future__ import annotations

import math
from functools import lru_cache

from pipeline.language import names, quantities
from pipeline.language.words import fold, stem, tokens
from pipeline.storylines import Place
from pipeline.terms import Frequencies, Terms, count

_MOST = 4
_READ = 4000  # characters of each text that are compared
_TITLE = 90


def membership(place: Place, frequencies: Frequencies) -> str:
    """What a part shares with the part it is closest to: names, numbers, then the rarest words. One line."""
    if place.nearest is None:
        return "first of its storyline"
    mine, other = place.part.text[:_READ], place.nearest.text[:_READ]
    shared = [*_names(mine, other), *_numbers(mine, other)][:_MOST]
    words = [f"'{word}'" for word in _words(mine, count(other), frequencies) if not _told(word, shared)]
    shared += words[: max(0, _MOST - len(shared))]
    what = ", ".join(shared[:-1]) + (" and " if len(shared) > 1 else "") + shared[-1] if shared else "its wording"
    title = " ".join(place.nearest.title.split())
    short = title if len(title) <= _TITLE else title[: _TITLE - 1].rsplit(" ", 1)[0] + "…"
    return f"shares {what} with “{short}” ({place.nearest.publisher}), closeness {place.strength:.2f}"


def _names(mine: str, other: str) -> list[str]:
    """Names that both texts hold, as the first writes them."""
    theirs = {key for key, _ in _mentioned(other)}
    found = {key: text for key, text in _mentioned(mine) if key in theirs}
    return list(dict.fromkeys(" ".join(text.split()) for text in found.values()))[:3]


@lru_cache(maxsize=4096)
def _mentioned(text: str) -> tuple[tuple[str, str], ...]:
    """Key and text of every name in `text`; kept, because one text is the neighbour of many."""
    return tuple((mention.key, mention.text) for mention in names.find(text))


def _numbers(mine: str, other: str) -> list[str]:
    """Quantities with a unit or a counted thing that both texts hold, as the first writes them."""
    theirs = quantities.find(other)
    found = [
        number.text
        for number in quantities.find(mine)
        if (number.unit or number.noun) and any(quantities.equal(number, one) for one in theirs)
    ]
    return list(dict.fromkeys(" ".join(text.split()) for text in found))[:2]


def _words(mine: str, theirs: Terms, frequencies: Frequencies) -> list[str]:
    """Content words that both texts hold, the most telling first, as the first text writes them."""
    written: dict[str, str] = {}
    for token in tokens(mine):
        root = stem(token)
        if root in theirs and len(token) > 3:
            written.setdefault(root, token)
    often = count(mine)

    def telling(root: str) -> float:
        both = (1 + math.log(max(1, often.get(root, 1)))) * (1 + math.log(theirs[root]))
        return round(frequencies.weight(root) ** 2 * both, 6)

    return [written[root] for root in sorted(written, key=lambda root: (-telling(root), root))]


def _told(word: str, shared: list[str]) -> bool:
    """Whether a word is part of something already named."""
    return any(word in map(fold, name.split()) for name in shared)
