"""A fetcher without a network: answers by path, for tests that send thousands of answers or look at what was asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hypothesis import strategies as st

from pipeline.domain import Cursor
from pipeline.engines.local import LocalEngine
from pipeline.errors import HttpStatus
from pipeline.protocols import Reply
from pipeline.settings import IngestSettings
from pipeline.sources import Tools
from pipeline.vault import Vault


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""
    pace: float = 0.0

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def query(self) -> dict[str, str]:
        return {name: values[-1] for name, values in parse_qs(urlsplit(self.url).query).items()}


Answer = Callable[[Asked], Any]


@dataclass(eq=False)
class CannedFetcher:
    """Answers every request with what `answer` gives: a Reply, bytes, an exception, or a value sent as JSON."""

    answer: Answer
    log: list[Asked] = field(default_factory=list)

    def get(
        self,
        url: str,
        *,
        cursor: Cursor | None = None,
        limit: int | None = None,
        accept: str = "*/*",
        robots: bool = False,
        home: bool = False,
        headers: Mapping[str, str] | None = None,
        pace: float = 0.0,
    ) -> Reply:
        return self._reply(Asked("GET", url, dict(headers or {}), pace=pace))

    def post(
        self,
        url: str,
        body: bytes,
        *,
        content_type: str = "application/json",
        limit: int | None = None,
        accept: str = "application/json",
        headers: Mapping[str, str] | None = None,
        pace: float = 0.0,
    ) -> Reply:
        return self._reply(Asked("POST", url, {**(headers or {}), "Content-Type": content_type}, body, pace))

    def paths(self) -> list[str]:
        """Paths that were asked for, in order."""
        return [asked.path for asked in self.log]

    def _reply(self, asked: Asked) -> Reply:
        self.log.append(asked)
        found = self.answer(asked)
        if isinstance(found, Exception):
            raise found
        if isinstance(found, Reply):
            return found
        body = found if isinstance(found, bytes) else json.dumps(found).encode()
        return Reply(asked.url, 200, {}, body)


def canned(answer: Answer | Any, *, secrets: Mapping[str, str] | None = None, vault: Vault | None = None) -> Tools:
    """Tools whose network is `answer`, a function of the request or one answer for all; and the fetcher's log."""
    given = answer if callable(answer) else lambda _: answer
    fetcher = CannedFetcher(given)
    return Tools(fetcher, LocalEngine(), IngestSettings(), secret=dict(secrets or {}).get, vault=vault)


def log(tools: Tools) -> list[Asked]:
    """What was asked through `tools`."""
    assert isinstance(tools.fetcher, CannedFetcher)
    return tools.fetcher.log


def refused(status: int, *, retry_after: float | None = None, **headers: str) -> HttpStatus:
    """What the fetcher raises for an answer with `status`; underscores in header names become hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpStatus(f"answered {status}", status=status, retry_after=retry_after, headers=named)


_words = st.one_of(
    st.text(max_size=8), st.sampled_from(["\ud800", "http://[", "https://x.example/a", "[deleted]", "\x00"])
)
_leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), _words)


def any_json(names: str) -> st.SearchStrategy[Any]:
    """JSON values of any shape whose objects often bear the `names` that an adapter looks for."""
    keys = st.sampled_from(names.split())
    return st.recursive(
        _leaves,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=6)),
        max_leaves=24,
    )


def mutated(value: Any, names: str) -> st.SearchStrategy[Any]:
    """`value` with the members at random places replaced by any JSON."""
    places = list(_places(value))
    return st.builds(
        lambda changes: _changed(value, changes),
        st.dictionaries(st.sampled_from(places), any_json(names), min_size=1, max_size=4),
    )


Place = tuple[str | int, ...]


def _places(value: Any, here: Place = ()) -> list[Place]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(place for key, one in inner for place in _places(one, (*here, key)))]


def _changed(value: Any, changes: Mapping[Place, Any], here: Place = ()) -> Any:
    if here in changes:
        return changes[here]
    if isinstance(value, dict):
        return {key: _changed(one, changes, (*here, key)) for key, one in value.items()}
    if isinstance(value, list):
        return [_changed(one, changes, (*here, at)) for at, one in enumerate(value)]
    return value
