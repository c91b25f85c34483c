"""What one record says, read by itself: the heavy map of a night, pure, so that any process may do it.

All that can be told of a record without another is told here, so that the night's own process, which decides, has
little left to read: claims, beats, names, phrases, what its claims would be entered under, its counted words, and what
finds those that it may be a copy of.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline import phrasing, terms
from pipeline.claiming import assertions
from pipeline.claiming import claims as extractor
from pipeline.claiming.manner import mannered
from pipeline.domain import Claim, Record
from pipeline.entities import sighting
from pipeline.entities.sighting import Sighted
from pipeline.findings import settling, tellings
from pipeline.findings.settling import Alone
from pipeline.language import detect
from pipeline.origins import traces
from pipeline.settings import AnalyzeSettings, BeatSettings
from pipeline.storylines import beats as beat_rules
from pipeline.storylines import roundups

_OPEN = 64  # records whose claims are at hand as they are compared: a storyline's are asked for one after the other


@dataclass(frozen=True, slots=True)
class Read:
    """What one record says.

    `threads` are the ids of its claims by the event they tell of where these are several; `entries` what its claims
    are entered under in the ledger of findings; `findings` what its claims come to where nothing else tells of them;
    `forms` its claims as they are compared (`assertions.packed`); `words` its counted words (`terms.packed`); `trace`
    what of it is compared with other records (`pipeline.origins.traces`). A record that could not be read has neither.
    """

    record_id: str
    claims: tuple[Claim, ...]
    beats: tuple[beat_rules.Weighed, ...]
    sighted: Sighted | None = None
    phrases: Mapping[str, str] = field(default_factory=dict)
    threads: tuple[tuple[str, ...], ...] = ()
    entries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    findings: tuple[Alone, ...] = ()
    forms: bytes = b""
    words: bytes = b""
    trace: traces.Packed | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One batch of records for the engine, with what reading them needs."""

    records: tuple[Record, ...]
    settings: AnalyzeSettings
    beats: tuple[BeatSettings, ...]


def read(task: Task) -> tuple[Read, ...]:
    """What each record of a batch says.

    A record without a sentence worth its while keeps its best one, so that it can be found beside its event.
    """
    compared = traces.packed(task.records)
    return tuple(_read(record, trace, task) for record, trace in zip(task.records, compared, strict=True))


def _read(record: Record, trace: traces.Packed, task: Task) -> Read:
    if record.lang is None:
        record = dataclasses.replace(record, lang=detect.language(record.text))
    seen = sighting.read(record)
    found = extractor.extract(record, min_worth=task.settings.min_worth, max_claims=task.settings.max_claims)
    found = found or extractor.extract(record, min_worth=0.0, max_claims=1)
    found = mannered(found, record.lang, stances=task.settings.stances, registers=task.settings.registers)
    phrases = phrasing.of_record(record, [(one.key, one.kind) for one in seen.sightings])
    counted = terms.count(record.text)
    beats = beat_rules.weigh(record.text, task.beats, record.beat, counted)
    return told_by(record, found, Read(record.id, (), beats, seen, phrases, words=terms.packed(counted), trace=trace))


def told_by(record: Record, claims: Sequence[Claim], like: Read) -> Read:
    """`like` with `claims` and what follows from them."""
    threads = roundups.threads(record, claims) if claims else []
    return dataclasses.replace(
        like,
        claims=tuple(claims),
        threads=tuple(tuple(claim.id for claim in thread) for thread in threads) if len(threads) > 1 else (),
        entries=tellings.entries(claims),
        findings=settling.alone(claims),
        forms=assertions.packed(claims),
    )


@dataclass(frozen=True, slots=True)
class Said:
    """What tonight's records say, by record: their claims as they count, and how they were read."""

    claims: Mapping[str, Sequence[Claim]]
    read: Mapping[str, Read]
    _forms: dict[str, Mapping[str, assertions.Form]] = field(default_factory=dict)

    def entries(self) -> dict[str, tuple[str, ...]]:
        """What each claim is entered under in the ledger of findings."""
        return {claim: keys for one in self.read.values() for claim, keys in one.entries.items()}

    def alone(self, record_ids: Sequence[str]) -> Sequence[Alone]:
        """What the claims of a storyline's only record come to by themselves; nothing where it has several."""
        read = self.read.get(record_ids[0]) if len(record_ids) == 1 else None
        return read.findings if read is not None else ()

    def asserted(self, claim: Claim) -> assertions.Assertion:
        """A claim as it is compared; one of tonight's as that was found out where it was read."""
        key = claim.record_id
        read = self.read.get(key)
        if read is not None and read.forms and key not in self._forms:
            if len(self._forms) >= _OPEN:
                self._forms.pop(next(iter(self._forms)))
            self._forms[key] = assertions.opened(read.forms)
        form = self._forms.get(key, {}).get(claim.id)
        return assertions.assertion(claim) if form is None else assertions.restored(claim, form)
