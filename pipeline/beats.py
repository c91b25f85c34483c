"""Beats by content: keywords on word boundaries, names, and lexical closeness to the beat's description.

A source's own beat is a hint that tips the scale and never decides alone. Several beats may apply; where none does, the
caller files the record under "General".
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.language.words import content, stem, tokens
from pipeline.settings import BeatSettings

_ENOUGH = 0.30
_HINT = 0.15
_READ = 6_000  # code points that settle a beat
_HEAD = 400  # code points whose keywords count double


@dataclass(frozen=True, slots=True)
class BeatScore:
    """How well a text fits a beat, 0 to 1, and why in words a person can check."""

    beat: str
    score: float
    reason: str


def _phrases(beat: BeatSettings) -> list[tuple[str, tuple[str, ...]]]:
    """Keywords of a beat, each with its stemmed tokens."""
    return [(word, key) for word in beat.keywords if (key := tuple(stem(token) for token in tokens(word)))]


def _count(words: Sequence[str], places: dict[str, list[int]], phrase: tuple[str, ...]) -> int:
    """How often a phrase stands in `words`; `places` holds where each word is."""
    return sum(tuple(words[at : at + len(phrase)]) == phrase for at in places.get(phrase[0], ()))


def _cosine(a: Counter[str], b: Counter[str]) -> float:
    """Cosine of two bags of words with damped counts."""
    if not a or not b:
        return 0.0
    dot = sum((1 + math.log(a[word])) * (1 + math.log(b[word])) for word in sorted(a.keys() & b.keys()))
    norm = math.prod(math.sqrt(sum((1 + math.log(n)) ** 2 for _, n in sorted(bag.items()))) for bag in (a, b))
    return dot / norm


def _places(words: Sequence[str]) -> dict[str, list[int]]:
    """Word -> its positions."""
    found: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        found.setdefault(word, []).append(at)
    return found


def _score(
    beat: BeatSettings, words: list[str], places: dict[str, list[int]], head: set[str], bag: Counter[str]
) -> tuple[float, list[str]]:
    """Score of one beat before the hint, and the keywords that were found."""
    weight, hits = 0.0, []
    for keyword, phrase in _phrases(beat):
        times = _count(words, places, phrase)
        if times:
            hits.append(keyword)
            weight += (1.0 + 0.5 * (len(phrase) > 1)) * (1 + math.log(times)) * (1.5 if set(phrase) <= head else 1.0)
    length = max(1.0, len(words) / 120)
    keywords = 1 - math.exp(-weight / (1.8 * math.sqrt(length)))
    described = _cosine(bag, Counter(content(beat.description + " " + beat.name)))
    return min(1.0, 0.85 * keywords + 0.9 * described), hits


def assign(text: str, beats: Sequence[BeatSettings], hint: str | None = None) -> tuple[BeatScore, ...]:
    """The beats that `text` belongs to, best first (ties by name). `hint` is its source's beat. Empty: none fits."""
    read = text[:_READ]
    words = [stem(token) for token in tokens(read)]
    places, head, bag = _places(words), {stem(token) for token in tokens(read[:_HEAD])}, Counter(content(read))
    scores = []
    for beat in beats:
        score, hits = _score(beat, words, places, head, bag)
        reasons = [f"keywords: {', '.join(hits[:5])}"] if hits else []
        if hint == beat.name:
            score = min(1.0, score + _HINT)
            reasons.append("its source's beat")
        if score >= _ENOUGH:
            scores.append(
                BeatScore(beat.name, round(score, 6), "; ".join(reasons) or "close to the beat's description")
            )
    return tuple(sorted(scores, key=lambda item: (-item.score, item.beat)))
