"""Lengths of time in words."""

from datetime import timedelta

import pytest

from pipeline.spans import span


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (-3, "0 seconds"),
        (1, "1 second"),
        (90, "90 seconds"),
        (300, "5 minutes"),
        (7199, "120 minutes"),
        (7200, "2 hours"),
        (172799, "48 hours"),
        (172800, "2 days"),
        (5400000, "62 days"),
    ],
)
def test_times_are_told_in_the_unit_a_person_would_use(seconds, told):
    assert span(timedelta(seconds=seconds)) == told
