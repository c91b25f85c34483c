"""What became of a deal: made, not made, left or cancelled, and which tellings exclude each other."""

from __future__ import annotations

import time

import pytest

from pipeline.outcomes import CANCELLED, LEFT, MADE, UNMADE, opposed, outcomes


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("Corvane signed a contract with the navy.", [MADE]),
        ("Corvane walked away from a $200 million contract with the navy.", [LEFT]),
        ("Corvane was within a week of signing the contract when the government cancelled it.", [UNMADE, CANCELLED]),
        ("Corvane did not sign the contract with the navy.", []),
        ("Corvane has not signed the contract with the navy.", [UNMADE]),
        ("Corvane will sign a contract with the navy.", []),
        ("Corvane could have a signed contract by May.", [MADE]),
        ("Corvane signed the letter, and its staff cancelled their holidays.", []),
        ("Corvane never walked away from the contract.", []),
        ("", []),
    ],
)
def test_ways_in_which_a_deal_is_told_to_end(text, ways):
    assert [one.way for one in outcomes(text)] == ways


def test_what_excludes_what():
    signed, left = "Corvane signed the contract.", "Corvane walked away from the contract."
    lost = "The contract was cancelled by the navy."
    assert opposed(signed, left) == ("signed", "walked away from")
    assert opposed(left, signed) == ("walked away from", "signed")
    assert opposed(left, lost) == ("walked away from", "cancelled")
    assert opposed(signed, signed) is None
    assert opposed(signed, "Corvane walked away from the merger.") is None
    assert opposed(left, "Corvane cancelled the contract.") is None  # one hand, two words
    assert opposed(signed, "Corvane signed the contract, then the navy cancelled it.") is None  # a development


def test_a_long_text_is_read_in_little_time():
    began = time.process_time()
    outcomes("signed " * 20_000 + "contract")
    assert time.process_time() - began < 5.0
