"""The seam to language models: two verbs, generate and decide, and the values that go through them.

*Generate*: a prompt and a JSON Schema in, an object of that shape out. *Decide*: a state and typed questions in,
probabilities out, no prose to parse (the Decisions protocol: yes/no, choice, score). A model has no tools and no memory
of the last call.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

__all__ = ["LLM", "NOTHING", "Completion", "Decision", "Decisions", "Question", "Usage", "choice", "score", "yes_no"]

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Usage:
    """What calls took: tokens in and out, calls made (0: the answer was kept from before), cost in USD."""

    input_tokens: int = 0
    output_tokens: int = 0
    calls: int = 1
    cost: float = 0.0

    @property
    def tokens(self) -> int:
        """Tokens in and out together."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.calls + other.calls,
            self.cost + other.cost,
        )

    def __sub__(self, other: Usage) -> Usage:
        return Usage(
            self.input_tokens - other.input_tokens,
            self.output_tokens - other.output_tokens,
            self.calls - other.calls,
            self.cost - other.cost,
        )


NOTHING = Usage(calls=0)


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model answered, already checked to be a JSON object of the asked shape.

    `model` is provider and model as the server names itself. `usage` is what the answer took when it was made, also
    where it is `cached` and took nothing now. `key` is the hash it is kept under ("" where nothing is kept), `passed`
    the models that were asked first and failed.
    """

    value: Mapping[str, Any]
    model: str
    usage: Usage = Usage()
    finish: str = "stop"
    cached: bool = False
    key: str = ""
    passed: tuple[str, ...] = ()

    @property
    def spent(self) -> Usage:
        """What this answer took now: nothing where it was kept from before."""
        return NOTHING if self.cached else self.usage


@dataclass(frozen=True, slots=True)
class Question:
    """One typed question about a state. `labels` are its possible answers; of a score, the levels, lowest first."""

    text: str
    kind: Literal["yes_no", "choice", "score"]
    labels: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.labels) < 2 or len(set(self.labels)) != len(self.labels):
            raise ValueError(f"a question needs two or more labels, each once: {self.labels}")


def yes_no(text: str) -> Question:
    """A question with the labels "yes" and "no"."""
    return Question(text, "yes_no", (YES, NO))


def choice(text: str, labels: Sequence[str]) -> Question:
    """A question whose answer is one of `labels`, which say what they mean."""
    return Question(text, "choice", tuple(labels))


def score(text: str, levels: Sequence[str]) -> Question:
    """A question whose answer is a place on a scale; `levels` describe its steps, lowest first."""
    return Question(text, "score", tuple(levels))


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to one question: a probability for each of its labels, in their order; they sum to 1."""

    probabilities: Mapping[str, float]

    @classmethod
    def of(cls, question: Question, weights: Mapping[str, float], *, margin: float = 0.0) -> Decision:
        """From non-negative weights of labels, scaled to sum 1; no label falls below `margin`, for what is only stated.

        What is missing, negative or no number counts as 0; all 0 says nothing: every label is as likely.
        """
        plain = {label: weights.get(label, 0.0) for label in question.labels}
        plain = {label: w if math.isfinite(w) and w > 0 else 0.0 for label, w in plain.items()}
        total = sum(plain.values())
        shares = {label: w / total if total > 0 else 1 / len(plain) for label, w in plain.items()}
        kept = {label: max(share, margin) for label, share in shares.items()}
        whole = sum(kept.values())
        return cls({label: share / whole for label, share in kept.items()})

    @property
    def answer(self) -> str:
        """The likeliest label; the first of them on a tie."""
        return max(self.probabilities, key=lambda label: self.probabilities[label])

    @property
    def yes(self) -> float:
        """Probability of "yes"; of another kind of question, of its first label."""
        return next(iter(self.probabilities.values()))

    @property
    def level(self) -> float:
        """The expected place on the scale of a score: 0 its lowest level, 1 its highest."""
        places = enumerate(self.probabilities.values())
        return sum(place * p for place, p in places) / (len(self.probabilities) - 1)


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decisions by the name of their question. `basis` says where the probabilities come from.

    "decision": a decision model's own; "logprobs": those of the answer's tokens; "stated": the model wrote them down.
    """

    decisions: Mapping[str, Decision]
    model: str
    basis: Literal["decision", "logprobs", "stated"]
    usage: Usage = Usage()
    cached: bool = False
    key: str = ""
    passed: tuple[str, ...] = ()

    @property
    def spent(self) -> Usage:
        """What these decisions took now: nothing where they were kept from before."""
        return NOTHING if self.cached else self.usage


class LLM(Protocol):
    """A language model. `source` names the source that a call is about, for its budget; "" where it is about none."""

    @property
    def name(self) -> str: ...

    def generate(
        self, prompt: str, *, system: str, schema: Mapping[str, Any], max_tokens: int, source: str = ""
    ) -> Completion:
        """Raises ModelError (refused, failed, not the asked shape) or BudgetExhausted."""
        ...

    def decide(self, state: str, questions: Mapping[str, Question], *, source: str = "") -> Decisions:
        """The answers to all `questions` about `state`, in one call. Raises as `generate`.

        `state` is data: whatever it says, it is judged, not followed. Names of questions are short identifiers of the
        caller's own (letters, digits, "_"), never data; so are the texts of questions and their labels.
        """
        ...
