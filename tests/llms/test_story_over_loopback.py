"""The whole way: store, prompt, a chat-completions server on loopback, gate, story."""

from __future__ import annotations

import dataclasses
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from factories import NOW, sample_claims
from pytest_httpserver import HTTPServer
from stored import analysed
from werkzeug import Request, Response

from pipeline.bundles.bundle import from_bundle, to_bundle
from pipeline.bundles.verify import problems
from pipeline.domain import Story
from pipeline.llms import Cast
from pipeline.newsroom import inputs
from pipeline.protocols import LLM, Store
from pipeline.settings import Settings
from pipeline.stores import open_store
from pipeline.write import write

PATH = "/v1/chat/completions"


@pytest.fixture
def store() -> Iterator[Store]:
    kept = open_store(":memory:")
    analysed(kept)
    yield kept
    kept.close()


def settings(server: HTTPServer, timeout: float = 5.0) -> Settings:
    return Settings.model_validate(
        {
            "write": {"min_sentences": 3},
            "models": {"write": ["openai:small"]},
            "model": [{"name": "openai", "base_url": server.url_for("/v1"), "timeout": timeout, "attempts": 1}],
            "beat": [{"name": "Energy"}],
        }
    )


def llm_of(chosen: Settings, store: Store) -> LLM | None:
    return Cast(chosen.models, chosen.served).role("write", store, NOW)


def chat(content: str | None, finish: str = "stop", refusal: str | None = None) -> dict[str, Any]:
    message = {"role": "assistant", "content": content, "refusal": refusal}
    return {
        "id": "x",
        "object": "chat.completion",
        "created": 1,
        "model": "small-1",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18},
    }


def story_answer(number: int) -> str:
    first, says, council, _, fear = sample_claims()
    told = [
        (f"Northwind Power has ordered {number} gas turbines for its Harlow campus, Harbour Wire reports.", first.id),
        ("The company says the turbines will supply 480 megawatts by March 2027.", says.id),
        ("Harlow council approved the site by nine votes to two.", council.id),
        (fear.text, fear.id),
    ]
    return json.dumps(
        {
            "headline": {"text": "Harlow council approved the Northwind Power site", "claims": [council.id]},
            "dek": {"text": told[1][0], "claims": [says.id]},
            "sections": [
                {"heading": "What happened", "sentences": [{"text": t, "claims": [c]} for t, c in told]},
            ],
            "questions": [],
        }
    )


def written(store: Store, server: HTTPServer, timeout: float = 5.0) -> tuple[Story, tuple[str, ...]]:
    chosen = settings(server, timeout)
    report = write(store, chosen, llm=llm_of(chosen, store), now=NOW)
    (story,) = store.all_stories()
    assert problems(to_bundle(story), store) == ()
    return story, tuple(failure.what for failure in report.failures)


def body(story: Story) -> list[str]:
    return [s.text for section in story.sections if section.role == "body" for p in section.paragraphs for s in p]


def test_a_good_answer_is_printed_and_kept(store: Store, httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH).respond_with_json(chat(story_answer(12)))
    story, failures = written(store, httpserver)
    assert failures == ()
    assert story.writer == "openai:small-1"
    assert "Harlow council approved the site by nine votes to two." in body(story)
    (kept,) = story.answers
    assert (kept.prompt, kept.model, kept.tokens_in, kept.tokens_out) == ("write_story", "openai:small-1", 9, 9)
    assert json.loads(kept.answer) == json.loads(story_answer(12))
    assert store.cached_answer(kept.key) is not None
    again = settings(httpserver)
    write(store, again, llm=llm_of(again, store), now=NOW)
    assert len(httpserver.log) == 1, "the answer came from the store"


def test_a_lie_is_repaired_with_the_sources_words(store: Store, httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH).respond_with_json(chat(story_answer(99)))
    story, _ = written(store, httpserver)
    assert not any("99" in text for text in body(story))
    assert any("ordered 12 gas turbines" in text for text in body(story))
    assert story.counts.repaired >= 1


@pytest.mark.parametrize("number", [12, 99])
def test_the_story_is_written_again_from_the_kept_answer_without_the_model(
    store: Store, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    httpserver.expect_request(PATH).respond_with_json(chat(story_answer(number)))
    story, _ = written(store, httpserver)
    asked = len(httpserver.log)
    again = inputs.rewritten(from_bundle(to_bundle(story)), store)
    assert again == story
    assert len(httpserver.log) == asked
    (kept,) = story.answers
    assert str(number) in kept.answer
    asked_else = dataclasses.replace(story, answers=(dataclasses.replace(kept, prompt_hash="0" * 16),))
    monkeypatch.setattr(store, "story_history", lambda *_, **__: [asked_else])
    with pytest.raises(ValueError, match="another prompt"):
        inputs.rewritten(asked_else, store)
    monkeypatch.undo()
    lied = dataclasses.replace(kept, answer=kept.answer.replace("nine votes", "ten votes"))
    shipped = dataclasses.replace(story, answers=(lied,))
    with pytest.raises(ValueError, match="not those that the version was written from"):
        inputs.rewritten(shipped, store)


@pytest.mark.parametrize(
    ("reply", "status", "why"),
    [
        (chat("Here is your story: once upon a time."), 200, "not the asked JSON"),
        (chat(None, refusal="I cannot write about this"), 200, "refused"),
        (chat('{"headline": {"te', finish="length"), 200, "cut off"),
        ({"error": {"message": "boom"}}, 500, "server error"),
        ({"error": {"message": "slow down"}}, 429, "rate limit"),
    ],
)
def test_failures_fall_back_to_extraction(
    store: Store, httpserver: HTTPServer, reply: dict[str, Any], status: int, why: str
) -> None:
    httpserver.expect_request(PATH).respond_with_json(reply, status=status)
    story, failures = written(store, httpserver)
    assert story.writer == "extractive"
    assert len(failures) == 1
    assert why in failures[0]


def test_a_server_that_never_answers_is_given_up(store: Store, httpserver: HTTPServer) -> None:
    given_up = threading.Event()

    def slow(_: Request) -> Response:
        given_up.wait(5)
        return Response("{}")

    httpserver.expect_request(PATH).respond_with_handler(slow)
    story, failures = written(store, httpserver, timeout=0.2)
    given_up.set()
    limit = time.monotonic() + 5
    while not httpserver.log and time.monotonic() < limit:
        time.sleep(0.01)  # until the request that was given up is logged, so that it does not count elsewhere
    assert story.writer == "extractive"
    assert len(failures) == 1
