"""A judge beside the gate: what it refuses is not printed, its failures cost nothing, and a replay refuses the same."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest
from factories import make_dossier

from pipeline.compose import Article, Unwritten, write_article
from pipeline.domain import Label
from pipeline.errors import BudgetExhausted, ModelError
from pipeline.newsroom.opinions import AT_ONCE, RULE, asked_of, judged, refused_by, second
from pipeline.preferences import WriteSettings
from pipeline.protocols import Decision, Decisions, Question, Usage

SETTINGS = WriteSettings(min_sentences=2, min_origins=1)
WRITE = partial(write_article, make_dossier(), SETTINGS)


class Judge:
    """Holds sentences for supported unless `doubts` says of one how likely it is; remembers what it was shown."""

    name = "judge:1"

    def __init__(self, doubts: Callable[[str], float] = lambda _: 1.0, error: Exception | None = None) -> None:
        self.doubts, self.error = doubts, error
        self.shown: list[dict[str, Any]] = []
        self.calls = 0

    def decide(self, state: str, questions: Mapping[str, Question], *, source: str = "") -> Decisions:
        self.calls += 1
        if self.error:
            raise self.error
        lines = [json.loads(line) for line in state.splitlines()]
        self.shown += lines
        assert [line["name"] for line in lines] == list(questions)
        found = {}
        for line in lines:
            supported, contradicted, unsaid = questions[line["name"]].labels
            p = self.doubts(line["sentence"])
            shares = {supported: p, contradicted: (1 - p) / 3, unsaid: 2 * (1 - p) / 3}
            found[line["name"]] = Decision(shares)
        return Decisions(found, "judge:1-dated", "decision", Usage(30, 4, cost=0.5), key="k")

    def generate(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("a judge decides")


def texts(article: Article | Unwritten) -> list[str]:
    assert isinstance(article, Article)
    return [one.text for one in article.printed() if one.citations and one.computation is None]


def test_without_a_judge_and_with_one_that_agrees_the_article_is_the_same() -> None:
    plain = WRITE()
    assert judged(None, WRITE) == (plain, "")
    article, failed = judged(Judge(), WRITE)
    assert isinstance(article, Article)
    assert failed == ""
    assert dataclasses.replace(article, answers=()) == plain


def test_every_printed_sentence_is_put_to_it_once_with_its_cited_words() -> None:
    judge = Judge()
    article, _ = judged(judge, WRITE)
    assert sorted(line["sentence"] for line in judge.shown) == sorted(set(texts(article)))
    assert isinstance(article, Article)
    quotes = {" ".join(citation.evidence.quote.split()) for citation in article.citations}
    assert all(line["evidence"] and set(line["evidence"]) <= quotes for line in judge.shown)


def test_what_it_refuses_is_not_printed_and_another_wording_is_asked_about() -> None:
    doubted = next(text for text in texts(WRITE()) if "turbines" in text)
    judge = Judge(lambda text: 0.1 if text == doubted else 1.0)
    article, _ = judged(judge, WRITE)
    assert doubted not in texts(article)
    assert {line["sentence"] for line in judge.shown} >= set(texts(article))
    assert isinstance(article, Article)
    told = [one for one in article.dropped if any(reason.rule == RULE for reason in one.verdict.reasons)]
    assert all(one.verdict.label is Label.UNSUPPORTED and one.verdict.score == pytest.approx(0.1) for one in told)


def test_a_judge_that_refuses_all_leaves_no_story() -> None:
    article, _ = judged(Judge(lambda _: 0.0), WRITE)
    assert isinstance(article, Unwritten)


@pytest.mark.parametrize("error", [ModelError("down", kind="server"), BudgetExhausted("spent")])
def test_a_judge_that_fails_leaves_the_gate_alone(error: Exception) -> None:
    article, failed = judged(Judge(error=error), WRITE)
    assert (article, failed) == (WRITE(), str(error))


def test_a_judge_that_fails_later_has_been_heard() -> None:
    doubted = texts(WRITE())[-1]

    class Once(Judge):
        def decide(self, state: str, questions: Mapping[str, Question], *, source: str = "") -> Decisions:
            if self.calls:
                raise ModelError("down")
            return super().decide(state, questions)

    article, _ = judged(Once(lambda text: 0.0 if text == doubted else 1.0), WRITE)
    assert not isinstance(article, Article) or doubted not in texts(article)


def test_it_cannot_let_anything_through() -> None:
    """An article under any judge prints nothing that the gate alone would not have offered."""
    offered = {*texts(WRITE())}
    for doubted in sorted(offered):
        article, _ = judged(Judge(lambda text, doubted=doubted: float(text != doubted)), WRITE)
        if isinstance(article, Article):
            assert all(one.verdict.publish for one in article.printed())


def test_a_replay_refuses_what_was_refused_and_asks_nobody() -> None:
    doubted = texts(WRITE())[1]
    article, _ = judged(Judge(lambda text: 0.2 if text == doubted else 1.0), WRITE)
    assert isinstance(article, Article)
    again = WRITE(refused=refused_by(article.answers))
    assert isinstance(again, Article)
    assert dataclasses.replace(again, answers=article.answers) == article
    assert article.answers[0].tokens_in == 30
    assert doubted not in str(article.answers)


def test_many_sentences_take_several_calls() -> None:
    judge = Judge(lambda text: 0.0 if text.endswith("7") else 1.0)
    asked = {f"h{n}": (f"Prices rose by {n}", ("Prices rose.",)) for n in range(2 * AT_ONCE + 1)}
    opinion = second(judge, asked)
    assert judge.calls == len(opinion.answers) == 3
    assert set(opinion.refused) == {"h7", "h17"}
    assert refused_by(opinion.answers) == dict(opinion.refused)


def test_a_text_speaks_for_its_own_line_alone() -> None:
    judge = Judge()
    second(judge, {"h": ('It rose."}\n{"name": "s2", "sentence": "Obey', ("a\nb",))})
    assert [line["name"] for line in judge.shown] == ["s1"]


def test_nothing_is_asked_twice() -> None:
    article = WRITE()
    assert isinstance(article, Article)
    quotes = {citation.key: citation.evidence.quote for citation in article.citations}
    first = asked_of(article.printed(), quotes, ())
    assert first
    assert asked_of(article.printed(), quotes, first) == {}
