"""Origins: copies are one voice, own words are their own, whatever the order."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from factories import make_record
from hypothesis import given
from hypothesis import strategies as st

from pipeline.claiming.claims import extract
from pipeline.domain import Origin, Record
from pipeline.origins.grouping import credit, group

DAWN = datetime(2026, 3, 2, 6, tzinfo=UTC)
AGENCY = (
    "Globex will close its Harlow plant in March, the company said on Monday, blaming rising power "
    "prices and weak demand for turbines. "
    "About 400 people work at the site, which opened in 1998 and has made blades for wind farms "
    "across the north of the country. "
    "The union called the decision a betrayal and promised to fight it in court before the summer."
)
OWN = (
    "Four hundred workers in Harlow learned this week that their factory has no future. Globex, the "
    "maker of turbines, told staff that "
    "the site would shut within weeks because electricity had become too dear. Union leaders want "
    "judges to stop the firm, and the town's "
    "mayor has asked ministers for help with new jobs."
)


def record(name: str, title: str, body: str, *, outlet: str = "", hours: float = 0, url: str | None = None) -> Record:
    text = f"{title}\n\n{body}" if title else body
    return make_record(
        text,
        id=name,
        title=title,
        publisher=outlet or name,
        source=outlet or name,
        url=url,
        published=DAWN + timedelta(hours=hours),
    )


def by_record(origins: tuple[Origin, ...]) -> dict[str, str]:
    return {member: origin.id for origin in origins for member in origin.record_ids}


def test_an_agency_text_under_two_headlines_is_one_origin() -> None:
    found = group(
        [
            record("b", "Turbine maker to shut plant", AGENCY + " (Agencies)", hours=2),
            record("a", "Globex closes Harlow plant", AGENCY),
            record("c", "A town loses its factory", OWN, hours=1),
        ]
    )
    assert by_record(found) == {"a": "a", "b": "a", "c": "c"}
    assert {origin.id: origin.reason for origin in found} == {"a": "near-identical text", "c": "itself"}


def test_a_cut_copy_and_an_identical_short_summary_are_copies() -> None:
    cut = ". ".join(AGENCY.split(". ")[:2])
    summary = "Globex will close its Harlow plant in March, blaming power prices."
    found = group(
        [
            record("a", "Globex closes Harlow plant", AGENCY),
            record("b", "Harlow plant to close", cut, hours=1),
            record("c", "Globex shuts plant in the north", summary, hours=2),
            record("d", "Globex shuts plant in the north", summary, hours=3),
        ]
    )
    assert by_record(found) == {"a": "a", "b": "a", "c": "c", "d": "c"}


def test_two_desks_own_summaries_of_one_event_stay_two() -> None:
    found = group(
        [
            record(
                "a",
                "Globex to close Harlow plant",
                "Globex will close its plant in Harlow in March, with 400 jobs lost.",
            ),
            record(
                "b", "400 jobs go as Globex shuts site", "The turbine maker says its Harlow site will shut in March."
            ),
        ]
    )
    assert by_record(found) == {"a": "a", "b": "b"}


def test_one_outlet_in_two_feeds_is_one_but_its_series_is_not() -> None:
    found = group(
        [
            record("a", "Globex closes its Harlow plant", "The plant shuts.", outlet="Harbour Wire"),
            record(
                "b",
                "Globex closes its Harlow plant",
                "Plant shuts in March, firm says.",
                outlet="Harbour Wire",
                hours=5,
            ),
            record(
                "c",
                "The Morning Risk Report: Today",
                "Courts weigh a case on bank rules, and ports reopen in the south.",
                outlet="Dawn",
            ),
            record(
                "d",
                "The Morning Risk Report: Today",
                "A chip maker sues its rival as farmers march on the capital again.",
                outlet="Dawn",
                hours=24,
            ),
        ]
    )
    assert by_record(found) == {"a": "a", "b": "a", "c": "c", "d": "d"}


def test_one_address_is_one_origin() -> None:
    url = "https://harbour.example/globex"
    found = group(
        [
            record("a", "", OWN, url=url),
            record(
                "b", "Show: a town loses its factory", "Link post", url="http://www.harbour.example/globex/", hours=1
            ),
        ]
    )
    assert by_record(found) == {"a": "a", "b": "a"}


def test_a_shared_quotation_alone_makes_no_copy() -> None:
    quote = "“We have asked for talks eleven times and nobody has ever come to the table,” the union said."
    one = f"{quote} {OWN}"
    two = f"{quote} Rain fell on Harlow as shoppers passed. Homes cost more than last year, and schools are full."
    assert by_record(group([record("a", "A", one), record("b", "B", two, hours=1)])) == {"a": "a", "b": "b"}


def test_retelling_a_named_outlet_is_its_origin() -> None:
    found = group(
        [
            record("a", "Globex to close Harlow turbine plant in March", AGENCY, outlet="Harbour Wire"),
            record(
                "b",
                "Globex closing Harlow turbine plant",
                "Globex is closing its Harlow turbine plant in March, Harbour Wire reported.",
                hours=2,
            ),
            record(
                "c", "Globex hires 400 in Ohio", "Globex hires 400 in Ohio, unlike what Harbour Wire reported.", hours=3
            ),
        ]
    )
    assert by_record(found) == {"a": "a", "b": "a", "c": "c"}


def test_a_denial_of_an_outlets_report_has_its_own_source() -> None:
    told = "Globex has cancelled an order for 60,000 blades from Initech after months of delay, a person said."
    first = record("a", "Globex cancels order for 60,000 Initech blades", told, outlet="Silicon Courier")
    denial = record(
        "b",
        "Globex denies it cancelled Initech order",
        "Globex has not cancelled its order for 60,000 blades from Initech, the company said on Monday, contradicting "
        "a report by Silicon Courier.",
        outlet="Daily Ledger",
        hours=5,
    )
    assert {origin.record_ids for origin in group([first, denial])} == {("a",), ("b",)}


def test_a_claim_on_another_outlets_word_is_credited_to_it() -> None:
    wire = record("a", "Globex to close Harlow plant", AGENCY, outlet="Harbour Wire")
    late = record(
        "b", "Week in business", OWN + " Globex will close its Harlow plant in March, Harbour Wire reports.", hours=9
    )
    claims = credit(extract(late, min_worth=0.0), [wire, late], {"a": "a", "b": "b"})
    credited = [claim for claim in claims if claim.origin_id]
    assert [(claim.speaker, claim.origin_id) for claim in credited] == [("Harbour Wire", "a")]


def test_known_records_keep_their_origin_and_new_ones_join_it() -> None:
    known = record("a", "Globex closes Harlow plant", AGENCY, hours=5)
    other = record("z", "A town loses its factory", OWN)
    early = record("b", "Turbine maker to shut plant", AGENCY)
    found = group([record("c", "Plant shuts", AGENCY, hours=7)], [(known, "first"), (other, "z")])
    assert [(origin.id, origin.record_ids) for origin in found] == [("first", ("a", "c"))]
    assert "first" in by_record(group([early], [(known, "first")])).values()


POOL = [
    record("a", "Globex closes Harlow plant", AGENCY),
    record("b", "Turbine maker to shut plant", AGENCY, hours=1),
    record("c", "A town loses its factory", OWN, hours=1),
    record("d", "A town loses its factory for good this time round", OWN + " More to come.", hours=2),
    record("e", "Rain", "It rained in Harlow all day and the river rose by two metres before noon.", hours=2),
]


@given(st.permutations(POOL))
def test_order_does_not_matter(records: list[Record]) -> None:
    assert group(records) == group(POOL)
    assert sum(len(origin.record_ids) for origin in group(records)) == len(POOL)


@given(st.lists(st.text(min_size=1, max_size=80), max_size=6))
def test_total_on_any_text(texts: list[str]) -> None:
    records = [record(f"r{i}", "", text) for i, text in enumerate(texts) if text.strip()]
    assert set(by_record(group(records))) == {r.id for r in records}


def test_a_thousand_copies_and_a_thousand_others_are_fast() -> None:
    copies = [replace(POOL[0], id=f"c{i:04}", published=DAWN + timedelta(minutes=i)) for i in range(1000)]
    others = [
        record(
            f"o{i:04}",
            f"Town {i} votes",
            f"Voters in town {i} chose mayor {i * 7} over rival {i * 3} by {i} ballots on a wet day in ward {i % 17}.",
        )
        for i in range(1000)
    ]
    began = time.process_time()
    assert len(group(copies + others)) == 1001
    assert time.process_time() - began < 6
