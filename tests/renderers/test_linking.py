"""Names in a story's text lead to their pages: once, in the body, never in a headline or in somebody else's words."""

import dataclasses
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_factory import edition, featured, sentence, settings, stories

from pipeline.bundles import bundle as bundles
from pipeline.bundles.replay import edition_of, rebuild
from pipeline.domain import Section
from pipeline.edition import Linked, made
from pipeline.errors import ValidationFailed
from pipeline.renderers import html_pages, load
from pipeline.renderers.around import around
from pipeline.renderers.linking import Linker, Stretch, linked_of
from pipeline.renderers.places import Places
from pipeline.serial import loads

PAGE = "stories/nordnett-queue-3f2a/index.html"
THERE = "entities/nordnett-1/index.html"
OPEN = {"publish": {"entity_stories": 1, "entity_origins": 1}}


def linker(*keys):
    return Linker([Linked(key, f"{key.replace(' ', '-')}-1") for key in keys])


def joined(runs):
    return "".join(run.text for part in runs for run in part)


def links(runs):
    return [(run.text, run.href) for part in runs for run in part if run.href]


def told(*texts):
    """The edition whose grid story has a body of these sentences, and whose names have pages."""
    one = stories()[1]
    body = tuple((sentence(text, "q61"),) for text in texts)
    sections = (*(s for s in one.sections if s.role == "takeaways"), Section("body", "What happened", body))
    changed = dataclasses.replace(one, sections=sections)
    rest = tuple(other for other in stories() if other.slug != one.slug)
    return edition(stories=(changed, *rest), settings=settings(**OPEN), featured=featured()), changed


def test_the_first_mention_is_a_link_and_no_other():
    one = linker("nordnett")
    assert links(one.runs("The operator Nordnett counts 61 gigawatts.", linking=True)) == [("Nordnett", THERE)]
    assert links(one.runs("Nordnett waits.", linking=True)) == []


def test_no_link_where_none_is_asked_for_or_in_a_quotation_or_in_a_longer_name():
    one = linker("nordnett", "apple")
    assert links(one.runs("On Friday Nordnett counted.", linking=False)) == []
    assert links(one.runs("“Then Nordnett waits,” it said.", linking=True)) == []
    assert links(one.runs("They bought an Apple Watch in Solvik.", linking=True)) == []
    assert links(one.runs("On Friday Nordnett counted.", linking=True)) == [("Nordnett", THERE)]


def test_a_name_at_the_end_stays_whole_with_its_marks():
    head, tail = linker("ragna lie").runs("It was said by Ragna Lie.", linking=True)
    assert (head[-1].text, tail) == (
        "It was said by ",
        (Stretch("Ragna Lie", "entities/ragna-lie-1/index.html"), Stretch(".")),
    )
    assert linker().runs("x" * 60, linking=True) == ((Stretch("x" * 60),), ())


@given(st.text(max_size=120), st.booleans())
def test_runs_are_the_text(text, linking):
    assert joined(linker("nordnett", "a b").runs(text, linking=linking)) == text


def test_a_page_links_the_body_and_not_the_head():
    one, _ = told("In Solvik the operator Nordnett counts 61 gigawatts.", "Later Nordnett counted again.")
    tree = ET.fromstring(made(html_pages.render(one))[PAGE])
    found = [a for a in tree.iter("a") if a.get("class") == "to"]
    assert [(a.text, a.get("href")) for a in found] == [("Nordnett", f"../../{Places.of(one).entity('nordnett')}")]
    head = next(tree.iter("h1"))
    assert not list(head.iter("a"))


def test_a_bundle_rebuilds_the_page_with_its_links():
    one, story = told("In Solvik the operator Nordnett counts 61 gigawatts.")
    places = Places.of(one)
    beside = around(story, one, places)
    assert beside.linked == linked_of(story, one, places) != ()
    assert linked_of(story, edition_of(story, beside), places) == beside.linked
    pages = {page.path: page for render in load() for page in render(one)}
    bundle = loads(pages[PAGE.replace("index.html", "story.json")].make().decode())
    assert bundles.surroundings(bundle).linked == beside.linked
    assert rebuild(bundle, load())[1]["index.html"] == pages[PAGE].make()


@pytest.mark.parametrize("folder", ["../x", "javascript:alert(1)", '"><script>', "", "A"])
def test_no_forged_folder_becomes_an_address(folder):
    with pytest.raises(ValidationFailed):
        Linker([Linked("nordnett", folder)])


def test_outlets_that_a_story_cites_are_not_linked_where_it_credits_them():
    one, story = told("Nordnett counts, Harbour Wire says.")
    keys = {linked.key for linked in linked_of(story, one, Places.of(one))}
    assert "nordnett" in keys
    records = tuple(dataclasses.replace(record, publisher="Nordnett") for record in story.records)
    assert "nordnett" not in {
        x.key for x in linked_of(dataclasses.replace(story, records=records), one, Places.of(one))
    }


def test_an_older_version_speaks_of_what_a_live_one_with_its_claims_speaks_of():
    """Of live stories names are known from where they stand, of others from the claims that they cite."""
    one, _ = told("In Solvik the operator Nordnett counts 61 gigawatts.")
    places = Places.of(one)
    live = [story for story in places.live if linked_of(story, one, places)]
    assert live
    for story in live:
        older = dataclasses.replace(story, id="y-older")
        assert linked_of(older, one, places) == linked_of(story, one, places)
