"""Ingest beside another feed reader: 500 feeds of a loopback server, both in one run, feeds per second as a ratio.

    pip install reader sgmllib3k          # github.com/lemon24/reader (BSD), for this benchmark alone, and what it needs
    python benchmarks/ingest.py [--feeds 500] [--latency 50] [--items 20 40] [--workers 8 16 32 64] [--json]

A server in a process of its own answers every request after `--latency` milliseconds. A tenth of the feeds fail (500,
404 or a dropped connection). The second pass finds a third of the feeds unchanged (304 to whoever kept the ETag) and
two new items on top of each other one. Each contestant runs in a fresh process and a fresh folder, with its store:
Citewire as at night (`App.ingest`, default settings but no full text: workers start inside the first pass), reader with
each number of `--workers`, of which the best one of each pass counts. Citewire is told 500 host names, which
`pipeline/fetch/loopback.py` carries to the server, because it asks a host one thing at a time; reader knows no such
rule and gets all feeds at one address, where it may keep its connections open.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import json
import multiprocessing
import random
import resource
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from html import escape
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

NOW = datetime(2026, 5, 4, 6, tzinfo=UTC)
HOST = "outlet{}.example"
_SPAWN = multiprocessing.get_context("spawn")
_WORDS = (
    "harbour quay grid council minister company port budget vote report court river bridge school power turbine cable "
    "market price plan delay permit union strike ferry storm region rail tax fund study lake hospital farm city said "
    "on Monday after the a of to in will not been had that with for by from under over new old first last three"
).split()


# --- the server ------------------------------------------------------------------------------------------------------


class Feeds:
    """What the feeds say in each pass. Deterministic."""

    def __init__(self, items: tuple[int, int]) -> None:
        self._items = items

    @cache  # noqa: B019  one object for the life of a server process
    def body(self, feed: int, fresh: int) -> bytes:
        """Feed number `feed` with `fresh` more items than on the first night, newest first; every fourth is Atom."""
        size = random.Random(feed).randint(*self._items)  # noqa: S311
        items = [self._item(feed, number) for number in range(size + fresh, fresh, -1)]
        atom = feed % 4 == 0
        wrap = _atom if atom else _rss
        return wrap(feed, items).encode()

    def _item(self, feed: int, number: int) -> dict[str, str]:
        chance = random.Random(feed * 10_000 + number)  # noqa: S311
        length, words = chance.randint(300, 1000), [f"Desk{feed} {number}:"]
        while sum(map(len, words)) + len(words) < length:
            words.append(chance.choice(_WORDS))
        half = len(words) // 2
        return {
            "title": " ".join(chance.choices(_WORDS, k=9)).capitalize() + f" {feed}-{number}",
            "url": f"http://{HOST.format(feed)}/news/{number}.html?utm_source=feed",
            "html": f'<p>{" ".join(words[:half])} &amp; <a href="/more">more</a>.</p><p>{" ".join(words[half:])}.</p>',
            "at": (NOW - timedelta(hours=50 - number)).isoformat(),
            "rfc": format_datetime(NOW - timedelta(hours=50 - number)),
        }


def _rss(feed: int, items: Sequence[dict[str, str]]) -> str:
    inner = "".join(
        f"<item><title>{one['title']}</title><link>{escape(one['url'])}</link><guid>{escape(one['url'])}</guid>"
        f"<pubDate>{one['rfc']}</pubDate><dc:creator>Ada Quay</dc:creator><category>News</category>"
        f"<description>{escape(one['html'])}</description></item>\n"
        for one in items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>Outlet {feed}</title><link>http://{HOST.format(feed)}/</link><language>en</language>\n"
        f"<description>News</description>{inner}</channel></rss>"
    )


def _atom(feed: int, items: Sequence[dict[str, str]]) -> str:
    inner = "".join(
        f'<entry><id>{escape(one["url"])}</id><title>{one["title"]}</title><link href="{escape(one["url"])}"/>'
        f"<published>{one['at']}</published><updated>{one['at']}</updated><author><name>Ada Quay</name></author>"
        f'<content type="html">{escape(one["html"])}</content></entry>\n'
        for one in items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">'
        f"<title>Outlet {feed}</title><id>urn:outlet:{feed}</id><updated>{items[0]['at']}</updated>"
        f'<link href="http://{HOST.format(feed)}/"/>{inner}</feed>'
    )


class Server:
    """HTTP/1.1 with kept-open connections. `/N.xml` is a feed, `/pass/P` begins pass P."""

    def __init__(self, feeds: Feeds, latency: float) -> None:
        self._feeds, self._latency, self._pass = feeds, latency, 1

    async def serve(self, ready: Connection) -> None:
        """Tell the port to `ready` and answer until the process is ended."""
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0, backlog=2048)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    async def _talk(self, incoming: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head, *lines = (await incoming.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                named = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
                reply = self._reply(head.split(" ")[1], named)
                await asyncio.sleep(self._latency)
                if reply is None:
                    break
                outgoing.write(reply)
                await outgoing.drain()
        outgoing.close()

    def _reply(self, path: str, headers: dict[str, str]) -> bytes | None:
        if path.startswith("/pass/"):
            self._pass = int(path.removeprefix("/pass/"))
            return _message("200 OK", b"ok")
        if not path.endswith(".xml"):
            return _message("404 Not Found", b"")
        feed = int(path.strip("/").removesuffix(".xml"))
        if feed % 10 == 7:
            return (_message("500 Oops", b""), _message("404 Not Found", b""), None)[feed // 10 % 3]
        body = self._feeds.body(feed, 0 if feed % 3 == 0 else 2 * (self._pass - 1))
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if headers.get("if-none-match") == tag:
            return _message("304 Not Modified", b"", ETag=tag)
        kind = "application/atom+xml" if feed % 4 == 0 else "application/rss+xml"
        return _message("200 OK", body, ETag=tag, Content_Type=f"{kind}; charset=utf-8")


def _message(status: str, body: bytes, **headers: str) -> bytes:
    named = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status}\r\n{named}Content-Length: {len(body)}\r\n\r\n".encode() + body


def serve(ready: Connection, items: tuple[int, int], latency: float, count: int) -> None:
    """The server's process. Bodies are made before the first request."""
    feeds = Feeds(items)
    for feed in range(count):
        for fresh in (0, 2):
            feeds.body(feed, fresh)
    asyncio.run(Server(feeds, latency).serve(ready))


# --- the contestants -------------------------------------------------------------------------------------------------


def citewire(told: Connection, port: int, count: int, _: int) -> None:
    """Two passes of Citewire's first stage."""
    from pipeline.app import make_app  # noqa: PLC0415  each contestant's process holds its own parts only
    from pipeline.fetch import HttpFetcher  # noqa: PLC0415
    from pipeline.fetch.loopback import Loopback  # noqa: PLC0415
    from pipeline.settings import parse  # noqa: PLC0415

    route = Loopback([HOST.format(feed) for feed in range(count)], port)
    sources = "".join(
        f'[[source]]\nname = "Outlet {feed}"\nkind = "feed"\naddress = "http://{HOST.format(feed)}/{feed}.xml"\n'
        for feed in range(count)
    )
    with tempfile.TemporaryDirectory(prefix="citewire-bench-") as folder:
        text = '[ingest]\nfull_text = false\n[[beat]]\nname = "World"\ndescription = "News."\n' + sources
        settings = parse(text, root=Path(folder), file="benchmark")
        own = settings.ingest.model_copy(update={"allow_private": route.allowed()})
        settings = settings.model_copy(update={"ingest": own})
        fetcher = HttpFetcher(settings.ingest, resolve=route.resolve, dial=route)
        with contextlib.closing(make_app(settings, fetcher=fetcher)) as app:

            def night(number: int) -> dict[str, int]:
                report = app.ingest(NOW + timedelta(days=number - 1))
                return {"items": report.made, "failed": len(report.failures)}

            _race(told, port, night)
        fetcher.close()


def reader(told: Connection, port: int, count: int, workers: int) -> None:
    """Two passes of reader's update."""
    import logging  # noqa: PLC0415

    from reader import make_reader  # noqa: PLC0415

    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="reader-bench-") as folder, make_reader(f"{folder}/db.sqlite") as desk:
        for feed in range(count):
            desk.add_feed(f"http://127.0.0.1:{port}/{feed}.xml")

        def update(_: int) -> dict[str, int]:
            results = [value for _, value in desk.update_feeds_iter(workers=workers, scheduled=False)]
            new = sum(value.new for value in results if value and not isinstance(value, Exception))
            return {"items": new, "failed": sum(isinstance(value, Exception) for value in results)}

        _race(told, port, update)


def _race(told: Connection, port: int, one_pass: Callable[[int], dict[str, int]]) -> None:
    """Run both passes and tell the seconds of each, and the memory at the end."""
    passes = []
    for number in (1, 2):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/pass/{number}") as reply:
            reply.read()
        began, cpu = time.perf_counter(), time.process_time()
        found = one_pass(number)
        passes.append({"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu, **found})
    own, children = (
        resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    told.send({"passes": passes, "self_mib": own, "children_mib": children})


def run(target: Callable[..., None], *args: object) -> Any:
    """What `target` tells from a process of its own."""
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=target, args=(theirs, *args))
    process.start()
    theirs.close()
    try:
        return ours.recv()
    finally:
        process.join()


@contextlib.contextmanager
def serving(items: tuple[int, int], latency: float, count: int) -> Any:
    """A server in a process of its own; gives its port."""
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=serve, args=(theirs, items, latency, count), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.kill()
        process.join()


def measure(feeds: int, latency: float, items: tuple[int, int], workers: Sequence[int]) -> dict[str, Any]:
    """Both contestants on one server; `ratio` is our feeds per second over reader's best, per pass."""
    with serving(items, latency, feeds) as port:
        ours = run(citewire, port, feeds, 0)
        others = {number: run(reader, port, feeds, number) for number in workers}
    ratios = [
        min(other["passes"][n]["seconds"] for other in others.values()) / ours["passes"][n]["seconds"]
        if others
        else None
        for n in range(2)
    ]
    return {"feeds": feeds, "citewire": ours, "reader": others, "ratio": ratios}


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description="Time ingest beside lemon24/reader.")
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--latency", type=float, default=50, help="milliseconds")
    parser.add_argument("--items", type=int, nargs=2, default=(20, 40), help="fewest and most per feed")
    parser.add_argument(
        "--workers", type=int, nargs="*", default=(8, 16, 32, 64), help="reader's; none: Citewire alone"
    )
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    figures = measure(asked.feeds, asked.latency / 1000, tuple(asked.items), asked.workers)
    if asked.json:
        print(json.dumps(figures))
        return
    print(f"{'':22} {'pass':>5} {'seconds':>8} {'feeds/s':>8} {'cpu':>7} {'new items':>10} {'failed':>7} {'MiB':>6}")
    rows = {"citewire": figures["citewire"], **{f"reader, {n} workers": one for n, one in figures["reader"].items()}}
    for name, one in rows.items():
        for number, row in enumerate(one["passes"], 1):
            print(
                f"{name:22} {number:5} {row['seconds']:8.2f} {asked.feeds / row['seconds']:8.1f} {row['cpu']:7.2f} "
                f"{row['items']:10} {row['failed']:7} {one['self_mib']:6}"
            )
    for number, ratio in enumerate(figures["ratio"], 1):
        print(f"pass {number}: {ratio:.2f} times reader's best" if ratio else f"pass {number}: reader not run")


if __name__ == "__main__":
    main()
