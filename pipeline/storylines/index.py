"""Which items may be neighbours by their words: all that share one, or, among very many, those that share a rare one.

Every pair of few items is looked at. That grows with the square of their number, so among many an inverted index gives
the candidates (Zobel and Moffat 2006): the items that share a word which few hold, the nearest by such words alone
first, a bounded number for each item. Their cosines are then taken over all words, so that a pair has one strength
however it was found; words that thousands hold tell no event apart, but still count.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from pipeline.terms import Rows

_AT_ONCE = 4096  # rows that are made at a time

Whole = np.ndarray[Any, np.dtype[np.int64]]
Cosines = np.ndarray[Any, np.dtype[np.float32]]


class WordIndex:
    """Candidates among `rows`, unit rows (n, words): every pair up to `exact` of them, beyond by rare words.

    A word is rare that at most `holders` rows hold; `asked` candidates are given for each row at most.
    """

    def __init__(self, rows: Rows | sp.csr_matrix, *, exact: int, holders: int, asked: int) -> None:
        self._rows, self._asked = rows, asked
        self._exact = rows.shape[0] <= exact
        self._rare = rows[np.arange(rows.shape[0])] if self._exact else _rare(rows, holders)
        self._turned = self._rare.T.tocsr()

    def near(self, chunk: Whole) -> tuple[Whole, Whole, Cosines]:
        """(place in `chunk`, row, cosine) of each candidate; a row is its own, too."""
        found = self._rare[chunk] @ self._turned
        own, near = np.repeat(np.arange(len(chunk)), np.diff(found.indptr)), found.indices.astype(np.int64)
        if self._exact:
            return own, near, found.data
        close = np.rint(found.data.astype(np.float64) * 1e6).astype(np.int64)
        some = _foremost(close, found.indptr, self._asked)  # most share one rare word: they are not put in order
        own, near, close = own[some], near[some], close[some]
        order = np.lexsort((near, -close, own))
        own, near = own[order], near[order]
        first = np.arange(len(own)) - np.searchsorted(own, own) < self._asked
        own, near = own[first], near[first]
        return own, near, np.asarray(self._rows[chunk[own]].multiply(self._rows[near]).sum(axis=1)).ravel()


def _foremost(close: Whole, starts: Whole, most: int) -> NDArray[np.bool_]:
    """Which entries of rows, each from its start on, are among the `most` closest of their row, all ties included."""
    found = np.ones(len(close), np.bool_)
    for begin, end in pairwise(starts.tolist()):
        if end - begin > most:
            mine = close[begin:end]
            found[begin:end] = mine >= np.partition(mine, len(mine) - most)[len(mine) - most]
    return found


def _rare(rows: Rows | sp.csr_matrix, holders: int) -> sp.csr_matrix:
    """`rows` with the words alone that at most `holders` of them hold; the others of few rows are there at once."""
    held = rows.held() if isinstance(rows, Rows) else np.bincount(rows.indices, minlength=rows.shape[1])
    some = held <= holders
    columns, values, sizes = [np.empty(0, np.int32)], [np.empty(0, np.float32)], [np.zeros(1, np.int64)]
    for at in range(0, rows.shape[0], _AT_ONCE):
        part = rows[np.arange(at, min(at + _AT_ONCE, rows.shape[0]))]
        kept = some[part.indices]
        upto = np.concatenate([np.zeros(1, np.int64), np.cumsum(kept)])
        columns.append(part.indices[kept])
        values.append(part.data[kept])
        sizes.append(np.diff(upto[part.indptr]))
    ends = np.cumsum(np.concatenate(sizes))
    return sp.csr_matrix((np.concatenate(values), np.concatenate(columns), ends), shape=rows.shape)
