"""The night's briefing: its stories in at most 80 words each, of their own sentences, as a story with its own bundle.

Nothing is written for it: a paragraph is the sentences of a story's blurb (pipeline/variants.py) with the citations
and verdicts they have there, the headline is computed, a heading is a beat's name. Origins are counted anew, since two
stories may count one outlet by two of its articles. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from pipeline import computations, outlets, variants
from pipeline.compose.ledger import QUOTE_WORDS
from pipeline.domain import (
    Citation,
    CitedRecord,
    Computation,
    Section,
    Sentence,
    SentenceClass,
    Story,
    StoryCounts,
    StoryKind,
    digest,
)
from pipeline.gate import classify, judge
from pipeline.people import rule
from pipeline.slugs import slug
from pipeline.status import status

FEWEST = 2  # stories without which a night needs no briefing
MOST = 25
_TOLD = frozenset({SentenceClass.CLAIM, SentenceClass.FORECAST})  # a cohort's number is of its own story


def subject(now: datetime) -> str:
    """The subject of the briefing of a night."""
    return "q" + digest("survey", StoryKind.BRIEFING.value, now.date().isoformat())


def blurb(story: Story) -> tuple[Sentence, ...]:
    """The sentences of a story's blurb, in its order, as far as they may stand in another story."""
    printed = [s for section in story.sections for paragraph in section.paragraphs for s in paragraph]
    printed += [story.dek] if story.dek is not None else []
    left, found = story.variants.blurb, []
    while left:
        fitting = [s for s in printed if left == s.text or left.startswith(s.text + " ")]
        if not fitting:
            return ()
        one = max(fitting, key=lambda s: len(s.text))
        found.append(one)
        left = left[len(one.text) + 1 :]
    return tuple(s for s in found if s.kind in _TOLD and s.computation is None and s.citations)


def briefing(
    stories: Sequence[Story], *, now: datetime, beats: Sequence[str], settings_hash: str, previous: Story | None
) -> Story | None:
    """The briefing of tonight's `stories`, most prominent first; None where fewer than two have a blurb.

    beats: names in their order on the page. previous: the briefing of an earlier run of the same night.
    """
    offered = [(story, blurb(story)) for story in stories[:MOST]]
    gathered, paragraphs = _answered(offered)
    if len(paragraphs) < FEWEST:
        return None
    told: dict[str, list[tuple[Sentence, ...]]] = {}
    for story, sentences in paragraphs:
        told.setdefault(story.beat, []).append(sentences)
    order = [*(beat for beat in beats if beat in told), *(beat for beat in told if beat not in beats)]
    sections = tuple(Section("body", beat, tuple(told[beat])) for beat in order)
    return _bound(stories, sections, gathered, now=now, settings_hash=settings_hash, previous=previous)


_Paragraphs = list[tuple[Story, tuple[Sentence, ...]]]


def _answered(offered: _Paragraphs) -> tuple[_Gathered, _Paragraphs]:
    """What the paragraphs cite, and those that may stand beside each other.

    Where the evidence of one holds an answer to what another lays to somebody, and none tells it, that one is left out:
    in its own story the two stand together (pipeline/people/).
    """
    while True:
        gathered, kept = _Gathered(), []
        for story, sentences in offered:
            if fitting := tuple(one for one in sentences if gathered.take(story, (one,))):
                kept.append((story, fitting))
        printed = [one.text for _, sentences in kept for one in sentences]
        quotes = {key: one.evidence.quote for key, one in gathered.citations.items()}
        silent = {quote for _, quote in rule.unanswered(printed, list(quotes.values()))}
        left = [
            (story, sentences)
            for story, sentences in kept
            if not any(quotes[key] in silent for one in sentences for key in one.citations)
        ]
        if len(left) == len(kept):
            return gathered, kept
        offered = left


class _Gathered:
    """What the paragraphs cite; a sentence that quotes too much of a record that others quote is not taken."""

    def __init__(self) -> None:
        self.citations: dict[str, Citation] = {}
        self.records: dict[str, CitedRecord] = {}

    def take(self, story: Story, sentences: Sequence[Sentence]) -> bool:
        """Enter what `sentences` of `story` cite; False where it does not go with what was entered before."""
        keys = {key for sentence in sentences for key in sentence.citations}
        cited = {one.key: one for one in story.citations if one.key in keys}
        records = {one.id: one for one in story.records}
        for key in {one.evidence.record_id for one in cited.values()} & self.records.keys():
            every = {**self.citations, **cited}.values()
            words = sum(len(one.evidence.quote.split()) for one in every if one.evidence.record_id == key)
            if words > QUOTE_WORDS or self.records[key].content_hash != records[key].content_hash:
                return False
        self.citations |= {key: one for key, one in cited.items() if key not in self.citations}
        for one in cited.values():
            self.records.setdefault(one.evidence.record_id, records[one.evidence.record_id])
        return True

    def counted(self) -> tuple[tuple[Citation, ...], tuple[CitedRecord, ...]]:
        """Citations and records, one origin for each voice."""
        pairs = [(c.origin_id, self._voice(c.origin_id)) for c in self.citations.values()]
        counts = outlets.counts_as(pairs)
        citations = tuple(replace(c, origin_id=counts[c.origin_id]) for c in self.citations.values())
        origins = {c.evidence.record_id: c.origin_id for c in reversed(citations)}
        return citations, tuple(replace(r, origin_id=origins[r.id]) for r in self.records.values())

    def _voice(self, origin: str) -> str:
        return outlets.voice(self.records[origin]) if origin in self.records else ""


def _bound(
    stories: Sequence[Story],
    sections: tuple[Section, ...],
    gathered: _Gathered,
    *,
    now: datetime,
    settings_hash: str,
    previous: Story | None,
) -> Story | None:
    citations, records = gathered.counted()
    counts = _counts(citations, records, sections)
    key, version = subject(now), previous.version + 1 if previous else 1
    headline = _headline(counts, now)
    if headline is None:
        return None
    prompts: Mapping[str, str] = {name: text for story in stories for name, text in sorted(story.prompts.items())}
    return Story(
        id="y" + digest("story", key, str(version)),
        storyline_id=key,
        slug=previous.slug if previous else slug(["briefing", now.date().isoformat()], key),
        version=version,
        beat=stories[0].beat,
        beats=tuple(dict.fromkeys(story.beat for story in stories)),
        written=now,
        headline=headline,
        short_title=headline.text.partition(":")[0],
        dek=None,
        sections=sections,
        citations=citations,
        records=records,
        dropped=(),
        counts=counts,
        signals=(),
        rank={},
        writer=", ".join(sorted({story.writer for story in stories})),
        prompts=prompts,
        settings_hash=settings_hash,
        previous=previous.id if previous else None,
        sample=any(record.sample for record in records),
        lang=stories[0].lang,
        kind=StoryKind.BRIEFING,
        status=status(counts, now),
        variants=variants.of(headline, None, headline.text.partition(":")[0], sections),
        length=variants.measured(sections, stories[0].lang),
    )


def _headline(counts: StoryCounts, now: datetime) -> Sentence | None:
    facts = computations.Facts({}, {}, {}, {}, counts, written=now)
    value = computations.compute("briefing", (), facts)
    text = computations.render("briefing", (), value, facts)
    bound = Computation("briefing", (), value)
    verdict = judge(text, (), computation=bound, rendering=text)
    return Sentence(text, classify(text, (), bound), (), verdict, bound) if verdict.publish else None


def _counts(citations: Sequence[Citation], records: Sequence[CitedRecord], sections: Sequence[Section]) -> StoryCounts:
    times = [record.published for record in records]
    return StoryCounts(
        records=len(records),
        origins=len({citation.origin_id for citation in citations}),
        platforms=tuple(sorted({record.platform for record in records})),
        window_start=min(times),
        window_end=max(times),
        cited_records=len(records),
        drafted=sum(len(p) for section in sections for p in section.paragraphs),
        repaired=0,
        dropped=0,
    )
