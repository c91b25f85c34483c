"""What the desk says about itself: how it works, from the live settings; what it is and who answers for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from pydantic import BaseModel

from pipeline import __version__, repetition
from pipeline.domain import SentenceClass, Status, Story, StoryKind, Storyline
from pipeline.edition import Edition
from pipeline.newsroom.ranking import TERMS
from pipeline.renderers import phrases
from pipeline.renderers.charts import Share
from pipeline.renderers.charts.shares import shares
from pipeline.renderers.figures_view import Figures, figures
from pipeline.renderers.places import Places
from pipeline.renderers.refusals import in_words
from pipeline.renderers.story_view import account
from pipeline.renderers.told import classes, left, refused
from pipeline.repetition import Patterns, Rate
from pipeline.settings import BeatSettings

WEEKS = timedelta(days=21)  # whose stories and records are measured for their wording


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting with its live value and what it means."""

    key: str
    value: str
    means: str


@dataclass(frozen=True, slots=True)
class MethodologyPage:
    """How the desk works tonight: settings, classes, what the gate let through and what it refused."""

    embedder: str
    model: str
    keyless: bool
    judge: str  # the models that may refuse what the gate lets through; "" where there is none
    stages: tuple[tuple[str, str, tuple[Setting, ...]], ...]  # name, anchor, settings
    classes: tuple[tuple[str, str], ...]
    shares: tuple[Share, ...]
    sentences: int
    stories: int
    account: str
    rules: tuple[tuple[str, int], ...]
    prompts: tuple[tuple[str, str], ...]
    beats: tuple[tuple[str, str | None, str, str], ...]  # name, address, description, keywords
    terms: tuple[tuple[str, str, str, str], ...]  # of the ranking sum: name, what it counts, bounds, why
    interests: tuple[tuple[str, str], ...]  # what the desk's owner cares about, weight
    kinds: tuple[tuple[str, str, int], ...]  # of stories: name, what it is, how many are live
    statuses: tuple[tuple[str, str], ...]
    wording: tuple[Rate, ...]
    settings_hash: str
    quality: Figures


def methodology_page(edition: Edition, places: Places) -> MethodologyPage:
    """The methodology, from the live settings and the live stories."""
    settings = edition.settings
    found = classes(places.live, edition)
    prompts = dict(sorted((name, version) for story in places.live for name, version in story.prompts.items()))
    return MethodologyPage(
        embedder=settings.analyze.embedder,
        model=" or ".join(settings.models.write),
        keyless=not settings.models.write,
        judge=" or ".join(settings.models.judge),
        stages=(
            ("Ingest", "ingest", _settings(settings.ingest, skip=("allow_private", "hosts", "workers"))),
            ("Analyze", "analyze", _settings(settings.analyze)),
            ("Signal", "signal", _settings(settings.signals)),
            ("Ranking", "ranking", _settings(settings.ranking)),
            ("Write", "write", _settings(settings.write)),
            ("Stories", "stories", _settings(settings.stories)),
            ("Publish", "publish", _settings(settings.publish)),
        ),
        classes=tuple((kind.value, phrases.CLASSES[kind]) for kind in SentenceClass),
        shares=shares(found),
        sentences=sum(found.values()),
        stories=len(places.live),
        account=account(
            sum(story.counts.drafted for story in places.live),
            sum(story.counts.repaired for story in places.live),
            sum(left(story, edition) for story in places.live),
        ),
        rules=in_words(rule for story in places.live for rule in refused(story, edition) if rule),
        prompts=tuple(prompts.items()),
        beats=tuple(
            (beat.name, places.beat(beat.name), _described(beat), ", ".join(beat.keywords)) for beat in settings.beats
        ),
        terms=tuple(
            (term.name, term.counts, f"{phrases.figure(term.least)} to {phrases.figure(term.most)}", term.why)
            for term in TERMS
        ),
        interests=tuple(
            (", ".join((*one.words, *one.names, *one.beats)), phrases.figure(one.weight)) for one in settings.interests
        ),
        kinds=_kinds(places),
        statuses=tuple((one.value, phrases.STATUSES[one]) for one in Status),
        wording=_wording(edition, places),
        settings_hash=settings.fingerprint(),
        quality=figures(),
    )


@dataclass(frozen=True, slots=True)
class AboutPage:
    """What the desk is, in its owner's words where there are any, and how anybody can check it."""

    about: tuple[str, ...]
    publisher: str
    licence: str
    keyless: bool
    model: str
    version: str
    figures: tuple[tuple[str, str], ...]
    example: str | None  # address of a story's bundle to check


def about_page(edition: Edition, places: Places) -> AboutPage:
    """The page about the desk."""
    settings = edition.settings
    sentences = sum(classes(places.live, edition).values())
    left_out = sum(left(story, edition) for story in places.live)
    return AboutPage(
        about=tuple(part.strip() for part in settings.site.about.split("\n\n") if part.strip()),
        publisher=settings.site.publisher,
        licence=settings.site.licence,
        keyless=not settings.models.write,
        model=" or ".join(settings.models.write),
        version=__version__,
        figures=(
            (f"{len(places.by_day):,}", "edition" if len(places.by_day) == 1 else "editions"),
            (f"{len(places.live):,}", "story" if len(places.live) == 1 else "stories"),
            (f"{sentences:,}", "sentences printed"),
            (f"{left_out:,}", "left out by the gate"),
            (f"{len(settings.sources):,}", "source" if len(settings.sources) == 1 else "sources"),
        ),
        example=f"{places.folder(places.live[0])}/story.json" if places.live else None,
    )


def _kinds(places: Places) -> tuple[tuple[str, str, int], ...]:
    """The kinds of stories, what each is, and how many are live."""
    live = Counter(story.kind for story in (*places.live, *places.briefings.values()))
    return tuple((phrases.KINDS[kind], phrases.FORMS[kind], live[kind]) for kind in StoryKind)


def _wording(edition: Edition, places: Places) -> tuple[Rate, ...]:
    """How alike the stories of the last three weeks read, beside the records of the same weeks."""
    since = max((story.written for story in places.live), default=edition.now) - WEEKS
    stories, records = Patterns(), Patterns()
    for story in places.live:
        if story.written >= since:
            stories.count(edition.remember("patterns", partial(_patterns, story), story.id))
    for line in sorted(edition.storylines.values(), key=lambda one: one.id):
        if line.updated >= since:
            for key, when, told in edition.remember("baseline", partial(_baseline, line, edition), line.id):
                if edition.owners.get(key, line.id) == line.id and datetime.fromisoformat(when) >= since:
                    records.count(told)
    return repetition.rates(stories, records)


def _patterns(story: Story) -> dict[str, dict[str, int]]:
    return repetition.of_stories([story]).to_json()


def _baseline(line: Storyline, edition: Edition) -> list[tuple[str, str, dict[str, dict[str, int]]]]:
    """Each record of a storyline with its time and its patterns."""
    known = [edition.records[key] for key in sorted(line.record_ids) if key in edition.records]
    return [(one.id, one.published.isoformat(), repetition.of_records([one]).to_json()) for one in known]


def _described(beat: BeatSettings) -> str:
    """A beat's description, with its weight in the ranking where that is not 1."""
    weight = f"weight {phrases.figure(beat.weight)}" if beat.weight != 1 else ""
    return " · ".join(part for part in (beat.description, weight) if part)


def _settings(section: BaseModel, skip: tuple[str, ...] = ()) -> tuple[Setting, ...]:
    """Every value of a settings section with its own documentation; empty ones and `skip` are left out."""
    found: list[Setting] = []
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        if name not in skip and value not in ("", (), None):
            found.append(Setting(name, _value(value), field.description or ""))
    return tuple(found)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return phrases.figure(float(value))
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
