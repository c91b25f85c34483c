"""A real inference server, llama.cpp's own, with a tiny model made here: the wire as it is, not as we play it."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from modelled import NOW, Answers

from pipeline.errors import ModelError
from pipeline.llms import Cast
from pipeline.protocols import LLM, choice, yes_no
from pipeline.roles import RolesSettings, ServedSettings

xllamacpp = pytest.importorskip("xllamacpp", reason="no llama.cpp server here: pip install -c constraints.txt '.[dev]'")
pytest.importorskip("gguf", reason="no gguf here to make a model with: pip install -c constraints.txt '.[dev]'")

SCHEMA = {
    "title": "answer",
    "type": "object",
    "properties": {"word": {"type": "string", "enum": ["yes", "no", "perhaps"]}, "sure": {"type": "boolean"}},
    "required": ["word", "sure"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    from llms.tinygguf import write_tiny

    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    params = xllamacpp.CommonParams()
    params.model.path = str(write_tiny(tmp_path_factory.mktemp("model") / "tiny.gguf"))
    params.n_ctx, params.n_parallel, params.warmup = 4096, 1, False
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1  # spinning threads starve on a busy machine
    params.hostnames, params.port = ["127.0.0.1"], port
    server = xllamacpp.Server(params)
    limit = time.monotonic() + 20
    while time.monotonic() < limit:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            break
        except OSError:
            time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/v1"
    del server


def asked(address: str, **more: Any) -> tuple[Cast, LLM]:
    served = ServedSettings(**{"name": "llamacpp:tiny", "base_url": address, "timeout": 30.0, "attempts": 1, **more})
    cast = Cast(RolesSettings(write=("llamacpp:tiny",)), [served])
    llm = cast.role("write", Answers(), NOW)
    assert llm is not None
    return cast, llm


def test_an_answer_has_the_asked_shape_and_counts_its_tokens(address: str) -> None:
    cast, llm = asked(address)
    answer = llm.generate("Say a word.", system="Be brief.", schema=SCHEMA, max_tokens=200)
    assert answer.value["word"] in ("yes", "no", "perhaps")
    assert isinstance(answer.value["sure"], bool)
    assert answer.model.startswith("llamacpp:")
    assert min(answer.usage.input_tokens, answer.usage.output_tokens) > 0
    assert cast.ledger.taken()["write", "llamacpp:tiny"] == answer.usage
    assert answer.usage.cost == 0.0


def test_the_same_question_has_the_same_answer(address: str) -> None:
    """Temperature 0 and a seed of the prompt's own: two nights without a cache read alike."""
    first, second = (asked(address)[1].generate("Say.", system="", schema=SCHEMA, max_tokens=200) for _ in range(2))
    assert first.value == second.value


def test_an_answer_that_is_cut_off_is_not_taken(address: str) -> None:
    long = {"title": "a", "type": "object", "properties": {"text": {"type": "string", "minLength": 500}}}
    answers_before = asked(address)[1]
    with pytest.raises(ModelError) as caught:
        answers_before.generate("Tell.", system="", schema={**long, "required": ["text"]}, max_tokens=20)
    assert caught.value.kind == "truncated"


@pytest.mark.parametrize("logprobs", [True, False])
def test_decisions_are_a_distribution(address: str, logprobs: bool) -> None:
    """Of random weights no token is likely, so that what the server tells of them is not taken for an answer."""
    questions = {"rain": yes_no("Did it rain?"), "where": choice("Where?", ["Harlow", "Karst", "Elsewhere"])}
    decided = asked(address, logprobs=logprobs)[1].decide("It rained in Harlow.", questions)
    assert decided.basis == "stated"
    for decision in decided.decisions.values():
        assert sum(decision.probabilities.values()) == pytest.approx(1.0)


def test_a_decision_model_is_not_what_this_server_has(address: str) -> None:
    served = ServedSettings(name="systemone:tiny", base_url=address, timeout=10, attempts=1)
    judge = Cast(RolesSettings(judge=("systemone:tiny",)), [served]).role("judge", Answers(), NOW)
    assert judge is not None
    with pytest.raises(ModelError, match="501"):
        judge.decide("It rained.", {"rain": yes_no("Did it?")})
