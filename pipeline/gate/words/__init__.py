"""What WordNet knows of words: which mean the same, which is the kind of which, which are opposed.

`words.tsv` is derived from WordNet 3.1 (Princeton University; LICENSE.txt beside it) by benchmarks/wordnet.py:
relations between lemmas of the gate, kept only between senses that both words are mostly used in. It is read when first
asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

_TABLE = Path(__file__).with_name("words.tsv")
_ROWS = {"verb": "verbs", "adverb": "adverbs"}  # the gate knows adjectives as nouns


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """Relation -> lemma -> the lemmas so related to it."""
    table: dict[str, dict[str, frozenset[str]]] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        relation, word, related = line.split("\t")
        table.setdefault(relation, {})[word] = frozenset(related.split(" "))
    return table


def _related(relation: str, first: str, second: str) -> bool:
    return second in _table().get(relation, {}).get(first, ())


def interchangeable(first: str, second: str, part: str, other: str) -> bool:
    """Whether two lemmas, standing as `part` and `other` ("verb", "noun", "adverb"), mean the same."""
    rows = _ROWS.get(part, "nouns")
    if part == other and _related(f"{rows} alike", first, second):
        return True
    return _related("derived", first, second)


def covers(general: str, special: str, part: str) -> bool:
    """Whether the first lemma is the kind of which the second is one: "weapon" of "pistol", "punish" of "imprison"."""
    return _related(f"{_ROWS.get(part, 'nouns')} above", general, special)


def opposed(first: str, second: str) -> bool:
    """Whether two lemmas are antonyms in some sense."""
    return _related("opposite", first, second)


def concrete(noun: str) -> str:
    """What a folded noun or its lemma mostly names: "agent" (a person, group or animal), "thing", or "" (neither)."""
    kinds = _table()["kind"]
    return next((kind for kind in ("agent", "thing") if noun in kinds[kind]), "")
