"""A world shows on a night what had come by then, and keeps what it hid."""

from datetime import timedelta

import numpy as np
import pytest
from factories import make_signal

from pipeline.backtest import replaying, resampling, worlds
from pipeline.backtest.planting import DAY, Family
from pipeline.detectors.frame import About
from pipeline.protocols import Hourly
from pipeline.settings import SignalSettings

FEW = dict.fromkeys(About, 6)


@pytest.fixture(scope="module")
def world():
    return worlds.generated(3, Family.HELD, numbers=FEW, nights=4)


def test_a_night_holds_every_origin_once(world):
    """Window and history together are what came until then: nothing twice, nothing of later."""
    hour = world.measured.begin + worlds.AT
    window, history = worlds.night(world, hour, 24)
    tonight = sum(len({a.origin_id for a in came}) for came in window.arrivals.values())
    before = sum(int(series.counts.sum()) for series in history.series.values())
    assert tonight == ((world.origins.hour >= hour - 24) & (world.origins.hour < hour)).sum()
    assert tonight + before == (world.origins.hour < hour).sum()
    assert all(window.start < a.at <= window.end for came in window.arrivals.values() for a in came)


def test_windows_that_overlap_hold_the_same_records(world):
    hour = world.measured.begin + worlds.AT
    first = worlds.arrivals(world, hour - 24, hour)
    later = worlds.arrivals(world, hour - 12, hour + 12)
    shared = {a for came in first.values() for a in came if a.at >= world.moment(hour - 12)}
    assert shared
    assert shared <= {a for came in later.values() for a in came}


def test_series_give_back_the_counts(world):
    hour = world.measured.begin + worlds.AT
    for series in worlds.series(world, hour - 24, hour).values():
        assert (np.diff(series.first) >= 0).all()
        for n, subject in enumerate(series.subjects):
            rows = slice(series.first[n], series.first[n + 1])
            row = world.subjects.index(subject)
            mine = world.origins.hour[world.origins.row == row]
            assert series.counts[rows].sum() == (mine < hour - 24).sum()
            assert (series.hours[rows] >= 24).all()
            assert (np.diff(series.hours[rows]) >= 0).all()


def test_a_gap_is_kept_in_the_reads_and_nowhere_else(world):
    assert world.gaps
    for source, span in world.gaps:
        place = world.sources.index(source)
        inside = (world.origins.hour >= span.begin) & (world.origins.hour < span.end)
        assert not (inside & (world.origins.source == place)).any()
        failed = [read for read in world.reads[source] if not read.ok]
        assert all(world.moment(span.begin) < read.at <= world.moment(span.end) for read in failed)


def test_the_same_seed_gives_the_same_world_and_another_family_another():
    one, again = (worlds.generated(5, Family.HELD, numbers=FEW, nights=3) for _ in range(2))
    other = worlds.generated(5, Family.FITTED, numbers=FEW, nights=3)
    assert (one.origins.hour == again.origins.hour).all()
    assert one.plants == again.plants
    assert len(one.origins.hour) != len(other.origins.hour)


def test_without_sizes_nothing_is_planted_and_with_them_half_is():
    assert worlds.generated(5, Family.HELD, numbers=FEW, nights=3, sizes=()).plants == ()
    planted = worlds.generated(5, Family.HELD, numbers=FEW, nights=3)
    assert len(planted.plants) == len(planted.subjects) / 2


def test_a_replay_tells_each_night_of_the_signals_before(world):
    seen = []

    def detect(window, history, now, settings):
        seen.append(len(history.signals))
        return tuple(_signal(window))

    list(replaying.replay(world, replaying.nightly(world)[:3], SignalSettings(), detect))
    assert seen == [0, 1, 2]


def _signal(window):
    return [make_signal(window_start=window.start, window_end=window.end)]


# --- copies of real series -------------------------------------------------------------------------------------------


def hourly(end, days=14, rate=1.0, keys=("a", "b")):
    """Subjects that bring `rate` origins an hour from two sources; the second subject came on two days only."""
    rng = np.random.default_rng(1)
    rows = []
    for row, _ in enumerate(keys):
        counts = rng.poisson(rate, days * DAY)
        counts[(0 if row == 0 else 2 * DAY) : (0 if row == 0 else days * DAY)] = 0
        rows += [(row, hour, hour % 2, count) for hour, count in enumerate(counts) if count]
    subject, hour, source, count = (np.array(part, dtype=np.int32) for part in zip(*rows, strict=True))
    return Hourly(tuple(keys), np.full(len(keys), -1, np.int32), ("x", "y"), subject, hour, source, count)


def test_copies_keep_the_level_of_a_series_and_leave_out_what_has_none():
    end = worlds.MONDAY + timedelta(days=14, hours=5)
    real = resampling.seen(About.STORYLINE, hourly(end), end, end - timedelta(days=14))
    assert [one.subject.id for one in real] == ["a"]
    made = resampling.copy(real, ("x", "y"), np.random.default_rng(2), weekday=0, days=28, nights=7, sizes=(1.0,))
    assert len(made.origins.hour) / made.hours == pytest.approx(1.0, rel=0.1)
    assert set(made.origins.source.tolist()) == {0, 1}


def test_a_change_is_planted_at_the_usual_rate_of_the_series():
    end = worlds.MONDAY + timedelta(days=14)
    real = resampling.seen(About.STORYLINE, hourly(end), end, end - timedelta(days=14)) * 2
    made = resampling.copy(real, ("x", "y"), np.random.default_rng(2), weekday=0, days=28, nights=7, sizes=(10.0,))
    (plant,) = made.plants
    mine = made.origins.hour[made.origins.row == 1]
    inside = ((mine >= plant.span.begin) & (mine < plant.span.end)).sum() / (plant.span.end - plant.span.begin)
    assert inside == pytest.approx(10.0, rel=0.4)
    assert plant.rate == pytest.approx(1.0, rel=0.1)
