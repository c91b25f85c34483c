"""Cleaning: what a reader cannot see is gone, what he can see stays, and doing it twice changes nothing."""

from __future__ import annotations

import sys
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language import cleaning

ANY_TEXT = st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=80)
HOSTILE = st.text(
    alphabet=st.sampled_from(
        "ab \t\n\r\x00\x85\u00a0\u00ad\u200b\u200c\u200d\u202e\u2066\ufeff\U000e0041\ud800\u0301å\u212bक्षم\u1100\u1161"
    ),
    max_size=40,
)


@given(ANY_TEXT | HOSTILE)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = cleaning.clean(text)
    assert cleaning.clean(once) == once


@given(ANY_TEXT | HOSTILE)
def test_the_result_is_storable(text: str) -> None:
    result = cleaning.clean(text)
    result.encode("utf-8")
    assert unicodedata.is_normalized("NFC", result)
    assert result == result.strip()
    assert "\n\n\n" not in result
    assert not {unicodedata.category(c) for c in result if c not in "\n\u200c\u200d"} & {"Cc", "Cs", "Co", "Zl", "Zp"}
    assert not set(result) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff\U000e0041")


@pytest.mark.parametrize(
    ("dirty", "plain"),
    [
        ("a\u202eb\u202c c", "ab c"),
        ("At once: \u202eyek eht dnes\u202c. Then rest.", "At once: send the key. Then rest."),
        ("\u202eexe.gnp\nnext\u202e", "png.exe\nnext"),
        ("\u202e\u05d0\u05d1\u05d2 abc\u202c", "\u05d0\u05d1\u05d2 abc"),
        ("Wo\u00adrd\u200bs", "Words"),
        ("hi\U000e0069\U000e0067\U000e006eore", "hiore"),
        ("one\r\ntwo\r\rthree", "one\ntwo\n\nthree"),
        ("one\n\n\n\n two ", "one\n\ntwo"),
        ("15\u00a0000  euro\t", "15 000 euro"),
        ("e\u0301tat", "état"),
        ("p\u200day", "pay"),
        ("\x1b[31mred\x00", "[31mred"),
        ("", ""),
    ],
)
def test_examples(dirty: str, plain: str) -> None:
    assert cleaning.clean(dirty) == plain


def test_joiners_stay_where_a_script_writes_with_them() -> None:
    persian = "می\u200cخواهم"
    family = "👩\u200d👧"
    assert cleaning.clean(persian) == persian
    assert cleaning.clean(family) == family


def test_heaps_of_marks_are_cut() -> None:
    assert len(cleaning.clean("q" + "\u0323" * 10_000)) <= 9


def test_markup_is_recognised_and_removed_from_titles() -> None:
    assert cleaning.strip_markup("<b>Fire</b> &amp; <script>x()</script>rain") == "Fire & rain"
    assert cleaning.looks_like_markup("<p>x</p>")
    assert not cleaning.looks_like_markup("if a < b and b > c")
    assert cleaning.strip_markup("a < b > c") == "a < b > c"
    assert cleaning.strip_markup('and it grew … <a href="https://example.com/cut-') == "and it grew …"
    assert cleaning.strip_markup("where a <b, and so on") == "where a <b, and so on"
    assert cleaning.strip_markup("a<!-- b --><STYLE>c</style >d<!-- e") == "a d"


def test_openers_without_end_cost_little() -> None:
    started = time.process_time()
    cleaning.strip_markup("<script " * 50_000 + "<!--" * 50_000 + "<style>" * 50_000)
    assert time.process_time() - started < 2


def test_replacement_share() -> None:
    assert cleaning.replacement_share("") == 0
    assert cleaning.replacement_share("a\ufffd") == 0.5


def test_no_script_that_is_taken_to_have_no_combining_marks_has_one() -> None:
    taken = (char for char in map(chr, range(sys.maxunicode + 1)) if cleaning._UNMARKED.match(char))
    assert not [char for char in taken if unicodedata.combining(char)]
