"""A model that is asked again when what failed may pass: rate limits, server errors, timeouts, lost connections.

Waits grow exponentially with full jitter (Brooker, "Exponential Backoff And Jitter", AWS 2015), or are what the server
asks for in Retry-After where that is not longer than PATIENCE; a server that wants more is given up for this call.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable

from tenacity import (
    RetryCallState,
    RetryError,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    wait_random_exponential,
)

from pipeline.errors import ModelError
from pipeline.llms.around import Answer, Around, Load
from pipeline.protocols import LLM, NOTHING, Usage

__all__ = ["PATIENCE", "RetryingLLM"]

PATIENCE = 60.0  # seconds that a server may ask to wait
_BACKOFF = wait_random_exponential(multiplier=0.5, max=20)


class RetryingLLM(Around):
    """Makes at most `attempts` calls for one answer, whose usage then counts them all."""

    def __init__(self, inner: LLM, *, attempts: int, sleep: Callable[[float], None] = time.sleep) -> None:
        super().__init__(inner)
        self._retrying = Retrying(
            stop=stop_after_attempt(attempts), wait=_wait, retry=retry_if_exception(_again), sleep=sleep, reraise=True
        )

    def _through(self, call: Callable[[], Answer], load: Load) -> Answer:
        """Raises the last ModelError, with the tokens and calls of all attempts."""
        failed = NOTHING
        trial = self._retrying.copy()
        for attempt in trial:
            with attempt:
                try:
                    answer = call()
                except ModelError as error:
                    failed += Usage(*error.took, error.calls)
                    error.took, error.calls = (failed.input_tokens, failed.output_tokens), failed.calls
                    raise
                return dataclasses.replace(answer, usage=answer.usage + failed)
        raise RetryError(attempt.retry_state)  # type: ignore[arg-type]  # not reached: the last attempt raises


def _again(error: BaseException) -> bool:
    if not isinstance(error, ModelError) or not error.passing:
        return False
    return error.retry_after is None or error.retry_after <= PATIENCE


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, ModelError) else None
    return _BACKOFF(state) if asked is None else asked
