"""Fit the support model (`pipeline/gate/whole/*.json`), or say how it fares on sources and sets that it never saw.

    CITEWIRE_EVAL_DATA=DIR python benchmarks/fit_support.py [--embedder NAME] [--rarity] [--write] [--cache DIR]

Training pairs are the three labelled sets and pairs made of news texts (`support_pairs`: headlines, trimmed and
reworded sentences; sentences taken out of their source, sentences of the text most like it). Each set weighs the same,
and each label within it. A claim of several sentences has the worst value of each feature among them. The model is one
logistic line for text with capitals and one for text without, fitted together with a ridge on what they share and on
what sets them apart (shared and own weights, Daume 2007), so that what machine summaries teach stays with their manner;
their log-odds are averaged with those of small boosted trees.
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
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import support_pairs
from pipeline.evals import support
from pipeline.evals.rows import rows
from pipeline.gate.whole.dense import Vectors, dense, texts
from pipeline.gate.whole.features import Features, features
from pipeline.gate.whole.model import Leaf, Line, Model, Node, Tree, claim_features
from pipeline.gate.whole.pairing import Pairing
from pipeline.language.words import stem, tokens

SETS = ("wice", "frank", "factcheckgpt_stance")
HOUSE = Path(__file__).parent.parent / "pipeline" / "gate" / "whole"
MADE = frozenset({"headline", "trimmed", "reworded", "taken out", "foreign"})
MADE_WEIGHT, MADE_COUNT = 0.3, 2500
FLOORS = {"lexical": (0.71, 0.745), "dense": (0.72, 0.75)}  # mean balanced accuracy left out, crossed; they only rise
PENALTY, TREES = 100.0, 0.4  # of the lines; share of the trees in the log-odds
Table = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Part:
    """Claims with their features, NaN where a sentence has no span; `group` is the hash of each one's source."""

    values: Table
    label: Flags
    group: np.ndarray[Any, np.dtype[np.int64]]

    def only(self, claims: np.ndarray[Any, Any]) -> Part:
        """The part with these claims alone."""
        return Part(self.values[claims], self.label[claims], self.group[claims])


# --- reading ---------------------------------------------------------------------------------------------------------


def measured(pairs: Sequence[tuple[str, str, bool]], vectors: Vectors | None) -> tuple[list[str], Part]:
    """The features of every (source, claim, supported)."""

    def measure(pair: Pairing) -> Features:
        return features(pair) | (dense(pair, vectors(sorted(texts(pair)))) if vectors else {})

    found = [claim_features(support.parts(source, claim), measure) for source, claim, _ in pairs]
    names = list(next(one for one in found if one))
    values = np.array([[one[name] for name in names] if one else [math.nan] * len(names) for one in found])
    groups = np.array([int(hashlib.md5(one[0].encode()).hexdigest()[:8], 16) for one in pairs])  # noqa: S324
    return names, Part(values, np.array([one[2] for one in pairs]), groups)


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


def fit(parts: Sequence[Part], weights: Sequence[float], names: Sequence[str]) -> Model:
    """The model of these parts, each of which has its weight. Claims with nothing to judge by are left out."""
    worth = np.concatenate([weight * _even(part.label) for part, weight in zip(parts, weights, strict=True)])
    values, label = np.vstack([part.values for part in parts]), np.concatenate([part.label for part in parts])
    told = ~np.isnan(values[:, 0])
    manner = names.index("capitals")
    wide = np.hstack([values, values * values[:, [manner]]])[told]
    middle, spread = wide.mean(axis=0), np.maximum(wide.std(axis=0), 1e-6)
    line = LogisticRegression(C=1 / PENALTY, max_iter=3000)
    line.fit((wide - middle) / spread, label[told], sample_weight=worth[told])
    shared, own = np.split(line.coef_[0] / spread, 2)
    bias = float(line.intercept_[0] - (line.coef_[0] / spread) @ middle)
    lines = [_line(bias, one, names) for one in (shared + own, shared)]
    if "near" in names:  # trees read the manner of the sets out of token vectors: left out 0.707 with, 0.722 without
        return Model(lines[0], lines[1])
    forest = HistGradientBoostingClassifier(
        max_iter=120, learning_rate=0.05, max_leaf_nodes=6, min_samples_leaf=20, l2_regularization=10,
        max_features=0.3, random_state=0,
    ).fit(values[told], label[told], sample_weight=worth[told])  # fmt: skip
    trees, start = _trees(forest, names, TREES)
    lines = [_line((1 - TREES) * bias + start, (1 - TREES) * one, names) for one in (shared + own, shared)]
    return Model(lines[0], lines[1], trees)


def _even(label: Flags) -> Table:
    """Weights by which both labels weigh the same, 1000 in all."""
    weights: Table = 500 / np.where(label, label.sum(), (~label).sum())
    return weights


def _line(bias: float, weights: Table, names: Sequence[str]) -> Line:
    return Line(round(bias, 6), {name: round(float(one), 6) for name, one in zip(names, weights, strict=True)})


def _trees(forest: HistGradientBoostingClassifier, names: Sequence[str], scale: float) -> tuple[list[Tree], float]:
    """The trees of a fitted forest as plain nodes, leaves times `scale`, and what it starts from."""
    found = []
    for (tree,) in forest._predictors:
        nodes: list[Node | Leaf] = [
            round(float(node["value"]) * scale, 6)
            if node["is_leaf"]
            else (
                names[node["feature_idx"]],
                round(float(node["num_threshold"]), 6),
                int(node["left"]),
                int(node["right"]),
            )
            for node in tree.nodes
        ]
        found.append(tuple(nodes))
    return found, float(np.ravel(forest._baseline_prediction)[0]) * scale


def _climbed(trees: Sequence[Tree], values: Table, names: Sequence[str]) -> Table:
    """What the trees add to the log-odds of each row, as `Model.probability` has it."""
    found, place = np.zeros(len(values)), {name: at for at, name in enumerate(names)}
    for tree in trees:
        at = np.zeros(len(values), dtype=int)
        for number, node in enumerate(tree):  # children stand behind their parent
            here = at == number
            if not isinstance(node, tuple):
                found[here] += node
            else:
                at[here] = np.where(values[here, place[node[0]]] <= node[1], node[2], node[3])
    return found


def judged(model: Model, part: Part, names: Sequence[str]) -> Table:
    """Log-odds of each claim of a part; one with a sentence without spans has none."""
    capitals, lower = (
        part.values @ np.array([line.weights[name] for name in names]) + line.bias
        for line in (model.capitals, model.lower)
    )
    odds = np.where(part.values[:, names.index("capitals")] > 0, capitals, lower)
    return np.where(np.isnan(odds), -15.0, odds + _climbed(model.trees, part.values, names))


# --- measuring -------------------------------------------------------------------------------------------------------


def balanced(odds: Table, label: Any, cut: float = 0.0) -> float:
    """Balanced accuracy of "supported from `cut` on"."""
    return float(((odds >= cut)[label].mean() + (odds < cut)[~label].mean()) / 2)


def false_published(odds: Table, label: Any, published: float = 0.4) -> float:
    """Share of the unsupported claims at or above the cut that `published` of the supported ones pass."""
    return float((odds[~label] >= np.quantile(odds[label], 1 - published)).mean())


def left_out(parts: dict[str, Part], extra: Part, names: Sequence[str]) -> dict[str, Table]:
    """Each set judged by a model, bias and all, that never saw it."""
    found = {}
    for name in SETS:
        seen = [parts[other] for other in SETS if other != name]
        found[name] = judged(_model(seen, extra, names), parts[name], names)
    return found


def crossed(parts: dict[str, Part], extra: Part, names: Sequence[str], seed: int, by: int = 5) -> dict[str, Table]:
    """Each claim judged by a model that saw no claim about its source, in `by` folds."""
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


def _model(seen: Sequence[Part], extra: Part, names: Sequence[str]) -> Model:
    return fit([*seen, extra], [1.0] * len(seen) + [MADE_WEIGHT], names)


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
    asked.add_argument("--seeds", type=int, default=6, help="how often the cross-validation is drawn")
    asked.add_argument("--folds", type=int, default=5)
    asked.add_argument("--rarity", action="store_true")
    asked.add_argument("--write", action="store_true")
    chosen = asked.parse_args()
    data = Path(os.environ["CITEWIRE_EVAL_DATA"])
    if chosen.rarity:
        write_rarity(data)
    kind = "lexical" if chosen.embedder == "lexical" else "dense"
    names, parts, extra = _tables(data, chosen.embedder, chosen.cache and chosen.cache / f"{kind}.pickle")
    without = tell("left out", left_out(parts, extra, names), parts)["mean"]
    draws = [
        tell(f"crossed, draw {seed}", crossed(parts, extra, names, seed, chosen.folds), parts)["mean"]
        for seed in range(chosen.seeds)
    ]
    print(f"crossed, mean of {len(draws)} draws: {np.mean(draws):.4f} ({min(draws):.4f} to {max(draws):.4f})")
    model = _model([parts[name] for name in SETS], extra, names)
    tell("seen", {name: judged(model, parts[name], names) for name in SETS}, parts)
    if chosen.write:
        shipped = {"capitals": asdict(model.capitals), "lower": asdict(model.lower), "trees": model.trees}
        (HOUSE / f"{kind}.json").write_text(json.dumps(shipped, separators=(",", ":")) + "\n")
    least, most = FLOORS[kind]
    return int(without < least or np.mean(draws) < most)


def _tables(data: Path, embedder: str, cache: Path | None) -> tuple[list[str], dict[str, Part], Part]:
    """Features of all sets and of the made pairs; kept in `cache` where one is named."""
    if cache is not None and cache.exists():
        return pickle.loads(cache.read_bytes())  # type: ignore[no-any-return]  # noqa: S301
    vectors = support.vectors_of(embedder)
    found = {name: measured(labelled(data, name), vectors) for name in SETS}
    names, extra = measured(made(data), vectors)
    tables = names, {name: part for name, (_, part) in found.items()}, extra
    if cache is not None:
        cache.write_bytes(pickle.dumps(tables))
    return tables


if __name__ == "__main__":
    sys.exit(main())
