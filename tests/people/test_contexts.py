"""What stands around a quotation says no more of people than a sentence may."""

from factories import make_signal
from hypothesis import given
from hypothesis import strategies as st

from pipeline.people.contexts import around, quiet, sensitive

TEXT = (
    "The port ordered 12 turbines. Elena Marsh, the mayor, took bribes. The quay opened in May. "
    "It cost $3 million. He stole the rest. The council will vote on 3 June."
)


def windows(quote: str, half: int = 120) -> tuple[str, str]:
    start = TEXT.index(quote)
    return around(TEXT, start, start + len(quote), half)


def test_context_ends_where_a_sentence_lays_something_to_somebody():
    before, after = windows("The quay opened in May.")
    assert before.strip() == ""
    assert after.strip() == "It cost $3 million."


def test_what_is_cut_in_two_by_the_window_is_left_out_whole():
    before, _ = windows("The quay opened in May.", half=12)
    assert "bribes" not in before


def test_other_context_is_as_it_was():
    text = "One. Two. Three. Four. Five."
    assert around(text, 10, 16, 6) == (text[4:10], text[16:22])


@given(st.text(max_size=200), st.integers(0, 200), st.integers(0, 50), st.integers(0, 90))
def test_windows_lie_beside_the_quotation_and_are_no_longer_than_asked(text, start, size, half):
    start = min(start, len(text))
    end = min(start + size, len(text))
    before, after = around(text, start, end, half)
    assert len(before) <= half
    assert len(after) <= half
    assert text[:start].endswith(before)
    assert text[end:].startswith(after)


def test_a_signal_named_by_an_allegation_is_told_by_its_kind():
    loud, plain = make_signal(summary="Elena Marsh took bribes: 3 findings"), make_signal(summary="Quay: 3 findings")
    assert quiet([loud, plain]) == (quiet([loud])[0], plain)
    assert not sensitive(quiet([loud])[0].summary)
