"""corrections.deciding: laws of the decision, whatever visits meet. The loopback tests are in test_recheck.py."""

from __future__ import annotations

from datetime import timedelta

from factories import NOW, make_claim, make_record
from hypothesis import given
from hypothesis import strategies as st

from pipeline.amends import CorrectionKind, Recheck
from pipeline.corrections.deciding import Met, decide, folded, quoted_on
from pipeline.domain import TextQuality

RECORD = make_record()
CLAIM = make_claim(RECORD)
QUOTES = {evidence.key: evidence.quote for evidence in CLAIM.evidence}
WHOLE = Met(status=200, title=RECORD.title, text=RECORD.text, shown=RECORD.text + " and the menus of the site" * 5)
SILENT = st.one_of(
    st.just(Met(problem="timed out")),
    st.builds(Met, status=st.sampled_from([500, 503, 403]), problem=st.just("answered")),
    st.just(Met(status=200, shown="Accept all cookies", mere_notice=True)),
    st.just(Met(status=304)),
    st.just(WHOLE),
)


@given(st.lists(SILENT, max_size=12))
def test_visits_that_say_nothing_and_visits_that_find_it_never_make_an_entry(visits: list[Met]) -> None:
    before: Recheck | None = None
    for day, met in enumerate(visits):
        decision = decide(met, RECORD, QUOTES, before, NOW + timedelta(days=day))
        assert decision.kind is None
        assert decision.recheck.state in {"unchanged", "unsure"}
        before = decision.recheck


@given(st.lists(st.floats(0, 40), min_size=1, max_size=10).map(sorted))
def test_a_404_is_proof_after_three_visits_over_two_days_and_not_before(days: list[float]) -> None:
    before: Recheck | None = None
    for n, day in enumerate(days, 1):
        decision = decide(Met(status=404), RECORD, QUOTES, before, NOW + timedelta(days=day))
        proven = n >= 3 and day - days[0] >= 2
        assert (decision.kind is CorrectionKind.SOURCE_GONE) == proven
        before = decision.recheck
        if proven:
            assert set(decision.keys) == set(QUOTES)
            break


@given(st.text(max_size=40))
def test_a_quote_stands_wherever_it_is_put_and_however_it_is_set(filler: str) -> None:
    for quote in QUOTES.values():
        assert quoted_on(quote, Met(status=200, shown=f"{filler} {quote.replace(' ', chr(10))} {filler}"))


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_words_that_were_never_found_on_the_page_cannot_be_lost() -> None:
    """A feed's summary need not stand on its page; only what an earlier visit found can be missed."""
    summary = make_record(quality=TextQuality.SUMMARY)
    other = Met(status=200, shown=RECORD.text.replace(next(iter(QUOTES.values())), "something else") + " more" * 30)
    first = decide(other, summary, QUOTES, None, NOW)
    assert first.kind is None
    assert decide(other, RECORD, QUOTES, None, NOW).kind is CorrectionKind.SOURCE_CHANGED
    found = decide(WHOLE, summary, QUOTES, first.recheck, NOW)
    assert decide(other, summary, QUOTES, found.recheck, NOW).kind is CorrectionKind.SOURCE_CHANGED


def test_an_article_that_carried_its_notice_when_it_was_read_is_not_retracted_now() -> None:
    noted = make_record(RECORD.title + "\n\nThis article has been retracted by its editors. " + RECORD.text[40:])
    shown = Met(status=200, title=noted.title, text=noted.text, shown=noted.text + " words" * 30)
    assert decide(shown, noted, {}, None, NOW).kind is None
    assert decide(shown, RECORD, QUOTES, None, NOW).kind is CorrectionKind.SOURCE_RETRACTED
