"""Clocks that are wrong: set back, far ahead, never set, in another zone; nothing is lost, and it is said."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import invariants
import papers
import pytest
from rehearsing import BRIDGE, CONFIG, FIRST, SECOND, THIRD, Part, Rehearsal, after_one, content, first_night

from pipeline.stores import open_store

MORE = (
    "Grid Post",
    "2026-05-05T09:00:00Z",
    "Grid mends lines to Selmouth port",
    "Tarn Valley Grid mended 4 lines to Selmouth port on Tuesday, it said. The lines carry 300 megawatts.",
)
FAR, BEFORE = "2036-05-05T02:00:00Z", "2026-05-03T20:00:00Z"


class Nights:
    """A desk whose nights come at any times."""

    def __init__(self, folder: Path, ready=after_one) -> None:
        (folder / "base").mkdir()
        ready(folder / "base")
        self.rehearsal = Rehearsal(Part("nights", (), ready), folder)
        self.config = self.rehearsal.copy()

    def night(self, now: str) -> tuple[int, str]:
        """Run one; its exit code, and what it said."""
        self.rehearsal.part = replace(self.rehearsal.part, commands=(("run", "--now", now),))
        ended = self.rehearsal.run(self.config)
        return ended.code, ended.said

    def news(self) -> None:
        """One more report for the next night."""
        papers.desk(self.config.parent, rows=(*papers.ROWS, papers.LATER, BRIDGE, MORE), config=CONFIG)

    def titles(self) -> list[str]:
        """Titles of the records that the store holds, those stored twice twice."""
        with closing(sqlite3.connect(self.config.parent / "output" / "citewire.db")) as database:
            found = database.execute("SELECT v.title FROM records JOIN versions v USING (id, content_hash)")
            return sorted(title for (title,) in found)

    def kept(self) -> tuple[int, int]:
        """Run reports of before, and stories that are open."""
        output = self.config.parent / "output"
        with closing(open_store(output / "citewire.db")) as store:
            told = sum(story.ending is None for story in store.live_stories())
        return len(list((output / "runs").glob("2026-*.json"))), told


@pytest.fixture
def nights(tmp_path: Path) -> Nights:
    return Nights(tmp_path)


def test_a_clock_far_ahead_and_back_again_loses_nothing_and_says_so(nights: Nights) -> None:
    said = {}
    for now in (SECOND, FAR, THIRD):
        code, said[now] = nights.night(now)
        assert code == 0
        assert invariants.broken(nights.config) == []
    assert "the clock says" not in said[SECOND]
    assert "the clock says 2036-05-05 02:00 (UTC), 3,653 days after the last run" in said[FAR]
    assert "the clock says 2026-05-06 02:00, but the last run was of 2036-05-05 02:00 (UTC)" in said[THIRD]
    nights.news()
    assert nights.night("2026-05-07T02:00:00Z")[0] == 0
    assert nights.titles() == sorted(row[2] for row in (*papers.ROWS, papers.LATER, BRIDGE, MORE))
    assert invariants.broken(nights.config) == []


def test_by_a_clock_that_leapt_nothing_is_forgotten_and_no_story_closed_before_a_second_night(nights: Nights) -> None:
    assert nights.night(SECOND)[0] == 0
    before = nights.kept()
    assert min(before) > 0
    assert "forgot nothing" in nights.night(FAR)[1]
    assert "forgot nothing" in nights.night(FAR)[1]  # the same night, run again after it died, say
    assert nights.kept() == before
    assert "forgot nothing" not in nights.night("2036-05-06T02:00:00Z")[1]
    assert nights.kept() != before


def test_a_clock_set_back_a_day_says_so_and_the_next_right_night_has_everything(nights: Nights) -> None:
    code, said = nights.night(BEFORE)
    assert code == 0
    assert "but the last run was of 2026-05-04 02:00 (UTC)" in said
    assert "-6.0 hours old" not in said
    assert nights.night(SECOND)[0] == 0
    assert nights.titles() == sorted(row[2] for row in (*papers.ROWS, papers.LATER, BRIDGE))
    assert invariants.broken(nights.config) == []


def test_a_clock_that_was_never_set_is_refused_before_anything_is_done(nights: Nights) -> None:
    before = kept(nights.config)
    code, said = nights.night("1970-01-01T00:10:00Z")
    assert code == 2
    assert "the clock says 1970-01-01: it was never set" in said
    assert kept(nights.config) == before


def kept(config: Path) -> dict[str, object]:
    """What readers and the next night can see."""
    return {name: value for name, value in content(config).items() if name.startswith(("site ", "table "))}


@pytest.fixture
def zone() -> Iterator[None]:
    """Whatever zone a test sets, it was another before."""
    was = os.environ["TZ"]
    yield
    os.environ["TZ"] = was
    time.tzset()


@pytest.mark.usefixtures("zone")
def test_nights_in_other_zones_and_over_the_change_of_the_hour_are_the_same_nights(tmp_path: Path) -> None:
    """2026-10-25 02:30 in Berlin is twice; the third zone is half an hour off, and a day ahead."""
    sites = []
    for number, zones in enumerate((("UTC",) * 3, ("Europe/Berlin", "Pacific/Kiritimati", "America/St_Johns"))):
        folder = tmp_path / str(number)
        folder.mkdir()
        nights = Nights(folder, first_night)
        for zone, now in zip(zones, (FIRST, "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"), strict=True):
            os.environ["TZ"] = zone
            time.tzset()
            if now == "2026-10-25T01:30:00Z":
                nights.news()
            assert nights.night(now)[0] == 0
        sites.append(papers.site(nights.config.parent))
    assert sites[0] == sites[1]
