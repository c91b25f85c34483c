"""Thirty nights, three hundred sources, a new process every night: the servers of the web have nothing to complain of.

The real stage, store, adapter and fetcher; simulated are the clock and the names of the hosts. Every sixth night runs
twice, the second time at once after the first, as an impatient operator would have it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from desk import article, rss, rss_item
from polite import Answer, ScoringServer, SimulatedClock, StampingDial, Visit
from thorough import LONG

from pipeline.domain import Source, StageReport
from pipeline.engines.local import LocalEngine
from pipeline.fetch import HttpFetcher
from pipeline.ingest import ingest
from pipeline.settings import IngestSettings
from pipeline.sources import Tools, load
from pipeline.stores import open_store

START = datetime(2026, 5, 1, tzinfo=UTC)
NIGHTS, HOSTS, SOURCES = 30 if LONG else 10, 120, 300
PRELOAD = ("feedparser", "trafilatura", "pipeline.extract")
HOUR, DAY = 3600.0, 86400.0

# What is wrong with a host, by its number; all others are in order.
BUSY = range(8)  # answers 429 now and then
NO_PAGES = range(8, 18)  # robots.txt closes its pages to everybody
NOT_US = range(18, 22)  # robots.txt closes one of its feeds to us by name
UNREADABLE = range(22, 28)  # robots.txt answers 500
MOVED_INSIDE = range(28, 34)  # 301 to another path
MOVED_AWAY = range(34, 38)  # 301 to another domain
BROKEN = range(38, 46)  # 404, 500, 503 or a connection that ends without a word
SLOW = range(46, 52)  # robots.txt asks for 5 s between requests
CARRIED = range(52, 60)  # 302 to one host that carries many feeds
ELSEWHERE, CARRIER = "parked.example", "carrier.example"


def name(number: int) -> str:
    return f"outlet-{number}.example"


def number_of(host: str) -> int:
    """Of an outlet's host; -1 for the two others."""
    return int(host.removeprefix("outlet-").removesuffix(".example")) if host.startswith("outlet-") else -1


def source(number: int) -> Source:
    """Sources share hosts; every third links to pages that are read."""
    options = {} if number % 3 == 0 else {"full_text": False}
    return Source(f"s{number:03}", "feed", f"http://{name(number % HOSTS)}/feed/{number}", options=options)


def robots(host: int) -> Answer:
    if host in UNREADABLE:
        return Answer(500)
    if host in NO_PAGES:
        return Answer(200, b"User-agent: *\nDisallow: /page/\nDisallow: /feed/\n")
    if host in NOT_US:
        return Answer(200, f"User-agent: citewire\nDisallow: /feed/{host}$\n\nUser-agent: *\nAllow: /\n".encode())
    if host in SLOW:
        return Answer(200, b"User-agent: *\nCrawl-delay: 5\n")
    return Answer(404, b"nothing here")


def closed(visit: Visit) -> bool:
    """Whether robots.txt forbids this request, decided by hand and not by the reader's parser."""
    host, page = number_of(visit.host), visit.path.startswith("/page/")
    return (page and host in (*NO_PAGES, *UNREADABLE)) or (host in NOT_US and visit.path == f"/feed/{host}")


def pause(visit: Visit) -> float:
    """Seconds that the host wants between the last request and this one."""
    return 5.0 if number_of(visit.host) in SLOW and visit.path.startswith("/page/") else 1.0


def site(visit: Visit) -> Answer:
    host = number_of(visit.host)
    _, what, *rest = visit.path.split("/")
    if what == "robots.txt":
        return robots(host)
    if what == "page":
        return Answer(200, article(int(rest[0])).encode(), {"Content-Type": "text/html; charset=utf-8"})
    number, day = int(rest[0]), int(visit.left // DAY)
    return instead(host, number, what, visit.left) or feed(number, day)


def instead(host: int, number: int, what: str, second: float) -> Answer | None:
    """What is answered in place of a feed by hosts that have none there."""
    if host in BUSY and (int(second // DAY) + number) % 5 == 0:
        wait = (0.75 + host % 4 * 12) * HOUR  # 45 minutes to a day and a half
        said = str(int(wait)) if host % 2 else _date(second + wait)
        # A date says whole seconds only.
        return Answer(429, headers={"Retry-After": said, "Date": _date(second)}, wait=wait - 1)
    if host in MOVED_INSIDE and what == "feed":
        return Answer(301, b"gone over there", {"Location": f"/new/{number}"})
    if host in MOVED_AWAY:
        return Answer(301, headers={"Location": f"http://{ELSEWHERE}/feed/{number}"})
    if host in CARRIED:
        return Answer(302, headers={"Location": f"http://{CARRIER}/feed/{number}"})
    if host in BROKEN:
        return Answer((404, 500, 503, 502)[host % 4], b"oops", hang_up=host % 4 == 3)
    return None


def _date(second: float) -> str:
    return format_datetime(START + timedelta(seconds=second), usegmt=True)


def feed(number: int, day: int) -> Answer:
    """A feed that gains an item every ten days, and says so by an ETag, a date, or both."""
    born = [d for d in range(day + 1) if (d + number) % 10 == 0] or [0]
    items = [
        rss_item(
            number * 100 + d,
            f"http://{name(number % HOSTS)}",
            date=_date(d * DAY + HOUR),
        )
        for d in reversed(born)
    ]
    headers = {"Content-Type": "application/rss+xml"}
    if number % 3 != 1:
        headers["ETag"] = f'W/"{number}-{born[-1]}"'
    if number % 3 != 2:
        headers["Last-Modified"] = _date(born[-1] * DAY + HOUR)
    return Answer(200, rss(items).encode(), headers)


def night(
    path: Path, server: ScoringServer, clock: SimulatedClock, engine: LocalEngine, sources: int = SOURCES
) -> StageReport:
    """One process: what it knows of the nights before stands in the database."""
    dial = StampingDial((*map(name, range(HOSTS)), ELSEWHERE, CARRIER), server.port, clock)
    settings = IngestSettings(timeout=20, pace=1.0, allow_private=dial.allowed(), workers=2)
    fetcher = HttpFetcher(
        settings,
        resolve=dial.resolve,
        dial=dial,
        clock=clock,
        wall=clock.wall,
        sleep=clock.sleep,
        jitter=lambda: 0.5,
    )
    store = open_store(path)
    tools = Tools(fetcher, engine, settings)
    try:
        return ingest(
            store,
            [source(number) for number in range(sources)],
            adapters=lambda kind: load(kind, tools),
            fetcher=fetcher,
            engine=engine,
            settings=settings,
            now=clock.wall(),
        )
    finally:
        fetcher.close()
        store.close()


@pytest.mark.slow
def test_a_month_without_a_complaint(tmp_path: Path) -> None:
    clock = SimulatedClock(START)
    made = 0
    with (
        ScoringServer(site, closed, pause) as server,
        LocalEngine(workers=2, memory=1 << 30, cpu=20, preload=PRELOAD) as engine,
    ):
        for day in range(NIGHTS):
            clock.forward(START + timedelta(days=day, hours=6))
            for _ in range(2 if day % 6 == 0 else 1):
                made += night(tmp_path / "desk.db", server, clock, engine).made
                clock.forward(clock.wall() + timedelta(seconds=2))
    print(
        f"\n{NIGHTS} nights, {SOURCES} sources, {sum(server.asked.values()):,} requests: {len(server.faults)} impolite"
    )
    assert server.faults == []
    # And it did not do so by staying at home.
    assert made > 20 * NIGHTS
    assert server.asked["feed"] > 200 * NIGHTS
    assert server.asked["page"] > 5 * NIGHTS
    assert server.asked["robots"] > 70 * NIGHTS
    for status, least in {304: 150, 200: 26, 301: 3, 302: 10, 429: 1.3, 404: 33, 500: 1.6}.items():
        assert server.statuses[status] >= least * NIGHTS, status


def test_thirty_runs_in_an_impatient_hour(tmp_path: Path) -> None:
    clock = SimulatedClock(START)
    with ScoringServer(site, closed, pause) as server, LocalEngine(workers=1, preload=PRELOAD) as engine:
        for run in range(30):
            clock.forward(START + timedelta(days=1, minutes=2 * run))
            night(tmp_path / "desk.db", server, clock, engine, sources=12)
    assert server.faults == []
    assert server.statuses[200] <= 3 * 12  # robots.txt, the feed, its page: each once
    assert server.statuses[304] > 100
