"""The picture that a link to a page shows where it is shared: 1200 x 630 pixels, PNG, in sixteen colours.

`drawing` draws it with Pillow (extra `cards`) in a font that comes along (OFL.txt), so a card is the same on every
machine with the same Pillow. A headline in letters that the font lacks gives way to the beat's name, the site's, or
the desk's rule: no card shows boxes, and none is empty. Without Pillow every card is the plain one, which stands here
ready-made; pages lead to the same addresses either way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

from pipeline import resources
from pipeline.amends import Tombstone
from pipeline.domain import Story, digest
from pipeline.edition import Edition, Page
from pipeline.renderers.corrections_view import last_tombs
from pipeline.renderers.phrases import day
from pipeline.renderers.places import Places
from pipeline.renderers.printing import printable

PLAIN = "assets/card.png"  # of all that is no story
NAME = "card.png"  # of a story, beside its page
WIDTH, HEIGHT = 1200, 630
_MOST = 400  # characters of a text that are drawn: more has no room
_LOOK = "2"  # changes with the look, so that cards are drawn anew
_KNOWN = re.compile(
    "[\u0020-\u007e\u00a0-\u0148\u014a-\u024f\u02bb-\u02bc\u0400-\u045f\u0462-\u0463\u0472-\u0475\u048a-\u052f"
    "\u1e00-\u1eff\u2010-\u2027\u2030\u2032-\u203a\u20a4\u20ac\u20b4\u20bd\u2116\u2122\u2212\u2260]*\\Z"
)


@dataclass(frozen=True, slots=True)
class Card:
    """All that a card rests on; what cannot be drawn is left out."""

    site: str
    beat: str
    headline: str
    date: str


def cards(edition: Edition, places: Places) -> Iterator[Page]:
    """The card of each story, of one that was withdrawn saying so, and the one of all other pages."""
    site = edition.settings.site
    yield _page(PLAIN, Card(site.name, "", site.description, ""))
    for story in (*places.live, *places.briefings.values()):
        yield _page(of(story), Card(site.name, story.beat, story.headline.text, day(story.written.date())))
    for tomb in last_tombs(edition):
        yield _page(of(tomb), Card(site.name, tomb.beat, "Withdrawn", day(tomb.at.date())))


def of(story: Story | Tombstone) -> str:
    """The address of a story's card, the same for all of its versions."""
    return f"stories/{story.slug}/{NAME}"


def _page(path: str, card: Card) -> Page:
    drawn = digest("card", _LOOK, _pillow(), card.site, card.beat, card.headline, card.date, size=32)
    return Page(path, partial(picture, card), drawn)


@lru_cache(maxsize=1)
def _pillow() -> str:
    """The version of Pillow; "" where it is not installed."""
    try:
        from pipeline.renderers.cards.drawing import VERSION  # noqa: PLC0415  the extra `cards`
    except ImportError:
        return ""
    return VERSION


def picture(card: Card) -> bytes:
    """The card as PNG; the plain one where Pillow is missing."""
    if not _pillow():
        return resources.data("cards", "plain.png")
    from pipeline.renderers.cards.drawing import drawn  # noqa: PLC0415

    return drawn(card)


def drawable(text: str) -> str:
    """`text` on one line, composed; "" where the font lacks a letter of it."""
    flat = " ".join(unicodedata.normalize("NFC", printable(text)).split())[:_MOST]
    return flat if _KNOWN.match(flat) else ""
