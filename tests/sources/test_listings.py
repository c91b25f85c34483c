"""What adapters of indexes share: places and queries, headlines, names, and what is left out."""

from __future__ import annotations

import pytest
from desk import NOW, tools
from hypothesis import given
from hypothesis import strategies as st

from pipeline import records
from pipeline.domain import Source, TextQuality
from pipeline.sources import listings


@pytest.mark.parametrize(
    ("title", "publisher", "left"),
    [
        ("Quay opens - Harbour Wire", "Harbour Wire", "Quay opens"),
        ("Quay opens - Harbour", "Www.harbour.example", "Quay opens"),
        ("Quay opens – 20 Minuten", "20min.ch", "Quay opens"),
        ("Quay opens | NZZ - Neue Zürcher Zeitung", "Www.nzz.ch", "Quay opens"),
        ("Quay opens - az Harbour Post", "harbourpost.example", "Quay opens"),
        ("Quay opens - what the BBC knows", "BBC", "Quay opens - what the BBC knows"),
        ("Ship-to-shore cranes - a history", "Harbour Wire", "Ship-to-shore cranes - a history"),
        ("Quay opens - Harbour Wire", "", "Quay opens - Harbour Wire"),
        ("- Harbour Wire", "Harbour Wire", "- Harbour Wire"),
        ("Quay opens - !!", "Harbour", "Quay opens - !!"),
    ],
)
def test_headlines(title: str, publisher: str, left: str) -> None:
    assert listings.headline(title, publisher) == left


@given(st.text(max_size=120), st.text(max_size=30))
def test_a_headline_is_the_beginning_of_its_title(title: str, publisher: str) -> None:
    assert title.startswith(listings.headline(title, publisher))


@given(st.lists(st.text("ab ", max_size=60), max_size=40))
def test_an_author_line_fits(names: list[str]) -> None:
    line = listings.people(names)
    assert len(line) <= records.MAX_NAME
    assert bool(line) == any(name.strip() for name in names)


def test_an_author_line_counts_those_it_leaves_out() -> None:
    assert listings.people(["Ada  Quay", "", "Bo Mole"]) == "Ada Quay, Bo Mole"
    assert listings.people(["a" * 100, "b" * 100, "c"]) == "a" * 100 + " and 2 others"


@pytest.mark.parametrize(
    ("address", "options", "place"),
    [
        ("harbour fire", {}, ("https://api.example", {}, "harbour fire")),
        ("harbour", {"api": "https://own.example/v1/"}, ("https://own.example/v1", {}, "harbour")),
        ("https://own.example/v1/?q=a%20b&x=#top", {}, ("https://own.example/v1", {"q": "a b"}, "")),
        ("HTTPS://own.example", {"query": "quay"}, ("HTTPS://own.example", {}, "quay")),
        ("", {}, ("https://api.example", {}, "")),
    ],
)
def test_places(address: str, options: dict[str, object], place: tuple[str, dict[str, str], str]) -> None:
    assert listings.place(Source("s", "x", address, options=options), "https://api.example/") == place


@pytest.mark.parametrize(
    ("digits", "number"), [("7", 7), ("0", 0), ("", None), ("-1", None), ("9" * 20, None), ("²", None)]
)
def test_whole_numbers(digits: str, number: int | None) -> None:
    assert listings.whole(digits) == number


def item(url: str, title: str = "Quay opens") -> records.Item:
    return records.Item(None, url, title, "", TextQuality.TITLE, "News")


def test_what_is_left_out() -> None:
    source = Source("s", "x", "")
    listed = [
        item("https://x.example/1"),
        "advertisement",
        item("https://www.x.example/1"),
        item("https://x.example/2", "?"),
    ]
    found, dropped = listings.gather(listed, source, NOW, since=NOW)
    assert [record.url for record in found] == ["https://x.example/1"]  # undated: nobody knows that it is too old
    assert dropped == {"advertisement": 1, "same page twice": 1, "empty": 1}


def test_fragments() -> None:
    assert listings.fragments(tools(), ["plain", "<b>a</b> &amp; b", ""]) == ["plain", "a & b", ""]
    assert listings.fragments(tools(), []) == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"status": "error", "code": "x", "message": "no such\\nparameter"}', "no such parameter"),
        (b'{"detail": {"error": "no credits"}}', "no credits"),
        (b'{"error": {"detail": "bad plan", "status": 403}}', "bad plan"),
        (b'{"title": "Bad", "detail": "worse"}', "worse"),
        (b'{"message": 3, "error": null}', ""),
        (b"[1]", ""),
        (b"<html>", ""),
        (b"\xff" * 9, ""),
        (b"[" * 100_000, ""),
        (b"", ""),
    ],
)
def test_what_a_refusal_says(body: bytes, said: str) -> None:
    assert listings.refusal(body) == said
