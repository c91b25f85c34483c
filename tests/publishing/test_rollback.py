"""Going back to an earlier edition: by one rename, until something new comes in, and never to withdrawn text."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from site_desk import fill, served
from site_factory import GRID, NIGHT, edition, sentence, settings

from pipeline import correcting
from pipeline.domain import SourceHealth, StageReport
from pipeline.errors import UsageError, ValidationFailed
from pipeline.people.takedown import Takedown
from pipeline.protocols import Store
from pipeline.publish import publish
from pipeline.publishing import release
from pipeline.publishing.gathering import withheld
from pipeline.publishing.rollback import editions, roll_back
from pipeline.renderers import load
from pipeline.settings import Settings
from pipeline.stores import open_store

Desk = tuple[Store, Settings]
DAY = timedelta(days=1)
RENDERERS = load()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk that has published two nights; the second has a third version of the story on the grid."""
    store, live = open_store(tmp_path / "desk.db"), settings().model_copy(update={"root": tmp_path})
    fill(store, edition())
    run((store, live))
    latest = store.latest_story(GRID)
    assert latest is not None
    third = dataclasses.replace(
        latest, id="y3", version=3, previous=latest.id, written=NIGHT + DAY, headline=sentence("It goes on", "q61")
    )
    store.save_story(third)
    run((store, live), days=1)
    yield store, live
    store.close()


def run(desk: Desk, days: int = 0) -> StageReport:
    return publish(desk[0], desk[1], RENDERERS, now=NIGHT + days * DAY, verify=lambda bundle: ())


def back(desk: Desk, wanted: str | None = None) -> tuple[str, str]:
    mark = withheld(desk[0].corrections(), desk[0].withdrawn(), Takedown())
    left, shown = roll_back(desk[1].output_path, wanted, mark)
    return left.edition, shown.edition


def front(desk: Desk) -> bytes:
    return (desk[1].output_path / "site" / "stories" / "nordnett-queue-3f2a" / "index.html").read_bytes()


def test_the_edition_before_is_shown_again_whole(desk: Desk) -> None:
    output = desk[1].output_path
    assert b"It goes on" in front(desk)
    assert back(desk) == ("2026-11-21", "2026-11-20")
    assert b"It goes on" not in front(desk)
    listed = release.current(output)
    assert listed is not None
    assert set(served(output)) == {*listed["files"], release.MANIFEST}
    assert [(one.edition, one.served) for one in editions(output)] == [("2026-11-21", False), ("2026-11-20", True)]


def test_the_next_night_does_not_undo_it_in_silence(desk: Desk) -> None:
    back(desk)
    report = run(desk, days=1)
    assert report.made == 0
    assert "nothing new since the site was rolled back: edition 2026-11-20 stays up" in report.notes[0]
    assert run(desk, days=2).made == 0
    desk[0].save_health(SourceHealth("harbour-wire", NIGHT + 3 * DAY, False, error="HTTP 500", failures=1))
    report = run(desk, days=3)
    assert report.made > 0
    assert any("had been rolled back; something new came in" in note for note in report.notes)
    assert b"It goes on" in front(desk)
    assert run(desk, days=4).notes[0].startswith("nothing new: edition 2026-11-23")


def test_forward_again(desk: Desk) -> None:
    back(desk)
    assert back(desk, editions(desk[1].output_path)[0].release) == ("2026-11-20", "2026-11-21")
    assert b"It goes on" in front(desk)
    assert run(desk, days=2).notes == ("nothing new: edition 2026-11-21 stays up",)


def test_what_is_not_kept_is_named_with_what_is(desk: Desk) -> None:
    with pytest.raises(UsageError, match=r"no edition '2020-01-01' is kept; these are: 2026-11-21-\w{8}, 2026-11-20-"):
        back(desk, "2020-01-01")
    back(desk)
    with pytest.raises(UsageError, match="no edition before 2026-11-20 is kept"):
        back(desk)


def test_nothing_to_go_back_from(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no edition is served"):
        roll_back(tmp_path, None, "")


def test_an_edition_that_holds_withdrawn_text_is_refused_then_removed(desk: Desk) -> None:
    store, live = desk
    target = correcting.resolve(store, live, "cormorant-lindholm-77aa")
    correcting.retract(store, live, target, "It was wrong.", NIGHT + 2 * DAY)
    with pytest.raises(ValidationFailed, match="holds text that was withdrawn"):
        back(desk)
    report = run(desk, days=2)
    assert any(note == "removed 2 older editions that hold what was withdrawn" for note in report.notes)
    releases = live.output_path / "releases"
    (left,) = releases.iterdir()
    assert {path.stem for path in (live.output_path / "builds").iterdir()} == {left.name}
    kept = [path.read_bytes() for path in releases.rglob("*") if path.is_file()]
    assert not any(b"blames the lack of clean-room builders" in body for body in kept)


def test_a_night_killed_before_it_removed_them_is_mended(desk: Desk) -> None:
    def kill(name: str) -> None:
        if name == "publish.swapped":
            raise KeyboardInterrupt

    store, live = desk
    target = correcting.resolve(store, live, "cormorant-lindholm-77aa")
    correcting.retract(store, live, target, "It was wrong.", NIGHT + 2 * DAY)
    with pytest.raises(KeyboardInterrupt):
        publish(store, live, RENDERERS, now=NIGHT + 2 * DAY, verify=lambda bundle: (), checkpoint=kill)
    assert len(editions(live.output_path)) == 3
    assert run(desk, days=2).made == 0
    assert len(editions(live.output_path)) == 1
