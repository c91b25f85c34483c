"""What discussion platforms share: what counts as words of one's own, links written out, threads, memory of ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from canned import any_json
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import Cursor, Source, TextQuality
from pipeline.errors import HttpStatus
from pipeline.records import Item
from pipeline.sources import discourse
from pipeline.sources.discourse import Page


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        ("", "", True),
        ("https://a.example/x #quay @ada.example", "Quay", True),
        ("Quay 7 opens! www.a.example/x", "Quay 7 opens", True),
        ("Quay 7 opens at last", "Quay 7 opens", False),
        ("It is C# that I write", "", False),
        ("1", "", False),
    ],
)
def test_words_of_ones_own(text: str, title: str, expected: bool) -> None:
    assert discourse.wordless(text, title) is expected


@pytest.mark.parametrize(
    ("shown", "target", "expected"),
    [
        ("a.example/2026/ne...", "https://www.a.example/2026/news", "https://www.a.example/2026/news"),
        ("https://a.example/20…", "https://a.example/2026", "https://a.example/2026"),
        ("a.example/2026", "https://a.example/2026", "a.example/2026"),
        ("bank.example...", "https://evil.example/", "bank.example..."),
        ("...", "https://a.example/", "..."),
    ],
)
def test_links_are_written_out_where_they_were_cut(shown: str, target: str, expected: str) -> None:
    assert discourse.written_out(shown, target) == expected


@given(st.text(), st.text())
def test_what_is_shown_is_kept_or_is_the_target(shown: str, target: str) -> None:
    assert discourse.written_out(shown, target) in (shown, target)


def post(**fields: Any) -> Item:
    base = {"native_id": "1", "url": "https://p.example/1", "title": "", "body": "", "quality": TextQuality.FULL}
    return Item(**{**base, "platform": "Ports", **fields})


def test_the_chain_grows_with_every_hand() -> None:
    page = Page("https://a.example/x", "Quay")
    assert discourse.article(page, post(), alone=True).via == ("Ports",)
    assert discourse.article(page, post()).via == ("Ports", "https://p.example/1")
    carried = post(via=("Ports", "https://p.example/ada"))
    assert discourse.article(page, carried, alone=True).via == carried.via
    assert discourse.article(page, carried).via == (*carried.via, "https://p.example/1")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://imgur.com/a", "https://a.example/x.JPG?y", "http://["])
def test_what_gives_no_page(url: str) -> None:
    assert discourse.with_page(post(body="Look"), Page(url, "A title")) == [post(body="Look")]


def test_threads_end_at_the_first_failure_and_in_time() -> None:
    def read(one: str) -> Sequence[str]:
        if one == "b":
            raise HttpStatus("busy", status=429)
        return [one, one]

    assert discourse.each_thread(["a", "b", "c"], read, 60) == (
        ["a", "a"],
        ["a"],
        ["comments of 2 posts were not read: busy"],
    )
    assert discourse.each_thread(["a"], read, -1)[2] == ["comments of 1 posts were not read: that would take too long"]


@given(st.lists(st.text(max_size=5)), st.lists(st.text(max_size=5)))
def test_a_cursor_remembers_the_newest(read: list[str], before: list[str]) -> None:
    held = discourse.remembered(Cursor(position=discourse.position(read, before)))
    assert held == list(dict.fromkeys([*read, *before]))


def test_a_cursor_does_not_grow_for_ever() -> None:
    many = discourse.position(map(str, range(discourse.REMEMBERED + 5)), [])
    assert discourse.remembered(Cursor(position=many)) == [str(one) for one in range(discourse.REMEMBERED)]


@given(st.none() | st.text() | any_json("a").map(str))
def test_a_cursor_of_another_kind_remembers_nothing_or_ids(position: str | None) -> None:
    assert all(isinstance(one, str) for one in discourse.remembered(Cursor(position=position)))


@given(any_json("a"))
def test_options_of_any_type(value: Any) -> None:
    source = Source("s", "reddit", "r/x", options={"comments": value, "nsfw": value})
    assert 0 <= discourse.comments(source) <= discourse.MOST_COMMENTS
    assert discourse.wanted(source, "nsfw") is (value is True)


@given(st.dictionaries(st.text(), st.integers(0, 9)), st.dictionaries(st.text(), st.integers(0, 9)))
def test_counts_add_up(one: dict[str, int], other: dict[str, int]) -> None:
    assert sum(discourse.add(one, other).values()) == sum(one.values()) + sum(other.values())
