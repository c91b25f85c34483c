"""Store contract, ingest's own memory: other ids of records, raw documents, hosts, documents that killed a parser."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from factories import NOW, make_record
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.domain import Cursor, HostState, Quarantined, Raw
from pipeline.errors import StoreError
from pipeline.protocols import Store
from pipeline.stores import open_store

PAGE = Raw("https://harbour.example/1", "text/html", b"<html>" + b"quay " * 400)


def test_another_id_leads_to_its_record_and_is_known(store: Store) -> None:
    record = make_record("A quay has opened.")
    store.save_batch("wire", [record], Cursor(), None, aliases={"r-listed": record.id, "r-native": record.id})
    assert store.aliases(["r-listed", "r-native", record.id, "r-none"]) == {
        "r-listed": record.id,
        "r-native": record.id,
    }
    assert store.known(["r-listed", record.id, "r-none"]) == {"r-listed", record.id}
    assert store.records(["r-listed"]) == {}
    other = make_record("A lock has opened.")
    store.save_batch("wire", [other], Cursor(), None, aliases={"r-native": other.id})
    assert store.aliases(["r-native"]) == {"r-native": other.id}


def test_an_alias_of_nothing_is_refused_and_leaves_nothing(store: Store) -> None:
    with pytest.raises(StoreError):
        store.save_batch("wire", [make_record("A quay.")], Cursor(), None, aliases={"r-listed": "r-nowhere"})
    assert store.counts()["records"] == 0


def test_raw_documents_are_kept_for_what_is_new_only_and_forgotten_in_time(store: Store) -> None:
    record = dataclasses.replace(make_record("A quay has opened."), raw=PAGE.hash)
    unnamed = Raw("https://harbour.example/2", "text/html", b"nobody names this")
    store.save_batch("wire", [record], Cursor(), None, raws=[PAGE, unnamed])
    assert store.raw(PAGE.hash) == PAGE
    assert store.raw(unnamed.hash) is None
    store.prune_raws(record.fetched)
    assert store.raw(PAGE.hash) == PAGE
    store.prune_raws(record.fetched + timedelta(seconds=1))
    assert store.raw(PAGE.hash) is None
    assert store.records([record.id])[record.id].raw == PAGE.hash
    store.save_batch("wire", [record], Cursor(), None, raws=[PAGE])
    assert store.raw(PAGE.hash) is None  # a repeat


def test_hosts_come_back_as_they_went_in(store: Store) -> None:
    open_, closed = HostState("b.example", asked=NOW), HostState("a.example", NOW, NOW + timedelta(hours=1), "", NOW)
    store.save_hosts([open_, closed])
    assert store.hosts() == [closed, open_]
    again = HostState("b.example", NOW, None, None, NOW, "robots.txt cannot be read now (503)")
    store.save_hosts([again])
    assert store.hosts() == [closed, again]
    store.save_hosts([])
    assert store.hosts() == [closed, again]


def test_a_document_that_killed_its_parser_keeps_its_first_date(store: Store) -> None:
    first = Quarantined("h1", "https://harbour.example/feed", "wire", "stopped after 30 s", NOW)
    store.save_quarantine([first])
    store.save_quarantine([dataclasses.replace(first, tries=2, since=NOW + timedelta(days=1))])
    assert store.quarantine() == [dataclasses.replace(first, tries=2)]


@settings(max_examples=15)
@given(st.binary(max_size=2000), st.text(max_size=40).filter(lambda text: text.isprintable()))
def test_any_bytes_come_back(body: bytes, media_type: str) -> None:
    store = open_store(":memory:")
    raw = Raw("https://harbour.example/", media_type, body)
    record = dataclasses.replace(make_record("A quay has opened."), raw=raw.hash)
    store.save_batch("wire", [record], Cursor(), None, raws=[raw])
    assert store.raw(raw.hash) == raw
    store.close()
