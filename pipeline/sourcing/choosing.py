"""Choosing: what of a source's batch is new, changed, known, somebody else's, or too much for one night. Pure.

A record has one id and may be met under others: the address it is listed at (its page may name a better one), the
native id that its source gave it, its text as it was listed. Sources rename their items: they move to https, add
tracking, make all their ids anew, use one id for two articles, or one address. What the store knows decides who is who.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pipeline import addresses, records
from pipeline.domain import Batch, Cursor, Record, Source, TextQuality, digest
from pipeline.language.words import content
from pipeline.protocols import Habits
from pipeline.sourcing import waiting

SHORT = 120  # code points of an undated text that may be another's word for word: "Weather report"
ALIKE = 0.3  # share of the shorter text's content words that two readings of one article have in common
PAUSE = timedelta(days=14)  # a source that was not read for so long is caught up with, as a new one is
LATELY = timedelta(days=1)  # at such a reading, what is older is history
REGIVEN = 3  # items known by their text alone that make a source whose ids were all made anew
_RANK = {quality: rank for rank, quality in enumerate(TextQuality)}


@dataclass(frozen=True, slots=True)
class Read:
    """What came of reading one source: a batch, an error, or nothing because its host wants a pause until `closed`."""

    source: Source
    batch: Batch | None = None
    waiting: tuple[Record, ...] = ()  # from earlier nights
    error: Exception | None = None
    habits: Habits = field(default_factory=Habits)
    closed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of some ids: records by id, and which other ids lead to them.

    `found` are those of the other ids that it is still to be told.
    """

    records: Mapping[str, Record] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """What of a batch goes to the store. `retitled` are the changed ones whose page is worth reading again.

    `aliases`: other ids of these records, and of known ones, that the store does not know yet. `ids`: everything that
    the source lists tonight, as it is known.
    """

    read: Read
    new: tuple[Record, ...] = ()
    changed: tuple[Record, ...] = ()
    cursor: Cursor = field(default_factory=Cursor)
    dropped: Mapping[str, int] = field(default_factory=dict)
    retitled: tuple[Record, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    regiven: int = 0  # items known by their text alone
    ids: frozenset[str] = frozenset()

    @property
    def batch(self) -> Batch:
        """The batch; empty where reading failed."""
        return self.read.batch or Batch((), Cursor())


def keys(record: Record) -> tuple[str, ...]:
    """Every id that `record` may be known by, its own first."""
    native = _native(record)
    other = (native, _listed(record), _of_text(record) if record.id == native else None)
    return tuple(dict.fromkeys((record.id, *(key for key in other if key))))


def choose(
    read: Read,
    known: Known,
    taken: Collection[str],
    limit: int | None,
    now: datetime,
    *,
    last: datetime | None = None,
) -> Choice:
    """Sort a batch, and who waited for tonight, into new, changed, late and dropped.

    `taken` are the ids that other sources have tonight, `limit` how many may enter, `last` when the source was last
    read.
    """
    batch = read.batch or Batch((), Cursor())
    shared = _shared(batch.records)
    known = replace(known, aliases={key: id_ for key, id_ in known.aliases.items() if key not in shared})
    dropped, told = Counter(batch.dropped), _Sorted()
    for record in (*batch.records, *_waited(read, batch, known, now)):
        dropped[_sort(record, known, taken, told)] += 1
    del dropped[""]
    fresh = (_history(record, last, now) for record in told.new.values())
    newest = sorted(fresh, key=lambda record: (record.published, record.id), reverse=True)
    late = newest[limit:] if limit is not None else []
    dropped["postponed to the next night"] += len(late)
    kept = sorted(newest[:limit], key=lambda record: (record.published, record.id))
    # A feed's summary differs from the stored page all the time; a new headline means that the page was corrected.
    retitled = tuple(one for one in told.changed.values() if one.title != known.records[one.id].title)
    absent = {record.id for record in late}
    ids = {key: id_ for key, id_ in told.aliases.items() if id_ not in absent and known.aliases.get(key) != id_}
    aliases = {**known.found, **{key: id_ for key, id_ in ids.items() if key not in shared}}
    return Choice(
        read,
        tuple(kept),
        tuple(told.changed.values()),
        _put_off(batch.cursor, late),
        +dropped,
        retitled,
        aliases,
        told.regiven,
        frozenset(told.ids),
    )


def choose_again(
    read: Read, known: Known, taken: Collection[str], room: int | None, now: datetime, *, last: datetime | None = None
) -> Choice:
    """As `choose`, within the `room` that the night's first reading left; who waits for the next night waits on."""
    choice = choose(replace(read, waiting=()), known, taken, room, now, last=last)
    cursor, late = waiting.unwrap(choice.cursor)
    settled = {record.id for record in (*late, *choice.new)} | known.records.keys()
    return replace(choice, cursor=_put_off(cursor, [*late, *(one for one in read.waiting if one.id not in settled)]))


def _put_off(cursor: Cursor, late: Iterable[Record]) -> Cursor:
    """`cursor` with who waits in it, in an order of its own; what they were read from is not kept for so long."""
    ordered = sorted(late, key=lambda record: (record.published, record.id))
    return waiting.wrap(cursor, [replace(record, raw=None) for record in ordered])


# --- one record ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Sorted:
    """What became of the records of a batch so far."""

    new: dict[str, Record] = field(default_factory=dict)
    changed: dict[str, Record] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    regiven: int = 0
    ids: set[str] = field(default_factory=set)


def _sort(listed: Record, known: Known, taken: Collection[str], told: _Sorted) -> str:
    """Put a record where it belongs; the rule by which it was dropped, "" for none."""
    record, by_text = identified(listed, known)
    if record.id in told.new and _apart(record, told.new[record.id]):
        record, by_text = identified(replace(listed, id=_native(listed) or listed.id), known)
    before = record.id in told.ids
    told.ids.add(record.id)
    was = known.records.get(record.id)
    if record.id in taken or (was is not None and was.source != record.source):
        return "page of another source"
    others = listed.id != _native(listed) and (listed.id in known.records or listed.id in told.new)  # its address is
    told.aliases |= {key: record.id for key in keys(listed)[others:] if key != record.id}
    told.regiven += by_text
    if was is None:
        told.new.setdefault(record.id, record)
        return "same page twice" if before else ""
    if was.text == record.text or _as_listed_before(record, was, known):
        return "known already"
    if before:  # two items that lead to one page: the first speaks for it, or they would take turns every night
        return "same page twice"
    told.changed[record.id] = record
    return ""


def identified(record: Record, known: Known) -> tuple[Record, bool]:
    """`record` under the id that it is known by, and whether nothing but its text told so."""
    native = _native(record)
    was = known.records.get(known.aliases.get(record.id, record.id))
    if was is not None and native and known.aliases.get(native) != was.id and _apart(record, was):
        record = replace(record, id=native)
        was = known.records.get(known.aliases.get(native, native))
    if was is not None and (record.id != native or same_article(record, was)):
        return (record if was.id == record.id else replace(record, id=was.id)), False
    if was is not None:  # its source has used the id of another article again
        own = _of_text(record)
        return replace(record, id=known.aliases.get(own, own)), False
    for key in (native, _listed(record)):
        was = known.records.get(known.aliases.get(key, key)) if key else None
        if was is not None and was.source == record.source and (key != native or same_article(record, was)):
            return replace(record, id=was.id), key != native
    return record, False


def _apart(one: Record, other: Record) -> bool:
    """Whether two items at one address are two articles: all of a changelog or a ticker stand at the same."""
    two = one.source == other.source and one.native_id and other.native_id and one.native_id != other.native_id
    return bool(two) and not same_article(one, other)


def same_article(one: Record, other: Record) -> bool:
    """Whether two records with one id are readings of one article: one headline, or words in common."""
    if one.title and one.title.casefold() == other.title.casefold():
        return True
    a, b = set(content(one.text)), set(content(other.text))
    return len(a & b) >= ALIKE * min(len(a), len(b))


def _as_listed_before(record: Record, was: Record, known: Known) -> bool:
    """Whether the feed lists what it listed when the better text of its page was stored."""
    listed = _listed(record)
    unchanged = listed is not None and known.aliases.get(listed) == was.id and record.title == was.title
    return unchanged and _RANK[was.quality] < _RANK[record.quality]


def _history(record: Record, last: datetime | None, now: datetime) -> Record:
    """`record`, marked where it came out before anybody here was reading: signals measure news, not our reading."""
    if last is not None and now - last <= PAUSE:
        return record
    old = record.date_doubtful or record.published < now - LATELY
    return replace(record, backfill=True) if old and not record.backfill else record


def _waited(read: Read, batch: Batch, known: Known, now: datetime) -> Iterable[Record]:
    listed = {record.id for record in batch.records}
    for record in read.waiting:
        mine = record if record.source == read.source.name else _under(record, read.source.name)
        if mine.id not in listed and mine.id not in known.records:
            yield replace(mine, fetched=now)


def renamed(listed: Iterable[Record], before: str) -> dict[str, str]:
    """Ids of records -> what these ids would be if their source still bore the name `before`."""
    pairs = (pair for one in listed for pair in zip(keys(one), keys(_under(one, before)), strict=False))
    return {key: old for key, old in pairs if key != old}


def known_before(known: Known, old: Mapping[str, str]) -> Known:
    """`known`, with what it knows of `old` ids known by the ids that they are those of."""
    led = {key: known.aliases.get(id_, id_) for key, id_ in old.items() if key not in known.aliases}
    found = {key: id_ for key, id_ in led.items() if id_ in known.records}
    return replace(known, aliases={**known.aliases, **found}, found=found)


def _under(record: Record, name: str) -> Record:
    """`record` as that of a source called `name`."""
    theirs = replace(record, source=name)
    return replace(theirs, id=at_page(theirs))


def _shared(listed: Iterable[Record]) -> frozenset[str]:
    """Native ids that several of the records listed bear: they tell nobody from anybody."""
    counted = Counter(native for record in listed if (native := _native(record)) and native != record.id)
    return frozenset(native for native, count in counted.items() if count > 1)


def _native(record: Record) -> str | None:
    return addresses.record_id(None, record.source, record.native_id, "") if record.native_id else None


def _of_text(record: Record) -> str:
    return addresses.record_id(None, record.source, None, record.text)


def _listed(record: Record) -> str | None:
    """Text and date as its source lists it; None for a short text without a date, which may be any day's."""
    if record.date_doubtful and len(record.text) < SHORT:
        return None
    date = "" if record.date_doubtful else record.published.isoformat()
    return "r" + digest("record", "listed", record.source, date, record.text)


# --- pages -----------------------------------------------------------------------------------------------------------


def at_page(record: Record) -> str:
    """The id of the page that `record` stands at now."""
    return addresses.record_id(record.url, record.source, record.native_id, record.text)


def settle(found: Iterable[tuple[Record, Record]], known: Known) -> dict[str, tuple[Record, bool]]:
    """Where the night's new records stand: id as chosen -> the record there, and whether somebody else holds its page.

    `found`: records as chosen, and as their pages have them. Who names the page of another gives way to it where both
    are the same article, and is else not believed: sites give all their pages one address. Nor is a page that names
    one that itself names a third: two pages that name each other are two pages, or one of them, and never none.
    """
    pairs = list(found)
    moves: dict[str, str] = {}  # as chosen -> in the end

    def target(record: Record) -> str:
        at = at_page(record)
        return moves.get(known.aliases.get(at, at), known.aliases.get(at, at))

    settled = {
        chosen.id: (read, False) for chosen, read in pairs if read.url == chosen.url or target(read) == chosen.id
    }
    standing = {id_: record for id_, (record, _) in settled.items()}
    leaving = {chosen.id for chosen, _ in pairs} - settled.keys()
    for chosen, read in pairs:
        if chosen.id in settled:
            continue
        leaving.discard(chosen.id)
        at = target(read)
        holder = standing.get(at) or known.records.get(at)
        if holder is not None and same_article(read, holder):
            moves[chosen.id] = at
            settled[chosen.id] = (replace(holder, id=at), True)
            continue
        believed = holder is None and at not in leaving and at != chosen.id
        record = replace(read, id=at) if believed else replace(read, url=chosen.url, via=chosen.via)
        moves[chosen.id] = record.id
        standing[record.id] = record
        settled[chosen.id] = (record, False)
    return settled


def language_of(record: Record) -> str | None:
    """The language that a record says it is in, else the one of its text as far as that tells."""
    from pipeline.language.detect import language  # noqa: PLC0415  its model takes half a second to load

    return record.lang or records.language_tag(language(record.text))
