"""The history of a story: what changed, word by word, and why each version was written."""

import dataclasses
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_factory import GRID, NIGHT, edition, key, sentence, stories, story

from pipeline.amends import Correction, CorrectionKind, Tombstone
from pipeline.domain import Computation, Ending, Section, SentenceClass
from pipeline.edition import made
from pipeline.renderers import html_pages
from pipeline.renderers.differences import Stroke, between, words
from pipeline.renderers.history_view import COMPARED, history_page, history_path
from pipeline.renderers.places import Places

DAY = timedelta(days=1)
SLUG = "nordnett-queue-3f2a"
PAGE = f"stories/{SLUG}/history/index.html"
TEXTS = st.lists(st.sampled_from(["The queue is 61 gigawatts.", "The queue is 58 gigawatts.", "Rain fell.", "b c d"]))


def latest():
    return next(one for one in stories() if one.slug == SLUG and one.version == 2)


def view(one):
    return history_page(SLUG, one, Places.of(one))


def test_a_reworded_sentence_shows_its_words():
    found = between(["The queue is 61 gigawatts.", "Rain fell."], ["Rain fell.", "The queue is 58 gigawatts."])
    assert found.same == 1  # it only moved
    (change,) = found.changes
    assert change.kind == "reworded"
    assert change.strokes == (
        Stroke("same", "The queue is "), Stroke("del", "61"), Stroke("ins", "58"), Stroke("same", " gigawatts."),
    )  # fmt: skip


def test_unlike_sentences_are_added_and_removed():
    assert [one.kind for one in between(["Rain fell."], ["Four in ten come from elsewhere."]).changes] == [
        "added",
        "removed",
    ]


@given(TEXTS, TEXTS)
def test_nothing_is_lost_or_made_up(before, after):
    found = between(before, after)
    told = sorted(["".join(s.text for s in one.strokes if s.kind != "del") for one in found.changes] + [""])
    gone = ["".join(s.text for s in one.strokes if s.kind != "ins") for one in found.changes]
    assert found.same + sum(one.kind in {"added", "reworded"} for one in found.changes) == len(after)
    assert found.same + sum(one.kind in {"removed", "reworded"} for one in found.changes) == len(before)
    assert {text for text in told if text} <= set(after)
    assert {text for text in gone if text} <= set(before)
    assert between(after, after).changes == ()


@given(st.text(max_size=60), st.text(max_size=60))
def test_strokes_hold_both_sentences(old, new):
    strokes = words(old, new)
    assert "".join(s.text for s in strokes if s.kind != "ins") == old
    assert "".join(s.text for s in strokes if s.kind != "del") == new


def test_every_version_stands_with_its_reasons():
    newest, first = view(edition()).versions
    assert (newest.number, first.number) == (2, 1)
    assert newest.reasons == (
        "Dispute opened (another source gives a different number)",
        "New evidence: 9 passages in 3 records not cited before, of The Fjord Ledger, millwright, Sørlandets Tidende",
        "Signal: velocity",
    )
    assert first.reasons == ("First told, on 1 record, of Harbour Wire",)
    assert newest.tally == "19 sentences added, 1 reworded, 1 removed; 0 stayed"
    assert first.tally == ""


def test_corrections_ends_and_closed_disputes_are_reasons():
    old = latest()
    entry = Correction("k7", CorrectionKind.CORRECTED, NIGHT + DAY, "sentence", "x", "It was 61.", ("y",), keys=())
    kept = tuple(section for section in old.sections if section.role != "disagreements")
    third = dataclasses.replace(
        old, id="y3", version=3, sections=kept, corrections=(entry,), signals=(), previous=old.id
    )
    fourth = dataclasses.replace(third, id="y4", version=4, corrections=(), ending=Ending("idle", NIGHT))
    one = edition(stories=(*stories(), third, fourth), corrections=(entry,))
    last, corrected, *_ = view(one).versions
    assert last.reasons == ("Closed: nothing new since 20 November 2026",)
    assert corrected.reasons[0] == "Sentence corrected: It was 61."
    assert "Dispute no longer told (another source gives a different number)" in corrected.reasons
    assert corrected.entry == "k7"
    assert [part.name for part in corrected.parts] == ["Where sources disagree"]


def test_a_withdrawn_version_stays_in_the_list_without_its_words():
    tomb = Tombstone("y9", GRID, SLUG, 3, "Power & Grid", NIGHT, "en", "k1", NIGHT, "A hoax.", "ab", (), (), ())
    entry = Correction("k1", CorrectionKind.RETRACTED, NIGHT, "story", GRID, "A hoax.", ("y9",), withdrawn=("y9",))
    one = edition(tombstones=(tomb,), corrections=(entry,))
    gone = view(one).versions[0]
    assert (gone.number, gone.withdrawn) == (3, "withdrawn on 20 November 2026: A hoax.")
    assert gone.headline == ""


def test_only_a_story_with_something_to_compare_has_a_history():
    one = edition()
    places = Places.of(one)
    pages = made(html_pages.render(one))
    assert history_path(SLUG, one, places) == PAGE in pages
    assert history_path("cormorant-lindholm-77aa", one, places) is None
    assert 'history/index.html">Version 2</a>' in pages[f"stories/{SLUG}/index.html"].decode()


def test_the_words_of_long_histories_are_shown_of_the_newest_versions():
    said = [Section("body", None, ((sentence(f"It counts {n} requests.", "q61"),),)) for n in range(COMPARED + 5)]
    head = sentence("Nordnett counts", "q61")
    many = [story(["q61"], SLUG, GRID, head, version=n + 1, sections=(one,)) for n, one in enumerate(said)]
    found = view(edition(stories=tuple(many))).versions
    assert [bool(one.parts) for one in found] == [True] * COMPARED + [False] * 5
    assert all(one.tally == "1 sentence reworded; 1 stayed" for one in found[:-1])


def test_the_difference_is_marked_for_everyone():
    tree = ET.fromstring(made(html_pages.render(edition()))[PAGE])
    assert list(tree.iter("ins"))
    assert list(tree.iter("del"))
    for item in (one for one in tree.iter("li") if one.get("class") in {"added", "removed", "reworded"}):
        assert next(item.iter("b")).text == item.get("class")  # in words, too


@pytest.mark.parametrize("text", ["<ins>x</ins>", "</li><script>alert(1)</script>", "\u202e\x07gnp", "{{ 7*7 }}"])
def test_hostile_sentences_stay_text(text):
    old = latest()
    how = Computation("breadth", (), text)
    bad = Section("body", text, ((sentence(text, "q61", kind=SentenceClass.ANALYSIS, how=how),),))
    worse = dataclasses.replace(old, id="y3", version=3, sections=(bad,), headline=sentence(text, "q61"))
    tree = ET.fromstring(made(html_pages.render(edition(stories=(*stories(), worse))))[PAGE])
    assert {one.get("type") for one in tree.iter("script")} <= {"application/ld+json"}
    assert key("q61") not in "".join(tree.itertext())
