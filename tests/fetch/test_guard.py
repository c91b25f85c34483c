"""The guard dials public addresses only, whatever they are called. No packet leaves: the dial is a stub that counts.

28 IPv4 addresses and 24 IPv6 addresses and names that no fetcher may reach, in every spelling that some resolver,
browser or library understands, come by each way an address can come: typed in, in a redirect, in an answer of the DNS.
"""

from __future__ import annotations

import ipaddress
import itertools
import random
from collections.abc import Iterator, Sequence

import httpcore
import pytest
from hostile import HostileServer, reply

from pipeline.errors import AddressRefused, FetchError
from pipeline.fetch import HttpFetcher, guard
from pipeline.settings import IngestSettings

INNER_V4 = (
    "0.0.0.0",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.1.2.3",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "168.63.129.16",
    "0.1.2.3",
    "127.255.255.254",
    "172.20.10.1",
    "192.31.196.1",
    "192.175.48.1",
)
INNER_V6 = (
    "::",
    "::1",
    "fe80::1",
    "fec0::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "100::1",
    "2001:db8::1",
    "2001::1",
    "2001:10::1",
    "2002:7f00:1::",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "64:ff9b:1::a00:1",
    "2620:4f:8000::1",
    "fe80::5efe:a00:1",
    "febf::1",
    "2001:20::1",
)
INNER_NAMES = ("localhost", "localhost.localdomain", "ip6-localhost", "metadata.google.internal")
PUBLIC = (
    "93.184.216.34",
    "1.1.1.1",
    "172.32.0.1",
    "192.169.0.1",
    "2606:4700::1111",
    "2a00:1450:4001::200e",
    "::ffff:8.8.8.8",
)
BESIDE = (  # the last address before a block that is not public, and the first behind it
    *("9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0", "169.253.255.255"),
    *("169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.3.0", "192.167.255.255", "192.169.0.0", "198.17.255.255"),
    *("198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0", "223.255.255.255"),
    *("2001:db7:ffff::1", "2003::1", "2400::1"),
)
_ANY = random.Random("public")
ANYWHERE = tuple(f"{first}.{_ANY.randrange(256)}.{_ANY.randrange(256)}.7" for first in range(12, 98)) + tuple(
    f"{block}:{_ANY.randrange(65536):x}::{_ANY.randrange(65536):x}" for block in ("2600", "2800", "2a00", "2c00")
)
FRONT = "93.184.216.34"  # what feed.example resolves to


class Canned(httpcore.NetworkStream):
    """A connection that gives one reply to whatever is written."""

    def __init__(self, reply: bytes) -> None:
        self._left = reply

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        pass

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        given, self._left = self._left[:max_bytes], self._left[max_bytes:]
        return given

    def close(self) -> None:
        pass

    def get_extra_info(self, info: str) -> None:
        return None


class Spy(httpcore.NetworkBackend):
    """Counts dials; where `reply` is given the public front answers with it, and nothing else ever connects."""

    def __init__(self, reply: bytes = b"") -> None:
        self.dialled: list[tuple[str, int]] = []
        self._reply = reply

    def connect_tcp(self, host: str, port: int, *rest: object, **named: object) -> httpcore.NetworkStream:
        self.dialled.append((host, port))
        if self._reply and host == FRONT:
            return Canned(self._reply)
        raise httpcore.ConnectError("stub")


def fetcher(spy: Spy, *answers: Sequence[str], allow: tuple[str, ...] = ()) -> HttpFetcher:
    turns: Iterator[Sequence[str]] = itertools.chain(answers, itertools.repeat(answers[-1] if answers else ()))
    return HttpFetcher(
        IngestSettings(pace=0, timeout=5, allow_private=allow), resolve=lambda host, port: next(turns), dial=spy
    )


def spellings(address: str) -> list[str]:
    """Every way to write an IPv4 address that some resolver or browser understands."""
    number = int(ipaddress.IPv4Address(address))
    a, b, c, d = address.split(".")
    low, hexes = number & 0xFFFF, [f"{int(part):02x}" for part in (a, b, c, d)]
    groups = f"{hexes[0]}{hexes[1]}:{hexes[2]}{hexes[3]}"
    wide = address.translate({ord(digit): chr(0xFF10 + int(digit)) for digit in "0123456789"})
    return [
        address,
        address + ".",
        str(number),
        hex(number),
        oct(number).replace("0o", "0"),
        f"{a}.{int(b) << 16 | low}",
        f"{a}.{b}.{low}",
        ".".join(f"0x{part}" for part in hexes),
        ".".join(f"0{int(part):o}" for part in (a, b, c, d)),
        f"0x{hexes[0]}.{b}.{c}.0{int(d):o}",
        wide,
        address.replace(".", "。"),
        address.replace(".", "%2e"),
        f"user@{address}",
        f"example.com@{address}",
        f"[::ffff:{address}]",
        f"[::ffff:{groups}]",
        f"[::{address}]",
        f"[::{groups}]",
        f"[::ffff:0:{groups}]",
        f"[64:ff9b::{groups}]",
        f"[64:ff9b:1::{groups}]",
        f"[2002:{groups}::1]",
        f"[2001:0:{groups}::1]",
        f"[2606:4700::5efe:{groups}]",
        f"[2606:4700::200:5efe:{groups}]",
        f"[::ffff:{address}%25lo]",
    ]


REDIRECTS = (301, 302, 303, 307, 308)
FORMS = tuple(
    dict.fromkeys(
        [
            *(form for address in INNER_V4 for form in spellings(address)),
            *(f"[{address}]" for address in INNER_V6),
            *(f"[{ipaddress.IPv6Address(address).exploded.upper()}]" for address in INNER_V6),
            *(f"[{address}%25eth0]" for address in INNER_V6),
            *(form for name in INNER_NAMES for form in (name, f"{name}.", name.upper(), f"user@{name}")),
        ]
    )
)


def inner_resolver(host: str, port: int) -> Sequence[str]:
    """Answers like the system's: any spelling of a number that C understands, and names of this machine."""
    if host == "feed.example":
        return [FRONT]
    return ["169.254.169.254" if "metadata" in host else "127.0.0.1"]


def test_the_list_is_whole() -> None:
    assert (len(INNER_V4), len(INNER_V6) + len(INNER_NAMES)) == (28, 24)
    assert len(FORMS) >= 668
    assert len({*PUBLIC, *BESIDE, *ANYWHERE}) >= 100
    tries = (2 + len(REDIRECTS)) * len(FORMS) + 4 * len(ANSWERS)  # as an address, a refresh, a redirect, an answer
    print(f"\n{len(FORMS)} forms, {tries:,} tries; {len({*PUBLIC, *BESIDE, *ANYWHERE})} public addresses")


def test_no_spelling_of_an_inner_address_is_dialled() -> None:
    spy = Spy()
    client = HttpFetcher(IngestSettings(pace=0, timeout=5), resolve=inner_resolver, dial=spy)
    for form in FORMS:
        with pytest.raises(AddressRefused, match="nothing was requested"):
            client.get(f"http://{form}/")
    assert spy.dialled == []


@pytest.mark.parametrize("status", REDIRECTS)
def test_no_redirect_leads_to_an_inner_address(status: int) -> None:
    for form in FORMS:
        location = f"http://{form}/latest".encode()
        reply = b"HTTP/1.1 %d X\r\nContent-Length: 0\r\nLocation: %s\r\n\r\n" % (status, location)
        spy = Spy(reply)
        client = HttpFetcher(IngestSettings(pace=0, timeout=5), resolve=inner_resolver, dial=spy)
        with pytest.raises(AddressRefused, match="refused"):
            client.get("http://feed.example/")
        assert spy.dialled == [(FRONT, 80)], form


def test_a_refresh_is_no_redirect() -> None:
    for form in FORMS:
        to = f"http://{form}/latest".encode()
        page = b'<meta http-equiv="refresh" content="0; url=%s">' % to
        lines = b"Refresh: 0; url=%s\r\nContent-Location: %s\r\nContent-Length: %d" % (to, to, len(page))
        spy = Spy(b"HTTP/1.1 200 X\r\n%s\r\n\r\n%s" % (lines, page))
        client = HttpFetcher(IngestSettings(pace=0, timeout=5), resolve=inner_resolver, dial=spy)
        assert client.get("http://feed.example/").body == page
        assert spy.dialled == [(FRONT, 80)], form


ANSWERS = (
    *INNER_V4,
    *INNER_V6,
    *(form for address in INNER_V4 for form in (f"::ffff:{address}", f"64:ff9b::{address}")),
    "fe80::1%eth0",
    "2606:4700::1111%eth0",
)


@pytest.mark.parametrize("address", ANSWERS)
def test_no_name_leads_to_an_inner_address(address: str) -> None:
    spy = Spy()
    many = [f"93.184.{n}.34" for n in range(100)]
    for answers in ([address], [FRONT, address], [address, FRONT], [*many, address]):
        with pytest.raises(AddressRefused, match=r"resolves to .* \(") as caught:
            fetcher(spy, answers).get("http://feed.example/")
        advised = 'allow_private = ["feed.example:80"]' in str(caught.value)
        assert advised == ("169.254." not in address and "168.63." not in address)  # never where machines keep secrets
    assert spy.dialled == []


def test_no_more_than_sixteen_addresses_are_tried() -> None:
    spy = Spy()
    with pytest.raises(FetchError, match="cannot be reached"):
        fetcher(spy, [f"93.184.216.{n}" for n in range(200)]).get("http://feed.example/")
    assert len(spy.dialled) == 16


@pytest.mark.parametrize("address", [*PUBLIC, *BESIDE, *ANYWHERE])
def test_public_addresses_are_dialled(address: str) -> None:
    spy = Spy()
    with pytest.raises(FetchError, match="cannot be reached"):
        fetcher(spy, [address]).get("http://feed.example/")
    assert spy.dialled == [(address, 80)]
    assert guard.refusal(ipaddress.ip_address(address)) is None


def test_the_checked_address_is_the_dialled_one() -> None:
    spy = Spy()
    client = fetcher(spy, ["93.184.216.34"], ["127.0.0.1"])
    with pytest.raises(FetchError):
        client.get("http://rebind.example/")
    with pytest.raises(AddressRefused):
        client.get("http://rebind.example/")
    assert spy.dialled == [("93.184.216.34", 80)]


def test_every_checked_address_is_tried() -> None:
    spy = Spy()
    with pytest.raises(FetchError, match="cannot be reached"):
        fetcher(spy, ["2606:4700::1111", "1.1.1.1"]).get("https://feed.example/")
    assert spy.dialled == [("2606:4700::1111", 443), ("1.1.1.1", 443)]


def test_a_name_without_an_address() -> None:
    with pytest.raises(FetchError, match="has no address"):
        fetcher(Spy(), ()).get("http://feed.example/")

    def broken(host: str, port: int) -> Sequence[str]:
        raise OSError("no such name")

    with pytest.raises(FetchError, match=r"cannot be found \(no such name\)"):
        HttpFetcher(IngestSettings(pace=0), resolve=broken, dial=Spy()).get("http://feed.example/")


def test_ports() -> None:
    spy = Spy()
    with pytest.raises(AddressRefused, match="not a web port"):
        fetcher(spy, ["1.1.1.1"]).get("http://feed.example:25/")
    client = HttpFetcher(IngestSettings(pace=0), ports=(8443,), resolve=lambda host, port: ["1.1.1.1"], dial=spy)
    with pytest.raises(FetchError, match="cannot be reached"):
        client.get("https://feed.example:8443/")
    assert spy.dialled == [("1.1.1.1", 8443)]


def test_own_servers_by_explicit_permission_for_one_port() -> None:
    spy = Spy()
    client = fetcher(spy, ["10.0.0.5"], allow=("bridge.home:3000",))
    with pytest.raises(FetchError, match="cannot be reached"):
        client.get("http://bridge.home:3000/")
    with pytest.raises(AddressRefused):
        client.get("http://bridge.home/")
    assert spy.dialled == [("10.0.0.5", 3000)]


def test_a_redirect_to_an_inner_address_is_told_from_the_address_itself() -> None:
    """Who configured a public feed must not read that it is an inner address, and be told to allow that."""
    with HostileServer({"/feed": reply(b"", "302 Found", Location="http://169.254.169.254/latest/")}) as server:
        own = HttpFetcher(IngestSettings(pace=0, timeout=5, allow_private=(server.place,)))
        with pytest.raises(AddressRefused) as caught:
            own.get(f"{server.url}/feed")
    assert caught.value.redirected
    told = f"{server.url}/feed redirects to where nothing may be asked (169.254.169.254 is link-local)"
    assert told in str(caught.value)
    assert "allow_private" not in str(caught.value)
