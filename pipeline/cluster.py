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

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import squareform

Matrix = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Grouping:
    """The settings of grouping; one set for every data set."""

    threshold: float = 0.17  # average strength that holds a group together
    floor: float = 0.5  # share of the threshold that makes two items neighbours
    neighbours: int = 24
    largest_block: int = 1200
    proposal: float = 0.30  # what an HDBSCAN proposal adds to the strength of its pairs
    kept_apart: float = 0.85  # factor on strengths between two groups that exist already
    brevity: float = 8.0  # words: short texts share few words even when they tell of one event
    dense_share: float = 0.35  # weight of dense evidence, where there is any
    dense_noise: float = 0.1  # cosine that two unrelated texts have
    days: float = 5.0  # decay of strength with the days between two items
    timeless: float = 0.6  # what is left of it after a long time
    undated: float = 0.8  # the same factor where a date is not known


@dataclass(frozen=True, slots=True)
class Items:
    """What is to be grouped, one row per item.

    `sparse` has unit rows; `lengths` counts an item's distinct words; `days` is its time in days, NaN where unknown;
    `names` has a row of name weights each (not normalised); `dense` unit rows or None; `bound` the number of the
    existing group an item belongs to, -1 for what is new.
    """

    sparse: sp.csr_matrix
    lengths: Matrix
    days: Matrix
    names: sp.csr_matrix
    dense: np.ndarray[Any, np.dtype[np.float32]] | None
    bound: np.ndarray[Any, np.dtype[np.int64]]

    def __len__(self) -> int:
        return int(self.sparse.shape[0])


def strengths(items: Items, rows: Sequence[int], columns: Sequence[int], how: Grouping) -> Matrix:
    """Strength of every pair (rows x columns) in 0..1: words, meaning, time and names; rounded to 1e-6."""
    a, b = np.asarray(rows, dtype=np.int64), np.asarray(columns, dtype=np.int64)
    words = (items.sparse[a] @ items.sparse[b].T).toarray().astype(np.float64)
    shorter = np.minimum(items.lengths[a][:, None], items.lengths[b][None, :])
    strength = np.minimum(1.0, words * (1.0 + how.brevity / np.maximum(shorter, 1.0)))
    if items.dense is not None:
        meaning = items.dense[a].astype(np.float64) @ items.dense[b].astype(np.float64).T
        meaning = np.clip((meaning - how.dense_noise) / (1.0 - how.dense_noise), 0.0, 1.0)
        strength = (1.0 - how.dense_share) * strength + how.dense_share * meaning
    apart = np.abs(items.days[a][:, None] - items.days[b][None, :])
    nearness = how.timeless + (1.0 - how.timeless) * np.exp(-np.nan_to_num(apart) / how.days)
    strength *= np.where(np.isnan(apart), how.undated, nearness)
    return np.asarray(np.round(strength, 6))


def _edges(items: Items, fresh: Sequence[int], how: Grouping) -> tuple[list[int], list[int]]:
    """Pairs (fresh item, neighbour): the strongest neighbours of each fresh item that reach the floor."""
    everyone = range(len(items))
    least = how.floor * how.threshold
    sources: list[int] = []
    targets: list[int] = []
    for start in range(0, len(fresh), 256):
        chunk = list(fresh[start : start + 256])
        strength = strengths(items, chunk, everyone, how)
        strength[np.arange(len(chunk)), chunk] = -1.0
        for at, row in zip(chunk, strength, strict=True):
            near = np.flatnonzero(row >= least)
            best = near[np.lexsort((near, -row[near]))][: how.neighbours]
            sources.extend([at] * len(best))
            targets.extend(int(other) for other in best)
    return sources, targets


def blocks(items: Items, how: Grouping) -> list[list[int]]:
    """Items that must be looked at together, sorted; existing groups come along whole.

    A component larger than `largest_block` is cut by asking more of its edges, step by step.
    """
    fresh = [int(at) for at in np.flatnonzero(items.bound < 0)]
    sources, targets = _edges(items, fresh, how)
    members: dict[int, list[int]] = {}
    for at, group in enumerate(items.bound.tolist()):
        if group >= 0:
            members.setdefault(group, []).append(at)
    ties = [(group[0], other) for group in members.values() for other in group[1:]]
    found = _components(len(items), [*zip(sources, targets, strict=True), *ties])
    touched = {at for pair in zip(sources, targets, strict=True) for at in pair} | set(fresh)
    whole: list[list[int]] = []
    for block in found:
        if touched.isdisjoint(block):
            continue
        whole.extend(_cut(items, block, how) if len(block) > how.largest_block else [block])
    return sorted(whole)


def _components(size: int, pairs: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Connected components of an undirected graph, each sorted, in order of their smallest member."""
    if size == 0:
        return []
    a = [pair[0] for pair in pairs]
    b = [pair[1] for pair in pairs]
    graph = sp.coo_matrix((np.ones(len(a), dtype=np.int8), (a, b)), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    grouped: dict[int, list[int]] = {}
    for at, label in enumerate(labels.tolist()):
        grouped.setdefault(label, []).append(at)
    return list(grouped.values())


def _cut(items: Items, block: list[int], how: Grouping) -> list[list[int]]:
    """`block` in pieces no larger than the limit where edges allow: only each item's strongest edges are kept."""
    pieces, waiting = [], [(block, how.threshold, how.neighbours)]
    while waiting:
        piece, least, most = waiting.pop()
        if len(piece) <= how.largest_block or most < 1:
            pieces.append(piece)
            continue
        pairs: list[tuple[int, int]] = []
        for start in range(0, len(piece), 256):
            chunk = piece[start : start + 256]
            strength = strengths(items, chunk, piece, how)
            for at, row in zip(chunk, strength, strict=True):
                near = np.flatnonzero(row >= least)
                best = near[np.lexsort((near, -row[near]))][: most + 1]
                pairs.extend((at, piece[int(other)]) for other in best if piece[int(other)] != at)
        place = {at: number for number, at in enumerate(piece)}
        local = [(place[a], place[b]) for a, b in pairs] + _ties(items, piece)
        parts = [[piece[at] for at in part] for part in _components(len(piece), local)]
        waiting.extend((part, least * 1.15, most - 3) for part in parts)
    return pieces


def _ties(items: Items, piece: list[int]) -> list[tuple[int, int]]:
    """Local pairs that hold existing groups together."""
    first: dict[int, int] = {}
    ties = []
    for number, at in enumerate(piece):
        group = int(items.bound[at])
        if group >= 0:
            ties.append((first.setdefault(group, number), number))
    return ties


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
    strength = (strength + strength.T) / 2.0
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
    tree = linkage(squareform(distance, checks=False), method="average")
    return [int(label) for label in fcluster(tree, 1.0 - how.threshold + 1e-9, criterion="distance")]


def groups(items: Items, how: Grouping | None = None) -> list[list[int]]:
    """Items that belong together, each group sorted, groups by their smallest item; every item is in one group.

    Existing groups that nothing new comes near to are left out. An item without words is alone.
    """
    how = how or Grouping()
    found: list[list[int]] = []
    for block in blocks(items, how):
        labels = partition(strengths(items, block, block, how), [int(items.bound[at]) for at in block], how)
        grouped: dict[int, list[int]] = {}
        for at, label in zip(block, labels, strict=True):
            grouped.setdefault(label, []).append(at)
        found.extend(grouped.values())
    return sorted(found)


def finite(rows: np.ndarray[Any, np.dtype[np.float32]]) -> np.ndarray[Any, np.dtype[np.float32]]:
    """`rows` at unit length, with rows that hold NaN or infinity made zero: they are near to nothing."""
    kept = np.where(np.isfinite(rows).all(axis=1, keepdims=True), rows, 0.0).astype(np.float32)
    lengths = np.linalg.norm(kept, axis=1, keepdims=True)
    unit: np.ndarray[Any, np.dtype[np.float32]] = np.zeros_like(kept)
    np.divide(kept, lengths, out=unit, where=lengths > 1e-12)
    return unit
