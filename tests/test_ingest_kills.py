"""Ingest killed at any checkpoint and before any statement, once or twice, then run again: as if nothing had been."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from desk import DAY, NOW, Desk, article, rss, rss_item
from hostile import Chunks, HostileServer, Request, reply
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from pipeline import ingest as stage
from pipeline.domain import Source
from pipeline.protocols import no_checkpoint
from pipeline.stores import open_store

TABLES = ("records", "versions", "aliases", "raws", "sources", "quarantine")
TOMORROW = NOW + DAY


class Killed(BaseException):
    """Stands for a kill: nothing that catches errors may catch it."""


class Fuse:
    """Counts checkpoints and statements; kills at the one with the number `at`."""

    def __init__(self, at: int = 0) -> None:
        self.at, self.passed = at, 0

    def __call__(self, *_: object) -> None:
        self.passed += 1
        if self.passed == self.at:
            raise Killed(self.passed)


class Rehearsal:
    """A desk of six sources after its first night, and what an undisturbed second one leaves."""

    def __init__(self, folder: Path, server: HostileServer) -> None:
        self.folder, self.server = folder, server
        self.serve(first=True)
        self.base = folder / "base.db"
        self.night(self.base, NOW)
        self.serve(first=False)
        fuse = Fuse()
        self.copy()
        self.night(self.path, TOMORROW, fuse)
        self.points, self.expected = fuse.passed, self.content()

    @property
    def path(self) -> Path:
        return self.folder / "desk.db"

    def copy(self) -> None:
        """The desk before its second night."""
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        shutil.copy(self.base, self.path)

    def sources(self) -> list[Source]:
        return [Source(name, "feed", f"{self.server.url}/{name}") for name in ("a", "b", "c", "d", "e", "f", "g")]

    def serve(self, *, first: bool) -> None:
        """What the sources list on the first night, or on the second."""
        base, routes = self.server.url, self.server.routes
        own = f'<link rel="canonical" href="{base}/own/3"></head>'
        for n in range(20):
            routes[f"/page/{n}"] = reply(article(n), Content_Type="text/html")
        for n in (3, 4):
            routes[f"/page/{n}"] = reply(article(3).replace("</head>", own), Content_Type="text/html")

        def items(*numbers: int, **fields: Any) -> str:
            return rss([rss_item(n, base, **fields) for n in numbers])

        late = items(*range(10, 15), date="Mon, 04 May 2026 02:00:00 GMT")
        routes["/a"] = reply(items(1, 2)) if first else reply(items(1, 2, 3).replace("Quay 2 opens", "Quay 2 closes"))
        routes["/b"] = reply(items(2, 5)) if first else reply(items(2, 4, 5, 6))
        routes["/c"] = reply("", "404 Not Found")
        routes["/d"] = reply(late) if first else reply(items(15, 16))
        routes["/e"] = self.conditional(items(7)) if first else self.conditional(items(7, 8))
        routes["/f"] = reply(items(9)) if first else reply(items(9, guid="made anew"))
        routes["/g"] = reply("", "429 Slow down") if first else reply(items(17))

    def conditional(self, body: str) -> Any:
        etag = f'"{hash(body)}"'

        def answer(request: Request) -> Chunks:
            known = request.headers.get("if-none-match") == etag
            yield reply("", "304 Not Modified") if known else reply(body, ETag=etag)

        return answer

    def night(self, path: Path, now: datetime, fuse: Fuse | None = None) -> None:
        """One run; what `fuse` kills is left as it is."""
        store = open_store(path)
        desk = Desk(store, self.server, max_new=2)
        desk.checkpoint = fuse or no_checkpoint
        if fuse:
            event.listen(Engine, "before_cursor_execute", fuse)
        try:
            desk.night(*self.sources(), now=now)
        finally:
            if fuse:
                event.remove(Engine, "before_cursor_execute", fuse)
            store.close()

    def content(self) -> dict[str, list[Any]]:
        with closing(sqlite3.connect(self.path)) as database:
            return {table: sorted(map(repr, database.execute(f"SELECT * FROM {table}"))) for table in TABLES}


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    patch = pytest.MonkeyPatch()
    patch.setattr(stage, "GROUP", 2)  # several commits a night
    with HostileServer() as server:
        yield Rehearsal(tmp_path_factory.mktemp("kills"), server)
    patch.undo()


def test_the_second_night_is_worth_killing(rehearsal: Rehearsal) -> None:
    assert rehearsal.points > 60
    assert len(rehearsal.expected["records"]) >= 11
    assert len(rehearsal.expected["versions"]) > len(rehearsal.expected["records"])


@settings(max_examples=20)
@given(kills=st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=2))
def test_killed_anywhere_and_run_again_nothing_is_lost_or_doubled(rehearsal: Rehearsal, kills: list[float]) -> None:
    rehearsal.copy()
    for share in kills:
        with suppress(Killed):
            rehearsal.night(rehearsal.path, TOMORROW, Fuse(1 + int(share * rehearsal.points)))
    rehearsal.night(rehearsal.path, TOMORROW)
    assert rehearsal.content() == rehearsal.expected


def test_a_kill_between_two_sources_costs_no_article_where_the_second_fails_the_next_night(
    server: HostileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first source's item has given way to the page of the second, which must be stored with it or before it."""
    monkeypatch.setattr(stage, "GROUP", 1)
    store = open_store(":memory:")
    desk = Desk(store, server)
    mirror = article(1).replace("</head>", f'<link rel="canonical" href="{server.url}/page/1"></head>')
    server.routes["/page/8"] = reply(mirror, Content_Type="text/html")
    server.routes["/page/1"] = reply(article(1), Content_Type="text/html")
    listed = rss([rss_item(1, server.url).replace("/page/1<", "/page/8<")])
    server.routes["/a"] = lambda request: [
        reply("", "304 Not Modified") if "if-none-match" in request.headers else reply(listed, ETag='"1"')
    ]
    server.routes["/z"] = reply(rss([rss_item(1, server.url)]))
    sources = [desk.feed("/a"), desk.feed("/m"), desk.feed("/z")]
    for at in (1, 2, 3):
        fuse = Fuse(at)
        desk.checkpoint = lambda name: fuse() if name == "ingest.source" else None  # noqa: B023  runs in this turn
        with suppress(Killed):
            desk.night(*sources)
    desk.checkpoint = no_checkpoint
    server.routes["/z"] = reply("", "500 Oops")
    desk.night(*sources, now=TOMORROW)
    assert [record.title for record in desk.records()] == ["Quay 1 opens in harbour"]
    store.close()
