"""Addresses: plain, short, made of the storyline's own names."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from pipeline.slugs import MAX_LENGTH, slug


def test_names_then_the_tail_of_the_id() -> None:
    assert slug(["PJM Interconnection", "Meta"], "s0000ab12cd34") == "pjm-interconnection-meta-12cd34"
    assert slug(["Zürich’s Straßenbahn"], "s1") == "zurichs-straenbahn-s1"


def test_names_without_latin_letters_leave_a_story() -> None:
    assert slug(["東京"], "sabcdef123456") == "story-123456"


@given(st.lists(st.text(max_size=80), max_size=6), st.text(max_size=40))
def test_nothing_but_letters_digits_and_single_hyphens_comes_out(names: list[str], ident: str) -> None:
    made = slug(names, ident)
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", made)
    assert len(made) <= MAX_LENGTH + 7
    assert made == slug(names, ident)


def test_a_word_stands_once_and_a_number_as_often_as_it_comes() -> None:
    assert slug(["Meta", "Meta Platforms"], "s1") == "meta-platforms-s1"
    assert slug(["briefing", "2026-03-03"], "s1") == "briefing-2026-03-03-s1"
