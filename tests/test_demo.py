"""The demo, run once: three nights through the real path, and the cases that its sample was written for."""

import gzip
import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from story_laws import broken, drifting

from pipeline import renderers
from pipeline.bundles.replay import replay
from pipeline.bundles.verify import verify
from pipeline.demo import MARKER, run_demo
from pipeline.domain import StoryKind
from pipeline.errors import UsageError
from pipeline.newsroom import inputs
from pipeline.stores import open_store


@dataclass
class Demo:
    """What three nights left behind."""

    output: Path
    said: str
    code: int

    def __post_init__(self):
        self.site = self.output / "site"
        self.store = open_store(self.output / "citewire.db")
        read = {".gz": lambda path: gzip.decompress(path.read_bytes()).decode(), ".png": lambda path: ""}
        self.pages = {
            p.relative_to(self.site).as_posix(): read.get(p.suffix, lambda path: path.read_text("utf-8"))(p)
            for p in self.site.rglob("*")
            if p.is_file()
        }
        self.records = {}
        for storyline in self.store.storylines():
            self.records.update(self.store.records(storyline.record_ids))

    def record(self, title):
        return next(r for r in self.records.values() if title in r.title)

    def stories(self):
        return self.store.live_stories()

    def text(self, story):
        return "\n".join(s.text for section in story.sections for p in section.paragraphs for s in p)

    def runs(self):
        return [json.loads(path.read_text("utf-8")) for path in sorted((self.output / "runs").glob("*.json"))]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Three nights; the slowest fixture of the suite, shared by every test here."""
    output = tmp_path_factory.mktemp("demo") / "output"
    lines = []
    code = run_demo(output, say=lines.append)
    found = Demo(output, "\n".join(lines), code)
    yield found
    found.store.close()


def test_three_nights_are_published_and_told(demo):
    assert demo.code == 0
    assert [run["outcome"] for run in demo.runs()] == ["published"] * 3
    for part in (
        "Night 1",
        "Night 3",
        "ingest",
        "analyze",
        "signal",
        "write",
        "publish",
        "index.html",
        "citewire serve",
    ):
        assert part in demo.said


def test_there_is_something_to_read(demo):
    stories = demo.stories()
    assert len(stories) >= 5
    assert any(story.version == 3 for story in stories), "a storyline that grew every night"
    assert {story.beat for story in stories} >= {"Power & sites", "Chips", "Models", "Rules"}


def test_every_sentence_holds(demo):
    assert verify(demo.site).problems == ()


def test_every_bundle_is_what_its_schema_says(demo):
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(json.loads(demo.pages["schema/story.json"]))
    bundles = [path for path in demo.pages if path.startswith("stories/") and path.endswith("/story.json")]
    assert len(bundles) >= 10
    for path in bundles:
        assert [error.message for error in validator.iter_errors(json.loads(demo.pages[path]))] == [], path


def test_every_page_comes_out_of_its_bundle_and_every_sentence_out_of_its_inputs(demo):
    done = replay(demo.site, renderers.load(), rewrite=lambda story: inputs.rewritten(story, demo.store))
    assert done.differences == done.refused == ()
    assert done.files == 3 * done.bundles >= 30
    briefings = sum(story.kind is StoryKind.BRIEFING for story in demo.store.all_stories())
    assert done.written == done.bundles - briefings, "a briefing is put together from its night's stories"


def test_copies_are_one_origin(demo):
    wanted = {"Harbour Wire", "Market Lines", "The Selmouth Echo"}
    copies = [r for r in demo.records.values() if "2029" in r.title and r.publisher in wanted]
    origins = demo.store.origins_of([r.id for r in copies])
    assert {r.publisher for r in copies} == wanted
    assert len(set(origins.values())) == 1


def test_a_disagreement_is_shown(demo):
    shown = [
        s.text
        for story in demo.stories()
        for part in story.sections
        if part.role == "disagreements"
        for p in part.paragraphs
        for s in p
    ]
    text = "\n".join(shown)
    pairs = (("38", "46"), ("4 percent", "7 percent"), ("62.4", "58.1"), ("1 June", "1 July"))
    assert any(a in text and b in text for a, b in pairs), text


def test_a_corrected_report_is_not_told_any_more(demo):
    corrected = demo.record("Lumenary postpones part of its order")
    assert "Correction, 5 March 2026" in corrected.text
    for story in demo.stories():
        if story.kind is not StoryKind.BRIEFING:  # that of its own night tells what was known then
            quotes = [citation.evidence.quote for citation in story.citations]
            assert not any("has cancelled an order" in quote for quote in quotes)


def test_nothing_above_the_body_is_not_in_it_in_any_version(demo):
    every = demo.store.all_stories()
    assert {story.kind for story in every} >= {StoryKind.LEAD, StoryKind.STORY, StoryKind.BRIEFING}
    assert [(story.slug, law) for story in every for law in broken(story)] == []


def test_an_address_keeps_its_subject(demo):
    versions = {}
    for story in sorted(demo.store.all_stories(), key=lambda story: story.version):
        versions.setdefault(story.storyline_id, []).append(story)
    assert any(len(found) > 2 for found in versions.values())
    assert not [key for key, found in versions.items() if drifting(found)]


def test_no_storyline_splits_without_its_reason(demo):
    """Whatever split says so on both sides; one event is not torn for its many voices."""
    lines = {line.id: line for line in demo.store.storylines()}
    for child in (line for line in lines.values() if line.parent):
        assert [turn.other for turn in child.turns if turn.kind == "split from"] == [child.parent]
        assert not set(child.claim_ids) & set(lines[child.parent].claim_ids)


def test_an_event_that_grows_out_of_another_has_a_storyline_of_its_own(demo):
    permit = demo.record("Air board postpones permit for Corvane's gas turbines")
    queue = demo.record("Grid operator proposes deposits to thin out data centre queue")
    homes = demo.store.storylines_of_records([permit.id, queue.id])
    assert homes[permit.id]
    assert not set(homes[permit.id]) & set(homes[queue.id])


def test_the_roundup_is_in_three_storylines(demo):
    roundup = demo.record("The week in compute: late power")
    assert len(demo.store.storylines_of_records([roundup.id])[roundup.id]) >= 3


def test_the_dead_source_is_reported_every_night(demo):
    for run in demo.runs():
        ingest = next(stage for stage in run["stages"] if stage["stage"] == "ingest")
        failures = {failure["subject"]: failure["what"] for failure in ingest["failures"]}
        assert list(failures) == ["Dead Letter"]
        assert "500" in failures["Dead Letter"]


def test_the_hostile_item_is_harmless(demo):
    assert demo.record("HALCYRA IS FINISHED").publisher == "Circuit Gossip", "it is read, not skipped"
    for name in (n for n in demo.pages if n.endswith(".html")):
        page = demo.pages[name]
        tags = re.findall(r"<[a-zA-Z][^>]*>", page)
        assert not [tag for tag in tags if re.search(r"\son\w+\s*=", tag)], name
        assert not [tag for tag in tags if re.search(r"=\s*[\"']?\s*(?:javascript|data):", tag, re.I)], name
        assert not [tag for tag in tags if "evil.test" in tag], name
        assert not re.search(r"<(?:iframe|object|embed|base|img)\b", page), name
        scripts = re.findall(r"<script\b[^>]*>", page)
        data = [tag for tag in scripts if tag == '<script type="application/ld+json">']
        assert len(scripts) - len(data) == (name == "search/index.html"), name
    for story in demo.stories():
        said = " ".join([story.headline.text, story.dek.text if story.dek else "", demo.text(story)])
        assert "gnore all previous" not in said
        assert "bankrupt" not in said
        assert "__class__" not in said


def test_every_page_is_marked_as_sample_and_names_no_machine(demo):
    for name, page in demo.pages.items():
        assert "127.0.0.1" not in page, name
        assert str(demo.output) not in page
    for name in (n for n in demo.pages if n.startswith("stories/") and n.endswith((".html", ".md"))):
        assert re.search(r"\bsample\b", demo.pages[name], re.I), name


def test_spanish_records_are_told_as_spanish(demo):
    assert demo.record("Corvane invertirá").lang == "es"


def test_signals_are_measured(demo):
    kinds = {signal.kind for signal in demo.store.signals()}
    assert kinds >= {"velocity", "novelty", "corroboration", "contradiction"}


def test_a_desk_of_ones_own_is_never_touched(tmp_path):
    (tmp_path / "citewire.db").write_text("mine")
    with pytest.raises(UsageError, match="which no demo wrote"):
        run_demo(tmp_path, say=lambda _: None)
    assert (tmp_path / "citewire.db").read_text() == "mine"


def test_a_second_demo_starts_afresh(tmp_path, monkeypatch):
    (tmp_path / MARKER).write_text("{}")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "old.html").write_text("old")
    monkeypatch.setattr("pipeline.demo.NIGHTS", ())
    with pytest.raises(IndexError):  # there is no first night: nothing but the clearing has happened
        run_demo(tmp_path, say=lambda _: None)
    assert [path.name for path in tmp_path.iterdir()] == [MARKER]
