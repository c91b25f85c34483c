"""Beats by content: what a keyword is worth where and how it stands; the source's own beat is only a hint."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.settings import BeatSettings
from pipeline.storylines.beats import ENOUGH, assign, basis, settle, told, weigh

POWER = BeatSettings(
    name="Power",
    description="Electricity grids, power plants and energy prices.",
    keywords=("grid", "gas turbine", "electricity"),
)
COURTS = BeatSettings(
    name="Courts", description="Trials, judges, lawsuits and verdicts.", keywords=("lawsuit", "judge", "court")
)
TECH = BeatSettings(name="Tech", description="Computers and phones.", keywords=("Apple", "iPhone", "AI", "software"))
WORLD = BeatSettings(name="World", description="Countries and their governments.", keywords=("Turkey", "minister"))
BEATS = (POWER, COURTS)
DESK = (POWER, COURTS, TECH, WORLD)


def beats(text: str, hint: str | None = None) -> list[str]:
    return [score.beat for score in assign(text, DESK, hint)]


def test_keywords_decide_on_word_boundaries_and_in_any_form() -> None:
    assert beats("The grids need new gas turbines, the electricity office said.") == ["Power"]
    assert beats("She saw the gridlock of courtesy and courtship.") == []


def test_several_beats_may_apply() -> None:
    assert set(beats("A judge let the lawsuit over electricity prices on the grid proceed in court.")) == {
        "Power",
        "Courts",
    }


@pytest.mark.parametrize(
    "text",
    [
        "Apple pie for autumn evenings\n\nPeel an apple, then bake the apples for an hour.",
        "How to freeze apples\n\nWash each apple first.",
        "Roast turkey with cranberries\n\nTurkey prices rise before the holidays; a turkey costs more this year.",
        "He said ai ai ai and left.",
        "The minister of the chapel read a psalm" + " and the choir sang on" * 60,
    ],
)
def test_a_word_alone_in_a_strange_place_is_weak(text: str) -> None:
    assert beats(text) == []


@pytest.mark.parametrize(
    ("text", "beat"),
    [
        ("Apple unveils a cheaper iPhone\n\nThe phone has new software.", "Tech"),
        ("Earthquake hits Turkey\n\nThe country's interior minister flew to the south.", "World"),
        ("New AI model passes the test\n\nThe software was trained for a year.", "Tech"),
    ],
)
def test_the_same_words_in_their_own_place_are_strong(text: str, beat: str) -> None:
    assert beats(text) == [beat]


def test_where_a_keyword_stands_counts() -> None:
    filler = "Nothing of the kind was heard of in the valley that year, people said. " * 12
    headline, opening, end = (
        weigh(text, (POWER,))[0].weight
        for text in (
            "Grid fails\n\n" + filler,
            "Trouble\n\nThe grid failed. " + filler,
            "Trouble\n\n" + filler + "grid",
        )
    )
    assert headline > opening > end > 0


def test_another_form_of_a_word_says_less_and_counts_once() -> None:
    boxing = BeatSettings(name="Sport", keywords=("boxing",))
    (own,), (other,) = weigh("Boxing tonight\n\nBoxing.", (boxing,)), weigh("A box of boxes\n\nMore boxes.", (boxing,))
    assert own.weight > 2 * other.weight > 0


def test_capitals_in_every_keyword_are_a_habit_and_name_nothing() -> None:
    shouting = BeatSettings(name="Politics", keywords=("Election", "Senate", "Vote"))
    assert assign("They vote in the election on Sunday, and for the senate too.", (shouting,))


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("选举", "今天的选举结果公布\n\n选举委员会说。"),
        ("الانتخابات", "نتائج الانتخابات\n\nأعلنت لجنة الانتخابات النتائج."),
        ("elecciones", "Las elecciones del domingo\n\nLas elecciones se celebran en Chile."),
        ("выборы", "Выборы президента\n\nВыборы пройдут в марте."),
    ],
)
def test_keywords_of_any_script_are_found(keyword: str, text: str) -> None:
    (score,) = assign(text, (BeatSettings(name="Politics", keywords=(keyword,)),))
    assert f"keyword {keyword!r} twice" in score.reason


def test_a_hint_tips_the_scale_but_never_decides() -> None:
    assert beats("The team won the cup after extra time.", "Courts") == []
    text = "Trouble\n\nThe grid failed again on Tuesday while thousands of fans left the stadium."
    (plain,), (hinted,) = (settle(weigh(text, (POWER,), hint), {"Power": 0.2}) for hint in (None, "Power"))
    assert hinted.confidence > plain.confidence
    assert hinted.reason == plain.reason + "; source says so"


def test_meaning_convinces_where_it_is_near_and_doubts_where_it_is_far() -> None:
    text = "Trouble\n\nThe grid failed. The electricity is back."
    evidence = weigh("Grid fails\n\nThe net is torn.", (POWER,))
    near, words, far = (settle(evidence, meaning) for meaning in ({"Power": 0.4}, None, {"Power": -0.1}))
    assert near[0].confidence > words[0].confidence > (far[0].confidence if far else 0.0)
    assert near[0].reason.endswith("; meaning 0.40")
    assert settle(weigh("Not a word of it.", (POWER,)), {"Power": 0.5})[0].confidence >= ENOUGH
    assert settle(weigh(text, (POWER,)), {"Power": -0.1})  # two keywords need no more context


def test_reasons_can_be_checked_by_a_person() -> None:
    (score,) = assign("The electricity grid failed. The grid is old. Power plants run.", (POWER,))
    assert score.reason.startswith("keyword 'grid' twice; keyword 'electricity'; description 0.")


def test_nothing_fits_nothing() -> None:
    assert assign("", BEATS) == ()
    assert assign("The electricity grid failed.", ()) == ()
    assert assign("x" * 1_000_000, DESK) == ()


def test_what_decides_has_a_digest() -> None:
    known = {basis(BEATS), basis(BEATS[:1]), basis(BEATS, "minilm"), basis((POWER, TECH)), basis(())}
    changed = POWER.model_copy(update={"keywords": ("grid",)})
    assert basis((changed, COURTS)) not in known
    assert len(known) == 5
    assert basis(BEATS) == basis((POWER.model_copy(), COURTS))
    assert told(BeatSettings(name="Power")) == "Power"


@given(st.text(max_size=200), st.sampled_from([None, "Power", "Nothing"]), st.floats(-1, 1))
def test_scores_are_ordered_and_bounded(text: str, hint: str | None, near: float) -> None:
    for scores in (assign(text, DESK, hint), settle(weigh(text, DESK, hint), {beat.name: near for beat in DESK})):
        assert all(ENOUGH <= score.confidence <= 1 and score.reason for score in scores)
        assert [s.confidence for s in scores] == sorted((s.confidence for s in scores), reverse=True)


@given(st.lists(st.sampled_from(["grid", "court", "Apple", "the", "old", "\n\n"]), max_size=30), st.randoms())
def test_the_order_of_the_configuration_changes_no_score(words: list[str], dice: object) -> None:
    text, turned = " ".join(words), list(DESK)
    dice.shuffle(turned)  # type: ignore[attr-defined]
    assert assign(text, turned) == assign(text, DESK)
