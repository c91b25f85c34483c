"""Faults on purpose: how many of them, of how many. `CITEWIRE_LONG=1` (as `make long` has it) means every one."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import pytest
import rehearsing
from thorough import LONG

T = TypeVar("T")
EVERY = int(
    os.environ.get("CITEWIRE_EVERY", "1")
)  # of a long run, each which point: a part of an hour is a figure, too


@pytest.fixture
def some() -> Callable[[str, Sequence[T], int], list[T]]:
    """`some(seed, points, few)`: a few of them, always the same; in a long run all of them."""

    def pick(seed: str, points: Sequence[T], few: int) -> list[T]:
        if LONG:
            return list(points[::EVERY])
        return random.Random(seed).sample(points, min(few, len(points)))

    return pick


@pytest.fixture
def rehearsed(tmp_path: Path) -> Callable[[rehearsing.Part], rehearsing.Rehearsal]:
    """A part of the desk's work, rehearsed."""
    return lambda part: rehearsing.Rehearsal.of(part, tmp_path)
