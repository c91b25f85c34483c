"""What the pages around the stories show: editions, beats, storylines, the archive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.domain import Finding, FindingState, Record, Sentence, Signal, Story, Storyline
from pipeline.edition import Edition
from pipeline.renderers import phrases
from pipeline.renderers.charts import Chart, Share, per_day
from pipeline.renderers.places import Places
from pipeline.renderers.sentences import Link, outward, share_of_classes
from pipeline.renderers.story_view import (
    SignalView,
    VersionLink,
    evidence_line,
    points_of,
    printed,
    signal_view,
    version_links,
)

MAX_SIGNALS = 12
MAX_RECORDS = 200
MAX_FINDINGS = 60
QUOTED_WORDS = 60  # most words of one record that a storyline page quotes


@dataclass(frozen=True, slots=True)
class Card:
    """A story as other pages show it."""

    href: str
    headline: str
    dek: str | None
    lang: str
    beat: str
    beat_href: str | None
    date: str
    date_iso: str
    version: int
    platforms: tuple[str, ...]
    evidence_line: tuple[str, ...]
    takeaways: tuple[str, ...]
    signals: tuple[str, ...]
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


@dataclass(frozen=True, slots=True)
class EditionPage:
    """One night: its lead, its stories by beat, what changed, what is disputed, which signals fired."""

    date: str
    date_iso: str
    figures: tuple[tuple[str, str], ...]
    lead: Card | None
    groups: tuple[Group, ...]
    changed: tuple[Line, ...]
    disputed: tuple[Line, ...]
    signals: tuple[SignalView, ...]
    held: tuple[SignalView, ...]
    shares: tuple[Share, ...]
    sentences: int
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
class Voice:
    """One origin's words for a finding."""

    publisher: str
    time: str
    quote: str
    lang: str | None
    link: Link | None


@dataclass(frozen=True, slots=True)
class FindingView:
    """An assertion: where it stands, who makes it, what stands against it."""

    state: str
    says: str
    first: str
    last: str
    origins: int
    voices: tuple[Voice, ...]
    disputes: tuple[tuple[str, str, str, str], ...]  # how, about what, one value, the other


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A record on the timeline."""

    title: str
    publisher: str
    platform: str
    time: str
    origin: str
    link: Link | None
    reason: str
    lang: str | None


@dataclass(frozen=True, slots=True)
class Day:
    """The records of one day."""

    date: str
    date_iso: str
    records: tuple[RecordLine, ...]


@dataclass(frozen=True, slots=True)
class StorylinePage:
    """A storyline from its first record to tonight."""

    id: str
    label: str
    beats: tuple[tuple[str, str | None], ...]
    founded: str
    updated: str
    figures: tuple[tuple[str, str], ...]
    chart: Chart | None
    stories: tuple[Card, ...]
    versions: tuple[VersionLink, ...]
    signals: tuple[SignalView, ...]
    findings: tuple[FindingView, ...]
    more_findings: int
    days: tuple[Day, ...]
    more_records: int
    parent: str | None
    merged_into: str | None
    children: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ArchiveDay:
    """One edition in the archive."""

    date: str
    date_iso: str
    href: str
    lines: tuple[Line, ...]
    stories: str


def card(story: Story, places: Places) -> Card:
    """A story's card: only words that its own page prints and cites."""
    takeaways = [s.text for section in story.sections if section.role == "takeaways" for p in section.paragraphs for s in p]
    cited = {c.evidence.record_id for c in story.citations}
    badges = dict.fromkeys(phrases.platform(r.platform) for r in story.records if r.id in cited)
    return Card(
        href=places.story(story),
        headline=story.headline.text,
        dek=story.dek.text if story.dek else None,
        lang=story.lang,
        beat=story.beat,
        beat_href=places.beat(story.beat),
        date=phrases.day(story.written.date()),
        date_iso=phrases.iso(story.written),
        version=story.version,
        platforms=tuple(badges),
        evidence_line=evidence_line(story),
        takeaways=tuple(takeaways[:3]),
        signals=tuple(dict.fromkeys(s.kind.replace("_", " ") for s in story.signals if not s.held)),
        disputed=_first(story, "disagreements") is not None,
    )


def _first(story: Story, role: str) -> Sentence | None:
    """The first sentence of a story's section of that role."""
    return next((s for section in story.sections if section.role == role for p in section.paragraphs for s in p), None)


def _line(story: Story, text: str, places: Places) -> Line:
    return Line(places.story(story), story.short_title, text, story.lang)


def edition_page(when: date, edition: Edition, places: Places) -> EditionPage:
    """The edition of one day, from the versions written that day."""
    stories = places.by_day.get(when, ())
    days = list(places.by_day)  # newest first
    at = days.index(when) if when in places.by_day else -1
    grouped: dict[str, list[Card]] = defaultdict(list)
    for story in stories[1:]:
        grouped[story.beat].append(card(story, places))
    order = [name for name in places.beats if name in grouped]
    tonight = [s for s in edition.signals if s.window_end.date() == when]
    sentences = [sentence for story in stories for sentence in printed(story)]
    shown = _signals(tonight, places)
    return EditionPage(
        date=phrases.weekday(when),
        date_iso=when.isoformat(),
        figures=_figures(stories, edition if when == edition.now.date() else None),
        lead=card(stories[0], places) if stories else None,
        groups=tuple(Group(name, places.beat(name), tuple(grouped[name])) for name in order),
        changed=tuple(
            _line(s, text.text if (text := _first(s, "changed")) else "A new storyline.", places) for s in stories
        ),
        disputed=tuple(_line(s, text.text, places) for s in stories if (text := _first(s, "disagreements"))),
        signals=tuple(s for s in shown if not s.held)[:MAX_SIGNALS],
        held=tuple(s for s in shown if s.held)[:MAX_SIGNALS],
        shares=share_of_classes(sentences),
        sentences=len(sentences),
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


def _figures(stories: Sequence[Story], tonight: Edition | None) -> tuple[tuple[str, str], ...]:
    """The figures of a night: stories, cited records, origins; tonight also what was read from how many sources."""
    records = {r.id for story in stories for r in story.records}
    origins = {c.origin_id for story in stories for c in story.citations}
    figures = [
        (f"{len(stories):,}", "story" if len(stories) == 1 else "stories"),
        (f"{len(records):,}", "cited record" if len(records) == 1 else "cited records"),
        (f"{len(origins):,}", "origin" if len(origins) == 1 else "origins"),
    ]
    if tonight and tonight.read:
        read = sum(tonight.read.values())
        sources = sum(1 for number in tonight.read.values() if number)
        figures.append((f"{read:,}", f"records read from {phrases.count(sources, 'source')}"))
    return tuple(figures)


def beat_page(name: str, edition: Edition, places: Places) -> BeatPage:
    """A beat's stories, newest first."""
    stories = [s for s in places.live if name == s.beat or name in s.beats]
    lines = {s.storyline_id for s in stories}
    held = sorted({r for key in lines if key in edition.storylines for r in edition.storylines[key].record_ids})
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
        cards=tuple(card(story, places) for story in stories),
        signals=tuple(s for s in _signals(recent, places) if not s.held)[:MAX_SIGNALS],
        figures=figures,
        chart=per_day("records-per-day", points_of(held, edition)),
    )


def storyline_page(storyline: Storyline, edition: Edition, places: Places) -> StorylinePage:
    """A storyline's records, findings, signals and stories."""
    stories = places.by_storyline.get(storyline.id, ())
    records = [edition.records[r] for r in storyline.record_ids if r in edition.records]
    records.sort(key=lambda r: (r.published, r.id))
    findings = sorted(edition.findings.get(storyline.id, ()), key=lambda f: (-len(f.origin_ids), f.first_seen, f.id))
    figures = (
        (f"{len(records):,}", "record" if len(records) == 1 else "records"),
        (f"{len({edition.origins.get(r.id, r.id) for r in records}):,}", "origins"),
        (f"{len(findings):,}", "finding" if len(findings) == 1 else "findings"),
        (f"{sum(1 for f in findings if f.disputes):,}", "disputed"),
    )
    budget: dict[str, int] = {}
    signals = [s for s in edition.signals if s.subject == storyline.id]
    signals.sort(key=lambda s: (s.window_end, s.id), reverse=True)
    return StorylinePage(
        id=storyline.id,
        label=storyline.label or "Untitled storyline",
        beats=tuple((name, places.beat(name)) for name in storyline.beats),
        founded=phrases.stamp(storyline.founded),
        updated=phrases.stamp(storyline.updated),
        figures=figures,
        chart=per_day("records-per-day", points_of([r.id for r in records], edition)),
        stories=tuple(card(story, places) for story in stories),
        versions=tuple(version for story in stories for version in version_links(story, places)),
        signals=tuple(signal_view(s, None, "") for s in signals[:MAX_SIGNALS]),
        findings=tuple(_finding(f, edition, budget) for f in findings[:MAX_FINDINGS]),
        more_findings=max(0, len(findings) - MAX_FINDINGS),
        days=_days(records[-MAX_RECORDS:], storyline, edition),
        more_records=max(0, len(records) - MAX_RECORDS),
        parent=places.storyline(storyline.parent) if storyline.parent else None,
        merged_into=places.storyline(storyline.merged_into) if storyline.merged_into else None,
        children=tuple(
            (other.label, href)
            for key, other in sorted(edition.storylines.items())
            if other.parent == storyline.id and (href := places.storyline(key))
        ),
    )


def _finding(finding: Finding, edition: Edition, budget: dict[str, int]) -> FindingView:
    """A finding with one voice per origin; `budget` counts the words quoted of each record on this page."""
    voices: list[Voice] = []
    spoken: set[str] = set()
    claims = [edition.claims[c] for c in finding.claim_ids if c in edition.claims]
    for claim in sorted(claims, key=lambda c: (c.published, c.id)):
        record = edition.records.get(claim.record_id)
        origin = claim.origin_id or edition.origins.get(claim.record_id, claim.record_id)
        quote = claim.evidence[0].quote
        words = len(quote.split())
        if record is None or origin in spoken or budget.get(record.id, 0) + words > QUOTED_WORDS:
            continue
        budget[record.id] = budget.get(record.id, 0) + words
        spoken.add(origin)
        voices.append(
            Voice(_publisher(record), phrases.stamp(record.published), quote, _foreign(record, edition), outward(record.url))
        )
    disputes = tuple((phrases.DISPUTES[d.kind], d.what, d.a_value, d.b_value) for d in finding.disputes)
    state = FindingState.CONTRADICTED if finding.disputes else finding.state
    return FindingView(
        state=state.value,
        says=phrases.STATES[state],
        first=phrases.stamp(finding.first_seen),
        last=phrases.stamp(finding.last_seen),
        origins=len(finding.origin_ids),
        voices=tuple(voices),
        disputes=disputes,
    )


def _days(records: Sequence[Record], storyline: Storyline, edition: Edition) -> tuple[Day, ...]:
    """Records by day of publication, newest day first."""
    reasons: dict[str, str] = {}
    for membership in edition.memberships.get(storyline.id, ()):
        if membership.until is None:
            reasons.setdefault(membership.record_id, membership.reason)
    letters: dict[str, str] = {}
    for record in records:
        letters.setdefault(edition.origins.get(record.id, record.id), phrases.letter(len(letters)))
    by_day: dict[date, list[Record]] = defaultdict(list)
    for record in records:
        by_day[record.published.date()].append(record)
    return tuple(
        Day(
            phrases.weekday(when),
            when.isoformat(),
            tuple(_record_line(r, letters[edition.origins.get(r.id, r.id)], reasons, edition) for r in by_day[when]),
        )
        for when in sorted(by_day, reverse=True)
    )


def _record_line(record: Record, origin: str, reasons: Mapping[str, str], edition: Edition) -> RecordLine:
    return RecordLine(
        title=record.title or "Untitled",
        publisher=_publisher(record),
        platform=phrases.platform(record.platform),
        time=phrases.stamp(record.published),
        origin=origin,
        link=outward(record.url),
        reason=reasons.get(record.id, ""),
        lang=_foreign(record, edition),
    )


def _publisher(record: Record) -> str:
    link = outward(record.url)
    return record.publisher or record.author or (link.host if link else phrases.platform(record.platform))


def _foreign(record: Record, edition: Edition) -> str | None:
    return record.lang if record.lang and record.lang != edition.settings.site.lang else None


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


@dataclass(frozen=True, slots=True)
class StorylineLine:
    """A storyline in the list of all."""

    label: str
    href: str
    updated: str
    figures: tuple[str, ...]
    beats: tuple[str, ...]
    disputed: bool


def storyline_index(edition: Edition, places: Places) -> tuple[StorylineLine, ...]:
    """Storylines that a story is about, last moved first."""
    lines = [edition.storylines[key] for key in places.by_storyline]
    lines.sort(key=lambda line: (-line.updated.timestamp(), line.id))
    return tuple(
        StorylineLine(
            label=line.label or "Untitled storyline",
            href=f"storylines/{line.id}/index.html",
            updated=phrases.stamp(line.updated),
            figures=(
                phrases.count(len(line.record_ids), "record"),
                phrases.count(len({edition.origins.get(r, r) for r in line.record_ids}), "origin"),
            ),
            beats=line.beats,
            disputed=any(f.disputes for f in edition.findings.get(line.id, ())),
        )
        for line in lines
    )
