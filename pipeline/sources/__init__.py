"""Kinds of sources: a lazy table, and the entry points of other packages (group "citewire.source").

An adapter is a class that is made with a `Tools`, fits `protocols.SourceAdapter` and says what it is in its attribute
`about`, from which docs/sources.md is written. To add a kind, add a line here or declare an entry point
`NAME = "package.module:Class"`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from pipeline.protocols import Engine, Fetcher, SourceAdapter
from pipeline.registry import Registry
from pipeline.settings import IngestSettings, secret
from pipeline.vault import Vault

SOURCES = Registry(
    what="kind of source",
    key="source.kind",
    group="citewire.source",
    built_in={
        "arxiv": "pipeline.sources.arxiv:ArxivSource",
        "bluesky": "pipeline.sources.bluesky:BlueskySource",
        "feed": "pipeline.sources.feed:FeedSource",
        "files": "pipeline.sources.files:FilesSource",
        "gdelt": "pipeline.sources.gdelt:GdeltSource",
        "googlenews": "pipeline.sources.googlenews:GoogleNewsSource",
        "hackernews": "pipeline.sources.hackernews:HackerNewsSource",
        "huggingface": "pipeline.sources.huggingface:HuggingFaceSource",
        "mastodon": "pipeline.sources.mastodon:MastodonSource",
        "newsapi": "pipeline.sources.newsapi:NewsApiSource",
        "page": "pipeline.sources.page:PageSource",
        "reddit": "pipeline.sources.reddit:RedditSource",
        "sitemap": "pipeline.sources.sitemap:SitemapSource",
        "websearch": "pipeline.sources.websearch:WebSearchSource",
        "x": "pipeline.sources.x:XSource",
        "youtube": "pipeline.sources.youtube:YouTubeSource",
    },
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a person must know to configure a kind of source."""

    summary: str  # what it reads, in a sentence
    address: str  # what `address` holds, with an example
    options: Mapping[str, str] = field(default_factory=dict)  # option -> what it does, and its default
    seen: str = "documented shapes; not yet seen live"  # what its tests read: "genuine answers", ...
    default_address: str | None = None  # what `[search] kinds` asks where no [[source]] gives an address
    spec: str = ""  # address of the documentation it follows


@dataclass(frozen=True, slots=True)
class Tools:
    """What an adapter may use: guarded HTTP, killable parsers, settings, secrets, and the folder of relative paths.

    `secret` gives the value behind the name of an environment variable; `vault` keeps session tokens (None: nowhere).
    """

    fetcher: Fetcher
    engine: Engine
    settings: IngestSettings
    root: Path = Path(".")
    secret: Callable[[str], str | None] = secret
    vault: Vault | None = None


def load(kind: str, tools: Tools) -> SourceAdapter:
    """The adapter of `kind`. Raises ConfigurationError for an unknown one, MissingExtra where a package is missing."""
    return cast(SourceAdapter, SOURCES.load(kind)(tools))
