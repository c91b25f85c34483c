"""What an editor of a desk changes while looking at its site: the configuration and the templates."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


class Watched:
    """Files, and folders with all in them, asked now and then whether anything was edited, added or removed."""

    def __init__(self, places: Iterable[Path]) -> None:
        self._places = tuple(places)
        self._seen = self._state()

    def changed(self) -> bool:
        """Whether anything changed since the last question, or since the beginning."""
        before, self._seen = self._seen, self._state()
        return self._seen != before

    def _state(self) -> frozenset[tuple[str, int, int]]:
        found = set()
        for place in self._places:
            for path in (place, *sorted(place.rglob("*"))) if place.is_dir() else (place,):
                try:
                    stat = path.stat()
                except OSError:
                    continue  # an editor is replacing it at this moment
                if path.is_file():
                    found.add((str(path), stat.st_mtime_ns, stat.st_size))
        return frozenset(found)
