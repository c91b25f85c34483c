"""Feeds: `feed.xml` (Atom, RFC 4287) and `feed.json` (JSON Feed 1.1) of the site and of all that can be followed.

`gathered` says which feeds there are and what stands in each, `model` what a feed is, `atom` and `json_feed` write it.
Ids are stable for ever; `updated` is a version's own time, or that of its last correction; the last 50 entries stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from pipeline.domain import digest
from pipeline.edition import Edition, Page
from pipeline.renderers.feeds import atom, json_feed
from pipeline.renderers.feeds.gathered import feeds


def render(edition: Edition) -> Iterator[Page]:
    """Both forms of every feed."""
    for feed in feeds(edition):
        rests_on = digest("feed", repr(feed), size=32)
        yield Page(feed.path(atom.NAME), partial(atom.write, feed), rests_on)
        yield Page(feed.path(json_feed.NAME), partial(json_feed.write, feed), rests_on)
