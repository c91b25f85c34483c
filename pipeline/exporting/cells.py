"""Values as text: for lines of JSON, and for cells of CSV that no spreadsheet takes for a formula.

A spreadsheet runs what begins with one of = + - @, a tab or a line break, and their full-width forms (OWASP, "CSV
Injection"). Such a text gets an apostrophe in front, and so does one that begins with an apostrophe: whoever reads the
file takes one leading apostrophe off and has the text as it was. Figures are ours and stay figures.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pipeline.exporting.tables import Column, Type
from pipeline.serial import iso

_GUARD = "'"
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", _GUARD)
_LINE_ENDS = {"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}  # line breaks to some readers of lines


def guarded(text: str) -> str:
    """`text` as a cell that is no formula anywhere; also behind white space, which some spreadsheets skip."""
    return _GUARD + text if text.startswith(_STARTS) or text.lstrip().startswith(_STARTS) else text


def cell(value: Any, column: Column) -> str | int | float:
    """A value as a CSV cell; "" for None."""
    if value is None:
        return ""
    if column.type is Type.TIME:
        return iso(value)
    if column.type is Type.FLAG:
        return "true" if value else "false"
    if column.type is Type.TEXTS:
        return json.dumps(list(value), ensure_ascii=False)
    return guarded(value) if column.type is Type.TEXT else value


def line(row: Mapping[str, Any], columns: Sequence[Column]) -> str:
    """A row as one line of JSON, its columns in order, without the line's end."""
    told = {column.name: _plain(row[column.name]) for column in columns}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for char, escape in _LINE_ENDS.items():
        text = text.replace(char, escape)
    return text


def _plain(value: Any) -> Any:
    return iso(value) if isinstance(value, datetime) else value
