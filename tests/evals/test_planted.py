"""The planted pairs: what is altered is altered, halves never share a sentence, the same rows give the same bytes."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from benchmarks import altering, negating, planted, rewording

PLACES = ("Harlow", "Kessel", "Valdeluna", "Ostrava", "Brenna", "Milbrook", "Corvane", "Tallis")
SHAPES = (
    "The council of {a} has approved a budget of ${n} million for the schools of {b}.",
    "More than {n} people were evacuated from {a} on Monday after the dam above {b} broke.",
    "Exports of steel from {a} rose {n} percent in the third quarter as mills in {b} reopened.",
    "A {n}-year-old man from {a} was arrested in {b} on 4 March over a stolen ferry.",
    "The museum in {a} did not open its {n} rooms in 2021 because of a strike in {b}.",
)


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    texts = [
        shape.format(a=a, b=b, n=number + 12)
        for number, (a, b) in enumerate((a, b) for a in PLACES for b in PLACES if a != b)
        for shape in SHAPES
    ]
    path.write_text("\n".join(json.dumps({"text": text, "seen": "2026-03-02"}) for text in texts))
    return path


def test_pairs_are_made_once_and_for_all(rows: Path, tmp_path: Path) -> None:
    sizes = {part: planted.write(rows, tmp_path / f"{part or 'all'}.jsonl", part) for part in ("", "tuned", "held")}
    assert sizes[""] == sizes["tuned"] + sizes["held"]
    assert min(sizes.values()) > 20
    planted.write(rows, tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "all.jsonl").read_bytes()


def test_every_pair_differs_and_no_sentence_is_in_both_halves(rows: Path) -> None:
    found = planted.pairs(rows)
    assert {pair["label"] for pair in found} == {"number", "date", "polarity", "none"}
    assert all(pair["a"] != pair["b"] for pair in found)
    halves = {half: {pair["a"] for pair in found if pair["half"] == half} for half in ("tuned", "held")}
    assert not halves["tuned"] & halves["held"]


@pytest.mark.parametrize("seed", range(20))
def test_alterations_alter_and_rewordings_keep(seed: int) -> None:
    text = "The council of Harlow has approved a budget of $14 million for 30 schools on Monday."
    chance = random.Random(seed)
    number, date, denied = (make(text, chance) for make in (altering.number, altering.date, negating.polarity))
    assert number
    assert "$14 million" not in number.text or "30 schools" not in number.text
    assert date
    assert "Monday" not in date.text
    assert denied
    assert denied.text != text
    kept = rewording.reworded(text, chance, keep="$14 million")
    assert kept is None or "$14 million" in kept.text
    same = rewording.same_value("Prices in Harlow rose by 40 percent.", chance)
    assert same
    assert "40" in same.text
