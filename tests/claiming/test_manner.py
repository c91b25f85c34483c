"""Stance and register of claims: set where asked for, never guessed in another language."""

from __future__ import annotations

import dataclasses

import pytest
from factories import make_record

from pipeline.claiming.manner import mannered
from pipeline.perusal import Task, read
from pipeline.settings import AnalyzeSettings

SAID = (
    "The council of Brackwater voted for 12 turbines on Tuesday. Residents condemned the 12 turbines as a disgraceful "
    "gift to Corvane, Maria Lopez of the Brackwater Residents Union said on Monday."
)


def told(**asked: bool) -> dict[str, tuple[str, str]]:
    record = make_record(f"Council approves the Brackwater plan\n\n{SAID}")
    (reading,) = read(Task((record,), AnalyzeSettings(**asked), ()))
    return {claim.text.split()[0]: (claim.stance, claim.register) for claim in reading.claims}


def test_nothing_is_told_unasked() -> None:
    assert set(told().values()) == {("neutral", "")}


def test_what_is_asked_for_is_told() -> None:
    assert told(stances=True)["Residents"] == ("critical", "")
    assert told(registers=True)["Residents"] == ("neutral", "criticism")
    both = told(stances=True, registers=True)
    assert both["Residents"] == ("critical", "criticism")
    assert both["The"] == ("neutral", "report")


@pytest.mark.parametrize("lang", ["es", "zh"])
def test_claims_in_other_languages_are_left_alone(lang: str) -> None:
    record = make_record(f"Council approves the Brackwater plan\n\n{SAID}")
    (reading,) = read(Task((record,), AnalyzeSettings(), ()))
    assert mannered(reading.claims, lang, stances=True, registers=True) == reading.claims


def test_only_the_two_fields_change() -> None:
    record = make_record(f"Council approves the Brackwater plan\n\n{SAID}")
    (reading,) = read(Task((record,), AnalyzeSettings(), ()))
    changed = mannered(reading.claims, "en", stances=True, registers=True)
    assert [dataclasses.replace(claim, stance="neutral", register="") for claim in changed] == list(reading.claims)
