"""Requests on the wire: one connection a host, opened by the address guard, kept open for a moment.

httpcore2 frames requests and replies. Its pool is not used: no host ever has two connections here, so a table is
enough, and taking one is not slower with five hundred hosts than with one. No proxy, no cookies, TLS always verified.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache

import certifi
import httpcore2

from pipeline.fetch.place import Place

IDLE_SECONDS = 5.0
MOST_IDLE = 20


@cache
def tls() -> ssl.SSLContext:
    """The client's TLS: certifi's authorities, whatever the environment says. Loading them takes a twentieth second."""
    return ssl.create_default_context(cafile=certifi.where())


class Transport:
    """Sends requests over connections that `backend` opens; for many threads, one at a time per `Place.key`."""

    def __init__(self, backend: httpcore2.NetworkBackend) -> None:
        self._backend = backend
        self._guard = threading.Lock()
        self._idle: dict[str, tuple[str, httpcore2.HTTPConnection]] = {}  # key -> origin and connection, oldest first

    @contextmanager
    def exchange(self, place: Place, headers: Mapping[str, str], body: bytes | None) -> Iterator[httpcore2.Response]:
        """The reply to a GET of `place`, or to a POST of `body`, still to be read. Raises httpcore2's errors."""
        connection = self._take(place)
        try:
            response = connection.handle_request(_request(place, headers, body))
            try:
                yield response
            finally:
                response.close()
        finally:
            self._keep(place, connection)

    def close(self) -> None:
        """Close idle connections."""
        with self._guard:
            idle, self._idle = list(self._idle.values()), {}
        for _, connection in idle:
            connection.close()

    def _take(self, place: Place) -> httpcore2.HTTPConnection:
        with self._guard:
            origin, connection = self._idle.pop(place.key, ("", None))
        if connection is not None:
            if origin == place.origin and not connection.has_expired():
                return connection
            connection.close()
        return httpcore2.HTTPConnection(
            _origin(place),
            ssl_context=tls() if place.scheme == "https" else None,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=self._backend,
        )

    def _keep(self, place: Place, connection: httpcore2.HTTPConnection) -> None:
        """Keep a connection that may be used again; let go of the oldest one where there are too many."""
        if not connection.is_available():
            connection.close()
            return
        oldest: tuple[str, httpcore2.HTTPConnection] | None = None
        with self._guard:
            self._idle[place.key] = (place.origin, connection)
            if len(self._idle) > MOST_IDLE:
                oldest = self._idle.pop(next(iter(self._idle)))
        if oldest:
            oldest[1].close()


def _origin(place: Place) -> httpcore2.Origin:
    return httpcore2.Origin(place.scheme.encode("ascii"), place.host.encode("ascii"), place.port)


def _request(place: Place, headers: Mapping[str, str], body: bytes | None) -> httpcore2.Request:
    lines = [(b"Host", place.authority.encode("ascii"))]
    lines += [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers.items()]
    if body is not None:
        lines.append((b"Content-Length", b"%d" % len(body)))
    url = httpcore2.URL(
        scheme=place.scheme.encode("ascii"),
        host=place.host.encode("ascii"),
        port=place.port,
        target=place.target.encode("ascii"),
    )
    return httpcore2.Request("GET" if body is None else "POST", url, headers=lines, content=body)
