"""What a story page shows, computed from one stored version: the HTML page and its Markdown twin share it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.domain import Section, Signal, Story, StoryKind
from pipeline.edition import Edition, Told
from pipeline.renderers import phrases, signal_words
from pipeline.renderers.charts import Chart, Point, Share, over_time
from pipeline.renderers.charts.rows import mix, spread, stances
from pipeline.renderers.conflicts_view import Elsewhere, elsewhere
from pipeline.renderers.corrections_view import StoryNote, altered, notes
from pipeline.renderers.counting import course, loose_origins
from pipeline.renderers.evidence import Standing, disputed, standing
from pipeline.renderers.history_view import history_path
from pipeline.renderers.kin_view import Kin, heads, kin_of, printed, related_to
from pipeline.renderers.linking import linked_of
from pipeline.renderers.places import Places
from pipeline.renderers.refusals import Refusal, by_rule, refusal
from pipeline.renderers.sentences import (
    Numbering,
    SectionView,
    SentenceView,
    SourceRow,
    by_record,
    share_of_classes,
    who,
)
from pipeline.renderers.why_view import Why, joined_of, judged, speakers, told_of, why
from pipeline.status import shown

_CHARTED = frozenset({StoryKind.LEAD, StoryKind.STORY})
_STANDING = frozenset({StoryKind.LEAD, StoryKind.STORY, StoryKind.DISPATCH})  # of one storyline: it has a status

ANCHORS = {
    "takeaways": "key-points",
    "changed": "what-changed",
    "disagreements": "disagreements",
    "unknown": "not-known",
    "so_far": "so-far",
}
HEADINGS = {
    "takeaways": "Key points",
    "changed": "What changed",
    "disagreements": "Where sources disagree",
    "unknown": "What is not known",
    "so_far": "The story so far",
}


@dataclass(frozen=True, slots=True)
class SignalView:
    """A signal in plain words; behind them its kind, what its detector wrote, and the figures."""

    says: str
    label: str
    kind: str
    summary: str
    score: str
    baseline: str
    threshold: str
    n: int
    window: str
    severity: str
    held: str | None
    title: str
    href: str | None


@dataclass(frozen=True, slots=True)
class VersionLink:
    """A version in the list of a story's versions."""

    number: int
    written: str
    href: str
    current: bool
    headline: str


@dataclass(frozen=True, slots=True)
class Step:
    """One stage on the strip, and what it did for this story."""

    name: str
    says: str


@dataclass(frozen=True, slots=True)
class Text:
    """The written part of a story or an answer: sections in reading order, grouped by their place on the page."""

    takeaways: tuple[SentenceView, ...]
    body: tuple[SectionView, ...]
    changed: tuple[SectionView, ...]
    disagreements: tuple[SectionView, ...]
    unknown: tuple[SectionView, ...]
    so_far: tuple[SectionView, ...]
    questions: tuple[SectionView, ...]


@dataclass(frozen=True, slots=True)
class StoryPage:
    """Everything on a story page."""

    title: str
    lang: str
    dir: str
    beat: str
    beat_href: str | None
    date: str
    date_iso: str
    written: str
    version: int
    latest_href: str | None  # set on a version that has been replaced
    latest_version: int
    platforms: tuple[str, ...]
    headline: SentenceView
    dek: SentenceView | None
    evidence_line: tuple[str, ...]
    window: str
    text: Text
    chart: Chart | None
    pictures: tuple[Chart, ...]  # of its sources
    sources: tuple[SourceRow, ...]
    cited: tuple[tuple[SourceRow, ...], ...]  # the same, those of a record together
    breadth: str
    shares: tuple[Share, ...]
    sentences: int
    standing: Standing
    steps: tuple[Step, ...]
    writer: str
    asked: str  # what models answered, and what that took; "" where none was asked
    prompts: tuple[tuple[str, str], ...]
    settings_hash: str
    story_id: str
    account: str
    refusals: tuple[Refusal, ...]
    refused_by_rule: tuple[tuple[str, int], ...]
    refused: int
    signals: tuple[SignalView, ...]
    why: Why
    versions: tuple[VersionLink, ...]
    history: str | None  # address of the page that compares them
    kin: tuple[Kin, ...]
    corrections: tuple[StoryNote, ...]
    related: tuple[Kin, ...]
    elsewhere: tuple[Elsewhere, ...]
    heads: Mapping[str, Kin]  # in a briefing: the first sentence of a paragraph -> the story that it is of
    kind: str
    status: str
    length: str  # how long it takes to read
    level: str  # how hard it is to read
    storyline_href: str | None
    sample: bool


def story_page(story: Story, edition: Edition, places: Places) -> StoryPage:
    """The view of one version, with its numbers given in reading order; kept until the next is asked for."""
    kept = edition.memo.get("story page")
    if kept is None or kept[0] is not story or kept[1] is not places:
        kept = edition.memo["story page"] = (story, places, _story_page(story, edition, places))
    view: StoryPage = kept[2]
    return view


def _story_page(story: Story, edition: Edition, places: Places) -> StoryPage:
    changed, clashing = altered(edition.corrections), disputed(story.sections)
    told = told_of(story, edition)
    numbering = Numbering(
        story.citations,
        story.records,
        story.lang,
        altered=changed,
        disputed=clashing,
        speakers=speakers(told),
        linked=linked_of(story, edition, places),
    )
    headline = numbering.sentence(story.headline)
    dek = numbering.sentence(story.dek) if story.dek else None
    text = text_of(story.sections, numbering)
    rows = numbering.rows()
    numbers = {key: number for number, key in enumerate(numbering.order, 1)}
    badges = dict.fromkeys(phrases.platform(record.platform) for record in numbering.cited_records())
    latest = places.versions[story.slug][-1]
    sentences = printed(story)
    return StoryPage(
        title=story.short_title,
        lang=story.lang,
        dir=phrases.direction(story.lang),
        beat=story.beat,
        beat_href=places.beat(story.beat),
        date=phrases.day(story.written.date()),
        date_iso=phrases.iso(story.written),
        written=phrases.stamp(story.written),
        version=story.version,
        latest_href=None if latest.id == story.id else places.story(latest),
        latest_version=latest.version,
        platforms=tuple(badges),
        headline=headline,
        dek=dek,
        evidence_line=evidence_line(story)[: 3 if len(story.counts.platforms) > 1 else 2],
        window=phrases.window(story.counts.window_start, story.counts.window_end),
        text=text,
        chart=over_time("course", storyline_points(story, edition), story.signals) if story.kind in _CHARTED else None,
        pictures=_pictures(story, numbering, told),
        sources=rows,
        cited=by_record(rows),
        breadth=_breadth(rows),
        shares=share_of_classes(sentences),
        sentences=len(sentences),
        standing=standing(opened for _, opened in numbering.opened),
        steps=_steps(story),
        writer=story.writer,
        asked=phrases.asked(story.answers),
        prompts=tuple(sorted(story.prompts.items())),
        settings_hash=story.settings_hash,
        story_id=story.id,
        account=account(story.counts.drafted, story.counts.repaired, max(story.counts.dropped, len(story.dropped))),
        refusals=tuple(refusal(dropped) for dropped in story.dropped),
        refused_by_rule=by_rule(story.dropped),
        refused=max(story.counts.dropped, len(story.dropped)),
        signals=tuple(signal_view(signal, None, "") for signal in sorted(story.signals, key=signal_words.strongest)),
        why=why(story, numbers, joined_of(story, edition)),
        versions=version_links(story, places),
        history=history_path(story.slug, edition, places),
        kin=kin_of(story.storyline_id, edition, places),
        corrections=notes(story, edition, places, numbers),
        related=related_to(story, places),
        elsewhere=elsewhere(story, edition, places),
        heads=heads(story, places),
        kind=phrases.KINDS[story.kind],
        status=shown(story, edition.now).value if story.kind in _STANDING else "",
        length=phrases.minutes(story.length) if story.length else "",
        level=phrases.level(story.length) if story.length else "",
        storyline_href=places.storyline(story.storyline_id),
        sample=story.sample,
    )


def _breadth(rows: Sequence[SourceRow]) -> str:
    """How much is quoted, and of how many: "34 quotations from 8 origins"."""
    return f"{phrases.count(len(rows), 'quotation')} from {phrases.count(len({row.origin for row in rows}), 'origin')}"


def _pictures(story: Story, numbering: Numbering, claims: Sequence[Told]) -> tuple[Chart, ...]:
    """How the cited records spread over platforms and publishers, and how these judge."""
    cited = numbering.cited_records()
    told: dict[str, set[str]] = defaultdict(set)
    for record in cited:
        told[who(record)].add(record.origin_id)
    platforms = Counter(phrases.platform(record.platform) for record in cited)
    publishers = Counter(who(record) for record in cited)
    origins = {name: len(told[name]) for name in told}
    drawn = (mix("mix", platforms), spread("spread", publishers, origins), stances("stance", judged(story, claims)))
    return tuple(chart for chart in drawn if chart is not None) if story.kind in _CHARTED else ()


def text_of(sections: Sequence[Section], numbering: Numbering) -> Text:
    """Section views by role, numbered in the order in which a page shows them."""
    order = ("takeaways", "body", "changed", "disagreements", "unknown", "so_far", "question")
    by_role: dict[str, list[Section]] = defaultdict(list)
    for section in sections:
        by_role[section.role if section.role in order else "body"].append(section)
    seen: set[str] = set()
    found: dict[str, tuple[SectionView, ...]] = {}
    for role in order:
        name = ANCHORS.get(role, "question" if role == "question" else "part")
        several = len(by_role[role]) > 1 or role not in ANCHORS
        found[role] = tuple(
            numbering.section(section, f"{name}-{n}" if several else name, set() if role == "takeaways" else seen)
            for n, section in enumerate(by_role[role], 1)
        )
    return Text(
        takeaways=tuple(s for section in found["takeaways"] for p in section.paragraphs for s in p.sentences),
        body=found["body"],
        changed=found["changed"],
        disagreements=found["disagreements"],
        unknown=found["unknown"],
        so_far=found["so_far"],
        questions=found["question"],
    )


def evidence_line(story: Story) -> tuple[str, ...]:
    """N records, M origins, K platforms: the counts frozen with the version."""
    counts = story.counts
    return (
        phrases.count(counts.records, "record"),
        phrases.count(counts.origins, "origin"),
        phrases.count(len(counts.platforms), "platform"),
    )


def account(drafted: int, repaired: int, left_out: int) -> str:
    """What became of the drafted sentences, in words."""
    were = "was" if drafted == 1 else "were"
    rest = f"{repaired or 'none'} repaired and {left_out or 'none'} left out"
    return f"{phrases.count(drafted, 'sentence')} {were} drafted, {rest}"


def version_links(story: Story, places: Places) -> tuple[VersionLink, ...]:
    """All versions under the story's address, newest first."""
    return tuple(
        VersionLink(v.version, phrases.stamp(v.written), places.story(v), v.id == story.id, v.headline.text)
        for v in reversed(places.versions[story.slug])
    )


def signal_view(signal: Signal, href: str | None, title: str) -> SignalView:
    """A signal with its figures as text; `href` and `title` are those of what it is about, "" on a page about that."""
    return SignalView(
        says=signal_words.sentence(signal),
        label=signal_words.label(signal.kind),
        kind=signal.kind.replace("_", " "),
        summary=signal_words.without_subject(signal.summary),
        score=phrases.figure(signal.score),
        baseline=phrases.figure(signal.baseline),
        threshold=phrases.figure(signal.threshold),
        n=signal.n,
        window=phrases.window(signal.window_start, signal.window_end),
        severity=signal.severity,
        held=signal.held,
        title=title,
        href=href,
    )


def storyline_points(story: Story, edition: Edition) -> tuple[Point, ...]:
    """When the records came, and their origins, that belonged to the storyline at this version."""
    if story.id in edition.series:
        told = ((one.day.partition("T"), one) for one in edition.series[story.id])
        return tuple(
            Point(date.fromisoformat(when), one.records, one.origins, int(hour) if hour else None)
            for (when, _, hour), one in told
        )
    held = {
        m.record_id
        for m in edition.memberships.get(story.storyline_id, ())
        if m.since <= story.written and (m.until is None or m.until > story.written)
    }
    return course(loose_origins(held, edition), edition)


def points_on(counted: Mapping[str, str], known: Mapping[str, date]) -> tuple[Point, ...]:
    """The series of records whose days are `known`: how many a day, and from how many origins not heard before.

    `counted`: record id -> the origin that it counts as (see pipeline/renderers/counting.py).
    """
    days: dict[date, list[str]] = defaultdict(list)
    for record_id in sorted(known):
        days[known[record_id]].append(record_id)
    spoken: set[str] = set()
    points: list[Point] = []
    for when in sorted(days):
        origins = {counted[record_id] for record_id in days[when]}
        points.append(Point(when, len(days[when]), len(origins - spoken)))
        spoken |= origins
    return tuple(points)


def _steps(story: Story) -> tuple[Step, ...]:
    counts = story.counts
    fired = dict.fromkeys(signal.kind.replace("_", " ") for signal in story.signals if not signal.held)
    return (
        Step(
            "Ingest", f"{phrases.count(counts.records, 'record')} on {phrases.count(len(counts.platforms), 'platform')}"
        ),
        Step(
            "Analyze",
            f"{phrases.count(counts.origins, 'origin')}, {phrases.count(counts.cited_records, 'record')} cited",
        ),
        Step("Signal", ", ".join(fired) or "none fired"),
        Step("Write", f"{story.writer}, {phrases.count(len(story.prompts), 'prompt')}"),
    )
