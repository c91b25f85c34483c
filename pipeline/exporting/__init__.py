"""Exports: what a desk has gathered as flat tables, for spreadsheets, scripts and data frames. See docs/exports.md."""

from __future__ import annotations

from pipeline.exporting.tables import TABLES
from pipeline.exporting.writing import FORMATS, aside, format_of, writer

__all__ = ["FORMATS", "TABLES", "aside", "format_of", "writer"]
