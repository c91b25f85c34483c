"""Roundups: records that tell of several events (digests, live blogs, morning briefings) become one part per event.

A record's claims are linked where they stand in one item, share a name or share enough words; what hangs together is
one thread (the cohesion idea of TextTiling: Hearst 1997). Only where three threads or more stand side by side, each
about somebody or something of its own, none of them most of the text, is the record cut. What the eye sees decides how
much more is asked: marked items (bullets, numbers, times of the day, headings) may be news of any kind, while plain
paragraphs are one article as soon as the title speaks of them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.claiming.assertions import Assertion, assertion
from pipeline.domain import Claim, Record
from pipeline.language import names
from pipeline.language.words import content
from pipeline.storylines import parts
from pipeline.storylines.parts import Part
from pipeline.terms import Frequencies

_FEWEST = 3  # threads that make a roundup, and items that make a layout
_MOST = 0.6  # share of the claims that one thread may hold
_SHARED = 2  # content words that link two claims without a shared name
_TELLING = 4.0  # nats: what a word must tell to tie two marked items
_SPEAKING = 3.0  # nats: what a word of a title must tell to speak of something
_HEADING = 16  # most words of a heading
_ANY = Frequencies()  # of texts of any kind
_LINE = re.compile(r"[^\n]++")
_MARK = re.compile(r"\s*+(?:[•·▪◦‣●■*–—-]\s|\(?\d{1,3}[.)]\s|\d{1,2}[:.h]\d{2}(?!\d))")
_CLOCK = re.compile(r"\s*+\d{1,2}[:.h]\d{2}(?!\d)")
_ENDED = tuple('.!?…:;,"”’»)。！？؟۔')
_PIECES = re.compile(r"[;|•·,:/–—]|\s-\s|\b(?:plus|and|y|et|und)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the items of a text begin (sorted, the first at 0), and whether these are marked as items.

    `listed` where the marks are bullets or numbers: one event has sections and hours too, but is seldom a list.
    """

    starts: tuple[int, ...]
    marked: bool
    listed: bool = False

    def item(self, claim: Claim) -> int:
        """The number of the item that a claim stands in."""
        return bisect_right(self.starts, claim.evidence[0].start) - 1


def parts_of(
    record: Record, claims: Sequence[Claim], found: Sequence[Sequence[str]], origin_id: str | None
) -> tuple[Part, ...]:
    """The parts of `record`, one for most records; of a roundup those that its `threads`, by ids of claims, make."""
    if len(found) < 2:
        return (parts.whole(record, claims, origin_id or record.id),)
    by_id = {claim.id: claim for claim in claims}
    return tuple(parts.portion(record, [by_id[key] for key in thread], origin_id or record.id) for thread in found)


def threads(record: Record, claims: Sequence[Claim]) -> list[tuple[Claim, ...]]:
    """The claims of a record by the event they tell of: all in one, unless it is a roundup.

    Headline claims go with the thread they are linked to, else with the first.
    """
    body = [claim for claim in claims if not claim.in_headline]
    if len(body) < _FEWEST:
        return [tuple(claims)]
    seen = layout(record.text)
    groups = _linked([assertion(claim) for claim in body], seen)
    named = sum(any(one.names for one in group) for group in groups)
    if named < _FEWEST or max(map(len, groups)) > _MOST * len(body) or _of_one(record.title, groups, seen):
        return [tuple(claims)]
    for headline in (assertion(claim) for claim in claims if claim.in_headline):
        home = next((group for group in groups if any(_link(headline, one) for one in group)), groups[0])
        home.append(headline)
    return [tuple(sorted((one.claim for one in group), key=lambda claim: claim.evidence[0].start)) for group in groups]


def layout(text: str) -> Layout:
    """How a text is laid out: marked items, headed sections, else paragraphs, else lines."""
    lines = [(match.start(), match.group()) for match in _LINE.finditer(text)]
    marked = [start for start, line in lines if _MARK.match(line)]
    if len(marked) >= _FEWEST:
        listed = not any(_CLOCK.match(text, start) for start in marked)
        return Layout(_from_zero([*marked, *_after_list(text, lines, marked[-1])]), marked=True, listed=listed)
    pairs = pairwise(lines)
    headed = [start for (start, line), (_, below) in pairs if _is_heading(line) and not _is_heading(below)]
    if len(headed) > _FEWEST or (len(headed) == _FEWEST and headed[0] > 0):
        return Layout(_from_zero(headed), marked=True)
    paragraphs = [start for start, _ in lines if text[max(0, start - 2) : start] in ("", "\n\n")]
    return Layout(_from_zero(paragraphs if len(paragraphs) >= _FEWEST else [start for start, _ in lines]), marked=False)


def _from_zero(starts: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted({0, *starts}))


def _after_list(text: str, lines: Sequence[tuple[int, str]], last: int) -> list[int]:
    """Where what follows a list begins; entries under a time of the day go on over paragraphs, other items do not."""
    if _CLOCK.match(text, last):
        return []
    return [start for start, _ in lines if start > last and text[start - 2 : start] == "\n\n"][:1]


def _is_heading(line: str) -> bool:
    """Whether a line is short and ends as no sentence does."""
    bare = line.rstrip()
    return bool(bare) and not bare.endswith(_ENDED) and 2 <= len(bare.split(None, _HEADING)) <= _HEADING


def _of_one(title: str, groups: Sequence[Sequence[Assertion]], seen: Layout) -> bool:
    """Whether the title says that all threads are of one event.

    It does when it speaks of any of them, as an article's title speaks of its lead, unless it lists several; of marked
    items it must name more than one word, or be one word. The title of a list may be that of its first item; a list
    of a few sentences is too little to tell.
    """
    words = [set().union(*(one.words for one in group)) for group in groups]
    said = _said(title)
    least = min(2, len(said)) if seen.marked else 1
    spoken = [at for at, held in enumerate(words) if said and len(held & said) >= least]
    if len(spoken) == 1 and seen.listed:
        return sum(map(len, groups)) <= _FEWEST
    lead = seen.marked or len(spoken) > 1 or spoken == [0]  # an article's title speaks of what it begins with
    return bool(spoken) and lead and not _lists(title, words)


def _said(title: str) -> set[str]:
    """The words of a title that say what it is about."""
    return {word for word in content(title) if _ANY.weight(word) >= _SPEAKING}


def _lists(title: str, words: Sequence[set[str]]) -> bool:
    """Whether each piece of a title speaks of one thread at most, and at least two of them of different ones."""
    told = [{at for at, held in enumerate(words) if held & _said(piece)} for piece in _PIECES.split(title) if piece]
    return all(len(one) <= 1 for one in told) and len(set().union(*told)) >= 2


def _linked(told: Sequence[Assertion], seen: Layout) -> list[list[Assertion]]:
    """Connected groups of claims, each in order.

    Claims of one item belong together; a claim with a context ("It") or without a name follows the one before it,
    in marked items within its own.
    """
    home = list(range(len(told)))
    items = [seen.item(one.claim) for one in told]

    def root(at: int) -> int:
        while home[at] != at:
            at = home[at]
        return at

    for at, one in enumerate(told):
        for earlier in range(at):
            same = seen.marked and items[earlier] == items[at]
            follows = earlier == at - 1 and not seen.marked and (one.claim.context is not None or not one.names)
            if same or follows or (root(at) != root(earlier) and _link(one, told[earlier], marked=seen.marked)):
                home[root(at)] = root(earlier)
    groups: dict[int, list[Assertion]] = {}
    for at, one in enumerate(told):
        groups.setdefault(root(at), []).append(one)
    return sorted(groups.values(), key=lambda group: group[0].claim.evidence[0].start)


def _link(a: Assertion, b: Assertion, *, marked: bool = False) -> bool:
    """Whether two claims of one record speak of the same thing: a shared name, or enough shared words.

    Words that many texts hold do not tie items that stand apart on the page.
    """
    if any(names.same(one, other) for one in a.names for other in b.names):
        return True
    shared = a.words & b.words
    return sum(not marked or _ANY.weight(word) >= _TELLING for word in shared) >= _SHARED
