"""What a back-test says: flat measures for floors, tables for a person. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.backtest import scoring
from pipeline.backtest.scoring import Judged, Scores, Share
from pipeline.backtest.stored import NIGHTS, Examined
from pipeline.backtest.suite import Measured


def measures(found: Measured) -> dict[str, Any]:
    """One number a name: for every kind its precision, recall, delay; for all the false signals and the calibration."""
    flat: dict[str, Any] = {"series": found.series, "clean": found.clean}
    for kind, scores in found.kinds.items():
        flat |= {
            f"{kind}_precision": _round(scores.precision.value),
            f"{kind}_recall": _round(scoring.recall(scores).value),
            f"{kind}_delay_hours": _round(scores.delay, 1),
        }
        flat |= {f"{kind}_recall_at_{size:g}": _round(share.value) for size, share in scores.recall.items()}
    flat |= {f"{kind}_recall_like": _round(share.value) for kind, share in found.like.items()}
    flat |= {f"{kind}_recall_steady": _round(share.value) for kind, share in found.steady.items()}
    flat |= {f"{kind}_hourly_delay_hours": _round(scores.delay, 1) for kind, scores in found.hourly.items()}
    low, high = found.alarms.interval
    pairs = calibrated(one for scores in found.kinds.values() for one in scores.judged)
    return flat | {
        "quiet_nights": found.nights,
        "nights_with_a_false_signal": found.alarms.hits,
        "quiet_kept": _round(1 - found.alarms.value),
        "false_a_night": _round(found.false / found.nights if found.nights else math.nan),
        "false_nights_low": _round(low),
        "false_nights_high": _round(high),
        "calibration_error": _round(scoring.calibration_error(pairs)),
        "calibrated": _round(1 - scoring.calibration_error(pairs)),
        "signals_with_confidence": len(pairs),
    }


def calibrated(judged: Iterable[Judged]) -> list[tuple[float, bool]]:
    """(confidence, whether it was a change) of the signals that carry a confidence."""
    return [
        (one.signal.confidence, one.change is not None) for one in judged if one.signal.confidence is not None
    ]  # fmt: skip


def tables(found: Measured) -> str:
    """The measures as Markdown, for docs/signals.md."""
    parts = [
        f"{found.series} series and storylines, {found.clean} of them without a change.",
        kinds_table(found.kinds),
        "Recall of a threefold rise from half an origin an hour that lasts two days: "
        + ", ".join(f"{kind} {share_of(share)}" for kind, share in found.like.items())
        + "; where the series is Poisson but for its seasons: "
        + ", ".join(f"{kind} {share_of(share)}" for kind, share in found.steady.items())
        + ".",
        *(f"{kind}, recall by size and hours, from half an origin an hour:\n\n{curve(cells)}"
          for kind, cells in found.curves.items()),
        _quiet(found),
    ]  # fmt: skip
    if found.hourly:
        parts.append("Measured every hour:\n\n" + kinds_table(found.hourly))
    pairs = calibrated(one for scores in found.kinds.values() for one in scores.judged)
    parts.append("Calibration:\n\n" + bins_table(pairs))
    return "\n\n".join(parts)


def _quiet(found: Measured) -> str:
    low, high = found.alarms.interval
    by_kind = ", ".join(f"{kind} {share.hits}" for kind, share in found.alarms_by_kind.items())
    return (
        f"Quiet nights: {found.alarms.hits} of {found.nights} with a false signal ({found.alarms.value:.4f}, 95 % "
        f"interval {low:.4f} to {high:.4f}), {found.false} false signals; nights by kind: {by_kind}."
    )


def kinds_table(kinds: Mapping[str, Scores]) -> str:
    """Kind by kind: precision, recall by size, delay, what was held."""
    rows = [
        "| kind | signals | precision | recall by size | delay, median (h) | held |",
        "|---|---|---|---|---|---|",
    ]
    for kind, scores in kinds.items():
        recall = ", ".join(f"{size:g}: {share.hits}/{share.of}" for size, share in scores.recall.items())
        rows.append(
            f"| {kind} | {scores.precision.of} | {share_of(scores.precision)} | {recall} | {number(scores.delay)} "
            f"| {scores.held} |"
        )
    return "\n".join(rows)


def curve(cells: Mapping[tuple[float, int], Share]) -> str:
    """Recall by size (rows) and hours (columns)."""
    hours = sorted({hours for _, hours in cells})
    rows = ["| size | " + " | ".join(f"{h} h" for h in hours) + " |", "|---" * (len(hours) + 1) + "|"]
    for size in sorted({size for size, _ in cells}):
        found = (cells.get((size, h), Share(0, 0)) for h in hours)
        rows.append(f"| {size:g} | " + " | ".join(f"{s.hits}/{s.of}" if s.of else "" for s in found) + " |")
    return "\n".join(rows)


def bins_table(pairs: Sequence[tuple[float, bool]]) -> str:
    """Confidence by bin against the share that was real, and the expected calibration error."""
    rows = ["| signals | confidence | real |", "|---|---|---|"]
    rows += [f"| {one.of} | {one.confidence:.3f} | {one.real:.3f} |" for one in scoring.bins(pairs)]
    return "\n".join([*rows, "", f"Expected calibration error {number(scoring.calibration_error(pairs), 4)}."])


def examined(found: Examined) -> dict[str, Any]:
    """The back-test of a store as one document."""
    if found.early:
        return {"early": found.early, "days": found.days}
    by_kind = _scored(found)
    pairs = calibrated(found.judged)
    nights = found.copies * NIGHTS
    false = sum(scores.false for scores in by_kind.values())
    return {
        "days": found.days,
        "stored_nights": found.stored,
        "fired": dict(found.fired),
        "held": dict(found.held),
        "subjects": dict(found.subjects),
        "copies": found.copies,
        "nights": nights,
        "kinds": {kind: _scores(scores) for kind, scores in by_kind.items()},
        "false_a_night": _round(false / nights if nights else math.nan),
        "nights_with_a_false_signal": found.alarmed,
        "calibration_error": _round(scoring.calibration_error(pairs)),
        "calibration": [[one.of, _round(one.confidence), _round(one.real)] for one in scoring.bins(pairs)],
        "seconds": found.seconds,
    }


def lines(found: Examined) -> list[str]:
    """The same for a terminal."""
    if found.early:
        return [found.early]
    told = examined(found)
    fired = ", ".join(f"{number} {kind}" for kind, number in found.fired.items()) or "none"
    rows = [f"{found.stored} stored nights as they were: {fired}; which of them were real is not known here"]
    rows += [f"  held {number} times: {reason}" for reason, number in found.held.items()]
    copied = ", ".join(f"{number} of {sort}" for sort, number in found.subjects.items()) or "no subject"
    rows.append(f"{found.copies} quiet copies ({copied}) of {NIGHTS} nights, a change planted into every second series")
    for kind, scores in _scored(found).items():
        recall = ", ".join(f"x{size:g} {share.hits}/{share.of}" for size, share in scores.recall.items())
        rows.append(
            f"  {kind}: precision {share_of(scores.precision)}, recall {recall}, delay {number(scores.delay)} h"
        )
    rows.append(f"  false signals a night: {told['false_a_night']} (an upper bound: the desk's own events count)")
    rows.append(f"  calibration error: {told['calibration_error']}")
    rows += [f"    {one.of} signals at {one.confidence:.2f}: {one.real:.2f} real" for one in
             scoring.bins(calibrated(found.judged))]  # fmt: skip
    return rows


# --- parts -----------------------------------------------------------------------------------------------------------


def _scored(found: Examined) -> dict[str, Scores]:
    kinds = dict.fromkeys(change.kind for change in found.changes)
    return {
        kind: scoring.score(
            [one for one in found.judged if one.signal.kind == kind],
            [change for change in found.changes if change.kind == kind],
        )
        for kind in kinds
    }


def _scores(scores: Scores) -> dict[str, Any]:
    return {
        "precision": _round(scores.precision.value),
        "recall": {f"{size:g}": [share.hits, share.of] for size, share in scores.recall.items()},
        "delay_hours": _round(scores.delay, 1),
        "false": scores.false,
        "held": scores.held,
    }


def share_of(share: Share) -> str:
    """A share in words: its value and of how many."""
    return f"{share.value:.3f} of {share.of}" if share.of else "-"


def number(value: float, places: int = 1) -> str:
    """A number, or a dash for none."""
    return "-" if math.isnan(value) else f"{value:.{places}f}"


def _round(value: float, places: int = 4) -> float | None:
    return None if math.isnan(value) else round(value, places)
