"""Fifty roundups in five shapes and fifty long articles, made of the invented events; the same every time."""

from __future__ import annotations

import random
from dataclasses import dataclass

from lives import news
from roundup_events import EVENTS, Event

from pipeline.domain import Record

SHAPES = ("bullets", "in brief", "live blog", "newsletter", "links")


@dataclass(frozen=True)
class Roundup:
    """A made roundup: its record, its shape, the numbers of its events."""

    record: Record
    shape: str
    events: tuple[int, ...]


def articles() -> list[Record]:
    """Fifty long articles, each about one event: all of its paragraphs, or most of them, in their order.

    In paragraphs, in one block, in lines, in sections under headings, and as a live blog.
    """
    dice = random.Random(7)
    found = []
    for number in range(50):
        event = EVENTS[number % len(EVENTS)]
        body = [event.body[0], *(text for text in event.body[1:] if dice.random() < 0.85)]
        text = (_plain, _block, _lines, _sections, _hours)[number % 5](body)
        found.append(news(f"a{number:02}", event.title, text))
    return found


def _plain(body: list[str]) -> str:
    return "\n\n".join(body)


def _block(body: list[str]) -> str:
    return " ".join(body)


def _lines(body: list[str]) -> str:
    return "\n".join(body)


def _sections(body: list[str]) -> str:
    heads = ("", "What happened", "The people behind it", "What comes next", "A longer view")
    pairs = [body[at : at + 2] for at in range(0, len(body), 2)]
    return "\n\n".join(f"{head}\n\n{' '.join(pair)}".strip() for head, pair in zip(heads, pairs, strict=False))


def _hours(body: list[str]) -> str:
    return "\n\n".join(f"{19 - at:02}:{10 + at * 5}\n{text}" for at, text in enumerate(body))


def roundups() -> list[Roundup]:
    """Fifty roundups, ten of each shape, of three to eight events."""
    dice = random.Random(11)
    found = []
    for number in range(50):
        shape = SHAPES[number % len(SHAPES)]
        half = number % 2  # one half of the roundups is made of the events that were looked at
        chosen = dice.sample([n for n in range(len(EVENTS)) if n % 2 == half], dice.randint(3, 8))
        title, text = _WRITERS[shape]([EVENTS[n] for n in chosen], dice)
        found.append(Roundup(news(f"d{number:02}", title, text), shape, tuple(sorted(chosen))))
    return found


def owner(text: str) -> int | None:
    """The number of the event that a claim's words come from; None for words of no event."""
    homes = {
        number
        for number, event in enumerate(EVENTS)
        if any(text in told or told in text for told in (*event.brief, event.title, *event.body))
    }
    return homes.pop() if len(homes) == 1 else None


def _bullets(events: list[Event], dice: random.Random) -> tuple[str, str]:
    items = [f"• {' '.join(event.brief[: dice.randint(1, 2)])}" for event in events]
    return "Morning briefing: what to know today", "Good morning. Here is what happened overnight.\n\n" + "\n".join(
        items
    )


def _in_brief(events: list[Event], dice: random.Random) -> tuple[str, str]:
    items = [f"{event.title}\n{' '.join(event.brief)}" for event in events]
    return "In brief", "\n\n".join(items)


def _live_blog(events: list[Event], dice: random.Random) -> tuple[str, str]:
    hours = sorted(dice.sample(range(6, 22), len(events)), reverse=True)
    items = [
        f"{hour:02}:{dice.randrange(60):02}\n{' '.join(event.brief)}" for hour, event in zip(hours, events, strict=True)
    ]
    return "Live: the news of the day", "\n\n".join(items)


def _newsletter(events: list[Event], dice: random.Random) -> tuple[str, str]:
    sections = [f"{event.title}\n\n{event.brief[0]}\n\n{dice.choice(event.body[1:4])}" for event in events]
    close = "That is all for tonight. Forward this letter to a friend who would like it."
    return "The evening letter", "\n\n".join(["Dear readers, these are the stories we talked about.", *sections, close])


def _links(events: list[Event], dice: random.Random) -> tuple[str, str]:
    items = [f"{n}. {event.brief[0]} (https://x.example/{dice.randrange(9999)})" for n, event in enumerate(events, 1)]
    return "Links of the week", "\n".join(items)


_WRITERS = {
    "bullets": _bullets,
    "in brief": _in_brief,
    "live blog": _live_blog,
    "newsletter": _newsletter,
    "links": _links,
}
