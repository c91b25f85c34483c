"""trouble and the edges of the guard: errors of the HTTP libraries in words, and what may never be dialled."""

from __future__ import annotations

import random
import time

import httpcore
import httpx
import pytest

from pipeline.errors import AddressRefused, FetchError, FetchTimeout, NotReached, ReplyTooLarge
from pipeline.fetch import decoding
from pipeline.fetch.guard import (
    CONNECT_SECONDS,
    DeadlineStream,
    Guard,
    GuardedBackend,
    deadline,
    system_resolve,
)
from pipeline.fetch.loopback import LOOPBACK, Loopback
from pipeline.fetch.trouble import Progress, led_astray, translated

URL = "https://harbour.example/feed"


@pytest.mark.parametrize(
    ("raised", "becomes", "says"),
    [
        (httpcore.ConnectTimeout("the resolver did not answer"), FetchTimeout, "no connection"),
        (httpcore.ConnectTimeout(""), FetchTimeout, "nothing answers"),
        (httpcore.ReadTimeout("deadline"), FetchTimeout, "timed out after 2 s (0 bytes received)"),
        (httpcore.PoolTimeout(""), FetchTimeout, "raise timeout under [ingest]"),
        (httpcore.RemoteProtocolError("peer closed connection"), FetchError, "harbour.example"),
        (httpcore.ReadError("reset"), FetchError, "harbour.example"),
        (httpcore.ConnectError("[Errno 111] Connection refused"), NotReached, "cannot be reached"),
        (httpcore.WriteError("broken pipe"), NotReached, "cannot be reached"),
        (httpcore.LocalProtocolError("Illegal header value b'key-4711'"), FetchError, "the request is not valid HTTP"),
        (httpx.InvalidURL("no"), FetchError, "InvalidURL"),
        (httpx.DecodingError("no"), FetchError, "DecodingError"),
    ],
)
def test_every_error_of_the_libraries_is_told_with_its_address_and_without_a_key(raised, becomes, says):
    with pytest.raises(becomes) as caught, translated(URL, 2.0, Progress()):
        raise raised
    assert says in str(caught.value)
    assert "4711" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_what_is_no_error_of_the_network_passes():
    with pytest.raises(ZeroDivisionError), translated(URL, 2.0, Progress()):
        raise ZeroDivisionError


def test_a_redirect_that_leads_inside_is_told_as_one():
    bare = AddressRefused("refused")
    assert led_astray(URL, bare) is bare
    told = led_astray(URL, AddressRefused("refused", reason="10.0.0.5 is private", remedy="Do this"))
    assert told.redirected
    assert str(told).startswith(f"refused: {URL} redirects to where nothing may be asked (10.0.0.5 is private)")
    assert str(told).endswith("Do this")
    assert not str(led_astray(URL, AddressRefused("refused", reason="x"))).endswith(". ")


def test_a_resolver_that_is_silent_ends_with_the_request():
    deadline.set(time.monotonic() + 0.05)
    guard = Guard(resolve=lambda *_: time.sleep(3) or ["93.184.216.34"])
    began = time.monotonic()
    with pytest.raises(httpcore.ConnectTimeout, match="the resolver did not answer"):
        guard.addresses("feed.example", 443)
    assert time.monotonic() - began < 2


def test_no_address_is_dialled_when_the_time_is_over():
    class Dial(httpcore.NetworkBackend):
        def connect_tcp(self, *_: object, **__: object) -> httpcore.NetworkStream:
            raise AssertionError("dialled")

    deadline.set(time.monotonic() - 1)
    backend = GuardedBackend(Guard(), Dial())
    with pytest.raises(httpcore.ConnectTimeout, match="deadline passed"):
        backend.connect_tcp("93.184.216.34", 443)


def test_no_socket_file_is_ever_opened():
    with pytest.raises(AddressRefused, match=r"/run/docker\.sock is a local socket"):
        GuardedBackend(Guard()).connect_unix_socket("/run/docker.sock")


def test_the_samples_network_leaves_no_machine():
    hosts = Loopback(("harbour.example",), 8000)
    assert hosts.allowed() == ("harbour.example:80",)
    assert hosts.resolve("harbour.example", 80) == (LOOPBACK,)
    with pytest.raises(OSError, match="not a host of the sample"):
        hosts.resolve("www.example.com", 443)
    with pytest.raises(httpcore.ConnectError, match="not on this machine"):
        hosts.connect_tcp("93.184.216.34", 80)


def test_a_reply_that_is_longer_than_it_may_be_is_cut_before_it_is_unpacked():
    body = decoding.Body("gzip", 1000)
    noise = random.Random(1).randbytes(1 << 20)
    with pytest.raises(ReplyTooLarge, match="as sent"):
        body.add(noise)


class Inner(httpcore.NetworkStream):
    """A connection that notes how long it may take for what."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.asked.append(("read", max_bytes, timeout))
        return b"x" * max_bytes

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.asked.append(("write", buffer, timeout))

    def close(self) -> None:
        self.asked.append(("close",))

    def start_tls(self, ssl_context: object, server_hostname: str | None = None, timeout: float | None = None) -> Inner:
        self.asked.append(("start_tls", ssl_context, server_hostname, timeout))
        return Inner()

    def get_extra_info(self, info: str) -> object:
        return ("extra", info)


def limits(stream: DeadlineStream, inner: Inner, given: float | None) -> list[float]:
    """How long each step was allowed to take where `given` was asked for."""
    inner.asked.clear()
    assert stream.read(7, given) == b"x" * 7
    stream.write(b"body", given)
    assert isinstance(stream.start_tls("context", "feed.example", given), DeadlineStream)
    assert [one[:-1] for one in inner.asked] == [
        ("read", 7),
        ("write", b"body"),
        ("start_tls", "context", "feed.example"),
    ]
    return [one[-1] for one in inner.asked if isinstance(one[-1], float)]


def test_every_step_ends_with_the_request_and_sooner_where_that_is_asked():
    inner = Inner()
    stream = DeadlineStream(inner)
    deadline.set(time.monotonic() + 50)
    for given, most in ((None, 50), (5.0, 5), (500.0, 50)):
        found = limits(stream, inner, given)
        assert len(found) == 3
        assert all(most - 2 < one <= most for one in found), (given, found)
    assert stream.get_extra_info("socket") == ("extra", "socket")
    stream.close()
    assert inner.asked[-1] == ("close",)


def test_no_step_begins_when_the_time_is_over():
    inner = Inner()
    stream = DeadlineStream(inner)
    for left in (0.0, -1.0):
        deadline.set(time.monotonic() + left)
        for step, error in (
            (lambda: stream.read(1), httpcore.ReadTimeout),
            (lambda: stream.write(b""), httpcore.WriteTimeout),
            (lambda: stream.start_tls("context"), httpcore.ConnectTimeout),
        ):
            with pytest.raises(error, match=r"^deadline passed$"):
                step()
    assert inner.asked == []


def test_a_dial_is_no_longer_than_a_connection_may_take():
    asked: list[tuple[object, ...]] = []

    class Dial(httpcore.NetworkBackend):
        def connect_tcp(self, host: str, port: int, *rest: object) -> httpcore.NetworkStream:  # type: ignore[override]
            asked.append((host, port, *rest))
            return Inner()

    backend = GuardedBackend(Guard(), Dial())
    deadline.set(time.monotonic() + 60)
    for given, most in ((None, CONNECT_SECONDS), (3.0, 3.0), (99.0, CONNECT_SECONDS)):
        assert isinstance(backend.connect_tcp("93.184.216.34", 443, given, "0.0.0.0", [("o",)]), DeadlineStream)
        host, port, limit, local, options = asked.pop()
        assert (host, port, local, options) == ("93.184.216.34", 443, "0.0.0.0", [("o",)])
        assert limit == pytest.approx(most, abs=0.01)


def test_what_the_resolver_raises_reaches_the_caller_in_words():
    deadline.set(time.monotonic() + 5)

    def fails(*_: object) -> list[str]:
        raise OSError(-2, "Name or service not known")

    with pytest.raises(NotReached, match=r"^feed\.example cannot be found \(Name or service not known\); check"):
        Guard(resolve=fails).addresses("feed.example", 443)
    with pytest.raises(NotReached, match=r"^feed\.example has no address; check how it is written$"):
        Guard(resolve=lambda *_: []).addresses("feed.example", 443)


def test_the_systems_resolver_gives_plain_addresses():
    assert system_resolve("127.0.0.1", 80) == ["127.0.0.1"]
    assert system_resolve("::1", 80) == ["::1"]


def test_a_refusal_says_what_to_write_where_that_can_be_meant():
    with pytest.raises(AddressRefused) as caught:
        Guard().addresses("10.0.0.5", 80)
    assert str(caught.value) == (
        "refused: 10.0.0.5 is private; nothing was requested. "
        'If you run this server yourself add allow_private = ["10.0.0.5:80"] under [ingest]'
    )
    with pytest.raises(AddressRefused) as caught:
        Guard().addresses("169.254.169.254", 80)
    assert str(caught.value) == "refused: 169.254.169.254 is link-local; nothing was requested"
    assert (caught.value.reason, caught.value.remedy) == ("169.254.169.254 is link-local", "")
