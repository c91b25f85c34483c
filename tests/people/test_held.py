"""Held items: known by content, decided by a person, counted in the report."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import Held
from pipeline.people import held

NIGHT = datetime(2026, 3, 1, 6, tzinfo=UTC)


def item(key: str = "h1", kind: str = held.SENTENCE, subject: str = "s1", **more) -> Held:
    return Held(key, kind, subject, "rests on one origin", NIGHT, **more)


def test_an_item_is_known_by_what_it_says_however_it_is_attributed():
    one = held.sentence_id("Elena Marsh took bribes, the Oldport Post reports.", ["e1", "e2"])
    assert one == held.sentence_id("The Oldport Post writes that Elena Marsh took bribes.", ["e2", "e1", "e1"])
    assert one != held.sentence_id("The Oldport Post writes that Elena Marsh took gifts.", ["e1", "e2"])
    assert one != held.sentence_id("The Oldport Post writes that Elena Marsh took bribes.", ["e1"])


@given(st.text(max_size=80), st.lists(st.text(min_size=1, max_size=4), max_size=4))
def test_ids_do_not_depend_on_the_order_of_evidence(text, keys):
    assert held.sentence_id(text, keys) == held.sentence_id(text, list(reversed(keys)))


def test_the_last_decision_stands_and_all_are_kept_with_date_and_note():
    later = NIGHT + timedelta(days=1)
    done = held.decided(held.decided(item(), held.RELEASED, NIGHT, "a  note\n"), held.REJECTED, later, "")
    assert held.state(item()) == held.WAITING
    assert held.state(done) == held.REJECTED
    assert [(one.what, one.at, one.note) for one in done.decisions] == [
        (held.RELEASED, NIGHT, "a note"),
        (held.REJECTED, later, ""),
    ]


def test_decisions_are_asked_for_by_id_and_by_evidence():
    out = held.decided(item("h1", evidence=("e1",)), held.REJECTED, NIGHT, "")
    let = held.decided(item("h2"), held.RELEASED, NIGHT, "")
    found = held.Decisions.of([out, let, item("h3")])
    assert found.rejected == {"h1"}
    assert found.barred == {"e1"}
    assert set(found.released) == {"h2"}


def test_the_report_says_how_many_wait():
    assert held.told([]) == ""
    assert held.told([item()]) == "1 sentence waits for a person: citewire held list"
    many = [item("h1"), item("h2"), item("h3", held.STORY), held.decided(item("h4"), held.REJECTED, NIGHT, "")]
    assert held.told(many) == "2 sentences and 1 story wait for a person: citewire held list"


def test_a_held_story_that_was_told_after_all_waits_no_more():
    waits = [item("h1", held.STORY, "s1"), item("h2", held.STORY, "s2"), item("h3", held.SENTENCE, "s1")]
    [done] = held.overtaken(waits, {"s1"}, NIGHT)
    assert (done.id, held.state(done)) == ("h1", held.TOLD)
