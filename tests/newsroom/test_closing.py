"""Last versions: which stories are closed and how many a night, what they say, and that anybody can check it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta

import pytest
from factories import (
    NOW,
    make_claim,
    make_membership,
    make_record,
    make_signal,
    make_story,
    make_storyline,
    sample_claims,
)
from stored import analysed, put

from pipeline import computations
from pipeline.amends import Correction, CorrectionKind
from pipeline.bundles.bundle import to_bundle
from pipeline.bundles.verify import problems
from pipeline.domain import Computation, Ending, Section, Sentence, SentenceClass, Story, Turn, TurnKind
from pipeline.newsroom.closing import MOST, due, last_version, open_still
from pipeline.protocols import Analysis, Store
from pipeline.settings import Settings
from pipeline.stores import open_store
from pipeline.write import write

SETTINGS = Settings.model_validate({"write": {"min_sentences": 3}, "beat": [{"name": "Energy"}]})
LINE = make_storyline(sample_claims())
LATE = NOW + timedelta(days=31)
OTHER = "s" + "7" * 16


@pytest.fixture
def store() -> Iterator[Store]:
    """A desk that has told the sample."""
    kept = open_store(":memory:")
    analysed(kept)
    write(kept, SETTINGS, llm=None, now=NOW)
    yield kept
    kept.close()


def only(store: Store) -> Story:
    (story,) = store.all_stories()
    return story


def closed(story: Story, ending: Ending, **changed: object) -> Story:
    made = last_version(story, ending, now=LATE, settings_hash="x")
    assert made is not None
    return dataclasses.replace(made, **changed)  # type: ignore[arg-type]


def said(story: Story) -> list[str]:
    return [s.text for section in story.sections if section.role == "changed" for p in section.paragraphs for s in p]


def test_a_last_version_is_no_correction_and_was_not_written_from_what_the_one_before_was(store: Store) -> None:
    entry = Correction("k1", CorrectionKind.DROPPED, NOW, "sentence", "ab", "Wrong.")
    corrected = dataclasses.replace(only(store), corrections=(entry,), support="of an older model")
    last = closed(corrected, Ending("idle", NOW))
    assert (last.corrections, last.inputs) == ((), "")
    assert problems(to_bundle(last)) == ()


def test_a_silent_storyline_gets_a_last_version_that_says_so_and_verifies(store: Store) -> None:
    report = write(store, SETTINGS, llm=None, now=LATE)
    first, last = sorted(store.all_stories(), key=lambda story: story.version)
    assert report.made == 1
    assert any("closed, idle since" in note for note in report.notes)
    assert (last.version, last.slug, last.previous, last.headline) == (2, first.slug, first.id, first.headline)
    assert said(last) == [
        "Nothing has joined this storyline since 4 May 2026, 31 days before this version, the last of its story."
    ]
    assert problems(to_bundle(last), store) == ()
    assert problems(to_bundle(last)) == ()


def test_a_closed_story_is_closed_once(store: Store) -> None:
    write(store, SETTINGS, llm=None, now=LATE)
    assert write(store, SETTINGS, llm=None, now=LATE + timedelta(days=40)).made == 0


def test_what_joined_by_a_clock_that_ran_ahead_counts_as_joined(store: Store) -> None:
    """Fails where silence begins with the last night that touched a storyline: a clock set back may have dated it."""
    (line,) = store.storylines()
    record = make_record("Harlow adds turbines\n\nHarlow adds 2 turbines, the town said.", id="rlate")
    claim = make_claim(record, "Harlow adds 2 turbines, the town said.")
    ahead = dataclasses.replace(make_membership(claim, storyline_id=line.id), since=NOW + timedelta(hours=40))
    put(store, record)
    store.save_analysis(Analysis((record.id,), (claim,), storylines=(line,), joined=(ahead,), now=NOW))
    assert write(store, SETTINGS, llm=None, now=LATE).made == 0
    assert write(store, SETTINGS, llm=None, now=LATE + timedelta(days=2)).made == 1
    last = max(store.all_stories(), key=lambda story: story.version)
    assert last.ending == Ending("idle", NOW + timedelta(hours=40))
    assert problems(to_bundle(last), store) == ()


def test_a_month_must_pass(store: Store) -> None:
    assert write(store, SETTINGS, llm=None, now=NOW + timedelta(days=29)).made == 0


def test_a_merged_storyline_is_closed_and_says_when() -> None:
    at = NOW + timedelta(days=2)
    line = dataclasses.replace(
        LINE, merged_into=OTHER, turns=(Turn(TurnKind.MERGED_INTO, at, OTHER, "Other", "share words"),)
    )
    ((story, ending),) = due([make_story()], {line.id: line}, now=at, days=30)
    assert ending == Ending("merged", at, OTHER)
    last = closed(story, ending)
    assert said(last) == [
        "This storyline was merged into another on 6 May 2026; this is the last version of its story."
    ]
    assert problems(to_bundle(last)) == problems(to_bundle(story))


def test_few_stories_are_closed_in_one_night_the_longest_over_first() -> None:
    lines = {f"s{n:016}": dataclasses.replace(LINE, id=f"s{n:016}", updated=NOW - timedelta(days=n)) for n in range(40)}
    live = [dataclasses.replace(make_story(), id=f"y{n}", storyline_id=key) for n, key in enumerate(lines)]
    found = due(live, lines, now=LATE, days=31)
    assert [story.id for story, _ in found] == [f"y{39 - n}" for n in range(MOST)]


def test_what_had_changed_before_moves_to_the_story_so_far() -> None:
    story = make_story()
    body = story.sections[-1]
    changed = dataclasses.replace(body, role="changed", heading="What changed since the last version")
    last = closed(dataclasses.replace(story, sections=(*story.sections, changed)), Ending("idle", NOW))
    assert [section.role for section in last.sections] == ["takeaways", "body", "changed", "so_far"]
    assert last.sections[-1].paragraphs == tuple((s,) for p in changed.paragraphs for s in p)


@pytest.mark.parametrize(
    "forged",
    [
        Ending("idle", NOW - timedelta(days=3)),
        Ending("merged", NOW, OTHER),
        None,
    ],
)
def test_a_last_version_whose_reason_was_changed_does_not_verify(forged: Ending | None) -> None:
    last = closed(make_story(), Ending("idle", NOW))
    rules = {problem.rule for problem in problems(to_bundle(dataclasses.replace(last, ending=forged)))}
    assert rules & {"analysis", "ending"}


def test_an_end_that_did_not_come_does_not_verify_against_the_store(store: Store) -> None:
    merged = closed(only(store), Ending("merged", NOW, OTHER))
    assert {p.rule for p in problems(to_bundle(merged), store)} == {"ending"}
    early = closed(only(store), Ending("idle", NOW - timedelta(days=9)))
    assert {p.rule for p in problems(to_bundle(early), store)} == {"ending"}


def test_the_signal_that_a_sentence_is_computed_from_goes_on_with_it() -> None:
    story, signal, other = make_story(), make_signal(), make_signal(score=9.0)
    known = dataclasses.replace(story, signals=(signal, other))
    facts = computations.facts_of(known)
    value = computations.compute("signal", (signal.id,), facts)
    text = computations.render("signal", (signal.id,), value, facts)
    bound = Computation("signal", (signal.id,), value)
    told = Sentence(text, SentenceClass.ANALYSIS, (), story.headline.verdict, bound)
    known = dataclasses.replace(known, sections=(*known.sections, Section("body", None, ((told,),))))
    last = closed(known, Ending("idle", NOW))
    assert last.signals == (signal,)
    assert not [problem for problem in problems(to_bundle(last)) if problem.rule == "analysis"]


def test_what_a_clock_that_was_set_back_closed_already_is_not_closed_again() -> None:
    """The closing version was written at a time that has not come: it stands, and is not overwritten."""
    story = make_story(id="y1", version=1, storyline_id=LINE.id)
    ahead = make_story(
        id="y2", version=2, storyline_id=LINE.id, previous="y1", written=LATE, ending=Ending("idle", NOW)
    )
    assert open_still([story], [], NOW) == [story]
    assert open_still([story], [ahead], LATE) == [story]  # that night, run again
    assert open_still([story], [ahead], LATE - timedelta(days=1)) == []
