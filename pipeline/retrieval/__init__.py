"""Retrieval: what a desk has gathered on a question, found in its store and ranked by one rule."""

from __future__ import annotations

from pipeline.retrieval.lookup import KINDS, Found, Hit, rankings, search
from pipeline.retrieval.snippets import Passage

__all__ = ["KINDS", "Found", "Hit", "Passage", "rankings", "search"]
