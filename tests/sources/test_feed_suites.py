"""Other parsers' suites and captured feeds through ours; CITEWIRE_EVAL_DATA names the folder that holds them.

A file of feedparser's suite says in a comment what must hold, as a Python expression over feedparser's own result. Of
its comparisons those are checked that concern what we take, translated by rule (`TAKEN`):

* a text is compared as plain text: we keep no markup;
* an author is compared by name: mail addresses are nobody's name, and are not kept;
* a link is compared as a safe address, absolute at the feed's: what may not be linked is dropped;
* an id is compared as it is written, not resolved: a feed that moves keeps its ids;
* of an entry's times the one that we take is compared: published, else updated, else created;
* the headers Content-Location and Content-Language do not speak for the feed (RFC 9110 took the base from the first);
* text that only a browser's rules for broken markup would show ("<!", an unclosed object) is not shown;
* of one entry's languages that of its text is taken before that of its title;
* a feed that declares XML entities is refused whole, and so is a file in which feedparser finds neither a version of
  a feed nor an entry.
"""

from __future__ import annotations

import ast
import calendar
import io
import json
import os
import re
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import feedparser
import pytest

from pipeline.addresses import absolute
from pipeline.engines.local import LocalEngine
from pipeline.extract import fragment_text
from pipeline.protocols import Outcome
from pipeline.sources.entries import Entry, Parsed, Payload
from pipeline.sources.feed_parser import parse

FOLDER = os.environ.get("CITEWIRE_EVAL_DATA")  # read at import: the fixtures clear the environment
pytestmark = pytest.mark.skipif(not FOLDER, reason="CITEWIRE_EVAL_DATA names no data folder")
DATA = Path(FOLDER or ".")
BASE = "http://127.0.0.1:8097/"  # where feedparser's suite is served


@cache
def members(archive: str) -> Mapping[str, bytes]:
    """Content of an archive's files by their name within it."""
    with tarfile.open(DATA / "feeds" / archive) as opened:
        found = [(member.name.partition("/")[2], opened.extractfile(member)) for member in opened if member.isfile()]
        return {name: content.read() for name, content in found if content}


def read(body: bytes, content_type: str = "") -> Outcome:
    return next(iter(LocalEngine().map(parse, [Payload(body, BASE, content_type)])))


def refused(outcome: Outcome) -> str:
    """Why a feed was refused, "" where it was not; any other failure fails the test."""
    assert outcome.value or (outcome.error or "").startswith("ParseError: "), outcome.error
    return outcome.error or ""


# --- feedparser's suite ----------------------------------------------------------------------------------------------

OUTSIDE = {"content-location", "content-language"}
UNSHOWN = re.compile(r"(?:<|&lt;)!(?!--(?:(?!--).)*--(?:>|&gt;))|(?:<|&lt;)(?:object|iframe)", re.I)
CODECS = ("utf-8", "utf-16", "utf-32", "utf-16-be", "utf-16-le", "utf-32-be", "utf-32-le", "latin-1")


def told(body: bytes) -> tuple[str, dict[str, str], str]:
    """The expectation in a file, the headers it wants to be served with, and what comes after them."""
    for codec in CODECS:
        text = body.decode(codec, "ignore")
        found = re.search(r"Expect:\s*(.*?)(?:-->|\n\s*\n)", text, re.S)
        if found:
            headers = re.findall(r"^Header:\s*([\w-]+):\s*(.*?)\s*$", text[: found.end()], re.M)
            return " ".join(found[1].split()), {name.lower(): value for name, value in headers}, text[found.end() :]
    raise AssertionError("a file of the suite without an expectation")


def compared(expectation: str) -> Iterator[tuple[str, Any]]:
    """What the expectation compares with a literal: the path in feedparser's result, and the value."""
    try:
        tree = ast.parse(expectation, mode="eval").body
    except SyntaxError:
        return
    for node in tree.values if isinstance(tree, ast.BoolOp) else [tree]:
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq):
            try:
                value = ast.literal_eval(node.comparators[0])
            except ValueError:
                continue
            yield re.sub(r"\['(\w+)'\]", r".\1", ast.unparse(node.left)), value


def text(value: str) -> str:
    return fragment_text(value)


def people(value: str) -> str:
    return re.sub(r"\s*\(?[\w.]+@[\w.]+\)?\s*", "", value)


def link(value: str) -> str:
    return (absolute(value, BASE) or "") if value.strip() else ""


def same(value: Any) -> Any:
    return value or ""


def moment(value: tuple[int, ...]) -> datetime:
    return datetime.fromtimestamp(calendar.timegm(value), UTC)


Taken = tuple[Callable[[Parsed, Entry], Any], Callable[[Any], Any]]  # ours, and how theirs is translated

OF_ENTRY: Mapping[str, Taken] = {
    "title": (lambda feed, one: one.title, text),
    "title_detail.value": (lambda feed, one: one.title, text),
    "description": (lambda feed, one: one.summary or one.content, text),
    "summary": (lambda feed, one: one.summary or one.content, text),
    "summary_detail.value": (lambda feed, one: one.summary or one.content, text),
    "content.value": (lambda feed, one: one.content, text),
    "link": (lambda feed, one: one.link, link),
    "id": (lambda feed, one: absolute(one.guid, BASE) if one.guid.startswith("/") else one.guid, same),
    "guid": (lambda feed, one: one.guid, same),
    "author": (lambda feed, one: one.author, people),
    "comments": (lambda feed, one: one.comments, link),
    "published": (lambda feed, one: one.date, same),
    "published_parsed": (lambda feed, one: one.published, moment),
    "updated": (lambda feed, one: one.date, same),
    "updated_parsed": (lambda feed, one: one.published, moment),
    "created": (lambda feed, one: one.date, same),
    "created_parsed": (lambda feed, one: one.published, moment),
    "title_detail.language": (lambda feed, one: SKIPPED if one.summary or one.content else one.lang, same),
    "summary_detail.language": (lambda feed, one: one.lang, same),
    "source.title": (lambda feed, one: one.origin, text),
    "source.link": (lambda feed, one: one.origin_url, link),
}
OF_FEED: Mapping[str, Taken] = {
    "title": (lambda feed, one: feed.title, text),
    "title_detail.value": (lambda feed, one: feed.title, text),
    "link": (lambda feed, one: feed.site, link),
    "language": (lambda feed, one: feed.lang, same),
}
SKIPPED = object()
NOTHING = Entry("", "", "", "", "", None, "", "", "", False)


def ours(feed: Parsed, path: str) -> tuple[Any, Callable[[Any], Any]] | None:
    """What we have where feedparser has `path`, and how its value is translated; None where we take nothing."""
    if path == "len(entries)":
        return feed.total, same
    entry = re.fullmatch(r"entries\[(\d+)\]\.(\w+)(?:\[0\])?(\.\w+)?", path)
    if entry and entry[2] + (entry[3] or "") in OF_ENTRY:
        at = int(entry[1])
        take, translate = OF_ENTRY[entry[2] + (entry[3] or "")]
        return take(feed, feed.entries[at] if at < len(feed.entries) else NOTHING), translate
    if path.startswith("feed.") and path.removeprefix("feed.") in OF_FEED:
        take, translate = OF_FEED[path.removeprefix("feed.")]
        return take(feed, NOTHING), translate
    return None


def test_the_parsers_own_suite() -> None:
    """All 2,107 files: no uncaught error, and what they expect of what we take."""
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    for name, body in sorted(members("feedparser.tar.gz").items()):
        seen["files"] += 1
        expectation, headers, rest = told(body)
        outcome = read(body, headers.get("content-type", ""))
        if refused(outcome):
            seen["refused"] += 1
            assert b"<!ENTITY" in body or no_feed(body), (name, outcome.error)
            continue
        for path, value in compared(expectation):
            found = ours(outcome.value, path)
            if found is None or found[0] is SKIPPED or not OUTSIDE.isdisjoint(headers) or UNSHOWN.search(rest):
                seen["not taken"] += 1
                continue
            seen["checked"] += 1
            if found[0] != found[1](value):
                wrong.append(f"{name}: {path} is {found[0]!r}, not {found[1](value)!r} (from {value!r})")
    assert not wrong, "\n".join([*wrong, f"{len(wrong)} of {seen}"])
    assert seen["files"] == 2107
    assert seen["checked"] > 1150
    assert seen["refused"] <= 10


def no_feed(body: bytes) -> bool:
    found = feedparser.parse(io.BytesIO(body))
    return not found.get("version") and not found.entries


# --- rss-parser's suite ----------------------------------------------------------------------------------------------


def test_rss_parsers_suite() -> None:
    """Title, link, id, author, time and text of every item, as rss-parser gives them.

    It keeps one author of several, fractions of seconds, and the pieces of naked markup in another order. Nothing is
    compared where it has nothing, which one of its files writes as "EMPTY".
    """
    files, checked = members("rss-parser.tar.gz"), Counter[str]()
    wrong: list[str] = []
    for name, body in sorted(files.items()):
        expected = files.get(f"output/{Path(name).stem}.json")
        if not name.startswith("input/"):
            continue
        outcome = read(body)
        if expected is None:
            assert refused(outcome) or outcome.value.entries, name
            continue
        items = json.loads(expected.decode("utf-8", "replace"))["feed"]["items"]
        assert not refused(outcome), (name, outcome.error)
        assert outcome.value.total == len(items), name
        naked = NAKED.search(body)
        for at, (entry, item) in enumerate(zip(outcome.value.entries, items, strict=True)):
            for key, holds in OF_ITEM.items():
                value = item.get(key)
                if not isinstance(value, str) or "\ufffd" in value or value.strip() in ("", "EMPTY"):
                    continue
                if key == "content" and naked:
                    continue
                checked[key] += 1
                if not holds(entry, value.strip()):
                    wrong.append(f"{name}[{at}].{key} is not {value!r}")
    assert not wrong, "\n".join([*wrong, f"{len(wrong)} of {checked}"])
    assert set(checked) == set(OF_ITEM)
    assert min(checked.values()) > 1


NAKED = re.compile(rb"<description><[a-z]|xhtml|<itunes:summary><")
OF_ITEM: Mapping[str, Callable[[Entry, str], bool]] = {
    "title": lambda one, value: one.title == text(value),
    "link": lambda one, value: one.link == link(value),
    "guid": lambda one, value: one.guid == value,
    "id": lambda one, value: one.guid.lstrip("/") == value.lstrip("/"),
    "creator": lambda one, value: people(value) in one.author,
    "author": lambda one, value: people(value) in one.author,
    "isoDate": lambda one, value: one.published == datetime.fromisoformat(value).replace(microsecond=0),
    "content": lambda one, value: text(value) in (one.content, one.summary),
    "comments": lambda one, value: one.comments == link(value),
}


# --- captured feeds --------------------------------------------------------------------------------------------------


def test_captured_feeds() -> None:
    """All 51 parse, and feedparser's reading of them, done elsewhere, finds the same first item."""
    files = members("realworld.dev.tar.gz")
    reference = json.loads(files["reference.json"])
    wrong = []
    for name, expected in sorted(reference.items()):
        outcome = read(files[name])
        assert not refused(outcome), (name, outcome.error)
        feed = outcome.value
        first = feed.entries[0] if feed.entries else NOTHING
        named = expected["first_link"] == expected["first_id"] and "://" not in (expected["first_id"] or "")
        pairs = {
            "items": (feed.total, expected["n"]),
            "title of the feed": (feed.title, text(expected["feed_title"] or "")),
            "title": (first.title, text(expected["first_title"] or "")),
            "link": (first.link, "" if named else link(expected["first_link"] or "")),
            "id": (first.guid, expected["first_id"] or ""),
        }
        wrong += [f"{name}: {key} {ours!r}, not {theirs!r}" for key, (ours, theirs) in pairs.items() if ours != theirs]
        dated = sum(entry.published is not None for entry in feed.entries)
        if dated < (expected.get("dated") or 0):
            wrong.append(f"{name}: {dated} dates, not {expected['dated']}")
    assert not wrong, "\n".join(wrong)
    assert len(reference) == 51


def test_malformed_captures_are_refused_with_a_reason() -> None:
    files = [body for name, body in members("realworld.dev.tar.gz").items() if name.startswith("malformed/")]
    assert files
    assert all(refused(read(body)) for body in files)
