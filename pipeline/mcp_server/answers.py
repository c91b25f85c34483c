"""What the tools answer: plain values from a library, bounded, with the words of strangers marked. No protocol here.

Arguments come from a model and are hostile: each is checked, none becomes SQL, a path or an address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pipeline import retrieval
from pipeline.bundles.verify import placed, sentence_problems, spans
from pipeline.domain import (
    Citation,
    CitedRecord,
    CitedSpan,
    Finding,
    Record,
    Sentence,
    Signal,
    Story,
    Storyline,
    Verdict,
)
from pipeline.errors import UsageError
from pipeline.gate import judge
from pipeline.mcp_server.bounds import QUOTE, TITLE, bounded, quoted
from pipeline.protocols import Embedder
from pipeline.protocols.library import Library, Within, moment
from pipeline.retrieval import Hit
from pipeline.serial import iso

MOST = 50  # rows of a list
SPANS = 12  # spans that one sentence is judged by
DAYS = 7  # of signals, where no time is asked for
LONGEST = 2_000  # characters of a question or sentence
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,79}\Z")

Answer = dict[str, Any]


def search(
    library: Library,
    embedder: Embedder,
    query: str,
    *,
    kind: str | None = None,
    beat: str | None = None,
    since: str | None = None,
    until: str | None = None,
    limit: int = 10,
) -> Answer:
    """Stories, storylines, claims and records on a question, best first. Raises UsageError and StoreError."""
    if kind is not None and kind not in retrieval.KINDS:
        raise UsageError(f"there is no kind {kind[:40]!r}; kinds are {', '.join(retrieval.KINDS)}")
    within = Within(_time(since, "since"), _time(until, "until"), _short(beat, 60, "beat"))
    kinds = (kind,) if kind else retrieval.KINDS
    text = _short(query, LONGEST, "query")
    found = retrieval.search(library, text or "", embedder=embedder, within=within, kinds=kinds, limit=_count(limit))
    rows = {name: [_hit(hit) for hit in hits] for name, hits in found.hits.items()}
    return bounded({"query": quoted(query, QUOTE), **rows}, *rows)


def read_story(library: Library, story: str, version: int | None = None) -> Answer:
    """One version of a story, the latest unless one is asked for: sentences with what each cites, and its sources."""
    told = _story(library, story, version)
    records = {record.id: record for record in told.records}
    answer = {
        "story": told.slug,
        "version": told.version,
        "versions": [one.version for one in library.story_history(told.storyline_id)],
        "storyline": told.storyline_id,
        "written": iso(told.written),
        "beat": told.beat,
        "status": told.status.value,
        "writer": told.writer,
        "headline": quoted(told.headline.text, TITLE),
        "sentences": [_sentence(place, sentence) for place, sentence, _ in placed(told)],
        "citations": [_citation(citation, records.get(citation.evidence.record_id)) for citation in told.citations],
        "counts": {"records": told.counts.records, "origins": told.counts.origins, "dropped": told.counts.dropped},
    }
    return bounded(answer, "sentences", "citations")


def check_sentence(
    library: Library,
    sentence: str,
    *,
    story: str | None = None,
    version: int | None = None,
    citations: Sequence[str] = (),
    quotes: Sequence[str] = (),
) -> Answer:
    """The gate's verdict on a sentence, offline, against spans of a story or against quotations that are given.

    A sentence that stands in the story is judged as it stands there; any other needs `citations` (keys of the story's)
    or `quotes`. What is not known of a quotation (who, when) leaves rules that need it uncertain.
    """
    said = _short(sentence, LONGEST, "sentence") or ""
    if len(citations) + len(quotes) > SPANS:
        raise UsageError(f"at most {SPANS} citations and quotes together")
    if story is None:
        if citations or not quotes:
            raise UsageError("name the story whose citations are meant, or give quotes")
        given = _given(quotes)
        return _verdict(said, judge(said, given), given, "the quotes that were given, of which nothing else is known")
    told = _story(library, story, version)
    known = spans(told)
    if citations or quotes:
        lost = [key for key in citations if key not in known]
        if lost:
            raise UsageError(f"{told.slug} has no citation {lost[0][:40]!r}; read_story lists them")
        given = (
            *(known[key] for key in citations),
            *(CitedSpan(_short(text, LONGEST, "quote") or "") for text in quotes),
        )
        return _verdict(said, judge(said, given), given, "the citations and quotes that were named")
    standing = next((s for _, s, _ in placed(told) if " ".join(s.text.split()) == " ".join(said.split())), None)
    if standing is None:
        raise UsageError("the sentence does not stand in that story; name the citations that should support it")
    cited = tuple(known[key] for key in standing.citations if key in known)
    problems = [problem for problem in sentence_problems(told) if problem.sentence == standing.text]
    answer = _verdict(said, standing.verdict, cited, "as it stands in the story, with the spans it cites there")
    reasons = [{"rule": problem.rule, "detail": quoted(problem.detail, QUOTE)} for problem in problems]
    held = [_holds(library, citation) for citation in told.citations if citation.key in standing.citations]
    return {**answer, "publish": not reasons and answer["publish"], "reasons": reasons, "spans_hold": all(held)}


def list_signals(
    library: Library,
    *,
    now: datetime,
    since: str | None = None,
    kind: str | None = None,
    held: bool = False,
    limit: int = 20,
) -> Answer:
    """Signals that fired, newest first; with `held` those that may not fire as well."""
    start = _time(since, "since") or now - timedelta(days=DAYS)
    found = [s for s in library.signals(since=start) if (held or not s.held) and kind in (None, s.kind)]
    newest = sorted(found, key=lambda s: (s.window_end, s.id), reverse=True)[: _count(limit)]
    subjects = sorted({signal.subject for signal in newest})
    names = {line.id: line.label for line in library.storylines(subjects)}
    names |= {key: entity.name for key, entity in library.entities(subjects).items() if entity.public}
    rows = [_signal(signal, names.get(signal.subject, signal.subject)) for signal in newest]
    return bounded({"since": iso(start), "found": len(found), "signals": rows}, "signals")


def storyline(library: Library, storyline_id: str) -> Answer:
    """A storyline: what was found when, its disputes, its newest records and its stories."""
    asked = _name(storyline_id)
    line = _line(library, asked)
    findings = sorted(library.findings([line.id]), key=lambda one: (one.last_seen, one.id), reverse=True)
    newest = sorted(library.records(line.record_ids).values(), key=lambda one: (one.published, one.id), reverse=True)
    claims = library.claims({claim for one in findings[:MOST] for claim in one.claim_ids[:1]})
    said = {claim.id: claim.text for claim in claims.values()}
    told = library.printed([line.id]).get(line.id)
    answer = {
        "storyline": line.id,
        "merged_from": asked if asked != line.id else None,
        "label": quoted(line.label, TITLE),
        "beats": list(line.beats),
        "founded": iso(line.founded),
        "updated": iso(line.updated),
        "turns": [
            {"what": turn.kind.value, "at": iso(turn.at), "other": turn.other, "label": quoted(turn.label, TITLE)}
            for turn in line.turns[-MOST:]
        ],
        "counts": {"records": len(line.record_ids), "claims": len(line.claim_ids), "findings": len(findings)},
        "story": {"story": told.slug, "version": told.version, "written": iso(told.written)} if told else None,
        "findings": [_finding(one, said) for one in findings[:MOST]],
        "records": [_record(one) for one in newest[:MOST]],
    }
    return bounded(answer, "findings", "records")


# --- rows ------------------------------------------------------------------------------------------------------------


def _hit(hit: Hit) -> Answer:
    row = {
        "id": hit.id,
        "story": hit.slug,
        "version": hit.version,
        "title": quoted(hit.title, TITLE),
        "when": iso(hit.when),
        "publisher": quoted(hit.publisher, TITLE),
        "url": quoted(hit.url, QUOTE),
        "beats": list(hit.beats),
        "passage": quoted(hit.snippet.quote, QUOTE) if hit.snippet else None,
        "record": hit.record_id,
        "score": hit.score,
    }
    return {name: value for name, value in row.items() if value not in (None, [])}


def _sentence(place: str, sentence: Sentence) -> Answer:
    row = {"place": place, "class": sentence.kind.value, "text": quoted(sentence.text)}
    return row | {"citations": list(sentence.citations)} if sentence.citations else row


def _citation(citation: Citation, record: CitedRecord | None) -> Answer:
    told = {"key": citation.key, "quote": quoted(citation.evidence.quote, QUOTE), "record": citation.evidence.record_id}
    if record is None:
        return told
    page = {"publisher": quoted(record.publisher, TITLE), "title": quoted(record.title, TITLE)}
    return told | page | {"url": quoted(record.url, QUOTE), "published": iso(record.published)}


def _verdict(said: str, verdict: Verdict, given: Sequence[CitedSpan], against: str) -> Answer:
    reasons = [{"rule": reason.rule, "detail": quoted(reason.detail, QUOTE)} for reason in verdict.reasons]
    evidence = [{"key": span.key, "quote": quoted(span.quote, QUOTE)} for span in given]
    head = {"sentence": quoted(said), "publish": verdict.publish, "verdict": verdict.label.value}
    return bounded({**head, "against": against, "reasons": reasons, "evidence": evidence}, "evidence", "reasons")


def _holds(library: Library, citation: Citation) -> bool:
    """Whether the stored record has the quoted words where the citation says."""
    span = citation.evidence
    record = library.record_version(span.record_id, span.content_hash)
    return record is not None and record.text[span.start : span.end] == span.quote


def _signal(signal: Signal, name: str) -> Answer:
    return {
        "id": signal.id,
        "kind": signal.kind,
        "about": signal.about,
        "subject": quoted(signal.subject, TITLE),
        "name": quoted(name, TITLE),
        "summary": quoted(signal.summary, QUOTE),
        "severity": signal.severity,
        "score": signal.score,
        "baseline": signal.baseline,
        "threshold": signal.threshold,
        "n": signal.n,
        "confidence": signal.confidence,
        "held": quoted(signal.held, QUOTE),
        "window": [iso(signal.window_start), iso(signal.window_end)],
    }


def _finding(one: Finding, said: Mapping[str, str]) -> Answer:
    text = next((said[claim] for claim in one.claim_ids[:1] if claim in said), None)
    when = {"first_seen": iso(one.first_seen), "last_seen": iso(one.last_seen)}
    disputes = [
        {"about": quoted(d.what, TITLE), "values": [quoted(d.a_value), quoted(d.b_value)]} for d in one.disputes
    ]
    row = {"id": one.id, "text": quoted(text, QUOTE), "state": one.state.value, "origins": len(one.origin_ids), **when}
    return row | {"disputes": disputes} if disputes else row


def _record(record: Record) -> Answer:
    page = {"title": quoted(record.title, TITLE), "publisher": quoted(record.publisher, TITLE)}
    return {"id": record.id, **page, "published": iso(record.published), "url": quoted(record.url, QUOTE)}


def _given(quotes: Sequence[str]) -> tuple[CitedSpan, ...]:
    """Spans of which nothing is known but their words."""
    return tuple(CitedSpan(_short(text, LONGEST, "quote") or "") for text in quotes)


# --- arguments -------------------------------------------------------------------------------------------------------


def _story(library: Library, name: str, version: int | None) -> Story:
    line = library.subject_of(_name(name))
    history = library.story_history(line) if line else ()
    if not history:
        raise UsageError(f"no story is called {name[:80]!r}, or it was withdrawn; search finds stories")
    if version is None:
        return history[-1]
    found = next((one for one in history if one.version == version), None)
    if found is None:
        raise UsageError(f"{history[-1].slug} has versions {', '.join(str(one.version) for one in history)}")
    return found


def _line(library: Library, name: str) -> Storyline:
    """The storyline, or the one that took it in."""
    seen: set[str] = set()
    while name not in seen:
        seen.add(name)
        found = library.storylines([name])
        if not found:
            break
        if found[0].merged_into is None:
            return found[0]
        name = found[0].merged_into
    raise UsageError(f"there is no storyline {name!r}; search finds storylines")


def _name(text: str) -> str:
    if not _NAME.match(text):
        raise UsageError(
            "a name is at most 80 lower-case letters, figures and hyphens, as search and read_story give it"
        )
    return text


def _short(text: str | None, most: int, what: str) -> str | None:
    if text is not None and (not text.strip() or len(text) > most or "\0" in text):
        raise UsageError(f"{what} must be text of 1 to {most:,} characters")
    return text


def _count(limit: int) -> int:
    if not 1 <= limit <= MOST:
        raise UsageError(f"limit must be from 1 to {MOST}")
    return limit


def _time(text: str | None, what: str) -> datetime | None:
    try:
        return None if text is None else moment(text)
    except ValueError as error:
        raise UsageError(f"{what}: {error}") from None
