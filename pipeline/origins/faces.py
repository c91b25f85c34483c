"""Faces: what of a record is compared with other records, made once for each.

Pure. Texts are compared by runs of four words ("shingles"; Broder 1997), kept as hashes. Words inside quotation marks
are kept apart: whoever was there can quote them, wording around them is written. Sentences that an outlet prints under
many headlines are left out.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline import addresses
from pipeline.domain import Record
from pipeline.language import quotes
from pipeline.language.words import content, tokens
from pipeline.outlets import voice

Grams = NDArray[np.uint64]

LEAD = 60  # words that a cut copy still has
SHINGLE = 4
_READ = 8_000  # code points compared
_QUOTE = 8  # words of a quotation that is remembered
REPEATED = 3  # headlines under which an outlet prints a sentence before that counts as furniture
_SHORTEST = 25  # words of a text that may be furniture as a whole
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_SENTENCE = re.compile(r"[^\n.!?。！？]+[\n.!?。！？]*+")
_CAPTION = re.compile(r"[^\n]{0,300}\([^()\n]{2,60}/[^()\n]{2,60}\)\s*\Z")  # "... on Oct. 2. (A. Ray/Photo Agency)"
_FIGURE = re.compile(r"\d")
_LINK = re.compile(r"https?://[^\s<>\"'“”()\[\]]{4,500}")
_CASED = re.compile(r"\w++(?:['’.,-]\w++)*+")


@dataclass(frozen=True, slots=True)
class Face:
    """What of a record is compared. Shingles are sorted and distinct."""

    record: Record
    voice: str
    address: str
    title: tuple[str, ...]
    body: tuple[str, ...]
    grams: Grams  # of the body
    written: Grams  # of the body outside quotations
    lead: Grams  # the first of these
    frame: Grams  # of the body with figures and names masked
    quotes: tuple[str, ...]  # long ones, in order
    subject: frozenset[str]  # stems of the headline, or of the beginning where there is none

    @property
    def stems(self) -> frozenset[str]:
        """Stems of headline and lead; made when they are asked for, which is seldom."""
        return self.subject | _stems(self.body[:LEAD])


@lru_cache(maxsize=1024)
def _stems(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(content(" ".join(words)))


@lru_cache(maxsize=200_000)
def _hash(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))


def _shingles(words: Sequence[str]) -> Grams:
    """Hashes of the runs of four words, in order; of the whole where it is shorter."""
    if not words:
        return np.empty(0, np.uint64)
    codes = np.fromiter(map(_hash, words), np.uint64, len(words))
    width = min(SHINGLE, len(words))
    return mixed([codes[at : len(codes) - width + 1 + at] for at in range(width)])


def mixed(columns: Sequence[Grams]) -> Grams:
    """One hash of the values that stand side by side in `columns` (multiply and shift, 64 bits)."""
    value = np.ones_like(columns[0])
    for column in columns:
        value = (value + column) * _GOLDEN
        value = value ^ (value >> np.uint64(29))
    return value


def sentences(text: str) -> list[str]:
    """Rough sentences of a text, to be recognised where they stand again; nothing is lost between them."""
    return _SENTENCE.findall(text)


def same(sentence: str) -> str:
    """A sentence as it is recognised."""
    return " ".join(sentence.split()).casefold()


def coded(key: str) -> int:
    """A string as 64 bits, the same in every process."""
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def _line(speaker: str, sentence: str) -> int:
    """A sentence as one voice prints it."""
    return coded(f"{speaker}\n{same(sentence)}")


def lines(record: Record, speaker: str) -> Grams:
    """The sentences of a record as its voice prints them; none where nobody is known to speak."""
    found = [_line(speaker, part) for part in sentences(body_of(record))] if speaker else []
    return np.unique(np.asarray(found, np.uint64))


def body_of(record: Record) -> str:
    """The part of a record's text below its headline, as far as it is compared; empty where it only tells a picture."""
    title, text = record.title.strip(), record.text[:_READ]
    body = text[len(title) :] if title and text.startswith(title) else text
    return "" if title and len(body) < 400 and _CAPTION.match(body.strip()) else body


def face(record: Record, common: Container[int] = frozenset()) -> Face:
    """The comparable face of a record, without its outlet's furniture (`common`, from `lines`)."""
    speaker, text = voice(record), body_of(record)
    if common:
        bare = "".join(part for part in sentences(text) if _line(speaker, part) not in common)
        text = bare if bare.strip() or len(text.split()) < _SHORTEST else text
    body, title = tokens(text), tokens(record.title)
    spans = [span for span in quotes.find(text) if len(text[span.start : span.end].split()) >= SHINGLE]
    chunks, at = [], 0
    for span in spans:
        if span.start >= at:
            chunks.append(text[at : span.start])
        at = max(at, span.end)
    grams = _shingles(body)
    written = np.concatenate([_shingles(tokens(part)) for part in [*chunks, text[at:]]]) if spans else grams
    said = (tokens(text[span.start : span.end]) for span in spans)
    subject = content(record.title) or content(text[:300])
    return Face(
        record,
        speaker,
        _address(record),
        tuple(title),
        tuple(body),
        np.unique(grams),
        np.unique(written),
        np.unique(written[:LEAD]),
        np.unique(_shingles(_frame(text))),
        tuple(dict.fromkeys(" ".join(words) for words in said if len(words) >= _QUOTE)),
        frozenset(subject),
    )


def cased(text: str) -> list[str]:
    """Words of a text as they are written."""
    return _CASED.findall(text)


def _frame(text: str) -> list[str]:
    """Words of a text with a mark in place of each run of names and figures."""
    found: list[str] = []
    for word in cased(text):
        plain = word.isalpha() or not _FIGURE.search(word)
        masked = word.casefold() if plain and not word[0].isupper() else "#"
        if masked != "#" or not found or found[-1] != "#":
            found.append(masked)
    return found


def _address(record: Record) -> str:
    """A record's page, empty where it has none or names a whole site."""
    page = addresses.canonical(record.url) if record.url else None
    return page.split("://", 1)[1].removeprefix("www.").rstrip("/") if page and not addresses.bare(page) else ""


def without_links(text: str) -> str:
    """A text without the addresses in it."""
    return _LINK.sub(" ", text)


def pages(record: Record) -> frozenset[str]:
    """Pages that a record points to: its discussion, what led to it, those in a post or at the end of an article."""
    text = record.text[:2000] if record.kind != "article" else record.text[-400:]
    found = [record.discussion_url or "", *record.via, *_LINK.findall(text)]
    there = (addresses.canonical(one.rstrip(".,;:!?")) for one in found if one.startswith("http"))
    return frozenset(page.split("://", 1)[1].removeprefix("www.").rstrip("/") for page in there if page)
