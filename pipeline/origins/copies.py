"""Copies: whether one text was made from another, and which pairs of many texts are worth asking.

Pure. Candidates come from MinHash with banding (Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, ch. 3), which
finds texts that are alike, and from shingles sampled by their hash (Manber 1994), which finds a short text inside a
long one; each is confirmed by exact overlap of what was written outside quotations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.origins.faces import Face, Grams, body_of, cased
from pipeline.origins.traces import FRAME, WRITTEN, Trace, among, holders
from pipeline.outlets import outlet

NEAR = timedelta(days=4)
_DAY = timedelta(days=1)
_MEETINGS = 3  # sampled shingles that make a pair worth asking
_SPREAD = 12  # earliest holders of something common that later ones are compared with
_JACCARD, _CONTAINED, _MOST = 0.55, 0.75, 0.5
_RUN, _PASSAGE = 20, 40  # shingles that a text has in common with one that holds it, with one that holds most of it
_SHORT = 25  # body words below which a text must be repeated almost word for word
_HEADLINE = 8  # words of a headline that two desks do not both hit on
_FRAME_ALIKE = 0.8
_BANDS_ALIKE = 4  # of 42 bands of three rows: at 0.8 alike fewer than that happens once in a thousand million times
_LITTLE = 60  # words or shingles below which a pair is asked about whatever it shares
_LEAST = 0.25  # share of the shorter one's shingles below which no rule takes two texts for one


# --- two texts -------------------------------------------------------------------------------------------------------


def _overlap(a: Grams, b: Grams) -> tuple[float, float, int]:
    """Jaccard similarity, containment of the smaller in the larger, and the number that both have."""
    if not len(a) or not len(b):
        return 0.0, 0.0, 0
    shared = len(np.intersect1d(a, b, assume_unique=True))
    return shared / (len(a) + len(b) - shared), shared / min(len(a), len(b)), shared


def _coefficient(a: frozenset[str], b: frozenset[str]) -> float:
    """Share of the smaller set that the larger holds."""
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def told_again(a: Face, b: Face) -> bool:
    """Whether two records of one voice tell one thing: they share much of headline and lead, and no figure differs.

    Outlets follow up what they told and fill in forms, so one outlet must say nearly the same within a day. Of two
    outlets with one owner, which write in their own words, less is asked: the owner was named to have them count once.
    """
    if _other_figures(a, b):
        return False
    apart = abs(a.record.published - b.record.published)
    shared, alike = len(a.stems & b.stems), _coefficient(a.stems, b.stems)
    if outlet(a.record) != outlet(b.record):
        much = (shared >= 5 and alike >= 0.4) or (shared >= 8 and alike >= 0.3)
        return apart <= 2 * _DAY and much and bool(a.subject & b.stems and b.subject & a.stems)
    held = max(len(one.subject & other.stems) / max(1, len(one.subject)) for one, other in ((a, b), (b, a)))
    same_head = one_head(a.subject, b.subject) and held >= 0.9
    return apart <= _DAY and same_head and shared >= 8 and alike >= 0.5


def one_head(a: Iterable[str], b: Iterable[str]) -> bool:
    """Whether two headlines of one outlet have so many words in common that they may be of one thing."""
    mine, theirs = frozenset(a), frozenset(b)
    return len(mine & theirs) >= 4 and _coefficient(mine, theirs) >= 0.6


def _other_figures(a: Face, b: Face) -> bool:
    """Whether each of two headlines has a figure that the other lacks: instalments of a series."""
    mine, theirs = ({word for word in one.title if word[0].isdigit()} for one in (a, b))
    return bool(mine - theirs and theirs - mine)


def copied(a: Face, b: Face) -> str | None:
    """Why one of two records is a copy of the other, or None."""
    near = abs(a.record.published - b.record.published) <= NEAR
    same_title = bool(a.title) and a.title == b.title
    if a.address and a.address == b.address:
        least = min(len(a.stems), len(b.stems))
        if same_title or least < 4 or _coefficient(a.stems, b.stems) >= 1 / 3:
            return "same address"
    if a.voice and a.voice == b.voice and _other_figures(a, b) and a.body != b.body:
        return None
    return (_headed(a, b, near) if same_title else None) or _worded(a, b, same_title and near)


def _headed(a: Face, b: Face, near: bool) -> str | None:
    """The rules for two records with one headline."""
    short = min(len(a.body), len(b.body))
    again = near and len(a.title) >= 4 and a.voice != "" and a.voice == b.voice
    daily = short > 0 and abs(a.record.published - b.record.published) >= 0.75 * _DAY  # perhaps the next instalment
    shared = _overlap(a.grams, b.grams)[1]
    if again and ((short < 8 and not daily) or shared >= (0.6 if daily else 0.2)):
        return "same outlet, same headline"
    if a.body == b.body and len(a.title) + len(a.body) >= 8:
        return "same headline and text"
    if near and len(a.title) >= _HEADLINE and (not a.body or not b.body):
        return "same headline"
    return None


def _worded(a: Face, b: Face, same_title: bool) -> str | None:  # noqa: PLR0911 - one return per rule
    """The rules for the wording of two texts; `same_title`: under one headline within days."""
    short = min(len(a.body), len(b.body))
    if short < _SHORT:
        jaccard, contained, _ = _overlap(a.grams, b.grams)
        if short >= 8 and (jaccard >= 0.9 or (same_title and contained >= 0.8) or _reposted(a, b)):
            return "same text"
        return None
    if min(len(a.written), len(b.written)) < WRITTEN:
        return "same text" if _overlap(a.grams, b.grams)[0] >= 0.9 else None
    jaccard, contained, shared = _overlap(a.written, b.written)
    if jaccard >= _JACCARD:
        return "near-identical text"
    if contained >= _CONTAINED and shared >= _RUN and _begins_alike(a, b):
        return "text contained in the other"
    if contained >= _MOST and shared >= _PASSAGE and _begins_alike(a, b):
        return "most of the text is the other's"
    if same_title and len(a.title) >= _HEADLINE and contained >= 0.3:
        return "same headline, shared text"
    return _quoted(a, b, contained if shared >= WRITTEN else 0.0) or _altered(a, b)


def _begins_alike(a: Face, b: Face) -> bool:
    """Whether the shorter text is the longer one cut, which keeps the beginning: roundups hold others in the middle."""
    short, long = sorted((a, b), key=lambda one: len(one.written))
    if len(long.written) <= 2 * len(short.written):
        return True
    return _overlap(long.lead, short.written)[2] >= 0.5 * len(long.lead)


def _reposted(a: Face, b: Face) -> bool:
    """Whether two short posts are one with a word or two exchanged, none of them a figure or a name."""
    if {a.record.kind, b.record.kind} - {"post", "comment"}:
        return False
    mine, theirs = set(a.body), set(b.body)
    if len(mine & theirs) < 0.8 * len(mine | theirs):
        return False
    written = {word.casefold(): word for one in (a, b) for word in cased(body_of(one.record)[1:])}
    return not any(word[0].isdigit() or written.get(word, word)[0].isupper() for word in mine ^ theirs)


def _quoted(a: Face, b: Face, contained: float) -> str | None:
    """Shared long quotations: one of them with shared wording around it, or nearly all there are, in one order."""
    shared = [quote for quote in a.quotes if quote in set(b.quotes)]
    if not shared:
        return None
    if contained >= 0.25:
        return "shared quotation and text"
    least = min(len(a.quotes), len(b.quotes))
    ordered = shared == [quote for quote in b.quotes if quote in set(shared)]
    if len(shared) >= 3 and len(shared) >= 0.8 * least and ordered and _coefficient(a.stems, b.stems) >= 0.5:
        return "the same quotations in the same order"
    return None


def _altered(a: Face, b: Face) -> str | None:
    """Sentences that two outlets share but for their names and figures: machine-made variants of one text."""
    if a.voice == b.voice or min(len(a.frame), len(b.frame)) < FRAME or not a.subject & b.subject:
        return None
    return "same sentences, other names or figures" if _overlap(a.frame, b.frame)[0] >= _FRAME_ALIKE else None


# --- candidates ------------------------------------------------------------------------------------------------------


def pairs(found: Sequence[Trace], fresh: Collection[int] | None = None) -> dict[int, list[int]]:
    """Index -> earlier indices worth asking: with an address, headline, quotation, beginning or shingles in common.

    What many hold makes pairs with its earliest holders only, so that copies of one text cost no more than others.
    One index of each pair is `fresh`; None: all are.
    """
    new = np.zeros(len(found), np.bool_)
    new[sorted(fresh) if fresh is not None else slice(None)] = True
    sure = _meet(found, lambda one: one.exact, new, least=1)
    alike = [
        _meet(found, lambda one: one.bands, new, least=1),
        _meet(found, lambda one: one.forms, new, least=1),
        _meet(found, lambda one: one.sampled, new, least=_MEETINGS),
    ]
    asked: dict[int, set[int]] = defaultdict(set)
    for later, earlier in sure.tolist():
        asked[later].add(earlier)
    for later, earlier in np.unique(np.concatenate(alike), axis=0).tolist():
        if earlier not in asked.get(later, ()) and _perhaps(found[later], found[earlier]):
            asked[later].add(earlier)
    return {later: sorted(earlier) for later, earlier in asked.items()}


def _perhaps(a: Trace, b: Trace) -> bool:
    """Whether two texts that have some shingles in common can be copies at all, before their words are looked at.

    Every rule for texts of some length asks for a quarter of the shorter one's shingles, for the same quotations, or
    for the same form; shortened hashes can only make the share larger.
    """
    least = min(len(a.written), len(b.written))
    if least < _LITTLE or min(a.words, b.words) < _LITTLE:
        return True
    if among(a.exact, b.exact).any():
        return True
    if a.voice != b.voice and not set(a.subject).isdisjoint(b.subject) and _formed_alike(a, b):
        return True
    return int(np.count_nonzero(among(a.written, b.written))) >= _LEAST * least


def _formed_alike(a: Trace, b: Trace) -> bool:
    """Whether two forms can be as alike as `_altered` asks: then they share half of the bands, four all but surely."""
    return int(np.count_nonzero(among(a.forms, np.sort(b.forms)))) >= _BANDS_ALIKE


def _meet(
    found: Sequence[Trace], part: Callable[[Trace], NDArray[Any]], new: NDArray[np.bool_], *, least: int
) -> NDArray[np.int64]:
    """Pairs of holders (later, earlier) of at least `least` keys, each key's holders with its earliest twelve.

    At least one of each pair is `new`: keys that nothing new holds are left out first.
    """
    mine = [part(found[at]) for at in np.flatnonzero(new).tolist()]
    if not mine:
        return np.empty((0, 2), np.int64)
    key, places = holders(found, part, np.unique(np.concatenate(mine)))
    holder = places.astype(np.int64)
    order = np.lexsort((holder, key))
    key, holder = key[order], holder[order]
    begins = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if len(key) else np.empty(0, np.int64)
    sizes = np.diff(np.append(begins, len(key)))
    first = np.repeat(begins, sizes)
    place = np.arange(len(key)) - first
    width, codes = len(found), []
    for back in range(_SPREAD):
        after = np.flatnonzero(place > back)
        later, earlier = holder[after], holder[first[after] + back]
        asked = (new[later] | new[earlier]) & (later != earlier)
        codes.append(later[asked] * width + earlier[asked])
    every, counts = np.unique(np.concatenate(codes), return_counts=True)
    every = every[counts >= least]
    return np.stack([every // width, every % width], axis=1)
