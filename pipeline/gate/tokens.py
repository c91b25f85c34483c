"""Words of a sentence: tokens with offsets, folded, with a first guess of their part of speech."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.gate import lexicon as lex

_FOLD = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "–": "-",
        "—": "-",
        "−": "-",
        "\u00a0": " ",
        "‑": "-",
    }
)
_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}|\d+(?:[.,:]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*(?:&[^\W\d_]+)?|n't|-{1,2}|[;:,.?!()\[\]\"/%$€£¥+&]|[^\s\w]",
    re.UNICODE,
)
_CAPITALS = {
    "US": "usa",
    "U.S.": "usa",
    "USA": "usa",
    "U.S.A.": "usa",
    "WHO": "who-un",
    "IT": "it-trade",
}  # no pronouns
_NOT = re.compile(r"^(.+)n't$")


def fold(text: str) -> str:
    """`text` with straight quotation marks and plain dashes; the same length, so offsets hold."""
    return text.translate(_FOLD)


@dataclass(frozen=True, slots=True)
class Word:
    """One token. `low` is folded without possessive; `part` is one of the parts of speech that `_tag` knows."""

    text: str
    low: str
    start: int
    end: int
    part: str
    capital: bool = False
    possessive: bool = False

    @property
    def content(self) -> bool:
        """Whether the word says something of its own."""
        return self.part in ("noun", "verb", "adverb") and self.low not in lex.FREE


def _split(text: str) -> list[tuple[str, int, int]]:
    """Tokens with offsets; "don't" is two, hyphenated compounds are their parts."""
    tokens = []
    for match in _TOKEN.finditer(text):
        piece, start, end = match.group(), match.start(), match.end()
        negated = _NOT.match(piece.lower())
        if negated and len(piece) > 3:
            cut = end - 3
            stem = {"wo": "will", "ca": "can", "sha": "shall"}.get(negated.group(1), piece[: cut - start])
            tokens += [(stem, start, cut), ("n't", cut, end)]
        else:
            tokens.append((piece, start, end))
    return tokens


def _plain(piece: str) -> tuple[str, bool]:
    """Folded form without possessive ending and dots, and whether it was possessive."""
    low = _CAPITALS.get(piece.removesuffix("'s"), piece.lower())
    if piece.removesuffix("'s") in _CAPITALS:
        return low, piece.endswith("'s")
    if (
        len(low) > 2
        and low.endswith("'s")
        and low not in ("it's", "he's", "she's", "that's", "there's", "let's", "what's")
    ):
        return low[:-2].replace(".", ""), True
    if "'" in low and low != "n't":
        head, _, tail = low.partition("'")
        if tail in ("s", "re", "ve", "ll", "d", "m"):
            return head, False
    return (low.replace(".", "") if len(low) > 1 else low), False


def words_of(text: str) -> list[Word]:
    """Tokens as words with a first guess of their part: closed classes, numbers, marks, else "open"."""
    found = []
    for piece, start, end in _split(text):
        low, possessive = _plain(piece)
        after = text[end : end + 1] == "'" and low.endswith("s") and text[end + 1 : end + 2] == " "
        found.append(Word(piece, low, start, end, _closed(low, piece), piece[0].isupper(), possessive or after))
    return found


def _closed(low: str, piece: str) -> str:
    """The part of a word that belongs to a closed class."""
    if not low or not (low[0].isalnum() or low == "n't"):
        return "mark"
    if low[0].isdigit():
        return "number"
    if low == "may" and piece[0].isupper():
        return "open"  # the month
    return next((part for part, words in _CLASSES if low in words), "open")


_CLASSES = (
    ("negation", lex.NEGATIONS),
    ("auxiliary", lex.AUXILIARIES),
    ("conjunction", lex.CONJUNCTIONS),
    ("relative", lex.RELATIVES),
    ("determiner", lex.DETERMINERS),
    ("preposition", lex.PREPOSITIONS),
    ("number", frozenset({"one"})),
    ("pronoun", lex.PRONOUNS),
)
