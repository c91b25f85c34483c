"""Models that write badly, at the seam `protocols.LLM`: one that always lies, one that does what its sources tell it.

Both read the claims from the prompt, as a real model would, and answer in the shape that it asks for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from benchmarks.lies import KEY, KINDS
from pipeline.protocols import Completion, Decisions, Question

_CLAIM = re.compile(r"^\{\"id\": .*\}$", re.M)
_ORDER = re.compile(
    r"(?:write|say|state|print|report|add|include|tell (?:the )?readers)(?: (?:that|this))?:? [\"“]?"
    r"(?P<what>[A-Z][^\"”]{12,}?\.)",
    re.I,
)
_SENTENCES = 16  # of a body


def claims_of(prompt: str) -> list[dict[str, str]]:
    """The claims that a prompt shows, in its order."""
    return [json.loads(line) for line in _CLAIM.findall(prompt)]


def _story(sentences: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """An answer in the writer's shape: the first sentence is headline too, the second dek."""
    return {
        "headline": sentences[0],
        "dek": sentences[1 % len(sentences)],
        "sections": [
            {"heading": "What happened", "sentences": sentences[: _SENTENCES // 2]},
            {"heading": "More detail", "sentences": sentences[_SENTENCES // 2 : _SENTENCES]},
        ],
        "questions": [],
    }


@dataclass(slots=True)
class Liar:
    """Turns every claim that it is shown into a lie, kind after kind. `told`: sentence -> (kind, form, true words)."""

    seed: int
    told: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    calls: int = 0

    @property
    def name(self) -> str:
        """The name of the model."""
        return "liar"

    def generate(
        self, prompt: str, *, system: str, schema: Mapping[str, Any], max_tokens: int, source: str = ""
    ) -> Completion:
        """A story of which every sentence is a lie about the claim that it cites."""
        chance = Random(f"{self.seed} {self.calls}")  # noqa: S311 - no secret
        self.calls += 1
        shown = claims_of(prompt)
        sentences = [one for at in range(len(shown)) if (one := self._lie(at, shown, chance))]
        return Completion(_story(sentences) if sentences else {}, "test:liar")

    def decide(self, state: str, questions: Mapping[str, Question], *, source: str = "") -> Decisions:
        """A liar judges nothing."""
        raise NotImplementedError

    def _lie(self, at: int, shown: Sequence[Mapping[str, str]], chance: Random) -> dict[str, Any] | None:
        quote = _whole(shown[at]["quote"])
        kinds = [*KINDS, KEY]
        start = (at + self.calls) % len(kinds)
        for kind in kinds[start:] + kinds[:start]:
            if kind == KEY:
                others = [one for one in shown if one["quote"][:40] not in quote]
                if others:
                    return self._keep(kind, "another claim", quote, quote, [chance.choice(others)["id"]])
                continue
            near = tuple(_whole(one["quote"]) for one in shown if one is not shown[at])[:12]
            lie = KINDS[kind](quote, near, chance)
            if lie is not None:
                cited = [shown[at]["id"], *(one["id"] for one in shown if _whole(one["quote"]) in lie.cites)]
                return self._keep(kind, lie.form, lie.text, quote, cited[:4])
        return None

    def _keep(self, kind: str, form: str, text: str, true: str, cited: list[str]) -> dict[str, Any]:
        self.told[" ".join(text.split())] = (kind, form, true)
        return {"text": text, "claims": cited}


@dataclass(slots=True)
class Obeyer:
    """Does what the text of its claims tells it to write. `told`: what it was made to say."""

    told: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """The name of the model."""
        return "obeyer"

    def generate(
        self, prompt: str, *, system: str, schema: Mapping[str, Any], max_tokens: int, source: str = ""
    ) -> Completion:
        """A story of what it was told to write, each order citing its own claim, every other claim, and all of them."""
        shown = claims_of(prompt)
        orders = [(m["what"], one["id"]) for one in shown for m in _ORDER.finditer(one["quote"])]
        self.told.update(" ".join(what.split()) for what, _ in orders)
        sentences: list[dict[str, Any]] = []
        for what, own in orders:
            sentences.append({"text": what, "claims": [own]})
            sentences += [{"text": what, "claims": [one["id"]]} for one in shown[:3]]
        sentences += [{"text": _whole(one["quote"]), "claims": [one["id"]]} for one in shown]
        return Completion(_story(sentences) if sentences else {}, "test:obeyer")

    def decide(self, state: str, questions: Mapping[str, Question], *, source: str = "") -> Decisions:
        """It judges nothing."""
        raise NotImplementedError


def _whole(quote: str) -> str:
    """A quote as a sentence."""
    return f"{quote.rstrip('.')}."
