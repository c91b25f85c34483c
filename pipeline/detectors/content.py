"""What the claims say: findings unlike the known ones, findings that several make, claims that cannot both hold.

None of the three is a statistical test, so none has a p-value: each states a fact that a reader can check in the
evidence. All count voices (`detectors.voicing`), so copies and repetitions of one voice add nothing; what came out
before the window, or was told by an earlier signal, is no news, however late it was read.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.detectors import newness, spread, voicing
from pipeline.detectors.building import median, plural, rows, stated
from pipeline.detectors.frame import History, Novel, Window
from pipeline.detectors.voicing import Telling
from pipeline.domain import Dispute, DisputeKind, Finding, FindingState, Signal
from pipeline.settings import SignalSettings

LEAST_KNOWN = 3  # known findings of a storyline to which a lone voice can add something
SEVERAL, MANY = 3, 5  # lone voices with a finding each that are heard together: with a new fact among them, without
LEAST_EARLIER = 20  # distances of earlier findings, of the whole desk, that tell what is usual
_REWORDED = 0.9  # of the desk's rewordings are nearer than what counts as unlike
_STRAY = 0.2  # of earlier findings came from further away than what a lone voice may say of the same matter
_ELSEWHERE = 0.9  # of the desk's findings came from further away than what another storyline already told
_DISPUTES = {
    DisputeKind.NUMBER: "a number",
    DisputeKind.DATE: "a date",
    DisputeKind.POLARITY: "whether it is so",
    DisputeKind.ATTRIBUTION: "who said it",
    DisputeKind.STATUS: "whether it has happened",
}


# --- novelty ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A finding that is news: how far it is, who told it in the window, and what it adds."""

    novel: Novel
    told: Sequence[Telling]
    adds: str


@dataclass(frozen=True, slots=True)
class _Scale:
    """What a storyline's distances are read against.

    `near`: within it lie rewordings; `least` and `most`: from where to where a lone voice is heard; `usual`: the median
    of earlier findings; `earlier`: how many of these the desk has.
    """

    near: float
    least: float
    most: float
    usual: float
    earlier: int


def detect_novelty(window: Window, history: History, now: datetime, settings: SignalSettings) -> Sequence[Signal]:
    """Findings first told in the window that are far from all known ones and that somebody vouches for.

    Far: further than nine of ten rewordings on the desk, and no other storyline told it before. Vouched for: by two
    voices; by one in a headline with a number, date or outcome that was not told before (`newness.lacked`); or by
    `SEVERAL` with a finding each of which one has such a fact (`MANY`: without). A lone headline must be as far as the
    storyline's own findings usually came (`novelty_share` of them at most from further, `spread.tail`), and not so far
    that it speaks of something else. What stands deep in a text or speaks of the past is background.
    Score: the median distance, 0 to 1; `n`: the voices.
    """
    desk = sorted(one for usual in window.usual.values() for one in usual)
    near, elsewhere = _rewording(window.reworded, desk), spread.reach(_ELSEWHERE, (), desk)
    found = []
    for key in sorted(window.novel):
        far = [one for one in window.novel[key] if one.distance >= near and one.elsewhere >= elsewhere]
        if not far or not window.known.get(key):
            continue
        usual = sorted(window.usual.get(key, ()))
        least = max(spread.reach(settings.novelty_share, usual, desk), near)
        scale = _Scale(near, least, spread.reach(_STRAY, usual, desk), median(usual or desk or [0.0]), len(desk))
        if fresh := _fresh(window, key, far, scale):
            found.append(_novelty(window, key, fresh, scale))
    return found


def _rewording(reworded: Sequence[float], desk: Sequence[float]) -> float:
    """The distance within which another wording of one finding lies; told by earlier findings where few have two."""
    if len(reworded) < LEAST_EARLIER:
        return spread.reach(_REWORDED, (), desk)
    return reworded[min(len(reworded) - 1, int(_REWORDED * len(reworded)))]


def _fresh(window: Window, key: str, far: Sequence[Novel], scale: _Scale) -> list[_Fresh]:
    """Those of the far findings that are news, the most voices and the greatest distance first."""
    before = [one for one in window.findings.get(key, ()) if one.first_seen <= window.start]
    told_before = newness.known(window.claims[c] for one in before for c in one.claim_ids if c in window.claims)
    settled = len(before) >= LEAST_KNOWN
    found, loose = [], []
    for novel in far:
        every = voicing.of(window, novel.finding)
        told = voicing.voices(voicing.inside(window, every))
        old = bool(every) and every[0].at <= window.start - (window.end - window.start)
        shown = any(newness.prominent(one.claim) and not newness.background(one.claim) for one in told)
        if old or not shown or novel.finding.state is FindingState.SUPERSEDED:
            continue
        adds = newness.lacked(told[0].claim, told_before) if settled else None
        if len(told) > 1:
            found.append(_Fresh(novel, told, f"told by {len(told)} voices"))
        elif adds and told[0].claim.in_headline and scale.least <= novel.distance <= scale.most:
            found.append(_Fresh(novel, told, adds))
        else:
            loose.append(_Fresh(novel, told, adds or ""))
    found += _together(loose) if settled else []
    return sorted(found, key=lambda one: (-len(one.told), -one.novel.distance, one.novel.finding.id))


def _together(loose: Sequence[_Fresh]) -> list[_Fresh]:
    """Findings of lone voices that are news together: many voices, or several of which one adds a fact; none else."""
    told = sorted((one for item in loose for one in item.told), key=lambda one: (one.at, one.claim.id))
    n = len(voicing.voices(told))
    if len(loose) < SEVERAL or n < (SEVERAL if any(item.adds for item in loose) else MANY):
        return []
    note = f"one of {len(loose)} findings new from {n} voices"
    return [dataclasses.replace(item, adds=item.adds or note) for item in loose]


def _novelty(window: Window, key: str, fresh: Sequence[_Fresh], scale: _Scale) -> Signal:
    """The signal of one storyline's news."""
    about = voicing.subject(window, key)
    every = sorted((one for item in fresh for one in item.told), key=lambda one: (one.at, one.claim.id))
    n = len(voicing.voices(every))
    most = len(fresh[0].told)
    early = f"only {scale.earlier} earlier findings to tell what is usual, {LEAST_EARLIER} are needed"
    return stated(
        "novelty",
        about,
        window,
        score=median([one.novel.distance for one in fresh]),
        baseline=scale.usual,
        threshold=scale.near if n > 1 else scale.least,
        n=n,
        severity="high" if most >= 4 or n >= 6 else "medium" if n >= 2 else "low",
        evidence=rows([(one.claim.id, item.novel.distance, item.adds) for item in fresh for one in item.told]),
        summary=f"{about.name}: {len(fresh)} {plural('finding', len(fresh))} unlike the "
        f"{window.known[key]} known before, from {n} {plural('voice', n)} ({fresh[0].adds}).",
        held=early if scale.earlier < LEAST_EARLIER else None,
    )


# --- corroboration ---------------------------------------------------------------------------------------------------


def detect_corroboration(window: Window, history: History, now: datetime, settings: SignalSettings) -> Sequence[Signal]:
    """Findings that reached `corroboration_origins` independent voices in the window; who was first is evidence.

    A finding that had as many before, and was only told again, is none. Score: the voices of the widest one.
    """
    least = settings.corroboration_origins
    found = []
    for key in sorted(window.findings):
        reached = [
            (finding, told)
            for finding in window.findings[key]
            for told in [voicing.voices(voicing.of(window, finding))]
            if finding.state is not FindingState.SUPERSEDED and _reached(window, told, least)
        ]
        if reached:
            found.append(_corroboration(window, key, reached, least))
    return found


def _reached(window: Window, told: Sequence[Telling], least: int) -> bool:
    """Whether the voice that made them `least` spoke in the window, and not in a backfill."""
    return len(told) >= least and bool(voicing.inside(window, told[least - 1 : least]))


def _corroboration(window: Window, key: str, reached: list[tuple[Finding, tuple[Telling, ...]]], least: int) -> Signal:
    """The signal of one storyline's findings that were corroborated."""
    about = voicing.subject(window, key)
    reached.sort(key=lambda pair: (-len(pair[1]), pair[0].id))
    most = len(reached[0][1])
    before = sum(1 for one in reached[0][1] if one.at <= window.start)
    evidence = [
        (one.claim.id, 1.0 / (place + 1), "told it first" if place == 0 else f"voice {place + 1} of {len(told)}")
        for _, told in reached
        for place, one in enumerate(told)
    ]
    return stated(
        "corroboration",
        about,
        window,
        score=float(most),
        baseline=float(before),
        threshold=float(least),
        n=most,
        severity="high" if most >= least + 3 else "medium" if most > least else "low",
        evidence=rows(evidence),
        summary=f"{about.name}: {len(reached)} {plural('finding', len(reached))} reached {least} independent voices, "
        f"the widest has {most}; first told {reached[0][1][0].at:%Y-%m-%d %H:%M}.",
    )


# --- contradiction ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sides:
    """A dispute with the voices of its two sides, and whether it opened or was confirmed."""

    dispute: Dispute
    a: Sequence[Telling]
    b: Sequence[Telling]
    what: str


def detect_contradiction(window: Window, history: History, now: datetime, settings: SignalSettings) -> Sequence[Signal]:
    """Disputes that opened in the window, or one of whose sides reached `corroboration_origins` voices in it.

    A voice that corrects itself disputes nothing, and what an earlier signal told of is not told again until it is
    confirmed. Score: the number of disputes; `n`: the voices of both sides.
    """
    told = _told_before(window, history)
    makers = {c: f for fs in window.findings.values() for f in fs for c in f.claim_ids}
    found = []
    for key in sorted(window.findings):
        disputes: dict[tuple[str, str, str], Dispute] = {}
        for finding in sorted(window.findings[key], key=lambda one: one.id):
            for dispute in finding.disputes if finding.state is not FindingState.SUPERSEDED else ():
                a, b = sorted((dispute.a, dispute.b))
                disputes.setdefault((a, b, dispute.kind.value), dispute)
        fresh = [
            one
            for name in sorted(disputes)
            for one in [_open(window, disputes[name], makers, settings.corroboration_origins)]
            if one is not None and (one.what != "opened" or (key, *name[:2]) not in told)
        ]
        if fresh:
            found.append(_contradiction(window, key, fresh))
    return found


def _told_before(window: Window, history: History) -> set[tuple[str, str, str]]:
    """Storyline and both sides of the disputes that signals of earlier nights had as evidence."""
    found = set()
    for told in history.signals:
        if told.kind == "contradiction" and told.window_end < window.end and told.held is None:
            sides = sorted(row.id for row in told.evidence)
            found |= {(told.subject, a, b) for n, a in enumerate(sides) for b in sides[n + 1 :]}
    return found


def _open(window: Window, dispute: Dispute, makers: Mapping[str, Finding], least: int) -> _Sides | None:
    """The dispute with its sides, where it is news in the window; None else."""
    a, b = (_side(window, claim, makers) for claim in (dispute.a, dispute.b))
    one, other = (voicing.tellings(window, [claim]) for claim in (dispute.a, dispute.b))
    if not (a and b and one and other) or _corrected(dispute.kind, one[0], other[0], a, b):
        return None
    if any(makers[c].state is FindingState.SUPERSEDED for c in (dispute.a, dispute.b) if c in makers):
        return None
    later = max(one[0], other[0], key=lambda telling: (telling.at, telling.claim.id))
    if voicing.inside(window, [later]):
        return _Sides(dispute, a, b, "opened")
    if any(_reached(window, side, least) for side in (a, b)):
        return _Sides(dispute, a, b, "was confirmed")
    return None


def _side(window: Window, claim: str, makers: Mapping[str, Finding]) -> Sequence[Telling]:
    """The voices that make the finding of a claim; those of the claim alone where its finding is not at hand."""
    finding = makers.get(claim)
    return voicing.voices(voicing.tellings(window, finding.claim_ids if finding else [claim]))


def _corrected(kind: DisputeKind, one: Telling, other: Telling, a: Sequence[Telling], b: Sequence[Telling]) -> bool:
    """Whether a single voice told both sides, without reporting two named speakers who differ."""
    voices = {telling.voice or telling.origin for telling in (*a, *b)}
    speakers = {telling.claim.speaker for telling in (one, other)} - {None}
    return len(voices) == 1 and (len(speakers) < 2 or kind is DisputeKind.ATTRIBUTION)


def _contradiction(window: Window, key: str, fresh: Sequence[_Sides]) -> Signal:
    """The signal of one storyline's disputes."""
    about = voicing.subject(window, key)
    kinds = sorted({one.dispute.kind for one in fresh})
    first = max(fresh, key=lambda one: (min(len(one.a), len(one.b)), len(one.a) + len(one.b)))
    every = sorted((t for one in fresh for t in (*one.a, *one.b)), key=lambda one: (one.at, one.claim.id))
    evidence = [
        (claim, float(len(side)), f"{one.dispute.kind.value}: {value or one.dispute.what} ({_count(side)})")
        for one in fresh
        for claim, value, side in (
            (one.dispute.a, one.dispute.a_value, one.a),
            (one.dispute.b, one.dispute.b_value, one.b),
        )
    ]
    return stated(
        "contradiction",
        about,
        window,
        score=float(len(fresh)),
        baseline=0.0,
        threshold=1.0,
        n=len(voicing.voices(every)),
        severity="high" if min(len(first.a), len(first.b)) > 1 or len(fresh) > 2 else _middling(first, len(fresh)),
        evidence=rows(evidence),
        summary=f"{about.name}: sources differ on {', '.join(_DISPUTES[kind] for kind in kinds)} "
        f"({len(fresh)} {plural('dispute', len(fresh))}; one {first.what}: {_count(first.a)} against "
        f"{_count(first.b)}).",
    )


def _middling(first: _Sides, disputes: int) -> str:
    return "medium" if disputes > 1 or len(first.a) + len(first.b) > 2 else "low"


def _count(side: Sequence[Telling]) -> str:
    return f"{len(side)} {plural('voice', len(side))}"
