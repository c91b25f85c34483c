"""Tools and answers to order for the tests of indexes."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from desk import tools
from hostile import HostileServer

from pipeline.engines.local import LocalEngine
from pipeline.fetch import HttpFetcher
from pipeline.sources import Tools


def hasty(server: HostileServer, pauses: list[float] | None = None, keys: Mapping[str, str] | None = None) -> Tools:
    """Tools that note in `pauses` how long they should wait between two requests, and do not."""
    settings = tools(server).settings
    waited = [] if pauses is None else pauses
    return Tools(HttpFetcher(settings, sleep=waited.append), LocalEngine(), settings, secret=dict(keys or {}).get)


def asked(server: HostileServer, path: str | None = None) -> list[dict[str, str]]:
    """Parameters of the requests that `server` got, of those to `path` where one is given."""
    targets = [one.target for one in server.log if (one.path == path if path else one.path != "/robots.txt")]
    return [dict(parse_qsl(target.partition("?")[2])) for target in targets]


def paper(identity: str, *, title: str = "On quays", abstract: str = "We count quays.", **fields: str) -> str:
    """An entry of arXiv's API."""
    told = {"published": "2026-05-03T10:00:00Z", "updated": "2026-05-03T10:00:00Z", "primary": "cs.CL", **fields}
    authors = "".join(f"<author><name>{name}</name></author>" for name in told.get("authors", "Ada Quay").split(";"))
    return (
        f"<entry><id>http://arxiv.org/abs/{identity}</id><title>{escape(title)}</title>"
        f"<updated>{told['updated']}</updated><published>{told['published']}</published>"
        f'<link href="https://arxiv.org/abs/{identity}" rel="alternate" type="text/html"/>'
        f"<summary>{escape(abstract)}</summary>{authors}"
        f'<arxiv:primary_category term="{told["primary"]}"/></entry>'
    )


def papers(entries: Iterable[str], total: int = 1) -> str:
    """An answer of arXiv's API."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" '
        'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom"><id>https://arxiv.org/api/x</id>'
        f"<title>arXiv Query</title><opensearch:totalResults>{total}</opensearch:totalResults>{''.join(entries)}</feed>"
    )


def video(
    key: str, *, title: str = "Quay", text: str = "We film quays.", link: str = "", views: str = "7", likes: str = "3"
) -> str:
    """An entry of a channel's feed."""
    return (
        f"<entry><id>yt:video:{key}</id><yt:videoId>{key}</yt:videoId><title>{escape(title)}</title>"
        f'<link rel="alternate" href="{link or f"https://www.youtube.com/watch?v={key}"}"/>'
        "<author><name>Harbour Films</name><uri>https://www.youtube.com/channel/UC0</uri></author>"
        "<published>2026-05-03T10:00:00+00:00</published><updated>2026-05-04T01:00:00+00:00</updated><media:group>"
        f"<media:title>{escape(title)}</media:title><media:description>{escape(text)}</media:description>"
        f'<media:community><media:starRating count="{likes}" average="5.00" min="1" max="5"/>'
        f'<media:statistics views="{views}"/></media:community></media:group></entry>'
    )


def videos(entries: Iterable[str]) -> str:
    """A channel's feed."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" '
        'xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">'
        "<id>yt:channel:0</id><title>Harbour Films</title>"
        f'<link rel="alternate" href="https://www.youtube.com/channel/UC0"/>{"".join(entries)}</feed>'
    )


def carried(link: str) -> str:
    """The id under which Google News hides `link`."""
    raw = link.encode()
    size = bytes([len(raw) & 127 | 128, len(raw) >> 7]) if len(raw) > 127 else bytes([len(raw)])
    return base64.urlsafe_b64encode(b'\x08\x13"' + size + raw + b"\xd2\x01\x00").decode().rstrip("=")


def story(
    link: str,
    *,
    title: str = "Quay opens",
    publisher: str = "Harbour Wire",
    related: Iterable[tuple[str, str, str]] = (),
) -> str:
    """An item of Google News; `related` are links, titles and publishers of its description."""
    rows = "".join(
        f'<li><a href="{address}" target="_blank">{words}</a>&nbsp;&nbsp;<font color="#6f6f6f">{name}</font></li>'
        for address, words, name in [(link, title, publisher), *related]
    )
    return (
        f"<item><title>{escape(title)} - {escape(publisher)}</title><link>{link}?oc=5</link>"
        f'<guid isPermaLink="false">{link.rpartition("/")[2]}</guid><pubDate>Sun, 03 May 2026 10:00:00 GMT</pubDate>'
        f"<description>{escape(f'<ol>{rows}</ol>')}</description>"
        f'<source url="https://harbour.example">{escape(publisher)}</source></item>'
    )
