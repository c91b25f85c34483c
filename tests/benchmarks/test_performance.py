"""benchmarks.all, growth, costs, made_texts: what they say follows from what was measured."""

from __future__ import annotations

import ast
import gzip
import importlib
import json
import statistics
import subprocess
import sys
from dataclasses import replace
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benchmarks import costs, growth, made_texts

runner = importlib.import_module("benchmarks.all")


def test_every_benchmark_is_a_script_and_the_page_has_a_place_for_them() -> None:
    for one in runner.BENCHMARKS:
        for command in (one.usual, one.full):
            assert not command or (runner.HERE / "benchmarks" / command.split()[0]).is_file()
    page = runner.PAGE.read_text(encoding="utf-8")
    assert "| new |" in runner.put("| new |", page)
    assert runner.put("x", runner.put("y", page)) == runner.put("x", page)
    with pytest.raises(ValueError, match="no place"):
        runner.put("x", "a page without marks")


def test_what_is_not_installed_is_left_out_and_says_so() -> None:
    lacking = replace(runner.BENCHMARKS[0], needs=("a_package_that_nobody_has",))
    row = runner.measured(lacking, {"data": "", "rows": "", "store": ""}, full=False)
    assert row == {"name": "ingest", "left out": "needs a_package_that_nobody_has, which is not installed"}
    assert "left out: needs a_package" in runner.table({"commit": "1"}, [row])


def test_the_peak_is_that_of_one_command_and_not_of_those_before_it() -> None:
    large = "held = bytes(range(256)) * (1 << 20); print(len(held) >> 20)"
    both = f"from benchmarks.all import run; print([run([{sys.executable!r}, '-c', c], 60) for c in ({large!r}, '')])"
    made = subprocess.run([sys.executable, "-c", both], cwd=runner.HERE, capture_output=True, text=True, check=True)
    (said, peak), (nothing, little) = ast.literal_eval(made.stdout)
    assert (said, nothing) == ("256\n", "")
    assert peak >= 256 > 2 * little
    row = {"name": "n", "told": "fast", "limit": "none", "command": "c.py", "peak_mib": 1234}
    assert "| n | fast | 1,234 | none | `c.py` |" in runner.table({}, [row])


def test_a_command_that_takes_too_long_is_killed_and_gives_no_figures() -> None:
    said, _ = runner.run([sys.executable, "-c", "import time; time.sleep(60)"], 0.2)
    assert said == ""


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_the_fit_finds_the_power_that_was_put_in(power: float) -> None:
    points = [(n, 3.0 * n**power) for n in (1000.0, 3000.0, 10_000.0)]
    assert growth.exponent(points) == pytest.approx(power)
    assert growth.carried(points) == pytest.approx(3.0 * 100_000**power)
    assert 1.0 < growth.linearithmic(points) < 1.2


def test_nights_are_read_from_what_they_print_and_drawn(tmp_path: Path) -> None:
    files = []
    for size in (1000, 10_000):
        stages = [
            {"stage": "ingest", "seen": size, "processor": size / 1000, "mib": 200},
            {"stage": "analyze", "seen": size, "processor": size / 25, "mib": 300 + size / 10},
        ]
        files.append(tmp_path / f"{size}.log")
        files[-1].write_text("noise\n" + "".join(json.dumps(one) + "\n" for one in stages), encoding="utf-8")
    found = growth.nights(files)
    assert found["whole night"] == [(1000, 41.0), (10_000, 410.0)]
    assert growth.straight(found["memory"]) == pytest.approx(10_300)
    assert ET.fromstring(growth.drawn(found)).tag.endswith("svg")


def test_ten_times_the_records_need_no_less_of_anything() -> None:
    small, large = (costs.estimate(records, costs.Rates()) for records in (30_000, 10_000_000))
    assert small["desks"] == 1
    assert all(large[name] >= small[name] for name in small if name not in ("owner hours a desk",))
    assert large["memory of an owner, MiB"] <= costs.Rates().memory_mib
    with_models = costs.estimate(30_000, replace(costs.Rates(), read_in=1200.0, read_out=400.0))
    assert with_models["money a month"] > small["money a month"]


def test_made_texts_are_long_repeatable_and_no_copies(tmp_path: Path) -> None:
    said = [f"The {name} council of Harlow{n} approved {n + 10} new bridges after a long debate about money in March."
            for n, name in enumerate(["county", "borough", "village", "district"] * 15)]  # fmt: skip
    for name, field in made_texts._SOURCES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        with gzip.open(tmp_path / name, "wt", encoding="utf-8") as out:
            for start in (0, 15, 28):
                out.write(json.dumps({field: f"{name} begins. " + " ".join(said[start : start + 32])}) + "\n")
    rows = list(islice(made_texts.rows(tmp_path), 40))
    assert rows == list(islice(made_texts.rows(tmp_path), 40))
    assert len({row["text"] for row in rows}) == len(rows)
    assert statistics.median(len(row["text"]) for row in rows) > 1000
