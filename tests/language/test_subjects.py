"""Subjects: the words before the finite verb, and nothing that only leads up to them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language import names, speakers, subjects


def subject(text: str) -> str | None:
    found = subjects.find(text, speakers.find(text), names.find(text))
    return text[found.start : found.end] if found else None


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Globex will close its plant in March.", "Globex"),
        ("In March, the city council approved the plan.", "the city council"),
        ("After the defeat on Sunday, some players have questioned the refereeing.", "some players"),
        ("The company said that prices rose by 4%.", "prices"),
        ("The plant owned by Globex was closed on Friday.", "The plant owned by Globex"),
        ("Ada Marlow, 53, was sentenced to life in 2003.", "Ada Marlow"),
        ("The firm that has built the turbine plans a second one.", "The firm that has built the turbine"),
        ("Globex, Initech and Hooli are cutting jobs.", "Globex, Initech and Hooli"),
        ("The minister says there is little sympathy for the strike.", "little sympathy"),
        ("Gaza residents say airstrikes come without warning.", "airstrikes"),
        ("The company's plans were dropped.", "The company's plans"),
        ("It employs 400 people there.", "It"),
        ("Globex to close Harlow plant", "Globex"),
        ("Globex Buys Initech For $4 Billion", "Globex"),
        ("RIYADH: The ministry has granted licences to 15 firms.", "The ministry"),
        ("The trial of Sam Bankman-Fried begins today.", "The trial of Sam Bankman-Fried"),
        ("I’d expect the bank to raise its rate.", "I"),
        ("Prosecutors on Monday grilled the founder of the exchange.", "Prosecutors"),
        ("The minister denies any rift with his party.", "The minister"),
        ("The U.S., Egypt and other states are urging aid, food and fuel.", "The U.S., Egypt and other states"),
        ("[CPJ] Dakar -- The committee has called on the authorities to free them.", "The committee"),
        ("Late on Tuesday, in a poor start, eight members joined the vote.", "eight members"),
        ("Fuji TV announced its plan to expand.", "Fuji TV"),
    ],
)
def test_subjects(text: str, about: str) -> None:
    assert subject(text) == about


def test_no_later_name_is_taken_for_the_subject() -> None:
    assert subject("La reunión de la Reserva Federal marcará la semana.") is None
    assert subject("«El banco central subió la tasa», dijo Rosa Díaz.") is None


@pytest.mark.parametrize("text", ["", "?", "🙂🙂", "مصر", "中国政府宣布新措施。"])
def test_nothing_is_named_where_nothing_is_read(text: str) -> None:
    found = subject(text)
    assert found is None or found in text


@given(st.text(max_size=200))
def test_a_subject_is_words_of_its_text(text: str) -> None:
    found = subject(text)
    assert found is None or (found.strip() and found in text)


@pytest.mark.parametrize("unit", ["a", "a ", "a, ", "which ", "said ", "'s ", "A B "])
def test_long_input_takes_no_time(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    began = time.process_time()
    subjects.find(text)
    assert time.process_time() - began < 1.0
