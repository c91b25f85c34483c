"""Reading time and level against figures worked out by hand from the published formulas."""

from __future__ import annotations

import pytest

from pipeline.language.readability import reading, syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("board", 1),
        ("turbine", 2),
        ("county", 2),
        ("review", 2),
        ("noise", 1),
        ("voted", 2),
        ("asked", 1),
        ("table", 2),
    ],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_grade_is_that_of_the_formula() -> None:
    # 6 words, 1 sentence, 6 syllables: 0.39 * 6 + 11.8 * 1 - 15.59 < 0; and one of 12 syllables: 10.35
    assert reading(["The cat sat on the mat."], "en").grade == 0.0
    hard = reading(["Electricity regulators anticipate delays."], "en")
    assert hard.grade == pytest.approx(0.39 * 4 + 11.8 * 15 / 4 - 15.59, abs=0.05)
    assert hard.scale == "Flesch-Kincaid"


def test_other_languages_are_measured_without_syllables() -> None:
    found = reading(["Der Netzbetreiber verschiebt den Anschluss."], "de")
    assert (found.scale, found.grade) == ("LIX", 5 + 100 * 3 / 5)


def test_time_is_words_at_a_stated_speed() -> None:
    assert reading(["word " * 238], "en").seconds == 60
    assert (reading([], "en").words, reading([], "en").seconds) == (0, 0)
