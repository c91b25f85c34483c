"""The order of the news: tonight's first, what was overtaken not at all, other languages only quoted."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from factories import NOW, make_claim, make_dispute, make_dossier, make_finding, make_record

from pipeline.compose import Article, Unwritten, write_article
from pipeline.compose.headline import short_title
from pipeline.compose.timing import Night, overtaken, reacts
from pipeline.domain import Claim, DisputeKind, Dossier, Hedge, Record
from pipeline.language import dates
from pipeline.preferences import WriteSettings

SETTINGS = WriteSettings(min_sentences=2)


def told(publisher: str, title: str, body: str, days: float = 0.0, lang: str = "en") -> tuple[Record, list[Claim]]:
    """A record of `days` ago with a claim for its title and each sentence of its body."""
    record = make_record(
        f"{title}\n\n{body}",
        publisher=publisher,
        source=publisher.lower(),
        url=f"https://{publisher.lower().replace(' ', '-')}.example/{days}",
        lang=lang,
        published=NOW - timedelta(days=days, hours=2),
    )
    quotes = [title, *(f"{part.strip().rstrip('.')}." for part in body.split(". "))]
    return record, [make_claim(record, quote, in_headline=quote == title) for quote in quotes]


def dossier_of(*parts: tuple[Record, list[Claim]], **overrides: object) -> Dossier:
    claims = [claim for _, group in parts for claim in group]
    return make_dossier([record for record, _ in parts], claims, **overrides)


def test_what_was_to_come_years_ago_is_overtaken() -> None:
    old, claims = told(
        "Old Wire", "Presidency of Norland", "Norland will hold the presidency from July 2016. It is large."
    )
    new, more = told("New Wire", "Plans of Norland", "Norland will hold the presidency from July 2031. It is large.")
    claims, more = ([dataclasses.replace(c, dates=dates.find(c.text, NOW)) for c in group] for group in (claims, more))
    gone = overtaken(dossier_of((old, claims), (new, more)))
    assert [c.id in gone for c in (*claims, *more) if "presidency from" in c.text] == [True, False]


def article_of(dossier: Dossier) -> Article:
    article = write_article(dossier, SETTINGS)
    assert not isinstance(article, Unwritten), article.reason
    return article


OLD = told(
    "Harbour Wire",
    "Ministry publishes turbine rule for Harlow",
    "The turbine rule takes effect on 1 May in Harlow. Mara Quill opened an office for turbine permits in Harlow.",
    days=2,
)
NEW = told(
    "The Ledger",
    "Ministry moves start of turbine rule to 1 September",
    "The ministry moved the start of the turbine rule from 1 May to 1 September on Monday. "
    "Northwind Power welcomed the delay of the turbine rule in Harlow.",
)
ALSO = told(
    "Valley Radio",
    "Turbine rule to start in September, ministry says",
    "The ministry in Harlow postponed its turbine rule by four months. Harlow has 38 gas turbines under the rule.",
)


def body(article: Article) -> list[str]:
    return [s.text for part in article.sections if part.role == "body" for p in part.paragraphs for s in p]


def test_tonights_news_stands_before_what_is_older() -> None:
    article = article_of(dossier_of(OLD, NEW, ALSO))
    headings = [part.heading for part in article.sections if part.role == "body"]
    text = body(article)
    assert headings[0] == "What happened"
    assert headings[-1] == "Earlier"
    assert "opened an office" in text[-1]
    assert "welcomed" not in text[0]


def test_a_date_that_was_moved_is_not_told_as_it_was() -> None:
    dossier = dossier_of(OLD, NEW, ALSO)
    assert overtaken(dossier) == {OLD[1][1].id}
    assert not any("takes effect on 1 May" in text for text in body(article_of(dossier)))


def test_a_prospect_that_came_about_is_overtaken_and_one_that_did_not_stands() -> None:
    early = told("Harbour Wire", "Mara Quill on course to win Harlow vote", "Polls close at ten in Harlow.", days=1)
    late = told("The Ledger", "Mara Quill wins Harlow vote", "Quill took 54 percent of votes in Harlow.")
    other = told("Valley Radio", "Harlow council to vote on harbour budget", "The council meets on Friday.", days=1)
    assert overtaken(dossier_of(early, late, other)) == {early[1][0].id}


def test_the_headline_is_a_wire_headline_of_the_newest_night() -> None:
    article = article_of(dossier_of(OLD, NEW, ALSO))
    assert article.headline.text.startswith(("Ministry moves start of turbine rule", "Turbine rule to start"))


def test_what_only_reacts_is_known_by_its_verb() -> None:
    assert reacts("Northwind Power welcomed the delay")
    assert not reacts("The ministry moved the start to September")


def test_a_first_version_takes_the_newest_day_as_the_news() -> None:
    night = Night.of(dossier_of(OLD, NEW, ALSO))
    assert night.news == {NEW[0].id, ALSO[0].id}


def test_another_language_is_quoted_under_its_name_and_nowhere_else() -> None:
    spanish = told(
        "La Voz",
        "El ministerio aplaza la norma de turbinas",
        "El ministerio aplazó la norma de turbinas de Harlow hasta el 1 de septiembre.",
        lang="es",
    )
    article = article_of(dossier_of(NEW, ALSO, spanish, lang="en"))
    above = [article.headline, *([article.dek] if article.dek else [])]
    above += [s for part in article.sections if part.role == "takeaways" for p in part.paragraphs for s in p]
    assert not any("ministerio" in s.text for s in above)
    places = [part.heading for part in article.sections for p in part.paragraphs for s in p if "ministerio" in s.text]
    assert places == ["Written in Spanish"]
    quoted = next(t for t in body(article) if "ministerio" in t)
    assert quoted.startswith("La Voz writes")
    assert '"El ministerio' in quoted


def test_a_story_all_in_another_language_is_not_written() -> None:
    spanish = told("La Voz", "Aplazan la norma", "El ministerio aplazó la norma de turbinas de Harlow.", lang="es")
    assert isinstance(write_article(dossier_of(spanish, lang="en"), SETTINGS), Unwritten)


def test_both_sides_of_a_dispute_find_room_before_the_body() -> None:
    filler = " ".join(f"Northwind Power told Harlow that hall {n} uses {n + 40} gas turbines." for n in range(1, 9))
    one = told("Harbour Wire", "Northwind orders turbines", f"{filler} Northwind Power has ordered 46 gas turbines.")
    two = told("The Ledger", "Northwind plans turbines for Harlow", "Northwind Power will install 38 gas turbines.")
    dossier = dossier_of(one, two)
    dispute = make_dispute(one[1][-1], two[1][-1])
    findings = tuple(
        dataclasses.replace(f, disputes=(dispute,)) if {dispute.a, dispute.b} & set(f.claim_ids) else f
        for f in dossier.findings
    )
    article = article_of(dataclasses.replace(dossier, findings=findings))
    part = next(p for p in article.sections if p.role == "disagreements")
    text = " ".join(s.text for p in part.paragraphs for s in p)
    assert "46 gas turbines" in text
    assert "38 gas turbines" in text
    assert not any("46" in s.text or "38" in s.text for p in article.sections[0].paragraphs for s in p)


def test_numbers_of_different_things_are_no_dispute() -> None:
    one = told("Harbour Wire", "Test results are out", "Falcon 4 scored 58.1 percent on the Harlow test.")
    two = told("The Ledger", "Results of tests", "Heron 2 scored 54.7 percent on the Harlow test.")
    dossier = dossier_of(one, two)
    dispute = make_dispute(one[1][-1], two[1][-1], kind=DisputeKind.NUMBER)
    findings = (make_finding([one[1][-1]], disputes=(dispute,)), make_finding([two[1][-1]], disputes=(dispute,)))
    article = article_of(dataclasses.replace(dossier, findings=findings))
    assert not any(p.role == "disagreements" for p in article.sections)


def test_one_origin_is_named_only_for_a_figure_that_no_other_record_holds() -> None:
    same = told(
        "The Ledger",
        "Northwind confirms turbines",
        "Mara Quill bought 480 megawatts of Northwind turbines for Harlow. Quill opened nine halls in Harlow.",
    )
    alone = told("Harbour Wire", "Northwind orders turbines", "Northwind Power will supply 480 megawatts in Harlow.")
    article = article_of(dossier_of(alone, same))
    limits = [s.text for p in article.sections if p.role == "unknown" for q in p.paragraphs for s in q]
    assert not any(text.startswith("Only one origin") for text in limits)


@pytest.mark.parametrize(
    ("headline", "label", "title"),
    [
        ("Board postpones permit", "x", "Board postpones permit"),
        (
            "Ministry moves start of rule to 1 September, Harbour Wire writes",
            "x",
            "Ministry moves start of rule to 1 September",
        ),
        (
            "Northwind lifts spending plan to $41 billion for the coming year, shares slip in Harlow",
            "x" * 80,
            "Northwind lifts spending plan to $41 billion",
        ),
    ],
)
def test_a_short_title_is_whole_and_ends_in_no_comma(headline: str, label: str, title: str) -> None:
    assert short_title(headline, label) == title


def test_plans_of_tonight_are_no_less_told() -> None:
    plan = told("The Ledger", "Northwind plans second site", "Northwind Power plans a second site in Harlow by 2028.")
    hedged = [dataclasses.replace(c, hedge=Hedge.PLANS) for c in plan[1]]
    assert overtaken(dossier_of((plan[0], hedged), NEW)) == frozenset()
