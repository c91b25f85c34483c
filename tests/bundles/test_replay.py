"""replay: pages, Markdown and bundles come out of a bundle alone byte for byte; the writer out of what was kept."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from factories import NOW
from site_factory import NIGHT, edition
from stored import analysed

from pipeline import correcting, rulebook
from pipeline.amends import Answered, Correction, CorrectionKind, Tombstone
from pipeline.bundles.bundle import discreet, from_bundle, schema, to_bundle
from pipeline.bundles.replay import Replayed, rebuild, replay
from pipeline.bundles.verify import problems
from pipeline.correcting import Target
from pipeline.domain import DisputeKind, Dropped, Label, Related, Relation, Story, Verdict, digest
from pipeline.edition import Conflict, Edition
from pipeline.newsroom import inputs
from pipeline.protocols import Store
from pipeline.publish import build, publish
from pipeline.renderers import load
from pipeline.serial import dumps, loads
from pipeline.settings import Settings
from pipeline.stores import open_store
from pipeline.write import write

RENDERERS = load()
DAY = timedelta(days=1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Store, Settings]]:
    chosen = Settings.model_validate({"write": {"min_sentences": 2}, "beat": [{"name": "Energy"}]})
    chosen = chosen.model_copy(update={"root": tmp_path})
    store = open_store(":memory:")
    analysed(store)
    write(store, chosen, llm=None, now=NOW)
    publish(store, chosen, RENDERERS, now=NOW, verify=problems)
    yield store, chosen
    store.close()


def bundle_of(settings: Settings, store: Store) -> Path:
    (story,) = [s for s in store.live_stories() if s.kind.value != "briefing"]
    return settings.output_path / "site" / "stories" / story.slug / "story.json"


def again(path: Path, store: Store | None = None, out: Path | None = None) -> Replayed:
    return replay(path, RENDERERS, out=out, rewrite=(lambda s: inputs.rewritten(s, store)) if store else None)


# --- from the bundle alone -------------------------------------------------------------------------------------------


def rebuilt(one: Edition) -> dict[str, tuple[bytes, bytes]]:
    """Path -> what the edition's renderers made, and what its bundle alone made again."""
    pages = build(one, RENDERERS)
    found = {}
    for path, body in pages.items():
        if path.startswith("stories/") and path.endswith("/story.json") and "story" in (bundle := json.loads(body)):
            for name, made in rebuild(bundle, RENDERERS)[1].items():
                found[path.replace("story.json", name)] = (pages[path.replace("story.json", name)], made)
    return found


def crowded(**more: Any) -> Edition:
    """An edition whose stories print of each other: kin, relations, conflicts, corrections, a withdrawn version."""
    one = edition(**more)
    grid, other = one.stories[-1], next(s for s in one.stories if s.storyline_id != one.stories[-1].storyline_id)
    related = (Related(Relation.FOLLOWS, other.id, "they share a name"),)
    stories = tuple(dataclasses.replace(s, related=related) if s is grid else s for s in one.stories)
    clash = Conflict(DisputeKind.NUMBER, grid.headline.text, "Another number.", other.id)
    entry = Correction(
        "k1",
        CorrectionKind.SOURCE_CHANGED,
        NIGHT + DAY,
        "record",
        "r",
        "Gone.",
        (grid.id,),
        keys=grid.headline.citations,
    )
    tomb = Tombstone(
        "y0", grid.storyline_id, grid.slug, 9, grid.beat, NIGHT, "en", "k1", NIGHT, "Wrong.", "ab", (), (), ()
    )
    lines = {**one.storylines}
    lines[other.storyline_id] = dataclasses.replace(lines[other.storyline_id], parent=grid.storyline_id)
    return dataclasses.replace(
        one,
        stories=stories,
        storylines=lines,
        conflicts={grid.id: (clash,)},
        corrections=(entry,),
        tombstones=(tomb,),
    )


@pytest.mark.parametrize("made", [edition, crowded])
@pytest.mark.parametrize("days", [0, 9])
def test_every_page_of_an_edition_comes_out_of_its_bundle(days: int, made: Callable[..., Edition]) -> None:
    """Several versions, kin, corrections, beats, samples: whatever a page prints beside its story is in the bundle."""
    found = rebuilt(made(now=NIGHT + days * DAY))
    assert len(found) >= 12
    for path, (stands, again_made) in found.items():
        assert again_made == stands, path


def test_a_real_story_comes_out_of_its_bundle_and_is_written_where_asked(
    desk: tuple[Store, Settings], tmp_path: Path
) -> None:
    store, settings = desk
    path = bundle_of(settings, store)
    done = again(path, out=tmp_path / "out")
    assert (done.bundles, done.files, done.differences, done.refused) == (1, 3, (), ())
    for name in ("index.html", "story.md", "story.json"):
        (copy,) = (tmp_path / "out").rglob(name)
        assert copy.read_bytes() == path.with_name(name).read_bytes()
    alone = tmp_path / "alone.json"
    alone.write_bytes(path.read_bytes())
    assert again(alone).files == 1


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("index.html", b"<h1>", b"<h1> "), ("story.md", b"# ", b"#  "), ("story.json", b'"version": 1', b'"version":  1')],
)
def test_one_changed_byte_is_found_and_shown(
    desk: tuple[Store, Settings], tmp_path: Path, name: str, old: bytes, new: bytes
) -> None:
    store, settings = desk
    folder = tmp_path / "copy"
    folder.mkdir()
    for one in ("index.html", "story.md", "story.json"):
        folder.joinpath(one).write_bytes(bundle_of(settings, store).with_name(one).read_bytes())
    target = folder / name
    target.write_bytes(target.read_bytes().replace(old, new, 1))
    (difference,) = again(folder).differences
    assert str(target) in difference.where
    assert difference.what.startswith("line ")


@pytest.mark.parametrize("what", ["class", "verdict", "count", "key", "computed"])
def test_what_does_not_follow_from_the_sentences_is_found(
    desk: tuple[Store, Settings], tmp_path: Path, what: str
) -> None:
    store, settings = desk
    bundle: dict[str, Any] = json.loads(bundle_of(settings, store).read_text())
    story = bundle["story"]
    sentences = [s for section in story["sections"] for p in section["paragraphs"] for s in p]
    if what == "class":
        story["headline"]["kind"] = "link"
    elif what == "verdict":
        story["headline"]["verdict"]["score"] = 0.5
    elif what == "count":
        story["counts"]["platforms"] = ["moon"]
    elif what == "key":
        story["citations"][0]["key"] = "e" + "0" * 16
    else:
        next(s for s in sentences if s["computation"])["computation"]["value"] = "17"
    path = tmp_path / "story.json"
    path.write_text(json.dumps(bundle))
    assert again(path).differences


def test_a_withdrawn_version_is_refused_with_its_reason(desk: tuple[Store, Settings]) -> None:
    store, settings = desk
    path = bundle_of(settings, store)
    story = from_bundle(loads(path.read_text()))
    correcting.retract(store, settings, Target("story", story.storyline_id), "It was a hoax.", NOW + DAY)
    publish(store, settings, RENDERERS, now=NOW + DAY, verify=problems)
    done = again(path)
    assert (done.bundles, done.differences) == (0, ())
    assert "withdrawn on 2026-05-05 (It was a hoax.)" in done.refused[0].what


def test_a_bundle_of_before_says_what_it_lacks(tmp_path: Path) -> None:
    story = edition().stories[0]
    path = tmp_path / "story.json"
    path.write_text(json.dumps(to_bundle(story)))
    assert "did not ship what its page prints" in again(path).refused[0].what


# --- the writer, from what was kept ----------------------------------------------------------------------------------


def test_the_writer_comes_to_the_same_sentences(desk: tuple[Store, Settings]) -> None:
    store, settings = desk
    done = again(bundle_of(settings, store), store)
    assert (done.written, done.differences) == (1, ())


def test_a_sentence_that_the_writer_did_not_write_is_found(desk: tuple[Store, Settings], tmp_path: Path) -> None:
    """The whole bundle fits together, and yet its inputs do not come to it."""
    store, settings = desk
    bundle = loads(bundle_of(settings, store).read_text())
    story = from_bundle(bundle)
    fewer = dataclasses.replace(story, short_title="Another title")
    path = tmp_path / "story.json"
    path.write_text(dumps({**to_bundle(fewer), "page": bundle["page"]}))
    assert again(path).differences[0].where.endswith("story.json"), "its bytes are not those of the house"
    found = [d for d in again(path, store).differences if "written again" in d.where]
    assert "short_title" in found[0].what


def test_inputs_that_were_changed_in_the_store_are_not_believed(desk: tuple[Store, Settings]) -> None:
    store, settings = desk
    story = from_bundle(loads(bundle_of(settings, store).read_text()))
    body = store.papers(story.id)
    assert body is not None
    assert story.inputs == inputs.hashed(body)
    store.save_papers(story.id, body.replace("Energy", "Sports"))
    done = again(bundle_of(settings, store), store)
    assert "not what the version was written from" in done.differences[0].what


def test_rules_are_hashed_alike_wherever_they_lie(desk: tuple[Store, Settings]) -> None:
    store, settings = desk
    story = from_bundle(loads(bundle_of(settings, store).read_text()))
    assert story.rules == rulebook.rules()
    assert again(bundle_of(settings, store)).foreign == 0
    assert len(story.rules) == 32


# --- what may be shipped ---------------------------------------------------------------------------------------------


def with_answer(story: Story, *texts: str) -> Story:
    answer = dumps({"sections": [{"sentences": [{"text": text, "claims": ["c1"]} for text in texts]}]})
    one = Answered("write_story", "v", "m", "k", "h", answer)
    hidden = Dropped("", digest("sentence", "Mr Roe stole it.", size=32), "body", (), Verdict(Label.UNCERTAIN))
    return dataclasses.replace(story, answers=(one,), dropped=(hidden,))


def test_answers_ship_hashes_of_what_was_withheld_about_people() -> None:
    story = with_answer(edition().stories[0], "Mr  Roe stole it. [c0123456789]", "The port grew.")
    body = dumps(to_bundle(story))
    assert "Roe" not in body
    assert "The port grew." in body
    assert f"withheld {story.dropped[0].text_hash}" in body
    assert discreet(discreet(story)) == discreet(story)


def test_the_schema_speaks_of_all_that_a_bundle_may_hold() -> None:
    assert set(schema()["properties"]) == {"format", "format_version", "seal", "story", "page", "withdrawn"}
