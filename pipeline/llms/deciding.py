"""Decisions from a model that only generates: typed questions become a schema, its answer probabilities.

Each question is answered with a code (yes, no, or a letter for a label) and the probability that the answer is right,
in per cent, as the model states it. Stated certainty is not certainty: no label goes below MARGIN. Where the server
tells the probabilities of its tokens, those of the code's first token are taken instead (`from_tokens`).
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from string import ascii_uppercase
from typing import Any

from pipeline.errors import ModelError
from pipeline.prompts import envelope, load
from pipeline.protocols import Decision, Question

__all__ = ["MARGIN", "PROMPT", "Asked", "Token", "asked", "from_tokens", "stated"]

PROMPT = "decide"
MARGIN = 0.02  # least probability of a label where the model only says how sure it is
LEAST_TOLD = 0.5  # of the probability at a code's place must be told and lie on codes, or tokens say nothing
UNTOLD = 0.001  # least probability of a label that is not among the tokens told
TOKENS_PER_QUESTION = 60
_LEAST_TOKENS = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A call that asks for decisions, as arguments of `generate`."""

    prompt: str
    system: str
    schema: Mapping[str, Any]
    max_tokens: int


@dataclass(frozen=True, slots=True)
class Token:
    """One token of an answer: its text, and natural logarithms of the probabilities of what could stand there."""

    text: str
    alternatives: Mapping[str, float]


def asked(state: str, questions: Mapping[str, Question]) -> Asked:
    """The call that puts `questions` about `state` to a model that only generates."""
    prompt = load(PROMPT)
    text = prompt.render(envelope({"state": state}) | {"questions": "\n".join(map(_line, questions.items()))})
    schema = {
        "title": "decisions",
        "type": "object",
        "properties": {name: _shape(question) for name, question in questions.items()},
        "required": list(questions),
        "additionalProperties": False,
    }
    return Asked(text, prompt.system, schema, max(_LEAST_TOKENS, TOKENS_PER_QUESTION * len(questions)))


def stated(value: Mapping[str, Any], questions: Mapping[str, Question]) -> dict[str, Decision]:
    """Decisions as the model states them; what an answer leaves of its probability goes to the other labels alike.

    Raises ModelError where a question has no answer or one that it does not offer.
    """
    found = {}
    for name, question in questions.items():
        code, sure = _answer(value, name, question)
        rest = (1 - sure) / (len(question.labels) - 1)
        weights = {label: sure if own == code else rest for own, label in _codes(question).items()}
        found[name] = Decision.of(question, weights, margin=MARGIN)
    return found


def from_tokens(
    value: Mapping[str, Any], questions: Mapping[str, Question], tokens: Sequence[Token]
) -> dict[str, Decision] | None:
    """Decisions from the tokens of the answer `value`; None where they do not show what the answers could have been.

    The probability of a label is that of all tokens at the place of its code which can only begin that code.
    """
    text = "".join(token.text for token in tokens)
    ends = list(accumulate(len(token.text) for token in tokens))
    found = {}
    for name, question in questions.items():
        code, _ = _answer(value, name, question)
        place = re.search(rf'"{re.escape(name)}"\s*:\s*\{{\s*"answer"\s*:\s*"{re.escape(code)}"', text)
        if place is None:
            return None
        at = place.end() - len(code) - 1
        held = bisect_right(ends, at)
        before = text[ends[held] - len(tokens[held].text) : at]
        weights = _weights(tokens[held], before, question)
        if sum(weights.values()) < LEAST_TOLD:
            return None
        found[name] = Decision.of(question, weights, margin=UNTOLD)
    return found


def _weights(token: Token, before: str, question: Question) -> dict[str, float]:
    """Probability by label: `before` is what stands in front of the code within its token (a quotation mark)."""
    weights = dict.fromkeys(question.labels, 0.0)
    codes = _codes(question)
    for text, logprob in token.alternatives.items():
        rest = text[len(before) :].rstrip('"') if text.startswith(before) else ""
        fitting = [label for code, label in codes.items() if rest and (code.startswith(rest) or rest.startswith(code))]
        if len(fitting) == 1:
            weights[fitting[0]] += math.exp(min(logprob, 0.0))
    return weights


def _codes(question: Question) -> dict[str, str]:
    """Code -> label: short answers that begin with different letters."""
    if question.kind == "yes_no":
        return {label: label for label in question.labels}
    if len(question.labels) > len(ascii_uppercase):
        raise ValueError(f"a question offers {len(question.labels)} labels; {len(ascii_uppercase)} are the most")
    return dict(zip(ascii_uppercase, question.labels, strict=False))


def _shape(question: Question) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "answer": {"type": "string", "enum": list(_codes(question))},
            "percent": {"type": "integer", "minimum": 0, "maximum": 100},
        },
        "required": ["answer", "percent"],
        "additionalProperties": False,
    }


def _line(item: tuple[str, Question]) -> str:
    name, question = item
    codes = _codes(question)
    offered = (
        " or ".join(codes) if question.kind == "yes_no" else "; ".join(f"{c} = {text}" for c, text in codes.items())
    )
    scale = " (a scale, lowest first)" if question.kind == "score" else ""
    return f"{json.dumps(name)}: {question.text} Answer{scale}: {offered}."


def _answer(value: Mapping[str, Any], name: str, question: Question) -> tuple[str, float]:
    """The code that answers question `name`, and the probability stated for it."""
    given = value.get(name)
    code = given.get("answer") if isinstance(given, Mapping) else None
    if not isinstance(given, Mapping) or not isinstance(code, str) or code not in _codes(question):
        raise ModelError(f"the model's answer to the question {name!r} is none of those it offers", kind="shape")
    percent = given.get("percent")
    if isinstance(percent, bool) or not isinstance(percent, int | float) or not math.isfinite(percent):
        raise ModelError(f"the model's probability for the question {name!r} is no number", kind="shape")
    return code, min(max(percent, 0), 100) / 100
