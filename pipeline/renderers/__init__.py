"""Renderers: the forms a site has. A lazy table of names, so that one form costs nothing when it is not asked for.

A package adds a form through the entry point group `citewire.renderer`: a function from an `Edition` to its `Page`s
(pipeline/edition.py), each of which is made only when its file has to be written.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.edition import Renderer
from pipeline.registry import Registry

RENDERERS = Registry(
    what="renderer",
    key="renderers",
    group="citewire.renderer",
    built_in={
        "html": "pipeline.renderers.html_pages:render",
        "markdown": "pipeline.renderers.markdown:render",
        "feeds": "pipeline.renderers.feeds:render",
        "bundles": "pipeline.renderers.bundles:render",
        "catalogue": "pipeline.renderers.catalogue:render",
    },
)


def load(names: Sequence[str] = tuple(RENDERERS.built_in)) -> tuple[Renderer, ...]:
    """The renderers of those names, in that order; by default all that make the site.

    Raises ConfigurationError for a name that nothing offers.
    """
    return tuple(RENDERERS.load(name) for name in names)
