"""The words of a line as they are written: capitals, places, gaps; compounds of two names are split."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.language.keys import fold
from pipeline.language.lexicon import DEMONYMS, UNITED

_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}|(?:Mr|Mrs|Ms|Dr|St|Sen|Rep|Gov|Gen|Prof|Jr|Sr|Inc|Corp|Co|Ltd|Lt|Col|Sgt|Capt|Rev|Hon)\."
    r"|[A-Z]\.(?= [A-Z])|[^\W\d_](?:[\w+]|['’.&-](?=[^\W_]))*|&|\d+(?:[.-]?\w+)*"
)
_LONGEST = 60  # code points; longer runs are no words
_COMPOUND = re.compile(r"(?P<head>[A-Z][\w.]*(?:-[A-Z]\w*)*)-[a-z]{3,}(?:['’]s)?$")


class Word(NamedTuple):
    """A word of a line: where it stands, its folded form, and the gap before it."""

    text: str
    start: int
    end: int
    folded: str
    gap: str

    @property
    def upper(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[0].isupper()

    @property
    def joined(self) -> bool:
        """Whether only a space stands before it."""
        return self.gap in (" ", "\u00a0")


def words_of(line: str) -> list[Word]:
    """Words of a line with the gaps between them."""
    found, at = [], 0
    for match in _WORD.finditer(line):
        start, end = match.span()
        if end - start <= _LONGEST:
            for first, last in _split(match.group()):
                word = line[start + first : start + last]
                found.append(
                    Word(
                        word, start + first, start + last, fold(word), line[max(at, start + first - 8) : start + first]
                    )
                )
                at = start + last
        else:
            at = end
    return found


def _split(word: str) -> tuple[tuple[int, int], ...]:
    """Parts of a compound that are names by themselves: "US-China" is two, "China-based" is its head."""
    if "-" not in word:
        return ((0, len(word)),)
    compound = _COMPOUND.match(word)
    if compound:
        return ((0, compound.end("head")),)
    head, _, tail = word.partition("-")
    if head in UNITED or (head.casefold() in DEMONYMS and tail[:1].isupper()):
        return (0, len(head)), (len(head) + 1, len(word))
    return ((0, len(word)),)
