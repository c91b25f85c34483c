"""Floods: many records of one wording, or from nowhere, in a burst; they are left out of the counts and flagged once.

A storyline's window is grouped by likeness of content words (Jaccard index of their sets; Broder 1997 calls it
resemblance): the text that most others resemble, with all that do. On labelled news of several outlets
(docs/signals.md) two outlets' own texts on one event resemble each other by 0.05 to 0.15 in the middle and by 0.3 in
one pair of twenty; a text reworded by rules stays above 0.5, one with two of five words exchanged about 0.4. So a group
is never judged by its wording alone. It is a flood where

* few people wrote it, five records or more each, in a burst: three times what the storyline usually has, or half of
  it within three hours, or ten records each; of newspapers, whose tickers repeat themselves, ten or more each, three
  times what is usual, and half of it within one hour; or
* most of its voices stand at domains that this desk first read in the last days, in a burst or twenty of them; or
* whatever the words, nearly all voices of the storyline's window stand at such domains, and it is three times as much.

Newspapers that run one agency's text are one origin and name the agency: they are copies and no flood, however new.
Domains that the operator chose as sources are never new, nor are platforms. Authors are counted, never named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from pipeline import addresses, outlets
from pipeline.detectors.building import plural, signal_id
from pipeline.detectors.frame import About, Arrival, History, Print, Series, Subject, Window
from pipeline.domain import Finding, Record, Signal, Weighted
from pipeline.language.words import content
from pipeline.settings import SignalSettings

KIND = "coordination"
LEAST = 10  # records that make a flood
ALIKE = 0.4  # likeness to the middle one from which a text is of its group
AKIN = 0.3  # the same where the group is a flood
FEW = 5  # records for each voice
NEW = timedelta(days=3)  # a domain that was first read here so lately is new
OLD = timedelta(days=7)  # of reading, before which nobody can tell
MOSTLY, NEARLY_ALL, MANY = 0.6, 0.8, 20  # shares of voices at new domains, and how many are needed whatever they wrote
_BURST, _FLURRY = timedelta(hours=3), timedelta(hours=1)  # in which half of it comes
_SHARP = 3.0  # times the storyline's usual count of a window
_MOST = 1500  # records of a storyline that are compared, the latest
_READ = 8_000  # characters of a text
_SITES = 3  # domains that are named

Grid = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Flood:
    """What of one storyline's window is a flood: its records, how alike they are (median), and who stands behind."""

    subject: Subject
    records: tuple[Arrival, ...]  # by time, then id
    likeness: Mapping[str, float]  # of each record to the middle one of its group
    voices: int
    new: tuple[str, ...]  # domains first read here in the last days
    usual: float  # records that the storyline had in a usual window

    @property
    def alike(self) -> float:
        """Median likeness."""
        return float(np.median(list(self.likeness.values())))


def prints(records: Iterable[Record], since: Mapping[str, datetime], chosen: Collection[str]) -> dict[str, Print]:
    """What is compared of `records`, by id. `since`: when each domain was first read here; `chosen`: the operator's.

    So are those of which a source brings nothing else, for feeds often have a host of their own.
    """
    every = list(records)
    brought: dict[str, set[str]] = {}
    for record in every:
        brought.setdefault(record.source, set()).add(site_of(record))
    own = {site for sites in brought.values() if len(sites) == 1 for site in sites} | {*chosen}
    found = {}
    for record in every:
        site = site_of(record)
        found[record.id] = Print(
            words=frozenset(content(record.text[:_READ])),
            voice=outlets.voice(record) or site or record.source,
            site=site,
            since=None if site in own or outlets.carried(site) else since.get(site),
            credited=bool(outlets.credited(record.text, ())),
        )
    return found


def site_of(record: Record) -> str:
    """The registered domain at which a record stands; "" for none."""
    return (addresses.registrable(record.url) if record.url else None) or ""


def candidates(window: Window) -> tuple[str, ...]:
    """Ids of the records whose prints `find` asks for, in order: those of storylines with enough for a flood."""
    found = {a.record_id for subject, arrivals in window.arrivals.items() if _many(subject, arrivals) for a in arrivals}
    return tuple(sorted(found))


def find(window: Window, history: History, settings: SignalSettings) -> tuple[Flood, ...]:
    """The floods of the window, one at most for a storyline, by its id; one that fell into several is one."""
    del settings
    subjects = [subject for subject, arrivals in window.arrivals.items() if _many(subject, arrivals)]
    usual = _usual(history.series.get(About.STORYLINE), window)
    known = history.since is not None and window.start - history.since >= OLD
    found = []
    for subject in sorted(subjects, key=lambda one: one.id):
        here = [a for a in window.arrivals[subject] if a.record_id in window.prints]
        ordered = sorted(here, key=lambda a: (a.at, a.record_id))[-_MOST:]
        flood = _flood(subject, ordered, window, usual(subject), known)
        if flood is not None:
            found.append(flood)
    return _merged(found, window.prints)


def _merged(found: Sequence[Flood], kept: Mapping[str, Print]) -> tuple[Flood, ...]:
    """`found` with those of one wording together, in the storyline that has most of them."""
    left = sorted(found, key=lambda flood: (-len(flood.records), flood.subject.id))
    middles = [kept[max(flood.likeness.items(), key=lambda item: (item[1], item[0]))[0]].words for flood in left]
    alike = resemblance(middles) if left else np.zeros((0, 0))
    whole: dict[int, list[Flood]] = {}
    for place, flood in enumerate(left):
        home = next((other for other in whole if alike[place, other] >= AKIN), place)
        whole.setdefault(home, []).append(flood)
    return tuple(sorted((_together(parts, kept) for parts in whole.values()), key=lambda flood: flood.subject.id))


def _together(parts: Sequence[Flood], kept: Mapping[str, Print]) -> Flood:
    """Several floods as one, of the first one's subject."""
    if len(parts) == 1:
        return parts[0]
    every = {a.record_id: a for part in parts for a in part.records}
    return replace(
        parts[0],
        records=tuple(sorted(every.values(), key=lambda a: (a.at, a.record_id))),
        likeness={key: likeness for part in reversed(parts) for key, likeness in part.likeness.items()},
        voices=len({kept[key].voice for key in every}),
        new=tuple(sorted({site for part in parts for site in part.new})),
    )


def _many(subject: Subject, arrivals: Sequence[Arrival]) -> bool:
    return subject.about is About.STORYLINE and len(arrivals) >= LEAST


def _flood(subject: Subject, here: Sequence[Arrival], window: Window, usual: float, known: bool) -> Flood | None:
    """The flood of one storyline: all of its groups that are one, together; None where there is none."""
    found: dict[str, float] = {}
    for group, akin in groups(here, window.prints):
        if _caught(_uncredited(group, window.prints), window, usual, known):
            caught = _caught(_uncredited([*akin], window.prints), window, usual, known)
            found |= {a.record_id: likeness for a, likeness in akin.items() if a.record_id in caught}
    fresh = _fresh(_uncredited(here, window.prints), window, known)
    nearly_all = len(fresh) >= MANY and _voices(fresh, window) >= NEARLY_ALL * _voices(here, window)
    if nearly_all and _more(fresh, usual):
        found = _to_middle(fresh, window.prints) | found
    if not found:
        return None
    records = tuple(a for a in here if a.record_id in found)
    new = sorted({window.prints[a.record_id].site for a in _fresh(records, window, known)})
    return Flood(subject, records, found, _voices(records, window), tuple(new), usual)


def _caught(group: Sequence[Arrival], window: Window, usual: float, known: bool) -> set[str]:
    """Ids of the records of one group that make it a flood, empty where it is none.

    What stands in the group and has neither a new domain nor a voice that wrote three of it is honest: perhaps it is
    what the others were made from.
    """
    if len(group) < LEAST:
        return set()
    counts = Counter(window.prints[a.record_id].voice for a in group)
    fresh = _fresh(group, window, known)
    if _voices(fresh, window) >= max(MOSTLY * len(counts), 1):
        many = _voices(fresh, window) >= MANY or len(fresh) >= 2 * FEW * _voices(fresh, window)
        return {a.record_id for a in fresh} if many or _sharp(fresh, usual) else set()
    often = [a for a in group if counts[window.prints[a.record_id].voice] >= FEW - 2]
    each = len(often) / max(1, _voices(often, window))
    if len(often) < max(LEAST, MOSTLY * len(group)) or each < FEW:
        return set()
    people = [a for a in often if window.prints[a.record_id].voice.startswith("author ")]
    if 2 * len(people) > len(often):
        flood = _sharp(often, usual) or each >= 2 * FEW
    else:
        flood = each >= 2 * FEW and _more(often, usual) and _close(often, _FLURRY)
    return {a.record_id for a in often} if flood else set()


def _fresh(arrivals: Sequence[Arrival], window: Window, known: bool) -> list[Arrival]:
    """Those that stand at a domain first read here in the last days; none where the desk is too young to tell."""
    if not known:
        return []
    since = ((a, window.prints[a.record_id].since) for a in arrivals)
    return [a for a, first in since if first is not None and first >= window.end - NEW]


def _voices(arrivals: Sequence[Arrival], window: Window) -> int:
    return len({window.prints[a.record_id].voice for a in arrivals})


def _uncredited(group: Sequence[Arrival], kept: Mapping[str, Print]) -> list[Arrival]:
    """`group` without the copies of one origin that name the outlet or agency they have it from."""
    copies = Counter(a.origin_id for a in group)
    return [a for a in group if copies[a.origin_id] < 2 or not kept[a.record_id].credited]


def _more(group: Sequence[Arrival], usual: float) -> bool:
    """Whether a group is much more than what its storyline usually has in a whole window."""
    return len(group) >= _SHARP * max(usual, 1.0)


def _close(group: Sequence[Arrival], span: timedelta) -> bool:
    """Whether half of a group came within `span`."""
    times = sorted(a.at for a in group)
    half = -(-len(times) // 2)
    return any(times[at + half - 1] - times[at] <= span for at in range(len(times) - half + 1))


def _sharp(group: Sequence[Arrival], usual: float) -> bool:
    """Whether a group came in a burst: more than its storyline usually has, or all at once."""
    return _more(group, usual) or _close(group, _BURST)


# --- likeness --------------------------------------------------------------------------------------------------------


def groups(here: Sequence[Arrival], kept: Mapping[str, Print]) -> list[tuple[list[Arrival], dict[Arrival, float]]]:
    """Groups, largest first, each with all that is akin to its middle one and how much; none is in two groups."""
    if len(here) < LEAST:
        return []
    alike = resemblance([kept[a.record_id].words for a in here])
    left = np.ones(len(here), bool)
    found = []
    while left.sum() >= LEAST:
        near = (alike >= ALIKE) & left & left[:, None]
        middle = int(near.sum(axis=1).argmax())
        members = np.flatnonzero(near[middle])
        if len(members) < LEAST:
            break
        akin = np.flatnonzero((alike[middle] >= AKIN) & left)
        likeness = {here[int(at)]: round(float(alike[middle, at]), 6) for at in akin}
        found.append(([here[int(at)] for at in members], likeness))
        left[akin] = False
    return found


def _to_middle(arrivals: Sequence[Arrival], kept: Mapping[str, Print]) -> dict[str, float]:
    """How much each resembles the one that resembles the others most."""
    alike = resemblance([kept[a.record_id].words for a in arrivals])
    middle = int(alike.sum(axis=1).argmax())
    return {a.record_id: round(float(alike[middle, at]), 6) for at, a in enumerate(arrivals)}


def resemblance(sets: Sequence[frozenset[str]]) -> Grid:
    """Jaccard index of every two sets, 1 on the diagonal but for empty ones; shape (n, n), symmetric."""
    place = {word: at for at, word in enumerate(sorted(frozenset().union(*sets)))}
    sizes = np.array([len(one) for one in sets], np.int64)
    columns = np.array([place[word] for one in sets for word in sorted(one)], np.int64)
    begins = np.concatenate([[0], np.cumsum(sizes)])
    held = csr_array((np.ones(len(columns)), columns, begins), shape=(len(sets), max(len(place), 1)))
    shared: Grid = (held @ held.T).toarray()
    either = sizes[:, None] + sizes[None, :] - shared
    found: Grid = np.divide(shared, either, out=np.zeros_like(shared), where=either > 0)
    return found


def _usual(series: Series | None, window: Window) -> Callable[[Subject], float]:
    """How many origins a subject had in a window before: the mean over the time since it was first met."""
    if series is None:
        return lambda subject: 0.0
    length = (window.end - window.start) / timedelta(hours=1)
    place = {subject: at for at, subject in enumerate(series.subjects)}

    def usual(subject: Subject) -> float:
        at = place.get(subject)
        if at is None:
            return 0.0
        rows = slice(int(series.first[at]), int(series.first[at + 1]))
        before = series.hours[rows] >= length
        total = float(series.counts[rows][before].sum())
        oldest = float(series.hours[rows].max(initial=0))
        return total / max(1.0, (oldest + 1 - length) / length) if total else 0.0

    return usual


# --- what follows ----------------------------------------------------------------------------------------------------


def without(window: Window, floods: Sequence[Flood]) -> Window:
    """`window` as if the records of `floods` had not come: no arrival, claim or finding rests on them alone."""
    gone = {a.record_id for flood in floods for a in flood.records}
    if not gone:
        return window
    arrivals = {s: [a for a in every if a.record_id not in gone] for s, every in window.arrivals.items()}
    claims = {key: claim for key, claim in window.claims.items() if claim.record_id not in gone}
    lost = window.claims.keys() - claims.keys()
    findings = {key: _left(every, lost) for key, every in window.findings.items()}
    standing = {f.id: f for every in findings.values() for f in every}
    novel = {
        key: [replace(one, finding=standing[one.finding.id]) for one in every if one.finding.id in standing]
        for key, every in window.novel.items()
    }
    return replace(
        window,
        arrivals={subject: every for subject, every in arrivals.items() if every},
        claims=claims,
        findings=findings,
        novel=novel,
        told={key: arrival for key, arrival in window.told.items() if key not in gone},
    )


def _left(findings: Sequence[Finding], lost: Collection[str]) -> list[Finding]:
    """`findings` without the claims that are `lost`, and without those that nothing else makes."""
    kept = ((f, tuple(claim for claim in f.claim_ids if claim not in lost)) for f in findings)
    return [f if len(claims) == len(f.claim_ids) else replace(f, claim_ids=claims) for f, claims in kept if claims]


def signals(floods: Sequence[Flood], window: Window) -> tuple[Signal, ...]:
    """One flag for each flood. Its evidence is every record of it, its summary says how alike, how many and how new."""
    return tuple(_signal(flood, window) for flood in floods)


def _signal(flood: Flood, window: Window) -> Signal:
    count = len(flood.records)
    return Signal(
        id=signal_id(KIND, flood.subject.id, window.end),
        kind=KIND,
        subject=flood.subject.id,
        score=float(count),
        baseline=round(flood.usual, 6),
        threshold=round(max(float(LEAST), _SHARP * flood.usual), 6),
        n=flood.voices,
        window_start=window.start,
        window_end=window.end,
        severity="high" if count >= 5 * LEAST else "medium" if count >= 2 * LEAST else "low",
        evidence=tuple(
            Weighted(a.record_id, round(1 / count, 6), f"likeness {flood.likeness[a.record_id]:.2f}")
            for a in flood.records
        ),
        summary=summary(flood),
        about=About.STORYLINE.value,
    )


def summary(flood: Flood) -> str:
    """What was seen, in words that a reader can check; authors are counted, domains of publishers named."""
    count, span = len(flood.records), flood.records[-1].at - flood.records[0].at
    name = flood.subject.name or flood.subject.id
    one = f"of nearly one wording (median likeness {flood.alike:.2f})"
    wording = one if flood.alike >= AKIN else "in different words"
    said = f"{name}: {count} {plural('record', count)} {wording} within {_length(span)}, "
    said += f"from {flood.voices} {plural('voice', flood.voices)}"
    if flood.new:
        more = ", ..." if len(flood.new) > _SITES else ""
        named = f" ({', '.join(flood.new[:_SITES])}{more})"
        said += f", at {len(flood.new)} {plural('domain', len(flood.new))} first read here in the last {NEW.days} days"
        said += named
    return f"{said}; usually {flood.usual:.1f} origins in a window. They are left out of the counts."


def _length(span: timedelta) -> str:
    minutes = max(1, round(span / timedelta(minutes=1)))
    hours = round(minutes / 60)
    return f"{minutes} {plural('minute', minutes)}" if minutes < 120 else f"{hours} {plural('hour', hours)}"
