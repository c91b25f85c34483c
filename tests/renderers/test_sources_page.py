"""The sources page: every state in words, with what to do, and no word of an error's text."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from site_factory import edition, settings

from pipeline.domain import Source, SourceHealth
from pipeline.edition import made
from pipeline.errors import FetchTimeout, HttpStatus, Moved, Replaced
from pipeline.renderers import html_pages
from pipeline.renderers.places import Places
from pipeline.renderers.sources_view import SourceLine, sources_page
from pipeline.sourcing import health
from pipeline.sourcing.health import Reading

WIRE = Source("Wire", "feed", "https://harbour.example/feed")
BASE = edition()
NOW = BASE.now
DAY = timedelta(days=1)
CONFIGURED = settings(
    source=[
        {"name": "Wire", "kind": "feed", "address": WIRE.address, "note": "often <late>", "owner": "Port AG"},
        {"name": "Board", "kind": "reddit", "address": "r/harbours"},
        {"name": "Papers", "kind": "files", "address": "papers"},
    ]
)
USUAL = Reading(listed=9, fresh=5, news=5, dropped={"known already": 4, "empty": 1}, newest=NOW - 3 * DAY)


def after(*readings: Reading | Exception) -> SourceHealth:
    last: SourceHealth | None = None
    for number, reading in enumerate(readings, 1 - len(readings)):
        now = NOW + number * DAY
        if isinstance(reading, Exception):
            last = health.after_failure(WIRE, last, now, reading)
        else:
            last = health.after_success(WIRE, last, now, reading)
    assert last is not None
    return last


def line(state: SourceHealth | None) -> SourceLine:
    shown = edition(settings=CONFIGURED, health={"Wire": state} if state else {})
    return next(one for one in sources_page(shown, Places.of(shown)).sources if one.name == "Wire")


SLOW, GONE = FetchTimeout("token=secret timed out"), HttpStatus("https://harbour.example/secret: 410", status=410)
MOVED = Moved("secret", target="https://parked.example/secret?token=1")
STILL = Reading(listed=9, dropped={"known already": 9})
ACCEPT = 'citewire sources accept "Wire"'
CASES = {
    "healthy": ((USUAL,), "answered at the last reading", ""),
    "silent": ((USUAL, USUAL, STILL, STILL, STILL), "brought none in the last 3 readings", ""),
    "moving": ((*([Reading(moved_to="https://harbour.example/rss")] * 8),), "another address of its site", ACCEPT),
    "failing": ((USUAL, SLOW, SLOW, SLOW), "3 readings in a row", ""),
    "held": ((USUAL, MOVED), "leads to another site, parked.example", ACCEPT),
    "held, gone": ((USUAL, GONE), "says that it is gone for good", ACCEPT),
    "held, replaced": ((USUAL, Replaced("secret")), "another publication answers at its address", ACCEPT),
}


@pytest.mark.parametrize("case", CASES)
def test_each_state_is_told_with_what_to_do(case: str) -> None:
    readings, said, command = CASES[case]
    state = after(*readings)
    found = line(state)
    assert found.status == case.partition(",")[0]
    assert said in "; ".join(found.says)
    assert found.command == command
    page = made(html_pages.render(edition(settings=CONFIGURED, health={"Wire": state})))["sources/index.html"].decode()
    assert "secret" not in page
    assert f'class="h-{found.status}"' in page


def test_a_failing_source_says_since_when_and_when_it_is_asked_again() -> None:
    said = "; ".join(line(after(USUAL, SLOW, SLOW, SLOW)).says)
    assert re.search(r"failing since \d+ \w+ \d{4}, 3 readings in a row; asked again after \d+ \w+ \d{4}, ", said)
    assert line(after(SLOW)).says == ("has never answered",)
    assert line(None).status == "unread"


def test_lag_usual_and_what_was_left_out_are_shown() -> None:
    found = line(after(USUAL, USUAL))
    assert found.lag == "3 days before this edition"
    assert found.usual == "usually 5 a reading"
    assert found.dropped == (("empty", 1), ("known already", 4))
    shown = edition(settings=CONFIGURED, health={"Wire": after(USUAL, USUAL)})
    page = made(html_pages.render(shown))["sources/index.html"].decode()
    assert "often &lt;late&gt;" in page
    assert "4 known already" in page
    assert [(one.name, one.place) for one in sources_page(shown, Places.of(shown)).sources] == [
        ("Board", "r/harbours"),
        ("Papers", "local files"),
        ("Wire", "harbour.example"),
    ]


def test_what_is_known_of_an_old_address_is_not_said_of_a_new_one() -> None:
    elsewhere = Source("Wire", "feed", "https://other.example/feed")
    state = health.after_failure(elsewhere, None, NOW, GONE)
    assert line(state).status == "unread"
