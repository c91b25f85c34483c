"""Telling: the report of a night's reading. Nothing that was dropped, failed, waits or looks wrong goes unsaid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipeline import addresses
from pipeline.domain import Batch, Failure, Quarantined, Record, Source, SourceHealth, StageReport
from pipeline.errors import discreet
from pipeline.sourcing import choosing, fulltext, health
from pipeline.sourcing.choosing import Choice

ALL_FAILED = "every source failed"
HELPED = "the sources were read together with other workers, one of which has stored them and reports"
OFFLINE = "none of their hosts can be reached: look at this machine's own network first"
OTHERS = "page of another source"  # the rule of `choosing`


@dataclass(frozen=True, slots=True)
class Saving:
    """What of a choice was stored: new records and versions, exact repeats, and what its pages took out of it."""

    choice: Choice
    state: SourceHealth | None
    made: int
    repeats: int
    dropped: Mapping[str, int] = field(default_factory=dict)


class Tally:
    """Adds up the report."""

    def __init__(self) -> None:
        self._seen = self._made = self._lost = self._unreached = 0
        self._dropped: Counter[str] = Counter()
        self._failures: list[Failure] = []
        self._notes: list[str] = []

    def saved(self, saving: Saving) -> None:
        """A source that was read."""
        choice, batch = saving.choice, saving.choice.batch
        self._seen += len(batch.records) + sum(batch.dropped.values())
        self._made += saving.made
        self._dropped.update(choice.dropped)
        self._dropped.update(saving.dropped)
        self._dropped["known already"] += saving.repeats
        told = [
            *batch.notes,
            *_left_out(batch),
            *_nothing_own(choice),
            *_undated(choice.new),
            *_regiven(choice),
            *_state(saving.state),
        ]
        if told:
            self._notes.append(f"{choice.read.source.name}: {'; '.join(told)}")

    def failed(self, state: SourceHealth, *, reached: bool = True) -> None:
        """A source that could not be read; `reached`: its host, at least, was there."""
        self._lost += 1
        self._unreached += not reached
        last = f"last read {state.last_success:%Y-%m-%d %H:%M} UTC" if state.last_success else "never read so far"
        times = "first failure" if state.failures == 1 else f"failure {state.failures} in a row"
        self._failures.append(
            Failure(
                subject=state.source,
                what=state.error or "",
                consequence=f"nothing new from it tonight: {times}, {last}; {_next_try(state)}",
                remedy=_remedy(state),
            )
        )

    def waiting(self, source: Source, state: SourceHealth) -> None:
        """A source that is left alone tonight."""
        self._lost += 1
        until = _until(state.retry_at)
        if state.quarantined and state.retry_at == health.NEVER:
            why = f"not asked: {state.quarantined}"
        elif state.failures >= health.PATIENCE:
            why = f"not asked after {state.failures} failures in a row ({state.error}); tried again after {until}"
        else:
            why = f"not asked, it wants to be left alone until {until}"
        self._notes.append(f"{source.name}: {why}")

    def closed(self, source: Source, until: datetime) -> None:
        """A source whose host has asked another one for a pause."""
        self._lost += 1
        self._notes.append(f"{source.name}: not asked, its host wants to be left alone until {_until(until)}")

    def out_of_time(self, unread: Sequence[str], pages: int, seconds: float) -> None:
        """What the night had no time for."""
        self._lost += len(unread)
        if unread or pages:
            first = f"{len(unread)} sources were not read ({_some(unread)}) and come first the next night"
            stands = f"{pages} pages were not read and will not be: the feed's own text stands for them"
            parts = [*([first] if unread else []), *([stands] if pages else [])]
            self._failures.append(
                Failure(
                    "the night's reading",
                    f"its {seconds:g} seconds were over",
                    "; ".join(parts),
                    "raise night_seconds in [ingest], or read fewer sources on the slowest hosts",
                )
            )

    def missed(self, choices: Sequence[Choice]) -> None:
        """How much of what is new in an outside index no other source of the desk had, tonight or before."""
        listed = {choice.read.source.name: {one.id for one in choice.batch.records} for choice in choices}
        for choice in choices:
            name = choice.read.source.name
            count = len(choice.new) + choice.dropped.get(OTHERS, 0)
            if not choice.read.habits.outside_index or not count:
                continue
            others = set().union(*(ids for other, ids in listed.items() if other != name))
            alone = sum(one.id not in others for one in choice.new)
            self._notes.append(f"{name}: {alone} of {count} articles on its query were in no other source of this desk")

    def pages(self, full: Iterable[fulltext.Read]) -> None:
        """The pages behind records."""
        read = list(full)
        hosts: dict[str, Counter[str]] = {}
        for page in read:
            if page.reason:
                hosts.setdefault(page.reason, Counter())[addresses.host(page.record.url or "") or ""] += 1
        if read:
            unread = sum(counted.total() for counted in hosts.values())
            told = "; ".join(f"{hosts[why].total()} {why}: {_some(sorted(hosts[why]))}" for why in sorted(hosts))
            rest = f"; the feed's own text stands for {unread} ({told})" if unread else ""
            self._notes.append(f"{len(read) - unread} of {len(read)} pages read in full{rest}")

    def quarantine(self, killers: Iterable[Quarantined]) -> None:
        """Documents that killed their parser tonight."""
        for one in killers:
            again = "it is not parsed again until it changes" if one.tries > 1 else "it is tried once more"
            self._notes.append(
                f"{one.source or 'a document'}: {discreet(one.url)} stopped its parser ({one.why}); {again}"
            )

    def report(self, sources: int) -> StageReport:
        """The sum. The note ALL_FAILED says that no source could be read."""
        notes = [*self._notes, ALL_FAILED] if sources and self._lost == sources else self._notes
        if sources and 1 < self._unreached == sources:
            notes = [*notes, OFFLINE]
        dropped = {rule: count for rule, count in sorted(self._dropped.items()) if count}
        return StageReport("ingest", self._seen, self._made, dropped, tuple(self._failures), tuple(notes))


def _until(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "later"


def _remedy(state: SourceHealth) -> str:
    """The command that takes a source that is held, without the reason, which has been told."""
    if state.quarantined:
        _, command, told = state.quarantined.partition("citewire sources accept ")
        return command + told or state.quarantined
    return "correct or remove the source if this goes on" if state.failures > 1 else ""


def _next_try(state: SourceHealth) -> str:
    if state.retry_at is None:
        return "tried again next night"
    return "not asked again" if state.retry_at == health.NEVER else f"left alone until {_until(state.retry_at)}"


def _left_out(batch: Batch) -> list[str]:
    """What the adapter itself left out, by rule."""
    told = ", ".join(f"{count} ({rule})" for rule, count in sorted(batch.dropped.items()))
    return [f"left out {told}"] if told else []


def _nothing_own(choice: Choice) -> list[str]:
    """That whatever a source lists belongs to others: it may be listed twice."""
    count = len(choice.batch.records)
    others = choice.dropped.get(OTHERS, 0)
    return [f"all of its {count} items are pages of other sources; is it needed?"] if 0 < count == others else []


def _undated(new: Sequence[Record]) -> list[str]:
    """How many new records bear no date that can be believed."""
    count = sum(record.date_doubtful for record in new)
    return [f"{count} without a date that can be right, taken as of now"] if count else []


def _regiven(choice: Choice) -> list[str]:
    """That a source has made its ids anew."""
    if choice.regiven < choosing.REGIVEN or choice.regiven * 2 <= len(choice.batch.records):
        return []
    return [f"it changed the ids of its items; {choice.regiven} are known by their text and were not taken again"]


def _state(state: SourceHealth | None) -> list[str]:
    """What a source that can be read should still be looked at for."""
    told = []
    if state is not None and state.silent:
        told.append(
            f"silent: it usually brings {state.usual:.1f} new items a read and brought none in the last "
            f"{state.empties}; see whether its address is still the right one"
        )
    if state is not None and health.settled(state):
        told.append(
            f"it has redirected to {discreet(state.moved_to or '')} since {state.moved_since:%Y-%m-%d}; "
            f'citewire sources accept "{state.source}" writes that address'
        )
    return told


def _some(names: Sequence[str]) -> str:
    """The first of `names`, and how many more."""
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
