"""Why a signal may not be believed tonight: too little history, sources that told nothing, a backfill, one voice.

The rule for sources: a signal rests on the sources of its subject's records in the window (of what is usual, where it
says that there are fewer; of its evidence, where the window has none), each by its share of origins. It is held where
more than a third of that went unseen: one of two sources that failed all day holds it, one of twelve does not, and a
source that alone carries it holds it from eight hours of twenty-four on. Silence asks more than presence: a signal that
counts fewer than usual is held from a tenth on, and where most of the desk was not read everything that counts is held.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from pipeline.detectors import exposure, gaps
from pipeline.detectors.building import plural
from pipeline.detectors.frame import About, Arrival, History, Subject, Window
from pipeline.detectors.gaps import Gaps
from pipeline.domain import Signal
from pipeline.settings import SignalSettings

UNSEEN = 1 / 3  # of what a signal rests on, beyond which it is held
UNSEEN_SILENCE = 0.1  # of one that counts fewer than usual
BASELINE = 0.5  # share of the baseline in which its sources must have been read
FREE = frozenset({"coordination"})  # says what is in the records, whoever was not read
TIMELESS = frozenset({"corroboration", "contradiction", "cross_beat", "split", "merge"})  # compare with no usual count
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def guard(signals: Sequence[Signal], window: Window, history: History, settings: SignalSettings) -> tuple[Signal, ...]:
    """`signals`, each held with the first reason that there is; one that was held already keeps its reason."""
    if not signals:
        return ()
    found = gaps.find(window, history)
    return tuple(
        one if one.held or one.kind in FREE else replace(one, held=_reason(one, window, history, settings, found))
        for one in signals
    )


def report(signals: Sequence[Signal], window: Window, history: History) -> tuple[str, ...]:
    """What a night's report says: gaps and floods, one line for each, then held signals, one line for each reason."""
    flags = (f"{one.kind}: {one.summary}" for one in signals if one.kind in FREE)
    told = (*gaps.lines(gaps.find(window, history)), *flags)
    by_reason: dict[str, list[Signal]] = {}
    for one in signals:
        if one.held:
            by_reason.setdefault(one.held, []).append(one)
    return (*told, *(_held_line(reason, some) for reason, some in by_reason.items()))


def _held_line(reason: str, held: Sequence[Signal]) -> str:
    """One reason and all that it holds; of a single signal with what that says."""
    if len(held) == 1:
        return f"{held[0].kind} held: {reason} ({held[0].summary})"
    kinds = Counter(one.kind for one in held)
    counted = ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items()))
    return f"{len(held)} signals held: {reason} ({counted})"


def _reason(signal: Signal, window: Window, history: History, settings: SignalSettings, found: Gaps) -> str | None:
    weights = rests_on(signal, window, history)
    return (
        _early(signal, weights, window, history, settings)
        or _unseen(signal, weights, found)
        or _unread_before(signal, weights, window, history, settings)
        or _backfilled(signal, window, history)
    )


# --- what a signal rests on ------------------------------------------------------------------------------------------


def rests_on(signal: Signal, window: Window, history: History) -> dict[str, float]:
    """Source -> share of what `signal` rests on; empty where nothing is known of it."""
    subject = Subject(About(signal.about), signal.subject)
    if subject.about is About.SOURCE:
        return {subject.id: 1.0}
    if _fewer(signal):
        return _shares(_usually(subject, history))
    if signal.kind not in TIMELESS:
        tonight = {a.origin_id: a.source for a in reversed(list(window.arrivals.get(subject, ())))}
        if tonight:
            return _shares(Counter(tonight.values()))
    return _shares(Counter(a.source for a in evidence(signal, window)))


def evidence(signal: Signal, window: Window) -> list[Arrival]:
    """The records behind a signal's evidence, as far as the window knows them, in its order."""
    about = window.arrivals.get(Subject(About(signal.about), signal.subject), ())
    known = {a.record_id: a for a in about}
    owners = [window.claims[row.id].record_id if row.id in window.claims else row.id for row in signal.evidence]
    found = [known.get(owner) or window.told.get(owner) for owner in owners]
    return [one for one in found if one is not None]


def _fewer(signal: Signal) -> bool:
    return signal.kind == "volume_anomaly" and signal.score < signal.baseline


def _usually(subject: Subject, history: History) -> Counter[str]:
    """How many origins of a subject came of which source before the window."""
    series = history.series.get(subject.about)
    found: Counter[str] = Counter()
    if series is None or not len(series.source) or subject not in series.subjects:
        return found
    at = series.subjects.index(subject)
    rows = slice(int(series.first[at]), int(series.first[at + 1]))
    for source, count in zip(series.source[rows], series.counts[rows], strict=True):
        found[series.sources[int(source)]] += int(count)
    return found


def _shares(counts: Mapping[str, int]) -> dict[str, float]:
    total = sum(counts.values())
    return {source: count / total for source, count in sorted(counts.items())} if total else {}


# --- reasons ---------------------------------------------------------------------------------------------------------


def _early(
    signal: Signal, weights: Mapping[str, float], window: Window, history: History, settings: SignalSettings
) -> str | None:
    """Too little history of the desk, or of the sources that most of the signal rests on."""
    if signal.kind in TIMELESS:
        return None
    if (early := too_early(window, history, settings)) is not None:
        return early
    least = _least(settings)
    young = {source: age for source in weights if (age := _age(source, window, history)) < least}
    if sum(weights[source] for source in young) > 0.5:
        source = max(young, key=lambda name: (weights[name], name))
        age = max(0, int(young[source]))
        return f'too early: {age} of {least} days of source "{source}", {weights[source]:.0%} of what it rests on'
    return None


def _age(source: str, window: Window, history: History) -> float:
    """Days before the window since a source was first met; infinite where that is longer than anybody asks."""
    series = history.series.get(About.SOURCE)
    if series is None or not len(series.born):
        return float("inf")
    subject = Subject(About.SOURCE, source)
    if subject not in series.subjects:
        return 0.0 if any(series.subjects) else float("inf")
    born = int(series.born[series.subjects.index(subject)])
    return float("inf") if born < 0 else (window.start - (window.end - (born + 1) * _HOUR)) / _DAY


def _unseen(signal: Signal, weights: Mapping[str, float], found: Gaps) -> str | None:
    """Sources told nothing for so much of the window that more than the rule allows went unseen."""
    if found.missing > gaps.DESK and signal.kind not in TIMELESS:
        return gaps.desk_line(found)
    costs = {source: weight * found.lost(source) for source, weight in weights.items() if found.lost(source) > 0}
    if sum(costs.values()) <= (UNSEEN_SILENCE if _fewer(signal) else UNSEEN):
        return None
    worst = max(costs, key=lambda source: (costs[source], source))
    more = len(costs) - 1
    others = f", and {more} more {plural('source', more)} of it" if more else ""
    share = f" ({weights[worst]:.0%} of what it rests on{others})" if weights[worst] < 1 else ""
    return max(found.of[worst], key=lambda gap: (gap.end - gap.start, gap.start)).line + share


def _unread_before(
    signal: Signal, weights: Mapping[str, float], window: Window, history: History, settings: SignalSettings
) -> str | None:
    """Its sources were read in so little of the baseline that nobody knows what is usual."""
    if signal.kind in TIMELESS:
        return None
    first = window.start - settings.baseline_days * _DAY
    first = max(first, history.since) if history.since is not None else first
    if not weights or first >= window.start:
        return None
    read = {source: exposure.covered(history.reads.get(source, ()), first, window.start) for source in weights}
    share = sum(weights[source] * read[source] for source in weights)
    if share >= BASELINE:
        return None
    worst = min(read, key=lambda source: (read[source] - 1) * weights[source])
    return (
        f"too early: what it rests on was read in {share:.0%} of the time before the window "
        f'(source "{worst}" in {read[worst]:.0%} of it)'
    )


def _backfilled(signal: Signal, window: Window, history: History) -> str | None:
    """Most of what came is no news of this window: it was read late, or is of before."""
    tonight = window.arrivals.get(Subject(About(signal.about), signal.subject), ())
    late = [a for a in tonight if a.backfill or _undated_after_a_gap(a, window, history)]
    if 2 * len(late) > len(tonight):
        return f"{len(late)} of {len(tonight)} records of the window were read late (backfill)"
    if tonight or signal.kind in {"split", "merge"} or _fewer(signal):
        return None
    behind = evidence(signal, window)
    if behind and all(a.backfill or a.at <= window.start for a in behind):
        newest = max(a.at for a in behind)
        return f"nothing of it came out in the window; its newest record is of {newest:%Y-%m-%d %H:%M}"
    return None


def _undated_after_a_gap(arrival: Arrival, window: Window, history: History) -> bool:
    """Whether a record without a date of its own was brought by a read that caught up on time before the window."""
    good = [read.at for read in history.reads.get(arrival.source, ()) if read.ok and read.at <= arrival.at]
    return len(good) > 1 and good[-1] == arrival.at and good[-2] < window.start - _HOUR


def _least(settings: SignalSettings) -> int:
    return min(settings.min_history_days, settings.baseline_days)


# --- what detectors ask themselves -----------------------------------------------------------------------------------


def too_early(window: Window, history: History, settings: SignalSettings) -> str | None:
    """Why the desk cannot know yet what is usual, or None."""
    least = _least(settings)
    days = (window.start - history.since) / _DAY if history.since is not None else 0.0
    return f"too early: {max(0, int(days))} of {least} days of history" if days < least else None


def one_voice(came: Sequence[Arrival]) -> str | None:
    """One voice that speaks often makes a spike that is no news. Who it is stays unsaid: it may be a private person."""
    most = max(Counter(one.voice for one in came).values(), default=0)
    return f"{most} of {len(came)} origins come from one voice" if most * 5 > len(came) * 3 else None
