"""The versions of a night, unread: what lists need of each is remembered, the rest is fetched when a page is made."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from sys import intern
from typing import Any

from pipeline import collecting
from pipeline.barred import names, unnamed
from pipeline.domain import Story
from pipeline.edition import Cited
from pipeline.errors import StoreError
from pipeline.people.screening import Counts
from pipeline.people.screening import story as screened
from pipeline.people.takedown import Takedown
from pipeline.protocols import Store
from pipeline.protocols.stating import Standing
from pipeline.remembered import Memory
from pipeline.shelved import ShelvedStory, light, shelved

AT_ONCE = 100  # versions that are read together
MOST = 120  # whole versions in memory


@dataclass(frozen=True, slots=True)
class _Whole:
    """A version as it may be shown, None for one of which nothing may be; whether something was left out, and what."""

    story: Story | None
    altered: bool
    gone: Counts


@dataclass(slots=True)
class Versions:
    """Versions as they may be shown.

    cites: by version. records: ids of all that is cited. altered: of which a takedown
    left out part. gone: how many things were left out. unsaid: by version, titles that its signals may not tell.
    """

    store: Store
    listed: Takedown
    memory: Memory
    cites: dict[str, list[Cited]] = field(default_factory=dict)
    records: set[str] = field(default_factory=set)
    altered: frozenset[str] = frozenset()
    sample: bool = False
    gone: Counts = field(default_factory=Counter)
    unsaid: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _signals: dict[str, list[str]] = field(default_factory=dict)
    _whole: OrderedDict[str, _Whole] = field(default_factory=OrderedDict)
    _fetched: int = 0

    def survey(self, standing: Sequence[Standing]) -> tuple[Story, ...]:
        """The versions that may be shown, in their order; those are read of which something is not remembered."""
        found: list[Story] = []
        altered: set[str] = set()
        for one in self._read(standing):
            told = self.memory.of("version", one.state, partial(self._facts, one.id))
            self.gone.update(told["gone"])
            if told["light"] is None:
                continue
            if told["altered"]:
                altered.add(one.id)
            self.cites[one.id] = [
                (intern(claim), intern(origin), intern(record)) for claim, origin, record in told["cites"]
            ]
            self.records.update(told["records"])
            if told["signals"]:
                self._signals[one.id] = told["signals"]
            self.sample = self.sample or told["sample"]
            found.append(shelved(ShelvedStory, told["light"], partial(self._shown, one.id)))
        self.altered = frozenset(altered)
        return tuple(found)

    def unname(self, lost: Collection[str]) -> None:
        """No signal of a version calls its storyline by one of these titles from now on."""
        for key, told in self._signals.items() if lost else ():
            if found := tuple(title for title in lost if any(names(summary, title) for summary in told)):
                self.unsaid[key] = found
                self._whole.pop(key, None)

    def _read(self, standing: Sequence[Standing]) -> Iterator[Standing]:
        """`standing`, one after the other; those that are not remembered are read some at once."""
        rest = iter(standing)
        while some := list(islice(rest, AT_ONCE)):
            self._fetch([one.id for one in some if not self.memory.knows("version", one.state)])
            yield from some

    def _fetch(self, ids: Sequence[str]) -> None:
        if not ids:
            return
        for key, was in self.store.stories(ids).items():
            counts: Counts = Counter()
            shown = screened(was, self.listed, counts)
            if shown is not None and key in self.unsaid:
                left = (unnamed(one, self.unsaid[key]) for one in shown.signals)
                shown = replace(shown, signals=tuple(one for one in left if one is not None))
            self._whole[key] = _Whole(shown, shown is not was, counts)
        while len(self._whole) > max(MOST, len(ids)):
            self._whole.popitem(last=False)
        self._fetched += 1
        collecting.tidy(self._fetched)

    def _at_hand(self, key: str) -> _Whole:
        if key not in self._whole:
            self._fetch([key])
        if key not in self._whole:
            raise StoreError(f"story {key} is gone from the store while its site is made; publish again")
        self._whole.move_to_end(key)
        return self._whole[key]

    def _shown(self, key: str) -> Story:
        """A whole version, as it may be shown."""
        found = self._at_hand(key).story
        if found is None:
            raise StoreError(f"story {key} changed in the store while its site is made; publish again")
        return found

    def _facts(self, key: str) -> dict[str, Any]:
        """What lists and indices ask of a version, as JSON."""
        whole = self._at_hand(key)
        story = whole.story
        told: dict[str, Any] = {"light": None, "gone": dict(sorted(whole.gone.items()))}
        if story is None:
            return told
        return {
            **told,
            "light": light(story),
            "altered": whole.altered,
            "cites": [(one.claim_id, one.origin_id, one.evidence.record_id) for one in story.citations],
            "records": sorted({one.id for one in story.records}),
            "signals": sorted({one.summary for one in story.signals}),
            "sample": story.sample or any(record.sample for record in story.records),
        }
