"""Storylines: which parts of tonight's records tell of an event that is known, which of a new one, and what moved.

Pure. Existing storylines are bound groups that grouping cannot tear; tonight's parts join the one they are close to on
average, or found new ones. Identity rests on members: the id is that of the founding claim for good, the older
storyline keeps its id when two merge (smaller id on ties), and when one splits the id stays with the side that has
most origins. Merging asks more than joining, and splitting asks that the sides have nearly nothing in common, so that
nothing flickers from night to night.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from pipeline.domain import Storyline, digest
from pipeline.storylines import cluster, seams, succession
from pipeline.storylines.cluster import Grouping, Items
from pipeline.storylines.coherence import Texts
from pipeline.storylines.parts import Part
from pipeline.storylines.seams import Seam

Held = Callable[[str, str], Sequence[str]]  # (storyline id, record id) -> ids of the record's claims in it
Taken = Callable[[Collection[str]], Collection[str]]  # ids -> those that a storyline has had already
Whole = Callable[[Collection[str]], Mapping[str, Storyline]]  # ids -> storylines with their claims

SPLIT = 0.6  # share of the joining threshold below which a storyline falls apart
_SETTLED = 4  # records from which on a label stays
_LABEL = 160  # characters


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part is put, and next to which part: what its reason is made of."""

    part: Part
    storyline_id: str
    nearest: Part | None
    strength: float


@dataclass(frozen=True, slots=True)
class Move:
    """Claims of a known record that change from one storyline to another by a merge or a split."""

    record_id: str
    claim_ids: tuple[str, ...]
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Woven:
    """What one night did to the storylines.

    `merged` maps an id to the one it went into, `split` a new id to the one it left; `seams` measures each of these.
    """

    storylines: tuple[Storyline, ...]
    places: tuple[Place, ...]
    moved: tuple[Move, ...] = ()
    merged: Mapping[str, str] = field(default_factory=dict)
    split: Mapping[str, str] = field(default_factory=dict)
    seams: tuple[Seam, ...] = ()


def _unused(_: Collection[str]) -> Collection[str]:
    return ()


def _as_they_are(_: Collection[str]) -> Mapping[str, Storyline]:
    return {}


@dataclass(frozen=True, slots=True)
class Loom:
    """What weaving works on.

    `parts` are all parts, known and new, sorted by key; `items` their rows, bound to positions in `threads` where
    known; `held` is asked for the claims of a part that leaves its storyline; `texts` are the parts' words, by which
    groups are checked (None: they are taken as they are); `taken` is asked once which ids are used up: an id is never
    given twice, or an address would lead to another event. `threads` may come without their claims where `whole` gives
    those that have them.
    """

    parts: Sequence[Part]
    items: Items
    threads: Sequence[Storyline]
    now: datetime
    held: Held
    how: Grouping = field(default_factory=Grouping)
    texts: Texts | None = None
    taken: Taken = _unused
    whole: Whole = _as_they_are

    def home(self, at: int) -> str | None:
        """The storyline that part `at` is in so far."""
        number = int(self.items.bound[at])
        return self.threads[number].id if number >= 0 else None


@dataclass(slots=True)
class _Line:
    """A storyline under construction: members are positions of parts."""

    id: str
    old: Storyline | None
    members: list[int]
    parent: str | None = None


def identity(parts: Sequence[Part]) -> str:
    """The id of the storyline that `parts` found: that of the founding claim, of the earliest part (ties by key)."""
    first = min(parts, key=lambda part: (part.published, part.key))
    return digest("storyline", first.founder)


def weave(loom: Loom) -> Woven:
    """Put tonight's parts into storylines. Storylines that nothing came near to are not returned."""
    merged: dict[str, str] = {}
    split: dict[str, str] = {}
    groups = succession.grown(loom.parts, loom.items, loom.how, loom.texts)
    loom = dataclasses.replace(loom, how=loom.how.among(len(loom.parts)))
    lines = [_line(loom, group, merged) for group in groups]
    for line in list(lines):
        if line.id not in merged.values():  # what came together tonight does not fall apart tonight
            lines.extend(_torn(loom, line, split))
    _rename(loom, lines, split)
    moving = {*merged.values(), *split.values()}
    touched = [
        line
        for line in lines
        if line.old is None or line.id in moving or any(loom.items.bound[at] < 0 for at in line.members)
    ]
    whole = loom.whole(sorted(line.old.id for line in touched if line.old is not None))
    for line in touched:
        if line.old is not None:
            line.old = whole.get(line.old.id, line.old)
    return _told(loom, touched, merged, split)


def _rename(loom: Loom, lines: Sequence[_Line], split: dict[str, str]) -> None:
    """Give new lines whose id was used up another: a record that takes back its old text may found one again."""
    used = set(loom.taken(sorted(line.id for line in lines if line.old is None)))
    for line in lines:
        if line.old is None and line.id in used:
            name = digest("storyline", line.id, loom.now.isoformat())
            if line.id in split:
                split[name] = split.pop(line.id)
            line.id = name


def _line(loom: Loom, group: Sequence[int], merged: dict[str, str]) -> _Line:
    """The storyline of one group: the oldest that is in it (smaller id on ties), or a new one."""
    old = sorted(
        (loom.threads[number] for number in {int(loom.items.bound[at]) for at in group} if number >= 0),
        key=lambda storyline: (storyline.founded, storyline.id),
    )
    if not old:
        return _Line(identity([loom.parts[at] for at in group]), None, list(group))
    merged.update({storyline.id: old[0].id for storyline in old[1:]})
    return _Line(old[0].id, old[0], list(group))


def _torn(loom: Loom, line: _Line, split: dict[str, str]) -> list[_Line]:
    """New lines that split off `line`, which keeps the side with most origins (ties: the earliest part).

    Only sides of two texts or more that are nobody's copy count, whoever wrote them: an event of its own is told by
    what is told, not by how many tell it. What is smaller stays where it is, and so does what is nearer to the
    rest, taken plainly, than a storyline falls apart at.
    """
    if line.old is None or not 4 <= len(line.members) <= loom.how.largest_block:
        return []
    loose = dataclasses.replace(loom.how, threshold=loom.how.threshold * SPLIT)
    strength = cluster.strengths(loom.items, line.members, line.members, loom.how)
    sides: dict[int, list[int]] = {}
    for at, label in zip(line.members, cluster.partition(strength, [-1] * len(line.members), loose), strict=True):
        sides.setdefault(label, []).append(at)
    whole = [side for side in sides.values() if _texts(loom, side) >= 2]
    if len(whole) < 2:
        return []
    found = []
    place = {at: number for number, at in enumerate(line.members)}
    for side in sorted(whole, key=lambda side: _standing(loom, side))[1:]:
        here, there = [place[at] for at in side], [place[at] for at in line.members if at not in side]
        if strength[np.ix_(here, there)].mean() > loose.threshold:
            continue
        line.members = [at for at in line.members if at not in side]
        name = identity([loom.parts[at] for at in side])
        if name == line.id:  # the founding claim went with the smaller side, which needs a name of its own
            name = digest("storyline", line.id, min(loom.parts[at].founder for at in side))
        split[name] = line.id
        found.append(_Line(name, None, side, parent=line.id))
    return found


def _standing(loom: Loom, side: Sequence[int]) -> tuple[int, datetime, str]:
    """Sort key of a side of a split: most origins first, then the earliest part."""
    published, key = min((loom.parts[at].published, loom.parts[at].key) for at in side)
    return -_texts(loom, side), published, key


def _texts(loom: Loom, side: Sequence[int]) -> int:
    """How many texts of a side are not each other's copies."""
    return len({loom.parts[at].origin_id for at in side})


def _told(loom: Loom, lines: Sequence[_Line], merged: Mapping[str, str], split: Mapping[str, str]) -> Woven:
    """The nouns of what was decided, sorted."""
    before = {thread.id: thread for thread in loom.threads}
    places = [place for line in lines for place in _places(loom, line)]
    moved = [
        Move(record_id, tuple(sorted(loom.held(key, record_id))), key, kept)
        for key, kept in merged.items()
        for record_id in before[key].record_ids
    ]
    for line in lines:
        for at in line.members:
            was, record_id = loom.home(at), loom.parts[at].record_id
            if was is not None and was != line.id and was not in merged:
                moved.append(Move(record_id, tuple(sorted(loom.held(was, record_id))), was, line.id))
    lost = [
        dataclasses.replace(before[key], merged_into=kept, updated=loom.now, claim_ids=(), record_ids=())
        for key, kept in merged.items()
    ]
    woven = [_storyline(loom, line, moved) for line in lines]
    return Woven(
        tuple(sorted([*woven, *lost], key=lambda storyline: storyline.id)),
        tuple(sorted(places, key=lambda place: place.part.key)),
        tuple(sorted(moved, key=lambda move: (move.record_id, move.source, move.target))),
        dict(sorted(merged.items())),
        dict(sorted(split.items())),
        _seams(loom, lines, merged, split),
    )


def _seams(loom: Loom, lines: Sequence[_Line], merged: Mapping[str, str], split: Mapping[str, str]) -> tuple[Seam, ...]:
    """The measured seam of every merge and every split, in order of the ids that went."""
    by_id, before = {line.id: line for line in lines}, {thread.id: thread for thread in loom.threads}
    cloth, found = seams.Cloth(loom.parts, loom.items, loom.how), []
    for gone, stays in sorted({**merged, **split}.items()):
        line, merging = by_id[stays], gone in merged
        fresh = [at for at in line.members if merging and loom.home(at) is None]
        mine = [at for at in line.members if not merging or loom.home(at) == stays]
        theirs = [at for at in line.members if loom.home(at) == gone] if merging else by_id[gone].members
        if mine and theirs:
            called = before[gone].label if merging else headline(loom, theirs)
            here, there = (stays, before[stays].label, mine), (gone, called, theirs)
            found.append(seams.measure(cloth, here, there, fresh, merged=merging))
    return tuple(found)


def _storyline(loom: Loom, line: _Line, moved: Sequence[Move]) -> Storyline:
    """The noun of one line: what it held, less what left, and what came."""
    old = line.old
    claims = set(old.claim_ids) if old else set()
    records = set(old.record_ids) if old else set()
    for move in moved:
        if move.source == line.id:
            claims.difference_update(move.claim_ids)
            records.discard(move.record_id)
        elif move.target == line.id:
            claims.update(move.claim_ids)
            records.add(move.record_id)
    mine = [loom.parts[at] for at in line.members]
    for part in mine:
        claims.update(part.claim_ids)
        records.add(part.record_id)
    settled = old is not None and len(old.record_ids) >= _SETTLED
    return Storyline(
        id=line.id,
        label=old.label if old and settled else headline(loom, line.members),
        beats=old.beats if old else (),
        founded=old.founded if old else min(part.published for part in mine),
        updated=loom.now,
        claim_ids=tuple(sorted(claims)),
        record_ids=tuple(sorted(records)),
        parent=old.parent if old else line.parent,
        turns=old.turns if old else (),
    )


def _places(loom: Loom, line: _Line) -> list[Place]:
    """The places of a line's new parts, each with the part it is closest to (the smaller key on ties)."""
    fresh = [at for at in line.members if loom.items.bound[at] < 0]
    if len(line.members) == 1:
        return [Place(loom.parts[at], line.id, None, 0.0) for at in fresh]
    found = []
    for start in range(0, len(fresh), 256):
        some = fresh[start : start + 256]
        strength = cluster.strengths(loom.items, some, line.members, loom.how)
        strength[np.asarray(some)[:, None] == np.asarray(line.members)[None, :]] = -1.0
        for at, row in zip(some, strength, strict=True):
            closest = int(row.argmax())
            found.append(Place(loom.parts[at], line.id, loom.parts[line.members[closest]], float(row[closest])))
    return found


def headline(loom: Loom, members: Sequence[int]) -> str:
    """The most headline-like text of a storyline: the title of the part closest to all others, the earliest on ties."""
    sample = sorted(members, key=lambda at: (loom.parts[at].published, loom.parts[at].key))[:60]
    order = [0]
    if len(sample) > 1:
        (rows,) = cluster.compact(loom.items.sparse[sample])
        closeness = np.asarray((rows @ rows.T).sum(axis=1)).ravel().round(6)
        order = sorted(range(len(sample)), key=lambda n: (-closeness[n], n))
    titles = [" ".join(loom.parts[sample[n]].title.split()) for n in order]
    fitting = next((title for title in titles if 12 <= len(title) <= _LABEL), titles[0])
    return fitting if len(fitting) <= _LABEL else fitting[: _LABEL - 1].rsplit(" ", 1)[0] + "…"
