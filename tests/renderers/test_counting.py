"""Counting on pages: one outlet is one origin, whatever is counted, and every figure agrees with the letters."""

import dataclasses
import re

from site_factory import GRID, ORIGINS, RECORDS, edition

from pipeline.edition import made
from pipeline.renderers import html_pages
from pipeline.renderers.counting import cited_origins, line_origins, loose_origins, record_origins
from pipeline.renderers.story_view import points_on


def test_an_outlet_that_tells_two_articles_is_one_origin_wherever_they_are_counted():
    """The queue's outlet tells the ledger's article too: every figure, letter and list of quotes falls by one."""
    old = edition()
    line = old.storylines[GRID]
    queue, ledger = (ORIGINS[RECORDS[name].id] for name in ("queue", "ledger"))
    one = edition(voices={queue: "outlet harbour wire", ledger: "outlet harbour wire"})
    before, after = (set(line_origins(line, found).values()) for found in (old, one))
    assert len(after) == len(before) - 1
    assert set(record_origins(line, one).values()) == after
    cited = [citation for story in one.stories for citation in story.citations]
    assert len(cited_origins(cited, one)) == len(cited_origins(cited, old)) - 1
    counts = [re.search(r"<b>(\d+)</b> origins", page(found)) for found in (old, one)]
    assert [int(count[1]) for count in counts] == [len(before), len(after)]
    letters = [set(re.findall(r"Origin ([A-Z]+)", page(found))) for found in (old, one)]
    assert [len(found) for found in letters] == [len(before), len(after)]
    days = {key: old.records[key].published.date() for key in record_origins(line, old) if key in old.records}
    points = [sum(point.origins for point in points_on(record_origins(line, found), days)) for found in (old, one)]
    assert points == [len(before), len(after)]


def page(found):
    return made(html_pages.render(found))[f"storylines/{GRID}/index.html"].decode()


def test_what_only_credits_another_counts_as_the_others():
    old = edition()
    line = old.storylines[GRID]
    ledger = RECORDS["ledger"].id
    mine = {key: dataclasses.replace(c, origin_id=ORIGINS[RECORDS["queue"].id]) for key, c in old.claims.items()}
    claims = {key: mine[key] if claim.record_id == ledger else claim for key, claim in old.claims.items()}
    found = edition(claims=claims)
    assert record_origins(line, found)[ledger] == ORIGINS[RECORDS["queue"].id]
    assert set(line_origins(line, found).values()) == set(line_origins(line, old).values()) - {ORIGINS[ledger]}


def test_records_whose_storyline_is_not_known_are_counted_by_themselves():
    old = edition()
    ids = [RECORDS[name].id for name in ("queue", "copy", "ledger")]
    assert len(set(loose_origins(ids, old).values())) == 2
    one = edition(voices=dict.fromkeys(ORIGINS.values(), "owner group"))
    assert len(set(loose_origins(ids, one).values())) == 1
    assert loose_origins(["gone"], old) == {}
