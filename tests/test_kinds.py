"""Dispatches, beat and entity stories, briefings: chosen by rule, never a second story, through the same gate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest
from factories import (
    NOW,
    make_claim,
    make_dossier,
    make_finding,
    make_membership,
    make_record,
    make_sentence,
    make_signal,
    make_story,
    make_storyline,
)
from stored import analysed, put
from story_laws import broken

from pipeline.bundles.bundle import to_bundle
from pipeline.bundles.verify import problems
from pipeline.compose.shapes import DISPATCH_WORDS
from pipeline.domain import BeatScore, Entity, Origin, Section, StageReport, Story, StoryKind, Variants
from pipeline.entities.registry import identity
from pipeline.newsroom import briefs
from pipeline.people import rule
from pipeline.protocols import Analysis, Store
from pipeline.settings import Settings
from pipeline.stores import open_store
from pipeline.write import write

FIRM = "Ostrom Cells"
MATTERS = (  # storylines of one beat that all name one firm and share nothing else
    (
        "Ostrom Cells opened a battery plant in Lindholm on Monday",
        "The Lindholm plant cost $420 million",
        "Lindholm expects 310 jobs there",
        "A Lindholm school will train its welders",
    ),
    (
        "Ostrom Cells recalled 9,000 scooters in Castlebay after two fires",
        "Castlebay firemen counted 14 burnt garages",
        "A Castlebay court will hear owners in May",
        "Castlebay insurers put the damage at $2 million",
    ),
    (
        "Ostrom Cells named Petra Quill its chief executive",
        "Petra Quill ran Merrow Rail for six years",
        "Merrow Rail shares fell 3 percent on the news",
        "Merrow Rail starts to look for her successor in June",
    ),
    (
        "Ostrom Cells sued Tarn Lithium over a missed delivery",
        "Tarn Lithium shipped 40 tonnes instead of 95",
        "Tarn Lithium blamed a flooded quarry",
        "Tarn Lithium pumped the quarry dry in October",
    ),
)


@pytest.fixture
def store() -> Iterator[Store]:
    kept = open_store(":memory:")
    analysed(kept)
    yield kept
    kept.close()


def settings(write: Mapping[str, int] = MappingProxyType({"min_sentences": 3}), **stories: Any) -> Settings:
    return Settings.model_validate({"stories": stories, "write": dict(write), "beat": [{"name": "Energy"}]})


def line(store: Store, n: int) -> str:
    """A storyline of two outlets about the n-th matter; its id."""
    records, claims = [], []
    for at, paper in enumerate((f"Valley Radio {n}", f"Coast Post {n}")):
        said = [f"{part}." for part in (MATTERS[n][:3] if at == 0 else MATTERS[n][3:])]
        ids = {"id": f"r{n}{at}" + "0" * 13, "source": paper, "publisher": paper, "url": f"https://{n}{at}.example/a"}
        record = make_record(" ".join(said), title="", published=NOW - timedelta(hours=6 - at), **ids)
        put(store, record)
        records.append(record)
        claims += [
            make_claim(record, one, entities=("ostrom cells",) if FIRM in one else (), worth=0.8 - 0.1 * at)
            for one in said
        ]
    ident = f"s{n}" + "1" * 15
    entity = Entity(identity("ostrom cells"), "ostrom cells", FIRM, "organisation", NOW, NOW, 8)
    store.save_analysis(
        Analysis(
            record_ids=tuple(record.id for record in records),
            claims=tuple(claims),
            origins=tuple(Origin("o" + record.id, (record.id,)) for record in records),
            storylines=(make_storyline(claims, id=ident, label=MATTERS[n][0]),),
            joined=tuple(make_membership(claim, storyline_id=ident) for claim in claims),
            findings=tuple(make_finding([claim], storyline_id=ident) for claim in claims),
            record_beats={record.id: (BeatScore("Energy", 0.8, "keyword"),) for record in records},
            entities=(entity,),
            now=NOW,
        )
    )
    return ident


def signals(store: Store, *lines: str, held: str | None = None) -> None:
    store.save_signals([make_signal(id=f"g{one}", subject=one, window_end=NOW, held=held) for one in lines], NOW)


def night(store: Store, desk: Settings, days: int = 0) -> StageReport:
    report = write(store, desk, llm=None, now=NOW + timedelta(days=days))
    for story in store.all_stories():
        assert problems(to_bundle(story), store) == (), story.kind
        assert list(broken(story)) == []
    return report


def of_kind(store: Store, kind: StoryKind) -> list[Story]:
    return [story for story in store.all_stories() if story.kind is kind]


def told(story: Story) -> list[str]:
    return [s.text for section in story.sections for p in section.paragraphs for s in p]


ONE = {"max_stories": 1, "min_sentences": 3}


def test_the_most_prominent_story_is_the_lead(store: Store) -> None:
    line(store, 0)
    night(store, settings())
    (lead,) = of_kind(store, StoryKind.LEAD)
    assert lead.rank["total"] == max(story.rank["total"] for story in store.all_stories() if story.rank)
    assert len(of_kind(store, StoryKind.STORY)) == 1


def test_a_signal_without_room_for_a_story_has_a_dispatch(store: Store) -> None:
    first, second, quiet = line(store, 0), line(store, 1), line(store, 2)
    signals(store, first, second)
    report = night(store, settings(beat_days=0, entity_days=0, write=ONE))
    (dispatch,) = of_kind(store, StoryKind.DISPATCH)
    (lead,) = of_kind(store, StoryKind.LEAD)
    assert {dispatch.storyline_id, lead.storyline_id} == {first, second}
    assert quiet not in {story.storyline_id for story in store.all_stories()}
    words = sum(len(text.split()) for text in told(dispatch))
    assert 20 < words <= DISPATCH_WORDS
    assert {section.role for section in dispatch.sections} == {"body"}
    assert "velocity stood at 3" in told(dispatch)[-1]
    assert report.made == 2


def test_the_same_night_again_adds_nothing_of_any_kind(store: Store) -> None:
    signals(store, *[line(store, n) for n in range(4)][:2])
    desk = settings(members=2, write=ONE)
    night(store, desk)
    before = store.all_stories()
    assert {story.kind for story in before} >= {StoryKind.LEAD, StoryKind.DISPATCH, StoryKind.BEAT, StoryKind.BRIEFING}
    assert night(store, desk).made == 0
    assert store.all_stories() == before


def test_no_dispatches_where_none_are_wanted_and_none_on_what_is_held(store: Store) -> None:
    ident = line(store, 0)
    signals(store, ident, held="too early")
    night(store, settings(beat_days=0, entity_days=0, write=ONE))
    signals(store, ident)
    night(store, settings(beat_days=0, entity_days=0, dispatches=0, write=ONE), 1)
    assert not of_kind(store, StoryKind.DISPATCH)


def test_a_beat_story_tells_what_no_other_tells_once_a_week(store: Store) -> None:
    for n in range(4):
        line(store, n)
    desk = settings(entity_days=0, write=ONE)
    night(store, desk)
    (beat,) = of_kind(store, StoryKind.BEAT)
    others = {c.evidence.record_id for s in store.all_stories() if s.kind is StoryKind.LEAD for c in s.citations}
    assert not others & {c.evidence.record_id for c in beat.citations}
    body = [section for section in beat.sections if section.role == "body"]
    assert len(body) >= 3
    assert all(1 <= sum(map(len, section.paragraphs)) <= 2 for section in body)
    assert beat.slug.startswith("energy-")
    assert beat.headline.text == f"Energy: {len(body)} matters in brief, 4 May 2026"
    night(store, desk, 6)
    assert len(of_kind(store, StoryKind.BEAT)) == 1


def test_an_entity_story_tells_what_names_it(store: Store) -> None:
    for n in range(4):
        line(store, n)
    night(store, settings(beat_days=0, write=ONE))
    (entity,) = of_kind(store, StoryKind.ENTITY)
    body = [s for section in entity.sections if section.role == "body" for p in section.paragraphs for s in p]
    assert all(FIRM in sentence.text for sentence in body)
    assert entity.slug.startswith("ostrom-cells-")
    assert entity.headline.text.startswith("Ostrom Cells: ")


def test_what_a_dispatch_told_may_grow_into_a_story_under_its_address(store: Store) -> None:
    ident = line(store, 0)
    signals(store, ident)
    night(store, settings(beat_days=0, entity_days=0, write={"max_stories": 1, "min_sentences": 9}))
    (dispatch,) = of_kind(store, StoryKind.DISPATCH)
    assert (dispatch.storyline_id, dispatch.version) == (ident, 1)


def test_a_briefing_holds_only_sentences_of_its_stories_in_eighty_words_each(store: Store) -> None:
    line(store, 0)
    night(store, settings())
    (briefing,) = of_kind(store, StoryKind.BRIEFING)
    stories = [s for s in store.all_stories() if s.kind is not StoryKind.BRIEFING]
    paragraphs = [p for section in briefing.sections for p in section.paragraphs]
    assert len(paragraphs) == len(stories) == 2
    for paragraph in paragraphs:
        assert sum(len(s.text.split()) for s in paragraph) <= 80
        assert any({s.text for s in paragraph} <= {s.text for s in briefs.blurb(story)} for story in stories)
    assert briefing.headline.text == "Briefing of 4 May 2026: 4 records from 4 origins"


def test_one_story_needs_no_briefing(store: Store) -> None:
    night(store, settings())
    assert not of_kind(store, StoryKind.BRIEFING)


def test_a_briefing_keeps_no_accusation_beside_an_answer_that_it_does_not_tell() -> None:
    accuses = "The court charged Ana Quill with fraud on Monday, its clerk said in Lindholm."
    answers = "Quill denied the charge of fraud; her firm opened a plant in Castlebay on Friday."
    stories = []
    for n, (quote, text) in enumerate(
        ((accuses, accuses), (answers, "The firm opened a plant in Castlebay on Friday."))
    ):
        record = make_record(quote, id=f"r{n}", publisher=f"Paper {n}", source=f"Paper {n}")
        claim = make_claim(record, quote)
        says = make_sentence(text, claim.evidence[0].key)
        story = make_story(make_dossier([record], [claim]), id=f"y{n}", storyline_id=f"s{n}", headline=says)
        stories.append(
            replace(story, sections=(Section("body", None, ((says,),)),), dek=None, variants=Variants(blurb=text))
        )
    third = make_story(make_dossier(), id="y9", storyline_id="s9", variants=Variants(blurb=make_story().dek.text))
    found = briefs.briefing([*stories, third], now=NOW, beats=[], settings_hash="0" * 16, previous=None)
    assert found is not None
    printed = told(found)
    quotes = [citation.evidence.quote for citation in found.citations]
    assert accuses in printed
    assert rule.unanswered(printed, quotes) == ()
    assert rule.unanswered([accuses], [answers]) != ()
