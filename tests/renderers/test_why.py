"""Why a story is here: signals, the ranking sum, what groups its records; and whose word a sentence is."""

import dataclasses
from datetime import timedelta

import pytest
from factories import make_membership, make_signal
from site_factory import GRID, NIGHT, citation, claim, edition, stories

from pipeline.edition import Joined, Told, made
from pipeline.renderers import html_pages
from pipeline.renderers.pages import printable
from pipeline.renderers.why_view import joined_of, judged, speakers, told_of, why

GRID_STORY = next(one for one in stories() if one.version == 2)
PAGE = "stories/nordnett-queue-3f2a/index.html"


def told_edition(**claims):
    """The edition with claims of the grid story that are spoken or judged as given: name -> fields."""
    found = {one.id: one for name, fields in claims.items() for one in [dataclasses.replace(claim(name), **fields)]}
    return edition(claims=found)


def numbers():
    return {one.key: n for n, one in enumerate(GRID_STORY.citations, 1)}


def test_the_short_answer_names_the_strongest_signals_and_the_sum():
    weak = dataclasses.replace(make_signal(), id="w", kind="novelty", score=1.1, threshold=1.0)
    strong = dataclasses.replace(make_signal(), id="s", kind="entity_surge", score=9.0, threshold=3.0)
    held = dataclasses.replace(make_signal(), id="h", kind="velocity", score=99.0, threshold=1.0, held="a source lags")
    story = dataclasses.replace(GRID_STORY, signals=(weak, strong, held, dataclasses.replace(weak, id="v", score=1.05)))
    assert why(story, {}, ()).brief == (
        "named in 9 independent reports in 24 hours, where one is usual",
        "3 sources tell something that was not known before",
    )  # fmt: skip
    assert why(story, {}, ()).rank[-1] == ("total", f"{story.rank['total']:g}", "")
    spread = dataclasses.replace(story, rank={"total": 1.0, "spread": 1.0})
    assert "each platform after the first" in why(spread, {}, ()).rank[0][2]


def test_records_say_why_they_are_in_the_storyline_as_of_the_version():
    record = citation("q61").evidence.record_id
    now, later = GRID_STORY.written, GRID_STORY.written + timedelta(days=1)
    joined = [
        make_membership(claim("q61"), storyline_id=GRID, since=later, reason="too late"),
        make_membership(claim("q61"), storyline_id=GRID, since=now - timedelta(days=2), until=now, reason="left"),
        make_membership(claim("q61"), storyline_id=GRID, since=now, reason="shares Nordnett with “x”"),
        make_membership(claim("q61"), storyline_id=GRID, record_id="elsewhere", since=now, reason="is not cited"),
    ]
    one = edition(memberships={GRID: tuple(joined)})
    assert joined_of(GRID_STORY, one) == (Joined(record, "shares Nordnett with “x”"),)
    (row,) = why(GRID_STORY, numbers(), joined_of(GRID_STORY, one)).grouped
    assert (row.number, row.target, row.publisher) == (1, "source-1", "Harbour Wire")
    page = made(html_pages.render(one))[PAGE].decode()
    assert "shares Nordnett with “x”" in page
    assert 'href="#why"' in page


def test_whose_word_a_sentence_is():
    told = told_of(GRID_STORY, told_edition(q40={"speaker": "Nordnett"}, lie={}))
    assert speakers(told) == {citation("q40").key: "Nordnett"}


def test_a_page_marks_one_party_s_own_word():
    page = made(html_pages.render(told_edition(lie={"speaker": "Ragna Lie"})))[PAGE].decode()
    assert "Ragna Lie’s own word, and nobody else’s here." in page
    assert "one party’s own word" in page
    assert "own word" not in made(html_pages.render(edition(claims={})))[PAGE].decode()


def test_stances_are_counted_by_publisher():
    told = (Told(citation("q61").key, "", "critical"), Told(citation("q40").key, "", "neutral"),
            Told(citation("q58").key, "", "favourable"))  # fmt: skip
    assert [(j.name, j.critical, j.neutral, j.favourable) for j in judged(GRID_STORY, told)] == [
        ("Harbour Wire", 1, 1, 0), ("The Fjord Ledger", 0, 0, 1),
    ]  # fmt: skip


def test_a_stance_chart_stands_where_sources_judge():
    judging = {name: {"stance": "critical"} for name in ("q61", "q40", "order")} | {"q58": {"stance": "favourable"}}
    assert "Who judges it how" in made(html_pages.render(told_edition(**judging)))[PAGE].decode()
    assert "Who judges it how" not in made(html_pages.render(edition()))[PAGE].decode()


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "\u202e\x07x", '" onclick="x'])
def test_hostile_reasons_and_speakers_stay_text(text):
    membership = make_membership(claim("q61"), storyline_id=GRID, since=NIGHT, reason=text)
    one = dataclasses.replace(
        told_edition(q40={"speaker": text}), memberships={GRID: (membership,)}
    )  # fmt: skip
    page = made(html_pages.render(one))[PAGE].decode()
    assert "<script>" not in page
    assert printable(text).split("<")[0].split('"')[0] in page
