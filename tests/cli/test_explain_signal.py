"""`citewire explain SIGNAL` over a desk that has told the sample."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from factories import NOW, make_signal, sample_claims, sample_records
from stored import analysed

from pipeline.cli import main
from pipeline.domain import Signal, Weighted
from pipeline.newsroom.ranking import TERMS
from pipeline.settings import load
from pipeline.stores import open_store
from pipeline.write import write

LINE = "s" + "0" * 16
RECORD, CLAIM = sample_records()[0], sample_claims()[1]
FIRED = make_signal(
    id="gaa11" + "0" * 12,
    confidence=0.83,
    chance=0.0004,
    evidence=(Weighted(CLAIM.id, 0.75, "an origin"), Weighted(RECORD.id, 0.2), Weighted("r-gone", 0.05)),
)
HELD = make_signal(id="gaa22" + "0" * 12, kind="novelty", held="source wire failed\x1b[31m in the window")
BEAT = make_signal(id="gbb33" + "0" * 12, kind="volume_anomaly", about="beat", subject="Energy")


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with three signals whose one storyline was told."""
    folder = tmp_path_factory.mktemp("desk")
    file = folder / "citewire.toml"
    file.write_text('[write]\nmin_sentences = 3\n[[beat]]\nname = "Energy"\n', encoding="utf-8")
    settings = load(file)
    settings.output_path.mkdir()
    with contextlib.closing(open_store(settings.output_path / "citewire.db")) as store:
        analysed(store)
        store.save_signals([FIRED, HELD, BEAT], NOW)
        write(store, settings, llm=None, now=NOW)
    return file


def said(capsys: pytest.CaptureFixture[str], config: Path, *argv: str) -> tuple[int, str, str]:
    code = main(["explain", *argv, "--config", str(config)])
    streams = capsys.readouterr()
    return code, streams.out, streams.err


def document(capsys: pytest.CaptureFixture[str], config: Path, signal: Signal) -> dict[str, Any]:
    code, out, _ = said(capsys, config, signal.id, "--json")
    assert code == 0
    return dict(json.loads(out))


def test_a_signal_is_explained_with_its_figures_its_evidence_and_the_ranking(
    capsys: pytest.CaptureFixture[str], config: Path
) -> None:
    code, out, _ = said(capsys, config, "gaa1")
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "velocity of the storyline “Northwind Power, Harlow campus”"
    assert FIRED.summary in lines
    assert any(line.split() == ["threshold", "2"] for line in lines)
    assert any(line.startswith("chance") and "0.0004" in line for line in lines)
    assert any(line.startswith("confidence") and "0.83" in line for line in lines)
    assert f"  0.750  {RECORD.title} (Harbour Wire, {RECORD.published:%Y-%m-%d %H:%M} UTC)" in out
    assert f"“{CLAIM.text}”" in out
    assert "r-gone (no longer stored)" in out
    assert lines[-1] == "told"
    for term in TERMS:
        assert any(line.split()[:1] == [term.name] for line in lines), term.name


def test_the_sum_in_json_is_the_sum_of_its_terms(capsys: pytest.CaptureFixture[str], config: Path) -> None:
    told = document(capsys, config, FIRED)
    assert sum(term["value"] for term in told["ranked"]["terms"]) == pytest.approx(told["ranked"]["total"])
    assert {term["name"]: (term["least"], term["most"]) for term in told["ranked"]["terms"]} == {
        term.name: (term.least, term.most) for term in TERMS
    }
    assert next(term["value"] for term in told["ranked"]["terms"] if term["name"] == "signals") == 0.83, "held: nothing"


def test_a_held_signal_says_why_in_one_plain_line(capsys: pytest.CaptureFixture[str], config: Path) -> None:
    _, out, _ = said(capsys, config, HELD.id)
    assert "held: source wire failed[31m in the window" in out.splitlines()
    assert "\x1b" not in out
    assert document(capsys, config, HELD)["held"] == HELD.held


def test_a_beat_is_not_ranked(capsys: pytest.CaptureFixture[str], config: Path) -> None:
    _, out, _ = said(capsys, config, BEAT.id)
    assert out.splitlines()[-1] == "a beat is not ranked: only storylines become stories"


def test_the_beginning_of_two_ids_names_both(capsys: pytest.CaptureFixture[str], config: Path) -> None:
    code, _, err = said(capsys, config, "gaa")
    assert code == 2
    assert FIRED.id in err
    assert HELD.id in err


def test_a_label_that_looks_like_an_id_is_still_a_storyline(capsys: pytest.CaptureFixture[str], config: Path) -> None:
    code, out, _ = said(capsys, config, LINE)
    assert code == 0
    assert out.startswith("Northwind Power")
    assert said(capsys, config, "gfff")[0] == 2
