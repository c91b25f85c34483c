"""Amending: the next version of a story, without some of its sentences or with others in their place. Pure.

Nothing is written anew: what stands in the version before is kept, and all that depends on what went is brought into
line: citations, records, counts, computed sentences, key points, headings. Every sentence meets the gate again, so that
a link sentence that has lost its neighbours, or a claim that has lost its second source, goes too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline import attested, computations, status, variants
from pipeline.amends import Correction, CorrectionKind
from pipeline.barred import Barred, sentence_hash
from pipeline.bundles import verify
from pipeline.bundles.bundle import to_bundle
from pipeline.compose.headline import short_title
from pipeline.compose.readable import leans, points_back
from pipeline.compose.settle import FURNITURE
from pipeline.domain import (
    Citation,
    CitedRecord,
    CitedSpan,
    Dropped,
    Label,
    Reason,
    Section,
    Sentence,
    Story,
    StoryCounts,
    Verdict,
    digest,
)
from pipeline.gate import classify, judge, whole
from pipeline.rulebook import rules

Change = Callable[[Sentence], Sentence | None]
"""What becomes of a sentence: itself, another, or nothing."""

ROUNDS = 8  # of checking and dropping until every sentence holds; each drops one or more
PLAIN = "More detail"  # the heading of a section whose own no longer fits


@dataclass(frozen=True, slots=True)
class Least:
    """What a version needs to be worth printing: cited sentences of its body, and origins they rest on."""

    sentences: int = 1
    origins: int = 1


@dataclass(frozen=True, slots=True)
class Amendment:
    """By what a version is made, when and under which settings; `records` were withdrawn and count no more."""

    entry: Correction
    now: datetime
    settings_hash: str
    records: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Parts:
    """The printed parts of a version."""

    headline: Sentence
    dek: Sentence | None
    sections: tuple[Section, ...]


def amended(story: Story, change: Change, by: Amendment, least: Least) -> Story | None:
    """The version that follows `story` after `change`; None where too little is left to print."""
    gone: dict[str, tuple[str, Sentence]] = {}

    def noted(sentence: Sentence, role: str) -> Sentence | None:
        kept = change(sentence)
        if kept is None or kept.text != sentence.text:
            gone.setdefault(sentence.text, (role, sentence))
        return kept

    parts: _Parts | None = _changed(_Parts(story.headline, story.dek, story.sections), noted)
    for _ in range(ROUNDS):
        if parts is None:
            return None
        found = _bound(story, parts, [_dropped(*one, by.entry) for one in gone.values()], by)
        failing = {problem.sentence for problem in verify.sentence_problems(found) if problem.sentence}
        if not failing:  # the rest concerns the whole: what is said of people, counts, other forms
            return found if _enough(found, least) and not verify.problems(to_bundle(found)) else None

        def holding(sentence: Sentence, role: str, wrong: set[str] = failing) -> Sentence | None:
            if sentence.text in wrong:
                gone.setdefault(sentence.text, (role, sentence))
                return None
            return sentence

        parts = _changed(_Parts(found.headline, found.dek, found.sections), holding)
    return None


def without(keys: frozenset[str], spans: dict[str, CitedSpan], sentences: frozenset[str] = frozenset()) -> Change:
    """The change that takes citations `keys` and sentences (by hash) away.

    A sentence that keeps other citations stays where these alone bear it out. `spans`: what the gate sees, by key.
    """

    def change(sentence: Sentence) -> Sentence | None:
        if sentence_hash(sentence.text) in sentences:
            return None
        if keys.isdisjoint(sentence.citations):
            return sentence
        left = tuple(key for key in sentence.citations if key not in keys)
        return reworded(sentence.text, left, spans) if left and sentence.computation is None else None

    return change


def instead(old: str, new: Sentence) -> Change:
    """The change that prints `new` wherever the sentence with the hash `old` stands."""
    return lambda sentence: new if sentence_hash(sentence.text) == old else sentence


def reworded(text: str, keys: tuple[str, ...], spans: dict[str, CitedSpan]) -> Sentence | None:
    """A sentence with these words and citations, as the gate and the rules of classes see it; None where it fails."""
    cited = [spans[key] for key in keys if key in spans]
    verdict = judge(text, cited)
    return Sentence(text, classify(text, cited), keys, verdict) if verdict.publish and cited else None


def carried(story: Story, previous: Story | None, log: Sequence[Correction]) -> Story:
    """A version written anew, with the corrected sentences that the one before it prints, and none that they replaced.

    A corrected sentence stands at the end of the first part of the body: its claims are kept from the writer, so that
    nothing else tells them. Quotation is not let grow: what would quote more than 60 words of a record stays away.
    """
    barred = Barred.of(log)
    found = story
    if barred.printed(story):
        parts = _changed(
            _Parts(story.headline, story.dek, story.sections),
            lambda s, _: None if sentence_hash(s.text) in barred.sentences else s,
        )
        found = _fitted(story, parts, story.citations, story.records) if parts is not None else story
    before = {s.text: s for _, s, _ in verify.placed(previous)} if previous else {}
    here = {s.text for _, s, _ in verify.placed(found)}
    texts = [entry.text for entry in log if entry.kind is CorrectionKind.CORRECTED]
    for text in dict.fromkeys(text for text in texts if text in before and text not in here):
        assert previous is not None
        found = _with(found, before[text], previous)
    return found


def _with(story: Story, sentence: Sentence, previous: Story) -> Story:
    """`story` with one more sentence of the version before, where it may quote that much."""
    at = next((n for n, section in enumerate(story.sections) if section.role == "body"), None)
    citations = {c.key: c for c in (*previous.citations, *story.citations)}
    quoted: dict[str, int] = {}
    for key in {*(c.key for c in story.citations), *sentence.citations}:
        evidence = citations[key].evidence
        quoted[evidence.record_id] = quoted.get(evidence.record_id, 0) + len(evidence.quote.split())
    cited = [citations[key] for key in sentence.citations]
    mine = {citation.evidence.record_id for citation in cited}
    texts = {record.id: record.content_hash for record in story.records}
    changed = any(texts.get(c.evidence.record_id, c.evidence.content_hash) != c.evidence.content_hash for c in cited)
    if at is None or changed or any(quoted[record] > attested.QUOTE_WORDS for record in mine):
        return story
    section = story.sections[at]
    longer = replace(section, paragraphs=(*section.paragraphs, (sentence,)))
    parts = _Parts(story.headline, story.dek, (*story.sections[:at], longer, *story.sections[at + 1 :]))
    return _fitted(story, parts, citations.values(), (*previous.records, *story.records))


# --- parts -----------------------------------------------------------------------------------------------------------


def _changed(parts: _Parts, change: Callable[[Sentence, str], Sentence | None]) -> _Parts | None:
    """The parts after a change, key points that the body no longer holds left out; None without a headline."""
    sections = [_section(section, change) for section in parts.sections]
    body = {s.text for c in sections if c.role != "takeaways" for p in c.paragraphs for s in p}
    sections = [
        replace(c, paragraphs=tuple(p for p in c.paragraphs if all(s.text in body for s in p)))
        if c.role == "takeaways"
        else c
        for c in sections
    ]
    kept = tuple(section for section in sections if section.paragraphs)
    headline = change(parts.headline, "headline") or _stand_in(kept)
    dek = change(parts.dek, "dek") if parts.dek else None
    if headline is None:
        return None
    return _Parts(headline, dek if dek is None or dek.text != headline.text else None, kept)


def _section(section: Section, change: Callable[[Sentence, str], Sentence | None]) -> Section:
    """A section after a change: what points back to a sentence that went goes too, a disagreement as a whole."""
    paragraphs = []
    for paragraph in section.paragraphs:
        kept: list[Sentence] = []
        unbroken = True
        for sentence in paragraph:
            new = change(sentence, section.role)
            if new is not None and (unbroken or not (leans(new.text) or points_back(new.text))):
                kept.append(new)
                unbroken = True
            else:
                unbroken = False
        if kept and (section.role != "disagreements" or len(kept) == len(paragraph)):
            paragraphs.append(tuple(kept))
    return replace(section, paragraphs=tuple(paragraphs))


def _stand_in(sections: Sequence[Section]) -> Sentence | None:
    """The headline of a version that lost its own: the shortest key point, else the first cited body sentence."""
    points = [s for c in sections if c.role == "takeaways" for p in c.paragraphs for s in p if s.citations]
    told = [s for c in sections if c.role == "body" for p in c.paragraphs for s in p if s.citations]
    return min(points, key=lambda s: (len(s.text), s.text)) if points else next(iter(told), None)


def _dropped(role: str, sentence: Sentence, entry: Correction) -> Dropped:
    """The entry of a sentence that went; its hash alone is shipped."""
    verdict = Verdict(Label.UNSUPPORTED, (Reason("correction", entry.why),), 0.0)
    return Dropped("", sentence_hash(sentence.text), role, sentence.citations, verdict)


# --- the whole -------------------------------------------------------------------------------------------------------


def _bound(story: Story, parts: _Parts, gone: Sequence[Dropped], by: Amendment) -> Story:
    """The version after `story` that these parts make."""
    version = story.version + 1
    following = replace(
        story,
        id="y" + digest("story", story.storyline_id, str(version)),
        version=version,
        written=by.now,
        short_title=story.short_title if parts.headline == story.headline else short_title(parts.headline.text, ""),
        dropped=(*story.dropped, *gone),
        counts=replace(_counts(story, by.records, parts), dropped=len(story.dropped) + len(gone)),
        signals=(),
        rank={},
        settings_hash=by.settings_hash,
        previous=story.id,
        answers=(),
        corrections=(replace(by.entry, stories=(), withdrawn=(), successors=(), claims=()),),
        inputs="",
        rules=rules(),
        support=whole.digest(),
    )
    return _fitted(following, parts, story.citations, story.records)


def _fitted(story: Story, parts: _Parts, citations: Iterable[Citation], records: Iterable[CitedRecord]) -> Story:
    """`story` with these parts, and with citations, records, counts and measures that fit them."""
    keys = tuple(dict.fromkeys(key for sentence in _every(parts) for key in sentence.citations))
    known, owners = {citation.key: citation for citation in citations}, {record.id: record for record in records}
    cited = dict.fromkeys(known[key].evidence.record_id for key in keys)
    platforms = tuple(sorted({owners[record].platform for record in cited}))
    found = replace(
        story,
        headline=parts.headline,
        dek=parts.dek,
        citations=tuple(known[key] for key in keys),
        records=tuple(owners[record] for record in cited),
        counts=replace(story.counts, platforms=platforms, cited_records=len(cited)),
    )
    found = replace(found, sections=tuple(_renewed(section, found) for section in parts.sections))
    return replace(
        found,
        status=status.status(found.counts, found.written, found.ending),
        variants=variants.of(found.headline, found.dek, found.short_title, found.sections),
        length=variants.measured(found.sections, found.lang) if story.length else None,
    )


def _every(parts: _Parts) -> list[Sentence]:
    head = [parts.headline, *([parts.dek] if parts.dek else [])]
    return [*head, *(s for section in parts.sections for p in section.paragraphs for s in p)]


def _counts(story: Story, withdrawn: frozenset[str], parts: _Parts) -> StoryCounts:
    """The evidence line without cited records that were withdrawn, and origins that told nothing else."""
    keys = {key for sentence in _every(parts) for key in sentence.citations}
    origins = {citation.origin_id for citation in story.citations if citation.key in keys}
    lost = [record for record in story.records if record.id in withdrawn]
    gone = len({c.origin_id for c in story.citations if c.evidence.record_id in withdrawn} - origins)
    counts = story.counts
    return replace(counts, records=counts.records - len(lost), origins=max(len(origins), counts.origins - gone))


def _renewed(section: Section, story: Story) -> Section:
    """A section with its computed sentences computed again and a heading that its evidence still holds."""
    facts = computations.facts_of(story)
    quotes = {citation.key: citation.evidence.quote.casefold() for citation in story.citations}
    keys = [key for paragraph in section.paragraphs for sentence in paragraph for key in sentence.citations]
    named = section.heading
    if section.role == "body" and named is not None and named not in FURNITURE:
        named = named if any(named.casefold() in quotes[key] for key in keys) else PLAIN
    paragraphs = tuple(tuple(_computed(s, facts) for s in paragraph) for paragraph in section.paragraphs)
    return replace(section, heading=named, paragraphs=paragraphs)


def _computed(sentence: Sentence, facts: computations.Facts) -> Sentence:
    """A computed sentence as it is now; one that can no longer be computed stays, for the check to find."""
    bound = sentence.computation
    if bound is None:
        return sentence
    try:
        value = computations.compute(bound.name, bound.inputs, facts)
        text = computations.render(bound.name, bound.inputs, value, facts)
    except (KeyError, ValueError, IndexError):
        return sentence
    return sentence if value == bound.value else replace(sentence, text=text, computation=replace(bound, value=value))


def _enough(story: Story, least: Least) -> bool:
    told = {s.text for c in story.sections if c.role == "body" for p in c.paragraphs for s in p if s.citations}
    origins = {citation.origin_id for citation in story.citations}
    return len(told) >= least.sentences and len(origins) >= least.origins
