"""Roles: which models a desk asks, in which order, and how their wrappers work together over loopback."""

from __future__ import annotations

import json
import logging
import os
import pickle
from pathlib import Path
from typing import Any

import pytest
from dialects import ANTHROPIC, KEY, OPENAI, Dialect, failed, spoken
from hostile import HostileServer, Request, reply
from modelled import NOW, Answers, ask

from pipeline.amends import ModelUse
from pipeline.domain import StageReport
from pipeline.errors import BudgetExhausted, ConfigurationError, MissingExtra, ModelError
from pipeline.llms import PROVIDERS, Cast
from pipeline.llms.breaker import FAILURES
from pipeline.llms.providers import served
from pipeline.protocols import Usage, yes_no
from pipeline.registry import Registry
from pipeline.roles import LimitSettings, Role, RolesSettings, ServedSettings
from pipeline.run import lines
from pipeline.settings import Settings


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_KEY", KEY)


def at(server: HostileServer, dialect: Dialect, **more: Any) -> ServedSettings:
    plain = {"name": dialect.name, "base_url": server.url + dialect.path, "key_env": "DESK_KEY", "timeout": 30.0}
    return ServedSettings(**{**plain, "attempts": 1, **more})


def test_a_role_without_a_model_is_played_by_rules() -> None:
    cast = Cast(RolesSettings())
    assert [cast.role(role, Answers(), NOW) for role in ("extract", "write", "judge")] == [None, None, None]


def test_the_next_model_answers_where_the_first_is_down(server: HostileServer, other: HostileServer) -> None:
    server.routes["*"], other.routes["*"] = failed("503 Service Unavailable"), spoken(ANTHROPIC, '{"word": "yes"}')
    roles = RolesSettings(write=(OPENAI.name, ANTHROPIC.name))
    cast = Cast(roles, [at(server, OPENAI), at(other, ANTHROPIC, price_in=100.0, price_out=100.0)])
    llm = cast.role("write", Answers(), NOW)
    answer = ask(llm)
    assert (answer.value, answer.passed) == ({"word": "yes"}, (OPENAI.name,))
    assert answer.model == "anthropic:small-1"
    assert cast.ledger.taken() == {
        ("write", ANTHROPIC.name): Usage(12, 5, 1, pytest.approx(17e-4)),
        ("write", OPENAI.name): Usage(0, 0, 1),
    }


def test_kept_answers_cost_nothing_and_need_no_server(server: HostileServer) -> None:
    answers, roles = Answers(), RolesSettings(write=(OPENAI.name,), budget=0.0, calls=1)
    server.routes["*"] = spoken(OPENAI, '{"word": "yes"}')
    first = ask(Cast(roles, [at(server, OPENAI)]).role("write", answers, NOW))
    cast = Cast(roles, [at(server, OPENAI, base_url="http://127.0.0.1:9/v1")])
    again = ask(cast.role("write", answers, NOW))
    assert (first.value, first.usage) == (again.value, again.usage)
    assert (cast.ledger.taken(), len(server.log)) == ({}, 1)
    with pytest.raises(ModelError):
        ask(cast.role("write", answers, NOW), "another prompt")


def test_roles_share_a_model_and_a_night(server: HostileServer) -> None:
    server.routes["*"] = spoken(OPENAI, '{"q": {"answer": "yes", "percent": 75}}')
    roles = RolesSettings(extract=(OPENAI.name,), judge=(OPENAI.name,), calls=2)
    cast = Cast(roles, [at(server, OPENAI)])
    extract, judge = cast.role("extract", Answers(), NOW), cast.role("judge", Answers(), NOW)
    ask(extract)
    assert judge is not None
    assert judge.decide("It rained.", {"q": yes_no("Did it?")}).decisions["q"].yes == pytest.approx(0.75)
    with pytest.raises(BudgetExhausted, match="2 calls"):
        ask(extract, "once more")
    assert {role: used.calls for (role, _), used in cast.ledger.taken().items()} == {"extract": 1, "judge": 1}


def test_limits_of_the_configuration_hold(server: HostileServer) -> None:
    server.routes["*"] = spoken(OPENAI, '{"word": "yes"}')
    limits = [LimitSettings(of="source", calls=1), LimitSettings(of="extract", calls=2)]
    llm = Cast(RolesSettings(extract=(OPENAI.name,)), [at(server, OPENAI)], limits).role("extract", Answers(), NOW)
    ask(llm, "1", source="wire")
    with pytest.raises(BudgetExhausted, match="wire"):
        ask(llm, "2", source="wire")
    ask(llm, "3", source="post")
    with pytest.raises(BudgetExhausted, match="extract"):
        ask(llm, "4", source="news")


def test_a_dead_model_is_asked_no_more_than_it_takes_to_know(server: HostileServer) -> None:
    server.routes["*"] = failed("500 Internal Server Error")
    llm = Cast(RolesSettings(write=(OPENAI.name,)), [at(server, OPENAI)]).role("write", Answers(), NOW)
    for n in range(FAILURES + 5):
        with pytest.raises(ModelError):
            ask(llm, str(n))
    assert len(server.log) == FAILURES


def test_a_server_that_comes_back_is_found_by_retries(server: HostileServer) -> None:
    replies = [failed("429 Too Many Requests", Retry_After="0"), failed("500 Internal Server Error", Retry_After="0")]

    def route(request: Request) -> list[bytes]:
        return [replies.pop(0)] if replies else spoken(OPENAI, '{"word": "yes"}')(request)

    server.routes["*"] = route
    cast = Cast(RolesSettings(write=(OPENAI.name,)), [at(server, OPENAI, attempts=3)])
    answer = ask(cast.role("write", Answers(), NOW))
    assert (answer.usage.calls, len(server.log), cast.ledger.taken()["write", OPENAI.name].calls) == (3, 3, 3)


# --- keys ------------------------------------------------------------------------------------------------------------


FAULTS = {
    "401": failed("401 Unauthorized", f"Incorrect API key provided: {KEY}"),
    "429": failed("429 Too Many Requests", f"{KEY} is out of money"),
    "500": failed("500 Internal Server Error", f"Authorization: Bearer {KEY}"),
    "no JSON": reply(f"hello {KEY}", Content_Type="application/json"),
    "HTML": reply(f"<p>{KEY}</p>", Content_Type="text/html"),
    "cut": reply(f'{{"id": "{KEY}', Content_Type="application/json", Content_Length="900"),
    "redirect": reply(b"", "302 Found", Location=f"http://127.0.0.1:9/?key={KEY}"),
}


@pytest.mark.parametrize("dialect", [OPENAI, ANTHROPIC], ids=lambda d: d.provider)
@pytest.mark.parametrize("fault", [*FAULTS, "echo", "hang"])
def test_a_key_is_in_no_log_error_answer_or_repr(
    server: HostileServer,
    dialect: Dialect,
    fault: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    echo = spoken(dialect, json.dumps({"word": f"the key was {KEY}"}))
    server.routes["*"] = {**FAULTS, "echo": echo, "hang": lambda _: []}[fault]
    answers = Answers()
    cast = Cast(RolesSettings(write=(dialect.name,)), [at(server, dialect, timeout=2.0 if fault == "hang" else 30.0)])
    llm = cast.role("write", answers, NOW)
    with pytest.raises(ModelError) as caught:
        ask(llm)
    told = [repr(caught.value), repr(caught.value.__cause__), repr(caught.value.__context__), *caplog.messages]
    told += [str(record.__dict__) for record in caplog.records]
    told += [*capfd.readouterr(), repr(llm), repr(cast), repr(cast.bare()), str(answers.kept), repr(cast.__dict__)]
    bare = cast.bare()[dialect.name]
    told += [repr(vars(bare)), repr(vars(caught.value))]
    assert not [text for text in told if KEY in text]
    assert KEY in str(server.log[0].headers), "it was sent"


def test_a_key_comes_from_a_file_that_nobody_else_may_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: HostileServer
) -> None:
    monkeypatch.delenv("DESK_KEY")
    place = tmp_path / "key"
    place.write_text(f"{KEY}\n", encoding="utf-8")
    monkeypatch.setenv("DESK_KEY_FILE", str(place))
    server.routes["*"] = spoken(OPENAI, '{"word": "yes"}')
    for mode in (0o644, 0o640, 0o604):
        os.chmod(place, mode)
        with pytest.raises(ConfigurationError, match=r"may be read by others[\s\S]*chmod 600") as caught:
            Cast(RolesSettings(write=(OPENAI.name,)), [at(server, OPENAI)])
        assert KEY not in str(caught.value)
    os.chmod(place, 0o600)
    ask(Cast(RolesSettings(write=(OPENAI.name,)), [at(server, OPENAI)]).role("write", Answers(), NOW))
    assert server.log[0].headers["authorization"] == f"Bearer {KEY}"


def test_a_server_does_not_give_its_key_away() -> None:
    bare = Cast(RolesSettings(write=(OPENAI.name,)), [ServedSettings(name="openai", key_env="DESK_KEY")]).bare()
    llm = bare[OPENAI.name]
    assert KEY not in repr(llm) + str(vars(llm))
    with pytest.raises((pickle.PicklingError, AttributeError, TypeError)):
        pickle.dumps(llm)


@pytest.mark.parametrize("provider", ["openai", "anthropic", "google", "mistral", "groq", "openrouter"])
def test_a_missing_key_names_its_variable_and_stops_the_desk(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.endswith(("_API_KEY", "_API_KEY_FILE")):
            monkeypatch.delenv(name)
    with pytest.raises(ConfigurationError, match=r"needs a key in the environment variable \w+_API_KEY"):
        Cast(RolesSettings(judge=(f"{provider}:m",)))


# --- naming ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", ["ollama", "vllm", "llamacpp", "lmstudio"])
def test_servers_of_ones_own_need_no_key_and_cost_nothing(provider: str) -> None:
    cast = Cast(RolesSettings(write=(f"{provider}:m",)))
    prices = cast.prices(f"{provider}:m")
    assert prices is not None
    assert prices.of(1000, 1000) == 0.0


def test_prices_are_those_of_the_configuration_else_of_the_list_else_unknown() -> None:
    key = {"key_env": "DESK_KEY"}
    known = [
        ServedSettings(name="openai", **key),
        ServedSettings(name="openai:dear", price_in=5.0, price_out=7.0, **key),
    ]
    cast = Cast(RolesSettings(write=("openai:dear", "openai:gpt-5-mini", "openai:nobody-knows-me")), known)
    found = [cast.prices(f"openai:{name}") for name in ("dear", "gpt-5-mini", "nobody-knows-me")]
    assert found[0] is not None
    assert (found[0].tokens_in, found[0].tokens_out) == (5.0, 7.0)
    assert found[1] is not None
    assert 0 < found[1].tokens_in < found[1].tokens_out
    assert found[2] is None


def test_the_entry_of_a_model_wins_over_that_of_its_provider() -> None:
    entries = [ServedSettings(name="openai", timeout=1), ServedSettings(name="openai:m", timeout=2)]
    assert [served(name, entries).timeout for name in ("openai:m", "openai:n", "google:m")] == [2, 1, 120]


@pytest.mark.parametrize("name", ["gpt-5", "openai:", ":gpt-5", ""])
def test_a_model_is_provider_and_model(name: str) -> None:
    with pytest.raises(ValueError, match="provider:model"):
        RolesSettings(write=(name,))


def test_an_unknown_provider_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'anthropic'"):
        Cast(RolesSettings(write=("antropic:x",)))


def test_an_entry_of_a_provider_that_nobody_knows_is_a_mistake() -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'ollama'"):
        Cast(RolesSettings(), [ServedSettings(name="olama:m")])


def test_a_kit_that_is_not_installed_names_its_extra() -> None:
    table = Registry(
        PROVIDERS.what, PROVIDERS.key, PROVIDERS.group, {"google": "no_such_kit.google:google"}, PROVIDERS.extras
    )
    with pytest.raises(MissingExtra, match=r"pip install 'citewire\[google\]'"):
        table.load("google")


@pytest.mark.parametrize("provider", ["bedrock", "systemone"])
def test_providers_without_one_address_ask_for_it(provider: str) -> None:
    with pytest.raises(ConfigurationError, match="address"):
        Cast(RolesSettings(judge=(f"{provider}:m",)))


def test_where_a_model_is_served_changes_no_published_byte() -> None:
    plain = Settings.model_validate({"models": {"write": ["openai:m"]}})
    moved = Settings.model_validate(
        {
            "models": {"write": ["openai:m"]},
            "model": [{"name": "openai", "base_url": "http://127.0.0.1:1/v1", "price_in": 1}],
            "limit": [{"of": "source", "calls": 3}],
        }
    )
    assert plain.fingerprint() == moved.fingerprint()
    assert plain.fingerprint() != Settings().fingerprint()


# --- decision models -------------------------------------------------------------------------------------------------


def test_a_decision_model_answers_with_its_own_probabilities(server: HostileServer) -> None:
    from pipeline.protocols import choice, score

    answers = {
        "holds": {"type": "noul", "noul": 0.9},
        "verdict": {"type": "choice", "choice": "b", "confidence": 0.6, "probabilities": {"a": 0.4, "b": 0.6}},
        "worth": {"type": "score", "score": 1.25, "confidence": 0.5, "probabilities": {"0": 0.25, "1": 0.25, "2": 0.5}},
    }
    body = {"model": "clm", "answers": answers, "usage": {"input_tokens": 40, "output_tokens": 3}}
    server.routes["/v1/systemone"] = reply(json.dumps(body), Content_Type="application/json")
    known = [ServedSettings(name="systemone:clm", base_url=f"{server.url}/v1", timeout=30)]
    cast = Cast(RolesSettings(judge=("systemone:clm",)), known)
    judge = cast.role("judge", Answers(), NOW)
    assert judge is not None
    questions = {"holds": yes_no("?"), "verdict": choice("?", ["a", "b"]), "worth": score("?", ["low", "mid", "high"])}
    decided = judge.decide("It rained.", questions)
    assert (decided.basis, decided.model, decided.usage) == ("decision", "systemone:clm", Usage(40, 3))
    assert decided.decisions["holds"].yes == pytest.approx(0.9)
    assert decided.decisions["verdict"].answer == "b"
    assert decided.decisions["worth"].level == pytest.approx(0.625)
    with pytest.raises(ModelError, match="writes no text"):
        ask(judge)


def test_a_server_that_does_not_decide_is_a_fault(server: HostileServer) -> None:
    server.routes["/v1/systemone"] = failed("501 Not Implemented")
    known = [ServedSettings(name="systemone:clm", base_url=f"{server.url}/v1", timeout=30, attempts=1)]
    judge = Cast(RolesSettings(judge=("systemone:clm",)), known).role("judge", Answers(), NOW)
    assert judge is not None
    with pytest.raises(ModelError, match="501"):
        judge.decide("It rained.", {"holds": yes_no("?")})


# --- the report ------------------------------------------------------------------------------------------------------


def test_a_stage_reports_what_it_took_and_not_what_others_did(server: HostileServer) -> None:
    server.routes["*"] = spoken(OPENAI, '{"word": "yes"}')
    roles = RolesSettings(extract=(OPENAI.name,), write=(OPENAI.name,), budget=1e9)
    cast = Cast(roles, [at(server, OPENAI, price_in=1e6)])
    answers = Answers()

    def stage(*asked: tuple[Role, str]) -> StageReport:
        def run() -> StageReport:
            for role, prompt in asked:
                ask(cast.role(role, answers, NOW), prompt)
            return StageReport("stage", cost=7.0)

        return cast.counted(run)

    first = stage(("extract", "1"), ("extract", "2"), ("extract", "1"))
    second = stage(("write", "3"), ("extract", "2"))
    assert first.models == (ModelUse("extract", OPENAI.name, 2, 24, 10, 24.0),)
    assert second.models == (ModelUse("write", OPENAI.name, 1, 12, 5, 12.0),)
    assert (first.cost, stage().models, stage().cost) == (24.0, (), 0)
    assert "openai:small (extract): 2 calls, 24 tokens in, 10 out, 24.0000 USD" in "\n".join(lines(first))
