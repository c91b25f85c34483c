"""Requests on the wire: httpx over connections of our own, one a host, opened by the address guard.

httpx builds requests and reads replies, httpcore frames them. Its pool is not used: no host ever has two connections
here, so a table is enough, and taking one is not slower with five hundred hosts than with one. No proxy, no retry, TLS
always verified.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from functools import cache

import httpcore
import httpx

from pipeline.fetch.place import Place

IDLE_SECONDS = 5.0
MOST_IDLE = 20


@cache
def tls() -> ssl.SSLContext:
    """The client's TLS: certifi's authorities, whatever the environment says. Loading them takes a twentieth second."""
    return httpx.create_ssl_context(trust_env=False)


class Transport(httpx.BaseTransport):
    """Sends requests over connections that `backend` opens; for many threads, one at a time per `Place.key`.

    A request carries its place in `extensions["place"]`, a reply its headers in `extensions["headers"]`: httpx is shown
    none, as it would act on them (decode, keep cookies, follow where Location leads). Errors of httpcore pass through.
    """

    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._backend = backend
        self._guard = threading.Lock()
        self._idle: dict[str, tuple[str, httpcore.HTTPConnection]] = {}  # key -> origin and connection, oldest first

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The reply, still to be read; closing it gives the connection back."""
        place: Place = request.extensions["place"]
        connection = self._take(place)
        try:
            response = connection.handle_request(_framed(request))
        except BaseException:
            connection.close()
            raise
        stream = _Stream(response, lambda: self._keep(place, connection))
        return httpx.Response(response.status, stream=stream, extensions={"headers": response.headers})

    def close(self) -> None:
        """Close idle connections."""
        with self._guard:
            idle, self._idle = list(self._idle.values()), {}
        for _, connection in idle:
            connection.close()

    def _take(self, place: Place) -> httpcore.HTTPConnection:
        with self._guard:
            origin, connection = self._idle.pop(place.key, ("", None))
        if connection is not None:
            if origin == place.origin and not connection.has_expired():
                return connection
            connection.close()
        return httpcore.HTTPConnection(
            httpcore.Origin(place.scheme.encode("ascii"), place.host.encode("ascii"), place.port),
            ssl_context=tls() if place.scheme == "https" else None,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=self._backend,
        )

    def _keep(self, place: Place, connection: httpcore.HTTPConnection) -> None:
        """Keep a connection that may be used again; let go of the oldest one where there are too many."""
        if not connection.is_available():
            connection.close()
            return
        oldest: tuple[str, httpcore.HTTPConnection] | None = None
        with self._guard:
            self._idle[place.key] = (place.origin, connection)
            if len(self._idle) > MOST_IDLE:
                oldest = self._idle.pop(next(iter(self._idle)))
        if oldest:
            oldest[1].close()


class _Stream(httpx.SyncByteStream):
    """The raw body of `response`; `done` is called when it has been closed."""

    def __init__(self, response: httpcore.Response, done: Callable[[], None]) -> None:
        self._response, self._done = response, done

    def __iter__(self) -> Iterator[bytes]:
        return self._response.iter_stream()

    def close(self) -> None:
        try:
            self._response.close()
        finally:
            self._done()


def _framed(request: httpx.Request) -> httpcore.Request:
    url = httpcore.URL(
        scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
    )
    return httpcore.Request(request.method, url, headers=request.headers.raw, content=request.read())
