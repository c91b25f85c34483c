"""What an adapter gave, checked before anybody believes it: adapters may come from any package.

Pure. A record that the store could not hold is left out, counted and named in a note; a batch that is none is an error
of its source. After this neither a missing field nor a character that is no text can end the night.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from datetime import datetime

from pipeline import addresses, records
from pipeline.domain import Batch, Raw, Record, Source
from pipeline.errors import discreet
from pipeline.extract import declared
from pipeline.language import cleaning
from pipeline.protocols import Habits
from pipeline.serial import dumps, to_json

OWN = "page of this desk itself"
UNSOUND = "a record that cannot be stored"
_ID = 200  # characters of the longest id
_TEXT = records.MAX_TEXT + 2 * records.MAX_TITLE  # of the longest text, its headline included
_NOTE = 1000


def habits(adapter: object) -> Habits:
    """What `adapter` says of its kind. Raises whatever it raises when it is asked."""
    return Habits(**{one.name: bool(getattr(adapter, one.name, False)) for one in fields(Habits)})


def checked(given: object, source: Source, now: datetime) -> Batch:
    """`given` as a batch of `source` that every later step can work with. Raises TypeError or ValueError for none."""
    if not isinstance(given, Batch) or not _all(given.records, Record):
        raise TypeError("it gave something else than a batch of records")
    if not _all(given.raws, Raw) or not _all([raw.body for raw in given.raws], bytes):
        raise TypeError("what it read its records from is not bytes")
    notes = tuple(cleaning.line(discreet(note[:_NOTE])) for note in given.notes)
    dumps(to_json(replace(given, records=(), notes=notes, raws=tuple(replace(raw, body=b"") for raw in given.raws))))
    if any(count < 0 for count in given.dropped.values()):
        raise ValueError("it counts fewer than no dropped records")
    kept: list[Record] = []
    faults: list[str] = []
    for record in given.records:
        try:
            kept.append(_sound(record, source, now))
        except (ValueError, TypeError, OverflowError, AttributeError) as fault:
            faults.append(cleaning.line(str(fault)))
    if not faults:
        return replace(given, records=tuple(kept), notes=notes)
    dropped = {**given.dropped, UNSOUND: given.dropped.get(UNSOUND, 0) + len(faults)}
    told = f"{len(faults)} of its records cannot be stored ({faults[0]}); report this to whoever wrote its adapter"
    return replace(given, records=tuple(kept), dropped=dropped, notes=(*notes, told))


def of_others(batch: Batch, site: str) -> Batch:
    """`batch` without what stands at the desk's own `site`, and what stands in a section for satire or paid texts.

    Whoever lists it, the one is no source of ours and the other no news.
    """
    rules = [OWN if addresses.within(one.url, site) else declared.of_address(one.url) for one in batch.records]
    if not any(rules):
        return batch
    kept = tuple(record for record, rule in zip(batch.records, rules, strict=True) if not rule)
    dropped = Counter(batch.dropped) + Counter(rule for rule in rules if rule)
    return replace(batch, records=kept, dropped=dict(dropped))


def _all(values: object, kind: type) -> bool:
    """Whether `values` are some that can be looked at twice, each of them a `kind`."""
    return isinstance(values, tuple | list) and all(isinstance(value, kind) for value in values)


def _sound(record: Record, source: Source, now: datetime) -> Record:
    """`record` as it is fetched now, if it can be stored, with a date that can be reckoned with.

    Raises what the first fault raises.
    """
    dumps(to_json(record))
    texts = {name: value for name in Record.__slots__ if isinstance(value := getattr(record, name), str)}
    if faulty := next((name for name, value in texts.items() if "\0" in value), None):
        raise ValueError(f"{faulty} holds a NUL")
    if len(record.text) > _TEXT or len(record.title) > records.MAX_TITLE:
        raise ValueError(f"its text has {len(record.text):,} characters and its title {len(record.title):,}")
    if not 0 < len(record.id) <= _ID:
        raise ValueError(f"its id has {len(record.id)} characters")
    if record.source != source.name:
        raise ValueError(f"it names another source, {record.source!r}")
    if any(addresses.safe(url) is None for url in (record.url, record.discussion_url) if url is not None):
        raise ValueError("its address is none of the web")
    published, doubtful = records.dated(record.published, now)
    if doubtful:
        return replace(record, published=published, date_doubtful=True, fetched=now)
    return record if record.fetched == now else replace(record, fetched=now)
