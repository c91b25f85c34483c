"""Enrolment as a part of the analyze stage: the register is written with it, whatever the order and the workers."""

from __future__ import annotations

from datetime import timedelta

from factories import NOW, make_health, make_record

from pipeline.analyze import analyze
from pipeline.domain import Cursor, Record
from pipeline.embedders import build
from pipeline.engines import load
from pipeline.protocols import Store
from pipeline.settings import AnalyzeSettings
from pipeline.stores import open_store

BODIES = (
    "Turbines for Harlow\n\nGlobex Inc. sold 12 turbines to Northwind Power, said Mayor Ada Marlow. Marlow signed it.",
    "Harlow waits\n\nThe Ministry of Odd Walks (MOW) has told Globex to wait for 3 months, it said on Monday.",
    "A ministry speaks\n\nThe Ministry of Odd Walks (MOW) said that Quoril Zembo, 14, had found 3 old coins in Ohio.",
    "A new name\n\nThe network Y, formerly Chirper, lost 40 million users, shares of Chirper show.",
)


def night(records: list[Record], workers: int = 0) -> Store:
    store = open_store(":memory:")
    store.save_batch("wire", records, Cursor(), make_health(source="wire"))
    engine = load("local", workers=workers)
    report = analyze(store, AnalyzeSettings(), beats=(), embedder=build("lexical"), engine=engine, now=NOW)
    engine.close()
    assert not report.failures
    return store


def register(store: Store, records: list[Record]) -> object:
    named = store.named(record.id for record in records)
    ids = {one.entity_id for held in named.values() for one in held}
    return store.entities(ids), named, store.namings(["mow", "chirper"])


def test_a_night_fills_the_register_whatever_the_order_of_arrival() -> None:
    records = [
        make_record(body, publisher=f"Paper {n}", url=None, published=NOW - timedelta(hours=n))
        for n, body in enumerate(BODIES)
    ]
    store = night(records)
    known = {one.key: one for one in store.entities_seen(NOW - timedelta(days=9))}
    assert (known["globex"].kind, known["globex"].origins) == ("organisation", 2)
    assert (known["ada marlow"].roles, known["ministry of odd walks"].origins) == (("mayor",), 2)
    assert not [name for name in known if "zembo" in name]
    assert [one.what for one in store.namings(["mow", "chirper"])] == ["defined", "defined", "renamed"]
    spans = {
        records[0].text[span.start : span.end]
        for one in store.named([records[0].id])[records[0].id]
        for span in one.spans
        if one.entity_id == known["ada marlow"].id
    }
    assert spans == {"Ada Marlow", "Marlow"}
    assert register(night(records[::-1]), records) == register(store, records)


def test_any_number_of_workers_fills_it_alike() -> None:
    records = [
        make_record(body, publisher=f"Paper {n}", url=None, published=NOW - timedelta(hours=n))
        for n, body in enumerate(BODIES)
    ]
    assert register(night(records, workers=2), records) == register(night(records), records)
