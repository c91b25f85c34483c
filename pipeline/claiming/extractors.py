"""Who finds the claims of a record: rules alone ("keyless"), rules with likeness to examples, or a model beside them.

All give the same type. The rules have read every record before a model is asked, so a model that fails, refuses or
points at nothing that stands costs nothing but its report: the record keeps the claims of the rules. After five
failures in a row, or when the night's money is spent, the model is left alone.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pipeline.claiming.claims import extract
from pipeline.claiming.likeness import Likeness
from pipeline.claiming.model_claims import SCHEMA, claims_of, shown
from pipeline.domain import Claim, Record
from pipeline.errors import BudgetExhausted, ModelError
from pipeline.prompts import load
from pipeline.protocols import LLM

__all__ = ["PROMPT", "ExampleExtractor", "Extraction", "Extractor", "ModelExtractor", "Reread", "reread"]

PROMPT = "extract_claims"
_PATIENCE = 5  # failures in a row after which a model is asked no more


@dataclass(frozen=True, slots=True)
class Extraction:
    """Claims of one record, what was refused (reason -> count), and why they are those of the rules after all.

    `read`: whether the other reading came about at all. `spent`: which budget is used up, where one now is.
    """

    claims: tuple[Claim, ...]
    refused: Mapping[str, int] = field(default_factory=dict)
    failure: str = ""
    cost: float = 0.0
    read: bool = True
    spent: str = ""


class Extractor(Protocol):
    """The seam: another reading of a record beside that of the rules."""

    @property
    def name(self) -> str: ...

    def extract(self, record: Record, known: tuple[Claim, ...]) -> Extraction:
        """The claims of `record`, where the rules found `known`. Never raises for what a record or a model says."""
        ...


class ModelExtractor:
    """Asks a model for the claims of one record at a time; `claiming.model_claims` says what of its answer stands."""

    def __init__(self, llm: LLM, *, max_claims: int, max_tokens: int) -> None:
        self._llm, self._max_claims, self._max_tokens = llm, max_claims, max_tokens
        self._failed = 0
        self._given_up = ""

    @property
    def name(self) -> str:
        """Name of the model."""
        return self._llm.name

    def extract(self, record: Record, known: tuple[Claim, ...]) -> Extraction:
        """The claims that the model points at; `known` where it fails or nothing of its answer stands."""
        if self._given_up:
            return Extraction(known, {self._given_up: 1}, read=False)
        prompt = load(PROMPT)
        try:
            answer = self._llm.generate(
                prompt.render(shown(record, self._max_claims)),
                system=prompt.system,
                schema=SCHEMA,
                max_tokens=self._max_tokens,
                source=record.source,
            )
        except BudgetExhausted as error:
            if error.of_source:
                why = "records read by rules: their source's model budget is used up"
                return Extraction(known, {why: 1}, read=False)
            self._given_up = "records read by rules: the model's budget is used up"
            return Extraction(known, {self._given_up: 1}, read=False, spent=str(error))
        except ModelError as error:
            self._failed += 1
            if self._failed >= _PATIENCE:
                self._given_up = f"records read by rules: the model failed {_PATIENCE} times in a row"
            return Extraction(known, failure=str(error), read=False)
        self._failed = 0
        claims, refused = claims_of(answer.value, record, max_claims=self._max_claims)
        if not claims and known:
            return Extraction(
                known, {**refused, "records of which the model gave nothing that stands": 1}, "", answer.spent.cost
            )
        return Extraction(claims, refused, "", answer.spent.cost)


class ExampleExtractor:
    """The claims of the rules, their worth weighed with likeness to examples; no network, a dense embedder."""

    def __init__(self, likeness: Likeness, embedder_name: str, *, min_worth: float, max_claims: int) -> None:
        self._likeness, self._name = likeness, embedder_name
        self._min_worth, self._max_claims = min_worth, max_claims

    @property
    def name(self) -> str:
        """What the likeness is judged by."""
        return f"examples by {self._name}"

    def extract(self, record: Record, known: tuple[Claim, ...]) -> Extraction:
        """The worthiest claims, in order of appearance; `known` where the embedder fails or none is left."""
        wide = extract(record, min_worth=self._min_worth / 3, max_claims=2 * self._max_claims)
        try:
            worths = self._likeness.rate([claim.text for claim in wide], [claim.worth for claim in wide])
        except ModelError as error:
            return Extraction(known, failure=str(error))
        rated = [dataclasses.replace(claim, worth=worth) for claim, worth in zip(wide, worths, strict=True)]
        kept = [claim for claim in rated if claim.worth >= self._min_worth]
        best = sorted(kept, key=lambda claim: (-claim.worth, claim.evidence[0].start))[: self._max_claims]
        return Extraction(tuple(sorted(best, key=lambda claim: claim.evidence[0].start)) or known)


@dataclass(frozen=True, slots=True)
class Reread:
    """What the other extractor made of many records: claims by record id, refusals, failures by record id, cost.

    `read`: how many it read at all. `spent`: which budget was used up, "" where none was.
    """

    claims: Mapping[str, tuple[Claim, ...]]
    refused: Mapping[str, int]
    failures: Mapping[str, str]
    cost: float
    read: int
    spent: str


def reread(records: Sequence[Record], known: Mapping[str, tuple[Claim, ...]], extractor: Extractor) -> Reread:
    """Ask `extractor` for the claims of each record that the rules found something in, in the order given."""
    claims: dict[str, tuple[Claim, ...]] = {}
    refused: Counter[str] = Counter()
    failures: dict[str, str] = {}
    cost, read, spent = 0.0, 0, ""
    for record in records:
        if not known.get(record.id):
            continue
        found = extractor.extract(record, known[record.id])
        claims[record.id] = found.claims
        refused.update(found.refused)
        cost, read, spent = cost + found.cost, read + found.read, spent or found.spent
        if found.failure:
            failures[record.id] = found.failure
    return Reread(claims, dict(sorted(refused.items())), failures, cost, read, spent)
