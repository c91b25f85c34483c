"""What becomes of storylines: one that became two, two that became one, and two beats' storylines that begin to meet.

Splits and merges are facts of tonight's grouping and are told as such. That two storylines meet is tested: of the names
that one of them took up tonight, more stand in the other than their popularity explains. That is Fisher's exact test
for names that are not equally common: the number shared is then Poisson binomial instead of hypergeometric (Hodges and
Le Cam 1960), and its upper tail is summed exactly. Names that go together elsewhere count as one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from pipeline.detectors import control, voicing
from pipeline.detectors.building import plural, rows, stated
from pipeline.detectors.frame import About, Arrival, History, Subject, Window
from pipeline.detectors.voicing import Telling
from pipeline.domain import Signal, Storyline, Turn, TurnKind
from pipeline.settings import SignalSettings

LEAST_SHARED = 2  # names that must begin to be shared, and voices that must tell them
_TOGETHER = 0.5  # share of the storylines with the rarer of two names that have the other, too: they count as one


# --- splits and merges -----------------------------------------------------------------------------------------------


def detect_split(window: Window, history: History, now: datetime, settings: SignalSettings) -> Sequence[Signal]:
    """Storylines that another left in the window, each once. Score: the voices of the records that moved."""
    return [
        _moved(window, line, turns, "split", "split off")
        for line, turns in _turned(window, TurnKind.SPLIT_OFF)
        if _stirred(window, line, turns)
    ]


def detect_merge(window: Window, history: History, now: datetime, settings: SignalSettings) -> Sequence[Signal]:
    """Storylines that took in others in the window, each once. Score: the voices of the records that moved."""
    return [
        _moved(window, line, turns, "merge", "merged into it")
        for line, turns in _turned(window, TurnKind.TOOK_IN)
        if _stirred(window, line, turns)
    ]


def _turned(window: Window, kind: TurnKind) -> list[tuple[Storyline, list[Turn]]]:
    """Living storylines with their turns of a kind in the window."""
    living = [window.storylines[key] for key in sorted(window.storylines)]
    found = [
        (line, [turn for turn in line.turns if turn.kind is kind and window.start < turn.at <= window.end])
        for line in living
        if line.merged_into is None
    ]
    return [(line, turns) for line, turns in found if turns]


def _stirred(window: Window, line: Storyline, turns: Sequence[Turn]) -> bool:
    """Whether anything came out tonight on either side: what is only read late moves storylines, but is no news."""
    sides = [line.id, *(turn.other for turn in turns)]
    return any(
        not one.backfill and window.start < one.at <= window.end
        for side in sides
        for one in window.arrivals.get(Subject(About.STORYLINE, side), ())
    )


def _moved(window: Window, line: Storyline, turns: Sequence[Turn], kind: str, verb: str) -> Signal:
    """The signal of one storyline's turns of a kind."""
    evidence: list[tuple[str, float, str]] = []
    for turn in turns:
        records = _records(window, line, turn) or list(line.record_ids)
        evidence += [(record, 1.0 / len(records), f'{verb}: "{turn.label}"') for record in records]
    arrivals = [window.told[record] for record, _, _ in evidence if record in window.told]
    n = len(_voices(arrivals)) or len(evidence)
    subject = voicing.subject(window, line.id)
    whys = "; ".join(f'"{turn.label}" ({turn.why})' for turn in turns)
    return stated(
        kind,
        subject,
        window,
        score=float(n),
        baseline=0.0,
        threshold=1.0,
        n=n,
        severity="high" if n >= 6 else "medium" if n >= 3 else "low",
        evidence=rows(evidence),
        summary=f"{subject.name}: {len(turns)} {plural('storyline', len(turns))} {verb}, "
        f"{len(evidence)} {plural('record', len(evidence))} moved: {whys}.",
    )


def _records(window: Window, line: Storyline, turn: Turn) -> list[str]:
    """Records whose claims left one side of a turn for the other, in order; all of a new side where none is kept."""
    split = turn.kind is TurnKind.SPLIT_OFF
    source, target = (line.id, turn.other) if split else (turn.other, line.id)
    heir = window.storylines.get(target)
    left = [one for one in window.moved.get(source, ()) if one.until == turn.at]
    gone = {one.record_id for one in left if heir is None or one.record_id in heir.record_ids}
    if not gone and split and heir is not None:
        gone = set(heir.record_ids)
    return sorted(gone)


def _voices(arrivals: Iterable[Arrival]) -> set[str]:
    return {one.voice or one.origin_id for one in arrivals}


# --- beats that meet -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of one storyline: those it had before the window, and those it took up in it with who tells them."""

    line: Storyline
    before: Set[str]
    new: Mapping[str, Sequence[Telling]]


@dataclass(frozen=True, slots=True)
class _Meeting:
    """That one storyline took up names of another: which, by how many were to be expected, and the chance of it."""

    taker: _Names
    other: _Names
    shared: tuple[str, ...]
    expected: float
    chance: float


def detect_cross_beat(window: Window, history: History, now: datetime, settings: SignalSettings) -> Sequence[Signal]:
    """Storylines without a common beat of which one took up names of the other in the window, beyond chance.

    Every pair of storylines that were known before is a test, at the kind's part of the night's rate of false signals
    (`control`). At least `LEAST_SHARED` names, told by as many voices, and more than the two had in common before.
    Score: the names shared; threshold: the fewest that could have fired.
    """
    lines = [one for one in _named(window) if one.before]
    takers = [one for one in lines if len(one.new) >= LEAST_SHARED]
    tests = _pairs(takers, lines)
    popular = _Popularity(lines)
    by_line = {one.line.id: one for one in lines}
    met = [found for taker in takers for found in _meetings(taker, by_line, popular)]
    if not met:
        return []
    chances = np.ones(max(tests, len(met)))
    chances[: len(met)] = [one.chance for one in met]
    passed = control.passed(chances, control.level(settings, "cross_beat"))
    best: dict[str, list[_Meeting]] = defaultdict(list)
    for one, fires in zip(met, passed.fires[: len(met)].tolist(), strict=True):
        if fires:
            best[one.taker.line.id].append(one)
    bar = float(passed.bar.max())
    return [_meeting(window, sorted(best[key], key=_rank), popular, bar) for key in sorted(best)]


def _rank(one: _Meeting) -> tuple[float, str]:
    return one.chance, one.other.line.id


def _named(window: Window) -> list[_Names]:
    """The names of every living storyline of the window, in order of id."""
    found = []
    for key in sorted(window.findings):
        line = window.storylines.get(key)
        if line is None or line.merged_into is not None:
            continue
        told = voicing.tellings(window, (c for one in window.findings[key] for c in one.claim_ids))
        before = {name for one in told if one.at <= window.start for name in one.claim.entities}
        new: dict[str, list[Telling]] = defaultdict(list)
        for one in voicing.inside(window, told):
            for name in dict.fromkeys(one.claim.entities):
                if name not in before:
                    new[name].append(one)
        found.append(_Names(line, before, new))
    return found


def _pairs(takers: Sequence[_Names], lines: Sequence[_Names]) -> int:
    """How many pairs of a taker and another storyline have no beat in common, counted by sets of beats."""
    mine, all_ = (Counter(frozenset(one.line.beats) for one in some) for some in (takers, lines))
    return sum(n * m for a, n in mine.items() for b, m in all_.items() if a and b and not a & b)


def _apart(one: Storyline, other: Storyline) -> bool:
    """Whether two storylines have beats, and none in common."""
    return bool(one.beats) and bool(other.beats) and not set(one.beats) & set(other.beats)


class _Popularity:
    """In how many storylines each name stands, and how likely a storyline of a size has it."""

    def __init__(self, lines: Sequence[_Names]) -> None:
        self.holders: dict[str, set[str]] = defaultdict(set)
        for one in lines:
            for name in (*one.before, *one.new):
                self.holders[name].add(one.line.id)
        self._lines = len(lines)
        self._mean = max(1.0, sum(len(one.before) for one in lines) / max(1, len(lines)))

    def chance(self, name: str, taker: _Names, other: _Names) -> float:
        """Probability that a storyline with as many names as `other` has `name`, as the rest of the desk has it.

        Half a storyline is added to those with it (Krichevsky and Trofimov 1981), so that nothing is impossible.
        """
        elsewhere = len(self.holders[name] - {taker.line.id, other.line.id})
        share = (elsewhere + 0.5) / (max(0, self._lines - 2) + 1.0)
        return float(1.0 - (1.0 - min(share, 0.999)) ** (len(other.before) / self._mean))

    def together(self, one: str, other: str, pair: Set[str]) -> bool:
        """Whether two names go together in storylines other than `pair`, or one is part of the other."""
        a, b = self.holders[one] - pair, self.holders[other] - pair
        words, more = set(one.split()), set(other.split())
        return words <= more or more <= words or len(a & b) > _TOGETHER * max(1, min(len(a), len(b))) - 1e-9


def _meetings(taker: _Names, by_line: Mapping[str, _Names], popular: _Popularity) -> list[_Meeting]:
    """The storylines of other beats whose names `taker` took up in numbers worth a test."""
    shared: dict[str, list[str]] = defaultdict(list)
    for name in sorted(taker.new):
        for key in popular.holders[name]:
            if key != taker.line.id and name in by_line[key].before:
                shared[key].append(name)
    found = []
    for key in sorted(key for key, names in shared.items() if len(names) >= LEAST_SHARED):
        other = by_line[key]
        names = _independent(shared[key], popular, {taker.line.id, key})
        told = [one for name in names for one in taker.new[name]]
        voices = voicing.voices(sorted(told, key=lambda one: (one.at, one.claim.id)))
        enough = min(len(names), len(voices)) >= LEAST_SHARED and len(names) > len(taker.before & other.before)
        if enough and _apart(taker.line, other.line):
            each = [popular.chance(name, taker, other) for name in sorted(taker.new)]
            found.append(_Meeting(taker, other, names, sum(each), tail(each, len(names))))
    return found


def _independent(names: Sequence[str], popular: _Popularity, pair: Set[str]) -> tuple[str, ...]:
    """Those of `names` that do not go together with a rarer one that is kept."""
    kept: list[str] = []
    for name in sorted(names, key=lambda one: (len(popular.holders[one]), one)):
        if not any(popular.together(name, other, pair) for other in kept):
            kept.append(name)
    return tuple(kept)


def tail(chances: Sequence[float], least: int) -> float:
    """Probability of `least` successes or more in independent trials with these chances (Poisson binomial)."""
    if least <= 0:
        return 1.0
    none = np.zeros(least + 1)  # probabilities of 0, 1, ... successes; the last: of so many or more
    none[0] = 1.0
    for chance in chances:
        moved = none[:-1] * chance
        none[:-1] -= moved
        none[1:] += moved
    return float(min(1.0, none[-1]))


def _meeting(window: Window, met: Sequence[_Meeting], popular: _Popularity, bar: float) -> Signal:
    """The signal of one storyline that met others, the least likely first."""
    first = met[0]
    subject = voicing.subject(window, first.taker.line.id)
    each = [popular.chance(name, first.taker, first.other) for name in sorted(first.taker.new)]
    least = next((k for k in range(LEAST_SHARED, len(each) + 1) if tail(each, k) <= bar), len(each))
    evidence: list[tuple[str, float, str]] = []
    for one in met:
        theirs = voicing.tellings(window, (c for f in window.findings[one.other.line.id] for c in f.claim_ids))
        for name in one.shared:
            weight = 1.0 - popular.chance(name, one.taker, one.other)
            evidence.append((one.taker.new[name][0].claim.id, weight, f'took up "{name}"'))
            known = next((t for t in theirs if name in t.claim.entities), None)
            if known is not None:
                evidence.append((known.claim.id, weight / 2, f'"{name}" in "{one.other.line.label}"'))
    told = sorted((t for name in first.shared for t in first.taker.new[name]), key=lambda t: (t.at, t.claim.id))
    n = len(voicing.voices(told))
    names = ", ".join(f'"{name}"' for name in first.shared[:5])
    return stated(
        "cross_beat",
        subject,
        window,
        score=float(len(first.shared)),
        baseline=first.expected,
        threshold=float(least),
        n=n,
        severity="high" if first.chance < bar / 1000 else "medium" if first.chance < bar / 10 else "low",
        evidence=rows(evidence),
        summary=f"{subject.name} ({', '.join(first.taker.line.beats)}): took up {len(first.shared)} names of "
        f'"{first.other.line.label}" ({", ".join(first.other.line.beats)}), {first.expected:.1f} to be expected, '
        f"{least} would have been enough: {names}; from {n} {plural('voice', n)}.",
        chance=first.chance,
    )
