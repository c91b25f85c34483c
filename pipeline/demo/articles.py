"""The bundled sample as values: outlets, articles in all their versions, and the link board.

Files are described in pipeline/demo/sample/README.md. Everything is written for the project; nothing is real.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "sample"
NIGHTS = tuple(datetime(2026, 3, day, 22, 0, tzinfo=UTC) for day in (3, 4, 5))


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who publishes, where, and in which shape its feed comes: rss, atom, json or dead."""

    key: str
    name: str
    host: str
    feed: str
    entry: str = "summary"
    lang: str = "en"

    @property
    def address(self) -> str:
        """Address of the feed."""
        return f"http://{self.host}/{'feed.json' if self.feed == 'json' else 'feed.xml'}"


@dataclass(frozen=True, slots=True)
class Article:
    """One version of an article. `body` is paragraphs, or HTML as it stands when `raw`."""

    outlet: str
    slug: str
    title: str
    published: datetime
    visible: datetime  # when this version replaced the one before it
    author: str
    body: tuple[str, ...]
    raw: bool = False

    @property
    def path(self) -> str:
        """Path of its page; the day is that of the first version."""
        return f"/{self.published:%Y/%m/%d}/{self.slug}"


@dataclass(frozen=True, slots=True)
class Sample:
    """Everything the demo server can show, in order of time."""

    outlets: Mapping[str, Outlet]
    articles: tuple[Article, ...]
    board_host: str
    board: tuple[Mapping[str, Any], ...]

    def hosts(self) -> tuple[str, ...]:
        """All host names, sorted."""
        return tuple(sorted({outlet.host for outlet in self.outlets.values()} | {self.board_host}))

    def shown(self, outlet: str, now: datetime) -> tuple[Article, ...]:
        """What `outlet` shows at `now`: the latest version of each article, newest article first."""
        latest = {a.slug: a for a in self.articles if a.outlet == outlet and a.visible <= now}
        return tuple(sorted(latest.values(), key=lambda a: (a.published, a.slug), reverse=True))


def load(folder: Path = FOLDER) -> Sample:
    """Read the sample. A malformed file is a mistake of ours and raises whatever the parser raises."""
    outlets = {key: Outlet(key=key, **entry) for key, entry in tomllib.loads(_read(folder / "outlets.toml")).items()}
    files = {path.stem: _split(_read(path)) for path in sorted((folder / "articles").glob("*.md"))}
    articles = [_article(meta, text, files) for meta, text in files.values()]
    articles += [_quiet(json.loads(line)) for line in _read(folder / "history.jsonl").splitlines()]
    board = json.loads(_read(folder / "board.json"))
    return Sample(
        outlets=outlets,
        articles=tuple(sorted(articles, key=lambda a: (a.visible, a.outlet, a.slug))),
        board_host=board["host"],
        board=tuple(sorted(board["items"], key=lambda item: int(item["id"]))),
    )


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _split(text: str) -> tuple[dict[str, Any], str]:
    """TOML between the two `+++` lines, and the text after them."""
    _, meta, body = text.split("+++\n", 2)
    return tomllib.loads(meta), body.strip()


def _article(meta: Mapping[str, Any], text: str, files: Mapping[str, tuple[dict[str, Any], str]]) -> Article:
    """An article; a copy takes text and author of the file it names."""
    if "copy_of" in meta:
        original, text = files[meta["copy_of"]]
        meta = {"author": original["author"], **meta}
    raw = bool(meta.get("raw", False))
    return Article(
        outlet=meta["outlet"],
        slug=meta["slug"],
        title=meta["title"],
        published=meta["published"],
        visible=meta.get("updated", meta["published"]),
        author=meta.get("author", ""),
        body=(text,) if raw else tuple(part.strip() for part in text.split("\n\n")),
        raw=raw,
    )


def _quiet(row: Mapping[str, str]) -> Article:
    """A short item of the quiet month."""
    published = datetime.fromisoformat(row["published"])
    slug = re.sub(r"[^a-z0-9]+", "-", row["title"].lower()).strip("-")[:60].strip("-")
    return Article(row["outlet"], slug, row["title"], published, published, "", (row["text"],))
