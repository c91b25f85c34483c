"""Adapters by name: typos, plugins, and packages that are not there."""

import importlib.metadata

import pytest

from pipeline import registry
from pipeline.errors import ConfigurationError, MissingExtra
from pipeline.registry import Registry

TABLE = Registry(
    what="kind of source",
    key="source.kind",
    group="citewire.source",
    built_in={"feed": "pipeline.sources.feed:FeedSource", "video": "no.such.module:Video"},
    extras={"video": "video"},
)


@pytest.fixture
def installed(monkeypatch):
    """Two kinds that other packages declare, one of them broken."""
    points = importlib.metadata.EntryPoints(
        [
            importlib.metadata.EntryPoint("mine", "pipeline.sources.files:FilesSource", TABLE.group),
            importlib.metadata.EntryPoint("gone", "no.such.module:Thing", TABLE.group),
        ]
    )
    monkeypatch.setattr(registry, "entry_points", points.select)


def test_a_typo_is_answered_with_its_neighbour():
    with pytest.raises(ConfigurationError, match="did you mean 'feed'") as caught:
        TABLE.load("feeds")
    assert "video" in caught.value.fix
    assert caught.value.key == "source.kind"


def test_packages_add_entries(installed):
    assert TABLE.names() == ("feed", "gone", "mine", "video")
    assert TABLE.load("mine").__name__ == "FilesSource"


def test_a_broken_package_is_named(installed):
    with pytest.raises(MissingExtra, match="reinstall"):
        TABLE.load("gone")


def test_a_missing_extra_is_named():
    with pytest.raises(MissingExtra, match=r"pip install 'citewire\[video\]'"):
        TABLE.load("video")


def test_a_built_in_entry_cannot_be_shadowed(installed, monkeypatch):
    assert TABLE.load("feed").__name__ == "FeedSource"
