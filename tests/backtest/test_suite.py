"""The suite counts what a detector does: one that knows the truth, one that knows nothing, and the product's own."""

import json
import math

import pytest
from factories import make_signal

from pipeline import evals
from pipeline.backtest import replaying, report, stories, suite, worlds
from pipeline.backtest.planting import Family
from pipeline.backtest.suite import Suite
from pipeline.detectors.frame import About
from pipeline.embedders.lexical import LexicalEmbedder
from pipeline.errors import UsageError
from pipeline.settings import SignalSettings

SMALL = Suite(seed=9, family=Family.HELD, planted=1, quiet=1, hourly=0, stories=1, lines=4)


def test_a_detector_that_is_silent_finds_nothing_and_is_never_wrong():
    found = suite.run(SMALL, SignalSettings(), LexicalEmbedder(), lambda *_: ())
    assert found.false == 0
    assert found.alarms.hits == 0
    assert all(share.hits == 0 for scores in found.kinds.values() for share in scores.recall.values())
    assert found.clean > found.series / 2
    assert math.isnan(report.measures(found)["velocity_precision"] or math.nan)


def test_a_detector_that_fires_for_everything_finds_all_and_is_wrong_every_night():
    def detect(window, history, now, settings):
        return tuple(
            make_signal(
                id=f"{subject.id} {now}",
                kind=worlds.KIND[subject.about],
                about=subject.about.value,
                subject=subject.id,
                window_start=window.start,
                window_end=window.end,
                confidence=0.5,
            )
            for subject in window.arrivals
        )

    found = suite.run(SMALL, SignalSettings(), LexicalEmbedder(), detect)
    assert found.alarms.hits == found.nights == suite.NIGHTS
    assert found.like["velocity"].value == 1.0
    measures = report.measures(found)
    assert measures["velocity_recall"] > 0.95
    assert measures["nights_with_a_false_signal"] == suite.NIGHTS
    assert 0 <= measures["calibration_error"] <= 0.5
    assert "| velocity |" in report.tables(found)


def test_measuring_every_hour_finds_a_change_sooner():
    def detect(window, history, now, settings):
        return tuple(
            make_signal(id=f"{s.id} {now}", subject=s.id, window_start=window.start, window_end=now)
            for s in window.arrivals
            if s.about == "storyline"
        )

    world = worlds.generated(3, Family.HELD, nights=3, numbers={About.STORYLINE: 10}, every=1)
    ends = {hours: len(list(replaying.replay(world, hours, SignalSettings(), detect))) for hours in
            (replaying.nightly(world), replaying.hourly(world))}  # fmt: skip
    assert ends[replaying.hourly(world)] > 20 * ends[replaying.nightly(world)]


def test_a_suite_is_described_by_a_file(tmp_path):
    path = tmp_path / "suite.toml"
    path.write_text('seed = 3\nfamily = "fitted"\nquiet = 2\n')
    assert suite.load(path) == Suite(seed=3, family=Family.FITTED, quiet=2)
    path.write_text("seed = 3\nworlds = 2\n")
    with pytest.raises(UsageError, match="'worlds'"):
        suite.load(path)
    path.write_text('seed = 3\nfamily = "none"\n')
    with pytest.raises(UsageError, match="describes no suite"):
        suite.load(path)


def test_the_eval_prints_numbers_that_a_floor_can_pin(tmp_path):
    path = tmp_path / "suite.toml"
    path.write_text("seed = 9\nplanted = 1\nquiet = 1\nhourly = 0\nstories = 1\nlines = 4\n")
    measures = evals.run("signals", path, embedder="lexical")
    assert measures["series"] > 2 * 320 + 4 * len(stories.SIZES)
    assert json.dumps(measures)
    assert all(value is None or isinstance(value, int | float) for value in measures.values())
