"""The site's own search index: documents in, small files out, which one script reads from a server or from a folder.

Documents are kept in segments (a month of stories each), so a night makes the files of one or two segments again and
no other. In a segment a word's postings lie in a shard chosen by its first two letters, so a reader's browser loads a
few kilobytes for each word and can complete the one that is being typed. Words weigh what BM25F gives them (Robertson,
Zaragoza and Taylor 2004): fields are weighted before saturation, lengths are those of the segment; the script adds the
inverse document frequency. Every file is one call of the script with one JSON value, escaped to ASCII.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.domain import digest
from pipeline.renderers.printing import printable

K1, B = 1.2, 0.6  # saturation and length, as is usual for short texts
IMPACT = 40  # integers that a weight is told in
BLOCK = 32  # documents of one file
SHARDS = 16  # most shards of a segment; a small one has fewer
_PER_SHARD = 12  # documents for which one more shard is worth a file
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile("[\u2e80-\u2fdf\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Document:
    """One thing that can be found. `fields` are texts with their weight; `text` is what a result shows of it."""

    href: str
    title: str
    text: str
    note: str
    kind: str
    lang: str
    fields: tuple[tuple[int, str], ...]


@lru_cache(maxsize=65536)
def _folded(word: str) -> tuple[str, ...]:
    """The index terms of one written word: none for one Latin letter, pairs of signs where no spaces are written."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if unicodedata.category(c)[0] != "M")
    found: list[str] = []
    for part in _WORD.findall(plain):
        if _UNSPACED.fullmatch(part) and len(part) > 1:
            found += [part[i : i + 2] for i in range(len(part) - 1)]
        elif len(part) > 1 or not part.isascii() or part.isdigit():
            found.append(_singular(part[:_LONGEST]))
    return tuple(found)


def _singular(word: str) -> str:
    """The S-stemmer (Harman 1991): its three rules, the first that fits."""
    if len(word) < 4 or not word.endswith("s"):
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
        return word[:-1]
    return word if word.endswith(("us", "ss")) else word[:-1]


def terms(text: str) -> Iterator[str]:
    """The index terms of a text, in order; the script folds a reader's words alike."""
    for word in text.split():
        yield from _folded(word)


def shard_of(word: str, shards: int) -> int:
    """The shard of a word, by its first two code points; the script computes the same."""
    return (ord(word[0]) * 31 + (ord(word[1]) if len(word) > 1 else 0)) % shards


def call(name: str, value: object) -> bytes:
    """A file of the index: one call with one JSON value. Letters beyond ASCII and "<" are escaped."""
    body = json.dumps(value, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
    return f'citewire.take("{name}",{body});\n'.encode()


Words = list[dict[str, str]]
"""By shard: word -> its postings."""


class Segment:
    """Documents that are indexed together; `name` is [a-z0-9-]. Nothing is computed before it is asked for."""

    def __init__(self, name: str, documents: Sequence[Document], mark: str = "") -> None:
        """`mark`: digest of what the documents follow from, where they are made only when they are asked for."""
        self.name = name
        self.documents = documents
        self._mark = mark
        self.shards = min(SHARDS, 1 + len(self.documents) // _PER_SHARD)

    @property
    def mark(self) -> str:
        """Digest of everything that the files of the segment depend on."""
        told = [self._mark] if self._mark else [repr(one) for one in self.documents]
        return digest("segment", self.name, *told, size=32)

    def names(self) -> tuple[str, ...]:
        """The names of its files: shards of words, then blocks of documents."""
        blocks = (len(self.documents) + BLOCK - 1) // BLOCK
        words = (f"{self.name}-w{n}" for n in range(self.shards))
        return (*words, *(f"{self.name}-d{n}" for n in range(blocks)))

    def file(self, name: str, words: Callable[[Segment], Words] | None = None) -> bytes:
        """The bytes of one of its files. `words` gives its words, where they are at hand."""
        kind, number = name.removeprefix(f"{self.name}-")[0], int(name.removeprefix(f"{self.name}-")[1:])
        if kind == "d":
            rows = self.documents[number * BLOCK : (number + 1) * BLOCK]
            told = ((d.href, d.title, d.text, d.note, d.kind, d.lang) for d in rows)
            return call(name, [[printable(part) for part in row] for row in told])
        return call(name, (words(self) if words else self.words())[number])

    def words(self) -> Words:
        """By shard: its words in order, with their postings."""
        found: Words = [{} for _ in range(self.shards)]
        for word, told in sorted(self.postings().items()):
            found[shard_of(word, self.shards)][word] = " ".join(told)
        return found

    def postings(self) -> dict[str, list[str]]:
        """Word -> "document:impact" of every document that holds it."""
        counted = [_weighted(document) for document in self.documents]
        lengths = [sum(words.values()) for words in counted]
        mean = (sum(lengths) / len(lengths) or 1.0) if lengths else 1.0
        postings: dict[str, list[str]] = defaultdict(list)
        for number, (words, length) in enumerate(zip(counted, lengths, strict=True)):
            norm = K1 * (1 - B + B * length / mean)
            for word, weight in words.items():
                impact = max(1, round(IMPACT * weight / (weight + norm)))
                postings[word].append(f"{number}:{impact}")
        return postings


def _weighted(document: Document) -> dict[str, int]:
    """Word -> the sum of the weights of the fields that hold it, each time it stands there."""
    found: dict[str, int] = defaultdict(int)
    for weight, text in document.fields:
        for written, times in Counter(text.split()).items():
            for word in _folded(written):
                found[word] += weight * times
    return found


def contents(segments: Iterable[Segment]) -> bytes:
    """The file that says which segments there are: name, documents, shards of each, the newest first."""
    return call("index", [[one.name, len(one.documents), one.shards] for one in segments])
