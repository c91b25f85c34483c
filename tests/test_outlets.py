"""Outlets: who speaks, by which names others speak of him, and whom a text credits."""

from __future__ import annotations

import pytest
from factories import make_record
from hypothesis import given
from hypothesis import strategies as st

from pipeline.outlets import counts_as, credited, folded, independent, names, outlet, tellers, unnamed, voice

KNOWN = frozenset({"harbour wire", "kite"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The plant shuts, Harbour Wire reported.", ("harbour wire",)),
        ("The plant shuts, according to a report by the Harbour Wire.", ("harbour wire",)),
        ("As first reported by Kite, the plant shuts.", ("kite",)),
        ("He told the Southern Times that the plant shuts.", ("southern times",)),
        ("The plant shuts (Reuters)", ("reuters",)),
        ("HARLOW (Reuters) - The plant shuts.", ("reuters",)),
        ("La planta cierra, según Harbour Wire.", ("harbour wire",)),
        ("Das Werk schließt, laut Harbour Wire.", ("harbour wire",)),
        ("The plant shuts, according to Globex.", ()),  # no outlet
        ("Globex reported a loss of four million.", ()),
        ("The union told workers that the plant shuts.", ()),
        ("Globex denied the story, which was first reported by Harbour Wire.", ()),
        ("Harbour Wire has new offices.", ()),
        ("", ()),
    ],
)
def test_outlets_are_credited_where_a_text_rests_on_them(text: str, found: tuple[str, ...]) -> None:
    assert credited(text, KNOWN) == found


def test_a_credit_in_the_middle_of_a_long_text_is_of_one_sentence_only() -> None:
    filler = "The river rose again before noon and fell by night. " * 20
    assert credited(f"{filler} Prices rise, Harbour Wire reported. {filler}", KNOWN) == ()
    assert credited(f"{filler} This article originally appeared in Harbour Wire.", KNOWN) == ("harbour wire",)


@pytest.mark.parametrize(
    ("text", "rests"),
    [
        ("The plant shuts, according to media reports.", True),
        ("Several reports say the plant shuts.", True),
        ("The plant shuts, according to its annual report.", False),
        ("Globex rejected what is told according to media reports.", False),
    ],
)
def test_hearsay_names_nobody(text: str, rests: bool) -> None:
    assert unnamed(text) is rests


def test_a_voice_is_the_owner_else_the_outlet_else_the_author() -> None:
    paper = make_record(publisher="Harbour Wire - Politics", url="https://www.harbourwire.example/a")
    assert voice(paper) == "outlet harbour wire"
    assert voice(make_record(publisher="The Harbour Wire", url=None)) == "outlet harbour wire"
    owned = make_record(publisher="Coast Mail", owner="Quay Media")
    assert (voice(owned), outlet(owned)) == ("owner quay media", "coast mail")
    post = make_record(kind="post", platform="Forum", publisher="Forum", author="kestrel")
    assert voice(post) == "author Forum kestrel"
    assert voice(make_record(kind="post", author=None)) == ""
    paper_server = make_record(platform="arXiv", publisher="arXiv", author="Ida Ray", url="https://arxiv.org/abs/1")
    assert voice(paper_server) == "author arXiv Ida Ray"


def test_an_outlet_goes_by_its_name_its_site_and_its_initials() -> None:
    found = names(make_record(publisher="South Harbour Morning Post > World", url="https://www.shmp.example/1"))
    assert {"south harbour morning post", "shmp"} <= found
    assert "world" not in found
    assert names(make_record(kind="post")) == frozenset()
    assert folded("The Harbour Wire") == "harbour wire"


def test_a_voice_counts_once_and_what_it_copied_is_anothers() -> None:
    own = [("a", "Wire"), ("b", "Ledger"), ("a", "Ledger"), ("c", "Ledger"), ("d", ""), ("e", "")]
    assert independent(own) == {"a", "b", "d", "e"}
    assert counts_as(own) == {"a": "a", "b": "b", "c": "b", "d": "d", "e": "e"}
    assert independent([]) == frozenset()


def test_an_origin_is_the_voices_whose_record_it_is_named_after() -> None:
    wire, ledger = make_record(id="w1", publisher="Wire", url=None), make_record(id="l1", publisher="Ledger", url=None)
    assert tellers([("w1", ledger), ("w1", wire)], {"w1": wire}) == {"w1": "outlet wire"}
    assert tellers([("gone", ledger), ("gone", wire)], {}) == {"gone": "outlet ledger"}
    assert tellers([("n", make_record(id="n", publisher=None, source="", url=None))], {}) == {"n": ""}


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(["", "x", "y", "z"]))))
def test_as_many_origins_count_as_there_are_voices(told: list[tuple[str, str]]) -> None:
    first = dict(reversed(told))
    voices = {voice for voice in first.values() if voice}
    assert len(independent(told)) == len(voices) + sum(not voice for voice in first.values())
    counted = counts_as(told)
    assert counted.keys() == first.keys()
    assert all(counted[head] == head and first[head] == first[origin] for origin, head in counted.items())


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    record = make_record(text or "x", title="", publisher=text or None, owner=text or None)
    assert isinstance(credited(text, KNOWN), tuple)
    assert isinstance(unnamed(text), bool)
    assert isinstance(voice(record), str)
    assert "" not in names(record)
