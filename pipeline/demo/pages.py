"""What the sample's outlets answer: feeds in three formats, and article pages with all that surrounds an article.

Pages carry menus, cookie notices, related links and sign-up boxes on purpose: extraction has real work to do here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape

from pipeline.demo.articles import Article, Outlet

SUMMARY_CHARS = 170


def feed(outlet: Outlet, articles: Sequence[Article], now: datetime) -> tuple[str, str]:
    """(content type, document) of the outlet's feed."""
    if outlet.feed == "json":
        return "application/feed+json; charset=utf-8", _json_feed(outlet, articles)
    if outlet.feed == "atom":
        return "application/atom+xml; charset=utf-8", _atom(outlet, articles, now)
    return "application/rss+xml; charset=utf-8", _rss(outlet, articles)


def summary(article: Article) -> str:
    """The first paragraph, cut off at a word as feeds do."""
    text = article.body[0]
    if len(text) <= SUMMARY_CHARS:
        return text
    return text[:SUMMARY_CHARS].rsplit(" ", 1)[0].rstrip(",") + " ..."


def _full(outlet: Outlet, article: Article) -> str | None:
    """The whole article as HTML, where the outlet's feed holds it."""
    if article.raw:
        return article.body[0]
    return "".join(f"<p>{escape(part)}</p>" for part in article.body) if outlet.entry == "full" else None


def _url(outlet: Outlet, path: str) -> str:
    return f"http://{outlet.host}{path}"


def _rss(outlet: Outlet, articles: Sequence[Article]) -> str:
    """RSS 2.0. Links carry a tracking parameter, as many real ones do."""
    items = "".join(
        f"<item><title>{escape(a.title)}</title>"
        f"<link>{escape(_url(outlet, a.path))}?utm_source=rss&amp;utm_medium=feed</link>"
        f'<guid isPermaLink="false">{outlet.key}-{a.slug}</guid>'
        f"<pubDate>{format_datetime(a.published)}</pubDate>"
        + (f"<dc:creator>{escape(a.author)}</dc:creator>" if a.author else "")
        + f"<description>{escape(summary(a))}</description>"
        + (f"<content:encoded>{escape(full)}</content:encoded>" if (full := _full(outlet, a)) else "")
        + "</item>\n"
        for a in articles
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>{escape(outlet.name)}</title><link>{_url(outlet, '/')}</link>"
        f"<description>News from {escape(outlet.name)}</description><language>{outlet.lang}</language>\n"
        f"{items}</channel></rss>\n"
    )


def _atom(outlet: Outlet, articles: Sequence[Article], now: datetime) -> str:
    """Atom 1.0 (RFC 4287)."""
    latest = max((a.visible for a in articles), default=now)
    entries = "".join(
        f"<entry><id>tag:{outlet.host},2026:{a.slug}</id><title>{escape(a.title)}</title>"
        f'<link href="{_url(outlet, a.path)}"/>'
        f"<published>{a.published.isoformat()}</published><updated>{a.visible.isoformat()}</updated>"
        + (f"<author><name>{escape(a.author)}</name></author>" if a.author else "")
        + f"<summary>{escape(summary(a))}</summary>"
        + (f'<content type="html">{escape(full)}</content>' if (full := _full(outlet, a)) else "")
        + "</entry>\n"
        for a in articles
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.lang}">'
        f"<id>tag:{outlet.host},2026:feed</id><title>{escape(outlet.name)}</title>"
        f'<link href="{_url(outlet, "/")}"/><updated>{latest.isoformat()}</updated>\n{entries}</feed>\n'
    )


def _json_feed(outlet: Outlet, articles: Sequence[Article]) -> str:
    """JSON Feed 1.1."""
    items = [
        {
            "id": f"{outlet.key}-{a.slug}",
            "url": _url(outlet, a.path),
            "title": a.title,
            "summary": summary(a),
            **({"content_html": full} if (full := _full(outlet, a)) else {}),
            "date_published": a.published.isoformat(),
            "date_modified": a.visible.isoformat(),
            "authors": [{"name": a.author}] if a.author else [],
        }
        for a in articles
    ]
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": _url(outlet, "/"),
        "feed_url": outlet.address,
        "language": outlet.lang,
        "items": items,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def page(outlet: Outlet, article: Article, others: Sequence[Article]) -> str:
    """The article's page."""
    body = article.body[0] if article.raw else "\n".join(f"<p>{escape(part)}</p>" for part in article.body)
    related = "".join(f'<li><a href="{escape(o.path)}">{escape(o.title)}</a></li>' for o in others[:4] if not o.raw)
    byline = f'<span class="byline">By {escape(article.author)}</span> ' if article.author else ""
    return _PAGE.format(
        lang=outlet.lang,
        title=escape(article.title),
        outlet=escape(outlet.name),
        url=escape(_url(outlet, article.path)),
        published=article.published.isoformat(),
        day=f"{article.published:%d %B %Y}",
        modified=article.visible.isoformat(),
        author=escape(article.author),
        byline=byline,
        body=body,
        related=related,
    )


_PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<title>{title} | {outlet}</title>
<link rel="canonical" href="{url}">
<meta property="og:site_name" content="{outlet}">
<meta property="og:title" content="{title}">
<meta property="og:type" content="article">
<meta property="article:published_time" content="{published}">
<meta property="article:modified_time" content="{modified}">
<meta name="author" content="{author}">
<style>nav a {{ margin-right: 1em }}</style>
<script>window.analytics = window.analytics || []; analytics.push(["view", location.href]);</script>
</head>
<body>
<div id="cookie-banner" role="dialog"><p>We and our 214 partners use cookies to store and access information on your
device. You can change your choice at any time.</p><button>Accept all</button><button>Manage choices</button></div>
<header><a href="/">{outlet}</a>
<nav><a href="/">Home</a><a href="/business">Business</a><a href="/technology">Technology</a>
<a href="/energy">Energy</a> <a href="/opinion">Opinion</a> <a href="/subscribe">Subscribe</a></nav></header>
<main>
<div class="meta">{byline}<time datetime="{published}">{day}</time>
<a href="#share">Share</a> <a href="#print">Print</a> <a href="#save">Save</a></div>
<article>
<h1>{title}</h1>
{body}
</article>
<aside class="newsletter"><h2>Sign up for our morning newsletter</h2><p>The day's most important stories in your inbox
at 6 a.m. By signing up you agree to our terms.</p><form><input type="email"><button>Sign up</button></form></aside>
<aside class="related"><h2>Read more</h2><ul>{related}</ul></aside>
</main>
<footer><p>Copyright 2026 {outlet}. All rights reserved.</p><a href="/imprint">Imprint</a>
<a href="/privacy">Privacy</a></footer>
</body>
</html>
"""
