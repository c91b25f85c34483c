"""Days named from where a source stands are told by their date, as the gate resolves them, where that is sure."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from factories import NOW, make_claim, make_dossier, make_record
from hypothesis import given
from hypothesis import strategies as st

from pipeline.compose import Article, write_article
from pipeline.compose.dating import told
from pipeline.domain import CitedSpan
from pipeline.gate import judge
from pipeline.preferences import WriteSettings

WROTE, READ = date(2023, 10, 4), date(2023, 10, 6)  # a Wednesday, read on Friday


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The council voted on Tuesday to close it", "The council voted on Tuesday 3 October to close it"),
        ("He said Tuesday that it was over", "He said on Tuesday 3 October that it was over"),
        ("On Monday the board met", "On Monday 2 October the board met"),
        ("It fell yesterday by 3 percent", "It fell on 3 October by 3 percent"),
        ('"We met on Tuesday," he said on Monday', '"We met on Tuesday," he said on Monday 2 October'),
    ],
)
def test_days_are_dated(text: str, expected: str) -> None:
    assert told(text, WROTE, READ) == expected


@pytest.mark.parametrize(
    "text",
    [
        "By Friday it was gone",
        "He said last Tuesday that it was over",
        "Tuesday's vote was close",
        "It ran from Monday to Friday",
        "It began on Tuesday, 3 October",
        "They filled the hall on Tuesday evening",
        '"It fell yesterday," the clerk said',
        "It fell in March",
    ],
)
def test_what_is_not_sure_stays(text: str) -> None:
    assert told(text, WROTE, READ) is None


def test_a_weekday_is_clear_the_day_after_and_yesterday_never_is() -> None:
    assert told("The council voted on Tuesday", WROTE, WROTE + timedelta(days=1)) is None
    assert told("The council voted yesterday", WROTE, WROTE) == "The council voted on 3 October"


def test_another_year_is_said() -> None:
    assert told("It fell yesterday", date(2023, 1, 1), date(2023, 1, 3)) == "It fell on 31 December 2022"


@given(
    st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 40), st.sampled_from("Monday Thursday Sunday".split())
)
def test_the_gate_accepts_every_day_that_is_told(published: date, later: int, weekday: str) -> None:
    quote = f"The council voted 4 to 3 on {weekday} to close the school."
    text = told(quote, published, published + timedelta(days=later))
    at = NOW.replace(year=published.year, month=published.month, day=published.day)
    span = CitedSpan(quote=quote, key="e1", record="r1", origin="o1", publisher="Harbour Wire", published=at)
    assert text is None or judge(text, [span]).publish


def test_a_story_dates_what_its_records_told_two_days_before() -> None:
    said = "Merrow Council voted 4 to 3 on Friday to close the school in Harlow."
    text = f"Merrow Council closes Harlow school\n\n{said}"
    record = make_record(text, published=NOW - timedelta(days=2))
    claims = [make_claim(record, said), make_claim(record, "Merrow Council closes Harlow school", in_headline=True)]
    article = write_article(make_dossier([record], claims), WriteSettings(min_sentences=1))
    assert isinstance(article, Article)
    texts = [s.text for section in article.sections for p in section.paragraphs for s in p]
    assert any("on Friday 1 May" in text for text in texts), texts
