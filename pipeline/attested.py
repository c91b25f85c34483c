"""Whether the words that a story cites are attested: spans against their keys and contexts, and against records.

The first half needs the bundle alone, the second a store. Pure but for the questions to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.domain import Citation, Story
from pipeline.protocols import Store

MAX_SPAN_WORDS = 40
QUOTE_SHARE, QUOTE_WORDS = 0.10, 60
CONTEXT = 240


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that does not hold: where, in which sentence, by which rule, and what was found, in plain words."""

    where: str
    sentence: str
    rule: str
    detail: str

    def __str__(self) -> str:
        said = f" {self.sentence!r}:" if self.sentence else ""
        return f"{self.where}:{said} {self.detail} [{self.rule}]"


def spans(story: Story, where: str) -> Iterator[Problem]:
    """What is wrong with the spans of a story, as far as it shows in the story itself."""
    yield from _citations(story, where)
    yield from _context(story.citations, where)


def _citations(story: Story, where: str) -> Iterator[Problem]:
    """Keys are hashes of what they point to; spans are short; records are there."""
    records = {record.id: record for record in story.records}
    seen: set[str] = set()
    for citation in story.citations:
        evidence = citation.evidence
        spot = f"{where} citation {citation.key}"
        if citation.key in seen:
            yield Problem(spot, "", "key", "the key occurs twice")
        seen.add(citation.key)
        if citation.key != evidence.key:
            yield Problem(spot, "", "key", f"the key is not the hash of its span, which would be {evidence.key}")
        record = records.get(evidence.record_id)
        if record is None:
            yield Problem(spot, "", "record", f"the record {evidence.record_id} is not among the story's records")
        elif record.content_hash != evidence.content_hash:
            yield Problem(spot, "", "record", "the span belongs to another version of the record")
        if len(evidence.quote.split()) > MAX_SPAN_WORDS:
            yield Problem(spot, "", "quote limit", f"the span is longer than {MAX_SPAN_WORDS} words")
        if len(citation.before) + len(citation.after) > CONTEXT or len(citation.before) > evidence.start:
            yield Problem(spot, "", "context", "the context is longer than it may be")


def _context(citations: Sequence[Citation], where: str) -> Iterator[Problem]:
    """Windows on one record agree where they overlap: a changed quote shows against its neighbour's context."""
    texts: dict[tuple[str, str], dict[int, str]] = {}
    for citation in citations:
        evidence = citation.evidence
        known = texts.setdefault((evidence.record_id, evidence.content_hash), {})
        window = citation.before + evidence.quote + citation.after
        first = evidence.start - len(citation.before)
        for offset, char in enumerate(window, first):
            if known.setdefault(offset, char) != char:
                yield Problem(
                    f"{where} citation {citation.key}", "", "context", "two spans give the same place differently"
                )
                break


def _ended(story: Story, store: Store, where: str) -> Iterator[Problem]:
    """A last version is one in the store, too: the storyline was merged, or nothing joined it in between."""
    ending = story.ending
    lines = store.storylines([story.storyline_id]) if ending is not None else ()
    if ending is None or not lines:
        return
    joined = [m.since for m in store.memberships(story.storyline_id) if ending.since < m.since <= story.written]
    if ending.into is not None and lines[0].merged_into is None:
        yield Problem(where, "", "ending", "the stored storyline was not merged")
    if ending.into is None and joined:
        yield Problem(where, "", "ending", f"{len(joined)} claims joined the storyline before this version")


def stored(story: Story, store: Store, where: str) -> Iterator[Problem]:
    """The spans stand in the stored records, no record is quoted beyond the limit, and what has ended has."""
    if story.id in store.withdrawn():
        yield Problem(where, "", "withdrawn", "this version was withdrawn; its text may not be shown any more")
    yield from _ended(story, store, where)
    for record in story.records:
        kept = store.record_version(record.id, record.content_hash)
        mine = [citation for citation in story.citations if citation.evidence.record_id == record.id]
        if kept is None:
            yield Problem(f"{where} record {record.id}", "", "record", "this version of the record is not stored")
            continue
        for citation in mine:
            evidence = citation.evidence
            if kept.text[evidence.start : evidence.end] != evidence.quote:
                yield Problem(
                    f"{where} citation {citation.key}", "", "quote", "the stored record does not say this there"
                )
        room = max(QUOTE_WORDS, int(len(kept.text.split()) * QUOTE_SHARE))
        words = _quoted(mine)
        if words > room:
            yield Problem(f"{where} record {record.id}", "", "quote limit", f"{words} words quoted, {room} allowed")


def _quoted(citations: Sequence[Citation]) -> int:
    """Words of one record inside the union of its spans."""
    words, done = 0, 0
    for evidence in sorted((citation.evidence for citation in citations), key=lambda one: (one.start, one.end)):
        begin = max(evidence.start, done)
        if begin < evidence.end:
            words += len(evidence.quote[begin - evidence.start :].split())
            done = evidence.end
    return words
