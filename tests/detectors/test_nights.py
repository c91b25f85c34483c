"""Whole nights through the real store and stages: outages, catching up, a month read late, floods."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import pytest
from made_nights import BOARD, HOUR, OUTLETS, MadeDesk, Row, fired, moment, news, row

from benchmarks.floods import paraphrase
from pipeline.detectors import DETECTORS, detect
from pipeline.evening import gather

SMALL = tuple(f"Paper {n}" for n in range(50))  # outlets that the search has found before


@pytest.fixture(scope="module")
def days_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk that has read twelve days of news, the last two nights of them as they came."""
    folder = tmp_path_factory.mktemp("before")
    desk = MadeDesk(folder)
    desk.add(news(0, 12))
    desk.add(one for day in range(12) for one in refinery(Random(day), SMALL[4 * day : 4 * day + 4] + SMALL[48:], day))
    for day in (9, 12):
        desk.run(moment(day))
    desk.app.close()
    return folder


@pytest.fixture
def desk(days_before: Path, tmp_path: Path) -> Iterator[MadeDesk]:
    """The same desk for each test, at the midnight that begins day number 12."""
    found = MadeDesk(Path(shutil.copytree(days_before, tmp_path / "desk")))
    yield found
    found.app.close()


def told(desk: MadeDesk, words: str) -> list[str]:
    return [note for note in desk.notes if words in note]


@pytest.mark.parametrize("hours", [6, 24, 96])
def test_findings_that_are_left_out_of_a_window_would_have_told_nothing(desk: MadeDesk, hours: int) -> None:
    desk.add(news(12, 4))
    for day in (13, 14, 15, 16):
        desk.run(moment(day))
    usual = desk.app.settings.signals.model_copy(update={"window_hours": hours})
    whole = usual.model_copy(update={"off": tuple(kind for kind in usual.off if kind != "divergence")})
    (window, history), (every, same) = (
        gather(desk.app.store, one, embedder=desk.app.embedder, now=moment(16)) for one in (usual, whole)
    )
    found = detect(window, history, moment(16), usual)
    assert found == detect(every, same, moment(16), usual)
    assert {"novelty", "corroboration", "contradiction"} & {one.kind for one in found}
    left = sum(map(len, every.findings.values())) - sum(map(len, window.findings.values()))
    assert left > 0
    assert len(every.claims) - len(window.claims) >= left


def test_days_that_no_source_has_are_neither_silence_nor_followed_by_a_rise(desk: MadeDesk) -> None:
    desk.add([*news(13, 1), *news(15, 1)])  # days 12 and 14 are lacking
    assert fired(desk.run(moment(13))) == []
    (line,) = desk.notes
    assert line.endswith("from 2026-05-16 00:00 to 2026-05-17 00:00 at most, 100% of what is usual; silence is no news")
    for day in (14, 15, 16):
        assert fired(desk.run(moment(day))) == []
        assert bool(told(desk, "silence is no news")) is (day == 15)


def test_a_day_on_which_nobody_read_is_made_up_for_without_a_rise(desk: MadeDesk) -> None:
    desk.add(news(12, 3))
    for day in (14, 15):
        assert fired(desk.run(moment(day))) == []
        assert told(desk, "told nothing") == told(desk, "not read") == []


def test_a_platform_that_fails_for_twelve_hours_is_told_in_one_line(desk: MadeDesk) -> None:
    desk.add(news(12, 3))
    desk.run(moment(13))
    now = moment(13, 12)
    assert fired(desk.run(now, failing=[BOARD])) == []
    (line,) = told(desk, BOARD)
    assert line.startswith(f'source "{BOARD}" failed (')
    assert line.endswith(" from 2026-05-17 00:00 to 2026-05-17 12:00; what rests on it is held")
    assert fired(desk.run(moment(14))) == []
    assert told(desk, BOARD) == []


def test_a_month_read_late_fires_nothing_that_is_dated_now(tmp_path: Path) -> None:
    desk = MadeDesk(tmp_path)
    desk.add(news(0, 8))
    for day in (45, 46):
        assert fired(desk.run(moment(day)), tuple(DETECTORS)) == []
    desk.app.close()


def test_an_archive_read_late_beside_living_sources_fires_nothing(desk: MadeDesk) -> None:
    late = [{**one, "source": "Archive", "seen": moment(12, 5).isoformat()} for one in news(0, 4, seed=2)]
    desk.add([*late, *news(12, 1)])
    assert fired(desk.run(moment(13))) == []


# --- floods ----------------------------------------------------------------------------------------------------------

EVENT = (
    "The harbour council of Brackwater will sell the old lighthouse to a hotel firm from Corvane. "
    "The sale was agreed behind closed doors on Monday and is worth $14 million, according to the council. "
    "Residents who have looked after the lighthouse for several years said they were not asked. "
    "The firm plans to build a restaurant and 40 rooms near the tower before the end of 2027. "
    "A spokesman announced that the light will still be used by ships during the winter."
)


def flood(writers: int, level: int, *, domains: bool) -> list[Row]:
    """One original by a known outlet and 49 paraphrases within an hour."""
    begin = moment(12, 9)
    rows = [row(OUTLETS[0], begin, "Brackwater to sell its lighthouse to a hotel firm", EVENT)]
    for n in range(49):
        head, _, body = paraphrase(EVENT, level, n).partition(". ")
        who = n % writers
        post = {"platform": "board", "author": f"@shill{who}", "url": f"https://bsky.app/p/{n}"}
        page = {"url": f"https://news{who}flood.com/{n}", "author": f"Ann Author{who}"}
        rows.append(row(f"News {who}", begin + (n + 1) * HOUR / 50, head, body, **(page if domains else post)))
    return rows


@pytest.mark.parametrize(("writers", "domains", "level"), [(3, False, 2), (49, True, 3)])
def test_a_flood_makes_no_velocity_and_one_flag(desk: MadeDesk, writers: int, domains: bool, level: int) -> None:
    desk.add([*news(12, 1), *flood(writers, level, domains=domains)])
    signals = desk.run(moment(13))
    assert fired(signals) == []
    (flag,) = [one for one in signals if one.kind == "coordination"]
    assert flag.held is None
    assert flag.score >= 40
    assert "shill" not in repr((flag.summary, desk.notes))
    assert len(told(desk, "coordination: ")) == 1


def test_a_great_event_in_fifty_outlets_own_words_is_news_and_no_flood(desk: MadeDesk) -> None:
    desk.add([*news(12, 1), *refinery(Random(99), SMALL, 12)])
    signals = desk.run(moment(13))
    assert [one.summary for one in signals if one.kind == "coordination"] == []
    assert fired(signals, ("velocity",))


def test_newspapers_that_run_one_agencys_text_are_copies_and_no_flood(desk: MadeDesk) -> None:
    papers = [
        row(one, moment(12, 9 + n / 5), "Brackwater sells its lighthouse", EVENT) for n, one in enumerate(SMALL[:12])
    ]
    desk.add([*news(12, 1), *papers])
    signals = desk.run(moment(13))
    assert fired(signals) == []
    assert [one.summary for one in signals if one.kind == "coordination"] == []


THINGS = (
    "flames smoke sirens boats pumps cranes fuel tanks ferries tugs helicopters insurers schools roads trains "
    "water power fish gulls masks windows shifts divers hoses foam winds tides cargo grain timber steel cars nurses "
    "engineers judges"
).split()
DEEDS = (
    "blocked filled reached damaged delayed covered threatened emptied lit shook closed surrounded soaked scattered "
    "moved halted silenced crowded stained cooled"
).split()


def refinery(chance: Random, outlets: Sequence[str], day: int) -> list[Row]:
    """Reports on a refinery within three hours of a day, each by another outlet with what it saw itself."""
    rows = []
    for n, outlet in enumerate(outlets):
        parts = [(*chance.sample(THINGS, 3), chance.choice(DEEDS)) for _ in range(5)]
        seen = [f"{a.title()} {did} the {b} by the {c} of the refinery in Brackwater." for a, b, c, did in parts]
        head = f"Fire at Brackwater refinery: {parts[0][0]} and {parts[1][0]} {parts[2][3]}"
        rows.append(row(outlet, moment(day, 10.5 + 3 * n / len(outlets)), head, " ".join(seen)))
    return rows
