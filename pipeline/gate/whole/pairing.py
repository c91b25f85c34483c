"""One sentence beside all the spans that it rests on: which of its words each span holds, and how rare each word is.

Rarity is the word's place in a table of general English news (`rarity.tsv`: stems and the number of texts, of some
56,000 short ones, that hold them), 0 for a word in every text, 1 for one in none. The spans are all that is looked at.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from pipeline.gate.alignment import Alignment, align, figure_words, needed
from pipeline.gate.reading import Reading, read
from pipeline.language.words import stem

_LEAST = 0.05  # rarity of the commonest word, so that no word counts nothing


@lru_cache(maxsize=1)
def _frequencies() -> tuple[int, Mapping[str, int]]:
    """How many texts were counted, and in how many of them each stem stands."""
    head, *lines = Path(__file__).with_name("rarity.tsv").read_text(encoding="utf-8").splitlines()
    return int(head.split("\t")[1]), {word: int(count) for word, count in (line.split("\t") for line in lines)}


@lru_cache(maxsize=65536)
def rarity(low: str) -> float:
    """How rare a folded word is in general, 0.05..1, on a logarithmic scale."""
    texts, counts = _frequencies()
    return max(_LEAST, math.log((texts + 1) / (counts.get(stem(low), 0) + 1)) / math.log(texts + 1))


def share(found: Collection[int], weights: Mapping[int, float]) -> float:
    """Share of the weight that the words in `found` make up, 0..1; 1 where nothing weighs."""
    total = math.fsum(weights.values())
    return math.fsum(weight for at, weight in weights.items() if at in found) / total if total else 1.0


@dataclass(frozen=True)
class Pairing:
    """A sentence and its spans, read and aligned. Word numbers are into `sentence.words`."""

    sentence: Reading
    spans: tuple[Reading, ...]
    alignments: tuple[Alignment, ...]
    wanted: tuple[int, ...]  # words that say something which a span must hold
    held: tuple[frozenset[int], ...]  # for each span, the wanted words that it holds

    @cached_property
    def rare(self) -> dict[int, float]:
        """Rarity of each wanted word."""
        return {at: rarity(self.sentence.words[at].low) for at in self.wanted}

    @cached_property
    def together(self) -> frozenset[int]:
        """Wanted words that some span holds."""
        return frozenset().union(*self.held)

    @cached_property
    def best(self) -> int:
        """The span that holds most of the weight; the first of equals."""
        return max(range(len(self.spans)), key=lambda number: (round(share(self.held[number], self.rare), 9), -number))

    @cached_property
    def numbers(self) -> frozenset[int]:
        """Wanted words that are part of a figure."""
        figures = figure_words(self.sentence)
        return frozenset(at for at in self.wanted if at in figures or self.sentence.words[at].low[:1].isdigit())

    @cached_property
    def names(self) -> frozenset[int]:
        """Wanted words with a capital inside the sentence."""
        return frozenset(at for at in self.wanted if at and self.sentence.words[at].capital) - self.numbers

    @cached_property
    def verbs(self) -> frozenset[int]:
        """Wanted verbs."""
        return frozenset(at for at in self.wanted if self.sentence.words[at].part == "verb")

    @cached_property
    def lost(self) -> tuple[int, ...]:
        """Wanted words that no span holds."""
        return tuple(at for at in self.wanted if at not in self.together)

    @cached_property
    def lost_in_best(self) -> tuple[int, ...]:
        """Wanted words that the best span lacks."""
        return tuple(at for at in self.wanted if at not in self.held[self.best])


def pairing(sentence: str, spans: Sequence[str]) -> Pairing | None:
    """`sentence` beside `spans`; None where there is no span, or no word that says something."""
    reading = read(sentence)
    wanted = tuple(
        at for at in range(len(reading.words)) if needed(reading, at) and reading.words[at].part != "preposition"
    )
    if not spans or not wanted:
        return None
    readings = tuple(read(span) for span in spans)
    alignments = tuple(align(reading, span) for span in readings)
    held = tuple(frozenset(one.pairs) & frozenset(wanted) for one in alignments)
    return Pairing(reading, readings, alignments, wanted, held)
