"""Orders in a text: words that speak to whoever reads it, or to the model that will, and tell them what to do.

Such words are no news. Patterns of prompt injection as collected by OWASP (LLM01, 2026) and in public red-team lists,
in two dozen languages (orders.toml), looked for also where letters are exchanged for ones that look alike. What is
reported ("told the assistant to ignore its instructions") or quoted is a statement and no order. No list is whole: the
gate holds without this one, which keeps noise off the page.
"""

from __future__ import annotations

import codecs
import re
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files

from pipeline.language import quotes, sentences

TELL = r"(?:say|write|state|print|report|add|include|output|publish|repeat|respond|answer|mention|read|insert|claim)"
TOLD = r"(?:be )?(?:said|written|stated|printed|reported|added|included|published|told|mentioned|claimed)"
DUTY = r"(?:must|should|shall|have to|has to|need to|needs to|please)"
_ADDRESSED = re.compile(
    r"^(?:system|assistant|developer|instructions?|prompt)(?: prompt| message| note)?: "
    r"|^(?:note|message|instructions?|attention|dear|hey|hello|to)\b[^.:]{0,20}\b(?:AIs?|LLMs?|models?|assistants?"
    r"|chatbots?|agents?)\b[^.:]{0,40}\b(?:reads?|reading|process(?:es|ing)?|summari[sz](?:es?|ing)|writes?|writing)\b"
    rf"|\b{DUTY} (?:\w+ )?(?:{TELL}|{TOLD})(?: \w+)?: |\bprint this\b"
    rf"|^(?:now |then |please |instead )?{TELL}(?: exactly| only)?(?: this| that| the following| the sentence)?: "
    rf"|\b(?:headline|title|summary|answer|output|response|article|story) {DUTY} {TELL}\b"
    r"|\bsystem prompt\b.{0,40}\b(?:reveal|print|output)\b",
    re.I,
)
# An imperative opens a sentence or part of one, or is written with a capital; "told it to ignore ..." is a report.
_OPENS = r"(?:(?<![^\W_] )(?<!\w)|(?=(?-i:[A-ZÀ-ÞА-ЯЁ]))\b|(?<=\band )|(?<=\bnow )|(?<=\bplease )|(?<=\bmust ))"

_LEAD = 4  # characters of a quotation before an order that it consists of
_READ = 2_000  # code points of a sentence that are looked at
_MIXED = re.compile(r"(?=\w*[A-Za-z])(?=\w*[\u0370-\u03ff\u0400-\u04ff])\w+")
_SIGNS = ("<", "[", "{", ":", "=", "override", "you are now", "if you", "obey", "follow", "execute", "rot13", "rot 13")
_BIDS = tuple(": |print this|system prompt| must | should | shall | have to | has to | need|please ".split("|"))
_FIRST = re.compile(r"(?:note|message|instructions?|attention|dear|hey|hello|to)\b", re.I)  # how a letter opens
_LETTER = re.compile(r"\b(?:ais?|llms?|models?|assistants?|chatbots?|agents?)\b")  # to whom one opens
_GAP = 3  # lines within which what an order's colon announces begins
_LETTERS, _PACKED = 9, 60  # letters set apart, and length of a word that is none: both hide words from readers
_DIGITS = re.compile(r"[A-Za-z]+[0134579][A-Za-z]|\b[0134579]+[A-Za-z]{2,}\d")
_FIGURED = re.compile(r"[0134579][A-Za-z]")  # which is seldom, and soon seen: both forms of `_DIGITS` hold it
_LEET = str.maketrans("4310579", "aeiostg")
_LATIN = str.maketrans("асеорхуіјѕԁһАСЕОРХУІЈЅВНКМТΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαυν", "aceopxyijsdhACEOPXYIJSBHKMTABEZHIKMNOPTYXoauv")


@cache
def _lists() -> tuple[tuple[str, ...], re.Pattern[str], re.Pattern[str]]:
    """Stems of which every listed order has one, also in ROT13; the orders to forget; forms of fake turns."""
    told = tomllib.loads(files("pipeline.language").joinpath("orders.toml").read_text(encoding="utf-8"))
    forget = "|".join([*(_OPENS + one for one in told["forget"]), *told["forget_last"]])
    turned = [codecs.encode(stem, "rot13") for stem in told["stems"] if stem.isascii()]
    return (*told["stems"], *turned), re.compile(forget, re.I), re.compile("|".join(told["turns"]), re.I | re.M)


def addressed(text: str) -> re.Match[str] | None:
    """Where a text gives an order to its reader; None where it does not, or where that order is what is quoted."""
    plain = unmasked(text[:_READ])
    match = _found(plain)
    told = match is not None and any(0 <= match.start() - span.start < _LEAD for span in quotes.find(plain))
    return None if told else match


@lru_cache(maxsize=256)  # who compares two texts asks for each, for its words, and for what is left once more
def without(text: str) -> str:
    """`text` without its orders to the reader and without what follows one in its paragraph, or after its colon.

    Of neither a claim is made (pipeline/claiming): what compares whole texts is to be blind to them, too.
    """
    signs = _signs(text)
    if signs is None:
        return text
    kept, told, gap = [], False, 0  # `told`: an order's last line ended with a colon, `gap` lines ago
    for line in text.splitlines(keepends=True):
        gap += 1
        if told and gap < _GAP:
            if line.strip():
                told, gap = line.rstrip().endswith(":"), 0
            continue
        start = _start(line, signs)
        told, gap = start is not None and line.rstrip().endswith(":"), 0
        kept.append(line if start is None else line[:start] + "\n")
    return "".join(kept)


def _signs(text: str) -> list[str] | None:
    """Which signs of an order stand anywhere in a text; None where it has nothing at all that an order has.

    A paragraph reads as this does, or with figures for letters or without: so both are looked at.
    """
    plain = _undressed(text).casefold()
    low = f"{plain}\n{plain.translate(_LEET)}" if _FIGURED.search(plain) else plain
    found = [sign for sign in _all_signs() if sign in low]
    return found if found or _odd(low) or _LETTER.search(low) else None


def _start(line: str, signs: Sequence[str]) -> int | None:
    """Where the first order to the reader begins in a paragraph of a text with `signs`; None where it has none."""
    low = unmasked(line).casefold()
    if not (any(sign in low for sign in signs) or _odd(low) or _LETTER.search(low)):
        return None
    spans = sentences.split(line)
    return next((span.start for span in spans if addressed(line[span.start : span.end])), None)


def _odd(low: str) -> bool:
    """Whether letters are set apart, or very many stand together."""
    lengths = list(map(len, low.split()))
    return lengths.count(1) >= _LETTERS or max(lengths, default=0) >= _PACKED


@cache
def _all_signs() -> tuple[str, ...]:
    return (*_lists()[0], *_SIGNS, *_BIDS)


@lru_cache(maxsize=4096)
def _found(text: str) -> re.Match[str] | None:
    stems, forget, turns = _lists()
    low = text.casefold()
    match = turns.search(text) if _odd(low) or any(sign in low for sign in _SIGNS) else None
    if match is None and any(stem in low for stem in stems):
        match = forget.search(text) or forget.search(codecs.encode(text, "rot13"))
    if match or not (any(sign in low for sign in _BIDS) or _FIRST.match(text)):
        return match
    return _ADDRESSED.search(text)


def unmasked(text: str) -> str:
    """`text` with letters that look like others as those, character for character, so that places in it stay."""
    text = _undressed(text)
    return text.translate(_LEET) if _FIGURED.search(text) and len(_DIGITS.findall(text)) > 1 else text


def _undressed(text: str) -> str:
    """`text` with letters of other scripts and forms as those that they look like."""
    if text.isascii():
        return text
    return _MIXED.sub(lambda word: word.group().translate(_LATIN), "".join(map(_plain, text)))


@lru_cache(maxsize=4096)
def _plain(sign: str) -> str:
    """A wide, bold or otherwise dressed letter as it is; every other one as it stands (Unicode, UAX 15)."""
    bare = unicodedata.normalize("NFKC", sign)
    return bare if len(bare) == 1 else sign
