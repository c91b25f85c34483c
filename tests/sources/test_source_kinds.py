"""The table of source kinds: lazy, open to packages, and helpful about typos."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest
from desk import tools

from pipeline import sources
from pipeline.errors import ConfigurationError, MissingExtra
from pipeline.protocols import SearchableSource


@pytest.mark.parametrize("kind", sorted(sources.BUILT_IN))
def test_every_line_of_the_table_loads(kind: str) -> None:
    assert callable(sources.load(kind, tools()).read)


def test_what_can_search() -> None:
    able = [kind for kind in sorted(sources.BUILT_IN) if isinstance(sources.load(kind, tools()), SearchableSource)]
    assert able == ["hackernews"]


def test_a_typo_is_answered() -> None:
    with pytest.raises(ConfigurationError, match='did you mean "feed"') as caught:
        sources.load("feeds", tools())
    assert "hackernews" in caught.value.fix


def test_packages_add_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [
        EntryPoint("mine", "pipeline.sources.files:FilesSource", sources.GROUP),
        EntryPoint("gone", "no.such.module:Thing", sources.GROUP),
    ]
    monkeypatch.setattr(sources, "entry_points", lambda group: points if group == sources.GROUP else [])
    assert "mine" in sources.kinds()
    assert type(sources.load("mine", tools())).__name__ == "FilesSource"
    with pytest.raises(MissingExtra, match="reinstall"):
        sources.load("gone", tools())


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sources.BUILT_IN, "video", ("no.such.module:Video", "video"))
    with pytest.raises(MissingExtra, match=r"pip install 'citewire\[video\]'"):
        sources.load("video", tools())


def test_the_table_imports_nothing_heavy() -> None:
    heavy = ("feedparser", "trafilatura", "lxml", "httpx")
    code = f"import sys, pipeline.sources; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
