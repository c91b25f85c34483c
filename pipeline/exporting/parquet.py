"""Rows as Apache Parquet, by pyarrow (extra `parquet`; Apache-2.0). What a column means travels in its metadata."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.exporting.tables import Column, Table, Type

_GROUP = 10_000  # rows of one row group: what is in memory at a time

_TYPES = {
    Type.TEXT: pa.string(),
    Type.WHOLE: pa.int64(),
    Type.NUMBER: pa.float64(),
    Type.FLAG: pa.bool_(),
    Type.TIME: pa.timestamp("us", tz="UTC"),
    Type.TEXTS: pa.list_(pa.string()),
}


def schema(table: Table) -> pa.Schema:
    """The columns of `table` with their types, meanings and units."""
    return pa.schema([_field(column) for column in table.columns])


def _field(column: Column) -> pa.Field:
    told = {"description": column.about} | ({"unit": column.unit} if column.unit else {})
    return pa.field(column.name, _TYPES[column.type], metadata=told)


def write(rows: Iterable[Mapping[str, Any]], table: Table, sink: BinaryIO) -> int:
    """Write `rows` into `sink` in row groups of 10,000; how many there were."""
    shape, names, count = schema(table), [column.name for column in table.columns], 0
    left = iter(rows)
    with pq.ParquetWriter(sink, shape, compression="zstd") as file:
        while some := list(islice(left, _GROUP)):
            columns = {name: [row[name] for row in some] for name in names}
            file.write_table(pa.table(columns, schema=shape))
            count += len(some)
    return count
