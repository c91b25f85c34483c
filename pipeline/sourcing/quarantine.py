"""Documents that kill their parser: parsed twice, then left alone until they change."""

from __future__ import annotations

import hashlib
import pickle
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import TypeVar

from pipeline.domain import Quarantined
from pipeline.protocols import Engine, Outcome

T = TypeVar("T")
R = TypeVar("R")
TRIES = 2  # a machine that was busy may be to blame once
reader: ContextVar[str] = ContextVar("reader", default="")  # name of the source that is being read in this thread


class WaryEngine:
    """Fits `protocols.Wary`: an engine that remembers by their bytes which items killed its workers."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._guard = threading.Lock()
        self._known: dict[str, tuple[int, str]] = {}  # hash -> tries, why
        self._killed: list[tuple[str, str, str]] = []  # hash, address, source; since `changed` was asked

    @property
    def apart(self) -> bool:
        """As of the engine below."""
        return self._engine.apart

    def recall(self, documents: Iterable[Quarantined]) -> None:
        """Take up what earlier runs learnt."""
        with self._guard:
            self._known = {one.hash: (one.tries, one.why) for one in documents}

    def changed(self, now: datetime) -> tuple[Quarantined, ...]:
        """Documents that killed a worker since the last call, by hash."""
        with self._guard:
            killed, self._killed = self._killed, []
            return tuple(
                Quarantined(hash_, url, source, self._known[hash_][1], now, self._known[hash_][0])
                for hash_, url, source in sorted({one[0]: one for one in killed}.values())
            )

    def map(self, function: Callable[[T], R], items: Sequence[T], *, timeout: float | None = None) -> Iterator[Outcome]:
        """As the engine below, but for items that killed a worker too often: these are errors at once."""
        refused = [self._refusal(item) for item in items]
        tried = [item for item, why in zip(items, refused, strict=True) if why is None]
        outcomes = iter(self._engine.map(function, tried, timeout=timeout))
        for item, why in zip(items, refused, strict=True):
            if why is not None:
                yield Outcome(error=why)
                continue
            outcome = next(outcomes)
            if outcome.killed:
                self._note(item, outcome.error or "killed")
            yield outcome

    def close(self) -> None:
        """End the workers."""
        self._engine.close()

    def _refusal(self, item: object) -> str | None:
        if not self._known:
            return None
        tries, why = self._known.get(_hash(item), (0, ""))
        if tries < TRIES:
            return None
        return f"it stopped its parser {tries} times ({why}); it is in quarantine until it changes"

    def _note(self, item: object, why: str) -> None:
        hash_ = _hash(item)
        with self._guard:
            self._known[hash_] = (self._known.get(hash_, (0, ""))[0] + 1, why)
            self._killed.append((hash_, str(getattr(item, "url", "")), reader.get()))


def _hash(item: object) -> str:
    """Hash of the bytes that `item` holds; of its pickle where it holds none."""
    held = [getattr(item, field.name) for field in fields(item)] if is_dataclass(item) else []
    body = next((value for value in held if isinstance(value, bytes)), None)
    return hashlib.sha256(pickle.dumps(item) if body is None else body).hexdigest()[:32]
