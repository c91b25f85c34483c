"""A small world whose papers bring news every day, and all that goes wrong in it: made from one seed, day by day.

Six outlets tell of affairs that live for one to three weeks; what they print is invented, and every article has a
title of its own. Feeds hold an outlet's newest items, as feeds do.
"""

# ruff: noqa: E501  # templates of sentences read better on one line

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

from hostile import Chunks, Request, Route, reply
from hostile_strings import ADDRESSES, STRINGS

FIRST = datetime(2026, 1, 5, 2, tzinfo=UTC)
DAY = timedelta(days=1)
OUTLETS = ("Harbour Wire", "Daily Ledger", "Grid Post", "Selmouth Echo", "Tarn Courier", "Orrel Times")
IN_FEED = 24  # items that a feed holds

_HEADS = (
    "Sel",
    "Cor",
    "Tar",
    "Orr",
    "Bran",
    "Kel",
    "Vos",
    "Hal",
    "Min",
    "Ost",
    "Rav",
    "Lun",
    "Dor",
    "Fen",
    "Gar",
    "Wes",
)
_TAILS = (
    "mouth",
    "vane",
    "dale",
    "holm",
    "wick",
    "ford",
    "sund",
    "mark",
    "stad",
    "berg",
    "more",
    "field",
    "haven",
    "ton",
)
_FIRST_NAMES = ("Ana", "Olav", "Mina", "Pia", "Bo", "Ines", "Karl", "Ruth", "Tove", "Emil", "Nora", "Jan")
_THINGS = ("gas turbines", "ferries", "trams", "wind turbines", "cranes", "pumps", "buses", "boilers", "transformers")
_PLACES = ("port", "airport", "hospital", "university", "waterworks", "power station", "harbour", "railway")
_STEPS = (
    ("orders {n} {thing} from {firm}", "The {place} of {town} ordered {n} {thing} from {firm} on {day}, director {person} said. "
     "The order is worth {sum} million euros, the {place} said in a statement."),
    ("waits for {thing} of {firm}", "{firm} will deliver the first of {n} {thing} to the {place} of {town} {weeks} weeks late, {firm} said. "
     "A strike at a supplier is to blame for the delay, according to {person}, who runs the {place}."),
    ("is sued over {thing}", "Residents of {town} sued the {place} over {n} {thing} on {day}, their lawyer said. "
     "They fear noise at night from the {thing}, {person} of their council said."),
    ("gets a permit for {thing}", "The air board of {town} gave the {place} a permit for {n} {thing} on {day}. "
     "The permit is limited to {weeks} months, the board said."),
    ("pays more for {thing}", "The {place} of {town} will pay {sum} million euros for its {thing}, {firm} said on {day}. "
     "The price rose because of steel, director {person} said."),
    ("tests its first {thing}", "The {place} of {town} tested the first of its {n} {thing} on {day}, {person} said. "
     "The test by {firm} lasted {weeks} hours and found no fault, the {place} said."),
)  # fmt: skip
_COLOUR = (
    "The {place} employs {staff} people in {town}.",
    "{firm} was founded in {year} and has {staff} employees.",
    "The council of {town} will debate the {thing} on the first Monday of next month, the town said.",
    "Rivals of {firm} had offered {few} {thing} for less, according to the {place}.",
)
_SMALL = (
    ("{town} opens a school for {staff} children", "{town} opened a school for {staff} children on {day}, the town said. It cost {sum} million euros."),
    ("Storm cuts power to {staff} homes in {town}", "A storm cut power to {staff} homes in {town} on {day}, the grid operator said. Repairs took {weeks} hours."),
    ("{town} counts {n} herons", "Volunteers counted {n} herons at {town} on {day}, {person} said. There were {few} a year before."),
)  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One item of a feed."""

    outlet: str
    number: int
    title: str
    text: str
    published: datetime
    author: str = ""
    link: str = ""
    hostile: bool = False

    @property
    def url(self) -> str:
        return self.link or f"https://{self.outlet.lower().replace(' ', '-')}.example/news/{self.number}"

    def xml(self) -> str:
        return (
            f'<item><guid isPermaLink="false">{escape(self.outlet[:3])}{self.number}</guid><title>{escape(self.title)}</title>'
            f"<link>{escape(self.url)}</link><description>{escape(self.text)}</description>"
            f"<author>{escape(self.author)}</author><pubDate>{format_datetime(self.published)}</pubDate></item>"
        )


@dataclass
class Affair:
    """Something that happens for a while: who, where, what."""

    words: dict[str, str]
    ends: int
    step: int = 0


@dataclass
class World:
    """The papers of one seed; `turn(day)` lets a day pass."""

    seed: int
    feeds: dict[str, list[Item]] = field(default_factory=lambda: {outlet: [] for outlet in OUTLETS})
    told: list[str] = field(default_factory=list)  # names of people in the news, for takedowns
    _affairs: list[Affair] = field(default_factory=list)
    _made: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(f"world {self.seed}")  # a simulation

    def turn(self, day: int) -> None:
        """News of one day reaches the feeds; some old items change, come twice or go."""
        self._affairs = [one for one in self._affairs if one.ends > day]
        while len(self._affairs) < 1:
            self._affairs.append(Affair(self._words(), day + self.random.randint(7, 21)))
        for affair in self._affairs:
            if self.random.random() < 0.35:
                self._develop(affair, day)
        if self.random.random() < 0.4:
            words, (title, text) = self._words(), self.random.choice(_SMALL)
            self._print(self.random.choice(OUTLETS), title.format_map(words), text.format_map(words), day)
        for happens, often in ((self._copy, 0.3), (self._edit, 0.15), (self._delete, 0.1), (self._attack, 0.3)):
            if self.random.random() < often:
                happens(day)

    def _words(self) -> dict[str, str]:
        pick = self.random
        name = lambda: pick.choice(_HEADS) + pick.choice(_TAILS)  # noqa: E731
        person = f"{pick.choice(_FIRST_NAMES)} {name()}"
        self.told.append(person)
        return {
            "town": name(), "firm": f"{name()} {pick.choice(('AG', 'Works', 'Group', 'Power'))}", "person": person,
            "thing": pick.choice(_THINGS), "place": pick.choice(_PLACES), "year": str(pick.randint(1880, 2020)),
            "staff": str(pick.randint(3, 90) * 20), "few": str(pick.randint(3, 40)), "sum": str(pick.randint(5, 900)),
            "n": str(pick.randint(4, 60)), "weeks": str(pick.randint(3, 30)), "day": "Monday",
        }  # fmt: skip

    def _develop(self, affair: Affair, day: int) -> None:
        """Two to four outlets tell the affair's next step, each with colour of its own."""
        title, text = _STEPS[affair.step % len(_STEPS)]
        affair.step += 1
        words = affair.words | {"day": f"{FIRST + (day - 1) * DAY:%A}"}
        if affair.step > 1:
            words |= {"sum": str(self.random.randint(5, 900)), "weeks": str(self.random.randint(3, 30))}
        for outlet in self.random.sample(OUTLETS, self.random.randint(2, 4)):
            first, second = text.format_map(words).split(". ", 1)
            colour = [line.format_map(words) for line in self.random.sample(_COLOUR, 2)]
            told = (f"{first}.", second, *colour) if self.random.random() < 0.5 else (f"{first}.", colour[0], second)
            head = self.random.choice(("{town} {place} ", "The {place} of {town} ")).format_map(words)
            self._print(outlet, head + title.format_map(words), " ".join(told), day)

    def _print(self, outlet: str, title: str, text: str, day: int, **more: str | bool) -> None:
        self._made += 1
        hour = timedelta(hours=self.random.uniform(3, 22))
        at = (FIRST + day * DAY - hour).replace(microsecond=0, second=0)
        item = Item(outlet, self._made, f"{title}, no. {self._made}", text, at, **more)  # type: ignore[arg-type]
        self.feeds[outlet] = [item, *self.feeds[outlet]][:IN_FEED]

    def _any(self) -> Item | None:
        items = [item for feed in self.feeds.values() for item in feed if not item.hostile]
        return self.random.choice(items) if items else None

    def _copy(self, day: int) -> None:
        """An outlet prints another's words, as its own or at the same address."""
        if item := self._any():
            if self.random.random() < 0.5:
                self._print(self.random.choice(OUTLETS), item.title.partition(",")[0], item.text, day)
            else:
                other = self.random.choice(OUTLETS)
                self.feeds[other] = [replace(item, outlet=other, link=item.url), *self.feeds[other]][:IN_FEED]

    def _edit(self, _: int) -> None:
        if item := self._any():
            changed = replace(item, text=item.text + " An earlier version of this report gave another figure.")
            self.feeds[item.outlet] = [changed if one == item else one for one in self.feeds[item.outlet]]

    def _delete(self, _: int) -> None:
        if item := self._any():
            self.feeds[item.outlet].remove(item)

    def _attack(self, day: int) -> None:
        """Somebody writes harm into every field."""
        harm = [self.random.choice(STRINGS) for _ in range(3)]
        told = f"{harm[1]} The port paid {self.random.randint(2, 99)} million euros, {harm[2]} said."
        link = self.random.choice(ADDRESSES) if self.random.random() < 0.5 else ""
        self._print(self.random.choice(OUTLETS), harm[0], told, day, author=harm[2], link=link, hostile=True)


def feed(outlet: str, items: list[Item]) -> bytes:
    """The outlet's feed as its server sends it."""
    head = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{outlet}</title>'
    text = "".join(ch for ch in "".join(item.xml() for item in items) if ch in "\t\n\r" or ch >= " ")
    whole = (head + text + "</channel></rss>").encode("utf-8", "replace")
    return reply(whole.decode(), Content_Type="application/rss+xml; charset=utf-8")


def _cut(good: bytes) -> Route:
    return good[: len(good) * 2 // 3]


def _silent(_: bytes) -> Route:
    def nothing(_: Request) -> Chunks:
        yield b""

    return nothing


TROUBLES: dict[str, Callable[[bytes], Route]] = {
    "503": lambda _: reply("busy", "503 Service Unavailable"),
    "500": lambda _: reply("oh", "500 Internal Server Error"),
    "404": lambda _: reply("not here", "404 Not Found"),
    "429": lambda _: reply("slow down", "429 Too Many Requests", Retry_After="7200"),
    "cut off": _cut,
    "silent": _silent,
    "a page": lambda _: reply("<!doctype html><title>Sign in</title><p>Sign in to read on.", Content_Type="text/html"),
    "empty": lambda _: reply(""),
    "bomb": lambda _: reply_gzip(b"<rss>" + b" " * (24 << 20)),
    "no gzip": lambda _: reply("nothing is packed here", Content_Encoding="gzip"),
    "half a tag": lambda good: reply(good.partition(b"\r\n\r\n")[2][:-700].decode("utf-8", "ignore")),
}


def reply_gzip(body: bytes) -> bytes:
    """A reply in gzip."""
    packed = gzip.compress(body, 9, mtime=0)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
    return head.encode() + packed
