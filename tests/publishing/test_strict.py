"""What is published, read by strangers: a strict HTML5 parser, RELAX NG for Atom and sitemaps, JSON by schema.

The check that every night runs (pipeline/publishing/site_check.py) is light and our own; here libraries that others
keep judge the same files: html5lib in strict mode, libxml2 with the grammar of RFC 4287 (appendix B, the part that
desks use, without extensions) and of sitemaps.org, feedparser, jsonschema.
"""

from __future__ import annotations

import io
import json
from functools import cache

import feedparser
import html5lib
import jsonschema
import pytest
from full_site import pages
from lxml import etree
from site_factory import edition, settings

from pipeline.edition import made
from pipeline.renderers import html_pages

RNG = """
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://www.w3.org/2005/Atom"
         datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
 <start><element name="feed"><ref name="common"/><interleave>
  <ref name="head"/>
  <optional><element name="subtitle"><ref name="text"/></element></optional>
  <optional><element name="generator"><ref name="common"/><text/></element></optional>
  <oneOrMore><ref name="person"/></oneOrMore>
  <oneOrMore><ref name="link"/></oneOrMore>
  <zeroOrMore><ref name="category"/></zeroOrMore>
  <zeroOrMore><element name="entry"><ref name="common"/><interleave>
   <ref name="head"/>
   <optional><element name="published"><ref name="date"/></element></optional>
   <optional><element name="summary"><ref name="text"/></element></optional>
   <optional><element name="content"><ref name="text"/></element></optional>
   <zeroOrMore><ref name="person"/></zeroOrMore>
   <oneOrMore><ref name="link"/></oneOrMore>
   <zeroOrMore><ref name="category"/></zeroOrMore>
  </interleave></element></zeroOrMore>
 </interleave></element></start>
 <define name="head"><interleave>
  <element name="id"><data type="anyURI"><param name="minLength">1</param></data></element>
  <element name="title"><ref name="text"/></element>
  <element name="updated"><ref name="date"/></element>
 </interleave></define>
 <define name="common"><optional><attribute name="lang" ns="http://www.w3.org/XML/1998/namespace"/></optional></define>
 <define name="text"><ref name="common"/>
  <optional><attribute name="type" ns=""><choice><value>text</value><value>html</value></choice></attribute></optional>
  <text/></define>
 <define name="date"><ref name="common"/><data type="dateTime"/></define>
 <define name="person"><element name="author"><interleave>
  <element name="name"><text/></element><optional><element name="uri"><data type="anyURI"/></element></optional>
 </interleave></element></define>
 <define name="link"><element name="link"><attribute name="href" ns=""><data type="anyURI"/></attribute>
  <optional><attribute name="rel" ns=""><choice><value>self</value><value>alternate</value><value>related</value>
   <value>enclosure</value><value>via</value></choice></attribute></optional>
  <optional><attribute name="type" ns=""><data type="string"><param name="pattern">[^/]+/[^/]+</param></data>
   </attribute></optional><optional><attribute name="hreflang" ns=""/></optional>
   <optional><attribute name="title" ns=""/></optional>
  <optional><attribute name="length" ns=""/></optional></element></define>
 <define name="category"><element name="category"><attribute name="term" ns=""/>
  <optional><attribute name="scheme" ns=""><data type="anyURI"/></attribute></optional>
  <optional><attribute name="label" ns=""/></optional></element></define>
</grammar>
"""
SITEMAPS = """
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://www.sitemaps.org/schemas/sitemap/0.9"
         datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
 <start><choice>
  <element name="sitemapindex"><oneOrMore><element name="sitemap"><ref name="place"/></element></oneOrMore></element>
  <element name="urlset"><oneOrMore><element name="url"><ref name="place"/>
   <optional><ref name="news"/></optional></element></oneOrMore></element>
 </choice></start>
 <define name="place"><interleave>
  <element name="loc"><data type="anyURI"><param name="pattern">https?://.{1,2000}</param></data></element>
  <optional><element name="lastmod"><ref name="when"/></element></optional></interleave></define>
 <define name="when"><choice><data type="date"/><data type="dateTime"/></choice></define>
 <define name="news"><element name="news" ns="http://www.google.com/schemas/sitemap-news/0.9"><interleave>
  <element name="publication"><interleave>
   <element name="name"><ref name="words"/></element>
   <element name="language"><data type="language"/></element></interleave></element>
  <element name="publication_date"><ref name="when"/></element>
  <element name="title"><ref name="words"/></element></interleave></element></define>
 <define name="words"><data type="token"><param name="minLength">1</param></data></define>
</grammar>
"""
ATOM = "http://www.w3.org/2005/Atom"


@cache
def grammar() -> etree.RelaxNG:
    return etree.RelaxNG(etree.fromstring(RNG))


@cache
def sitemaps() -> dict[str, bytes]:
    """The sitemaps of a desk that has an address."""
    site = made(html_pages.render(edition(settings=settings(site={"name": "Desk", "url": "https://desk.example/"}))))
    return {path: body for path, body in site.items() if path.startswith("sitemap")}


def of(*endings: str) -> list[str]:
    return [path for path in sorted(pages()) if path.endswith(endings)]


def faults(page: bytes) -> list[str]:
    """What a strict HTML5 parser finds wrong."""
    parser = html5lib.HTMLParser(tree=html5lib.treebuilders.getTreeBuilder("etree"))
    parser.parse(page)
    return [f"{position}: {code} {told}" for position, code, told in parser.errors]


def test_every_page_is_html_without_a_fault() -> None:
    found = {path: faults(pages()[path]) for path in of(".html")}
    assert len(found) > 20
    assert {path: said[:3] for path, said in found.items() if said} == {}


@pytest.mark.parametrize(
    "broken",
    [
        b"<!DOCTYPE html><title>x</title><p><b>x</p>",
        b"<html><title>x</title>",
        b"<!DOCTYPE html><title>x</title></i>",
    ],
)
def test_the_parser_is_strict(broken: bytes) -> None:
    assert faults(broken)


def test_every_atom_feed_is_one_by_the_grammar() -> None:
    feeds = [path for path in of(".xml") if ATOM.encode() in pages()[path]]
    assert len(feeds) > 5
    for path in feeds:
        tree = etree.fromstring(pages()[path])
        assert grammar().validate(tree), f"{path}: {grammar().error_log.last_error}"
        read = feedparser.parse(io.BytesIO(pages()[path]))
        assert not read.bozo, f"{path}: {read.get('bozo_exception')}"


@pytest.mark.parametrize("lacking", ["id", "title", "updated"])
def test_the_grammar_refuses_a_feed_without(lacking: str) -> None:
    tree = etree.fromstring(pages()["feed.xml"])
    for element in tree.findall(f"{{{ATOM}}}{lacking}"):
        tree.remove(element)
    assert not grammar().validate(tree)


def test_every_sitemap_is_one_by_the_grammar() -> None:
    rules = etree.RelaxNG(etree.fromstring(SITEMAPS))
    assert len(sitemaps()) > 2
    for path, body in sitemaps().items():
        assert rules.validate(etree.fromstring(body)), f"{path}: {rules.error_log.last_error}"
        assert not rules.validate(etree.fromstring(body.replace(b"loc>", b"location>"))), path


def test_every_bundle_is_one_by_the_published_schema() -> None:
    schema = json.loads(pages()["schema/story.json"])
    validator = jsonschema.Draft202012Validator(schema)
    bundles = of("/story.json")
    assert len(bundles) > 4
    for path in bundles:
        if path.startswith("stories/"):
            first = next(validator.iter_errors(json.loads(pages()[path])), None)
            assert first is None, f"{path}: {first and first.message[:200]}"
