"""Floods: flagged once and left out of the counts; what many report in their own words is none."""

from __future__ import annotations

import functools
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from factories import make_claim
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import floods as made
from pipeline.detectors import floods
from pipeline.detectors.frame import About, Arrival, History, Subject, Window
from pipeline.domain import Claim, Evidence, Finding, FindingState
from pipeline.settings import SignalSettings

SETTINGS = SignalSettings()
ENTITY = Subject(About.ENTITY, "e", "Corvane")
NIGHT = 3


@functools.cache
def came(shape: str, *given: object) -> tuple[made.Came, ...]:
    """What one of the benchmark's shapes puts into a night."""
    make = {"flood": made.flood, "rush": made.rush, "agency": made.agency, "ticker": made.ticker, "shared": made.shared}
    named = {"agency": {"credited": False}}.get(shape, {})
    return tuple(make[shape](*given, **named)(Random(NIGHT), made.Texts()))  # type: ignore[operator]


def find(window: Window, history: History | None = None) -> tuple[floods.Flood, ...]:
    return floods.find(window, history or made.busy(0), SETTINGS)


FLOODS = [
    ("flood", voices, where, level, hours)
    for voices, where in ((3, "accounts"), (3, "new domains"), (49, "new domains"), (49, "mostly new"))
    for level in (1, 2, 3)
    for hours in (1, 24)
]


@pytest.mark.parametrize("shape", FLOODS, ids=lambda shape: f"{shape[1]} {shape[2]} level {shape[3]} {shape[4]} h")
@pytest.mark.parametrize("a_day", [0, 1, 20])
def test_a_flood_is_flagged_once_and_its_original_is_not_part_of_it(shape: tuple[object, ...], a_day: int) -> None:
    records = came(*shape)  # type: ignore[arg-type]
    (found,) = find(made.window(records), made.busy(a_day))
    flagged = {a.record_id for a in found.records}
    assert "r0000" not in flagged
    assert flagged >= {one.record.id for one in records if one.flood}


HONEST = [("rush", 50), ("rush", 200), ("agency", 12), ("agency", 40), ("ticker", 1, 15), ("ticker", 2, 15)]
HONEST += [("shared", 40)]


@pytest.mark.parametrize("shape", HONEST, ids=str)
@pytest.mark.parametrize("a_day", [0, 1, 20])
def test_what_is_no_flood_is_not_flagged(shape: tuple[object, ...], a_day: int) -> None:
    assert find(made.window(came(*shape)), made.busy(a_day)) == ()  # type: ignore[arg-type]


def test_copies_that_name_their_agency_are_no_flood_even_where_nobody_knows_the_papers() -> None:
    records = made.agency(40, credited=True, unseen=1.0)(Random(NIGHT), made.Texts())
    assert find(made.window(records)) == ()
    assert find(made.window([replace(one, origin=one.record.id) for one in records])) != ()


def test_domains_that_the_operator_chose_are_never_new() -> None:
    records = [one.record for one in came("flood", 49, "new domains", 2, 1)]
    sites = {floods.site_of(record) for record in records}
    night = made.window(came("flood", 49, "new domains", 2, 1))
    chosen = replace(night, prints=floods.prints(records, dict.fromkeys(sites, made.END), sites))
    assert find(night)
    assert find(chosen) == ()


def test_a_feed_that_was_just_added_brings_no_new_domain_whatever_its_host() -> None:
    every = made.rush(40, unseen=1.0)(Random(1), made.Texts())
    records = [replace(one.record, source=f"Feed {n}") for n, one in enumerate(every)]
    since = dict.fromkeys(map(floods.site_of, records), made.END)
    assert all(one.since is None for one in floods.prints(records, since, ()).values())


def test_a_young_desk_cannot_tell_what_is_new() -> None:
    night = made.window(came("flood", 49, "new domains", 2, 1))
    young = replace(made.busy(0), since=made.END - timedelta(days=7))
    assert find(night, young) == ()
    assert find(night, replace(young, since=made.END - timedelta(days=9)))


def test_a_busy_storylines_usual_day_by_few_people_is_no_flood() -> None:
    spread = came("flood", 8, "accounts", 1, 24)
    assert find(made.window(spread), made.busy(0))
    assert find(made.window(spread), made.busy(24)) == ()


def test_fewer_than_ten_are_no_flood() -> None:
    records = came("flood", 2, "accounts", 1, 1)
    assert find(made.window(records[:11]))
    assert find(made.window(records[:10])) == ()


def test_many_at_domains_from_nowhere_are_a_flood_whatever_they_write() -> None:
    every = made.rush(40, unseen=1.0)(Random(NIGHT), made.Texts())
    (found,) = find(made.window(every))
    assert len(found.records) == 40
    assert find(made.window(made.rush(40, unseen=0.5)(Random(NIGHT), made.Texts()))) == ()


def test_the_flag_counts_voices_and_names_domains_but_no_account() -> None:
    night = made.window(came("flood", 49, "new domains", 1, 1))
    (flag,) = floods.signals(find(night), night)
    assert (flag.kind, flag.subject, flag.score, flag.n, flag.about) == ("coordination", "s", 49.0, 49, "storyline")
    assert "49 domains first read here in the last 3 days (new0.com, new1.com, new10.com, ...)" in flag.summary
    assert "49 records of nearly one wording (median likeness 0." in flag.summary
    assert len(flag.evidence) == 49
    assert sum(row.weight for row in flag.evidence) == pytest.approx(1.0, abs=1e-3)
    accounts = made.window(came("flood", 3, "accounts", 1, 1))
    (quiet,) = floods.signals(find(accounts), accounts)
    assert "from 3 voices" in quiet.summary
    assert "@a" not in repr(quiet)


def test_a_platform_is_no_new_domain_and_its_users_are_not_named() -> None:
    posts = [replace(one.record, url=f"https://someone{n}.tumblr.com/{n}") for n, one in enumerate(came("rush", 50))]
    sites = dict.fromkeys(map(floods.site_of, posts), made.END)
    assert all(one.since is None for one in floods.prints(posts, sites, ()).values())


def test_without_a_flood_nothing_rests_on_its_records() -> None:
    records = came("flood", 3, "accounts", 2, 1)
    night = made.window(records)
    told = {a.record_id: a for a in night.arrivals[made.LINE]}
    claims = {f"c{key}": _claim(f"c{key}", key) for key in told}
    mixed = Finding("f1", "s", ("cr0000", "cr0001"), ("r0000", "r0001"), FindingState.NEW, made.END, made.END)
    alone = replace(mixed, id="f2", claim_ids=("cr0002",))
    night = replace(
        night,
        arrivals={**night.arrivals, ENTITY: night.arrivals[made.LINE]},
        claims=claims,
        told=told,
        findings={"s": [mixed, alone]},
    )
    honest = floods.without(night, find(night))
    assert [a.record_id for a in honest.arrivals[ENTITY]] == ["r0000"]
    assert list(honest.claims) == ["cr0000"]
    assert list(honest.told) == ["r0000"]
    assert [(f.id, f.claim_ids) for f in honest.findings["s"]] == [("f1", ("cr0000",))]
    assert floods.without(night, ()) is night


def _claim(key: str, record_id: str) -> Claim:
    evidence = Evidence(record_id, "h", 0, 4, "said")
    return make_claim(id=key, record_id=record_id, evidence=(evidence,))


@given(st.permutations(range(50)))
def test_the_order_of_arrivals_does_not_matter(order: list[int]) -> None:
    night = made.window(came("flood", 49, "mostly new", 3, 1))
    arrivals: list[Arrival] = list(night.arrivals[made.LINE])
    turned = replace(night, arrivals={made.LINE: [arrivals[n] for n in order]})
    assert find(turned) == find(night)


words = st.frozensets(st.sampled_from("abcdefgh"), max_size=6)


@given(st.lists(words, min_size=1, max_size=8))
def test_resemblance_is_the_jaccard_index(sets: list[frozenset[str]]) -> None:
    grid = floods.resemblance(sets)
    for i, one in enumerate(sets):
        for j, other in enumerate(sets):
            expected = len(one & other) / len(one | other) if one | other else 0.0
            assert grid[i, j] == pytest.approx(expected)
