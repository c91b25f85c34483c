"""Explaining: what a storyline rests on, counted as everywhere."""

from __future__ import annotations

from factories import make_claim, make_membership, make_record, make_storyline

from pipeline.domain import Origin
from pipeline.explaining import Kept, explain


def test_two_articles_of_one_outlet_are_one_origin_and_it_is_said() -> None:
    papers = {"a": "Harbour Wire", "b": "Harbour Wire", "c": "Daily Ledger"}
    records = {key: make_record(f"Text {key}.", id=key, publisher=name, url=None) for key, name in papers.items()}
    claims = {f"c{key}": make_claim(record, id=f"c{key}") for key, record in records.items()}
    kept = Kept(
        memberships=[make_membership(claim, storyline_id="s") for claim in claims.values()],
        claims=claims,
        records=records,
        owners={key: key for key in records},
        origins={key: Origin(key, (key,)) for key in records},
        homes={},
    )
    told = explain(make_storyline(list(claims.values()), id="s"), kept)
    assert told.origins == 2
    assert [record.origin for record in told.records] == ["a", "a", "c"]
    reasons = [record.origin_reason for record in told.records]
    assert reasons == ["itself", "told by one voice, which counts once; itself", "itself"]
