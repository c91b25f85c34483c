"""Web search: pages on a question by SearXNG, or by Brave, Tavily or Exa with a key; ingest reads the pages.

What a search engine says of a page (its title, a few lines) is kept until the page itself is read. Dates are those of
the engine, where it gives one. A service is known by its address, or named with `provider`; how each is asked stands in
`search_engines`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from pipeline import addresses, records
from pipeline.domain import Batch, Cursor, Raw, Source, TextQuality
from pipeline.errors import ConfigurationError
from pipeline.sources import Kind, Tools, answers, listings, search_engines
from pipeline.sources.moments import Written
from pipeline.sources.search_engines import ENGINES, Engine, Hit, Question

DAYS = 2
LIMIT = 20


class WebSearchSource:
    """Adapter of kind "websearch"."""

    about: ClassVar[Kind] = Kind(
        summary="Pages on a question, found by an own SearXNG or, with a key, by Brave, Tavily or Exa.",
        address='the address of a SearXNG instance ("http://127.0.0.1:8888"), or of one of '
        + ", ".join(engine.address for engine in ENGINES.values() if engine.address),
        options={
            "query": "what is asked every night; without it the source only answers `citewire topic`",
            "provider": 'the service, where the address does not tell: "' + '", "'.join(ENGINES) + '"',
            "key_env": "the environment variable that holds the key: "
            + ", ".join(engine.variable for engine in ENGINES.values() if engine.variable),
            "days": f"how far back it looks every night, {DAYS}",
            "limit": f"pages of one night, {LIMIT}",
            "categories": f'SearXNG\'s categories, "{search_engines.CATEGORIES}"',
        },
        spec=" ".join(engine.spec for engine in ENGINES.values()),
    )
    links_to_pages = True

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @staticmethod
    def recognise(url: str) -> Mapping[str, object] | None:
        """The settings that ask one of the services, given an address of its API; None for other addresses."""
        known = _by_host(url) is not None
        return {"kind": "websearch", "address": url.strip().partition("?")[0]} if known else None

    def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
        """Pages on the standing query; nothing where there is none, as `search` is all that is wanted then.

        Raises FetchError, ParseError or ConfigurationError.
        """
        query = answers.option(source, "query")
        if not query:
            return Batch((), cursor, unchanged=True)
        days = answers.number(source, "days", DAYS, most=365)
        return self.search(source, query, now, days=days, limit=answers.number(source, "limit", LIMIT, most=100))

    def search(self, source: Source, query: str, now: datetime, *, days: int, limit: int) -> Batch:
        """Pages of the last `days` days on `query`, best first. Raises FetchError, ParseError or ConfigurationError."""
        engine = _engine(source)
        since = now - timedelta(days=days)
        base, held, _ = listings.place(source, engine.address)
        question = Question(base, held, query, since, now, max(1, limit), source)
        key = listings.key(self._tools, source, engine.variable, engine.name) if engine.variable else ""
        headers = engine.headers(key) if key else {}
        with listings.explained(engine.name, engine.advice, key):
            answer, raw = self._ask(engine, question, headers)
        hits = engine.hits(answer)
        bodies = listings.fragments(self._tools, [hit.text for hit in hits])
        dates = Written(source.lang or "en")
        listed = listings.read_from(
            raw, (_item(hit, body, engine, dates) for hit, body in zip(hits, bodies, strict=True))
        )
        found, dropped = listings.gather(listed, source, now, since=since)
        return Batch(found[:limit], Cursor(), dropped=dropped, notes=engine.notes(answer), raws=(raw,))

    def _ask(self, engine: Engine, question: Question, headers: Mapping[str, str]) -> tuple[object, Raw]:
        url, body = engine.ask(question)
        if body is None:
            return listings.answer(self._tools, url, headers=headers, home=True, pace=engine.pace)
        limit = self._tools.settings.max_feed_bytes
        reply = self._tools.fetcher.post(url, body, limit=limit, headers=headers, pace=engine.pace)
        return answers.read(reply), listings.raw_of(reply)


def _by_host(url: str) -> str | None:
    """The service whose API answers at the host of `url`."""
    host = addresses.host(url)
    return next((name for name, one in ENGINES.items() if one.address and addresses.host(one.address) == host), None)


def _engine(source: Source) -> Engine:
    """The service that `source` asks. Raises ConfigurationError."""
    name = answers.option(source, "provider").lower() or _by_host(source.address) or "searxng"
    if name not in ENGINES:
        raise ConfigurationError(
            f"{source.name}: {name[:40]!r} is no search service that is known",
            key="source.provider",
            fix="one of " + ", ".join(f'"{known}"' for known in ENGINES),
        )
    if not ENGINES[name].address and not source.address.lower().startswith(("http://", "https://")):
        raise ConfigurationError(
            f"{source.name}: {ENGINES[name].name} is asked at an instance of your own, and its address is not given",
            key="source.address",
            fix='address = "http://127.0.0.1:8888", and that place under allow_private of [ingest]',
        )
    return ENGINES[name]


def _item(hit: Hit, body: str, engine: Engine, dates: Written) -> listings.Listed:
    url = addresses.safe(hit.url)
    if url is None:
        return "no web address"
    return records.Item(
        native_id=None,
        url=url,
        title=hit.title,
        body=body,
        quality=TextQuality.SUMMARY,
        platform="Web",
        published=dates.read(hit.date),
        publisher=hit.publisher or addresses.registrable(url),
        author=hit.author or None,
        lang=hit.lang or None,
        via=(engine.name,),
        dated=hit.date,
    )
