"""Support for a claim that comes without spans: pick the spans it could rest on, then measure how well they carry it.

`pick` is the gate's public selector: sentences (or clauses, no span over 40 words) whose words cover the claim best,
each adding something. `support` measures what share of the claim they carry, weighted by how telling each word is, and
counts heavily what may never be missing: numbers, names, a word's opposite, a denial.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.domain import Span
from pipeline.gate.alignment import align, alike, figures, needed
from pipeline.gate.reading import Reading, fold, read
from pipeline.language import sentences

MAX_WORDS = 40
_MOST_SPANS = 4
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
class _Weighed:
    """Words of a claim that need support, with their weight, and where each candidate span holds them."""

    reading: Reading
    words: tuple[int, ...]
    weights: tuple[float, ...]

    def carried(self, found: frozenset[int]) -> float:
        """Share of the weight that the words in `found` make up, 0..1."""
        total = sum(self.weights)
        return sum(weight for at, weight in zip(self.words, self.weights, strict=True) if at in found) / total if total else 1.0


def _weigh(claim: str, spans: Sequence[Reading]) -> tuple[_Weighed, list[frozenset[int]]]:
    """A claim weighed against readings of the spans, and which of its words each span holds."""
    reading = read(claim)
    words = tuple(at for at in range(len(reading.words)) if needed(reading, at) and reading.words[at].part != "preposition")
    held = [frozenset(align(reading, span).pairs) for span in spans]
    counts = {at: sum(at in one for one in held) for at in words}
    weights = tuple(math.log(1 + (len(spans) + 1) / (counts[at] + 0.5)) for at in words)
    return _Weighed(reading, words, weights), held


def pick(source_text: str, claim: str) -> tuple[Span, ...]:
    """The spans of `source_text` that a claim could rest on, in text order, none over 40 words; none where nothing
    of the claim occurs. Up to four for each of its sentences: each adds words of the claim that the others lack."""
    spans = candidates(source_text)
    chosen: set[int] = set()
    for part in split(claim):
        chosen |= set(_picked(part, source_text, spans))
    return tuple(spans[at] for at in sorted(chosen))


def _picked(part: str, source: str, spans: Sequence[Span]) -> list[int]:
    """Greedy cover of one sentence: best span first, then whatever adds most."""
    weighed, held = _weigh(part, [read(source[span.start : span.end]) for span in spans])
    chosen: list[int] = []
    covered: frozenset[int] = frozenset()
    for _ in range(_MOST_SPANS):
        gains = [(weighed.carried(covered | one), -at) for at, one in enumerate(held) if at not in chosen]
        best, at = max(gains, default=(0.0, 0))
        if best <= weighed.carried(covered) + 0.02:
            break
        chosen.append(-at)
        covered |= held[-at]
    return chosen
