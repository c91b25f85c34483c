"""What can be exported: kinds of table and their columns, with types and units. docs/exports.md is written from here.

Columns keep their names and meaning for ever and are only ever added at the end, so that a script that reads them by
name goes on working. Rows come in the order of their first columns, whatever order they were stored in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Type(StrEnum):
    """What a column holds."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    FLAG = "true or false"
    TIME = "time, UTC"
    TEXTS = "list of texts"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it holds, what that says, and the unit of its figures ("" for none)."""

    name: str
    type: Type
    about: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of export: `time` is the column that --since and --until look at, `beats` says whose --beat asks for."""

    about: str
    time: str
    beats: str
    columns: tuple[Column, ...]


def _text(name: str, about: str) -> Column:
    return Column(name, Type.TEXT, about)


def _whole(name: str, about: str, unit: str) -> Column:
    return Column(name, Type.WHOLE, about, unit)


def _number(name: str, about: str, unit: str) -> Column:
    return Column(name, Type.NUMBER, about, unit)


def _time(name: str, about: str) -> Column:
    return Column(name, Type.TIME, about)


def _flag(name: str, about: str) -> Column:
    return Column(name, Type.FLAG, about)


def _texts(name: str, about: str) -> Column:
    return Column(name, Type.TEXTS, about)


_START = _whole("start", "where the quoted words begin in the record's stored text", "code points")
_END = _whole("end", "where they end", "code points")
_QUOTE = _text("quote", "the words from `start` to `end`, letter for letter")
_HASH = _text("content_hash", "hash of the version of the record's text that the span points into")
_PAGE = (
    _text("url", "address of the record; empty where it has none"),
    _text("publisher", "who published the record"),
    _text("platform", "news, reddit, bluesky, ..."),
    _text("title", "headline of the record"),
)

CLAIMS = Table(
    "One checkable statement of a record. Older versions of a record's text keep their claims: see `current`.",
    "published",
    "the record's",
    (
        _text("id", "the claim"),
        _text("record_id", "the record that makes it"),
        _HASH,
        _flag("current", "whether that is the record's latest text"),
        _text("storyline_id", "the storyline that it belongs to; empty for none"),
        _text("finding_id", "the finding that it makes, denies or replaces; empty for none"),
        _text("origin_id", "the origin that it counts as"),
        _text("kind", "statistic, quote, event, forecast, opinion, context"),
        _text("hedge", "how firmly it is said: states, plans, expects, could, reported, denies"),
        _text("speaker", "who says it; empty: the record's own voice"),
        _text("text", "the statement"),
        _START,
        _END,
        _QUOTE,
        _whole("spans", "how many spans it rests on; those after the first are in `evidence`", "spans"),
        _text("subject", "the words that name what it is about"),
        _text("when", "the time it speaks of: an ISO 8601 prefix or interval"),
        _texts("entities", "names in it, folded"),
        _number("worth", "how check-worthy it is", "0 to 1"),
        _text("stance", "favourable, critical, neutral"),
        _text("register", "its register, where the desk tells registers"),
        _flag("in_headline", "whether it stands in the headline"),
        _flag("withdrawn", "whether a correction says that nothing may rest on it"),
        _time("published", "when its record was published"),
        *_PAGE,
    ),
)
EVIDENCE = Table(
    "One span that a claim rests on.",
    "published",
    "the record's",
    (
        _text("claim_id", "the claim"),
        _whole("n", "which of its spans, from 0", "place"),
        _text("record_id", "the record that holds the words"),
        _HASH,
        _START,
        _END,
        _QUOTE,
        _time("published", "when the claim's record was published"),
    ),
)
FINDINGS = Table(
    "One assertion inside a storyline, with all origins that make, deny or replace it.",
    "last_seen",
    "the storyline's",
    (
        _text("id", "the finding"),
        _text("storyline_id", "its storyline"),
        _text("storyline", "what that is called"),
        _text("state", "new, repeated, corroborated, contradicted, superseded"),
        _time("since", "the night that found it in this state; empty where that is not known"),
        _time("first_seen", "its first claim"),
        _time("last_seen", "its last claim"),
        _text("superseded_by", "the finding that replaced it; empty for none"),
        _whole("claims", "claims that make it", "claims"),
        _whole("origins", "independent origins that make it", "origins"),
        _texts("origin_ids", "these origins"),
        _whole("disputes", "disagreements about it", "pairs of claims"),
        _text("text", "its first claim"),
        _texts("beats", "beats of the storyline"),
    ),
)
CITATIONS = Table(
    "One pointer from a published sentence to evidence, in every version of a story that was not withdrawn.",
    "written",
    "the story's own",
    (
        _text("story_id", "the version of the story"),
        _whole("sentence", "place of the sentence in its version, headline and dek first", "place"),
        _whole("n", "which citation of the sentence, from 0", "place"),
        _text("storyline_id", "what the story tells of"),
        _text("slug", "the story's part of its address"),
        _whole("version", "which version, from 1", "version"),
        _text("beat", "the story's beat"),
        _time("written", "when the version was written"),
        _text("role", "headline, dek or the role of the section"),
        _text("class", "claim, cohort, analysis, forecast, link"),
        _text("text", "the sentence"),
        _number("support", "the gate's measure of support", "0 to 1"),
        _text("key", "the citation"),
        _text("claim_id", "the claim that it points to"),
        _text("record_id", "the record that holds the words"),
        _HASH,
        _START,
        _END,
        _QUOTE,
        _text("origin_id", "the origin that it counts as"),
        _time("published", "when the record was published; empty where it is no longer stored"),
        *_PAGE,
    ),
)
SIGNALS = Table(
    "One measured change, held ones too.",
    "window_end",
    "the subject, where that is a beat, or its storyline's",
    (
        _text("id", "the signal"),
        _text("kind", "velocity, novelty, contradiction, ..."),
        _text("about", "what the subject is: storyline, beat, source, entity, phrase"),
        _text("subject", "its id, or name"),
        _text("name", "what a storyline or entity is called"),
        _number("score", "what was measured", "as its kind (docs/signals.md)"),
        _number("baseline", "what was usual", "as the score"),
        _number("threshold", "from which score it fires", "as the score"),
        _whole("n", "how much it rests on", "origins or voices"),
        _number("chance", "probability of so much without a change; empty where it is not known", "0 to 1"),
        _number("confidence", "share of such signals that were real in back-tests; empty where not known", "0 to 1"),
        _text("severity", "low, medium, high"),
        _text("held", "why it may not fire; empty: it fired"),
        _time("window_start", "begin of what was measured"),
        _time("window_end", "its end"),
        _time("measured", "the night that measured it"),
        _text("summary", "the signal in words"),
        _whole("evidence", "rows of evidence: see `signal_evidence`", "rows"),
    ),
)
SIGNAL_EVIDENCE = Table(
    "One row of evidence of a signal.",
    "window_end",
    "the subject, where that is a beat, or its storyline's",
    (
        _text("signal_id", "the signal"),
        _whole("n", "which row, from 0", "place"),
        _text("id", "a claim or a record"),
        _number("weight", "its share of the score", "0 to 1"),
        _text("note", "what it is to the signal"),
        _time("window_end", "end of what was measured"),
    ),
)
RECORDS = Table(
    "What is known of one record, its text left out: that is its publisher's.",
    "published",
    "the record's",
    (
        _text("id", "the record"),
        _text("content_hash", "hash of its latest text"),
        _text("source", "the configured source that gave it"),
        _text("kind", "article, post, comment"),
        *_PAGE,
        _text("author", "as the source names the author"),
        _text("lang", "language, two letters"),
        _text("quality", "where the text is from: full, feed, summary, title"),
        _whole("length", "how long the text is", "code points"),
        _time("published", "when it was published"),
        _time("fetched", "when it was read"),
        _flag("date_doubtful", "whether the date of publication is not to be believed"),
        _flag("sample", "whether it is invented, for a demo"),
        _text("origin_id", "the origin that it belongs to"),
        _texts("via", "aggregators that led to it"),
    ),
)
STORYLINES = Table(
    "One unfolding event or thread, merged ones too.",
    "updated",
    "the storyline's",
    (
        _text("id", "the storyline"),
        _text("label", "what it is called"),
        _time("founded", "its first claim's time"),
        _time("updated", "its last change"),
        _text("parent", "the storyline that it split from; empty for none"),
        _text("merged_into", "the one that took it in; empty for none"),
        _whole("records", "records in it", "records"),
        _whole("claims", "claims in it", "claims"),
        _whole("findings", "findings in it", "findings"),
        _texts("beats", "its beats"),
    ),
)
STORIES = Table(
    "One version of a story, withdrawn ones left out.",
    "written",
    "the story's own",
    (
        _text("id", "the version"),
        _text("storyline_id", "what it tells of"),
        _text("slug", "its part of the address"),
        _whole("version", "which version, from 1", "version"),
        _text("beat", "its beat"),
        _time("written", "when it was written"),
        _text("headline", "its headline"),
        _text("writer", "extractive, or the model"),
        _text("previous", "the version before it; empty for the first"),
        _whole("sentences", "published sentences, headline and dek among them", "sentences"),
        _whole("dropped", "sentences that the gate refused", "sentences"),
        _whole("citations", "spans that it cites", "spans"),
    ),
)

TABLES: Mapping[str, Table] = {
    "claims": CLAIMS,
    "evidence": EVIDENCE,
    "findings": FINDINGS,
    "citations": CITATIONS,
    "signals": SIGNALS,
    "signal_evidence": SIGNAL_EVIDENCE,
    "records": RECORDS,
    "storylines": STORYLINES,
    "stories": STORIES,
}


def markdown() -> str:
    """The tables as docs/exports.md shows them."""
    parts = []
    for kind, table in TABLES.items():
        rows = "\n".join(f"| `{c.name}` | {c.type.value} | {c.unit} | {c.about} |" for c in table.columns)
        parts.append(
            f"### `{kind}`\n\n{table.about} `--since` and `--until` look at `{table.time}`; `--beat` asks for "
            f"{table.beats}.\n\n| column | holds | unit | meaning |\n|---|---|---|---|\n{rows}\n"
        )
    return "\n".join(parts)
