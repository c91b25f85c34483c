"""Text as it may be stored: NFC, nothing invisible, tidy white space, paragraphs kept.

What a reader cannot see must not reach a record, a prompt or a page: control characters, bidirectional overrides,
zero-width characters, tag characters (U+E0000 block, used to smuggle instructions), lone surrogates, private-use
glyphs. Joiners stay where scripts need them. `clean` is idempotent, so that stored text never changes by being read.
"""

from __future__ import annotations

import html
import re
import unicodedata

_JOINERS = "\u200c\u200d"
_NEEDS_JOINERS = 0x0590  # Hebrew and above: Arabic and Indic scripts join with them, emoji are glued with them
_MARKS = 8  # more combining marks than this on one letter are decoration meant to break a page

_BREAKS = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANKS = re.compile(r"[^\S\n]{2,}|[^\S\n ]")  # all but the single blank, which is the rule
_PARAGRAPHS = re.compile(r"\n{3,}")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ud800-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
)
_OVERRIDDEN = re.compile("\u202e([^\u202c\u202e\n]*)\u202c?")  # shown from right to left (UAX 9, X4)
_PLAIN = re.compile(r"[ -~\n]*\Z")
# Scripts without combining marks, in which most texts are written whole: Latin, Greek, Cyrillic, Han, kana, Hangul.
_UNMARKED = re.compile(
    "[\x00-\u02ff\u0370-\u0482\u048a-\u0590\u1e00-\u1fff\u2000-\u20cf\u2100-\u2bff\u3000-\u3029\u3030-\u3098\u309b-\ua66e"
    "\uac00-\ud7ff\uf900-\ufaff\uff00-\uffff\U0001f000-\U0001faff]*\\Z"
)
_BLOCK = re.compile(r"<(!--|script\b|style\b)", re.IGNORECASE)
_BLOCK_END = {
    "!--": re.compile(r"-->"),
    "script": re.compile(r"</script\s{0,9}>", re.IGNORECASE),
    "style": re.compile(r"</style\s{0,9}>", re.IGNORECASE),
}
_TAG = re.compile(r"</?[a-z][^<>]*>|<[!?][^<>]*(?:>|\Z)|</?[a-z]+(?:\s+[\w-]+=[^<>]*)?\Z", re.IGNORECASE)


def clean(text: str) -> str:
    """`text` in NFC without hidden characters; runs of blanks are one blank, runs of empty lines one empty line."""
    if _PLAIN.match(text):
        return _tidy(_BLANKS.sub(" ", text) if "  " in text else text)
    text = unicodedata.normalize("NFC", _BREAKS.sub("\n", text))
    if not text.isascii():
        text = _joiners(_INVISIBLE.sub("", _OVERRIDDEN.sub(_as_read, text)))
        text = unicodedata.normalize("NFC", _marks(text))
    else:
        text = _INVISIBLE.sub("", text)
    return _tidy(_BLANKS.sub(" ", text))


def line(text: str) -> str:
    """`clean(text)` on one line: for titles, names and addresses."""
    return " ".join(clean(text).split())


def _tidy(text: str) -> str:
    """`text`, whose blanks are single, without blanks at the ends of lines and with one empty line at a time."""
    lines = "\n".join(part.strip() for part in text.split("\n"))
    return _PARAGRAPHS.sub("\n\n", lines).strip() if "\n\n\n" in lines else lines.strip()


def _as_read(run: re.Match[str]) -> str:
    """What a reader sees of a run whose direction is overridden: its letters backwards, so that words written backwards
    hide no order from whoever looks for one. Scripts from right to left, and marks on letters, stay as they are."""
    written = run[1]
    turned = all(unicodedata.bidirectional(char) not in {"R", "AL", "NSM"} for char in written)
    return written[::-1] if turned else written


def _joiners(text: str) -> str:
    """Drop zero-width joiners except between two characters of scripts that write with them."""
    if "\u200c" not in text and "\u200d" not in text:
        return text
    kept: list[str] = []
    for index, char in enumerate(text):
        if char in _JOINERS:
            after = text[index + 1 : index + 2]
            if not kept or kept[-1] in _JOINERS or ord(kept[-1]) < _NEEDS_JOINERS:
                continue
            if not after or ord(after) < _NEEDS_JOINERS or after in _JOINERS or kept[-1].isspace() or after.isspace():
                continue
        kept.append(char)
    return "".join(kept)


def _marks(text: str) -> str:
    """At most eight combining marks in a row."""
    if _UNMARKED.match(text):
        return text
    kept: list[str] = []
    run = 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run <= _MARKS:
            kept.append(char)
    return "".join(kept)


def replacement_share(text: str) -> float:
    """Share of U+FFFD in `text`, 0..1: how much of it a wrong character set destroyed."""
    return text.count("\ufffd") / len(text) if text else 0.0


def looks_like_markup(text: str) -> bool:
    """Whether `text` holds a tag."""
    return "<" in text and _TAG.search(text) is not None


def strip_markup(text: str) -> str:
    """Plain text of a short, already parsed fragment (a title): tags dropped, entities decoded, cleaned.

    Not a sanitiser: its result is text and is escaped like any other text. Whole pages go to `extract`.
    """
    return clean(html.unescape(_TAG.sub(" ", _without_blocks(text))))


def _without_blocks(text: str) -> str:
    """`text` without comments, scripts and styles. Linear: an opener that is never closed is looked up once."""
    parts: list[str] = []
    at = 0
    unclosed: set[str] = set()
    for opener in _BLOCK.finditer(text):
        kind = opener[1].lower()
        if opener.start() < at or kind in unclosed:
            continue
        end = _BLOCK_END[kind].search(text, opener.end())
        if end is None:
            unclosed.add(kind)
            continue
        parts.append(text[at : opener.start()])
        at = end.end()
    return " ".join([*parts, text[at:]])
