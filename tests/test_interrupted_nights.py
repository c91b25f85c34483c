"""Nights that die: killed at every point a night passes, or told to stop, and made up for by running them again."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import papers
import pytest
from desk import rss, rss_item
from hostile import Chunks, HostileServer, Request, reply
from killing import KillAt, Recording, ended, forked
from thorough import each

from pipeline import rounds
from pipeline.app import make_app
from pipeline.protocols import Checkpoint, no_checkpoint
from pipeline.run import night
from pipeline.serial import to_json
from pipeline.settings import load
from pipeline.stores import open_store

FIRST, SECOND = datetime(2026, 5, 4, 2, tzinfo=UTC), datetime(2026, 5, 5, 2, tzinfo=UTC)
ROOT = Path(__file__).parent.parent

BRIDGE = (
    (
        "Harbour Wire",
        "2026-05-04T07:00:00Z",
        "Tarn bridge closed after crack is found",
        "The Tarn bridge was closed to lorries on Monday after divers found a crack, the road office said. "
        "The crack in the bridge is 40 centimetres long, engineer Pia Lund said. "
        "Repairs of the Tarn bridge will take six weeks and cost 3 million euros, the road office said. "
        "Ferries will carry lorries across the Tarn from Wednesday.",
    ),
    (
        "Daily Ledger",
        "2026-05-04T10:00:00Z",
        "Crack closes Tarn bridge to lorries",
        "Lorries may not use the Tarn bridge since Monday because of a crack, according to the road office. "
        "The haulage league expects losses of 200,000 euros a day, its chair Bo Falk said. "
        "The Tarn bridge was last inspected in 2024, records of the road office show.",
    ),
)
GONE = '\n[[source]]\nname = "Gone"\nkind = "files"\naddress = "gone"\n'
SCARCE = "\n[write]\nmax_stories = 1\n"  # more storylines than stories: who is told must not depend on the kill


def run(config: Path, now: datetime, checkpoint: Checkpoint = no_checkpoint) -> str:
    """One night in this process."""
    app = make_app(load(config), checkpoint=checkpoint)
    try:
        return night(app, now).outcome
    finally:
        app.close()


def killed(config: Path, name: str, nth: int = 1, now: datetime = SECOND) -> int:
    """A night in a child that dies at a checkpoint; its exit status."""
    return ended(forked(lambda: run(config, now, KillAt(name, nth))))


def kept(config: Path) -> dict[str, Any]:
    """All that a reader or the next night can see: the store's content, the site, its releases."""
    output = config.parent / "output"
    store = open_store(output / "citewire.db")
    try:
        lines = store.storylines()
        records = store.records_between(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
        return {
            "counts": dict(store.counts()),
            "records": [to_json(record) for record in records],
            "stories": [to_json(story) for story in store.all_stories()],
            "storylines": [to_json(line) for line in lines],
            "memberships": [to_json(one) for line in lines for one in store.memberships(line.id)],
            "findings": [to_json(finding) for finding in store.findings([line.id for line in lines])],
            "origins": sorted(store.origins_of([record.id for record in records]).items()),
            "signals": [to_json(one) for one in store.signals()],
            "health": [to_json(one) for _, one in sorted(store.health().items())],
            "cursors": [to_json(store.cursor(name)) for name in ("Gone", "Papers")],
            "site": papers.site(config.parent),
            "releases": sorted(path.name for path in (output / "releases").iterdir()),
        }
    finally:
        store.close()


class Rehearsal:
    """A desk after its first night, with the news of the second; and how the second ends undisturbed."""

    def __init__(self, folder: Path, config: str, news: Sequence[tuple[str, str, str, str]] = BRIDGE) -> None:
        self.folder = folder / "base"
        desk = papers.desk(self.folder, config=config)
        run(desk, FIRST)
        papers.desk(self.folder, rows=(*papers.ROWS, papers.LATER, *news), config=config)
        self.after_first = kept(desk)
        recording = Recording()
        copy = self.copy()
        run(copy, SECOND, recording)
        self.expected = kept(copy)
        self.names = Counter(recording.names)

    def copy(self) -> Path:
        """The desk before its second night; always in the same folder, which messages may name."""
        target = self.folder.with_name("desk")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.folder, target, symlinks=True)
        return target / "citewire.toml"

    def differences(self, config: Path) -> set[str]:
        """What is not as an undisturbed second night leaves it."""
        found = kept(config)
        return {what for what, value in self.expected.items() if found[what] != value}


@pytest.fixture(scope="module")
def ample(tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    return Rehearsal(tmp_path_factory.mktemp("ample"), papers.CONFIG + GONE)


@pytest.fixture(scope="module")
def scarce(tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    return Rehearsal(tmp_path_factory.mktemp("scarce"), papers.CONFIG + SCARCE)


# What a night does when its edition is out.
FORGOTTEN = ("answers", "reads", "rankings", "reports")
UPKEEP = ("retain.pruned", "run.after.retain", "backup.copied", "backup.checked", "backup.verified", "backup.placed")
UPKEEP += ("backup.pruned", "run.after.backup")

# Every point that the second night passes, and how often; the first test holds this list against the night itself.
POINTS = {
    "store.migrate.written": 1,
    "store.migrate.committed": 1,
    "ingest.read": 1,
    "ingest.pages": 1,
    "ingest.source": 2,
    "store.prune_raws.written": 1,
    "store.prune_raws.committed": 1,
    "store.group.written": 1,
    "store.group.committed": 1,
    "run.after.ingest": 1,
    "analyze.read": 1,
    "analyze.before_commit": 1,
    "store.save_analysis.written": 1,
    "store.save_analysis.committed": 1,
    "analyze.after_commit": 1,
    "run.after.analyze": 1,
    "signals.before_commit": 1,
    "store.save_signals.written": 1,
    "store.save_signals.committed": 1,
    "signals.after_commit": 1,
    "run.after.signal": 1,
    "write.before_story": 3,
    "store.save_papers.written": 2,
    "store.save_papers.committed": 2,
    "store.save_story.written": 3,
    "store.save_story.committed": 3,
    "write.after_story": 3,
    "store.save_ranking.written": 1,
    "store.save_ranking.committed": 1,
    "run.after.write": 1,
    "publish.built": 1,
    "publish.checked": 1,
    "store.states.written": 1,
    "store.states.committed": 1,
    "publish.written": 1,
    "publish.renamed": 1,
    "publish.swapped": 1,
    "run.after.publish": 1,
    "store.save_stage.written": 7,
    "store.save_stage.committed": 7,
    "store.save_run.written": 3,
    "store.save_run.committed": 3,
    **{f"store.prune_{what}.{point}": 1 for what in FORGOTTEN for point in ("written", "committed")},
    **dict.fromkeys(UPKEEP, 1),
}
SERVED = {"publish.swapped", "run.after.publish", "store.save_run.written", "store.save_run.committed", *UPKEEP}
SERVED |= {name for name in POINTS if name.startswith(tuple(f"store.prune_{what}." for what in FORGOTTEN))}
WRITING = ("write.before_story", "store.save_story.written", "store.save_story.committed", "write.after_story")


def test_every_point_of_a_night_is_on_the_list(ample: Rehearsal) -> None:
    assert ample.names == POINTS
    assert len(ample.expected["stories"]) == len(ample.after_first["stories"]) + 3  # two and their briefing


# Each of them, the first and the last time; the end of a stage's report is the same point seven times over.
KILLS = sorted({(name, nth) for name, times in POINTS.items() for nth in (1, times) if times < 5 or nth == times})


@pytest.mark.parametrize(("name", "nth"), each(5, KILLS))
def test_a_killed_night_run_again_ends_as_if_nothing_had_happened(ample: Rehearsal, name: str, nth: int) -> None:
    config = ample.copy()
    assert killed(config, name, nth) == -signal.SIGKILL
    served = name in SERVED or (name.startswith("store.save_stage") and nth == POINTS[name])
    assert papers.site(config.parent) == (ample.expected if served else ample.after_first)["site"]
    run(config, SECOND)
    assert ample.differences(config) == set()


@pytest.mark.parametrize("name", each(3, [*WRITING, "run.after.write", "publish.written", "run.after.publish"]))
def test_a_killed_night_tells_no_more_stories_than_it_may(scarce: Rehearsal, name: str) -> None:
    config = scarce.copy()
    assert killed(config, name) == -signal.SIGKILL
    run(config, SECOND)
    assert scarce.differences(config) == set()


@pytest.mark.parametrize(
    "name", ["store.migrate.written", "analyze.before_commit", "publish.written", "publish.renamed"]
)
def test_a_killed_first_night_leaves_no_site_and_is_made_up_for(tmp_path: Path, name: str) -> None:
    config = papers.desk(tmp_path)
    run(config, FIRST)
    expected = kept(config)
    shutil.rmtree(tmp_path / "output")
    assert killed(config, name, now=FIRST) == -signal.SIGKILL
    assert not (tmp_path / "output" / "site").exists()
    run(config, FIRST)
    assert kept(config) == expected


def test_a_night_killed_again_and_again_gets_there(ample: Rehearsal) -> None:
    config = ample.copy()
    for name in ("analyze.before_commit", "store.save_story.written", "publish.written", "store.save_run.written"):
        assert killed(config, name) == -signal.SIGKILL
    run(config, SECOND)
    assert ample.differences(config) == set()
    assert run(config, SECOND) == "nothing new"
    assert ample.differences(config) == set()


# --- rounds ----------------------------------------------------------------------------------------------------------

COPIED = tuple(("Tarn Mail", f"2026-05-04T1{2 * n}:00:00Z", *one[2:]) for n, one in enumerate(BRIDGE))
AGAIN = ("Orrel Post", "2026-05-04T20:00:00Z", *papers.ROWS[3][2:])  # what was told the night before
BETWEEN = [
    ("analyze.after_commit", 1),
    ("analyze.read", 2),
    ("store.save_analysis.written", 2),
    ("store.save_analysis.committed", 2),
    ("analyze.before_commit", 3),
    ("analyze.after_commit", 3),
]


@pytest.fixture
def of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "MOST", 2)


@pytest.fixture(scope="module", params=[0, 2], ids=["alone", "with workers"])
def rounded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    """A second night of three rounds, in which texts are copied from one round to another."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rounds, "MOST", 2)
        config = f"{papers.CONFIG}\n[engine]\nworkers = {request.param}\n"
        return Rehearsal(tmp_path_factory.mktemp("rounded"), config, (*BRIDGE, *COPIED, AGAIN))


@pytest.mark.usefixtures("of_two")
def test_copies_are_found_across_rounds(rounded: Rehearsal) -> None:
    assert rounded.names["analyze.after_commit"] == 3
    assert len({origin for _, origin in rounded.expected["origins"]}) < len(rounded.expected["origins"]) - 1


@pytest.mark.usefixtures("of_two")
@pytest.mark.parametrize(("name", "nth"), BETWEEN)
def test_a_night_killed_between_rounds_and_run_again_ends_as_if_nothing_had_happened(
    rounded: Rehearsal, name: str, nth: int
) -> None:
    config = rounded.copy()
    assert killed(config, name, nth) == -signal.SIGKILL
    assert papers.site(config.parent) == rounded.after_first["site"]
    committed = nth - (name in {"analyze.read", "analyze.before_commit", "store.save_analysis.written"})
    assert waiting(config) == max(0, 6 - 2 * committed)
    run(config, SECOND)
    assert rounded.differences(config) == set()


def waiting(config: Path) -> int:
    """How many records are still to be analysed."""
    store = open_store(config.parent / "output" / "citewire.db")
    try:
        return len(store.pending())
    finally:
        store.close()


# --- signals ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def stuck(tmp_path: Path) -> Iterator[tuple[Path, HostileServer]]:
    """A published desk whose next night reads one feed and then hangs on a second one for as long as it may."""

    def hang(_: Request) -> Chunks:
        yield b"HTTP/1.1 200 OK\r\n\r\n"
        while True:
            yield b" "
            time.sleep(0.05)

    with HostileServer({"/a": reply(rss([rss_item(1)])), "/b": hang}) as server:
        feeds = [
            f'\n[[source]]\nname = "{name}"\nkind = "feed"\naddress = "{server.url}/{name}"\nfull_text = false\n'
            for name in "ab"
        ]
        ingest = f'\n[ingest]\npace = 0\ntimeout = 60\nallow_private = ["{server.place}"]\n'
        config = papers.desk(tmp_path / "desk")
        run(config, FIRST)
        papers.desk(config.parent, rows=(*papers.ROWS, papers.LATER), config=papers.CONFIG + ingest + "".join(feeds))
        yield config, server


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGKILL, -9)]
)
def test_a_night_told_to_stop_leaves_the_old_site_and_a_sound_store(
    stuck: tuple[Path, HostileServer], number: signal.Signals, code: int
) -> None:
    config, server = stuck
    site, before = papers.site(config.parent), kept(config)
    command = [sys.executable, "-m", "pipeline", "run", "--config", str(config), "--now", "2026-05-05T02:00:00Z"]
    child = subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, start_new_session=True, text=True
    )
    try:
        patience = time.monotonic() + 40  # a busy machine may take long to get there, but not to stop
        while "/b" not in server.paths():
            assert child.poll() is None, child.communicate()[1]
            assert time.monotonic() < patience
            time.sleep(0.02)
        child.send_signal(number)
        told = child.communicate(timeout=5)[1]
    finally:
        child.kill()
        child.communicate()
    assert child.returncode == code
    assert "Traceback" not in told
    assert gone(child.pid), "worker processes outlive the night"
    assert papers.site(config.parent) == site
    with sqlite3.connect(config.parent / "output" / "citewire.db") as database:
        assert database.execute("pragma integrity_check").fetchall() == [("ok",)]
    assert kept(config) == before
    server.routes["/b"] = reply(rss([rss_item(2)]))
    assert run(config, SECOND) == "published"
    assert kept(config)["counts"]["records"] == before["counts"]["records"] + 3


def gone(group: int) -> bool:
    """Whether every process of a group ends within ten seconds: a loaded machine reaps late."""
    for _ in range(200):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False
