"""The picture that a link to a page shows where it is shared: 1200 x 630 pixels, PNG, in sixteen colours.

Drawn with Pillow (extra `cards`) in a font that comes along (OFL.txt), so a card is the same on every machine with the
same Pillow. A headline in letters that the font lacks gives way to the beat's name or the site's: no card shows boxes.
Without Pillow every card is the plain one, which stands here ready-made; pages lead to the same addresses either way.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline import resources
from pipeline.domain import Story, digest
from pipeline.edition import Edition, Page
from pipeline.renderers.phrases import day
from pipeline.renderers.places import Places
from pipeline.renderers.printing import printable

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

PLAIN = "assets/card.png"  # of all that is no story
NAME = "card.png"  # of a story, beside its page
WIDTH, HEIGHT = 1200, 630
_LEFT, _RIGHT, _TOP, _FOOT = 84, 1116, 144, 526
_SIZES = range(82, 33, -4)  # of the headline: the largest in which it fits
_MOST = 400  # characters of a text that are drawn: more has no room
_LOOK = "1"  # changes with the look, so that cards are drawn anew
_PAPER, _INK, _ACCENT = (248, 249, 247), (23, 33, 30), (11, 90, 83)
_SHADES = 14  # from paper to ink; the accent is the one above
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
    """The card of each story, and the one of all other pages."""
    site = edition.settings.site
    yield _page(PLAIN, Card(site.name, "", site.description, ""))
    for story in (*places.live, *places.briefings.values()):
        yield _page(of(story), Card(site.name, story.beat, story.headline.text, day(story.written.date())))


def of(story: Story) -> str:
    """The address of a story's card, the same for all of its versions."""
    return f"stories/{story.slug}/{NAME}"


def _page(path: str, card: Card) -> Page:
    drawn = digest("card", _LOOK, _pillow(), card.site, card.beat, card.headline, card.date, size=32)
    return Page(path, lambda: picture(card), drawn)


@lru_cache(maxsize=1)
def _pillow() -> str:
    """The version of Pillow; "" where it is not installed."""
    try:
        import PIL  # noqa: PLC0415  the extra `cards`
        from PIL import ImageFont  # noqa: F401, PLC0415
    except ImportError:
        return ""
    return str(PIL.__version__)


def picture(card: Card) -> bytes:
    """The card as PNG; the plain one where Pillow is missing."""
    if not _pillow():
        return resources.data("cards", "plain.png")
    from PIL import Image, ImageDraw  # noqa: PLC0415

    image = Image.new("L", (WIDTH, HEIGHT), 0)
    draw = ImageDraw.Draw(image)
    site, beat, date = (drawable(text) for text in (card.site, card.beat, card.date))
    draw.text((_LEFT, 66), _cut(site, 34, _RIGHT - _LEFT - 300), fill=255, font=_font(34))
    draw.text((_RIGHT, 72), date, fill=150, font=_font(26), anchor="ra")
    _headline(draw, drawable(card.headline) or beat or site)
    draw.line((_LEFT, _FOOT + 10, _RIGHT, _FOOT + 10), fill=90, width=2)
    draw.text((_LEFT, _FOOT + 28), _cut(beat, 28, 520), fill=150, font=_font(28))
    draw.text((_RIGHT, _FOOT + 28), "Every sentence cites its source", fill=150, font=_font(28), anchor="ra")
    image = image.point([round(level * _SHADES / 255) for level in range(256)])
    ImageDraw.Draw(image).rectangle((0, 0, 22, HEIGHT), fill=_SHADES + 1)
    image.putpalette(_palette())
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=6, bits=4)
    return out.getvalue()


def drawable(text: str) -> str:
    """`text` on one line, composed; "" where the font lacks a letter of it."""
    flat = " ".join(unicodedata.normalize("NFC", printable(text)).split())[:_MOST]
    return flat if _KNOWN.match(flat) else ""


def _palette() -> list[int]:
    shades = [
        round(paper + (ink - paper) * level / _SHADES)
        for level in range(_SHADES + 1)
        for paper, ink in zip(_PAPER, _INK, strict=True)
    ]
    return [*shades, *_ACCENT]


@lru_cache(maxsize=32)
def _font(size: int) -> FreeTypeFont:
    from PIL import ImageFont  # noqa: PLC0415

    return ImageFont.truetype(io.BytesIO(_face()), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=1)
def _face() -> bytes:
    return resources.data("cards", "serif.ttf")


def _headline(draw: ImageDraw, text: str) -> None:
    """The headline in the largest size in which it fits; of one that never does the beginning."""
    for size in _SIZES:
        lines, step = _lines(text, size), round(size * 1.22)
        if len(lines) * step <= _FOOT - _TOP:
            break
    most = (_FOOT - _TOP) // step
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(" ".join(lines[most - 1 :]), size, _RIGHT - _LEFT)]
    for n, line in enumerate(lines):
        draw.text((_LEFT, _TOP + n * step), line, fill=255, font=_font(size))


def _lines(text: str, size: int) -> list[str]:
    """`text` broken into lines of at most the width of a card; a word that is longer is broken, too."""
    lines: list[str] = []
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and _width(joined, size) <= _RIGHT - _LEFT:
            lines[-1] = joined
            continue
        while _width(word, size) > _RIGHT - _LEFT:
            fits = next(n for n in range(len(word)) if _width(word[: n + 1], size) > _RIGHT - _LEFT)
            lines.append(word[:fits])
            word = word[fits:]  # noqa: PLW2901
        lines.append(word)
    return lines


def _cut(text: str, size: int, width: int) -> str:
    """The beginning of `text` that fits into `width` pixels, with an ellipsis where it goes on."""
    if _width(text, size) <= width:
        return text
    while text and _width(text + "…", size) > width:
        text = text[: max(len(text) - 1 - len(text) // 40, 0)]
    return text.rstrip() + "…"


def _width(text: str, size: int) -> float:
    return _font(size).getlength(text)
