"""The quality figures that the program ships: the least that each part reaches, on which data, how to repeat it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipeline import __version__, resources
from pipeline.renderers import phrases

WHAT = {
    "storylines": "Grouping of records into storylines",
    "noise": "Strangers kept out of storylines",
    "identity": "Storylines that keep their identity from night to night",
    "checkworthy": "Which sentences are worth checking",
    "decompose": "Claims found in long sentences",
    "labels": "Stance, register, speaker, hedge and names of claims",
    "topic": "Records that answer a question",
    "support": "Whether cited words support a sentence",
    "gate": "The whole gate on one sentence",
    "extraction": "Article text out of web pages",
    "contradictions": "Planted contradictions found, others left alone",
    "signals": "Signals on planted changes and quiet worlds",
}


@dataclass(frozen=True, slots=True)
class Reached:
    """What a part reached on one data set, with which embedder: its measures with the least value."""

    data: str
    measures: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One part of the program: what is measured, the command that does it, and what it reached on each data set."""

    what: str
    command: str
    reached: tuple[Reached, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """All pinned figures, the day they were pinned and the version of the program."""

    figures: tuple[Figure, ...]
    pinned: str
    version: str


@lru_cache(maxsize=1)
def figures() -> Figures:
    """The figures of pipeline/evals/floors.toml; a test holds the program to them."""
    table = tomllib.loads(resources.text("figures", "floors.toml"))
    parts: dict[str, list[Reached]] = {}
    for row in table.get("floor", ()):
        parts.setdefault(row["eval"], []).append(_reached(row))
    return Figures(
        tuple(
            Figure(WHAT.get(name, name), f"citewire eval {name} FILE", tuple(found)) for name, found in parts.items()
        ),
        phrases.day(table["pinned"]),
        __version__,
    )


def _reached(row: Mapping[str, Any]) -> Reached:
    embedder = str(row.get("embedder", "")).rpartition(":")[2]
    measures = tuple((name.replace("_", " "), f"{value:g}") for name, value in row["measures"].items())
    return Reached(f"{row['data']}, {embedder}" if embedder else row["data"], measures)
