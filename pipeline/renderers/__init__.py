"""Renderers: the forms a site has. A lazy table of names, so that one form costs nothing when it is not asked for.

A package adds a form through the entry point group `citewire.renderer`: a function from an `Edition` to bytes by path.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import entry_points

from pipeline.edition import Renderer
from pipeline.errors import UsageError

TABLE = {
    "html": "pipeline.renderers.html_pages:render",
    "markdown": "pipeline.renderers.markdown:render",
    "atom": "pipeline.renderers.atom:render",
    "bundles": "pipeline.renderers.bundles:render",
}
GROUP = "citewire.renderer"


def load(names: Sequence[str] = tuple(TABLE)) -> tuple[Renderer, ...]:
    """The renderers of those names, in that order; by default the four that make the site. Raises UsageError."""
    return tuple(_load(name) for name in names)


def _load(name: str) -> Renderer:
    if name in TABLE:
        module, function = TABLE[name].split(":")
        renderer: Renderer = getattr(import_module(module), function)
        return renderer
    for point in entry_points(group=GROUP):
        if point.name == name:
            added: Renderer = point.load()
            return added
    raise UsageError(f"no renderer is called {name!r}; there are {', '.join(sorted(TABLE))}")
