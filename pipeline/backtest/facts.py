"""Sentences about made events: facts that can be told in several ways, so that new and old are known.

A fact is an agent, what it did to whom or what, a place and a circumstance. Told again, each part may be put into other
words and the order may turn; another fact of the same story shares its place and often its agent, as in real stories.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

_WORDS: Mapping[str, Any] = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
_ORDERS = (
    "{agent} {act} {what} in {place} {tail}.",
    "In {place}, {agent} {act} {what} {tail}.",
    "{tail}, {agent} {act} {what} in {place}.",
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened: numbers of its parts in the lists of words."""

    agent: int
    act: int
    what: int
    place: int
    tail: int


def facts(rng: np.random.Generator, number: int) -> tuple[Fact, ...]:
    """Different facts of one story: one place, few agents, every act and object once."""
    agents = rng.choice(len(_WORDS["agents"]), size=min(number, 4), replace=False)
    acts = rng.choice(len(_WORDS["acts"]), size=number, replace=number > len(_WORDS["acts"]))
    objects = rng.choice(len(_WORDS["objects"]), size=number, replace=number > len(_WORDS["objects"]))
    place = int(rng.integers(len(_WORDS["places"])))
    return tuple(
        Fact(int(rng.choice(agents)), int(act), int(what), place, int(rng.integers(len(_WORDS["circumstances"]))))
        for act, what in zip(acts, objects, strict=True)
    )


def told(fact: Fact, rng: np.random.Generator) -> str:
    """A sentence that states `fact`, in words drawn at random."""
    parts = {
        "agent": _either(_WORDS["agents"][fact.agent], rng),
        "act": _either(_WORDS["acts"][fact.act], rng),
        "what": _either(_WORDS["objects"][fact.what], rng),
        "place": _WORDS["places"][fact.place],
        "tail": _either(_WORDS["circumstances"][fact.tail], rng),
    }
    text = _ORDERS[int(rng.integers(len(_ORDERS)))].format(**parts)
    return text[0].upper() + text[1:]


def _either(ways: Sequence[str], rng: np.random.Generator) -> str:
    return ways[int(rng.integers(len(ways)))]
