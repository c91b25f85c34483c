"""trouble and the edges of the guard: errors of the HTTP libraries in words, and what may never be dialled."""

from __future__ import annotations

import random
import time

import httpcore
import httpx
import pytest

from pipeline.errors import AddressRefused, FetchError, FetchTimeout, NotReached, ReplyTooLarge
from pipeline.fetch import decoding
from pipeline.fetch.guard import Guard, GuardedBackend, deadline
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
