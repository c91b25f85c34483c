"""Parts: what is assigned to a storyline as a whole. A record is one part, a roundup one part per event it tells of."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, overload

import numpy as np

from pipeline import outlets
from pipeline.domain import Claim, Record
from pipeline.storylines.cluster import Items
from pipeline.storylines.meanings import Meanings
from pipeline.terms import Counted

DENSE_TEXT = 2000  # characters of a part that a dense model is given


@dataclass(frozen=True, slots=True)
class Part:
    """A record (`key` is its id), or the claims of one event in a roundup (`key` adds the founding claim).

    `founder` is the claim that would found a storyline; `claim_ids` are left empty for what is long known, where
    nobody asks for them. `told` are the words of those claims; None: those of the whole record, which are read from it
    each time, for they may have been put away.
    """

    key: str
    record: Record
    origin_id: str
    founder: str
    claim_ids: tuple[str, ...]
    title: str
    told: str | None = None
    voice: str = ""  # who speaks: see pipeline/outlets.py

    @property
    def record_id(self) -> str:
        """The id of the record."""
        return self.record.id

    @property
    def text(self) -> str:
        """All its words."""
        return self.record.text if self.told is None else self.told

    @property
    def published(self) -> datetime:
        """When the record was published."""
        return self.record.published

    @property
    def doubtful(self) -> bool:
        """Whether that cannot be believed."""
        return self.record.date_doubtful

    @property
    def publisher(self) -> str:
        """Whose the record is."""
        return self.record.publisher or self.record.source

    @property
    def post(self) -> bool:
        """Whether it is a whole record without a title: one of its author's running remarks."""
        return self.told is None and not self.record.title


@dataclass(frozen=True, slots=True)
class Wordings(Sequence[str]):
    """The texts of parts, at most so many characters of each: read when they are asked for."""

    parts: Sequence[Part]
    most: int | None = None

    def __len__(self) -> int:
        return len(self.parts)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        """The text of one part; those of several, which are read now."""
        if isinstance(at, slice):
            return [part.text[: self.most] for part in self.parts[at]]
        return self.parts[at].text[: self.most]


def origins(parts: Iterable[Part]) -> int:
    """How many independent origins tell some parts: an outlet that tells several counts once."""
    ordered = sorted(parts, key=lambda part: (part.published, part.key))
    return len(outlets.independent((part.origin_id, part.voice) for part in ordered))


def founding(claims: Sequence[Claim]) -> Claim:
    """The claim that stands for a part: of the headline if there is one, else the worthiest; ties by id."""
    return min(claims, key=lambda claim: (not claim.in_headline, -claim.worth, claim.id))


def whole(record: Record, claims: Sequence[Claim], origin_id: str) -> Part:
    """A record as one part; `claims` may be empty for a record that is long known."""
    return Part(
        key=record.id,
        record=record,
        origin_id=origin_id,
        founder=founding(claims).id if claims else record.id,
        claim_ids=tuple(sorted(claim.id for claim in claims)),
        title=record.title or (founding(claims).text if claims else record.text[:200]),
        voice=outlets.voice(record),
    )


def portion(record: Record, claims: Sequence[Claim], origin_id: str) -> Part:
    """Some claims of a roundup as a part: only their words count."""
    founder = founding(claims)
    return Part(
        key=f"{record.id} {founder.id}",
        record=record,
        origin_id=origin_id,
        founder=founder.id,
        claim_ids=tuple(sorted(claim.id for claim in claims)),
        title=founder.text,
        told="\n".join(claim.text for claim in sorted(claims, key=lambda claim: claim.evidence[0].start)),
        voice=outlets.voice(record),
    )


def dense_text(part: Part) -> str:
    """What a dense model reads of a part."""
    return part.text[:DENSE_TEXT]


def items(
    parts: Sequence[Part],
    counted: Counted,
    bound: Sequence[int],
    dense: np.ndarray[Any, np.dtype[np.float32]] | None = None,
) -> Items:
    """What grouping compares, one row per part in the order given; `counted` are their words."""
    accounts = {name: number for number, name in enumerate(sorted({part.publisher for part in parts if part.post}))}
    return Items(
        sparse=counted.weighted(range(len(parts))),
        lengths=counted.bags.lengths.astype(np.float64),
        days=np.asarray([math.nan if part.doubtful else part.published.timestamp() / 86_400 for part in parts]),
        dense=None if dense is None else Meanings(dense),
        bound=np.asarray(bound, dtype=np.int64),
        accounts=np.asarray([accounts[part.publisher] if part.post else -1 for part in parts], dtype=np.int64),
    )
