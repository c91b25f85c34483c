"""Exports: every format says what the store says, no cell is a formula, memory stays small, files are whole or gone."""

from __future__ import annotations

import csv
import io
import json
import string
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import MissingExtra, UsageError
from pipeline.exporting import FORMATS, TABLES, aside, format_of, writer
from pipeline.exporting.cells import guarded
from pipeline.exporting.tables import Column, Table, Type, markdown

DOCUMENT = Path(__file__).parents[2] / "docs" / "exports.md"

FORMULAS = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1", "  =1", "'=1", "'"]
HOSTILE = [*FORMULAS, 'a";=1', "a,b;c\td", "line\r\nbreak", "\u2028\u2029\x85", "\u202e", "", " ", "é中🜚", '{"a":1}']
ONE = Table("t", "at", "b", tuple(Column(kind.name.lower(), kind, kind.value) for kind in Type))
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "text": st.none() | TEXT | st.sampled_from(HOSTILE),
            "whole": st.none() | st.integers(-(2**53), 2**53),
            "number": st.none() | st.floats(allow_nan=False, allow_infinity=False),
            "flag": st.none() | st.booleans(),
            "time": st.none() | st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 1)),
            "texts": st.none() | st.lists(TEXT | st.sampled_from(HOSTILE), max_size=3),
        }
    ),
    max_size=6,
)


def written(form: str, rows: list[dict[str, Any]], table: Table = ONE) -> bytes:
    sink = io.BytesIO()
    assert writer(form)(rows, table, sink) == len(rows)
    return sink.getvalue()


def undone(text: str, kind: Type) -> Any:
    """A CSV cell read back by the rule of docs/exports.md."""
    if text == "" and kind is not Type.TEXT:
        return None
    reads = {
        Type.TEXT: lambda cell: cell.removeprefix("'"),
        Type.WHOLE: int,
        Type.NUMBER: float,
        Type.FLAG: {"true": True, "false": False}.get,
        Type.TIME: datetime.fromisoformat,
        Type.TEXTS: json.loads,
    }
    return reads[kind](text)


@given(ROWS)
def test_csv_says_what_was_written(rows: list[dict[str, Any]]) -> None:
    text = written("csv", rows).decode()
    head, *body = list(csv.reader(io.StringIO(text, newline="")))
    assert head == [column.name for column in ONE.columns]
    back = [{c.name: undone(value, c.type) for c, value in zip(ONE.columns, line, strict=True)} for line in body]
    assert back == [row | {"text": row["text"] or ""} for row in rows]


@given(ROWS)
def test_lines_of_json_say_what_was_written(rows: list[dict[str, Any]]) -> None:
    lines = written("jsonl", rows).decode().splitlines()  # every kind of line break, not \n alone
    back = [json.loads(line) for line in lines]
    for row in back:
        assert list(row) == [column.name for column in ONE.columns]
        row["time"] = row["time"] and datetime.fromisoformat(row["time"])
    assert back == rows


@given(ROWS)
def test_parquet_says_what_was_written(rows: list[dict[str, Any]]) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra `parquet` is not installed")
    file = parquet.ParquetFile(io.BytesIO(written("parquet", rows)))
    assert file.read().to_pylist() == rows
    field = file.schema_arrow.field("whole")
    assert field.metadata[b"description"] == b"whole number"


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula_and_the_text_comes_back(text: str) -> None:
    cell = guarded(text)
    assert cell[0] == "'"
    assert cell[1:] == text


@given(TEXT)
def test_a_cell_never_starts_a_formula(text: str) -> None:
    cell = guarded(text)
    assert not cell.lstrip(string.whitespace).startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert cell.removeprefix("'") == text


def test_figures_below_nought_stay_figures() -> None:
    row = {"text": "x", "whole": -1, "number": -0.5, "flag": None, "time": None, "texts": None}
    assert written("csv", [row]).decode().splitlines()[1].startswith('"x",-1,-0.5,')


def test_texts_are_quoted_so_that_no_other_separator_splits_them() -> None:
    row = {"text": "a;=1\t=1", "whole": 1, "number": 1.0, "flag": True, "time": None, "texts": []}
    assert written("csv", [row]).decode().splitlines()[1].startswith('"a;=1\t=1",')


class Row(dict[str, Any]):
    """Counts how many of its kind live."""

    alive = most = 0

    def __init__(self, values: dict[str, Any]) -> None:
        super().__init__(values)
        Row.alive += 1
        Row.most = max(Row.most, Row.alive)

    def __del__(self) -> None:
        Row.alive -= 1


@pytest.mark.parametrize(("form", "most"), [("csv", 2), ("jsonl", 2), ("parquet", 20_000)])
def test_rows_are_not_gathered(form: str, most: int) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    values = {"text": "x", "whole": 1, "number": 1.0, "flag": True, "time": None, "texts": []}
    Row.alive = Row.most = 0
    assert writer(form)((Row(values) for _ in range(25_000)), ONE, io.BytesIO()) == 25_000
    assert Row.most <= most


def test_the_format_is_that_of_the_name_unless_one_is_wished() -> None:
    assert [format_of(f"a.{ending}", None) for ending in ("csv", "JSONL", "parquet")] == ["csv", "jsonl", "parquet"]
    assert format_of("-", None) == "csv"
    assert format_of("a.txt", "jsonl") == "jsonl"
    with pytest.raises(UsageError, match="--format"):
        format_of("a.txt", None)


def test_without_pyarrow_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "pipeline.exporting.parquet", raising=False)
    monkeypatch.delattr("pipeline.exporting.parquet", raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"citewire\[parquet\]"):
        writer("parquet")
    assert all(writer(form) for form in FORMATS if form != "parquet")


def test_a_file_that_fails_half_way_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "claims.csv"
    target.write_text("old")

    def broken() -> Iterator[dict[str, Any]]:
        yield {"text": "x", "whole": 1, "number": 1.0, "flag": True, "time": None, "texts": []}
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), aside(target) as file:
        writer("csv")(broken(), ONE, file)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["claims.csv"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    for target in (tmp_path / "no" / "a.csv", tmp_path):
        with pytest.raises(UsageError, match="cannot be written"), aside(target) as file:
            file.write(b"x")
    assert list(tmp_path.parent.glob(".*.partial")) == []


def test_columns_are_described_once_and_named_alike() -> None:
    for kind, table in TABLES.items():
        names = [column.name for column in table.columns]
        assert len(set(names)) == len(names), kind
        assert table.time in names, kind
        for column in table.columns:
            assert len(column.about) > 5
            assert bool(column.unit) == (column.type in (Type.WHOLE, Type.NUMBER)), f"{kind}.{column.name}"


def test_every_kind_of_export_is_documented(request: pytest.FixtureRequest) -> None:
    begin, end = "<!-- tables: begin, written by `make golden` -->\n", "<!-- tables: end -->\n"
    before, mark, rest = DOCUMENT.read_text(encoding="utf-8").partition(begin)
    assert mark
    fresh = f"{before}{begin}\n{markdown()}\n{end}{rest.partition(end)[2]}"
    if request.config.getoption("--update-golden"):
        DOCUMENT.write_text(fresh, encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == fresh, "docs/exports.md is behind; run: make golden"
