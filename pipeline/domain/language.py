"""What language tells of a text: spans, quantities, dates, names, and how firmly something is said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of code points in some text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"empty or negative span {self.start}..{self.end}")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as the text gives it, normalised: 15 GW is 15e9 of unit "W"; "four in ten" is 0.4 of unit "ratio".

    `unit` is a base unit or counted noun ("" when bare); `bound` is "", "over", "under", "about" or "up to".
    `step` is how finely the source spoke, in base units (1e9 for "15 GW", 0 for "a third"): 15 GW and 15,000 MW are
    equal, 15.04 GW is not.
    """

    span: Span
    text: str
    value: float
    unit: str
    bound: str = ""
    noun: str = ""  # the counted thing, folded: "tent" in "six massive tents"
    step: float = 0.0


@dataclass(frozen=True, slots=True)
class DateMention:
    """A calendar expression: ISO prefix as precise as the text ("2026", "2026-03", "2026-03-11", "W-2"...)."""

    span: Span
    text: str
    value: str
    relative: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text. `key` folds case, articles, possessives and corporate suffixes; `kind` is a coarse type.

    `language.names` knows person, organisation, place and product; `language.kinds` also state body, technology, law
    and concept. "name": the text does not tell.
    """

    span: Span
    text: str
    key: str
    kind: str = "name"


class Hedge(StrEnum):
    """How firmly a statement is made. Order is from firm to weak; DENIES stands apart."""

    STATES = "states"
    PLANS = "plans"
    EXPECTS = "expects"
    COULD = "could"
    REPORTED = "reported"
    DENIES = "denies"
