"""Looking at sources outside the night: what one read gives, and what is wrong with any of them. Nothing is stored."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from pipeline import addresses
from pipeline.domain import Batch, Cursor, Record, Source, SourceHealth, TextQuality
from pipeline.errors import CitewireError, HttpStatus, NotReached, ParseError
from pipeline.language.detect import language
from pipeline.protocols import Engine, Fetcher, SourceAdapter
from pipeline.settings import IngestSettings
from pipeline.sourcing import batches, fulltext, health
from pipeline.sourcing.diagnosis import GONE, Look, Problem, diagnose, rhythm, waiting
from pipeline.sourcing.discovery import discover
from pipeline.sourcing.remembering import Remembering
from pipeline.threads import Lanes

SHOWN = 5  # items of a preview

Adapters = Callable[[str], SourceAdapter]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a reader of a batch wants to know before they take the source."""

    items: tuple[Record, ...]  # newest first, at most five
    listed: int
    langs: tuple[str, ...]  # most frequent first
    newest: datetime | None
    gap: timedelta | None  # usual time between two items
    full_text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of checking one source."""

    source: Source
    problems: tuple[Problem, ...]
    items: int = 0
    newest: datetime | None = None
    seconds: float = 0.0
    reached: bool = True  # its host was there

    @property
    def ok(self) -> bool:
        return not any(problem.wrong for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Probe:
    """What looking at sources needs: the network, the parsers, and adapters that are made with a fetcher."""

    fetcher: Fetcher
    engine: Engine
    settings: IngestSettings
    adapters: Callable[[Fetcher], Adapters] = field(repr=False)


def look(source: Source, adapters: Adapters, now: datetime) -> Look:
    """Read `source` from its beginning. Every error is a result."""
    try:
        return Look(source, batches.checked(adapters(source.kind).read(source, Cursor(), now), source, now))
    except Exception as error:  # an adapter may come from any package
        return Look(source, error=error)


def preview(batch: Batch, full_text: str) -> Preview:
    """`batch` in brief."""
    items = sorted(batch.records, key=lambda record: (record.published, record.id), reverse=True)
    langs = Counter(found for record in items[:50] if (found := record.lang or language(record.text)))
    if not langs and (together := language(" ".join(record.title for record in items[:50]))):
        langs[together] += 1  # titles too short to tell one by one
    newest, gap = rhythm(items)
    return Preview(
        items=tuple(items[:SHOWN]),
        listed=len(items),
        langs=tuple(code for code, _ in sorted(langs.items(), key=lambda pair: (-pair[1], pair[0]))),
        newest=newest,
        gap=gap,
        full_text=full_text,
        notes=batch.notes,
    )


def tried_full_text(batch: Batch, source: Source, adapter: SourceAdapter, probe: Probe, now: datetime) -> str:
    """Whether full text can be had, tried on the newest item whose page may say more."""
    items = sorted(batch.records, key=lambda record: (record.published, record.id), reverse=True)
    pages = [record for record in items if fulltext.wanted(record)]
    if not items:
        return "unknown: there is no item to try"
    if not pages:
        length = statistics.median(len(record.text) for record in items)
        return f"in the source itself ({length:,.0f} characters in a usual item)"
    if not getattr(adapter, "links_to_pages", False):
        return "no: this kind gives its own text only"
    if not probe.settings.full_text or not source.options.get("full_text", True):
        return "not fetched: full_text is off"
    result = fulltext.read(pages[0], probe.fetcher, probe.engine, probe.settings, now)
    if result.reason is not None or result.record.quality is not TextQuality.FULL:
        return f"no: the newest item's page is {result.reason or 'not readable'}"
    return f"yes, from its pages ({len(result.record.text):,} characters in the newest item)"


def check(
    sources: Sequence[Source],
    known: Mapping[str, SourceHealth],
    probe: Probe,
    now: datetime,
    *,
    told: Callable[[int, str], None],
) -> tuple[Checked, ...]:
    """Probe all `sources`, hosts side by side; `told(done, name)` hears of each as it ends. Results in order.

    A source whose host asked for a pause is not asked; one that is merely spared after failures is.
    """
    lanes: Lanes[Checked] = Lanes(probe.settings.workers * 8)
    done: dict[str, Checked] = {}
    try:
        for source in sources:
            lane = addresses.host(source.address) or f"{source.kind} {source.name}"
            lanes.put(lane, partial(_check, source, health.current(known.get(source.name), source), probe, now))
        while lanes.under_way:
            checked = lanes.take(1.0)
            if checked is not None:
                done[checked.source.name] = checked
                told(len(done), checked.source.name)
    finally:
        lanes.stop()
    return tuple(done[source.name] for source in sources)


def _check(source: Source, last: SourceHealth | None, probe: Probe, now: datetime) -> Checked:
    if last is not None and (last.retry_at == health.NEVER or health.host_waits(last, now)):
        return Checked(source, (waiting(last),))
    fetcher = Remembering(probe.fetcher)
    seen = look(source, probe.adapters(fetcher), now)
    seen = replace(seen, slowest=fetcher.slowest, instead=_instead(seen, fetcher, probe))
    items = sorted(seen.batch.records, key=lambda one: one.published) if seen.batch else []
    newest, _ = rhythm(items)
    problems = diagnose(seen, last, now)
    reached = not isinstance(seen.error, NotReached)
    return Checked(source, problems, len(items), newest, round(fetcher.slowest, 2), reached)


def _instead(seen: Look, fetcher: Fetcher, probe: Probe) -> str | None:
    """The feed that the address's own page announces, else, where nothing is there, that of the site's front page."""
    missing = isinstance(seen.error, HttpStatus) and seen.error.status in GONE
    if seen.source.kind != "feed" or not (missing or isinstance(seen.error, ParseError)):
        return None
    origin = addresses.origin(seen.source.address)
    place = f"{origin}/" if missing else seen.source.address
    try:
        found = discover(
            place, recognisers=(), fetcher=fetcher, engine=probe.engine, settings=probe.settings, guess=False
        )
    except CitewireError:
        return None
    feeds = (one.address for one in found.candidates if one.kind == "feed" and one.address != seen.source.address)
    return next(feeds, None)
