"""Kinds of sources: a lazy table, and the entry points of other packages (group "citewire.source").

An adapter is a class that is made with a `Tools` and fits `protocols.SourceAdapter`. To add a kind, add a line here or
declare an entry point `NAME = "package.module:Class"`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pipeline.protocols import Engine, Fetcher, SourceAdapter
from pipeline.registry import Registry
from pipeline.settings import IngestSettings

SOURCES = Registry(
    what="kind of source",
    key="source.kind",
    group="citewire.source",
    built_in={
        "feed": "pipeline.sources.feed:FeedSource",
        "files": "pipeline.sources.files:FilesSource",
        "hackernews": "pipeline.sources.hackernews:HackerNewsSource",
    },
)


@dataclass(frozen=True, slots=True)
class Tools:
    """What an adapter may use: guarded HTTP, killable parsers, settings, and the folder that paths hang from."""

    fetcher: Fetcher
    engine: Engine
    settings: IngestSettings
    root: Path = Path(".")


def load(kind: str, tools: Tools) -> SourceAdapter:
    """The adapter of `kind`. Raises ConfigurationError for an unknown one, MissingExtra where a package is missing."""
    return cast(SourceAdapter, SOURCES.load(kind)(tools))
