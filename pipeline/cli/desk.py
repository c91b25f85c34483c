"""What the commands about sources reach for: the store where there is one, the network, the sources by name."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from pipeline.domain import Source, SourceHealth
from pipeline.errors import UsageError
from pipeline.protocols import Polite, SourceAdapter
from pipeline.settings import Settings
from pipeline.sources import load as load_adapter

if TYPE_CHECKING:
    from pipeline.protocols import Fetcher, Store
    from pipeline.protocols.library import Library
    from pipeline.sourcing.probing import Probe

PROBED = 6  # items that kinds with one request an item are asked for


@contextmanager
def existing_store(settings: Settings) -> Iterator[Store | None]:
    """The desk's store, None where no night has made one yet: looking at sources makes none."""
    from pipeline.stores import open_store  # noqa: PLC0415  heavy, and worker processes import this module

    if settings.store_file and not settings.store_file.exists():
        yield None
        return
    with closing(open_store(settings.store_address)) as store:
        yield store


@contextmanager
def probing(settings: Settings, *, also: Sequence[str] = ()) -> Iterator[Probe]:
    """Network, parsers and adapters to look at sources with, polite to hosts that ask for a pause."""
    from pipeline.app import make_tools  # noqa: PLC0415  heavy, and worker processes import this module
    from pipeline.sourcing.probing import Probe  # noqa: PLC0415

    few = settings.ingest.model_copy(update={"max_new": PROBED})
    with make_tools(settings, also=also) as tools:
        if isinstance(tools.fetcher, Polite):
            with existing_store(settings) as store:
                tools.fetcher.recall(store.hosts() if store else ())

        def adapters(fetcher: Fetcher) -> Callable[[str], SourceAdapter]:
            return partial(load_adapter, tools=replace(tools, fetcher=fetcher, settings=few))

        try:
            yield Probe(tools.fetcher, tools.engine, settings.ingest, adapters)
        finally:
            if isinstance(tools.fetcher, Polite) and (changed := tools.fetcher.changed()):
                with existing_store(settings) as store:
                    if store is not None:
                        store.save_hosts(changed)


def chosen(settings: Settings, names: Sequence[str]) -> tuple[Source, ...]:
    """The sources called `names`, all where none is named. Raises UsageError for a name that none has."""
    every = {source.name: source for source in settings.configured_sources()}
    for name in names:
        if name not in every:
            close = difflib.get_close_matches(name, every, n=1)
            hint = f"did you mean {close[0]!r}?" if close else "citewire sources list shows them"
            raise UsageError(f"no source is called {name!r}; {hint}")
    return tuple(every[name] for name in dict.fromkeys(names)) if names else tuple(every.values())


def known_health(settings: Settings) -> Mapping[str, SourceHealth]:
    """What the store knows of the sources; nothing where there is none."""
    with existing_store(settings) as store:
        return store.health() if store else {}


def library(settings: Settings) -> Library:
    """The desk's store for reading alone. Raises UsageError where no night has made one, and StoreError."""
    from pipeline.stores import open_library  # noqa: PLC0415  heavy, and worker processes import this module

    if settings.store_file and not settings.store_file.exists():
        raise UsageError(f"nothing is stored in {settings.output_path} yet; start with: citewire run")
    return open_library(settings.store_address)


def beat_of(settings: Settings, name: str | None) -> str | None:
    """The beat called `name`, however its case; None for None. Raises UsageError for a name that no beat has."""
    if name is None:
        return None
    every = {beat.name.casefold(): beat.name for beat in settings.beats}
    if name.casefold() not in every:
        close = difflib.get_close_matches(name.casefold(), every, n=1)
        known = f"did you mean {every[close[0]]!r}?" if close else f"known: {', '.join(every.values()) or 'none'}"
        raise UsageError(f"no beat is called {name!r}; {known}")
    return every[name.casefold()]
