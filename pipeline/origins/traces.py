"""Traces: of a record what finds those that it may be a copy of, and rules most of them out: some three kilobytes.

A face (faces.py) holds every word, ten times as much. So what a night compares with is kept as traces, made once, and
the few faces that are really asked about are made again from their texts. A trace is its record's alone but for the
furniture of its outlet. So it is made where its record is read, in any process, and travels `packed`; one from which
furniture is to be taken is made anew. Its hashes, which are most of it, lie in a heap (`pipeline/spill.py`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from pipeline import outlets
from pipeline.domain import Record
from pipeline.language.words import tokens
from pipeline.origins import faces
from pipeline.origins.faces import LEAD, SHINGLE, Face, Grams, mixed
from pipeline.spill import Heap, Piece

BANDS, _ROWS = 42, 3
SAMPLED = 4  # every fourth shingle
WRITTEN = 12  # shingles outside quotations below which a text is a quotation
FRAME = 20  # shingles of a text without names and figures that tell of a form
VERBATIM = 10  # words outside quotations that two desks do not both write in one order
_SEARCHED = 1 << 20  # keys that are looked for at a time
_WIDE = 3  # parts of what is packed that are hashes of 64 bits
_AT_ONCE = 512  # faces that are held while their traces are made
_LOOKED_AT = 4096  # traces whose keys are looked at at a time

Codes = NDArray[np.uint32]

_NONE: Grams = np.empty(0, np.uint64)


@dataclass(frozen=True, slots=True)
class Packed:
    """What a trace tells, as it travels and is kept.

    `codes` are its hashes end to end, put away once they have come, and `lengths` how many of each part. Parts stand in
    the order of `Trace`'s properties; the first `_WIDE` are hashes of 64 bits, the others shortened.
    """

    voice: str
    address: str
    title: int
    words: int
    subject: tuple[str, ...]
    named: tuple[str, ...]
    aliases: frozenset[str]
    hearsay: bool
    pages: frozenset[str]
    codes: bytes | Piece
    lengths: tuple[int, ...]

    def part(self, number: int) -> NDArray[Any]:
        """One part of `codes`: made when it is asked for, for an array is as large as what most of them hold."""
        wide, length = number < _WIDE, self.lengths[number]
        begins = 8 * sum(self.lengths[: min(number, _WIDE)]) + 4 * sum(self.lengths[_WIDE:number])
        size = (8 if wide else 4) * length
        raw = self.codes.read(begins, size) if isinstance(self.codes, Piece) else self.codes[begins : begins + size]
        return np.frombuffer(raw, np.uint64 if wide else np.uint32, length)


@dataclass(frozen=True, slots=True)
class Trace(Packed):
    """What is told of a record; hashes are sorted and distinct. `bare`: lines that were left out as furniture."""

    record: Record
    bare: Grams

    @property
    def exact(self) -> Grams:
        """Address, headline, beginning and quotations."""
        return self.part(0)

    @property
    def wordings(self) -> Grams:
        """Sentences that are long enough to be recognised anywhere."""
        return self.part(1)

    @property
    def lines(self) -> Grams:
        """Sentences as the voice prints them."""
        return self.part(2)

    @property
    def bands(self) -> Codes:
        """Bands of a MinHash sketch of the wording, shortened; not sorted."""
        return self.part(3)

    @property
    def forms(self) -> Codes:
        """Bands of a sketch of the form."""
        return self.part(4)

    @property
    def written(self) -> Codes:
        """Shingles outside quotations, shortened."""
        return self.part(5)

    @property
    def sampled(self) -> Codes:
        """Every fourth of the shingles `written`."""
        every = self.written
        some: Codes = every[every % np.uint32(SAMPLED) == 0]
        return some


class Traces:
    """Traces by record, remembered from one round of a night to the next."""

    def __init__(self) -> None:
        self._held: dict[str, Trace] = {}
        self._heap = Heap()

    def take(self, read: Iterable[tuple[Record, Packed]]) -> None:
        """Traces that were made elsewhere, of these very records."""
        for record, found in read:
            self._keep(unpacked(record, found))

    def any(self, records: Sequence[Record]) -> list[Trace]:
        """The traces of `records`, whatever furniture was taken from them."""
        self._make([one for one in records if self._old(one)], {})
        return [self._held[one.id] for one in records]

    def of(self, records: Sequence[Record]) -> list[Trace]:
        """The traces of `records`, each without the furniture of its outlet among these very records."""
        found = self.any(records)
        bare = _furnished(found)
        stale = [
            one.record
            for one in found
            if (len(one.bare) or one.record.id in bare) and not np.array_equal(one.bare, bare.get(one.record.id, _NONE))
        ]
        self._make(stale, bare)
        return [self._held[one.id] for one in records]

    def _old(self, record: Record) -> bool:
        """Whether there is no trace of this very version."""
        held = self._held.get(record.id)
        return held is None or (held.record is not record and held.record != record)

    def _make(self, records: Sequence[Record], bare: dict[str, Grams]) -> None:
        for begin in range(0, len(records), _AT_ONCE):
            for made in traces(records[begin : begin + _AT_ONCE], bare):
                self._keep(made)

    def _keep(self, made: Trace) -> None:
        codes = made.codes if isinstance(made.codes, Piece) else self._heap.put(made.codes)
        self._held[made.record.id] = replace(made, codes=codes)


def traces(records: Sequence[Record], bare: dict[str, Grams]) -> list[Trace]:
    """Traces of `records`, without the lines that are left out of each (`bare`, by record id)."""
    seen = [faces.face(record, frozenset(bare.get(record.id, _NONE).tolist())) for record in records]
    wordings = _banded([one.written if len(one.written) >= WRITTEN else one.grams for one in seen])
    forms = _banded([one.frame if len(one.frame) >= FRAME else one.frame[:0] for one in seen])
    return [
        _trace(one, worded, form, bare.get(one.record.id, _NONE))
        for one, worded, form in zip(seen, wordings, forms, strict=True)
    ]


def packed(records: Sequence[Record]) -> list[Packed]:
    """Traces of `records`, furniture and all, without their records: what reading them leaves (pipeline/perusal.py)."""
    return [Packed(**_told(one)) for one in traces(records, {})]


def unpacked(record: Record, found: Packed) -> Trace:
    """The trace of `record` that `found` was packed from; words that many traces hold are one object."""
    kept = replace(
        found,
        voice=sys.intern(found.voice),
        subject=tuple(map(sys.intern, found.subject)),
        named=tuple(map(sys.intern, found.named)),
        aliases=_aliases(found.aliases),
    )
    return Trace(**_told(kept), record=record, bare=_NONE)


def _told(one: Packed) -> dict[str, Any]:
    return {field.name: getattr(one, field.name) for field in fields(Packed)}


def _trace(one: Face, bands: Codes, forms: Codes, bare: Grams) -> Trace:
    record = one.record
    sentences = faces.sentences(faces.body_of(record))
    said = [words for part in sentences if len(words := tokens(part)) >= VERBATIM]
    wide = [_codes(_exact(one)), _codes([wording(words) for words in said]), faces.lines(record, one.voice)]
    parts: list[NDArray[Any]] = [*wide, bands, forms, np.unique(one.written.astype(np.uint32))]
    return Trace(
        voice=one.voice,
        address=one.address,
        title=faces.coded(faces.same(record.title)),
        words=len(one.body),
        subject=tuple(sorted(one.subject)),
        named=outlets.mentioned(record.text),
        aliases=_aliases(outlets.names(record)),
        hearsay=outlets.unnamed(record.text),
        pages=faces.pages(record),
        codes=b"".join(part.tobytes() for part in parts),
        lengths=tuple(len(part) for part in parts),
        record=record,
        bare=bare,
    )


@lru_cache(maxsize=4096)
def _aliases(names: frozenset[str]) -> frozenset[str]:
    return names  # an outlet's records share them


def wording(words: Sequence[str]) -> str:
    """A sentence as it is recognised wherever it stands."""
    return "w " + " ".join(words)


def coded(keys: Sequence[str]) -> Grams:
    """Hashes of `keys`, in order."""
    return np.fromiter((faces.coded(key) for key in keys), np.uint64, len(keys))


def _codes(keys: Sequence[str]) -> Grams:
    return np.unique(coded(keys))


def _exact(one: Face) -> list[str]:
    """What two texts have in common or not: address, headline, beginning, quotations."""
    keys = [f"q {quote}" for quote in one.quotes]
    keys += [f"a {one.address}"] if one.address else []
    keys += ["t " + " ".join(one.title)] if len(one.title) >= 4 else []
    keys += ["b " + " ".join(one.body[:LEAD])] if one.body else []
    return keys


def _banded(parts: Sequence[Grams]) -> list[Codes]:
    """The bands of the MinHash sketch of each part, shortened; none of one that is too short."""
    found = [np.empty(0, np.uint32)] * len(parts)
    wide = [at for at, part in enumerate(parts) if len(part) >= SHINGLE]
    if not wide:
        return found
    flat = np.concatenate([parts[at] for at in wide])
    offsets = np.concatenate([[0], np.cumsum([len(parts[at]) for at in wide])]).tolist()
    sketches: Any = RMinHash.digest_matrix_from_flat_token_hashes(flat, offsets, BANDS * _ROWS, 20260101)
    rows = np.array(sketches.to_rows(), dtype=np.uint64).reshape(len(wide), BANDS, _ROWS)
    band = np.broadcast_to(np.arange(1, BANDS + 1, dtype=np.uint64), (len(wide), BANDS))
    keys = mixed([band, *(rows[:, :, row] for row in range(_ROWS))])
    for at, key in zip(wide, keys, strict=True):
        found[at] = key.astype(np.uint32)
    return found


def among(keys: NDArray[Any], wanted: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of `keys` are `wanted`, which are sorted: a search for each, for sorting all of them takes room."""
    found = np.zeros(len(keys), np.bool_)
    if len(wanted):
        for at in range(0, len(keys), _SEARCHED):
            part = keys[at : at + _SEARCHED]
            found[at : at + _SEARCHED] = wanted[np.minimum(np.searchsorted(wanted, part), len(wanted) - 1)] == part
    return found


def holders(
    found: Sequence[Trace], part: Callable[[Trace], NDArray[Any]], wanted: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[np.int32]]:
    """(key, place of its trace) of all keys of a `part` that are `wanted`, which are sorted; in order of the traces.

    All keys of a large window together take more than the traces themselves, so those of few are looked at at once.
    """
    keys, places = [wanted[:0]], [np.empty(0, np.int32)]
    for at in range(0, len(found), _LOOKED_AT):
        parts = [part(one) for one in found[at : at + _LOOKED_AT]]
        every = np.concatenate(parts)
        some = among(every, wanted)
        keys.append(every[some])
        owners = np.arange(at, at + len(parts), dtype=np.int32)
        places.append(np.repeat(owners, [len(one) for one in parts])[some])
    return np.concatenate(keys), np.concatenate(places)


def _furnished(found: Sequence[Trace]) -> dict[str, Grams]:
    """Record id -> the lines of it that are furniture among these records, sorted, of records that have any."""
    lines, owners = holders(found, lambda one: one.lines, furniture(found))
    touched, begins = np.unique(owners, return_index=True)
    parts = np.split(lines, begins[1:]) if len(touched) else []
    return {found[at].record.id: part.copy() for at, part in zip(touched.tolist(), parts, strict=True)}


def furniture(found: Sequence[Trace]) -> Grams:
    """Lines that one voice prints under three headlines or more: notices, profiles, calls to subscribe. Sorted."""
    some = [one for one in found if one.voice]
    if not some:
        return np.empty(0, np.uint64)
    line = np.concatenate([one.lines for one in some])
    title = np.repeat(np.asarray([one.title for one in some], np.uint64), [len(one.lines) for one in some])
    often, counts = np.unique(line, return_counts=True)
    mine = among(line, often[counts >= faces.REPEATED])
    pairs = np.unique(np.stack([line[mine], title[mine]], axis=1), axis=0)
    lines, heads = np.unique(pairs[:, 0], return_counts=True)
    return np.asarray(lines[heads >= faces.REPEATED])
