"""What the support model looks at: how much of a sentence its spans hold, how closely, in which order, what is lost.

`features` is pure: a sentence and the texts of its spans give named numbers, the same everywhere (sums are exact,
values rounded). No feature rests on a rule of the gate, so that rules can change without the model. Longest common
subsequence and n-grams as in ROUGE (Lin 2004); the rest are plain measures of where the counterparts of words stand.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from pipeline.gate import lexicon as lex
from pipeline.gate.alignment import alike, figures
from pipeline.gate.synonyms import opposite
from pipeline.gate.whole.pairing import Pairing, share
from pipeline.language.words import content, stem

Features = dict[str, float]
DECIMALS = 6
LESS = frozenset(  # the more, the worse
    "lost_names lost_numbers lost_rarest best_lost_rarest far_weight far_words far_share far_wider far_most".split()
)


def features(pair: Pairing) -> Features:
    """The features of a sentence beside its spans, in a fixed order."""
    found: Features = {}
    for group in (_coverage, _losses, _stretches, _sequence, _cohesion, _place, _grammar, _figures, _form):
        found |= group(pair)
    return {name: round(float(value), DECIMALS) for name, value in found.items()}


def worst(sentences: Sequence[Features]) -> Features:
    """Of the sentences of one claim the worst value of each feature: the least, or of `LESS` the greatest."""
    return {
        name: (max if name in LESS else min)(found[name] for found in sentences) for name in next(iter(sentences), ())
    }


# --- what is there, and what is not ----------------------------------------------------------------------------------


def _coverage(pair: Pairing) -> Features:
    """Share of the words that stand in some span, and in the best one: each alike, by rarity, by its square."""
    even = dict.fromkeys(pair.wanted, 1.0)
    squared = {at: value * value for at, value in pair.rare.items()}
    stems = {stem(word.low) for span in pair.spans for word in span.words}
    exact = {at for at in pair.wanted if stem(pair.sentence.words[at].low) in stems}
    return {
        "held": share(pair.together, even),
        "held_rare": share(pair.together, pair.rare),
        "held_rarest": share(pair.together, squared),
        "best": max(share(one, even) for one in pair.held),
        "best_rare": share(pair.held[pair.best], pair.rare),
        "best_rarest": max(share(one, squared) for one in pair.held),
        "added": share(pair.together, pair.rare) - share(pair.held[pair.best], pair.rare),
        "exact": share(exact, pair.rare),
        "fuzzy": _fuzzy(pair),
    }


def _fuzzy(pair: Pairing) -> float:
    """As `held_rare`, with a lost word counted by how much of its spelling some word of the spans has."""
    others = {word.low for span in pair.spans for word in span.words if word.part != "mark"} - lex.FREE
    values = dict.fromkeys(pair.together, 1.0)
    for at in pair.lost:
        mine = _trigrams(pair.sentence.words[at].low)
        values[at] = max((_dice(mine, _trigrams(other)) for other in others), default=0.0)
    return math.fsum(pair.rare[at] * values[at] for at in pair.wanted) / math.fsum(pair.rare.values())


@lru_cache(maxsize=65536)
def _trigrams(word: str) -> frozenset[str]:
    padded = f"^{word}$"
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def _dice(first: frozenset[str], second: frozenset[str]) -> float:
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0


def _losses(pair: Pairing) -> Features:
    """Words that no span holds, and that the best one lacks, by kind and by rarity."""
    lost = sorted((pair.rare[at] for at in pair.lost), reverse=True)
    plain = pair.numbers | pair.names | pair.verbs
    return {
        "lost": min(len(lost), 10),
        "lost_rarest": lost[0] if lost else 0.0,
        "lost_second": lost[1] if len(lost) > 1 else 0.0,
        "lost_weight": min(math.fsum(lost), 6.0),
        "lost_rare": min(sum(value > 0.6 for value in lost), 3),
        "lost_numbers": len(pair.numbers.intersection(pair.lost)),
        "lost_names": len(pair.names.intersection(pair.lost)),
        "lost_verbs": len(pair.verbs.intersection(pair.lost)),
        "lost_others": sum(at not in plain for at in pair.lost),
        "best_lost_numbers": len(pair.numbers.intersection(pair.lost_in_best)),
        "best_lost_names": len(pair.names.intersection(pair.lost_in_best)),
        "best_lost_verbs": len(pair.verbs.intersection(pair.lost_in_best)),
        "best_lost_rarest": max((pair.rare[at] for at in pair.lost_in_best), default=0.0),
    }


def _stretches(pair: Pairing) -> Features:
    """The heaviest run of words that are lost together: a clause that no span has."""
    total = math.fsum(pair.rare.values())
    anywhere, number = _heaviest(pair, pair.together)
    in_best, _ = _heaviest(pair, pair.held[pair.best])
    return {
        "stretch": anywhere / total,
        "stretch_weight": min(anywhere, 3.0),
        "stretches": number,
        "best_stretch": in_best / total,
    }


def _heaviest(pair: Pairing, held: frozenset[int]) -> tuple[float, int]:
    """Weight of the heaviest run of wanted words outside `held`, and how many runs there are."""
    runs = [
        math.fsum(pair.rare[at] for at in run)
        for inside, run in itertools.groupby(pair.wanted, key=held.__contains__)
        if not inside
    ]
    return max(runs, default=0.0), len(runs)


# --- in which order, how closely -------------------------------------------------------------------------------------


def _sequence(pair: Pairing) -> Features:
    """Longest common subsequence and run with any span, and n-grams that stand in one, over stems of all words."""
    mine = _stems(word.low for word in pair.sentence.words if word.part != "mark")
    others = [_stems(word.low for word in span.words if word.part != "mark") for span in pair.spans]
    run = max(_common(mine, other, run=True) for other in others)
    words = content(pair.sentence.text)
    near: set[tuple[str, ...]] = set()
    for span in pair.spans:
        theirs = content(span.text)
        near |= set(itertools.pairwise(theirs)) | set(zip(theirs, theirs[2:], strict=False))
    return {
        "subsequence": max(_common(mine, other) for other in others) / len(mine),
        "run": run / len(mine),
        "run_words": min(run, 12),
        "neighbours": _known(list(itertools.pairwise(words)), near),
        "bigrams": _known(_ngrams(mine, 2), {gram for other in others for gram in _ngrams(other, 2)}),
        "trigrams": _known(_ngrams(mine, 3), {gram for other in others for gram in _ngrams(other, 3)}),
    }


def _stems(words: Iterable[str]) -> list[str]:
    return [stem(word) for word in words]


def _ngrams(words: Sequence[str], size: int) -> list[tuple[str, ...]]:
    return list(zip(*(words[at:] for at in range(size)), strict=False))


def _known(grams: Sequence[tuple[str, ...]], known: set[tuple[str, ...]]) -> float:
    return sum(gram in known for gram in grams) / len(grams) if grams else 1.0


def _common(first: Sequence[str], second: Sequence[str], *, run: bool = False) -> int:
    """Length of the longest common subsequence, or with `run` of the longest common run."""
    longest, before = 0, [0] * (len(second) + 1)
    for word in first:
        row = [0]
        for at, other in enumerate(second):
            if word == other:
                row.append(before[at] + 1)
            else:
                row.append(0 if run else max(before[at + 1], row[at]))
        longest = max(longest, *row)
        before = row
    return longest


def _cohesion(pair: Pairing) -> Features:
    """Neighbouring words of the sentence whose counterparts stand close in one span; and any two of its words."""
    neighbours = list(itertools.pairwise(pair.wanted))
    weights = {at: pair.rare[first] + pair.rare[second] for at, (first, second) in enumerate(neighbours)}
    gaps = [_gap(pair, first, second) for first, second in neighbours]
    every = list(itertools.combinations(pair.wanted, 2))
    apart = [_gap(pair, first, second) for first, second in every]
    count = len(every) or 1
    alone = share(pair.together, pair.rare)  # stands for the pairs of a sentence of one word
    return {
        "close_2": share({at for at, gap in enumerate(gaps) if gap and min(map(abs, gap)) <= 2}, weights),
        "close_5": share({at for at, gap in enumerate(gaps) if gap and min(map(abs, gap)) <= 5}, weights),
        "close_12": share({at for at, gap in enumerate(gaps) if gap and min(map(abs, gap)) <= 12}, weights),
        "forward": share({at for at, gap in enumerate(gaps) if any(0 < one <= 6 for one in gap)}, weights),
        "pairs": sum(bool(gap) for gap in apart) / count if every else alone,
        "pairs_close": sum(any(abs(one) <= 10 for one in gap) for gap in apart) / count if every else alone,
        "pairs_forward": sum(any(one > 0 for one in gap) for gap in apart) / count if every else alone,
    }


def _gap(pair: Pairing, first: int, second: int) -> list[int]:
    """For each span that holds both words, how far the second's counterpart stands behind the first's."""
    return [
        one.pairs[second] - one.pairs[first]
        for held, one in zip(pair.held, pair.alignments, strict=True)
        if first in held and second in held
    ]


def _place(pair: Pairing) -> Features:
    """Where the counterparts stand in the best span: in how many clauses, how scattered, how much of it they fill."""
    span, one = pair.spans[pair.best], pair.alignments[pair.best]
    targets = [one.pairs[at] for at in pair.wanted if at in one.pairs]
    turned = sum(first > second for first, second in itertools.pairwise(targets))
    clauses = Counter(span.clauses[target] for target in targets)
    telling = sum(word.part != "mark" and word.low not in lex.FREE for word in span.words)
    return {
        "turned": turned / max(1, len(targets) - 1),
        "scatter": min((max(targets) - min(targets) + 1) / len(set(targets)), 8.0) if targets else 5.0,
        "clauses": len(clauses),
        "clause_share": max(clauses.values()) / len(pair.wanted) if clauses else 0.0,
        "filled": min(1.0, len(set(targets)) / max(1, telling)),
    }


# --- grammar ---------------------------------------------------------------------------------------------------------


def _grammar(pair: Pairing) -> Features:
    """Verbs with their subjects, denial, what comes first and last in the sentence."""
    sentence, span = pair.sentence, pair.spans[pair.best]
    verb = sentence.predicates[0].first if sentence.predicates else 4
    opening = [at for at in pair.wanted if at < verb]
    ending = pair.wanted[-3:]
    denied = [any(word.low in lex.NEGATIONS for word in reading.words) for reading in (sentence, span)]
    best = pair.held[pair.best]
    against = any(
        opposite(sentence.words[at].low, word.low)
        for at in pair.lost_in_best
        for word in span.words
        if word.part not in ("mark", "determiner")
    )
    return {
        "predicates": _predicates(pair),
        "denied": denied[0],
        "denied_otherwise": denied[0] != denied[1],
        "opposite": against,
        "opening": _among(opening, pair.together),
        "best_opening": _among(opening, best),
        "ending": _among(ending, pair.together),
        "best_ending": _among(ending, best),
    }


def _among(words: Sequence[int], held: frozenset[int]) -> float:
    return sum(at in held for at in words) / len(words) if words else 0.7


def _predicates(pair: Pairing) -> float:
    """Share of the finite verbs that a span has, half where it has them of another subject."""
    finite = [item for item in pair.sentence.predicates if item.finite == "finite"]
    if not finite:
        return 0.5
    total = 0.0
    for item in finite:
        values = [0.0]
        for span, one in zip(pair.spans, pair.alignments, strict=True):
            subject = {one.pairs[at] for at in item.subject if at in one.pairs}
            values += [
                1.0 if subject & set(other.subject) else 0.5
                for other in span.predicates
                if other.at == one.pairs.get(item.at, -1)
            ]
        total += max(values)
    return total / len(finite)


def _figures(pair: Pairing) -> Features:
    """Figures that no span has, though one has another of the same unit; names that the best span has."""
    mine = figures(pair.sentence.text)
    theirs = [other for span in pair.spans for other in figures(span.text)]
    best = figures(pair.spans[pair.best].text)
    lost = [one for one in mine if not any(alike(one, other) for other in theirs)]
    capitals = {word.low for span in pair.spans for at, word in enumerate(span.words) if word.capital and at}
    named = [at for at in pair.wanted if pair.sentence.words[at].low in capitals]
    return {
        "figures_lost": min(len(lost), 3),
        "figures_other": any(one.unit and one.unit == other.unit for one in lost for other in theirs),
        "best_figures_lost": min(sum(not any(alike(one, other) for other in best) for one in mine), 3),
        "best_named": sum(at in pair.held[pair.best] for at in named) / len(named) if named else 0.8,
    }


def _form(pair: Pairing) -> Features:
    """The manner of the sentence and the amount of evidence."""
    weight = math.fsum(pair.rare.values())
    return {
        "words": min(len(pair.wanted), 40),
        "words_log": math.log(1 + len(pair.wanted)),
        "spans": len(pair.spans),
        "span_words": min(sum(len(span.words) for span in pair.spans) / 40, 8.0),
        "best_span_words": min(len(pair.spans[pair.best].words) / 40, 2.0),
        "capitals": any(word.capital for word in pair.sentence.words),
        "has_numbers": bool(pair.numbers),
        "has_names": bool(pair.names),
        "rarity": weight / len(pair.wanted),
    }
