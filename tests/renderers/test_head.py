"""The head of pages: linked data that says what a story is and who wrote it, how a link looks, where feeds are."""

from __future__ import annotations

import dataclasses
import json
from posixpath import dirname, join, normpath
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from site_factory import NIGHT, edition, settings, stories

from pipeline.amends import Correction, CorrectionKind
from pipeline.edition import Edition, made
from pipeline.publish import build
from pipeline.publishing.site_check import check
from pipeline.renderers import html_pages, load
from pipeline.renderers.printing import printable

STORY, OLDER = "stories/nordnett-queue-3f2a/index.html", "stories/nordnett-queue-3f2a/v1/index.html"
URL = "https://desk.example/news"


def published(**more: Any) -> Edition:
    return edition(settings=settings(site={"name": "The Harbour Desk", "url": f"{URL}/"}), **more)


def pages(one: Edition) -> dict[str, bytes]:
    return {path: body for path, body in made(html_pages.render(one)).items() if path.endswith(".html")}


def data(page: bytes) -> Any:
    (block,) = ET.fromstring(page).findall(".//script")
    assert block.attrib == {"type": "application/ld+json"}
    return json.loads(block.text or "")


def metas(page: bytes) -> dict[str, str]:
    found = [(one.get("property") or one.get("name"), one.get("content")) for one in ET.fromstring(page).iter("meta")]
    names = [name for name, _ in found if name]
    assert len(set(names)) == len(names), "each is said once"
    return {str(name): str(content) for name, content in found if name}


def test_a_story_says_what_it_is_and_that_software_wrote_it() -> None:
    told = data(pages(published())[STORY])
    one = stories()[1]
    assert (told["@context"], told["@type"]) == ("https://schema.org", "NewsArticle")
    assert told["headline"] == one.headline.text
    assert (told["datePublished"], told["dateModified"], told["version"]) == (
        "2026-11-19T05:00:00Z", "2026-11-20T05:00:00Z", 2,
    )  # fmt: skip
    assert told["creator"]["@type"] == "SoftwareApplication"
    assert told["digitalSourceType"] == "https://schema.org/AlgorithmicMediaDigitalSource"
    assert told["backstory"].startswith("Written by software")
    assert told["publisher"]["correctionsPolicy"] == f"{URL}/corrections/index.html"
    assert told["image"]["url"] == f"{URL}/stories/nordnett-queue-3f2a/card.png"
    modelled = data(pages(edition(stories=tuple(dataclasses.replace(s, writer="llm") for s in stories())))[STORY])
    assert modelled["digitalSourceType"] == "https://schema.org/TrainedAlgorithmicMediaDigitalSource"


def test_a_story_names_what_it_cites_in_the_words_it_quotes() -> None:
    told, one = data(pages(edition())[STORY]), stories()[1]
    assert [cited["name"] for cited in told["citation"]] == [record.title for record in one.records]
    assert all(cited["url"].startswith("https://") for cited in told["citation"])
    quoted = {part["text"] for cited in told["citation"] for part in cited["hasPart"]}
    assert quoted <= {citation.evidence.quote for citation in one.citations}
    assert len(quoted) > 5
    assert {encoded["contentUrl"].rpartition("/")[2] for encoded in told["encoding"]} == {
        "story.json",
        "story.md",
        "index.txt",
    }


def test_corrections_are_told() -> None:
    entry = Correction("k1", CorrectionKind.SOURCE_GONE, NIGHT, "record", "r", "It is gone.", (stories()[1].id,))
    told = data(pages(edition(corrections=(entry,)))[STORY])
    assert told["correction"] == [
        {
            "@type": "CorrectionComment",
            "text": "A cited page is gone: It is gone.",
            "datePublished": "2026-11-20T05:00:00Z",
        }
    ]
    assert "correction" not in data(pages(edition())[STORY])


@pytest.mark.parametrize("one", [edition(), published()], ids=["local", "published"])
def test_every_address_in_the_data_is_a_file_or_a_source(one: Edition) -> None:
    files = set(build(one, load()))
    sources = {record.url for story in stories() for record in story.records}

    def addresses(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [
                v
                for k, v in value.items()
                if k in {"@id", "url", "contentUrl", "mainEntityOfPage", "correctionsPolicy"}
            ]
            return [a for a in own if isinstance(a, str)] + [a for part in value.values() for a in addresses(part)]
        return [a for part in value for a in addresses(part)] if isinstance(value, list) else []

    for path in (STORY, OLDER):
        for address in addresses(data(pages(one)[path])):
            inside = address.removeprefix(f"{URL}/") if URL in address else normpath(join(dirname(path), address))
            assert address in sources or inside in files or "rlandets" in address, address


HOSTILE = (
    "</script><script>alert(1)</script>", "<!-- <script>", "]]>", '"},{"@type":"Person"', "&lt;/script&gt;",
    "a\u2028b\u2029c",
    "a\u202eb\x00", "'\"><img src=x onerror=alert(1)>", "{{7*7}}", "a\ud800b",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_strangers_stay_words_in_every_field(text: str) -> None:
    """T123: a page holds no script that runs, and the data reads back as the same words."""
    old = stories()[2]
    said = dataclasses.replace(old.headline, text=text)
    records = tuple(
        dataclasses.replace(r, title=text, publisher=text, author=text, url="javascript:alert(1)") for r in old.records
    )
    evidence = [
        dataclasses.replace(c, evidence=dataclasses.replace(c.evidence, quote=text, end=c.evidence.start + len(text)))
        for c in old.citations
    ]
    bad = dataclasses.replace(
        old,
        headline=said,
        dek=said,
        short_title=f"x {text}",
        beat=text,
        beats=(text,),
        records=records,
        citations=tuple(evidence),
    )
    entry = Correction("k1", CorrectionKind.SOURCE_GONE, NIGHT, "record", "r", text, (bad.id,))
    found = pages(edition(stories=(bad,), corrections=(entry,)))
    page = found["stories/cormorant-lindholm-77aa/index.html"]
    shown = printable(text)
    told = data(page)
    assert (told["headline"], told["articleSection"], told["correction"][0]["text"]) == (
        shown, shown, f"A cited page is gone: {shown}",
    )  # fmt: skip
    assert {cited["name"] for cited in told["citation"]} == {shown}
    assert not any(cited.get("url") for cited in told["citation"])  # no address that may not be a link
    assert "javascript" not in json.dumps(told)
    assert page.count(b"<script") == page.count(b"</script>") == 1
    assert metas(page)["og:description"] == " ".join([shown]) or metas(page)["og:description"].split() == shown.split()
    problems = check({"stories/x/index.html": page}, "The Harbour Desk", lambda: [text, shown])
    assert not [one for one in problems if "leads nowhere" not in one and "does not exist" not in one], problems


@pytest.mark.parametrize("one", [edition(), published()], ids=["local", "published"])
def test_every_page_says_how_a_link_to_it_looks_and_where_its_feeds_are(one: Edition) -> None:
    files = set(build(one, load()))
    local = not one.settings.site.url
    for path, body in pages(one).items():
        if path == "404.html":
            continue
        told, head = metas(body), ET.fromstring(body).find("head")
        assert head is not None
        for name in ("description", "og:title", "og:type", "og:image", "og:image:alt", "og:locale", "twitter:card"):
            assert told[name]
        image = normpath(join(dirname(path), told["og:image"])) if local else told["og:image"].removeprefix(f"{URL}/")
        assert image in files
        canonical = [link.get("href") for link in head.iter("link") if link.get("rel") == "canonical"]
        assert canonical == ([] if local else [f"{URL}/{path}"])
        assert ("og:url" in told) != local
        links = [link for link in head.iter("link") if link.get("rel") == "alternate"]
        kinds = [str(link.get("type")) for link in links]
        for kind in ("application/atom+xml", "application/feed+json", "text/markdown", "text/plain"):
            assert kind in kinds
        assert {normpath(join(dirname(path), str(link.get("href")))) for link in links} <= files
        own = path.startswith(("beats/", "topics/", "corrections/", "storylines/s"))  # not lists of storylines by month
        assert (kinds.count("application/atom+xml") == 2) == own, path


def test_stories_are_articles_and_other_pages_are_not() -> None:
    found = pages(published())
    assert metas(found[STORY])["og:type"] == "article"
    assert metas(found[STORY])["article:modified_time"] == "2026-11-20T05:00:00Z"
    assert metas(found[OLDER])["og:image"] == f"{URL}/stories/nordnett-queue-3f2a/card.png"
    assert metas(found["index.html"])["og:type"] == "website"
    assert metas(found["index.html"])["og:image"] == f"{URL}/assets/card.png"
    assert not ET.fromstring(found["index.html"]).findall(".//script")
