"""The parsed page: what stands in its head, which of its words no reader sees, which of its lines are links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pipeline import addresses

MAX_LINKS = 20_000
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
    r"|font-size\s*:\s*0(?:\.0*)?(?:px|pt|r?em|%)?\s*(?:;|!|$)"
    r"|(?:text-indent|left|top|margin-left)\s*:\s*-\d{4,}"
    r"|clip\s*:\s*rect\(\s*0|clip-path\s*:\s*inset\(\s*(?:50|100)%",
    re.I,
)
_ZERO = re.compile(r"(?:^|[;\s])(?:max-)?(?:width|height)\s*:\s*0(?:px)?\s*(?:;|!|$)", re.I)
_CLIPPED = re.compile(r"overflow\s*:\s*hidden", re.I)
_STYLED = "//*[@hidden or @aria-hidden or @style] | //template"
_CODE = ("script", "style", "noscript")
_ROOTS = frozenset(("html", "head", "body"))  # hidden until a script shows the page: everything would be gone
_IMAGES_ONLY = "noimageai"
_NO_AI = re.compile(r"\bno-?ai\b|\bnoimageai\b", re.I)


@dataclass(frozen=True, slots=True)
class Head:
    """What a page says of itself beside its text. `links` holds its anchor texts, folded, one line each."""

    canonical: str | None
    reserved: str | None
    links: frozenset[str]


def head(root: Any, url: str | None) -> Head:
    """Read the head and the links of a parsed page."""
    links = (folded(" ".join(anchor.itertext())) for _, anchor in zip(range(MAX_LINKS), root.iter("a"), strict=False))
    return Head(_canonical(root, url), _reserved(root), frozenset(line for line in links if line))


def folded(line: str) -> str:
    """`line` as it is compared: one space between words, case folded."""
    return " ".join(line.split()).casefold()


def _canonical(root: Any, url: str | None) -> str | None:
    """The first address of rel=canonical (RFC 6596), absolute; None where there is none that can be read."""
    for link in _first(root.iter("link"), 2000):
        href = link.get("href", "").strip()
        if href and "canonical" in link.get("rel", "").lower().split():
            return addresses.absolute(href, url or "")
    return None


def _reserved(root: Any) -> str | None:
    """The signal by which the page reserves its text from machines: "noai", "noimageai", "tdm-reservation", or None.

    The first two are words of a robots meta element (proposed by DeviantArt, 2022); the last is that of the TDM
    Reservation Protocol (W3C community group, 2024), where 1 reserves.
    """
    for meta in _first(root.iter("meta"), 2000):
        name, content = meta.get("name", "").strip().lower(), meta.get("content", "")[:500]
        if name == "tdm-reservation" and content.strip() == "1":
            return "tdm-reservation"
        said = _NO_AI.search(content) if name == "robots" else None
        if said:
            return said[0].lower().replace("-", "")
    return None


def reserves_text(signal: str | None) -> bool:
    """Whether a signal keeps the text of a page from machines: one about images alone does not."""
    return signal is not None and signal != _IMAGES_ONLY


def strip_unseen(root: Any) -> None:
    """Take out what no reader sees: `hidden`, aria-hidden, inline styles that leave no room for words.

    Where that is most of the page, its scripts show it later, and everything stays: Resiliparse, which leaves hidden
    text out as well, is the second opinion then.
    """
    unseen = [element for element in root.xpath(_STYLED) if _invisible(element)]
    if not unseen:
        return
    nested = set(unseen)
    outer = [element for element in unseen if not any(above in nested for above in element.iterancestors())]
    if 2 * sum(map(_letters, outer)) <= _letters(root):
        for element in outer:
            element.drop_tree()


def _letters(root: Any) -> int:
    """Code points of text under `root`, without scripts and styles."""
    every = sum(map(len, root.itertext()))
    return every - sum(len(element.text or "") for element in root.iter(*_CODE))


def _invisible(element: Any) -> bool:
    if element.tag in _ROOTS:
        return False
    attributes = element.attrib
    if element.tag == "template" or attributes.get("aria-hidden", "").lower() == "true":
        return True
    if "hidden" in attributes and attributes["hidden"].lower() != "until-found":
        return True
    style = attributes.get("style", "")
    return bool(style) and bool(_UNSEEN.search(style) or (_ZERO.search(style) and _CLIPPED.search(style)))


def _first(elements: Iterable[Any], most: int) -> Iterator[Any]:
    return (element for _, element in zip(range(most), elements, strict=False))
