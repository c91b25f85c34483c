"""What a storyline is about: the weights by which points and headlines are chosen."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse

from pipeline.domain import Claim, Dossier
from pipeline.language import words

LONG = 150  # content words from which a record is an article, not a summary
MOST = 1200  # claims compared with each other; beyond that the least check-worthy are left out
_MEASURES = frozenset(
    "billion million trillion thousand percent year month week day hour new first last time one two".split()
)


@dataclass(frozen=True, slots=True)
class Central:
    """What a storyline is about: names and content words, weighed by how many of its records share them, and claims,
    weighed by how near the other records come to them.

    A word's weight is the share of the other records that use it, times the (log) share of claims that do: the
    centroid idea of extractive summarisation (Radev et al. 2004, MEAD), with records in place of documents.
    """

    names: Mapping[str, float]
    words: Mapping[str, float]
    within: Mapping[str, Counter[str]]
    echoed: Mapping[str, float]  # claim id -> how near the other records come to it, 1 for the nearest
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
        return Central(shares, weights, within, nearness(dossier), common)

    def topical(self, content: Iterable[str]) -> float:
        """How much a statement is about the storyline: half by its four heaviest words, half by all of them."""
        weights = sorted((self.words.get(w, 0.0) for w in set(content)), reverse=True)
        return sum(weights[:4]) / 8 + sum(weights) / (2 * max(4, len(weights)))

    def depth(self, record_id: str, content: Iterable[str]) -> float:
        """How much a statement is its own record's matter, not passed by: mean recurrence of its words there, 0..1."""
        counts = self.within.get(record_id, Counter())
        recurring = [min(1.0, (counts[w] - 1) / 2) for w in set(content)]
        return sum(recurring) / len(recurring) if recurring else 0.0

    def passing(self, claim: Claim) -> bool:
        """Whether a long record names what a claim names only here: told in passing, not what the record is about."""
        counts = self.within.get(claim.record_id, Counter())
        if not claim.entities or sum(counts.values()) < LONG:
            return False
        return not any(all(counts[w] > 1 for w in words.content(entity)) for entity in claim.entities)


def nearness(dossier: Dossier) -> Mapping[str, float]:
    """For each claim the mean, over the other records, of its best tf-idf cosine to a claim of theirs; 1 is the most.

    Degree centrality of LexRank (Erkan and Radev 2004) with edges between records only: nobody echoes themselves.
    """
    claims = sorted(dossier.claims.values(), key=lambda c: (-c.worth, c.id))[:MOST]
    claims.sort(key=lambda c: (c.record_id, c.id))
    owners = [c.record_id for c in claims]
    if len(set(owners)) < 2:
        return {}
    rows = _vectors([_terms(words.content(c.text)) for c in claims], owners)
    cosines = np.asarray((rows @ rows.T).todense(), dtype=np.float64)
    starts = [i for i, owner in enumerate(owners) if i == 0 or owners[i - 1] != owner]
    best = np.maximum.reduceat(cosines, starts, axis=1)
    own = np.searchsorted(starts, np.arange(len(claims)), side="right") - 1
    best[np.arange(len(claims)), own] = 0.0
    means = np.round(best.sum(axis=1) / (len(starts) - 1), 6)
    most = float(means.max()) or 1.0
    return {c.id: round(float(m) / most, 6) for c, m in zip(claims, means, strict=True)}


def _terms(content: Sequence[str]) -> list[str]:
    """Content words and their neighbouring pairs: a pair that several records use is what they have in common."""
    return [*content, *(f"{a} {b}" for a, b in pairwise(content))]


def _vectors(texts: Sequence[Sequence[str]], owners: Sequence[str]) -> sparse.csr_matrix:
    """Rows of terms: tf-idf at unit length, each then times the share of the other records that use the word.

    So what few records name counts for nothing but length: a passing detail makes a statement less central.
    """
    seen: Counter[str] = Counter(w for text in texts for w in set(text))
    users: dict[str, set[str]] = {}
    for text, owner in zip(texts, owners, strict=True):
        for word in text:
            users.setdefault(word, set()).add(owner)
    others = max(1, len(set(owners)) - 1)
    column = {w: i for i, w in enumerate(sorted(seen))}
    idf = {w: math.log((2 + len(texts)) / (1 + n)) for w, n in seen.items()}
    data: list[float] = []
    indices: list[int] = []
    pointers = [0]
    for text in texts:
        counts = sorted(Counter(w for w in text if w not in _MEASURES).items())
        values = [(1 + math.log(n)) * idf[w] for w, n in counts]
        norm = math.sqrt(sum(v * v for v in values)) or 1.0
        data.extend(v / norm * (len(users[w]) - 1) / others for v, (w, _) in zip(values, counts, strict=True))
        indices.extend(column[w] for w, _ in counts)
        pointers.append(len(indices))
    return sparse.csr_matrix((data, indices, pointers), shape=(len(texts), len(column)))
