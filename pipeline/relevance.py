"""Which texts are on the topic of a query: a pure decision over words, and over dense similarity where there is one.

Two looks. The first finds what speaks to the query: how much of the query's weight a text holds (each word weighs its
inverse document frequency), how much of it within one passage, and how like it is to the best three (pseudo-relevance
feedback, Rocchio 1971). The second asks of each text whom it resembles: those that the first look chose, or the ones
it left; a text that is at home among the others is set aside in spite of shared words, one that is at home among the
chosen comes in without all of them (the k-nearest-neighbour rule, Cover and Hart 1967). Scores are weighted sums with
one cut each, the same for every query; a query of few words is moreover meant word for word, and a designation in it
("S9", "H100") must be there. Ranking is by the second score.

The weights were fitted on stories of several collections, with headlines of every length as queries, with and without
thousands of strange texts among them, and checked on the other half of the stories.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline import terms
from pipeline.language.words import content
from pipeline.terms import Frequencies, Terms

Array = np.ndarray[Any, Any]
Embed = Callable[[Sequence[str]], Array]

PASSAGE = 40  # content words within which words of the query stand together
HEAD = 120  # characters that stand for the headline of a text without one
BEST = 3  # texts that the first look compares with
POOL = 200  # texts that the second look compares with each other, and that are embedded
CHOSEN = 8  # of the first look, that the second compares with
OTHERS = 5  # nearest texts that the first look left
MANY = 20  # texts left by the first look that show what strangers are like; where there are fewer ...
STRANGER = 0.25  # ... as many as OTHERS are thought beside them, this like every text
WHOLE = 0.95  # share of the query's weight in a headline that makes it that text's headline
FEW = 3  # content words up to which a query is meant word for word
NEAR = 0.10  # cosine to one of the best texts that such a query's words need beside them


@dataclass(frozen=True, slots=True)
class Hit:
    """A text on topic: its place in what was given, and its score (higher is better)."""

    index: int
    score: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """Weights of a similarity: to the best text, the nearest of the best, all of the best; then in the second look."""

    top: float
    nearest: float
    mean: float
    nearest_chosen: float
    mean_chosen: float
    others: float


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to decide: weights of the words, of likeness in words and in meaning, and the two cuts."""

    held: float  # share of the query's weight in the text
    together: float  # the same within one passage
    words: Likeness
    meaning: Likeness | None
    choose: float  # the first look's cut
    first: float  # weight of the first look's score in the second's
    passage: float  # weight of `together` in the second look
    keep: float  # the second look's cut


LEXICAL = Rule(
    held=0.31,
    together=0.034,
    words=Likeness(0.59, 0.127, 0.14, 0.026, 0.655, 0.41),
    meaning=None,
    choose=0.377,
    first=0.039,
    passage=0.062,
    keep=0.095,
)
DENSE = Rule(
    held=0.05,
    together=0.04,
    words=Likeness(0.16, 0.05, 0.10, 0.15, 0.0, 0.56),
    meaning=Likeness(0.34, 0.32, 0.11, 0.36, 0.07, 0.0),
    choose=0.57,
    first=0.05,
    passage=0.0,
    keep=0.23,
)


def on_topic(
    query: str, texts: Sequence[str], frequencies: Frequencies, *, embed: Embed | None = None
) -> tuple[Hit, ...]:
    """The texts that answer `query`, best first, ties by place. A query without a content word has no answer.

    `embed` gives unit rows (n, d) of texts; it is asked for the `POOL` best ones by their words, once.
    """
    asked = terms.count(query)
    designations = {word for word in asked if _designates(word)}
    read = [content(text[: terms.LONGEST]) for text in texts]
    places = [
        place for place, words in enumerate(read) if not asked.keys().isdisjoint(words) and designations.issubset(words)
    ]
    if not places:
        return ()
    match = _match(asked, [texts[p] for p in places], [read[p] for p in places], frequencies)
    order = np.arange(len(places))
    best = np.lexsort((order, -match.closeness))[:BEST]
    lexical = _first(LEXICAL, match, [_similar(match.rows, best)], best)
    pool = np.union1d(best, np.lexsort((order, -lexical))[:POOL])
    inside, best = match.only(pool), np.searchsorted(pool, best)
    alike = [_similar(inside.rows, np.arange(len(pool)))]
    if embed is not None:
        rows = np.asarray(embed([texts[places[at]] for at in pool]), dtype=np.float64)
        alike.append(np.round(rows @ rows.T, 6))
    rule = LEXICAL if embed is None else DENSE
    scores = _second(rule, inside, alike, best, enough=_enough(inside, len(asked)))
    kept = np.flatnonzero((scores >= rule.keep) & (inside.held >= least(len(asked))))
    hits = [Hit(places[int(pool[at])], round(float(scores[at]), 6)) for at in kept]
    return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.index)))


def needed(words: int) -> float:
    """Share of its weight that a query wants held when it is meant as worded: less of a longer one."""
    return min(1.0, max(0.38 + 0.72 / max(words, 1), 1.3 - 0.15 * words))


def least(words: int) -> float:
    """Share of the query's weight that a text must hold however like the best ones it is: less of a longer query."""
    return max(0.0, 0.7 - 0.15 * words)


# --- words -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Match:
    """How texts hold the words of the query, one row each; `rows` are their unit rows of weighted words."""

    held: Array
    together: Array
    headline: Array
    cosine: Array
    rows: Any

    @property
    def closeness(self) -> Array:
        """By which the best texts are found."""
        return np.round(0.5 * self.held + 0.3 * self.together + 0.2 * self.headline + 0.1 * self.cosine, 6)

    def only(self, places: Array) -> _Match:
        """The texts at `places`."""
        return _Match(
            self.held[places], self.together[places], self.headline[places], self.cosine[places], self.rows[places]
        )


def _match(asked: Terms, texts: Sequence[str], read: Sequence[Sequence[str]], frequencies: Frequencies) -> _Match:
    weights = {word: frequencies.weight(word) for word in asked}
    total = sum(weights.values()) or 1.0
    counted = [terms.count(text) for text in texts]
    heads = [set(content(text.partition("\n\n")[0][:HEAD])) for text in texts]
    rows = terms.matrix(counted, frequencies)
    query = terms.matrix([asked], frequencies)
    return _Match(
        held=np.asarray([_weight(weights, words) / total for words in counted]),
        together=np.asarray([_together(weights, words) / total for words in read]),
        headline=np.asarray([_weight(weights, words) / total for words in heads]),
        cosine=np.asarray((rows @ query.T).todense(), dtype=np.float64).ravel(),
        rows=rows,
    )


def _designates(word: str) -> bool:
    """Whether a stem is the designation of one thing among its like ("s9", "h100", "g20"): another one is off topic."""
    return word[0].isalpha() and any(char.isdigit() for char in word)


def _weight(weights: Mapping[str, float], words: Container[str]) -> float:
    return sum(weight for word, weight in weights.items() if word in words)


def _together(weights: Mapping[str, float], words: Sequence[str]) -> float:
    """Most weight of the query that stands within one passage of `words`."""
    found = [(place, word) for place, word in enumerate(words) if word in weights]
    inside: Counter[str] = Counter()
    best = first = 0.0
    start = 0
    for place, word in found:
        inside[word] += 1
        first += weights[word] if inside[word] == 1 else 0.0
        while place - found[start][0] >= PASSAGE:
            left = found[start][1]
            inside[left] -= 1
            first -= weights[left] if inside[left] == 0 else 0.0
            start += 1
        best = max(best, first)
    return best


# --- likeness --------------------------------------------------------------------------------------------------------


def _similar(rows: Any, to: Array) -> Array:
    """Cosines of all texts (n) to those at `to` (m)."""
    return np.round(np.asarray((rows @ rows[to].T).todense(), dtype=np.float64), 6)


def _first(rule: Rule, match: _Match, alike: Sequence[Array], best: Array) -> Array:
    """The first look's score. `alike`: per kind of likeness, cosines to the texts at `best` (n, len(best))."""
    score = rule.held * match.held + rule.together * match.together
    trust = np.maximum(match.closeness[best], 1e-3)
    for likeness, similar in zip(_kinds(rule), alike, strict=True):
        others = similar.copy()
        others[best, np.arange(len(best))] = 0.0  # how like a text is to itself says nothing
        weights = np.tile(trust, (len(others), 1))
        weights[best, np.arange(len(best))] = 0.0
        mean = (others * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
        top = others[:, 0].copy()
        top[best[0]] = 1.0
        score = score + likeness.top * top + likeness.nearest * others.max(axis=1) + likeness.mean * mean
    return np.round(score, 6)


def _second(rule: Rule, match: _Match, alike: Sequence[Array], best: Array, *, enough: float) -> Array:
    """The second look's score. `alike`: per kind of likeness, cosines of all texts to all (n, n)."""
    first = _first(rule, match, [similar[:, best] for similar in alike], best)
    meant = _meant(match, alike[0][:, best], enough)
    ordered = np.lexsort((np.arange(len(first)), -first))
    apart = ~((first >= rule.choose) | meant)
    chosen = ordered[~apart[ordered]][:CHOSEN]
    if not len(chosen):
        chosen = ordered[:1]
        apart[chosen] = False
    score = rule.first * first + rule.passage * match.together
    for likeness, similar in zip(_kinds(rule), alike, strict=True):
        others = similar.copy()
        np.fill_diagonal(others, 1.0 if len(chosen) == 1 else 0.0)
        to_chosen = others[:, chosen]
        among = np.isin(np.arange(len(first)), chosen) if len(chosen) > 1 else np.zeros(len(first), dtype=bool)
        mean = to_chosen.sum(axis=1) / (len(chosen) - among)
        score = score + likeness.nearest_chosen * to_chosen.max(axis=1) + likeness.mean_chosen * mean
        np.fill_diagonal(others, 0.0)
        unseen = np.full((len(first), 0 if apart.sum() >= MANY else OTHERS), STRANGER)
        left = np.sort(np.hstack([others[:, apart], unseen]), axis=1)[:, ::-1][:, :OTHERS]
        score = score - likeness.others * left.mean(axis=1)
    return np.where(meant, np.maximum(score, rule.keep), score)


def _meant(match: _Match, to_best: Array, enough: float) -> Array:
    """Texts that hold `enough` of the query in one passage, and also in the headline or beside the best ones' words."""
    beside: Array = (match.headline >= enough) | (to_best.max(axis=1) >= NEAR)
    return beside & (match.together >= enough)


def _enough(match: _Match, words: int) -> float:
    """Share of the query's weight that puts a text on topic by itself; more than all of it where nothing does.

    A query that is some text's headline is about what that text is about, and is answered by likeness to it, unless it
    is short. Any other query is meant as it is worded.
    """
    if words <= FEW:
        return 1 - 1e-9
    return 2.0 if match.headline.max() >= WHOLE else needed(words)


def _kinds(rule: Rule) -> list[Likeness]:
    return [rule.words] if rule.meaning is None else [rule.words, rule.meaning]
