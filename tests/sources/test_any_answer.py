"""Whatever an index answers, its adapter gives sound records or raises a SourceError."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import pytest
from desk import NOW, rss
from hypothesis import given
from hypothesis import strategies as st
from indexes import carried, paper, papers, story, video, videos

from pipeline import addresses
from pipeline.domain import Batch, Cursor, Source
from pipeline.engines.local import LocalEngine
from pipeline.errors import SourceError
from pipeline.protocols import Reply, SearchableSource
from pipeline.settings import IngestSettings
from pipeline.sources import Tools, load

KEYS = (
    "articles author author_id authors code content created_at data description detail entities errors expanded_url "
    "highlights id includes language like_count message meta name news next_token note_tweet numComments page_age "
    "paper profile public_metrics publishedAt publishedDate published_date referenced_tweets results seendate source "
    "status summary text title totalResults type unresponsive_engines unwound_url upvotes url urls username users web"
).split()
WORDS = st.sampled_from(
    "https://harbour.example/1 javascript:alert(1) https://t.co/a 2026-05-03T10:00:00Z 20260503T101500Z [Removed] ok "
    "error rateLimited 2605.00001 1000000000000000001 retweeted <b>x &#0;".split()
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20) | WORDS
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=8)
)
ENTRIES = st.lists(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=10) | VALUES, max_size=4)
PLACES: Mapping[str, tuple[Mapping[str, object], Callable[[Any], Any]]] = {
    "gdelt": ({}, lambda entries: {"articles": entries}),
    "huggingface": ({}, lambda entries: entries),
    "newsapi": ({}, lambda entries: {"status": "ok", "articles": entries}),
    "x": ({}, lambda entries: {"meta": {"next_token": "\ud800"}, "data": entries, "includes": {"users": entries}}),
    "searxng": ({"provider": "searxng"}, lambda entries: {"results": entries, "unresponsive_engines": entries}),
    "brave": ({"provider": "brave"}, lambda entries: {"web": {"results": entries}, "news": {"results": entries}}),
    "tavily": ({"provider": "tavily"}, lambda entries: {"results": entries}),
    "exa": ({"provider": "exa"}, lambda entries: {"results": entries}),
}
FEEDS = {
    "arxiv": papers([paper("2605.00001v1"), paper("hep-th/0601001", authors="Ada;Bo")], 2),
    "youtube": videos([video("abcdefghijk"), video("shortshorts", link="https://www.youtube.com/shorts/shortshorts")]),
    "googlenews": rss([story(f"https://news.google.com/rss/articles/{carried('https://harbour.example/1')}")]),
}


class Canned:
    """Fits `protocols.Fetcher`: gives the same answer to everything."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def get(self, url: str, **_: object) -> Reply:
        assert addresses.safe(url), url
        return Reply(url, 200, {}, self._body)

    def post(self, url: str, body: bytes, **_: object) -> Reply:
        assert json.loads(body)
        return self.get(url)


def check(kind: str, body: bytes, options: Mapping[str, object]) -> None:
    """Read and search; what comes of it is sound."""
    tools = Tools(Canned(body), LocalEngine(), IngestSettings(), secret=lambda name: "secret-key")
    adapter = load(kind, tools)
    address = "UC" + "a" * 22 if kind == "youtube" else "https://api.example/v1"
    source = Source("Index", kind, address, options={"query": "quay", **options})
    for ask in (
        lambda: adapter.read(source, Cursor(), NOW),
        lambda: adapter.search(source, "quay", NOW, days=3, limit=5) if isinstance(adapter, SearchableSource) else None,
    ):
        with suppress(SourceError):
            batch = ask()
            sound(batch or Batch((), Cursor()))


def sound(batch: Batch) -> None:
    assert len({record.id for record in batch.records}) == len(batch.records)
    kept = {raw.hash for raw in batch.raws}
    for record in batch.records:
        assert record.raw in kept
        assert record.url is None or addresses.safe(record.url) == record.url
        assert any(char.isalnum() for char in record.text)
        assert record.via or record.platform in ("arXiv", "YouTube", "X")
        record.text.encode("utf-8")
    assert all(type(note) is str for note in batch.notes)
    json.dumps(batch.cursor.position)


@pytest.mark.parametrize("place", sorted(PLACES))
@given(entries=ENTRIES, bare=VALUES, whole=st.booleans())
def test_json_of_any_shape(place: str, entries: list[object], bare: object, whole: bool) -> None:
    options, around = PLACES[place]
    answer = around(entries) if whole else bare
    check("websearch" if options else place, json.dumps(answer).encode(), options)


@pytest.mark.parametrize("kind", sorted(FEEDS))
@given(data=st.data())
def test_feeds_of_any_shape(kind: str, data: st.DataObject) -> None:
    body = FEEDS[kind].encode()
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(body)))
        end = min(len(body), start + data.draw(st.integers(0, 60)))
        put = data.draw(
            st.binary(max_size=12) | st.sampled_from([b"<entry>", b"&#1;", b"<![CDATA[", body[end : end + 40]])
        )
        body = body[:start] + put + body[end:]
    check(kind, body, {})
