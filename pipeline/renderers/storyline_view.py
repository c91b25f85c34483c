"""What the pages of storylines show: their records, findings, signals and stories."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from pipeline.compose.naming import publisher
from pipeline.domain import Claim, Dispute, Finding, FindingState, Ranked, Record, Storyline
from pipeline.edition import Edition
from pipeline.renderers import phrases
from pipeline.renderers import storyline_events as events
from pipeline.renderers.charts import Chart, over_time
from pipeline.renderers.charts.lanes import Lane, lanes
from pipeline.renderers.charts.rows import Judged, mix, spread, stances
from pipeline.renderers.counting import course, line_origins, record_origins
from pipeline.renderers.places import Places
from pipeline.renderers.sentences import Link, outward
from pipeline.renderers.site_view import MAX_SIGNALS, Card, card
from pipeline.renderers.story_view import SignalView, VersionLink, signal_view, version_links

MAX_RECORDS = 200
MAX_FINDINGS = 60
QUOTED_WORDS = 60  # most words of one record that a storyline page quotes
_SHORT = 110  # characters of a finding that the list of events repeats


@dataclass(frozen=True, slots=True)
class Voice:
    """One origin's words for a finding."""

    publisher: str
    time: str
    quote: str
    lang: str | None
    link: Link | None


@dataclass(frozen=True, slots=True)
class Clash:
    """A disagreement: how and about what, the two values, and the words of the other side."""

    how: str
    what: str
    one: str
    other: str
    voice: Voice | None


@dataclass(frozen=True, slots=True)
class FindingView:
    """An assertion: where it stands, who makes it, what stands against it; `anchor` is its address on the page."""

    anchor: str
    state: str
    says: str
    first: str
    last: str
    origins: int
    voices: tuple[Voice, ...]
    disputes: tuple[Clash, ...]


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
    lanes: Chart | None  # its findings
    pictures: tuple[Chart, ...]  # of its sources
    events: tuple[events.Day, ...]
    stories: tuple[Card, ...]
    versions: tuple[VersionLink, ...]
    signals: tuple[SignalView, ...]
    findings: tuple[FindingView, ...]  # those that more than one voice makes, denies or replaces
    single: tuple[FindingView, ...]  # those that rest on one origin
    more_findings: int
    days: tuple[Day, ...]
    more_records: int
    standing: str  # what its last ranking came to, where that was no story
    closed: bool
    parent: str | None
    merged_into: str | None
    children: tuple[tuple[str, str], ...]


def storyline_page(storyline: Storyline, edition: Edition, places: Places) -> StorylinePage:
    """A storyline's records, findings, signals and stories."""
    stories = places.by_storyline.get(storyline.id, ())
    records = [edition.records[r] for r in storyline.record_ids if r in edition.records]
    records.sort(key=lambda r: (r.published, r.id))
    findings = sorted(edition.findings.get(storyline.id, ()), key=_weight)
    disputes = len({frozenset((d.a, d.b)) for f in findings for d in f.disputes})
    counted = line_origins(storyline, edition)
    origins = len(set(counted.values()))
    figures = (
        (f"{len(records):,}", "record" if len(records) == 1 else "records"),
        (f"{origins:,}", "origin" if origins == 1 else "origins"),
        (f"{len(findings):,}", "finding" if len(findings) == 1 else "findings"),
        (f"{disputes:,}", "dispute" if disputes == 1 else "disputes"),
    )
    budget: dict[str, int] = {}
    shown = _once(findings)[:MAX_FINDINGS]
    views = [_finding(f, f"finding-{n}", edition, counted, budget) for n, f in enumerate(shown, 1)]
    told = [_told(finding, view) for finding, view in zip(shown, views, strict=True)]
    joint = [one for one, view in zip(told, views, strict=True) if _joint(view)]
    alone = [one.finding for one, view in zip(told, views, strict=True) if not _joint(view)]
    versions = [version for story in stories for version in places.versions[story.slug]]
    signals = [s for s in edition.signals if s.subject == storyline.id]
    signals.sort(key=lambda s: (s.window_end, s.id), reverse=True)
    return StorylinePage(
        id=storyline.id,
        label=places.label(storyline),
        beats=tuple((name, places.beat(name)) for name in storyline.beats),
        founded=phrases.stamp(storyline.founded),
        updated=phrases.stamp(storyline.updated),
        figures=figures,
        chart=over_time("course", course(record_origins(storyline, edition), edition), signals),
        lanes=lanes("findings", [_lane(one, edition, counted) for one in joint]),
        pictures=_pictures(records, storyline, edition),
        events=events.days_of(storyline, joint, alone, versions, places),
        stories=tuple(card(story, places, edition) for story in stories),
        versions=tuple(version for story in stories for version in version_links(story, places)),
        signals=tuple(signal_view(s, None, "") for s in signals[:MAX_SIGNALS]),
        findings=tuple(view for view in views if _joint(view)),
        single=tuple(view for view in views if not _joint(view)),
        more_findings=max(0, len(findings) - MAX_FINDINGS),
        days=_days(records[-MAX_RECORDS:], storyline, edition),
        more_records=max(0, len(records) - MAX_RECORDS),
        standing=_standing(edition.rankings.get(storyline.id)),
        closed=any(story.ending is not None for story in stories),
        parent=places.storyline(storyline.parent) if storyline.parent else None,
        merged_into=places.storyline(storyline.merged_into) if storyline.merged_into else None,
        children=tuple(
            (other.label, href)
            for key in places.kin.get(storyline.id, ())
            if (other := edition.storylines[key]).parent == storyline.id and (href := places.storyline(key))
        ),
    )


def _standing(ranked: Ranked | None) -> str:
    """Why a storyline that was last ranked has no new version: "no material news since version 3"."""
    if ranked is None or ranked.outcome != "unchanged":
        return ""
    return f"Last looked at {phrases.stamp(ranked.night)}: {ranked.why}."


def _joint(view: FindingView) -> bool:
    """Whether more than one voice makes, denies or replaces a finding."""
    return bool(view.disputes) or view.origins > 1 or view.state == "superseded"


def _told(finding: Finding, view: FindingView) -> events.Spoken:
    """A finding by its first words that the page quotes."""
    voice = view.voices[0] if view.voices else None
    words = voice.quote if voice else "A finding of which this page quotes no more words"
    short = words if len(words) <= _SHORT else words[:_SHORT].rpartition(" ")[0] + " …"
    return events.Spoken(finding, view.anchor, short, voice.lang if voice else None)


def _lane(one: events.Spoken, edition: Edition, counted: Mapping[str, str]) -> Lane:
    """A finding as a row of the picture."""
    finding = one.finding
    times = sorted(edition.claims[c].published for c in finding.claim_ids if c in edition.claims)
    state = FindingState.CONTRADICTED if finding.disputes else finding.state
    origins = len({counted.get(origin, origin) for origin in finding.origin_ids})
    return Lane(one.words, state.value, tuple(times), origins)


def _pictures(records: Sequence[Record], line: Storyline, edition: Edition) -> tuple[Chart, ...]:
    """How a storyline's records spread over platforms and publishers, and how these judge."""
    origins = record_origins(line, edition)
    told: dict[str, set[str]] = defaultdict(set)
    for record in records:
        told[_publisher(record)].add(origins[record.id])
    stance: dict[str, Counter[str]] = defaultdict(Counter)
    for claim in (edition.claims[key] for key in line.claim_ids if key in edition.claims):
        if claim.record_id in edition.records:
            stance[_publisher(edition.records[claim.record_id])][claim.stance] += 1
    judging = [Judged(n, c["critical"], c["neutral"], c["favourable"]) for n, c in sorted(stance.items())]
    drawn = (
        mix("mix", Counter(phrases.platform(record.platform) for record in records)),
        spread("spread", Counter(map(_publisher, records)), {name: len(found) for name, found in told.items()}),
        stances("stance", judging),
    )
    return tuple(chart for chart in drawn if chart is not None)


def _finding(
    finding: Finding, anchor: str, edition: Edition, counted: Mapping[str, str], budget: dict[str, int]
) -> FindingView:
    """A finding with one quote per origin that counts; `budget` counts the words quoted of each record on this page."""
    voices: list[Voice] = []
    spoken: set[str] = set()
    claims = [edition.claims[c] for c in finding.claim_ids if c in edition.claims]
    for claim in sorted(claims, key=lambda c: (c.published, c.id)):
        origin = claim.origin_id or edition.origins.get(claim.record_id, claim.record_id)
        origin = counted.get(origin, origin)
        voice = None if origin in spoken else _voice(claim, edition, budget)
        if voice:
            spoken.add(origin)
            voices.append(voice)
    disputes = tuple(_clash(dispute, finding, edition, budget) for dispute in _distinct(finding))
    state = FindingState.CONTRADICTED if finding.disputes else finding.state
    origins = len({counted.get(one, one) for one in finding.origin_ids})
    return FindingView(
        anchor=anchor,
        state=state.value,
        says=_standing_of(state, origins),
        first=phrases.stamp(finding.first_seen),
        last=phrases.stamp(finding.last_seen),
        origins=origins,
        voices=tuple(voices),
        disputes=disputes,
    )


def _standing_of(state: FindingState, origins: int) -> str:
    """How a finding stands, in words: "told by 12 independent sources"."""
    several = state is FindingState.CORROBORATED and origins > 1
    return f"told by {origins:,} independent sources" if several else phrases.STATES[state]


def _voice(claim: Claim, edition: Edition, budget: dict[str, int]) -> Voice | None:
    """The words of a claim, as long as its record may still be quoted on this page."""
    record, quote = edition.records.get(claim.record_id), claim.evidence[0].quote
    words = len(quote.split())
    if record is None or budget.get(record.id, 0) + words > QUOTED_WORDS:
        return None
    budget[record.id] = budget.get(record.id, 0) + words
    lang, link = _foreign(record, edition), outward(record.url)
    return Voice(_publisher(record), phrases.stamp(record.published), quote, lang, link)


def _distinct(finding: Finding) -> list[Dispute]:
    """One dispute for each claim that stands against a finding, of however many claims of its own."""
    told: dict[tuple[str, str], Dispute] = {}
    for dispute in finding.disputes:
        told.setdefault((dispute.kind, dispute.b if dispute.a in finding.claim_ids else dispute.a), dispute)
    return list(told.values())


def _clash(dispute: Dispute, finding: Finding, edition: Edition, budget: dict[str, int]) -> Clash:
    """A dispute as seen from `finding`: its own value first, then the other side's value and words."""
    ours = dispute.a in finding.claim_ids
    theirs = edition.claims.get(dispute.b if ours else dispute.a)
    one, other = (dispute.a_value, dispute.b_value) if ours else (dispute.b_value, dispute.a_value)
    voice = _voice(theirs, edition, budget) if theirs and theirs.id not in finding.claim_ids else None
    return Clash(phrases.DISPUTES[dispute.kind], dispute.what, one, other, voice)


def _once(findings: Sequence[Finding]) -> list[Finding]:
    """Findings with each dispute told once, by the first side; one that has nothing else to tell is left out."""
    told: set[frozenset[str]] = set()
    kept: list[Finding] = []
    for finding in findings:
        fresh = tuple(d for d in finding.disputes if frozenset((d.a, d.b)) not in told)
        told.update(frozenset((d.a, d.b)) for d in finding.disputes)
        if fresh or not finding.disputes:
            kept.append(replace(finding, disputes=fresh))
    return kept


def _weight(finding: Finding) -> tuple[bool, int, datetime, str]:
    """Sort key: what is disputed first, then what most origins say, then the oldest."""
    return (not finding.disputes, -len(finding.origin_ids), finding.first_seen, finding.id)


def _days(records: Sequence[Record], storyline: Storyline, edition: Edition) -> tuple[Day, ...]:
    """Records by day of publication, newest day first."""
    reasons: dict[str, str] = {}
    for membership in edition.memberships.get(storyline.id, ()):
        if membership.until is None:
            reasons.setdefault(membership.record_id, membership.reason)
    origins = record_origins(storyline, edition)
    letters: dict[str, str] = {}
    for record in records:
        letters.setdefault(origins[record.id], phrases.letter(len(letters)))
    by_day: dict[date, list[Record]] = defaultdict(list)
    for record in records:
        by_day[record.published.date()].append(record)
    return tuple(
        Day(
            phrases.weekday(when),
            when.isoformat(),
            tuple(_record_line(r, letters[origins[r.id]], reasons, edition) for r in by_day[when]),
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
    return publisher(record) or record.author or (link.host if link else phrases.platform(record.platform))


def _foreign(record: Record, edition: Edition) -> str | None:
    return record.lang if record.lang and record.lang != edition.settings.site.lang else None
