"""Search services of the web: how each is asked, and what its answers say. Pure; nothing is asked here.

Shapes follow the documentation of each service, whose address stands in `Engine.spec`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.domain import Source
from pipeline.errors import ParseError
from pipeline.sources import answers, listings

CATEGORIES = "general,news"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a service: `base` is where, `held` are parameters of its address."""

    base: str
    held: Mapping[str, str]
    query: str
    since: datetime
    now: datetime
    limit: int
    source: Source

    @property
    def days(self) -> float:
        """How many days back."""
        return (self.now - self.since).total_seconds() / 86400


@dataclass(frozen=True, slots=True)
class Hit:
    """What a service says of a page. `text` may hold markup; `date` is as it was written."""

    url: str
    title: str
    text: str = ""
    date: str = ""
    lang: str = ""
    publisher: str = ""
    author: str = ""


Asked = tuple[str, bytes | None]  # an address, and the body of a POST


def _no_notes(answer: object) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Engine:
    """A service. `ask` makes a request, `hits` reads an answer and raises ParseError."""

    name: str
    spec: str
    ask: Callable[[Question], Asked]
    hits: Callable[[object], list[Hit]]
    address: str = ""  # of its API; "" where everybody has an own one
    variable: str = ""  # environment variable of its key; "" where it takes none
    header: str = ""  # that carries the key
    prefix: str = ""
    pace: float = 0.0
    advice: Mapping[int, str] = field(default_factory=dict)
    notes: Callable[[object], tuple[str, ...]] = _no_notes

    def headers(self, key: str) -> dict[str, str]:
        """The header that carries `key`."""
        return {self.header: f"{self.prefix}{key}"}


def _refusals(variable: str) -> dict[int, str]:
    return {
        401: f"it does not know the key in {variable} (or in what `key_env` names)",
        402: "the credits of this key are used up",
        403: f"the plan of the key in {variable} does not include this",
        422: "it does not take the query as it is; make it shorter and plainer",
        429: "the requests of this key are used up for now",
        432: "the credits of this key are used up",
        433: "the spending limit of this key is reached",
    }


def _results(answer: object, name: str, *path: str) -> list[Mapping[str, object]]:
    if not isinstance(answers.value(answer, *path), list):
        raise ParseError(f"{name} gave no list of results; check its address and `provider`")
    return answers.objects(answer, *path)


# --- SearXNG ---------------------------------------------------------------------------------------------------------


def _ask_searxng(question: Question) -> Asked:
    base = question.base if question.base.endswith("/search") else f"{question.base}/search"
    span = "day" if question.days <= 1 else "month" if question.days <= 31 else "year" if question.days <= 366 else ""
    asked = {
        "categories": answers.option(question.source, "categories", CATEGORIES),
        "language": question.source.lang or "",
        "time_range": span,
        **question.held,
        "q": question.query,
        "format": "json",
    }
    return listings.with_parameters(base, asked), None


def _searxng_hits(answer: object) -> list[Hit]:
    results = _results(answer, "SearXNG", "results")
    silent = _silent(answer)
    if not results and silent:
        raise ParseError(f"none of SearXNG's engines gave anything: {', '.join(silent)}")
    return [
        Hit(
            url=answers.text(one, "url"),
            title=answers.text(one, "title"),
            text=answers.text(one, "content"),
            date=answers.text(one, "publishedDate"),
            author=answers.text(one, "author"),
        )
        for one in results
    ]


def _silent(answer: object) -> list[str]:
    """Its engines that did not answer, with their reasons; it gives them as pairs."""
    found = answers.value(answer, "unresponsive_engines")
    pairs = [pair for pair in found if isinstance(pair, list)] if isinstance(found, list) else []
    return [f"{str(pair[0])[:40]} ({str(pair[1])[:60]})" for pair in pairs if len(pair) == 2][:8]


def _searxng_notes(answer: object) -> tuple[str, ...]:
    silent = _silent(answer)
    return (f"engines of SearXNG that did not answer: {', '.join(silent)}",) if silent else ()


# --- Brave -----------------------------------------------------------------------------------------------------------


_BRAVE_OTHERWISE = frozenset({"ja", "no", "pt", "zh"})  # languages that it has codes of its own for


def _ask_brave(question: Question) -> Asked:
    asked = {
        "count": str(min(question.limit, 20)),
        "freshness": f"{question.since:%Y-%m-%d}to{question.now:%Y-%m-%d}",
        "text_decorations": "false",
        "search_lang": "" if question.source.lang in _BRAVE_OTHERWISE else question.source.lang or "",
        **question.held,
        "q": question.query[:400],
    }
    return listings.with_parameters(question.base, asked), None


def _brave_hits(answer: object) -> list[Hit]:
    """The results of its web search (pages, then news) or of its news search."""
    if isinstance(answers.value(answer, "results"), list):
        found = answers.objects(answer, "results")
    elif answers.text(answer, "type") == "search" or isinstance(answers.value(answer, "web"), Mapping):
        found = answers.objects(answer, "web", "results") + answers.objects(answer, "news", "results")
    else:
        found = _results(answer, "Brave", "results")
    return [
        Hit(
            url=answers.text(one, "url"),
            title=answers.text(one, "title"),
            text=answers.text(one, "description"),
            date=answers.text(one, "page_age"),
            lang=answers.text(one, "language"),
            publisher=answers.text(one, "profile", "name"),
        )
        for one in found
    ]


# --- Tavily ----------------------------------------------------------------------------------------------------------


def _ask_tavily(question: Question) -> Asked:
    asked = {
        "query": question.query[:400],
        "topic": "news",
        "max_results": min(question.limit, 20),
        "start_date": f"{question.since:%Y-%m-%d}",
    }
    return question.base, json.dumps(asked).encode()


def _tavily_hits(answer: object) -> list[Hit]:
    return [
        Hit(
            url=answers.text(one, "url"),
            title=answers.text(one, "title"),
            text=answers.text(one, "content"),
            date=answers.text(one, "published_date"),
        )
        for one in _results(answer, "Tavily", "results")
    ]


# --- Exa -------------------------------------------------------------------------------------------------------------


def _ask_exa(question: Question) -> Asked:
    asked = {
        "query": question.query,
        "type": "auto",
        "category": "news",
        "numResults": min(question.limit, 100),
        "startPublishedDate": f"{question.since:%Y-%m-%dT%H:%M:%S}.000Z",
        "contents": {"highlights": True},
    }
    return question.base, json.dumps(asked).encode()


def _exa_hits(answer: object) -> list[Hit]:
    return [
        Hit(
            url=answers.text(one, "url"),
            title=answers.text(one, "title"),
            text=answers.text(one, "summary") or _first(one.get("highlights")) or answers.text(one, "text"),
            date=answers.text(one, "publishedDate"),
            author=answers.text(one, "author"),
        )
        for one in _results(answer, "Exa", "results")
    ]


def _first(highlights: object) -> str:
    return highlights[0] if isinstance(highlights, list) and highlights and isinstance(highlights[0], str) else ""


# --- all of them -----------------------------------------------------------------------------------------------------

ENGINES: Mapping[str, Engine] = {
    "searxng": Engine(
        name="SearXNG",
        spec="https://docs.searxng.org/dev/search_api.html",
        ask=_ask_searxng,
        hits=_searxng_hits,
        notes=_searxng_notes,
        advice={
            403: "it does not give JSON; add json to search.formats in its settings.yml",
            429: "its limiter refuses programs; switch it off for this desk",
        },
    ),
    "brave": Engine(
        name="Brave",
        spec="https://api-dashboard.search.brave.com/app/documentation/web-search/get-started",
        ask=_ask_brave,
        hits=_brave_hits,
        address="https://api.search.brave.com/res/v1/web/search",
        variable="BRAVE_API_KEY",
        header="X-Subscription-Token",
        pace=1.0,
        advice=_refusals("BRAVE_API_KEY"),
    ),
    "tavily": Engine(
        name="Tavily",
        spec="https://docs.tavily.com/documentation/api-reference/endpoint/search",
        ask=_ask_tavily,
        hits=_tavily_hits,
        address="https://api.tavily.com/search",
        variable="TAVILY_API_KEY",
        header="Authorization",
        prefix="Bearer ",
        advice=_refusals("TAVILY_API_KEY"),
    ),
    "exa": Engine(
        name="Exa",
        spec="https://exa.ai/docs/reference/search",
        ask=_ask_exa,
        hits=_exa_hits,
        address="https://api.exa.ai/search",
        variable="EXA_API_KEY",
        header="x-api-key",
        advice=_refusals("EXA_API_KEY"),
    ),
}
