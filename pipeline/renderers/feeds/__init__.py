"""Feeds: `feed.xml` (Atom, RFC 4287) and `feed.json` (JSON Feed 1.1) of the site and of all that can be followed.

`gathered` says which feeds there are and what stands in each, `model` what a feed is, `atom` and `json_feed` write it.
Ids are stable for ever; `updated` is a version's own time, or that of its last correction; the last 50 entries stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache, partial

from pipeline.edition import Edition, Page
from pipeline.renderers.feeds import atom, json_feed
from pipeline.renderers.feeds.gathered import feeds
from pipeline.renderers.feeds.model import Feed, Planned


def render(edition: Edition) -> Iterator[Page]:
    """Both forms of every feed; its entries are gathered once for both."""
    gathered = lru_cache(maxsize=1)(_gathered)
    for feed in feeds(edition):
        for name, write in ((atom.NAME, atom.write), (json_feed.NAME, json_feed.write)):
            yield Page(feed.path(name), partial(_written, write, gathered, feed), feed.rests_on)


def _gathered(planned: Planned) -> Feed:
    return planned.make()


def _written(write: Callable[[Feed], bytes], gathered: Callable[[Planned], Feed], planned: Planned) -> bytes:
    return write(gathered(planned))
