"""Related stories: a typed reason by rule, and none for what nearly all stories name."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

from factories import NOW, make_claim, make_dispute, make_dossier, make_finding, make_record, make_story, make_storyline

from pipeline.domain import FindingState, Relation, Story, Turn, TurnKind
from pipeline.newsroom.relations import Subject, related


def told(subject: str, text: str, *, at: datetime = NOW, written: datetime = NOW) -> Story:
    """A story of one record that says `text`."""
    record = make_record(text, id="r" + subject, published=at)
    dossier = make_dossier([record], [make_claim(record, text, published=at)])
    ids = {"id": "y" + subject, "storyline_id": subject, "slug": subject}
    return make_story(dossier, **ids, written=written)


OWN = "Corvane Systems moved its Harlow campus to 2029, the Merrow County board said."
NEAR = "The Merrow County board heard Corvane Systems about turbines."
FAR = "Ostrava Steel opened a mill in Kettle Bay."


def reasons(own: Story, *others: Story, **kwargs: object) -> dict[str, Relation]:
    found = related(own, kwargs.get("line"), kwargs.get("findings", ()), [Subject.of(o) for o in others])  # type: ignore[arg-type]
    return {one.story_id: one.relation for one in found}


def test_two_rare_names_relate_and_time_says_how() -> None:
    own = told("a", OWN)
    assert reasons(own, told("b", NEAR), told("c", FAR)) == {"yb": Relation.ELABORATES}
    day = NOW - timedelta(days=1)
    assert reasons(own, told("b", NEAR, at=day, written=day)) == {"yb": Relation.FOLLOWS}
    week = NOW - timedelta(days=7)
    assert reasons(own, told("b", NEAR, at=week, written=week)) == {"yb": Relation.BACKGROUND}


def test_countries_relate_nothing() -> None:
    own = told("a", "Officials in China and Germany argued about pork, a ministry said.")
    assert reasons(own, told("b", "Shares rose in Germany and China after a holiday, brokers said.")) == {}


def test_names_that_most_stories_carry_relate_nothing() -> None:
    crowd = [told(f"n{n}", NEAR.replace("turbines", f"matter {n}")) for n in range(12)]
    assert reasons(told("a", OWN), *crowd) == {}


def test_a_dispute_with_what_another_cites_contradicts() -> None:
    own, other = told("a", OWN), told("b", FAR)
    mine, theirs = (make_claim(make_record(t, id="r" + i), t) for i, t in (("a", OWN), ("b", FAR)))
    mine = dataclasses.replace(mine, id=own.citations[0].claim_id)
    theirs = dataclasses.replace(theirs, id=other.citations[0].claim_id)
    finding = make_finding([mine], state=FindingState.CONTRADICTED, disputes=(make_dispute(mine, theirs),))
    assert reasons(own, other, findings=(finding,)) == {"yb": Relation.CONTRADICTS}


def test_a_storyline_that_split_follows_the_one_it_left() -> None:
    own, other = told("a", OWN), told("b", FAR)
    record = make_record(OWN)
    turn = Turn(TurnKind.SPLIT_FROM, NOW, "b", "Ostrava Steel", "two subjects")
    line = make_storyline([make_claim(record, OWN)], id="a", turns=(turn,))
    assert reasons(own, other, line=line) == {"yb": Relation.FOLLOWS}


def test_a_story_is_not_related_to_its_own_earlier_versions() -> None:
    assert reasons(told("a", OWN), told("a", NEAR)) == {}
