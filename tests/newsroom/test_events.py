"""Two stories about one event: the one rule, with made pairs for and against each of its parts."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from factories import NOW, make_claim, make_dossier, make_record, make_sentence, make_story

from pipeline.domain import Story
from pipeline.newsroom.events import Telling, one_event, retold


def story(headline: str, *sentences: str, paper: str = "Coast Post", records: int = 1, **changed: object) -> Story:
    """A story that cites each sentence, spread over `records` records of a paper."""
    spread = [sentences[n::records] for n in range(records)]
    papers = [
        make_record(
            f"{headline}\n\n{' '.join(told)}",
            publisher=paper,
            url=f"https://{paper.partition(' ')[0].lower()}.example/{len(headline)}/{n}",
            published=NOW - timedelta(hours=n + 1),
        )
        for n, told in enumerate(spread)
    ]
    claims = [make_claim(p, one) for p, told in zip(papers, spread, strict=True) for one in told]
    made = make_story(make_dossier(papers, claims), storyline_id="s" + headline[:9], headline=make_sentence(headline))
    return dataclasses.replace(made, **changed)  # type: ignore[arg-type]


FIRE = (
    "Fire destroyed the Marston grain hall on Tuesday night.",
    "Forty firefighters fought the blaze until dawn.",
    "The hall held 900 tonnes of barley.",
)
OTHER_WORDS = (
    "A blaze burnt down the grain hall of Marston late on Tuesday.",
    "Crews needed until sunrise to put the flames out.",
    "Nine hundred tonnes of barley were lost with it.",
)
STRIKE = (
    "Ferry crews in Quill will strike for three days from Monday.",
    "Their union asks for nine percent more pay.",
    "The ferry firm calls the strike unlawful.",
)


def told(*args: object, **changed: object) -> Telling:
    return Telling.of(story(*args, **changed))  # type: ignore[arg-type]


def test_the_same_records_make_one_event_whatever_is_said_of_them() -> None:
    mine = told("Hall burns in Marston", *FIRE)
    theirs = dataclasses.replace(told("Ferry crews strike", *STRIKE), records=mine.records)
    assert one_event(mine, theirs) == "evidence"
    assert retold(mine, theirs) == "evidence"


def test_half_of_the_records_is_not_most_of_them() -> None:
    mine = dataclasses.replace(told("Hall burns", *FIRE), records=frozenset("ab"))
    theirs = dataclasses.replace(told("Ferry crews strike", *STRIKE), records=frozenset("bcd"))
    assert one_event(mine, theirs) == ""
    assert one_event(mine, dataclasses.replace(theirs, records=frozenset("abcd"))) == "evidence"


def test_the_same_statements_of_other_papers_make_one_event() -> None:
    mine, theirs = told("Hall burns in Marston", *FIRE), told("Barley lost", *FIRE, "It rained.", paper="Valley Radio")
    assert not mine.records & theirs.records
    assert one_event(mine, theirs) == one_event(theirs, mine) == "findings"
    assert retold(mine, theirs) == "findings"


def test_a_short_story_that_is_only_part_of_a_long_earlier_one_is_retold_and_not_the_other_way_round() -> None:
    short, long = (
        told("Hall burns", *FIRE),
        told("A night of fires", *FIRE, *STRIKE, *OTHER_WORDS, paper="Valley Radio"),
    )
    assert retold(short, long) == "findings"
    assert retold(long, short) == ""


def test_headlines_that_say_the_same_make_one_event_of_one_edition_only() -> None:
    mine = told("Grain hall of Marston burns down on Tuesday", *FIRE)
    theirs = told("Tuesday: Marston grain hall burns down", *OTHER_WORDS, paper="Valley Radio")
    assert one_event(mine, theirs) == "headlines"
    assert retold(theirs, mine) == "", "a hall may burn in two weeks"


def test_leads_in_the_same_rare_words_make_one_event() -> None:
    rare = "Zondwater Quarrystone Melkbos Ravensthorpe Kestrelbay Ouderkerk"
    mine = dataclasses.replace(told("Hall burns", *FIRE), lead=frozenset(rare.lower().split()))
    theirs = dataclasses.replace(told("Ferry crews strike", *STRIKE), lead=frozenset(rare.lower().split()) | {"say"})
    assert one_event(mine, theirs) == "leads"
    assert retold(mine, theirs) == ""
    common = frozenset("say said year report new time day week".split())
    own = frozenset("quill ferri union marston barley firefight harbour tonn sunris crane".split())
    mine, theirs = (
        dataclasses.replace(one, lead=common | {f"{n}{w}" for w in own}) for n, one in enumerate((mine, theirs))
    )
    assert one_event(mine, theirs) == "", "common words are in every lead"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (("Hall burns in Marston", *FIRE), ("Ferry crews in Quill will strike", *STRIKE)),
        (
            (
                "Nobel prize in physics goes to three",
                "Three scientists won the Nobel prize in physics for flashes of light.",
            ),
            (
                "Nobel prize in chemistry goes to three",
                "Three scientists won the Nobel prize in chemistry for quantum dots.",
            ),
        ),
        (
            (
                "Bus falls off bridge near Venice",
                "A bus fell off a bridge near Venice and at least 21 people were killed.",
            ),
            (
                "Church roof falls in Tampico",
                "A church roof fell in Tampico and at least 10 people were killed, 60 injured.",
            ),
        ),
    ],
)
def test_other_events_of_the_same_sort_stay_apart(a: tuple[str, ...], b: tuple[str, ...]) -> None:
    assert one_event(told(*a), told(*b, paper="Valley Radio")) == ""


def test_the_rule_does_not_ask_who_comes_first() -> None:
    stories = [told("Hall burns", *FIRE), told("Barley lost", *FIRE, paper="A B"), told("Strike", *STRIKE, paper="C D")]
    for a in stories:
        for b in stories:
            assert one_event(a, b) == one_event(b, a)
