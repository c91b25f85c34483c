"""The store as flat tables, for export: one query per kind, read row by row, nothing gathered in memory.

Rows are ordered by their keys alone, which have indices: an order by time would have the database sort everything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select

from pipeline.errors import StoreError
from pipeline.protocols.library import Within
from pipeline.stores import measured, register, schema
from pipeline.stores.beats import record_beats
from pipeline.stores.correcting import corrections, standing
from pipeline.stores.database import Database

_CLAIMS, _EVIDENCE, _VERSIONS, _HEADS = schema.claims, schema.evidence, schema.versions, schema.records
_LINES, _FINDINGS, _STORIES, _SIGNALS = schema.storylines, schema.findings, schema.stories, measured.signals
_REST, _ABOVE = "_rest", "_above"  # columns of JSON that are read here: of the row, and of the storyline above it

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query; what a row's `rest` adds to it; and where its beats are known only then, which these are."""

    wanted: Select[Any]
    told: Callable[[Values, Values], Values] = lambda row, rest: {}
    beats: Callable[[Values, Values], list[str]] | None = None


class Flattening:
    """The part of the store that exports ask."""

    db: Database

    def flat(self, kind: str, within: Within) -> Iterator[Mapping[str, Any]]:
        """Rows of one kind of export by column, in order of their keys. Raises StoreError."""
        asked = _KINDS[kind](within)
        gone = self._withdrawn() if kind == "claims" else None
        for row in self.db.stream(asked.wanted):
            values = dict(row._mapping)
            try:
                rest, above = (json.loads(values.pop(name, None) or "{}") for name in (_REST, _ABOVE))
            except ValueError as error:
                raise StoreError(f"a stored row of {kind} is damaged ({error}); restore a backup") from error
            if asked.beats is None or within.beat is None or within.beat in asked.beats(values | rest, above):
                yield values | asked.told(rest, above) | ({} if gone is None else {"withdrawn": values["id"] in gone})

    def _withdrawn(self) -> frozenset[str]:
        """Claims on which, by the log of corrections, nothing may rest."""
        logged = (json.loads(row.rest) for row in self.db.rows(select(corrections.c.rest)))
        return frozenset(claim for rest in logged for claim in rest.get("claims", ()))


def of_beat(record_id: ColumnElement[str], beat: str | None) -> list[ColumnElement[bool]]:
    """That a record belongs to a beat; nothing is asked where that is None."""
    if beat is None:
        return []
    return [exists().where(record_beats.c.record_id == record_id, record_beats.c.beat == beat)]


def timed(wanted: Select[Any], moment: ColumnElement[datetime], within: Within) -> Select[Any]:
    """`wanted` within the asked stretch of time."""
    if within.since is not None:
        wanted = wanted.where(moment >= within.since)
    return wanted.where(moment < within.until) if within.until is not None else wanted


def _columns(table: Any, names: str) -> list[ColumnElement[Any]]:
    return [table.c[name] for name in names.split()]


def _count(table: Any, *where: ColumnElement[bool]) -> ColumnElement[Any]:
    """How many rows of `table` belong to the row at hand."""
    return select(func.count()).select_from(table).where(*where).scalar_subquery()


_PAGE = _columns(_VERSIONS, "url publisher platform title")
_ORIGIN = schema.record_origins

# --- analyze ---------------------------------------------------------------------------------------------------------


def _claims(within: Within) -> _Asked:
    c, first = _CLAIMS.c, _EVIDENCE.c
    line, finding = schema.storyline_claims.c, schema.finding_claims.c
    more = _EVIDENCE.alias()
    wanted = (
        select(
            *_columns(_CLAIMS, "id record_id content_hash kind hedge speaker text worth in_headline published"),
            (_HEADS.c.content_hash == c.content_hash).label("current"),
            select(func.min(line.storyline_id)).where(line.claim_id == c.id).scalar_subquery().label("storyline_id"),
            select(func.min(finding.finding_id)).where(finding.claim_id == c.id).scalar_subquery().label("finding_id"),
            func.coalesce(c.origin_id, _ORIGIN.c.origin_id).label("origin_id"),
            *_columns(_EVIDENCE, "start end quote"),
            _count(more, more.c.claim_id == c.id).label("spans"),
            *_PAGE,
            c.rest.label(_REST),
        )
        .join(_HEADS, _HEADS.c.id == c.record_id)
        .join(_VERSIONS, and_(_VERSIONS.c.id == c.record_id, _VERSIONS.c.content_hash == c.content_hash))
        .join(_EVIDENCE, and_(first.claim_id == c.id, first.n == 0))
        .outerjoin(_ORIGIN, _ORIGIN.c.record_id == c.record_id)
        .where(*of_beat(c.record_id, within.beat))
        .order_by(c.id)
    )
    return _Asked(timed(wanted, c.published, within), _of_claim)


def _of_claim(rest: Values, _: Values) -> Values:
    told: Values = {"stance": "neutral", "register": "", "subject": None, "when": None, "entities": []} | rest
    return {name: told[name] for name in ("subject", "when", "entities", "stance", "register")}


def _evidence(within: Within) -> _Asked:
    e = _EVIDENCE.c
    named = _columns(_EVIDENCE, "claim_id n record_id content_hash start end quote")
    wanted = select(*named, _CLAIMS.c.published).join(_CLAIMS, _CLAIMS.c.id == e.claim_id)
    wanted = wanted.where(*of_beat(_CLAIMS.c.record_id, within.beat)).order_by(e.claim_id, e.n)
    return _Asked(timed(wanted, _CLAIMS.c.published, within))


def _findings(within: Within) -> _Asked:
    f, held = _FINDINGS.c, schema.finding_claims.c
    first = select(_CLAIMS.c.text).join(schema.finding_claims, held.claim_id == _CLAIMS.c.id)
    wanted = (
        select(
            *_columns(_FINDINGS, "id storyline_id state first_seen last_seen superseded_by"),
            _LINES.c.label.label("storyline"),
            _count(schema.finding_claims, held.finding_id == f.id).label("claims"),
            _count(schema.disputes, schema.disputes.c.finding_id == f.id).label("disputes"),
            first.where(held.finding_id == f.id, held.n == 0).scalar_subquery().label("text"),
            f.rest.label(_REST),
            _LINES.c.rest.label(_ABOVE),
        )
        .join(_LINES, _LINES.c.id == f.storyline_id)
        .order_by(f.id)
    )
    return _Asked(timed(wanted, f.last_seen, within), _of_finding, lambda _, above: above.get("beats", []))


def _of_finding(rest: Values, above: Values) -> Values:
    origins = rest.get("origin_ids", [])
    since = datetime.fromisoformat(rest["since"]) if rest.get("since") else None
    return {"origins": len(origins), "origin_ids": origins, "since": since, "beats": above.get("beats", [])}


def _storylines(within: Within) -> _Asked:
    line, records, claims = _LINES.c, schema.storyline_records, schema.storyline_claims
    wanted = select(
        *_columns(_LINES, "id label founded updated parent merged_into"),
        _count(records, records.c.storyline_id == line.id).label("records"),
        _count(claims, claims.c.storyline_id == line.id).label("claims"),
        _count(_FINDINGS, _FINDINGS.c.storyline_id == line.id).label("findings"),
        line.rest.label(_REST),
    ).order_by(line.id)
    return _Asked(
        timed(wanted, line.updated, within),
        lambda rest, _: {"beats": rest.get("beats", [])},
        lambda row, _: row.get("beats", []),
    )


# --- ingest ----------------------------------------------------------------------------------------------------------


def _records(within: Within) -> _Asked:
    v = _VERSIONS.c
    wanted = (
        select(
            *_columns(_VERSIONS, "id content_hash source url publisher platform title quality published fetched"),
            func.length(v.text).label("length"),
            _ORIGIN.c.origin_id,
            v.rest.label(_REST),
        )
        .join(_HEADS, and_(_HEADS.c.id == v.id, _HEADS.c.content_hash == v.content_hash))
        .outerjoin(_ORIGIN, _ORIGIN.c.record_id == v.id)
        .where(*of_beat(v.id, within.beat))
        .order_by(v.id)
    )
    return _Asked(timed(wanted, v.published, within), _of_record)


def _of_record(rest: Values, _: Values) -> Values:
    told: Values = {"author": None, "lang": None, "date_doubtful": False, "sample": False, "via": []} | rest
    return {name: told[name] for name in ("kind", "author", "lang", "date_doubtful", "sample", "via")}


# --- signal ----------------------------------------------------------------------------------------------------------


def _signals(within: Within) -> _Asked:
    s, weighed = _SIGNALS.c, measured.signal_evidence
    wanted = select(
        *_columns(_SIGNALS, "id kind subject score baseline threshold n severity held"),
        *_columns(_SIGNALS, "window_start window_end measured summary"),
        func.coalesce(_LINES.c.label, _PUBLIC.c.name).label("name"),
        _count(weighed, weighed.c.signal_id == s.id).label("evidence"),
        s.rest.label(_REST),
        _LINES.c.rest.label(_ABOVE),
    ).order_by(s.id)
    return _Asked(timed(_with_subjects(wanted), s.window_end, within), _of_signal, _signal_beats)


_PUBLIC = select(register.entities.c.id, register.entities.c.name).where(register.entities.c.public).subquery()


def _with_subjects(wanted: Select[Any]) -> Select[Any]:
    """With the storyline or the public entity that a signal is about; ids of the two never meet."""
    with_lines = wanted.outerjoin(_LINES, _LINES.c.id == _SIGNALS.c.subject)
    return with_lines.outerjoin(_PUBLIC, _PUBLIC.c.id == _SIGNALS.c.subject)


def _of_signal(rest: Values, _: Values) -> Values:
    told: Values = {"about": "storyline", "chance": None, "confidence": None} | rest
    return {name: told[name] for name in ("about", "chance", "confidence")}


def _signal_beats(row: Values, above: Values) -> list[str]:
    return [row["subject"]] if row.get("about") == "beat" else above.get("beats", [])


def _signal_evidence(within: Within) -> _Asked:
    part, s = measured.signal_evidence.c, _SIGNALS.c
    wanted = (
        select(
            *_columns(measured.signal_evidence, "signal_id n id weight note"),
            *_columns(_SIGNALS, "window_end subject"),
            s.rest.label(_REST),
            _LINES.c.rest.label(_ABOVE),
        )
        .select_from(measured.signal_evidence)
        .join(_SIGNALS, s.id == part.signal_id)
        .order_by(part.signal_id, part.n)
    )
    return _Asked(timed(_with_subjects(wanted), s.window_end, within), beats=_signal_beats)


# --- write -----------------------------------------------------------------------------------------------------------


def _stories(within: Within) -> _Asked:
    story, said, cited = _STORIES.c, schema.sentences, schema.citations
    wanted = select(
        *_columns(_STORIES, "id storyline_id slug version beat written headline writer previous"),
        _count(said, said.c.story_id == story.id, said.c.published).label("sentences"),
        _count(said, said.c.story_id == story.id, ~said.c.published).label("dropped"),
        _count(cited, cited.c.story_id == story.id).label("citations"),
    ).order_by(story.id)
    return _Asked(_told(wanted, within))


def _citations(within: Within) -> _Asked:
    said, place, cited, story = schema.sentences.c, schema.sentence_citations.c, schema.citations.c, _STORIES.c
    wanted = (
        select(
            *_columns(schema.sentence_citations, "story_id sentence n key"),
            *_columns(_STORIES, "storyline_id slug version beat written"),
            *(said.role, said.text, said.kind.label("class"), said.score.label("support")),
            *_columns(schema.citations, "claim_id record_id content_hash start end quote origin_id"),
            _VERSIONS.c.published,
            *_PAGE,
        )
        .select_from(schema.sentence_citations)
        .join(schema.sentences, and_(said.story_id == place.story_id, said.n == place.sentence, said.published))
        .join(schema.citations, and_(cited.story_id == place.story_id, cited.key == place.key))
        .join(_STORIES, story.id == place.story_id)
        .outerjoin(_VERSIONS, and_(_VERSIONS.c.id == cited.record_id, _VERSIONS.c.content_hash == cited.content_hash))
        .order_by(place.story_id, place.sentence, place.n)
    )
    return _Asked(_told(wanted, within))


def _told(wanted: Select[Any], within: Within) -> Select[Any]:
    """Of versions that stand, of the asked time and beat."""
    if within.beat is not None:
        wanted = wanted.where(_STORIES.c.beat == within.beat)
    return timed(standing(wanted), _STORIES.c.written, within)


_KINDS: Mapping[str, Callable[[Within], _Asked]] = {
    "claims": _claims,
    "evidence": _evidence,
    "findings": _findings,
    "citations": _citations,
    "signals": _signals,
    "signal_evidence": _signal_evidence,
    "records": _records,
    "storylines": _storylines,
    "stories": _stories,
}
