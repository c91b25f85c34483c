"""Of many like cases the suite tries a part, evenly spread; with CITEWIRE_LONG=1 (`make long`) all of them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")
LONG = os.environ.get("CITEWIRE_LONG") == "1"  # read here: no setting of the operator is left when a test runs


def each(nth: int, cases: Iterable[T]) -> list[T]:
    """Each `nth` of the cases; in a long run all of them."""
    return list(cases)[:: 1 if LONG else nth]
