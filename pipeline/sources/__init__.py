"""Kinds of sources: a lazy table, and the entry points of other packages (group "citewire.source").

An adapter is a class that is made with a `Tools` and fits `protocols.SourceAdapter`. To add a kind, add a line here or
declare an entry point `NAME = "package.module:Class"`.
"""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from pipeline.errors import ConfigurationError, MissingExtra
from pipeline.protocols import Engine, Fetcher, SourceAdapter
from pipeline.settings import IngestSettings

GROUP = "citewire.source"
# kind -> (module:class, the extra that it needs)
BUILT_IN: dict[str, tuple[str, str | None]] = {
    "feed": ("pipeline.sources.feed:FeedSource", None),
    "files": ("pipeline.sources.files:FilesSource", None),
    "hackernews": ("pipeline.sources.hackernews:HackerNewsSource", None),
}


@dataclass(frozen=True, slots=True)
class Tools:
    """What an adapter may use: guarded HTTP, killable parsers, settings, and the folder that paths hang from."""

    fetcher: Fetcher
    engine: Engine
    settings: IngestSettings
    root: Path = Path(".")


def kinds() -> tuple[str, ...]:
    """Names of all kinds, built in and installed."""
    return tuple(sorted({*BUILT_IN, *(point.name for point in entry_points(group=GROUP))}))


def load(kind: str, tools: Tools) -> SourceAdapter:
    """The adapter of `kind`. Raises ConfigurationError for an unknown one, MissingExtra where a package is missing."""
    adapter: SourceAdapter = _factory(kind)(tools)
    return adapter


def _factory(kind: str) -> Callable[[Tools], Any]:
    if kind in BUILT_IN:
        target, extra = BUILT_IN[kind]
        module, _, name = target.partition(":")
        try:
            factory: Callable[[Tools], Any] = getattr(importlib.import_module(module), name)
        except ImportError as error:
            raise _missing(kind, extra, error) from error
        return factory
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.value):
        if point.name == kind:
            try:
                loaded: Callable[[Tools], Any] = point.load()
            except (ImportError, AttributeError) as error:
                raise _missing(kind, None, error) from error
            return loaded
    close = difflib.get_close_matches(kind, kinds(), n=1)
    hint = f'did you mean "{close[0]}"?' if close else "is its package installed?"
    raise ConfigurationError(
        f'no kind of source is called "{kind}"; {hint}', key="source.kind", fix=f"kind = one of {', '.join(kinds())}"
    )


def _missing(kind: str, extra: str | None, error: Exception) -> MissingExtra:
    remedy = f"pip install 'citewire[{extra}]'" if extra else "reinstall the package that provides it"
    return MissingExtra(f'sources of kind "{kind}" cannot be loaded ({error}); they are skipped. Run: {remedy}')
