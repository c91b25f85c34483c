"""What a feed is before it is written in one form or another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pipeline.renderers.places import root_of

MOST = 50  # entries of one feed, the newest


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `page`, `bundle` and `image` are addresses below the site's root; texts are plain.

    `kind` and `says`: what kind of story it is, as a word for programs and in words; both "" for what is no story.
    """

    id: str
    title: str
    page: str
    published: datetime
    updated: datetime
    text: str
    summary: str = ""
    lang: str = ""
    beats: tuple[str, ...] = ()
    kind: str = ""
    says: str = ""
    version: int = 0
    bundle: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed, newest entry first. `folder` holds it and its page; "" is the site's root.

    `base` is the site's public address, "" for a local site; `id` a URN that no new domain and no new look changes.
    """

    folder: str
    id: str
    title: str
    subtitle: str
    site: str
    base: str
    lang: str
    updated: datetime
    entries: tuple[Entry, ...]

    def path(self, name: str) -> str:
        """The address of the file `name` beside the feed's page, below the site's root."""
        return beside(self.folder, name)

    def address(self, target: str) -> str:
        """What leads to `target`, an address below the root: absolute where the site has one, else from the feed."""
        return f"{self.base}/{target}" if self.base else root_of(self.path("feed")) + target


@dataclass(frozen=True, slots=True)
class Planned:
    """A feed before it is gathered: the folder that holds it, and a digest of all that it depends on."""

    folder: str
    rests_on: str
    make: Callable[[], Feed]

    def path(self, name: str) -> str:
        """As of `Feed`."""
        return beside(self.folder, name)


def beside(folder: str, name: str) -> str:
    """The address of a file in a folder; "" is the site's root."""
    return f"{folder}/{name}" if folder else name
