"""OPML 1.0 and 2.0 (https://opml.org/spec2.opml): lists of feeds that other readers write and read. Pure.

Read with expat, element by element: depth costs nothing, every outline has its line, and a document that declares
entities is refused before one is expanded. What Citewire knows of a source beyond name, address and language stands in
attributes of its own namespace, which other readers leave alone.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime
from ipaddress import ip_address
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from pipeline.addresses import host, safe
from pipeline.domain import Source
from pipeline.errors import UsageError, discreet

MAX_BYTES = 32 * 1024 * 1024
MAX_OUTLINES = 100_000
MAX_TEXT = 2000  # characters of one attribute; an address that is longer is none
NAMESPACE = "urn:citewire:source"
PREFIX = "citewire:"
OWN = ("name", "kind", "owner", "country", "note")  # what a source has that OPML has no word for
_BARE_AMPERSAND = re.compile(rb"&(?!(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos);)")
_TOKEN = re.compile(r"(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{28,}")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Outline:
    """One subscription. `folders` are the outlines around it, outermost first; `own` what Citewire wrote beside it."""

    line: int
    title: str
    address: str
    folders: tuple[str, ...] = ()
    lang: str | None = None
    own: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, object] = field(default_factory=dict)


def read(content: bytes, *, file: str) -> tuple[Outline, ...]:
    """The subscriptions in an OPML document, in its order; texts are as they stand there, cut at 2,000 characters.

    Raises UsageError, with the line, for what is no OPML, declares entities, or is larger than an OPML file can be.
    """
    if len(content) > MAX_BYTES:
        raise UsageError(
            f"{file} has {len(content) / 1048576:.0f} MiB, more than the {MAX_BYTES // 1048576} MiB that are read of "
            "an OPML file; nothing was imported; split it"
        )
    found = _Reading(file)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = found.doctype
    parser.EntityDeclHandler = found.entity
    parser.StartElementHandler = found.start
    parser.EndElementHandler = found.end
    found.parser = parser
    try:
        parser.Parse(_repaired(content), True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UsageError(
            f"{file}, line {parser.CurrentLineNumber}: not XML that can be read ({error}); nothing was imported; "
            "export it again, or mend that line"
        ) from None
    if not found.is_opml:
        raise UsageError(f"{file} is XML, but no OPML (its root is not <opml>); nothing was imported")
    return tuple(found.outlines)


def public(source: Source) -> str:
    """The address of a source where everybody may know it; "" for a file, an own server, a login, or what looks like a
    key: a parameter named for one, or a run of 28 letters and digits or more, such as no page's title makes."""
    link = safe(source.address)
    name = host(link) if link else None
    if source.kind == "files" or link is None or name is None or discreet(source.address) != source.address:
        return ""
    return "" if _private(name) or _TOKEN.search(link) else link


def _private(name: str) -> bool:
    """Whether a host is nobody else's to ask: an address that is not global, or a name of one's own network."""
    try:
        return not ip_address(name).is_global
    except ValueError:
        return "." not in name or name.endswith((".local", ".internal", ".lan", ".home.arpa", ".localhost"))


def shared(sources: Sequence[Source], *, title: str) -> str:
    """`sources` as anybody may have them: without options, and with no address that is not public; undated."""
    return write([replace(source, address=public(source), options={}) for source in sources], title=title)


def write(sources: Sequence[Source], *, title: str, now: datetime | None = None) -> str:
    """OPML 2.0 of `sources`: one folder per beat, sources without a beat outside; order kept within each."""
    folders: dict[str | None, list[Source]] = {None: []}
    for source in sources:
        folders.setdefault(source.beat, []).append(source)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<opml version="2.0" xmlns:{PREFIX.rstrip(":")}="{NAMESPACE}">',
        f"  <head><title>{_escaped(title)}</title>{_created(now)}</head>",
        "  <body>",
    ]
    lines += [f"    {_outline(source)}" for source in folders.pop(None)]
    for beat, members in folders.items():
        lines.append(f"    <outline {_attributes({'text': beat})}>")
        lines += [f"      {_outline(source)}" for source in members]
        lines.append("    </outline>")
    return "\n".join([*lines, "  </body>", "</opml>", ""])


# --- reading ---------------------------------------------------------------------------------------------------------


class _Reading:
    """What expat tells, as it goes."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.parser: Any = None
        self.outlines: list[Outline] = []
        self.is_opml = False
        self._seen = 0
        self._depth = 0
        self._folders: list[str] = []  # one name for each open <outline>; "" for a subscription

    def doctype(self, name: str, system: str | None, public: str | None, subset: int) -> None:
        """A DOCTYPE without declarations is harmless: nothing outside the file is ever read."""
        if subset:
            self.entity()

    def entity(self, *_: object) -> None:
        raise UsageError(
            f"{self.file}, line {self.parser.CurrentLineNumber}: it declares XML entities, as attacks do; nothing was "
            "imported; remove its <!DOCTYPE ...>"
        )

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 1:
            self.is_opml = tag.lower() == "opml"
        if tag.lower() != "outline":
            return
        self._seen += 1
        if self._seen > MAX_OUTLINES:
            raise UsageError(
                f"{self.file}, line {self.parser.CurrentLineNumber}: more than {MAX_OUTLINES:,} outlines; nothing was "
                "imported; split it"
            )
        told = {name.lower(): value[: MAX_TEXT + 1] for name, value in attributes.items()}
        title = told.get("title") or told.get("text") or ""
        address = told.get("xmlurl") or (told.get("url", "") if told.get("type", "").lower() in ("rss", "atom") else "")
        if address:
            self.outlines.append(
                Outline(
                    line=self.parser.CurrentLineNumber,
                    title=told.get("text") or title,
                    address=address.strip(),
                    folders=tuple(name for name in self._folders[-50:] if name),
                    lang=told.get("language") or None,
                    own={key: told[PREFIX + key] for key in OWN if told.get(PREFIX + key)},
                    options=_options(attributes.get(f"{PREFIX}options", "")),
                )
            )
        self._folders.append("" if address else title)

    def end(self, tag: str) -> None:
        self._depth -= 1
        if tag.lower() == "outline":
            self._folders.pop()


def _options(text: str) -> dict[str, object]:
    """Options of a source: names with plain values or lists of them; anything else is left out."""
    try:
        found = json.loads(text) if 0 < len(text) <= MAX_TEXT * 5 else {}
    except (ValueError, RecursionError):
        return {}
    return {key: value for key, value in found.items() if _plain(value)} if isinstance(found, dict) else {}


def _plain(value: object) -> bool:
    """Whether `value` can be written into a configuration and be read back: text, a finite number, a list of those."""
    if isinstance(value, list):
        return all(_plain(one) and not isinstance(one, list) for one in value)
    if isinstance(value, str):
        return not _NOT_XML.search(value)
    return isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))


def _repaired(content: bytes) -> bytes:
    """Bare ampersands escaped, the one fault that lists written by hand have; UTF-16 is left as it is."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content[:100]:
        return content
    return _BARE_AMPERSAND.sub(b"&amp;", content.lstrip(b" \t\r\n"))


# --- writing ---------------------------------------------------------------------------------------------------------


def _created(now: datetime | None) -> str:
    return f"<dateCreated>{format_datetime(now)}</dateCreated>" if now else ""


def _outline(source: Source) -> str:
    """One subscription. A source that is no feed has no `type`, so that other readers do not ask it as one."""
    options = {key: value for key, value in source.options.items() if _plain(value)}
    own = {
        "name": source.name if "<" in source.name or "&" in source.name else None,  # titles are read as HTML
        "kind": None if source.kind == "feed" else source.kind,
        "owner": source.owner,
        "country": source.country,
        "note": source.note,
        "options": json.dumps(options, ensure_ascii=False, sort_keys=True) if options else None,
    }
    told = {
        "text": source.name,
        "title": source.name,
        "type": "rss" if source.kind == "feed" else None,
        "xmlUrl": source.address,
        "language": source.lang,
        **{PREFIX + key: value for key, value in own.items()},
    }
    return f"<outline {_attributes(told)}/>"


def _attributes(told: Mapping[str, str | None]) -> str:
    return " ".join(f"{name}={_quoted(value)}" for name, value in told.items() if value)


def _quoted(value: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", value), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _escaped(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
