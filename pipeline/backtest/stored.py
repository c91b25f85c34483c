"""A back-test on a desk's own store: its nights as they were, and copies of its series with known changes planted.

As they were: each stored night is gathered as it was known then (later records, findings and storylines are hidden) and
measured again; which signals are real nobody knows, so these are counted only. Quiet copies: each day of a subject is
drawn from the subject's own days of the same sort (working day, weekend), a bootstrap that keeps level, hours, sources
and noise and loses the order of days; into half of the copies a change is planted, and the rest is scored as in the
generated suite. A day with an event of its own may be drawn as the last one, and counts as a false signal: the rate of
these is an upper bound. Nothing is written.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from pipeline import detectors, evening
from pipeline.backtest import replaying, resampling, scoring, worlds
from pipeline.backtest.resampling import Seen
from pipeline.backtest.scoring import Change, Judged
from pipeline.backtest.worlds import World
from pipeline.detectors.frame import About
from pipeline.domain import Finding, Signal, Storyline
from pipeline.protocols import Embedder, Store
from pipeline.settings import SignalSettings

LEAST_DAYS = 7  # of reading, of which copies can be made
MOST = 150  # subjects of each sort in a copy
COPIES = 5
NIGHTS = 14
SECONDS = 240.0
VOICED = timedelta(days=3)  # of arrivals that show who speaks in a source
MOST_VOICED = 5000
COUNTED = (About.STORYLINE, About.BEAT, About.SOURCE, About.ENTITY)
COUNTED_KINDS = frozenset(worlds.KIND.values())
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Examined:
    """What the back-test of a store came to. `early`: why there is nothing to measure, else None.

    fired, held: signals of the `stored` nights as they were, by kind; held ones by their reason. judged, changes: of
    `copies` quiet copies of NIGHTS nights each; `alarmed` of these nights had a false signal. subjects: how many of
    each sort were copied.
    """

    early: str | None = None
    days: float = 0.0
    stored: int = 0
    fired: Mapping[str, int] = field(default_factory=dict)
    held: Mapping[str, int] = field(default_factory=dict)
    subjects: Mapping[str, int] = field(default_factory=dict)
    judged: tuple[Judged, ...] = ()
    changes: tuple[Change, ...] = ()
    copies: int = 0
    alarmed: int = 0
    seconds: float = 0.0


class AsOf:
    """A store as it was known at `now`: what came later is hidden, writing is refused. Fits the questions of `gather`.

    A record that came out earlier and was read later is hidden until it was read. Memberships are those of today.
    """

    def __init__(self, store: Store, now: datetime) -> None:
        self._store, self._now = store, now

    def __getattr__(self, name: str) -> Any:
        if name.startswith(("save_", "prune_", "cache_")):
            raise AttributeError(f"{name}: a back-test writes nothing")
        return getattr(self._store, name)

    def arrivals(self, since: datetime, until: datetime) -> Sequence[str]:
        """Ids of records that arrived in that time and had been read."""
        ids = self._store.arrivals(since, until)
        records = self._store.records(ids)
        return [key for key in ids if key in records and records[key].fetched <= self._now]

    def storylines(self, *args: Any, **wanted: Any) -> Sequence[Storyline]:
        """Storylines that were founded, without what happened to them later."""
        found = (line for line in self._store.storylines(*args, **wanted) if line.founded <= self._now)
        return [
            replace(
                line,
                merged_into=line.merged_into if any(t.at <= self._now for t in line.turns) else None,
                turns=tuple(turn for turn in line.turns if turn.at <= self._now),
            )
            for line in found
        ]

    def findings(self, storyline_ids: Any, **wanted: Any) -> Sequence[Finding]:
        """Findings that had been made."""
        return [one for one in self._store.findings(storyline_ids, **wanted) if one.first_seen <= self._now]

    def signals(self, **_: Any) -> Sequence[Signal]:
        """None: what was signalled then is what is measured again."""
        return ()


def examine(
    store: Store,
    settings: SignalSettings,
    embedder: Embedder,
    *,
    now: datetime,
    seed: int = 1,
    seconds: float = SECONDS,
    progress: Progress = lambda _: None,
) -> Examined:
    """Back-test `settings` on `store` as it stands at `now`. After about `seconds` it ends with fewer nights."""
    began = time.monotonic()
    since = now - timedelta(days=settings.baseline_days)
    reading = evening.began(evening.as_series(About.SOURCE, store.hourly(About.SOURCE, since, now, now)), now)
    days = (now - reading) / timedelta(days=1) if reading else 0.0
    if reading is None or days < LEAST_DAYS:
        return Examined(early=f"too early: {days:.0f} of {LEAST_DAYS} days of history", days=round(days, 2))
    fired, held, stored = Counter[str](), Counter[str](), 0
    for signals in _as_it_was(store, settings, embedder, now, min(NIGHTS, int(days))):
        stored += 1
        progress(f"stored night {stored}: {sum(s.held is None for s in signals)} signals")
        fired.update(s.kind for s in signals if s.held is None)
        held.update(s.held for s in signals if s.held is not None)
        if time.monotonic() - began > seconds / 2:
            break
    rng = np.random.default_rng([seed, 23])
    real, sources = _real(store, reading, now, rng)
    voices = _voices(store, now)
    worlds_made = (
        resampling.copy(
            real,
            sources,
            rng,
            weekday=resampling.first_day(reading).weekday(),
            days=settings.baseline_days + 2,
            nights=NIGHTS,
            voices=voices,
        )
        for _ in range(COPIES if real else 0)
    )
    made = _copies(worlds_made, settings, began + seconds, progress)
    subjects = Counter(one.subject.about.value for one in real if one.steady)
    return replace(
        made,
        days=round(days, 2),
        stored=stored,
        fired=dict(sorted(fired.items())),
        held=dict(held.most_common(10)),
        subjects=dict(sorted(subjects.items())),
        seconds=round(time.monotonic() - began, 1),
    )


def _copies(made: Iterator[World], settings: SignalSettings, until: float, progress: Progress) -> Examined:
    """Scores of quiet copies, as many as the time allows, at least one."""
    judged: list[Judged] = []
    changes: list[Change] = []
    copies = alarmed = 0
    for world in made:
        here = replaying.changes(world)
        signals = replaying.replay(world, replaying.nightly(world), settings)
        found = scoring.judge((one for one in signals if one.kind in COUNTED_KINDS), here)
        copies, judged, changes = copies + 1, [*judged, *found], [*changes, *here]
        alarmed += len({one.signal.window_end for one in found if one.signal.held is None and one.change is None})
        progress(f"quiet copy {copies} of {COPIES}: {len(here)} changes planted")
        if time.monotonic() > until:
            break
    return Examined(judged=tuple(judged), changes=tuple(changes), copies=copies, alarmed=alarmed)


def _real(store: Store, since: datetime, now: datetime, rng: np.random.Generator) -> tuple[list[Seen], tuple[str, ...]]:
    """Subjects of the store that have a usual rate, at most MOST of each sort, drawn at random; and their sources."""
    chosen: list[Seen] = []
    sources: dict[str, int] = {}
    for about in COUNTED:
        hourly = store.hourly(about, since, now, now)
        found = resampling.seen(about, hourly, now, since)
        places = np.array([sources.setdefault(name, len(sources)) for name in hourly.sources], dtype=np.int32)
        if len(found) > MOST and about is not About.SOURCE:
            found = tuple(found[n] for n in sorted(rng.choice(len(found), size=MOST, replace=False)))
        chosen += [replace(one, source=places[one.source]) for one in found]
    return chosen, tuple(sources)


def _voices(store: Store, now: datetime) -> dict[str, tuple[str, ...]]:
    """Who spoke in each source in the last days, once for each record, in order of record."""
    found: dict[str, list[str]] = {}
    ids = store.arrivals(now - VOICED, now)[-MOST_VOICED:]
    for key, record in store.records(ids).items():
        found.setdefault(record.source, []).append(evening.arrival(record, key).voice)
    return {source: tuple(voices) for source, voices in sorted(found.items())}


def _as_it_was(
    store: Store, settings: SignalSettings, embedder: Embedder, now: datetime, nights: int
) -> Iterator[tuple[Signal, ...]]:
    """The signals of each of the last `nights` nights, the newest first, each without those of the nights before."""
    for back in range(nights):
        moment = now - back * timedelta(days=1)
        known: Any = AsOf(store, moment)
        window, history = evening.gather(known, settings, embedder=embedder, now=moment)
        yield detectors.detect(window, history, moment, settings)
