"""Two weeks of the simulated year (`make year` runs all of it): more faults a night, the same laws after each."""

from __future__ import annotations

import pytest
from simulated_world import FIRST, World
from simulated_year import OFTEN, Year, summary
from thorough import LONG

NIGHTS = 14 if LONG else 9
OFTEN_HERE = OFTEN | {"kill": 0.5, "trouble": 0.2, "retract": 0.4, "takedown": 0.1, "missed": 0.1, "clock": 0.2}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    lived = Year(tmp_path_factory.mktemp("year"), 4, OFTEN_HERE)
    lived.live(NIGHTS)
    return lived


def test_nothing_breaks_and_nothing_is_lost(year: Year) -> None:
    assert year.breaches == []
    assert year.lost() == []
    assert len(year.offered) > 10
    assert year.nights[-1].stories > 1


def test_it_was_no_quiet_fortnight(year: Year) -> None:
    assert year.faults["killed"] > 2
    assert sum(times for name, times in year.faults.items() if name.startswith("source: ")) > 5
    assert year.faults["retracted story"] + year.faults["retracted record"] > 0
    assert {"published"} < {one.outcome for one in year.nights}


def test_what_is_lost_or_left_would_be_noticed(year: Year) -> None:
    year.offered["r" + "0" * 16] = "An article that nobody stored"
    assert year.lost() == ["An article that nobody stored"]
    del year.offered["r" + "0" * 16]
    assert not year.remains() or year.gone
    year.gone.append("Quay desk")
    assert any("'Quay desk' still stands in index.html" in line for line in year.remains())
    year.gone.remove("Quay desk")


def test_the_figures_are_told(year: Year) -> None:
    told = summary(year)
    assert told["nights"] == len(year.nights)
    assert {"database", "site", "files", "seconds", "memory", "lost", "breaches"} <= told.keys()


def test_a_world_is_its_seed() -> None:
    worlds = [World(seed) for seed in (1, 1, 2)]
    for day in range(1, 20):
        for world in worlds:
            world.turn(day)
    one, same, other = ([item for feed in world.feeds.values() for item in feed] for world in worlds)
    assert one == same
    assert one != other
    assert max(item.published for item in one) < FIRST.replace(month=2)
