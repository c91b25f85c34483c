"""The fetcher: one GET, guarded at connect time, bounded in time and size, polite to the host.

httpx builds requests and reads replies; everything that decides is ours: where a request may go (guard), how long it
may take (deadline), what a body may become (decoding), redirects (by hand), pace, robots.txt and what is asked again.
Nothing is taken from the environment, no cookie is kept, and a secret belongs to one origin and is sent to no other.
"""

from __future__ import annotations

import http.cookiejar
import random
import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

import httpcore
import httpx
import tenacity

from pipeline import __version__, addresses
from pipeline.domain import Cursor, HostState
from pipeline.errors import (
    AddressRefused,
    FetchError,
    FetchTimeout,
    HttpStatus,
    Moved,
    NoReply,
    NotReached,
    ReplyTooLarge,
    RobotsRefused,
)
from pipeline.fetch import decoding, robots
from pipeline.fetch.guard import Guard, GuardedBackend, Resolve, deadline, system_resolve
from pipeline.fetch.headers import facts, quota_reset, reserved, retry_after
from pipeline.fetch.pace import Pacer, wall_clock
from pipeline.fetch.place import Place, checked, redirected
from pipeline.fetch.transport import Transport
from pipeline.fetch.trouble import Progress, led_astray, status_message, translated
from pipeline.protocols import Reply
from pipeline.protocols.sharing import Turns
from pipeline.settings import IngestSettings

MAX_REDIRECTS = 5
TRIES = 2  # of a GET that fails as machines fail for a moment; what takes longer is over tomorrow
ROBOTS_TIMEOUT = 10.0
UNSTATED_PAUSE = 900.0  # seconds without a request after "too many requests" that names no time
SHORT = 65_536  # bytes of a refusal's or redirect's body that are read rather than a connection opened anew
_VALIDATOR = re.compile("[\t -~\x80-\xff]{1,1024}")  # longer ETags are not worth sending back
_HEADER = re.compile("[!-~](?:[\t -~\x80-\xff]*[!-~\x80-\xff])?")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_COMPLETE = frozenset({200, 203})
_NOT_MODIFIED = 304
_TOO_MANY, _UNAVAILABLE = 429, 503
_PASSING = frozenset({502, 503, 504})


def user_agent(contact: str = "") -> str:
    """Who asks, in which version, and whom to write to."""
    return (
        f"Citewire/{__version__} (+{contact})"
        if contact
        else f"Citewire/{__version__} (news desk; no contact configured)"
    )


@dataclass(frozen=True, slots=True)
class _Ask:
    """What is asked of every hop: headers, secret headers for the first origin, the cap of the body in bytes."""

    headers: Mapping[str, str]
    secret: Mapping[str, str] = field(default_factory=dict, repr=False)
    limit: int = 0
    truncate: bool = False
    body: bytes | None = None
    page: bool = False  # robots.txt binds it
    home: bool = False  # robots.txt binds it where it names us; the domain may not change

    @property
    def conditional(self) -> bool:
        return "If-None-Match" in self.headers or "If-Modified-Since" in self.headers


@dataclass(slots=True)
class _Allowance:
    """Seconds that are left of one request, all its hops and tries together; waiting for a turn is not counted."""

    left: float

    @contextmanager
    def running(self) -> Iterator[None]:
        started = time.monotonic()
        token = deadline.set(started + self.left)
        try:
            yield
        finally:
            deadline.reset(token)
            self.spent(time.monotonic() - started)

    def spent(self, seconds: float) -> float:
        """Take `seconds` off and give them back."""
        self.left = max(self.left - seconds, 0.001)
        return seconds


class HttpFetcher:
    """Fits `protocols.Fetcher` and `protocols.Polite`; may be used from many threads.

    `ports` are further ports that may be dialled, those of the configured sources; `turns` are those at hosts that this
    process shares with other workers. `resolve`, `dial`, `clock`, `wall`,
    `sleep` and `jitter` (0 to 1, what a second try waits beyond its due) are for tests.
    """

    def __init__(
        self,
        settings: IngestSettings,
        agent: str = "",
        *,
        ports: Collection[int] = (),
        resolve: Resolve = system_resolve,
        dial: httpcore.NetworkBackend | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], datetime] = wall_clock,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
        turns: Turns | None = None,
    ) -> None:
        agent = agent or user_agent()
        self._settings, self._token = settings, agent.partition("/")[0]
        self._wall, self._sleep, self._jitter = wall, sleep, jitter
        self._pacer = Pacer(settings.pace, clock=clock, wall=wall, sleep=sleep, turns=turns)
        self._robots = robots.Robots(self._load_robots, clock=clock, wall=wall)
        guard = Guard(settings.allow_private, ports=ports, resolve=resolve)
        self._client = httpx.Client(
            transport=Transport(GuardedBackend(guard, dial)),
            trust_env=False,
            follow_redirects=False,
            cookies=http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(allowed_domains=[])),
            headers={"User-Agent": agent, "Accept-Encoding": decoding.ACCEPTED},
        )

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
        """GET `url` within one deadline, redirects and further tries included. See `protocols.Fetcher`."""
        place = checked(url)
        self._pacer.slow_down(place.key, pace)
        ask = _Ask(
            _conditions(cursor, accept),
            _sendable(headers),
            limit or self._settings.max_feed_bytes,
            page=robots,
            home=home,
        )
        return self._follow(place, ask, _Allowance(self._settings.timeout))

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
        """POST `body` once. See `protocols.Fetcher`."""
        place = checked(url)
        self._pacer.slow_down(place.key, pace)
        told = {**_conditions(None, accept), "Content-Type": content_type}
        ask = _Ask(told, _sendable(headers), limit or self._settings.max_feed_bytes, body=body)
        reply = self._hop(place, ask, place.origin, _Allowance(self._settings.timeout))
        if reply.status in _REDIRECTS:
            raise FetchError(f"{place.url} redirects a POST, which is not followed; configure its final address")
        return reply

    def recall(self, states: Iterable[HostState]) -> None:
        """Before a run: take up what earlier runs left. See `protocols.Polite`."""
        self._pacer.new_run()
        for state in states:
            (self._robots if "//" in state.host else self._pacer).recall(state)

    def changed(self) -> tuple[HostState, ...]:
        """States that changed since the last call, sorted by host. See `protocols.Polite`."""
        return tuple(sorted((*self._pacer.changed(), *self._robots.changed()), key=lambda state: state.host))

    def close(self) -> None:
        """Close idle connections."""
        self._client.close()

    # --- one request, hop by hop -------------------------------------------------------------------------------------

    def _follow(self, first: Place, ask: _Ask, allowance: _Allowance) -> Reply:
        permanent, here = True, first
        for hop in range(MAX_REDIRECTS + 1):
            try:
                self._obey(here, ask)
                reply = self._persist(here, ask, first.origin, allowance)
            except AddressRefused as error:
                raise (led_astray(first.url, error) if hop else error) from None
            if reply.status not in _REDIRECTS:
                moved = permanent and hop > 0
                return Reply(here.url, reply.status, reply.headers, reply.body, moved, reply.reserved)
            permanent = permanent and reply.status in _PERMANENT
            target = redirected(here, reply.headers)
            if ask.home and permanent and addresses.registrable(target.url) != addresses.registrable(first.url):
                raise Moved(f"{first.url} has moved to another domain for good: {target.url}", target=target.url)
            here = target
        raise FetchError(
            f"{first.url} redirects more than {MAX_REDIRECTS} times; the last was to {here.url}; "
            "configure its final address"
        )

    def _persist(self, place: Place, ask: _Ask, origin: str, allowance: _Allowance) -> Reply:
        """One hop, tried again within the allowance where it failed as machines fail for a moment.

        The second try waits one pause of the host and up to another, drawn at random; a host that has been silent in
        this run gets none.
        """
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(lambda error: _passes(error) and not self._pacer.doubtful(place.key)),
            stop=tenacity.stop_any(tenacity.stop_after_attempt(TRIES), tenacity.stop_before_delay(allowance.left)),
            wait=lambda state: self._pacer.pause(place.key) * (1 + self._jitter()),
            sleep=lambda seconds: self._sleep(allowance.spent(seconds)),
            reraise=True,
        )
        try:
            return retrying(self._hop, place, ask, origin, allowance)
        except NoReply:
            self._pacer.failed(place.key, "no reply")
            raise

    def _hop(self, place: Place, ask: _Ask, origin: str, allowance: _Allowance) -> Reply:
        """One request, in its turn. The secret headers of `ask` go to `origin` alone."""
        headers = {**ask.headers, **(ask.secret if place.origin == origin else {})}
        with self._pacer.turn(place.key), allowance.running():
            try:
                progress = Progress()
                with translated(place.url, self._settings.timeout, progress):
                    reply = self._exchange(place, headers, ask, progress)
            except FetchError as error:
                if isinstance(error, FetchTimeout | NotReached):
                    self._pacer.failed(place.key, "timed out" if isinstance(error, FetchTimeout) else "no connection")
                elif progress.head:
                    self._pacer.answered(place.key)
                raise
            self._pacer.answered(place.key)
            self._judge(place, reply, conditional=ask.conditional)
        return reply

    def _exchange(self, place: Place, headers: Mapping[str, str], ask: _Ask, progress: Progress) -> Reply:
        sent = [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers.items()]
        method = "GET" if ask.body is None else "POST"
        request = self._client.build_request(
            method, place.url, headers=sent, content=ask.body, extensions={"place": place}
        )
        with closing(self._client.send(request, stream=True)) as response:
            progress.head = True
            received = response.extensions["headers"]
            told, against = facts(received), reserved(received, self._token)
            if response.status_code not in _COMPLETE:
                return Reply(place.url, response.status_code, told, _drain(response, told), reserved=against)
            if "transfer-encoding" in told and "content-length" in told:
                raise FetchError(f"{place.url} states its length in two ways, as only attacks do")
            body = decoding.Body(told.get("content-encoding", ""), ask.limit)
            try:
                for chunk in response.iter_raw():
                    progress.body += len(chunk)
                    body.add(chunk)
                decoded = body.finish()
            except ReplyTooLarge:
                if not ask.truncate:
                    raise
                decoded = body.partial()
            return Reply(place.url, response.status_code, told, decoded, reserved=against)

    def _judge(self, place: Place, reply: Reply, *, conditional: bool) -> None:
        """Heed what `reply` says of further requests; raise HttpStatus unless it is one of those that are asked for."""
        quota = quota_reset(reply.headers, self._wall())
        if reply.status in _COMPLETE or reply.status in _REDIRECTS or (reply.status == _NOT_MODIFIED and conditional):
            if quota is not None:
                self._pacer.quota_used(place.key, quota)
            return
        wait = retry_after(reply.headers, self._wall())
        if reply.status == _TOO_MANY:
            wait = quota if wait is None else wait
            self._pacer.close(place.key, UNSTATED_PAUSE if wait is None else wait)
        elif reply.status == _UNAVAILABLE and wait is not None:
            self._pacer.close(place.key, wait)
        raise HttpStatus(
            status_message(place.url, reply.status, wait),
            status=reply.status,
            retry_after=wait,
            headers=reply.headers,
            body=reply.body,
        )

    # --- robots.txt --------------------------------------------------------------------------------------------------

    def _obey(self, place: Place, ask: _Ask) -> None:
        """Raise RobotsRefused where robots.txt keeps `ask` from `place`; heed its Crawl-delay."""
        if not (ask.page or ask.home):
            return
        rules = self._robots.rules(place.origin)
        if ask.page:
            refusal, delay = rules.page_refusal(place.url, self._token), rules.page_delay(self._token)
        else:
            refusal, delay = rules.offer_refusal(place.url, self._token), rules.offer_delay(self._token)
        if refusal:
            raise RobotsRefused(f"{place.url} is not fetched: {refusal}", unread=rules.problem is not None)
        self._pacer.slow_down(place.key, delay)

    def _load_robots(self, url: str) -> robots.Loaded:
        ask = _Ask(_conditions(None, "text/plain"), limit=robots.MAX_BYTES, truncate=True)
        first = checked(url)
        reply = self._follow(first, ask, _Allowance(min(self._settings.timeout, ROBOTS_TIMEOUT)))
        last = checked(reply.url)
        text = reply.body.decode("utf-8-sig", "replace")
        return robots.Loaded(text, last.origin if last.target == first.target else first.origin)


def _passes(error: BaseException) -> bool:
    """Whether `error` is of the kind that is over in a moment. Who asked us to wait is not asked again."""
    if isinstance(error, HttpStatus):
        return error.status in _PASSING and error.retry_after is None
    return isinstance(error, NoReply)


def _drain(response: httpx.Response, told: Mapping[str, str]) -> bytes:
    """Read a short body, so that the connection can be kept for the next request; b"" for any other."""
    length = told.get("content-length", "")
    if response.status_code == _NOT_MODIFIED or (length.isdigit() and int(length[:9]) <= SHORT):
        with suppress(httpcore.ProtocolError, httpcore.NetworkError, httpcore.TimeoutException, FetchError):
            raw = b"".join(response.iter_raw())
            body = decoding.Body(told.get("content-encoding", ""), SHORT)
            body.add(raw)
            return body.finish()
    return b""


def _conditions(cursor: Cursor | None, accept: str) -> dict[str, str]:
    """Request headers; validators go back letter for letter."""
    headers = {"Accept": accept}
    if cursor and cursor.etag and _VALIDATOR.fullmatch(cursor.etag):
        headers["If-None-Match"] = cursor.etag
    if cursor and cursor.last_modified and _VALIDATOR.fullmatch(cursor.last_modified):
        headers["If-Modified-Since"] = cursor.last_modified
    return headers


def _sendable(headers: Mapping[str, str] | None) -> dict[str, str]:
    """Secret headers, checked before a library can complain of one by quoting it. Raises FetchError."""
    for name, value in (headers or {}).items():
        if not _HEADER.fullmatch(value):
            raise FetchError(
                f"the header {name} cannot be sent: its value is empty or holds a line break, a space at an end or a "
                "character beyond Latin-1; nothing was requested. Copy the key again"
            )
    return dict(headers or {})
