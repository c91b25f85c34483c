"""Planning: which sources a night asks, in which order, and which it leaves alone. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.domain import Source, SourceHealth
from pipeline.sourcing import health
from pipeline.sourcing.reading import lane


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is asked tonight and who is not: the states hold for the sources' present addresses."""

    sources: tuple[Source, ...]  # all, by name
    asked: tuple[Source, ...]  # longest unread first
    states: Mapping[str, SourceHealth | None]
    closed: Mapping[str, datetime]  # lane -> until when its host wants to be left alone
    moved: frozenset[str]  # sources whose address is another than when they were last read
    renamed: Mapping[str, str]  # name -> what a source was called before

    @property
    def lanes(self) -> dict[str, list[str]]:
        """Who is asked by lane, the longest lane first."""
        found: dict[str, list[str]] = {}
        for source in self.asked:
            found.setdefault(lane(source), []).append(source.name)
        return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def plan(sources: Sequence[Source], known: Mapping[str, SourceHealth], now: datetime) -> Plan:
    """Who of `sources` is asked at `now`; `known` is what the store knows of them, by name."""
    ordered = tuple(sorted(sources, key=lambda source: source.name))
    states = {source.name: health.current(known.get(source.name), source) for source in ordered}
    closed: dict[str, datetime] = {}
    for source in ordered:
        state = states[source.name]
        if state is not None and state.host_until is not None and health.host_waits(state, now):
            closed[lane(source)] = max(state.host_until, closed.get(lane(source), now))
    asked = [s for s in ordered if not health.waits(states[s.name], now) and lane(s) not in closed]
    asked.sort(key=lambda source: (_checked(states[source.name]), source.name))
    moved = frozenset(name for name, state in states.items() if state is None and name in known)
    return Plan(ordered, tuple(asked), states, closed, moved, _renamed(ordered, known))


def _renamed(sources: Sequence[Source], known: Mapping[str, SourceHealth]) -> dict[str, str]:
    """Sources never read so far, at the address of one that is configured no more: name -> the other's name."""
    names = {source.name for source in sources}
    read = {name for name, state in known.items() if state.last_success}
    gone = {known[name].address: name for name in sorted(read - names)}
    kept = {source.name: health.kept_as(source.address) for source in sources if source.name not in read}
    return {name: gone[address] for name, address in kept.items() if address in gone}


def _checked(state: SourceHealth | None) -> datetime:
    return state.checked if state else datetime.min.replace(tzinfo=UTC)
