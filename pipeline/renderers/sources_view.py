"""How the desk's sources do: their state, what it rests on, and what a person has to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pipeline.addresses import host
from pipeline.domain import Source, SourceHealth
from pipeline.edition import Edition
from pipeline.errors import discreet
from pipeline.renderers import phrases
from pipeline.renderers.places import Places
from pipeline.sourcing import health

HEALTHY, SILENT, MOVING, FAILING, HELD, UNREAD = "healthy", "silent", "moving", "failing", "held", "unread"


@dataclass(frozen=True, slots=True)
class Shares:
    """A source's part of what was read tonight and of what tonight's stories cite, in percent, with two bars of 100."""

    read: int
    used: int
    read_width: str
    used_width: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A configured source and how its last read went. Error texts stay in the run report.

    `says` are sentences about its state, `command` what to type about it; `dropped` the rules by which items of the
    last read were left out, with how many.
    """

    name: str
    kind: str
    place: str
    beat: str
    owner: str
    note: str
    status: str
    says: tuple[str, ...]
    command: str
    last_success: str
    last_item: str
    lag: str
    usual: str
    dropped: tuple[tuple[str, int], ...]
    tonight: int
    cited: int
    shares: Shares | None


@dataclass(frozen=True, slots=True)
class SourcesPage:
    """All sources, and how many of them are in which state, healthy ones first; what was read and cited tonight."""

    sources: tuple[SourceLine, ...]
    states: tuple[tuple[str, int], ...]
    read: int
    used: int


def sources_page(edition: Edition, places: Places) -> SourcesPage:
    """Every configured source: what it is, when it last answered, what tonight's stories took from it."""
    record_sources = edition.told_by if edition.tokens else {one.id: one.source for one in edition.records.values()}
    cited = Counter(
        record_sources[record_id]
        for record_id in sorted({record for story in places.live for _, _, record in edition.cited(story)})
        if record_id in record_sources
    )
    tonight = places.by_day.get(edition.date, ())
    used = Counter({r.id: record_sources.get(r.id, r.source) for story in tonight for r in story.records}.values())
    shares = _shares(edition.read, used)
    lines = [
        _line(edition, source, cited[source.name], shares.get(source.name))
        for source in sorted(edition.settings.configured_sources(), key=lambda source: source.name.casefold())
    ]
    counted = Counter(line.status for line in lines)
    order = (HEALTHY, SILENT, MOVING, FAILING, HELD, UNREAD)
    states = tuple((status, counted[status]) for status in order if counted[status] or status in (HEALTHY, FAILING))
    return SourcesPage(tuple(lines), states, sum(edition.read.values()), sum(used.values()))


def _shares(read: Mapping[str, int], used: Mapping[str, int]) -> dict[str, Shares]:
    """By source: its part of all that was read and of all that was used; none where nothing was read."""
    every, cited = sum(read.values()), sum(used.values())
    if not every:
        return {}
    found = {name: (100 * read.get(name, 0) / every, 100 * used.get(name, 0) / (cited or 1)) for name in read}
    peak = max(max(pair) for pair in found.values())
    return {
        name: Shares(round(a), round(b), f"{100 * a / peak:.1f}", f"{100 * b / peak:.1f}")
        for name, (a, b) in found.items()
    }


def _line(edition: Edition, source: Source, cited: int, shares: Shares | None) -> SourceLine:
    state = health.current(edition.health.get(source.name), source)
    status, says = _status(state)
    last_item = state.last_item if state else None
    days = (edition.now - last_item).days if last_item else 0
    return SourceLine(
        name=source.name,
        kind=source.kind,
        place="local files" if source.kind == "files" else host(source.address) or discreet(source.address)[:60],
        beat=source.beat or "",
        owner=source.owner or "",
        note=source.note or "",
        status=status,
        says=tuple(says),
        command=f'citewire sources accept "{source.name}"' if status in (HELD, MOVING) else "",
        last_success=phrases.stamp(state.last_success) if state and state.last_success else "never",
        last_item=phrases.stamp(last_item) if last_item else "none yet",
        lag=f"{phrases.count(days, 'day')} before this edition" if days > 0 else "",
        usual=f"usually {phrases.figure(round(state.usual, 1))} a reading" if state and state.usual else "",
        dropped=tuple(sorted((rule, count) for rule, count in state.dropped.items() if count)) if state else (),
        tonight=edition.read.get(source.name, 0),
        cited=cited,
        shares=shares,
    )


def _status(state: SourceHealth | None) -> tuple[str, list[str]]:
    """The word for a state, and what is to be said about it."""
    if state is None:
        return UNREAD, ["not read yet"]
    if state.quarantined:
        return HELD, [_held(state), "nothing of it is taken until it is accepted"]
    if not state.ok:
        return FAILING, _failing(state)
    if state.silent:
        return SILENT, [
            f"usually brings {phrases.figure(round(state.usual, 1))} new items a reading and brought none in the last "
            f"{phrases.count(state.empties, 'reading')}"
        ]
    if health.settled(state):
        return MOVING, [f"has redirected to another address of its site since {_day(state.moved_since)}"]
    return HEALTHY, ["answered at the last reading"]


def _held(state: SourceHealth) -> str:
    if state.retry_at == health.NEVER:
        return "says that it is gone for good"
    if state.moved_to:
        return f"leads to another site, {host(state.moved_to) or 'without a plain address'}"
    return "another publication answers at its address"


def _failing(state: SourceHealth) -> list[str]:
    never = state.last_success is None
    said = ["has never answered" if never else "did not answer at the last reading"]
    if state.failures > 1:
        said.append(f"failing since {_day(state.failing_since)}, {state.failures} readings in a row")
    if state.retry_at is not None:
        said.append(f"asked again after {phrases.stamp(state.retry_at)}")
    return said


def _day(when: datetime | None) -> str:
    return phrases.day(when.date()) if when else "its first reading"
