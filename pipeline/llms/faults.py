"""Every exception of a provider's kit as a ModelError that says which fault it was, in our own words.

Nothing that a server wrote is repeated but its status: a server may echo the key that it was sent. Errors are raised
without their cause for the same reason.
"""

from __future__ import annotations

import asyncio

from pydantic_ai import exceptions as kit

from pipeline.errors import ModelError
from pipeline.llms.wire import BadReplyError

__all__ = ["model_error"]

_MOST_WAIT = 86_400.0  # seconds; a server that asks for more is not believed to mean it
_STATUS = {401: "key", 403: "key", 408: "timeout", 425: "server", 429: "rate", 504: "timeout", 529: "rate"}
_WORDS = {
    "key": "the server does not accept the key",
    "rate": "rate limit",
    "timeout": "no answer in time",
    "server": "server error",
    "request": "the server does not accept the request",
    "connection": "no connection",
    "refused": "it refused to answer",
    "truncated": "the answer was cut off at its token limit",
    "shape": "the answer is not the asked JSON object",
}


def model_error(name: str, error: BaseException, took: tuple[int, int] = (0, 0)) -> ModelError:
    """What `error`, raised while the model `name` was asked, means. `took`: tokens in and out that it used."""
    if isinstance(error, ModelError):
        return error
    if reply := _bad_reply(error):
        return ModelError(f"{name}: {reply}", kind=reply.kind, took=took)
    kind, status, wait = _kind(error)
    said = f"{name}: {_WORDS[kind]}" + (f", status {status}" if status else "")
    return ModelError(said, kind=kind, retry_after=wait, took=took)


def _kind(error: BaseException) -> tuple[str, int | None, float | None]:
    """Fault, status and the wait that the server asks for."""
    if isinstance(error, kit.ModelHTTPError):
        status = error.status_code
        found = _STATUS.get(status) or ("server" if status >= 500 else "request")
        if status >= 500 and isinstance(error, kit.ModelRateLimitError):
            found = "rate"
        return found, status, _wait(error)
    simple = (
        ((TimeoutError, asyncio.TimeoutError, kit.ModelTimeoutError), "timeout"),
        ((kit.ModelRateLimitError,), "rate"),
        ((kit.ModelAuthenticationError,), "key"),
        ((kit.ModelServerError, kit.ModelUnavailableError), "server"),
        ((kit.ModelRequestRejectedError, kit.UserError), "request"),
        ((kit.ModelAPIError,), "connection"),
        ((kit.ContentFilterError,), "refused"),
        ((kit.OutputTokenLimitExceeded,), "truncated"),
    )
    for classes, found in simple:
        if isinstance(error, classes):
            return found, None, _wait(error)
    return _unexpected(str(error).lower()), None, None


def _unexpected(text: str) -> str:
    """The fault behind an answer that the kit did not take, by the kit's own words."""
    if "refus" in text or "content filter" in text:
        return "refused"
    if "token limit" in text or "max_tokens" in text:
        return "truncated"
    return "shape"


def _wait(error: BaseException) -> float | None:
    wait = getattr(error, "retry_after", None)
    return min(max(float(wait), 0.0), _MOST_WAIT) if isinstance(wait, int | float) else None


def _bad_reply(error: BaseException) -> BadReplyError | None:
    """The wire's own objection, however deep the kits have wrapped it."""
    seen: BaseException | None = error
    for _ in range(10):
        if seen is None or isinstance(seen, BadReplyError):
            return seen
        seen = seen.__cause__ or seen.__context__
    return None
