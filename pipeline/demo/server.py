"""A loopback web server that is all of the sample's outlets at once, as they stood on a given night.

The Host header says which outlet is meant; `now` decides what exists already. Unchanged feeds answer 304, the dead
outlet answers 500, and the link board speaks both dialects of the Hacker News API (Firebase and Algolia).
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from pipeline.demo import pages
from pipeline.demo.articles import Outlet, Sample

Answer = tuple[int, str, bytes]
JSON = "application/json; charset=utf-8"
NOT_FOUND: Answer = (404, "text/html; charset=utf-8", b"<!doctype html><title>Not found</title><h1>Not found</h1>")
BROKEN: Answer = (500, "text/plain; charset=utf-8", b"internal server error\n")
ROBOTS: Answer = (200, "text/plain; charset=utf-8", b"User-agent: *\nDisallow: /account/\n")


def answer(sample: Sample, host: str, target: str, now: datetime) -> Answer:
    """(status, content type, body) that `host` gives for `target` at `now`. Pure."""
    path = urlsplit(target).path
    if host == sample.board_host:
        return ROBOTS if path == "/robots.txt" else _board(sample, target, now)
    outlet = next((o for o in sample.outlets.values() if o.host == host), None)
    if outlet is None:
        return NOT_FOUND
    if outlet.feed == "dead":
        return BROKEN
    return ROBOTS if path == "/robots.txt" else _outlet(sample, outlet, path, now)


def _outlet(sample: Sample, outlet: Outlet, path: str, now: datetime) -> Answer:
    articles = sample.shown(outlet.key, now)
    if path == urlsplit(outlet.address).path:
        kind, document = pages.feed(outlet, articles, now)
        return 200, kind, document.encode()
    for article in articles:
        if article.path == path:
            others = [other for other in articles if other is not article]
            return 200, "text/html; charset=utf-8", pages.page(outlet, article, others).encode()
    return NOT_FOUND


# --- the link board --------------------------------------------------------------------------------------------------


def _board(sample: Sample, target: str, now: datetime) -> Answer:
    parts = urlsplit(target)
    items = {int(item["id"]): item for item in sample.board if _when(item) <= now}
    stories = sorted((i for i in items.values() if i["type"] == "story"), key=lambda i: (-int(i["score"]), i["id"]))
    if parts.path in ("/v0/topstories.json", "/v0/beststories.json"):
        return _json([item["id"] for item in stories])
    if parts.path == "/v0/newstories.json":
        return _json(sorted((item["id"] for item in stories), reverse=True))
    if parts.path == "/v0/maxitem.json":
        return _json(max(items, default=0))
    if found := re.fullmatch(r"/v0/item/(\d+)\.json", parts.path):
        item = items.get(int(found[1]))
        return _json(_firebase(item, items) if item else None)
    if parts.path in ("/api/v1/search", "/api/v1/search_by_date"):
        return _json(_search(items, {key: values[-1] for key, values in parse_qs(parts.query).items()}))
    return NOT_FOUND


def _when(item: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(item["time"])


def _firebase(item: Mapping[str, Any], items: Mapping[int, Any]) -> dict[str, Any]:
    """An item of the Firebase dialect; replies that do not exist yet are left out."""
    shown = {**item, "time": int(_when(item).timestamp())}
    if "kids" in item:
        shown["kids"] = [kid for kid in item["kids"] if kid in items]
    return shown


def _search(items: Mapping[int, Mapping[str, Any]], query: Mapping[str, str]) -> dict[str, Any]:
    """An answer of the Algolia dialect: any word of the query, one kind of tag, times above a bound, newest first."""
    words = re.findall(r"\w+", query.get("query", "").lower())
    kinds = re.findall(r"story|comment", query.get("tags", "")) or ["story", "comment"]
    bound = re.search(r"created_at_i>=?(\d+)", query.get("numericFilters", ""))
    since = int(bound[1]) if bound else 0
    found = []
    for item in sorted(items.values(), key=lambda i: (i["time"], i["id"]), reverse=True):
        text = f"{item.get('title', '')} {item.get('text', '')} {item.get('url', '')}".lower()
        if item["type"] in kinds and _when(item).timestamp() >= since and all(word in text for word in words):
            found.append(_hit(item, items))
    size, number = int(query.get("hitsPerPage", "20")), int(query.get("page", "0"))
    pages_there = -(-len(found) // size) if size else 0
    hits = found[number * size : (number + 1) * size]
    return {"hits": hits, "nbHits": len(found), "page": number, "nbPages": pages_there, "hitsPerPage": size}


def _hit(item: Mapping[str, Any], items: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    story = items.get(int(item.get("parent", item["id"])), item)
    comment = item["type"] == "comment"
    return {
        "objectID": str(item["id"]),
        "created_at": item["time"],
        "created_at_i": int(_when(item).timestamp()),
        "author": item["by"],
        "title": item.get("title"),
        "url": item.get("url"),
        "points": item.get("score"),
        "num_comments": item.get("descendants"),
        "story_id": story["id"],
        "story_title": story.get("title"),
        "story_url": story.get("url"),
        "parent_id": item.get("parent"),
        "story_text": None if comment else item.get("text"),
        "comment_text": item.get("text") if comment else None,
        "_tags": [item["type"], f"author_{item['by']}", f"story_{story['id']}"],
    }


def _json(value: object) -> Answer:
    return 200, JSON, json.dumps(value, ensure_ascii=False).encode()


# --- the server ------------------------------------------------------------------------------------------------------


class SampleServer:
    """Serves `sample` on a free loopback port while the context is open; set `now` between nights."""

    def __init__(self, sample: Sample, now: datetime) -> None:
        self.sample, self.now = sample, now
        self.requests: list[tuple[str, str, int]] = []  # host, target, status: what was asked, for tests
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        """The port that was free."""
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is no news."""


def _handler(owner: SampleServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host = (self.headers.get("Host") or "").partition(":")[0].lower()
            status, kind, body = answer(owner.sample, host, self.path, owner.now)
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            if status == 200 and self.headers.get("If-None-Match") == etag:
                status, body = 304, b""
            owner.requests.append((host, self.path, status))
            self.send_response(status)
            if status in (200, 304):
                self.send_header("ETag", etag)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def date_time_string(self, timestamp: float | None = None) -> str:
            """The sample's own clock."""
            return format_datetime(owner.now, usegmt=True)

        def log_message(self, *_: object) -> None:
            """Say nothing: the demo prints what the stages did."""

    return Handler
