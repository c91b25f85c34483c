"""A beat: its stories, newest first, how much is told of it day by day, by whom, in which storylines."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import partial

from pipeline.domain import Storyline
from pipeline.edition import Edition
from pipeline.renderers import mixes, phrases
from pipeline.renderers.charts import Chart, per_day
from pipeline.renderers.counting import record_origins
from pipeline.renderers.entity_kin import publisher_of
from pipeline.renderers.places import Places
from pipeline.renderers.site_view import MAX_SIGNALS, Card, card, signal_views
from pipeline.renderers.story_view import SignalView, points_on

MAX_CARDS = 40
MAX_LINES = 12


@dataclass(frozen=True, slots=True)
class Thread:
    """A storyline of the beat."""

    label: str
    href: str
    note: str


@dataclass(frozen=True, slots=True)
class BeatPage:
    """One beat: stories, trend, sources with their share, storylines, signals of its last night."""

    name: str
    description: str
    folder: str
    cards: tuple[Card, ...]
    more: int  # stories that are not listed
    signals: tuple[SignalView, ...]
    figures: tuple[tuple[str, str], ...]
    chart: Chart | None
    publishers: tuple[mixes.Row, ...]
    threads: tuple[Thread, ...]
    more_threads: int


def beat_page(name: str, edition: Edition, places: Places) -> BeatPage:
    """A beat's stories and what they rest on."""
    stories = [s for s in places.live if name == s.beat or name in s.beats]
    lines = {s.storyline_id for s in stories}
    known = [edition.storylines[key] for key in sorted(lines & edition.storylines.keys())]
    held: dict[str, str] = {}  # an outlet counts once in each storyline of the beat
    shown_as: dict[str, tuple[date, str]] = {}
    for line in known:
        for record, origin, day, by in records_of(line, edition):
            held.setdefault(record, origin)
            if day:
                shown_as.setdefault(record, (date.fromisoformat(day), by))
    described = {beat.name: beat.description for beat in edition.settings.beats}
    last = max((s.written for s in stories), default=edition.now).date()
    recent = [s for s in edition.signals if (s.subject in lines or s.subject == name) and s.window_end.date() == last]
    threads = sorted(known, key=lambda line: (-line.updated.timestamp(), line.id))
    shown = [line for line in threads if places.storyline(line.id)]
    return BeatPage(
        name=name,
        description=described.get(name, ""),
        folder=f"beats/{places.beats[name]}",
        cards=tuple(card(story, places, edition) for story in stories[:MAX_CARDS]),
        more=max(0, len(stories) - MAX_CARDS),
        signals=signal_views((s for s in recent if not s.held), edition, places)[:MAX_SIGNALS],
        figures=(
            (f"{len(stories):,}", "story" if len(stories) == 1 else "stories"),
            (f"{len(lines):,}", "storyline" if len(lines) == 1 else "storylines"),
            (f"{len(held):,}", "record" if len(held) == 1 else "records"),
        ),
        chart=per_day("records-per-day", points_on(held, {key: day for key, (day, _) in shown_as.items()})),
        publishers=mixes.rows(Counter(shown_as[key][1] for key in sorted(shown_as))),
        threads=tuple(
            Thread(
                places.label(line),
                f"storylines/{line.id}/index.html",
                f"{phrases.count(len(line.record_ids), 'record')} · moved {phrases.day(line.updated.date())}",
            )
            for line in shown[:MAX_LINES]
        ),
        more_threads=max(0, len(shown) - MAX_LINES),
    )


def records_of(line: Storyline, edition: Edition) -> list[tuple[str, str, str, str]]:
    """What is remembered of a storyline for the pages of its beats, as `_told` has it."""
    told: list[tuple[str, str, str, str]] = edition.remember("beat", partial(_told, line, edition), line.id)
    return told


def _told(line: Storyline, edition: Edition) -> list[tuple[str, str, str, str]]:
    """Of each record of a storyline its origin, its day and its publisher; these "" for one that is not shown."""
    found = []
    for key, origin in record_origins(line, edition).items():
        record = edition.records.get(key)
        day, by = (record.published.date().isoformat(), publisher_of(record)) if record else ("", "")
        found.append((key, origin, day, by))
    return found
