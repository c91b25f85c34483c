"""Pairs of a source and a claim with known label, made of news texts at run time, to train the support model on.

True: a sentence of the source as it stands, trimmed, reworded, two of them joined, or the source's own headline. False:
a sentence that was taken out of its source, a headline or sentence of the text most like it, one with another number,
date, name or polarity, and one whose subject is that of another sentence. Half of each kind is set in the manner of
machine summaries: lower case, marks parted by spaces. No text stays in the repository.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks import altering, negating, rewording
from pipeline.gate.reading import read
from pipeline.language import names, sentences
from pipeline.language.words import STOP, stem, tokens

_TAIL = re.compile(
    r"(?:, | )(?:which|who|where|while|after|before|because|as|when|with|including|according to|despite|amid|following)"
    r" [^.\"“”]{8,}$"
)
_ASIDE = re.compile(r", [^,\"“”]{6,80},")
_LEAD = re.compile(
    r"^(?:On|In|At|After|Before|Despite|During|Last|This|Earlier|Later|However|Meanwhile)\b[^,\"“”]{0,60}, "
)
_LEAST, _MOST = 8, 45  # words of a sentence that is used


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim, the text it is held against, whether the text supports it, and how the pair was made."""

    source: str
    claim: str
    supported: bool
    kind: str


@dataclass(frozen=True, slots=True)
class _Text:
    title: str
    parts: tuple[str, ...]  # its sentences

    def without(self, *left: str) -> str:
        return " ".join(part for part in self.parts if part not in left)


def texts(path: Path, *, least: int = 6, most: int = 60) -> list[_Text]:
    """Texts of at least `least` sentences, each once, in the file's order; only the first `most` sentences."""
    found: dict[str, _Text] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            text = " ".join((row.get("text") or "").split())
            if row.get("lang", "en") != "en" or len(text) < 400:
                continue
            parts = tuple(text[span.start : span.end] for span in sentences.split(text[:20000], "en"))[:most]
            if len(parts) >= least:
                found.setdefault(parts[0], _Text(" ".join((row.get("title") or "").split()), parts))
    return list(found.values())


def _usable(part: str) -> bool:
    """Whether a sentence states something by itself."""
    count = len(part.split())
    return _LEAST <= count <= _MOST and part[0].isupper() and part[-1] == "." and bool(read(part).predicates)


def _alike(first: str, second: str) -> float:
    """Share of the first text's telling stems that the second has."""
    mine = {stem(word) for word in tokens(first) if word not in STOP}
    return len(mine & {stem(word) for word in tokens(second)}) / max(1, len(mine))


def _neighbours(pool: Sequence[_Text]) -> list[int]:
    """For each text the one that shares most of its rare words."""
    sets = [
        {stem(word) for word in tokens(" ".join((text.title, *text.parts[:12]))) if word not in STOP} for text in pool
    ]
    counts = Counter(word for words in sets for word in words)
    nearest = []
    for at, words in enumerate(sets):
        scores = [(sum(1 / counts[word] for word in words & other), -to) for to, other in enumerate(sets) if to != at]
        nearest.append(-max(scores)[1])
    return nearest


def trimmed(part: str, chance: Random) -> str | None:
    """A sentence without its last clause, an aside or what opens it."""
    ways = [
        (_TAIL, lambda text: _TAIL.sub("", text.rstrip(".")) + "."),
        (_ASIDE, lambda text: _ASIDE.sub("", text, count=1)),
        (_LEAD, lambda text: (rest := _LEAD.sub("", text))[:1].upper() + rest[1:]),
    ]
    for pattern, cut in chance.sample(ways, len(ways)):
        if pattern.search(part.rstrip(".")):
            short = cut(part)
            if len(short.split()) >= 6 and read(short).predicates and short != part:
                return short
    return None


def joined(first: str, second: str) -> str:
    """Two sentences in one."""
    return f"{first.rstrip('.')}, and {second}" if second[0].isupper() else f"{first.rstrip('.')} and {second}"


def _subject_end(part: str) -> int:
    """Where the first finite verb of a sentence begins; 0 where none is found soon."""
    reading = read(part)
    for item in reading.predicates:
        if item.finite == "finite" and 0 < item.first <= 8:
            return reading.words[item.first].start
    return 0


def crossed(part: str, other: str) -> str | None:
    """The subject of one sentence before what another says: "A bought B", "C fell" give "C bought B"."""
    mine, theirs = _subject_end(part), _subject_end(other)
    if not mine or not theirs:
        return None
    subject = other[:theirs].strip()
    if _alike(subject, part) > 0 or len(subject.split()) > 8:
        return None
    return f"{subject} {part[mine:]}"


def renamed(part: str, others: Sequence[str], chance: Random) -> str | None:
    """A name of the sentence exchanged for another name of the text."""
    mine = [item.text for item in names.find(part)]
    rest = [name for name in others if name not in part and not any(word in part for word in name.split())]
    if not mine or not rest:
        return None
    return part.replace(chance.choice(mine), chance.choice(rest), 1)


def summary_manner(text: str) -> str:
    """Lower case, marks parted by spaces."""
    return re.sub(r"\s+", " ", re.sub(r"([.,;:!?()\"])", r" \1 ", text.lower())).strip()


def _true(text: _Text, usable: Sequence[str], chance: Random) -> Iterator[tuple[str, str]]:
    part = chance.choice(usable)
    yield part, "verbatim"
    if short := next((found for one in chance.sample(usable, len(usable)) if (found := trimmed(one, chance))), None):
        yield short, "trimmed"
    for one in chance.sample(usable, len(usable)):
        if found := rewording.reworded(one, chance):
            again = rewording.reworded(found.text, chance)
            yield (again.text if again else found.text), "reworded"
            break
    if len(usable) > 1:
        yield joined(*chance.sample(usable, 2)), "joined"


def _altered(text: _Text, usable: Sequence[str], chance: Random) -> Iterator[tuple[str, str]]:
    known = sorted({item.text for part in text.parts for item in names.find(part)})
    ways = (
        ("number", lambda one: (found := altering.number(one, chance)) and found.text),
        ("date", lambda one: (found := altering.date(one, chance)) and found.text),
        ("polarity", lambda one: (found := negating.polarity(one, chance)) and found.text),
        ("name", lambda one: renamed(one, known, chance)),
        ("crossed", lambda one: crossed(one, chance.choice(usable))),
    )
    for kind, way in ways:
        for one in chance.sample(usable, len(usable)):
            if (found := way(one)) and found != one and found not in text.parts:
                yield found, kind
                break


def pairs(pool: Sequence[_Text], seed: str = "support") -> list[Pair]:
    """The pairs of a pool of texts, the same for the same pool."""
    found: list[Pair] = []
    nearest = _neighbours(pool)
    for at, text in enumerate(pool):
        chance = Random(f"{seed}:{text.parts[0]}")  # noqa: S311
        whole = " ".join(text.parts)
        usable = [part for part in text.parts if _usable(part)]
        if len(usable) < 3:
            continue
        made = [Pair(whole, claim, True, kind) for claim, kind in _true(text, usable, chance)]
        made += [Pair(whole, claim, False, kind) for claim, kind in _altered(text, usable, chance)]
        if 6 <= len(text.title.split()) <= 20:
            made.append(Pair(whole, text.title, True, "headline"))
        for part in chance.sample(usable[2:], min(2, len(usable) - 2)):
            rest = text.without(part)
            if _alike(part, rest) < 1:
                made.append(Pair(rest, part, False, "taken out"))
        other = pool[nearest[at]]
        foreign = [part for part in (other.title, *other.parts[:6]) if _LEAST <= len(part.split()) <= _MOST]
        if foreign and _alike(claim := chance.choice(foreign), whole) < 0.8:
            made.append(Pair(whole, claim, False, "foreign"))
        found += [
            Pair(one.source, summary_manner(one.claim), one.supported, one.kind) if chance.random() < 0.5 else one
            for one in made
        ]
    return found
