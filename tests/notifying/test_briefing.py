"""The message of a night: what it says, how long it is, and that nobody is called or fooled by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from factories import make_signal, make_story
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import Story, StoryKind, Variants
from pipeline.notifying import briefing
from pipeline.notifying.briefing import BODY, TITLE, plain

FIRST = make_story()
NIGHT = FIRST.written
FIRED = make_signal(id="g1", window_end=NIGHT)


def story(name: str, headline: str, total: float = 0.0, **more: object) -> Story:
    told = replace(FIRST.headline, text=headline)
    return replace(FIRST, id=name, slug=name, storyline_id=f"s{name}", headline=told, rank={"total": total}, **more)  # type: ignore[arg-type]


LEAD = story("a", "Dam fails", 5.0, variants=Variants(blurb="The dam failed on Monday. Forty people left."))
OTHER = story("b", "Ferry sails", 1.0, version=2)


def body(*stories: Story, **named: str) -> str:
    message = briefing(stories, [FIRED], **({"site": "Desk", "address": "https://desk.example/"} | named))
    assert message is not None
    return message.body


def test_a_night_is_told_with_its_lead_counts_others_and_address() -> None:
    message = briefing([OTHER, LEAD], [FIRED], site="Desk", address="https://desk.example/")
    assert message is not None
    assert message.title == "Desk: Dam fails"
    assert message.body.split("\n\n") == [
        "Dam fails",
        "The dam failed on Monday. Forty people left.",
        f"{NIGHT.day} {NIGHT:%B %Y}: 1 new story, 1 updated, 1 signal.",
        "- Ferry sails",
        f"https://desk.example/archive/{NIGHT.date()}/",
    ]


def test_only_the_newest_night_is_told() -> None:
    old = replace(OTHER, written=NIGHT - timedelta(days=1), rank={"total": 99.0})
    assert "Ferry" not in body(LEAD, old)


def test_a_night_without_stories_is_no_news() -> None:
    assert briefing([], [FIRED], site="Desk", address="") is None
    assert briefing([replace(LEAD, kind=StoryKind.BRIEFING)], [], site="Desk", address="") is None


def test_the_same_versions_are_the_same_message_whatever_else_was_counted() -> None:
    first = briefing([LEAD, OTHER], [FIRED], site="Desk", address="")
    again = briefing([OTHER, LEAD], [], site="Another", address="https://x.example")
    changed = briefing([LEAD, replace(OTHER, id="b2")], [], site="Desk", address="")
    assert first is not None
    assert again is not None
    assert changed is not None
    assert first.key == again.key != changed.key


def test_a_sample_says_so() -> None:
    message = briefing([replace(LEAD, sample=True)], [], site="Desk", address="")
    assert message is not None
    assert "Sample, invented" in message.title
    assert message.body.startswith("Sample, invented")


@pytest.mark.parametrize("call", ["@everyone", "@here", "<!channel>", "<@U123>", "<#C1>", "a\r\nBcc: x@y.example"])
def test_nobody_is_called_and_no_line_is_added(call: str) -> None:
    text = body(story("a", f"Dam {call} fails", variants=Variants(blurb=call)))
    assert call not in text
    assert "\r" not in plain(call) + text
    assert "\n" not in plain(call)


@given(st.lists(st.text(min_size=1, max_size=300), min_size=1, max_size=9), st.text(max_size=600))
def test_a_message_is_short_and_keeps_its_address(headlines: list[str], blurb: str) -> None:
    stories = [story(f"s{n}", text, -n, variants=Variants(blurb=4 * blurb)) for n, text in enumerate(headlines)]
    message = briefing(stories, [], site="Desk", address="https://desk.example")
    assert message is not None
    assert len(message.title) <= TITLE
    assert len(message.body) <= BODY
    assert message.body.endswith(f"/archive/{NIGHT.date()}/")
