"""The publish stage: gathers from the store, builds, checks, serves; or holds and leaves the old site alone."""

import dataclasses
import json
from datetime import timedelta

import pytest
from site_desk import fill, served
from site_factory import GRID, NIGHT, RECORDS, edition, sentence, settings, stories, topic

from pipeline.domain import SourceHealth
from pipeline.edition import Page
from pipeline.errors import ValidationFailed
from pipeline.publish import build, doubles, publish
from pipeline.publishing import release
from pipeline.publishing.gathering import fingerprint, gather
from pipeline.renderers import load
from pipeline.stores import open_store

RENDERERS = load()


@pytest.fixture
def desk(tmp_path):
    """A store that holds the invented edition, and the settings of its desk."""
    store = open_store(tmp_path / "desk.db")
    fill(store, edition())
    yield store, settings().model_copy(update={"root": tmp_path})
    store.close()


def run(desk, now=NIGHT, renderers=RENDERERS, verify=lambda bundle: (), **more):
    store, live = desk
    return publish(store, live, renderers, now=now, verify=verify, **more)


def tree(desk):
    return served(desk[1].output_path)


def test_the_night_is_published(desk):
    report = run(desk, topics=(topic(),))
    assert report.made > 20
    assert report.notes[0].startswith("edition 2026-11-20 published as release 2026-11-20-")
    pages = tree(desk)
    assert b"Grid operator counts 61" in pages["index.html"]
    assert b"Records per day" not in pages["index.html"]
    assert "topics/grid-connection-queue/index.html" in pages
    listed = json.loads(pages["manifest.json"])
    assert set(listed["files"]) == set(pages) - {"manifest.json"}


def test_the_same_night_again_adds_nothing(desk):
    run(desk)
    before = tree(desk)
    link = (desk[1].output_path / "site").readlink()
    again = run(desk)
    assert again.made == 0
    assert again.notes == ("nothing new: edition 2026-11-20 stays up",)
    assert tree(desk) == before
    assert (desk[1].output_path / "site").readlink() == link


def test_a_later_night_without_news_publishes_nothing(desk):
    run(desk)
    assert run(desk, now=NIGHT + timedelta(days=1)).made == 0


def test_a_source_that_begins_to_fail_is_news(desk):
    run(desk)
    desk[0].save_health(SourceHealth("harbour-wire", NIGHT, False, error="HTTP 500", failures=1))
    assert run(desk, now=NIGHT + timedelta(hours=1)).made > 0


def test_a_new_version_makes_a_new_release_and_keeps_the_old(desk):
    run(desk)
    latest = desk[0].latest_story(GRID)
    third = dataclasses.replace(
        latest,
        id="y3",
        version=3,
        previous=latest.id,
        written=NIGHT + timedelta(days=1),
        headline=sentence("It goes on", "q61"),
    )
    desk[0].save_story(third)
    assert run(desk, now=NIGHT + timedelta(days=1)).made > 0
    pages = tree(desk)
    assert b"It goes on" in pages["stories/nordnett-queue-3f2a/index.html"]
    assert b"This is version 2" in pages["stories/nordnett-queue-3f2a/v2/index.html"]
    assert len(list((desk[1].output_path / "releases").iterdir())) == 2


def test_a_night_of_which_nothing_verifies_is_held(desk):
    run(desk)
    before = tree(desk)
    latest = desk[0].latest_story(GRID)
    desk[0].save_story(dataclasses.replace(latest, id="y3", version=3, written=NIGHT + timedelta(days=1)))
    with pytest.raises(ValidationFailed, match=r"nordnett-queue-3f2a/story\.json: sentence 4 has no span"):
        run(desk, now=NIGHT + timedelta(days=1), verify=lambda bundle: ("sentence 4 has no span",))
    assert tree(desk) == before


def test_one_story_that_does_not_verify_is_left_out_and_reported(desk):
    def strict(bundle):
        return ("sentence 4 has no span",) if bundle["story"]["version"] == 2 else ()

    report = run(desk, verify=strict)
    assert report.dropped == {"stories held": 1}
    assert "sentence 4 has no span" in report.failures[0].what
    pages = tree(desk)
    assert b"Nordnett counts 61 gigawatts in its queue" in pages["stories/nordnett-queue-3f2a/index.html"]
    assert not any(b"four in ten from data centres" in body for body in pages.values())


def test_bundles_that_are_served_are_not_asked_again(desk):
    asked = []
    run(desk, verify=lambda bundle: asked.append(bundle["story"]["id"]) or ())
    assert len(asked) == 4
    latest = desk[0].latest_story(GRID)
    desk[0].save_story(dataclasses.replace(latest, id="y3", version=3, written=NIGHT + timedelta(days=1)))
    asked.clear()
    run(desk, now=NIGHT + timedelta(days=1), verify=lambda bundle: asked.append(bundle["story"]["id"]) or ())
    assert asked == ["y3"]  # the version that moved to an address of its own is known by its hash


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda pages: pages.pop("archive/index.html"), "leads nowhere"),
        (lambda pages: pages.update({"feed.xml": b"<feed>"}), "does not parse"),
        (lambda pages: pages.update({"index.html": b""}), "does not parse"),
        (lambda pages: pages.update({"extra.exe": b"x"}), "no allowed address"),
    ],
)
def test_a_broken_site_is_held_and_the_old_one_stays(desk, spoil, says):
    run(desk)
    before = tree(desk)
    desk[0].save_health(SourceHealth("harbour-wire", NIGHT, False))

    def broken(one):
        pages = build(one, RENDERERS)
        spoil(pages)
        return [Page(path, lambda body=body: body) for path, body in pages.items()]

    with pytest.raises(ValidationFailed, match=says):
        run(desk, renderers=(broken,))
    assert tree(desk) == before


def test_a_site_that_shrinks_is_held(desk):
    run(desk)
    store = open_store(desk[1].root / "empty.db")
    strict = desk[1].model_copy(update={"publish": desk[1].publish.model_copy(update={"shrink_limit": 0.9})})
    with pytest.raises(ValidationFailed, match="would shrink from"):
        publish(store, strict, RENDERERS, now=NIGHT, verify=lambda bundle: ())
    store.close()
    assert len(release.current(desk[1].output_path)["files"]) > 20


def test_two_renderers_of_one_path_hold_the_site(desk):
    with pytest.raises(ValidationFailed, match="two pages want"):
        run(desk, renderers=(*RENDERERS, lambda one: [Page("index.html", lambda: b"x")]))


@pytest.mark.parametrize(
    "point", ["publish.built", "publish.checked", "publish.written", "publish.renamed", "publish.swapped"]
)
def test_a_run_killed_anywhere_is_mended_by_the_next(desk, tmp_path, point):
    def kill(name):
        if name == point:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(desk, checkpoint=kill)
    run(desk)
    killed = tree(desk)
    whole = desk[1].model_copy(update={"output": "other"})
    publish(desk[0], whole, RENDERERS, now=NIGHT, verify=lambda bundle: ())
    assert killed == tree((desk[0], whole))


def test_the_fingerprint_ignores_the_clock_and_follows_the_content():
    one = edition()
    asked = topic(asked=NIGHT + timedelta(days=1), since=NIGHT, new_records=())
    assert fingerprint(one) == fingerprint(edition(now=NIGHT + timedelta(days=3), topics=(asked,), read={}))
    assert fingerprint(one) != fingerprint(edition(stories=one.stories[:3]))
    assert fingerprint(one) != fingerprint(edition(settings=settings(site={"name": "Other"})))


def test_all_inputs_come_from_the_store(desk):
    found = gather(desk[0], desk[1], NIGHT)
    assert set(found.storylines) == {line.id for line in edition().storylines.values()}
    assert set(found.records) == {record.id for record in RECORDS.values()}
    assert found.read["harbour-wire"] >= 3


def test_of_two_stories_on_one_event_the_less_prominent_is_left_out(desk):
    fab = stories()[2]
    twin = dataclasses.replace(fab, id="yt", storyline_id="st", slug="twin-0000", rank={"total": 0.5})
    found = dict(doubles(edition(stories=(*edition().stories, twin))))
    assert list(found) == ["yt"]
    assert found["yt"].startswith("it tells the event of stories/cormorant-lindholm-77aa: the two have their evidence")
    desk[0].save_story(twin)
    report = run(desk)
    assert report.dropped == {"stories held": 1}
    assert not any(path.startswith("stories/twin-0000/") for path in tree(desk))


def test_stories_of_different_nights_may_tell_one_event():
    fab = stories()[2]
    twin = dataclasses.replace(
        fab, id="yt", storyline_id="st", slug="twin-0000", written=NIGHT - timedelta(days=1), rank={"total": 0.5}
    )
    assert not dict(doubles(edition(stories=(*edition().stories, twin))))


def test_two_addresses_of_one_storyline_hold_the_site():
    twin = dataclasses.replace(stories()[2], id="yt", slug="twin-0000")
    with pytest.raises(ValidationFailed, match="stories/twin-0000 are about one storyline"):
        list(doubles(edition(stories=(*edition().stories, twin))))
