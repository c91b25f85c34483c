"""Reasons: why a part is in its storyline, and why storylines split or merged, in words that a person can check.

Every feature can be looked up in the texts: names and numbers both hold, the rarest shared words with the number of
texts that hold them, words of both titles, the time between them, and the nearest text by its title and publisher.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from pipeline.domain import Quantity, Storyline, Turn, TurnKind
from pipeline.language import names, orders, quantities
from pipeline.language.words import content, fold, stem, tokens
from pipeline.spans import span
from pipeline.storylines.parts import Part
from pipeline.storylines.seams import Seam, Side
from pipeline.storylines.weaving import Place
from pipeline.terms import Frequencies, Terms, count

_MOST = 4
_READ = 4000  # characters of each text that are compared
_TITLE = 90
_TOLD = 20  # newest parts of a side whose words are compared
_HELD = 0.5  # share of a side's parts that makes a word that side's


def membership(place: Place, frequencies: Frequencies) -> str:
    """What a part shares with the part it is closest to: names, numbers, then the rarest words. One line."""
    if place.nearest is None:
        return "first of its storyline"
    mine, other = (orders.without(one.text[:_READ]) for one in (place.part, place.nearest))
    shared = [*_names(mine, other), *_numbers(mine, other)][:_MOST]
    if len(shared) < _MOST:
        words = [word for word in _words(mine, _counts(other), frequencies) if not _told(word, shared)]
        more = words[: _MOST - len(shared)]
        shared += [f"'{word}'{'' if at else _rarity(word, frequencies)}" for at, word in enumerate(more)]
    what = _listed(shared) or "its wording"
    features = [f"shares {what} with {_titled(place.nearest)}", _apart(place.part, place.nearest)]
    if titles := _titles(place.part, place.nearest):
        features.append(titles)
    return f"{', '.join(features)}, closeness {place.strength:.2f}"


def turns(seams: Sequence[Seam], frequencies: Frequencies, now: datetime) -> dict[str, tuple[Turn, ...]]:
    """What happened tonight to each storyline that split or merged: storyline id -> its turns, in order of `seams`."""
    found: dict[str, list[Turn]] = {}
    for seam in seams:
        why = _merge(seam, frequencies) if seam.merged else _split(seam, frequencies)
        kinds = (TurnKind.TOOK_IN, TurnKind.MERGED_INTO) if seam.merged else (TurnKind.SPLIT_OFF, TurnKind.SPLIT_FROM)
        for kind, own, other in zip(kinds, (seam.stays, seam.goes), (seam.goes, seam.stays), strict=True):
            found.setdefault(own.storyline_id, []).append(Turn(kind, now, other.storyline_id, other.label, why))
    return {key: tuple(told) for key, told in found.items()}


def moved(merged: bool, other: Storyline | None, other_id: str, *, here: bool) -> str:
    """Why a claim that was in one storyline is in another now; `here` for the storyline that it came to."""
    label = f" {_quoted(other.label)}" if other else ""
    return f"{'merged' if merged else 'split'}: {'was' if here else 'now'} in {other_id}{label}"


def _merge(seam: Seam, frequencies: Frequencies) -> str:
    """Why two storylines are one."""
    shared = _listed([f"'{word}'" for word in _common(seam.stays, seam.goes, frequencies)[:_MOST]])
    both = f"; both speak of {shared}" if shared else ""
    bridge = f"; {_titled(seam.bridge)} of tonight is close to both" if seam.bridge else ""
    return (
        f"{_counted(seam.goes)} of {_quoted(seam.goes.label)} joined {_counted(seam.stays)} of "
        f"{_quoted(seam.stays.label)}: closeness across {seam.across:.2f}{_inside(seam)}, "
        f"{seam.asked:.2f} holds a storyline together{both}{bridge}"
    )


def _split(seam: Seam, frequencies: Frequencies) -> str:
    """Why one storyline is two."""
    ours, theirs = (
        _listed([f"'{word}'" for word in _own(side, other, frequencies)[:_MOST]])
        for side, other in ((seam.stays, seam.goes), (seam.goes, seam.stays))
    )
    words = f"; the first alone speaks of {ours}, the second of {theirs}" if ours and theirs else ""
    return (
        f"{_counted(seam.goes)}, now {_quoted(seam.goes.label)}, left {_counted(seam.stays)} of "
        f"{_quoted(seam.stays.label)}, which keeps the id as the side of most origins: closeness across "
        f"{seam.across:.2f}{_inside(seam)}{words}"
    )


def _inside(seam: Seam) -> str:
    """How close each side is in itself, the one that stays first."""
    told = [f"{side.within:.2f}" if side.within is not None else "one text" for side in (seam.stays, seam.goes)]
    return f" (inside the sides {told[0]} and {told[1]})"


def _counted(side: Side) -> str:
    """How much a side holds."""
    records = len({part.record_id for part in side.parts})
    return f"{records} record{'' if records == 1 else 's'} of {side.origins} origin{'' if side.origins == 1 else 's'}"


def _held(side: Side) -> dict[str, float]:
    """Stem -> share of a side's newest parts that hold it, for those that enough of them hold."""
    newest = sorted(side.parts, key=lambda part: (part.published, part.key))[-_TOLD:]
    counts = Counter(word for part in newest for word in count(part.text[:_READ]))
    return {word: number / len(newest) for word, number in counts.items() if number >= _HELD * len(newest)}


def _common(a: Side, b: Side, frequencies: Frequencies) -> list[str]:
    """Words that both sides speak of, the most telling first, as they are written."""
    here, there = _held(a), _held(b)
    return _foremost({word: min(here[word], there[word]) for word in here if word in there}, a, frequencies)


def _own(side: Side, other: Side, frequencies: Frequencies) -> list[str]:
    """Words that a side speaks of and the other does not, the most telling first, as they are written."""
    foreign = {word for part in other.parts for word in count(part.text[:_READ])}
    return _foremost({word: share for word, share in _held(side).items() if word not in foreign}, side, frequencies)


def _foremost(shares: dict[str, float], side: Side, frequencies: Frequencies) -> list[str]:
    """Stems by what they tell, as `side` writes them; short ones tell a person nothing."""
    written: dict[str, str] = {}
    for part in sorted(side.parts, key=lambda part: (part.published, part.key))[-_TOLD:]:
        for token in tokens(part.text[:_READ]):
            if len(token) > 3:
                written.setdefault(stem(token), token)
    order = sorted(shares, key=lambda word: (-round(frequencies.weight(word) * shares[word], 6), word))
    return [written[word] for word in order if word in written]


def _rarity(word: str, frequencies: Frequencies) -> str:
    """In how many of the texts compared tonight a word stands."""
    number = frequencies.counts.get(stem(word), 0)
    return f" (in {number:,} of {frequencies.documents:,} texts)" if number else ""


def _apart(part: Part, nearest: Part) -> str:
    """The time between two parts."""
    if part.doubtful or nearest.doubtful:
        return "at an uncertain date"
    gap = abs(part.published - nearest.published)
    return f"published {span(gap)} apart" if gap >= timedelta(minutes=1) else "published at the same time"


def _titles(part: Part, nearest: Part) -> str:
    """How many words of the shorter title the other holds (overlap coefficient); nothing for posts without a title."""
    if part.post or nearest.post:
        return ""
    mine, other = set(content(part.title)), set(content(nearest.title))
    least = min(len(mine), len(other))
    return f"titles share {len(mine & other)} of {least} word{'' if least == 1 else 's'}" if least else ""


def _titled(part: Part) -> str:
    return f"{_quoted(part.title)} ({part.publisher})"


def _quoted(text: str) -> str:
    """A title in quotation marks, cut to what a line can hold."""
    title = " ".join(text.split())
    short = title if len(title) <= _TITLE else title[: _TITLE - 1].rsplit(" ", 1)[0] + "…"
    return f"“{short}”"


def _listed(items: Sequence[str]) -> str:
    return ", ".join(items[:-1]) + (" and " if len(items) > 1 else "") + items[-1] if items else ""


def _names(mine: str, other: str) -> list[str]:
    """Names that both texts hold, as the first writes them."""
    theirs = {key for key, _ in _mentioned(other)}
    found = {key: text for key, text in _mentioned(mine) if key in theirs}
    return list(dict.fromkeys(" ".join(text.split()) for text in found.values()))[:3]


@lru_cache(maxsize=4096)
def _mentioned(text: str) -> tuple[tuple[str, str], ...]:
    """Key and text of every name in `text`; kept, because one text is the neighbour of many."""
    return tuple((mention.key, mention.text) for mention in names.find(text))


@lru_cache(maxsize=1024)
def _quantities(text: str) -> tuple[Quantity, ...]:
    return quantities.find(text)


@lru_cache(maxsize=1024)
def _counts(text: str) -> Terms:
    return count(text)


def _numbers(mine: str, other: str) -> list[str]:
    """Quantities with a unit or a counted thing that both texts hold, as the first writes them."""
    theirs = _quantities(other)
    found = [
        number.text
        for number in _quantities(mine)
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
    often = _counts(mine)

    def telling(root: str) -> float:
        both = (1 + math.log(max(1, often.get(root, 1)))) * (1 + math.log(theirs[root]))
        return round(frequencies.weight(root) ** 2 * both, 6)

    return [written[root] for root in sorted(written, key=lambda root: (-telling(root), root))]


def _told(word: str, shared: list[str]) -> bool:
    """Whether a word is part of something already named."""
    return any(word in map(fold, name.split()) for name in shared)
