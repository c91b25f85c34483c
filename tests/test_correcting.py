"""correcting: what is taken back goes from every version, what is corrected passes the gate, neither comes back."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta

import pytest
from factories import (
    NOW,
    make_citation,
    make_cited_record,
    make_claim,
    make_membership,
    make_record,
    make_story,
    make_storyline,
    sample_records,
)
from stored import analysed, put

from pipeline import correcting
from pipeline.amends import Correction, CorrectionKind
from pipeline.barred import sentence_hash
from pipeline.bundles import verify
from pipeline.bundles.bundle import to_bundle
from pipeline.computations import IDLE
from pipeline.correcting import Target, numbered
from pipeline.corrections import amending
from pipeline.domain import Ending, Finding, FindingState, Origin, Story, StoryKind, digest
from pipeline.errors import NotSupported, UsageError
from pipeline.newsroom import briefs
from pipeline.newsroom.closing import last_version
from pipeline.people import rule
from pipeline.protocols import Analysis, Store
from pipeline.settings import Settings
from pipeline.stores import open_store
from pipeline.write import write

DAY = timedelta(days=1)
SETTINGS = Settings.model_validate(
    {
        "write": {"min_sentences": 2, "version_hours": 0},
        "beat": [{"name": "Energy"}],
        "source": [{"name": "wire", "kind": "feed", "address": "https://wire.example/feed"}],
    }
)


@pytest.fixture
def store() -> Iterator[Store]:
    kept = open_store(":memory:")
    analysed(kept)
    write(kept, SETTINGS, llm=None, now=NOW)
    yield kept
    kept.close()


def told(store: Store) -> Story:
    (story,) = store.live_stories()
    return story


def number_of(story: Story, words: str) -> int:
    return next(n for n, s in enumerate(numbered(story), 1) if words in s.text and s.computation is None)


def texts(story: Story) -> list[str]:
    return [s.text for _, s, _ in verify.placed(story)]


def holds(story: Story, store: Store) -> None:
    assert verify.problems(to_bundle(story), store) == ()


def drop(store: Store, words: str, now: object = NOW + DAY) -> Correction:
    story = told(store)
    return correcting.correct(
        store, SETTINGS, story.slug, number_of(story, words), text=None, why="The count was wrong.", now=now
    )  # type: ignore[arg-type]


def another_night(store: Store, text: str = "", days: int = 2) -> None:
    """News of the same storyline, of an outlet of its own, and the write stage."""
    now = NOW + days * DAY
    body = text or "Harlow council will hear residents on noise from the turbines on 3 June."
    record = make_record(
        f"Noise hearing in Harlow\n\n{body}",
        id=f"r-news-{days}",
        url=f"https://post.example/{days}",
        publisher=f"Essex Post {days}",
        source=f"post-{days}",
        published=now,
        fetched=now,
    )
    claim = make_claim(record, body)
    put(store, record)
    (line,) = store.storylines()
    known = [*store.claims(line.claim_ids).values(), claim]
    grown = make_storyline(known, id=line.id, label=line.label, beats=line.beats, founded=line.founded, updated=now)
    store.save_analysis(
        Analysis(
            (record.id,),
            (claim,),
            origins=(Origin(record.id, (record.id,)),),
            storylines=(grown,),
            joined=(make_membership(claim, storyline_id=line.id, since=now),),
            findings=(Finding(f"f{days}", line.id, (claim.id,), (record.id,), FindingState.NEW, now, now, since=now),),
            now=now,
        )
    )
    write(store, SETTINGS, llm=None, now=now)


# --- one sentence ----------------------------------------------------------------------------------------------------


def test_a_dropped_sentence_goes_with_all_that_rests_on_its_claim_alone(store: Store) -> None:
    before = told(store)
    entry = drop(store, "nine votes")
    after = told(store)
    assert entry.kind is CorrectionKind.DROPPED
    assert (after.version, after.previous, after.slug) == (2, before.id, before.slug)
    assert not any("nine votes" in text for text in texts(after))
    assert all(not d.text for d in after.dropped[len(before.dropped) :])
    assert after.counts.dropped == len(after.dropped) > len(before.dropped)
    assert store.story_history(before.storyline_id) == [before, after], "what is corrected stays readable"
    holds(after, store)


def test_a_headline_that_goes_is_followed_by_a_sentence_that_stands(store: Store) -> None:
    entry = drop(store, "12 gas turbines")
    after = told(store)
    assert "12 gas turbines" not in " ".join(texts(after))
    assert after.headline.text in texts(after)[1:]
    assert after.short_title
    assert entry.successors == (after.id,)
    holds(after, store)


def test_corrected_words_stand_in_every_place_of_the_old_ones(store: Store) -> None:
    story = told(store)
    number = number_of(story, "nine votes to two,")
    new = "Harlow council approved the site on Tuesday by nine votes to two, The Harlow Ledger reports."
    entry = correcting.correct(
        store, SETTINGS, story.id, number, text=f"  {new}\n", why="The wrong site was named.", now=NOW + DAY
    )
    after = told(store)
    old = numbered(story)[number - 1].text
    assert texts(after).count(new) == texts(story).count(old) > 1
    assert old not in texts(after)
    assert (entry.old, entry.text) == (sentence_hash(old), new)
    holds(after, store)


@pytest.mark.parametrize(
    "text",
    [
        "Harlow council approved the site on Tuesday by eight votes to two, The Harlow Ledger reports.",
        "Harlow council rejected the Northwind Power site on Tuesday by nine votes to two.",
        "The mayor of Harlow resigned.",
    ],
)
def test_corrected_words_must_pass_the_gate(store: Store, text: str) -> None:
    story = told(store)
    with pytest.raises(NotSupported, match="do not bear the new sentence out"):
        correcting.correct(
            store, SETTINGS, story.slug, number_of(story, "nine votes"), text=text, why="Why.", now=NOW + DAY
        )
    assert store.corrections() == []
    assert told(store) == story


def test_what_cannot_be_asked_for_is_refused(store: Store) -> None:
    story = told(store)

    def ask(
        ident: str = story.slug, number: int = 2, text: str | None = None, why: str = "Why.", days: int = 1
    ) -> None:
        correcting.correct(store, SETTINGS, ident, number, text=text, why=why, now=NOW + days * DAY)

    computed = next(n for n, s in enumerate(numbered(story), 1) if s.computation)
    for wrong, why in (
        ({"ident": "nothing"}, "no story's latest version"),
        ({"number": 0}, "has sentences 1 to"),
        ({"number": 99}, "has sentences 1 to"),
        ({"number": computed}, "is computed"),
        ({"why": "  "}, "a reason of 1 to"),
        ({"why": "x" * 601}, "a reason of 1 to"),
        ({"text": "a\u202eb"}, "cannot be printed"),
        ({"text": numbered(story)[1].text}, "says already"),
        ({"days": -1}, "the clock says"),
    ):
        with pytest.raises(UsageError, match=why):
            ask(**wrong)  # type: ignore[arg-type]
    assert store.corrections() == []


def test_a_corrected_sentence_does_not_come_back_and_its_successor_is_carried_on(store: Store) -> None:
    story = told(store)
    number = number_of(story, "nine votes to two,")
    old = numbered(story)[number - 1].text
    new = "Harlow council approved the site on Tuesday by nine votes to two, The Harlow Ledger reports."
    correcting.correct(store, SETTINGS, story.slug, number, text=new, why="The wrong site.", now=NOW + DAY)
    another_night(store)
    after = told(store)
    assert after.version == 3
    assert any("hear residents" in text for text in texts(after)), "the night's news is told"
    assert old not in texts(after)
    assert texts(after).count(new) == 1
    holds(after, store)


def test_a_dropped_sentence_does_not_come_back_in_other_words(store: Store) -> None:
    drop(store, "12 gas turbines")
    another_night(store)
    after = told(store)
    assert after.version == 3
    assert "12" not in " ".join(texts(after))
    holds(after, store)


# --- taken back ------------------------------------------------------------------------------------------------------


def test_a_retracted_story_leaves_no_version_and_is_not_written_again_from_the_same(store: Store) -> None:
    story = told(store)
    entry = correcting.retract(store, SETTINGS, Target("story", story.storyline_id), "It was a hoax.", NOW + DAY)
    assert entry.withdrawn == (story.id,)
    assert store.all_stories() == []
    write(store, SETTINGS, llm=None, now=NOW + DAY)
    assert store.all_stories() == []
    another_night(store, days=2)
    another_night(store, "Harlow council hired two noise inspectors on Monday.", 3)
    again = told(store)
    assert (again.version, again.previous) == (1, None)
    assert again.slug != story.slug, "an address keeps its subject, withdrawn or not"
    assert not {c.claim_id for c in again.citations} & {c.claim_id for c in story.citations}
    holds(again, store)


def test_a_retracted_record_goes_from_every_version_that_cites_it(store: Store) -> None:
    ledger = sample_records()[1]
    another_night(store)
    first, second = store.all_stories()
    entry = correcting.retract(store, SETTINGS, Target("record", ledger.id), "The Ledger withdrew it.", NOW + 3 * DAY)
    assert set(entry.withdrawn) == {first.id, second.id}
    assert entry.successors == (told(store).id,)
    after = told(store)
    assert after.version == 3
    assert ledger.id not in {record.id for record in after.records}
    assert after.counts.records == second.counts.records - 1
    assert after.counts.origins == second.counts.origins - 1
    holds(after, store)
    another_night(store, days=4)
    assert ledger.id not in {record.id for record in told(store).records}


def test_a_story_that_rests_on_a_retracted_record_alone_goes_as_a_whole(store: Store) -> None:
    ledger = sample_records()[1]
    story = told(store)
    entry = correcting.retract(store, SETTINGS, Target("record", ledger.id), "Withdrawn.", NOW + DAY)
    assert entry.withdrawn == (story.id,), "one origin is left, two are needed"
    assert store.all_stories() == []


def test_a_retracted_sentence_goes_from_every_version_and_a_source_takes_all_its_records(store: Store) -> None:
    story = told(store)
    target = correcting.resolve(store, SETTINGS, sentence_hash(numbered(story)[1].text)[:10])
    assert target.what == "sentence"
    entry = correcting.retract(store, SETTINGS, target, "It named the wrong council.", NOW + DAY)
    assert entry.withdrawn == (story.id,)
    assert "nine votes" not in " ".join(texts(told(store)))
    holds(told(store), store)
    entry = correcting.retract(
        store, SETTINGS, Target("source", sample_records()[0].source), "It made things up.", NOW + 2 * DAY
    )
    assert store.all_stories() == []
    another_night(store, days=3)
    again = told(store)
    assert again.slug != story.slug
    assert sample_records()[0].source not in {record.source for record in again.records}


def test_names_are_resolved_or_refused_with_advice(store: Store) -> None:
    story = told(store)
    for ident in (story.id, story.slug, story.storyline_id):
        assert correcting.resolve(store, SETTINGS, ident) == Target("story", story.storyline_id)
    assert correcting.resolve(store, SETTINGS, sample_records()[0].id).what == "record"
    assert correcting.resolve(store, SETTINGS, "wire").what == "source"
    with pytest.raises(UsageError, match="nothing published is called 'nonsense'"):
        correcting.resolve(store, SETTINGS, "nonsense")
    correcting.retract(store, SETTINGS, Target("story", story.storyline_id), "Why.", NOW + DAY)
    with pytest.raises(UsageError, match="is withdrawn already"):
        correcting.resolve(store, SETTINGS, story.slug)


# --- what verify says of it ------------------------------------------------------------------------------------------


def test_verify_knows_what_a_corrected_version_must_print(store: Store) -> None:
    story = told(store)
    number = number_of(story, "nine votes to two,")
    new = "Harlow council approved the site on Tuesday by nine votes to two, The Harlow Ledger reports."
    correcting.correct(store, SETTINGS, story.slug, number, text=new, why="The wrong site.", now=NOW + DAY)
    after = told(store)
    (entry,) = after.corrections
    assert verify.problems(to_bundle(after)) == ()

    def rules(**changes: object) -> set[str]:
        wrong = dataclasses.replace(after, corrections=(dataclasses.replace(entry, **changes),))  # type: ignore[arg-type]
        return {problem.rule for problem in verify.problems(to_bundle(wrong))}

    assert rules(old=sentence_hash(new)) == {"correction"}
    assert rules(text="Something else.") == {"correction"}
    first = dataclasses.replace(after, previous=None)
    assert "correction" in {problem.rule for problem in verify.problems(to_bundle(first))}


def test_verify_with_the_store_finds_a_copy_of_what_was_withdrawn(store: Store) -> None:
    story = told(store)
    bundle = to_bundle(story)
    correcting.retract(store, SETTINGS, Target("story", story.storyline_id), "Why.", NOW + DAY)
    assert verify.problems(bundle) == (), "by itself it fits together"
    assert [problem.rule for problem in verify.problems(bundle, store)] == ["withdrawn"]


def test_an_allegation_cannot_be_printed_by_hand_either(store: Store) -> None:
    """The rule on people holds for a corrected sentence: the words of one origin, no court, no attribution."""
    fraud = "Northwind Power director Adam Roe stole money from the Harlow campus."
    record = make_record(f"Theft in Harlow\n\n{fraud}", id="rroe", publisher="The Harlow Ledger", source="roe")
    claim = make_claim(record, fraud)
    story = told(store)
    span = make_citation(claim, record)
    number = number_of(story, "nine votes to two,")
    old = numbered(story)[number - 1]
    cited = dataclasses.replace(old, citations=(*old.citations, span.key))
    swap = amending.instead(sentence_hash(old.text), cited)
    sections = tuple(
        dataclasses.replace(c, paragraphs=tuple(tuple(swap(s) or s for s in p) for p in c.paragraphs))
        for c in story.sections
    )
    fuller = dataclasses.replace(
        story,
        sections=sections,
        citations=(*story.citations, span),
        records=(*story.records, make_cited_record(record)),
    )
    with pytest.raises(NotSupported, match=rule.RULE):
        correcting.supported(fuller, cited, fraud.replace(".", ", The Harlow Ledger reports."))


def test_a_briefing_that_was_withdrawn_today_is_not_written_again_today(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = briefs.subject(NOW)
    one = make_story(
        id="y" + digest("story", key, "1"), storyline_id=key, slug="briefing-1", kind=StoryKind.BRIEFING, written=NOW
    )
    store.save_story(one)
    correcting.retract(store, SETTINGS, Target("story", key), "It was wrong.", NOW + timedelta(hours=1))
    monkeypatch.setattr(briefs, "briefing", lambda *_, **__: dataclasses.replace(one, short_title="Again"))
    write(store, SETTINGS, llm=None, now=NOW + timedelta(hours=2))
    assert store.story_history(key) == []
    assert store.story_history(key, withdrawn=True) == [one]


@pytest.mark.parametrize("woken", [False, True])
def test_a_corrected_story_stays_closed_only_while_nothing_has_joined_it_since(store: Store, woken: bool) -> None:
    story, end = told(store), NOW + 40 * DAY
    closed = last_version(story, Ending(IDLE, NOW), now=end, settings_hash=SETTINGS.fingerprint())
    assert closed is not None
    store.save_story(closed)
    holds(closed, store)
    if woken:
        body = "The panels of Harlow have been cleaned."
        record = make_record(body, id="r-late", published=end, fetched=end + DAY)
        put(store, record)
        late = make_claim(record, body)
        joined = make_membership(late, storyline_id=story.storyline_id, since=end + DAY)
        store.save_analysis(Analysis(record_ids=(record.id,), claims=(late,), joined=(joined,), now=end + DAY))
    words = next(s.text for s in reversed(numbered(closed)) if s.citations and s.computation is None)
    drop(store, words, end + 9 * DAY)
    after = told(store)
    assert after.version == closed.version + 1
    assert (after.ending is None) is woken
    assert ("Nothing has joined" in " ".join(texts(after))) is not woken
    holds(after, store)
