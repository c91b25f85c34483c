"""One planted lie, and how a planter tries its forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Lie:
    """A sentence with a lie in it. `cites` are further sentences of the record that a liar would cite beside it."""

    text: str
    form: str
    cites: tuple[str, ...] = ()


Form = tuple[str, Callable[[str, Sequence[str], Random], Lie | None]]


def attempt(forms: Sequence[Form], text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """The first form that applies, tried in an order of chance."""
    for _, form in chance.sample(list(forms), len(forms)):
        found = form(text, near, chance)
        if found is not None and " ".join(found.text.split()) != " ".join(text.split()):
            return found
    return None


def put(text: str, match: re.Match[str], new: str) -> str:
    """`text` with what `match` found replaced, a capital at the beginning kept."""
    if match.start() == 0 and new:
        new = new[0].upper() + new[1:]
    changed = (text[: match.start()] + new + text[match.end() :]).replace("  ", " ").strip()
    return changed[:1].upper() + changed[1:]


def swapped(text: str, first: re.Match[str], second: re.Match[str]) -> str:
    """Two stretches of a text in each other's place, `first` the earlier."""
    return (
        text[: first.start()]
        + second.group()
        + text[first.end() : second.start()]
        + first.group()
        + text[second.end() :]
    )
