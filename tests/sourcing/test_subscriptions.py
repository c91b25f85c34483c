"""What may become a source: names, addresses, and lists that mean harm."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language import cleaning
from pipeline.settings import parse
from pipeline.sourcing import configfile, opml, subscriptions
from pipeline.sourcing.opml import Outline

NOW = datetime(2026, 5, 4, tzinfo=UTC)
KINDS = {"feed": None, "reddit": frozenset({"reddit.com"}), "files": None, "arxiv": None}
DESK = parse(
    '[[beat]]\nname = "World"\n[[source]]\nname = "Wire"\nkind = "feed"\naddress = "https://wire.example/feed/"\n',
    root=Path("."),
)


def planned(*outlines: Outline, settings=DESK) -> subscriptions.Plan:
    return subscriptions.plan(outlines, settings, KINDS)


def outline(address: str = "https://a.example/feed", title: str = "A", **more) -> Outline:
    return Outline(more.pop("line", 7), title, address, **more)


def test_folders_become_beats_of_that_name_only_and_names_are_made_unique():
    plan = planned(
        outline("https://a.example/1", "wire", folders=("News", "WORLD", "Reuters")),
        outline("https://a.example/2", "Wire", folders=("Tech",)),
        outline("https://a.example/3", ""),
        outline("https://a.example/4", "<b>Q&amp;A</b>\n &eacute;"),
    )
    assert [(entry["name"], entry["beat"]) for entry in plan.entries] == [
        ("wire (2)", "World"),
        ("Wire (3)", None),
        ("a.example", None),
        ("Q&A é", None),
    ]
    assert plan.folders == {"Tech": 1}


@pytest.mark.parametrize("address", ["https://www.wire.example/feed", "http://wire.example/feed/?utm_source=x#top"])
def test_an_address_that_is_read_already_is_named_and_left_out(address):
    plan = planned(outline(address), outline("https://b.example/"), outline("http://b.example"))
    assert [(one.line, one.why) for one in plan.known] == [(7, "Wire"), (7, "A")]
    assert len(plan.entries) == 1


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("javascript:alert(1)", "feed"),
        ("file:///etc/passwd", "feed"),
        ("not an address", "feed"),
        ("https://user:secret@a.example/", "feed"),
        ("https://a.example/" + "x" * 2000, "feed"),
        ("/etc/passwd", "files"),
        ("../../secrets", "files"),
        ("inbox/../../x", "files"),
        ("~/mail", "files"),
        ("file:///etc", "files"),
        ("..\\x", "files"),
        ("https://evil.example/r/energy", "reddit"),
        ("https://a.example/", "nobody"),
    ],
)
def test_what_a_list_may_not_bring_is_refused_with_its_line(address, kind):
    plan = planned(outline(address, own={"kind": kind}))
    assert plan.entries == ()
    assert [(one.line, bool(one.why)) for one in plan.refused] == [(7, True)]


def test_a_list_may_not_say_where_keys_go():
    options = {
        "key_env": "AWS_SECRET_ACCESS_KEY",
        "api": "https://evil.example",
        "token": "evil.example/x",
        "hosts": ["ok", "evil.example"],
        "sort": "new",
        "limit": 5,
        "kind": "files",
        "bad name": "x",
    }
    plan = planned(outline("https://www.reddit.com/r/energy", own={"kind": "reddit"}, options=options))
    (entry,) = plan.entries
    assert {key: entry[key] for key in entry if key not in ("name", "address") and entry[key] is not None} == {
        "kind": "reddit",
        "sort": "new",
        "limit": 5,
    }
    assert "api, hosts, key_env, token" in plan.notes[0].why


def test_paths_inside_the_desk_and_words_are_addresses_of_other_kinds():
    plan = planned(outline("inbox/2026", own={"kind": "files"}), outline("cs.CL", own={"kind": "arxiv"}))
    assert [entry["address"] for entry in plan.entries] == ["inbox/2026", "cs.CL"]


@given(st.lists(st.text(max_size=100), max_size=30))
def test_names_are_free_short_and_never_given_twice(wanted):
    taken = {"source": 1}
    given_names = [subscriptions.free_name(name, taken) for name in wanted]
    assert len({name.casefold() for name in given_names} | {"source"}) == len(given_names) + 1
    assert all(0 < len(name) <= 80 for name in given_names)


names = st.text(st.characters(exclude_categories=["C", "Z", "M"]), min_size=1, max_size=40).filter(
    lambda text: cleaning.line(text) == text
)
entries = st.fixed_dictionaries(
    {
        "name": names,
        "kind": st.just("feed"),
        "address": st.integers(0, 99).map(lambda n: f"https://h{n}.example/f?a=1&b={n}"),
    },
    optional={
        "beat": st.sampled_from(["World", "R&D <x>"]),
        "owner": names,
        "note": names,
        "country": st.just("DE"),
        "lang": st.sampled_from(["de", "pt-BR"]),
        "sample": st.just(True),
        "platform": names,
        "limit": st.integers(),
        "full_text": st.booleans(),
        "only": st.lists(names, max_size=3),
    },
)


@given(st.lists(entries, max_size=6, unique_by=(lambda one: one["name"].casefold(), lambda one: one["address"])))
def test_a_desk_that_is_exported_and_imported_is_the_same_desk(wanted):
    beats = '[[beat]]\nname = "World"\n[[beat]]\nname = "R&D <x>"\n'
    first = parse(configfile.with_sources(beats, wanted, file="f"), root=Path("."))
    text = opml.write(subscriptions.written(first), title="t", now=NOW)
    empty = parse(beats, root=Path("."))
    plan = planned(*opml.read(text.encode(), file="f"), settings=empty)
    second = parse(configfile.with_sources(beats, plan.entries, file="f"), root=Path("."))
    assert sorted(map(repr, subscriptions.written(second))) == sorted(map(repr, subscriptions.written(first)))
