"""Two readings of one page: what they agree on, which to keep, and how much the result looks like a whole article.

Pure. A reading is text with one paragraph per line. A line is prose when it ends like a sentence or is long, and is not
the text of a link; menus, lists of headlines and captions are not. The thresholds were chosen on marked pages
(`citewire eval extraction`) for all sets together.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from dataclasses import dataclass

from pipeline.language.words import is_stop

AGREED = 0.6  # share of the first reading that the second has too, from which its agreed part is kept
ENOUGH = 150  # words of prose that make the agreed part worth keeping, however much the second reading lacks
DOUBT = 0.8  # agreement below which the first reading is read again, more thoroughly
MORE = 1.2  # times the prose that the second reading may have without causing doubt
TWICE = 2.0  # times the prose that it must have to replace the first
WHOLE = 120  # words of prose of which an article has most of its score for length

_WIDE = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_WIDE}]|[^\W{_WIDE}]+")
_END = re.compile(r"[.!?…。！？।؟۔።][\"'”’»」』)\]]*\s*\Z")
_SHINGLE = 4
_MARK = re.compile(r"[.!?…。！？।؟۔]")
_ENDLESS = 400  # words after which a line without a single end mark is no prose of any language
_SHORT, _LONG = 6, 25  # words of the shortest sentence; words from which a line is prose without an end mark
_WALL = re.compile(
    r"\bsubscri(?:be|ption|ber)|\balready a (?:member|subscriber)|\b(?:log|sign) ?in to\b"
    r"|\bcreate (?:a free|an) account"
    r"|\bcookies?\b|\bconsent\b|\benable javascript|\bjavascript (?:is|to be) (?:disabled|enabled)|\bad ?blocker"
    r"|\bunusual traffic|\bare you (?:a robot|human)|\bcaptcha\b|\baccess denied"
    r"|\bjetzt (?:abonnieren|registrieren|testen)|\babonne(?:ment|nten|z-vous|nnent)"
    r"|\bzustimm(?:en|ung)\b|\babonnés?\b|\bsuscr[ií]b|\binicia(?:r)? sesi[oó]n"
    r"|\babbonat[io]\b|\bassinante|\bassine\b",
    re.I,
)
_MISSING = re.compile(
    r"\b404\b|\b(?:page|article|story|content)\b.{0,40}\b(?:not (?:be )?found|no longer (?:available|exists?)"
    r"|(?:does not|doesn.t) exist|unavailable|can(?:no|')t be found)|\bnicht gefunden\b|\bintrouvable\b"
    r"|\bno (?:se )?encontrad|\bnon trovat[ao]\b|\bnão encontrad|\bniet gevonden\b",
    re.I,
)
_BEGINNING = 20_000  # characters in which an article has come to its title's words
_NOTICE = 250  # words up to which wall phrases and "not found" can make a text a notice
_LINE = 12  # words of a line that may say so at the head of any text, above teasers of other articles
_CLOSED = re.compile(r"[\"']isAccessibleForFree[\"']\s*:\s*[\"']?false", re.I)  # schema.org: part of it is paid for


@dataclass(frozen=True, slots=True)
class Choice:
    """The reading that was kept, its reader, and the share of the first reading that the second has too."""

    text: str
    second: bool
    agreement: float


def count(text: str) -> int:
    """Words of `text`; characters of scripts without spaces count one each."""
    return len(_WORD.findall(text))


def prose(text: str, links: Collection[str] = frozenset()) -> int:
    """Words in prose less words in other lines. `links`: texts of the page's links, folded (tree.folded)."""
    return sum(_worth(line, links) for line in text.split("\n"))


def _worth(line: str, links: Collection[str]) -> int:
    words = count(line)
    if links and " ".join(line.split()).casefold() in links:
        return -words
    if words > _ENDLESS and not _MARK.search(line):
        return -words
    return words if words >= _LONG or (words >= _SHORT and _END.search(line)) else -words


def agreed(first: str, second: str) -> str:
    """The lines of `first` of whose runs of four words `second` has three in ten or more."""
    words = _WORD.findall(second.casefold())
    runs, known = _runs(words), set(words)
    return "\n".join(line for line in first.split("\n") if _confirmed(line, runs, known))


def _confirmed(line: str, runs: set[tuple[str, ...]], known: set[str]) -> bool:
    words = _WORD.findall(line.casefold())
    if len(words) < _SHINGLE:
        return known.issuperset(words)
    ours = _runs(words)
    return len(ours & runs) >= 0.3 * len(ours)


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return set(zip(*(words[n:] for n in range(_SHINGLE)), strict=False))


def doubtful(first: str, second: str, common: str, links: Collection[str]) -> bool:
    """Whether the readings, with `common` agreed, differ so much that a more thorough first one is worth its time."""
    if len(common) < DOUBT * len(first) or not first:
        return True
    return prose(second, links) > MORE * max(0, prose(common, links))


def choose(first: str, second: str, common: str, links: Collection[str]) -> Choice:
    """The better of two readings with `common` agreed.

    It is the part of the first that the second confirms, where that is most of it or long enough; the second, where
    it holds at least twice the prose; else the first as it is.
    """
    if not first.strip():
        return Choice(second, True, 0.0)
    agreement = len(common) / len(first)
    kept = common if agreement >= AGREED or prose(common, links) >= ENOUGH else first
    if prose(second, links) > TWICE * max(0, prose(kept, links)) and len(second) >= 0.5 * len(kept):
        return Choice(second, True, agreement)
    return Choice(kept, False, agreement)


def score(text: str, *, title: str, agreement: float, links: Collection[str] = frozenset(), page: str = "") -> float:
    """How much `text` looks like a whole article, 0 to 1.

    The share of its words that stand in prose (weight 0.5), the agreement of the readings (0.3) and the share of the
    title's content words that it repeats (0.2), times a factor for length that reaches 0.63 at 120 words. A short
    text that speaks of cookies, subscriptions or pages not found, or whose `page` says that it is paid for, and any
    text that opens with a page not found, is a notice or a stub: a fifth of that.
    """
    words = count(text)
    if not words:
        return 0.0
    in_prose = (prose(text, links) + words) / (2 * words)
    wanted = {word for word in _WORD.findall(title[:300].casefold()) if not is_stop(word)}
    repeated = len(wanted.intersection(_WORD.findall(text[:_BEGINNING].casefold()))) / len(wanted) if wanted else 0.5
    whole = 1 - math.exp(-words / WHOLE)
    found = whole * (0.5 * in_prose + 0.3 * min(1.0, agreement) + 0.2 * repeated)
    stub = words < _NOTICE and _CLOSED.search(page) is not None
    return round(found / 5 if stub or is_notice(text, title) else found, 3)


def is_notice(text: str, title: str) -> bool:
    """Whether `text` is no article but says that there is none: not found, consent, log in, subscribe."""
    if any(count(line) <= _LINE and _MISSING.search(line) for line in text.split("\n", 2)[:2]):
        return True
    if count(text) >= _NOTICE:
        return False
    if _MISSING.search(title) or _MISSING.search(text[:300]):
        return True
    return len(_WALL.findall(text)) >= (2 if count(text) >= 60 else 1)
