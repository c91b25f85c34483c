"""`story.json` beside each version: its evidence bundle; and the schema that describes it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from pipeline.amends import Tombstone
from pipeline.bundle import schema, to_bundle, to_tombstone
from pipeline.domain import Story
from pipeline.edition import Edition, Page
from pipeline.renderers.around import around
from pipeline.renderers.corrections_view import grave
from pipeline.renderers.places import Places


def render(edition: Edition) -> Iterator[Page]:
    """One bundle per version, of withdrawn ones what remains of it, and `schema/story.json`."""
    places = Places.of(edition)
    for versions in places.versions.values():
        for story in versions:
            yield Page(f"{places.folder(story)}/story.json", partial(_bundle, story, edition, places))
    for tomb in edition.tombstones:
        yield Page(f"{grave(tomb, edition)}/story.json", partial(_tombstone, tomb))
    yield Page("schema/story.json", lambda: _json(schema()))


def _bundle(story: Story, edition: Edition, places: Places) -> bytes:
    return _json(to_bundle(story, around(story, edition, places)))


def _tombstone(tomb: Tombstone) -> bytes:
    return _json(to_tombstone(tomb))


def _json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
