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
class Figure:
    """What one part reached on one data set: its measures with the least value, and the command that measures it."""

    what: str
    data: str
    with_: str
    measures: tuple[tuple[str, str], ...]
    command: str


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
    return Figures(
        tuple(_figure(row) for row in table.get("floor", ())),
        phrases.day(table["pinned"]),
        __version__,
    )


def _figure(row: Mapping[str, Any]) -> Figure:
    embedder = row.get("embedder", "")
    asked = f" --embedder {embedder}" if embedder and embedder != "lexical" else ""
    return Figure(
        WHAT.get(row["eval"], row["eval"]),
        row["data"],
        embedder,
        tuple((name.replace("_", " "), f"{value:g}") for name, value in row["measures"].items()),
        f"citewire eval {row['eval']} FILE{asked}",
    )
