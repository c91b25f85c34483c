"""Named mentions: capitalised spans, read with what a capital is worth where it stands.

At the start of a sentence, and in headlines in title case, a capital alone names nothing: there must be other evidence
(capitals inside the word, the next word capitalised, the word capitalised elsewhere in the text).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pipeline.domain import Mention, Span
from pipeline.language.words import STOP

_TITLES = frozenset(
    "mr mrs ms miss dr prof professor sir dame lord lady president senator sen rep gov governor minister prime chancellor king queen prince princess pope judge justice general gen col captain capt lt sgt ceo cfo cto chief secretary ambassador mayor congressman congresswoman director".split()
)
_SUFFIXES = frozenset(
    "inc incorporated corp corporation co company ltd limited llc plc ag sa gmbh nv se ab oyj group holdings holding lp llp spa kk pte pty bv".split()
)
_ORGANISATION = frozenset(
    "university institute bank council ministry department agency commission committee court party union association foundation police army government parliament congress senate airlines labs laboratory laboratories technologies systems group motors pharmaceuticals news times post journal media authority board federation organisation organization service administration bureau center centre college school hospital interconnection inc corp ltd llc plc".split()
)
_PLACE = frozenset(
    "city county river lake mountain mount island islands street avenue bay beach park airport ocean sea valley province state states republic kingdom".split()
)
_NOT_NAMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december "
    "mon tue wed thu fri sat sun jan feb mar apr jun jul aug sep sept oct nov dec i i'm i've i'll i'd ok yes no hi hello tv am pm est edt gmt utc pst pdt q1 q2 q3 q4 "
    "according however meanwhile earlier later today yesterday tomorrow read update updated watch photo image source breaking exclusive opinion analysis editorial video live".split()
)
_CONNECTOR = frozenset("of the de la le du des da do dos del van von der den bin ibn al el y e & and for".split())
_INNER = frozenset("of the de la le du des da do dos del van von der den bin ibn al el y & for".split())
_WORD = re.compile(r"[^\W\d_](?:[\w.'’+-]*[\w+])?|&|\d+[\w.-]*")
_SENTENCE_BREAK = re.compile(r"[.!?:;…]['\"”’)\]]*\s*$|\n\s*$|^\s*[\"“‘'(*•–-]*\s*$|[\"“«]$|[•*|]\s*$")
_GAP = re.compile(r"^(?: |-|\u00a0)$")
_CAPS = frozenset("A The An In On At".split())
_STOP_CAPITAL = STOP["en"] | frozenset("new two three one".split())


def _capital(word: str) -> bool:
    """Whether a word begins with an upper- or title-case letter, or hides one ("iPhone")."""
    return word[0].isupper() or (len(word) > 1 and any(c.isupper() for c in word[1:]))


def _strong(word: str) -> bool:
    """Whether a word looks like a name wherever it stands: capitals inside, or digits with letters."""
    return len(word) > 1 and (
        any(c.isupper() for c in word[1:]) or (word[0].isupper() and any(c.isdigit() for c in word))
    )


@lru_cache(maxsize=65536)
def key(name: str) -> str:
    """The folded form of a name: no case, articles, titles, possessives, dots or corporate endings."""
    folded = unicodedata.normalize("NFC", name).casefold().replace("’", "'")
    folded = re.sub(r"'s?(?=\s|$)", "", folded).replace(".", "")
    words = [word for word in re.split(r"[\s,]+", folded) if word]
    while words and (words[0] in ("the", "a", "an") or (words[0] in _TITLES and len(words) > 1)):
        words.pop(0)
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words.pop()
    return " ".join(words)


def _kind(name: str, titled: bool) -> str:
    """Coarse type of a name from its own words."""
    words = [word.strip(".,'’").casefold() for word in name.split()]
    if titled:
        return "person"
    if words[-1] in _SUFFIXES or any(word in _ORGANISATION for word in words):
        return "organisation"
    if len(words) > 1 and words[-1] in _PLACE:
        return "place"
    if any(any(c.isdigit() for c in word) for word in words):
        return "product"
    return "name"


def _title_case(text: str) -> bool:
    """Whether a line is set in title case, so that a capital is no sign of a name."""
    words = [word for word in re.findall(r"[^\W\d_][\w'’-]*", text[:300]) if word.casefold() not in _STOP_CAPITAL]
    return len(words) >= 4 and sum(word[0].isupper() for word in words) >= 0.8 * len(words) and len(text) < 300


def find(text: str) -> tuple[Mention, ...]:
    """Named mentions of `text` in order, not overlapping, possessive endings outside their spans."""
    mentions: list[Mention] = []
    at = 0
    inside = _seen_inside(text)
    for line in text.splitlines(keepends=True):
        mentions.extend(_of_line(line, at, inside))
        at += len(line)
    return tuple(mentions)


def _seen_inside(text: str) -> frozenset[str]:
    """Folded words that stand capitalised inside a sentence of running text."""
    return frozenset(match.casefold() for match in re.findall(r"(?<=[a-z,] )[^\W\d_a-z]\w+", text))


def _of_line(line: str, offset: int, inside: frozenset[str]) -> list[Mention]:
    """Mentions of one line; `offset` is where it begins."""
    titled = _title_case(line)
    words = list(_WORD.finditer(line))
    found, i = [], 0
    while i < len(words):
        if not _begins(line, words, i, titled, inside):
            i += 1
            continue
        j = _extend(line, words, i)
        mention = _mention(line, words, i, j, offset)
        if mention is not None:
            found.append(mention)
        i = j + 1
    return found


def _begins(line: str, words: list[re.Match[str]], i: int, titled: bool, inside: frozenset[str]) -> bool:
    """Whether the `i`-th word can begin a name."""
    word = words[i].group()
    folded = word.casefold().replace("’", "'")
    base = folded[:-2] if folded.endswith("'s") else folded
    if not _capital(word) or base in _NOT_NAMES or base in _STOP_CAPITAL:
        return bool(_strong(word) and len(word) > 2 and base not in _NOT_NAMES and not word.isupper()) or word in (
            "US",
            "UK",
            "UN",
            "EU",
            "WHO",
        )
    if _strong(word):
        return True
    starts = i == 0 or bool(_SENTENCE_BREAK.search(line[max(0, words[i].start() - 6) : words[i].start()]))
    if titled or starts:
        following = (
            words[i + 1].group()
            if i + 1 < len(words) and _GAP.match(line[words[i].end() : words[i + 1].start()])
            else ""
        )
        return base in inside or (
            not titled and bool(following) and following[0].isupper() and following.casefold() not in _STOP_CAPITAL
        )
    return True


def _extend(line: str, words: list[re.Match[str]], i: int) -> int:
    """Index of the last word of the name that begins at `i`."""
    j = i
    while j + 1 < len(words) and j - i < 7:
        if words[j].group().endswith(("'s", "’s", "'", "’")):
            break
        k = j + 1
        while (
            k < len(words)
            and words[k].group().casefold() in _INNER
            and k - j <= 2
            and words[k].group().islower() | (words[k].group() == "&")
        ):
            k += 1
        if k >= len(words) or not all(_GAP.match(line[words[n].end() : words[n + 1].start()]) for n in range(j, k)):
            break
        word = words[k].group()
        folded = word.casefold()
        if not (word[0].isupper() or (k == j + 1 and word[0].isdigit() and len(word) <= 4)) or folded in _NOT_NAMES:
            break
        j = k
    return j


def _mention(line: str, words: list[re.Match[str]], i: int, j: int, offset: int) -> Mention | None:
    """The mention of words `i` to `j`, titles and possessives left outside; None where nothing remains."""
    titled = False
    while i < j and words[i].group().casefold().rstrip(".") in _TITLES:
        i, titled = i + 1, True
    start, end = words[i].start(), words[j].end()
    name = line[start:end]
    for ending in ("'s", "’s", "'", "’", "."):
        if name.endswith(ending) and not (
            ending == "." and re.search(r"(?:\w\.){2,}$|\b(?:Inc|Corp|Co|Ltd|Jr|Sr)\.$", name)
        ):
            name = name[: -len(ending)]
            break
    if len(name) < 2 or not key(name):
        return None
    return Mention(Span(offset + start, offset + start + len(name)), name, key(name), _kind(name, titled))


def same(key_a: str, key_b: str) -> bool:
    """Whether two keys can name one thing: equal, one inside the other at its start or end, or an acronym of the other."""
    if key_a == key_b:
        return bool(key_a)
    short, long = sorted((key_a.split(), key_b.split()), key=len)
    if not short:
        return False
    if len(short) < len(long) and (long[: len(short)] == short or long[-len(short) :] == short):
        return len(" ".join(short)) > 2
    initials = "".join(word[0] for word in long if word not in _CONNECTOR)
    return (
        len(short) == 1
        and len(short[0]) >= 2
        and len(long) > 1
        and short[0] in (initials, "".join(word[0] for word in long))
    )
