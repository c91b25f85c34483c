"""What a site must hold before anyone sees it. Pure: pages in, problems out; an empty answer lets the site through.

Pages are written as HTML that is also well-formed XML, so a strict parser can say whether anything from outside broke
out of its place: only listed tags and attributes, no script, no inline style, no remote resource, every internal link
and anchor resolves, every outward link carries its `rel`, every page has its heading and says something under it, feeds
are well-formed Atom with unique ids.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from xml.etree import ElementTree as ET  # parses only the bytes that this program just made

from pipeline import scripts

MAX_PROBLEMS = 20
LEAST_TEXT = 60  # characters that a page says between its masthead and its foot; those of an empty desk say 80
_EMPTY = frozenset(("None", "undefined", "NaN", "nan", "null", "[]", "{}", "()"))
_LEFT = re.compile(r"\{\{|\}\}|\{%|%\}| object at 0x|lorem ipsum|\b(?:canary|data)-[0-9a-f]{16,}\b|\bdatetime\(", re.I)
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
MOST_LISTED = 50_000  # addresses of one sitemap (sitemaps.org)
_BINARY = {".png": b"\x89PNG\r\n\x1a\n", ".gz": b"\x1f\x8b\x08\x00\x00\x00\x00\x00"}  # of gz: no name, no time
OUTWARD_REL = frozenset(("noopener", "noreferrer", "nofollow", "ugc"))

_PATH = re.compile(
    r"(?:[a-z0-9][a-z0-9-]{0,79}/)*[a-z0-9][a-z0-9-]{0,79}\.(?:html|md|txt|json|xml|opml|css|svg|png|jsonl\.gz)\Z"
    r"|search/[a-z0-9][a-z0-9-]{0,79}\.js\Z"
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\\")
_VOID = frozenset(("meta", "link", "br", "img", "hr", "input"))
_SHAPES = frozenset(("rect", "line", "path", "circle"))
_SELF_CLOSED = re.compile(r"<([a-z][a-z0-9]*)(?:\s[^<>]*)?/>")
_TAGS = frozenset(
    re.findall(
        r"\S+",
        "html head meta title link style body a p ul ol li dl dt dd h1 h2 h3 header footer main nav article section "
        "aside div span strong b em s q cite code time mark sup blockquote figure figcaption svg rect line text desc "
        "table caption thead tbody tr th td details summary button i ins del circle path g",
    )
)
_ATTRIBUTES = frozenset(
    re.findall(
        r"\S+",
        "lang charset name content http-equiv rel href type title class id role aria-label aria-labelledby "
        "aria-current aria-hidden datetime tabindex scope value reversed viewBox preserveAspectRatio x y x1 x2 y1 y2 "
        "width height text-anchor data-name property dir popover popovertarget popovertargetaction cx cy r d",
    )
)

_ASKING = frozenset(("form", "input", "label", "noscript"))  # on the search page alone
_ASKED = frozenset("src defer for autocomplete spellcheck enterkeyhint maxlength hidden".split())
NOT_FOUND = "404.html"
_BASE = re.compile(r"/(?:[A-Za-z0-9._~-]+/)*")


@dataclass(frozen=True, slots=True)
class Look:
    """What one file was found to hold by itself.

    problems: what keeps it from being shown. anchors: ids that a link may name. links: where it leads within the site,
    each once, as "path" or "path#anchor". left: texts that look as if a template had left them.
    """

    problems: tuple[str, ...] = ()
    anchors: frozenset[str] = frozenset()
    links: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def check(pages: Mapping[str, bytes], site: str, outside: Callable[[], Iterable[str]] = tuple) -> tuple[str, ...]:
    """Problems of a whole site, in order of path; at most twenty. `site` is the name that titles must carry.

    `outside` gives the texts of sources, asked for only where something looks like a leftover of a template: what a
    source wrote is shown as it is, and must not be able to hold the site.
    """
    looks = {path: look(path, pages[path], site) for path in sorted(pages)}
    problems = [f"{path}: {problem}" for path, one in looks.items() for problem in one.problems]
    ids = {path: one.anchors for path, one in looks.items()}
    for path, one in looks.items():
        problems += [f"{path}: {problem}" for problem in astray(one.links, pages, ids.__getitem__)]
    problems += leftovers({path: one.left for path, one in looks.items() if one.left}, outside)
    return tuple(problems[:MAX_PROBLEMS])


def look(path: str, body: bytes, site: str) -> Look:
    """One file by itself, parsed once."""
    trees: dict[str, ET.Element] = {}
    problems = list(_bytes(path, body, trees))
    tree = trees.get(path)
    if tree is None:
        return Look(tuple(problems))
    left = tuple(text for text in _texts(tree) if text.strip() in _EMPTY or _LEFT.search(text))
    if not path.endswith(".html"):
        return Look(tuple(problems), left=left)
    ids = Counter(value for element in tree.iter() if (value := element.get("id")) is not None)
    problems += [f"id {one!r} stands twice" for one, count in sorted(ids.items()) if count > 1]
    links: dict[str, None] = {}
    problems += _page(path, tree, ids, site, links)
    return Look(tuple(problems), frozenset(ids), tuple(links), left)


def anchors(page: bytes) -> frozenset[str]:
    """The ids of a page that was found to be well-formed."""
    tree = ET.fromstring(page)  # noqa: S314
    return frozenset(value for element in tree.iter() if (value := element.get("id")) is not None)


def astray(links: Iterable[str], pages: Container[str], ids: Callable[[str], Container[str]]) -> Iterator[str]:
    """Problems of the links of one page within its site. `ids` gives the anchors of a page that is in `pages`."""
    for link in links:
        goal, _, anchor = link.partition("#")
        if goal not in pages:
            yield f"link to {link!r} leads nowhere"
        elif anchor and anchor not in ids(goal):
            yield f"link to {link!r} names no anchor of {goal}"


def _texts(tree: ET.Element) -> Iterator[str]:
    """Every text of a page, of its attributes and of its blocks of data."""
    for element in tree.iter():
        told = _told(element.text or "") if element.tag == "script" else (element.text,)
        for text in (*told, element.tail, *element.attrib.values()):
            if text:
                yield text


def _told(data: str) -> Iterator[str]:
    """The texts in a block of data, whose own brackets are no leftovers."""
    try:
        values = [json.loads(data)]
    except json.JSONDecodeError:
        return
    while values:
        value = values.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            values += value.values() if isinstance(value, dict) else value


def leftovers(left: Mapping[str, Iterable[str]], outside: Callable[[], Iterable[str]]) -> list[str]:
    """What templates left on pages and in feeds: values that were not there, variables not filled in, objects.

    `left`: by path, what looks like it.
    """
    found = [(path, text) for path in sorted(left) for text in left[path]]
    unknown = [(text.strip(), set(_LEFT.findall(text))) for _, text in found]
    for theirs in outside() if found else ():
        plain = " ".join(theirs.split())
        unknown = [one for one in unknown if not _written(*one, plain)]
        if not unknown:
            return []
    ours = {text for text, _ in unknown}
    return [f"{path}: {text.strip()[:60]!r} was left by a template" for path, text in found if text.strip() in ours]


def _written(text: str, marks: set[str], theirs: str) -> bool:
    """Whether somebody outside wrote `text`, or all that looks like a leftover in it: nobody outside can hold the site.

    `marks`: what looks so and was not found outside yet; what stands in `theirs`, too, goes.
    """
    if text in (theirs, theirs.rpartition(" ")[2]):  # the last word of a sentence stands apart on a page
        return True
    found = {mark for mark in marks if mark in theirs}
    marks -= found
    return bool(found) and not marks


def _bytes(path: str, body: bytes, trees: dict[str, ET.Element]) -> Iterator[str]:
    """Problems of one file by itself; parsed pages and feeds are put into `trees`."""
    if not _PATH.match(path):
        yield "is no allowed address"
    for ending, opening in _BINARY.items():
        if path.endswith(ending):
            if not body.startswith(opening):
                yield f"is no {ending} file as this program writes them"
            return
    try:
        text = body.decode("utf-8")
        if path.endswith(".json"):
            json.loads(text)
        elif path.endswith(".js"):
            yield from scripts.problems(path, text)
        elif path.endswith((".html", ".xml", ".svg", ".opml")):
            trees[path] = ET.fromstring(text.encode())  # noqa: S314
    except (UnicodeDecodeError, json.JSONDecodeError, ET.ParseError) as error:
        yield f"does not parse: {error}"
        return
    if not text.strip():
        yield "is empty"
    if path.endswith(".xml"):
        yield from _sitemap(trees[path]) if trees[path].tag.startswith(SITEMAP) else _feed(trees[path])
    if path.endswith(".html"):
        for tag in sorted(set(_SELF_CLOSED.findall(text)) - _VOID - _SHAPES):
            yield f"<{tag}> is closed in itself"


def _page(path: str, tree: ET.Element, ids: Container[str], site: str, links: dict[str, None]) -> Iterator[str]:
    """Problems of one parsed page; where it leads within the site is put into `links`."""
    title = tree.findtext("head/title") or ""
    if not title.endswith(f" // {site}") or title.startswith(" //"):
        yield f"title {title!r} is not of the form “short title // {site}”"
    yield from _content(tree.find("body/main"))
    searches = path == scripts.PAGE
    tags, attributes = (_TAGS | _ASKING, _ATTRIBUTES | _ASKED) if searches else (_TAGS, _ATTRIBUTES)
    base = _base(tree) if path == NOT_FOUND else ""
    for element in tree.iter():
        if element.tag == "script" and not (searches and element.attrib == {"src": "search.js", "defer": "defer"}):
            yield from _data(element)
        elif element.tag not in tags and element.tag != "script":
            yield f"tag <{element.tag}> is not allowed"
        for name in sorted(set(element.attrib) - attributes):
            yield f"attribute {name} of <{element.tag}> is not allowed"
        opens = element.get("popovertarget")
        if opens is not None and (element.tag != "button" or opens not in ids):
            yield f"<{element.tag}> opens {opens!r}, which is not on its page"
        if element.tag == "button" and element.get("type") != "button":
            yield "<button> is none that only opens something"
        target = element.get("href")
        target = target.removeprefix(base) if base and target else target
        if target is not None and (problem := _target(path, element, target, ids, links)):
            yield problem


def _content(main: ET.Element | None) -> Iterator[str]:
    """Problems of what a page says: a page without its heading, or with next to nothing under it, is not whole."""
    told = "" if main is None else " ".join("".join(main.itertext()).split())
    if main is None or not told:
        yield "has no content"
        return
    headings = ["".join(one.itertext()).strip() for one in main.iter("h1")]
    if len(headings) != 1 or not headings[0]:
        yield f"has {len([one for one in headings if one])} headings of the first rank that say something, not one"
    if len(told) < LEAST_TEXT:
        yield f"says {len(told)} characters, fewer than {LEAST_TEXT}: it is not whole"


def _base(tree: ET.Element) -> str:
    """The path of the site's root as the page of missing addresses writes it, which a server shows at any depth."""
    sheet = tree.find("head/link[@rel='stylesheet']")
    base = sheet.get("href", "").partition("assets/")[0] if sheet is not None else ""
    return base if _BASE.fullmatch(base) else ""


def _data(script: ET.Element) -> Iterator[str]:
    """Problems of a <script>: the only one that may stand is a block of linked data, which no browser runs."""
    if script.attrib != {"type": "application/ld+json"}:
        yield f"<script> with {sorted(script.attrib)} is more than a block of data"
        return
    text = script.text or ""
    if len(script) or re.search(r"[<>&]", text):  # HTML ends a script at "</script", and never reads "&lt;" as "<"
        yield "a block of data holds markup"
        return
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        yield f"a block of data does not parse: {error}"
        return
    if not isinstance(found, dict) or found.get("@context") != "https://schema.org":
        yield "a block of data is none of schema.org"


def _target(path: str, element: ET.Element, target: str, ids: Container[str], links: dict[str, None]) -> str | None:
    """What is wrong with one href: an outward one must be http(s), safe and in an <a>; an inward one joins `links`."""
    if _SCHEME.match(target):
        if element.tag == "link" and element.get("rel") == "canonical" and target.startswith(("https://", "http://")):
            return None  # the page's own address, which no browser loads
        if element.tag != "a" or not target.startswith(("https://", "http://")):
            return f"<{element.tag}> leads out of the site to {target[:80]!r}"
        missing = OUTWARD_REL - set((element.get("rel") or "").split())
        return f"link to {target[:80]!r} lacks rel {' '.join(sorted(missing))}" if missing else None
    place, _, anchor = target.partition("#")
    goal = normpath(join(dirname(path), place)) if place else path
    if goal != path:
        links[f"{goal}#{anchor}" if anchor else goal] = None
    elif anchor and anchor not in ids:
        return f"link to {target!r} names no anchor of its page"
    return None


def _sitemap(sitemap: ET.Element) -> Iterator[str]:
    """Problems of a sitemap, or of the index of several: absolute addresses, each once, and not too many."""
    found = [element.text or "" for element in sitemap.iter(f"{SITEMAP}loc")]
    if len(found) > MOST_LISTED:
        yield f"lists {len(found)} addresses, more than {MOST_LISTED}"
    if len(set(found)) != len(found):
        yield "lists an address twice"
    for address in found:
        if not address.startswith(("https://", "http://")):
            yield f"lists {address[:80]!r}, which is no whole address"


def _feed(feed: ET.Element) -> Iterator[str]:
    """Problems of an Atom feed: its required elements, and ids that stand once."""
    if feed.tag != f"{ATOM}feed":
        yield "is no Atom feed"
        return
    ids: list[str] = []
    for element in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            if not (element.findtext(f"{ATOM}{name}") or "").strip():
                yield f"an element lacks its {name}"
        ids.append(element.findtext(f"{ATOM}id") or "")
    if len(set(ids)) != len(ids):
        yield "two elements share an id"
