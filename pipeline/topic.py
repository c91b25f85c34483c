"""Topics: a cited answer to one query, from the records on it and nothing else.

A pure core over what the store holds: which records answer (`relevance`), which of their claims speak to it, and the
same writer and the same gate as every story. Searching the sources first is the caller's business.
"""

from __future__ import annotations

import string
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline import outlets, relevance, terms
from pipeline.barred import Barred, allowed
from pipeline.compose import Article, write_article
from pipeline.domain import Claim, Dossier, Finding, Record, StageReport, Storyline, digest
from pipeline.edition import Aside, Searched, TopicAnswer
from pipeline.language.words import content, is_stop, tokens
from pipeline.preferences import TopicSettings
from pipeline.protocols import Embedder, Store
from pipeline.settings import Settings
from pipeline.sourcing.searching import Search
from pipeline.storylines import vectors


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, and the ids of every record on the topic, cited or not: what "new since" is counted against."""

    answer: TopicAnswer
    record_ids: tuple[str, ...] = ()


CANDIDATES = 500  # records that share a word with the query, best first, that are looked at
MOST = 40  # records that one answer is written from
TOLD = 5  # records set aside that the answer names
STORE = "store"


def answer(
    store: Store,
    settings: Settings,
    asked: TopicSettings,
    *,
    embedder: Embedder,
    searched: Search,
    now: datetime,
) -> Answered:
    """The answer to `asked` from what is stored. `searched`: what was asked of sources just before.

    Raises StoreError.
    """
    barred = Barred.of(store.corrections())
    found_here = candidates(store, asked.query, since=now - timedelta(days=asked.days))
    looked = [r for r in found_here if r.fetched <= now and not barred.record(r)]
    total = store.counts().get("records", 0)
    fitting = chosen(asked.query, looked, total, embedding(embedder, store))
    records = fitting[:MOST]
    before = store.topic_seen(asked.query, before=now)
    fitting_ids = {record.id for record in fitting}
    places = tuple(
        Searched(
            place.name,
            len(fitting_ids.intersection(place.record_ids)),
            place.problem,
            len(place.record_ids) if place.asked else None,
            place.hung,
        )
        for place in searched.places
    )
    off = set_aside(asked.query, fitting, looked, searched)
    empty = TopicAnswer(
        query=asked.query,
        asked=now,
        days=asked.days,
        searched=(*places, Searched(STORE, len(fitting))),
        pages=searched.pages,
        aside=off[:TOLD],
        set_aside=len(off),
        since=before[0] if before else None,
    )
    if not records:
        return Answered(empty)
    papers = dossier(store, asked.query, records, now)
    article = write_article(papers, settings.write.model_copy(update={"min_sentences": 1}))
    found = replace(
        empty,
        considered=len(records),
        origins=len(set(papers.origins.values())),
        dropped=article.dropped,
        new_records=tuple(r.id for r in records if before and r.id not in before[1]),
    )
    told = _told(found, article) if isinstance(article, Article) else found
    return Answered(told, tuple(record.id for record in records))


def _told(found: TopicAnswer, article: Article) -> TopicAnswer:
    return replace(
        found,
        title=article.headline.text,
        sections=article.sections,
        citations=article.citations,
        records=article.records,
        writer=article.writer,
        prompts=article.prompts,
    )


def candidates(store: Store, query: str, *, since: datetime | None = None) -> Sequence[Record]:
    """Records that share a word with the query, the best first. Raises StoreError."""
    words = dict.fromkeys(word for word in tokens(query) if not is_stop(word))
    return store.search_records(list(words), since=since, limit=CANDIDATES)


def embedding(embedder: Embedder, store: Store) -> relevance.Embed | None:
    """What gives dense rows of texts, from the store where it holds them; None where the embedder gives sparse ones."""
    if vectors.dense(embedder, [], store) is None:
        return None

    def rows(texts: Sequence[str]) -> vectors.Rows:
        found = vectors.dense(embedder, texts, store)
        assert found is not None
        return found.rows

    return rows


def chosen(
    query: str, candidates: Sequence[Record], total: int, embed: relevance.Embed | None = None
) -> tuple[Record, ...]:
    """The candidates on the topic, best first. `total` is how many records the store holds."""
    texts = [record.text for record in candidates]
    counted = terms.fit(terms.count(text) for text in texts)
    frequencies = terms.Frequencies(max(total, len(texts)), counted.counts)
    return tuple(candidates[hit.index] for hit in relevance.on_topic(query, texts, frequencies, embed=embed))


def set_aside(query: str, fitting: Sequence[Record], looked: Sequence[Record], searched: Search) -> tuple[Aside, ...]:
    """What was looked at and is off topic, with the reason: first what sources gave to the search, best first."""
    kept = {record.id for record in fitting}
    given = {record.id: record for record in searched.records.values()}
    found = {record.id: record for record in looked}
    ordered = [key for key in (*(k for k in found if k in given), *given, *found) if key not in kept]
    asked: dict[str, str] = {}
    for word in query.split():
        for stem in content(word):
            asked.setdefault(stem, word.strip(string.punctuation))
    return tuple(_aside(found.get(key) or given[key], asked) for key in dict.fromkeys(ordered))


def _aside(record: Record, asked: Mapping[str, str]) -> Aside:
    held = set(content(record.text))
    lacking = tuple(word for stem, word in asked.items() if stem not in held)
    title = record.title or textwrap.shorten(record.text, 80, placeholder=" …")
    return Aside(title, record.source, record.url, lacking)


def dossier(store: Store, query: str, records: Sequence[Record], now: datetime) -> Dossier:
    """What the writer may see: the claims of `records` that speak to the query or share a storyline with one that does.

    So a roundup that is on the topic for one of its items brings that item alone.
    """
    by_id = {record.id: record for record in records}
    claims = [
        claim
        for claim in store.claims_of_records(sorted(by_id))
        if claim.evidence[0].content_hash == by_id[claim.record_id].content_hash
    ]
    lines = store.storylines(sorted({s for ids in store.storylines_of_records(by_id).values() for s in ids}))
    owners = store.origins_of(sorted(by_id))
    left = allowed(
        Barred.of(store.corrections()),
        by_id,
        {claim.id: claim for claim in claims},
        {query: tuple(store.findings([line.id for line in lines]))},
        lambda claim: claim.origin_id or owners.get(claim.record_id, claim.record_id),
    )
    spoken = speaking(query, [claim for claim in claims if claim.id in left.claims], lines)
    kept = {claim.id: claim for claim in spoken}
    origins = _counted(store, spoken, by_id)
    findings = left.findings[query]
    identity = "t" + digest("topic", query.casefold())
    return Dossier(
        storyline=Storyline(
            id=identity,
            label=query,
            beats=(),
            founded=min(record.published for record in records),
            updated=now,
            claim_ids=tuple(sorted(kept)),
            record_ids=tuple(sorted(by_id)),
        ),
        beat=query,
        records=by_id,
        claims=kept,
        origins=origins,
        findings=tuple(_within(finding, kept, identity) for finding in findings if set(finding.claim_ids) & set(kept)),
        signals=(),
        previous=None,
        history=(),
        now=now,
        held=tuple(item for item in store.held_items() if item.decisions),
    )


def _counted(store: Store, spoken: Sequence[Claim], records: Mapping[str, Record]) -> Mapping[str, str]:
    """Claim id -> id of the origin that it counts as; `spoken` in order of time, of `records`."""
    owners = store.origins_of(sorted(records))
    origins = {c.id: c.origin_id or owners.get(c.record_id, c.record_id) for c in spoken}
    known = {**store.records(sorted(set(origins.values()) - records.keys())), **records}
    voices = outlets.tellers([(origins[c.id], records[c.record_id]) for c in spoken], known)
    counted = outlets.counts_as(voices.items())
    return {claim: counted[origin] for claim, origin in origins.items()}


def speaking(query: str, claims: Sequence[Claim], lines: Sequence[Storyline]) -> tuple[Claim, ...]:
    """Claims that hold a content word of the query, and those of the same storyline in the same record."""
    asked = set(content(query))
    direct = {claim.id for claim in claims if asked & set(content(claim.text))}
    line_of: dict[str, set[str]] = {}
    for line in lines:
        for claim_id in line.claim_ids:
            line_of.setdefault(claim_id, set()).add(line.id)
    touched = {(c.record_id, line) for c in claims if c.id in direct for line in line_of.get(c.id, ())}
    return tuple(
        claim
        for claim in sorted(claims, key=lambda c: (c.published, c.id))
        if claim.id in direct or any((claim.record_id, line) in touched for line in line_of.get(claim.id, ()))
    )


def _within(finding: Finding, kept: Mapping[str, Claim], identity: str) -> Finding:
    """`finding` with the claims at hand, and only disputes between these."""
    return replace(
        finding,
        storyline_id=identity,
        claim_ids=tuple(claim for claim in finding.claim_ids if claim in kept),
        disputes=tuple(d for d in finding.disputes if d.a in kept and d.b in kept),
    )


def with_found(report: StageReport, searches: Mapping[str, StageReport]) -> StageReport:
    """An ingest report that also counts what the searches for topics (by query) found, and tells what failed there."""
    notes = [
        f'search for "{query}": {failure.subject}: {failure.what} ({failure.consequence})'
        for query, searched in searches.items()
        for failure in searched.failures
    ]
    made = sum(searched.made for searched in searches.values())
    return replace(report, made=report.made + made, notes=(*report.notes, *notes))
