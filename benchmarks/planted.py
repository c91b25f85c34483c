"""Pairs of sentences for `citewire eval contradictions`, made of real ones: python benchmarks/planted.py ROWS OUT

Reads rss2023.dev.jsonl.gz (or rows like it) and writes OUT (all), OUT with .tuned and .held before its ending (half
each, by the hash of the sentence a pair was made of: the second is never read while rules are tuned). Planted: one
number, date or polarity of a sentence is altered, and half of the time the sentence is reworded as well. Negatives: the
same sentence reworded or with a value written otherwise, the same template about another company, person, place, period
or measure, and two sentences about one name. Nothing here uses the product's own reading of numbers, dates or
negation, so that what it overlooks is planted, too. The same rows give the same bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import altering, negating, rewording
from benchmarks.altering import Altered

PLANTED = {"number": 220, "date": 220, "polarity": 220}
NEGATIVES = {
    "reworded": 200,
    "same value": 100,
    "other name": 120,
    "other period": 80,
    "other measure": 80,
    "one name": 80,
}
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“])")
_NAME = re.compile(r"(?<=[a-z,] )(?:[A-Z][a-z]{3,}(?: [A-Z][a-z]{3,}){0,2})(?=[ ,.])")
_CALENDAR = re.compile(r"day$|^(?:Jan|Feb|Mar|Apr|May|June|July|Aug|Sep|Oct|Nov|Dec)")
_EVERY = 3  # of the sentences, one in so many is made use of: there are more than enough
Pair = dict[str, str]


def sentences(rows: Path) -> list[tuple[str, str]]:
    """(day, sentence) of every plain sentence of the bodies once: 9 to 34 words, a name, nobody's "I" or "you"."""
    found: dict[str, str] = {}
    opener = gzip.open if rows.suffix == ".gz" else open
    with opener(rows, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            for piece in _SENTENCE.split(row.get("text") or ""):
                text = " ".join(piece.split())
                if _plain(text) and hashlib.sha256(text.encode()).digest()[1] % _EVERY == 0:
                    found.setdefault(text, str(row.get("seen") or row.get("published") or ""))
    return sorted((day, text) for text, day in found.items())


def _plain(text: str) -> bool:
    """Whether a sentence can be altered without touching quotes, questions, lists or furniture."""
    words = text.split()
    if not 9 <= len(words) <= 34 or not text.endswith(".") or not text[0].isupper():
        return False
    if re.search(
        r"[\"“”?!\[\]|;:()]|\.\.|https?|\b(?:I|you|your|we|our|my|me|us|click|subscribe|appeared first)\b|…| \.", text
    ):
        return False
    return sum(word[0].isupper() for word in words) <= 0.5 * len(words) and _NAME.search(text) is not None


def dice(*parts: str) -> random.Random:
    """A generator of its own for each purpose and sentence, the same in every run."""
    return random.Random(int(hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16], 16))  # noqa: S311


def half(text: str) -> str:
    """Which half the pairs made of a sentence belong to."""
    return "held" if hashlib.sha256(("half" + text).encode()).digest()[0] % 2 else "tuned"


def _order(pool: Sequence[tuple[str, str]], kind: str) -> list[tuple[str, str]]:
    """The sentences in an order of their own for each kind."""
    return sorted(pool, key=lambda line: hashlib.sha256((kind + line[1]).encode()).hexdigest())


def _pair(a: str, b: str, label: str, kind: str) -> Pair:
    return {"a": a, "b": b, "label": label, "kind": kind, "half": half(a)}


def _drawn(
    pool: Sequence[tuple[str, str]],
    label: str,
    kind: str,
    most: int,
    make: Callable[[str, random.Random], Altered | None],
) -> Iterator[Pair]:
    """Up to `most` pairs that `make` can make, no way of altering more than a fifth of them."""
    ways: dict[str, int] = defaultdict(int)
    made = 0
    for _, text in _order(pool, kind):
        if made == most:
            return
        altered = make(text, dice(kind, text))
        if altered is None or altered.text == text or ways[altered.way] >= most // 5 + 1:
            continue
        ways[altered.way] += 1
        made += 1
        yield _pair(text, altered.text, label, f"{kind}: {altered.way}")


def _planted(alter: Callable[[str, random.Random], Altered | None]) -> Callable[[str, random.Random], Altered | None]:
    """`alter`, and the sentence reworded in half of the cases where what was altered survives it."""

    def make(text: str, chance: random.Random) -> Altered | None:
        altered = alter(text, chance)
        if altered is None or chance.random() < 0.5:
            return altered
        reworded = rewording.reworded(altered.text, chance, keep=altered.value)
        return Altered(reworded.text, altered.way, altered.value) if reworded else altered

    return make


def _names(pool: Sequence[tuple[str, str]]) -> list[str]:
    """Names that stand in two sentences or more, in order."""
    seen: dict[str, int] = defaultdict(int)
    for _, text in pool:
        for name in set(_NAME.findall(text)):
            seen[name] += not _CALENDAR.search(name)
    return sorted(name for name, number in seen.items() if 2 <= number <= 60)


def _renamed(names: Sequence[str]) -> Callable[[str, random.Random], Altered | None]:
    """The sentence told of someone or somewhere else, with another figure, day or outcome."""

    def make(text: str, chance: random.Random) -> Altered | None:
        here = [name for name in dict.fromkeys(_NAME.findall(text)) if not _CALENDAR.search(name)]
        if not here:
            return None
        old = here[0]
        like = [name for name in names if name.count(" ") == old.count(" ") and name not in text]
        new = chance.choice(like)
        altered = altering.number(text, chance) or altering.date(text, chance) or negating.polarity(text, chance)
        if altered is None or old not in altered.text or old in altered.value:
            return None
        return Altered(altered.text.replace(old, new), f"{old.count(' ') + 1} words", "")

    return make


def _one_name(pool: Sequence[tuple[str, str]], most: int) -> Iterator[Pair]:
    """Sentences of days a week apart about one name with few words in common, both with a figure or a date."""
    held: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for day, text in pool:
        if altering.measured(text):
            for name in set(_NAME.findall(text)):
                held[name].append((day, text))
    made = 0
    for name in sorted(held, key=lambda one: hashlib.sha256(one.encode()).hexdigest()):
        lines = [] if _CALENDAR.search(name) else held[name]
        apart = [
            (a, b) for a in lines for b in lines if a[0] < b[0] and int(b[0][8:10] or 0) - int(a[0][8:10] or 0) >= 7
        ]
        few = [(a, b) for a, b in apart if len({*a[1].split()} & {*b[1].split()}) < 0.3 * len({*a[1].split()})]
        if few and made < most:
            (_, a), (_, b) = dice("one name", name).choice(few)
            made += 1
            yield _pair(a, b, "none", "one name")


def pairs(rows: Path) -> list[Pair]:
    """Every pair, planted ones first."""
    pool = sentences(rows)
    makers = {"number": altering.number, "date": altering.date, "polarity": negating.polarity}
    found = [pair for kind, most in PLANTED.items() for pair in _drawn(pool, kind, kind, most, _planted(makers[kind]))]
    different: dict[str, Callable[[str, random.Random], Altered | None]] = {
        "reworded": rewording.reworded,
        "same value": rewording.same_value,
        "other name": _renamed(_names(pool)),
        "other period": rewording.other_period,
        "other measure": rewording.other_measure,
    }
    for kind, make in different.items():
        found.extend(_drawn(pool, "none", kind, NEGATIVES[kind], make))
    return [*found, *_one_name(pool, NEGATIVES["one name"])]


def write(rows: Path, out: Path, part: str = "") -> int:
    """Write the pairs (of one half, where `part` names it) to `out` and say how many they are."""
    lines = [json.dumps(pair, ensure_ascii=False, sort_keys=True) for pair in pairs(rows) if part in ("", pair["half"])]
    out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return len(lines)


def main(arguments: Sequence[str]) -> int:
    """Exit code 0 when the pairs are written, 2 for wrong usage."""
    if len(arguments) != 2:
        print("usage: python benchmarks/planted.py ROWS OUT", file=sys.stderr)
        return 2
    rows, out = map(Path, arguments)
    for part in ("", "tuned", "held"):
        path = out.with_suffix(f".{part}{out.suffix}") if part else out
        print(f"{path}: {write(rows, path, part)} pairs")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
