"""The configured models as a list: who plays what, where it is served, what it costs, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.errors import CitewireError, ModelError
from pipeline.llms.pricing import Prices
from pipeline.llms.providers import build
from pipeline.protocols import LLM, NOTHING, Usage, yes_no
from pipeline.roles import ROLES, RolesSettings, ServedSettings

__all__ = ["Entry", "Tried", "roster", "tried"]

QUESTION = {"four": yes_no("Does the material say that two and two make four?")}
STATE = "Two and two make four."


@dataclass(frozen=True, slots=True)
class Entry:
    """One configured model. `roles` as "write 1": the role and its place among the role's models.

    `problem`: why it cannot be asked, "" where nothing is known against it; `llm` is then the bare model.
    """

    name: str
    roles: tuple[str, ...]
    address: str = ""
    keyed: bool = False  # whether a key is sent
    prices: Prices | None = None
    problem: str = ""
    llm: LLM | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of asking a model one question: its fault, or what the answer took and rests on."""

    fault: str = ""
    yes: float = 0.0
    basis: str = ""
    usage: Usage = NOTHING


def roster(roles: RolesSettings, known: Sequence[ServedSettings]) -> tuple[Entry, ...]:
    """Every configured model in the order of roles and places, each once."""
    played: dict[str, list[str]] = {}
    for role in ROLES:
        for place, name in enumerate(roles.of(role), start=1):
            played.setdefault(name, []).append(f"{role} {place}")
    return tuple(_entry(name, tuple(parts), known) for name, parts in played.items())


def _entry(name: str, played: tuple[str, ...], known: Sequence[ServedSettings]) -> Entry:
    try:
        llm = build(name, known)
    except CitewireError as error:
        return Entry(name, played, problem=str(error))
    server = getattr(llm, "server", None)  # a model of another package need not have one
    if server is None:
        return Entry(name, played, llm=llm)
    return Entry(name, played, server.base_url, bool(server.key), server.prices, llm=llm)


def tried(llm: LLM) -> Tried:
    """Ask `llm` one question whose answer is known. It costs a few hundred tokens and is kept nowhere."""
    try:
        decided = llm.decide(STATE, QUESTION)
    except ModelError as error:
        return Tried(fault=str(error))
    yes = decided.decisions["four"].yes
    fault = "" if yes > 0.5 else f"it denies that two and two make four ({yes:.2f})"
    return Tried(fault, yes, decided.basis, decided.usage)
