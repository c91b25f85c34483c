"""The table of source kinds: lazy, open to packages, and helpful about typos."""

from __future__ import annotations

import subprocess
import sys

import pytest
from desk import tools

from pipeline import sources
from pipeline.protocols import SearchableSource


@pytest.mark.parametrize("kind", sorted(sources.SOURCES.built_in))
def test_every_line_of_the_table_loads(kind: str) -> None:
    assert callable(sources.load(kind, tools()).read)


def test_what_can_search() -> None:
    able = [
        kind for kind in sorted(sources.SOURCES.built_in) if isinstance(sources.load(kind, tools()), SearchableSource)
    ]
    searched = "arxiv bluesky gdelt googlenews hackernews huggingface mastodon newsapi reddit websearch x"
    assert able == searched.split()


def test_the_table_imports_nothing_heavy() -> None:
    heavy = ("feedparser", "trafilatura", "lxml", "httpx")
    code = f"import sys, pipeline.sources; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
