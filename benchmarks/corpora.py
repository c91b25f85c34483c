"""Real sentences of the shared corpora for the benchmarks of the gate, read at run time; none is kept here.

A sentence comes with the others of its document, its publisher and its day. Halves are by the hash of the document, so
that rules can be mended on one and reported on the other.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

CORPORA = {
    "rss2023": "bulk/rss2023.dev.jsonl.gz",
    "giveme5w1h": "storylines/giveme5w1h.dev.jsonl.gz",
    "ecbplus": "storylines/ecbplus.dev.jsonl.gz",
    "techblogs": "bulk/techblogs2026.dev.jsonl.gz",
    "wikitimes": "storylines/wikitimes2015.dev.jsonl.gz",
}
HALVES = ("read", "held")
_MOST = 6000  # documents of one corpus
_ENDS = re.compile(r"(?<=[.!?])[\"”']?\s+(?=[\"“A-Z])")
_ABBREVIATED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Sen|Gov|Gen|Rep|Jr|Sr|Inc|Co|Corp|No|vs|[A-Z])\.$")
_ODD = re.compile(r"[|<>\[\]{}@#*=_~`^\\…]|https?:|www\.|\.{3}|--|&\w+;|\s[-–—]$|\)\s*\(|\?|!")


@dataclass(frozen=True, slots=True)
class Real:
    """A sentence as it stands in a document; `near` are the document's other sentences."""

    text: str
    near: tuple[str, ...]
    publisher: str | None
    published: datetime | None
    document: str
    corpus: str


def drawn(data: Path, half: str, chance: Random) -> Iterator[Real]:
    """Plain sentences of one half, the corpora by turns, each in an order of chance, none twice."""
    streams = [iter(_shuffled(sentences(data, name, half), chance)) for name in CORPORA]
    seen: set[str] = set()
    while streams:
        for stream in tuple(streams):
            found = next((one for one in stream if one.text not in seen), None)
            if found is None:
                streams.remove(stream)
                continue
            seen.add(found.text)
            yield found


def _shuffled(items: list[Real], chance: Random) -> list[Real]:
    return chance.sample(items, len(items))


def sentences(data: Path, corpus: str, half: str) -> list[Real]:
    """The plain sentences of one half of one corpus."""
    found = []
    with gzip.open(data / CORPORA[corpus], "rt", encoding="utf-8") as lines:
        for count, line in enumerate(lines):
            row = json.loads(line)
            if count >= _MOST:
                break
            if row.get("lang") not in (None, "en") or half != _half(str(row["id"])):
                continue
            texts = [text for text in _split(row.get("text") or "") if _plain(text)]
            for at, text in enumerate(texts[:40]):
                near = tuple(texts[max(0, at - 4) : at] + texts[at + 1 : at + 5])
                found.append(Real(text, near, row.get("source"), _time(row.get("published")), str(row["id"]), corpus))
    return found


def _half(document: str) -> str:
    return HALVES[hashlib.sha256(document.encode()).digest()[0] % 2]


def _split(text: str) -> Iterator[str]:
    """Sentences of a text, cut after a stop before a capital; titles and initials do not end one."""
    for paragraph in text.split("\n"):
        held = ""
        for piece in _ENDS.split(" ".join(paragraph.split())):
            held = f"{held} {piece}".strip()
            if not _ABBREVIATED.search(held):
                yield held
                held = ""


def _plain(text: str) -> bool:
    """Whether a sentence is whole, of 8 to 40 words, in running text, with its quotation marks in pairs."""
    words = text.split()
    if not 8 <= len(words) <= 40 or not text.endswith(".") or not text[0].isupper() or _ODD.search(text):
        return False
    if text.count('"') % 2 or text.count("“") != text.count("”") or text.count("(") != text.count(")"):
        return False
    capitals = sum(word[0].isupper() for word in words)
    return capitals <= 0.6 * len(words) and not re.search(r"\b(?:click|subscribe|newsletter|sign up)\b", text, re.I)


def _time(value: object) -> datetime | None:
    if not isinstance(value, str) or not value:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
