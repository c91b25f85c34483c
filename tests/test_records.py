"""Records: one shape of text, dates that can be trusted or are marked, cut-off summaries known as such."""

from __future__ import annotations

import time
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import records
from pipeline.domain import Source, TextQuality

NOW = datetime(2026, 5, 4, 6, tzinfo=UTC)
SOURCE = Source(
    "Harbour Wire", "feed", "https://harbour.example/feed", beat="Ports", lang="en-GB", options={"sample": True}
)


def item(**fields: object) -> records.Item:
    base = {
        "native_id": "1",
        "url": "https://harbour.example/a?utm_source=rss",
        "title": "Quay opens",
        "body": "The quay has opened.",
        "quality": TextQuality.SUMMARY,
        "platform": "News",
    }
    return records.Item(**{**base, **fields})  # type: ignore[arg-type]


def test_a_record() -> None:
    record = records.record(item(published=NOW - timedelta(hours=2), author=" <b>A.</b>\tWriter "), SOURCE, NOW)
    assert record is not None
    assert record.text == "Quay opens\n\nThe quay has opened."
    assert (record.url, record.lang, record.beat, record.sample) == ("https://harbour.example/a", "en", "Ports", True)
    assert (record.author, record.quality, record.date_doubtful) == ("A. Writer", TextQuality.SUMMARY, False)
    assert (record.fetched, record.backfill) == (NOW, False)


def test_a_body_that_begins_with_the_headline_keeps_it_once() -> None:
    record = records.record(item(body="QUAY OPENS. It is long."), SOURCE, NOW)
    assert record is not None
    assert record.text == "QUAY OPENS. It is long."


def test_a_body_whose_first_line_is_the_headline_keeps_it_once() -> None:
    record = records.record(item(body="Quay Opens\nThe quay has opened.\nShips came."), SOURCE, NOW)
    assert record is not None
    assert record.text == "Quay opens\n\nThe quay has opened.\nShips came."
    assert records.text_of("Quay opens", "Quay opens") == "Quay opens"


def test_nothing_is_invented() -> None:
    record = records.record(item(title="", url=None, publisher=None), SOURCE, NOW)
    assert record is not None
    assert (record.title, record.url, record.publisher, record.author) == ("", None, None, None)
    assert record.published == NOW
    assert record.date_doubtful


@pytest.mark.parametrize(("title", "body"), [("", ""), (" \u200b ", "…"), ("<b></b>", " \n ")])
def test_no_words_no_record(title: str, body: str) -> None:
    assert records.record(item(title=title, body=body), SOURCE, NOW) is None


def test_a_headline_alone() -> None:
    record = records.record(item(body=""), SOURCE, NOW)
    assert record is not None
    assert (record.text, record.quality) == ("Quay opens", TextQuality.TITLE)


@pytest.mark.parametrize(
    ("date", "kept"),
    [
        (None, False),
        (datetime(1970, 1, 1, tzinfo=UTC), False),
        (datetime(2099, 1, 1, tzinfo=UTC), False),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), False),
        (NOW + timedelta(hours=23), True),
        (NOW + timedelta(hours=25), False),
        (datetime(2026, 5, 4, 12, tzinfo=timezone(timedelta(hours=9))), True),
        (datetime(2026, 5, 4, 1), True),
    ],
)
def test_dates(date: datetime | None, kept: bool) -> None:
    moment, doubtful = records.dated(date, NOW)
    assert doubtful is not kept
    assert moment.utcoffset() == timedelta(0)
    assert kept or moment == NOW


def test_a_date_that_cannot_be_believed_is_kept_as_it_was_written() -> None:
    for date, written in ((datetime(1970, 1, 1, tzinfo=UTC), None), (None, "0000-00-00"), (None, " 31.<b>13</b>.26 ")):
        record = records.record(item(published=date, dated=written), SOURCE, NOW)
        assert record is not None
        assert record.date_doubtful
        shown = {None: "1970-01-01T00:00:00+00:00", "0000-00-00": "0000-00-00"}
        assert record.dated == shown.get(written, "31. 13 .26")
    fine = records.record(item(published=NOW, dated="today"), SOURCE, NOW)
    assert fine is not None
    assert fine.dated is None


@given(st.datetimes(), st.text(max_size=200))
def test_any_date_gives_a_record_within_bounds(date: datetime, written: str) -> None:
    record = records.record(item(published=date, dated=written), SOURCE, NOW)
    assert record is not None
    assert records.OLDEST <= record.published <= NOW + records.FUTURE
    assert record.date_doubtful is (date.replace(tzinfo=UTC) != record.published)


def test_an_article_without_a_publisher_has_that_of_its_domain() -> None:
    made = [
        records.record(item(publisher=None, url=url, kind=kind), SOURCE, NOW)
        for url, kind in (
            ("https://news.harbour.co.uk/a", "article"),
            ("https://board.example/t/1", "post"),
            (None, "article"),
        )
    ]
    assert [record.publisher for record in made if record] == ["harbour.co.uk", None, None]


def test_a_record_carries_what_its_source_is_known_for() -> None:
    source = Source("W", "feed", "https://w.example/", owner="Port AG", country="DE", note="late")
    record = records.record(item(via=("Google News", " <b>x</b> "), extractor="feed"), source, NOW)
    assert record is not None
    assert (record.owner, record.country, record.note) == ("Port AG", "DE", "late")
    assert (record.via, record.extractor) == (("Google News", "x"), "feed")


@pytest.mark.parametrize(
    ("body", "text", "cut"),
    [
        ("It grew by a third...", "It grew by a third...", True),
        ("It grew by a third …", "It grew by a third …", True),
        ("It grew by a […]", "It grew by a […]", True),
        ("It grew [...]", "It grew [...]", True),
        ("It grew. Read more", "It grew.", True),
        ("It grew. Continue reading Quay opens »", "It grew.", True),
        ("It grew.\nRead the full story", "It grew.", True),
        ("It grew. The post Quay opens appeared first on Harbour Wire.", "It grew.", False),
        ("It grew by a third Read more", "It grew by a third", True),
        ("It grew by a third... Continue reading", "It grew by a third...", True),
        ("It grew by a third.", "It grew by a third.", False),
        ("Ships came. " * 20 + "and then the har", "Ships came. " * 20 + "and then the har", True),
        ("Readers read more novels than before.", "Readers read more novels than before.", False),
        ("It grew →", "It grew", False),
        ("Article URL: https://x.example\nComments URL: https://y.example\nPoints: 3\n# Comments: 4", "", False),
    ],
)
def test_cut_off_summaries(body: str, text: str, cut: bool) -> None:
    assert records.body_of(body, TextQuality.SUMMARY) == (text, cut)


@pytest.mark.parametrize("piece", [".", "…", "→", "The post ", "Read more ", "[...] ", "<a ", "e\u0301\u0301"])
def test_hostile_length_costs_little(piece: str) -> None:
    started = time.process_time()
    records.record(item(body=piece * 50_000 + "x", title=piece * 50_000), SOURCE, NOW)
    assert time.process_time() - started < 2


def test_full_texts_may_end_without_a_mark() -> None:
    assert records.body_of("Ships came. " * 20 + "The end", TextQuality.FULL)[1] is False
    long, cut = records.body_of("word " * 40_000, TextQuality.FULL)
    assert cut
    assert len(long) <= records.MAX_TEXT


@given(st.text(max_size=200), st.text(max_size=400))
def test_stored_text_is_clean_and_stable(title: str, body: str) -> None:
    record = records.record(item(title=title, body=body), SOURCE, NOW)
    if record is not None:
        assert unicodedata.is_normalized("NFC", record.text)
        assert record.text == record.text.strip()
        again = records.record(item(title=title, body=body), SOURCE, NOW + timedelta(days=1))
        assert again is not None
        assert (again.id, again.content_hash) == (record.id, record.content_hash)


def test_the_page_replaces_the_summary_and_keeps_the_headline() -> None:
    old = records.record(item(body="It opened..."), SOURCE, NOW)
    assert old is not None
    full = records.with_full_text(
        old, "Quay opens - Harbour Wire", "It opened on Monday. Ships came.", "A. Writer", "en-GB"
    )
    assert full.text == "Quay opens\n\nIt opened on Monday. Ships came."
    assert (full.id, full.quality, full.truncated, full.author) == (old.id, TextQuality.FULL, False, "A. Writer")


@pytest.mark.parametrize(
    ("raw", "tag"), [("en-GB", "en"), ("EN_us", "en"), ("", None), (None, None), ("e", None), ("12", None)]
)
def test_language_tags(raw: str | None, tag: str | None) -> None:
    assert records.language_tag(raw) == tag
