"""Feeds of every kind as entries: RSS 0.9 to 2.0, Atom 0.3 and 1.0, RDF and CDF by feedparser, and JSON Feed.

For worker processes: a hostile feed may keep feedparser busy for minutes or break it in a way it does not announce.
feedparser is given bytes in a buffer and nothing else, because it opens a text that looks like an address or a path.
Its sanitising is left out, as every text is reduced to plain text here, and its dates are read again where it cannot.
"""

from __future__ import annotations

import calendar
import io
import re
from contextlib import suppress
from datetime import datetime
from typing import Any

from pipeline import addresses, records
from pipeline.errors import ParseError
from pipeline.extract import decode, fragment_text
from pipeline.language import cleaning
from pipeline.sources import json_feed, moments
from pipeline.sources.entries import (
    MAX_DATE,
    MAX_ENTRIES,
    MAX_LABELS,
    MAX_LANG,
    MAX_MARKUP,
    Entry,
    More,
    Parsed,
    Payload,
    linked,
    no_more,
)
from pipeline.sources.moments import Written

_MAX_CONTENTS = 10
_MAX_DAMAGE = 0.02  # share of characters that no character set could read
# Possessive, because a lazy comment tried at every length takes time exponential in the number of comments.
_HTML = re.compile(r"\A(?>\s+|<\?.*?>|<!--.*?-->)*+<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_ROOT = re.compile(r"<(?:rss|feed|rdf:RDF|channel)\b")
_DECLARATIONS = re.compile(r"\A(?>\s+|<\?.*?>|<!--.*?-->)*+<!DOCTYPE[^>\[]*\[", re.I | re.S)
_ALTERNATE = re.compile(r"<link\b[^>]{0,500}?type\s*=\s*[\"']application/(?:rss|atom)\+xml[^>]{0,500}>", re.I)
_HREF = re.compile(r"href\s*=\s*[\"']([^\"']{1,500})", re.I)
_PLACE = re.compile(r"<unknown>:(\d+):(\d+): ")  # how a parser of XML names a place in text without a name
_MAILBOX = re.compile(r"(?:mailto:)?[\w.+%-]{1,100}@[\w.-]{1,100}")


def parse(payload: Payload, more: More = no_more) -> Parsed:
    """A feed of any kind. Raises ParseError, saying what came in place of a feed."""
    # Without the NULs of UTF-16 and UTF-32, in which a declaration would hide.
    text = decode(payload.body[:4096], payload.content_type).lstrip("\ufeff").replace("\x00", "")
    if not payload.body.strip(b"\x00 \t\r\n"):
        raise ParseError("the reply is empty where a feed should be; check the address")
    if text.lstrip().startswith(("{", "[")):
        return json_feed.parse(payload)
    if _HTML.match(text) and not _ROOT.search(text):
        raise ParseError(_not_a_feed(payload))
    if _DECLARATIONS.match(text):
        raise ParseError("it declares XML entities, as attacks do; ask its operator why")
    return _xml_feed(payload, more)


def _xml_feed(payload: Payload, more: More) -> Parsed:
    import feedparser  # noqa: PLC0415  wanted in workers only

    headers = {"content-type": _content_type(payload)}
    body = io.BytesIO(payload.body.lstrip(b" \t\r\n"))
    try:
        found = feedparser.parse(body, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
        broken = _broken(found)
        if not found.get("version") and not found.entries:
            raise ParseError(f"this is no feed ({broken or 'no element of RSS, Atom or RDF in it'}); check the address")
        lang = str(found.feed.get("language", ""))[:MAX_LANG]
        dates = Written(lang)
        entries = tuple(_entry(entry, payload.url, dates, more) for entry in found.entries[:MAX_ENTRIES])
        return Parsed(
            entries=entries,
            total=len(found.entries),
            lang=lang,
            broken=broken,
            charset=_misnamed(found) or _damage(entries),
            title=fragment_text(_field(found.feed, "title")[: records.MAX_TITLE]),
            site=linked(_field(found.feed, "link"), payload.url),
            more=more(found.feed),
        )
    except ParseError:
        raise
    except Exception as error:  # feedparser lets dozens of kinds of errors out on malformed input
        raise ParseError(f"the feed cannot be parsed ({type(error).__name__}: {str(error)[:200]})") from None


def _broken(found: Any) -> str:
    """What is wrong with the XML: a wrong media type or charset label alone is nothing."""
    trouble = found.get("bozo_exception") if found.get("bozo") else None
    if trouble is None or type(trouble).__name__ in ("NonXMLContentType", "CharacterEncodingOverride"):
        return ""
    told = _PLACE.sub(r"line \1, column \2: ", " ".join(str(trouble).split()))
    return told[:200] or type(trouble).__name__


def _misnamed(found: Any) -> str:
    """How the text could be read although its charset is not the one it is said to be in."""
    trouble = found.get("bozo_exception") if found.get("bozo") else None
    return str(trouble)[:200] if type(trouble).__name__ == "CharacterEncodingOverride" else ""


def _damage(entries: tuple[Entry, ...]) -> str:
    """How much of the text a wrong charset destroyed, where it is worth a word."""
    share = cleaning.replacement_share("".join(entry.title + entry.summary + entry.content for entry in entries))
    return f"{share:.0%} of its characters cannot be read" if share > _MAX_DAMAGE else ""


def _content_type(payload: Payload) -> str:
    """The header, with its charset replaced where the body is valid UTF-8: labels are wrong more often than bytes.

    A body that begins with a NUL or holds one beside its first character is UTF-16 or UTF-32.
    """
    try:
        payload.body.decode("utf-8")
    except UnicodeDecodeError:
        return payload.content_type
    if b"\x00" in payload.body[:4]:
        return payload.content_type
    kind = payload.content_type.partition(";")[0].strip() or "application/xml"
    return f"{kind}; charset=utf-8" if payload.body[:3] != b"\xef\xbb\xbf" else kind


# --- entries ---------------------------------------------------------------------------------------------------------


def _entry(entry: Any, base: str, dates: Written, more: More) -> Entry:
    contents = [str(part.get("value", ""))[:MAX_MARKUP] for part in dict.get(entry, "content", ())[:_MAX_CONTENTS]]
    raw = _field(entry, "summary")[:MAX_MARKUP]
    guid, link = _field(entry, "id")[: records.MAX_TITLE].strip(), _field(entry, "link")
    if link.strip() == guid and "://" not in guid:
        link = ""  # an id that only claims to be an address
    published, date = _moment(entry, dates)
    origin = dict.get(entry, "source") or {}
    return Entry(
        guid=guid,
        link=linked(link, base),
        title=fragment_text(_field(entry, "title")[: records.MAX_TITLE * 20]),
        content=max((fragment_text(part) for part in contents), key=len, default=""),
        # feedparser gives an Atom entry that has content alone a copy of it for a summary
        summary="" if raw in contents else fragment_text(raw),
        published=published,
        author=_people(entry)[: records.MAX_NAME * 4],
        comments=linked(_field(entry, "comments"), base),
        lang=_language(entry)[:MAX_LANG],
        had_markup=bool(raw.strip() or any(part.strip() for part in contents) or dict.get(entry, "title")),
        date=date[:MAX_DATE],
        origin=fragment_text(_field(origin, "title")[: records.MAX_TITLE]),
        origin_url=linked(_field(origin, "link") or _field(origin, "href"), base),
        labels=tuple(_field(tag, "term")[: records.MAX_NAME] for tag in (dict.get(entry, "tags") or ())[:MAX_LABELS]),
        more=more(entry),
    )


def _field(found: Any, key: str) -> str:
    """The text under `key`, past feedparser's mapping of old names, which is slow and warns; "" where there is none."""
    value = dict.get(found, key)
    return value if isinstance(value, str) else ""


def _people(entry: Any) -> str:
    """Names of the authors, without the mail addresses that RSS wants in their place."""
    people = [person for person in dict.get(entry, "authors", ()) if isinstance(person, dict)]
    author = _field(entry, "author")
    # feedparser takes mailboxes apart as if no domain ended in more than four letters.
    names = [author] if len(people) < 2 and "@" in author else [_field(person, "name") for person in people] or [author]
    bare = (_MAILBOX.sub(" ", name).strip(" ()<>[]") if "@" in name else name.strip() for name in names)
    return ", ".join(dict.fromkeys(name for name in bare if name))


def _language(entry: Any) -> str:
    for key in ("summary_detail", "title_detail"):
        value = (dict.get(entry, key) or {}).get("language")
        if value:
            return str(value)
    return _field(entry, "language")


def _moment(entry: Any, dates: Written) -> tuple[datetime | None, str]:
    """When the entry was published, else changed, else made, and how that is written.

    feedparser's UTC time tuple, else what the words can be read as.
    """
    written = ""
    for key in ("published", "updated", "created"):
        parsed, text = dict.get(entry, f"{key}_parsed"), _field(entry, key)
        written = written or text
        with suppress(ValueError, OverflowError, TypeError):
            found = moments.from_seconds(calendar.timegm(parsed)) if parsed else dates.read(text)
            if found and moments.zoned(text):
                return found, text
    return None, written


def _not_a_feed(payload: Payload) -> str:
    """What to say of an HTML page in a feed's place; names the feed that the page announces."""
    found = _ALTERNATE.search(decode(payload.body[:200_000], payload.content_type))
    href = _HREF.search(found[0]) if found else None
    link = addresses.absolute(href[1], payload.url) if href else None
    advice = f"It announces a feed at {link}" if link else "Open it in a browser and look for the feed's address"
    return f"an HTML page where a feed should be. {advice}"
