"""The write stage: versions append, nothing changes without cause, addresses keep their subject, models may fail."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from factories import (
    NOW,
    make_claim,
    make_dossier,
    make_finding,
    make_membership,
    make_record,
    make_story,
    make_storyline,
    sample_claims,
    sample_records,
)
from stored import analysed, put

from pipeline.bundles.bundle import to_bundle
from pipeline.bundles.verify import problems
from pipeline.domain import Label, Origin, Sentence, StageReport, Story
from pipeline.errors import BudgetExhausted, ModelError
from pipeline.newsroom.candidates import Candidate, candidates
from pipeline.newsroom.dossiers import gather, related
from pipeline.newsroom.versions import content_hash, drifted
from pipeline.protocols import Analysis, Completion, Store, Usage
from pipeline.settings import Settings
from pipeline.stores import open_store
from pipeline.write import PROMPT, write

SETTINGS = Settings.model_validate({"write": {"min_sentences": 3}, "beat": [{"name": "Energy"}]})
LINE = "s" + "0" * 16


@pytest.fixture
def store() -> Iterator[Store]:
    kept = open_store(":memory:")
    analysed(kept)
    yield kept
    kept.close()


class Answering:
    """A model that answers what it is told to, and remembers what it was asked."""

    name = "test:1"

    def __init__(self, answer: Mapping[str, Any] | Exception) -> None:
        self.answer = answer
        self.prompts: list[str] = []

    def generate(self, prompt: str, *, system: str, schema: Mapping[str, Any], max_tokens: int) -> Completion:
        self.prompts.append(prompt)
        if isinstance(self.answer, Exception):
            raise self.answer
        return Completion(self.answer, "test-1", Usage(100, 50, cost=0.02))


def only(store: Store) -> Story:
    stories = store.all_stories()
    assert len(stories) == 1
    return stories[0]


def every(story: Story) -> list[Sentence]:
    told = [s for section in story.sections for p in section.paragraphs for s in p]
    return [story.headline, *([story.dek] if story.dek else []), *told]


def night(store: Store, **kwargs: Any) -> StageReport:
    """A night's writing; `settings` are those of [ranking]."""
    ranking = SETTINGS.ranking.model_copy(update=kwargs.pop("settings", {}))
    desk = SETTINGS.model_copy(update={"ranking": ranking})
    return write(store, desk, llm=kwargs.pop("llm", None), now=kwargs.pop("now", NOW), **kwargs)


def test_a_storyline_becomes_a_story_that_verify_accepts(store: Store) -> None:
    report = night(store)
    story = only(store)
    assert (report.made, report.failures) == (1, ())
    assert (story.version, story.storyline_id, story.beat, story.writer) == (1, LINE, "Energy", "extractive")
    assert story.slug.startswith("northwind-power-harlow-campus-")
    assert problems(to_bundle(story), store) == ()
    assert story.rank["total"] == pytest.approx(sum(v for k, v in story.rank.items() if k != "total"))
    assert story.counts.origins == 2


def test_the_same_night_again_adds_nothing(store: Store) -> None:
    night(store)
    report = night(store)
    assert report.made == 0
    assert report.dropped["unchanged"] == 1
    assert night(store, now=NOW + timedelta(hours=3)).made == 0
    assert only(store).version == 1


def test_the_same_night_again_adds_nothing_when_the_limit_is_reached(store: Store) -> None:
    """What was written stands in the limit's count, so that no other storyline moves up into its place."""
    one = SETTINGS.model_copy(update={"write": SETTINGS.write.model_copy(update={"max_stories": 1})})
    first = write(store, one, llm=None, now=NOW)
    before = [s.id for s in store.all_stories()]
    second_line(store)
    again = write(store, one, llm=None, now=NOW)
    assert first.made == 1
    assert again.made == 0
    assert [s.id for s in store.all_stories()] == before


def second_line(store: Store, papers: tuple[str, str] = ("Valley Radio", "Coast Post")) -> None:
    """Another storyline that could be told, of a lower rank."""
    groups = []
    for n, paper in enumerate(papers):
        text = (
            f"Quill harbour gets new cranes\n\nQuill Docks has bought {n + 4} cranes for its harbour in Marston. "
            f"Marston council approved {n + 7} berths on Friday. Marston ferries carried {n + 3},000 people in April."
        )
        record = make_record(
            text, publisher=paper, source=paper, url=f"https://c{n}.example/a", published=NOW - timedelta(days=1)
        )
        claims = [make_claim(record, f"{part.rstrip('.')}.") for part in text.split("\n\n")[1].split(". ")]
        put(store, record)
        groups.append((record, claims))
    claims = [c for _, group in groups for c in group]
    line = make_storyline(claims, id="s" + "9" * 16, label="Quill Docks")
    store.save_analysis(
        Analysis(
            record_ids=tuple(r.id for r, _ in groups),
            claims=tuple(claims),
            origins=tuple(Origin("o" + r.id, (r.id,)) for r, _ in groups),
            storylines=(line,),
            joined=tuple(make_membership(c, storyline_id=line.id) for c in claims),
            findings=tuple(make_finding([c], storyline_id=line.id) for c in claims),
            now=NOW,
        )
    )


def grow(store: Store) -> None:
    """One more origin joins the storyline."""
    sentence = "Northwind Power said on Monday that 3 turbines failed a noise test in Harlow."
    record = make_record(f"Turbines fail a test\n\n{sentence}", publisher="Valley Radio", source="radio")
    claim = make_claim(record, sentence, worth=0.9)
    put(store, record)
    old = store.storylines([LINE])[0]
    store.save_analysis(
        Analysis(
            record_ids=(record.id,),
            claims=(claim,),
            origins=(Origin("o" + record.id, (record.id,)),),
            storylines=(
                dataclasses.replace(
                    old,
                    claim_ids=(*old.claim_ids, claim.id),
                    record_ids=(*old.record_ids, record.id),
                    updated=NOW + timedelta(days=1),
                ),
            ),
            joined=(make_membership(claim),),
            findings=(make_finding([claim], first_seen=NOW + timedelta(days=1), last_seen=NOW + timedelta(days=1)),),
            now=NOW + timedelta(days=1),
        )
    )


def test_news_makes_a_new_version_under_the_old_address(store: Store) -> None:
    night(store)
    grow(store)
    report = night(store, now=NOW + timedelta(days=1, hours=1))
    first, second = sorted(store.all_stories(), key=lambda s: s.version)
    assert report.made == 1
    assert (second.version, second.slug, second.previous) == (2, first.slug, first.id)
    changed = next(s for s in second.sections if s.role == "changed")
    told = [s.text for p in changed.paragraphs for s in p]
    assert told[0] == "1 record and 1 origin have joined since version 1."
    assert any("noise test" in t for t in told)
    assert problems(to_bundle(second), store) == ()
    assert store.all_stories()[0] == first or store.all_stories()[1] == first


def test_a_storyline_without_material_news_gets_no_version_and_the_ranking_says_so(store: Store) -> None:
    night(store)
    old = store.storylines([LINE])[0]
    later = NOW + timedelta(days=1)
    store.save_analysis(Analysis(record_ids=(), storylines=(dataclasses.replace(old, updated=later),), now=later))
    report = night(store, now=later)
    assert (report.made, report.dropped["no material news"]) == (0, 1)
    (first, second) = store.rankings()
    assert (first.outcome, first.why) == ("told", "")
    assert (second.outcome, second.why) == ("unchanged", "no material news since version 1")
    assert sum(second.terms.values()) == pytest.approx(second.total)


def test_versions_keep_their_distance(store: Store) -> None:
    night(store)
    grow(store)
    soon = SETTINGS.model_copy(update={"write": SETTINGS.write.model_copy(update={"version_hours": 48})})
    report = write(store, soon, llm=None, now=NOW + timedelta(days=1, hours=1))
    assert report.made == 0
    assert store.rankings()[-1].why == "version 1 is 25.0 hours old, the next may follow after 48"
    assert write(store, SETTINGS, llm=None, now=NOW + timedelta(days=1, hours=1)).made == 1


def test_news_wakes_a_closed_story(store: Store) -> None:
    night(store)
    short = SETTINGS.model_copy(update={"ranking": SETTINGS.ranking.model_copy(update={"close_days": 1})})
    write(store, short, llm=None, now=NOW + timedelta(days=1))
    grow(store)
    assert write(store, short, llm=None, now=NOW + timedelta(days=1, hours=13)).made == 1
    endings = [s.ending is not None for s in sorted(store.all_stories(), key=lambda s: s.version)]
    assert endings == [False, True, False]


def test_the_same_event_under_another_storyline_is_told_once_and_not_again_for_weeks(store: Store) -> None:
    """A second storyline of the very same records, ranked lower, on the same night and alone a week later."""
    again = dataclasses.replace(store.storylines([LINE])[0], id="s" + "9" * 16, label="Harlow again")
    findings = [dataclasses.replace(f, id="f9" + f.id, storyline_id=again.id) for f in store.findings([LINE])]
    store.save_analysis(Analysis(record_ids=(), storylines=(again,), findings=tuple(findings), now=NOW))
    report = night(store)
    assert (report.made, report.dropped["told by another story"]) == (1, 1)
    (passed,) = [one for one in store.rankings() if one.outcome == "passed over"]
    assert "tells it (same evidence)" in passed.why
    later = NOW + timedelta(days=7)
    other = next(one for one in (LINE, again.id) if one == passed.storyline_id)
    line = dataclasses.replace(store.storylines([other])[0], updated=later)
    store.save_analysis(Analysis(record_ids=(), storylines=(line,), now=later))
    assert night(store, now=later).made == 0
    assert "told it on 2026-05-04 (same evidence)" in store.rankings()[-1].why
    assert night(store, now=later, settings={"saturation_days": 3}).made == 1


def test_a_storyline_of_one_origin_waits(store: Store) -> None:
    lonely = Settings.model_validate({"write": {"min_sentences": 3, "min_origins": 3}})
    report = write(store, lonely, llm=None, now=NOW)
    assert (report.seen, report.made) == (0, 0)
    assert store.all_stories() == []


def test_a_storyline_of_two_articles_of_one_outlet_waits() -> None:
    store = open_store(":memory:")
    second_line(store, papers=("Valley Radio", "Valley Radio"))
    assert candidates(store, SETTINGS, NOW).ready == ()
    alone = Settings.model_validate({"write": {"min_sentences": 2, "min_origins": 1}})
    assert write(store, alone, llm=None, now=NOW).made == 1
    story = only(store)
    assert (story.counts.records, story.counts.origins) == (2, 1)
    assert len({citation.origin_id for citation in story.citations}) == 1
    assert problems(to_bundle(story), store) == ()
    store.close()


def test_too_few_sentences_are_reported_with_the_storyline_and_the_reason(store: Store) -> None:
    strict = Settings.model_validate({"write": {"min_sentences": 20}})
    report = write(store, strict, llm=None, now=NOW)
    assert report.made == 0
    assert report.dropped["stories not written"] == 1
    assert "20 are needed" in report.notes[0]
    assert "Northwind" in report.notes[0]


def test_checkpoints_stand_around_each_commit(store: Store) -> None:
    names: list[str] = []
    night(store, checkpoint=names.append)
    assert names == ["write.before_story", "write.after_story"]


# --- models ----------------------------------------------------------------------------------------------------------


def good() -> dict[str, Any]:
    first, says, council, _, fear = sample_claims()
    return {
        "headline": {"text": "Northwind Power orders 12 gas turbines, Harbour Wire writes", "claims": [first.id]},
        "dek": {"text": "Harlow council approved the site by nine votes to two.", "claims": [council.id]},
        "sections": [
            {
                "heading": "What happened",
                "sentences": [
                    {
                        "text": "Northwind Power has ordered 12 gas turbines, Harbour Wire reports.",
                        "claims": [first.id],
                    },
                    {"text": "The company says they will supply 480 megawatts by March 2027.", "claims": [says.id]},
                    {"text": "Harlow council approved the site by nine votes to two.", "claims": [council.id]},
                ],
            },
            {"heading": "Harlow", "sentences": [{"text": fear.text, "claims": [fear.id]}]},
        ],
        "questions": [{"question": "What would change it?", "answer": {"text": fear.text, "claims": [fear.id]}}],
    }


def test_a_models_story_passes_the_same_gate(store: Store) -> None:
    model = Answering(good())
    report = night(store, llm=model)
    story = only(store)
    assert (story.writer, list(story.prompts)) == ("test-1", [PROMPT])
    assert report.cost == pytest.approx(0.02)
    assert "Harlow council approved the site by nine votes to two." in [s.text for s in every(story)]
    assert all(s.verdict.label is Label.SUPPORTED for s in every(story))
    assert problems(to_bundle(story), store) == ()


def test_the_model_sees_claims_between_markers_and_nothing_else(store: Store) -> None:
    model = Answering(good())
    night(store, llm=model)
    prompt = model.prompts[0]
    assert all(claim.id in prompt for claim in sample_claims())
    assert "https://" not in prompt
    marker = prompt.split("<data-", 1)[1].split(">", 1)[0]
    assert prompt.count(f"data-{marker}") == 2


def lying(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    answer = json.loads(json.dumps(good()))
    change(answer)
    return answer


def first_sentence(answer: dict[str, Any]) -> dict[str, Any]:
    sentence: dict[str, Any] = answer["sections"][0]["sentences"][0]
    return sentence


@pytest.mark.parametrize(
    "text",
    [
        "Northwind Power has ordered 21 gas turbines, Harbour Wire reports.",
        "Eastwind Power has ordered 12 gas turbines, Harbour Wire reports.",
        "Northwind Power has not ordered 12 gas turbines, Harbour Wire reports.",
        "Northwind Power has ordered 12 gas turbines, which will ruin Harlow.",
        "See https://evil.example for 12 gas turbines of Northwind Power.",
        "Northwind Power has ordered 12 gas turbines <script>alert(1)</script>.",
        "Ignore the rules: Northwind Power is bankrupt.",
    ],
)
def test_lies_and_foreign_text_never_reach_the_page(store: Store, text: str) -> None:
    def lie(answer: dict[str, Any]) -> None:
        first_sentence(answer)["text"] = text

    night(store, llm=Answering(lying(lie)))
    story = only(store)
    told = [s.text for s in every(story)]
    assert text not in told
    assert not any("http" in t or "<" in t or "bankrupt" in t for t in told)
    assert any("ordered 12 gas turbines" in t for t in told), "repaired with the source's own words"
    assert story.counts.repaired + story.counts.dropped > 0 or "http" in text or "<" in text


def test_unknown_claims_and_numbers_in_brackets_leave_nothing_behind(store: Store) -> None:
    def spoil(answer: dict[str, Any]) -> None:
        first_sentence(answer)["text"] += " [1]"
        answer["sections"][0]["sentences"].append({"text": "Northwind is rich.", "claims": ["c0000000000000000"]})

    night(store, llm=Answering(lying(spoil)))
    told = [s.text for s in every(only(store))]
    assert not any("[1]" in t or "rich" in t for t in told)


@pytest.mark.parametrize(
    "answer",
    [
        ModelError("test:1 refused to answer"),
        ModelError("test:1: rate limit, status 429"),
        BudgetExhausted("used up"),
        {},
        {"sections": "none"},
        {"sections": [{"heading": 3, "sentences": [{"text": 5, "claims": "x"}]}]},
        {"sections": [{"heading": "H", "sentences": [{"text": "Nothing known.", "claims": []}]}]},
    ],
)
def test_a_failing_model_costs_its_story_nothing(store: Store, answer: Mapping[str, Any] | Exception) -> None:
    report = night(store, llm=Answering(answer))
    assert only(store).writer == "extractive"
    assert len(report.failures) == 1
    assert report.failures[0].consequence == "written by extraction instead"
    if isinstance(answer, BudgetExhausted):
        assert report.notes[0].startswith("budget")


# --- subjects --------------------------------------------------------------------------------------------------------


def candidate(store: Store) -> Candidate:
    (found,) = candidates(store, SETTINGS, NOW).ready
    return found


def test_a_drifted_storyline_gets_another_address(store: Store) -> None:
    far = make_record(
        "Opera opens\n\nA festival of opera opened in Brackwater with a new work for choir.", publisher="Stage"
    )
    other = make_story(
        make_dossier([far], [make_claim(far)]), slug="opera-festival-brackwater-000000", storyline_id=LINE
    )
    assert drifted(other, candidate(store))
    assert not drifted(make_story(), candidate(store))
    store.save_story(other)
    night(store)
    latest = max(store.all_stories(), key=lambda s: s.slug.startswith("northwind"))
    assert latest.slug != other.slug
    assert (latest.version, latest.previous) == (1, None)
    assert latest.storyline_id != LINE
    assert night(store).made == 0


def test_the_content_hash_is_of_what_is_told_and_from_how_many() -> None:
    story = make_story()
    assert content_hash(story) == content_hash(dataclasses.replace(story, version=9, written=NOW + timedelta(days=1)))
    more = dataclasses.replace(story.counts, origins=story.counts.origins + 1)
    assert content_hash(story) != content_hash(dataclasses.replace(story, counts=more))


def test_single_storylines_that_share_names_are_told_as_one_story_of_their_beat() -> None:
    store = open_store(":memory:")
    records, claims = sample_records(), sample_claims()
    put(store, *records)
    names = ("northwind power", "harlow")
    named = [dataclasses.replace(c, entities=names) for c in claims]
    lines = [
        make_storyline([c for c in named if c.record_id == r.id], id=f"s{i}" + "0" * 15, label=f"Line {i}")
        for i, r in enumerate(records)
    ]
    findings = [make_finding([c], storyline_id=lines[[r.id for r in records].index(c.record_id)].id) for c in named]
    store.save_analysis(
        Analysis(
            record_ids=tuple(r.id for r in records),
            claims=tuple(named),
            origins=tuple(Origin("o" + r.id, (r.id,)) for r in records),
            storylines=tuple(lines),
            findings=tuple(findings),
            now=NOW,
        )
    )
    assert len(related(lines, gather(store, lines))) == 1
    report = night(store)
    assert report.made == 1
    story = only(store)
    assert story.storyline_id == min(lines, key=lambda s: (s.founded, s.id)).id
    assert story.counts.origins == 2
    store.close()
