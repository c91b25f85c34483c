"""Plainer wordings: what they put, that they leave quotations alone, and that a second reading changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import CitedSpan
from pipeline.gate import judge
from pipeline.gate.wordings import converse, plain


@pytest.mark.parametrize(
    ("text", "worded"),
    [
        ("The museum gave 14 statues back to Nigeria.", "The museum returned 14 statues to Nigeria."),
        ("She has pulled out of the race.", "She has withdrawn from the race."),
        ("Cocoa fell to an 18-month low of $5,200 a tonne.", "Cocoa fell to $5,200 a tonne, its lowest in 18 months."),
        ("Cases passed 1,000 in May.", "Cases reached over 1,000 in May."),
        ("It will no longer sell beer.", "It will stop selling beer."),
        ("It spent 5 million over the next decade.", "It spent 5 million in the next ten years."),
        ('He said "they called off the strike" on Monday.', 'He said "they called off the strike" on Monday.'),
    ],
)
def test_plain(text, worded):
    assert plain(text) == worded


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        ("Fable House was sold to Ondio for $85 million.", "Ondio bought Fable House for $85 million."),
        (
            "Ondio, a platform, paid $85 million for Fable House.",
            "Ondio, a platform, bought Fable House for $85 million.",
        ),
        (
            "Ding Wei lost the fifth game to Aron Solberg on Tuesday.",
            "Aron Solberg beat Ding Wei in the fifth game on Tuesday.",
        ),
        ("The shop opened on Monday.", "The shop opened on Monday."),
    ],
)
def test_converse(text, turned):
    assert converse(text) == turned


@given(st.text(max_size=120))
def test_no_text_breaks_a_wording(text):
    assert isinstance(plain(text), str)
    assert isinstance(converse(text), str)


@given(
    st.sampled_from(["called off the talks", "gave it up", "as much as 5", "a year and a half"]),
    st.text("ab ", max_size=9),
)
def test_what_is_quoted_stays(inside, around):
    assert f'"{inside}"' in plain(f'{around} "{inside}" {around}')


@pytest.mark.parametrize(
    "name",
    [
        "the singularity is nearer",
        "Tedium: The Dull Side of the Internet.",
        "Pluralistic: Daily links from Cory Doctorow",
    ],
)
@pytest.mark.parametrize("form", ["{} reports that {}", "{1}, {0} reports.", "According to {}, {}"])
def test_a_publisher_whose_name_reads_as_none_can_be_named(name, form):
    fact = "the firm dismissed 907 workers in May"
    span = CitedSpan(fact[0].upper() + fact[1:], publisher=name)
    sentence = form.format(name, fact)
    assert judge(sentence[0].upper() + sentence[1:], [span]).publish
    assert not judge(sentence.replace("907", "709"), [span]).publish
