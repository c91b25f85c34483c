"""What the claims say: findings unlike the known ones, findings that several make, claims that cannot both hold."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.detectors.building import median, plural, rows, signal
from pipeline.detectors.frame import Frame, Novel
from pipeline.detectors.holds import too_early
from pipeline.domain import Dispute, DisputeKind, Finding, Signal

_DISPUTES = {
    DisputeKind.NUMBER: "a number",
    DisputeKind.DATE: "a date",
    DisputeKind.POLARITY: "whether it is so",
    DisputeKind.ATTRIBUTION: "who said it",
    DisputeKind.STATUS: "whether it has happened",
}


def novelty(subject: str, label: str, novel: Sequence[Novel], known: int, frame: Frame) -> Signal | None:
    """New findings, from two or more origins, whose median distance from what was known passes the threshold.

    `known` is how many findings the storyline had before the window; with none there is nothing to be far from.
    """
    settings = frame.settings
    far = sorted(
        (n for n in novel if n.distance >= settings.novelty_distance), key=lambda n: (-n.distance, n.finding.id)
    )
    origins = sorted({origin for n in far for origin in n.finding.origin_ids})
    if not known or len(origins) < 2 or 2 * len(far) < len(novel):
        return None
    score = median([n.distance for n in novel])
    if score < settings.novelty_distance:
        return None
    return signal(
        "novelty",
        subject,
        frame,
        score=score,
        baseline=0.0,
        threshold=settings.novelty_distance,
        n=len(origins),
        severity="high" if len(origins) >= 5 else "medium" if len(origins) >= 3 else "low",
        evidence=rows([(n.finding.claim_ids[0], n.distance, "new finding") for n in far]),
        summary=f"{label}: {len(far)} {plural('finding', len(far))} unlike the {known} known before, "
        f"from {len(origins)} origins.",
        held=too_early(frame),
    )


def corroboration(subject: str, label: str, findings: Sequence[Finding], frame: Frame) -> Signal | None:
    """Findings that k independent origins make, the latest of them inside the window."""
    least = frame.settings.corroboration_origins
    hits = sorted(
        (f for f in findings if len(f.origin_ids) >= least and frame.start <= f.last_seen <= frame.now),
        key=lambda f: (-len(f.origin_ids), f.id),
    )
    if not hits:
        return None
    most = len(hits[0].origin_ids)
    return signal(
        "corroboration",
        subject,
        frame,
        score=float(most),
        baseline=1.0,
        threshold=float(least),
        n=most,
        severity="high" if most >= least + 3 else "medium" if most > least else "low",
        evidence=rows([(claim, float(len(f.origin_ids)), f"finding {f.id}") for f in hits for claim in f.claim_ids]),
        summary=f"{label}: {len(hits)} {plural('finding', len(hits))} made by {least} or more independent origins, "
        f"the widest by {most}.",
    )


def contradiction(subject: str, label: str, findings: Sequence[Finding], frame: Frame) -> Signal | None:
    """Disputes of findings that were last seen inside the window."""
    disputes: dict[tuple[str, str, str], Dispute] = {}
    for finding in sorted(findings, key=lambda f: f.id):
        if frame.start <= finding.last_seen <= frame.now:
            for dispute in finding.disputes:
                a, b = sorted((dispute.a, dispute.b))
                disputes.setdefault((a, b, dispute.kind.value), dispute)
    if not disputes:
        return None
    found = [disputes[key] for key in sorted(disputes)]
    kinds = sorted({d.kind for d in found})
    return signal(
        "contradiction",
        subject,
        frame,
        score=float(len(found)),
        baseline=0.0,
        threshold=1.0,
        n=len({claim for d in found for claim in (d.a, d.b)}),
        severity="high" if len(found) >= 3 else "medium" if len(found) == 2 else "low",
        evidence=rows([(claim, 1.0, d.kind.value) for d in found for claim in (d.a, d.b)]),
        summary=f"{label}: sources differ on {', '.join(_DISPUTES[k] for k in kinds)} "
        f"({len(found)} {plural('dispute', len(found))}).",
    )
