"""What the pages around the stories show: editions, beats, the archive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pipeline.domain import Sentence, SentenceClass, Signal, Story, StoryKind
from pipeline.edition import Edition, leads
from pipeline.renderers import phrases
from pipeline.renderers.charts import Chart, Share, per_day
from pipeline.renderers.counting import cited_origins, record_origins
from pipeline.renderers.places import Places
from pipeline.renderers.sentences import share_of_classes
from pipeline.renderers.story_view import (
    SignalView,
    evidence_line,
    points_of,
    printed,
    signal_view,
)
from pipeline.status import shown

MAX_SIGNALS = 12
MAX_LINES = 12
_MARKED = frozenset({StoryKind.BEAT, StoryKind.DISPATCH, StoryKind.ENTITY})
SECONDS = 2  # stories that stand under the lead, where the night has enough


@dataclass(frozen=True, slots=True)
class Card:
    """A story as other pages show it."""

    href: str
    headline: str
    dek: str | None
    text: str | None  # two sentences that the headline does not say, else the dek
    kind: str  # "" for a story like any other
    status: str
    lang: str
    beat: str
    beat_href: str | None
    date: str
    date_iso: str
    version: int
    platforms: tuple[str, ...]
    evidence_line: tuple[str, ...]
    takeaways: tuple[str, ...]
    disputed: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line about a story in a list: its short title and what is said of it."""

    href: str
    title: str
    text: str
    lang: str


@dataclass(frozen=True, slots=True)
class Group:
    """Stories under one name."""

    name: str
    href: str | None
    cards: tuple[Card, ...]
    columns: int  # of three that the group fills


@dataclass(frozen=True, slots=True)
class EditionPage:
    """One night: its lead, its stories by beat, what changed, what is disputed, which signals fired."""

    date: str
    date_iso: str
    figures: tuple[tuple[str, str], ...]
    lead: Card | None
    seconds: tuple[Card, ...]
    groups: tuple[Group, ...]
    changed: tuple[Line, ...]
    disputed: tuple[Line, ...]
    signals: tuple[SignalView, ...]
    held: tuple[SignalView, ...]
    shares: tuple[Share, ...]
    sentences: int
    briefing: str | None
    earlier: str | None
    later: str | None


@dataclass(frozen=True, slots=True)
class BeatPage:
    """One beat: its stories, newest first, and its signals."""

    name: str
    description: str
    folder: str
    cards: tuple[Card, ...]
    signals: tuple[SignalView, ...]
    figures: tuple[tuple[str, str], ...]
    chart: Chart | None


@dataclass(frozen=True, slots=True)
class ArchiveDay:
    """One edition in the archive."""

    date: str
    date_iso: str
    href: str
    lines: tuple[Line, ...]
    stories: str


def card(story: Story, places: Places, now: datetime) -> Card:
    """A story's card: only words that its own page prints and cites."""
    takeaways = [sentence.text for paragraph in _paragraphs(story, "takeaways") for sentence in paragraph]
    cited = {c.evidence.record_id for c in story.citations}
    badges = dict.fromkeys(phrases.platform(r.platform) for r in story.records if r.id in cited)
    return Card(
        href=places.story(story),
        headline=story.headline.text,
        dek=story.dek.text if story.dek else None,
        text=story.variants.card or (story.dek.text if story.dek else None),
        kind=phrases.KINDS[story.kind] if story.kind in _MARKED else "",
        status="" if story.kind in {StoryKind.BEAT, StoryKind.ENTITY} else shown(story, now).value,
        lang=story.lang,
        beat=story.beat,
        beat_href=places.beat(story.beat),
        date=phrases.day(story.written.date()),
        date_iso=phrases.iso(story.written),
        version=story.version,
        platforms=tuple(badges),
        evidence_line=evidence_line(story),
        takeaways=tuple(takeaways[:3]),
        disputed=bool(_clash(story)),
    )


def _paragraphs(story: Story, role: str) -> list[tuple[Sentence, ...]]:
    """The paragraphs of a story's sections of that role."""
    return [paragraph for section in story.sections if section.role == role for paragraph in section.paragraphs]


def _news(story: Story) -> str:
    """What this version brings: the first cited sentence of what changed, else the first, else that it is new."""
    changed = [sentence for paragraph in _paragraphs(story, "changed") for sentence in paragraph]
    first = next((s for s in changed if s.kind is not SentenceClass.ANALYSIS and s.citations), None)
    if chosen := first or next(iter(changed), None):
        return chosen.text
    return "A new storyline." if story.version == 1 else "A new version."


def _clash(story: Story) -> str:
    """The first disagreement of a story, both sides of it; empty when there is none."""
    return " ".join(s.text for paragraph in _paragraphs(story, "disagreements")[:1] for s in paragraph)


def _line(story: Story, text: str, places: Places) -> Line:
    return Line(places.story(story), story.short_title, text, story.lang)


def edition_page(when: date, edition: Edition, places: Places, *, front: bool = False) -> EditionPage:
    """The edition of one day, from the versions written that day; the front page also says what was read tonight."""
    stories = places.by_day.get(when, ())
    days = list(places.by_day)  # newest first
    at = days.index(when) if when in places.by_day else -1
    grouped: dict[str, list[Card]] = defaultdict(list)
    led = int(bool(stories) and leads(stories[0]))
    beside = SECONDS if led and len(stories) > SECONDS + 1 else 0
    for story in stories[led + beside :]:
        grouped[story.beat].append(card(story, places, edition.now))
    order = [name for name in places.beats if name in grouped]
    tonight = [s for s in edition.signals if s.window_end.date() == when]
    sentences = [sentence for story in stories for sentence in printed(story)]
    views = _signals(tonight, places)
    return EditionPage(
        date=phrases.weekday(when),
        date_iso=when.isoformat(),
        figures=_figures(stories, edition, front=front),
        lead=card(stories[0], places, edition.now) if led else None,
        seconds=tuple(card(story, places, edition.now) for story in stories[led : led + beside]),
        groups=tuple(
            Group(name, places.beat(name), tuple(grouped[name]), min(3, len(grouped[name]))) for name in order
        ),
        changed=tuple(_line(story, _news(story), places) for story in stories[:MAX_LINES]),
        disputed=tuple(_line(s, text, places) for s in stories if (text := _clash(s)))[:MAX_LINES],
        signals=tuple(s for s in views if not s.held)[:MAX_SIGNALS],
        held=tuple(s for s in views if s.held)[:MAX_SIGNALS],
        shares=share_of_classes(sentences),
        sentences=len(sentences),
        briefing=places.story(places.briefings[when]) if when in places.briefings else None,
        earlier=places.edition(days[at + 1]) if 0 <= at < len(days) - 1 else None,
        later=places.edition(days[at - 1]) if at > 0 else None,
    )


def _signals(signals: Iterable[Signal], places: Places) -> list[SignalView]:
    """Signals, strongest over its threshold first, each with the story of its storyline where there is one."""
    rank = {"high": 0, "medium": 1, "low": 2}
    ordered = sorted(signals, key=lambda s: (rank.get(s.severity, 3), -(s.score / (s.threshold or 1.0)), s.kind, s.id))
    views: list[SignalView] = []
    for signal in ordered:
        about = places.by_storyline.get(signal.subject, ())
        beat = places.beat(signal.subject)
        href = places.story(about[0]) if about else beat
        title = about[0].short_title if about else (signal.subject if beat else "")
        views.append(signal_view(signal, href, title))
    return views


def _figures(stories: Sequence[Story], edition: Edition, *, front: bool) -> tuple[tuple[str, str], ...]:
    """The figures of a night: stories, cited records, origins; in front also what was read from how many sources."""
    records = {r.id for story in stories for r in story.records}
    origins = cited_origins((c for story in stories for c in story.citations), edition)
    figures = [
        (f"{len(stories):,}", "story" if len(stories) == 1 else "stories"),
        (f"{len(records):,}", "cited record" if len(records) == 1 else "cited records"),
        (f"{len(origins):,}", "origin" if len(origins) == 1 else "origins"),
    ]
    if front and edition.read:
        read = sum(edition.read.values())
        sources = sum(1 for number in edition.read.values() if number)
        figures.append((f"{read:,}", f"records read from {phrases.count(sources, 'source')}"))
    return tuple(figures)


def beat_page(name: str, edition: Edition, places: Places) -> BeatPage:
    """A beat's stories, newest first."""
    stories = [s for s in places.live if name == s.beat or name in s.beats]
    lines = {s.storyline_id for s in stories}
    held: dict[str, str] = {}  # an outlet counts once in each storyline of the beat
    for key in sorted(lines & edition.storylines.keys()):
        held = {**record_origins(edition.storylines[key], edition), **held}
    described = {beat.name: beat.description for beat in edition.settings.beats}
    last = max((s.written for s in stories), default=edition.now).date()
    recent = [s for s in edition.signals if (s.subject in lines or s.subject == name) and s.window_end.date() == last]
    figures = (
        (f"{len(stories):,}", "story" if len(stories) == 1 else "stories"),
        (f"{len(lines):,}", "storyline" if len(lines) == 1 else "storylines"),
        (f"{len(held):,}", "record" if len(held) == 1 else "records"),
    )
    return BeatPage(
        name=name,
        description=described.get(name, ""),
        folder=f"beats/{places.beats[name]}",
        cards=tuple(card(story, places, edition.now) for story in stories),
        signals=tuple(s for s in _signals(recent, places) if not s.held)[:MAX_SIGNALS],
        figures=figures,
        chart=per_day("records-per-day", points_of(held, edition)),
    )


def archive_days(places: Places) -> tuple[ArchiveDay, ...]:
    """Every edition, newest first."""
    return tuple(
        ArchiveDay(
            phrases.weekday(when),
            when.isoformat(),
            places.edition(when),
            tuple(_line(story, story.headline.text, places) for story in stories),
            phrases.count(len(stories), "story", "stories"),
        )
        for when, stories in places.by_day.items()
    )
