"""Waiting for many machines at once, in threads that nobody has to wait for: an interrupted night ends at once."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def side_by_side(function: Callable[[T], R], items: Sequence[T], *, most: int) -> list[R]:
    """`function` over `items` in at most `most` threads; the results in order. Raises what the first of them raised.

    The threads are daemons and are left alone when the caller is interrupted, which a pool of the standard library
    would not allow: it waits for every reply that is still under way.
    """
    results: list[Future[R]] = [Future() for _ in items]
    todo = deque(zip(items, results, strict=True))

    def work() -> None:
        while todo:
            try:
                item, result = todo.popleft()
            except IndexError:  # another thread took the last one
                return
            try:
                result.set_result(function(item))
            except BaseException as error:
                result.set_exception(error)

    for _ in range(min(most, len(items))):
        threading.Thread(target=work, daemon=True).start()
    try:
        return [result.result() for result in results]
    finally:
        todo.clear()
