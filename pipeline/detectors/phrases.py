"""Which key phrases of the window can trend: not what a storyline is called, and not who publishes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from pipeline import phrasing
from pipeline.detectors.frame import About, Arrival, Series, Subject

_HOLDS = 0.5  # share of a phrase's records above which a storyline that is called so has it for itself
_KEPT = 0.9  # share of the baseline's days with phrases, below which they have not been kept for long enough
_PART = 0.25  # of the usual phrases to a record, below which a day was hardly read for phrases


def subjects(
    phrases: Mapping[str, Mapping[str, str]],
    arrivals: Mapping[str, Arrival],
    lines: Mapping[str, Sequence[str]],
    labels: Mapping[str, str],
) -> dict[str, tuple[Subject, ...]]:
    """Record id -> the phrases that count for it, named as most records write them (the first of those on ties).

    `phrases`: record id -> key -> as written; `lines`: record id -> storylines, whose `labels` are by id.
    """
    written: dict[str, Counter[str]] = {}
    records: dict[str, list[str]] = {}
    for record in sorted(phrases.keys() & arrivals.keys()):
        for key, words in phrases[record].items():
            written.setdefault(key, Counter())[words] += 1
            records.setdefault(key, []).append(record)
    names = {key: min(some, key=lambda words: (-some[words], words)) for key, some in written.items()}
    barred = phrasing.of_outlets(names, {one.voice for one in arrivals.values()})
    found: dict[str, list[Subject]] = {}
    for key in sorted(names):
        if key in barred or _label(key, records[key], lines, labels):
            continue
        for record in records[key]:
            found.setdefault(record, []).append(Subject(About.PHRASE, key, names[key]))
    return {record: tuple(found[record]) for record in sorted(found)}


def _label(key: str, records: Sequence[str], lines: Mapping[str, Sequence[str]], labels: Mapping[str, str]) -> bool:
    """Whether a phrase is what the storyline is called that most of its records belong to."""
    counts = Counter(line for record in records for line in lines.get(record, ()))
    return any(n > _HOLDS * len(records) and phrasing.labelled(key, labels.get(line, "")) for line, n in counts.items())


def settled(phrases: Series, sources: Series, hours: int) -> bool:
    """Whether phrases were kept for the whole baseline, `hours` long, and not only since a later version of the code.

    Day by day: there are about as many phrases to a record as usual. Days without records do not count.
    """
    days = hours // 24 + 2
    read = np.bincount(sources.hours // 24, weights=sources.counts, minlength=days)
    kept = np.bincount(phrases.hours // 24, weights=phrases.counts, minlength=days)
    ratio = kept[: len(read)][read[: len(kept)] > 0] / read[: len(kept)][read[: len(kept)] > 0]
    if not len(ratio) or not ratio.max():
        return False
    return bool((ratio >= _PART * float(np.median(ratio[ratio > 0]))).mean() >= _KEPT)
