"""Clauses: cutting a long sentence only where what is left stands alone, word for word.

A cut never drops a condition, a denial or an attribution that governs what is kept, and never opens a quotation or
bracket that it does not close.
"""

from __future__ import annotations

import re

from pipeline.domain import Span
from pipeline.language import names, verbs

_CUT = re.compile(
    r"(?P<semi>;)\s|(?P<dash>\s[—–-]+\s|—)|,\s(?P<word>and|but|while|whereas|which|who|where|whose|as"
    r"|with|including|after|although|though|alongside|leaving|making|giving|bringing|adding|prompting"
    r"|according|[a-z]+ing)\b"
)
_TIED = re.compile(
    r"^\W*(?:if|unless|provided|except|but (?:not|denied)|although|though|according|assuming|subject "
    r"to|until|only|whether|because|he (?:said|says)|she (?:said|says)|they (?:said|say)|[\w "
    r".'’-]{1,60} (?:said|says|reported|wrote|told))\b",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"^\W*(?:if|although|though|while|when|because|since|unless|whereas|as|after|before|until|once"
    r"|despite|with|without)\b",
    re.IGNORECASE,
)
_LONGEST = 1_200  # code points; longer "sentences" are lists or markup
_NOMINAL = re.compile(
    r"(?P<name>[A-Z][\w.&-]*(?: [A-Z][\w.&-]*){0,4})['’]s (?:\w+ ){0,3}(?:commitment|plan|pledge"
    r"|acquisition|purchase|decision|investment|deal|order|offer"
    r"|bid|loss|profit|revenue|valuation|target|forecast|projection|proposal|agreement|contract"
    r"|campaign|launch|takeover|stake)s?\b[^,;—–()“”\"]{3,160}"
)
_PAIRS = (("“", "”"), ("(", ")"), ("[", "]"), ("«", "»"))


def words_in(text: str) -> int:
    """How many words a reader counts: runs between white space."""
    return len(text.split())


def balanced(text: str) -> bool:
    """Whether quotations and brackets that open in `text` close in it."""
    return text.count('"') % 2 == 0 and all(text.count(a) == text.count(b) for a, b in _PAIRS)


def _stands(text: str) -> bool:
    """Whether a piece reads as a statement: enough words, a finite verb, nothing left open."""
    return words_in(text) >= 5 and balanced(text) and verbs.finite(text) and not _LEADS.match(text)


def _head(sentence: str, most: int) -> Span | None:
    """The longest beginning of `sentence` that stands alone within `most` words."""
    best = None
    for match in _CUT.finditer(sentence):
        piece, rest = sentence[: match.start()].rstrip(), sentence[match.end() - len(match["word"] or "") :]
        if words_in(piece) > most:
            break
        if _stands(piece) and not _TIED.match(rest):
            best = Span(0, len(piece))
    return best


def _later(sentence: str, start: int, most: int) -> Span | None:
    """A clause after a semicolon or ", and/but/while" that has a named subject of its own, within `most` words."""
    piece = sentence[start:]
    mentions = names.find(piece)
    if not mentions or mentions[0].span.start > 4:
        return None
    if words_in(piece) > most:
        head = _head(piece, most)
        return Span(start, start + head.end) if head else None
    end = len(piece.rstrip())
    return Span(start, start + end) if _stands(piece[:end]) else None


def cut(sentence: str, most: int = 40) -> tuple[Span, ...]:
    """Pieces of `sentence` of at most `most` words that stand alone; the whole of it where it is short enough."""
    if words_in(sentence) <= most:
        return (Span(0, len(sentence)),) if sentence else ()
    if len(sentence) > _LONGEST:
        return ()
    pieces = []
    head = _head(sentence, most)
    if head:
        pieces.append(head)
    for match in _CUT.finditer(sentence):
        if len(pieces) >= 4 or match.start() < (pieces[-1].end if pieces else 0):
            continue
        if match["semi"] or match["word"] in ("and", "but", "while", "whereas"):
            later = _later(sentence, match.end() + 1 if match["word"] else match.end(), most)
            if later:
                pieces.append(later)
    return tuple(pieces) or _nominal(sentence, most)


def _nominal(sentence: str, most: int) -> tuple[Span, ...]:
    """What a sentence too long to cut says in a noun with an owner: "Acme's commitment to spend $5 billion on Foo"."""
    match = _NOMINAL.search(sentence)
    if match is None or words_in(match.group()) > most or not re.search(r"\d", match.group()):
        return ()
    return (Span(match.start(), match.start() + len(match.group().rstrip())),)
