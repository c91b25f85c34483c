"""The recheck: cited pages are read again, and readers are told what no longer stands there.

A shell around `corrections/deciding.py`: it chooses which pages are due, fetches them as politely as ingest does
(guard, robots.txt, pace, validators of the last visit), reads them in a process that can be killed, and commits page by
page what was decided, so that a run that is cut short loses nothing. Retractions that came by a feed (a new version of
the record, or a notice of its own with the article's title, as journals and Crossref have them) need no visit.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pipeline import addresses, correcting
from pipeline.amends import Correction, CorrectionKind, Recheck
from pipeline.corrections.deciding import GONE, RETRACTED, Decision, Met, decide
from pipeline.corrections.notices import Notice, notice, taken_back
from pipeline.domain import Cursor, Record, StageReport, Story
from pipeline.errors import FetchError, FetchTimeout, HttpStatus, RobotsRefused
from pipeline.extract import Page, reserves_text
from pipeline.extract.visible import Look, look
from pipeline.protocols import Engine, Fetcher, Reply, Store
from pipeline.settings import Settings

ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
RESERVED = "reserved from reading by machines"
TROUBLE = 2  # visits without an answer after which a host is left alone for this run
_HTML = ("text/html", "application/xhtml+xml", "application/xml", "text/xml", "")
_THERE_NO_MORE = (404, 410, 451)
_NOTICES = ("retraction", "retracted", "withdrawn", "withdrawal")  # one of which stands in the title of any notice


@dataclass(frozen=True, slots=True)
class Cited:
    """A cited version of a record, and the quoted words by citation key."""

    record: Record
    quotes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Eyes:
    """What a page is visited and read with."""

    fetcher: Fetcher
    engine: Engine
    settings: Settings


@dataclass(slots=True)
class _Run:
    """One run: what it works on, and how its visits went."""

    store: Store
    settings: Settings
    now: datetime
    until: float  # on the monotonic clock
    states: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    entries: list[Correction] = field(default_factory=list)
    trouble: Counter[str] = field(default_factory=Counter)  # host -> visits without an answer


def recheck(
    store: Store,
    settings: Settings,
    *,
    fetcher: Fetcher,
    engine: Engine,
    now: datetime,
    story: str | None = None,
    most: int | None = None,
) -> StageReport:
    """Read the pages that live stories cite, or those of one story (id or address), again.

    At most `most` of them, [recheck] pages unless told. `seen` is how many pages are cited, `made` how many entries the
    log of corrections gained. Raises UsageError for a story that is none, StoreError.
    """
    began = time.monotonic()
    chosen = settings.recheck
    live = store.live_stories(since=now - timedelta(days=chosen.days))
    cited = cited_pages(store, live if story is None else [correcting.latest(store, story)])
    known = store.rechecks(sorted(cited))
    run = _Run(store, settings, now, began + chosen.deadline)
    for key, why in _told_by_feeds(store, cited, known, now):
        _enter(run, _retracted(known.get(key), key, cited[key], why, now))
    gap = timedelta(hours=chosen.hours) if story is None else timedelta(0)
    for one in due(cited, store.rechecks(sorted(cited)), now, gap)[: chosen.pages if most is None else most]:
        if time.monotonic() > run.until:
            run.notes.append("out of time; the rest is due next time")
            break
        _visit(run, Eyes(fetcher, engine, settings), one, known.get(one.record.id))
    return StageReport(
        "recheck",
        seen=len(cited),
        made=len(run.entries),
        dropped=dict(sorted(run.states.items())),
        notes=tuple(run.notes),
        seconds=round(time.monotonic() - began, 3),
    )


def cited_pages(store: Store, stories: Sequence[Story]) -> Mapping[str, Cited]:
    """Record id -> what is cited of it, for records with an address; where versions differ, of the newest story's."""
    quotes: dict[str, dict[str, str]] = {}
    versions: dict[str, str] = {}
    for story in sorted(stories, key=lambda one: (one.written, one.id)):
        for citation in story.citations:
            evidence = citation.evidence
            if versions.get(evidence.record_id) not in {None, evidence.content_hash}:
                quotes[evidence.record_id] = {}
            versions[evidence.record_id] = evidence.content_hash
            quotes.setdefault(evidence.record_id, {})[citation.key] = evidence.quote
    found = {key: store.record_version(key, versions[key]) for key in sorted(quotes)}
    return {key: Cited(record, quotes[key]) for key, record in found.items() if record is not None and record.url}


def due(cited: Mapping[str, Cited], known: Mapping[str, Recheck], now: datetime, gap: timedelta) -> tuple[Cited, ...]:
    """The pages to visit, the longest unread first; not what is gone, or was visited just now.

    A page that was never visited counts from when its record was fetched, so that new stories do not keep old ones
    from their turn for good.
    """
    found = []
    for key, one in cited.items():
        last = known.get(key)
        if last is None or (last.state not in {GONE, RETRACTED} and now - last.at >= gap):
            found.append((last.at if last else one.record.fetched, key, one))
    return tuple(one for *_, one in sorted(found, key=lambda row: row[:2]))


# --- what feeds tell -------------------------------------------------------------------------------------------------


def _told_by_feeds(
    store: Store, cited: Mapping[str, Cited], known: Mapping[str, Recheck], now: datetime
) -> Iterator[tuple[str, str]]:
    """Record id and reason, for cited records that something read since takes back."""
    latest = store.records(sorted(cited))
    found = store.search_records(_NOTICES, since=now - timedelta(days=365))
    titles = {" ".join(title.casefold().split()): one for one in found if (title := taken_back(one.title))}
    for key, one in sorted(cited.items()):
        if key in known and known[key].state == RETRACTED:
            continue
        newer, before = latest.get(key), one.record
        said = titles.get(" ".join(before.title.casefold().split())) if before.title else None
        if newer is not None and newer.content_hash != before.content_hash and _says(newer) and not _says(before):
            yield key, "A newer version of the article says that it was retracted."
        elif said is not None and said.id != key and said.fetched >= before.fetched:
            yield key, f"A notice retracts it: {said.title}"


def _says(record: Record) -> bool:
    body = record.text.removeprefix(record.title).lstrip()
    return notice(record.title, body) is Notice.RETRACTED


def _retracted(was: Recheck | None, key: str, one: Cited, why: str, now: datetime) -> Decision:
    state = replace(was or Recheck(key, now, RETRACTED), at=now, state=RETRACTED, note=why)
    return Decision(state, CorrectionKind.SOURCE_RETRACTED, tuple(sorted(one.quotes)), why)


# --- one page --------------------------------------------------------------------------------------------------------


def _visit(run: _Run, eyes: Eyes, one: Cited, before: Recheck | None) -> None:
    """Visit one page and commit what it means."""
    host = addresses.host(one.record.url or "") or ""
    if run.trouble[host] >= TROUBLE:
        run.states["host in trouble"] += 1
        return
    met = visited(one.record, before, eyes, run.now)
    run.trouble[host] = run.trouble[host] + 1 if met.problem and not met.status else 0
    _enter(run, decide(met, one.record, one.quotes, before, run.now), one.record)


def visited(record: Record, before: Recheck | None, eyes: Eyes, now: datetime) -> Met:
    """What a visit to a record's page meets."""
    kept = Cursor(before.etag, before.last_modified) if before is not None and before.body else None
    most, patience = eyes.settings.ingest.max_page_bytes, eyes.settings.ingest.timeout
    try:
        reply = eyes.fetcher.get(record.url or "", cursor=kept, limit=most, accept=ACCEPT, robots=True)
    except RobotsRefused as error:
        return Met(problem="its robots.txt could not be read") if error.unread else Met(shut=True)
    except HttpStatus as error:
        known = error.status in _THERE_NO_MORE
        return Met(status=error.status, problem="" if known else f"the server answered {error.status}")
    except FetchTimeout:
        return Met(problem=f"no whole answer within {patience:g} s")
    except FetchError as error:
        return Met(problem=f"not to be reached ({type(error).__name__})")
    return Met(status=304) if reply.status == 304 else _seen(record, reply, eyes, now)


def _seen(record: Record, reply: Reply, eyes: Eyes, now: datetime) -> Met:
    """What a whole answer shows, or why it says nothing."""
    url, kind = record.url or "", reply.headers.get("content-type", "")
    found = Met(
        status=reply.status,
        home=addresses.bare(reply.url) and not addresses.bare(url),
        moved=addresses.registrable(reply.url) != addresses.registrable(url),
        etag=reply.headers.get("etag"),
        last_modified=reply.headers.get("last-modified"),
    )
    if reply.reserved:
        return replace(found, problem=RESERVED)
    if kind.partition(";")[0].strip().lower() not in _HTML:
        return replace(found, problem="not HTML")
    page = Page(reply.body, reply.url, kind, today=f"{now:%Y-%m-%d}")
    outcome = next(iter(eyes.engine.map(look, [page], timeout=eyes.settings.ingest.parse_timeout)))
    seen = outcome.value
    if not isinstance(seen, Look):
        return replace(found, problem="the page could not be read")
    if reserves_text(seen.reserved):
        return replace(found, problem=RESERVED)
    return replace(found, title=seen.title, text=seen.text, shown=seen.shown, mere_notice=seen.notice)


def _enter(run: _Run, decision: Decision, record: Record | None = None) -> None:
    """Commit what a visit means: what is known of the page, and the entry of the log where readers must be told."""
    found, kind = decision.recheck, decision.kind
    run.states[found.state] += 1
    with run.store.transaction():
        run.store.save_rechecks([found])
        if kind is None:
            return
        target = correcting.Target("record", found.record_id)
        entry = Correction(
            correcting.entry_id(kind, target, found.at),
            kind,
            found.at,
            target.what,
            target.id,
            decision.why,
            keys=decision.keys,
            by="recheck",
        )
        if kind is CorrectionKind.SOURCE_RETRACTED:
            run.entries.append(correcting.withdraw(run.store, run.settings, entry, erase=False))
        else:
            run.entries.append(correcting.mark(run.store, entry))
    name = record.url if record is not None else found.record_id
    run.notes.append(f"{kind.value}: {name}: {decision.why}")
