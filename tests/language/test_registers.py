"""Registers, stance and sentiment: the published examples, other languages, negation, names, and any text at all."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language import registers, stance
from pipeline.language.registers import REGISTERS, UNKNOWN
from pipeline.language.stance import CRITICAL, FAVOURABLE, NEUTRAL

PAGE = (Path(__file__).parents[2] / "docs" / "registers.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)
EXAMPLES = [(name, text) for name, cell in ROW.findall(PAGE) for text in cell.strip().split(" · ")]
OTHERS = [
    ("La oposición condenó el plan y lo calificó de vergüenza.", "es"),
    ("La oposición condenó el plan y lo calificó de vergüenza.", None),
    ("Der Minister lobte den neuen Zug, aber das ist nicht genug.", None),
    ("反对党谴责该计划是一场灾难。", None),
    ("انتقدت المعارضة الخطة بشدة", "ar"),
    ("Le gouvernement condamne cette attaque: c'est terrible.", "fr"),
]


@pytest.mark.parametrize(("label", "text"), EXAMPLES)
def test_published_examples_are_read_as_published(label: str, text: str) -> None:
    found = stance.classify(text) if label in (FAVOURABLE, CRITICAL, NEUTRAL) else registers.classify(text)
    assert found == label


def test_the_page_defines_the_ten_registers_in_the_order_of_the_rules() -> None:
    assert [name for name, _ in ROW.findall(PAGE)][: len(REGISTERS)] == list(REGISTERS)
    assert len(REGISTERS) == 10


@pytest.mark.parametrize(("text", "lang"), OTHERS)
def test_other_languages_are_not_guessed_at(text: str, lang: str | None) -> None:
    assert stance.classify(text, lang) == NEUTRAL
    assert stance.sentiment(text, lang) == 0.0
    assert registers.classify(text, lang) == UNKNOWN


def test_a_negation_turns_praise_and_silences_blame() -> None:
    assert stance.classify("The report is excellent.") == FAVOURABLE
    assert stance.classify("The report is not excellent.") == CRITICAL
    assert stance.classify("The report is not terrible.") == NEUTRAL
    assert stance.classify("The report is not only excellent.") == FAVOURABLE


def test_a_judging_word_in_a_name_judges_nothing() -> None:
    assert stance.classify("He moved from Best Buy to the Great Lakes on Monday.") == NEUTRAL
    assert stance.classify("The Great Barrier Reef lies off the coast of Queensland.") == NEUTRAL


def test_what_happened_is_no_judgement() -> None:
    assert stance.classify("Nine people died in the fire.") == NEUTRAL
    assert stance.sentiment("Nine people died in the fire.") < 0
    assert stance.sentiment("Both climbers were rescued and are recovering.") > 0


def test_a_question_inside_a_quotation_is_not_the_sentence_asking() -> None:
    assert registers.classify("She wrote “Who is in charge?” on the wall.") != "question"


def test_long_text_is_read_in_little_time() -> None:
    began = time.process_time()
    for text in ("slammed " * 130_000, "a" * 1_000_000, "?" * 1_000_000, "“" * 500_000, "to be or " * 110_000):
        stance.classify(text)
        stance.sentiment(text)
        registers.classify(text)
    assert time.process_time() - began < 3.0


@given(st.text(max_size=300), st.sampled_from([None, "en", "en-GB", "es", "zh", ""]))
def test_any_text_has_a_stance_and_a_register_or_none(text: str, lang: str | None) -> None:
    assert stance.classify(text, lang) in (FAVOURABLE, CRITICAL, NEUTRAL)
    assert -1.0 <= stance.sentiment(text, lang) <= 1.0
    assert registers.classify(text, lang) in (*REGISTERS, UNKNOWN)


@given(
    st.lists(st.sampled_from("the plan council slammed praised not will could I said is terrible great ? , .".split()))
)
def test_stance_and_criticism_agree(words: list[str]) -> None:
    text = " ".join(words)
    if registers.classify(text) == "criticism":
        assert stance.classify(text) == CRITICAL
