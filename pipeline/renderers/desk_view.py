"""What the desk says about itself: how it works, from the live settings, and how its sources do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from pipeline.addresses import host
from pipeline.domain import SentenceClass
from pipeline.edition import Edition
from pipeline.renderers import phrases
from pipeline.renderers.charts import Share
from pipeline.renderers.places import Places
from pipeline.renderers.sentences import share_of_classes
from pipeline.renderers.story_view import account, by_rule, printed


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
    stages: tuple[tuple[str, str, tuple[Setting, ...]], ...]  # name, anchor, settings
    classes: tuple[tuple[str, str], ...]
    shares: tuple[Share, ...]
    sentences: int
    stories: int
    account: str
    rules: tuple[tuple[str, int], ...]
    prompts: tuple[tuple[str, str], ...]
    beats: tuple[tuple[str, str | None, str, str], ...]  # name, address, description, keywords
    settings_hash: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A configured source and how its last read went. Error texts stay in the run report."""

    name: str
    kind: str
    place: str
    beat: str
    owner: str
    status: str
    says: str
    last_success: str
    last_item: str
    tonight: int
    cited: int


@dataclass(frozen=True, slots=True)
class SourcesPage:
    """All sources, and how many of them could be read."""

    sources: tuple[SourceLine, ...]
    healthy: int
    failing: int


def methodology_page(edition: Edition, places: Places) -> MethodologyPage:
    """The methodology, from the live settings and the live stories."""
    settings = edition.settings
    sentences = [sentence for story in places.live for sentence in printed(story)]
    prompts = dict(sorted((name, version) for story in places.live for name, version in story.prompts.items()))
    return MethodologyPage(
        embedder=settings.analyze.embedder,
        model=settings.write.model,
        keyless=settings.write.model == "extractive",
        stages=(
            ("Ingest", "ingest", _settings(settings.ingest, skip=("allow_private", "workers"))),
            ("Analyze", "analyze", _settings(settings.analyze)),
            ("Signal", "signal", _settings(settings.signals)),
            ("Write", "write", _settings(settings.write, skip=("base_url", "api_key_env"))),
            ("Publish", "publish", _settings(settings.publish)),
        ),
        classes=tuple((kind.value, phrases.CLASSES[kind]) for kind in SentenceClass),
        shares=share_of_classes(sentences),
        sentences=len(sentences),
        stories=len(places.live),
        account=account(
            sum(story.counts.drafted for story in places.live),
            sum(story.counts.repaired for story in places.live),
            sum(max(story.counts.dropped, len(story.dropped)) for story in places.live),
        ),
        rules=by_rule([dropped for story in places.live for dropped in story.dropped]),
        prompts=tuple(prompts.items()),
        beats=tuple(
            (beat.name, places.beat(beat.name), beat.description, ", ".join(beat.keywords)) for beat in settings.beats
        ),
        settings_hash=settings.fingerprint(),
    )


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


def sources_page(edition: Edition, places: Places) -> SourcesPage:
    """Every configured source: what it is, when it last answered, what tonight's stories took from it."""
    record_sources = {record.id: record.source for record in edition.records.values()}
    cited = Counter(
        record_sources[record_id]
        for record_id in sorted({c.evidence.record_id for story in places.live for c in story.citations})
        if record_id in record_sources
    )
    lines: list[SourceLine] = []
    for source in sorted(edition.settings.sources, key=lambda s: s.name.casefold()):
        health = edition.health.get(source.name)
        status, says = ("unread", "not read yet") if health is None else _status(health.ok, health.last_success is None)
        lines.append(
            SourceLine(
                name=source.name,
                kind=source.kind,
                place=host(source.address) or "local files",
                beat=source.beat or "",
                owner=source.owner or "",
                status=status,
                says=says,
                last_success=phrases.stamp(health.last_success) if health and health.last_success else "never",
                last_item=phrases.stamp(health.last_item) if health and health.last_item else "none yet",
                tonight=edition.read.get(source.name, 0),
                cited=cited.get(source.name, 0),
            )
        )
    failing = sum(1 for line in lines if line.status == "failing")
    return SourcesPage(tuple(lines), sum(1 for line in lines if line.status == "healthy"), failing)


def _status(ok: bool, never: bool) -> tuple[str, str]:
    if ok:
        return "healthy", "answered at the last reading"
    return "failing", "has never answered" if never else "did not answer at the last reading"
