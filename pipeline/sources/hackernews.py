"""Hacker News: its lists by the Firebase API, lists and questions by Algolia's search.

`address` is the base of the Firebase API ("https://hacker-news.firebaseio.com/v0") or an Algolia list (it contains
"/search"). Options: `list` (topstories, newstories, beststories, askstories, showstories), `limit` (items asked a
night), `search` (base of the Algolia API), `site` (base of discussion links).
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from pipeline import addresses, records
from pipeline.domain import Batch, Cursor, Record, Source, TextQuality
from pipeline.errors import FetchError, HttpStatus, ParseError
from pipeline.extract import fragment_text
from pipeline.sources import Tools, answers
from pipeline.sources.moments import from_seconds

PLATFORM = "Hacker News"
ALGOLIA = "https://hn.algolia.com/api/v1"
SITE = "https://news.ycombinator.com"
LIMIT = 60
REMEMBERED = 3000  # ids kept in the cursor; a list has at most 500
TROUBLE = 3  # failures in a row after which the rest waits for the next night
PATIENCE = 10  # times the timeout of one request that all items together may take
_BUSY = (429, 503)


@dataclass(frozen=True, slots=True)
class _Post:
    """One story, poll or comment, whichever API gave it."""

    id: str
    kind: str
    title: str
    html: str
    url: str
    author: str
    seconds: object
    points: object
    comments: object


class HackerNewsSource:
    """Adapter of kind "hackernews"."""

    links_to_pages = True

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
        """Items of the list that were not read before. Raises FetchError or ParseError."""
        if "/search" in source.address:
            posts, dropped = self._hits(source.address)
            found = self._records(posts, source, now, dropped)
            return Batch(found, cursor, dropped=dropped)
        return self._read_list(source, cursor, now)

    def search(self, source: Source, query: str, now: datetime, *, days: int, limit: int) -> Batch:
        """Stories that answer `query` in the last `days` days, best first. Raises FetchError or ParseError."""
        since = int((now - timedelta(days=days)).timestamp())
        asked = {
            "query": query,
            "tags": "story",
            "numericFilters": f"created_at_i>{since},created_at_i<={int(now.timestamp())}",
            "hitsPerPage": str(max(1, min(limit, 1000))),
        }
        posts, dropped = self._hits(f"{answers.base(source, 'search', ALGOLIA)}/search?{urlencode(asked)}")
        return Batch(self._records(posts, source, now, dropped), Cursor(), dropped=dropped)

    # --- Firebase (https://github.com/HackerNews/API) ----------------------------------------------------------------

    def _read_list(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
        base = source.address.rstrip("/")
        ids = self._get(f"{base}/{answers.base(source, 'list', 'topstories')}.json")
        if not isinstance(ids, list):
            raise ParseError(f"{base} gave a {type(ids).__name__} where a list of ids should be; check the address")
        before = _remembered(cursor)
        known = frozenset(before)
        fresh = [number for number in dict.fromkeys(ids) if type(number) is int and number not in known]
        asked = fresh[: min(_limit(source), self._tools.settings.max_new)]
        dropped = {"beyond the night's limit": len(fresh) - len(asked)} if len(fresh) > len(asked) else {}
        notes: list[str] = []
        items = self._items(base, asked, notes)
        gone = [number for number, item in items.items() if not _shown(item)]
        if gone:
            dropped["deleted or not a post"] = len(gone)
        posts = [_of_item(number, item) for number, item in items.items() if _shown(item)]
        found = self._records(posts, source, now, dropped)
        position = json.dumps([*items, *before][:REMEMBERED])
        return Batch(found, Cursor(position=position), dropped=dropped, notes=tuple(notes))

    def _items(self, base: str, asked: Sequence[int], notes: list[str]) -> dict[int, Any]:
        """Items by id; those that could not be had are left for the next night. Raises where none could."""
        items: dict[int, Any] = {}
        failed = 0
        until = time.monotonic() + PATIENCE * self._tools.settings.timeout
        for number in asked:
            if time.monotonic() > until:
                notes.append(f"{len(asked) - len(items)} items wait for the next night: its server is too slow")
                break
            try:
                items[number] = self._get(f"{base}/item/{number}.json")
                failed = 0
            except (FetchError, ParseError) as error:
                failed += 1
                busy = isinstance(error, HttpStatus) and error.status in _BUSY
                if not items and (busy or failed == TROUBLE):
                    raise
                if busy or failed == TROUBLE:
                    notes.append(f"{len(asked) - len(items)} items wait for the next night: {error}")
                    break
        return items

    # --- Algolia (https://hn.algolia.com/api) ------------------------------------------------------------------------

    def _hits(self, url: str) -> tuple[list[_Post], dict[str, int]]:
        answer = self._get(url)
        hits = answer.get("hits") if isinstance(answer, dict) else None
        if not isinstance(hits, list):
            raise ParseError(f"{url} gave no list of hits; check the address")
        posts = [_of_hit(hit) for hit in hits if isinstance(hit, dict) and hit.get("objectID")]
        return posts, ({"deleted or not a post": len(hits) - len(posts)} if len(posts) < len(hits) else {})

    # --- both --------------------------------------------------------------------------------------------------------

    def _get(self, url: str) -> Any:
        return answers.ask(self._tools, url)

    def _records(
        self, posts: Sequence[_Post], source: Source, now: datetime, dropped: dict[str, int]
    ) -> tuple[Record, ...]:
        """Records of `posts`; their HTML is read in a worker process."""
        limit = self._tools.settings.parse_timeout
        texts = list(self._tools.engine.map(fragment_text, [post.html for post in posts], timeout=limit))
        made: dict[str, Record] = {}
        for post, outcome in zip(posts, texts, strict=True):
            item = _item(post, outcome.value if isinstance(outcome.value, str) else "", source)
            record = records.record(item, source, now)
            rule = "only markup" if record is None else "same page twice" if record.id in made else None
            if rule:
                dropped[rule] = dropped.get(rule, 0) + 1
            elif record is not None:
                made[record.id] = record
        return tuple(made.values())


def _item(post: _Post, text: str, source: Source) -> records.Item:
    discussion = f"{answers.base(source, 'site', SITE)}/item?id={post.id}"
    link = addresses.safe(post.url) if post.url else None
    return records.Item(
        native_id=post.id,
        url=link or discussion,
        title=post.title,
        body=text,
        quality=TextQuality.FULL if link is None else TextQuality.SUMMARY,
        platform=PLATFORM,
        kind="comment" if post.kind == "comment" else "post",
        published=from_seconds(post.seconds),
        publisher=addresses.registrable(link) if link else PLATFORM,
        author=post.author if link is None else None,  # who posts a link did not write the page behind it
        lang="en",
        discussion_url=discussion,
        engagement={
            name: value for name, value in (("points", post.points), ("comments", post.comments)) if type(value) is int
        },
    )


def _of_item(number: int, item: Mapping[str, Any]) -> _Post:
    return _Post(
        id=str(number),
        kind=str(item.get("type")),
        title=answers.text(item, "title"),
        html=answers.text(item, "text"),
        url=answers.text(item, "url"),
        author=answers.text(item, "by"),
        seconds=item.get("time"),
        points=item.get("score"),
        comments=item.get("descendants"),
    )


def _of_hit(hit: Mapping[str, Any]) -> _Post:
    """A hit of 2014 (every field there, null) or of today (absent fields, `children`, `updated_at`)."""
    comment = bool(answers.text(hit, "comment_text"))
    return _Post(
        id=str(hit["objectID"]),
        kind="comment" if comment else "story",
        title="" if comment else answers.text(hit, "title"),
        html=answers.text(hit, "comment_text") if comment else answers.text(hit, "story_text"),
        url="" if comment else answers.text(hit, "url"),
        author=answers.text(hit, "author"),
        seconds=hit.get("created_at_i"),
        points=hit.get("points"),
        comments=hit.get("num_comments"),
    )


def _shown(item: object) -> bool:
    """Whether the item is there (not null) and neither dead, deleted nor an advertisement for a job."""
    if not isinstance(item, dict) or item.get("dead") or item.get("deleted"):
        return False
    return item.get("type") in ("story", "poll", "comment")


def _remembered(cursor: Cursor) -> list[int]:
    try:
        found = json.loads(cursor.position or "[]")
    except ValueError:
        return []
    return [number for number in found if type(number) is int] if isinstance(found, list) else []


def _limit(source: Source) -> int:
    limit = source.options.get("limit", LIMIT)
    return max(1, limit) if type(limit) is int else LIMIT
