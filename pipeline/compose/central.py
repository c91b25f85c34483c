"""What a storyline is about: the weights of names and words by which points and headlines are chosen."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.domain import Dossier
from pipeline.language import words

_MEASURES = frozenset(
    "billion million trillion thousand percent year month week day hour new first last time one two".split()
)


@dataclass(frozen=True, slots=True)
class Central:
    """What a storyline is about: names and content words, weighed by how many of its records share them.

    A word's weight is the share of the other records that use it, times the (log) share of claims that do: the
    centroid idea of extractive summarisation (Radev et al. 2004, MEAD), with records in place of documents.
    """

    names: Mapping[str, float]
    words: Mapping[str, float]
    within: Mapping[str, Counter[str]]
    common: frozenset[str]  # words that most of three or more records use: sharing these is no agreement

    @staticmethod
    def of(dossier: Dossier) -> Central:
        """The centre of a dossier's claims."""
        named: dict[str, set[str]] = {}
        worded: dict[str, set[str]] = {}
        counts: Counter[str] = Counter()
        records: set[str] = set()
        for claim in dossier.claims.values():
            records.add(claim.record_id)
            for entity in claim.entities:
                named.setdefault(entity, set()).add(claim.record_id)
            for word in set(words.content(claim.text)):
                worded.setdefault(word, set()).add(claim.record_id)
                counts[word] += 1
        others, most = max(1, len(records) - 1), math.log1p(max(counts.values(), default=1))
        weights = {
            w: (len(r) - 1) / others * math.log1p(counts[w]) / most for w, r in worded.items() if w not in _MEASURES
        }
        common = frozenset(w for w, r in worded.items() if 2 * len(r) > len(records) > 2)
        shares = {e: len(r) / len(records) for e, r in named.items()}
        within = {r: Counter(words.content(dossier.records[r].text)) for r in sorted(records) if r in dossier.records}
        return Central(shares, weights, within, common)

    def topical(self, content: Iterable[str]) -> float:
        """How much a statement is about the storyline: half by its four heaviest words, half by all of them."""
        weights = sorted((self.words.get(w, 0.0) for w in set(content)), reverse=True)
        return sum(weights[:4]) / 8 + sum(weights) / (2 * max(4, len(weights)))

    def depth(self, record_id: str, content: Iterable[str]) -> float:
        """How much a statement is its own record's matter, not passed by: mean recurrence of its words there, 0..1."""
        counts = self.within.get(record_id, Counter())
        recurring = [min(1.0, (counts[w] - 1) / 2) for w in set(content)]
        return sum(recurring) / len(recurring) if recurring else 0.0
