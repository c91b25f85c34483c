"""The fetcher: one GET, guarded at connect time, bounded in time and size, polite to the host.

httpx builds requests and reads replies; everything that decides is ours: the transport (address guard, deadline), the
decoder (caps), redirects (by hand), pace and robots.txt. Nothing is taken from the environment, no cookie is kept, and
a credential belongs to one origin and is sent to no other.
"""

from __future__ import annotations

import email.utils
import http.cookiejar
import re
import ssl
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import httpcore
import httpx

from pipeline import __version__, addresses
from pipeline.domain import Cursor
from pipeline.errors import (
    AddressRefused,
    FetchError,
    FetchTimeout,
    HttpStatus,
    Moved,
    ReplyTooLarge,
    ReplyTruncated,
    RobotsRefused,
)
from pipeline.fetch import decoding, robots
from pipeline.fetch.guard import Guard, GuardedBackend, Resolve, deadline, system_resolve
from pipeline.fetch.pace import Pacer
from pipeline.protocols import Reply
from pipeline.settings import IngestSettings

MAX_REDIRECTS = 5
MAX_RETRY_AFTER = 7 * 86400.0
_VALIDATOR = re.compile("[\t -~\x80-\xff]{1,1024}")  # longer ETags are not worth sending back
_ERRNO = re.compile(r"\A\[Errno -?\d+\] ")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_COMPLETE = frozenset({200, 203})
_NOT_MODIFIED = 304


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
    secret: Mapping[str, str]
    limit: int
    truncate: bool = False
    body: bytes | None = None

    @property
    def conditional(self) -> bool:
        return "If-None-Match" in self.headers or "If-Modified-Since" in self.headers


class HttpFetcher:
    """Fits `protocols.Fetcher`; may be used from many threads.

    `credentials` maps an origin ("https://api.example:443") to headers that are sent there and nowhere else. `ports`
    are further ports that may be dialled, those of the configured sources. `resolve`, `dial`, `clock` and `sleep` are
    for tests.
    """

    def __init__(
        self,
        settings: IngestSettings,
        agent: str = "",
        *,
        credentials: Mapping[str, Mapping[str, str]] | None = None,
        ports: Collection[int] = (),
        resolve: Resolve = system_resolve,
        dial: httpcore.NetworkBackend | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self._agent = agent or user_agent()
        self._token = self._agent.partition("/")[0]
        self._credentials = dict(credentials or {})
        self._pacer = Pacer(settings.pace, clock=clock, sleep=sleep)
        self._robots = robots.Robots(self._robots_text, clock=clock)
        guard = Guard(settings.allow_private, ports=ports, resolve=resolve)
        self._client = httpx.Client(
            transport=Transport(GuardedBackend(guard, dial)),
            trust_env=False,
            follow_redirects=False,
            cookies=http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(allowed_domains=[])),
            headers={"User-Agent": self._agent, "Accept-Encoding": decoding.ACCEPTED},
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
        """GET `url` within one deadline, redirects included. See `protocols.Fetcher`."""
        self._pacer.slow_down(addresses.host(url) or "", pace)
        ask = _Ask(_headers(cursor, accept), dict(headers or {}), limit or self._settings.max_feed_bytes)
        return self._follow(url, ask, robots=robots, home=home)

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
        self._pacer.slow_down(addresses.host(url) or "", pace)
        told = {**_headers(None, accept), "Content-Type": content_type}
        ask = _Ask(told, dict(headers or {}), limit or self._settings.max_feed_bytes, body=body)
        here = _checked(url)
        reply, _ = self._hop(here, ask, here, self._settings.timeout)
        if reply.status in _REDIRECTS:
            raise FetchError(f"{here} redirects a POST, which is not followed; configure its final address")
        return reply

    def close(self) -> None:
        """Close idle connections."""
        self._client.close()

    # --- one request -------------------------------------------------------------------------------------------------

    def _follow(self, url: str, ask: _Ask, *, robots: bool = False, home: bool = False) -> Reply:
        budget, permanent, here = self._settings.timeout, True, _checked(url)
        first = here
        for hop in range(MAX_REDIRECTS + 1):
            if robots:
                self._obey(here)
            reply, spent = self._hop(here, ask, first, budget)
            if reply.status not in _REDIRECTS:
                return Reply(here, reply.status, reply.headers, reply.body, permanent and hop > 0)
            budget = max(budget - spent, 0.001)
            permanent = permanent and reply.status in _PERMANENT
            target = _redirect(here, reply)
            if home and permanent and addresses.registrable(target) != addresses.registrable(first):
                raise Moved(f"{first} has moved to another domain for good: {target}", target=target)
            here = target
        raise FetchError(
            f"{url} redirects more than {MAX_REDIRECTS} times; the last was to {here}; configure its final address"
        )

    def _hop(self, url: str, ask: _Ask, first: str, budget: float) -> tuple[Reply, float]:
        """One request. The secret headers of `ask` go to the origin of `first` alone."""
        name = addresses.host(url) or ""
        origin = addresses.origin(url) or ""
        own = {**self._credentials.get(origin, {}), **(ask.secret if origin == addresses.origin(first) else {})}
        self._check_open(name)
        with self._pacer.turn(name):
            self._check_open(name)
            started = time.monotonic()
            token = deadline.set(started + budget)
            received = [0]
            try:
                with _translated(url, self._settings.timeout, received):
                    reply = self._exchange(url, {**ask.headers, **own}, ask, received)
            finally:
                deadline.reset(token)
        self._judge(url, name, reply, conditional=ask.conditional)
        return reply, time.monotonic() - started

    def _exchange(self, url: str, headers: Mapping[str, str], ask: _Ask, received: list[int]) -> Reply:
        sent = [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers.items()]
        request = self._client.build_request("GET" if ask.body is None else "POST", url, headers=sent, content=ask.body)
        response = self._client.send(request, stream=True)
        try:
            facts = _facts(response.headers.raw)
            if response.status_code not in _COMPLETE:
                return Reply(url, response.status_code, facts, b"")
            if "transfer-encoding" in facts and "content-length" in facts:
                raise FetchError(f"{url} states its length in two ways, as only attacks do")
            body = decoding.Body(facts.get("content-encoding", ""), ask.limit)
            try:
                for chunk in response.iter_raw():
                    received[0] += len(chunk)
                    body.add(chunk)
                return Reply(url, response.status_code, facts, body.finish())
            except ReplyTooLarge:
                if not ask.truncate:
                    raise
                return Reply(url, response.status_code, facts, body.partial())
        finally:
            response.close()

    def _judge(self, url: str, name: str, reply: Reply, *, conditional: bool) -> None:
        """Raise HttpStatus unless `reply` is complete, a redirect or a "not modified" that was asked for."""
        if reply.status in _COMPLETE or reply.status in _REDIRECTS or (reply.status == _NOT_MODIFIED and conditional):
            return
        wait = retry_after(reply.headers)
        if wait is not None and reply.status in (429, 503):
            self._pacer.close(name, wait)
        raise HttpStatus(
            _status_message(url, reply.status, wait), status=reply.status, retry_after=wait, headers=reply.headers
        )

    def _check_open(self, name: str) -> None:
        wait = self._pacer.closed_for(name)
        if wait:
            raise HttpStatus(
                f"{name} asked for a pause of {wait:.0f} s more; it is not asked again before that",
                status=429,
                retry_after=wait,
            )

    # --- robots.txt --------------------------------------------------------------------------------------------------

    def _obey(self, url: str) -> None:
        rules = self._robots.rules(addresses.origin(url) or url)
        refusal = rules.refusal(url, self._token)
        if refusal:
            raise RobotsRefused(f"{url} is not fetched: {refusal}", unread=rules.problem is not None)
        if rules.delay(self._token):
            self._pacer.slow_down(addresses.host(url) or "", rules.delay(self._token))

    def _robots_text(self, url: str) -> str:
        reply = self._follow(url, _Ask(_headers(None, "text/plain"), {}, robots.MAX_BYTES, truncate=True))
        return reply.body.decode("utf-8-sig", "replace")


# --- parts -----------------------------------------------------------------------------------------------------------


@cache
def _tls() -> ssl.SSLContext:
    """The client's TLS: certifi's authorities, whatever the environment says. Loading them takes a twentieth second."""
    return httpx.create_ssl_context(trust_env=False)


class Transport(httpx.BaseTransport):
    """httpx over a connection pool whose sockets are opened by the guard. No proxy, no retry, TLS always verified."""

    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=_tls(),
            max_connections=None,
            max_keepalive_connections=20,
            keepalive_expiry=5.0,
            network_backend=backend,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; errors of httpcore pass through and are translated by the fetcher."""
        response = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.read(),
                extensions={"timeout": {}},
            )
        )
        return httpx.Response(response.status, headers=response.headers, stream=_Stream(response))

    def close(self) -> None:
        """Close the pool."""
        self._pool.close()


class _Stream(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        return self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


def _facts(raw: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by lower-case name, byte for byte as Latin-1, so that validators can go back as they came."""
    facts: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        facts[key] = f"{facts[key]}, {text}" if key in facts else text
    return facts


def _headers(cursor: Cursor | None, accept: str) -> dict[str, str]:
    """Request headers; validators go back letter for letter."""
    headers = {"Accept": accept}
    if cursor and cursor.etag and _VALIDATOR.fullmatch(cursor.etag):
        headers["If-None-Match"] = cursor.etag
    if cursor and cursor.last_modified and _VALIDATOR.fullmatch(cursor.last_modified):
        headers["If-Modified-Since"] = cursor.last_modified
    return headers


def _checked(url: str) -> str:
    safe = addresses.safe(url)
    if safe is None:
        raise AddressRefused(
            f"refused: {url[:200]!r} is not a plain http or https address; nothing was requested. "
            "Write the address as a browser shows it"
        )
    return safe.partition("#")[0]


def _redirect(here: str, reply: Reply) -> str:
    """Where `reply` points, checked like any other address."""
    location = reply.headers.get("location", "").encode("latin-1").decode("utf-8", "replace")
    target = addresses.absolute(location, here) if location.strip() else None
    if target is None:
        shown = location[:200]
        raise AddressRefused(f"refused: {here} redirects to {shown!r}, which is not a web address")
    if here.startswith("https:") and target.startswith("http:"):
        raise AddressRefused(f"refused: {here} redirects from https to plain http ({target[:200]})")
    return target.partition("#")[0]


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the Retry-After header asks for, 0 to 7 days; None without a readable one. RFC 9110, 10.2.3."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:12]), MAX_RETRY_AFTER)
    until, said = _http_date(value), _http_date(headers.get("date", ""))
    if until is None:
        return None
    return min(max((until - (said or datetime.now(UTC))).total_seconds(), 0.0), MAX_RETRY_AFTER)


def _http_date(value: str) -> datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(value[:64])
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_STATUS_ADVICE = {
    401: "it wants a login; configure its key or remove it",
    403: "it refuses us; write to its operator or remove it",
    404: "nothing is there; correct the address",
    410: "it is gone for good; remove the source",
    429: "it was asked too often; it is left alone for the pause",
    451: "it is withheld for legal reasons",
}


def _status_message(url: str, status: int, wait: float | None) -> str:
    advice = _STATUS_ADVICE.get(status) or ("its server has trouble" if status >= 500 else "that is no complete answer")
    pause = f" (asked for a pause of {wait:.0f} s)" if wait is not None else ""
    return f"{url} answered {status}{pause}: {advice}"


@contextmanager
def _translated(url: str, timeout: float, received: list[int]) -> Iterator[None]:
    """Every error of the HTTP library as one of ours."""
    try:
        yield
    except (httpcore.TimeoutException, httpx.TimeoutException):
        raise FetchTimeout(
            f"{url} timed out after {timeout:g} s ({received[0]:,} bytes received); "
            "raise timeout under [ingest] if it is always slow"
        ) from None
    except (httpcore.RemoteProtocolError, httpx.RemoteProtocolError, httpcore.ReadError) as error:
        if received[0] or "incomplete" in str(error) or "without sending complete" in str(error):
            raise ReplyTruncated(f"{url} was cut off after {received[0]:,} bytes ({error})") from None
        raise FetchError(f"{url} did not answer in HTTP ({error})") from None
    except (httpcore.ConnectError, httpcore.NetworkError) as error:
        why = _ERRNO.sub("", str(error))
        raise FetchError(f"{url} cannot be reached ({why}); check the address if this goes on") from None
    except (
        httpcore.ProtocolError,
        httpcore.UnsupportedProtocol,
        httpx.HTTPError,
        httpx.InvalidURL,
        OSError,
        ValueError,
    ) as error:
        raise FetchError(f"{url} cannot be fetched ({type(error).__name__}: {error})") from None
