"""From an address as a person would paste it to the sources that stand behind it, best first.

In this order: a kind that knows the address; a feed or sitemap at the address itself; the feeds its page announces; the
places where feeds usually lie; a news sitemap that robots.txt names; the page itself. Guesses are few, obey robots.txt,
and end at the first that is there. What strangers wrote is parsed by `look`, in a process that can be killed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin, urlsplit

from pipeline import addresses
from pipeline.errors import AddressRefused, FetchError, FetchTimeout, HttpStatus
from pipeline.extract import decode, fragment_text
from pipeline.language import cleaning
from pipeline.protocols import Engine, Fetcher, Reply
from pipeline.settings import IngestSettings

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/html;q=0.9, "
    "*/*;q=0.1"
)
WELL_KNOWN = ("feed", "rss", "atom.xml", "feed.xml", "index.xml", "rss.xml", "feed.json", "feeds/posts/default")
MOST_LINKS = 12  # announced feeds that are listed
MOST_OFFERED = 3  # links of one page that look like feeds and are followed
MOST_SITEMAPS = 3  # sitemaps of a robots.txt that are looked into
MAX_ROBOTS = 512 * 1024
NEWS = "schemas/sitemap-news"
_BUSY = (429, 503)
_FEED_TYPES = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "application/json")
)
_ROOT = re.compile(r"<(?!\?|!)(?:[\w.-]+:)?([\w.-]+)")
_TITLE = re.compile(r"<title[^>]{0,200}>(.{0,2000}?)</title", re.I | re.S)
_FEED_LIKE = re.compile(r"(?:^|[/._-])(?:rss|atom|feeds?)(?:[/._-]|$)|\.rdf$", re.I)
_SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S{1,2000})", re.I | re.M)
_COMMENTS = re.compile(r"comment|kommentar|comentario|commentaire", re.I)

Recogniser = Callable[[str], Mapping[str, object] | None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source that an address may stand for: its settings (kind, address, options), how it was found, its title."""

    settings: Mapping[str, object]
    how: str
    title: str = ""

    @property
    def kind(self) -> str:
        return str(self.settings["kind"])

    @property
    def address(self) -> str:
        return str(self.settings["address"])


@dataclass(frozen=True, slots=True)
class Found:
    """Candidates, best first, and what was tried in vain."""

    candidates: tuple[Candidate, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """What the parser process gets."""

    body: bytes
    url: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What a document is (feed, sitemap, news sitemap, page, other), its title, and the feeds it announces.

    `offered` are links of its text that look as if they led to a feed, or to a page that lists feeds.
    """

    what: str
    title: str = ""
    links: tuple[tuple[str, str], ...] = ()  # address, title; best first
    offered: tuple[tuple[str, str], ...] = ()


def discover(
    url: str,
    *,
    recognisers: Sequence[tuple[str, Recogniser]],
    fetcher: Fetcher,
    engine: Engine,
    settings: IngestSettings,
    guess: bool = True,
) -> Found:
    """The sources behind `url`; `recognisers` are the kinds' own, `guess` allows places that nobody announced.

    Raises FetchError where no kind knows `url` and nothing answers there.
    """
    known = tuple(recognised(url, recognisers))
    if known:
        return Found(known)
    asking = _Asking(fetcher, engine, settings)
    reply, seen = asking.see(url)
    home = _lasting(url, reply)
    if seen.what == "feed":
        return Found((_known(Candidate({"kind": "feed", "address": home}, "a feed", seen.title), recognisers),))
    if seen.what.endswith("sitemap"):
        return Found((Candidate({"kind": "sitemap", "address": home}, f"a {seen.what}", seen.title),))
    page = Candidate({"kind": "page", "address": home}, "the page itself", seen.title)
    found = [
        _known(Candidate({"kind": "feed", "address": link}, "announced by the page", title), recognisers)
        for link, title in seen.links
    ]
    if not found and guess:
        found = list(asking.guesses(reply.url, seen)) or list(asking.news_sitemaps(reply.url, seen.title))
        found = [_known(one, recognisers) for one in found]
    return Found((*found, page), tuple(asking.notes))


def _known(feed: Candidate, recognisers: Sequence[tuple[str, Recogniser]]) -> Candidate:
    """`feed` as the kind that knows its address reads it, if there is one: it makes more of it than a feed is."""
    better = next(recognised(feed.address, recognisers), None)
    return feed if better is None else Candidate(better.settings, f"{feed.how}, {better.how}", feed.title)


class _Asking:
    """Asks one site, and notes what was in vain."""

    def __init__(self, fetcher: Fetcher, engine: Engine, settings: IngestSettings) -> None:
        self._fetcher, self._engine, self._settings = fetcher, engine, settings
        self.notes: list[str] = []

    def see(self, url: str, *, robots: bool = False) -> tuple[Reply, Seen]:
        """The document at `url` and what it is. Raises FetchError."""
        reply = self._fetcher.get(url, limit=self._settings.max_feed_bytes, accept=ACCEPT, robots=robots)
        document = Document(reply.body, reply.url, reply.headers.get("content-type", ""))
        outcome = next(iter(self._engine.map(look, [document], timeout=self._settings.parse_timeout)))
        if isinstance(outcome.value, Seen):
            return reply, outcome.value
        self.notes.append(f"{reply.url} could not be looked into ({outcome.error})")
        return reply, Seen("other")

    def guesses(self, url: str, page: Seen) -> Iterator[Candidate]:
        """The first feed that `page` links to, at most over a page of feeds, or that lies at one of the usual places.

        The site's trouble ends the search.
        """
        todo = [(link, True) for link, _ in page.offered[:MOST_OFFERED]] + [(place, False) for place in _places(url)]
        asked = {url}
        while todo:
            place, offered = todo.pop(0)
            if place in asked:
                continue
            asked.add(place)
            try:
                reply, seen = self.see(place, robots=True)
            except FetchError as error:
                if not self._go_on(error):
                    return
                continue
            if seen.what == "feed":
                how = "linked by the page" if offered else "at a usual place"
                yield Candidate({"kind": "feed", "address": _lasting(place, reply)}, how, seen.title or page.title)
                return
            if offered and place in {link for link, _ in page.offered}:
                todo[:0] = [(link, True) for link, _ in (*seen.links, *seen.offered)[:MOST_OFFERED]]
        self.notes.append(f"no feed at the usual places ({', '.join('/' + name for name in WELL_KNOWN)})")

    def news_sitemaps(self, url: str, title: str) -> Iterator[Candidate]:
        """The first news sitemap that robots.txt names; those called so are looked at first."""
        try:
            reply = self._fetcher.get(urljoin(url, "/robots.txt"), limit=MAX_ROBOTS, accept="text/plain")
        except FetchError:
            return
        text = reply.body.decode("utf-8", "replace")
        named = [link for one in _SITEMAP_LINE.findall(text) if (link := addresses.absolute(one, reply.url))]
        for place in sorted(dict.fromkeys(named), key=lambda link: "news" not in link.lower())[:MOST_SITEMAPS]:
            try:
                reply, seen = self.see(place, robots=True)
            except FetchError as error:
                if not self._go_on(error):
                    return
                continue
            if seen.what == "news sitemap" or (seen.what == "sitemap" and "news" in place.lower()):
                address = _lasting(place, reply)
                yield Candidate({"kind": "sitemap", "address": address}, "news sitemap named by robots.txt", title)
                return
        if named:
            self.notes.append(f"robots.txt names {len(named)} sitemaps; none of those looked into is one of news")

    def _go_on(self, error: FetchError) -> bool:
        """Whether another guess may be made after `error`: not where the host is in trouble or refuses us."""
        halt = isinstance(error, FetchTimeout | AddressRefused) or (
            isinstance(error, HttpStatus) and (error.status in _BUSY or error.status >= 500)
        )
        if halt:
            self.notes.append(f"the search for a feed ended early: {error}")
        return not halt


def recognised(url: str, recognisers: Sequence[tuple[str, Recogniser]]) -> Iterator[Candidate]:
    """What the kinds make of `url`; a kind that fails, or says what no source has, makes nothing of it."""
    for name, recognise in recognisers:
        try:
            told = recognise(url)
        except Exception:  # noqa: S112  a package's fault must not hide the other kinds
            continue
        if isinstance(told, Mapping) and isinstance(told.get("address"), str) and told.get("address"):
            plain = {str(key): value for key, value in told.items() if _plain(value)}
            yield Candidate({"kind": name, **plain}, f"known as {plain.get('kind', name)}")


def _plain(value: object) -> bool:
    """Whether `value` can stand in a [[source]]."""
    if isinstance(value, list | tuple):
        return all(isinstance(one, str | int | float) for one in value)
    return isinstance(value, str | int | float)


def _lasting(asked: str, reply: Reply) -> str:
    """The address to keep of what was asked: a detour for today is taken again tomorrow."""
    return reply.url if reply.redirected_permanently else asked


def _places(url: str) -> list[str]:
    """Where a feed of `url` may lie: under its own folder first, then at the top of the site."""
    folder = url if urlsplit(url).path.endswith("/") else f"{url.partition('?')[0]}/"
    nearby = [urljoin(folder, name) for name in ("feed", "rss.xml")] if urlsplit(url).path.strip("/") else []
    return list(dict.fromkeys([*nearby, *(urljoin(url, f"/{name}") for name in WELL_KNOWN)]))


# --- in the worker process -------------------------------------------------------------------------------------------


def look(document: Document) -> Seen:
    """What a document is, by its content; its media type is wrong too often to be asked."""
    text = decode(document.body[:65536], document.content_type).lstrip("\ufeff \t\r\n")
    if text.startswith("{"):
        return _json(document)
    root = _ROOT.search(_without_comments(text))
    name = root[1].lower() if root and text.startswith("<") else ""
    if name in ("rss", "feed", "rdf"):
        return Seen("feed", _title(text))
    if name in ("urlset", "sitemapindex"):
        return Seen("news sitemap" if NEWS in text else "sitemap")
    if name:
        return _page(document)
    return Seen("other")


def _without_comments(text: str) -> str:
    return re.sub(r"<!--.*?-->", "", text[:8192], flags=re.S)


def _json(document: Document) -> Seen:
    try:
        found = json.loads(decode(document.body, document.content_type).lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return Seen("other")
    if not isinstance(found, dict) or "jsonfeed.org" not in str(found.get("version", "")):
        return Seen("other")
    title = found.get("title")
    return Seen("feed", cleaning.line(title) if isinstance(title, str) else "")


def _title(markup: str) -> str:
    found = _TITLE.search(markup)
    inner = re.sub(r"\A\s*<!\[CDATA\[(.*)\]\]>\s*\Z", r"\1", found[1], flags=re.S) if found else ""
    return cleaning.line(fragment_text(unescape(inner)))[:200]


def _page(document: Document) -> Seen:
    """Title and announced feeds of an HTML page: `link rel=alternate`, then links that look like feeds."""
    from lxml import etree, html  # noqa: PLC0415  wanted in workers only

    text = decode(document.body, document.content_type).replace("\x00", "")
    try:
        tree = html.document_fromstring(re.sub(r"\A\s*<\?xml[^>]{0,200}\?>", "", text))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return Seen("page")
    named = next((str(found) for found in tree.xpath("//base/@href")), "")
    base = addresses.absolute(named, document.url) or document.url
    announced = [
        (str(link.get("href", "")), str(link.get("title", "")))
        for link in tree.iter("link")
        if "alternate" in str(link.get("rel", "")).lower().split()
        and str(link.get("type", "")).partition(";")[0].strip().lower() in _FEED_TYPES
    ]
    offered = [
        (str(link.get("href")), link.text_content())
        for link in tree.iter("a")
        if link.get("href") and _FEED_LIKE.search(_path(str(link.get("href"))))
    ]
    title = cleaning.line(str(tree.findtext(".//title") or ""))[:200]
    links = _ranked(announced, base, document.url)
    return Seen("page", title, links, () if links else _ranked(offered, base, document.url))


def _path(link: str) -> str:
    """The path of a link that may be no address at all."""
    try:
        return urlsplit(link).path
    except ValueError:
        return ""


def _ranked(links: Iterable[tuple[str, str]], base: str, page: str) -> tuple[tuple[str, str], ...]:
    """Safe and different addresses in the page's order, feeds of comments last, JSON that is said to be no feed out."""
    found: dict[str, str] = {}
    for link, title in links:
        address = addresses.absolute(link, base)
        if address and address != page and "wp-json" not in address and "oembed" not in address:
            found.setdefault(address.partition("#")[0], cleaning.line(title)[:200])
    order = sorted(found, key=lambda address: bool(_COMMENTS.search(f"{address} {found[address]}")))
    return tuple((address, found[address]) for address in order[:MOST_LINKS])
