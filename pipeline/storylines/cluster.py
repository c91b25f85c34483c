"""Grouping: which items tell of one event, from words, meaning, time and names together.

Neighbour blocks come first: exact nearest neighbours of what is new, joined into connected components, so that
everything dear is done inside blocks of bounded size. Inside a block HDBSCAN (Campello, Moulavi and Sander 2013;
package hdbscan) proposes groups by density; a proposal raises the strength of its pairs, and average linkage (Sokal and
Michener 1958) decides, because a group whose average pair is weak is a chain, not an event. Groups that already exist
(`bound`) stay whole and take in what is new.

Every number is rounded to 1e-6 before it is compared and ties go to the smaller index, so callers who sort their items
by id get the same groups from any order of arrival.
"""

from __future__ import annotations

import dataclasses
import importlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.cluster.hierarchy import linkage
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import squareform

from pipeline.storylines.index import WordIndex
from pipeline.storylines.meanings import Meanings
from pipeline.terms import Rows

Matrix = np.ndarray[Any, np.dtype[np.float64]]
Whole = np.ndarray[Any, np.dtype[np.int64]]

_CHUNK, _PAIRS = 256, 1_000_000  # most rows, and most pairs, that are compared at once: memory is that of the pairs
_ROUNDED = 1e-6  # strengths are rounded to this
_ALIKE = 0.75  # strength from which two texts are one, however many others there are


@dataclass(frozen=True, slots=True)
class Grouping:
    """The settings of grouping; one set for every data set."""

    threshold: float = 0.14  # average strength that holds a group together
    floor: float = 0.5  # share of the threshold that makes two items neighbours
    neighbours: int = 24
    largest_block: int = 600
    proposal: float = 0.30  # what an HDBSCAN proposal adds to the strength of its pairs
    kept_apart: float = 0.85  # factor on strengths between two groups that exist already
    brevity: float = 8.0  # words: short texts share few words even when they tell of one event
    few: float = 0.7  # what is left of the strength of two items that share one word alone
    dense_share: float = 0.25  # weight of dense evidence, where there is any
    dense_noise: float = 0.2  # cosine that two unrelated texts have
    days: float = 5.0  # decay of strength with the days between two items
    timeless: float = 0.6  # what is left of it after a long time
    running: float = 1.0  # what is added to the strength of two remarks that one account makes in one breath
    in_common: int = 2  # words that such remarks must share: one account speaks of many things
    pause: float = 0.04  # decay of that with the days between them: an hour
    undated: float = 0.8  # the same factor where a date is not known
    crowd: float = 0.5  # how fast the demand grows with the size of a group
    chance: float = 0.3  # how much more is asked of ten times as many items
    few_items: int = 2000  # items up to which nothing more is asked
    crowd_rank: int = 12  # the neighbour whose closeness tells how crowded an item's place is
    thinning: float = 0.5  # how much a crowded place weakens its pairs
    crowd_from: int = 8  # items up to which a group is no crowd
    exact: int = 20_000  # items up to which every pair that shares a word is weighed
    holders: int = 400  # beyond: only pairs that share a word which no more items than this hold
    asked: int = 96  # and of these the nearest by such words

    def among(self, size: int) -> Grouping:
        """These settings among `size` items: the more there are, the more likeness is chance, and the more is asked."""
        asked = self.threshold * (1.0 + self.chance * math.log10(max(1.0, size / self.few_items)))
        return dataclasses.replace(self, threshold=round(asked, 6))

    def needed(self, size: int) -> float:
        """The average strength that holds a group of `size` items together: a large group must be closer knit.

        A loose average over hundreds of items is a topic that everybody writes about, not one event.
        """
        return self.threshold * (1.0 + self.crowd * math.log(max(1.0, size / self.crowd_from)))


@dataclass(frozen=True, slots=True)
class Items:
    """What is to be grouped, one row per item.

    `sparse` gives unit rows for positions; `lengths` counts an item's distinct words; `days` is its time in days, NaN
    where unknown; `dense` has unit rows or is None; `bound` the number of the existing group an item belongs to, -1 for
    what is new; `accounts` the account whose running remark an item is, -1 for what is none.
    """

    sparse: Rows | sp.csr_matrix
    lengths: Matrix
    days: Matrix
    dense: Meanings | None
    bound: Whole
    accounts: Whole | None = None

    def among(self, rows: Whole, sparse: Rows | sp.csr_matrix, bound: Whole) -> Items:
        """The items at `rows`, with words weighed and groups numbered anew."""
        dense = None if self.dense is None else self.dense.among(rows)
        accounts = None if self.accounts is None else self.accounts[rows]
        return Items(sparse, self.lengths[rows], self.days[rows], dense, bound, accounts)

    def __len__(self) -> int:
        return int(self.sparse.shape[0])


def strengths(items: Items, rows: Sequence[int], columns: Sequence[int], how: Grouping) -> Matrix:
    """Strength of every pair (rows x columns) in 0..1: words, meaning and time; rounded to 1e-6."""
    a, b = np.asarray(rows, dtype=np.int64), np.asarray(columns, dtype=np.int64)
    mine = items.sparse[a]
    mine, theirs = compact(mine, mine if np.array_equal(a, b) else items.sparse[b])
    theirs = theirs.T.tocsr()
    words = (mine @ theirs).toarray().astype(np.float64)
    number = (_presence(mine) @ _presence(theirs)).toarray()
    words *= np.where(number <= 1, how.few, np.where(number == 2, (1.0 + how.few) / 2.0, 1.0))
    meaning = None
    if items.dense is not None:
        meaning = items.dense[a].astype(np.float64) @ items.dense[b].astype(np.float64).T
    strength = _combined(items, a[:, None], b[None, :], (words, meaning), how)
    if items.accounts is not None:
        told = np.where(number >= how.in_common, _running(items, a[:, None], b[None, :], how), 0.0)
        strength = np.minimum(1.0, np.round(strength * (1.0 + how.running * told), 6))
    return strength


def _running(items: Items, a: Whole, b: Whole, how: Grouping) -> Matrix:
    """How much two items are remarks that one account makes in one breath, 0..1."""
    assert items.accounts is not None
    own = (items.accounts[a] == items.accounts[b]) & (items.accounts[a] >= 0)
    apart = np.nan_to_num(np.abs(items.days[a] - items.days[b]), nan=np.inf)
    return np.asarray(np.where(own, np.exp(-apart / how.pause), 0.0))


def _presence(rows: sp.csr_matrix) -> sp.csr_matrix:
    """1 where `rows` holds a weight: products of these count shared words."""
    return sp.csr_matrix((np.ones(len(rows.data), dtype=np.float32), rows.indices, rows.indptr), shape=rows.shape)


def _combined(items: Items, a: Whole, b: Whole, likeness: tuple[Matrix, Matrix | None], how: Grouping) -> Matrix:
    """Strength of the pairs that `a` and `b` broadcast to, from the cosines of their words and meanings."""
    words, meaning = likeness
    strength = np.minimum(1.0, words * _brief(np.minimum(items.lengths[a], items.lengths[b]), how))
    if meaning is not None:
        scaled = np.clip((meaning - how.dense_noise) / (1.0 - how.dense_noise), 0.0, 1.0)
        strength = (1.0 - how.dense_share) * strength + how.dense_share * scaled
    apart = np.abs(items.days[a] - items.days[b])
    nearness = how.timeless + (1.0 - how.timeless) * np.exp(-np.nan_to_num(apart) / how.days)
    return np.asarray(np.round(strength * np.where(np.isnan(apart), how.undated, nearness), 6))


def _brief(lengths: Matrix, how: Grouping) -> Matrix:
    """What the cosine of two items' words is raised by, from the distinct words of the shorter one."""
    return np.asarray(1.0 + how.brevity / np.maximum(lengths, 1.0))


def _edges(items: Items, fresh: Whole, how: Grouping) -> tuple[Whole, Matrix]:
    """Pairs (n, 2) of a fresh item and a neighbour, and their strengths (n): the strongest that reach the floor."""
    words = WordIndex(items.sparse, exact=how.exact, holders=how.holders, asked=how.asked)
    pairs, values = [np.zeros((0, 2), dtype=np.int64)], [np.zeros(0)]
    step = max(1, min(_CHUNK, _PAIRS // max(1, len(items))))
    for start in range(0, len(fresh), step):
        chunk = fresh[start : start + step]
        own, near, strength = _near(items, chunk, words, how)
        # One number a pair, so that one sort orders rows, then strengths (they have six places), then neighbours.
        order = np.argsort((own * 2_000_000 + 1_000_000 - np.rint(strength * 1e6).astype(np.int64)) * len(items) + near)
        own, near, strength = own[order], near[order], strength[order]
        first = np.arange(len(own)) - np.searchsorted(own, own) < how.neighbours
        pairs.append(np.stack([chunk[own[first]], near[first]], axis=1))
        values.append(strength[first])
    return np.concatenate(pairs), np.concatenate(values)


def _near(items: Items, chunk: Whole, words: WordIndex, how: Grouping) -> tuple[Whole, Whole, Matrix]:
    """(place in `chunk`, item, strength) of all pairs that reach the floor.

    Only pairs that share a word, or mean so much the same that this alone is enough, are weighed.
    """
    own, near, cosines = words.near(chunk)
    least, meaning = how.floor * how.threshold, None
    if items.dense is None:  # most pairs share common words and no more: their cosine alone rules them out
        asked = (least - _ROUNDED) / _brief(items.lengths, how)
        some = np.flatnonzero((cosines >= asked[near]) | (cosines >= asked[chunk][own]))
        own, near, cosines = own[some], near[some], cosines[some]
    told = np.asarray(cosines, dtype=np.float64)
    if items.dense is not None:
        enough = how.dense_noise + (1.0 - how.dense_noise) * least / max(how.dense_share, 1e-9)
        own, near, alike = items.dense.cosines(items.dense[chunk], own, near, enough - _ROUNDED)
        told = np.concatenate([told, np.zeros(len(own) - len(told))])
        meaning = alike.astype(np.float64)
    strength = _combined(items, chunk[own], near, (told, meaning), how)
    kept = (strength >= least) & (chunk[own] != near)
    return own[kept], near[kept], strength[kept]


def blocks(items: Items, how: Grouping) -> list[list[int]]:
    """Items that must be looked at together, sorted; existing groups come along whole.

    A component larger than `largest_block` is cut by asking more of its edges, step by step.
    """
    new = np.flatnonzero(items.bound < 0)
    if not len(new):
        return []
    pairs, values = _edges(items, new, how)
    ties = _ties(items.bound)
    fresh = items.bound < 0
    found = []
    waiting = [(np.arange(len(items)), pairs, values, how.floor * how.threshold)]
    while waiting:
        piece, pairs, values, least = waiting.pop()
        pairs, values = pairs[values >= least], values[values >= least]
        for part in _components(piece, np.concatenate([pairs, ties]), len(items)):
            if not fresh[part].any():
                continue
            if len(part) <= how.largest_block or least > 1.0:
                found.append(part.tolist())
            else:
                inside = _marked(part, len(items))[pairs[:, 0]]
                waiting.append((part, pairs[inside], values[inside], least * 1.1))
    return sorted(found)


def _marked(some: Whole, size: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    mask = np.zeros(size, dtype=np.bool_)
    mask[some] = True
    return mask


def _ties(bound: Whole) -> Whole:
    """Pairs (n, 2) that hold existing groups together: each item with the first of its group."""
    old = np.flatnonzero(bound >= 0)
    _, first, group = np.unique(bound[old], return_index=True, return_inverse=True)
    pairs = np.stack([old[first][group], old], axis=1)
    return np.asarray(pairs[pairs[:, 0] != pairs[:, 1]], dtype=np.int64)


def _components(nodes: Whole, pairs: Whole, size: int) -> list[Whole]:
    """Connected components of the graph of `pairs` (n, 2) on `nodes` (of `size`), each sorted; others do not count."""
    place = np.full(size, -1, dtype=np.int64)
    place[nodes] = np.arange(len(nodes))
    ends = place[pairs]
    ends = ends[(ends >= 0).all(axis=1)]
    ones = np.ones(len(ends), dtype=np.int8)
    graph = sp.coo_matrix((ones, (ends[:, 0], ends[:, 1])), shape=(len(nodes), len(nodes)))
    _, labels = connected_components(graph, directed=False)
    order = np.argsort(labels, kind="stable")
    return list(np.split(nodes[order], np.flatnonzero(np.diff(labels[order])) + 1))


def proposals(distance: Matrix, how: Grouping) -> np.ndarray[Any, np.dtype[np.int64]]:
    """HDBSCAN's labels of a block from its distances, -1 for noise; below five points it has nothing to say."""
    size = distance.shape[0]
    if size < 5:
        return np.full(size, -1, dtype=np.int64)
    model = importlib.import_module("hdbscan").HDBSCAN(  # dear to import, and many nights have no such block
        min_cluster_size=2,
        min_samples=1,
        metric="precomputed",
        cluster_selection_method="leaf",
        cluster_selection_epsilon=1.0 - 2.0 * how.threshold,
        core_dist_n_jobs=1,
        allow_single_cluster=False,
    )
    return np.asarray(model.fit_predict(distance), dtype=np.int64)


def partition(strength: Matrix, bound: Sequence[int], how: Grouping) -> list[int]:
    """Group numbers of a block's items from their strengths; items of one existing group share a number."""
    size = strength.shape[0]
    if size == 1:
        return [0]
    strength = _thinned((strength + strength.T) / 2.0, how)
    np.fill_diagonal(strength, 1.0)
    labels = proposals(1.0 - strength, how)
    same = (labels[:, None] == labels[None, :]) & (labels[:, None] >= 0)
    strength = np.where(same, np.minimum(1.0, strength * (1.0 + how.proposal)), strength)
    old = np.asarray(bound, dtype=np.int64)
    exist = (old[:, None] >= 0) & (old[None, :] >= 0)
    together = exist & (old[:, None] == old[None, :])
    strength = np.where(exist & ~together, strength * how.kept_apart, strength)
    distance = np.round(np.where(together, 0.0, np.maximum(1.0 - strength, 1e-6)), 6)
    np.fill_diagonal(distance, 0.0)
    return _accepted(linkage(squareform(distance, checks=False), method="average"), how)


def _thinned(strength: Matrix, how: Grouping) -> Matrix:
    """Strengths of a block with crowded items held to more.

    Where an item is close to a whole crowd, a pair must stand out from it to tell of one event: its strength is
    divided by how far the item's `crowd_rank`-th neighbour lies above the threshold (local scaling after Zelnik-Manor
    and Perona 2004).
    """
    rank = how.crowd_rank
    if strength.shape[0] <= rank or how.thinning <= 0.0:
        return strength
    bare = strength.copy()
    np.fill_diagonal(bare, 0.0)
    background = -np.partition(-bare, rank - 1, axis=1)[:, rank - 1]
    excess = np.maximum(1.0, background / how.threshold) ** how.thinning
    thinned = np.round(strength / np.maximum(excess[:, None], excess[None, :]), 6)
    return np.asarray(np.where(strength >= _ALIKE, strength, thinned))


def _accepted(tree: Matrix, how: Grouping) -> list[int]:
    """Cut a tree of average linkage: the largest groups whose strength is enough for their size, from the top down."""
    size = tree.shape[0] + 1
    labels = [0] * size
    waiting = [2 * size - 2]
    number = 0
    while waiting:
        node = waiting.pop()
        if node >= size:
            left, right, distance, count = tree[node - size]
            if 1.0 - distance + 1e-9 < how.needed(int(count)) and distance > 0.0:
                waiting.extend((int(right), int(left)))
                continue
        members = [node]
        while members:
            at = members.pop()
            if at < size:
                labels[at] = number
            else:
                members.extend((int(tree[at - size][0]), int(tree[at - size][1])))
        number += 1
    return labels


def groups(items: Items, how: Grouping | None = None) -> list[list[int]]:
    """Items that belong together, each group sorted, groups by their smallest item; every item is in one group.

    Existing groups that nothing new comes near to are left out. An item without words is alone.
    """
    how = how or Grouping()
    return sorted(group for block in blocks(items, how) for group in within(items, block, how))


def within(items: Items, block: Sequence[int], how: Grouping) -> list[list[int]]:
    """The groups of one block, each in the order of the block."""
    if len(block) == 1:
        return [list(block)]
    labels = partition(strengths(items, block, block, how), items.bound[np.asarray(block)].tolist(), how)
    grouped: dict[int, list[int]] = {}
    for at, label in zip(block, labels, strict=True):
        grouped.setdefault(label, []).append(at)
    return list(grouped.values())


def compact(*parts: sp.csr_matrix) -> list[sp.csr_matrix]:
    """`parts` without the columns that none of them uses: products of wide rows are dear for their width alone."""
    used = np.unique(np.concatenate([one.indices for one in parts]))
    width = max(1, len(used))
    return [
        sp.csr_matrix((one.data, np.searchsorted(used, one.indices), one.indptr), shape=(one.shape[0], width))
        for one in parts
    ]


def finite(rows: np.ndarray[Any, np.dtype[np.float32]]) -> np.ndarray[Any, np.dtype[np.float32]]:
    """`rows` at unit length, with rows that hold NaN or infinity made zero: they are near to nothing."""
    kept = np.where(np.isfinite(rows).all(axis=1, keepdims=True), rows, 0.0).astype(np.float32)
    lengths = np.linalg.norm(kept, axis=1, keepdims=True)
    unit: np.ndarray[Any, np.dtype[np.float32]] = np.zeros_like(kept)
    np.divide(kept, lengths, out=unit, where=lengths > 1e-12)
    return unit
