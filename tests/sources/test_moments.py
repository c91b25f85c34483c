"""Dates as feeds write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sources import moments


@pytest.mark.parametrize(
    ("text", "lang", "iso"),
    [
        ("2026-05-04", "", "2026-05-04T00:00:00+00:00"),
        ("2026-05-04T06:00:00Z", "", "2026-05-04T06:00:00+00:00"),
        ("2026-05-04T06:00:00+02:00", "", "2026-05-04T04:00:00+00:00"),
        ("Mon, 04 May 2026 06:00:00 -0700", "", "2026-05-04T13:00:00+00:00"),
        ("Seg, 24 Set 2018 19:42:40 -0300", "pt", "2018-09-24T22:42:40+00:00"),
    ],
)
def test_forms(text: str, lang: str, iso: str) -> None:
    found = moments.Written(lang).read(text)
    assert found is not None
    assert found.isoformat() == iso


@pytest.mark.parametrize(
    "text", ["", " ", "yesterday", "01/02/2026", "0000-00-00", "9" * 1000, "25:61", "soon", "2026-13-40"]
)
def test_what_is_no_date(text: str) -> None:
    assert moments.Written("en").read(text) is None


def test_patience_ends() -> None:
    reader = moments.Written("en")
    assert [reader.read(f"nonsense {n}") for n in range(30)] == [None] * 30


@given(st.text(max_size=40))
def test_timestamps_never_raise(text: str) -> None:
    found = moments.timestamp(text)
    assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize("seconds", [None, "1", 10**30, float("nan"), float("inf")])
def test_seconds_that_are_none(seconds: object) -> None:
    assert moments.from_seconds(seconds) is None


def test_seconds() -> None:
    assert moments.from_seconds(0) == datetime(1970, 1, 1, tzinfo=UTC)
