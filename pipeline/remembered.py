"""What one edition worked out about things, kept for the next: answers under digests of all that they follow from.

An answer is JSON. Whoever asks names a kind of question and a key, which must change whenever the answer could; then
remembering and working out again are one, and a site that was built on what is remembered has the bytes of one that was
built on nothing. What an edition does not ask for is not kept, so nothing outlives what it was about.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import blake2b
from typing import Any

_OPENING = "citewire memory 1"


class Memory:
    """The answers of one edition; `mark`: digest of what all of them follow from, as program and settings."""

    def __init__(self, mark: str, kept: dict[str, str] | None = None) -> None:
        self.mark = mark
        self._kept = kept or {}
        self._asked: dict[str, str] = {}

    def of(self, kind: str, key: str, make: Callable[[], Any]) -> Any:
        """The answer of that kind under `key`, made where it is not known. Every answer is a fresh JSON value."""
        name = f"{kind} {key}"
        told = self._asked.get(name) or self._kept.pop(name, None)
        if told is None:
            told = json.dumps(make(), ensure_ascii=True, separators=(",", ":"))
        self._asked[name] = told
        return json.loads(told)

    def knows(self, kind: str, key: str) -> bool:
        """Whether an answer is known."""
        name = f"{kind} {key}"
        return name in self._asked or name in self._kept

    def dump(self) -> bytes:
        """All that was asked for, with what it takes to notice that a byte of it is lost."""
        body = "\n".join(f"{name}\t{told}" for name, told in sorted(self._asked.items()))
        head = f"{_OPENING} {self.mark}\n".encode()
        return head + f"{_sum(head, body.encode())}\n".encode() + body.encode()

    @classmethod
    def load(cls, raw: bytes | None, mark: str) -> Memory:
        """What was dumped under the same `mark`; nothing where it is of another one, damaged or missing."""
        head = f"{_OPENING} {mark}\n".encode()
        if raw is None or not raw.startswith(head):
            return cls(mark)
        told, _, body = raw[len(head) :].partition(b"\n")
        if told.decode("ascii", "replace") != _sum(head, body):
            return cls(mark)
        return cls(mark, dict(line.split("\t", 1) for line in body.decode().split("\n") if line))


def _sum(head: bytes, body: bytes) -> str:
    return blake2b(head + body, digest_size=32).hexdigest()
