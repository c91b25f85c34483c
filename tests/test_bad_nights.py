"""Whole nights among bad sources: one clear line for each, the good one published, and made up for when they mend.

Every way in which a source can be bad stands beside one good feed in one desk; two nights run through the command line
in a process of their own. The first meets them bad, the second mended.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import papers
import pytest
from desk import rss, rss_item
from hostile import Chunks, HostileServer, Request, Route, reply
from pytest_httpserver import HTTPServer

from pipeline.cli import main
from pipeline.stores import open_store

FIRST, SECOND = "2026-05-04T02:00:00Z", "2026-05-05T02:00:00Z"
ROOT = Path(__file__).parent.parent
MEMORY = 400 << 20  # bytes that the whole night may take; it is about 150 MB without any bad source
GOOD = "Harbour papers"
PATIENCE = 1.0  # seconds


def item(number: int, text: str = "", *, link: str = "", guid: str = "", date: str = "") -> str:
    """One item of a feed that is, or was, bad."""
    named = {"guid": guid or None, "text": text or f"The ferry of line {number} was repaired by the yard on Sunday."}
    found = rss_item(number, **named, date=date or "Sun, 03 May 2026 10:00:00 GMT")  # type: ignore[arg-type]
    return found.replace(f"https://harbour.example/page/{number}", link) if link else found


def good_feed() -> bytes:
    """The papers' reports as one feed, which says whose each of them is."""
    return reply(
        rss(
            f"<item><guid isPermaLink='false'>{n}</guid><title>{title}</title><description>{text}</description>"
            f"<pubDate>Sun, 03 May 2026 {8 + n:02}:00:00 GMT</pubDate>"
            f'<source url="https://{paper.lower().replace(" ", "-")}.example/feed">{paper}</source></item>'
            for n, (paper, _, title, text) in enumerate(papers.ROWS)
        ),
        Content_Type="application/rss+xml; charset=utf-8",
    )


def drip(_: Request) -> Chunks:
    yield b"HTTP/1.1 200 OK\r\n\r\n"
    while True:
        yield b"<"
        time.sleep(0.05)


def bomb(_: Request) -> Chunks:
    """A gibibyte of zeros, gzipped: a full flush makes every block's bytes the same, so one is enough to repeat."""
    yield b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: application/rss+xml\r\n\r\n"
    packed, block = zlib.compressobj(9, wbits=31), bytes(8 << 20)
    yield packed.compress(block) + packed.flush(zlib.Z_FULL_FLUSH)
    again = packed.compress(block) + packed.flush(zlib.Z_FULL_FLUSH)
    for _ in range(127):
        yield again


def big_page(_: Request) -> Chunks:
    yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<!doctype html><html><body>"
    for _ in range(200):
        yield b"<p>The ferry sails again.</p>\n" * 3500


@dataclass(frozen=True)
class Case:
    """One bad source: what it serves, what the report must say of it, and how many records each night gives."""

    name: str
    route: Route | None
    said: tuple[str, ...]
    failed: bool = True
    first: int = 0
    second: int = 1
    marker: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "marker", self.marker or self.name)


LATIN = rss([item(7, "Die Fähre über den Öresund fährt wieder, sagte der Kapitän Jürgen Groß am Sonntag.")])
CASES = (
    Case("Closed port", None, ("cannot be reached", "Connection refused")),
    Case("Not found", reply("gone", "404 Not Found"), ("404", "address")),
    Case("Server error", reply("oops", "500 Internal Server Error"), ("500",)),
    Case("Drip", drip, (f"timed out after {PATIENCE:g} s",)),
    Case("Empty reply", reply(""), ("empty where a feed should be",)),
    Case("Empty feed", reply(rss([])), ("holds no item",), failed=False),
    Case("Login page", reply("<!doctype html><html><body>Log in</body></html>"), ("HTML page where a feed should be",)),
    Case("Broken XML", reply("<rss><channel><item><title>Fer"), ("XML is broken",)),
    Case(
        "Half broken",
        reply(rss([item(5)]).replace("</channel></rss>", "<item><title>x & <b>")),
        ("XML is broken", "entries could be read"),
        failed=False,
        first=1,
        second=2,
    ),
    Case(
        "Wrong charset",
        reply(LATIN.encode("latin-1"), Content_Type="application/rss+xml; charset=utf-8"),
        ("charset", "utf-8"),
        failed=False,
        first=1,
        second=2,
    ),
    Case("Gzip bomb", bomb, ("200-fold",)),
    Case("Big page", b"", ("0 of 1 pages", "larger than 5 MiB"), failed=False, first=1, second=2, marker="5 MiB"),
    Case(
        "Same id twice",
        reply(rss([item(31, guid="same"), item(31, guid="same"), item(33)])),
        ("same id twice",),
        failed=False,
        first=2,
        second=3,
    ),
    Case(
        "Odd dates",
        reply(
            rss(
                [
                    item(41, date="Thu, 01 Jan 1970 00:00:00 GMT"),
                    item(42, date="Thu, 01 Jan 2099 00:00:00 GMT"),
                    item(43),
                ]
            )
        ),
        ("2 without a date",),
        failed=False,
        first=3,
        second=4,
    ),
    Case(
        "Only markup",
        reply(
            rss(
                [
                    "<item><guid>m</guid><description>&lt;img src=x&gt;&lt;script&gt;x()&lt;/script&gt;"
                    "</description></item>",
                    item(51),
                ]
            )
        ),
        ("only markup",),
        failed=False,
        first=1,
        second=2,
    ),
    Case("Unknown kind", None, ("fed", "did you mean 'feed'")),
)


@dataclass
class Night:
    """What one call of the command line came to."""

    code: int
    report: dict[str, Any]
    lines: list[str]
    memory: int
    seconds: float

    @property
    def ingest(self) -> dict[str, Any]:
        """The report of the first stage."""
        return next(stage for stage in self.report["stages"] if stage["stage"] == "ingest")


# A process inherits the peak of the one that starts it, and a test process may have held much: a small one between.
MEASURED = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[2:]).returncode
with open(sys.argv[1], "w") as peak:
    peak.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code)
"""


def run(config: Path, now: str, *more: str) -> Night:
    """One night in a process of its own, whose peak memory is taken."""
    peak = config.parent / "peak"
    command = [sys.executable, "-m", "pipeline", "run", "--config", str(config), "--now", now, "--json", *more]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(peak), *command],
        env=env,
        cwd=config.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    memory = int(peak.read_text(encoding="utf-8")) * (1024 if sys.platform != "darwin" else 1)
    return Night(done.returncode, json.loads(done.stdout), done.stderr.splitlines(), memory, time.monotonic() - began)


def configuration(addresses: dict[str, str], allowed: list[str], kinds: dict[str, str]) -> str:
    """A desk on these feeds, with little patience; only the feed with the big page has its pages read."""
    head = papers.CONFIG.partition("[[source]]")[0]
    ingest = f"[ingest]\npace = 0\ntimeout = {PATIENCE}\nparse_timeout = 10\nallow_private = {json.dumps(allowed)}\n"
    sources = [
        f'[[source]]\nname = "{name}"\nkind = "{kinds.get(name, "feed")}"\naddress = "{address}"\n'
        f"full_text = {json.dumps(name == 'Big page')}\n"
        for name, address in addresses.items()
    ]
    return "\n".join([head, ingest, *sources])


@dataclass
class Desk:
    """What is left of the desk after its nights."""

    first: Night
    strict: Night
    second: Night
    stored: tuple[dict[str, list[str]], ...]  # titles by source after each night
    sites: tuple[dict[str, bytes], ...]


def stored(config: Path) -> dict[str, list[str]]:
    """Titles of the stored records, by source."""
    store = open_store(config.parent / "output" / "citewire.db")
    try:
        found: dict[str, list[str]] = {}
        for record in store.records_between(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)):
            found.setdefault(record.source, []).append(record.title)
        return found
    finally:
        store.close()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


def mended(case: Case, number: int) -> Route:
    """What a bad source serves once it is well: all it meant to say before, and one item more."""
    old = [item(10 * number + n, guid=f"old{n}") for n in range(case.second - case.first - 1)]
    body = case.route if isinstance(case.route, bytes) and not case.failed and case.first else b""
    kept = re.findall(r"<item>.*?</item>", body.decode("latin-1").partition("\r\n\r\n")[2], re.S)
    return reply(rss([*kept, *old, item(10 * number + 9)]), Content_Type="application/rss+xml; charset=utf-8")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    config = tmp_path_factory.mktemp("desk") / "citewire.toml"
    dead = free_port()
    with HostileServer({"/good": good_feed()}) as server:
        addresses = {GOOD: f"{server.url}/good"}
        for case in CASES:
            path = "/" + case.name.lower().replace(" ", "-")
            addresses[case.name] = server.url + path
            if case.route is not None:
                server.routes[path] = case.route
        addresses["Closed port"] = f"http://127.0.0.1:{dead}/feed"
        server.routes["/big-page"] = reply(rss([item(9, link=f"{server.url}/big")]))
        server.routes["/big"] = big_page
        allowed = [server.place, f"127.0.0.1:{dead}"]
        config.write_text(configuration(addresses, allowed, {"Unknown kind": "fed"}), encoding="utf-8")
        nights, kept, sites = [], [], []
        for now, more in ((FIRST, ()), (FIRST, ("--strict",)), (SECOND, ())):
            if now == SECOND:
                for number, case in enumerate(CASES, 1):
                    server.routes[urlsplit(addresses[case.name]).path] = mended(case, number)
                config.write_text(configuration(addresses, allowed, {}), encoding="utf-8")
                with HostileServer({"/feed": mended(CASES[0], 1)}, port=dead):
                    nights.append(run(config, now, *more))
            else:
                nights.append(run(config, now, *more))
            kept.append(stored(config))
            sites.append(papers.site(config.parent))
        yield Desk(nights[0], nights[1], nights[2], tuple(kept), tuple(sites))


each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@each_case
def test_each_bad_source_has_one_line_that_says_what_and_why(desk: Desk, case: Case) -> None:
    told = [line for line in desk.first.lines if f"{case.marker}: " in line]
    assert len(told) == 1, told
    for words in case.said:
        assert words in told[0]
    for noise in ("Error", "Errno", "<class", "object at"):
        assert noise not in told[0].replace("Server error", "")


@each_case
def test_what_can_be_read_of_a_bad_source_is_stored_and_the_rest_when_it_mends(desk: Desk, case: Case) -> None:
    counts = [len(night.get(case.name, ())) for night in desk.stored]
    assert counts == [case.first, case.first, case.second]
    assert not [line for line in desk.second.lines if f"failed: {case.name}" in line]


def test_exactly_the_failed_sources_fail(desk: Desk) -> None:
    failed = sorted(case.name for case in CASES if case.failed)
    assert [failure["subject"] for failure in desk.first.ingest["failures"]] == failed
    assert [failure["subject"] for failure in desk.strict.ingest["failures"]] == failed
    assert desk.second.ingest["failures"] == []


def test_the_good_source_is_stored_whole_and_published(desk: Desk) -> None:
    titles = sorted(title for _, _, title, _ in papers.ROWS)
    for night in desk.stored:
        assert sorted(night[GOOD]) == titles
    for site in desk.sites:
        assert any(b"240 million" in body for path, body in site.items() if path.endswith("/story.json"))
    assert desk.first.report["outcome"] == "published"


def test_the_night_ends_well_unless_it_is_told_to_be_strict(desk: Desk) -> None:
    assert [night.code for night in (desk.first, desk.strict, desk.second)] == [0, 3, 0]


def test_the_same_bad_night_again_adds_nothing_and_rewrites_nothing(desk: Desk) -> None:
    assert desk.stored[1] == desk.stored[0]
    assert desk.sites[1] == desk.sites[0]
    assert _timeless(desk.strict.ingest["failures"]) == _timeless(desk.first.ingest["failures"])


def _timeless(failures: list[dict[str, str]]) -> list[dict[str, str]]:
    """`failures` without how many bytes had come when the desk's patience with a slow source ended."""
    return [{key: re.sub(r"\d+ bytes", "some bytes", said) for key, said in failure.items()} for failure in failures]


def test_memory_and_time_stay_bounded(desk: Desk) -> None:
    """A gibibyte of zeros and a page of 20 MB came in; one process of each night is as large as it gets."""
    assert max(night.memory for night in (desk.first, desk.strict, desk.second)) < MEMORY
    assert desk.first.seconds < 60


def test_odd_dates_become_tonight(desk: Desk) -> None:
    line = next(line for line in desk.first.lines if "Odd dates: " in line)
    assert line.strip() == "Odd dates: 2 without a date that can be right, taken as of now"


# --- a model that answers nonsense -----------------------------------------------------------------------------------


def test_a_model_that_does_not_answer_in_json_costs_its_story_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], httpserver: HTTPServer
) -> None:
    said = {"role": "assistant", "content": "Here is a lovely story about turbines!"}
    answer = {"id": "x", "object": "chat.completion", "created": 1, "model": "small"}
    answer |= {"choices": [{"index": 0, "message": said, "finish_reason": "stop"}]}
    httpserver.expect_request("/v1/chat/completions", method="POST").respond_with_json(answer)
    served = f'[[model]]\nname = "openai"\nbase_url = "{httpserver.url_for("/v1")}"\n'
    write = f'\n[models]\nwrite = ["openai:small"]\n{served}'
    plain = papers.desk(tmp_path / "plain")
    config = papers.desk(tmp_path / "desk", config=papers.CONFIG + write)
    assert main(["run", "--config", str(plain), "--now", FIRST, "--quiet"]) == 0
    capsys.readouterr()
    assert main(["run", "--config", str(config), "--now", FIRST]) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if "failed: " in line]
    assert len(told) == 1
    assert "not the asked JSON" in told[0]
    assert "written by extraction instead" in told[0]
    assert len(httpserver.log) == 1
    stories = [
        [
            json.loads(body)["story"]
            for path, body in papers.site(folder).items()
            if path.startswith("stories/") and path.endswith("json")
        ]
        for folder in (tmp_path / "plain", tmp_path / "desk")
    ]
    assert len(stories[0]) == len(stories[1]) > 0
    for plain_story, story in zip(*stories, strict=True):
        assert (story["headline"], story["sections"]) == (plain_story["headline"], plain_story["sections"])
        assert story["writer"] == plain_story["writer"] == "extractive"


# --- a search that fails ---------------------------------------------------------------------------------------------


def test_a_failed_search_for_a_topic_is_told_and_says_nothing_of_its_source(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with HostileServer({"/v0/topstories.json": reply("[]"), "/api/search": reply("", "500 Oops")}) as server:
        more = (
            f'\n[ingest]\npace = 0\nallow_private = ["{server.place}"]\n[[topic]]\nquery = "gas turbines"\n'
            f'[[source]]\nname = "Board"\nkind = "hackernews"\naddress = "{server.url}/v0"\n'
            f'search = "{server.url}/api"\n'
        )
        config = papers.desk(tmp_path, config=papers.CONFIG + more)
        code = main(["run", "--config", str(config), "--now", FIRST])
    told = [line.strip() for line in capsys.readouterr().err.splitlines() if "Board" in line]
    assert code == 0
    assert len(told) == 1
    assert told[0].startswith('search for "gas turbines": Board: ')
    assert told[0].endswith("answered 500: its server has trouble (the search goes on without it)")
    assert main(["sources", "list", "--config", str(config), "--json"]) == 0
    health = {row["source"]["name"]: row["health"] for row in json.loads(capsys.readouterr().out)}
    assert (health["Board"]["ok"], health["Board"]["failures"]) == (True, 0)
