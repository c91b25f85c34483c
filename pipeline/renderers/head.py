"""What the head of a page tells machines: its address, its other forms and feeds, how a link to it looks, linked data.

Open Graph (ogp.me) and Twitter card names; JSON-LD of schema.org for stories: a NewsArticle that cites, says what it is
based on, and that software wrote it (`creator`, `backstory`, `digitalSourceType` of IPTC). Addresses are absolute where
the site has one (`[site] url`), else relative to the page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipeline import __version__
from pipeline.addresses import safe
from pipeline.domain import CitedRecord, Story, StoryKind
from pipeline.edition import Edition
from pipeline.preferences import SiteSettings
from pipeline.renderers import cards
from pipeline.renderers.corrections_view import PAGE, concerning, head, touched
from pipeline.renderers.phrases import iso
from pipeline.renderers.places import Places, root_of
from pipeline.renderers.plain.forms import MARKDOWN, TEXT, beside
from pipeline.renderers.printing import printable

_FOLLOWED = re.compile(r"((?:beats|storylines(?!/\d{4}-)|entities|topics)/[^/]+|corrections)/index\.html\Z")
_DISCLOSURE = (
    "Written by software from the records that it cites, and edited by nobody. Every sentence passed a check against "
    "its cited words before it was printed; what failed was left out and is listed in the evidence bundle."
)
_SOURCES = "https://schema.org/{}DigitalSource"  # IPTC's digital source types, as schema.org names them
_FORMS = (("application/json", "story.json"), ("text/markdown", "story.md"), ("text/plain", "index.txt"))
_MOST_QUOTES = 5  # of one record


@dataclass(frozen=True, slots=True)
class About:
    """What a page is about, for its head; the default is what every page of the site has in common."""

    description: str = ""
    lang: str = ""
    image: str = cards.PLAIN
    published: datetime | None = None
    modified: datetime | None = None
    section: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Followed:
    """A feed in its two forms, as addresses from the page."""

    title: str
    atom: str
    json: str


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one page. Every address but `canonical` and `image` is relative; "" where there is none."""

    title: str
    description: str
    site: str
    lang: str
    kind: str
    canonical: str
    image: str
    image_alt: str
    width: int
    height: int
    published: str
    modified: str
    section: str
    markdown: str
    text: str
    feeds: tuple[Followed, ...]
    data: Mapping[str, Any]


def page_head(path: str, title: str, site: SiteSettings, about: About, root: str) -> Head:
    """The head of the page at `path`, from which `root` leads to the site's root."""
    base = site.url.rstrip("/")
    feeds = [Followed(site.name, f"{root}feed.xml", f"{root}feed.json")]
    if own := _FOLLOWED.match(path):
        feeds.insert(0, Followed(f"{title} – {site.name}", *(f"{root}{own[1]}/feed{end}" for end in (".xml", ".json"))))
    return Head(
        title=title,
        description=about.description or site.description,
        site=site.name,
        lang=(about.lang or site.lang).replace("-", "_"),
        kind="article" if about.published else "website",
        canonical=f"{base}/{path}" if base else "",
        image=f"{base}/{about.image}" if base else f"{root}{about.image}",
        image_alt=title,
        width=cards.WIDTH,
        height=cards.HEIGHT,
        published=iso(about.published) if about.published else "",
        modified=iso(about.modified) if about.modified else "",
        section=about.section,
        markdown=f"{root}{beside(path, MARKDOWN)}",
        text=f"{root}{beside(path, TEXT)}",
        feeds=tuple(feeds),
        data=about.data,
    )


def story_about(story: Story, edition: Edition, places: Places) -> About:
    """What one version is about."""
    first = places.versions[story.slug][0]
    modified = touched(story, edition, places)
    summary = story.variants.card or (story.dek.text if story.dek else "") or story.headline.text
    return About(
        description=summary,
        lang=story.lang,
        image=cards.of(story),
        published=first.written,
        modified=modified,
        section=story.beat,
        data=_article(story, edition, places, summary, modified),
    )


def _article(story: Story, edition: Edition, places: Places, summary: str, modified: datetime) -> dict[str, Any]:
    """A version as a NewsArticle. Every text is printable; addresses of sources passed the rules for links."""
    site, folder = edition.settings.site, places.folder(story)
    base = site.url.rstrip("/")
    root = f"{base}/" if base else root_of(f"{folder}/index.html")
    page = f"{root}{folder}/index.html"
    desk = {"@type": "NewsMediaOrganization", "name": site.name, "url": f"{root}index.html"}
    policies = {"publishingPrinciples": f"{root}methodology/index.html", "correctionsPolicy": f"{root}{PAGE}"}
    told = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": page,
        "url": page,
        "mainEntityOfPage": page,
        "identifier": story.id,
        "headline": story.headline.text,
        "alternativeHeadline": story.short_title,
        "description": summary,
        "articleSection": story.beat,
        "inLanguage": story.lang,
        "datePublished": iso(places.versions[story.slug][0].written),
        "dateModified": iso(modified),
        "version": story.version,
        "isAccessibleForFree": True,
        "image": {"@type": "ImageObject", "url": f"{root}{cards.of(story)}",
                  "width": cards.WIDTH, "height": cards.HEIGHT},
        "author": desk,
        "publisher": {**desk, **policies},
        "creator": {"@type": "SoftwareApplication", "name": "Citewire", "softwareVersion": __version__,
                    "applicationCategory": "News desk"},
        "digitalSourceType": _SOURCES.format("TrainedAlgorithmicMedia" if _trained(story) else "AlgorithmicMedia"),
        "backstory": _DISCLOSURE,
        "citation": [_citation(record, story) for record in story.records],
        "correction": [
            {"@type": "CorrectionComment", "text": f"{head(one)}: {one.why}", "datePublished": iso(one.at)}
            for one in concerning(story, edition, places)
        ],
        "encoding": [
            {"@type": "MediaObject", "encodingFormat": kind, "contentUrl": f"{root}{folder}/{name}"}
            for kind, name in _FORMS
        ],
    }  # fmt: skip
    return {name: _clean(value) for name, value in told.items() if value not in ("", [])}


def _trained(story: Story) -> bool:
    """Whether a model that learnt had a hand in the words: a writer that is not extractive, or answers of a model."""
    return story.writer != "extractive" or bool(story.answers)


def _citation(record: CitedRecord, story: Story) -> dict[str, Any]:
    """A cited record, with the words that are quoted of it; those of a briefing are told by the stories it is of."""
    most = 0 if story.kind is StoryKind.BRIEFING else _MOST_QUOTES
    quotes = [c.evidence.quote for c in story.citations if c.evidence.record_id == record.id][:most]
    link = safe(record.url) if record.url else None
    told: dict[str, Any] = {
        "@type": "CreativeWork",
        "name": record.title,
        "url": link or "",
        "author": {"@type": "Person", "name": record.author} if record.author else "",
        "publisher": {"@type": "Organization", "name": record.publisher} if record.publisher else "",
        "datePublished": iso(record.published),
        "inLanguage": record.lang or "",
        "hasPart": [{"@type": "Quotation", "text": quote} for quote in quotes],
    }
    return {name: value for name, value in told.items() if value not in ("", [])}


def _clean(value: Any) -> Any:
    """A JSON value all of whose texts are printable."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {name: _clean(one) for name, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list) else value
