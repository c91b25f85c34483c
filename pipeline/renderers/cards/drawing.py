"""Cards as Pillow draws them (extra `cards`)."""

from __future__ import annotations

import io
from functools import lru_cache

import PIL
from PIL import Image, ImageDraw, ImageFont

from pipeline import resources
from pipeline.renderers.cards import HEIGHT, WIDTH, Card, drawable

VERSION = str(PIL.__version__)
_LEFT, _RIGHT, _TOP, _FOOT = 84, 1116, 144, 526
_SIZES = range(82, 33, -4)  # of the headline: the largest in which it fits
_PAPER, _INK, _ACCENT = (248, 249, 247), (23, 33, 30), (11, 90, 83)
CREED = "Every sentence cites its source"
_SHADES = 14  # from paper to ink; the accent is the one above


def drawn(card: Card) -> bytes:
    """The card as PNG."""
    image = Image.new("L", (WIDTH, HEIGHT), 0)
    draw = ImageDraw.Draw(image)
    site, beat, date = (drawable(text) for text in (card.site, card.beat, card.date))
    draw.text((_LEFT, 66), _cut(site, 34, _RIGHT - _LEFT - 300), fill=255, font=_font(34))
    draw.text((_RIGHT, 72), date, fill=150, font=_font(26), anchor="ra")
    told = drawable(card.headline) or beat or site or CREED
    _headline(draw, told)
    draw.line((_LEFT, _FOOT + 10, _RIGHT, _FOOT + 10), fill=90, width=2)
    if told != beat:
        draw.text((_LEFT, _FOOT + 28), _cut(beat, 28, 520), fill=150, font=_font(28))
    if told != CREED:
        draw.text((_RIGHT, _FOOT + 28), CREED, fill=150, font=_font(28), anchor="ra")
    image = image.point([round(level * _SHADES / 255) for level in range(256)])
    ImageDraw.Draw(image).rectangle((0, 0, 22, HEIGHT), fill=_SHADES + 1)
    image.putpalette(_palette())
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=6, bits=4)
    return out.getvalue()


def _palette() -> list[int]:
    shades = [
        round(paper + (ink - paper) * level / _SHADES)
        for level in range(_SHADES + 1)
        for paper, ink in zip(_PAPER, _INK, strict=True)
    ]
    return [*shades, *_ACCENT]


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(io.BytesIO(_face()), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=1)
def _face() -> bytes:
    return resources.data("cards", "serif.ttf")


def _headline(draw: ImageDraw.ImageDraw, text: str) -> None:
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
