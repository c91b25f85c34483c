"""A small desk for tests of ingest: loopback fetcher, tools, an engine in this process, and RSS to order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from hostile import HostileServer, reply

from pipeline import ingest as stage
from pipeline.domain import Record, Source, StageReport
from pipeline.engines.local import LocalEngine
from pipeline.fetch import HttpFetcher
from pipeline.protocols import Engine, SourceAdapter, Store, no_checkpoint
from pipeline.settings import IngestSettings
from pipeline.sources import Tools, load

NOW = datetime(2026, 5, 4, 6, tzinfo=UTC)
DAY = timedelta(days=1)


def tools(
    server: HostileServer | None = None,
    *,
    engine: Engine | None = None,
    now: datetime | None = None,
    **settings: object,
) -> Tools:
    """Tools of a desk that may dial `server` only. The engine is this process unless one is given.

    `now` sets the calendar by which hosts are left alone; without it that of the machine is used.
    """
    place = (server.place,) if server else ()
    named = {"pace": 0, "timeout": 2.0, "allow_private": place, **settings}
    chosen = IngestSettings.model_validate(named)
    fetcher = HttpFetcher(chosen, wall=lambda: now) if now else HttpFetcher(chosen)
    return Tools(fetcher, engine or LocalEngine(), chosen)


def rss(items: Iterable[str], *, head: str = '<?xml version="1.0" encoding="utf-8"?>') -> str:
    """An RSS 2.0 feed."""
    return f'{head}<rss version="2.0"><channel><title>Harbour Wire</title>{"".join(items)}</channel></rss>'


def rss_item(
    number: int,
    base: str = "https://harbour.example",
    *,
    text: str = "The quay was opened by the mayor on Monday.",
    date: str = "Mon, 04 May 2026 01:00:00 GMT",
    guid: str | None = None,
) -> str:
    """One item; its page is `base`/page/`number`."""
    key = f"g{number}" if guid is None else guid
    return (
        f'<item><guid isPermaLink="false">{key}</guid><title>Quay {number} opens in harbour</title>'
        f"<link>{base}/page/{number}</link><description>{text}</description><pubDate>{date}</pubDate></item>"
    )


def article(number: int) -> str:
    """The page behind an item."""
    return (
        f"<!doctype html><html lang='en'><head><title>Quay {number} opens in harbour</title></head><body><article>"
        f"<h1>Quay {number} opens in harbour</h1>"
        f"<p>The mayor opened quay {number} of the harbour on Monday, three months later than planned.</p>"
        "<p>The port authority says that the quay cost 12 million euros and can take two ships at a time.</p>"
        "<p>Fishermen, who had asked for a cold store, were told that it will follow in October.</p>"
        "</article></body></html>"
    )


class Desk:
    """One desk: a store, a server, tools; `night` runs the stage."""

    def __init__(self, store: Store, server: HostileServer, engine: Engine | None = None, **settings: object) -> None:
        self.store, self.server = store, server
        self.engine, self.settings = engine, settings
        self.checkpoint = no_checkpoint

    def tools(self, now: datetime = NOW) -> Tools:
        """The tools of a fresh process on the night of `now`."""
        return tools(self.server, engine=self.engine, now=now, **self.settings)

    def night(
        self, *sources: Source, now: datetime = NOW, adapters: Callable[[str], SourceAdapter] | None = None
    ) -> StageReport:
        """One run of the stage; its report."""
        kit = self.tools(now)  # a new night is a new process: nothing of the last one's pace or robots.txt is known
        try:
            return stage.ingest(
                self.store,
                sources,
                adapters=adapters or (lambda kind: load(kind, kit)),
                fetcher=kit.fetcher,
                engine=kit.engine,
                settings=kit.settings,
                now=now,
                checkpoint=self.checkpoint,
            )
        finally:
            assert isinstance(kit.fetcher, HttpFetcher)
            kit.fetcher.close()

    def feed(self, path: str, name: str | None = None, **options: object) -> Source:
        """A source of kind feed at `path` of the server."""
        return Source(name or path.strip("/"), "feed", self.server.url + path, options=options)

    def serve(self, path: str, numbers: Sequence[int], *, pages: bool = True, **headers: str) -> Source:
        """A feed of the items with `numbers`, served with their pages."""
        items = [rss_item(n, self.server.url) for n in numbers]
        self.server.routes[path] = reply(rss(items), **headers)
        for number in numbers if pages else ():
            self.server.routes[f"/page/{number}"] = reply(article(number), Content_Type="text/html; charset=utf-8")
        return self.feed(path)

    def records(self) -> list[Record]:
        """What is stored, by native id."""
        return sorted(self.store.records_between(NOW - DAY, NOW + 30 * DAY), key=lambda record: record.native_id)
