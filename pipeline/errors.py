"""Every exception Citewire raises on purpose, in one tree.

    CitewireError
    ├── UsageError            exit 2   the command line asks for something that cannot be
    ├── ConfigurationError    exit 6   a setting is missing or wrong: file, line, key, what to write
    ├── AlreadyRunning        exit 7   another night holds the lock
    ├── StoreError            exit 8   the database cannot be read or written
    ├── BudgetExhausted       exit 9   the night's model budget is used up
    ├── ValidationFailed      exit 5   the built site failed a check; the old one stays
    ├── NotSupported          exit 1   a correction that the gate refuses
    ├── SourceError                    one source failed; the night goes on
    │   ├── FetchError                 the network, the host or the reply
    │   │   ├── AddressRefused         the address guard said no
    │   │   ├── RobotsRefused          robots.txt closes the page to us
    │   │   ├── Moved                  a source's address leads to another domain for good
    │   │   ├── NotReached             no connection to the host
    │   │   │   └── HostSilent         it was silent before in this run and is not asked again
    │   │   ├── NoReply                the connection broke before the reply began
    │   │   ├── FetchTimeout           the wall-clock deadline passed
    │   │   ├── ReplyTooLarge          a size cap, before or after decoding
    │   │   ├── ReplyTruncated         the reply ended early
    │   │   └── HttpStatus             an answer that is not a success
    │   ├── ParseError                 the reply is not what the source promised
    │   └── Replaced                   another publication answers at a source's address
    ├── ExtractionError                one page could not be read
    ├── ModelError                     a model refused, failed or answered nonsense
    └── MissingExtra                   an optional package is needed and not installed

Foreign exceptions are translated at the adapter that meets them; none crosses a seam.
A message says what happened, why, what follows and what to do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_LOGIN = re.compile(r"(?<=//)[^/?#\s]*@")
_KEY = re.compile(
    r"(?<=[?&;])([\w.-]*(?:key|token|secret|sig|signature|password|passwd|pass|pwd|auth|authorization|session|sid|jwt)=)"
    r"[^&;#\s\"'<>)]*[^&;#\s\"'<>):]",
    re.I,
)

_LEAST = 6  # characters of a key


def discreet(text: str) -> str:
    """`text` without the logins and keys that addresses in it hold, as "https://...@host/feed?token=..." is."""
    return _KEY.sub(r"\1...", _LOGIN.sub("...@", text))


def withheld(address: str) -> tuple[str, ...]:
    """Logins and keys that an address holds, the longest first; what is shorter than six characters is none."""
    found = [part for login in _LOGIN.findall(address) for part in login[:-1].split(":")]
    found += [match.group().partition("=")[2] for match in _KEY.finditer(address)]
    return tuple(sorted({one for one in found if len(one) >= _LEAST}, key=lambda one: (-len(one), one)))


class CitewireError(Exception):
    """Base of every error raised on purpose. `exit_code` is what the command line ends with.

    Messages may name addresses, and never a login or a key in one.
    """

    exit_code = 1

    def __init__(self, *told: object) -> None:
        super().__init__(*(discreet(one) if isinstance(one, str) else one for one in told))


class UsageError(CitewireError):
    """The command line asks for something that cannot be done."""

    exit_code = 2


class ConfigurationError(CitewireError):
    """A setting is missing or wrong. Says file, line, key and what to write instead."""

    exit_code = 6

    def __init__(
        self, problem: str, *, file: str | None = None, line: int | None = None, key: str | None = None, fix: str = ""
    ) -> None:
        where = ":".join(str(part) for part in (file, line) if part is not None)
        head = ": ".join(part for part in (where, key) if part)
        super().__init__(f"{head}: {problem}" if head else problem)
        self.problem, self.fix = discreet(problem), discreet(fix)
        self.file, self.line, self.key = file, line, key

    def __str__(self) -> str:
        text = super().__str__()
        return f"{text}\n  write: {self.fix}" if self.fix else text


class AlreadyRunning(CitewireError):
    """Another process holds the run lock."""

    exit_code = 7


class StoreError(CitewireError):
    """The store cannot be opened, read or written."""

    exit_code = 8


class BudgetExhausted(CitewireError):
    """The night's model budget is used up; what is finished is published. `of_source`: only that of one source."""

    exit_code = 9

    def __init__(self, message: str = "", *, of_source: bool = False) -> None:
        super().__init__(message)
        self.of_source = of_source


class ValidationFailed(CitewireError):
    """The built site failed a check before publication; the previous edition stays up."""

    exit_code = 5


class NotSupported(CitewireError):
    """A correction by hand that may not be printed: the gate refuses its words, or too little would be left."""


class SourceError(CitewireError):
    """One source failed. The night goes on without it."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message)


class FetchError(SourceError):
    """The network, the host or its reply failed."""


class AddressRefused(FetchError):
    """The address guard refused to dial: for `reason`, and with `remedy` where the server may be the operator's own.

    `redirected`: not the address that was asked for, but one that it led to.
    """

    def __init__(self, message: str, *, reason: str = "", remedy: str = "", redirected: bool = False) -> None:
        super().__init__(message)
        self.reason, self.remedy, self.redirected = reason, remedy, redirected


class RobotsRefused(FetchError):
    """The site's robots.txt closes the page to us, or (`unread`) cannot be read, which closes it as well."""

    def __init__(self, message: str, *, unread: bool = False) -> None:
        super().__init__(message)
        self.unread = unread


class Moved(FetchError):
    """A source's own address redirects for good to another registrable domain; nothing was read there."""

    def __init__(self, message: str, *, target: str) -> None:
        super().__init__(message)
        self.target = target


class NotReached(FetchError):
    """No connection: the name is not known, nobody listens, or TLS fails."""


class HostSilent(NotReached):
    """The host did not answer several times in a row, so it was not asked again in this run."""


class NoReply(FetchError):
    """The connection broke before the first byte of a reply."""


class FetchTimeout(FetchError):
    """The wall-clock deadline of the whole request passed."""


class ReplyTooLarge(FetchError):
    """The reply is larger than its cap, as sent or after decoding."""


class ReplyTruncated(FetchError):
    """The reply ended before its own framing said it would."""


class HttpStatus(FetchError):
    """An HTTP answer that is neither success nor "not modified".

    `headers` by lower-case name and `body`, decoded, as far as known; a body that is not short is b"".
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        retry_after: float | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> None:
        super().__init__(message)
        self.status, self.retry_after, self.headers, self.body = status, retry_after, dict(headers or {}), body


class ParseError(SourceError):
    """The reply is not what the source promised (not a feed, not JSON, broken)."""


class Replaced(SourceError):
    """Another publication answers at the source's address."""


class ExtractionError(CitewireError):
    """One page could not be turned into text."""


class ModelError(CitewireError):
    """A model refused, failed, or answered something that is not what was asked. Messages never hold a key.

    `kind` is one of FAULTS, or "" where nothing went out. `retry_after`: seconds that the server asks to wait. `took`:
    tokens in and out that the call used all the same; `calls`: how many were made for it.
    """

    FAULTS = ("rate", "server", "timeout", "connection", "refused", "truncated", "shape", "request", "key", "open")

    def __init__(
        self,
        message: str = "",
        *,
        kind: str = "",
        retry_after: float | None = None,
        took: tuple[int, int] = (0, 0),
        calls: int = 1,
    ) -> None:
        super().__init__(message)
        self.kind, self.retry_after, self.took, self.calls = kind, retry_after, took, calls

    @property
    def passing(self) -> bool:
        """Whether the same call may succeed a little later."""
        return self.kind in {"rate", "server", "timeout", "connection"}


class MissingExtra(CitewireError):
    """An optional package is needed and not installed; the message names the extra."""

    exit_code = 6
