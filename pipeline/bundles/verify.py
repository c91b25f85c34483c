"""`citewire verify`: whether every sentence of a story bundle holds, judged again from the bundle alone.

Keys are computed again from the spans, spans are compared with their context and with each other, every sentence goes
through the gate once more with the spans that it cites, computed sentences are computed again, classes and quoting
limits are checked (spans and records: attested.py). With a store each span is also read in the record it claims to come
from. A version that a correction made must print it; of a withdrawn one hashes alone may be left.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import attested, computations, outlets, variants
from pipeline.attested import Problem
from pipeline.barred import sentence_hash
from pipeline.bundles.bundle import from_bundle, seal, withdrawn
from pipeline.domain import (
    Citation,
    CitedRecord,
    CitedSpan,
    Label,
    Section,
    Sentence,
    SentenceClass,
    Story,
    digest,
)
from pipeline.errors import UsageError
from pipeline.gate import classify, judge, whole
from pipeline.gate.alignment import figures
from pipeline.people import rule
from pipeline.protocols import Store
from pipeline.rulebook import rules
from pipeline.serial import loads
from pipeline.status import status

_LARGEST = 64 * 1024 * 1024  # bytes of a bundle that is read at all
_NEEDS_CITATION = (SentenceClass.CLAIM, SentenceClass.COHORT, SentenceClass.FORECAST)


@dataclass(frozen=True, slots=True)
class Report:
    """What `verify` found: how many bundles and sentences it judged, and every problem.

    `foreign`: bundles that were written under other rules than those that judged them here (`Story.rules`).
    """

    bundles: int
    sentences: int
    problems: tuple[Problem, ...]
    foreign: int = 0


def verify(path: str | Path, store: Store | None = None) -> Report:
    """Judge a bundle, an archive of bundles, or every story.json under a folder. Raises UsageError where none is."""
    found: list[Problem] = []
    judged = sentences = foreign = 0
    for one in bundles(Path(path)):
        try:
            for where, bundle in _read(one):
                judged += 1
                found += problems(bundle, store, where=where)
                size, ruled = _size(bundle)
                sentences += size
                foreign += ruled not in {"", rules()}
        except (OSError, EOFError, ValueError, RecursionError, zlib.error) as error:
            judged += 1
            found.append(Problem(str(one), "", "shape", f"cannot be read as JSON: {error}"))
    return Report(judged, sentences, tuple(found), foreign)


def _read(path: Path) -> Iterator[tuple[str, object]]:
    """The bundles in a file, one after the other, each with where it stands: one, or the lines of an archive."""
    if not path.name.endswith(".gz"):
        if path.stat().st_size > _LARGEST:
            raise ValueError(f"larger than {_LARGEST} bytes")
        yield str(path), loads(path.read_text(encoding="utf-8"))
        return
    with gzip.open(path) as archive:
        for number, line in enumerate(iter(lambda: archive.readline(_LARGEST + 1), b""), 1):
            if len(line) > _LARGEST:
                raise ValueError(f"line {number} is larger than {_LARGEST} bytes")
            yield f"{path}:{number}", loads(line.decode())


def bundles(path: Path) -> list[Path]:
    """The bundles that a path means, in order. Raises UsageError where there is none."""
    if path.is_file():
        return [path]
    found = sorted(path.rglob("story.json")) if path.is_dir() else []
    found = [one for one in found if one.parent.name != "schema"]
    if not found:
        raise UsageError(f"{path}: no story bundle (story.json) there; give a bundle or a folder of a published site")
    return found


def _size(bundle: object) -> tuple[int, str]:
    """How many sentences a bundle prints, and the hash of the rules that it was written under; 0 and "" for none."""
    try:
        story = from_bundle(bundle)
    except ValueError:
        return 0, ""
    return sum(1 for _ in placed(story)), story.rules


def problems(bundle: object, store: Store | None = None, *, where: str = "story") -> tuple[Problem, ...]:
    """Everything in one bundle that does not hold; empty when all of it does."""
    try:
        if isinstance(bundle, Mapping) and "withdrawn" in bundle:
            return tuple(_withdrawn(bundle, where))
        story = from_bundle(bundle)
    except (ValueError, TypeError, RecursionError) as error:
        return (Problem(where, "", "shape", f"does not have the form of a bundle: {error}"),)
    found = list(_sealed(bundle, where))
    if story.support not in {"", whole.digest()}:
        told = f"a support model judged it that this version of Citewire does not have ({story.support[:12]}...)"
        found.append(Problem(where, "", "model", f"{told}: verify it with the version that wrote it"))
    found += attested.spans(story, where)
    found += sentence_problems(story, where)
    found += _parts(story, where)
    found += _answered(story, where)
    found += _last(story, where)
    found += _amended(story, where)
    found += _counts(story, where)
    if store is not None:
        found += attested.stored(story, store, where)
    return tuple(found)


def _withdrawn(bundle: Mapping[str, object], where: str) -> Iterator[Problem]:
    """What is wrong with what remains of a withdrawn version: it holds hashes, and no word of what stood there."""
    withdrawn(bundle)
    if bundle.get("seal") != seal(bundle["withdrawn"]):
        yield Problem(where, "", "seal", "the seal is not that of this tombstone: something in it was changed")


# --- spans -----------------------------------------------------------------------------------------------------------


def _sealed(bundle: object, where: str) -> Iterator[Problem]:
    if isinstance(bundle, Mapping) and bundle.get("seal") != seal(bundle.get("story")):
        yield Problem(where, "", "seal", "the seal is not that of this story: something in it was changed")


# --- sentences -------------------------------------------------------------------------------------------------------


def placed(story: Story) -> Iterator[tuple[str, Sentence, Section | None]]:
    """Every sentence with its place and section, in reading order."""
    yield "headline", story.headline, None
    if story.dek is not None:
        yield "dek", story.dek, None
    for section in story.sections:
        for number, paragraph in enumerate(section.paragraphs, 1):
            for sentence in paragraph:
                yield f"{section.role} paragraph {number}", sentence, section


def spans(story: Story) -> dict[str, CitedSpan]:
    """What the gate may see of each citation, by key."""
    records = {record.id: record for record in story.records}
    return {
        citation.key: _span(citation, records[citation.evidence.record_id])
        for citation in story.citations
        if citation.evidence.record_id in records
    }


def _span(citation: Citation, record: CitedRecord) -> CitedSpan:
    return CitedSpan(
        quote=citation.evidence.quote,
        key=citation.key,
        record=record.id,
        origin=citation.origin_id,
        publisher=record.publisher,
        published=record.published,
        author=record.author,
        platform=record.platform,
        title=record.title or None,
    )


def sentence_problems(story: Story, where: str = "story") -> Iterator[Problem]:
    """What does not hold of the printed sentences: each is judged again."""
    known, facts = spans(story), computations.facts_of(story)
    for place, sentence, section in placed(story):
        spot = f"{where} {place}"
        lost = [key for key in sentence.citations if key not in known]
        if lost:
            yield Problem(spot, sentence.text, "citation", f"cites {lost[0]}, which the story does not hold")
            continue
        yield from _sentence(sentence, _neighbours(section, known), known, facts, spot)


def _sentence(
    sentence: Sentence,
    neighbours: Sequence[CitedSpan],
    known: Mapping[str, CitedSpan],
    facts: computations.Facts,
    spot: str,
) -> Iterator[Problem]:
    """Citations, class, computation and verdict of one sentence."""
    cited = [known[key] for key in sentence.citations]
    if sentence.kind in _NEEDS_CITATION and not cited:
        yield Problem(spot, sentence.text, "citation", f"a {sentence.kind} sentence without a citation")
        return
    kind = classify(sentence.text, cited, sentence.computation)
    if kind is not sentence.kind:
        yield Problem(spot, sentence.text, "class", f"marked {sentence.kind}, but it is {kind}")
    if sentence.verdict.label is not Label.SUPPORTED:
        yield Problem(spot, sentence.text, "verdict", f"printed with the verdict {sentence.verdict.label}")
    rendering = None
    if sentence.computation is not None:
        rendering, fault = _computed(sentence, facts)
        if fault:
            yield Problem(spot, sentence.text, "analysis", fault)
            return
    verdict = judge(sentence.text, cited, computation=sentence.computation, neighbours=neighbours, rendering=rendering)
    for reason in verdict.reasons if not verdict.publish else ():
        yield Problem(spot, sentence.text, reason.rule, reason.detail)
    released = any(reason.rule == rule.RELEASED for reason in sentence.verdict.reasons)
    ruling = rule.judge(sentence.text, cited) if sentence.computation is None and not released else None
    if ruling is not None and not ruling.publish:
        yield Problem(spot, sentence.text, rule.RULE, ruling.reason)


def _computed(sentence: Sentence, facts: computations.Facts) -> tuple[str | None, str]:
    """The rendering of a sentence's computation done again, or what is wrong with it."""
    bound = sentence.computation
    if bound is None:
        return None, ""
    try:
        value = computations.compute(bound.name, bound.inputs, facts)
        if value != bound.value:
            return None, f"{bound.name} gives {value!r}, the story {bound.value!r}"
        return computations.render(bound.name, bound.inputs, value, facts), ""
    except (KeyError, ValueError, IndexError) as error:
        return None, f"{bound.name} cannot be computed again: {error}"


def _neighbours(section: Section | None, known: Mapping[str, CitedSpan]) -> list[CitedSpan]:
    """The spans that the other sentences of a section cite."""
    if section is None:
        return []
    keys = [key for paragraph in section.paragraphs for sentence in paragraph for key in sentence.citations]
    return [known[key] for key in dict.fromkeys(keys) if key in known]


# --- the whole -------------------------------------------------------------------------------------------------------


def _last(story: Story, where: str) -> Iterator[Problem]:
    """A version is marked as the last exactly where a sentence of it says so."""
    says = any(s.computation is not None and s.computation.name == "ended" for _, s, _ in placed(story))
    if says != (story.ending is not None):
        yield Problem(where, "", "ending", "the mark of a last version and the sentence that says so do not agree")


def _amended(story: Story, where: str) -> Iterator[Problem]:
    """A version that a correction made prints what it was made to print, and not what it was made to leave out."""
    printed = {sentence_hash(sentence.text) for _, sentence, _ in placed(story)}
    for entry in story.corrections:
        if story.previous is None:
            yield Problem(where, "", "correction", "it corrects a version, and names none that was before it")
        if entry.old in printed:
            yield Problem(where, "", "correction", "it still prints the sentence that was corrected")
        if entry.text and sentence_hash(entry.text) not in printed:
            yield Problem(where, entry.text, "correction", "it does not print the corrected sentence")


def _parts(story: Story, where: str) -> Iterator[Problem]:
    """Takeaways are sentences of the body; headings say nothing that their section's evidence lacks."""
    body = {sentence.text for _, sentence, section in placed(story) if section and section.role != "takeaways"}
    known = spans(story)
    for place, sentence, section in placed(story):
        if section is not None and section.role == "takeaways" and sentence.text not in body:
            yield Problem(f"{where} {place}", sentence.text, "takeaway", "is not a sentence of the body")
    for form in variants.foreign(story):
        yield Problem(f"{where} {form}", getattr(story.variants, form), "variant", "holds what no sentence here says")
    if story.length is not None:  # None: a version of before these were kept
        ruled = (status(story.counts, story.written, story.ending), variants.measured(story.sections, story.lang))
        if (story.status, story.length) != ruled:
            yield Problem(where, "", "measure", "its status or the measure of its length is not that of what it prints")
    for section in story.sections:
        quotes = " ".join(span.quote for span in _neighbours(section, known))
        for quantity in figures(section.heading or ""):
            if quantity.text not in quotes:
                yield Problem(
                    f"{where} heading", section.heading or "", "number", f"{quantity.text} is not in the evidence"
                )
    for entry in story.dropped:
        if entry.text and entry.text_hash != digest("sentence", entry.text, size=32):
            yield Problem(f"{where} dropped", entry.text, "hash", "the hash is not that of the sentence")


def _answered(story: Story, where: str) -> Iterator[Problem]:
    """No accusation is printed without the answer to it that the story's own evidence holds."""
    printed = [sentence.text for _, sentence, _ in placed(story)]
    quotes = [citation.evidence.quote for citation in story.citations]
    for name, quote in rule.unanswered(printed, quotes):
        yield Problem(where, quote, rule.RULE, f"answers what is laid to {name}, and no sentence tells it")


def _counts(story: Story, where: str) -> Iterator[Problem]:
    """The evidence line fits what the story holds."""
    counts = story.counts
    cited = {citation.evidence.record_id for citation in story.citations}
    if counts.cited_records != len(cited) or not cited <= {record.id for record in story.records}:
        yield Problem(where, "", "counts", f"{counts.cited_records} cited records are claimed, {len(cited)} are cited")
    if counts.records < len(cited) or counts.origins < len({citation.origin_id for citation in story.citations}):
        yield Problem(where, "", "counts", "fewer records or origins are claimed than are cited")
    yield from _voices(story, where)
    if counts.dropped != len(story.dropped):
        yield Problem(
            where, "", "counts", f"{counts.dropped} dropped sentences are claimed, {len(story.dropped)} are listed"
        )


def _voices(story: Story, where: str) -> Iterator[Problem]:
    """No voice counts as two origins, as far as the origins' own records are shipped and say where they were read."""
    records = {record.id: record for record in story.records if record.source}
    cited = dict.fromkeys(citation.origin_id for citation in story.citations)
    told = [(origin, outlets.voice(records[origin]) if origin in records else "") for origin in cited]
    counted = outlets.counts_as(told)
    for origin in cited:
        if counted[origin] != origin:
            yield Problem(
                where, "", "counts", f"{origin} and {counted[origin]} count as two origins, one voice tells both"
            )
