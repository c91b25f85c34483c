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
DWELT = 12  # times that a record's coming back to a word counts
_MEASURES = frozenset(
    "billion million trillion thousand percent year month week day hour new first last time one two".split()
)


@dataclass(frozen=True, slots=True)
class Central:
    """What a storyline is about: names and content words, weighed by how many of its voices share them, and claims,
    weighed by how near the other voices come to them.

    A word's weight is the share of the other voices that use it, times the (log) share of claims that do: the
    centroid idea of extractive summarisation (Radev et al. 2004, MEAD), with voices in place of documents. A voice is
    an origin as it counts: two articles of one outlet agree with each other, and that makes nothing central. What the
    fewer voices have in common weighs less, by the share that one of them is.
    """

    names: Mapping[str, float]
    words: Mapping[str, float]
    within: Mapping[str, Counter[str]]
    echoed: Mapping[str, float]  # claim id -> how near the other voices come to it, 1 for the nearest
    units: Mapping[str, float]  # units of quantities by the share of the other voices that measure in them
    subject: Mapping[str, float]  # words by how many voices' whole texts dwell on them
    common: frozenset[str]  # words that most of three or more voices use: sharing these is no agreement
    voices: int

    @staticmethod
    def of(dossier: Dossier) -> Central:
        """The centre of a dossier's claims."""
        named: dict[str, set[str]] = {}
        worded: dict[str, set[str]] = {}
        counts: Counter[str] = Counter()
        voices = voiced(dossier)
        for claim in dossier.claims.values():
            for entity in claim.entities:
                named.setdefault(entity, set()).add(voices[claim.id])
            for word in set(words.content(claim.text)):
                worded.setdefault(word, set()).add(voices[claim.id])
                counts[word] += 1
        every = set(voices.values())
        others, most = max(1, len(every) - 1), math.log1p(max(counts.values(), default=1))
        weights = {
            w: (len(r) - 1) / others * math.log1p(counts[w]) / most for w, r in worded.items() if w not in _MEASURES
        }
        common = frozenset(w for w, r in worded.items() if 2 * len(r) > len(every) > 2)
        shares = {e: len(r) / len(every) for e, r in named.items()}
        speaks = {claim.record_id: voices[claim.id] for claim in sorted(dossier.claims.values(), key=lambda c: c.id)}
        texts = {r: words.content(dossier.records[r].text) for r in sorted(speaks) if r in dossier.records}
        within = {r: Counter(text) for r, text in texts.items()}
        told: dict[str, list[Sequence[str]]] = {}
        for record, text in texts.items():
            told.setdefault(speaks[record], []).append(text)
        sure = 1 - 1 / max(1, len(every))  # what two voices have in common may be chance
        echoed = {key: near * sure for key, near in nearness(dossier).items()}
        subject = {term: n * sure for term, n in _subject(told, counts, len(dossier.claims)).items()}
        return Central(shares, weights, within, echoed, _units(dossier), subject, common, len(every))

    def on_subject(self, text: str) -> float:
        """How much a statement is about what all records dwell on, 0..1: half by its words, half by its pairs."""
        terms = set(_terms(words.content(text)))
        single = sorted((self.subject.get(t, 0.0) for t in terms if " " not in t), reverse=True)
        pairs = sorted((self.subject.get(t, 0.0) for t in terms if " " in t), reverse=True)
        return min(1.0, sum(single[:4]) / 4) / 2 + min(1.0, sum(pairs[:2])) / 2

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
        """Whether a long record names what a claim names only here: told in passing, not what the record is about.

        What three or more voices name is nothing by the way."""
        counts = self.within.get(claim.record_id, Counter())
        shared = any(self.names.get(entity, 0.0) * self.voices > 2 for entity in claim.entities)
        if not claim.entities or shared or sum(counts.values()) < LONG:
            return False
        return not any(all(counts[w] > 1 for w in words.content(entity)) for entity in claim.entities)


def voiced(dossier: Dossier) -> Mapping[str, str]:
    """Claim id -> the origin that it counts as."""
    return {claim.id: dossier.origins.get(claim.id, claim.record_id) for claim in dossier.claims.values()}


def _units(dossier: Dossier) -> Mapping[str, float]:
    """Units by the share of the other voices that measure in them, less what every number is in (money, often)."""
    voices = voiced(dossier)
    users: dict[str, set[str]] = {}
    counts: Counter[str] = Counter()
    for claim in dossier.claims.values():
        for unit in {q.unit for q in claim.quantities if q.unit}:
            users.setdefault(unit, set()).add(voices[claim.id])
            counts[unit] += 1
    others, every = max(1, len(set(voices.values())) - 1), max(1, counts.total())
    return {unit: (len(records) - 1) / others * (1 - counts[unit] / every) for unit, records in users.items()}


def _subject(texts: Mapping[str, Sequence[Sequence[str]]], said: Mapping[str, int], claims: int) -> Mapping[str, float]:
    """Words and pairs of words by how often how many voices' texts come back to them; 1 for the heaviest of each.

    A word of every sixth claim or more ("AI" where all is about AI) tells claims apart by nothing: it counts less.
    """
    if len(texts) < 2:
        return {}
    users: Counter[str] = Counter()
    dwelt: Counter[str] = Counter()
    for own in texts.values():
        counts = Counter(term for text in own for term in _terms(text))
        users.update(counts.keys())
        dwelt.update({term: min(DWELT, n) for term, n in counts.items()})
    weights = {
        term: (users[term] - 1) / (len(texts) - 1) * n * min(1.0, claims / (6 * max(1, said.get(term, 0))))
        for term, n in dwelt.items()
        if users[term] > 1 and not any(w in _MEASURES or w[:1].isdigit() for w in term.split())
    }
    most = {pair: max((v for t, v in weights.items() if (" " in t) is pair), default=1.0) for pair in (False, True)}
    return {term: weight / most[" " in term] for term, weight in weights.items()}


def nearness(dossier: Dossier) -> Mapping[str, float]:
    """For each claim the mean, over the other voices, of its best tf-idf cosine to a claim of theirs; 1 is the most.

    Degree centrality of LexRank (Erkan and Radev 2004) with edges between voices only: nobody echoes themselves.
    """
    voices = voiced(dossier)
    claims = sorted(dossier.claims.values(), key=lambda c: (-c.worth, c.id))[:MOST]
    claims.sort(key=lambda c: (voices[c.id], c.id))
    owners = [voices[c.id] for c in claims]
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
    """Rows of terms: tf-idf at unit length, each then times the share of the other voices that use the word.

    So what few voices name counts for nothing but length: a passing detail makes a statement less central.
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
