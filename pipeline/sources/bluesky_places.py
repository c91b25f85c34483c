"""Addresses of Bluesky as people write them: handles, dids, at:// addresses, pages of bsky.app. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from pipeline import addresses

ACTOR = re.compile(r"did:[a-z0-9]{1,20}:[A-Za-z0-9._:%-]{1,200}|(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z][A-Za-z0-9-]{0,62}")
_KEY = re.compile(r"[A-Za-z0-9._~:-]{1,512}")
_COLLECTIONS = {"app.bsky.feed.generator": "feed", "app.bsky.graph.list": "list", "app.bsky.actor.profile": "author"}


@dataclass(frozen=True, slots=True)
class Place:
    """What an address names: "author", "list" or "feed" with actor and key, or "search" with its words."""

    kind: str
    actor: str = ""
    key: str = ""

    @property
    def collection(self) -> str:
        """The collection that a list or feed is kept in."""
        return next((name for name, kind in _COLLECTIONS.items() if kind == self.kind), "")


def place_of(address: str) -> Place | None:
    """What an address as a person writes it names; None where it names nothing that can be read."""
    text = address.strip()
    if text.startswith("at://"):
        return _of_uri(text)
    if "://" not in text:
        actor = text.removeprefix("@")
        return Place("author", actor) if ACTOR.fullmatch(actor) else None
    parts = urlsplit(addresses.safe(text) or "")
    steps = [unquote(step) for step in parts.path.strip("/").split("/")]
    if steps[0] == "search":
        return Place("search", key=" ".join(parse_qs(parts.query).get("q", ())))
    if steps[0] == "hashtag" and len(steps) == 2:
        return Place("search", key=f"#{steps[1]}")
    return _of_profile(steps[1:]) if steps[0] == "profile" else None


def _of_profile(steps: Sequence[str]) -> Place | None:
    """The account, list or feed of a page below /profile/."""
    kinds = {"lists": "list", "feed": "feed"}
    match steps:
        case [actor] if ACTOR.fullmatch(actor):
            return Place("author", actor)
        case [actor, kind, key] if kind in kinds and ACTOR.fullmatch(actor) and _KEY.fullmatch(key):
            return Place(kinds[kind], actor, key)
    return None


def _of_uri(uri: str) -> Place | None:
    """The account, list or feed of an at:// address (https://atproto.com/specs/at-uri-scheme)."""
    match uri.removeprefix("at://").rstrip("/").split("/"):
        case [actor] if ACTOR.fullmatch(actor):
            return Place("author", actor)
        case [actor, collection, key] if collection in _COLLECTIONS and ACTOR.fullmatch(actor) and _KEY.fullmatch(key):
            return Place(_COLLECTIONS[collection], actor, key)
    return None
