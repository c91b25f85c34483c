"""A storyline's page: what happened when, its findings as a picture, its splits and merges with their reasons."""

import dataclasses
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from site_factory import CHIP, GRID, NIGHT, edition

from pipeline.domain import FindingState, Turn, TurnKind
from pipeline.edition import made
from pipeline.renderers import html_pages
from pipeline.renderers.charts.lanes import Lane, lanes
from pipeline.renderers.pages import printable
from pipeline.renderers.places import Places
from pipeline.renderers.storyline_view import storyline_page

DAY = timedelta(days=1)
PAGE = f"storylines/{GRID}/index.html"
START = datetime(2026, 11, 18, 6, tzinfo=UTC)


def view(one):
    return storyline_page(one.storylines[GRID], one, Places.of(one))


def events(one):
    return [event for day in view(one).events for event in day.events]


def with_findings(**changes):
    one = edition()
    found = tuple(dataclasses.replace(finding, **changes) for finding in one.findings[GRID])
    return dataclasses.replace(one, findings={**one.findings, GRID: found})


def with_turn(turn):
    one = edition()
    lines = {**one.storylines, GRID: dataclasses.replace(one.storylines[GRID], turns=(turn,))}
    return dataclasses.replace(one, storylines=lines)


def test_every_version_and_every_finding_is_an_event():
    one = edition()
    kinds = [event.kind for event in events(one)]
    assert "story" in kinds
    assert "story, version 2" in kinds
    tree = ET.fromstring(made(html_pages.render(one))[PAGE])
    ids = {element.get("id") for element in tree.iter()}
    assert {event.href[1:] for event in events(one) if event.href.startswith("#")} <= ids


def test_a_finding_that_came_to_be_something_else_says_when():
    since = NIGHT + DAY
    told = with_findings(state=FindingState.CORROBORATED, disputes=(), first_seen=NIGHT, since=since,
                         origin_ids=("a", "b"))  # fmt: skip
    changed = [event for event in events(told) if event.kind == "corroborated"]
    assert changed
    assert {event.more for event in changed} == {"told by independent sources"}
    assert view(told).events[0].date_iso == since.date().isoformat()


def test_what_one_origin_alone_reports_is_a_number():
    told = with_findings(state=FindingState.NEW, disputes=(), origin_ids=("a",), first_seen=NIGHT, since=None)
    (event,) = [event for event in events(told) if event.kind == "new"]
    assert event.text.endswith("of one origin each")
    assert event.href == "#alone"


def test_splits_and_merges_say_why_and_lead_where_there_is_a_page():
    turn = Turn(TurnKind.SPLIT_OFF, NIGHT, CHIP, "Cormorant's fab", "closeness across 0.10")
    (event,) = [event for event in events(with_turn(turn)) if event.kind == "Split off"]
    assert (event.text, event.href, event.more) == (
        "Cormorant's fab", f"storylines/{CHIP}/index.html", "closeness across 0.10",
    )  # fmt: skip
    elsewhere = dataclasses.replace(turn, other="s0", label="")
    (event,) = [event for event in events(with_turn(elsewhere)) if event.kind == "Split off"]
    assert (event.text, event.href) == ("another storyline", "")


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "\u202e\x07gnp", '" onclick="x', "{{ 7*7 }}"])
def test_hostile_labels_and_reasons_stay_text(text):
    body = made(html_pages.render(with_turn(Turn(TurnKind.TOOK_IN, NIGHT, "s0", text, text))))[PAGE]
    tree = ET.fromstring(body)
    assert {one.get("type") for one in tree.iter("script")} <= {"application/ld+json"}
    assert not [one for one in tree.iter() if "onclick" in one.attrib]
    assert printable(text) in "".join(tree.itertext())


def lane(state, *hours, origins=2):
    return Lane(f"It is {state}.", state, tuple(START + timedelta(hours=n) for n in hours), origins)


def test_lanes_draw_each_report_and_say_it_in_words():
    chart = lanes("findings", [lane("corroborated", 0, 5, 30), lane("contradicted", 2), lane("new", 30, origins=1)])
    assert chart.description == (
        "3 findings from 18 November 2026 to 19 November 2026: 1 new, 1 corroborated, 1 contradicted."
    )
    assert len([shape for shape in chart.shapes if shape.tag == "circle"]) == 5
    assert [row[4] for row in chart.table.rows] == ["2", "2", "1"]
    assert [kind for kind, _ in chart.legend] == ["ln-new", "ln-corroborated", "ln-contradicted"]


def test_no_lanes_where_a_list_says_as_much():
    assert lanes("findings", [lane("new", 0, 30)]) is None
    assert lanes("findings", [lane("new", 0), lane("corroborated", 0)]) is None
    assert lanes("findings", []) is None
