"""What goes wrong with a request, in words: errors of the HTTP libraries as ours, statuses with advice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpcore
import httpx

from pipeline.errors import AddressRefused, FetchError, FetchTimeout, NoReply, NotReached, ReplyTruncated
from pipeline.spans import span

_ERRNO = re.compile(r"\A\[Errno -?\d+\] ")
_CERTIFICATE = re.compile(r"\A\[SSL: CERTIFICATE_VERIFY_FAILED\] | \(_ssl\.c:\d+\)\Z")
_PLACE = re.compile(r"\A_ssl\.c:\d+: ")  # where in its own source a library stands
_OTHERS = (
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    httpx.HTTPError,
    httpx.InvalidURL,
    OSError,
    ValueError,
)
_ADVICE = {
    401: "it wants a login; configure its key or remove it",
    403: "it refuses us; write to its operator or remove it",
    404: "nothing is there; correct the address",
    410: "it is gone for good; remove the source",
    429: "it was asked too often; it is left alone for the pause",
    451: "it is withheld for legal reasons",
}


@dataclass(slots=True)
class Progress:
    """How far a reply has come: whether its head is there, and how many bytes of its body."""

    head: bool = False
    body: int = 0


def status_message(url: str, status: int, wait: float | None) -> str:
    """What it means that `url` answered `status` and asked for a pause of `wait` seconds."""
    advice = _ADVICE.get(status) or ("its server has trouble" if status >= 500 else "that is no complete answer")
    pause = f" (asked for a pause of {span(timedelta(seconds=wait))})" if wait is not None else ""
    return f"{url} answered {status}{pause}: {advice}"


@contextmanager
def translated(url: str, timeout: float, progress: Progress) -> Iterator[None]:
    """Every error of the HTTP libraries as a FetchError. Of a request no more than its address is ever shown."""
    try:
        yield
    except httpcore.ConnectTimeout as error:
        why = _PLACE.sub("", str(error)) or "nothing answers"
        raise FetchTimeout(f"{url} timed out: no connection ({why}); check the address if this goes on") from None
    except httpcore.TimeoutException:
        raise FetchTimeout(
            f"{url} timed out after {timeout:g} s ({progress.body:,} bytes received); "
            "raise timeout under [ingest] if it is always slow"
        ) from None
    except (httpcore.RemoteProtocolError, httpcore.ReadError) as error:
        raise _cut(url, error, progress) from None
    except httpcore.NetworkError as error:
        raise NotReached(f"{url} cannot be reached ({_why(error)}); check the address if this goes on") from None
    except httpcore.LocalProtocolError as error:
        # The library's words may quote a header, and a header may be a key.
        raise FetchError(f"{url} cannot be asked: the request is not valid HTTP ({type(error).__name__})") from None
    except _OTHERS as error:
        raise FetchError(f"{url} cannot be fetched ({type(error).__name__}: {error})") from None


def led_astray(url: str, error: AddressRefused) -> AddressRefused:
    """`error` of an address that `url`, which was asked for, redirects to."""
    if not error.reason:
        return error
    told = f"refused: {url} redirects to where nothing may be asked ({error.reason}); nothing was requested there"
    return AddressRefused(
        f"{told}. {error.remedy}" if error.remedy else told, reason=error.reason, remedy=error.remedy, redirected=True
    )


def _why(error: Exception) -> str:
    """The system's words for a connection that failed, without its numbers; of TLS, what they mean."""
    told = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in told:
        return _CERTIFICATE.sub("", told)
    if "[SSL" in told:
        return "it does not speak TLS there; should it be http:// in place of https://?"
    return _ERRNO.sub("", told)


def _cut(url: str, error: Exception, progress: Progress) -> FetchError:
    """A reply that ended early, never began, or is not HTTP."""
    told = str(error)
    if progress.head or "incomplete" in told or "without sending complete" in told:
        return ReplyTruncated(f"{url} was cut off after {progress.body:,} bytes ({error})")
    if isinstance(error, httpcore.ReadError) or "disconnected" in told:
        return NoReply(f"{url} did not answer in HTTP ({error or 'the connection was reset'})")
    return FetchError(f"{url} did not answer in HTTP ({error})")
