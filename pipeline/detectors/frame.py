"""What detectors measure: subjects, the window that came tonight, the history before it. Values only.

Everything is counted in origins: records that copy each other are one, and so is what one voice tells several times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from pipeline.domain import Claim, Finding, Membership, Signal, SourceHealth, SourceRead, Storyline


def _none() -> NDArray[np.int32]:
    return np.empty(0, dtype=np.int32)


class About(StrEnum):
    """What a subject is."""

    STORYLINE = "storyline"
    BEAT = "beat"
    SOURCE = "source"
    ENTITY = "entity"
    PHRASE = "phrase"


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that is counted: its id is unique among subjects of its sort."""

    about: About
    id: str
    name: str = field(default="", compare=False)  # as a reader knows it; "" where nobody asked


@dataclass(frozen=True, slots=True)
class Arrival:
    """One record of the subject: when it came out, from where, and which origin it belongs to."""

    record_id: str
    origin_id: str
    source: str
    voice: str  # publisher, author or source: who speaks
    at: datetime
    backfill: bool = False
    beats: tuple[str, ...] = ()
    platform: str = ""


@dataclass(frozen=True, slots=True)
class Print:
    """What floods look at in a record of the window: its content words, and who stands behind it, as a key."""

    words: frozenset[str]
    voice: str
    site: str = ""  # its registered domain
    since: datetime | None = None  # when its domain was first read here; None: a platform, or the operator's choice
    credited: bool = False  # it names the outlet or agency that it has its news from


@dataclass(frozen=True, slots=True)
class Novel:
    """A finding of the window, with its distance (0..1) from all that its storyline knew before.

    `elsewhere` is its distance from what the other storylines of the window knew before.
    """

    finding: Finding
    distance: float
    elsewhere: float = 1.0


@dataclass(frozen=True, slots=True)
class Series:
    """Origins an hour of many subjects before the window, sparse: only hours in which something came.

    Subject number i has `hours[first[i]:first[i + 1]]` (whole hours before the end of the window, ascending) with as
    many `counts`; an hour may stand there once for each source. All arrays are int32; `first` has one entry more than
    there are subjects. `source`: for each count its place in `sources`; none where that is not known. `born`: for each
    subject the whole hours since it was first met, where that is within the baseline, else -1; none: not known.
    """

    subjects: tuple[Subject, ...]
    first: NDArray[np.int32]
    hours: NDArray[np.int32]
    counts: NDArray[np.int32]
    sources: tuple[str, ...] = ()
    source: NDArray[np.int32] = field(default_factory=_none)
    born: NDArray[np.int32] = field(default_factory=_none)


@dataclass(frozen=True, slots=True)
class Window:
    """What came after `start` and not after `end`, by subject; copies are in `arrivals`, each with its origin.

    `novel`: new findings of a storyline with their distance from what was known. `known`: how many it had before.
    `usual`: how far each of these was, when it came, from those before it. `reworded`: how far apart wordings of one
    finding are, of the whole desk, ascending. `told`: by record id the arrivals of the window, and older ones behind
    `claims`. `findings`, with their `claims`: of storylines that began in the window those alone that several tell or
    that are disputed, unless stances are compared (`mix`). `moved`: memberships that ended in the window, by the
    storyline they left. `prints`: by record id, of those that `floods.candidates` names.
    """

    start: datetime
    end: datetime
    arrivals: Mapping[Subject, Sequence[Arrival]] = field(default_factory=dict)
    storylines: Mapping[str, Storyline] = field(default_factory=dict)
    findings: Mapping[str, Sequence[Finding]] = field(default_factory=dict)
    novel: Mapping[str, Sequence[Novel]] = field(default_factory=dict)
    known: Mapping[str, int] = field(default_factory=dict)
    claims: Mapping[str, Claim] = field(default_factory=dict)
    usual: Mapping[str, Sequence[float]] = field(default_factory=dict)
    reworded: Sequence[float] = ()
    told: Mapping[str, Arrival] = field(default_factory=dict)
    moved: Mapping[str, Sequence[Membership]] = field(default_factory=dict)
    prints: Mapping[str, Print] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class History:
    """What came before the window: since when the desk reads, counts by the hour, and how each source was read.

    `signals`: those measured before, held ones included, as far back as they can still be news told twice.
    `heard`: origins of the window that had come before it, so that what arrives of them now are copies.
    """

    since: datetime | None = None
    series: Mapping[About, Series] = field(default_factory=dict)
    reads: Mapping[str, Sequence[SourceRead]] = field(default_factory=dict)
    health: Mapping[str, SourceHealth] = field(default_factory=dict)
    signals: Sequence[Signal] = ()
    heard: frozenset[str] = frozenset()
