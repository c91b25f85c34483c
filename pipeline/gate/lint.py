"""Lint: what is no sentence of a story whoever wrote it: leaked reasoning, raw tags, markers, canaries, leftovers.

A model that thinks aloud, refuses or repeats its prompt, a page whose markup came along, a template that was not filled
in: each leaves traces that no news sentence has. News about such things quotes them, so what stands letter for
letter in the cited words is reported, not leaked; markers and canaries are refused all the same. Pure.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

from pipeline.domain import CitedSpan, Reason

_SUSPECT = re.compile(
    r"[<>{}\[\]&`%$]|data-|canary-|TODO|FIXME|TBD|NaN|undefined|None|null|lorem", re.IGNORECASE
)  # what every tag, marker, empty value and canary has
_LINE = 50  # characters from which a line of a prompt is nobody else's words
_FOLD = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


@cache
def _lists() -> Mapping[str, Sequence[str]]:
    return tomllib.loads(files("pipeline.gate").joinpath("lint.toml").read_text(encoding="utf-8"))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """The patterns of one list; those of openings begin where a text does."""
    source = "|".join(_lists()[name])
    opening = rf"^[\"'*\s]*(?:{source})" if name == "openings" else source
    return re.compile(opening, 0 if name == "empties" else re.IGNORECASE)


def faults(text: str, evidence: Sequence[CitedSpan] = ()) -> tuple[Reason, ...]:
    """What in `text` is no news: the kind of each trace, with the words. `evidence` are the spans that it cites."""
    plain = text.translate(_FOLD)
    quotes = [span.quote.translate(_FOLD).casefold() for span in evidence]
    return tuple(Reason("lint", detail) for detail in _found(plain, quotes))


def _found(text: str, quotes: Sequence[str]) -> Iterator[str]:
    for name in ("openings", "anywhere"):
        match = _pattern(name).search(text)
        if match and not _quoted(match.group().strip("\"'* "), quotes):
            yield f"leaked reasoning: {match.group().strip()!r}"
    if not _SUSPECT.search(text):
        return
    match = _pattern("tags").search(text)
    if match and not _quoted(match.group(), quotes):
        yield f"a raw tag: {match.group()!r}"
    for name, what in (("markers", "an unresolved marker"), ("empties", "an empty value")):
        if match := _pattern(name).search(text):
            yield f"{what}: {match.group()!r}"
    if _pattern("canaries").search(text):
        yield "a canary of a prompt"


def _quoted(words: str, quotes: Sequence[str]) -> bool:
    """Whether words stand letter for letter in what is cited."""
    return any(words.casefold() in quote for quote in quotes)


def canaries(text: str) -> frozenset[str]:
    """The canaries and data markers in a text, such as a prompt."""
    return frozenset(match.group().casefold() for match in _pattern("canaries").finditer(text))


def leaked(answer: str, prompt: str, system: str) -> str:
    """What of its prompt an answer gives away, in plain words; "" for nothing.

    Canaries and data markers of the prompt, with or without their beginning, and whole lines of the system part.
    """
    low = answer.casefold()
    for mark in sorted(canaries(prompt) | canaries(system)):
        if mark in low or mark.partition("-")[2] in low:
            return "a marker of its prompt"
    spaced = " ".join(low.split())
    lines = (" ".join(line.casefold().split()) for line in re.split(r"(?<=[.:;])\s+|\n", system))
    return "a line of its prompt" if any(len(line) >= _LINE and line in spaced for line in lines) else ""
