"""Search over a desk's own store: two rankings of its records, fused; claims, storylines and stories through them.

Records are ranked by their words (BM25 in the store's full-text index) and by vectors: with a dense embedder all
records whose rows a night has kept, so that one without a word of the question is found too, else the best by words by
the cosine of their weighted words. What rests on records is ranked by its best record and by its own words. Every pair
of rankings is made one by reciprocal rank fusion.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from pipeline import terms
from pipeline.domain import Claim, Record, Storyline
from pipeline.language.words import content, is_stop, tokens
from pipeline.protocols import Embedder
from pipeline.protocols.library import Library, Printed, Within
from pipeline.retrieval.fusion import fused, ranks
from pipeline.retrieval.snippets import Passage, passage
from pipeline.storylines import parts, vectors

KINDS = ("stories", "storylines", "claims", "records")
DEPTH = 500  # of a ranking of records
LIKELY = 1000  # records that an index by meaning is asked for, to be ranked exactly
POOL = 200  # records, best by words, whose weighted words are compared
THROUGH = 200  # records, best first, that claims, storylines and stories are looked for in
NEAR = 0.25  # cosine to the question below which a dense row says nothing
_PAGE = 5_000  # records whose rows are read at a time
_LONGEST = 1_000  # code points of a question that are read


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `ranks`: its place in each ranking that held it; `score` is their fusion.

    `snippet` points into the record's stored text, of a claim into its own words, of a story into `sentence`.
    """

    kind: str
    id: str
    score: float
    ranks: Mapping[str, int]
    title: str
    when: datetime
    snippet: Passage | None = None
    publisher: str | None = None
    url: str | None = None
    record_id: str | None = None  # of a claim; the next two, too
    start: int | None = None
    end: int | None = None
    slug: str | None = None  # of a story; the next three, too
    version: int | None = None
    role: str | None = None
    sentence: str | None = None
    beats: tuple[str, ...] = ()
    records: int | None = None  # of a storyline


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, by kind, best first, and how: records in each ranking, which vectors were compared."""

    query: str
    hits: Mapping[str, tuple[Hit, ...]] = field(default_factory=dict)
    ranked: Mapping[str, int] = field(default_factory=dict)
    vectors: str = ""


@dataclass(frozen=True, slots=True)
class _Question:
    """A question read: its words as the index knows them, and its stems with their weights, which sum to 1."""

    text: str
    words: tuple[str, ...]
    weights: Mapping[str, float]

    def held(self, text: str) -> float:
        """Which share of the question's weight `text` holds, 0 to 1."""
        return round(sum(self.weights.get(stem, 0.0) for stem in set(content(text))), 6)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every part of one search works with; `places`: record id -> its place in the fused ranking, from 0."""

    library: Library
    question: _Question
    within: Within
    limit: int
    places: Mapping[str, int]

    @property
    def through(self) -> list[str]:
        """The records that other things are looked for in."""
        return sorted(self.places, key=lambda key: self.places[key])[:THROUGH]


def search(
    library: Library,
    query: str,
    *,
    embedder: Embedder,
    within: Within = Within(),  # noqa: B008  frozen
    kinds: Sequence[str] = KINDS,
    limit: int = 10,
) -> Found:
    """The best `limit` of each of `kinds` for `query`. Raises StoreError and ModelError.

    Times bound publication of records and claims, the writing of stories, the last change of storylines.
    """
    question = read(query)
    ranked = rankings(library, query, embedder=embedder, within=within)
    order = fused(ranked)
    desk = _Desk(library, question, within, limit, {key: place for place, (key, _) in enumerate(order)})
    finders = {"stories": _stories, "storylines": _storylines, "claims": _claims}
    hits = {kind: finders[kind](desk) for kind in KINDS if kind in kinds and kind in finders}
    if "records" in kinds:
        hits["records"] = _records(desk, order[:limit], ranked)
    return Found(query, hits, {name: len(ranking) for name, ranking in ranked.items()}, embedder.name)


def rankings(
    library: Library,
    query: str,
    *,
    embedder: Embedder,
    within: Within = Within(),  # noqa: B008  frozen
) -> Mapping[str, Sequence[str]]:
    """The two rankings of records that are fused, by their names: ids, best first. Raises StoreError and ModelError."""
    question = read(query)
    near = vectors.dense(embedder, [question.text], library) if question.words else None
    by_words = library.matching(question.words, within, limit=DEPTH)
    if near is None:
        return {"text": by_words, "vectors": _alike(library, question, by_words[:POOL])}
    return {"text": by_words, "vectors": _nearest(library, embedder, near.rows[0], within)}


def read(query: str) -> _Question:
    """A question read; one of nothing but function words means these."""
    text = query[:_LONGEST]
    words = tuple(dict.fromkeys(tokens(text)))
    words = tuple(word for word in words if not is_stop(word)) or words
    weights = {stem: max(terms.rarity(stem), 1e-6) for stem in content(text)}
    total = sum(weights.values()) or 1.0
    return _Question(text, words, {stem: weight / total for stem, weight in sorted(weights.items())})


# --- records ---------------------------------------------------------------------------------------------------------


def _nearest(library: Library, embedder: Embedder, asked: vectors.Rows, within: Within) -> list[str]:
    """The `DEPTH` records whose kept rows are nearest to the question's and near at all, best first, then by id."""
    best: list[tuple[float, str]] = []
    for page in _pages(library, embedder.name, asked, within):
        rows = vectors.dense(embedder, [opening for _, opening in page], library, make=False)
        assert rows is not None
        cosines = np.round(rows.rows @ asked, 6)
        best += [(-float(cosines[at]), page[at][0]) for at in np.flatnonzero(cosines >= NEAR).tolist()]
        best = sorted(best)[:DEPTH]
    return [key for _, key in best]


def _pages(library: Library, model: str, asked: vectors.Rows, within: Within) -> Iterator[Sequence[tuple[str, str]]]:
    """Openings of the records that may be nearest: of those that an index gives, else of all, page by page."""
    likely = library.near(model, asked.tolist(), within, limit=LIKELY)
    if likely is not None:
        yield library.openings_of(likely, within, length=parts.DENSE_TEXT)
        return
    after = ""
    while page := library.openings(within, after=after, length=parts.DENSE_TEXT, limit=_PAGE):
        after = page[-1][0]
        yield page


def _alike(library: Library, question: _Question, some: Sequence[str]) -> list[str]:
    """Of `some` records those with weighted words in common with the question, by their cosine, then id."""
    known = library.records(some)
    ids = sorted(known)
    counted = vectors.words([known[key].text for key in ids], library).counts
    fitted = terms.fit(counted)
    frequencies = terms.Frequencies(max(library.counts().get("records", 0), len(ids)), fitted.counts)
    rows = terms.matrix(counted, frequencies) @ terms.matrix([terms.count(question.text)], frequencies).T
    cosines = np.round(np.asarray(rows.todense(), dtype=np.float64).ravel(), 6)
    return [ids[at] for at in np.lexsort((np.arange(len(ids)), -cosines)) if cosines[at] > 0]


def _records(desk: _Desk, order: Sequence[tuple[str, float]], rankings: Mapping[str, Sequence[str]]) -> tuple[Hit, ...]:
    known = desk.library.records([key for key, _ in order])
    beats = desk.library.record_beats(known)
    return tuple(_record(desk, known[key], score, ranks(rankings, key), beats) for key, score in order if key in known)


def _record(
    desk: _Desk, record: Record, score: float, held: Mapping[str, int], beats: Mapping[str, tuple[str, ...]]
) -> Hit:
    snippet = passage(record.text, desk.question.weights)
    told = {"publisher": record.publisher, "url": record.url, "beats": beats.get(record.id, ())}
    return Hit("records", record.id, score, held, record.title, record.published, snippet, **told)  # type: ignore[arg-type]


# --- what rests on records -------------------------------------------------------------------------------------------


def _order(desk: _Desk, texts: Mapping[str, str], places: Mapping[str, int]) -> list[tuple[str, float, dict[str, int]]]:
    """(id, score, places) of what holds a word of the question or rests on a record: the best, by both rankings.

    `texts`: id -> its own words. `places`: id -> the place of its best record.
    """
    held = {key: desk.question.held(text) for key, text in texts.items()}
    by_words = sorted((key for key in texts if held[key]), key=lambda key: (-held[key], len(texts[key]), key))
    rankings = {"words": by_words, "records": sorted(places, key=lambda key: (places[key], -held[key], key))}
    return [(key, score, ranks(rankings, key)) for key, score in fused(rankings)[: desk.limit]]


def _claims(desk: _Desk) -> tuple[Hit, ...]:
    """Claims of the found records that hold a word of the question and were not withdrawn."""
    gone = {claim for entry in desk.library.corrections() for claim in entry.claims}
    said = {claim.id: claim for claim in desk.library.claims_of_records(desk.through)}
    said = {key: c for key, c in said.items() if key not in gone and desk.question.held(c.text)}
    texts = {key: claim.text for key, claim in said.items()}
    order = _order(desk, texts, {key: desk.places[claim.record_id] for key, claim in said.items()})
    known = desk.library.records({said[key].record_id for key, _, _ in order})
    return tuple(_claim(desk, said[key], known[said[key].record_id], score, held) for key, score, held in order)


def _claim(desk: _Desk, claim: Claim, record: Record, score: float, held: Mapping[str, int]) -> Hit:
    span = claim.evidence[0]
    return Hit(
        "claims", claim.id, score, held, record.title, claim.published,
        snippet=passage(span.quote, desk.question.weights), publisher=record.publisher, url=record.url,
        record_id=span.record_id, start=span.start, end=span.end,
    )  # fmt: skip


def _storylines(desk: _Desk) -> tuple[Hit, ...]:
    """Storylines of the found records, those that were merged into others left out."""
    places = _through(desk, desk.library.storylines_of_records(desk.through))
    found = {line.id: line for line in desk.library.storylines(sorted(places)) if _asked(line, desk.within)}
    labels = {key: line.label for key, line in found.items()}
    order = _order(desk, labels, {key: places[key] for key in found})
    return tuple(
        Hit(
            "storylines", key, score, held, found[key].label, found[key].updated,
            snippet=passage(found[key].label, desk.question.weights), beats=found[key].beats,
            records=len(found[key].record_ids),
        )
        for key, score, held in order
    )  # fmt: skip


def _asked(line: Storyline, within: Within) -> bool:
    fits = within.beat is None or within.beat in line.beats
    return fits and line.merged_into is None and _timely(line.updated, within)


def _timely(moment: datetime, within: Within) -> bool:
    return (within.since is None or moment >= within.since) and (within.until is None or moment < within.until)


def _stories(desk: _Desk) -> tuple[Hit, ...]:
    """The latest versions of stories that cite the found records."""
    places = _through(desk, desk.library.stories_citing(desk.through))
    told = desk.library.printed(sorted(places))
    told = {
        key: one
        for key, one in told.items()
        if desk.within.beat in (None, one.beat) and _timely(one.written, desk.within)
    }
    texts = {key: " ".join(text for _, text in one.lines) for key, one in told.items()}
    order = _order(desk, texts, {key: places[key] for key in told})
    return tuple(_story(desk, told[key], score, held) for key, score, held in order)


def _story(desk: _Desk, one: Printed, score: float, held: Mapping[str, int]) -> Hit:
    role, best = max(one.lines[1:] or one.lines, key=lambda line: desk.question.held(line[1]))
    return Hit(
        "stories", one.story_id, score, held, one.lines[0][1], one.written,
        snippet=passage(best, desk.question.weights), slug=one.slug, version=one.version, role=role, sentence=best,
        beats=(one.beat,),
    )  # fmt: skip


def _through(desk: _Desk, owners: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Id of what rests on records -> the place of its best record."""
    places: dict[str, int] = {}
    for record_id, keys in owners.items():
        for key in keys:
            places[key] = min(places.get(key, len(desk.places)), desk.places[record_id])
    return places
