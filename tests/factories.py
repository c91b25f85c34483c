"""Valid nouns for tests: every maker works without arguments, and each field can be overridden by name.

`from factories import make_record, make_claim, make_dossier, make_story` (tests/ is on the path through conftest).
Texts are invented; hosts are reserved names.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from pipeline.domain import (
    Citation,
    CitedRecord,
    Claim,
    ClaimKind,
    Dispute,
    DisputeKind,
    Dossier,
    Evidence,
    Finding,
    FindingState,
    Hedge,
    Label,
    Membership,
    Record,
    Section,
    Sentence,
    SentenceClass,
    Signal,
    SourceHealth,
    Story,
    StoryCounts,
    Storyline,
    TextQuality,
    Verdict,
    Weighted,
    digest,
)

NOW = datetime(2026, 5, 4, 6, 0, tzinfo=UTC)
T = TypeVar("T")


def _with(value: T, overrides: Mapping[str, Any]) -> T:
    """`value` with fields replaced."""
    return dataclasses.replace(value, **overrides) if overrides else value  # type: ignore[type-var]


def make_record(text: str | None = None, **overrides: Any) -> Record:
    """A full-text article of an invented outlet; the id follows from the text unless given."""
    text = text or (
        "Northwind Power orders 12 turbines for Harlow campus\n\n"
        "Northwind Power has ordered 12 gas turbines for its Harlow campus. "
        "The company says the turbines will supply 480 megawatts by March 2027."
    )
    title = overrides.get("title", text.split("\n", 1)[0] if "\n\n" in text else "")
    record_id = overrides.get("id", "r" + digest("record", text, str(overrides.get("publisher", ""))))
    base = Record(
        id=record_id,
        source="harbour-wire",
        platform="news",
        kind="article",
        native_id=record_id,
        url=f"https://harbour.example/{record_id}",
        publisher="Harbour Wire",
        author=None,
        title=title,
        text=text,
        quality=TextQuality.FULL,
        lang="en",
        published=NOW - timedelta(hours=6),
        fetched=NOW - timedelta(hours=1),
    )
    return _with(base, overrides)


def make_evidence(record: Record, quote: str) -> Evidence:
    """Evidence for the first occurrence of `quote` in `record`; ValueError when it is not there."""
    start = record.text.index(quote)
    return Evidence(record.id, record.content_hash, start, start + len(quote), quote)


def make_claim(record: Record | None = None, quote: str | None = None, **overrides: Any) -> Claim:
    """A claim that rests on `quote` (default: the first body sentence) of `record`."""
    record = record or make_record()
    if quote is None:
        body = record.text.split("\n\n", 1)[-1]
        quote = body.split(". ")[0].rstrip(".") + ("." if "." in body else "")
    evidence = make_evidence(record, quote)
    base = Claim(
        id="c" + digest("claim", evidence.key),
        record_id=record.id,
        text=quote,
        evidence=(evidence,),
        kind=ClaimKind.EVENT,
        hedge=Hedge.STATES,
        speaker=None,
        entities=(),
        quantities=(),
        dates=(),
        worth=0.6,
        published=record.published,
        in_headline=bool(record.title) and record.title.startswith(quote.rstrip(".")),
    )
    return _with(base, overrides)


def make_dispute(a: Claim, b: Claim, **overrides: Any) -> Dispute:
    """A number dispute between two claims."""
    return _with(Dispute(DisputeKind.NUMBER, a.id, b.id, "turbines", "12", "10"), overrides)


def make_finding(claims: Sequence[Claim], origins: Mapping[str, str] | None = None, **overrides: Any) -> Finding:
    """A finding made by `claims`; each record is its own origin unless `origins` (claim id -> origin id) says else."""
    owners = origins or {claim.id: claim.origin_id or "o" + claim.record_id for claim in claims}
    base = Finding(
        id="f" + digest("finding", claims[0].id),
        storyline_id="s" + "0" * 16,
        claim_ids=tuple(claim.id for claim in claims),
        origin_ids=tuple(sorted({owners[claim.id] for claim in claims})),
        state=FindingState.NEW,
        first_seen=min(claim.published for claim in claims),
        last_seen=max(claim.published for claim in claims),
    )
    return _with(base, overrides)


def make_storyline(claims: Sequence[Claim], **overrides: Any) -> Storyline:
    """A storyline that holds `claims`."""
    base = Storyline(
        id="s" + "0" * 16,
        label="Northwind Power, Harlow campus",
        beats=("Energy",),
        founded=min(claim.published for claim in claims),
        updated=NOW,
        claim_ids=tuple(claim.id for claim in claims),
        record_ids=tuple(sorted({claim.record_id for claim in claims})),
    )
    return _with(base, overrides)


def make_membership(claim: Claim, **overrides: Any) -> Membership:
    """An open membership of `claim` in the default storyline."""
    return _with(Membership("s" + "0" * 16, claim.id, claim.record_id, NOW, "shares names"), overrides)


def make_signal(**overrides: Any) -> Signal:
    """A velocity signal that may fire."""
    base = Signal(
        id="g" + digest("signal", str(sorted(overrides))),
        kind="velocity",
        subject="s" + "0" * 16,
        score=3.0,
        baseline=1.0,
        threshold=2.0,
        n=3,
        window_start=NOW - timedelta(hours=24),
        window_end=NOW,
        severity="medium",
        evidence=(Weighted("r0", 1.0),),
        summary="3 origins in 24 hours against 1.0 a day before.",
    )
    return _with(base, overrides)


def make_health(**overrides: Any) -> SourceHealth:
    """A source that was read well an hour ago."""
    base = SourceHealth(source="harbour-wire", checked=NOW - timedelta(hours=1), ok=True, last_success=NOW)
    return _with(base, overrides)


def sample_records() -> tuple[Record, Record]:
    """Two origins on one event, which give one number differently."""
    first = make_record()
    second = make_record(
        "Harlow council approves Northwind turbine site\n\n"
        "Harlow council approved the Northwind Power site on Tuesday by nine votes to two. "
        "Northwind Power will install 10 gas turbines, according to the planning file. "
        "Residents fear that noise limits could be broken if the turbines run at night.",
        publisher="The Harlow Ledger",
        source="harlow-ledger",
        url="https://ledger.example/harlow-turbines",
    )
    return first, second


def sample_claims() -> tuple[Claim, ...]:
    """The claims of `sample_records`, in order."""
    first, second = sample_records()
    return (
        make_claim(first, "Northwind Power has ordered 12 gas turbines for its Harlow campus.", worth=0.9),
        make_claim(
            first,
            "The company says the turbines will supply 480 megawatts by March 2027.",
            hedge=Hedge.EXPECTS,
            speaker="The company",
            kind=ClaimKind.FORECAST,
            worth=0.7,
        ),
        make_claim(second, "Harlow council approved the Northwind Power site on Tuesday by nine votes to two."),
        make_claim(second, "Northwind Power will install 10 gas turbines, according to the planning file."),
        make_claim(second, "Residents fear that noise limits could be broken if the turbines run at night."),
    )


def make_dossier(
    records: Sequence[Record] | None = None, claims: Sequence[Claim] | None = None, **overrides: Any
) -> Dossier:
    """A storyline of two origins with a number dispute; or one of the given records and claims."""
    if records is None:
        records = sample_records()
    if claims is None:
        claims = sample_claims() if tuple(records) == sample_records() else tuple(make_claim(r) for r in records)
    origins = {claim.id: "o" + claim.record_id for claim in claims}
    findings = tuple(make_finding([claim], origins) for claim in claims)
    if tuple(claims) == sample_claims():
        dispute = make_dispute(claims[0], claims[3])
        findings = (
            *(
                dataclasses.replace(f, state=FindingState.CONTRADICTED, disputes=(dispute,)) if i in (0, 3) else f
                for i, f in enumerate(findings)
            ),
        )
    base = Dossier(
        storyline=make_storyline(claims),
        beat="Energy",
        records={record.id: record for record in records},
        claims={claim.id: claim for claim in claims},
        origins=origins,
        findings=findings,
        signals=(),
        previous=None,
        history=(),
        now=NOW,
    )
    return _with(base, overrides)


def make_citation(claim: Claim, record: Record, **overrides: Any) -> Citation:
    """The citation of a claim's first span, with its context."""
    evidence = claim.evidence[0]
    room = 120
    base = Citation(
        key=evidence.key,
        claim_id=claim.id,
        evidence=evidence,
        before=record.text[max(0, evidence.start - room) : evidence.start],
        after=record.text[evidence.end : evidence.end + room],
        origin_id="o" + record.id,
    )
    return _with(base, overrides)


def make_cited_record(record: Record, **overrides: Any) -> CitedRecord:
    """What a story ships of `record`."""
    base = CitedRecord(
        id=record.id,
        content_hash=record.content_hash,
        url=record.url,
        title=record.title,
        publisher=record.publisher,
        author=record.author,
        platform=record.platform,
        published=record.published,
        fetched=record.fetched,
        origin_id="o" + record.id,
        lang=record.lang,
        sample=record.sample,
    )
    return _with(base, overrides)


def make_sentence(text: str, *citations: str, **overrides: Any) -> Sentence:
    """A supported claim sentence."""
    return _with(Sentence(text, SentenceClass.CLAIM, tuple(citations), Verdict(Label.SUPPORTED)), overrides)


def make_story(dossier: Dossier | None = None, **overrides: Any) -> Story:
    """Version 1 of a story on `dossier`: every claim printed as it stands with attribution."""
    dossier = dossier or make_dossier()
    claims = tuple(dossier.claims.values())
    keyed = [(claim, claim.evidence[0]) for claim in claims]
    sentences = tuple(make_sentence(evidence.quote, evidence.key) for _, evidence in keyed)
    cited = {claim.record_id for claim in claims}
    headline = make_sentence(claims[0].text.rstrip("."), claims[0].evidence[0].key)
    base = Story(
        id="y" + digest("story", dossier.storyline.id, "1"),
        storyline_id=dossier.storyline.id,
        slug="northwind-power-harlow-campus-0000",
        version=1,
        beat=dossier.beat,
        beats=(dossier.beat,),
        written=dossier.now,
        headline=headline,
        short_title="Northwind orders turbines",
        dek=sentences[min(1, len(sentences) - 1)],
        sections=(
            Section("takeaways", "Key points", tuple((s,) for s in sentences[:3])),
            Section("body", "What happened", (sentences,)),
        ),
        citations=tuple(make_citation(claim, dossier.records[claim.record_id]) for claim in claims),
        records=tuple(make_cited_record(dossier.records[r]) for r in sorted(cited)),
        dropped=(),
        counts=StoryCounts(
            records=len(dossier.records),
            origins=len(set(dossier.origins.values())),
            platforms=("news",),
            window_start=min(claim.published for claim in claims),
            window_end=max(claim.published for claim in claims),
            cited_records=len(cited),
            drafted=len(sentences),
            repaired=0,
            dropped=0,
        ),
        signals=(),
        rank={"origins": 2.0, "total": 2.0},
        writer="extractive",
        prompts={},
        settings_hash="0" * 16,
    )
    return _with(base, overrides)
