"""What of an edition may be shown: nothing that is taken down, no claim that lays to somebody what may not be printed.

An edition in, an edition out, with a count of what was left out and of nothing else. Pure. Stories lose the sentences
and the evidence that name what is taken down; a version whose headline or address does is not shown at all. Storyline
pages quote claims past the writer, so the rule on people is asked of each of them here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from pipeline import computations, variants
from pipeline.domain import (
    Citation,
    CitedRecord,
    CitedSpan,
    Claim,
    Dropped,
    Finding,
    Record,
    Section,
    Sentence,
    Story,
    Storyline,
    Variants,
)
from pipeline.edition import Edition, TopicAnswer
from pipeline.errors import UsageError
from pipeline.people import rule
from pipeline.people.contexts import quiet, sensitive
from pipeline.people.takedown import Takedown

Counts = Counter[str]


def screened(edition: Edition, takedown: Takedown, *, cited: Collection[str] | None = None) -> tuple[Edition, Counts]:
    """The edition as it may be shown, and how many things of which kind are not.

    `cited`: the claims that its stories cite, where these are not in it.
    """
    counts: Counts = Counter()
    stories = tuple(one for was in edition.stories if (one := story(was, takedown, counts)) is not None)
    records = {key: r for key, was in edition.records.items() if (r := _record(was, takedown, counts)) is not None}
    claims = {
        key: claim
        for key, claim in edition.claims.items()
        if claim.record_id in records and not _named(takedown, claim, counts)
    }
    shown = {citation.claim_id for one in stories for citation in one.citations} if cited is None else cited
    claims = _lawful(edition, {**claims}, records, shown)
    settings = edition.settings
    sources = tuple(
        s
        for s in settings.sources
        if not (takedown.is_listed(s.address) or any(takedown.in_text(t) for t in (s.name, s.owner, s.note)))
    )
    counts["sources"] += len(settings.sources) - len(sources)
    return (
        replace(
            edition,
            settings=settings.model_copy(update={"sources": sources})
            if len(sources) < len(settings.sources)
            else settings,
            stories=stories,
            storylines={key: _line(line, takedown) for key, line in edition.storylines.items()},
            memberships={
                key: tuple(
                    replace(one, reason="") if takedown.in_text(one.reason) or sensitive(one.reason) else one
                    for one in joined
                )
                for key, joined in edition.memberships.items()
            },
            rankings={
                key: replace(one, why="") if takedown.in_text(one.why) else one for key, one in edition.rankings.items()
            },
            records=records,
            claims=claims,
            witnesses={
                key: r for key, was in edition.witnesses.items() if (r := _record(was, takedown, Counter())) is not None
            },
            featured=edition.featured.without(takedown.in_text) if takedown else edition.featured,
            findings=_findings(edition, claims),
            signals=quiet(one for one in edition.signals if not takedown.in_text(one.summary)),
            topics=tuple(t for was in edition.topics if (t := _topic(was, takedown, counts)) is not None),
            corrections=tuple(
                entry
                for entry in edition.corrections
                if not takedown or not any(takedown.in_text(str(getattr(entry, name))) for name in entry.__slots__)
            ),
            tombstones=tuple(
                one
                for one in edition.tombstones
                if not takedown or not any(takedown.in_text(str(getattr(one, name))) for name in one.__slots__)
            ),
        ),
        +counts,
    )


def answered(answer: TopicAnswer, takedown: Takedown) -> TopicAnswer:
    """The answer to a question without what is taken down. Raises UsageError where the question names it."""
    found = _topic(answer, takedown, Counter())
    if found is None:
        raise UsageError("the takedown file lists what is asked for; nothing is told of it")
    return found


# --- stories ---------------------------------------------------------------------------------------------------------


def story(story: Story, listed: Takedown, counts: Counts) -> Story | None:
    """A version without what is listed; None where nothing of it may be shown. `counts` what is left out."""
    if not listed:
        return story
    takedown = listed.of(_texts(story))
    if takedown.in_text(story.slug) or takedown.in_text(story.short_title):
        counts["stories"] += 1
        return None
    citations, records = _evidence(story.citations, story.records, takedown)
    keys = {citation.key for citation in citations}
    if _out(story.headline, keys, takedown):
        counts["stories"] += 1
        return None
    sections = _sections(story.sections, keys, takedown, counts)
    dek = None if story.dek is None or _out(story.dek, keys, takedown) else story.dek
    found = replace(
        story,
        dek=dek,
        sections=sections,
        citations=citations,
        records=records,
        dropped=tuple(_unsaid(one, takedown) for one in story.dropped),
        signals=tuple(one for one in story.signals if not takedown.in_text(one.summary)),
        related=tuple(one for one in story.related if not takedown.in_text(one.why)),
        answers=tuple(one for one in story.answers if not takedown.in_text(str(one))),
        corrections=tuple(one for one in story.corrections if not takedown.in_text(str(one))),
    )
    return story if found == story and not _any(takedown, story.variants) else _fitted(found)


def _fitted(story: Story) -> Story:
    """A version with what its sentences still need, counted and measured anew, so that it verifies as it stands."""
    story = _used(story)
    facts = computations.facts_of(story)
    sections = []
    for section in story.sections:
        said = (tuple(s for one in paragraph for s in _again(one, facts)) for paragraph in section.paragraphs)
        if paragraphs := tuple(paragraph for paragraph in said if paragraph):
            sections.append(replace(section, paragraphs=paragraphs))
    body = {s.text for one in sections if one.role != "takeaways" for p in one.paragraphs for s in p}
    kept = tuple(one for one in sections if one.role != "takeaways" or _within(one, body))
    headline = next(_again(story.headline, facts), story.headline)  # one that fails stays, and verify refuses it
    dek = next(_again(story.dek, facts), None) if story.dek is not None else None
    return _measured(_used(replace(story, headline=headline, dek=dek, sections=kept)))


def _again(sentence: Sentence, facts: computations.Facts) -> Iterator[Sentence]:
    """A computed sentence as its computation says it now; any other as it is; none where it does not hold any more."""
    bound = sentence.computation
    if bound is None:
        yield sentence
        return
    with suppress(KeyError, ValueError, IndexError):
        value = computations.compute(bound.name, bound.inputs, facts)
        text = computations.render(bound.name, bound.inputs, value, facts)
        yield replace(sentence, text=text, computation=replace(bound, value=value))


def _within(section: Section, body: set[str]) -> bool:
    """Whether every sentence of a section is one of the body's."""
    return all(one.text in body for paragraph in section.paragraphs for one in paragraph)


def _measured(story: Story) -> Story:
    """A version with its other forms and its length as its sentences give them, where it has these."""
    forms = story.variants
    if forms != Variants():
        forms = variants.of(story.headline, story.dek, story.short_title, story.sections)
    length = variants.measured(story.sections, story.lang) if story.length is not None else None
    return replace(story, variants=forms, length=length)


def _used(story: Story) -> Story:
    """A version with the citations that its sentences still have, and their records."""
    every = [
        story.headline,
        *([story.dek] if story.dek else []),
        *(s for c in story.sections for p in c.paragraphs for s in p),
    ]
    keys = {key for sentence in every for key in sentence.citations}
    citations = tuple(citation for citation in story.citations if citation.key in keys)
    owners = {citation.evidence.record_id for citation in citations}
    records = tuple(record for record in story.records if record.id in owners)
    return replace(story, citations=citations, records=records, counts=replace(story.counts, cited_records=len(owners)))


def _texts(story: Story) -> list[str]:
    """All that a version says and quotes."""
    sentences = [s.text for section in story.sections for paragraph in section.paragraphs for s in paragraph]
    quotes = [f"{c.before}{c.evidence.quote}{c.after}" for c in story.citations]
    return [story.headline.text, story.slug, *sentences, *quotes, *(record.title for record in story.records)]


def _out(sentence: Sentence, keys: set[str], takedown: Takedown) -> bool:
    """Whether a sentence names something listed, or cites what is gone."""
    inputs = sentence.computation.inputs if sentence.computation is not None else ()
    named = takedown.in_text(sentence.text) or any(takedown.in_text(one) for one in inputs)
    return named or not set(sentence.citations) <= keys


def _sections(sections: Sequence[Section], keys: set[str], takedown: Takedown, counts: Counts) -> tuple[Section, ...]:
    """Sections without the sentences that are out; a heading that names something is the neutral one."""
    found = []
    for section in sections:
        paragraphs = []
        for paragraph in section.paragraphs:
            left = tuple(one for one in paragraph if not _out(one, keys, takedown))
            counts["sentences"] += len(paragraph) - len(left)
            paragraphs += [left] if left else []
        if paragraphs:
            heading = "More detail" if takedown.in_text(section.heading) else section.heading
            found.append(replace(section, heading=heading, paragraphs=tuple(paragraphs)))
    return tuple(found)


def _evidence(
    citations: Sequence[Citation], records: Sequence[CitedRecord], takedown: Takedown
) -> tuple[tuple[Citation, ...], tuple[CitedRecord, ...]]:
    """Citations and records without those listed; what is left has no context or title that names anything."""
    left = []
    for record in records:
        if takedown.is_listed(record.url) or any(
            map(takedown.in_text, (record.publisher, record.owner, record.source))
        ):
            continue
        title = "" if takedown.in_text(record.title) else record.title
        author = None if takedown.in_text(record.author) else record.author
        via = tuple(one for one in record.via if not takedown.in_text(one))
        left.append(replace(record, title=title, author=author, via=via))
    owners = {record.id for record in left}
    cited = []
    for one in citations:
        if one.evidence.record_id not in owners or takedown.in_text(one.evidence.quote):
            continue
        near = takedown.in_text(f"{one.before}{one.evidence.quote}{one.after}")
        cited.append(replace(one, before="", after="") if near else one)
    return tuple(cited), tuple(left)


def _unsaid(dropped: Dropped, takedown: Takedown) -> Dropped:
    """The entry of a refused sentence, without its text where that names something."""
    told = [dropped.text, *(reason.detail for reason in dropped.verdict.reasons)]
    if not any(map(takedown.in_text, told)):
        return dropped
    reasons = tuple(replace(reason, detail="taken down") for reason in dropped.verdict.reasons)
    return replace(dropped, text="", verdict=replace(dropped.verdict, reasons=reasons))


def _any(takedown: Takedown, forms: Variants) -> bool:
    return any(takedown.in_text(getattr(forms, name)) for name in forms.__slots__)


# --- topics, records, claims -----------------------------------------------------------------------------------------


def _topic(topic: TopicAnswer, listed: Takedown, counts: Counts) -> TopicAnswer | None:
    """An answer without what is listed; None where it was asked for that."""
    takedown = listed.of([topic.query, topic.title, *(s.text for s in topic.sentences)])
    if takedown.in_text(topic.query) or takedown.in_text(topic.title):
        counts["topics"] += 1
        return None
    citations, records = _evidence(topic.citations, topic.records, takedown)
    keys = {citation.key for citation in citations}
    return replace(
        topic,
        sections=_sections(topic.sections, keys, takedown, counts),
        citations=citations,
        records=records,
        dropped=tuple(_unsaid(one, takedown) for one in topic.dropped),
        aside=tuple(
            one
            for one in topic.aside
            if not (takedown.in_text(one.title) or takedown.is_listed(one.url) or sensitive(one.title))
        ),
    )


def _line(line: Storyline, takedown: Takedown) -> Storyline:
    """A storyline without a label, or turns of its life, that name what may not be shown."""
    label = "" if takedown.in_text(line.label) or sensitive(line.label) else line.label
    turns = tuple(t for t in line.turns if not (takedown.in_text(str(t)) or sensitive(t.label) or sensitive(t.why)))
    return line if (label, turns) == (line.label, line.turns) else replace(line, label=label, turns=turns)


def _record(record: Record, takedown: Takedown, counts: Counts) -> Record | None:
    """A record as storyline pages list it; None where it, or who published it, is listed."""
    if takedown.is_listed(record.url) or any(map(takedown.in_text, (record.publisher, record.owner, record.source))):
        counts["records"] += 1
        return None
    title = "" if takedown.in_text(record.title) or sensitive(record.title) else record.title
    author = None if takedown.in_text(record.author) else record.author
    same = title == record.title and author == record.author
    return record if same else replace(record, title=title, author=author)


def _named(takedown: Takedown, claim: Claim, counts: Counts) -> bool:
    """Whether a claim names something listed."""
    told = [claim.text, claim.context or "", claim.speaker or "", *(one.quote for one in claim.evidence)]
    found = any(map(takedown.in_text, told))
    counts["claims"] += found
    return found


def _lawful(
    edition: Edition, claims: Mapping[str, Claim], records: Mapping[str, Record], shown: Collection[str]
) -> dict[str, Claim]:
    """Claims without those that the rule on people would not let a sentence say, but for those a story cites.

    A claim is judged as its page prints it: quoted, with its source, beside the other claims of its finding.
    """
    out: set[str] = set()
    for findings in edition.findings.values():
        for finding in findings:
            members = [claims[key] for key in finding.claim_ids if key in claims]
            spans = [_span(claim, edition, records) for claim in members]
            for claim in members:
                text = claim.evidence[0].quote
                if claim.id in shown or not sensitive(text):
                    continue
                record = records[claim.record_id]
                told = f'{record.publisher or "One article"} writes: "{text}"'
                if not rule.judge(told, spans, (record.text,)).publish:
                    out.add(claim.id)
    return {key: claim for key, claim in claims.items() if key not in out}


def _span(claim: Claim, edition: Edition, records: Mapping[str, Record]) -> CitedSpan:
    record = records[claim.record_id]
    origin = claim.origin_id or edition.origins.get(record.id, record.id)
    return CitedSpan(
        claim.evidence[0].quote, record=record.id, origin=origin, publisher=record.publisher, published=record.published
    )


def _findings(edition: Edition, claims: Mapping[str, Claim]) -> dict[str, tuple[Finding, ...]]:
    """Findings of the claims that may be shown, with the disputes between them."""
    found = {}
    for line, findings in edition.findings.items():
        kept = []
        for finding in findings:
            ids = tuple(key for key in finding.claim_ids if key in claims)
            disputes = tuple(d for d in finding.disputes if d.a in claims and d.b in claims)
            if ids and (ids, disputes) != (finding.claim_ids, finding.disputes):
                kept.append(replace(finding, claim_ids=ids, disputes=disputes))
            elif ids:
                kept.append(finding)
        found[line] = tuple(kept)
    return found
