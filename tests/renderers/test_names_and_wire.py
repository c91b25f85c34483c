"""Names, the signals wire, the archive, beats and what the desk says of itself."""

import dataclasses
import re
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from factories import make_record, make_signal
from hypothesis import given
from hypothesis import strategies as st
from site_factory import CHIP, GRID, NIGHT, RECORDS, claim, edition, featured, settings, stories

from pipeline.domain import Weighted
from pipeline.edition import made
from pipeline.entities.registry import identity
from pipeline.people.screening import screened
from pipeline.people.takedown import parse
from pipeline.publishing.gathering import strange
from pipeline.publishing.site_check import check
from pipeline.renderers import archive_view, entity_view, html_pages, load, mixes, wire_view
from pipeline.renderers.entity_kin import Circle
from pipeline.renderers.places import Places

OPEN = {"publish": {"entity_stories": 1, "entity_origins": 1}}
GRID_NAME, CHIP_NAME, PERSON = identity("nordnett"), identity("cormorant semiconductor"), identity("ragna lie")


def named(**more):
    return edition(settings=settings(**(OPEN | more.pop("with_", {}))), featured=featured(), **more)


def entity(key, one):
    places = Places.of(one)
    return entity_view.entity_page(key, one, places, Circle.of(one, places))


# --- names -----------------------------------------------------------------------------------------------------------


def test_only_what_enough_stories_and_origins_name_has_a_page():
    assert set(Places.of(named()).entities) == {GRID_NAME, CHIP_NAME, PERSON}
    assert not Places.of(edition(featured=featured())).entities  # by default two stories of three origins
    several = named(with_={"publish": {"entity_stories": 1, "entity_origins": 2}})
    assert set(Places.of(several).entities) == {GRID_NAME}


def test_a_name_leads_to_its_page_and_so_does_what_was_merged_into_it():
    places = Places.of(named())
    there = places.entity("nordnett")
    assert there == f"entities/nordnett-{GRID_NAME[1:7]}/index.html"
    assert places.entity("nn") == there
    assert places.entity("nobody") is None
    assert there in made(html_pages.render(named()))


def test_an_address_does_not_change_with_how_most_write_the_name():
    old = featured()
    other = dataclasses.replace(old.entities[GRID_NAME], name="NordNett AS")
    told = dataclasses.replace(old, entities={**old.entities, GRID_NAME: other})
    renamed = edition(settings=settings(**OPEN), featured=told)
    assert Places.of(renamed).entities[GRID_NAME] == Places.of(named()).entities[GRID_NAME]
    assert entity(GRID_NAME, renamed).name == "NordNett AS"


def test_a_page_tells_stories_findings_company_and_names():
    page = entity(GRID_NAME, named())
    assert {name: number for number, name in page.figures}["story"] == "1"
    told = [one for day in page.days for one in day.told]
    assert [one.text for one in told if not one.state] == [stories()[1].headline.text]
    disputed = next(one for one in told if one.state == "contradicted")
    assert disputed.text.startswith("Nordnett, the grid operator")
    assert disputed.by == "Harbour Wire"
    assert [one.name for one in page.related] == ["Ragna Lie"]
    assert [alias.name for alias in page.aliases] == ["NordNett", "NN"]
    assert page.aliases[1].why == "short for it, Harbour Wire says"
    assert entity(PERSON, named()).roles == ("head of planning",)


def test_who_was_taken_down_or_is_not_public_has_no_page():
    listed = parse(["Ragna Lie"], "takedown.txt")
    left, _ = screened(named(), listed)
    assert PERSON not in Places.of(left).entities
    pages = made(html_pages.render(left))
    assert not [path for path, body in pages.items() if b"Ragna" in body or "ragna" in path]


def test_a_name_page_quotes_no_more_of_a_record_than_it_may():
    old = named()
    many = tuple(
        dataclasses.replace(old.findings[GRID][1], id=f"f{n}", claim_ids=(one.id,), origin_ids=("o1", "o2"))
        for n, one in enumerate(claim(name) for name in ("q61", "q40", "order", "q61", "q40", "order"))
    )
    page = entity(GRID_NAME, dataclasses.replace(old, findings={GRID: many}))
    words = sum(
        len(one.text.split()) for day in page.days for one in day.told if one.state and one.by == "Harbour Wire"
    )
    assert 0 < words <= entity_view.QUOTED_WORDS


def test_the_index_lists_names_by_kind():
    one = named()
    page = made(html_pages.render(one))["entities/index.html"].decode()
    assert page.index("People in public life") < page.index("Organisations")
    assert page.index("Cormorant Semiconductor") < page.index(">Nordnett<")
    assert "No name stands in enough stories yet." in made(html_pages.render(edition()))["entities/index.html"].decode()


def test_what_a_name_page_rests_on_changes_with_its_stories_only():
    def mark(one):
        places = Places.of(one)
        return entity_view.rests_on(CHIP_NAME, one, places, Circle.of(one, places))

    assert mark(named()) == mark(named(signals=()))
    fab = dataclasses.replace(stories()[2], id="y" + "9" * 16)
    assert mark(named()) != mark(named(stories=(*stories()[:2], fab, stories()[3])))


# --- the wire --------------------------------------------------------------------------------------------------------


def wire(**more):
    one = edition(**more)
    return wire_view.wire_page(NIGHT.date(), one, Places.of(one), wire_view.by_night(one))


def test_the_wire_says_what_fired_and_why_the_rest_was_held():
    page = wire()
    assert [signal.kind for signal in page.fired] == ["velocity"]
    assert page.fired[0].href == "stories/nordnett-queue-3f2a/index.html"
    assert [signal.held for signal in page.held] == ["source quiet failed in the window"]
    assert page.reasons == (("source quiet failed in the window", 1),)
    assert page.held[0].href == "beats/chips/index.html"
    assert dict(page.fired[0].figures) == {"score": "3", "threshold": "2", "baseline": "1", "n": "3"}
    assert page.fired[0].against == ("100.0", "66.7")


def test_evidence_that_the_edition_holds_is_listed_and_the_rest_counted():
    rows = (
        Weighted(claim("q61").id, 0.75, "first"),
        Weighted(RECORDS["ledger"].id, 0.2),
        Weighted("r" + "0" * 16, 0.05),
    )
    page = wire(signals=(make_signal(subject=GRID, window_end=NIGHT, evidence=rows),))
    signal = page.fired[0]
    assert [(row.percent, row.publisher) for row in signal.evidence] == [
        ("75 %", "Harbour Wire"), ("20 %", "The Fjord Ledger"),
    ]  # fmt: skip
    assert signal.unseen == "1 more row of evidence in the store"


def test_each_night_has_its_own_wire_and_the_newest_stands_in_front():
    before = make_signal(subject=CHIP, window_end=NIGHT - timedelta(days=2), window_start=NIGHT - timedelta(days=3))
    one = edition(signals=(*edition().signals, before))
    pages = made(html_pages.render(one))
    assert b"Signals of Wednesday, 18 November 2026" in pages["signals/2026-11-18/index.html"]
    assert pages["signals/index.html"].count(b'class="measured ') == 2
    empty = made(html_pages.render(edition(signals=())))["signals/index.html"].decode()
    assert "No night has been measured yet." in empty


@pytest.mark.parametrize(
    ("chance", "says"), [(1e-12, "under 1 in 1,000,000,000"), (0.0001, "1 in 10,000"), (0.8, "0.8")]
)
def test_chances_are_told_as_readers_take_them(chance, says):
    page = wire(signals=(make_signal(subject=GRID, window_end=NIGHT, chance=chance, confidence=0.999),))
    assert dict(page.fired[0].figures)["by chance"] == says
    assert dict(page.fired[0].figures)["confidence"] == "over 0.99"


def test_an_id_that_is_no_anchor_holds_the_site():
    with pytest.raises(Exception, match="cannot be an address"):
        wire(signals=(make_signal(subject=GRID, window_end=NIGHT, id='x" onclick="'),))


# --- archive, beats, shares, the desk --------------------------------------------------------------------------------


def test_the_archive_is_a_calendar_and_every_month_has_a_page():
    old = dataclasses.replace(stories()[3], written=NIGHT - timedelta(days=80))
    one = edition(stories=(*stories()[:3], old))
    page = archive_view.archive_page(Places.of(one))
    assert [month.iso for year in page.years for month in year.months] == ["2026-11", "2026-09"]
    cells = {cell.day: cell.href for week in page.years[0].months[0].weeks for cell in week if cell.day}
    assert sorted(cells) == list(range(1, 31))
    assert [day for day, href in cells.items() if href] == [19, 20]
    assert [day.date_iso for day in page.days] == ["2026-11-20", "2026-11-19"]
    september = archive_view.month_page(date(2026, 9, 1), Places.of(one))
    assert (september.earlier, september.later) == (None, "archive/2026-11/index.html")
    assert "archive/2026-09/index.html" in made(html_pages.render(one))


def test_what_a_month_rests_on_changes_with_its_own_nights():
    old = dataclasses.replace(stories()[3], written=NIGHT - timedelta(days=80))
    before, after = (Places.of(edition(stories=(*some, old))) for some in (stories()[:2], stories()[:3]))
    september, november = date(2026, 9, 1), date(2026, 11, 1)
    assert archive_view.rests_on(september, before) == archive_view.rests_on(september, after)
    assert archive_view.rests_on(november, before) != archive_view.rests_on(november, after)


@given(st.dictionaries(st.text(min_size=1), st.integers(0, 1000), max_size=30))
def test_rows_of_a_mix_add_up(counts):
    rows = mixes.rows(counts)
    assert sum(row.count for row in rows) == sum(counts.values())
    assert len(rows) <= mixes.MOST + 1
    assert all(0 < float(row.width) <= 100 for row in rows)


def test_a_beat_says_who_tells_it_and_in_which_storylines():
    page = made(html_pages.render(edition()))["beats/power-grid/index.html"].decode()
    assert "Nordnett, connection queue" in page
    assert page.index("Who tells it") < page.index("The Fjord Ledger", page.index("Who tells it"))


def test_home_says_who_was_asked_and_what_was_held():
    page = made(html_pages.render(edition()))["index.html"].decode()
    assert "2 of 3 sources asked, 1 answered, 4 records read" in page
    assert "1 signal held" in page
    assert "2 sentences left out" in page
    assert "1 source did not answer" in page


def test_sources_compare_what_was_read_with_what_is_cited():
    tree = ET.fromstring(made(html_pages.render(edition()))["sources/index.html"])
    shares = [
        " ".join("".join(cell.itertext()).split()) for cell in tree.iter("td") if cell.get("data-name") == "Share"
    ]
    assert shares == ["75 % read, 80 % cited", "25 % read, 20 % cited", "0 % read, 0 % cited"]


def test_the_desk_says_what_it_is_and_who_answers_for_it():
    site = {
        "name": "Desk", "contact": "desk@harbour.example", "about": "We watch <the> grid.\n\nNightly.",
        "publisher": "Harbour Trust", "licence": "CC BY 4.0",
    }  # fmt: skip
    page = made(html_pages.render(edition(settings=settings(site=site))))["about/index.html"].decode()
    for part in (
        "<p>We watch &lt;the&gt; grid.</p>",
        "<p>Nightly.</p>",
        "Harbour Trust",
        "CC BY 4.0.",
        "no language model",
    ):
        assert part in page, part
    assert page.count("desk@harbour.example") >= 2
    asked = edition(settings=settings(models={"write": ["openai:gpt-x"]}))
    assert "openai:gpt-x drafts" in made(html_pages.render(asked))["about/index.html"].decode()


def test_contact_stands_on_every_page():
    live = edition(settings=settings(site={"name": "Desk", "contact": "desk@harbour.example"}))
    for path, body in made(html_pages.render(live)).items():
        if path.endswith(".html"):
            assert b"desk@harbour.example" in body, path


def test_the_methodology_shows_the_shipped_figures():
    page = made(html_pages.render(edition()))["methodology/index.html"].decode()
    assert "citewire eval storylines FILE" in page
    assert "bcubed f1" in page
    assert "as pinned on" in page


def test_a_missing_address_is_answered_from_any_depth():
    live = edition(settings=settings(site={"name": "Desk", "url": "https://a.example/desk/"}))
    page = made(html_pages.render(live))["404.html"].decode()
    assert 'href="/desk/index.html"' in page
    assert 'href="/desk/assets/site-' in page
    assert 'href="/index.html"' in made(html_pages.render(edition()))["404.html"].decode()


def test_words_from_right_to_left_say_so():
    arabic = dataclasses.replace(stories()[2], lang="ar")
    page = made(html_pages.render(edition(stories=(*stories()[:2], arabic, stories()[3]))))["index.html"].decode()
    assert 'lang="ar" dir="rtl"' in page
    assert '<html lang="en" dir="ltr">' in page
    hebrew = made(html_pages.render(edition(settings=settings(site={"name": "Desk", "lang": "he"}))))[
        "about/index.html"
    ]
    assert b'<html lang="he" dir="rtl">' in hebrew


def test_a_new_night_leaves_the_wires_of_older_ones_but_the_last():
    old = [make_signal(subject=GRID, id=f"g{n}", window_end=NIGHT - timedelta(days=n)) for n in (1, 2, 3)]
    new = make_signal(subject=GRID, id="g0", window_end=NIGHT)

    def marks(*signals):
        one = edition(signals=signals)
        nights = wire_view.by_night(one)
        return {when: wire_view.rests_on(when, one, Places.of(one), nights) for when in nights}

    before, after = marks(*old), marks(new, *old)
    assert [when for when in before if before[when] != after[when]] == [(NIGHT - timedelta(days=1)).date()]


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></style><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
    "\u202egnp.exe\u202c\u200b\x00",
    "\u202e\u200b",
    "None",
    "../../etc/passwd",
    "',alert(1));//",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_stay_words(text):
    old = featured()
    spoilt = {
        key: dataclasses.replace(one, name=text, key=text, names={text: 3, f"{text} Inc": 2}, roles=(text,))
        for key, one in old.entities.items()
    }
    words = dataclasses.replace(old.namings[0], name=text, other_name=text)
    told = (make_signal(subject=GRID_NAME, about="entity", window_end=NIGHT, summary=text, held=text, kind=text),)
    one = named(signals=told)
    one = dataclasses.replace(one, featured=dataclasses.replace(old, entities=spoilt, namings=(words,)))
    pages = made(load_all(one))
    assert check(pages, "The Harbour Desk", lambda: strange(one)) == ()
    for path, body in pages.items():
        if path.startswith(("entities/", "signals/", "search/")) and path.endswith(".html"):
            tree = ET.fromstring(body)
            assert not list(tree.iter("img"))
            assert len(list(tree.iter("script"))) == (path == "search/index.html")
            assert not [name for element in tree.iter() for name in element.attrib if name.startswith("on")]
        assert re.fullmatch(r"[a-z0-9./-]+", path)


def load_all(one):
    for renderer in load():
        yield from renderer(one)


def test_evidence_that_belongs_to_no_story_is_listed_too_unless_taken_down():
    other = make_record("Ferry runs late\n\nThe ferry ran late.", publisher="Ferry Post", url="https://ferry.example/1")
    signal = make_signal(subject="late ferry", about="phrase", window_end=NIGHT, evidence=(Weighted("c9", 1.0),))
    one = edition(signals=(signal,), witnesses={"c9": other})
    places, nights = Places.of(one), wire_view.by_night(one)
    page = wire_view.wire_page(NIGHT.date(), one, places, nights)
    assert [(row.title, row.publisher) for row in page.fired[0].evidence] == [("Ferry runs late", "Ferry Post")]
    without = edition(signals=(signal,))
    assert wire_view.rests_on(NIGHT.date(), one, places, nights) != wire_view.rests_on(
        NIGHT.date(), without, Places.of(without), nights
    )
    left, _ = screened(one, parse(["ferry.example"], "takedown.txt"))
    assert not left.witnesses
