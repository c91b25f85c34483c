"""What a sentence opens: its words marked in the quote, the origins, what is disputed, and each only once."""

import dataclasses
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_factory import edition, sentence, stories

from pipeline.domain import Computation, Section, SentenceClass
from pipeline.edition import made
from pipeline.renderers import html_pages
from pipeline.renderers.evidence import disputed, marked, nearby, one_word, voices
from pipeline.renderers.pages import printable

STORY = "stories/nordnett-queue-3f2a/index.html"


def page(**more):
    return ET.fromstring(made(html_pages.render(edition(**more)))[STORY])


def test_the_words_that_a_sentence_uses_are_marked():
    found = marked("A deposit of $80,000 would thin out the queue.", "It proposed deposits of $80,000 on Thursday")
    assert [piece.text for piece in found if piece.marked] == ["deposits of $80,000"]
    assert "".join(piece.text for piece in found) == "It proposed deposits of $80,000 on Thursday"


@given(st.text(max_size=80), st.text(max_size=160))
def test_the_pieces_are_the_quote(text, quote):
    assert "".join(piece.text for piece in marked(text, quote)) == quote


def test_context_is_cut_at_words_and_says_so():
    assert nearby("short", "too") == ("short", "too")
    before, after = nearby("far away words " * 9, "more of these words " * 9)
    assert before.startswith("… ")
    assert after.endswith(" …")
    assert len(before) < 80 > len(after)


def test_origins_are_counted_once_each_and_sentences_without_any_say_what_they_rest_on():
    plain = sentence("x", "q61")
    assert voices(plain, ["a", "a"]) == ("one origin", 1)
    assert voices(plain, ["a", "b", "a"]) == ("2 independent origins", 2)
    assert voices(sentence("x", kind=SentenceClass.LINK), []) == ("rests on the sentences around it", 0)
    counted = sentence("x", kind=SentenceClass.ANALYSIS, how=Computation("breadth", (), "4 4 2"))
    assert voices(counted, []) == ("counted from stored records", 0)


def test_a_word_is_one_party_s_own_only_where_the_sentence_names_it():
    said = sentence("The queue is long, Ragna Lie said.", "q61")
    assert one_word(said, ["a", "b"], {"a": "Ragna Lie", "b": "Ragna Lie"}) == "Ragna Lie"
    assert one_word(said, ["a", "b"], {"a": "Ragna Lie", "b": "Solvik"}) == ""
    assert one_word(said, ["a", "b"], {"a": "Ragna Lie"}) == ""
    assert one_word(said, ["a"], {"a": "Tor Eide"}) == ""  # no name that the page does not print already
    assert one_word(said, ["a"], {}) == ""
    assert one_word(sentence("It waits, officials said.", "q61"), ["a"], {"a": "officials"}) == ""


def test_both_sides_of_a_dispute_know_of_it():
    how = Computation("disputed", ("a", "b", "date"), "date")
    told = sentence("They differ.", kind=SentenceClass.ANALYSIS, how=how)
    found = disputed((Section("disagreements", None, ((told,),)),))
    assert found == {"a": "another source gives a different date", "b": "another source gives a different date"}
    assert disputed((Section("body", None, ((told,),)),)) == {}  # a page without that section has no such anchor


def test_every_sentence_opens_something_and_the_same_sentence_the_same():
    tree = page()
    opened = {one.get("id"): one for one in tree.iter("div") if one.get("popover")}
    sentences = [one for one in tree.iter("span") if (one.get("class") or "").startswith("s ")]
    assert len(opened) < len(sentences)
    texts = {}
    for one in sentences:
        (button,) = one.iter("button")
        target = button.get("popovertarget")
        assert target in opened
        assert button.get("aria-label")
        assert texts.setdefault("".join(one.itertext()), target) == target
    for one in opened.values():
        quotes = ["".join(q.itertext()) for q in one.iter("q")]
        links = [a.get("href") for a in one.iter("a") if a.get("href").startswith("#source-")]
        assert len(quotes) == len(links)
        assert [b.get("popovertarget") for b in one.iter("button")] == [one.get("id")], "its own button closes it"


def test_what_is_opened_shows_the_words_who_says_them_and_the_verdict():
    tree = page()
    (first,) = [one for one in tree.iter("div") if one.get("id") == "e1"]
    text = " ".join("".join(first.itertext()).split())
    assert "claim · 2 independent origins · supported 1.00" not in text  # the headline cites one record twice
    assert "claim · one origin · supported 1.00" in text
    assert "Harbour Wire" in text
    assert "Disputed: another source gives a different number." in text
    assert [mark.text for mark in first.iter("mark")]


@pytest.mark.parametrize("text", ["<mark>", "\u202e\u0007evil", '"><script>', "a" * 4000])
def test_hostile_quotes_stay_text(text):
    old = stories()[2]
    citations = tuple(dataclasses.replace(one, before=text, after=text) for one in old.citations)
    records = tuple(dataclasses.replace(one, publisher=text, title=text) for one in old.records)
    bad = dataclasses.replace(old, citations=citations, records=records)
    made_pages = made(html_pages.render(edition(stories=(bad,))))
    tree = ET.fromstring(made_pages["stories/cormorant-lindholm-77aa/index.html"])
    assert "img" not in {one.tag for one in tree.iter()}
    assert {one.get("type") for one in tree.iter("script")} <= {"application/ld+json"}
    (link,) = {a for one in tree.iter("div") if one.get("id") == "e1" for a in one.iter("a")}
    assert printable(text).strip() in "".join(link.itertext())


def test_a_long_story_stays_small():
    """Sixty sentences, each with a citation of its own: the page is text, and not much more."""
    old = stories()[0]
    some = [sentence(f"Sentence number {n} counts 61 gigawatts of requests for connection.", "q61") for n in range(60)]
    long = dataclasses.replace(old, sections=(Section("body", "Who waits", tuple((one,) for one in some)),))
    body = made(html_pages.render(edition(stories=(long, stories()[2]))))["stories/nordnett-queue-3f2a/index.html"]
    assert len(body) < 100_000
