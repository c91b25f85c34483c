"""The laws of any bytes: what once broke one, and what hypothesis thinks of; by the hour `make fuzz` goes on."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

HERE = Path(__file__).parent


def module(name: str) -> dict[str, Any]:
    return runpy.run_path(str(HERE / f"{name}.py"))


LAWS, FOUND, SEEDS = module("laws")["LAWS"], module("found")["FOUND"], module("run")["SEEDS"]
PIECES = st.sampled_from(
    [piece for seeds in SEEDS.values() for seed in seeds for piece in seed.encode("latin-1").split(b" ")]
)
BYTES = st.binary(max_size=200) | st.text(max_size=80).map(str.encode) | st.lists(PIECES, max_size=12).map(b" ".join)
ADDRESSES = st.lists(st.ip_addresses().map(lambda one: one.packed), max_size=4).map(b"".join)


@pytest.mark.parametrize("number", range(len(FOUND)))
def test_what_broke_a_law_keeps_it(number):
    law, data = FOUND[number]
    LAWS[law](data)


@pytest.mark.parametrize("law", sorted(LAWS))
def test_any_bytes_keep_the_law(law):
    @settings(max_examples=150, deadline=None, database=None)
    @given(ADDRESSES | BYTES if law == "guard" else BYTES)
    def any_bytes(data: bytes) -> None:
        LAWS[law](data)

    any_bytes()


def test_every_law_has_seeds():
    assert LAWS.keys() == SEEDS.keys()
    assert LAWS.keys() == {law for law, _ in FOUND}
