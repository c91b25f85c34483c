"""Fit the weights of `pipeline.language.worth` on its examples and write `pipeline/language/worth_weights.py`.

    python benchmarks/fit_worth.py

Logistic regression with a ridge (strength chosen once, large, because the examples are few), by Newton's method on
standardised
features; the result is put on the scale of the hand-set score: same mean, same deviation over
the examples. The examples were written for this project; no labelled data set has a part in it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pipeline.language import dates, names, quantities, speakers
from pipeline.language.worth import examples, signs

RIDGE = 100.0  # penalty on squared weights of standardised features
RARE = 0.25  # least deviation: a sign that few examples show shall not weigh much
TARGET = Path(__file__).parent.parent / "pipeline" / "language" / "worth_weights.py"


def table() -> tuple[list[str], np.ndarray, np.ndarray]:
    """Names of the features, their values by example, and the labels; lines that are no sentence are left out."""
    rows, labels = [], []
    for sentence, label in examples():
        calendar = dates.find(sentence)
        numbers = quantities.find(sentence, calendar)
        read = signs(sentence, numbers, names.find(sentence), calendar, speakers.find(sentence) is not None)
        if read is not None:
            rows.append(read)
            labels.append(label)
    columns = list(rows[0])
    return columns, np.array([[row[name] for name in columns] for row in rows]), np.array(labels, dtype=float)


def fit(values: np.ndarray, labels: np.ndarray, ridge: float = RIDGE) -> np.ndarray:
    """Weights and, last, the bias of a logistic regression by Newton's method; the bias is not penalised."""
    design = np.hstack([values, np.ones((len(values), 1))])
    penalty = np.diag([ridge] * values.shape[1] + [0.0])
    weights = np.zeros(design.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (labels - chance) - penalty @ weights
        bend = (design.T * (chance * (1 - chance))) @ design + penalty
        step = np.linalg.solve(bend, slope)
        weights += step
        if np.abs(step).max() < 1e-10:
            break
    return weights


def main() -> None:
    """Write the weights for plain, unstandardised features."""
    columns, values, labels = table()
    mean, deviation = values.mean(0), values.std(0)
    deviation = np.maximum(deviation, RARE)
    weights = fit((values - mean) / deviation, labels)
    plain = weights[:-1] / deviation
    score, hand = values @ plain, values[:, columns.index("hand")]
    scale = hand.std() / score.std()
    bias = hand.mean() - scale * score.mean()
    lines = [f'    "{name}": {round(float(weight * scale), 4)},' for name, weight in zip(columns, plain, strict=True)]
    head = f'"""Weights of the check-worthiness model, by benchmarks/fit_worth.py from {len(labels)} own examples."""\n'
    body = "\n".join(["WEIGHTS = {", *lines, "}"])
    TARGET.write_text(f"{head}\nBIAS = {round(float(bias), 4)}\n{body}\n", encoding="utf-8")
    print(f"{len(labels)} examples, {len(columns)} features -> {TARGET}")


if __name__ == "__main__":
    main()
