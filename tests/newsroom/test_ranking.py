"""The ranking sum: named terms, each bounded, and "total" is their sum."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from factories import NOW, make_claim, make_dossier, make_record, make_signal, make_storyline, sample_claims
from hypothesis import given
from hypothesis import strategies as st

from pipeline.newsroom.ranking import TERMS, interest, rank
from pipeline.preferences import InterestSettings


def ranked(**changes: object) -> dict[str, float]:
    dossier = make_dossier()
    fields: dict[str, object] = {
        "records": list(dossier.records.values()),
        "origins": 2,
        "findings": dossier.findings,
        "signals": [],
        "beat_share": 1.0,
        "now": NOW,
    }
    return dict(rank(make_storyline(sample_claims()), **(fields | changes)))  # type: ignore[arg-type]


def test_the_total_is_the_sum_of_its_terms() -> None:
    terms = ranked()
    assert terms["total"] == pytest.approx(sum(v for k, v in terms.items() if k != "total"))
    assert set(terms) == {*(term.name for term in TERMS), "total"}


def test_more_origins_signals_and_disputes_rank_higher() -> None:
    assert ranked(origins=8)["origins"] == 3.0
    assert ranked(origins=900)["origins"] == 5.0
    assert ranked(signals=[make_signal(severity="high")])["signals"] == 1.0
    assert ranked(signals=[make_signal(severity="high")] * 9)["signals"] == 1.0, "each kind once"
    kinds = [make_signal(kind=kind, severity="high") for kind in ("velocity", "novelty", "corroboration", "split")]
    assert ranked(signals=kinds)["signals"] == 2.0
    assert ranked(signals=[make_signal(severity="high", confidence=0.7)])["signals"] == 0.7
    assert ranked(signals=[make_signal(held="a source failed")])["signals"] == 0.0
    assert ranked()["contradiction"] == 0.3


def test_age_halves_freshness_every_day() -> None:
    fresh = ranked(records=[make_record(published=NOW, fetched=NOW)])["freshness"]
    old = ranked(records=[make_record(published=NOW - timedelta(days=2), fetched=NOW)])["freshness"]
    assert (fresh, old) == (1.0, 0.25)


@pytest.mark.parametrize(
    ("title", "offers"),
    [
        ("Northwind Promo Codes and Bundle Deals: Save $50 in March", True),
        ("How to watch the final: TV channel and live stream", True),
        ("Today's word puzzle answers and hints for Monday", True),
        ("Northwind signs trade deal with Harlow council", False),
        ("Council saves library after protest", False),
    ],
)
def test_offers_listings_and_guides_rank_last(title: str, offers: bool) -> None:
    records = [make_record(title=title, id=f"r{n}") for n in range(3)]
    assert (ranked(records=records)["commerce"] < 0) is offers


def test_a_coordination_flag_takes_away_and_a_held_one_does_nothing() -> None:
    flag = make_signal(kind="coordination", severity="high")
    assert ranked(signals=[flag])["signals"] == 0.0
    assert ranked(signals=[flag])["coordination"] == -2.0
    assert ranked(signals=[make_signal(kind="coordination", confidence=0.4)])["coordination"] == -0.8
    assert ranked(signals=[make_signal(kind="coordination", held="too early")])["coordination"] == 0.0
    assert ranked(signals=[flag, make_signal()])["total"] < ranked()["total"]


def test_spread_grows_with_platforms_and_publishers() -> None:
    one = [make_record(id=f"r{n}", url=f"https://paper.example/{n}") for n in range(4)]
    papers = [make_record(id=f"r{n}", url=f"https://p{n}.example/a", publisher=f"Paper {n}") for n in range(4)]
    posts = [make_record(id=f"q{n}", platform=p, kind="post", author=f"a{n}") for n, p in enumerate(("reddit", "x"))]
    assert ranked(records=one)["spread"] == 0.0
    assert ranked(records=papers)["spread"] == 0.375
    assert ranked(records=[*papers, *posts])["spread"] > 1.0


def test_a_beats_weight_multiplies_what_belongs_to_it() -> None:
    assert ranked(beat_share=0.5, beat_weight=3.0)["beat"] == 1.5
    assert ranked(beat_share=1.0, beat_weight=0.0)["beat"] == 0.0


def test_what_is_older_than_the_window_is_marked_and_put_last() -> None:
    old = [make_record(published=NOW - timedelta(hours=25), fetched=NOW)]
    assert ranked(records=old)["old"] == -5.0
    assert ranked(records=old, window=timedelta(hours=48))["old"] == 0.0
    assert ranked(records=[*old, make_record(id="r9", published=NOW, fetched=NOW)])["old"] == 0.0


def test_an_interest_gives_its_weight_for_the_share_that_matches() -> None:
    tide = make_record("Tide mill opens\n\nThe tidal power mill turns.", id="r1")
    rest = make_record("Ferry late\n\nThe ferry of Selmouth was late.", id="r2")
    claims = [make_claim(rest, entities=("selmouth harbour board",))]
    beats = {"r1": ("Energy",), "r2": ()}

    def gives(**fields: Any) -> float:
        return interest([tide, rest], claims, beats, [InterestSettings(**fields)])

    assert gives(words=("tidal power",), weight=2.0) == 1.0
    assert gives(words=("power tidal", "idal")) == 0.0, "whole words, in their order"
    assert gives(names=("Harbour Board",), weight=-1.0) == -0.5
    assert gives(beats=("Energy",)) == 0.5
    assert gives(words=("ferry", "tide"), names=("Selmouth",), beats=("Energy",)) == 1.0, "a record matches once"
    assert interest([], claims, beats, [InterestSettings(words=("tide",))]) == 0.0
    assert ranked(wanted=12.0)["interests"] == 3.0
    assert ranked(wanted=-12.0)["interests"] == -3.0


@given(
    origins=st.integers(0, 10_000),
    kinds=st.lists(st.tuples(st.sampled_from(["velocity", "split", "coordination"]), st.booleans()), max_size=12),
    share=st.floats(0, 1),
    weight=st.floats(0, 5),
    wanted=st.floats(-30, 30),
    hours=st.integers(-50, 5000),
)
def test_every_term_keeps_its_bounds_and_the_total_is_their_sum(
    origins: int, kinds: list[tuple[str, bool]], share: float, weight: float, wanted: float, hours: int
) -> None:
    terms = ranked(
        origins=origins,
        signals=[make_signal(kind=kind, held="no" if held else None, severity="high") for kind, held in kinds],
        beat_share=share,
        beat_weight=weight,
        wanted=wanted,
        now=NOW + timedelta(hours=hours),
    )
    for term in TERMS:
        assert term.least <= terms[term.name] <= term.most, term.name
    assert "-0.0" not in {str(value) for value in terms.values()}
    assert terms["total"] == pytest.approx(sum(terms[term.name] for term in TERMS), abs=1e-5)
