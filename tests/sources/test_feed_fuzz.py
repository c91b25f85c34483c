"""Feeds that chance or malice has damaged, through the real parse function in processes that can be killed.

The seeds are of every format and were written for this test; with CITEWIRE_EVAL_DATA the files of feedparser's suite
are damaged as well. Whatever comes of a feed, it is entries or a reason; no process dies and none reaches its limit.
"""

from __future__ import annotations

import os
import random
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from desk import NOW
from thorough import LONG

from pipeline.domain import Source
from pipeline.engines.local import LocalEngine
from pipeline.protocols import Engine
from pipeline.sources.feed import Payload, Taken, take

FOLDER = os.environ.get("CITEWIRE_EVAL_DATA")
PART = 5000 if LONG else 1000  # of four
SECONDS = 2  # of processor time, for a feed of a few kilobytes
SOURCE = Source("Harbour Wire", "feed", "https://harbour.example/feed", lang="en")

# --- seeds -----------------------------------------------------------------------------------------------------------

FOLDER_OF_SEEDS = Path(__file__).parent / "seeds"


def seed(name: str) -> str:
    return (FOLDER_OF_SEEDS / name).read_text(encoding="utf-8")


RSS, ATOM, JSON = seed("rss-2.0.xml"), seed("atom-1.0.xml"), seed("feed.json")
SEEDS = [
    *(seed(name).encode() for name in ("rss-0.91.xml", "atom-0.3.xml", "cdf.xml", "loose.xml")),
    *(text.encode() for text in (RSS, ATOM, JSON)),
    seed("rss-1.0.xml").encode("iso-8859-1"),
    RSS.encode("utf-16"),
    ATOM.encode("utf-16-be"),
    JSON.encode("utf-8-sig"),
    RSS.replace("UTF-8", "gb18030").encode("gb18030"),
    RSS.replace("UTF-8", "windows-1252").encode("cp1252", "xmlcharrefreplace"),
]

# --- damage ----------------------------------------------------------------------------------------------------------

TOKENS = (
    "<![CDATA[ ]]> <!-- --> -- <?xml ?> <!DOCTYPE [ ]> <!ENTITY & &amp; &#0; &#xD800; &#x110000; &nbsp; &lt; < > </ /> "
    "\" ' = "
    "<item> </item> <entry> </entry> <channel> </channel> <title> </title> <link> <guid> <pubDate> <content> <source> "
    'xml:base="http://[" xml:base="javascript:x" xml:lang="x" xmlns="" xmlns:a="b" type="xhtml" type="application/xml" '
    'mode="base64" mode="xml" {} [] null : , 1e999 -1 \\ud800 \\x00 \ufeff \ud83d\ude80 \u202e \u0000 \uffff'
).split(" ")
CHARSETS = (
    "utf-7 utf-8 utf-16 utf-16le utf-32 latin-1 cp037 idna punycode unicode_escape rot13 hex zlib undefined bogus "
    "gb2312 iso-2022-jp big5 shift_jis x-user-defined utf-8-sig"
).split()
TYPES = (
    "",
    "text/xml",
    "application/json",
    "text/html; charset={}",
    "application/xml; charset={}",
    "text/plain",
    "x/y;;=",
)


def _raw(token: str) -> bytes:
    return token.encode("utf-8", "surrogatepass")


def flip(body: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    for _ in range(chance.randint(1, 12)):
        body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)


def cut(body: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    start = chance.randrange(len(body))
    del body[start : start + chance.choice((1, 10, 100, len(body)))]


def splice(body: bytearray, chance: random.Random, seeds: Sequence[bytes]) -> None:
    other = chance.choice(seeds)
    start, at = chance.randrange(len(other)), chance.randrange(len(body))
    body[at : at + chance.choice((0, 50, len(body)))] = other[start : start + chance.choice((20, 300, len(other)))]


def repeat(body: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    start = chance.randrange(len(body))
    part = bytes(body[start : start + chance.randint(1, 80)])
    body[start:start] = part * chance.choice((1, 2, 5, 40))


def insert(body: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(body) + 1)
        body[at:at] = _raw(chance.choice(TOKENS)) * chance.choice((1, 1, 1, 3, 50))


def recode(body: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    declared = chance.choice(CHARSETS).encode()
    text = bytes(body).decode("utf-8", "replace").replace("encoding=", "was=")
    real = chance.choice(("utf-8", "utf-16-le", "utf-32-be", "utf-7", "cp037", "latin-1", "shift_jis"))
    head = b'<?xml version="1.0" encoding="' + declared + b'"?>' if chance.random() < 0.7 else b""
    body[:] = head + text.encode(real, "replace")


DAMAGES: Sequence[Callable[[bytearray, random.Random, Sequence[bytes]], None]] = (
    flip,
    cut,
    splice,
    repeat,
    insert,
    recode,
)


def damaged(seeds: Sequence[bytes], number: int) -> Payload:
    """The feed number `number`: always the same."""
    chance = random.Random(number)
    body = bytearray(seeds[number % len(seeds)])
    for _ in range(chance.randint(1, 4)):
        if body:
            chance.choice(DAMAGES)(body, chance, seeds)
    kind = chance.choice(TYPES).format(chance.choice(CHARSETS))
    return Payload(bytes(body), f"https://harbour.example/{number}", kind)


# --- tests -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with LocalEngine(
        workers=2, memory=1 << 30, cpu=SECONDS, preload=("feedparser", "pipeline.sources.feed")
    ) as running:
        yield running


def outcomes(engine: Engine, seeds: Sequence[bytes], part: int) -> Counter[bool]:
    """How many feeds of a part gave records or a reason. Anything else is a failure."""
    work = partial(take, source=SOURCE, now=NOW, raw="")
    payloads = [damaged(seeds, number) for number in range(part * PART, (part + 1) * PART)]
    counted: Counter[bool] = Counter()
    for payload, outcome in zip(payloads, engine.map(work, payloads, timeout=30), strict=True):
        refused = (outcome.error or "").startswith("ParseError: ")
        assert refused or isinstance(outcome.value, Taken), (payload.url, outcome.error)
        counted[refused] += 1
    return counted


@pytest.mark.parametrize("part", range(4))
def test_damaged_feeds_give_records_or_a_reason(engine: Engine, part: int) -> None:
    counted = outcomes(engine, SEEDS, part)
    assert min(counted[True], counted[False]) > PART / 10, counted


@pytest.mark.skipif(not FOLDER, reason="CITEWIRE_EVAL_DATA names no data folder")
@pytest.mark.parametrize("part", range(4))
def test_damaged_files_of_another_suite_give_records_or_a_reason(engine: Engine, part: int) -> None:
    with tarfile.open(Path(FOLDER or ".") / "feeds" / "feedparser.tar.gz") as archive:
        files = (archive.extractfile(member) for member in archive if member.isfile())
        seeds = [file.read() for file in files if file]
    counted = outcomes(engine, seeds, part)
    assert min(counted[True], counted[False]) > PART / 50, counted


def test_seeds_are_feeds() -> None:
    for body in SEEDS:
        assert take(Payload(body, "https://harbour.example/feed", ""), SOURCE, NOW, "").records
