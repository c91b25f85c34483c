"""What kind of thing a name names: its own words, well-known names, the words beside it; "name" where nothing tells."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language import gazetteer, kinds, names
from pipeline.language.forenames import GIVEN, SURNAMES

ALL = {*kinds.KINDS, kinds.UNTOLD}


def told(text: str, lang: str | None = None) -> dict[str, str]:
    return {mention.key: mention.kind for mention in kinds.find(text, lang)}


@pytest.mark.parametrize(
    ("text", "key", "kind"),
    [
        ("A report by Ada Marlow was read.", "ada marlow", "person"),
        ("Senator Marlow left.", "marlow", "person"),
        ("We met Quoril Zembo yesterday.", "quoril zembo", "person"),
        ("It was bought by Globex Inc. for cash.", "globex", "organisation"),
        ("They praised the Corvane Charity Alliance.", "corvane charity alliance", "organisation"),
        ("Then shares of Initech fell.", "initech", "organisation"),
        ("Then Initech's chief executive left.", "initech", "organisation"),
        ("They asked the Ministry of Health.", "ministry of health", "state body"),
        ("It went to the Ohio Supreme Court.", "ohio supreme court", "state body"),
        ("It was shown to the UN yesterday.", "un", "state body"),
        ("They live in Brannock now.", "brannock", "place"),
        ("The River Brannock rose.", "river brannock", "place"),
        ("An Italian ship sank.", "italian", "place"),
        ("He came from Ohio by car.", "ohio", "place"),
        ("I bought an iPhone 15 Pro there.", "iphone 15 pro", "product"),
        ("They liked the film Brannock a lot.", "brannock", "product"),
        ("They run Google Slides at home.", "google slides", "product"),
        ("They voted for the Clean Harbour Act today.", "clean harbour act", "law"),
        ("It breaks the First Amendment, they say.", "first amendment", "law"),
        ("We use AI and machine learning here.", "machine learning", "technology"),
        ("We use AI and machine learning here.", "ai", "technology"),
        ("They fear climate change most.", "climate change", "concept"),
        ("We saw the Rugby World Cup on Friday.", "rugby world cup", "concept"),
        ("He paid RM900,000 for it.", "rm900", "name"),
        ("He was seen there. (Quoril Zembo/Globe Pictures)", "quoril zembo", "person"),
    ],
)
def test_a_kind_is_told(text: str, key: str, kind: str) -> None:
    assert told(text)[key] == kind


def test_what_cannot_be_told_stays_untold() -> None:
    assert told("Yesterday Brannock grew.") == {"brannock": "name"}


def test_one_text_gives_one_kind_to_one_key() -> None:
    found = kinds.find("Brannock grew. Then shares of Brannock fell, and Brannock grew.")
    assert {mention.kind for mention in found if mention.key == "brannock"} == {"organisation"}


def test_a_surname_after_the_full_name_is_the_persons() -> None:
    assert told("We met Ada Brannock in town. Later Brannock left.")["brannock"] == "person"


def test_spans_and_keys_are_those_of_names() -> None:
    text = "Ada Marlow of Globex Inc. met the FBI in Ohio about AI."
    told = [(m.span, m.text, m.key) for m in kinds.find(text) if m.key != "ai"]
    assert told == [(m.span, m.text, m.key) for m in names.find(text)]


def test_the_lists_are_folded_and_hold_no_strays() -> None:
    assert all(name == names.key(name) for name in gazetteer.kinds())
    assert set(gazetteer.kinds().values()) <= set(kinds.KINDS)
    assert not {name for name in GIVEN | SURNAMES if name != name.casefold() or not name.replace("-", "").strip("'")}


@given(st.text(max_size=200), st.sampled_from([None, "en", "de", "zh"]))
def test_total_ordered_and_exact(text: str, lang: str | None) -> None:
    end = 0
    for mention in kinds.find(text, lang):
        assert text[mention.span.start : mention.span.end] == mention.text
        assert mention.span.start >= end
        assert mention.kind in ALL
        end = mention.span.end


@given(
    st.lists(
        st.sampled_from("Ada Marlow Globex Inc. AI ai climate change the Ohio İ said ' ( ) 4.8 العربية 中国".split())
    )
)
def test_any_order_of_words_holds(parts: list[str]) -> None:
    text = " ".join(parts)
    assert all(text[m.span.start : m.span.end] == m.text for m in kinds.find(text))


def test_long_texts_are_fast() -> None:
    began = time.process_time()
    for text in ("A" * 200_000, "AI " * 60_000, "climate change " * 12_000, "Ada Marlow said " * 12_000, "A-" * 50_000):
        kinds.find(text)
    assert time.process_time() - began < 8
