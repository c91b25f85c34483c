"""Where a story was filed is not what it says."""

import pytest

from pipeline.language import datelines


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("SELMOUTH, 3 March (Harbour Wire) - The minister confirmed it.", "The minister confirmed it."),
        ("PORT ANSEL, March 5 (Harbour Wire) — Shares fell.", "Shares fell."),
        ("BOSTON (AP) -- A court ruled.", "A court ruled."),
        ("Boston (AP) - A court ruled.", "A court ruled."),
        ("NASA: No water was found.", "NASA: No water was found."),
        ("WASHINGTON, D.C. – Congress voted.", "Congress voted."),
        ("(Reuters) - Oil rose.", "Oil rose."),
        ("SÃO PAULO — O governo anunciou.", "O governo anunciou."),
        ("NATO said it will send ships.", "NATO said it will send ships."),
        ("The port (Selmouth) - a small one - grew.", "The port (Selmouth) - a small one - grew."),
        ("IBM - the maker - grew.", "IBM - the maker - grew."),
        ("Acme: the firm grew.", "Acme: the firm grew."),
        ("", ""),
    ],
)
def test_a_dateline_is_left_out(text, rest):
    assert text[datelines.length(text) :] == rest
