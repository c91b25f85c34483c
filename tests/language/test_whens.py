"""The time spoken of: ISO prefixes and intervals, and no date of the saying."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language import dates, hedges, speakers, whens

WRITTEN = datetime(2023, 10, 18, tzinfo=UTC)  # a Wednesday


def when(text: str) -> str | None:
    said = speakers.find(text)
    return whens.find(text, dates.find(text, WRITTEN), WRITTEN, hedges.classify(text), said.said if said else None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Globex closed the plant on 11 March 2023.", "2023-03-11"),
        ("The strike began yesterday.", "2023-10-17"),
        ("Globex will close the plant in March 2027, the company said on Monday.", "2027-03"),
        ("The speaker said Tuesday that he won't offer a deal.", None),
        ("Sales rose in the third quarter.", "2023-07/2023-09"),
        ("The company expects to open the mine in Q1.", "2024-01/2024-03"),
        ("Sales fell in Q1.", "2023-01/2023-03"),
        ("The plant opens in late 2024.", "2024-09/2024-12"),
        ("The law was passed in the 1990s.", "1990/1999"),
        ("Residents fled last week.", "2023-10-09/2023-10-15"),
        ("The two women were killed in 1983 and 1986.", "1983/1986"),
        ("The rate has been unchanged since March 2022.", "2022-03/2023-10-18"),
        ("Offers for Black Friday are here.", None),
        ("Globex makes turbines.", None),
    ],
)
def test_when(text: str, value: str | None) -> None:
    assert when(text) == value


@given(st.text(alphabet="12 Q3March2024lasweektoandsince-/", max_size=60))
def test_intervals_run_forward(text: str) -> None:
    value = when(text)
    if value and "/" in value:
        begin, end = value.split("/")
        assert begin[: len(end)] <= end[: len(begin)]
