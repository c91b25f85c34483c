"""How far findings lie from what was known: those of tonight, and what is usual for their storyline.

A distance is 1 minus the highest cosine to a known claim. What a distance means depends on the embedder and on how
alike the storyline's texts are, so each is read against the distances at which the storyline's own earlier findings
came: the share of these that were as far (an empirical tail), with the desk's share as prior weight where the storyline
has few (the estimate of Good 1965 for sparse frequencies).
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.detectors.frame import Novel
from pipeline.domain import Claim, Finding
from pipeline.storylines import cluster

Rows = Callable[[Sequence[str]], Any]  # texts -> rows of unit length, dense or sparse

MAX_KNOWN = 200  # newest known findings of a storyline that a new one is compared with
MAX_USUAL = 40  # newest known findings of a storyline whose own distance is measured
PRIOR = 20  # earlier findings of a storyline that weigh as much as the whole desk's
_WORDINGS = 3  # claims of a finding that are read
_AT_ONCE = 128  # rows of a product that are held at a time


@dataclass(frozen=True, slots=True)
class Spread:
    """By storyline: its new findings with their distances, how many it knew, and how far those were when they came.

    `reworded`: sorted distances of the wordings in which known findings were told, of the whole desk.
    """

    novel: Mapping[str, tuple[Novel, ...]]
    known: Mapping[str, int]
    usual: Mapping[str, tuple[float, ...]]
    reworded: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """One storyline's findings: positions of the rows of each, new ones and (oldest first) known ones."""

    fresh: Sequence[tuple[Finding, Sequence[int]]]
    known: Sequence[tuple[str, Sequence[int]]]  # record of the founding claim, rows


def measure(
    findings: Mapping[str, Sequence[Finding]], claims: Mapping[str, Claim], start: datetime, end: datetime, rows: Rows
) -> Spread:
    """Distances of the findings that were first seen after `start` and until `end`, and of those known at `start`.

    Storylines without a new finding, or that knew nothing, have no distances. Whatever `rows` raises goes up.
    """
    texts: dict[str, int] = {}
    lines: dict[str, _Line] = {}
    counts: dict[str, int] = {}
    for key in sorted(findings):
        fresh = [one for one in findings[key] if start < one.first_seen <= end]
        known = [one for one in findings[key] if one.first_seen <= start]
        counts[key] = len(known)
        if fresh and known:
            lines[key] = _line(fresh, known, claims, texts)
    if not lines:
        return Spread({}, counts, {})
    table = rows(list(texts))
    table = cluster.compact(table)[0] if hasattr(table, "indptr") else table
    elsewhere = _elsewhere(table, lines)
    return Spread(
        {key: _novel(line, table, elsewhere[key]) for key, line in lines.items()},
        counts,
        {key: _usual(line, table) for key, line in lines.items()},
        _reworded(lines.values(), table),
    )


def tail(distance: float, own: Sequence[float], desk: Sequence[float]) -> float:
    """The share (0..1) of earlier findings that came from as far: of the storyline, with the desk's as prior.

    Both are sorted ascending. Nothing known at all counts as all of them.
    """
    shared = _share(distance, desk)
    if not own:
        return shared
    mine = len(own) - bisect.bisect_left(own, distance)
    return (mine + PRIOR * shared) / (len(own) + PRIOR)


def reach(share: float, own: Sequence[float], desk: Sequence[float]) -> float:
    """The least observed distance from which at most `share` of earlier findings came; 1.0 where there is none."""
    least = 1.0
    for options in (own, desk):
        at = bisect.bisect_left(options, True, key=lambda distance: tail(distance, own, desk) <= share)
        least = min(least, options[at] if at < len(options) else 1.0)
    return least


def _share(distance: float, ordered: Sequence[float]) -> float:
    return (len(ordered) - bisect.bisect_left(ordered, distance)) / len(ordered) if ordered else 1.0


# --- rows ------------------------------------------------------------------------------------------------------------


def _line(
    fresh: Sequence[Finding], known: Sequence[Finding], claims: Mapping[str, Claim], texts: dict[str, int]
) -> _Line:
    """Positions of a storyline's findings in `texts`, which grows."""

    def place(finding: Finding) -> list[int]:
        told = dict.fromkeys(claims[key].text for key in finding.claim_ids if key in claims)
        return [texts.setdefault(text, len(texts)) for text in list(told)[:_WORDINGS]]

    def came(finding: Finding) -> tuple[datetime, str]:
        first = claims.get(finding.claim_ids[0])
        return (first.published if first else finding.first_seen), finding.id

    def record(finding: Finding) -> str:
        first = claims.get(finding.claim_ids[0])
        return first.record_id if first else finding.id

    newest = sorted(known, key=came)[-MAX_KNOWN:]
    placed = [(one, place(one)) for one in sorted(fresh, key=lambda one: one.id)]
    return _Line(
        [(one, at) for one, at in placed if at],
        [(record(one), at) for one, at in ((one, place(one)) for one in newest) if at],
    )


def _product(table: Any, left: Sequence[int], right: Sequence[int]) -> NDArray[np.float32]:
    """Cosines of two sets of rows."""
    product = table[np.asarray(left)] @ table[np.asarray(right)].T
    dense = product.toarray() if hasattr(product, "toarray") else product
    return np.array(dense, dtype=np.float32)


def _distance(cosine: float) -> float:
    return round(min(1.0, max(0.0, 1.0 - cosine)), 6)


def _novel(line: _Line, table: Any, elsewhere: Mapping[int, float]) -> tuple[Novel, ...]:
    """Each new finding with the distance of its nearest wording from the nearest known claim."""
    old = [at for _, places in line.known for at in places]
    if not old or not line.fresh:
        return ()
    new = [at for _, places in line.fresh for at in places]
    nearest = dict(zip(new, _product(table, new, old).max(axis=1).tolist(), strict=True))
    return tuple(
        Novel(
            finding,
            _distance(max(nearest[at] for at in places)),
            _distance(max(elsewhere.get(at, 0.0) for at in places)),
        )
        for finding, places in line.fresh
    )


def _usual(line: _Line, table: Any) -> tuple[float, ...]:
    """Sorted distances of the newest known findings from those that came before them in other records."""
    if len(line.known) < 2:
        return ()
    places = [at[0] for _, at in line.known]
    measured = range(max(1, len(places) - MAX_USUAL), len(places))
    cosines = _product(table, [places[at] for at in measured], places)
    found = []
    for row, at in enumerate(measured):
        before = [n for n in range(at) if line.known[n][0] != line.known[at][0]]
        if before:
            found.append(_distance(float(cosines[row, before].max())))
    return tuple(sorted(found))


def _reworded(lines: Iterable[_Line], table: Any) -> tuple[float, ...]:
    """Sorted distances of the later wordings of known findings from the first one."""
    pairs = [(some[0], at) for line in lines for _, some in line.known for at in some[1:]]
    found: list[float] = []
    for begin in range(0, len(pairs), _AT_ONCE):
        some = pairs[begin : begin + _AT_ONCE]
        cosines = _product(table, [a for a, _ in some], [b for _, b in some])
        found += [_distance(float(cosines[n, n])) for n in range(len(some))]
    return tuple(sorted(found))


def _elsewhere(table: Any, lines: Mapping[str, _Line]) -> dict[str, dict[int, float]]:
    """By storyline: position of each new wording -> its highest cosine to what the other storylines knew."""
    old: list[int] = []
    own: dict[str, slice] = {}
    for key, line in lines.items():
        places = [at for _, some in line.known for at in some]
        own[key] = slice(len(old), len(old) + len(places))
        old += places
    new = [(key, at) for key, line in lines.items() for _, some in line.fresh for at in some]
    found: dict[str, dict[int, float]] = {key: {} for key in lines}
    if len(lines) < 2:
        return found
    known = table[np.asarray(old)].T
    for begin in range(0, len(new), _AT_ONCE):
        some = new[begin : begin + _AT_ONCE]
        product = table[np.asarray([at for _, at in some])] @ known
        for row, (key, at) in enumerate(some):
            found[key][at] = _highest(product, row, own[key])
    return found


def _highest(product: Any, row: int, own: slice) -> float:
    """The highest cosine in a row of a sparse or dense product, outside the columns of `own`; at least 0."""
    if hasattr(product, "indptr"):
        part = slice(product.indptr[row], product.indptr[row + 1])
        columns, values = product.indices[part], product.data[part]
        values = values[(columns < own.start) | (columns >= own.stop)]
    else:
        values = np.concatenate([product[row, : own.start], product[row, own.stop :]])
    return max(0.0, float(values.max(initial=0.0)))
