"""What readers get after a correction: no withdrawn word in any file, addresses that stay, notes, log and feeds."""

from __future__ import annotations

import dataclasses
import gzip
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from factories import NOW
from site_factory import GRID, NIGHT, edition
from site_factory import settings as site_settings
from stored import analysed

from pipeline import correcting
from pipeline.amends import Correction, CorrectionKind
from pipeline.bundles import verify
from pipeline.bundles.verify import problems
from pipeline.correcting import Target, numbered
from pipeline.domain import Story
from pipeline.edition import made
from pipeline.protocols import Store
from pipeline.publish import publish
from pipeline.renderers import feeds, html_pages, markdown
from pipeline.renderers import load as renderers
from pipeline.renderers.feeds.gathered import entry_id
from pipeline.settings import Settings
from pipeline.stores import open_store
from pipeline.write import write

DAY = timedelta(days=1)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Store, Settings]]:
    """A published desk of one story."""
    chosen = Settings.model_validate({"write": {"min_sentences": 2}, "beat": [{"name": "Energy"}]})
    chosen = chosen.model_copy(update={"root": tmp_path})
    store = open_store(":memory:")
    analysed(store)
    write(store, chosen, llm=None, now=NOW)
    serve(store, chosen, NOW)
    yield store, chosen
    store.close()


def serve(store: Store, settings: Settings, now: Any) -> dict[str, str]:
    """Publish; the files of the site as text."""
    publish(store, settings, renderers(), now=now, verify=problems)
    site = settings.output_path / "site"
    return {p.relative_to(site).as_posix(): _text(p) for p in sorted(site.rglob("*")) if p.is_file()}


def _text(path: Path) -> str:
    """What a file says, archives unpacked."""
    body = path.read_bytes()
    return gzip.decompress(body).decode() if path.suffix == ".gz" else body.decode("utf-8", "replace")


def story_of(store: Store) -> Story:
    (story,) = store.live_stories()
    return story


def said(story: Story) -> set[str]:
    """The sentences and quotes of a version, as any page could print them."""
    found = {s.text for _, s, _ in verify.placed(story)} | {c.evidence.quote for c in story.citations}
    return {re.sub(r"\W+", " ", text).strip() for text in found}


def flat(text: str) -> str:
    return re.sub(r"\W+", " ", re.sub(r"<[^>]+>", "", text))


def test_nothing_of_a_withdrawn_story_is_in_any_file(desk: tuple[Store, Settings]) -> None:
    store, settings = desk
    story = story_of(store)
    before = serve(store, settings, NOW)
    assert any(text in flat(body) for text in said(story) for body in before.values())
    correcting.retract(store, settings, Target("story", story.storyline_id), "It was a hoax.", NOW + DAY)
    after = serve(store, settings, NOW + DAY)
    for path, body in after.items():
        for text in said(story):
            assert text not in flat(body), path
    folder = f"stories/{story.slug}"
    lists = ("beats/", "assets/", "catalogue/", "search/")  # what these hold is found by way of another file
    pictures = "/card.png"  # of the headline
    held = {path for path in before if not path.startswith(lists) and not path.endswith(pictures)}
    assert held <= set(after), "addresses stay"
    assert "It was a hoax." in after[f"{folder}/index.html"]
    assert "hoax" in after[f"{folder}/story.md"]
    assert "It was a hoax." in after["corrections/index.html"]
    left = json.loads(after[f"{folder}/story.json"])
    assert left["withdrawn"]["story_id"] == story.id
    assert len(left["withdrawn"]["sentences"]) == sum(1 for _ in verify.placed(story))
    assert verify.verify(settings.output_path / "site").problems == ()


def test_feeds_tell_readers_to_let_go(desk: tuple[Store, Settings]) -> None:
    store, settings = desk
    before = ET.fromstring(serve(store, settings, NOW)["feed.xml"])
    story = story_of(store)
    correcting.retract(store, settings, Target("story", story.storyline_id), "It was a hoax.", NOW + DAY)
    pages = serve(store, settings, NOW + DAY)
    after = ET.fromstring(pages["feed.xml"])
    (was,), (now,) = before.iter(f"{ATOM}entry"), after.iter(f"{ATOM}entry")
    assert now.findtext(f"{ATOM}id") == was.findtext(f"{ATOM}id")
    assert now.findtext(f"{ATOM}title") == "Withdrawn"
    assert now.findtext(f"{ATOM}updated") == after.findtext(f"{ATOM}updated") == "2026-05-05T06:00:00Z"
    log = ET.fromstring(pages["corrections/feed.xml"])
    assert [entry.findtext(f"{ATOM}content") for entry in log.iter(f"{ATOM}entry")] == ["It was a hoax."]


def test_a_corrected_story_says_so_in_every_version(desk: tuple[Store, Settings]) -> None:
    store, settings = desk
    story = story_of(store)
    number = next(n for n, s in enumerate(numbered(story), 1) if "nine votes" in s.text)
    correcting.correct(store, settings, story.slug, number, text=None, why="The vote was <void>.", now=NOW + DAY)
    pages = serve(store, settings, NOW + DAY)
    folder = f"stories/{story.slug}"
    for path in (f"{folder}/index.html", f"{folder}/v1/index.html", "corrections/index.html"):
        assert "Sentence taken out" in pages[path]
        assert "The vote was &lt;void&gt;." in pages[path]
    assert "**Sentence taken out**, 5 May 2026: The vote was \\<void\\>." in pages[f"{folder}/story.md"]
    assert "nine votes" in pages[f"{folder}/v1/index.html"], "what is corrected stays readable"
    for path in ("index.html", "briefing.md", f"{folder}/index.html", "feed.xml"):
        told = re.sub(r"<i>.*?</i>", "", pages[path].split('id="versions"')[0], flags=re.DOTALL)  # but for contexts
        assert "nine votes" not in told, path
    (entry,) = ET.fromstring(pages["feed.xml"]).iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}updated") == "2026-05-05T06:00:00Z"
    assert serve(store, settings, NOW + DAY) == pages, "and a rebuild changes nothing"


def test_a_record_that_is_withdrawn_leaves_tombstones_of_older_versions_and_no_trace_on_its_storyline(
    desk: tuple[Store, Settings],
) -> None:
    store, settings = desk
    settings = settings.model_copy(update={"write": settings.write.model_copy(update={"min_origins": 1})})
    story = story_of(store)
    ledger = next(record for record in story.records if record.publisher == "The Harlow Ledger")
    quotes = [flat(c.evidence.quote).strip() for c in story.citations if c.evidence.record_id == ledger.id]
    least = settings.write.model_copy(update={"min_sentences": 1, "min_origins": 1})
    settings = settings.model_copy(update={"write": least})
    # of two origins one is left: a desk that asks for one keeps the story without the record
    entry = correcting.retract(store, settings, Target("record", ledger.id), "The Ledger withdrew it.", NOW + DAY)
    pages = serve(store, settings, NOW + DAY)
    for path, body in pages.items():
        for quote in quotes:
            assert quote not in flat(body), path
        assert ledger.title not in body, path
    if entry.successors:
        assert "Withdrawn" in pages[f"stories/{story.slug}/v1/index.html"]


# --- views -----------------------------------------------------------------------------------------------------------


def marked(kind: CorrectionKind = CorrectionKind.SOURCE_CHANGED) -> tuple[Any, Story]:
    one = edition()
    story = next(s for s in reversed(one.stories) if s.storyline_id == GRID)
    key = story.headline.citations[0]
    entry = Correction(
        "k1", kind, NIGHT + DAY, "record", "r1", "The words are gone.", (story.id,), keys=(key,), by="recheck"
    )
    return dataclasses.replace(one, corrections=(entry,), settings=site_settings()), story


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (CorrectionKind.SOURCE_CHANGED, "the source changed this on 21 November 2026"),
        (CorrectionKind.SOURCE_GONE, "took this page away"),
        (CorrectionKind.SOURCE_RETRACTED, "the source retracted this on 21 November 2026"),
    ],
)
def test_sentences_whose_source_changed_are_marked_where_they_stand(kind: CorrectionKind, says: str) -> None:
    one, story = marked(kind)
    page = made(html_pages.render(one))[f"stories/{story.slug}/index.html"].decode()
    marks = re.findall(r'<a class="altered" href="#corrections" title="([^"]*)">changed since</a>', page)
    key = story.headline.citations[0]
    assert len(marks) == sum(key in s.citations for _, s, _ in verify.placed(story))
    assert all(says in mark for mark in marks)
    assert "found by a recheck of the page" in made(html_pages.render(one))["corrections/index.html"].decode()
    assert 'It concerns source <a href="#source-1">1</a>.' in page
    assert ET.fromstring(page).find(".//*[@id='corrections']") is not None
    assert "The words are gone. [1]" in made(markdown.render(one))[f"stories/{story.slug}/story.md"].decode()


def test_an_entry_moves_what_feeds_call_updated_and_nothing_else_does() -> None:
    one, story = marked()
    entries = {
        e.findtext(f"{ATOM}id"): e.findtext(f"{ATOM}updated")
        for e in ET.fromstring(made(feeds.render(one))["feed.xml"]).iter(f"{ATOM}entry")
    }
    plain = {
        e.findtext(f"{ATOM}id"): e.findtext(f"{ATOM}updated")
        for e in ET.fromstring(made(feeds.render(edition()))["feed.xml"]).iter(f"{ATOM}entry")
    }
    assert {key for key in entries if entries[key] != plain[key]} == {entry_id(story)}


def test_a_log_without_entries_says_so() -> None:
    assert "Nothing has been corrected yet." in made(html_pages.render(edition()))["corrections/index.html"].decode()


POINTS = (
    "store.save_correction.written",
    "store.save_correction.committed",
    "publish.built",
    "publish.checked",
    "publish.written",
    "publish.renamed",
    "publish.swapped",
)


@pytest.mark.parametrize("point", POINTS)
def test_a_retraction_that_is_killed_anywhere_is_whole_when_it_is_asked_for_again(
    desk: tuple[Store, Settings], monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    store, settings = desk
    target = Target("story", story_of(store).storyline_id)
    reached: list[str] = []

    def kill(name: str) -> None:
        reached.append(name)
        if name == point:
            raise RuntimeError(f"killed at {name}")

    def go(checkpoint: Any = lambda _: None) -> None:
        monkeypatch.setattr(store.db, "checkpoint", checkpoint)  # type: ignore[attr-defined]
        if not store.corrections():
            correcting.retract(store, settings, target, "It was a hoax.", NOW + DAY)
        publish(store, settings, renderers(), now=NOW + DAY, verify=problems, checkpoint=checkpoint)

    with pytest.raises(RuntimeError, match="killed"):
        go(kill)
    go()
    pages = serve(store, settings, NOW + DAY)
    assert len(store.corrections()) == 1
    assert store.all_stories() == []
    assert "It was a hoax." in pages["corrections/index.html"]
    assert set(POINTS[: POINTS.index(point)]) <= set(reached), "a point that no longer exists tests nothing"
