"""Addresses of Reddit's listings as people write them: paths, pages of any of its hosts, feeds of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from pipeline import addresses
from pipeline.sources.reddit_posts import SITE

FEED_PACE = 6.0  # seconds: about ten keyless requests a minute are answered

_SORTS = ("hot", "new", "top", "rising", "controversial", "best")
_PLACE = re.compile(
    r"/(?:r/[\w+.-]{1,200}|domain/[\w.-]{1,250}|(?:u|user)/[\w-]{1,30}(?:/(?:submitted|comments|m/\w{1,50}))?)?"
    rf"(?:/?(?:{'|'.join(_SORTS)}|search))?/?"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A listing: the base of the site that has it, its path without suffix, and its parameters."""

    site: str
    path: str
    asked: Mapping[str, str]

    @property
    def pace(self) -> float:
        """Seconds between two keyless requests."""
        return FEED_PACE if self.site == SITE else 0.0

    @property
    def subreddit(self) -> str:
        """The path of the subreddit that this is a listing of; "" for none."""
        found = re.match(r"/r/[\w+.-]+", self.path)
        return found[0] if found else ""


def place_of(address: str, sort: str = "") -> Place | None:
    """The listing that an address as a person writes it names; None where it names none."""
    whole = address.strip() if "://" in address else f"{SITE}/{address.strip().lstrip('/')}"
    safe = addresses.safe(whole)
    if safe is None:
        return None
    parts = urlsplit(safe)
    path = re.sub(r"/?\.(?:rss|json|xml)\Z", "", parts.path).rstrip("/")
    if not _PLACE.fullmatch(path or "/"):
        return None
    path = re.sub(r"\A/u/", "/user/", path)
    asked = {
        name: value for name, value in parse_qsl(parts.query) if name not in ("limit", "after", "before", "raw_json")
    }
    if path.endswith("/search") and path != "/search":
        asked.setdefault("restrict_sr", "1")
    if sort in _SORTS and path.startswith("/user/") and "/m/" not in path:
        asked.setdefault("sort", sort)
    elif sort in _SORTS and not path.endswith(("/search", *(f"/{name}" for name in _SORTS))):
        path = f"{path}/{sort}"
    own = addresses.registrable(safe) == "reddit.com"
    return Place(SITE if own else (addresses.origin(safe) or SITE), path, asked)


def address_of(site: str, path: str, asked: Mapping[str, str]) -> str:
    """The address of `path` with parameters."""
    query = urlencode(asked, errors="replace")
    return f"{site}{quote(path, safe='/+.')}{f'?{query}' if query else ''}"
