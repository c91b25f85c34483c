"""Lists of storylines: the last moved, and month by month; a month's page stays when all of it was withdrawn."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

from site_factory import NIGHT, edition, stories

from pipeline.edition import made
from pipeline.renderers import html_pages, storyline_index
from pipeline.renderers.places import Places

MONTH = f"storylines/{NIGHT:%Y-%m}/index.html"


def test_every_storyline_stands_under_one_month() -> None:
    one = edition()
    places = Places.of(one)
    listed = [line.id for lines in storyline_index.months(one, places).values() for line in lines]
    assert sorted(listed) == sorted(places.by_storyline)


def test_the_first_list_leads_to_the_months_and_these_to_storylines() -> None:
    pages = made(html_pages.render(edition()))
    assert f'href="../{MONTH}"'.encode() in pages["storylines/index.html"]
    for line in Places.of(edition()).by_storyline:
        assert f"storylines/{line}/index.html".encode() in pages[MONTH]


def test_a_month_is_that_of_the_first_version() -> None:
    old = [dataclasses.replace(one, written=one.written - timedelta(days=62)) for one in stories()]
    one = edition(stories=tuple(old))
    assert [*storyline_index.months(one, Places.of(one))] == [date(2026, 9, 1)]


def test_a_long_list_is_cut(monkeypatch) -> None:
    monkeypatch.setattr(storyline_index, "NEWEST", 1)
    one = edition()
    index = storyline_index.storyline_index(one, Places.of(one))
    assert len(index.lines) == 1
    assert index.of == len(Places.of(one).by_storyline)
    said = made(html_pages.render(one))["storylines/index.html"].decode()
    assert f"the last 1 of {index.of}" in said


def test_a_month_rests_on_its_own_storylines() -> None:
    one = edition()
    marks = {page.path: page.rests_on for page in html_pages.render(one)}
    later = edition(signals=())
    again = {page.path: page.rests_on for page in html_pages.render(later)}
    assert marks[MONTH] is not None
    assert marks[MONTH] == again[MONTH]
