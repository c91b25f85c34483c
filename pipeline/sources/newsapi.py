"""NewsAPI: articles of many outlets on a query, or today's headlines of a country, with a key.

Its texts are cut after 200 characters ("… [+4274 chars]"); ingest reads the pages. What a publisher has withdrawn
comes as "[Removed]" and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from pipeline import addresses, records
from pipeline.domain import Batch, Cursor, Source, TextQuality
from pipeline.errors import ConfigurationError, HttpStatus, ParseError
from pipeline.sources import Kind, Tools, answers, listings, moments

NAME = "NewsAPI"
API = "https://newsapi.org/v2"
VARIABLE = "NEWSAPI_KEY"
DAYS = 1
LIMIT = 100
PAGE = 100  # articles of one answer
LONGEST = 500  # characters of a query
_CUT = re.compile(r"\s*\[\+\d+ chars\]\s*\Z")
_BUSY = frozenset({"rateLimited", "apiKeyExhausted"})
_ADVICE = {
    400: "a parameter of the address or the query is not one it knows",
    401: f"it does not know the key in {VARIABLE} (or in what `key_env` names)",
    426: "the plan of this key does not reach as far back, or not this far; ask for fewer days",
    429: "the requests of this key are used up for now",
}


class NewsApiSource:
    """Adapter of kind "newsapi"."""

    about: ClassVar[Kind] = Kind(
        summary="Articles of many outlets on a query, or the headlines of a country, by NewsAPI with a key.",
        address=f'a query ("harbour AND fire") or an address of the API ({API}/top-headlines?country=us)',
        options={
            "key_env": f"the environment variable that holds the key, {VARIABLE}",
            "days": f"how far back a query looks, {DAYS}",
            "limit": f"articles of one night, {LIMIT} (the most)",
            "api": f"the API, {API}",
        },
        seen="genuine answers",
        spec="https://newsapi.org/docs",
    )
    links_to_pages = True

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @staticmethod
    def recognise(url: str) -> Mapping[str, object] | None:
        """The settings that read an address of the API, without the key in it; None for other addresses."""
        parts = urlsplit(addresses.safe(url) or "")
        if parts.hostname != "newsapi.org" or parts.path not in ("/v2/everything", "/v2/top-headlines"):
            return None
        kept = {name: value for name, value in parse_qsl(parts.query) if name.lower() != "apikey"}
        return {"kind": "newsapi", "address": listings.with_parameters(f"https://newsapi.org{parts.path}", kept)}

    def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
        """Articles on the query, or headlines, newest first. Raises FetchError, ParseError or ConfigurationError."""
        base, held, words = listings.place(source, API)
        if any(name.lower() == "apikey" for name in held):
            raise ConfigurationError(
                f"{source.name}: its address holds a key, and addresses are printed",
                key="source.address",
                fix=f"the address without apiKey, and the key in {VARIABLE}",
            )
        size = str(answers.number(source, "limit", LIMIT, most=PAGE))
        if base.endswith("/top-headlines"):
            asked = {"pageSize": size, **held, "q": words or held.get("q", "")}
            return self._batch(source, base, asked, now)
        since = now - timedelta(days=answers.number(source, "days", DAYS, most=365))
        narrowed = any(name in held for name in ("sources", "domains"))
        query = words or held.get("q", "")
        asked = {
            "from": f"{since:%Y-%m-%dT%H:%M:%S}",
            "sortBy": "publishedAt",
            "language": source.lang or "",
            "pageSize": size,
            **held,
            "q": query if narrowed else listings.standing(source, query),
        }
        return self._batch(source, _everything(base), asked, now)

    def search(self, source: Source, query: str, now: datetime, *, days: int, limit: int) -> Batch:
        """Articles of the last `days` days that answer `query`, best first.

        Raises FetchError, ParseError or ConfigurationError.
        """
        base, _, _ = listings.place(source, API)
        asked = {
            "q": query[:LONGEST],
            "from": f"{now - timedelta(days=days):%Y-%m-%dT%H:%M:%S}",
            "sortBy": "relevancy",
            "language": source.lang or "",
            "pageSize": str(max(1, min(limit, PAGE))),
        }
        batch = self._batch(source, _everything(base.removesuffix("/top-headlines")), asked, now)
        return replace(batch, records=batch.records[: max(1, limit)])

    def _batch(self, source: Source, base: str, asked: Mapping[str, str], now: datetime) -> Batch:
        key = listings.key(self._tools, source, VARIABLE, NAME)
        headers = {"X-Api-Key": key}
        with listings.explained(NAME, _ADVICE, key):
            answer, kept = listings.answer(
                self._tools, listings.with_parameters(base, asked), headers=headers, home=True
            )
        _complain(answer)
        articles = answers.objects(answer, "articles")
        raw = [_CUT.sub("", _longer(article)) for article in articles]
        bodies = listings.fragments(self._tools, raw)
        listed = listings.read_from(kept, map(_item, articles, bodies))
        found, dropped = listings.gather(listed, source, now)
        return Batch(found, Cursor(), dropped=dropped, raws=(kept,))


def _everything(base: str) -> str:
    return base if base.endswith("/everything") else f"{base}/everything"


def _complain(answer: object) -> None:
    """Raise what an answer says of itself: HttpStatus where it was asked too often, else ParseError."""
    if answers.text(answer, "status") == "ok" and isinstance(answers.value(answer, "articles"), list):
        return
    code, said = answers.text(answer, "code")[:60], answers.text(answer, "message")[:200]
    message = f"{NAME} gave no articles: {said or 'not the shape it documents'} ({code or 'no code'})"
    if code in _BUSY:
        raise HttpStatus(message, status=429)
    raise ParseError(message)


def _longer(article: Mapping[str, Any]) -> str:
    """Its content or its description, whichever says more."""
    return max(answers.text(article, "content"), answers.text(article, "description"), key=len)


def _item(article: Mapping[str, Any], body: str) -> listings.Listed:
    url = addresses.safe(answers.text(article, "url"))
    title, publisher = answers.text(article, "title"), answers.text(article, "source", "name")
    if title == "[Removed]" or (url and addresses.registrable(url) == "removed.com"):
        return "withdrawn by its publisher"
    if url is None:
        return "no web address"
    author = answers.text(article, "author")
    return records.Item(
        native_id=None,
        url=url,
        title=listings.headline(title, publisher),
        body=body,
        quality=TextQuality.SUMMARY,
        platform="News",
        published=moments.timestamp(answers.text(article, "publishedAt")),
        publisher=publisher or addresses.registrable(url),
        author=None if author.startswith(("http:", "https:")) else author,
        via=(NAME,),
        dated=answers.text(article, "publishedAt"),
    )
