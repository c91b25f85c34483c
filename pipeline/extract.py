"""Pages to text: trafilatura with its behaviour pinned. Pure: bytes in, text and metadata out, no network, no clock.

trafilatura and lxml may crash when threads share them and may run for minutes on a hostile page, so callers outside the
evaluation run `extract_page` in a worker process that can be killed.
"""

from __future__ import annotations

import codecs
import re
from configparser import ConfigParser
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from pipeline.errors import ExtractionError
from pipeline.language import cleaning

MAX_ELEMENTS = 50_000
MAX_FRAGMENT = 2_000_000
MIN_TEXT = 80  # characters; what is shorter is a notice, not an article

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.I)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.I)
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote br caption dd details div dl dt figcaption figure footer form h1 h2 h3 h4 h5 "
        "h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul",
    )
)
_HIDDEN = frozenset(
    re.findall(r"\w+", "script style noscript template iframe object svg math head title button select textarea")
)


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a page says. `text` has one paragraph per line; `published` has the precision of a day."""

    title: str
    text: str
    author: str | None = None
    published: datetime | None = None
    publisher: str | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The input of `extract_page`, as one value that can be sent to a worker."""

    html: bytes
    url: str
    content_type: str = ""
    today: str | None = None


def extract(html: bytes, url: str | None = None, *, content_type: str = "", today: str | None = None) -> Extracted:
    """Main text and metadata of a page.

    `content_type` is the HTTP header, for its charset. `today` (YYYY-MM-DD) bounds the dates that are believed.
    Raises ExtractionError when there is no article in it.
    """
    import trafilatura  # noqa: PLC0415  heavy, and wanted in workers only

    text = decode(html, content_type).replace("\x00", "")
    if not text.strip():
        raise ExtractionError("the page is empty")
    try:
        found = trafilatura.bare_extraction(
            _XML_DECLARATION.sub("", text),
            url=url,
            with_metadata=True,
            include_comments=False,
            include_tables=True,
            include_images=False,
            include_links=False,
            include_formatting=False,
            deduplicate=False,
            config=_pinned(),
            date_extraction_params={
                "original_date": True,
                "extensive_search": False,
                "max_date": today or "2100-01-01",
            },
        )
    except (ValueError, TypeError, AttributeError, IndexError, KeyError, RecursionError, AssertionError) as error:
        raise ExtractionError(f"the page could not be read ({type(error).__name__}: {error})") from None
    body = cleaning.clean(found.text or "") if found is not None and not isinstance(found, dict) else ""
    if found is None or isinstance(found, dict) or len(body) < MIN_TEXT:
        raise ExtractionError("the page holds no article text")
    return Extracted(
        title=cleaning.line(found.title or ""),
        text=body,
        author=cleaning.line(found.author or "") or None,
        published=_day(found.date),
        publisher=cleaning.line(found.sitename or "") or None,
        lang=found.language,
    )


@cache
def _pinned() -> ConfigParser:
    """trafilatura's settings, independent of any settings file of the machine."""
    from trafilatura.settings import use_config  # noqa: PLC0415

    config: ConfigParser = use_config()
    config.set("DEFAULT", "MAX_TREE_SIZE", str(MAX_ELEMENTS))
    config.set("DEFAULT", "EXTENSIVE_DATE_SEARCH", "off")
    return config


def extract_page(page: Page) -> Extracted:
    """`extract` of one value, for worker processes."""
    return extract(page.html, page.url, content_type=page.content_type, today=page.today)


def decode(data: bytes, content_type: str = "") -> str:
    """`data` as text. UTF-8 that is valid is UTF-8, whatever header or page say; then header, page, Windows-1252."""
    for mark, coding in _MARKS:
        if data.startswith(mark):
            return data.decode(coding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    header, meta = _HEADER_CHARSET.search(content_type), _META_CHARSET.search(data[:4096])
    for name in (header[1] if header else None, meta[1].decode("ascii") if meta else None):
        if name:
            try:
                return data.decode("cp1252" if name.lower() in ("iso-8859-1", "latin-1", "latin1") else name)
            except (LookupError, UnicodeError):
                continue
    return data.decode("utf-8" if _mostly_utf8(data) else "cp1252", "replace")


def _mostly_utf8(data: bytes) -> bool:
    """Whether broken UTF-8 (cut in a character, say) is still more likely than a one-byte charset."""
    text = data[:100_000].decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return broken * 4 < sum(1 for char in text if ord(char) > 0x7F)


def fragment_text(html: str) -> str:
    """Text of an HTML fragment (a feed's description): one line per block, nothing of scripts and styles."""
    html = html.replace("\x00", "")
    if "<" not in html and "&" not in html:
        return cleaning.clean(html)
    from lxml import etree  # noqa: PLC0415
    from lxml import html as lxml_html  # noqa: PLC0415

    try:
        parser = lxml_html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
        root = lxml_html.document_fromstring(f"<div>{html[:MAX_FRAGMENT]}</div>", parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return cleaning.strip_markup(html[:MAX_FRAGMENT])
    parts: list[str] = []
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else "script"
        if tag in _BLOCKS:
            parts.append("\n")
        if event == "end":
            parts.append(_inline(element.tail))
        elif tag in _HIDDEN:
            walker.skip_subtree()
        else:
            parts.append(_inline(element.text))
    lines = (line.strip() for line in "".join(parts).split("\n"))
    return cleaning.clean("\n".join(line for line in lines if line))


def _inline(text: str | None) -> str:
    return (text or "").replace("\n", " ")


def _day(date: str | None) -> datetime | None:
    try:
        return datetime.strptime(date, "%Y-%m-%d").replace(tzinfo=UTC) if date else None
    except ValueError:
        return None
