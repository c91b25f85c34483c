"""The window: which sleeping storylines are looked at again."""

from __future__ import annotations

from factories import make_record

from pipeline.storylines.window import stirred

LABELS = {"a": "Flood in Port Brenna kills 14", "b": "Northwind orders turbines", "c": "Elections", "d": "..."}


def test_a_sleeper_is_looked_at_where_one_record_holds_two_telling_words_of_its_label() -> None:
    both = make_record("Turbines for Harlow\n\nNorthwind ordered more of them.", title="Turbines for Harlow")
    assert stirred(LABELS, [both]) == {"b"}
    apart = [make_record("The Brenna rose.", title="Brenna"), make_record("The port is closed.", title="Port")]
    assert stirred(LABELS, apart) == frozenset()


def test_a_label_of_one_word_asks_for_that_word() -> None:
    assert stirred(LABELS, [make_record("An election was called.", title="")]) == {"c"}


def test_two_common_words_stir_nobody() -> None:
    told = make_record("The new minister said on Monday that people should be at home.", title="")
    labels = {"a": "New people on Monday at sea in a storm", "b": "Minister of Brenna resigns"}
    assert stirred(labels, [told]) == frozenset()


def test_nothing_stirs_without_records_or_labels() -> None:
    assert stirred(LABELS, []) == stirred({}, [make_record("An election was called.", title="")]) == frozenset()
