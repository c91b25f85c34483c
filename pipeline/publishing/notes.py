"""What is known of the files of a release, noted beside it: their hashes, what they rest on, where they lead.

A line of text stands for each file and is read apart only where somebody asks, so a night copies the lines of what
stays; goals that many pages lead to are written once, in an order that later releases add to.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

_FORMAT = 2
_AT_ONCE = 1000  # lines that are written together
_NONE = "-"  # for what is empty: no digest is


class Kept(NamedTuple):
    """What is known of a file that was published.

    hash: SHA-256. size, mtime: as it was written, to notice a file that was altered since. rests_on: digest of all that
    it follows from (None: not known). links: where it leads within the site, as site_check.Look has it. seal: of a
    bundle that was verified, else "".
    """

    hash: str
    size: int
    mtime: int  # nanoseconds
    rests_on: str | None = None
    links: tuple[str, ...] = ()
    seal: str = ""


class Brief(NamedTuple):
    """The same without its links, and the line that it was read from."""

    hash: str
    state: tuple[int, int]  # size, mtime
    rests_on: str
    seal: str
    line: str


class Notes(Mapping[str, Kept]):
    """What is known of all files of a release, by path."""

    def __init__(self, before: Notes | None = None) -> None:
        """`before`: notes of which lines may be taken over."""
        self._goals: list[str] = list(before._goals) if before is not None else []
        self._numbers: dict[str, int] = {}
        self._lines: dict[str, str] = {}

    def __getitem__(self, path: str) -> Kept:
        brief = _brief(self._lines[path])
        return Kept(brief.hash, *brief.state, brief.rests_on or None, tuple(self._led(path)), brief.seal)

    def __contains__(self, path: object) -> bool:
        return path in self._lines

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def brief(self, path: str) -> Brief | None:
        """What is known of a file, without its links."""
        line = self._lines.get(path)
        return None if line is None else _brief(line)

    def seals(self, of: Callable[[str], bool]) -> Iterator[str]:
        """The seals of the files whose path is one `of` those, as far as they have one."""
        for path, line in self._lines.items():
            if of(path) and (seal := line.split(" ", 5)[4]) != _NONE:
                yield seal

    def hash(self, path: str) -> str:
        """The hash of a file."""
        return self._lines[path].partition(" ")[0]

    def enter(self, path: str, known: Kept) -> None:
        """Note a file that was written."""
        if len(self._numbers) != len(self._goals):
            self._numbers = {goal: number for number, goal in enumerate(self._goals)}
        numbers = []
        for goal in known.links:
            number = self._numbers.setdefault(goal, len(self._goals))
            if number == len(self._goals):
                self._goals.append(goal)
            numbers.append(str(number))
        head = (known.hash, str(known.size), str(known.mtime), known.rests_on or _NONE, known.seal or _NONE)
        self._lines[path] = " ".join((*head, ",".join(numbers) or _NONE))

    def take(self, path: str, brief: Brief, rests_on: str | None) -> None:
        """Note a file that was taken over, by its line in the notes that these came after."""
        rests = rests_on or ""
        self._lines[path] = brief.line if brief.rests_on == rests else brief.line.replace(
            f" {brief.rests_on or _NONE} ", f" {rests or _NONE} ", 1
        )  # fmt: skip

    def led(self, paths: Iterable[str]) -> set[str]:
        """All goals of some files."""
        numbers = {number for path in paths for number in self._lines[path].rpartition(" ")[2].split(",")} - {_NONE}
        return {self._goals[int(number)] for number in numbers}

    def leading(self, goals: set[str]) -> Iterator[tuple[str, str]]:
        """Each file that leads to one of these goals, with that goal."""
        for path in self._lines if goals else ():
            yield from ((path, goal) for goal in self._led(path) if goal in goals)

    def goals(self) -> Iterable[str]:
        """Every goal that any file leads to, and perhaps some that none leads to any more."""
        return self._goals

    def dump(self, before: Mapping[str, Kept]) -> Iterator[bytes]:
        """The notes as they are written. Where a file of `before` is gone, goals that went with it are let go of."""
        notes = self._whole() if any(path not in self._lines for path in before) else self
        yield f'{{"format": {_FORMAT}, "goals": {json.dumps(notes._goals)}, "files": {{'.encode()
        rest, between = iter(notes._lines.items()), ""
        while some := dict(islice(rest, _AT_ONCE)):
            yield f"{between}{json.dumps(some)[1:-1]}".encode()
            between = ", "
        yield b"}}"

    @classmethod
    def load(cls, raw: bytes) -> Notes:
        """What was dumped; nothing where that cannot be read: then all is made anew."""
        found = cls()
        try:
            told = json.loads(raw)
            if told["format"] == _FORMAT and all(len(line.split(" ")) == 6 for line in told["files"].values()):
                found._goals, found._lines = list(told["goals"]), dict(told["files"])
        except (ValueError, KeyError, TypeError, AttributeError):
            return cls()
        return found

    def _led(self, path: str) -> Iterator[str]:
        numbers = self._lines[path].rpartition(" ")[2]
        return (self._goals[int(number)] for number in numbers.split(",")) if numbers != _NONE else iter(())

    def _whole(self) -> Notes:
        """The same notes with their goals numbered anew."""
        made = Notes()
        for path in self._lines:
            made.enter(path, self[path])
        return made


def _brief(line: str) -> Brief:
    hash_, size, mtime, rests_on, seal, _ = line.split(" ")
    known = (int(size), int(mtime))
    return Brief(hash_, known, "" if rests_on == _NONE else rests_on, "" if seal == _NONE else seal, line)
