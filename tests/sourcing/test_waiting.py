"""Items that wait inside a cursor come out as they went in."""

from __future__ import annotations

import pytest
from factories import make_record

from pipeline.domain import Cursor
from pipeline.sourcing import waiting


@pytest.mark.parametrize("position", [None, "", "[1, 2]", "plain", '{"citewire": 1}'])
def test_there_and_back(position: str | None) -> None:
    cursor = Cursor('"e"', "m", position)
    records = (make_record("One quay.\n\nIt opened."), make_record("Zwei Kais.\n\nSie öffnen."))
    held = waiting.wrap(cursor, records)
    assert waiting.unwrap(held) == (cursor, records)
    assert waiting.unwrap(cursor) == (cursor, ())
    assert waiting.wrap(cursor, ()) == cursor


def test_a_damaged_one_is_passed_on() -> None:
    for position in (
        '{"citewire.waiting": 3}',
        '{"citewire.waiting": [{}]',
        '{"citewire.waiting": [{}], "position": null}',
    ):
        assert waiting.unwrap(Cursor(position=position)) == (Cursor(position=position), ())
