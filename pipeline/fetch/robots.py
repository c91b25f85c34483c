"""robots.txt per RFC 9309: asked once a day per origin, remembered across runs, obeyed.

A page is closed by any group that applies to us, and while the file cannot be read. A feed or an interface is offered
to programs: only a group that names us closes it.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from protego import Protego

from pipeline.domain import HostState
from pipeline.errors import AddressRefused, FetchError, HttpStatus
from pipeline.fetch.pace import wall_clock

MAX_BYTES = 512 * 1024
KEPT_SECONDS = 24 * 3600.0
TROUBLE_SECONDS = 6 * 3600.0  # a file that could not be read is asked for again after
GIVEN_UP_SECONDS = 3 * KEPT_SECONDS
MAX_DELAY = 60.0

_CLIENT_ERRORS = range(400, 500)
_TOO_MANY = 429
_ANYBODY = re.compile(r"\A([ \t]*user[- ]?agent[ \t:]*)\*[ \t]*(?:#.*)?\Z", re.I)


@dataclass(frozen=True)
class Rules:
    """What one origin's robots.txt says. `problem` set: it could not be read, and its pages are closed."""

    text: str
    problem: str | None
    until: float  # by the clock

    def page_refusal(self, url: str, agent: str) -> str | None:
        """Why the page at `url` may not be fetched by `agent`, or None."""
        if self.problem:
            return self.problem
        if not self._all.can_fetch(url, agent):
            return "robots.txt closes this page to us"
        if self.page_delay(agent) > MAX_DELAY:
            return f"robots.txt asks for {self.page_delay(agent):.0f} s between requests"
        return None

    def page_delay(self, agent: str) -> float:
        """Crawl-delay in seconds, 0 where none is asked."""
        return float(self._all.crawl_delay(agent) or 0.0)

    def offer_refusal(self, url: str, agent: str) -> str | None:
        """Why `agent` may not fetch what is offered at `url` to programs, or None: only what names it counts."""
        if self.problem or not self._names(agent) or self._named.can_fetch(url, agent):
            return None
        return f"robots.txt closes it to {agent} by name"

    def offer_delay(self, agent: str) -> float:
        """Crawl-delay that names `agent`, in seconds, at most the longest that is waited."""
        return min(float(self._named.crawl_delay(agent) or 0.0), MAX_DELAY) if self._names(agent) else 0.0

    def _names(self, agent: str) -> bool:
        """Hardly any file does, and few need be parsed for feeds."""
        return agent.casefold() in self.text.casefold()

    @cached_property
    def _all(self) -> Protego:
        return Protego.parse(self.text)

    @cached_property
    def _named(self) -> Protego:
        """The rules without the groups for everybody."""
        return Protego.parse("\n".join(_ANYBODY.sub(r"\1(anybody)", line) for line in self.text.splitlines()))


@dataclass(frozen=True, slots=True)
class Loaded:
    """The text of a robots.txt, and the origin that had it, which may be another after redirects."""

    text: str
    origin: str


class Robots:
    """Rules by origin ("https://host:443"). `load(url)` gets the file or raises FetchError."""

    def __init__(
        self,
        load: Callable[[str], Loaded],
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], datetime] = wall_clock,
    ) -> None:
        self._load, self._clock, self._wall = load, clock, wall
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._rules: dict[str, Rules] = {}
        self._changed: dict[str, HostState] = {}

    def rules(self, origin: str) -> Rules:
        """Rules of `origin`, from memory or asked for now."""
        known = self._known(origin)
        if known is None:
            with self._guard:
                lock = self._locks.setdefault(origin, threading.Lock())
            with lock:
                known = self._known(origin) or self._ask(origin)
        return known

    def recall(self, state: HostState) -> None:
        """Take up what an earlier run read. A text of more than a day ago, or of tomorrow, is asked for again.

        A text that nobody has asked for in days is given up: pages of a year lie on thousands of hosts.
        """
        now = self._wall()
        left = ((state.robots_until or now) - now).total_seconds()
        known = state.robots is not None or state.robots_problem is not None
        if known and 0 < left <= KEPT_SECONDS:
            until = self._clock() + left
            if state.host not in self._rules or self._rules[state.host].until < until:
                self._rules[state.host] = Rules(state.robots or "", state.robots_problem, until)
        elif known and abs(left) > GIVEN_UP_SECONDS:
            with self._guard:
                self._changed.setdefault(state.host, HostState(state.host))

    def changed(self) -> list[HostState]:
        """What was read since the last call."""
        with self._guard:
            states, self._changed = self._changed, {}
        return list(states.values())

    def _known(self, origin: str) -> Rules | None:
        rules = self._rules.get(origin)
        return rules if rules is not None and rules.until > self._clock() else None

    def _ask(self, origin: str) -> Rules:
        try:
            loaded = self._load(f"{origin}/robots.txt")
        except HttpStatus as error:
            if error.status in _CLIENT_ERRORS and error.status != _TOO_MANY:
                return self._learn(origin, "")  # "unavailable": no rules, no restriction
            problem = f"robots.txt cannot be read now ({error.status}), so its pages are closed"
            wait = TROUBLE_SECONDS if error.retry_after is None else min(error.retry_after, TROUBLE_SECONDS)
            return self._learn(origin, None, problem, wait)
        except FetchError as error:
            refused = isinstance(error, AddressRefused)
            problem = str(error) if refused else f"robots.txt cannot be read now ({error}), so its pages are closed"
            # The host said nothing, and the trouble may be ours: another run asks again.
            rules = self._rules[origin] = Rules("", problem, self._clock() + TROUBLE_SECONDS)
            return rules
        if loaded.origin != origin:
            self._learn(loaded.origin, loaded.text)  # http leads to https nearly everywhere: one reading serves both
        return self._learn(origin, loaded.text)

    def _learn(self, origin: str, text: str | None, problem: str | None = None, seconds: float = KEPT_SECONDS) -> Rules:
        rules = self._rules[origin] = Rules(text or "", problem, self._clock() + seconds)
        until = self._wall() + timedelta(seconds=seconds)
        state = HostState(origin, robots=text, robots_until=until, robots_problem=problem)
        with self._guard:
            self._changed[origin] = state
        return rules
