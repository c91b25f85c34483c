"""Fit the support model (`pipeline/gate/whole/*.json`), or say how it fares on sources and sets that it never saw.

    CITEWIRE_EVAL_DATA=DIR python benchmarks/fit_support.py [--embedder NAME] [--rarity] [--write] [--cache DIR]

Training pairs are the three labelled sets and pairs made of news texts (`support_pairs`: headlines, trimmed and
reworded sentences; sentences taken out of their source, sentences of the text most like it). Each set weighs the same,
and each label within it. The model is the mean of three log-odds: a ridge-penalised line over few features whose
weights may not have the wrong sign (more found never lowers support), a line over all, and boosted trees. A claim of
several sentences fails by its worst: after a first fit on all sentences the second is on each claim's least likely one
(multiple-instance learning, Andrews et al. 2002). The bias is set where the mean balanced accuracy over the training
sets is highest.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import math
import os
import pickle
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from scipy.optimize import minimize
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import support_pairs
from pipeline.evals.rows import rows
from pipeline.evals.support import vectors_of
from pipeline.gate import pick, split
from pipeline.gate.whole.dense import Vectors, dense, texts
from pipeline.gate.whole.features import features
from pipeline.gate.whole.model import Model
from pipeline.gate.whole.pairing import pairing
from pipeline.language.words import stem, tokens

SETS = ("wice", "frank", "factcheckgpt_stance")
HOUSE = Path(__file__).parent.parent / "pipeline" / "gate" / "whole"
MADE = frozenset({"headline", "trimmed", "reworded", "taken out", "foreign"})
MADE_WEIGHT, MADE_COUNT = 0.3, 2500
FLOORS = {"lexical": (0.70, 0.735), "dense": (0.68, 0.74)}  # mean balanced accuracy left out, crossed; they only rise
# Features of the first line, by the sign that their weight may have.
MORE = (
    "held held_rare best best_rare exact fuzzy neighbours subsequence trigrams run clause_share predicates"
    " like_most like_best like_together near near_surely near_least"
).split()
LESS = "lost_names lost_numbers lost_rarest best_lost_rarest far_most far_weight".split()
RIDGE, PENALTY = 1.0, 1 / 0.03
Table = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Part:
    """Sentences with their features; `claim` is the number of the claim that each belongs to. NaN: nothing to judge."""

    values: Table
    claim: np.ndarray[Any, np.dtype[np.int64]]
    label: np.ndarray[Any, np.dtype[np.bool_]]
    group: np.ndarray[Any, np.dtype[np.int64]]  # of each claim: hash of its source

    def only(self, claims: np.ndarray[Any, Any]) -> Part:
        """The part with these claims alone."""
        place = np.full(len(self.label), -1)
        place[claims] = np.arange(len(claims))
        kept = place[self.claim] >= 0
        return Part(self.values[kept], place[self.claim[kept]], self.label[claims], self.group[claims])


# --- reading ---------------------------------------------------------------------------------------------------------


def measured(pairs: Sequence[tuple[str, str, bool]], vectors: Vectors | None) -> tuple[list[str], Part]:
    """The features of every sentence of (source, claim, supported)."""
    found: list[dict[str, float] | None] = []
    claim = []
    for number, (source, text, _) in enumerate(pairs):
        for part in split(text):
            pair = pairing(part, [source[span.start : span.end] for span in pick(source, part)])
            claim.append(number)
            found.append(None if pair is None else features(pair))
            if pair is not None and vectors is not None:
                found[-1] = found[-1] | dense(pair, vectors(sorted(texts(pair))))  # type: ignore[operator]
    names = list(next(one for one in found if one))
    values = np.array([[one[name] for name in names] if one else [math.nan] * len(names) for one in found])
    groups = np.array([int(hashlib.md5(one[0].encode()).hexdigest()[:8], 16) for one in pairs])  # noqa: S324
    return names, Part(values, np.array(claim), np.array([one[2] for one in pairs]), groups)


def labelled(data: Path, name: str) -> list[tuple[str, str, bool]]:
    """The pairs of a labelled set."""
    return [
        (row["source"], row["claim"], row["label"] == "supported")
        for row in rows(data / "claims" / f"{name}.dev.jsonl.gz")
    ]


def made(data: Path) -> list[tuple[str, str, bool]]:
    """Pairs of news texts of the kinds in `MADE`, a fixed draw."""
    pool = [
        *support_pairs.texts(data / "storylines" / "giveme5w1h.dev.jsonl.gz"),
        *support_pairs.texts(data / "storylines" / "ecbplus.dev.jsonl.gz"),
        *support_pairs.texts(data / "bulk" / "techblogs2026.dev.jsonl.gz")[::3],
    ]
    found = [(one.source, one.claim, one.supported) for one in support_pairs.pairs(pool) if one.kind in MADE]
    return Random("support").sample(found, min(MADE_COUNT, len(found)))  # noqa: S311


def write_rarity(data: Path, least: int = 20) -> None:
    """Count in how many texts of the general stream each stem stands, and write those in at least `least`."""
    counts: Counter[str] = Counter()
    total = 0
    with gzip.open(data / "bulk" / "rss2023.dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            counts.update({stem(word) for word in tokens(f"{row['title'] or ''} {row['text'] or ''}")})
            total += 1
    kept = sorted(word for word, count in counts.items() if count >= least and word.isascii() and word.isalpha())
    text = f"#\t{total}\n" + "".join(f"{word}\t{counts[word]}\n" for word in kept)
    (HOUSE / "rarity.tsv").write_text(text, encoding="utf-8")


# --- fitting ---------------------------------------------------------------------------------------------------------


def _line(values: Table, label: Table, weight: Table, signs: Sequence[int], ridge: float) -> tuple[Table, float]:
    """Weights and bias of a logistic line with a ridge, for unscaled values; sign 0 keeps a feature out."""
    middle = np.average(values, axis=0, weights=weight)
    spread = np.maximum(0.05, np.sqrt(np.average((values - middle) ** 2, axis=0, weights=weight)))
    scaled, weight = (values - middle) / spread, weight / weight.sum()

    def loss(line: Table) -> tuple[float, Table]:
        odds = scaled @ line[:-1] + line[-1]
        chance = 1 / (1 + np.exp(-odds))
        cost = float((weight * (np.logaddexp(0, odds) - label * odds)).sum() + ridge * (line[:-1] ** 2).sum() / 2)
        off = weight * (chance - label)
        return cost, np.r_[scaled.T @ off + ridge * line[:-1], off.sum()]

    bounds = [{1: (0, None), -1: (None, 0), 0: (0, 0)}[sign] for sign in signs]
    found = minimize(loss, np.zeros(len(signs) + 1), jac=True, bounds=[*bounds, (None, None)], method="L-BFGS-B").x
    return found[:-1] / spread, float(found[-1] - (found[:-1] / spread) @ middle)


def _trees(forest: HistGradientBoostingClassifier, names: Sequence[str], scale: float) -> tuple[list[Any], float]:
    """The trees of a fitted forest as plain nodes, leaves times `scale`, and what it starts from."""
    found = []
    for (tree,) in forest._predictors:
        nodes = [
            round(float(node["value"]) * scale, 9)
            if node["is_leaf"]
            else (
                names[node["feature_idx"]],
                round(float(node["num_threshold"]), 9),
                int(node["left"]),
                int(node["right"]),
            )
            for node in tree.nodes
        ]
        found.append(tuple(nodes))
    return found, float(np.ravel(forest._baseline_prediction)[0]) * scale


def fit(parts: Sequence[Part], weights: Sequence[float], names: Sequence[str]) -> Model:
    """The model of these parts, each of which has its weight."""
    values = np.vstack([part.values for part in parts])
    starts = np.cumsum([0, *(len(part.label) for part in parts)])
    claim = np.concatenate([part.claim + start for part, start in zip(parts, starts, strict=False)])
    label = np.concatenate([part.label for part in parts])
    worth = np.concatenate(
        [
            weight
            * 1000
            / len(part.label)
            * np.where(part.label, 0.5 / part.label.mean(), 0.5 / (1 - part.label.mean()))
            for part, weight in zip(parts, weights, strict=True)
        ]
    )
    told = ~np.isnan(values).any(axis=1)
    model = _fit(values[told], claim[told], label, worth, names)
    odds = np.full(len(values), math.inf)
    odds[told] = _odds(model, values[told], names)
    worst = told & (odds <= _least(odds, claim, len(label))[claim])
    model = _fit(values[worst], claim[worst], label, worth, names)
    return _centred(model, [part for part, weight in zip(parts, weights, strict=True) if weight == 1.0], names)


def _fit(values: Table, claim: Any, label: Any, worth: Table, names: Sequence[str]) -> Model:
    """One fit: the mean of the log-odds of two lines and the trees. A claim's weight is shared by its sentences."""
    weight = worth[claim] / np.bincount(claim, minlength=len(label))[claim]
    truth = label[claim].astype(float)
    signs = [1 if name in MORE else -1 if name in LESS else 0 for name in names]
    first, bias = _line(values, truth, weight, signs, RIDGE)
    scale = np.maximum(values.std(axis=0), 1e-6)
    free = LogisticRegression(C=1 / PENALTY, max_iter=3000).fit(values / scale, truth, sample_weight=weight)
    forest = HistGradientBoostingClassifier(
        max_iter=100, learning_rate=0.05, max_leaf_nodes=6, min_samples_leaf=20, l2_regularization=5, random_state=0
    ).fit(values, truth, sample_weight=weight)
    trees, start = _trees(forest, names, 1 / 3)
    line = (first + free.coef_[0] / scale) / 3
    total = (bias + float(free.intercept_[0])) / 3 + start
    return Model({name: round(float(one), 6) for name, one in zip(names, line, strict=True)}, round(total, 6), trees)


def _odds(model: Model, values: Table, names: Sequence[str]) -> Table:
    """Log-odds of each row, as `Model.probability` has them."""
    odds = values @ np.array([model.weights[name] for name in names]) + model.bias
    place = {name: at for at, name in enumerate(names)}
    for tree in model.trees:
        at = np.zeros(len(values), dtype=int)
        for number, node in enumerate(tree):  # children stand behind their parent
            here = at == number
            if not isinstance(node, tuple):
                odds[here] += node
            else:
                at[here] = np.where(values[here, place[node[0]]] <= node[1], node[2], node[3])
    return odds


def _least(odds: Table, claim: Any, count: int) -> Table:
    """The least log-odds of each claim's sentences."""
    found = np.full(count, math.inf)
    np.minimum.at(found, claim, odds)
    return found


def judged(model: Model, part: Part, names: Sequence[str]) -> Table:
    """Log-odds of each claim of a part; a sentence without spans has none."""
    odds = np.full(len(part.values), -15.0)
    told = ~np.isnan(part.values).any(axis=1)
    odds[told] = _odds(model, part.values[told], names)
    return _least(odds, part.claim, len(part.label))


def _centred(model: Model, parts: Sequence[Part], names: Sequence[str]) -> Model:
    """The model with its bias where 0 divides best, on the mean over the parts (smoothed over near thresholds)."""
    odds = [judged(model, part, names) for part in parts]
    cuts = np.quantile(np.concatenate(odds), np.linspace(0.05, 0.95, 91))
    means = [np.mean([balanced(one, part.label, cut) for one, part in zip(odds, parts, strict=True)]) for cut in cuts]
    smooth = np.convolve(np.pad(means, 3, mode="edge"), np.ones(7) / 7, mode="valid")
    return Model(model.weights, round(model.bias - float(cuts[int(smooth.argmax())]), 6), model.trees)


# --- measuring -------------------------------------------------------------------------------------------------------


def balanced(odds: Table, label: Any, cut: float = 0.0) -> float:
    """Balanced accuracy of "supported from `cut` on"."""
    return float(((odds >= cut)[label].mean() + (odds < cut)[~label].mean()) / 2)


def false_published(odds: Table, label: Any, published: float = 0.4) -> float:
    """Share of the unsupported claims at or above the cut that `published` of the supported ones pass."""
    return float((odds[~label] >= np.quantile(odds[label], 1 - published)).mean())


def left_out(parts: dict[str, Part], extra: Part | None, names: Sequence[str]) -> dict[str, Table]:
    """Each set judged by a model, bias and all, that never saw it."""
    found = {}
    for name in SETS:
        seen = [parts[other] for other in SETS if other != name]
        found[name] = judged(_model(seen, extra, names), parts[name], names)
    return found


def crossed(
    parts: dict[str, Part], extra: Part | None, names: Sequence[str], seed: int, by: int = 5
) -> dict[str, Table]:
    """Each claim judged by a model that saw no claim about its source."""
    found = {name: np.zeros(len(part.label)) for name, part in parts.items()}
    folds = {
        name: list(GroupKFold(by, shuffle=True, random_state=seed).split(part.label, groups=part.group))
        for name, part in parts.items()
    }
    for number in range(by):
        model = _model([parts[name].only(folds[name][number][0]) for name in SETS], extra, names)
        for name in SETS:
            held = folds[name][number][1]
            found[name][held] = judged(model, parts[name].only(held), names)
    return found


def _model(seen: Sequence[Part], extra: Part | None, names: Sequence[str]) -> Model:
    return fit([*seen, *([extra] if extra else [])], [1.0] * len(seen) + ([MADE_WEIGHT] if extra else []), names)


def tell(title: str, odds: dict[str, Table], parts: dict[str, Part]) -> dict[str, float]:
    """Print and return balanced accuracy and false publishing by set, with the means."""
    accuracy = {name: balanced(odds[name], parts[name].label) for name in SETS}
    false = {name: false_published(odds[name], parts[name].label) for name in SETS}
    for what, values in (("balanced accuracy", accuracy), ("false of 40 % published", false)):
        values["mean"] = float(np.mean(list(values.values())))
        print(f"{title:28} {what:24}", *(f"{name} {value:.3f}" for name, value in values.items()), flush=True)
    return accuracy


def main() -> int:
    """Measure, and with `--write` fit on all and write the weights; 1 where a mean is below its floor."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--embedder", default="lexical")
    asked.add_argument("--cache", type=Path)
    asked.add_argument("--seeds", type=int, default=2, help="how often the cross-validation is drawn")
    asked.add_argument("--rarity", action="store_true")
    asked.add_argument("--write", action="store_true")
    chosen = asked.parse_args()
    data = Path(os.environ["CITEWIRE_EVAL_DATA"])
    if chosen.rarity:
        write_rarity(data)
    kind = "lexical" if chosen.embedder == "lexical" else "dense"
    names, parts, extra = _tables(data, chosen.embedder, chosen.cache and chosen.cache / f"{kind}.pickle")
    reached = [tell("left out", left_out(parts, extra, names), parts)["mean"]]
    for seed in range(chosen.seeds):
        reached.append(tell(f"crossed, draw {seed}", crossed(parts, extra, names, seed), parts)["mean"])
    model = _model([parts[name] for name in SETS], extra, names)
    tell("seen", {name: judged(model, parts[name], names) for name in SETS}, parts)
    if chosen.write:
        shipped = {"features": names, "bias": model.bias, "weights": model.weights, "trees": model.trees}
        (HOUSE / f"{kind}.json").write_text(json.dumps(shipped, indent=None, separators=(",", ":")) + "\n")
    least, most = FLOORS[kind]
    return int(reached[0] < least or any(one < most for one in reached[1:]))


def _tables(data: Path, embedder: str, cache: Path | None) -> tuple[list[str], dict[str, Part], Part | None]:
    """Features of all sets and, without vectors, of the made pairs; kept in `cache` where one is named."""
    if cache is not None and cache.exists():
        return pickle.loads(cache.read_bytes())  # type: ignore[no-any-return]  # noqa: S301
    vectors = vectors_of(embedder)
    found = {name: measured(labelled(data, name), vectors) for name in SETS}
    extra = measured(made(data), None)[1] if vectors is None else None
    tables = next(iter(found.values()))[0], {name: part for name, (_, part) in found.items()}, extra
    if cache is not None:
        cache.write_bytes(pickle.dumps(tables))
    return tables


if __name__ == "__main__":
    sys.exit(main())
