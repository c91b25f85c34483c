"""Versions and addresses: under which subject a storyline is told, its next version, and when.

A subject has one address for ever. While a storyline keeps to it the two share an id; after the storyline drifted away
a new subject, with an address of its own, hangs from the old one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from pipeline import status, variants
from pipeline.compose import Article
from pipeline.domain import Dossier, Section, Sentence, Story, StoryKind, digest
from pipeline.language import words
from pipeline.newsroom.candidates import Candidate
from pipeline.people.contexts import quiet, sensitive
from pipeline.protocols import Store
from pipeline.settings import Settings
from pipeline.slugs import slug

DRIFT = 0.2  # share of its first version's names below which a storyline has another subject


def subject_of(store: Store, candidate: Candidate) -> tuple[str, Sequence[Story]]:
    """The subject id under which a storyline is told now, and the versions told under it, first to last.

    An address whose story was withdrawn is never told under again: new evidence is, under another.
    """
    subject = candidate.storyline.id
    while True:
        history = store.story_history(subject)
        gone = () if history else store.story_history(subject, withdrawn=True)
        if not gone and (not history or not drifted(history[0], candidate)):
            return subject, history
        subject = "s" + digest("subject", subject, (history or gone)[-1].id)


def drifted(first: Story, candidate: Candidate) -> bool:
    """Whether hardly a name or claim of an address's first version is left in the storyline."""
    cited = {c.claim_id for c in first.citations}
    if cited & set(candidate.storyline.claim_ids):
        return False
    before = set(words.content(" ".join([first.headline.text, first.slug.replace("-", " ")])))
    claims = [candidate.material.claims[c] for c in candidate.storyline.claim_ids if c in candidate.material.claims]
    after = {w for claim in claims for w in words.content(claim.text)}
    return len(before & after) < DRIFT * len(before)


def last_told(history: Sequence[Story]) -> Story:
    """The latest of some versions that told news: what closes a story tells none. Raises ValueError for no version.

    Where all that told news was withdrawn, and a corrected last version stands, it is that one.
    """
    told = [story for story in history if story.ending is None]
    return max(told or history, key=lambda story: story.version)


def too_soon(last: Story, now: datetime, settings: Settings) -> str:
    """Why no version may follow `last` yet, in plain words; empty where it may."""
    hours = settings.write.version_hours
    passed = (now - last.written) / timedelta(hours=1)
    if passed >= hours:
        return ""
    age = f"{passed:.1f} hours old" if passed >= 0 else f"dated {-passed:.1f} hours ahead of the clock"
    return f"version {last.version} is {age}, the next may follow after {hours:g}"


def bind(
    article: Article,
    papers: Dossier,
    settings: Settings,
    beats: tuple[str, ...],
    *,
    subject: str,
    rank: Mapping[str, float],
    kind: StoryKind = StoryKind.STORY,
) -> Story:
    """The next version under `subject`, from a settled article; `beats` are those of what it cites, its own first."""
    previous = papers.previous
    version = previous.version + 1 if previous else 1
    line, lang = papers.storyline, language_of(settings, papers.beat)
    names = [part.strip() for part in line.label.split(",") if part.strip()] or [article.headline.text]
    names = [papers.beat] if sensitive(", ".join(names)) else names  # an address says nothing of anybody
    return Story(
        id="y" + digest("story", subject, str(version)),
        storyline_id=subject,
        slug=previous.slug if previous else slug(names, subject),
        version=version,
        beat=beats[0],
        beats=beats,
        written=papers.now,
        headline=article.headline,
        short_title=article.short_title,
        dek=article.dek,
        sections=article.sections,
        citations=article.citations,
        records=article.records,
        dropped=article.dropped,
        counts=article.counts,
        signals=quiet(papers.signals),
        rank=dict(rank),
        writer=article.writer,
        answers=article.answers,
        prompts=article.prompts,
        settings_hash=settings.fingerprint(),
        previous=previous.id if previous else None,
        sample=any(r.sample for r in article.records),
        lang=lang,
        kind=kind,
        status=status.status(article.counts, papers.now),
        variants=variants.of(article.headline, article.dek, article.short_title, article.sections),
        length=variants.measured(article.sections, lang),
    )


def language_of(settings: Settings, beat: str) -> str:
    """The language that a beat's stories are written in."""
    return next((b.lang for b in settings.beats if b.name == beat), settings.site.lang)


def content_hash(story: Story) -> str:
    """Hash of what a reader would call the story: its own sentences, their citations, and the counts of sources.

    Sections that speak of versions ("what changed", "the story so far") are left out: they differ by themselves.
    """
    kept = [s for s in story.sections if s.role not in {"changed", "so_far"}]
    parts = [story.headline.text, story.dek.text if story.dek else ""]
    for sentence in _sentences(kept):
        parts.extend((sentence.text, *sentence.citations))
    counts = story.counts
    return digest("content", *parts, str(counts.records), str(counts.origins), *counts.platforms, size=32)


def _sentences(sections: Iterable[Section]) -> list[Sentence]:
    return [s for section in sections for paragraph in section.paragraphs for s in paragraph]
