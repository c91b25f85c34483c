"""The whole article: what is printed is cited and passes the gate; the same dossier gives the same article."""

from __future__ import annotations

import dataclasses
from collections import Counter
from datetime import timedelta

import pytest
from factories import (
    NOW,
    make_claim,
    make_dossier,
    make_finding,
    make_record,
    make_story,
    sample_claims,
    sample_records,
)

from pipeline import computations
from pipeline.compose import Article, Unwritten, write_article
from pipeline.compose.ledger import Ledger
from pipeline.domain import Claim, ClaimKind, Dossier, FindingState, Label, Record, Section, Sentence, SentenceClass
from pipeline.gate import judge
from pipeline.preferences import WriteSettings

FAILED = "Northwind Power said on Sunday that 3 of the turbines failed a noise test in Harlow."
SETTINGS = WriteSettings(min_sentences=3)


def written(dossier: Dossier, settings: WriteSettings = SETTINGS) -> Article:
    article = write_article(dossier, settings)
    assert isinstance(article, Article), article
    return article


def sentences(article: Article) -> list[Sentence]:
    rest = [s for section in article.sections for p in section.paragraphs for s in p]
    return [article.headline, *([article.dek] if article.dek else []), *rest]


def section(article: Article, role: str) -> Section | None:
    return next((s for s in article.sections if s.role == role), None)


def texts(part: Section | None) -> list[str]:
    return [s.text for p in part.paragraphs for s in p] if part else []


def test_every_sentence_passes_the_gate_and_cites_spans_of_the_dossier() -> None:
    dossier = make_dossier()
    article = written(dossier)
    spans = {c.key: c for c in article.citations}
    for citation in article.citations:
        record = dossier.records[citation.evidence.record_id]
        assert record.text[citation.evidence.start : citation.evidence.end] == citation.evidence.quote
        assert citation.claim_id in dossier.claims
    ledger = Ledger(dossier)
    for citation in article.citations:
        ledger.cite(dossier.claims[citation.claim_id], citation.evidence.start, citation.evidence.end)
    for sentence in sentences(article):
        assert sentence.verdict.label is Label.SUPPORTED
        assert set(sentence.citations) <= set(spans)
        if sentence.computation is None:
            assert sentence.citations
            assert judge(sentence.text, ledger.spans(sentence.citations)).publish


def test_takeaways_are_sentences_of_the_body() -> None:
    article = written(make_dossier())
    body = [t for s in article.sections if s.role == "body" for t in texts(s)]
    assert set(texts(section(article, "takeaways"))) <= set(body)


def test_nothing_is_said_twice_in_the_body() -> None:
    first = make_record()
    copies = [make_record(first.text + f" Edition {i}.", publisher=f"Paper {i}", id=f"p{i}") for i in range(3)]
    claims = [make_claim(r, "Northwind Power has ordered 12 gas turbines for its Harlow campus.") for r in copies]
    dossier = make_dossier([*sample_records(), *copies], [*sample_claims(), *claims])
    article = written(dossier)
    body = [t for s in article.sections if s.role == "body" for t in texts(s)]
    assert sum("ordered 12 gas turbines" in t for t in body) == 1


def test_a_dispute_is_quoted_from_both_sides_and_typed() -> None:
    article = written(make_dossier())
    told = texts(section(article, "disagreements"))
    assert len(told) == 3
    assert "12 gas turbines" in told[0]
    assert "10 gas turbines" in told[1]
    assert told[2] == "The two differ in a number."
    cited = [s.citations for p in section(article, "disagreements").paragraphs for s in p]  # type: ignore[union-attr]
    assert set(cited[2]) == set(cited[0]) | set(cited[1])


def test_computed_sentences_can_be_computed_again_from_the_story() -> None:
    dossier = make_dossier()
    article = written(dossier)
    story = dataclasses.replace(
        make_story(dossier),
        headline=article.headline,
        dek=article.dek,
        sections=article.sections,
        citations=article.citations,
        records=article.records,
        counts=article.counts,
    )
    facts = computations.facts_of(story)
    bound = [s for s in sentences(article) if s.computation]
    assert bound
    for sentence in bound:
        assert sentence.kind is SentenceClass.ANALYSIS
        name, inputs = sentence.computation.name, sentence.computation.inputs  # type: ignore[union-attr]
        value = computations.compute(name, inputs, facts)
        assert computations.render(name, inputs, value, facts) == sentence.text


def test_the_same_dossier_in_another_order_gives_the_same_article() -> None:
    dossier = make_dossier()
    turned = dataclasses.replace(
        dossier,
        records=dict(reversed(list(dossier.records.items()))),
        claims=dict(reversed(list(dossier.claims.items()))),
        findings=tuple(reversed(dossier.findings)),
    )
    assert written(dossier) == written(turned)


def test_too_little_is_no_story_and_says_so() -> None:
    record = make_record()
    result = write_article(make_dossier([record], [make_claim(record)]), WriteSettings())
    assert isinstance(result, Unwritten)
    assert "4 are needed" in result.reason


def essay(n: int) -> tuple[Record, list[Claim]]:
    """A long record with `n` claims of twelve words."""
    lines = [
        f"Northwind Power will build plant number {i} near Harlow before the summer of {2030 + i}." for i in range(n)
    ]
    record = make_record("Northwind plans\n\n" + " ".join(lines), publisher="Long Read")
    return record, [make_claim(record, line) for line in lines]


def test_a_record_is_quoted_no_further_than_its_limit() -> None:
    record, claims = essay(30)
    dossier = make_dossier([record, *sample_records()], [*claims, *sample_claims()])
    article = written(dossier, WriteSettings(min_sentences=3, max_sentences=24))
    ranges = [(c.evidence.start, c.evidence.end) for c in article.citations if c.evidence.record_id == record.id]
    words = sum(len(record.text[a:b].split()) for a, b in set(ranges))
    assert words <= max(60, len(record.text.split()) // 10)
    assert all(len(c.evidence.quote.split()) <= 40 for c in article.citations)


def test_a_sentence_that_leans_stands_behind_the_one_it_leans_on_or_not_at_all() -> None:
    record = make_record(
        "Harlow plant\n\nNorthwind Power opened its Harlow plant on Monday with 12 turbines. "
        "It supplies 480 megawatts to the valley. People walked by the river. They were 40 people from Harlow.",
        publisher="Plant News",
    )
    quotes = [s + "." for s in record.text.split("\n\n")[1].rstrip(".").split(". ")]
    claims = [make_claim(record, q, worth=0.9) for q in (quotes[0], quotes[1], quotes[3])]
    article = written(make_dossier([record, *sample_records()], [*claims, *sample_claims()]))
    body = [t for s in article.sections if s.role == "body" for t in texts(s)]
    at = next((i for i, t in enumerate(body) if t.startswith("It supplies")), None)
    if at is not None:
        assert "opened its Harlow plant" in body[at - 1]
    assert not any(t.startswith("They were") for t in body)


def test_questions_are_answered_by_claims_or_left_out() -> None:
    more = make_record(
        "Harlow waits\n\nThe county board could cancel the permit of the Northwind campus in Harlow if the turbines "
        "fail the noise test in May.",
        publisher="Valley Radio",
    )
    told = make_claim(more, more.text.split("\n\n")[1], worth=0.4)
    article = written(make_dossier([*sample_records(), more], [*sample_claims(), told]), WriteSettings(max_sentences=4))
    asked = {s.heading: texts(s) for s in article.sections if s.role == "question"}
    body = {t for s in article.sections if s.role == "body" for t in texts(s)}
    assert asked
    assert all(answers and not body & set(answers) for answers in asked.values())
    plain = make_record(
        "Plain\n\nNorthwind opened a plant. The mayor cut a ribbon. Twelve turbines turned. A band played songs."
    )
    claims = [make_claim(plain, s + ".") for s in plain.text.split("\n\n")[1].rstrip(".").split(". ")]
    result = write_article(make_dossier([plain], claims), WriteSettings(min_sentences=1))
    assert isinstance(result, Unwritten) or not any(s.role == "question" for s in result.sections)


def test_a_later_version_says_what_is_new_and_keeps_the_story_so_far() -> None:
    dossier = make_dossier()
    old = make_story(dossier, written=NOW - timedelta(days=1))
    fresh = make_record(
        f"Northwind turbines fail a test\n\n{FAILED}",
        publisher="Valley Radio",
        published=NOW - timedelta(hours=2),
    )
    claim = make_claim(
        fresh, "Northwind Power said on Sunday that 3 of the turbines failed a noise test in Harlow.", worth=0.9
    )
    grown = make_dossier([*sample_records(), fresh], [*sample_claims(), claim], previous=old, history=(old,))
    findings = [
        dataclasses.replace(f, first_seen=NOW if claim.id in f.claim_ids else NOW - timedelta(days=2))
        for f in grown.findings
    ]
    article = written(dataclasses.replace(grown, findings=tuple(findings)))
    new = texts(section(article, "changed"))
    assert new[0] == "1 record and 1 origin have joined since version 1."
    assert any("failed a noise test" in t for t in new[1:])
    assert not any("ordered 12" in t for t in new)


def test_superseded_findings_are_not_told_as_they_were() -> None:
    claims = sample_claims()
    dossier = make_dossier()
    gone = [
        dataclasses.replace(f, state=FindingState.SUPERSEDED, disputes=()) if claims[0].id in f.claim_ids else f
        for f in dossier.findings
    ]
    article = written(dataclasses.replace(dossier, findings=tuple(gone)))
    body = [t for s in article.sections if s.role == "body" for t in texts(s)]
    assert not any("ordered 12 gas turbines" in t for t in body)


def test_allegations_about_people_are_dropped_without_their_text() -> None:
    record = make_record(
        "Court news\n\nAnna Bergström stole money from the fund, I am sure of it. "
        + " ".join(f"Line {i} says little." for i in range(5)),
        publisher=None,
    )
    claim = make_claim(record, "Anna Bergström stole money from the fund, I am sure of it.", kind=ClaimKind.OPINION)
    article = written(make_dossier([record, *sample_records()], [claim, *sample_claims()]))
    for dropped in article.dropped:
        assert "stole" not in dropped.text
        assert len(dropped.text_hash) == 32


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "{{ 7*7 }}", "[x](javascript:alert(1))", "' OR 1=1 --", "\u202etxt"]
)
def test_hostile_records_do_not_break_the_writer(hostile: str) -> None:
    record = make_record(
        f"{hostile}\n\nNorthwind {hostile} has ordered 12 gas turbines today. {hostile}", publisher=hostile
    )
    claims = [make_claim(record, record.text.split("\n\n")[1])]
    article = written(make_dossier([record, *sample_records()], [*claims, *sample_claims()]))
    assert Counter(s.verdict.label for s in sentences(article)) == {Label.SUPPORTED: len(sentences(article))}


def test_findings_of_several_origins_come_before_lone_ones() -> None:
    records = [
        make_record(f"T{i}\n\nHarlow council approved the turbine site on Tuesday.", publisher=f"P{i}")
        for i in range(3)
    ]
    shared = [make_claim(r, "Harlow council approved the turbine site on Tuesday.", worth=0.5) for r in records]
    lone = sample_claims()[1:3]
    dossier = make_dossier([*records, *sample_records()], [*shared, *lone])
    findings = (make_finding(shared), *(make_finding([c]) for c in lone))
    article = written(dataclasses.replace(dossier, findings=findings), WriteSettings(min_sentences=1))
    assert "council approved" in next(t for s in article.sections if s.role == "body" for t in texts(s))
