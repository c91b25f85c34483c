"""A reading as a tree of dependencies: each word of the gate with its head, what it is to it, and its tag."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.gate.reading import Reading
from pipeline.parsing import Parse, parse

_ENDINGS = ("'s", "'re", "'ve", "'ll", "'d", "'m")


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """Dependencies over the words of a reading; labels are ClearNLP's, tags Penn Treebank's."""

    reading: Reading
    heads: tuple[int, ...]
    labels: tuple[str, ...]
    tags: tuple[str, ...]
    kids: tuple[tuple[int, ...], ...]

    def of(self, at: int, *labels: str) -> list[int]:
        """Children of a word with one of the labels."""
        return [kid for kid in self.kids[at] if self.labels[kid] in labels]

    def low(self, at: int) -> str:
        return self.reading.words[at].low

    def above(self, at: int) -> Iterator[int]:
        """Heads of a word, nearest first."""
        seen = {at}
        while self.heads[at] not in seen:
            at = self.heads[at]
            seen.add(at)
            yield at

    def verbal(self, at: int) -> bool:
        """Whether a word is a verb by its tag."""
        return self.tags[at].startswith("VB") or self.tags[at] == "MD"


def _pieces(reading: Reading) -> tuple[list[str], list[bool], list[int]]:
    """Words as the treebank cuts them, whether a space follows, and the gate's word that each belongs to."""
    words: list[str] = []
    spaces: list[bool] = []
    owners: list[int] = []
    for at, word in enumerate(reading.words):
        spaced = reading.text[word.end : word.end + 1].isspace()
        ending = next((end for end in _ENDINGS if word.text.lower().endswith(end) and len(word.text) > len(end)), "")
        for piece in (word.text[: len(word.text) - len(ending)], ending):
            if piece:
                words.append(piece)
                spaces.append(spaced and (piece == ending or not ending))
                owners.append(at)
    return words, spaces, owners


@lru_cache(maxsize=8192)
def tree(reading: Reading) -> Tree | None:
    """The tree of a reading; None where there is none to be had."""
    words, spaces, owners = _pieces(reading)
    found = parse(words, spaces)
    return None if found is None else _over_words(reading, found, owners)


def _over_words(reading: Reading, found: Parse, owners: list[int]) -> Tree:
    """A parse of pieces as one of words: the first piece of a word stands for it."""
    size = len(reading.words)
    heads, labels, tags = list(range(size)), ["ROOT"] * size, [""] * size
    for piece in reversed(range(len(owners))):
        at, head = owners[piece], found.heads[piece]
        if piece + 1 < len(owners) and owners[piece + 1] == at and owners[head] == at and head != piece:
            tags[at] = found.tags[piece]  # "it's": the pronoun hangs on its own verb
            continue
        heads[at], labels[at], tags[at] = owners[head], found.labels[piece], found.tags[piece]
        if owners[head] == at:
            heads[at], labels[at] = at, "ROOT"
    kids: list[list[int]] = [[] for _ in range(size)]
    for at, head in enumerate(heads):
        if head != at:
            kids[head].append(at)
    return Tree(reading, tuple(heads), tuple(labels), tuple(tags), tuple(tuple(sorted(kid)) for kid in kids))
