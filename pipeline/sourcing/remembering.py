"""A fetcher that asks for nothing twice, for commands that look at the same address in several ways."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import replace

from pipeline.domain import Cursor
from pipeline.protocols import Fetcher, Reply


class Remembering:
    """Fits `protocols.Fetcher`: what discovery has read, the adapter then reads from here. Threads may share it."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher, self._replies, self._lock = fetcher, dict[str, Reply](), threading.Lock()
        self.slowest = 0.0  # seconds of the slowest request, its turn at a polite pace included

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
        """As `Fetcher.get`; a reply to the same plain question is given again."""
        plain = cursor in (None, Cursor()) and not headers
        with self._lock:
            known = self._replies.get(url) if plain else None
        if known is not None and (known.url == url or not home):
            return known
        started = time.monotonic()
        try:
            reply = self._fetcher.get(
                url, cursor=cursor, limit=limit, accept=accept, robots=robots, home=home, headers=headers, pace=pace
            )
        finally:
            self.slowest = max(self.slowest, time.monotonic() - started)
        if plain:
            with self._lock:
                self._replies[url] = reply
                self._replies.setdefault(reply.url, replace(reply, redirected_permanently=False))
        return reply

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
        """As `Fetcher.post`."""
        return self._fetcher.post(
            url, body, content_type=content_type, limit=limit, accept=accept, headers=headers, pace=pace
        )
