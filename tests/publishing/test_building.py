"""A site built night by night is the site built at once, byte for byte; and only what changed is written."""

from __future__ import annotations

import dataclasses
import json
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from factories import make_signal
from site_desk import fill, served
from site_factory import CHIP, GRID, NIGHT, RECORDS, WOOD, edition, sentence, settings
from thorough import LONG

from benchmarks import made_desk
from pipeline import correcting, resources
from pipeline.correcting import Target
from pipeline.domain import SourceHealth, StageReport, Story, Turn, TurnKind
from pipeline.edition import Page
from pipeline.errors import ValidationFailed
from pipeline.protocols import Analysis, Store
from pipeline.publish import publish
from pipeline.publishing import release
from pipeline.publishing.building import Rules, plan
from pipeline.publishing.gathering import gather, strange
from pipeline.renderers import load, pages
from pipeline.settings import Settings
from pipeline.stores import open_store

DAY = timedelta(days=1)
RENDERERS = load()


@dataclass
class Desk:
    """A desk whose nights follow each other; `chance` decides what each one brings."""

    root: Path
    store: Store
    settings: Settings
    chance: random.Random
    now: datetime = NIGHT
    templates: Path | None = None
    done: list[str] = field(default_factory=list)

    def publish(self, output: str = "output") -> StageReport:
        live = self.settings.model_copy(update={"output": output})
        return publish(self.store, live, RENDERERS, now=self.now, verify=lambda bundle: ())

    def latest(self, line: str) -> Story | None:
        return self.store.latest_story(line)

    # --- what a night may bring ---

    def version(self) -> None:
        """A new version of a story, with other words in its headline."""
        line = self.chance.choice((GRID, CHIP, WOOD))
        was = self.latest(line)
        if was is not None:
            head = sentence(f"Told on {self.now:%d %B}", *(("q61",) if line == GRID else ()))
            head = dataclasses.replace(was.headline, text=head.text)
            key = f"y{line[:6]}{was.version + 1}"
            self.store.save_story(
                dataclasses.replace(
                    was, id=key, version=was.version + 1, previous=was.id, written=self.now, headline=head
                )
            )

    def retraction(self) -> None:
        """A story is withdrawn, with all its versions."""
        was = self.latest(self.chance.choice((CHIP, WOOD)))
        if was is not None:
            target = correcting.resolve(self.store, self.settings, was.slug)
            correcting.retract(self.store, self.settings, target, "It was wrong.", self.now)

    def story(self) -> None:
        """A storyline that nobody told before, with its story, its records and the firms that these name."""
        made_desk.keep(self.store, [made_desk.Made(self.now.day, 5, self.now)])

    def record(self) -> None:
        """A record that stories cite is withdrawn, and all that rests on it."""
        chosen = RECORDS[self.chance.choice(("queue", "copy"))].id
        if chosen in {entry.target for entry in self.store.corrections()}:
            return  # withdrawn on an earlier night
        target = correcting.resolve(self.store, self.settings, chosen)
        correcting.retract(self.store, self.settings, target, "Its page was retracted.", self.now)

    def reading(self) -> None:
        """A page that was read before has more text now."""
        (was,) = self.store.records([RECORDS["queue"].id]).values()
        again = dataclasses.replace(was, text=f"{was.text} Read again on {self.now:%d %B}.", fetched=self.now)
        self.store.save_batch(was.source, [again], self.store.cursor(was.source), None)

    def memory(self) -> None:
        """What is remembered was damaged, or is missing."""
        for path in (self.root / "output" / "builds").glob("*.memory"):
            path.write_bytes(
                path.read_bytes()[: -self.chance.randint(1, 500)]
            ) if self.chance.random() < 0.5 else path.unlink()

    def merge(self) -> None:
        """One storyline is told on in another."""
        lines = self.store.storylines([WOOD, GRID])
        moved = tuple(dataclasses.replace(one, merged_into=GRID, updated=self.now) for one in lines if one.id == WOOD)
        self.store.save_analysis(Analysis(record_ids=(), storylines=moved, now=self.now))

    def finding(self) -> None:
        """A finding was heard of again."""
        found = self.store.findings([GRID])
        again = tuple(dataclasses.replace(one, last_seen=self.now) for one in found[:1])
        self.store.save_analysis(Analysis(record_ids=(), findings=again, now=self.now))

    def signal(self) -> None:
        """A signal about a storyline."""
        self.store.save_signals([make_signal(id=f"g{self.now:%d}", subject=CHIP, window_end=self.now)], self.now)

    def health(self) -> None:
        """A source fails, or does so no longer."""
        failed = self.chance.random() < 0.5
        self.store.save_health(SourceHealth("harbour-wire", self.now, not failed, error="HTTP 500" if failed else None))

    def site(self) -> None:
        """The desk describes itself otherwise."""
        site = self.settings.site.model_copy(update={"description": f"A desk, since {self.now:%d %B}."})
        self.settings = self.settings.model_copy(update={"site": site})

    def takedown(self) -> None:
        """Somebody is not to be named any more, or may be again."""
        (self.root / "down.txt").write_text("Ragna Lie\n" if self.chance.random() < 0.7 else "Nobody Known\n")
        desk = self.settings.desk.model_copy(update={"takedown": "down.txt"})
        self.settings = self.settings.model_copy(update={"desk": desk})

    def template(self) -> None:
        """A template is edited."""
        if self.templates is not None:
            page = self.templates / "story.html"
            page.write_text(page.read_text().replace("</article>", "<p>Edited.</p></article>"))
            pages.environment.cache_clear()

    def nothing(self) -> None:
        """Only the clock moves on."""


EVENTS: tuple[Callable[[Desk], None], ...] = (
    Desk.version,
    Desk.version,
    Desk.retraction,
    Desk.story,
    Desk.story,
    Desk.record,
    Desk.reading,
    Desk.memory,
    Desk.merge,
    Desk.finding,
    Desk.signal,
    Desk.health,
    Desk.site,
    Desk.takedown,
    Desk.template,
    Desk.nothing,
)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk after its first night, with templates of its own that can be edited."""
    copy = tmp_path / "templates"
    shutil.copytree(resources.folder("templates"), copy)
    usual = resources.folder
    monkeypatch.setattr(resources, "folder", lambda kind: copy if kind == "templates" else usual(kind))
    pages.environment.cache_clear()
    store = open_store(tmp_path / "desk.db")
    fill(store, edition())
    live = settings(publish={"shrink_limit": 0.0, "keep": 1, "entity_stories": 1, "entity_origins": 1}).model_copy(
        update={"root": tmp_path}
    )
    made = Desk(tmp_path, store, live, random.Random(0), templates=copy)
    made.publish()
    yield made
    store.close()
    pages.environment.cache_clear()


@pytest.mark.parametrize("seed", range(13 if LONG else 2))
def test_night_by_night_is_at_once(desk: Desk, seed: int) -> None:
    """In a long run a hundred random edits: thirteen desks, four nights of two edits each."""
    desk.chance = random.Random(seed)
    for night in range(1, 5):
        desk.now = NIGHT + night * DAY
        for event in desk.chance.sample(EVENTS, k=2):
            event(desk)
            desk.done.append(event.__name__)
        if desk.publish().made:
            desk.publish("fresh")
            built, whole = served(desk.root / "output"), served(desk.root / "fresh")
            differ = sorted(path for path in built.keys() | whole.keys() if built.get(path) != whole.get(path))
            assert differ == [], f"after {desk.done}"
            shutil.rmtree(desk.root / "fresh")


@pytest.mark.parametrize("event", sorted({*EVENTS}, key=lambda one: one.__name__), ids=lambda one: one.__name__)
def test_each_kind_of_news_by_itself(desk: Desk, event: Callable[[Desk], None]) -> None:
    desk.now = NIGHT + DAY
    event(desk)
    if desk.publish().made:
        desk.publish("fresh")
        assert served(desk.root / "output") == served(desk.root / "fresh")


def test_what_was_withdrawn_is_not_remembered(desk: Desk) -> None:
    was = desk.latest(CHIP)
    assert was is not None
    kept = lambda: b"".join(path.read_bytes() for path in (desk.root / "output/builds").iterdir())  # noqa: E731
    assert was.headline.text.encode() in kept()
    desk.now = NIGHT + DAY
    target = correcting.resolve(desk.store, desk.settings, was.slug)
    correcting.retract(desk.store, desk.settings, target, "It was wrong.", desk.now)
    desk.publish()
    assert was.headline.text.encode() not in kept()


def test_a_night_reads_only_what_moved(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    whole = type(desk.store).stories
    monkeypatch.setattr(
        type(desk.store), "stories", lambda store, ids: read.extend(ids := list(ids)) or whole(store, ids)
    )
    desk.now = NIGHT + DAY
    desk.finding()
    desk.publish()
    monkeypatch.undo()
    assert WOOD not in {story.storyline_id for story in desk.store.stories(read).values()}


def test_a_new_version_writes_few_files(desk: Desk) -> None:
    before = {path: (desk.root / "output/site" / path).stat().st_ino for path in served(desk.root / "output")}
    desk.now = NIGHT + DAY
    desk.chance = random.Random(2)
    desk.version()
    desk.publish()
    after = {path: (desk.root / "output/site" / path).stat().st_ino for path in served(desk.root / "output")}
    stories = {path for path in after if path.startswith("stories/") and before.get(path) != after[path]}
    changed = {path.split("/")[1] for path in stories}
    assert len(changed) == 1


def test_a_page_that_rests_on_the_same_is_not_made(desk: Desk) -> None:
    def spied(one: Any) -> Iterator[Page]:
        for page in (page for render in RENDERERS for page in render(one)):
            yield dataclasses.replace(page, make=lambda page=page: asked.append(page.path) or page.make())  # type: ignore[misc]

    asked: list[str] = []
    desk.now = NIGHT + DAY
    desk.store.save_health(SourceHealth("harbour-wire", desk.now, False, error="HTTP 500"))
    publish(desk.store, desk.settings, (spied,), now=desk.now, verify=lambda bundle: ())
    assert "sources/index.html" in asked
    assert not [path for path in asked if path.startswith("stories/") and path.count("/") > 1]


def test_two_pages_of_one_address() -> None:
    twice = [Page("a/index.html", lambda: b"1"), Page("a/index.html", lambda: b"2")]
    with pytest.raises(ValidationFailed, match=r"two pages want the address a/index\.html"):
        plan(edition(), [lambda one: twice])
    with pytest.raises(ValidationFailed, match="two pages want the address manifest"):
        plan(edition(), [lambda one: [Page(release.MANIFEST, lambda: b"{}")]])


def test_every_page_rests_on_templates_and_takedown() -> None:
    from pipeline.people.takedown import Takedown

    one = Rules("Desk", lambda bundle: ())
    assert one.mark == Rules("Other", lambda bundle: ()).mark
    assert one.mark != Rules("Desk", lambda bundle: (), Takedown(names=(" ragna lie ",))).mark


def test_every_text_of_the_store_is_known_as_strange(desk: Desk) -> None:
    """Read to the end: stories, records, claims, storylines, findings; what stands in none of them is ours."""
    desk.finding()
    gathered = gather(desk.store, desk.settings, desk.now)
    texts = set(strange(gathered))
    assert {story.headline.text for story in gathered.stories} <= texts
    assert {record.title for record in gathered.records.values()} <= texts
    assert {claim.text for claim in gathered.claims.values()} <= texts
    assert {one.id for line in gathered.findings.values() for one in line} <= texts
    assert len([one for line in gathered.findings.values() for one in line]) > 0


@pytest.mark.parametrize("summary", ["{title}: sources differ", "{cut}…: sources differ", "2 joined: {title}"])
def test_a_signal_does_not_keep_the_title_of_a_withdrawn_record(desk: Desk, summary: str) -> None:
    """A storyline may have been called by it when the signal fired."""
    title = RECORDS["queue"].title
    said = summary.format(title=title, cut=title[: len(title) // 2])
    desk.store.save_signals([make_signal(id="g1", subject=GRID, summary=said)], desk.now)
    assert [one.id for one in gather(desk.store, desk.settings, desk.now).signals if one.summary == said]
    target = correcting.resolve(desk.store, desk.settings, RECORDS["queue"].id)
    correcting.retract(desk.store, desk.settings, target, "Its page was retracted.", desk.now + DAY)
    assert not [one for one in gather(desk.store, desk.settings, desk.now).signals if one.summary == said]


def test_a_version_that_does_not_rest_on_a_withdrawn_record_does_not_tell_its_title_in_a_signal(desk: Desk) -> None:
    record, was = RECORDS["queue"], desk.latest(CHIP)
    assert was is not None
    assert record.id not in {one.id for one in was.records}
    told = make_signal(id="g7", subject=CHIP, summary=f"{record.title}: 3 origins in 24 hours against 0.2")
    other = make_signal(id="g8", subject=CHIP, summary="Chips: 3 origins in 24 hours against 0.2")
    signalled = dataclasses.replace(was, id="ysignal", version=was.version + 1, previous=was.id, signals=(told, other))
    desk.store.save_story(signalled)
    desk.publish()
    site = desk.root / "output" / "site" / "stories" / was.slug
    assert any(record.title in path.read_text(encoding="utf-8") for path in site.rglob("story.json"))
    correcting.retract(desk.store, desk.settings, Target("record", record.id), "It was made up.", desk.now + DAY)
    desk.now += DAY
    desk.publish()
    bundles = [json.loads(path.read_text(encoding="utf-8"))["story"] for path in sorted(site.rglob("story.json"))]
    (mine,) = [one["signals"] for one in bundles if one["id"] == "ysignal"]
    assert [one["summary"] for one in mine] == ["3 origins in 24 hours against 0.2", other.summary]
    assert not [path for path in site.rglob("*.*") if record.title.encode() in path.read_bytes()]


def test_a_turn_does_not_keep_the_title_of_a_record_that_another_storyline_lost(desk: Desk) -> None:
    title = RECORDS["queue"].title
    key = min(gather(desk.store, desk.settings, desk.now).storylines.keys() - {GRID})
    (line,) = desk.store.storylines([key])
    took = Turn(TurnKind.TOOK_IN, desk.now, "f" * 16, title, f"1 record of “{title}” joined 3 of “{line.label}”")
    other = Turn(TurnKind.SPLIT_OFF, desk.now, "e" * 16, "Wind farms", "2 records of “Wind farms” left")
    turned = dataclasses.replace(line, turns=(took, other))
    desk.store.save_analysis(Analysis(record_ids=(), storylines=(turned,), now=desk.now))
    desk.publish()
    page = desk.root / "output" / "site" / "storylines" / key / "index.html"
    assert title in page.read_text(encoding="utf-8")
    target = correcting.resolve(desk.store, desk.settings, RECORDS["queue"].id)
    correcting.retract(desk.store, desk.settings, target, "Its page was retracted.", desk.now + DAY)
    after = gather(desk.store, desk.settings, desk.now).storylines[key]
    assert after.turns == (dataclasses.replace(took, label="", why=""), other)
    desk.publish()
    assert title not in page.read_text(encoding="utf-8")


def test_a_storyline_that_was_called_by_the_title_of_a_withdrawn_record_is_called_otherwise(desk: Desk) -> None:
    title = RECORDS["queue"].title
    (line,) = desk.store.storylines([GRID])
    called = dataclasses.replace(line, label=title)
    desk.store.save_analysis(Analysis(record_ids=(), storylines=(called,), now=desk.now))
    assert gather(desk.store, desk.settings, desk.now).storylines[GRID].label == title
    target = correcting.resolve(desk.store, desk.settings, RECORDS["queue"].id)
    correcting.retract(desk.store, desk.settings, target, "Its page was retracted.", desk.now + DAY)
    after = gather(desk.store, desk.settings, desk.now)
    if GRID in after.storylines:
        assert after.storylines[GRID].label != title
        assert after.storylines[GRID].label in {record.title for record in after.records.values()} | {""}
