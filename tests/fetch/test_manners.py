"""What a host may ask of us, over loopback: who is asked, how often, again or never, and what is kept of it."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hostile import Chunks, HostileServer, Request, reply

from pipeline.domain import Cursor, HostState
from pipeline.errors import (
    FetchError,
    FetchTimeout,
    HostSilent,
    HttpStatus,
    Moved,
    NoReply,
    NotReached,
    RobotsRefused,
)
from pipeline.fetch import HttpFetcher
from pipeline.fetch.client import UNSTATED_PAUSE
from pipeline.fetch.loopback import Loopback
from pipeline.protocols import Polite
from pipeline.settings import IngestSettings

NOW = datetime(2026, 5, 4, 6, tzinfo=UTC)
HEAD = b"HTTP/1.1 200 OK\r\n"


OPEN: list[HttpFetcher] = []


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """Every fetcher that a test makes gives its connections back."""
    yield
    while OPEN:
        OPEN.pop().close()


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def wall(self) -> datetime:
        return NOW + timedelta(seconds=self.now)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def desk(server: HostileServer, clock: Clock | None = None, *more: str, **settings: object) -> HttpFetcher:
    clock = clock or Clock()
    named = {"pace": 0, "timeout": 2.0, "allow_private": (server.place, *more), **settings}
    fetcher = HttpFetcher(
        IngestSettings.model_validate(named), clock=clock, wall=clock.wall, sleep=clock.sleep, jitter=lambda: 0.5
    )
    OPEN.append(fetcher)
    return fetcher


def names(server: HostileServer, *hosts: str, **settings: object) -> HttpFetcher:
    """A fetcher for which `hosts` live on `server`, on port 80."""
    route = Loopback(hosts, server.port)
    named = IngestSettings.model_validate({"pace": 0, "timeout": 2.0, "allow_private": route.allowed(), **settings})
    OPEN.append(HttpFetcher(named, resolve=route.resolve, dial=route))
    return OPEN[-1]


def in_turn(*replies: bytes) -> Callable[[Request], Chunks]:
    """The first reply, the second, ... and the last one from then on."""
    left = itertools.chain(replies, itertools.repeat(replies[-1]))
    return lambda request: [next(left)]


# --- asked again -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["502 Bad Gateway", "503 Busy", "504 Gateway Timeout"])
def test_a_gateway_in_trouble_is_asked_twice(server: HostileServer, status: str) -> None:
    server.routes["/"] = in_turn(reply("", status), reply("x"))
    clock = Clock()
    assert desk(server, clock, pace=1.0, timeout=30).get(server.url + "/").body == b"x"
    assert clock.slept == [1.5]  # one pause, and half of one by the dice
    server.routes["/"] = reply("", status)
    with pytest.raises(HttpStatus, match=status[:3]):
        desk(server).get(server.url + "/")
    assert len(server.log) == 4


def test_a_connection_that_breaks_at_once_is_tried_again(server: HostileServer) -> None:
    server.routes["/"] = in_turn(b"", reply("x"))
    assert desk(server).get(server.url + "/").body == b"x"
    server.routes["/"] = b""
    with pytest.raises(NoReply):
        desk(server).get(server.url + "/")
    assert len(server.log) == 4


def test_a_host_that_was_silent_gets_no_second_try(server: HostileServer) -> None:
    server.routes.update({"/robots.txt": b"", "/feed": b""})
    with pytest.raises(NoReply):
        desk(server).get(server.url + "/feed", home=True)
    assert server.paths() == ["/robots.txt", "/robots.txt", "/feed"]


@pytest.mark.parametrize(
    "answer",
    [
        reply("", "429 Slow down"),
        reply("", "429 Slow down", Retry_After="0"),
        reply("", "503 Busy", Retry_After="1"),
        reply("", "502 Busy", Retry_After="0"),
        reply("", "500 Oops"),
        reply("", "404 No"),
        HEAD + b"Content-Length: 9\r\n\r\nabc",
        b"not HTTP at all\r\n\r\n",
    ],
    ids=["429", "429 now", "503 with a time", "502 with a time", "500", "404", "cut off", "no HTTP"],
)
def test_what_is_no_passing_trouble_is_asked_once(server: HostileServer, answer: bytes) -> None:
    server.routes["/"] = answer
    with pytest.raises(FetchError):
        desk(server).get(server.url + "/")
    assert len(server.log) == 1


def test_a_post_is_sent_once(server: HostileServer) -> None:
    for answer, error in ((reply("", "503 Busy"), HttpStatus), (b"", NoReply), (reply("", "302 F"), FetchError)):
        server.routes["/"] = answer
        server.log.clear()
        with pytest.raises(error):
            desk(server).post(server.url + "/", b"{}")
        assert len(server.log) == 1


def test_no_second_try_beyond_the_deadline(server: HostileServer) -> None:
    server.routes["/"] = reply("", "503 Busy")
    clock = Clock()
    with pytest.raises(HttpStatus):
        desk(server, clock, pace=1.0, timeout=1.2).get(server.url + "/")
    assert (len(server.log), clock.slept) == (1, [])


# --- left alone ------------------------------------------------------------------------------------------------------


def test_too_many_requests_without_a_time_closes_the_host_for_a_while(server: HostileServer) -> None:
    server.routes.update({"/a": reply("", "429 Slow down"), "/b": reply("x")})
    clock = Clock()
    fetcher = desk(server, clock)
    for path in ("/a", "/b"):
        with pytest.raises(HttpStatus):
            fetcher.get(server.url + path)
    clock.now += UNSTATED_PAUSE + 1
    assert fetcher.get(server.url + "/b").body == b"x"
    assert server.paths() == ["/a", "/b"]


def test_nobody_who_queued_slips_in_after_a_refusal(server: HostileServer) -> None:
    def refuse(request: Request) -> Chunks:
        time.sleep(0.05)
        yield reply("", "429 Slow down", Retry_After="3600")

    server.routes["/"] = refuse
    fetcher = desk(server, timeout=10)

    def get(_: int) -> int:
        with pytest.raises(HttpStatus) as caught:
            fetcher.get(server.url + "/")
        return caught.value.status

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(get, range(24))) == {429}
    assert len(server.log) == 1


def test_a_refusal_is_kept_for_the_next_process(server: HostileServer) -> None:
    server.routes.update({"/": reply("", "429 Slow down", Retry_After="3600"), "/b": reply("x")})
    first = desk(server)
    with pytest.raises(HttpStatus):
        first.get(server.url + "/")
    (state,) = first.changed()
    assert (state.host, state.asked, state.closed_until) == (server.place, NOW, NOW + timedelta(hours=1))
    clock = Clock()
    second = desk(server, clock)
    second.recall([state])
    with pytest.raises(HttpStatus, match=r"asked for a pause of 60 minutes more"):
        second.get(server.url + "/b")
    clock.now += 3601
    assert second.get(server.url + "/b").body == b"x"


def test_a_quota_that_is_used_up(server: HostileServer) -> None:
    server.routes["/"] = reply("x", X_Ratelimit_Remaining="0.0", X_Ratelimit_Reset="7")
    clock = Clock()
    fetcher = desk(server, clock)
    fetcher.get(server.url + "/")
    fetcher.get(server.url + "/")
    assert clock.slept == [7.0]
    server.routes["/"] = reply("", "429 Slow", X_Ratelimit_Remaining="0", X_Ratelimit_Reset="400")
    with pytest.raises(HttpStatus) as caught:
        fetcher.get(server.url + "/")
    assert caught.value.retry_after == 400


def dead_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def test_a_dead_host_costs_two_tries_and_not_two_hundred() -> None:
    port = dead_port()
    dials: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        dials.append(host)
        return ["127.0.0.1"]

    settings = IngestSettings(pace=0, timeout=2, allow_private=(f"dead.example:{port}",))
    fetcher = HttpFetcher(settings, resolve=resolve)
    errors = []
    for number in range(200):
        with pytest.raises(NotReached) as caught:
            fetcher.get(f"http://dead.example:{port}/feed/{number}", home=True)
        errors.append(caught.value)
    assert len(dials) == 2  # robots.txt and the first feed
    assert [type(error) for error in errors[:2]] == [NotReached, HostSilent]
    assert "did not answer 2 times in a row (no connection)" in str(errors[-1])


def test_a_silent_host_costs_two_timeouts(server: HostileServer) -> None:
    def silent(request: Request) -> Chunks:
        time.sleep(3)
        yield b""

    server.routes.update({f"/{n}": silent for n in range(20)})
    fetcher, started = desk(server, timeout=0.3), time.monotonic()
    kinds = []
    for number in range(20):
        with pytest.raises(FetchError) as caught:
            fetcher.get(f"{server.url}/{number}")
        kinds.append(type(caught.value))
    assert kinds == [FetchTimeout, FetchTimeout, *[HostSilent] * 18]
    assert time.monotonic() - started < 2
    fetcher.recall(())  # the next run
    with pytest.raises(FetchTimeout):
        fetcher.get(f"{server.url}/1")


def test_a_host_that_answers_badly_is_not_silent(server: HostileServer) -> None:
    fetcher = desk(server)
    for _ in range(6):
        with pytest.raises(HttpStatus, match="404"):
            fetcher.get(server.url + "/nothing")
    assert len(server.log) == 6


def test_ports_of_one_address_are_different_servers(server: HostileServer) -> None:
    with HostileServer({"/": reply("y")}) as other:
        server.routes["/"] = reply("", "429 Slow", Retry_After="60")
        fetcher = desk(server, None, other.place, pace=1.0)
        with pytest.raises(HttpStatus):
            fetcher.get(server.url + "/")
        assert fetcher.get(other.url + "/").body == b"y"


def test_an_adapters_own_pace(server: HostileServer) -> None:
    server.routes["/"] = reply("x")
    clock = Clock()
    fetcher = desk(server, clock, pace=1.0)
    fetcher.get(server.url + "/", pace=3.0)
    fetcher.get(server.url + "/", pace=3.0)
    fetcher.get(server.url + "/")
    fetcher.post(server.url + "/", b"{}", pace=5.0)
    assert clock.slept == [3.0, 3.0, 5.0]


class Counting(BaseHTTPRequestHandler):
    """Keeps connections open, counts them, and answers as the path says."""

    protocol_version = "HTTP/1.1"
    opened = 0

    def setup(self) -> None:
        super().setup()
        Counting.opened += 1

    def do_GET(self) -> None:
        body = b"" if self.path == "/304" else b"words nobody reads"
        self.send_response(int(self.path[1:]))
        self.send_header("Location", "/200")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def test_one_connection_serves_a_host_past_refusals_redirects_and_unchanged_feeds() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        fetcher = HttpFetcher(IngestSettings(pace=0, timeout=5, allow_private=(f"127.0.0.1:{server.server_port}",)))
        for path in ("404", "200", "301", "410", "200"):
            with suppress(HttpStatus):
                fetcher.get(f"http://127.0.0.1:{server.server_port}/{path}")
        fetcher.get(f"http://127.0.0.1:{server.server_port}/304", cursor=Cursor(etag='"1"'))
        assert Counting.opened == 1
        fetcher.close()
    finally:
        server.shutdown()
        server.server_close()


# --- robots.txt ------------------------------------------------------------------------------------------------------

NAMED = "User-agent: *\nDisallow: /\n\nUser-agent: CITEWIRE # us\nDisallow: /feed/closed\nCrawl-delay: 9\n"


def test_a_feed_is_closed_by_our_name_only(server: HostileServer) -> None:
    server.routes.update({path: reply("x") for path in ("/feed/open", "/feed/closed")})
    server.routes["/robots.txt"] = reply(NAMED)
    clock = Clock()
    fetcher = desk(server, clock)
    assert fetcher.get(server.url + "/feed/open", home=True).body == b"x"
    with pytest.raises(RobotsRefused, match="closes it to Citewire by name"):
        fetcher.get(server.url + "/feed/closed", home=True)
    assert clock.slept == [9.0]
    server.routes["/robots.txt"] = reply("user-agent:* \rDisallow: /\rCrawl-delay: 50\r")
    assert desk(server, clock).get(server.url + "/feed/closed", home=True).body == b"x"
    assert clock.slept == [9.0]
    with pytest.raises(RobotsRefused):
        desk(server).get(server.url + "/feed/closed", robots=True)


@pytest.mark.parametrize("robots", [reply("", "500 Oops"), b"", reply("x" * 600_000)], ids=["500", "empty", "long"])
def test_an_unreadable_robots_txt_closes_no_feed(server: HostileServer, robots: bytes) -> None:
    server.routes.update({"/robots.txt": robots, "/feed": reply("x")})
    assert desk(server).get(server.url + "/feed", home=True).body == b"x"


def test_an_interface_is_not_asked_for_its_robots_txt(server: HostileServer) -> None:
    server.routes.update({"/robots.txt": reply("User-agent: Citewire\nDisallow: /"), "/api": reply("{}")})
    desk(server).get(server.url + "/api")
    desk(server).post(server.url + "/api", b"{}")
    assert server.paths() == ["/api", "/api"]


@pytest.mark.parametrize("robots", [reply(NAMED), reply("", "404 No"), reply("", "500 Oops"), reply("")])
def test_robots_txt_is_remembered_by_the_next_process(server: HostileServer, robots: bytes) -> None:
    server.routes.update({"/robots.txt": robots, "/page": reply("x")})

    def outcome(fetcher: HttpFetcher) -> str:
        try:
            return fetcher.get(server.url + "/page", robots=True).body.decode()
        except RobotsRefused as error:
            return str(error)

    first = desk(server)
    expected, asked = outcome(first), server.paths().count("/robots.txt")
    states = first.changed()
    assert [state.host for state in states] == sorted({server.place, server.url})
    clock = Clock()
    clock.now = 5 * 3600
    second = desk(server, clock)
    second.recall(states)
    assert outcome(second) == expected
    assert server.paths().count("/robots.txt") == asked
    clock.now = 25 * 3600
    third = desk(server, clock)
    third.recall(states)
    outcome(third)
    assert server.paths().count("/robots.txt") > asked


def test_a_page_that_was_open_yesterday_may_be_closed_today(server: HostileServer) -> None:
    server.routes.update({"/robots.txt": reply("User-agent: *\nAllow: /"), "/page": reply("x")})
    clock = Clock()
    fetcher = desk(server, clock)
    fetcher.get(server.url + "/page", robots=True)
    server.routes["/robots.txt"] = reply("User-agent: *\nDisallow: /")
    clock.now += 86_401
    later = desk(server, clock)
    later.recall(fetcher.changed())
    with pytest.raises(RobotsRefused):
        later.get(server.url + "/page", robots=True)
    assert server.paths().count("/page") == 1


def test_what_a_clock_ahead_has_read_is_asked_again(server: HostileServer) -> None:
    server.routes.update({"/robots.txt": reply(""), "/page": reply("x")})
    ahead = Clock()
    ahead.now = 10 * 365 * 86_400
    first = desk(server, ahead)
    first.get(server.url + "/page", robots=True)
    second = desk(server)
    second.recall(first.changed())
    second.get(server.url + "/page", robots=True)
    assert server.paths().count("/robots.txt") == 2


def test_a_text_that_nobody_asks_for_is_given_up(server: HostileServer) -> None:
    server.routes.update({"/robots.txt": reply("User-agent: *"), "/page": reply("x")})
    first = desk(server)
    first.get(server.url + "/page", robots=True)
    states = first.changed()
    for days, left in ((2, "User-agent: *"), (6, None)):
        clock = Clock()
        clock.now = days * 86_400
        later = desk(server, clock)
        later.recall(states)
        kept = {state.host: state for state in (*states, *later.changed())}
        assert kept[server.url].robots == left


def test_recalling_takes_nothing_back(server: HostileServer) -> None:
    """A search of the same process recalls what the store knew before the night."""
    server.routes.update({"/robots.txt": reply("User-agent: *\nDisallow: /shut"), "/": reply("", "429 Slow")})
    fetcher = desk(server)
    with pytest.raises(HttpStatus):
        fetcher.get(server.url + "/", robots=True)
    fetcher.recall(
        [HostState(server.place, NOW - timedelta(days=1)), HostState(server.url, robots="", robots_until=NOW)]
    )
    with pytest.raises(HttpStatus, match="asked for a pause"):
        fetcher.get(server.url + "/")
    with pytest.raises(RobotsRefused):
        fetcher.get(server.url + "/shut", robots=True)
    assert server.paths() == ["/robots.txt", "/"]


def test_no_connection_is_not_held_against_tomorrow() -> None:
    place = f"127.0.0.1:{dead_port()}"
    fetcher = HttpFetcher(IngestSettings(pace=0, timeout=2, allow_private=(place,)))
    with pytest.raises(RobotsRefused, match="cannot be read now"):
        fetcher.get(f"http://{place}/page", robots=True)
    assert [state.robots_problem for state in fetcher.changed()] == [None]


@pytest.mark.parametrize(("hops", "free"), [(5, True), (6, False)])
def test_robots_txt_behind_redirects(server: HostileServer, hops: int, free: bool) -> None:
    server.routes.update({f"/r{n}": reply("", "301 M", Location=f"/r{n + 1}") for n in range(1, hops)})
    server.routes.update({"/robots.txt": reply("", "301 M", Location="/r1"), f"/r{hops}": reply("")})
    server.routes["/page"] = reply("x")
    if free:
        assert desk(server).get(server.url + "/page", robots=True).body == b"x"
    else:
        with pytest.raises(RobotsRefused):
            desk(server).get(server.url + "/page", robots=True)


def test_a_robots_txt_that_redirects_to_another_origins_is_read_once_for_both(server: HostileServer) -> None:
    with HostileServer({"/robots.txt": reply("User-agent: *\nDisallow: /shut"), "/shut": reply("x")}) as other:
        server.routes.update({"/robots.txt": reply("", "301 M", Location=other.url + "/robots.txt")})
        server.routes["/page"] = reply("", "301 M", Location=other.url + "/shut")
        with pytest.raises(RobotsRefused):
            desk(server, None, other.place).get(server.url + "/page", robots=True)
        assert other.paths() == ["/robots.txt"]


def test_a_fetcher_is_polite() -> None:
    assert isinstance(HttpFetcher(IngestSettings()), Polite)


def test_a_slow_robots_txt_costs_less_than_a_request(server: HostileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.fetch.client.ROBOTS_TIMEOUT", 0.2)
    server.routes["/robots.txt"] = lambda request: [time.sleep(2) or b""]
    server.routes["/page"] = reply("x")
    started = time.monotonic()
    with pytest.raises(RobotsRefused, match="cannot be read now"):
        desk(server, timeout=30).get(server.url + "/page", robots=True)
    assert time.monotonic() - started < 1.5


# --- who moved -------------------------------------------------------------------------------------------------------


def moving(server: HostileServer, *hops: tuple[str, str, str]) -> None:
    """Hops of (host and path, status, target); whatever else is asked for is the end of the way."""
    table = {address: reply("", f"{status} M", Location=target) for address, status, target in hops}

    def route(request: Request) -> Chunks:
        yield table.get(request.headers["host"] + request.path, reply("end"))

    for path in ("/", "/a", "/b", "/c"):
        server.routes[path] = route


OLD, NEW, SUB = "old-outlet.com", "new-outlet.org", "feeds.old-outlet.com"  # names of this table only: nobody is asked


@pytest.mark.parametrize(
    ("hops", "target"),
    [
        ([(f"{OLD}/", "301", f"http://{NEW}/")], f"http://{NEW}/"),
        ([(f"{OLD}/", "308", f"http://{SUB}/a"), (f"{SUB}/a", "301", f"http://{NEW}/b")], f"http://{NEW}/b"),
        ([(f"{OLD}/", "301", f"http://{SUB}/a"), (f"{SUB}/a", "302", f"http://{NEW}/b")], None),
        ([(f"{OLD}/", "302", f"http://{SUB}/a"), (f"{SUB}/a", "301", f"http://{NEW}/b")], None),
        ([(f"{OLD}/", "307", f"http://{NEW}/")], None),
        ([(f"{OLD}/", "303", f"http://{NEW}/")], None),
        ([(f"{OLD}/", "301", f"http://{SUB}/")], None),
        ([(f"{OLD}/", "301", f"http://www.{OLD}/"), (f"www.{OLD}/", "301", f"http://{OLD}/a")], None),
    ],
    ids=["301", "308 301", "301 302", "302 301", "307", "303", "within", "to and fro"],
)
def test_a_source_that_moves_to_another_domain_for_good(
    server: HostileServer, hops: list[tuple[str, str, str]], target: str | None
) -> None:
    moving(server, *hops)
    fetcher = names(server, OLD, NEW, SUB, f"www.{OLD}")
    if target is None:
        assert fetcher.get(f"http://{OLD}/", home=True).body == b"end"
        return
    with pytest.raises(Moved) as caught:
        fetcher.get(f"http://{OLD}/", home=True)
    assert caught.value.target == target
    assert NEW not in {request.headers["host"] for request in server.log}
    assert fetcher.get(f"http://{OLD}/").body == b"end"  # a page may be elsewhere


def test_two_ports_of_one_address_are_one_owner(server: HostileServer) -> None:
    with HostileServer({"/": reply("end")}) as other:
        server.routes["/"] = reply("", "301 M", Location=other.url + "/")
        answer = desk(server, None, other.place).get(server.url + "/", home=True)
        assert (answer.body, answer.redirected_permanently) == (b"end", True)


def test_one_address_is_not_another(server: HostileServer) -> None:
    server.routes["/"] = reply("", "301 M", Location="http://127.0.0.2/")
    with pytest.raises(Moved):
        desk(server, None, "127.0.0.2:80").get(server.url + "/", home=True)


def test_fifty_hops_over_many_hosts_end_after_five(server: HostileServer) -> None:
    hosts = [f"h{n}.example" for n in range(51)]
    moving(server, *((f"h{n}.example/", "302", f"http://h{n + 1}.example/") for n in range(50)))
    with pytest.raises(FetchError, match="more than 5 times"):
        names(server, *hosts).get("http://h0.example/")
    assert len(server.log) == 6


# --- secrets ---------------------------------------------------------------------------------------------------------

CANARY = "canary-5f3a9c"


@pytest.mark.parametrize(
    "route",
    [
        reply("", "401 No"),
        reply("", "403 No"),
        reply("", "429 Slow"),
        reply("", "500 Oops"),
        b"",
        b"garbage\r\n\r\n",
        HEAD + b"Content-Length: 9\r\n\r\nabc",
        HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        HEAD + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        HEAD + b"Content-Encoding: br\r\nContent-Length: 1\r\n\r\na",
        reply("", "302 F", Location="http://10.0.0.1/"),
        reply("", "302 F", Location="http://localhost:1/x"),
        reply("", "302 F", Location="/"),
        lambda request: [HEAD, time.sleep(0.6) or b""],
        lambda request: [HEAD + b"\r\n", b"a" * 20_000_000],
    ],
    ids=lambda route: "function" if callable(route) else None,
)
def test_no_message_and_no_log_holds_a_secret(
    server: HostileServer, route: bytes | Callable[[Request], Chunks], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    server.routes["/"] = route
    fetcher = desk(server, timeout=0.5)
    for send in (fetcher.get, lambda url, headers: fetcher.post(url, b"{}", headers=headers)):
        with pytest.raises(FetchError) as caught:
            send(server.url + "/", headers={"Authorization": f"Bearer {CANARY}"})
        assert CANARY not in f"{caught.value!s} {caught.value!r} {caught.value.__cause__!r}"
    assert CANARY not in caplog.text
    assert CANARY in server.log[0].headers["authorization"]


@pytest.mark.parametrize("tail", ["\n", "\r\nX: y", "\0", "\u20ac", " "])
def test_a_secret_that_cannot_be_sent_is_not_shown(server: HostileServer, tail: str) -> None:
    for send in (desk(server).get, lambda url, headers: desk(server).post(url, b"", headers=headers)):
        with pytest.raises(FetchError, match="the header Authorization cannot be sent") as caught:
            send(server.url + "/", headers={"Authorization": CANARY + tail})
        assert CANARY not in str(caught.value)
    assert server.log == []


def test_a_login_in_an_address_is_refused_and_not_shown(server: HostileServer) -> None:
    server.routes["/"] = reply("", "302 F", Location=f"http://user:{CANARY}@{server.place}/b")
    for url in (f"http://user:{CANARY}@{server.place}/", server.url + "/"):
        with pytest.raises(FetchError, match=r"refused.*\.\.\.@") as caught:
            desk(server).get(url)
        assert CANARY not in str(caught.value)


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
def test_a_secret_stays_with_its_origin(server: HostileServer, status: str) -> None:
    with HostileServer({"/": reply("", status, Location=server.url + "/home")}) as other:
        server.routes.update({"/": reply("", status, Location=other.url + "/"), "/home": reply("home")})
        fetcher = desk(server, None, other.place)
        fetcher.get(server.url + "/", headers={"X-Api-Key": CANARY})
        assert "x-api-key" not in other.log[0].headers
        assert [request.headers.get("x-api-key") for request in server.log] == [CANARY, CANARY]


# --- odd replies -----------------------------------------------------------------------------------------------------


def test_what_is_reserved_is_told(server: HostileServer) -> None:
    server.routes.update(
        {"/a": reply("x", X_Robots_Tag="noai"), "/b": reply("x", tdm_reservation="1"), "/c": reply("x")}
    )
    fetcher = desk(server)
    told = [fetcher.get(server.url + path).reserved for path in ("/a", "/b", "/c")]
    assert told == ["X-Robots-Tag: noai", "TDM-Reservation: 1", None]


def test_unchanged_with_a_body_and_changed_with_the_same_validator(server: HostileServer) -> None:
    server.routes["/"] = b'HTTP/1.1 304 X\r\nETag: "1"\r\n\r\n<rss>not part of any reply</rss>'
    cursor = Cursor(etag='"1"')
    answer = desk(server).get(server.url + "/", cursor=cursor)
    assert (answer.status, answer.body) == (304, b"")
    server.routes["/"] = reply("x", ETag='"1"')
    assert desk(server).get(server.url + "/", cursor=cursor).body == b"x"
    server.routes["/"] = reply("x", "226 IM Used")
    with pytest.raises(HttpStatus, match="226"):
        desk(server).get(server.url + "/", cursor=cursor)


@pytest.mark.parametrize("cookies", [["a=" + "x" * 60_000], [f"c{n}=1" for n in range(200)]], ids=["60 KB", "200"])
def test_cookies_of_any_size_are_dropped(server: HostileServer, cookies: list[str]) -> None:
    lines = "".join(f"Set-Cookie: {cookie}; Path=/\r\n" for cookie in cookies).encode()
    server.routes["/"] = HEAD + lines + b"Content-Length: 1\r\n\r\nx"
    fetcher = desk(server)
    fetcher.get(server.url + "/")
    fetcher.get(server.url + "/")
    assert not any("cookie" in request.headers for request in server.log)


def test_endless_trailers_end(server: HostileServer) -> None:
    def route(request: Request) -> Chunks:
        yield HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n"
        while True:
            yield b"X-Trailer: " + b"y" * 1000 + b"\r\n"

    server.routes["/"] = route
    started = time.monotonic()
    with pytest.raises(FetchError):
        desk(server, timeout=1.0).get(server.url + "/")
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "url",
    [
        *(f"{scheme}:///etc/passwd" for scheme in ("file", "ftp", "gopher", "data", "jar", "dict", "unix", "feed")),
        "feed:https://outlet.example/",
        "//outlet.example/",
        "outlet.example",
        "http://outlet.example\\@10.0.0.1/",
        "http://outlet.example\r\nHost: x/",
        "http://outlet.example/\0",
        "http://out\tlet.example/",
        "http://outlet.example/%00",
        "http://outlet.example/" + "a" * 10_000,
        "http://user@outlet.example/",
        "http://outlet.example:99999/",
        "",
    ],
)
def test_what_is_no_plain_address_is_never_dialled(server: HostileServer, url: str) -> None:
    fetcher = names(server, "outlet.example")
    with pytest.raises(FetchError, match="refused"):
        fetcher.get(url)
    server.routes["/"] = b"HTTP/1.1 302 F\r\nContent-Length: 0\r\nLocation: " + url.encode("latin-1") + b"\r\n\r\n"
    with suppress(FetchError):
        fetcher.get("http://outlet.example/")
    assert {request.headers["host"] for request in server.log} <= {"outlet.example"}


@pytest.mark.parametrize(
    ("url", "host", "target"),
    [
        ("http://outlet.example/a#@10.0.0.1/", "outlet.example", "/a"),
        ("http://outlet.example/a?@10.0.0.1/", "outlet.example", "/a?@10.0.0.1/"),
        ("http://OUTLET\u3002example/a", "outlet.example", "/a"),
        ("http://b\u00fccher.example", "xn--bcher-kva.example", "/"),
        ("http://outlet.example./x/../a b", "outlet.example", "/a%20b"),
    ],
)
def test_the_host_that_is_shown_is_the_host_that_is_dialled(
    server: HostileServer, url: str, host: str, target: str
) -> None:
    server.routes.update({path: reply("x") for path in ("/", "/a", "/a%20b")})
    answer = names(server, "outlet.example", "xn--bcher-kva.example").get(url)
    assert (server.log[0].headers["host"], server.log[0].target) == (host, target)
    assert answer.url == f"http://{host}{target}"
