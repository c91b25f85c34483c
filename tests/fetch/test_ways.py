"""Eighty ways of a server to misbehave, met by one fetcher: each ends in time, in its own error, in little memory.

The fetcher runs in a process of its own, whose memory is measured; each way has a server of its own on loopback. How
many there are is printed with -s.
"""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from itertools import repeat

from hostile import Chunks, HostileServer, Request, Route, reply
from reading_alone import met

DEADLINE = 1.5  # seconds that a request may take; a second more is the goal
MOST = 64 << 10  # KiB by which the process may grow
HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def drip(head: bytes, chunk: bytes, pause: float = 0.02) -> Route:
    """An answer that never ends, a little at a time."""

    def route(_: Request) -> Chunks:
        yield head
        while True:
            yield chunk
            time.sleep(pause)

    return route


def flood(head: bytes, chunk: bytes, times: int) -> Route:
    """Very much, as fast as it is taken."""

    def route(_: Request) -> Chunks:
        yield head
        yield from repeat(chunk, times)

    return route


def packed(chunk: bytes, times: int, wbits: int, coding: str) -> Route:
    """Zeros without end in few bytes."""

    def route(_: Request) -> Chunks:
        packer = zlib.compressobj(9, wbits=wbits)
        yield HEAD + f"Content-Encoding: {coding}\r\nConnection: close\r\n\r\n".encode()
        for _ in range(times):
            yield packer.compress(chunk)
        yield packer.flush()

    return route


def later(seconds: float, answer: bytes) -> Route:
    """An answer after a while."""

    def route(_: Request) -> Chunks:
        time.sleep(seconds)
        yield answer

    return route


def hops(status: str, to: Callable[[Request], str]) -> Route:
    """A redirect that depends on what was asked."""
    return lambda request: [reply("", status, Location=to(request))]


def moved(to: str, status: str = "302 Found") -> bytes:
    return HEAD.replace(b"200 OK", status.encode()) + b"Content-Length: 0\r\nLocation: " + to.encode() + b"\r\n\r\n"


GZIP = gzip.compress(b"news " * 40_000, mtime=0)
ZEROS = bytes(1 << 20)
ZIPPED = HEAD + b"Content-Encoding: gzip\r\n\r\n"
HUGE = HEAD + b"Content-Length: 99999999999\r\n\r\n"
TWO = HEAD + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"
MEMBERS = gzip.compress(ZEROS, mtime=0), gzip.compress(b"", mtime=0) * 500
WAYS: dict[str, tuple[Route, str]] = {
    # --- time ---
    "silence": (drip(b"", b""), "FetchTimeout"),
    "silence after the status": (drip(b"HTTP/1.1 200 OK\r\n", b""), "FetchTimeout"),
    "silence after the head": (drip(HEAD + b"Content-Length: 9\r\n\r\n", b""), "FetchTimeout"),
    "silence within the body": (drip(HEAD + b"Content-Length: 9\r\n\r\nabc", b""), "FetchTimeout"),
    "a body that drips": (drip(HEAD + b"\r\n", b"a"), "FetchTimeout"),
    "a header that drips": (drip(HEAD + b"X: ", b"a"), "FetchTimeout"),
    "a status that drips": (drip(b"HTTP/1.1 200 ", b"a"), "FetchTimeout"),
    "headers that drip": (drip(HEAD, b"A: b\r\n"), "FetchTimeout"),
    "chunks that drip": (drip(CHUNKED, b"1\r\na\r\n"), "FetchTimeout"),
    "a chunk size that drips": (drip(CHUNKED, b"0"), "FetchTimeout"),
    "a chunk extension that drips": (drip(CHUNKED + b"1;", b"a"), "FetchTimeout"),
    "trailers that drip": (drip(CHUNKED + b"0\r\n", b"A: b\r\n"), "FetchTimeout"),
    "early hints without end": (drip(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"), "FetchTimeout"),
    "continue without end": (drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "FetchTimeout"),
    "early hints as fast as can be": (flood(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 50, 10**6), "FetchTimeout"),
    "gzip that drips": (drip(HEAD + b"Content-Encoding: gzip\r\n\r\n" + GZIP[:50], b"\0", 0.05), "FetchTimeout"),
    "an answer too late": (later(DEADLINE + 1, reply("late")), "FetchTimeout"),
    "a redirect too late": (later(DEADLINE + 1, reply("", "302 Found", Location="/x")), "FetchTimeout"),
    "redirects that each take a while": (
        lambda request: (time.sleep(0.5), [reply("", "302 Found", Location=f"{request.path}x")])[1],
        "FetchTimeout",
    ),
    # --- size ---
    "a body without end": (flood(HEAD + b"\r\n", b"a" * 65536, 10**6), "ReplyTooLarge"),
    "a length beyond measure": (flood(HUGE, b"a" * 65536, 10**6), "ReplyTooLarge"),
    "chunks without end": (flood(CHUNKED, b"ffff\r\n" + b"a" * 65535 + b"\r\n", 10**6), "ReplyTooLarge"),
    "many small chunks": (flood(CHUNKED, b"1\r\na\r\n" * 5000, 10**6), "FetchTimeout|ReplyTooLarge"),
    "headers without end": (flood(HEAD, b"A: b\r\n" * 1000, 10**5), "FetchError"),
    "a header without end": (flood(HEAD + b"X: ", b"a" * 65536, 10**5), "FetchError"),
    "a status without end": (flood(b"HTTP/1.1 200 ", b"a" * 65536, 10**5), "FetchError"),
    "trailers without end": (flood(CHUNKED + b"0\r\n", b"A: b\r\n" * 1000, 10**5), "ReplyTruncated"),
    "a chunk size without end": (flood(CHUNKED, b"1" * 65536, 10**5), "ReplyTruncated"),
    "gzip that grows a thousandfold": (packed(ZEROS, 512, 31, "gzip"), "ReplyTooLarge"),
    "deflate that grows a thousandfold": (packed(ZEROS, 512, 15, "deflate"), "ReplyTooLarge"),
    "raw deflate that grows a thousandfold": (packed(ZEROS, 512, -15, "deflate"), "ReplyTooLarge"),
    "gzip in members without end": (flood(ZIPPED, MEMBERS[0], 5000), "ReplyTooLarge"),
    "gzip of empty members without end": (flood(ZIPPED, MEMBERS[1], 10**5), "FetchTimeout|ReplyTooLarge"),
    "gzip in gzip": (reply(gzip.compress(GZIP), Content_Encoding="gzip, gzip"), "FetchError"),
    "cookies by the thousand": (HEAD + b"Set-Cookie: a=b\r\n" * 5000 + b"Content-Length: 1\r\n\r\na", "200 1"),
    # --- codings ---
    "a coding that nobody asked for": (reply("x", Content_Encoding="br"), "FetchError"),
    "a coding that is none": (reply("x", Content_Encoding="nonsense"), "FetchError"),
    "codings by the hundred": (reply("x", Content_Encoding=", ".join(["gzip"] * 300)), "FetchError"),
    "gzip that is none": (reply("plain text", Content_Encoding="gzip"), "FetchError"),
    "deflate that is none": (reply("plain text", Content_Encoding="deflate"), "FetchError"),
    "gzip that breaks off": (reply(GZIP[:-200], Content_Encoding="gzip"), "ReplyTruncated"),
    "gzip with a wrong sum": (reply(GZIP[:-8] + b"\0" * 8, Content_Encoding="gzip"), "FetchError"),
    "gzip with a tail": (reply(GZIP + b"garbage", Content_Encoding="gzip"), "200 200000"),
    "chunked twice": (HEAD + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", "FetchError"),
    "a transfer coding that is none": (HEAD + b"Transfer-Encoding: nonsense\r\n\r\nabc", "FetchError"),
    # --- framing ---
    "nothing": (b"", "NoReply"),
    "no HTTP": (b"<html>hello</html>", "NoReply"),
    "garbage": (b"\x00\xff\xfegarbage\r\n\r\n", "FetchError"),
    "another protocol": (b"SSH-2.0-OpenSSH_9.9\r\n", "NoReply"),
    "an old version of HTTP": (b"HTTP/0.9 200 OK\r\n\r\nabc", "200 3"),
    "a later version of HTTP": (b"HTTP/3.0 200 OK\r\nContent-Length: 3\r\n\r\nabc", "200 3"),
    "a status that is no number": (b"HTTP/1.1 two OK\r\n\r\n", "FetchError"),
    "a status of four digits": (b"HTTP/1.1 2000 OK\r\n\r\n", "FetchError"),
    "a status of nought": (b"HTTP/1.1 000 No\r\nContent-Length: 0\r\n\r\n", "FetchError"),
    "a switch of protocols": (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "FetchError"),
    "a header without a colon": (HEAD + b"nonsense\r\nContent-Length: 1\r\n\r\na", "FetchError"),
    "a header with a space in its name": (HEAD + b"A b: c\r\nContent-Length: 1\r\n\r\na", "FetchError"),
    "a header with a null": (HEAD + b"A: \x00\r\nContent-Length: 1\r\n\r\na", "FetchError"),
    "two lengths": (HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", "FetchError"),
    "a length and chunks": (TWO, "FetchError"),
    "a negative length": (HEAD + b"Content-Length: -1\r\n\r\nabc", "FetchError"),
    "a length that is no number": (HEAD + b"Content-Length: many\r\n\r\nabc", "FetchError"),
    "a body that is too short": (HEAD + b"Content-Length: 100\r\n\r\nabc", "ReplyTruncated"),
    "a chunk that is too short": (CHUNKED + b"5\r\nabc", "ReplyTruncated"),
    "a last chunk that is missing": (CHUNKED + b"3\r\nabc\r\n", "ReplyTruncated"),
    "a chunk size that is no number": (CHUNKED + b"xyz\r\nabc\r\n0\r\n\r\n", "ReplyTruncated"),
    "a chunk size beyond measure": (CHUNKED + b"f" * 17 + b"\r\nabc", "ReplyTruncated"),
    # --- redirects and statuses ---
    "a redirect to itself": (hops("302 Found", lambda request: request.path), "FetchError"),
    "redirects without end": (hops("301 Moved", lambda request: f"{request.path}x"), "FetchError"),
    "a redirect inside": (moved("http://10.0.0.1/"), "AddressRefused"),
    "a redirect to the metadata of a cloud": (moved("http://169.254.169.254/latest/meta-data/"), "AddressRefused"),
    "a redirect to a file": (moved("file:///etc/passwd"), "AddressRefused"),
    "a redirect to a script": (moved("javascript:alert(1)"), "AddressRefused"),
    "a redirect with a login": (moved("http://user:secret@127.0.0.1/"), "AddressRefused"),
    "a redirect nowhere": (moved(""), "AddressRefused"),
    "a redirect to what is no address": (moved("http://[::1"), "AddressRefused"),
    "a redirect of ten thousand characters": (moved("/" + "a" * 10_000), "AddressRefused"),
    "a redirect without a place": (reply("", "302 Found"), "AddressRefused"),
    "many choices": (reply("", "300 Multiple Choices"), "HttpStatus"),
    "unchanged to whoever has nothing": (reply("", "304 Not Modified"), "HttpStatus"),
    "part of it": (reply("abc", "206 Partial Content"), "HttpStatus"),
    "no content": (reply("", "204 No Content"), "HttpStatus"),
    "gone": (reply("", "410 Gone"), "HttpStatus"),
    "a teapot": (reply("", "418 I'm a teapot"), "HttpStatus"),
    "too many requests for a thousand years": (reply("", "429 Slow", Retry_After="31536000000"), "HttpStatus"),
    "a gateway in trouble": (reply("", "502 Bad Gateway"), "HttpStatus"),
    "an unknown status": (reply("", "599 What"), "HttpStatus"),
    "a login asked for": (reply("", "401 Who", WWW_Authenticate="Basic realm=x"), "HttpStatus"),
}  # fmt: skip


def test_every_way_ends_in_time_in_its_own_error_and_in_little_memory() -> None:
    with ExitStack() as servers:
        places = {name: servers.enter_context(HostileServer({"*": way})).place for name, (way, _) in WAYS.items()}
        first = met({name: f"{place}/" for name, place in places.items()}, 12, timeout=DEADLINE)
        ended, took = first.ended, first.took
        late = {
            name: f"{places[name]}/"
            for name, seconds in took.items()
            if seconds > DEADLINE + 1 or (ended[name] == "FetchTimeout" and "FetchTimeout" not in WAYS[name][1])
        }
        if late:  # of a machine that is busy with something else: once more, one at a time
            again = met(late, timeout=DEADLINE)
            ended, took = ended | again.ended, took | again.took
    print(f"\n{len(WAYS)} ways, grown by {first.grown >> 10} MiB, at most {max(took.values()):.1f} s")
    assert {name: one for name, one in ended.items() if one not in WAYS[name][1].split("|")} == {}
    assert {name: seconds for name, seconds in took.items() if seconds > DEADLINE + 1} == {}
    assert first.grown < MOST
