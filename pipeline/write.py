"""The write stage: candidates, dossier, writer, gate, story; versions append, addresses keep their subject.

Per candidate: the model (if there is one) or the extractive writer drafts from claims only, every sentence meets the
gate, and what holds becomes a version, unless nothing changed since the last. A model that fails costs its story
nothing: the extractive writer takes over and the report says so.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline import ranking
from pipeline.compose import Article, Unwritten, write_article
from pipeline.compose.model import SCHEMA, manuscript, shown
from pipeline.compose.selection import same
from pipeline.domain import (
    Dossier,
    Failure,
    Section,
    Sentence,
    StageReport,
    Story,
    Storyline,
    digest,
)
from pipeline.dossiers import Material, cited_beats, dossier, gather, joined, joined_material, main_beat, related
from pipeline.errors import BudgetExhausted, ModelError
from pipeline.language import words
from pipeline.prompts import fence, load
from pipeline.protocols import LLM, Checkpoint, Store, no_checkpoint
from pipeline.settings import Settings
from pipeline.slugs import slug

CHANGED_WITHIN = timedelta(hours=20)  # less than a night: what last night left untold is no news of tonight
DRIFT = 0.2  # share of its first version's names below which a storyline has another subject
PROMPT = "write_story"
ALIKE = 0.85  # share of the shorter headline's content words beyond which two stories are one
MAX_NOTES = 40


@dataclass(frozen=True, slots=True)
class Candidate:
    """A storyline, or several of a beat told as one, with its rank."""

    storyline: Storyline
    material: Material
    beat: str
    rank: Mapping[str, float]


@dataclass(slots=True)
class _Night:
    """What the stage gathers for its report."""

    made: int = 0
    cost: float = 0.0
    dropped: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    accepted: list[Story] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every story of the night is written with."""

    store: Store
    settings: Settings
    llm: LLM | None
    now: datetime
    tonight: _Night


def write(
    store: Store,
    settings: Settings,
    *,
    llm: LLM | None,
    now: datetime,
    checkpoint: Checkpoint = no_checkpoint,
) -> StageReport:
    """Write tonight's stories with `llm` (see pipeline.llms.build; None: by extraction).

    Raises StoreError; a model's failures end in the report, not here.
    """
    began = time.perf_counter()
    tonight = _Night()
    desk = _Desk(store, settings, llm, now, tonight)
    chosen = candidates(store, settings, now)
    for candidate in chosen:
        if len(tonight.accepted) >= settings.write.max_stories:
            tonight.dropped["storylines over the night's number"] += 1
            continue
        story = _one(desk, candidate)
        if story is None:
            continue
        checkpoint("write.before_story")
        store.save_story(story)
        checkpoint("write.after_story")
        tonight.accepted.append(story)
        tonight.made += 1
    return StageReport(
        stage="write",
        seen=len(chosen),
        made=tonight.made,
        dropped=dict(sorted(tonight.dropped.items())),
        failures=tuple(tonight.failures),
        notes=tuple(tonight.notes[:MAX_NOTES]),
        seconds=time.perf_counter() - began,
        cost=tonight.cost,
    )


# --- candidates ------------------------------------------------------------------------------------------------------


def candidates(store: Store, settings: Settings, now: datetime) -> tuple[Candidate, ...]:
    """Storylines that changed and have enough origins, best rank first; a beat without one may join related ones."""
    changed = [s for s in store.storylines(updated_since=now - CHANGED_WITHIN) if s.merged_into is None]
    material = gather(store, changed)
    least = settings.write.min_origins
    ready = [s for s in changed if len(material.origins(s)) >= least]
    found = [_candidate(store, s, material, main_beat(s, material), now) for s in ready]
    served = {beat for s in ready for beat in (s.beats or (main_beat(s, material),))}
    for beat in sorted({b for s in changed for b in s.beats} - served):
        single = [s for s in changed if beat in s.beats]
        for group in related(single, material)[:1]:
            story = joined(group, beat)
            together = joined_material(group, material)
            if len(together.origins(story)) >= least:
                found.append(_candidate(store, story, together, beat, now))
    return tuple(sorted(found, key=lambda c: (-c.rank["total"], c.storyline.id)))


def _candidate(store: Store, storyline: Storyline, material: Material, beat: str, now: datetime) -> Candidate:
    rank = ranking.rank(
        storyline,
        records=[material.records[r] for r in storyline.record_ids if r in material.records],
        origins=len(material.origins(storyline)),
        findings=material.findings.get(storyline.id, ()),
        signals=store.signals(subject=storyline.id, since=now - timedelta(days=1)),
        beat_share=material.beat_share(storyline, beat),
        now=now,
    )
    return Candidate(storyline, material, beat, rank)


# --- one story -------------------------------------------------------------------------------------------------------


def _one(desk: _Desk, candidate: Candidate) -> Story | None:
    """The next version of a candidate's story, or None with the reason counted.

    A story of this very night that is stored already counts as written: the same night again adds none.
    """
    tonight, line = desk.tonight, candidate.storyline
    subject, history = _subject(desk.store, candidate)
    if history and history[-1].written == desk.now:  # the same night again: it stands, and takes its place
        tonight.accepted.append(history[-1])
        tonight.dropped["unchanged"] += 1
        return None
    story = _told(desk, candidate, subject, history)
    if story is None:
        return None
    if history and content_hash(history[-1]) == content_hash(story):
        tonight.dropped["unchanged"] += 1
        return None
    twin = next((s for s in tonight.accepted if alike(s, story)), None)
    if twin is not None:
        tonight.dropped["told by another story"] += 1
        tonight.notes.append(f'{line.label or line.id}: no story, "{twin.headline.text}" tells it')
        return None
    withheld = sum(not d.text for d in story.dropped)
    tonight.dropped["sentences"] += len(story.dropped) - withheld
    if withheld:
        tonight.dropped["allegations withheld"] += withheld
    return story


def _told(desk: _Desk, candidate: Candidate, subject: str, history: Sequence[Story]) -> Story | None:
    """The story as it would be told now, or None with the reason counted."""
    tonight, line = desk.tonight, candidate.storyline
    papers = dossier(
        desk.store,
        line,
        candidate.material,
        beat=candidate.beat,
        now=desk.now,
        history=history,
        lang=_lang(desk.settings, candidate.beat),
    )
    if not papers.claims:
        tonight.dropped["no claim in the current text of its records"] += 1
        return None
    article = _article(desk, papers)
    why = ""
    if isinstance(article, Unwritten):
        why = article.reason
    elif article.origins_cited < desk.settings.write.min_origins:
        why = f"what held rests on {article.origins_cited} origin"
    if why or isinstance(article, Unwritten):
        tonight.dropped["stories not written"] += 1
        tonight.notes.append(f"{line.label or line.id}: no story, {why}")
        return None
    beats = cited_beats([record.id for record in article.records], line, candidate.material, candidate.beat)
    return bind(article, papers, desk.settings, beats, subject=subject, rank=candidate.rank)


def _article(desk: _Desk, papers: Dossier) -> Article | Unwritten:
    """The model's article where there is a model and its draft holds, else the extractive one."""
    if desk.llm is not None:
        article, why = _by_model(desk, papers, desk.llm)
        if article is not None:
            return article
        desk.tonight.failures.append(
            Failure(papers.storyline.label, why, "written by extraction instead", "see [write] in the configuration")
        )
    return write_article(papers, desk.settings.write)


def _by_model(desk: _Desk, papers: Dossier, llm: LLM) -> tuple[Article | None, str]:
    """The article from one call to the model on one dossier, or None and why there is none."""
    prompt = load(PROMPT)
    values = shown(papers, desk.settings.write.max_sentences)
    text = prompt.render({**values, "fence": fence("\n".join(values[k] for k in sorted(values)))})
    try:
        answer = llm.generate(text, system=prompt.system, schema=SCHEMA, max_tokens=desk.settings.write.max_tokens)
        desk.tonight.cost += answer.cost
        draft = manuscript(answer.value, papers, writer=answer.model, prompts={PROMPT: prompt.version})
    except ModelError as error:
        return None, str(error)
    except BudgetExhausted as error:
        why = f"budget: {error}"
        if why not in desk.tonight.notes:
            desk.tonight.notes.insert(0, why)
        return None, why
    article = write_article(papers, desk.settings.write, draft)
    return (article, "") if isinstance(article, Article) else (None, article.reason)


# --- versions and addresses ------------------------------------------------------------------------------------------


def _subject(store: Store, candidate: Candidate) -> tuple[str, Sequence[Story]]:
    """The subject id under which a storyline is told now, and the versions told under it.

    While the storyline keeps to the subject of its address it is its own id; after it drifted away, a new id hangs
    from the old, and with it a new address.
    """
    subject = candidate.storyline.id
    while True:
        history = store.story_history(subject)
        if not history or not drifted(history[0], candidate):
            return subject, history
        subject = "s" + digest("subject", subject, history[-1].id)


def drifted(first: Story, candidate: Candidate) -> bool:
    """Whether hardly a name or claim of an address's first version is left in the storyline."""
    cited = {c.claim_id for c in first.citations}
    if cited & set(candidate.storyline.claim_ids):
        return False
    before = set(words.content(" ".join([first.headline.text, first.slug.replace("-", " ")])))
    claims = [candidate.material.claims[c] for c in candidate.storyline.claim_ids if c in candidate.material.claims]
    after = {w for claim in claims for w in words.content(claim.text)}
    return len(before & after) < DRIFT * len(before)


def bind(
    article: Article,
    papers: Dossier,
    settings: Settings,
    beats: tuple[str, ...],
    *,
    subject: str,
    rank: Mapping[str, float],
) -> Story:
    """The next version under `subject`, from a settled article; `beats` are those of what it cites, its own first."""
    previous = papers.previous
    version = previous.version + 1 if previous else 1
    line = papers.storyline
    names = [part.strip() for part in line.label.split(",") if part.strip()] or [article.headline.text]
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
        signals=papers.signals,
        rank=dict(rank),
        writer=article.writer,
        prompts=article.prompts,
        settings_hash=settings.fingerprint(),
        previous=previous.id if previous else None,
        sample=any(r.sample for r in article.records),
        lang=_lang(settings, papers.beat),
    )


def _lang(settings: Settings, beat: str) -> str:
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


def alike(a: Story, b: Story) -> bool:
    """Whether two stories tell the same: most records in common, or headlines that say the same."""
    mine, theirs = {r.id for r in a.records}, {r.id for r in b.records}
    if 2 * len(mine & theirs) > min(len(mine), len(theirs)):
        return True
    return same(frozenset(words.content(a.headline.text)), frozenset(words.content(b.headline.text)), ALIKE)


def _sentences(sections: Sequence[Section]) -> list[Sentence]:
    return [s for section in sections for paragraph in section.paragraphs for s in paragraph]
