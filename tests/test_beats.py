"""Beats by content; the source's own beat is only a hint."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.beats import assign
from pipeline.settings import BeatSettings

POWER = BeatSettings(
    name="Power",
    description="Electricity grids, power plants and energy prices.",
    keywords=("grid", "gas turbine", "electricity"),
)
COURTS = BeatSettings(
    name="Courts", description="Trials, judges, lawsuits and verdicts.", keywords=("lawsuit", "judge", "court")
)
BEATS = (POWER, COURTS)


def beats(text: str, hint: str | None = None) -> list[str]:
    return [score.beat for score in assign(text, BEATS, hint)]


def test_keywords_decide_on_word_boundaries_and_in_any_form() -> None:
    assert beats("The grids need new gas turbines, the electricity office said.") == ["Power"]
    assert beats("She saw the gridlock of courtesy and courtship.") == []


def test_several_beats_may_apply() -> None:
    assert set(beats("A judge let the lawsuit over electricity prices on the grid proceed in court.")) == {
        "Power",
        "Courts",
    }


def test_a_hint_tips_the_scale_but_never_decides() -> None:
    assert beats("The team won the cup after extra time.", "Courts") == []
    text = "The grid failed again on Tuesday while thousands of fans left the stadium after a long and quiet evening."
    (hinted,), (plain,) = assign(text, BEATS, "Power"), assign(text, BEATS)
    assert hinted.score > plain.score
    assert "its source's beat" in hinted.reason


def test_reasons_name_the_keywords() -> None:
    (score,) = assign("The electricity grid failed.", BEATS)
    assert score.reason == "keywords: grid, electricity"


def test_nothing_fits_nothing() -> None:
    assert assign("", BEATS) == ()
    assert assign("The electricity grid failed.", ()) == ()


@given(st.text(max_size=200), st.sampled_from([None, "Power", "Nothing"]))
def test_scores_are_ordered_and_bounded(text: str, hint: str | None) -> None:
    scores = assign(text, BEATS, hint)
    assert all(0 < score.score <= 1 for score in scores)
    assert [score.score for score in scores] == sorted((score.score for score in scores), reverse=True)
