"""From the target of a request to a file of the release that is served: nothing else on the disk can be reached.

`output/site` is a link that a publish swaps; it is followed once for a request, so no answer mixes two editions.
Folders are not listed, links inside a release are not followed, names with a leading dot do not exist.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from pipeline.publishing.release import MANIFEST

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".gz": "application/gzip",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/jsonl; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".zip": "application/zip",
}
FEEDS = {"feed.xml": "application/atom+xml; charset=utf-8", "feed.json": "application/feed+json"}
_STRANGE = re.compile(r"[\x00-\x1f\x7f\\]")


@dataclass(frozen=True, slots=True)
class Found:
    """An answer: its status, content type and bytes; `location` only where it leads elsewhere."""

    status: int
    kind: str
    body: bytes
    location: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """One edition on the disk. `root` holds no link: two requests with one root read one edition."""

    root: Path

    @classmethod
    def served(cls, site: Path) -> Release | None:
        """The release that `site` leads to at this moment, None where there is none."""
        root = site.resolve()
        return cls(root) if root.is_dir() else None

    @property
    def mark(self) -> str:
        """Tells one edition from the next: 16 hexadecimal digits of the release's name and its manifest's time."""
        try:
            written = (self.root / MANIFEST).stat().st_mtime_ns
        except OSError:
            written = 0
        return hashlib.sha256(f"{self.root}\0{written}".encode()).hexdigest()[:16]

    def find(self, target: str) -> Found:
        """What `target`, the path and query of a request, stands for; what cannot be read is not there."""
        try:
            return self._find(_path(target)) or self._missing()
        except OSError:  # too long a name, or the release was removed by a later publish
            return self._missing()

    def _find(self, path: str | None) -> Found | None:
        if path is None:
            return None
        place = self.root / path.lstrip("/")
        if place.resolve() != place:
            return None
        if place.is_dir():
            if not (place / "index.html").is_file():
                return None
            if not path.endswith("/"):
                return Found(301, TYPES[".txt"], b"", quote(f"{path}/"))
            place /= "index.html"
        elif path.endswith("/"):
            return None
        return Found(200, kind_of(place), place.read_bytes()) if _plain(place) else None

    def _missing(self) -> Found:
        page = self.root / "404.html"
        if _plain(page):
            return Found(404, TYPES[".html"], page.read_bytes())
        return Found(404, TYPES[".txt"], b"There is nothing at this address.\n")


def kind_of(place: Path) -> str:
    """The content type of a file of the site, by its name."""
    return FEEDS.get(place.name) or TYPES.get(place.suffix, "application/octet-stream")


def _plain(place: Path) -> bool:
    return place.is_file() and not place.is_symlink()


def _path(target: str) -> str | None:
    """The path that `target` names, decoded; None for one that no page of a site can have."""
    raw = target.partition("#")[0].partition("?")[0]
    try:
        path = unquote(raw, errors="strict")
    except UnicodeDecodeError:
        return None
    first, *parts = path.split("/")
    if first or not parts or _STRANGE.search(path) or any(part.startswith(".") for part in parts):
        return None
    return path if all(parts[:-1]) else None  # "//host" would be a redirect to another site
