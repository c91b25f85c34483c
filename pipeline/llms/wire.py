"""The HTTP client that every provider's kit is handed: bounded, and bound to the configured server.

A kit reads whole answers into memory, follows redirects and takes proxies and addresses from the environment. This
client reads at most MOST_BYTES, takes JSON alone, sends identity encoding so that nothing unpacks to more than it was,
follows no redirect (a key goes to no second host) and does not look at the environment. One client serves one call.
The kits' and clients' own debug logs hold headers and texts of servers, so these are off.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import AsyncIterator
from functools import cache
from typing import Any

import httpx2

__all__ = ["MOST_BYTES", "BadReplyError", "client", "legacy_client"]

MOST_BYTES = 4_194_304  # of one answer; the longest that is asked for is a few hundred kilobytes
_CONNECT = 15.0  # seconds
_TALKATIVE = (
    "anthropic", "boto3", "botocore", "google_genai", "groq", "httpcore", "httpcore2", "httpx", "httpx2", "mistralai",
    "openai", "urllib3",
)  # fmt: skip
for _name in _TALKATIVE:
    logging.getLogger(_name).setLevel(logging.WARNING)


class BadReplyError(Exception):
    """A server's reply that is not read further. `kind` is a fault of ModelError; the message holds nothing of it."""

    def __init__(self, message: str, kind: str) -> None:
        super().__init__(message)
        self.kind = kind


def client(timeout: float) -> httpx2.AsyncClient:
    """A client for kits that speak httpx2; `timeout` in seconds between two bytes (the caller bounds the whole)."""
    inner = httpx2.AsyncHTTPTransport(verify=_context(), trust_env=False)
    return httpx2.AsyncClient(
        transport=_bounded(httpx2)(inner), timeout=httpx2.Timeout(timeout, connect=_CONNECT), trust_env=False
    )


def legacy_client(timeout: float) -> Any:
    """The same for the one kit that still speaks httpx (groq)."""
    import httpx  # noqa: PLC0415

    inner = httpx.AsyncHTTPTransport(verify=_context(), trust_env=False)
    return httpx.AsyncClient(
        transport=_bounded(httpx)(inner), timeout=httpx.Timeout(timeout, connect=_CONNECT), trust_env=False
    )


@cache
def _context() -> ssl.SSLContext:
    return httpx2.create_ssl_context(trust_env=False)


@cache
def _bounded(http: Any) -> Any:
    """A transport of the library `http` (httpx2 or httpx, alike in this) that reads no more than it may."""

    class Counted(http.AsyncByteStream):  # type: ignore[misc]
        def __init__(self, stream: Any) -> None:
            self._stream = stream

        async def __aiter__(self) -> AsyncIterator[bytes]:
            read = 0
            async for chunk in self._stream:
                read += len(chunk)
                if read > MOST_BYTES:
                    raise BadReplyError(f"the reply is longer than {MOST_BYTES} bytes", "shape")
                yield chunk

        async def aclose(self) -> None:
            await self._stream.aclose()

    class Bounded(http.AsyncBaseTransport):  # type: ignore[misc]
        def __init__(self, inner: Any) -> None:
            self._inner = inner

        async def handle_async_request(self, request: Any) -> Any:
            request.headers["accept-encoding"] = "identity"
            response = await self._inner.handle_async_request(request)
            if problem := _problem(response):
                await response.aclose()
                raise problem
            response.stream = Counted(response.stream)
            return response

        async def aclose(self) -> None:
            await self._inner.aclose()

    return Bounded


def _problem(response: Any) -> BadReplyError | None:
    """What speaks against reading a reply, by its head."""
    length, kind = response.headers.get("content-length", ""), response.headers.get("content-type", "")
    if length.isdigit() and int(length) > MOST_BYTES:
        return BadReplyError(f"the reply is longer than {MOST_BYTES} bytes", "shape")
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        return BadReplyError("the reply is packed, which was not asked for", "shape")
    if 300 <= response.status_code < 400:
        return BadReplyError("the server redirects, and a key is sent to no second address", "request")
    if response.status_code < 300 and kind.partition(";")[0].strip().lower() != "application/json":
        return BadReplyError("the reply is no JSON by its content type", "shape")
    return None
