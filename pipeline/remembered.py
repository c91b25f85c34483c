"""What one edition worked out about things, kept for the next: answers under digests of all that they follow from.

An answer is JSON. Whoever asks names a kind of question and a key, which must change whenever the answer could; then
remembering and working out again are one, and a site that was built on what is remembered has the bytes of one that was
built on nothing. What an edition does not ask for is kept only as long as its key stands, so nothing outlives what it
was about.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Iterator
from hashlib import blake2b
from typing import Any

_OF = "\x1f"  # between a kind of question and its key
_OPENING, _CLOSING = "citewire memory 2", "\x04end"  # no kind of question begins so


class Memory:
    """The answers of one edition; `mark`: digest of what all of them follow from, as program and settings."""

    def __init__(self, mark: str, kept: dict[str, str] | None = None) -> None:
        self.mark = mark
        self._kept = kept or {}
        self._asked: dict[str, str] = {}

    def of(self, kind: str, key: str, make: Callable[[], Any]) -> Any:
        """The answer of that kind under `key`, made where it is not known. Every answer is a fresh JSON value."""
        name = f"{kind}{_OF}{key}"
        told = self._asked.get(name) or self._kept.pop(name, None)
        if told is None:
            told = json.dumps(make(), ensure_ascii=True, separators=(",", ":"))
        self._asked[name] = told
        return json.loads(told)

    def knows(self, kind: str, key: str) -> bool:
        """Whether an answer is known."""
        name = f"{kind}{_OF}{key}"
        return name in self._asked or name in self._kept

    def keep(self, current: Container[str]) -> None:
        """Keep what nobody asked for, too, where every word of its key is `current`: it is true still."""
        for name in list(self._kept):
            if all(word in current for word in name.partition(_OF)[2].split(" ")):
                self._asked[name] = self._kept.pop(name)

    def dump(self) -> Iterator[bytes]:
        """All that was asked for, line by line, with what it takes to notice that a byte of it is lost."""
        found = blake2b(head := self._head(), digest_size=32)
        yield head
        for name in sorted(self._asked):
            line = f"{name}\t{self._asked[name]}\n".encode()
            found.update(line)
            yield line
        yield f"{_CLOSING} {found.hexdigest()}\n".encode()

    @classmethod
    def load(cls, lines: Iterable[bytes], mark: str) -> Memory:
        """What was dumped under the same `mark`; nothing where it is of another one, or damaged."""
        made, rest = cls(mark), iter(lines)
        if (head := next(rest, b"")) != made._head():
            return made
        found, kept = blake2b(head, digest_size=32), dict[str, str]()
        try:
            for line in rest:
                if line.startswith(_CLOSING.encode()):
                    whole = line == f"{_CLOSING} {found.hexdigest()}\n".encode() and next(rest, None) is None
                    return cls(mark, kept) if whole else made
                found.update(line)
                name, told = line.decode().rstrip("\n").split("\t", 1)
                kept[name] = told
        except ValueError:  # damaged
            return made
        return made

    def _head(self) -> bytes:
        return f"{_OPENING} {self.mark}\n".encode()
