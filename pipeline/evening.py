"""What detectors see of a night: the window and the history before it, asked of the store in a few questions."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from pipeline import addresses, outlets
from pipeline.barred import Barred, begins, relabelled
from pipeline.detectors import floods, phrases, spread
from pipeline.detectors.frame import About, Arrival, History, Print, Series, Subject, Window
from pipeline.domain import Claim, Finding, Membership, Record, SourceHealth, SourceRead, Storyline, TurnKind
from pipeline.protocols import Embedder, Hourly, Store
from pipeline.settings import SignalSettings

SETTLED = 0.25  # share of the desk's traffic whose sources may have begun later than the desk is said to read
_COUNTED = (About.STORYLINE, About.BEAT, About.SOURCE, About.ENTITY, About.PHRASE)
_AT_ONCE = 5000  # records that are read at a time, and those whose names are
_HOUR = timedelta(hours=1)


def gather(store: Store, settings: SignalSettings, *, embedder: Embedder, now: datetime) -> tuple[Window, History]:
    """The window that ends at `now`, and what came before it. Raises StoreError."""
    start = now - settings.window_hours * _HOUR
    since = start - timedelta(days=settings.baseline_days)
    window, health = _window(store, settings, embedder, start, now), store.health()
    window = replace(window, prints=_prints(store, window, health))
    series = {about: as_series(about, store.hourly(about, since, start, now)) for about in _COUNTED}
    if not phrases.settled(series[About.PHRASE], series[About.SOURCE], settings.baseline_days * 24):
        del series[About.PHRASE]
    reads: dict[str, list[SourceRead]] = {}
    for read in store.reads(since):
        if read.at <= now:
            reads.setdefault(read.source, []).append(read)
    origins = {arrival.origin_id for arrivals in window.arrivals.values() for arrival in arrivals}
    return window, History(
        since=began(series[About.SOURCE], now),
        series=series,
        reads=reads,
        health=health,
        signals=store.signals(since=since),
        heard=store.heard(origins, start),
    )


def _window(store: Store, settings: SignalSettings, embedder: Embedder, start: datetime, end: datetime) -> Window:
    """Records that arrived in the window by all that they belong to, and what is claimed where something changed."""
    ids = store.arrivals(start, end)
    origins, beats = store.origins_of(ids), store.record_beats(ids)
    arrivals = {
        key: arrival(record, origins.get(key, key), beats.get(key, ()))
        for at in range(0, len(ids), _AT_ONCE)
        for key, record in store.records(ids[at : at + _AT_ONCE]).items()
    }
    lines = store.storylines_of_records(ids)
    changed = {line.id: line for line in store.storylines(updated_since=start, claims=False)}
    others = {line for some in lines.values() for line in some} - changed.keys()
    changed |= {line.id: line for line in store.storylines(sorted(others), claims=False)}
    changed = _named(store, changed)
    findings = _findings(store, changed, arrivals, start, every="divergence" not in settings.off)
    claims = store.claims({c for some in findings.values() for f in some for c in (*f.claim_ids, *_disputed(f))})
    far = spread.measure(findings, claims, start, end, embedder.embed)
    return Window(
        start=start,
        end=end,
        arrivals=_by_subject(store, arrivals, lines, changed),
        storylines=changed,
        findings=findings,
        novel=far.novel,
        known=far.known,
        usual=far.usual,
        reworded=far.reworded,
        claims=claims,
        told=_told(store, claims.values(), arrivals),
        moved=_moved(store, changed.values(), start, end),
    )


def _named(store: Store, lines: dict[str, Storyline]) -> dict[str, Storyline]:
    """Storylines by their names; none by the title of a record that was withdrawn, by itself or with its source."""
    barred = Barred.of(store.corrections())
    lost = {record.title for record in store.records(sorted(barred.records)).values()}
    asked = [line for line in lines.values() if barred.sources or begins(line.label, lost)]
    records = store.records({key for line in asked for key in line.record_ids}) if asked else {}
    left = {key: record for key, record in records.items() if not barred.record(record)}
    lost |= {record.title for key, record in records.items() if key not in left}
    return lines | {line.id: relabelled(line, lost, left) for line in asked}


def _findings(
    store: Store, lines: Mapping[str, Storyline], came: Container[str], start: datetime, *, every: bool
) -> dict[str, list[Finding]]:
    """Findings by storyline; of those that began in the window the ones alone that a detector asks for, or `every` one.

    Where nothing was known before, nothing is told against it. What is left to measure there is what several tell and
    what is disputed: in a large night nearly all is told once, in a storyline of that night.
    """
    older = {key for key, line in lines.items() if every or any(record not in came for record in line.record_ids)}
    older |= store.knew(lines.keys() - older, start)
    found: dict[str, list[Finding]] = {}
    for ids, joint in ((older, False), (lines.keys() - older, True)):
        for finding in store.findings(ids, joint=joint):
            found.setdefault(finding.storyline_id, []).append(finding)
    return found


def _disputed(finding: Finding) -> Iterable[str]:
    """Both sides of a finding's disputes: one may be a claim of another storyline."""
    return (side for dispute in finding.disputes for side in (dispute.a, dispute.b))


def _moved(
    store: Store, lines: Iterable[Storyline], start: datetime, end: datetime
) -> dict[str, tuple[Membership, ...]]:
    """By storyline that claims left in the window by a split or a merge: the memberships that ended."""
    turns = [(line, turn) for line in lines for turn in line.turns if start < turn.at <= end]
    left = {turn.other for _, turn in turns if turn.kind in (TurnKind.TOOK_IN, TurnKind.SPLIT_FROM)}
    left |= {line.id for line, turn in turns if turn.kind in (TurnKind.MERGED_INTO, TurnKind.SPLIT_OFF)}
    ended = {
        key: tuple(one for one in store.memberships(key) if one.until is not None and start < one.until <= end)
        for key in sorted(left)
    }
    return {key: some for key, some in ended.items() if some}


def _prints(store: Store, window: Window, health: Mapping[str, SourceHealth]) -> dict[str, Print]:
    """What floods are told by, of the records that may be part of one."""
    records = store.records(floods.candidates(window)).values()
    chosen = {addresses.registrable(state.address) or "" for state in health.values() if state.address}
    return floods.prints(records, store.sites(floods.site_of(record) for record in records), chosen)


def _by_subject(
    store: Store,
    arrivals: Mapping[str, Arrival],
    lines: Mapping[str, Sequence[str]],
    storylines: Mapping[str, Storyline],
) -> dict[Subject, list[Arrival]]:
    """Arrivals of all that is counted (public entities only), in order of subject, time and record."""
    labels = {key: line.label for key, line in storylines.items()}
    said = phrases.subjects(store.phrases(arrivals), arrivals, lines, labels)
    found: dict[Subject, list[Arrival]] = {}
    ordered = sorted(arrivals.values(), key=lambda a: (a.at, a.record_id))
    for at in range(0, len(ordered), _AT_ONCE):  # names of one part are let go before the next are read
        some = ordered[at : at + _AT_ONCE]
        named = store.names_in(one.record_id for one in some)
        for one in some:
            subjects = [
                *(Subject(About.STORYLINE, key, storylines[key].label or key) for key in lines.get(one.record_id, ())),
                *(Subject(About.BEAT, beat, beat) for beat in one.beats),
                Subject(About.SOURCE, one.source, one.source),
                *(Subject(About.ENTITY, key, name) for key, name in named.get(one.record_id, ())),
                *said.get(one.record_id, ()),
            ]
            for subject in subjects:
                found.setdefault(subject, []).append(one)
    places = {about: n for n, about in enumerate(About)}
    return {key: found[key] for key in sorted(found, key=lambda s: (places[s.about], s.id))}


def _told(store: Store, claims: Iterable[Claim], known: Mapping[str, Arrival]) -> dict[str, Arrival]:
    """The arrivals of the window, and of every record behind `claims` that came before it."""
    older = sorted({claim.record_id for claim in claims} - known.keys())
    origins, beats = store.origins_of(older), store.record_beats(older)
    more = {
        key: arrival(record, origins.get(key, key), beats.get(key, ())) for key, record in store.records(older).items()
    }
    both = {**known, **more}
    return {key: both[key] for key in sorted(both)}


def arrival(record: Record, origin_id: str, beats: Sequence[str] = ()) -> Arrival:
    """What is counted of a record."""
    voice = outlets.voice(record) or record.id
    return Arrival(
        record.id, origin_id, record.source, voice, arrived(record), record.backfill, tuple(beats), record.platform
    )


def arrived(record: Record) -> datetime:
    """When a record counts as having come out: never after we read it, and then only if its own date is doubtful."""
    return record.fetched if record.date_doubtful else min(record.published, record.fetched)


def began(sources: Series, now: datetime) -> datetime | None:
    """Since when the desk reads: from when on the sources of three quarters of its present traffic have brought items.

    A feed that is met for the first time lists its last items, however old, so a single old item says nothing. None
    where nothing came before the window.
    """
    begins, rates = [], []
    for n in range(len(sources.subjects)):
        rows = slice(sources.first[n], sources.first[n + 1])
        oldest = int(sources.hours[rows].max(initial=0)) + 1
        begins.append(oldest)
        rates.append(float(sources.counts[rows].sum()) / oldest)
    if not begins:
        return None
    order = np.argsort(begins, kind="stable")
    share = np.cumsum(np.array(rates)[order]) / sum(rates)
    return now - int(np.array(begins)[order][np.searchsorted(share, SETTLED)]) * _HOUR


def as_series(about: About, hourly: Hourly) -> Series:
    """The store's answer as detectors read it."""
    first = np.searchsorted(hourly.subject, np.arange(len(hourly.keys) + 1)).astype(np.int32)
    return Series(
        subjects=tuple(Subject(about, key) for key in hourly.keys),
        first=first,
        hours=hourly.hour,
        counts=hourly.count,
        sources=hourly.sources,
        source=hourly.source,
        born=hourly.born,
    )
