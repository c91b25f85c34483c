"""How often Python looks for garbage: seldom, where nearly all that is made is kept; and what becomes of freed memory.

A night makes millions of objects that live until it is over. At Python's usual thresholds the collector walks over them
again and again and finds next to nothing: that took 10 to 15 % of a night. What is no cycle is freed at once, as ever.
"""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TypeVar

R = TypeVar("R")
_EVERY = 50  # pages, or readings of the store
_SELDOM = (20_000, 20, 10)  # objects made and kept before the youngest are looked at; then such looks, twice


def seldom() -> None:
    """For good: in a worker, which has no other work."""
    gc.set_threshold(*_SELDOM)


def unhurried(work: Callable[..., R], *args: object) -> R:
    """What `work` gives, done with few looks for garbage; afterwards all is as it was, memory as well."""
    before = gc.get_threshold()
    seldom()
    try:
        return work(*args)
    finally:
        gc.set_threshold(*before)
        give_back()


@contextmanager
def paused() -> Iterator[None]:
    """No look for garbage but by `tidy`: for moments in which none is made, or a site whose nouns live to its end."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def tidy(made: int) -> None:
    """Look through what is young, after every so many pages or readings that were `made`."""
    if made % _EVERY == 0:
        gc.collect(1)


def give_back() -> None:
    """Hand freed memory back to the system where the C library keeps it, which of many small texts is most of it."""
    if (trim := _trim()) is not None:
        trim(0)


@lru_cache(maxsize=1)
def _trim() -> Any:
    """`malloc_trim` of the GNU C library; None where there is another."""
    return getattr(ctypes.CDLL(None), "malloc_trim", None)
