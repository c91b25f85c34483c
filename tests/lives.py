"""Nights in a row through the real stage, and the laws that hold after each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from factories import NOW, make_health, make_record
from roundup_events import EVENTS, Event

from pipeline.analyze import analyze
from pipeline.domain import Cursor, Record, Storyline
from pipeline.embedders import build
from pipeline.engines import load
from pipeline.protocols import Store
from pipeline.settings import AnalyzeSettings

DAY = timedelta(days=1)
CUP, TURBINES = EVENTS[8], EVENTS[0]


def news(key: str, title: str, body: str, when: datetime = NOW, **overrides: object) -> Record:
    """A record with an id of its own, read an hour after it was published."""
    named = {"id": key, "native_id": key, "url": f"https://x.example/{key}", "publisher": f"Paper {key}"}
    fields = {**named, "title": title, "published": when, "fetched": when + timedelta(hours=1), **overrides}
    return make_record(f"{title}\n\n{body}", **fields)


def night(store: Store, records: Sequence[Record], now: datetime = NOW) -> None:
    """One night of analysis over what came in."""
    store.save_batch("wire", records, Cursor(), make_health(source="wire"))
    engine = load("local", workers=0)
    report = analyze(store, AnalyzeSettings(), beats=(), embedder=build("lexical"), engine=engine, now=now)
    assert not report.failures


def living(store: Store) -> list[Storyline]:
    return [line for line in store.storylines() if line.merged_into is None]


def home(store: Store, record: Record) -> Storyline:
    """The one living storyline of a record."""
    (line,) = [line for line in living(store) if record.id in line.record_ids]
    return line


def check(store: Store) -> None:
    """The laws of membership, after any night.

    Every claim of a latest version has exactly one open membership, in a living storyline; a storyline's claims are
    those of its open memberships and its records those of its claims; a closed membership ends no earlier than it
    began; what was merged holds nothing and leads to a living storyline in one step; findings live in storylines that
    hold a claim of theirs.
    """
    lines = {line.id: line for line in store.storylines()}
    open_claims: Counter[str] = Counter()
    for line in lines.values():
        members = store.memberships(line.id)
        standing = {member.claim_id for member in members if member.until is None}
        open_claims.update(member.claim_id for member in members if member.until is None)
        assert standing == set(line.claim_ids), (line.id, "claims are those of the open memberships")
        claims = store.claims(line.claim_ids).values()
        assert {claim.record_id for claim in claims} == set(line.record_ids), (line.id, "records are those of claims")
        assert all(member.until is None or member.until >= member.since for member in members)
        assert all(member.reason for member in members)
        if line.merged_into is not None:
            assert not line.claim_ids
            assert not line.record_ids
            assert lines[line.merged_into].merged_into is None, "a merged storyline leads on in one step"
        for turn in line.turns:
            assert turn.other in lines
            assert turn.why
    records = {record.id for record in store.records_between(NOW - timedelta(days=999), NOW + timedelta(days=999))}
    latest = {claim.id for claim in store.claims_of_records(records)}
    assert set(open_claims) == latest, "every claim of a latest version is in a storyline, and no other"
    assert set(open_claims.values()) <= {1}, "in one alone"
    for finding in store.findings(lines):
        line = lines[finding.storyline_id]
        if finding.superseded_by is None:
            assert line.merged_into is None
            assert set(finding.claim_ids) & set(line.claim_ids), (finding.id, "a finding is where its claims are")


def article(key: str, event: Event, when: datetime, some: slice = slice(None), **overrides: object) -> Record:
    """An article of some paragraphs of an event."""
    return news(key, event.title, "\n\n".join(event.body[some]), when, **overrides)


def both_halves(store: Store) -> tuple[Storyline, Storyline, Record, Record]:
    """Two storylines, the older first, and a record of each, that news of both will show to be one."""
    first = [article(f"a{n}", CUP, NOW - DAY, slice(0, 3)) for n in range(2)]
    night(store, first, NOW)
    second = [news(f"b{n}", "Arrests and joy in Kingsbridge", " ".join(CUP.body[5:8]), NOW + DAY / 2) for n in range(2)]
    night(store, second, NOW + DAY)
    return home(store, first[0]), home(store, second[0]), first[0], second[0]


def bridges(now: datetime, key: str = "c") -> list[Record]:
    """News that tells all of it."""
    return [
        news(
            f"{key}{n}",
            "Rovers win the cup; arrests and joy in Kingsbridge",
            " ".join(CUP.body[:3] + CUP.body[5:8]),
            now,
        )
        for n in range(3)
    ]
