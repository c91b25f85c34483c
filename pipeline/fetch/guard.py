"""The address guard: which machines may be dialled, decided after DNS and at the moment of connecting.

A name is resolved once, every answer must be public, and the address that was checked is the one that is dialled; so
neither odd spellings, nor redirects, nor an answer that changes between check and use can reach an inner network.
Tables: IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890), with the embedded-IPv4 forms unwrapped.
"""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from contextvars import ContextVar
from typing import Any

import httpcore

from pipeline.errors import AddressRefused, NotReached
from pipeline.fetch.place import WEB_PORTS

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]

CONNECT_SECONDS = 10.0
MAX_ANSWERS = 16  # addresses of one name that are tried; all of them are checked

# Wall-clock end of the request that the current thread is making, on time.monotonic.
deadline: ContextVar[float] = ContextVar("deadline")

_V4 = tuple(
    (ipaddress.IPv4Network(block), what)
    for block, what in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "cloud metadata"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "AS112"),
        ("192.52.193.0/24", "AMT"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "AS112"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
_NOBODYS = ("link-local", "cloud metadata")  # where machines are told their secrets: never advised to be allowed
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_V6 = tuple(
    (ipaddress.IPv6Network(block), what)
    for block, what in (
        ("2001::/32", "Teredo"),
        ("2001::/23", "protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("2620:4f:8000::/48", "AS112"),
        ("3fff::/20", "documentation"),
    )
)
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_ISATAP = (0x00005EFE, 0x02005EFE)


def refusal(address: Address) -> str | None:
    """Why `address` may not be dialled ("private", "loopback", ...), or None for a public one."""
    if isinstance(address, ipaddress.IPv4Address):
        return next((what for block, what in _V4 if address in block), None)
    if address.scope_id is not None:
        return "an address with a zone"
    low = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _MAPPED or address in _NAT64:  # a plain IPv4 socket, or what DNS64 hands to an IPv6-only host
        return refusal(low)
    if address not in _GLOBAL_V6:
        return "loopback" if address.is_loopback else "not a global IPv6 address"
    if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP and (inner := refusal(low)):
        return f"ISATAP for {inner}"
    return next((what for block, what in _V6 if address in block), None)


def system_resolve(host: str, port: int) -> Sequence[str]:
    """All addresses of `host` by the system's resolver, in its order."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(answer[4][0]) for answer in answers]


class Guard:
    """Resolves and checks. `allow_private` holds "host:port" of servers the operator runs himself."""

    def __init__(
        self, allow_private: Collection[str] = (), *, ports: Collection[int] = (), resolve: Resolve = system_resolve
    ) -> None:
        self._own = frozenset(entry.strip().lower() for entry in allow_private)
        self._ports = WEB_PORTS | frozenset(ports)
        self._resolve = resolve

    def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """Addresses that may be dialled for `host`. Raises AddressRefused, or NotReached where DNS has no answer."""
        shown = f"[{host}]" if ":" in host else host
        own = f"{shown}:{port}".lower() in self._own
        if not own and port not in self._ports:
            raise _refused(
                f"{shown}:{port} is not a web port",
                f'If you trust this server add allow_private = ["{shown}:{port}"] under [ingest]',
            )
        answers = self._answers(host, port)
        if own:
            return answers[:MAX_ANSWERS]
        for answer in answers:
            what = refusal(ipaddress.ip_address(answer))
            if what:
                meaning = f"{shown} is {what}" if answer == host else f"{shown} resolves to {answer} ({what})"
                own_hint = f'If you run this server yourself add allow_private = ["{shown}:{port}"] under [ingest]'
                raise _refused(meaning, "" if what in _NOBODYS else own_hint)
        return answers[:MAX_ANSWERS]

    def _answers(self, host: str, port: int) -> tuple[str, ...]:
        try:
            return (str(ipaddress.ip_address(host)),)
        except ValueError:
            pass
        try:
            found = _within_deadline(lambda: self._resolve(host, port), f"{host}: the resolver")
        except (OSError, UnicodeError) as error:
            raise NotReached(f"{host} cannot be found ({error.args[-1]}); check the address and the network") from None
        answers = tuple(dict.fromkeys(found))
        if not answers:
            raise NotReached(f"{host} has no address; check how it is written")
        return answers


def _refused(reason: str, remedy: str) -> AddressRefused:
    told = f"refused: {reason}; nothing was requested"
    return AddressRefused(f"{told}. {remedy}" if remedy else told, reason=reason, remedy=remedy)


def _within_deadline(work: Callable[[], Sequence[str]], what: str) -> Sequence[str]:
    """`work()` in a thread of its own, because the system's resolver knows no timeout."""
    results: queue.SimpleQueue[Sequence[str] | BaseException] = queue.SimpleQueue()

    def run() -> None:
        try:
            results.put(work())
        except BaseException as error:  # handed to the caller, whatever it is
            results.put(error)

    threading.Thread(target=run, daemon=True, name="resolve").start()
    try:
        result = results.get(timeout=max(remaining(), 0.001))
    except queue.Empty:
        raise httpcore.ConnectTimeout(f"{what} did not answer") from None
    if isinstance(result, BaseException):
        raise result
    return result


def remaining() -> float:
    """Seconds left of the current request."""
    return deadline.get() - time.monotonic()


def _limit(timeout: float | None, error: type[Exception]) -> float:
    left = remaining()
    if left <= 0:
        raise error("deadline passed")
    return left if timeout is None else min(left, timeout)


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to checked addresses only. `dial` is the backend that opens sockets; tests pass a stub."""

    def __init__(self, guard: Guard, dial: httpcore.NetworkBackend | None = None) -> None:
        self._guard = guard
        self._dial = dial or httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Open a connection to `host`. Raises AddressRefused, NotReached or an error of httpcore."""
        trouble: Exception | None = None
        for address in self._guard.addresses(host, port):
            limit = _limit(min(timeout or CONNECT_SECONDS, CONNECT_SECONDS), httpcore.ConnectTimeout)
            try:
                return DeadlineStream(self._dial.connect_tcp(address, port, limit, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                trouble = error
        raise trouble or httpcore.ConnectError(f"no address of {host} answers")

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """Refused: no address of the web names a socket file."""
        raise AddressRefused(f"refused: {path} is a local socket; nothing was requested")

    def sleep(self, seconds: float) -> None:
        """Wait before a retry of the pool; it is configured for none."""
        time.sleep(seconds)


class DeadlineStream(httpcore.NetworkStream):
    """A connection on which every single read and write ends with the whole request's deadline."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Up to `max_bytes`. Raises httpcore.ReadTimeout when the deadline has passed."""
        return self._inner.read(max_bytes, _limit(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All of `buffer`. Raises httpcore.WriteTimeout when the deadline has passed."""
        self._inner.write(buffer, _limit(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        """Close the socket."""
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """TLS on this connection, within the deadline."""
        limit = _limit(timeout, httpcore.ConnectTimeout)
        return DeadlineStream(self._inner.start_tls(ssl_context, server_hostname, limit))

    def get_extra_info(self, info: str) -> Any:
        """Facts about the socket, for the pool."""
        return self._inner.get_extra_info(info)
