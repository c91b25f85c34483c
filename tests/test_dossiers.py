"""Which beats a story has: those of the records that it cites."""

from __future__ import annotations

from dataclasses import replace

import pytest
from factories import make_claim, make_record, make_storyline, sample_claims

from pipeline.dossiers import NO_BEAT, Material, cited_beats

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
