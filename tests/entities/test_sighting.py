"""What one record names, and how it speaks of people."""

from __future__ import annotations

import time

import pytest
from factories import make_record
from hypothesis import given
from hypothesis import strategies as st

from pipeline.entities import sighting
from pipeline.entities.sighting import Sighting


def seen(text: str) -> dict[str, Sighting]:
    return {one.key: one for one in sighting.read(make_record(text)).sightings}


def test_a_surname_is_the_person_named_in_full_in_the_same_record() -> None:
    found = seen("Ada Marlow spoke in Ohio. Then Marlow left.")
    assert set(found) == {"ada marlow", "ohio"}
    assert found["ada marlow"].names == {"Ada Marlow": 1, "Marlow": 1}


def test_a_surname_of_two_people_in_one_record_is_neither() -> None:
    assert set(seen("Ada Marlow met John Marlow. Then Marlow left.")) == {"ada marlow", "john marlow", "marlow"}


def test_a_short_form_is_what_it_was_defined_as() -> None:
    found = seen("The Ministry of Odd Walks (MOW) met. Later the MOW left.")
    assert set(found) == {"ministry of odd walks"}
    assert len(found["ministry of odd walks"].spans) == 3


def test_a_demonym_names_nobody_and_known_short_forms_are_folded() -> None:
    assert set(seen("An Italian ship came to the US yesterday.")) == {"united states"}


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Yesterday President Ada Marlow spoke.", ("president",)),
        ("We heard Ada Marlow, the mayor of Ohio, speak.", ("mayor",)),
        ("We heard Ada Marlow, chief executive of Globex, speak.", ("chief executive",)),
        ("We heard Ada Marlow, wife of the president, speak.", ()),
        ("We heard Ada Marlow speak.", ()),
    ],
)
def test_offices_are_read(text: str, roles: tuple[str, ...]) -> None:
    assert seen(text)["ada marlow"].roles == roles


@pytest.mark.parametrize(
    ("before", "after", "shield"),
    [
        ("He met ", ", 14, at school", "minor"),
        ("the nine-year-old ", " was found", "minor"),
        ("a 6-year-old boy, ", " left", "minor"),
        ("the schoolgirl ", " left", "minor"),
        ("He met ", ", 41, at work", ""),
        ("the murder of ", " in May", "victim"),
        ("He said that ", " was killed there", "victim"),
        ("He said that ", ", 41, was found dead", "victim"),
        ("the late ", " wrote", "victim"),
        ("He said that ", " died in May", "victim"),
        ("He said that ", " was elected there", ""),
        ("He said that ", ", 41, was arrested there", "accused"),
        ("the suspect, ", ", fled", "accused"),
        ("Later ", " accused the others of it", ""),
        ("Later ", " charged with theft", "accused"),
        ("Dijo que ", " fue detenido ayer", "accused"),
        ("Vio a ", ", de 14 años, ayer", "minor"),
        ("La niña ", " salió", "minor"),
        ("el asesinato de ", " ayer", "victim"),
        ("Dijo que ", " fue hallada allí", "victim"),
        ("Dijo que ", " murió ayer", "victim"),
        ("Dijo que ", " fue elegida ayer", ""),
    ],
)
def test_victims_and_minors_are_known_by_the_words_beside_them(before: str, after: str, shield: str) -> None:
    assert sighting.shielded(before, after) == shield


def test_where_the_words_for_harm_are_not_known_nobody_is_judged_harmless() -> None:
    record = make_record("Gestern sah Ada Marlow die Stadt.", lang="de")
    credit = make_record("It was seen there. (Ada Marlow/Globe Pictures)")
    for strange in (record, credit):
        assert [one.shield for one in sighting.read(strange).sightings if one.key == "ada marlow"] == ["unread"]


def test_what_is_said_of_names_quotes_the_record() -> None:
    record = make_record("Report\n\nThe network Y, formerly Chirper, fell.")
    (one,) = sighting.read(record).said
    assert (one.what, one.name, one.other, one.evidence.quote) == ("renamed", "Chirper", "Y", "Y, formerly Chirper")
    assert record.text[one.evidence.start : one.evidence.end] == one.evidence.quote


@pytest.mark.parametrize(
    "text", ["😀", "\u0301\u0301", "المدينة Ada Marlow قالت", "你好 Ada Marlow 说", "Ñuñoa y La Moneda, ayer", "x"]
)
def test_any_script_is_read(text: str) -> None:
    assert sighting.read(make_record(text)) == sighting.read(make_record(text))


@given(st.text(min_size=1, max_size=200).filter(str.strip))
def test_spans_hold_the_names(text: str) -> None:
    record = make_record(text)
    for one in sighting.read(record).sightings:
        written = {" ".join(record.text[span.start : span.end].split()) for span in one.spans}
        assert written <= set(one.names)


def test_long_records_are_fast() -> None:
    began = time.process_time()
    for text in ("A" * 1_000_000, "Ada Marlow, 14, " * 20_000, "President Ada Marlow, the " * 10_000):
        sighting.read(make_record(text))
    assert time.process_time() - began < 8
