"""Support for a claim that comes without spans: pick the spans it could rest on, then measure how well they carry it.

`pick` is the gate's public selector: sentences (or clauses, no span over 40 words) whose words cover the claim best,
each adding something. `support` measures what share of the claim they carry, weighted by how telling each word is, and
counts heavily what may never be missing: numbers, names, a word's opposite, a denial.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.domain import Span
from pipeline.gate.alignment import align, needed
from pipeline.gate.reading import Reading, read
from pipeline.language import sentences
from pipeline.language.words import content, stem, tokens

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


# --- support ---------------------------------------------------------------------------------------------------------

THRESHOLD = 0.6  # of `support`, from which a claim counts as supported; one for all kinds of text
_NAMED, _PLAIN = 1.5, 1.0  # weight of names and numbers, and of other words
_MISSING = 0.06  # off the score for each name or number that no span holds
_LONG = 0.004  # on the score for each word of a claim, up to 20: long claims paraphrase more


def support(claim: str, spans: Sequence[str]) -> float:
    """How well `spans` alone carry `claim`, 0..1: the least of its sentences.

    Of each sentence: the weighted share of its words that all spans hold together, the share that the best one holds,
    and the share of its neighbouring word pairs that stand together there; less for names and numbers that are missing.
    """
    if not spans:
        return 0.0
    return min(_carried(part, spans) for part in split(claim))


def _carried(part: str, spans: Sequence[str]) -> float:
    reading = read(part)
    wanted = [at for at in range(len(reading.words)) if needed(reading, at) and reading.words[at].part != "preposition"]
    if not wanted:
        return 1.0
    weights = {at: _NAMED if _telling(reading, at) else _PLAIN for at in wanted}
    held = [frozenset(align(reading, read(span)).pairs) for span in spans]
    together = frozenset().union(*held)
    total = sum(weights.values())
    union = sum(weights[at] for at in wanted if at in together) / total
    best = max(sum(weights[at] for at in wanted if at in one) for one in held) / total
    missing = sum(at not in together for at in wanted if _telling(reading, at))
    score = (union + best + 0.5 * _paired(part, spans)) / 2.5 - _MISSING * missing + _LONG * min(len(wanted), 20)
    return max(0.0, min(1.0, score))


def _telling(reading: Reading, at: int) -> bool:
    """Whether a word is a name inside the sentence or part of a number."""
    return (reading.words[at].capital and at > 0) or reading.words[at].part == "number"


def _paired(part: str, spans: Sequence[str]) -> float:
    """Share of the neighbouring content words of a sentence that stand together in some span, at most one between."""
    mine = content(part)
    pairs = list(itertools.pairwise(mine))
    if not pairs:
        return 1.0
    known: set[tuple[str, str]] = set()
    for span in spans:
        theirs = content(span)
        known |= set(itertools.pairwise(theirs)) | set(zip(theirs, theirs[2:], strict=False))
    return sum(pair in known for pair in pairs) / len(pairs)
