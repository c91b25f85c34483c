"""Fit the confidence of signals on back-tests: python benchmarks/fit_confidence.py [--seed N] [--worlds N] [--check]

Every signal that the detectors fire on generated worlds and nights of findings (`pipeline.backtest`, family "fitted")
is a change that was planted or is not. For each kind a logistic curve over the strength of the evidence is fitted by
maximum likelihood, its slope not below 0, with a weak pull of the slope to 0 (ridge); its height stays below 1 by one
signal that might have been false (Laplace). Thresholds are lowered for the fit (one false signal a night), so that the
curves know weak signals, too. Writes pipeline/detectors/confidence.toml; with --check it writes nothing. Prints the
calibration on the fit, and on another seed and the shapes that were held back, at the shipped thresholds and the low.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline import detectors
from pipeline.backtest import report, scoring, suite
from pipeline.backtest.planting import Family
from pipeline.backtest.scoring import Judged
from pipeline.backtest.suite import Suite
from pipeline.detectors.confidence import Curve, confidence, strength
from pipeline.embedders.lexical import LexicalEmbedder
from pipeline.settings import SignalSettings

OUT = Path(__file__).resolve().parents[1] / "pipeline" / "detectors" / "confidence.toml"
RIDGE = 0.02
LINES = 20  # storylines of each kind in a night of findings
LOW = SignalSettings(quiet_nights=1)
SHIPPED = SignalSettings()


def fit(pairs: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Intercept and slope (not below 0) of the logistic curve through (strength, whether it was a change)."""
    x = np.array([strength for strength, _ in pairs])
    y = np.array([real for _, real in pairs], dtype=np.float64)
    hits, misses = y.sum(), len(y) - y.sum()
    y = np.where(y > 0, (hits + 1) / (hits + 2), 1 / (misses + 2))  # Platt 1999: no certainty from few signals

    def loss(at: np.ndarray) -> float:
        z = at[0] + at[1] * x
        return float(np.sum(np.logaddexp(0, z) - y * z) + RIDGE * len(y) / 100 * at[1] ** 2)

    best = minimize(loss, np.array([0.0, 0.5]), bounds=[(-30, 30), (0, 30)], method="L-BFGS-B")
    return float(best.x[0]), float(best.x[1])


def curves(judged: Sequence[Judged], base: float) -> dict[str, Curve]:
    """A curve for every kind that fired."""
    found = {}
    for kind in sorted({one.signal.kind for one in judged}):
        pairs = [(strength(one.signal), one.change is not None) for one in judged if one.signal.kind == kind]
        intercept, slope = fit(pairs)
        high = 1 - 1 / (len(pairs) + 2)
        found[kind] = Curve(round(intercept, 4), round(slope, 4), 0.0, round(high, 4), base, len(pairs))
    return found


def text(found: Mapping[str, Curve], how: str) -> str:
    """The curves as the file that is shipped."""
    parts = [f"# Made by: {how}. What the numbers mean: confidence.py beside this file."]
    for kind, one in found.items():
        parts += [
            "",
            f"[{kind}]",
            f"intercept = {one.intercept}",
            f"slope = {one.slope}",
            f"low = {one.low}",
            f"high = {one.high}",
            f"base = {one.base}",
            f"fitted = {one.fitted}",
        ]
    return "\n".join(parts) + "\n"


def checked(title: str, judged: Sequence[Judged], by: Mapping[str, Curve]) -> str:
    """Calibration of `judged` under the curves `by`, over all kinds and for each."""
    sure = [(confidence(one.signal, by), one.change is not None, one.signal.kind) for one in judged]
    pairs = [(c, real) for c, real, _ in sure if c is not None]
    rows = [f"### {title}", "", report.bins_table(pairs), "", "| kind | signals | real | error |", "|---|---|---|---|"]
    for kind in sorted({kind for _, _, kind in sure}):
        mine = [(c, real) for c, real, of in sure if of == kind and c is not None]
        real = sum(r for _, r in mine) / max(len(mine), 1)
        rows.append(f"| {kind} | {len(mine)} | {real:.3f} | {scoring.calibration_error(mine):.4f} |")
    return "\n".join(rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, check, write; 1 where the calibration error on other seeds and shapes is above 0.05."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--worlds", type=int, default=6)
    parser.add_argument("--check", action="store_true", help="write nothing")
    args = parser.parse_args(arguments)
    embedder = LexicalEmbedder()
    fitted = Suite(args.seed, Family.FITTED, planted=args.worlds, stories=args.worlds, lines=LINES)
    other = Suite(args.seed + 300, Family.HELD, planted=args.worlds // 2, stories=args.worlds // 2, lines=LINES)
    base = 0.5 / suite.NIGHTS
    judged = suite.fired(fitted, LOW, embedder, detectors.detect)
    found = curves(judged, round(base, 4))
    if not args.check:
        how = f"python benchmarks/fit_confidence.py --seed {args.seed} --worlds {args.worlds}"
        OUT.write_text(text(found, how), encoding="utf-8")
    low = suite.fired(other, LOW, embedder, detectors.detect)
    shipped = suite.fired(other, SHIPPED, embedder, detectors.detect)
    print(checked("Fitted on", judged, found), end="\n\n")
    print(checked("Held back, low thresholds", low, found), end="\n\n")
    print(checked("Held back, shipped thresholds", shipped, found))
    pairs = [(c, one.change is not None) for one in shipped if (c := confidence(one.signal, found)) is not None]
    return int(not scoring.calibration_error(pairs) <= 0.05)


if __name__ == "__main__":
    sys.exit(main())
