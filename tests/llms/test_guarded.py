"""Answers that give their prompt away are refused whole (reliability T107): no part of them is used or kept."""

import pytest

from pipeline.errors import ModelError
from pipeline.llms.guarded import GuardedLLM
from pipeline.protocols import NOTHING, Completion
from pipeline.protocols.models import Decisions

PROMPT = "<data-0123456789abcdef0123456789abcdef>x</data-0123456789abcdef0123456789abcdef>"


class Model:
    """Answers what `say` makes of the call."""

    name = "fake:one"

    def __init__(self, say):
        self.say = say

    def generate(self, prompt, *, system, schema, max_tokens, source=""):
        return Completion({"text": self.say(prompt, system)}, self.name, NOTHING, "stop")

    def decide(self, state, questions, *, source=""):
        return Decisions({}, self.name, "schema", NOTHING)


def ask(say):
    return GuardedLLM(Model(say)).generate(PROMPT, system="Write news.", schema={}, max_tokens=9)


def test_an_honest_answer_passes_as_it_is():
    assert ask(lambda *_: "The port ordered 12 turbines.").value == {"text": "The port ordered 12 turbines."}


@pytest.mark.parametrize(
    "say",
    [
        lambda prompt, system: system,
        lambda prompt, system: prompt,
        lambda prompt, system: system.split("The mark ")[1].split(" ")[0].upper(),
        lambda prompt, system: "as 0123456789abcdef0123456789abcdef says",
    ],
)
def test_t107_an_answer_with_the_canary_or_a_marker_is_refused(say):
    with pytest.raises(ModelError) as error:
        ask(say)
    assert error.value.kind == "refused"
    assert "0123456789abcdef" not in str(error.value)
    assert "canary-" not in str(error.value)


def test_every_call_has_a_canary_of_its_own_and_the_same_call_the_same():
    seen = []

    def say(prompt, system):
        seen.append(system)
        return "ok"

    model = GuardedLLM(Model(say))
    for prompt in ("a", "b", "a"):
        model.generate(prompt, system="Write news.", schema={}, max_tokens=9)
    assert seen[0] == seen[2]
    assert seen[0] != seen[1]


def test_decisions_pass():
    assert GuardedLLM(Model(lambda *_: "")).decide("s", {}).model == "fake:one"
    assert GuardedLLM(Model(lambda *_: "")).name == "fake:one"
