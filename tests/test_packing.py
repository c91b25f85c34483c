"""packing: nouns arrive as they were sent, whatever is in them; other objects travel as pickle sends them."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from pipeline.claiming import claims
from pipeline.domain import Record, TextQuality
from pipeline.packing import packed
from pipeline.perusal import Read
from pipeline.protocols import Outcome

NOW = datetime(2026, 5, 4, 2, tzinfo=UTC)
RECORD = Record(
    "r1", "wire", "news", "article", "1", "https://wire.example/1", "Wire", None, "Harlow opens a mill",
    "Harlow opens a mill\n\nThe county of Harlow opened a mill on 3 May. It cost $2.5 million, Ann Boe said.",
    TextQuality.FULL, "en", NOW, NOW,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counted:
    """One field that is not given but worked out."""

    name: str
    length: int = field(init=False, default=0)


def test_what_a_record_says_arrives_as_it_was_sent() -> None:
    said = claims.extract(RECORD, min_worth=0.0)
    assert said
    sent = Outcome((Read(RECORD.id, said, (), phrases={"mill": "a mill"}), RECORD))
    assert pickle.loads(packed(sent)) == sent


@pytest.mark.parametrize(
    "value", [None, {"a": (1, 2.5)}, Counted("x"), SimpleNamespace(a=1), ValueError("no"), TextQuality.FULL, NOW]
)
def test_other_objects_travel_as_ever(value: object) -> None:
    assert repr(pickle.loads(packed(value))) == repr(value)


def test_what_cannot_travel_is_an_error_of_pickle() -> None:
    with pytest.raises((pickle.PicklingError, AttributeError)):
        packed(lambda: None)
