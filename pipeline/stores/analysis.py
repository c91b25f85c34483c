"""What analyze keeps: claims with their spans, origins, storylines and their history, findings, vectors, beats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, exists, func, or_, select, update

from pipeline.domain import Claim, Dispute, Evidence, Finding, FindingState, Membership, Origin, Storyline
from pipeline.errors import StoreError
from pipeline.protocols import Analysis
from pipeline.stores import schema
from pipeline.stores.beats import save_beats
from pipeline.stores.database import Database
from pipeline.stores.entities import save_entities
from pipeline.stores.phrases import save_phrases
from pipeline.stores.rows import Shape, Values, chunks, listed, shared
from pipeline.stores.tellings import save_tellings

_CLAIM = Shape(Claim, schema.claims, apart=["evidence"])
_EVIDENCE = Shape(Evidence, schema.evidence)
_STORYLINE = Shape(Storyline, schema.storylines, apart=["claim_ids", "record_ids"])
_MEMBERSHIP = Shape(Membership, schema.memberships)
_FINDING = Shape(Finding, schema.findings, apart=["claim_ids", "disputes"])
_DISPUTE = Shape(Dispute, schema.disputes)


class Analysing:
    """The part of the store that analyze writes."""

    db: Database

    # --- questions ---------------------------------------------------------------------------------------------------

    def claims(self, ids: Iterable[str]) -> Mapping[str, Claim]:
        """Claims by id, whatever version of their record they rest on."""
        found: dict[str, Claim] = {}
        for some in chunks(sorted(set(ids))):  # rows are let go before the next are read: a site asks for all there are
            rows = self.db.rows_in(select(schema.claims), schema.claims.c.id, some)
            found |= {claim.id: claim for claim in sorted(self._claims(rows), key=lambda claim: claim.id)}
        return found

    def claims_of_records(self, record_ids: Iterable[str]) -> Sequence[Claim]:
        """Claims of the latest version of each record, by publication time, then id."""
        claims, heads = schema.claims, schema.records
        latest = and_(heads.c.id == claims.c.record_id, heads.c.content_hash == claims.c.content_hash)
        rows = self.db.rows_in(select(claims).join(heads, latest), claims.c.record_id, record_ids)
        return sorted(self._claims(rows), key=lambda claim: (claim.published, claim.id))

    def origins_of(self, record_ids: Iterable[str]) -> Mapping[str, str]:
        """Record id -> origin id, for records that have one."""
        table = schema.record_origins
        rows = self.db.rows_in(select(table), table.c.record_id, record_ids)
        return {row.record_id: row.origin_id for row in sorted(rows, key=lambda row: row.record_id)}

    def origins(self, ids: Iterable[str]) -> Mapping[str, Origin]:
        """Origins by id, each with its records in order of id; an origin that lost all of them is gone."""
        wanted = sorted(set(ids))
        members: dict[str, list[str]] = {}
        table = schema.record_origins
        for row in self.db.rows_in(select(table).order_by(table.c.record_id), table.c.origin_id, wanted):
            members.setdefault(row.origin_id, []).append(row.record_id)
        found = self.db.rows_in(select(schema.origins).order_by(schema.origins.c.id), schema.origins.c.id, wanted)
        return {row.id: Origin(row.id, tuple(members[row.id]), row.reason) for row in found if row.id in members}

    def vectors(self, ids: Iterable[str], model: str) -> Mapping[str, bytes]:
        """Vectors that `model` gave, by record or claim id."""
        table = schema.vectors
        rows = self.db.rows_in(select(table).where(table.c.model == model), table.c.id, ids)
        return {row.id: bytes(row.vector) for row in sorted(rows, key=lambda row: row.id)}

    def storylines(
        self,
        ids: Iterable[str] | None = None,
        *,
        updated_since: datetime | None = None,
        merged_into: Iterable[str] | None = None,
        claims: bool = True,
    ) -> Sequence[Storyline]:
        """Storylines (all, those of `ids`, or those `merged_into` one of these), by time of founding, then id.

        Merged ones are included. Without `claims` no `claim_ids` are read: of many thousands they take long.
        """
        table = schema.storylines
        wanted = select(table) if updated_since is None else select(table).where(table.c.updated >= updated_since)
        column, some = (table.c.id, ids) if merged_into is None else (table.c.merged_into, merged_into)
        rows = self.db.rows(wanted) if some is None else self.db.rows_in(wanted, column, some)
        found: list[Storyline] = []
        for part in chunks(rows):  # the rows of their lists are let go before the next are read
            keys = [row.id for row in part]
            told = self.db.lists(schema.storyline_claims, "storyline_id", keys if claims else ())
            records = self.db.lists(schema.storyline_records, "storyline_id", keys)
            found.extend(
                _STORYLINE.noun(
                    row,
                    claim_ids=tuple(shared(one.claim_id) for one in told.get(row.id, ())),
                    record_ids=tuple(shared(one.record_id) for one in records.get(row.id, ())),
                )
                for row in part
            )
        return sorted(found, key=lambda storyline: (storyline.founded, storyline.id))

    def labels(self, *, since: datetime, until: datetime, records: int) -> Mapping[str, str]:
        """Labels by id of living storylines of at least `records` records, updated `since` and before `until`."""
        lines, parts = schema.storylines, schema.storyline_records
        wanted = (
            select(lines.c.id, lines.c.label)
            .where(lines.c.updated >= since, lines.c.updated < until, lines.c.merged_into.is_(None))
            .order_by(lines.c.id)
        )
        if records:  # places are numbered from 0: one look for the last that is needed, no counting
            wanted = wanted.where(exists().where(parts.c.storyline_id == lines.c.id, parts.c.n == records - 1))
        return {row.id: row.label for row in self.db.rows(wanted)}

    def storylines_of_records(self, record_ids: Iterable[str], *, least: int = 1) -> Mapping[str, tuple[str, ...]]:
        """Record id -> ids of the living (not merged) storylines that hold it, where these are `least` or more."""
        parts, lines = schema.storyline_records, schema.storylines
        living = select(parts.c.record_id, parts.c.storyline_id).join(lines).where(lines.c.merged_into.is_(None))
        wanted = set(record_ids)
        if least > 1:  # counted there: of thousands of records few are in several
            counted = select(parts.c.record_id).join(lines).where(lines.c.merged_into.is_(None))
            many = counted.group_by(parts.c.record_id).having(func.count(parts.c.storyline_id.distinct()) >= least)
            wanted = {row.record_id for row in self.db.rows_in(many, parts.c.record_id, wanted)}
        found: dict[str, set[str]] = {}
        for row in self.db.rows_in(living, parts.c.record_id, wanted):
            found.setdefault(row.record_id, set()).add(row.storyline_id)
        return {key: tuple(sorted(found[key])) for key in sorted(found)}

    def memberships(self, storyline_id: str) -> Sequence[Membership]:
        """The whole history of a storyline's claims, by time of joining, then claim id.

        The reason of a closed membership tells why it began and why it ended.
        """
        return list(self.memberships_of([storyline_id]).get(storyline_id, ()))

    def memberships_of(self, storyline_ids: Iterable[str]) -> Mapping[str, tuple[Membership, ...]]:
        """The same of several storylines."""
        table = schema.memberships
        wanted = select(table).order_by(table.c.since, table.c.claim_id)
        found: dict[str, list[Membership]] = {}
        for row in self.db.rows_in(wanted, table.c.storyline_id, storyline_ids):
            found.setdefault(row.storyline_id, []).append(_told(_MEMBERSHIP.noun(row), row.ended))
        return {key: tuple(found[key]) for key in sorted(found)}

    def findings(self, storyline_ids: Iterable[str], *, joint: bool = False) -> Sequence[Finding]:
        """Findings of storylines, by first sight, then id.

        Only `joint` ones: those in which more than one claim has a part, by making it, by disputing it, or as what a
        later one replaced. Most are made by one claim alone.
        """
        wanted = select(schema.findings)
        if joint:
            mine, several, disputes = schema.findings.c, schema.finding_claims.c, schema.disputes.c
            wanted = wanted.where(
                or_(
                    exists().where(several.finding_id == mine.id, several.n == 1),
                    exists().where(disputes.finding_id == mine.id),
                    mine.state == FindingState.SUPERSEDED.value,
                )
            )
        found: list[Finding] = []
        for some in chunks(sorted(set(storyline_ids))):  # rows are let go before the next are read
            found.extend(self._findings(wanted, some))
        return sorted(found, key=lambda finding: (finding.first_seen, finding.id))

    def knew(self, storyline_ids: Iterable[str], at: datetime) -> frozenset[str]:
        """Those of the storylines that had a finding at a time."""
        table = schema.findings
        wanted = select(table.c.storyline_id).where(table.c.first_seen <= at).distinct()
        return frozenset(row.storyline_id for row in self.db.rows_in(wanted, table.c.storyline_id, storyline_ids))

    def _findings(self, wanted: Select[Any], storyline_ids: Iterable[str]) -> list[Finding]:
        rows = self.db.rows_in(wanted, schema.findings.c.storyline_id, storyline_ids)
        keys = [row.id for row in rows]
        claims = self.db.lists(schema.finding_claims, "finding_id", keys)
        disputes = self.db.lists(schema.disputes, "finding_id", keys)
        return [
            _FINDING.noun(
                row,
                claim_ids=tuple(shared(part.claim_id) for part in claims.get(row.id, ())),
                disputes=tuple(_DISPUTE.noun(part) for part in disputes.get(row.id, ())),
            )
            for row in rows
        ]

    def _claims(self, rows: Sequence[Row[Any]]) -> list[Claim]:
        spans = self.db.lists(schema.evidence, "claim_id", [row.id for row in rows])
        return [_CLAIM.noun(row, evidence=tuple(map(_EVIDENCE.noun, spans.get(row.id, ())))) for row in rows]

    # --- the one write -----------------------------------------------------------------------------------------------

    def save_analysis(self, analysis: Analysis) -> None:
        """Store everything one step decided and mark its records as analysed, together.

        Raises StoreError when a claim quotes words that its record does not hold, or a part names what is not stored.
        """
        with self.db.transaction("save_analysis"):
            self._save_claims(analysis.claims)
            self._save_origins(analysis.origins)
            self._save_storylines(analysis.storylines)
            self._join(analysis.joined)
            self._leave(analysis.left)
            self._retire_findings(analysis.retired)
            self._save_findings(analysis.findings)
            save_beats(self.db, analysis.record_beats, analysis.beats_by)
            self._check_spans(naming.evidence for naming in analysis.namings)
            save_tellings(self.db, analysis.tellings)
            save_phrases(self.db, analysis.phrases)
            save_entities(self.db, analysis.record_ids, analysis.entities, analysis.named, analysis.namings)
            vectors = (
                {"id": key, "model": model, "vector": value}
                for model, made in analysis.vectors.items()
                for key, value in made.items()
            )
            self.db.put(schema.vectors, vectors)
            if self.db.near is not None:
                with self.db.translated():
                    self.db.near.keep(self.db.connection, analysis.record_ids)
            self._mark_analysed(analysis.record_ids)

    def _save_claims(self, claims: Sequence[Claim]) -> None:
        self._check_spans(span for claim in claims for span in claim.evidence)
        self.db.put(schema.claims, (_CLAIM.row(claim, content_hash=_rests_on(claim)) for claim in claims))
        spans = (
            _EVIDENCE.row(span, claim_id=claim.id, n=n) for claim in claims for n, span in enumerate(claim.evidence)
        )
        self.db.replace_lists(schema.evidence, "claim_id", [claim.id for claim in claims], spans)

    def _check_spans(self, spans: Iterable[Evidence]) -> None:
        """Every span occurs, letter for letter, in a stored version: the store takes nobody's word for it."""
        spans, versions = tuple(spans), schema.versions
        wanted = {span.record_id for span in spans}
        rows = self.db.rows_in(select(versions.c.id, versions.c.content_hash, versions.c.text), versions.c.id, wanted)
        texts = {(row.id, row.content_hash): row.text for row in rows}
        for span in spans:
            text = texts.get((span.record_id, span.content_hash))
            if text is None or text[span.start : span.end] != span.quote:
                raise StoreError(
                    f"something quotes words that record {span.record_id} does not hold at {span.start}; "
                    "nothing of this step was stored"
                )

    def _save_origins(self, origins: Sequence[Origin]) -> None:
        self.db.put(schema.origins, [{"id": origin.id, "reason": origin.reason} for origin in origins])
        owners = {record_id: origin.id for origin in origins for record_id in origin.record_ids}
        self.db.put(schema.record_origins, [{"record_id": key, "origin_id": value} for key, value in owners.items()])

    def _save_storylines(self, storylines: Sequence[Storyline]) -> None:
        self.db.put(schema.storylines, [_STORYLINE.row(storyline) for storyline in storylines])
        claims = {storyline.id: storyline.claim_ids for storyline in storylines}
        records = {storyline.id: storyline.record_ids for storyline in storylines}
        self.db.replace_lists(
            schema.storyline_claims, "storyline_id", claims, listed("storyline_id", "claim_id", claims)
        )
        self.db.replace_lists(
            schema.storyline_records, "storyline_id", records, listed("storyline_id", "record_id", records)
        )

    def _open(self, memberships: Sequence[Membership]) -> dict[tuple[str, str], datetime]:
        """(storyline, claim) -> since, for those of `memberships` that are open in the store."""
        table = schema.memberships
        wanted = select(table.c.storyline_id, table.c.claim_id, table.c.since).where(table.c.until.is_(None))
        rows = self.db.rows_in(wanted, table.c.claim_id, [membership.claim_id for membership in memberships])
        return {(row.storyline_id, row.claim_id): row.since for row in rows}

    def _join(self, joined: Sequence[Membership]) -> None:
        """Open memberships; one that is open already keeps its beginning."""
        known = self._open(joined)
        fresh = [member for member in joined if (member.storyline_id, member.claim_id) not in known]
        self.db.put(schema.memberships, (_MEMBERSHIP.row(member, ended=None) for member in fresh))

    def _leave(self, left: Sequence[Membership]) -> None:
        """Close memberships; one that was never open is kept as closed."""
        known = self._open(left)
        rows: list[Values] = []
        for member in left:
            if member.until is None:
                raise StoreError(f"claim {member.claim_id} cannot leave storyline {member.storyline_id} at no time")
            row = _MEMBERSHIP.row(member, ended=member.reason)
            rows.append(row | {"since": known.get((member.storyline_id, member.claim_id), member.since)})
        self.db.put(schema.memberships, rows, keep=["reason"])

    def _save_findings(self, findings: Sequence[Finding]) -> None:
        self.db.put(schema.findings, (_FINDING.row(finding) for finding in findings))
        claims = {finding.id: finding.claim_ids for finding in findings}
        self.db.replace_lists(schema.finding_claims, "finding_id", claims, listed("finding_id", "claim_id", claims))
        disputes = [
            _DISPUTE.row(dispute, finding_id=finding.id, n=n)
            for finding in findings
            for n, dispute in enumerate(finding.disputes)
        ]
        self.db.replace_lists(schema.disputes, "finding_id", claims, disputes)

    def _retire_findings(self, finding_ids: Sequence[str]) -> None:
        for table, owner in (
            (schema.disputes, "finding_id"),
            (schema.finding_claims, "finding_id"),
            (schema.findings, "id"),
        ):
            self.db.replace_lists(table, owner, finding_ids, [])

    def _mark_analysed(self, record_ids: Sequence[str]) -> None:
        heads, marked = schema.records, 0
        for some in chunks(sorted(set(record_ids))):
            marked += self.db.execute(update(heads).where(heads.c.id.in_(some)).values(analysed=heads.c.content_hash))
        if marked != len(set(record_ids)):
            raise StoreError("an analysis names records that are not stored; nothing of this step was stored")


def _rests_on(claim: Claim) -> str:
    """Content hash of the version of its own record that a claim rests on."""
    own = [span.content_hash for span in claim.evidence if span.record_id == claim.record_id]
    if not own:
        raise StoreError(f"claim {claim.id} has no span in its own record {claim.record_id}")
    return own[0]


def _told(membership: Membership, ended: str | None) -> Membership:
    """`membership` with both reasons, where it has two."""
    if ended is None or ended == membership.reason:
        return membership
    whole = f"{membership.reason}; {ended}"
    return Membership(
        membership.storyline_id, membership.claim_id, membership.record_id, membership.since, whole, membership.until
    )
