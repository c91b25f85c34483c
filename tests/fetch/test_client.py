"""The fetcher against a server that misbehaves in every way we know of. Loopback only."""

from __future__ import annotations

import gzip
import itertools
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hostile import Chunks, HostileServer, Request, reply
from reading_alone import met

from pipeline.domain import Cursor
from pipeline.errors import (
    AddressRefused,
    FetchError,
    FetchTimeout,
    HttpStatus,
    ReplyTooLarge,
    ReplyTruncated,
    RobotsRefused,
)
from pipeline.fetch import HttpFetcher, user_agent
from pipeline.settings import IngestSettings


def client(server: HostileServer, *more: str, **settings: object) -> HttpFetcher:
    named = {"pace": 0, "timeout": 1.0, "allow_private": (server.place, *more), **settings}
    return HttpFetcher(IngestSettings.model_validate(named), user_agent("https://desk.example/about"))


def forever(chunk: bytes, pause: float = 0.0, head: bytes = b"") -> Callable[[Request], Chunks]:
    def route(request: Request) -> Chunks:
        yield head
        while True:
            yield chunk
            time.sleep(pause)

    return route


HEAD = b"HTTP/1.1 200 OK\r\n"


def test_a_plain_answer(server: HostileServer) -> None:
    server.routes["/"] = reply("hello", ETag='W/"a b"', Set_Cookie="id=1")
    answer = client(server).get(server.url + "/#top", accept="text/plain")
    assert (answer.status, answer.body, answer.url) == (200, b"hello", server.url + "/")
    assert answer.headers["etag"] == 'W/"a b"'
    asked = server.log[0].headers
    assert asked["user-agent"].startswith("Citewire/")
    assert "https://desk.example/about" in asked["user-agent"]
    assert asked["accept-encoding"] == "gzip, deflate"
    assert asked["accept"] == "text/plain"
    assert not {"cookie", "referer", "authorization"} & set(asked)


def test_cookies_are_never_sent_back(server: HostileServer) -> None:
    server.routes["/"] = reply("x", Set_Cookie="id=1; Path=/")
    fetcher = client(server)
    fetcher.get(server.url + "/")
    fetcher.get(server.url + "/")
    assert all("cookie" not in request.headers for request in server.log)


def test_the_environment_is_ignored(server: HostileServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password canary\ndefault login me password canary\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("NO_PROXY", "")
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    server.routes["/"] = reply("x")
    assert client(server).get(server.url + "/").body == b"x"
    assert "authorization" not in server.log[0].headers


def test_validators_go_back_letter_for_letter(server: HostileServer) -> None:
    server.routes["/"] = reply("", "304 Not Modified")
    cursor = Cursor(etag='W/"x  y"', last_modified="Yesterday, about noon")
    assert client(server).get(server.url + "/", cursor=cursor).status == 304
    assert server.log[0].headers["if-none-match"] == 'W/"x  y"'
    assert server.log[0].headers["if-modified-since"] == "Yesterday, about noon"


@pytest.mark.parametrize("etag", ['"plain"', '"b\xe9 \xff"', '"' + "x" * 8000 + '"', ""])
def test_odd_validators_come_back_as_they_were_or_not_at_all(server: HostileServer, etag: str) -> None:
    server.routes["/"] = reply("x", ETag=etag)
    fetcher = client(server)
    got = fetcher.get(server.url + "/").headers.get("etag")
    fetcher.get(server.url + "/", cursor=Cursor(etag=got))
    assert server.log[1].headers.get("if-none-match") == (etag if 0 < len(etag) < 1000 else None)


def test_a_redirect_written_in_utf8(server: HostileServer) -> None:
    server.routes["/a"] = reply("", "302 Found", Location="/k\xc3\xa4se")
    server.routes["/k%C3%A4se"] = reply("cheese")
    assert client(server).get(server.url + "/a").body == b"cheese"


def test_not_modified_must_have_been_asked_for(server: HostileServer) -> None:
    server.routes["/"] = reply("", "304 Not Modified")
    with pytest.raises(HttpStatus):
        client(server).get(server.url + "/")


@pytest.mark.parametrize(
    "status", ["404 Not Found", "500 Oops", "403 No", "206 Partial Content", "204 No Content", "410 Gone"]
)
def test_statuses_are_errors_with_advice(server: HostileServer, status: str) -> None:
    server.routes["/"] = reply("<html>error page</html>", status)
    with pytest.raises(HttpStatus, match=status[:3]) as caught:
        client(server).get(server.url + "/")
    assert caught.value.status == int(status[:3])


# --- time ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "route",
    [
        forever(b"", 0.05),
        forever(b"a", 0.05, HEAD + b"\r\n"),
        forever(b"a", 0.05, HEAD + b"X: "),
        forever(b"", 0.05, HEAD + b"Content-Length: 10\r\n\r\n"),
        forever(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 50),
        forever(b"HTTP/1.1 100 Continue\r\n\r\n", 0.02),
        forever(b"1\r\na\r\n", 0.02, HEAD + b"Transfer-Encoding: chunked\r\n\r\n"),
    ],
    ids=["silence", "body drip", "header drip", "silent body", "endless 1xx", "slow 1xx", "chunk drip"],
)
def test_the_deadline_cuts_everything(server: HostileServer, route: Callable[[Request], Chunks]) -> None:
    server.routes["/"] = route
    started = time.monotonic()
    with pytest.raises(FetchTimeout, match=r"timed out after 0\.5 s"):
        client(server, timeout=0.5).get(server.url + "/")
    assert time.monotonic() - started < 1.5


def test_redirects_share_one_deadline(server: HostileServer) -> None:
    def slow(request: Request) -> Chunks:
        time.sleep(0.25)
        yield reply("", "302 Found", Location=f"/{int(request.path[1:]) + 1}")

    server.routes.update({f"/{n}": slow for n in range(9)})
    with pytest.raises(FetchTimeout):
        client(server, timeout=0.6).get(server.url + "/0")


@pytest.mark.parametrize(
    "head",
    [
        HEAD + b"A: b\r\n" * 9000,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1" * 200_000,
        b"garbage\r\n\r\n",
        b"<html>",
        b"",
        HEAD + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",
        HEAD + b"Content-Length: -1\r\n\r\n",
    ],
    ids=["headers", "chunk size", "garbage", "no HTTP", "empty", "two lengths", "negative length"],
)
def test_what_is_not_http_is_an_error(server: HostileServer, head: bytes) -> None:
    server.routes["/"] = head
    with pytest.raises(FetchError):
        client(server).get(server.url + "/")


def test_length_stated_twice(server: HostileServer) -> None:
    server.routes["/"] = HEAD + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"
    with pytest.raises(FetchError, match="two ways"):
        client(server).get(server.url + "/")


# --- size and coding -------------------------------------------------------------------------------------------------


def test_a_large_body_is_cut_at_its_cap(server: HostileServer) -> None:
    server.routes["/long"] = forever(b"a" * 65536, 0, HEAD + b"Content-Length: 20971520\r\n\r\n")
    server.routes["/endless"] = forever(b"a" * 65536, 0, HEAD + b"\r\n")
    for path in ("/long", "/endless"):
        with pytest.raises(ReplyTooLarge, match=r"larger than 0\.0954 MiB"):
            client(server).get(server.url + path, limit=100_000)


def gzipped(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate", "identity, gzip", "GZIP"])
def test_codings(server: HostileServer, coding: str) -> None:
    data = b"news " * 1000
    server.routes["/"] = reply(zlib.compress(data) if coding == "deflate" else gzipped(data), Content_Encoding=coding)
    assert client(server).get(server.url + "/").body == data


def test_raw_deflate_and_several_members_and_padding(server: HostileServer) -> None:
    packer = zlib.compressobj(wbits=-15)
    server.routes["/raw"] = reply(packer.compress(b"news") + packer.flush(), Content_Encoding="deflate")
    server.routes["/two"] = reply(gzipped(b"ne") + gzipped(b"ws") + b"\0\0", Content_Encoding="gzip")
    assert client(server).get(server.url + "/raw").body == b"news"
    assert client(server).get(server.url + "/two").body == b"news"


@pytest.mark.parametrize(
    ("coding", "why"),
    [
        ("gzip, gzip", "2 times"),
        (", ".join(["gzip"] * 500), "500 times"),
        ("br", "not asked for"),
        ("zstd", "not asked for"),
        ("gzip", "is not"),
    ],
)
def test_codings_that_are_refused(server: HostileServer, coding: str, why: str) -> None:
    server.routes["/"] = reply(b"plain text", Content_Encoding=coding)
    with pytest.raises(FetchError, match=why):
        client(server).get(server.url + "/")


def test_truncated_replies_are_failures(server: HostileServer) -> None:
    whole = gzipped(bytes(range(256)) * 400)
    server.routes["/gzip"] = reply(whole[:-20], Content_Encoding="gzip")
    server.routes["/length"] = HEAD + b"Content-Length: 100\r\n\r\nabc"
    server.routes["/chunk"] = HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabc"
    for path in ("/gzip", "/length", "/chunk"):
        with pytest.raises(ReplyTruncated, match="cut off"):
            client(server).get(server.url + path)


def test_nested_and_raw_bombs_are_not_unpacked(server: HostileServer) -> None:
    """265 bytes that are 2 GiB after three codings, and as much in one coding of the other kind."""
    once = gzipped(bytes(64 << 20))
    server.routes["/three"] = reply(gzipped(gzipped(once)), Content_Encoding="gzip, gzip, gzip")
    server.routes["/deflate"] = reply(zlib.compress(bytes(64 << 20), 9), Content_Encoding="deflate")
    with pytest.raises(FetchError, match="3 times"):
        client(server).get(server.url + "/three")
    with pytest.raises(ReplyTooLarge, match="decompress"):
        client(server).get(server.url + "/deflate")


def test_a_gigabyte_in_a_megabyte_stays_small(server: HostileServer) -> None:
    def bomb(request: Request) -> Chunks:
        packer = zlib.compressobj(9, wbits=31)
        yield HEAD + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n"
        for _ in range(1024):
            yield packer.compress(bytes(1 << 20))
        yield packer.flush()

    server.routes["/bomb"] = bomb
    found = met({"bomb": f"{server.place}/bomb"})
    assert found.grown < 64 * 1024, f"{found.grown} KiB"
    assert found.ended == {"bomb": "ReplyTooLarge"}
    assert "decompress" in found.said["bomb"]


# --- redirects -------------------------------------------------------------------------------------------------------


def test_redirects_are_followed_and_told(server: HostileServer) -> None:
    server.routes["/a"] = reply("", "301 Moved", Location="b?x=1")
    server.routes["/b"] = reply("", "308 Moved", Location=server.url + "/c")
    server.routes["/c"] = reply("end")
    server.routes["/t"] = reply("", "302 Found", Location="/c")
    answer = client(server).get(server.url + "/a")
    assert (answer.url, answer.body, answer.redirected_permanently) == (server.url + "/c", b"end", True)
    assert not client(server).get(server.url + "/t").redirected_permanently
    assert not client(server).get(server.url + "/c").redirected_permanently


def test_redirect_loops_end(server: HostileServer) -> None:
    server.routes["/"] = reply("", "302 Found", Location="/")
    with pytest.raises(FetchError, match="more than 5 times"):
        client(server).get(server.url + "/")
    assert len(server.log) == 6


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:1/",
        "http://169.254.169.254/latest",
        "http://[::1]/",
        "file:///etc/passwd",
        "http://2130706433/",
        "gopher://x/",
        "//10.0.0.1/",
        "http://u:p@example.com/",
        "http://localhost/",
        "",
    ],
)
@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
def test_no_redirect_leads_inside(server: HostileServer, target: str, status: str) -> None:
    server.routes["/"] = reply("", status, Location=target)
    with pytest.raises(AddressRefused):
        client(server).get(server.url + "/")
    assert len(server.log) == 1


def test_refresh_is_never_followed(server: HostileServer) -> None:
    server.routes["/"] = reply('<meta http-equiv="refresh" content="0;url=/b">', Refresh="0; url=/b")
    client(server).get(server.url + "/")
    assert server.paths() == ["/"]


def test_a_credential_stays_with_its_origin(server: HostileServer) -> None:
    with HostileServer({"/": reply("other")}) as other:
        server.routes["/"] = reply("", "302 Found", Location=other.url + "/")
        fetcher = client(server, other.place)
        assert fetcher.get(server.url + "/", headers={"Authorization": "Bearer canary"}).body == b"other"
        assert server.log[0].headers["authorization"] == "Bearer canary"
        assert "authorization" not in other.log[0].headers


# --- manners ---------------------------------------------------------------------------------------------------------


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def paced(server: HostileServer, clock: Clock, pace: float = 1.0) -> HttpFetcher:
    return HttpFetcher(IngestSettings(pace=pace, allow_private=(server.place,)), clock=clock, sleep=clock.sleep)


def test_one_request_a_second_and_host(server: HostileServer) -> None:
    server.routes["/"] = reply("x")
    clock = Clock()
    fetcher = paced(server, clock)
    for _ in range(4):
        fetcher.get(server.url + "/")
    assert clock.slept == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        ("1000000000000", 7 * 86400.0),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("Thu, 01 Jan 2026 00:10:00 GMT", 600.0),
        ("Thu, 01 Jan 2026 00:00:00 GMT", 0.0),
        ("Wed, 31 Dec 2025 00:00:00 GMT", 0.0),
        ("Fri, 01 Jan 2126 00:00:00 GMT", 7 * 86400.0),
    ],
)
def test_retry_after_is_read(server: HostileServer, header: str, seconds: float | None) -> None:
    server.routes["/"] = reply("", "429 Slow down", Retry_After=header, Date="Thu, 01 Jan 2026 00:00:00 GMT")
    with pytest.raises(HttpStatus) as caught:
        client(server).get(server.url + "/")
    assert caught.value.retry_after == seconds


def test_the_whole_host_waits_after_429(server: HostileServer) -> None:
    server.routes["/a"] = reply("", "429 Slow down", Retry_After="60")
    server.routes["/b"] = reply("x")
    clock = Clock()
    fetcher = paced(server, clock, pace=0)
    for path in ("/a", "/b", "/b"):
        with pytest.raises(HttpStatus):
            fetcher.get(server.url + path)
    assert server.paths() == ["/a"]
    clock.now += 61
    assert fetcher.get(server.url + "/b").body == b"x"


ROBOTS = "\ufeffUser-agent: *\nDisallow: /closed\nAllow: /closed/open\nDisallow: /*.pdf$\nCrawl-delay: 3\n"


def test_robots_txt_is_obeyed_for_pages(server: HostileServer) -> None:
    server.routes.update({path: reply("x") for path in ("/closed", "/closed/open", "/a.pdf", "/a.pdf.html", "/free")})
    server.routes["/robots.txt"] = reply(ROBOTS)
    clock = Clock()
    fetcher = paced(server, clock)
    for path, free in (
        ("/closed", False),
        ("/closed/open", True),
        ("/a.pdf", False),
        ("/a.pdf.html", True),
        ("/free", True),
    ):
        if free:
            assert fetcher.get(server.url + path, robots=True).body == b"x"
        else:
            with pytest.raises(RobotsRefused, match=r"robots\.txt closes"):
                fetcher.get(server.url + path, robots=True)
    assert fetcher.get(server.url + "/closed").body == b"x"  # a feed is offered for fetching
    assert server.paths().count("/robots.txt") == 1
    assert 3.0 in clock.slept
    clock.now += 25 * 3600
    fetcher.get(server.url + "/free", robots=True)
    assert server.paths().count("/robots.txt") == 2


@pytest.mark.parametrize(
    ("robots", "free"),
    [
        (reply("", "404 No"), True),
        (reply("", "403 No"), True),
        (reply("", "500 Oops"), False),
        (reply("", "429 Slow"), False),
        (reply("", "302 Found", Location="http://10.0.0.1/robots.txt"), False),
        (HEAD + b"Content-Length: 9\r\n\r\nU", False),
        (reply("User-agent: Citewire\nDisallow: /"), False),
        (reply("User-agent: other\nDisallow: /"), True),
        (reply(b"\x00\xff\xfe binary \x80"), True),
        (reply("User-agent: *\nCrawl-delay: 120"), False),
        (reply(""), True),
        (reply(b"User-agent: *\nDisallow: /page\n" + b"#" * 1_000_000), False),
        (reply(b"User-agent: *\rDisallow: /page"), False),
    ],
    ids=["404", "403", "500", "429", "private", "cut off", "us", "others", "binary", "slow", "empty", "1 MB", "CR"],
)
def test_robots_txt_in_every_state(server: HostileServer, robots: bytes, free: bool) -> None:
    server.routes.update({"/robots.txt": robots, "/page": reply("x")})
    fetcher = client(server)
    if free:
        assert fetcher.get(server.url + "/page", robots=True).body == b"x"
    else:
        with pytest.raises(RobotsRefused):
            fetcher.get(server.url + "/page", robots=True)
        assert "/page" not in server.paths()


def test_a_redirect_into_a_closed_part_is_not_followed(server: HostileServer) -> None:
    server.routes.update({"/robots.txt": reply(ROBOTS), "/a": reply("", "302 Found", Location="/closed")})
    with pytest.raises(RobotsRefused):
        paced(server, Clock()).get(server.url + "/a", robots=True)


def test_one_connection_a_host_at_a_time(server: HostileServer) -> None:
    busy, most = itertools.count(), []
    open_now: list[int] = []

    def route(request: Request) -> Chunks:
        open_now.append(next(busy))
        most.append(len(open_now))
        time.sleep(0.02)
        open_now.pop()
        yield reply("x")

    server.routes["/"] = route
    fetcher = client(server, timeout=5.0)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: fetcher.get(server.url + "/"), range(16)))
    assert max(most) == 1


def test_http_is_httpx() -> None:
    """A ruling of the project's owner, which no speed outweighs: requests are built, sent and read by httpx.Client.

    httpx brings httpcore; a transport of our own below it is welcome, another client or a fork in its place is not.
    """
    import pipeline.fetch.client as client_module
    import pipeline.fetch.transport as transport_module

    assert client_module.httpx.Client
    assert issubclass(transport_module.Transport, client_module.httpx.BaseTransport)
