"""The ranking sum: named terms, each bounded, and "total" is their sum."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import NOW, make_dossier, make_record, make_signal, make_storyline, sample_claims

from pipeline.ranking import TERMS, rank


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
