"""`citewire signal --backtest` reads the store and says what it found; it never writes."""

import json
from datetime import timedelta

import pytest
from factories import NOW, make_record

from pipeline.app import make_app
from pipeline.backtest import report, stored
from pipeline.backtest.stored import AsOf
from pipeline.cli import main
from pipeline.domain import Cursor
from pipeline.settings import SignalSettings, load


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "citewire.toml"
    path.write_text('[analyze]\nembedder = "lexical"\n')
    return path


def filled(config, days, each=6):
    """A desk that two sources brought `each` records a day for `days` days."""
    app = make_app(load(config))
    records = [
        make_record(
            f"Report {day} {n}\n\nThe port of Harlow took in {day}{n} ships, the harbour master said on Monday.",
            source="harbour-wire" if n % 2 else "north-post",
            publisher="Harbour Wire" if n % 2 else "North Post",
            published=(at := NOW - timedelta(days=day, hours=4 * n % 23, minutes=n)),
            fetched=at + timedelta(minutes=5),
        )
        for day in range(days)
        for n in range(each)
    ]
    app.store.save_batch("harbour-wire", [r for r in records if r.source == "harbour-wire"], Cursor(), None)
    app.store.save_batch("north-post", [r for r in records if r.source == "north-post"], Cursor(), None)
    return app


def call(config, *more):
    return main(["signal", "--backtest", "--config", str(config), "--now", NOW.isoformat(), "--quiet", *more])


def test_a_young_desk_is_told_that_it_is_too_early(config, capsys):
    filled(config, 3).close()
    assert call(config) == 0
    assert "too early" in capsys.readouterr().out


def test_an_empty_desk_too(config, capsys):
    assert call(config, "--json") == 0
    assert json.loads(capsys.readouterr().out)["early"].startswith("too early: 0 of 7 days")


def test_a_back_test_measures_and_writes_nothing(config, capsys, monkeypatch):
    app = filled(config, 20)
    before = app.store.counts()
    app.close()
    monkeypatch.setattr(stored, "COPIES", 1)
    assert call(config, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["copies"] == 1
    assert told["subjects"]["source"] == 2
    assert told["nights"] == stored.NIGHTS
    assert set(told["kinds"]) == {"volume_anomaly"}
    app = make_app(load(config))
    assert app.store.counts() == before
    app.close()


def test_the_same_seed_says_the_same(config, monkeypatch):
    app = filled(config, 12)
    monkeypatch.setattr(stored, "COPIES", 1)
    both = [stored.examine(app.store, SignalSettings(), app.embedder, now=NOW, seed=4) for _ in range(2)]
    app.close()
    assert both[0].judged == both[1].judged
    assert report.lines(both[0])


def test_a_store_as_of_a_night_hides_what_came_later_and_refuses_writing(config):
    app = filled(config, 5)
    night = NOW - timedelta(days=2)
    known = AsOf(app.store, night)
    assert known.arrivals(night - timedelta(days=1), NOW) == app.store.arrivals(night - timedelta(days=1), night)
    assert known.signals(since=night) == ()
    with pytest.raises(AttributeError, match="writes nothing"):
        known.save_signals([], night)
    app.close()
