"""The write stage: candidates, dossier, writer, gate, story; versions append, addresses keep their subject.

Per candidate, best rank first: the model (if there is one) or the extractive writer drafts from claims only, every
sentence meets the gate, and what holds becomes a version, unless it has no material news or tells what another story
tells. A model that fails costs its story nothing: the extractive writer takes over and the report says so. What came
of every candidate is kept as the night's ranking.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from pipeline import repetition
from pipeline.compose import Article, Unwritten, write_article
from pipeline.compose.model import SCHEMA, manuscript, shown
from pipeline.compose.shapes import SHAPES, Shape
from pipeline.corrections.amending import carried
from pipeline.domain import LATEST, Dossier, Failure, Record, StageReport, Story, StoryKind, Storyline, leapt
from pipeline.edition import by_prominence
from pipeline.errors import BudgetExhausted, ModelError
from pipeline.newsroom import briefs, closing, events, saturation, surveys
from pipeline.newsroom.candidates import Candidate, candidates
from pipeline.newsroom.desk import PASSED, TOLD, UNCHANGED, Desk, Earlier, Night, Untold, before, keep, too_few, untold
from pipeline.newsroom.dossiers import cited_beats, dossier
from pipeline.newsroom.events import Telling
from pipeline.newsroom.inputs import filed
from pipeline.newsroom.lineup import Lineup
from pipeline.newsroom.opinions import Composer, judged
from pipeline.newsroom.relations import Subject, related
from pipeline.newsroom.versions import bind, content_hash, language_of, last_told, subject_of, too_soon
from pipeline.people import held
from pipeline.prompts import answered, envelope, load
from pipeline.protocols import LLM, Checkpoint, Store, no_checkpoint
from pipeline.settings import Settings

PROMPT = "write_story"
MAX_NOTES = 40
RECENT = timedelta(days=21)  # whose wording tonight's stories do not repeat
RELATED = timedelta(days=28)  # how far back related stories are looked for


def write(
    store: Store,
    settings: Settings,
    *,
    llm: LLM | None,
    now: datetime,
    judge: LLM | None = None,
    checkpoint: Checkpoint = no_checkpoint,
) -> StageReport:
    """Write tonight's stories with `llm` (see pipeline.llms.cast; None: by extraction).

    What the gate lets through `judge` may refuse (pipeline/newsroom/opinions.py).
    Raises StoreError; a model's failures end in the report, not here.
    """
    began = time.perf_counter()
    live = before(store, now)
    tonight = Night(
        patterns=repetition.of_stories(story for story in live if now - RECENT <= story.written < now),
        subjects=[Subject.of(one) for one in live if now - RELATED <= one.written < now],
    )
    desk = Desk(store, settings, llm, now, _earlier(live, settings, now), tonight, judge)
    ranked = candidates(store, settings, now)
    tonight.usual = repetition.of_records(_records(ranked.ready))
    for candidate, found in _candidates_told(desk, ranked.ready, checkpoint):
        if isinstance(found, Untold):
            untold(desk, candidate, found)
        else:
            keep(desk, candidate, TOLD)
    too_few(desk, ranked)
    _surveys(desk, live, checkpoint)
    _close(desk, () if leapt(store.runs(limit=LATEST), now) else live, checkpoint)
    _brief(desk, checkpoint)
    store.save_ranking(now, tonight.ranked)
    if tonight.stories and (alike := repetition.said(repetition.rates(tonight.patterns, tonight.usual))):
        tonight.notes.append(f"wording, chance that two stories of three weeks begin or sound alike: {alike}")
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


def _earlier(live: Sequence[Story], settings: Settings, now: datetime) -> tuple[Earlier, ...]:
    """The stories that tonight's new ones may not tell again."""
    since = now - timedelta(days=settings.ranking.saturation_days)
    told = (story for story in live if since <= story.written < now and story.kind is not StoryKind.BRIEFING)
    return tuple(Earlier(story, Telling.of(story)) for story in told)


def _records(ready: Sequence[Candidate]) -> list[Record]:
    """The records of tonight's candidates, each once, by id."""
    found = {record.id: record for candidate in ready for record in candidate.material.records.values()}
    return [found[key] for key in sorted(found)]


def _save(desk: Desk, story: Story, checkpoint: Checkpoint) -> None:
    """Store a version; the briefing tells what others made and counts as none."""
    checkpoint("write.before_story")
    desk.store.save_story(story)
    checkpoint("write.after_story")
    desk.tonight.made += story.kind is not StoryKind.BRIEFING


def _close(desk: Desk, live: Sequence[Story], checkpoint: Checkpoint) -> None:
    """Write the last versions of stories that are over (pipeline/newsroom/closing.py)."""
    written = {ranked.storyline_id for ranked in desk.tonight.ranked if ranked.outcome == TOLD}
    lines = {line.id: line for line in desk.store.storylines(sorted({s.storyline_id for s in live} - written))}
    still = closing.open_still(live, desk.store.live_stories(since=desk.now), desk.now)
    for story, ending in closing.due(still, lines, desk.joined, now=desk.now, days=desk.settings.ranking.close_days):
        if last := closing.last_version(story, ending, now=desk.now, settings_hash=desk.settings.fingerprint()):
            _save(desk, last, checkpoint)
            desk.tonight.notes.append(f"{story.short_title}: closed, {ending.reason} since {ending.since:%Y-%m-%d}")


# --- the kinds -------------------------------------------------------------------------------------------------------


def _candidates_told(
    desk: Desk, ready: Sequence[Candidate], checkpoint: Checkpoint
) -> list[tuple[Candidate, Story | Untold | None]]:
    """What came of each candidate, in order: stories first, then dispatches of those without room for one."""
    lineup = Lineup(desk.settings)
    found: list[tuple[Candidate, Story | Untold | None]] = []
    for candidate in ready:
        outcome = _place(desk, candidate, lineup)
        if isinstance(outcome, Story):
            _save(desk, outcome, checkpoint)
        found.append((candidate, outcome))
    for place, (candidate, outcome) in enumerate(found):
        if desk.tonight.count(StoryKind.DISPATCH) >= desk.settings.stories.dispatches:
            break
        if isinstance(outcome, Untold) and outcome.brief and any(not s.held for s in candidate.signals):
            story = _dispatch(desk, candidate)
            if isinstance(story, Story):
                _save(desk, story, checkpoint)
                found[place] = (candidate, story)
    return found


def _dispatch(desk: Desk, candidate: Candidate) -> Story | Untold:
    """A dispatch on a candidate, or why there is none. What has a story gets no shorter one."""
    subject, history = subject_of(desk.store, candidate)
    if history and history[-1].kind is not StoryKind.DISPATCH:
        return Untold(UNCHANGED, "it has a story", "unchanged")
    found = _fresh(desk, candidate, history) or _told(desk, candidate, subject, history, StoryKind.DISPATCH)
    return _accepted(desk, candidate, found, history)


def _surveys(desk: Desk, live: Sequence[Story], checkpoint: Checkpoint) -> None:
    """Tonight's stories of beats, then of firms and persons, from what no story has told."""
    settings, store = desk.settings, desk.store
    if not (settings.stories.beat_days or settings.stories.entity_days):
        return
    every = [*live, *desk.tonight.stories]
    known = [*desk.tonight.accepted, *(one.telling for one in desk.earlier)]
    found = surveys.pool(store, settings, every, desk.now, lambda line, material: surveys.told(line, material, known))
    for survey in surveys.of_beats(found, settings, every, desk.now):
        if _survey(desk, survey, checkpoint):
            found = found.without(survey.members)
    gone: set[str] = set()
    signals = store.signals(since=desk.now - timedelta(days=1) + timedelta(microseconds=1))
    for survey in surveys.of_entities(found, store, settings, every, signals=signals, now=desk.now):
        if desk.tonight.count(StoryKind.ENTITY) >= settings.stories.entity_stories:
            break
        left = survey.without(gone)
        if len(left.members) >= settings.stories.members and _survey(desk, left, checkpoint):
            gone.update(line.id for line in left.members)


def _survey(desk: Desk, survey: surveys.Survey, checkpoint: Checkpoint) -> bool:
    """Write one survey; whether it was written. What was withdrawn today is not written again today."""
    if desk.store.story_history(survey.subject, withdrawn=True):
        return False
    stored = desk.store.story_history(survey.subject)
    if stored and stored[-1].written == desk.now:
        desk.tonight.accept(stored[-1])
        return True
    line = survey.line
    candidate = Candidate(line, survey.together, survey.beat, {"total": 0.0}, len(survey.members), line.id)
    found = _told(desk, candidate, survey.subject, (), survey.kind, members=survey.members)
    story = _accepted(desk, candidate, found, ())
    if isinstance(story, Story):
        _save(desk, story, checkpoint)
        return True
    desk.tonight.dropped["beat and entity stories"] += 1
    return False


def _brief(desk: Desk, checkpoint: Checkpoint) -> None:
    """Write the night's briefing, unless that of this night stands or an earlier one tonight says the same."""
    if not desk.settings.stories.briefing:
        return
    history = desk.store.story_history(briefs.subject(desk.now))
    previous = history[-1] if history else None
    if previous is None and desk.store.story_history(briefs.subject(desk.now), withdrawn=True):
        return
    if previous is not None and previous.written == desk.now:
        return
    story = briefs.briefing(
        sorted(desk.tonight.stories, key=by_prominence),
        now=desk.now,
        beats=[beat.name for beat in desk.settings.beats],
        settings_hash=desk.settings.fingerprint(),
        previous=previous,
    )
    if story is not None and (previous is None or content_hash(previous) != content_hash(story)):
        _save(desk, story, checkpoint)


# --- one story -------------------------------------------------------------------------------------------------------


def _place(desk: Desk, candidate: Candidate, lineup: Lineup) -> Story | Untold | None:
    """The next version of a candidate's story, why there is none, or None where tonight's is stored already.

    A story of this very night that is stored counts as written: the same night again adds none. The first that may
    lead is the night's lead.
    """
    subject, history = subject_of(desk.store, candidate)
    if history and history[-1].written == desk.now:
        desk.tonight.dropped["unchanged"] += 1
        desk.tonight.accept(history[-1])
        if history[-1].kind is not StoryKind.DISPATCH:
            lineup.take(candidate.beat, candidate.family)
        return None
    reason = lineup.full(candidate.beat, candidate.family)
    if reason:
        return Untold(PASSED, reason, "storylines over the limits of a night", brief=True)
    led = desk.tonight.count(StoryKind.LEAD) or candidate.rank.get("old", 0.0) < 0.0
    kind = StoryKind.STORY if led else StoryKind.LEAD
    found = _fresh(desk, candidate, history) or _told(desk, candidate, subject, history, kind)
    story = _accepted(desk, candidate, found, history)
    if isinstance(story, Story):
        lineup.take(candidate.beat, candidate.family)
    return story


def _accepted(desk: Desk, candidate: Candidate, found: Story | Untold, history: Sequence[Story]) -> Story | Untold:
    """A written story with its relations, entered among tonight's, or why it is not published."""
    if isinstance(found, Story):
        found = _unlike(desk, candidate, found, history) or found
    if isinstance(found, Untold):
        return found
    findings = candidate.material.findings.get(candidate.storyline.id, ())
    found = replace(found, related=related(found, candidate.storyline, findings, desk.tonight.subjects))
    desk.tonight.accept(found)
    withheld = sum(not d.text for d in found.dropped)
    desk.tonight.dropped["sentences"] += len(found.dropped) - withheld
    if withheld:
        desk.tonight.dropped["allegations withheld"] += withheld
    return found


def _fresh(desk: Desk, candidate: Candidate, history: Sequence[Story]) -> Untold | None:
    """Why a storyline that has a story may not be told again tonight, before it is written; None where it may."""
    if not history:
        return None
    if why := too_soon(history[-1], desk.now, desk.settings):
        return Untold(UNCHANGED, why, "unchanged")
    last = last_told(history)
    return None if _changed(candidate, last) else _saturated(last)


def _changed(candidate: Candidate, last: Story) -> Mapping[str, saturation.Change]:
    """The findings of a candidate that have changed since a version of its story."""
    findings = candidate.material.findings.get(candidate.storyline.id, ())
    return saturation.changes(findings, candidate.material.claims, last)


def _saturated(last: Story) -> Untold:
    return Untold(UNCHANGED, f"no material news since version {last.version}", "no material news")


def _unlike(desk: Desk, candidate: Candidate, story: Story, history: Sequence[Story]) -> Untold | None:
    """Why a written story is not published: nothing new in it, or another tells it; None where it may be."""
    if history:
        last, findings = last_told(history), candidate.material.findings.get(candidate.storyline.id, ())
        if content_hash(last) == content_hash(story):
            return Untold(UNCHANGED, f"word for word version {last.version}", "unchanged")
        if not saturation.brought(story, findings, _changed(candidate, last)):
            return _saturated(last)
    telling = Telling.of(story)
    for other in desk.tonight.accepted:
        if by := events.one_event(other, telling):
            return Untold(PASSED, f'"{other.name}" tells it (same {by})', "told by another story", noted=True)
    return None if history else _told_before(desk, candidate, telling)


def _told_before(desk: Desk, candidate: Candidate, telling: Telling) -> Untold | None:
    """Why a storyline's first story tells nothing new: one of the last weeks told it, of no kin to this storyline."""
    line = candidate.storyline
    kin = {line.id, line.parent, candidate.family, *(turn.other for turn in line.turns)}
    for one in desk.earlier:
        if one.story.storyline_id not in kin and (by := events.retold(telling, one.telling)):
            why = f'"{one.telling.name}" told it on {one.story.written:%Y-%m-%d} (same {by})'
            return Untold(PASSED, why, "told by another story", noted=True)
    return None


def _told(
    desk: Desk,
    candidate: Candidate,
    subject: str,
    history: Sequence[Story],
    kind: StoryKind,
    *,
    members: Sequence[Storyline] = (),
) -> Story | Untold:
    """The story as it would be told now, or why it cannot be. `members`: storylines that it tells one by one."""
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
        return Untold(PASSED, why, why)
    tonight = desk.tonight
    papers = replace(
        papers,
        members=tuple(members),
        worn=repetition.worn(tonight.patterns),
        overused=repetition.overused(tonight.patterns, tonight.usual) if desk.llm is not None else (),
    )
    article = _article(desk, papers, SHAPES[kind])
    desk.store.save_held(article.waiting)
    if isinstance(article, Unwritten):
        return Untold(PASSED, article.reason, "stories not written", noted=True, brief=True)
    if article.origins_cited < desk.settings.write.min_origins and kind is not StoryKind.DISPATCH:
        why = f"what held rests on {article.origins_cited} origin"
        return Untold(PASSED, why, "stories not written", noted=True, brief=True)
    beats = cited_beats([record.id for record in article.records], line, candidate.material, candidate.beat)
    beats = tuple(dict.fromkeys((candidate.beat, *beats))) if kind is StoryKind.BEAT else beats
    story = bind(article, papers, desk.settings, beats, subject=subject, rank=candidate.rank, kind=kind)
    story = carried(story, papers.previous, desk.store.corrections())
    return filed(desk.store, story, papers, desk.settings.write)


def _article(desk: Desk, papers: Dossier, shape: Shape) -> Article | Unwritten:
    """The model's article where there is a model and its draft holds, else the extractive one."""
    if desk.llm is not None:
        article, why = _by_model(desk, papers, desk.llm, shape)
        if article is not None:
            return article
        desk.tonight.failures.append(
            Failure(papers.storyline.label, why, "written by extraction instead", "see [models] in the configuration")
        )
    return _judged(desk, papers, partial(write_article, papers, desk.settings.write, shape=shape))


def _by_model(desk: Desk, papers: Dossier, llm: LLM, shape: Shape) -> tuple[Article | None, str]:
    """The article from one call to the model on one dossier, or None and why there is none."""
    prompt = load(PROMPT)
    text = prompt.render(envelope(shown(papers, desk.settings.write.max_sentences, shape.asked)))
    try:
        answer = llm.generate(text, system=prompt.system, schema=SCHEMA, max_tokens=desk.settings.models.max_tokens)
        desk.tonight.cost += answer.spent.cost
        kept = (answered(prompt, text, answer),)
        draft = manuscript(answer.value, papers, writer=answer.model, prompts={PROMPT: prompt.version}, answers=kept)
    except ModelError as error:
        return None, str(error)
    except BudgetExhausted as error:
        why = f"budget: {error}"
        if why not in desk.tonight.notes:
            desk.tonight.notes.insert(0, why)
        return None, why
    article = _judged(desk, papers, partial(write_article, papers, desk.settings.write, draft, shape=shape))
    return (article, "") if isinstance(article, Article) else (None, article.reason)


def _judged(desk: Desk, papers: Dossier, compose: Composer) -> Article | Unwritten:
    """What `compose` makes, without what the judge refuses; where a judge fails the gate has judged alone."""
    article, failed = judged(desk.judge, compose)
    if failed:
        desk.tonight.notes.append(f"{papers.storyline.label}: judged by the gate alone, {failed}")
    return article
