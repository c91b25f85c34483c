"""What became of a text from one version to the next: sentences added, taken out, reworded, and in these which words.

Sentences are compared as multisets, so one that only moved is no change; what is left over on both sides is paired by
likeness (`difflib.SequenceMatcher.ratio` on words, Ratcliff and Obershelp 1988) and shown word by word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

LIKE = 0.5  # likeness of two sentences from which one counts as the other reworded
_WORD = re.compile(r"\s+|\w+(?:[’'.,]\w+)*|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Stroke:
    """A stretch of a sentence: kept ("same"), put in ("ins") or taken out ("del")."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one sentence: "added", "removed" or "reworded", and its stretches in reading order."""

    kind: str
    strokes: tuple[Stroke, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """From one text to the next: its changes in reading order, what was removed last, and how many sentences stayed."""

    changes: tuple[Change, ...]
    same: int


def between(before: Sequence[str], after: Sequence[str]) -> Difference:
    """The difference of two texts, each a sequence of sentences."""
    gone = _left(before, Counter(after))
    fresh = _left(after, Counter(before))
    pairs = _paired(gone, fresh)
    changes = [
        Change("reworded", words(gone[pairs[m]], text)) if m in pairs else Change("added", (Stroke("ins", text),))
        for m, text in enumerate(fresh)
    ]
    told = set(pairs.values())
    changes += [Change("removed", (Stroke("del", text),)) for n, text in enumerate(gone) if n not in told]
    return Difference(tuple(changes), len(after) - len(fresh))


def _left(texts: Sequence[str], others: Counter[str]) -> list[str]:
    """The texts that the others do not hold, as often as they hold them less often."""
    rest = Counter(others)
    left = []
    for text in texts:
        if rest[text]:
            rest[text] -= 1
        else:
            left.append(text)
    return left


def _paired(gone: Sequence[str], fresh: Sequence[str]) -> dict[int, int]:
    """Place of a new sentence -> that of the old one which it replaces: the likest first, each once."""
    likes = [(_likeness(old, new), n, m) for n, old in enumerate(gone) for m, new in enumerate(fresh)]
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for like, n, m in sorted(likes, key=lambda one: (-one[0], one[1:])):
        if like >= LIKE and n not in taken and m not in pairs:
            pairs[m] = n
            taken.add(n)
    return pairs


def _likeness(one: str, other: str) -> float:
    """Share of words that two sentences have in common, in order; 0 to 1."""
    return round(SequenceMatcher(None, one.casefold().split(), other.casefold().split(), autojunk=False).ratio(), 6)


def words(old: str, new: str) -> tuple[Stroke, ...]:
    """`old` and `new` in one line: what stayed, what was taken out, what was put in."""
    one, other = _WORD.findall(old), _WORD.findall(new)
    strokes: list[Stroke] = []

    def put(kind: str, text: str) -> None:
        if text:
            strokes.append(Stroke(kind, text))

    for what, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if what == "equal":
            put("same", "".join(one[a:b]))
        else:
            put("del", "".join(one[a:b]))
            put("ins", "".join(other[c:d]))
    return _bridged(strokes)


def _bridged(strokes: Sequence[Stroke]) -> tuple[Stroke, ...]:
    """Strokes with a lone blank between two changes drawn into both: "del del" reads better than "del" " " "del"."""
    found: list[Stroke] = []
    old = new = ""

    def flush() -> None:
        nonlocal old, new
        found.extend(Stroke(kind, text) for kind, text in (("del", old), ("ins", new)) if text)
        old = new = ""

    for n, stroke in enumerate(strokes):
        changed_next = n + 1 < len(strokes) and strokes[n + 1].kind != "same"
        if stroke.kind == "del":
            old += stroke.text
        elif stroke.kind == "ins":
            new += stroke.text
        elif stroke.text.isspace() and (old or new) and changed_next:
            old, new = old + stroke.text, new + stroke.text
        else:
            flush()
            found.append(stroke)
    flush()
    return tuple(found)
