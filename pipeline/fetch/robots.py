"""robots.txt per RFC 9309: asked once per origin, obeyed for pages, closed to us while it cannot be read."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from protego import Protego

from pipeline.errors import AddressRefused, FetchError, HttpStatus

MAX_BYTES = 512 * 1024
KEPT_SECONDS = 24 * 3600.0
MAX_DELAY = 60.0

_CLIENT_ERRORS = range(400, 500)
_TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class Rules:
    """What one origin's robots.txt says. `problem` set: it could not be read, and everything is closed."""

    parsed: Protego | None
    problem: str | None
    until: float

    def refusal(self, url: str, agent: str) -> str | None:
        """Why `url` may not be fetched by `agent`, or None."""
        if self.problem:
            return self.problem
        if self.parsed is not None and not self.parsed.can_fetch(url, agent):
            return "robots.txt closes this page to us"
        if self.delay(agent) > MAX_DELAY:
            return f"robots.txt asks for {self.delay(agent):.0f} s between requests"
        return None

    def delay(self, agent: str) -> float:
        """Crawl-delay in seconds, 0 where none is asked."""
        return float((self.parsed.crawl_delay(agent) if self.parsed else None) or 0.0)


class Robots:
    """Rules by origin, kept for a day. `load(url)` gets the file's text or raises FetchError."""

    def __init__(self, load: Callable[[str], str], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._load, self._clock = load, clock
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._rules: dict[str, Rules] = {}

    def rules(self, origin: str) -> Rules:
        """Rules of `origin` ("https://host:443"), from memory or asked for now."""
        with self._guard:
            lock = self._locks.setdefault(origin, threading.Lock())
        with lock:
            known = self._rules.get(origin)
            if known is None or known.until <= self._clock():
                known = self._rules[origin] = self._ask(origin)
            return known

    def _ask(self, origin: str) -> Rules:
        until = self._clock() + KEPT_SECONDS
        try:
            return Rules(Protego.parse(self._load(f"{origin}/robots.txt")), None, until)
        except HttpStatus as error:
            if error.status in _CLIENT_ERRORS and error.status != _TOO_MANY:
                return Rules(None, None, until)  # "unavailable": no rules, no restriction
            return Rules(None, f"robots.txt cannot be read now ({error.status}), so its pages are closed", until)
        except AddressRefused as error:
            return Rules(None, str(error), until)
        except FetchError as error:
            return Rules(None, f"robots.txt cannot be read now ({error}), so its pages are closed", until)
