"""What is wrong with a source, and the exact fix."""

from datetime import UTC, datetime, timedelta

import pytest
from factories import make_record

from pipeline.domain import Batch, Cursor, Source, SourceHealth
from pipeline.errors import (
    AddressRefused,
    ConfigurationError,
    FetchError,
    FetchTimeout,
    HttpStatus,
    MissingExtra,
    Moved,
    NotReached,
    ParseError,
    RobotsRefused,
)
from pipeline.sourcing import health
from pipeline.sourcing.diagnosis import Look, diagnose, shell, waiting

NOW = datetime(2026, 5, 4, 6, tzinfo=UTC)
SOURCE = Source("Harbour Wire", "feed", "https://wire.example:444/feed")
ACCEPT = 'citewire sources accept "Harbour Wire"'


def items(*ages: float, doubtful: bool = False):
    return tuple(
        make_record(published=NOW - timedelta(days=age), date_doubtful=doubtful, id=f"r{n}")
        for n, age in enumerate(ages)
    )


def batch(*ages: float, **more) -> Batch:
    return Batch(items(*ages), Cursor(), **more)


def told(seen: Look, last: SourceHealth | None = None) -> list[tuple[str, str, bool]]:
    return [(one.what, one.fix, one.wrong) for one in diagnose(seen, last, NOW)]


@pytest.mark.parametrize(
    ("error", "fix"),
    [
        (Moved("it has moved", target="https://new.example/"), ACCEPT),
        (HttpStatus("answered 401", status=401), "docs/sources.md"),
        (HttpStatus("answered 403", status=403), "contact = "),
        (HttpStatus("answered 404", status=404), "citewire sources add https://wire.example:444/ "),
        (HttpStatus("answered 410", status=410), "then remove this one"),
        (HttpStatus("answered 429", status=429, retry_after=90.0), "wait 90 seconds"),
        (HttpStatus("answered 503", status=503), "wait some hours"),
        (HttpStatus("answered 500", status=500), "wait for the next night"),
        (RobotsRefused("closed"), "ask its operator"),
        (FetchTimeout("timed out"), "timeout = 60.0   (under [ingest])"),
        (AddressRefused("refused"), 'allow_private = ["wire.example:444"]'),
        (ParseError("an HTML page"), "looks for a feed"),
        (FetchError("cannot be reached"), "open https://wire.example:444/feed and see"),
        (ConfigurationError("KEY is not set", fix="export KEY=... before the run"), "export KEY=... before the run"),
        (ConfigurationError("no kind is called 'fede'; did you mean 'feed'?", fix="one of: x"), 'kind = "feed"'),
        (MissingExtra("cannot be loaded. Run: pip install 'citewire[pdf]'"), "pip install 'citewire[pdf]'"),
        (RuntimeError("boom"), "open https://wire.example:444/feed"),
    ],
)
def test_every_failure_has_its_fix(error, fix):
    ((what, told_fix, wrong),) = told(Look(SOURCE, error=error))
    assert what
    assert fix in told_fix
    assert wrong


def test_a_feed_that_was_found_instead_is_the_line_to_write():
    seen = Look(SOURCE, error=ParseError("an HTML page"), instead="https://wire.example/ü.xml")
    assert told(seen)[0][1] == 'address = "https://wire.example/ü.xml"'


def test_a_source_in_order_has_no_problem():
    assert told(Look(SOURCE, batch(0, 1, 2, 3))) == []
    assert told(Look(SOURCE, Batch((), Cursor(), unchanged=True))) == []


@pytest.mark.parametrize(
    ("ages", "stale"),
    [
        ((13, 14, 15, 16), False),  # two weeks are no time
        ((20, 20.5, 21, 21.5), True),
        ((60, 90, 120, 150), False),  # a monthly one
        ((300, 330, 360, 390), True),
        ((100,), False),  # one item tells no rhythm
        ((130,), True),
    ],
)
def test_stale_is_measured_by_the_usual_gap(ages, stale):
    found = told(Look(SOURCE, batch(*ages)))
    assert [what.startswith("stale") for what, _, _ in found] == ([True] if stale else [])


def test_undated_items_are_worth_a_note_and_no_more():
    seen = Look(SOURCE, Batch(items(0, 0, doubtful=True), Cursor()))
    assert [(what.startswith("none of its items is dated"), wrong) for what, _, wrong in told(seen)] == [(True, False)]


def test_empty_says_what_was_left_out_or_what_it_used_to_bring():
    assert "2 only markup" in told(Look(SOURCE, batch(dropped={"only markup": 2})))[0][0]
    last = SourceHealth("Harbour Wire", NOW, ok=True, usual=12.4)
    assert "about 12 new items a night" in told(Look(SOURCE, batch()), last)[0][0]


def test_silence_ends_with_a_newer_item():
    last = SourceHealth(
        "Harbour Wire", NOW, ok=True, silent=True, empties=9, usual=3.0, last_item=NOW - timedelta(days=9)
    )
    assert "none for 9 nights" in told(Look(SOURCE, batch(9, 10)), last)[0][0]
    assert told(Look(SOURCE, batch(1, 9)), last) == []


def test_moves_and_other_identities_are_for_a_person_to_accept():
    seen = Look(SOURCE, batch(0, moved_to="https://wire.example/new"))
    assert told(seen) == [("it has moved for good to https://wire.example/new", ACCEPT, True)]
    last = SourceHealth("Harbour Wire", NOW, ok=True, identity="Harbour Wire\nhttps://wire.example/")
    other = Look(SOURCE, batch(0, identity="Casino\nhttps://casino.example/"))
    ((what, fix, _),) = told(other, last)
    assert "Casino" in what
    assert fix == ACCEPT


def test_slow_sources_and_notes():
    seen = Look(SOURCE, batch(0, notes=("its charset is named wrongly (x)", "scores unavailable")), slowest=12.3)
    assert [(what.partition(":")[0][:20], wrong) for what, _, wrong in told(seen)] == [
        ("slow", True),
        ("its charset is named", False),
        ("scores unavailable", False),
    ]


@pytest.mark.parametrize(
    ("name", "word"), [("Wire", "Wire"), ("a b", '"a b"'), ('a"$(x)`', '"a\\"\\$(x)\\`"'), ("é", '"é"'), ("", '""')]
)
def test_names_in_commands_are_one_word(name, word):
    assert shell(name) == word


@pytest.mark.parametrize(
    ("kind", "address", "error", "fix"),
    [
        ("bluesky", "https://x.example/", ParseError("names no account"), "docs/sources.md#bluesky"),
        ("youtube", "UC123", NotReached("not there"), "docs/sources.md#youtube"),
        ("feed", "https://x.example/a", ParseError("HTML"), "citewire sources add https://x.example/"),
        ("feed", "https://x.example/a", AddressRefused("x", reason="y", redirected=True), "that a browser ends at"),
    ],
)
def test_the_fix_fits_the_kind_and_the_address(kind, address, error, fix):
    """No feed is looked for behind an account, nobody is told to open an id, and no inner address to be allowed."""
    (problem,) = diagnose(Look(Source("S", kind, address), error=error), None, NOW)
    assert fix in problem.fix
    assert "allow_private" not in problem.fix


def test_what_is_gone_says_once_how_it_is_asked_again():
    gone = health.after_failure(SOURCE, None, NOW, HttpStatus("410", status=410))
    told = waiting(gone)
    assert "sources accept" not in told.what
    assert told.fix.startswith(f"{ACCEPT}   (asks it once more)")
