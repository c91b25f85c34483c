"""Adapters by name: a lazy table of the built-in ones, then the entry points that other packages declare.

Tables hold strings, so that naming an adapter imports nothing; a typo becomes "did you mean", a missing package an
install hint. To add an adapter, add a line to its table, or declare an entry point in the table's group.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from pipeline.errors import ConfigurationError, MissingExtra


@dataclass(frozen=True, slots=True)
class Registry:
    """One table. `what` is the noun of its messages, `key` the setting that names an entry."""

    what: str
    key: str
    group: str  # of the entry points
    built_in: Mapping[str, str]  # name -> "module:attribute"
    extras: Mapping[str, str] = field(default_factory=dict)  # name -> extra that it needs

    def names(self) -> tuple[str, ...]:
        """Every name, built in and installed, sorted."""
        return tuple(sorted({*self.built_in, *(point.name for point in entry_points(group=self.group))}))

    def known(self, name: str) -> None:
        """Raises ConfigurationError for a name that the table and the entry points do not have."""
        self._found(name)

    def load(self, name: str) -> Any:
        """What `name` stands for. Raises ConfigurationError for an unknown name, MissingExtra where it cannot load."""
        found = self._found(name)
        try:
            return found.load()
        except (ImportError, AttributeError) as error:
            extra = self.extras.get(name)
            remedy = f"pip install 'citewire[{extra}]'" if extra else "reinstall the package that provides it"
            raise MissingExtra(f"the {self.what} {name!r} cannot be loaded ({error}). Run: {remedy}") from error

    def _found(self, name: str) -> EntryPoint:
        if name in self.built_in:
            return EntryPoint(name, self.built_in[name], self.group)
        offered = sorted(entry_points(group=self.group, name=name), key=lambda point: point.value)
        if offered:
            return offered[0]
        close = difflib.get_close_matches(name, self.names(), n=1)
        hint = f"did you mean {close[0]!r}?" if close else "is its package installed?"
        raise ConfigurationError(
            f"no {self.what} is called {name!r}; {hint}", key=self.key, fix=f"one of: {', '.join(self.names())}"
        )
