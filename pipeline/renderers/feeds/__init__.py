"""Feeds: `feed.xml` (Atom, RFC 4287) and `feed.json` (JSON Feed 1.1) of the site and of all that can be followed.

`gathered` says which feeds there are and what stands in each, `model` what a feed is, `atom` and `json_feed` write it.
Ids are stable for ever; `updated` is a version's own time, or that of its last correction; the last 50 entries stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from pipeline.domain import digest
from pipeline.edition import Edition, Page
from pipeline.renderers.feeds import atom, json_feed
from pipeline.renderers.feeds.gathered import feeds
from pipeline.renderers.feeds.model import Entry


def render(edition: Edition) -> Iterator[Page]:
    """Both forms of every feed."""
    marks: dict[Entry, str] = {}  # an entry stands in many feeds
    for feed in feeds(edition):
        for entry in feed.entries:
            if entry not in marks:
                marks[entry] = digest("entry", repr(entry), size=32)
        told = (marks[entry] for entry in feed.entries)
        rests_on = digest("feed", repr(replace(feed, entries=())), *told, size=32)
        yield Page(feed.path(atom.NAME), partial(atom.write, feed), rests_on)
        yield Page(feed.path(json_feed.NAME), partial(json_feed.write, feed), rests_on)
