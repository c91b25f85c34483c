"""Spans for a claim that comes without: `pick` is the gate's public selector.

It takes sentences (or clauses, no span over 40 words) whose words cover the claim best, each adding something. How well
they carry the claim is for `pipeline.gate.whole` to say.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from pipeline.domain import Span
from pipeline.gate.alignment import align, needed
from pipeline.gate.reading import Reading, read
from pipeline.language import sentences
from pipeline.language.words import stem, tokens

MAX_WORDS = 40
_MOST_SPANS = 4
_LEAST_GAIN = 0.02  # of the weight of a claim that a further span must add
_CLOSELY = 8  # spans of a source, by rough overlap, that are aligned word by word
_CUT = re.compile(r"(?<=[;:,—–])\s+|\s+(?=(?:and|but|while|which|who|because|after|before|when|with)\b)")
_WORD = re.compile(r"\S+")


def split(claim: str) -> tuple[str, ...]:
    """The sentences of a claim; all must hold."""
    parts = tuple(claim[span.start : span.end] for span in sentences.split(claim, "en"))
    return tuple(part for part in parts if re.search(r"\w", part)) or (claim,)


@lru_cache(maxsize=512)
def candidates(source: str) -> tuple[Span, ...]:
    """Every span of `source` that may be cited whole: its sentences, the long ones cut at clauses."""
    found: list[Span] = []
    for span in sentences.split(source, "en"):
        found += _short(source, span)
    return tuple(found)


def _short(source: str, span: Span) -> list[Span]:
    """A span in pieces of at most 40 words, cut where clauses meet as far as that goes."""
    words = list(_WORD.finditer(source, span.start, span.end))
    if len(words) <= MAX_WORDS:
        return [span]
    cuts = {match.end() for match in _CUT.finditer(source, span.start, span.end)}
    pieces, start = [], 0
    while start < len(words):
        end = min(start + MAX_WORDS, len(words))
        if end < len(words):
            end = next((at for at in range(end, start + MAX_WORDS // 2, -1) if words[at].start() in cuts), end)
        pieces.append(Span(words[start].start(), words[end - 1].end()))
        start = end
    return pieces


@dataclass(frozen=True, slots=True)
class _Table:
    """One sentence of a claim against the spans that could carry it: its words with their weight, and which of them
    each of these spans holds."""

    reading: Reading
    weights: dict[int, float]
    spans: tuple[int, ...]  # numbers of the candidate spans that were looked at closely
    held: tuple[frozenset[int], ...]

    def carried(self, found: frozenset[int]) -> float:
        """Share of the weight that the words in `found` make up, 0..1."""
        total = sum(self.weights.values())
        return sum(weight for at, weight in self.weights.items() if at in found) / total if total else 1.0


@lru_cache(maxsize=4096)
def _table(part: str, source: str) -> _Table:
    """The table of one sentence of a claim: telling words (rare in the source) weigh more."""
    spans = candidates(source)
    reading = read(part)
    wanted = [at for at in range(len(reading.words)) if needed(reading, at) and reading.words[at].part != "preposition"]
    stems = {at: stem(reading.words[at].low) for at in wanted}
    counts = Counter(found for span in spans for found in _stems(source[span.start : span.end]))
    weights = {at: math.log(1 + (len(spans) + 1) / (counts[stems[at]] + 0.5)) for at in wanted}
    rough = sorted(
        (
            (-sum(weights[at] for at in wanted if stems[at] in _stems(source[span.start : span.end])), number)
            for number, span in enumerate(spans)
        ),
    )[:_CLOSELY]
    close = tuple(number for value, number in rough if value < 0)
    held = tuple(
        frozenset(align(reading, read(source[spans[number].start : spans[number].end])).pairs) & frozenset(wanted)
        for number in close
    )
    return _Table(reading, weights, close, held)


@lru_cache(maxsize=16384)
def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in tokens(text))


def pick(source_text: str, claim: str) -> tuple[Span, ...]:
    """The spans of `source_text` that a claim could rest on, in text order, none over 40 words; none where nothing
    of the claim occurs. Up to four for each of its sentences: each adds words of the claim that the others lack."""
    spans = candidates(source_text)
    chosen = {
        table.spans[at] for part in split(claim) for table in (_table(part, source_text),) for at in _picked(table)
    }
    return tuple(spans[at] for at in sorted(chosen))


def _picked(table: _Table) -> list[int]:
    """Greedy cover: the best span first, then whatever adds most."""
    chosen: list[int] = []
    covered: frozenset[int] = frozenset()
    while len(chosen) < _MOST_SPANS:
        gains = [(table.carried(covered | one), -at) for at, one in enumerate(table.held) if at not in chosen]
        best, at = max(gains, default=(0.0, 0))
        if best <= table.carried(covered) + _LEAST_GAIN:
            break
        chosen.append(-at)
        covered |= table.held[-at]
    return chosen
