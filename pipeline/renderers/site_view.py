"""What an edition shows: lead, stories by beat, what changed, what is disputed, held and left out, who was asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pipeline.domain import Sentence, SentenceClass, Signal, Source, SourceHealth, Story, StoryKind
from pipeline.edition import Edition, leads
from pipeline.renderers import phrases
from pipeline.renderers.charts import Share
from pipeline.renderers.counting import cited_origins
from pipeline.renderers.kin_view import printed
from pipeline.renderers.places import Places
from pipeline.renderers.refusals import left_out
from pipeline.renderers.sentences import share_of_classes
from pipeline.renderers.story_view import SignalView, evidence_line, signal_view
from pipeline.renderers.wire_view import address, strength, subject_of
from pipeline.status import shown

MAX_SIGNALS = 12
MAX_FRONT = 6  # signals in an edition; the wire has all
MAX_LINES, MAX_CHANGED = 12, 6
MAX_RULES = 4
_MARKED = frozenset({StoryKind.BEAT, StoryKind.DISPATCH, StoryKind.ENTITY})
SECONDS, FULL = 2, 9  # stories that stand under the lead, where the night has enough; twice as many from FULL on


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
class HeldLine:
    """Something that was kept back tonight: what, why, and where more is said of it."""

    what: str
    why: str
    href: str | None


@dataclass(frozen=True, slots=True)
class EditionPage:
    """One night: its lead, its stories by beat, what changed, what is disputed, which signals fired, what is held."""

    date: str
    date_iso: str
    figures: tuple[tuple[str, str], ...]
    lead: Card | None
    seconds: tuple[Card, ...]
    groups: tuple[Group, ...]
    changed: tuple[Line, ...]
    fresh: str  # how many stories are new tonight
    disputed: tuple[Line, ...]
    signals: tuple[SignalView, ...]
    measured: str  # how many signals fired and were held
    wire: str | None  # address of the night's wire
    held: tuple[HeldLine, ...]
    coverage: str  # who was asked and what came of it; "" for nights past
    shares: tuple[Share, ...]
    sentences: int
    briefing: str | None
    earlier: str | None
    later: str | None


def drawn_of(story: Story, edition: Edition) -> dict[str, Any]:
    """What is remembered of a version for its card."""
    told: dict[str, Any] = edition.remember("card", lambda: _drawn(story), story.id)
    return told


def _drawn(story: Story) -> dict[str, Any]:
    """What a card takes from the words and sources of a version."""
    cited = {c.evidence.record_id for c in story.citations}
    takeaways = [sentence.text for paragraph in _paragraphs(story, "takeaways") for sentence in paragraph]
    return {
        "platforms": list(dict.fromkeys(phrases.platform(r.platform) for r in story.records if r.id in cited)),
        "takeaways": takeaways[:3],
        "disputed": bool(_clash(story)),
    }


def card(story: Story, places: Places, edition: Edition) -> Card:
    """A story's card: only words that its own page prints and cites."""
    drawn = drawn_of(story, edition)
    return Card(
        href=places.story(story),
        headline=story.headline.text,
        dek=story.dek.text if story.dek else None,
        text=story.variants.card or (story.dek.text if story.dek else None),
        kind=phrases.KINDS[story.kind] if story.kind in _MARKED else "",
        status="" if story.kind in {StoryKind.BEAT, StoryKind.ENTITY} else shown(story, edition.now).value,
        lang=story.lang,
        beat=story.beat,
        beat_href=places.beat(story.beat),
        date=phrases.day(story.written.date()),
        date_iso=phrases.iso(story.written),
        version=story.version,
        platforms=tuple(drawn["platforms"]),
        evidence_line=evidence_line(story)[: 3 if len(story.counts.platforms) > 1 else 2],
        takeaways=tuple(drawn["takeaways"]),
        disputed=drawn["disputed"],
    )


def _paragraphs(story: Story, role: str) -> list[tuple[Sentence, ...]]:
    """The paragraphs of a story's sections of that role."""
    return [paragraph for section in story.sections if section.role == role for paragraph in section.paragraphs]


def _changed(stories: Sequence[Story], places: Places) -> tuple[Line, ...]:
    """What tonight's new versions of earlier stories bring, the most prominent first."""
    newer = [(story, news) for story in stories if story.version > 1 and (news := _news(story))]
    return tuple(_line(story, news, places) for story, news in newer[:MAX_CHANGED])


def _fresh(stories: Sequence[Story]) -> str:
    """How many of tonight's stories are new, and how many go on."""
    new = sum(1 for story in stories if story.version == 1)
    parts = [phrases.count(new, "new story", "new stories")] if new else []
    parts += [phrases.count(len(stories) - new, "new version")] if len(stories) > new else []
    return ", ".join(parts)


def _news(story: Story) -> str:
    """What a version brings: the first cited sentence of what changed, else the first; "" where nothing is said."""
    changed = [sentence for paragraph in _paragraphs(story, "changed") for sentence in paragraph]
    first = next((s for s in changed if s.kind is not SentenceClass.ANALYSIS and s.citations), None)
    chosen = first or next(iter(changed), None)
    return chosen.text if chosen else ""


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
    beside = (2 * SECONDS if len(stories) >= FULL else SECONDS) if led and len(stories) > SECONDS + 1 else 0
    for story in stories[led + beside :]:
        grouped[story.beat].append(card(story, places, edition))
    order = [name for name in places.beats if name in grouped]
    tonight = [s for s in edition.signals if s.window_end.date() == when]
    sentences = [sentence for story in stories for sentence in printed(story)]
    fired = [signal for signal in tonight if not signal.held]
    return EditionPage(
        date=phrases.weekday(when),
        date_iso=when.isoformat(),
        figures=_figures(stories, edition),
        lead=card(stories[0], places, edition) if led else None,
        seconds=tuple(card(story, places, edition) for story in stories[led : led + beside]),
        groups=tuple(
            Group(name, places.beat(name), tuple(grouped[name]), min(3, len(grouped[name]))) for name in order
        ),
        changed=_changed(stories, places),
        fresh=_fresh(stories),
        disputed=tuple(_line(s, text, places) for s in stories if (text := _clash(s)))[:MAX_LINES],
        signals=signal_views(fired, edition, places)[:MAX_FRONT],
        measured=f"{len(fired):,} tonight, {len(tonight) - len(fired):,} held back",
        wire=address(when) if tonight else None,
        held=_held(stories, tonight, edition if front else None, address(when)),
        coverage=_coverage(edition) if front else "",
        shares=share_of_classes(sentences),
        sentences=len(sentences),
        briefing=places.story(places.briefings[when]) if when in places.briefings else None,
        earlier=places.edition(days[at + 1]) if 0 <= at < len(days) - 1 else None,
        later=places.edition(days[at - 1]) if at > 0 else None,
    )


def signal_views(signals: Iterable[Signal], edition: Edition, places: Places) -> tuple[SignalView, ...]:
    """Signals, strongest over its threshold first, each with the page that is about its subject where there is one."""
    return tuple(signal_view(signal, *subject_of(signal, edition, places)) for signal in sorted(signals, key=strength))


def _held(
    stories: Sequence[Story], signals: Sequence[Signal], front: Edition | None, wire: str
) -> tuple[HeldLine, ...]:
    """What a night kept back: signals by reason, sentences by rule; in front also which sources did not answer."""
    lines: list[HeldLine] = []
    for why, number in _counted(signal.held for signal in signals if signal.held)[:MAX_RULES]:
        lines.append(HeldLine(f"{phrases.count(number, 'signal')} held back", why, wire))
    left = sum(max(story.counts.dropped, len(story.dropped)) for story in stories)
    if left:
        counted = left_out(one for story in stories for one in story.dropped)
        why = ", ".join(f"{number:,} {what}" for what, number in counted) or "refused by the gate"
        lines.append(HeldLine(f"{phrases.count(left, 'sentence')} left out", why, "methodology/index.html#gate"))
    if front is not None:
        silent = [source.name for source, state in _asked(front) if not state.ok]
        if silent:
            more = f" and {len(silent) - MAX_RULES} more" if len(silent) > MAX_RULES else ""
            did = f"{phrases.count(len(silent), 'source')} did not answer"
            lines.append(HeldLine(did, ", ".join(silent[:MAX_RULES]) + more, "sources/index.html"))
    return tuple(lines)


def _counted(words: Iterable[str]) -> list[tuple[str, int]]:
    counts: dict[str, int] = defaultdict(int)
    for word in words:
        counts[word] += 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _asked(edition: Edition) -> list[tuple[Source, SourceHealth]]:
    """The configured sources that were asked in the last window, by name, with how that went."""
    since = edition.now - timedelta(hours=edition.settings.signals.window_hours)
    found = [(source, edition.health.get(source.name)) for source in edition.settings.configured_sources()]
    asked = [(source, state) for source, state in found if state is not None and state.checked >= since]
    return sorted(asked, key=lambda one: one[0].name.casefold())


def _coverage(edition: Edition) -> str:
    """Who was asked and what came of it: "11 sources asked, 10 answered, 34 records read"."""
    if not edition.settings.sources:
        return ""
    asked, every = _asked(edition), len(edition.settings.sources)
    of = (
        phrases.count(every, "source") if len(asked) == every else f"{len(asked):,} of {phrases.count(every, 'source')}"
    )
    parts = [f"{of} asked", f"{sum(state.ok for _, state in asked):,} answered"]
    return ", ".join([*parts, phrases.count(sum(edition.read.values()), "record") + " read"])


def _figures(stories: Sequence[Story], edition: Edition) -> tuple[tuple[str, str], ...]:
    """The figures of a night: stories, cited records, origins."""
    records = {r.id for story in stories for r in story.records}
    origins = cited_origins((c for story in stories for c in story.citations), edition)
    return (
        (f"{len(stories):,}", "story" if len(stories) == 1 else "stories"),
        (f"{len(records):,}", "cited record" if len(records) == 1 else "cited records"),
        (f"{len(origins):,}", "origin" if len(origins) == 1 else "origins"),
    )
