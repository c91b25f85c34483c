"""Words: tokens folded so that case, curly quotes and possessives do not matter, stems, and stop words.

Tokens follow Unicode letters and digits; scripts written without spaces give one token per character. Stems come from
the Snowball algorithms (Porter 1980; snowballstem.org).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

from pipeline.language.stopwords import STOP

__all__ = ["STOP", "content", "fold", "is_stop", "placed", "stem", "tokens", "written"]

_MARKS = "\u0300-\u036f\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff\u0e00-\u0eff"
_UNSPACED = "\u2e80-\u2fdf\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_RUN = rf"(?:[^\W_{_UNSPACED}]+|[{_MARKS}]+)+"
_TOKEN = re.compile(
    rf"(?:[^\W\d_]\.){{2,}}"  # U.S.
    rf"|\d+(?:[.,]\d+)+"  # 1,250.5
    rf"|[\u2e80-\u2fdf\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
    rf"|[\uac00-\ud7af]+"
    rf"|{_RUN}(?:['’ʼ]{_RUN})*"
)
# The same for ASCII alone, at half the time.
_ASCII_TOKEN = re.compile(r"(?:[A-Za-z]\.){2,}|\d+(?:[.,]\d+)+|[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*", re.ASCII)
_LONGEST = 64  # code points of a token worth keeping whole
_REMEMBERED = 1_000  # code points of a text whose tokens are remembered


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """`word` in lower case, with straight apostrophes, no possessive ending and no dots of an abbreviation."""
    folded = word.casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFC", folded).replace("’", "'").replace("ʼ", "'")
    if folded.endswith("'s"):
        folded = folded[:-2]
    if "." in folded and not folded[0].isdigit():
        folded = folded.replace(".", "")
    return folded


def tokens(text: str) -> list[str]:
    """Folded word tokens of `text`, in order; accents are kept, tokens are cut at 64 code points."""
    return list(_folded(text)) if len(text) < _REMEMBERED else _found(text)


@lru_cache(maxsize=4096)
def _folded(text: str) -> tuple[str, ...]:
    """Tokens of a short text, remembered because many readers ask for the same sentence."""
    return tuple(_found(text))


def written(text: str) -> list[str]:
    """The same tokens as they are written, in order: capitals, dots and endings kept, cut at 64 code points."""
    return [word[:_LONGEST] for word in (_ASCII_TOKEN if text.isascii() else _TOKEN).findall(text)]


def _found(text: str) -> list[str]:
    return [fold(word) for word in written(text)]


_STEMMER = snowballstemmer.stemmer("english")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """English stem of a folded word; words with digits or outside ASCII letters come back as they are."""
    if len(word) < 3 or not word.isascii() or not word.isalpha():
        return word
    stemmed: str = _STEMMER.stemWord(word)
    return stemmed


def is_stop(word: str, lang: str | None = None) -> bool:
    """Whether a folded word carries no content in `lang` (a two-letter code; None or unknown: English)."""
    return word in STOP.get(lang or "en", STOP["en"])


@lru_cache(maxsize=65536)
def _content_stem(word: str) -> str:
    """Stem of a content word, or the empty string for a stop word."""
    if word in STOP["en"] or (len(word) == 1 and word.isascii() and not word.isdigit()):
        return ""
    return stem(word)


def content(text: str) -> list[str]:
    """Stemmed content words of `text` in order: no English stop words, no single letters."""
    return [stemmed for token in tokens(text) if (stemmed := _content_stem(token))]


def placed(text: str) -> list[tuple[int, int, str]]:
    """The stems that `content` gives of `text`, each with where its word begins and ends."""
    found = (_ASCII_TOKEN if text.isascii() else _TOKEN).finditer(text)
    words = [(match.start(), match.end(), _content_stem(fold(match[0][:_LONGEST]))) for match in found]
    return [word for word in words if word[2]]
