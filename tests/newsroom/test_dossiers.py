"""What a story is told from: whose its claims are, and which beats it has."""

from __future__ import annotations

from dataclasses import replace

import pytest
from factories import NOW, make_claim, make_record, make_storyline, sample_claims

from pipeline.domain import Cursor, Origin
from pipeline.newsroom.dossiers import NO_BEAT, Material, cited_beats, dossier, gather
from pipeline.protocols import Analysis
from pipeline.stores import open_store

MATERIAL = Material(
    records={},
    claims={},
    record_origins={},
    findings={},
    beats={"r1": ("Energy", "Courts"), "r2": ("Energy",), "r3": ("Courts",), "r4": ("Sport",)},
)
LINE = make_storyline(sample_claims(), beats=("Sport", "Energy", "Courts"))


def test_two_articles_of_one_outlet_are_no_two_sources() -> None:
    outlets = (("Harbour Wire", "a"), ("Harbour Wire", "b"), ("Daily Ledger", "c"))
    records = [make_record(id=key, publisher=name, url=None) for name, key in outlets]
    claims = [make_claim(record, id=f"c{record.id}") for record in records]
    line = make_storyline(claims)
    every = Material({r.id: r for r in records}, {c.id: c for c in claims}, {r.id: r.id for r in records}, {}, {})
    assert every.origins(line) == {"a", "c"}
    assert replace(every, record_origins={"a": "c", "b": "b", "c": "c"}).origins(line) == {"b", "c"}
    assert every.counts_as(line) == {"a": "a", "b": "a", "c": "c"}


def test_what_was_taken_from_an_outlet_is_its_own_even_where_its_record_is_in_no_storyline() -> None:
    store = open_store(":memory:")
    first, again = (make_record(f"Text {n}.", id=n, publisher="Harbour Wire", url=None) for n in "ab")
    taker = make_record("Text c.", id="c", publisher="Daily Ledger", url=None)
    store.save_batch("wire", [first, again, taker], Cursor(), None)
    claims = (make_claim(again, id="c1"), make_claim(taker, id="c2", origin_id="a"))
    line = make_storyline(claims)
    store.save_analysis(
        Analysis(
            record_ids=("a", "b", "c"),
            claims=claims,
            origins=tuple(Origin(key, (key,)) for key in "abc"),
            storylines=(line,),
            now=NOW,
        )
    )
    material = gather(store, [line])
    assert material.origins(line) == {"b"}
    papers = dossier(store, line, material, beat="Energy", now=NOW, history=())
    assert papers.origins == {"c1": "b", "c2": "b"}
    assert set(papers.records) == {"b", "c"}
    store.close()


@pytest.mark.parametrize(
    ("cited", "told_under", "beats"),
    [
        (["r1", "r2"], "Sport", ("Energy", "Courts")),
        (["r1"], "Courts", ("Courts", "Energy")),  # a tie goes to the beat it was told under
        (["r1"], "Sport", ("Energy", "Courts")),  # else to the storyline's order
        (["r1", "r2", "r3", "r4", "r2"], "Sport", ("Energy", "Courts")),
        (["r5"], "Energy", (NO_BEAT,)),
        ([], "Energy", (NO_BEAT,)),
    ],
)
def test_a_storys_beats_are_those_of_what_it_cites(cited: list[str], told_under: str, beats: tuple[str, ...]) -> None:
    assert cited_beats(cited, LINE, MATERIAL, told_under) == beats
