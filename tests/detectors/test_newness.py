"""What a claim adds to what was told: outcomes, numbers, dates ahead; and what is background."""

from __future__ import annotations

import dataclasses

import pytest
from tonight import Tonight

from pipeline.detectors.newness import background, known, lacked, prominent
from pipeline.domain import Claim

TOLD = (
    "Northwind Power has ordered 12 gas turbines for Harlow.",
    "Northwind Power will pay $40 million for its site in Harlow.",
    "Harlow council approved the site of Northwind Power.",
)


def claim(text: str, **given) -> Claim:
    return Tonight().claim(text, 5, "Ledger", **given)


BEFORE = known(claim(text) for text in TOLD)


@pytest.mark.parametrize(
    ("text", "adds"),
    [
        ("Police arrested a manager of Northwind Power.", 'an outcome ("arrested")'),
        ("A rival sues Northwind Power over noise.", 'an outcome ("sues")'),
        ("Northwind Power signed a contract with Selby.", 'an outcome ("signed")'),
        ("Northwind Power needs 480 megawatts in Harlow.", 'a number ("480 megawatts")'),
        ("Northwind Power opens in Harlow on 9 June 2026.", 'a date ("9 June 2026")'),
    ],
)
def test_what_was_not_told_is_added(text: str, adds: str):
    assert lacked(claim(text), BEFORE) == adds


@pytest.mark.parametrize(
    "text",
    [
        "Northwind Power may be sued by neighbours.",  # no fact
        "Councillors of Harlow approved what Northwind Power wants.",  # told
        "Northwind Power pays some $41 million in Harlow.",  # as good as told
        "Northwind Power has worked for three years in Harlow.",  # a length of time
        "Northwind Power met two firms in Harlow.",  # a number word
        "Northwind Power came to Harlow on 3 March 2026.",  # behind
        "Police arrested a banker in Selby.",  # of nobody whom the others name
    ],
)
def test_what_is_no_new_fact_adds_nothing(text: str):
    assert lacked(claim(text), BEFORE) is None


def test_news_stands_at_the_head():
    assert prominent(claim(TOLD[0]))
    assert prominent(claim(TOLD[0], headline=False))
    assert not prominent(claim(TOLD[0], deep=True))


def test_years_ago_is_background_and_today_is_not():
    assert background(claim("Northwind Power was fined in Harlow in 2019."))
    assert not background(claim("Northwind Power was fined in Harlow on Tuesday."))
    assert not background(claim(TOLD[0]))
    assert background(dataclasses.replace(claim(TOLD[0]), when="2026-01/2026-02"))
    assert not background(dataclasses.replace(claim(TOLD[0]), when="2026-05-01/2026-06"))
