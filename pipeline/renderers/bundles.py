"""`story.json` beside each version: its evidence bundle; and the schema that describes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pipeline.bundle import schema, to_bundle, to_tombstone
from pipeline.edition import Edition
from pipeline.renderers.around import around
from pipeline.renderers.corrections_view import grave
from pipeline.renderers.pages import Pages
from pipeline.renderers.places import Places


def render(edition: Edition) -> Pages:
    """One bundle per version, of withdrawn ones what remains of it, and `schema/story.json`."""
    places = Places.of(edition)
    pages = Pages()
    for versions in places.versions.values():
        for story in versions:
            pages[f"{places.folder(story)}/story.json"] = _json(to_bundle(story, around(story, edition, places)))
    for tomb in edition.tombstones:
        pages[f"{grave(tomb, edition)}/story.json"] = _json(to_tombstone(tomb))
    pages["schema/story.json"] = _json(schema())
    return pages


def _json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
