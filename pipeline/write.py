"""The write stage: candidates, dossier, writer, gate, story; versions append, addresses keep their subject.

Per candidate, best rank first: the model (if there is one) or the extractive writer drafts from claims only, every
sentence meets the gate, and what holds becomes a version, unless it has no material news or tells what another story
tells. A model that fails costs its story nothing: the extractive writer takes over and the report says so. What came
of every candidate is kept as the night's ranking.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline import closing, events, saturation
from pipeline.candidates import Candidate, Tonight, candidates
from pipeline.compose import Article, Unwritten, write_article
from pipeline.compose.model import SCHEMA, manuscript, shown
from pipeline.corrections.amending import carried
from pipeline.domain import Dossier, Failure, Ranked, StageReport, Story
from pipeline.dossiers import cited_beats, dossier
from pipeline.errors import BudgetExhausted, ModelError
from pipeline.events import Telling
from pipeline.lineup import Lineup
from pipeline.people import held
from pipeline.prompts import envelope, load
from pipeline.protocols import LLM, Checkpoint, Store, no_checkpoint
from pipeline.settings import Settings
from pipeline.versions import bind, content_hash, language_of, last_told, subject_of, too_soon

PROMPT = "write_story"
MAX_NOTES = 40
TOLD, UNCHANGED, PASSED = "told", "unchanged", "passed over"


@dataclass(frozen=True, slots=True)
class _Earlier:
    """A story of an earlier night that is still the latest of its storyline."""

    story: Story
    telling: Telling


@dataclass(slots=True)
class _Night:
    """What the stage gathers for its report."""

    cost: float = 0.0
    dropped: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    accepted: list[Telling] = field(default_factory=list)
    ranked: list[Ranked] = field(default_factory=list)
    made: int = 0


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every story of the night is written with."""

    store: Store
    settings: Settings
    llm: LLM | None
    now: datetime
    earlier: Sequence[_Earlier]
    tonight: _Night


@dataclass(frozen=True, slots=True)
class _Untold:
    """Why a candidate has no new story tonight; `counted` is under what the report counts it."""

    outcome: str
    why: str
    counted: str
    noted: bool = False  # whether the report says it in a line of its own


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
    live = store.live_stories()
    tonight = _Night()
    desk = _Desk(store, settings, llm, now, _earlier(live, settings, now), tonight)
    ranked = candidates(store, settings, now)
    lineup = Lineup(settings)
    for candidate in ranked.ready:
        found = _place(desk, candidate, lineup)
        if isinstance(found, _Untold):
            _untold(desk, candidate, found)
            continue
        if found is not None:
            _save(desk, found, checkpoint)
        _keep(desk, candidate, TOLD)
    _too_few(desk, ranked)
    _close(desk, live, checkpoint)
    store.save_ranking(now, tonight.ranked)
    return StageReport(
        stage="write",
        seen=len(ranked.ready),
        made=tonight.made,
        dropped=dict(sorted(tonight.dropped.items())),
        failures=tuple(tonight.failures),
        notes=(*tonight.notes[:MAX_NOTES], *_waiting(store, now)),
        seconds=time.perf_counter() - began,
        cost=tonight.cost,
    )


def _waiting(store: Store, now: datetime) -> tuple[str, ...]:
    """What waits for a person, in a line; a held story that was told after all tonight waits no more."""
    told = {one.storyline_id for one in store.rankings(since=now) if one.outcome == TOLD}
    for item in held.overtaken(store.held_items(), told, now):
        store.decide_held(item)
    line = held.told(store.held_items())
    return (line,) if line else ()


def _earlier(live: Sequence[Story], settings: Settings, now: datetime) -> tuple[_Earlier, ...]:
    """The stories that tonight's new ones may not tell again."""
    since = now - timedelta(days=settings.ranking.saturation_days)
    return tuple(_Earlier(story, Telling.of(story)) for story in live if since <= story.written < now)


def _save(desk: _Desk, story: Story, checkpoint: Checkpoint) -> None:
    checkpoint("write.before_story")
    desk.store.save_story(story)
    checkpoint("write.after_story")
    desk.tonight.made += 1


# --- what came of each candidate -------------------------------------------------------------------------------------


def _keep(desk: _Desk, candidate: Candidate, outcome: str, why: str = "") -> None:
    """Enter what came of a candidate into the night's ranking."""
    terms = {name: value for name, value in candidate.rank.items() if name != "total"}
    ranked = Ranked(desk.now, candidate.storyline.id, candidate.rank["total"], terms, outcome, why)
    desk.tonight.ranked.append(ranked)


def _untold(desk: _Desk, candidate: Candidate, found: _Untold) -> None:
    """Count, note and keep why a candidate has no new story; where its signals were all held, that too."""
    tonight, line = desk.tonight, candidate.storyline
    tonight.dropped[found.counted] += 1
    if found.noted:
        tonight.notes.append(f"{line.label or line.id}: no story, {found.why}")
    held = [signal for signal in candidate.signals if signal.held]
    weak = bool(held) and len(held) == len(candidate.signals)
    _keep(desk, candidate, found.outcome, found.why + (f"; {held[0].kind} held: {held[0].held}" if weak else ""))


def _too_few(desk: _Desk, ranked: Tonight) -> None:
    """Enter the storylines of too few origins that a signal speaks of."""
    least = desk.settings.write.min_origins
    for candidate in ranked.short:
        count = "1 origin" if candidate.origins == 1 else f"{candidate.origins} origins"
        _keep(desk, candidate, PASSED, f"too few origins: {count}, {least} are needed")


def _close(desk: _Desk, live: Sequence[Story], checkpoint: Checkpoint) -> None:
    """Write the last versions of stories that are over (pipeline/closing.py)."""
    written = {ranked.storyline_id for ranked in desk.tonight.ranked if ranked.outcome == TOLD}
    lines = {line.id: line for line in desk.store.storylines(sorted({s.storyline_id for s in live} - written))}
    for story, ending in closing.due(live, lines, now=desk.now, days=desk.settings.ranking.close_days):
        last = closing.last_version(story, ending, now=desk.now, settings_hash=desk.settings.fingerprint())
        if last is not None:
            _save(desk, last, checkpoint)
            desk.tonight.notes.append(f"{story.short_title}: closed, {ending.reason} since {ending.since:%Y-%m-%d}")


# --- one story -------------------------------------------------------------------------------------------------------


def _place(desk: _Desk, candidate: Candidate, lineup: Lineup) -> Story | _Untold | None:
    """The next version of a candidate's story, why there is none, or None where tonight's is stored already.

    A story of this very night that is stored counts as written: the same night again adds none.
    """
    reason = lineup.full(candidate.beat, candidate.family)
    if reason:
        return _Untold(PASSED, reason, "storylines over the limits of a night")
    subject, history = subject_of(desk.store, candidate)
    if history and history[-1].written == desk.now:
        desk.tonight.dropped["unchanged"] += 1
        _accept(desk, candidate, history[-1], lineup)
        return None
    found = _fresh(desk, candidate, history) or _told(desk, candidate, subject, history)
    if isinstance(found, Story):
        found = _unlike(desk, candidate, found, history) or found
    if isinstance(found, Story):
        _accept(desk, candidate, found, lineup)
        withheld = sum(not d.text for d in found.dropped)
        desk.tonight.dropped["sentences"] += len(found.dropped) - withheld
        if withheld:
            desk.tonight.dropped["allegations withheld"] += withheld
    return found


def _accept(desk: _Desk, candidate: Candidate, story: Story, lineup: Lineup) -> None:
    desk.tonight.accepted.append(Telling.of(story))
    lineup.take(candidate.beat, candidate.family)


def _fresh(desk: _Desk, candidate: Candidate, history: Sequence[Story]) -> _Untold | None:
    """Why a storyline that has a story may not be told again tonight, before it is written; None where it may."""
    if not history:
        return None
    if why := too_soon(history[-1], desk.now, desk.settings):
        return _Untold(UNCHANGED, why, "unchanged")
    last = last_told(history)
    return None if _changed(candidate, last) else _saturated(last)


def _changed(candidate: Candidate, last: Story) -> Mapping[str, saturation.Change]:
    """The findings of a candidate that have changed since a version of its story."""
    findings = candidate.material.findings.get(candidate.storyline.id, ())
    return saturation.changes(findings, candidate.material.claims, last)


def _saturated(last: Story) -> _Untold:
    return _Untold(UNCHANGED, f"no material news since version {last.version}", "no material news")


def _unlike(desk: _Desk, candidate: Candidate, story: Story, history: Sequence[Story]) -> _Untold | None:
    """Why a written story is not published: nothing new in it, or another tells it; None where it may be."""
    if history:
        last, findings = last_told(history), candidate.material.findings.get(candidate.storyline.id, ())
        if content_hash(last) == content_hash(story):
            return _Untold(UNCHANGED, f"word for word version {last.version}", "unchanged")
        if not saturation.brought(story, findings, _changed(candidate, last)):
            return _saturated(last)
    telling = Telling.of(story)
    for other in desk.tonight.accepted:
        if by := events.one_event(other, telling):
            return _Untold(PASSED, f'"{other.name}" tells it (same {by})', "told by another story", noted=True)
    return None if history else _told_before(desk, candidate, telling)


def _told_before(desk: _Desk, candidate: Candidate, telling: Telling) -> _Untold | None:
    """Why a storyline's first story tells nothing new: one of the last weeks told it, of no kin to this storyline."""
    line = candidate.storyline
    kin = {line.id, line.parent, candidate.family, *(turn.other for turn in line.turns)}
    for one in desk.earlier:
        if one.story.storyline_id not in kin and (by := events.retold(telling, one.telling)):
            why = f'"{one.telling.name}" told it on {one.story.written:%Y-%m-%d} (same {by})'
            return _Untold(PASSED, why, "told by another story", noted=True)
    return None


def _told(desk: _Desk, candidate: Candidate, subject: str, history: Sequence[Story]) -> Story | _Untold:
    """The story as it would be told now, or why it cannot be."""
    line = candidate.storyline
    papers = dossier(
        desk.store,
        line,
        candidate.material,
        beat=candidate.beat,
        now=desk.now,
        history=history,
        lang=language_of(desk.settings, candidate.beat),
    )
    if not papers.claims:
        why = "no claim in the current text of its records"
        return _Untold(PASSED, why, why)
    article = _article(desk, papers)
    desk.store.save_held(article.waiting)
    if isinstance(article, Unwritten):
        return _Untold(PASSED, article.reason, "stories not written", noted=True)
    if article.origins_cited < desk.settings.write.min_origins:
        why = f"what held rests on {article.origins_cited} origin"
        return _Untold(PASSED, why, "stories not written", noted=True)
    beats = cited_beats([record.id for record in article.records], line, candidate.material, candidate.beat)
    story = bind(article, papers, desk.settings, beats, subject=subject, rank=candidate.rank)
    return carried(story, papers.previous, desk.store.corrections())


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
    text = prompt.render(envelope(shown(papers, desk.settings.write.max_sentences)))
    try:
        answer = llm.generate(text, system=prompt.system, schema=SCHEMA, max_tokens=desk.settings.models.max_tokens)
        desk.tonight.cost += answer.spent.cost
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
