"""A reader who asks all the time, while editions are published and their publishers killed, meets only whole editions.

The reader walks over HTTP as a browser would: a front page, and what it leads to. Python's own file server opens each
file through the served link, so that a swap can fall between any two of its answers; what must never happen is an
answer that is cut off, empty, missing, or of no edition at all, or a set of files read through one resolved release
that mixes two (deploying by rename cannot promise more: tests/publishing/test_release.py holds one release together).
"""

from __future__ import annotations

import contextlib
import http.client
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path

import pytest
from thorough import LONG

from pipeline.publishing import release

ROOT = Path(__file__).parents[2]
MANY, POLLS = (100, 100_000) if LONG else (10, 20)  # publishes, and answers that the readers get meanwhile
PAGES = 12
POINTS = ("publish.built", "publish.checked", "publish.written", "publish.renamed", "publish.swapped")
PUBLISHER = """
import sys, hashlib
sys.path[:0] = sys.argv[1:3]
from pathlib import Path
from killing import KillAt
from pipeline.publishing import release
output, number, point = Path(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
checkpoint = KillAt(point) if point else (lambda name: None)
before = release.served(output)
with release.draft(output, "2026-11-20", before, checkpoint) as draft:
    for n in range(12):
        body = f"<p>edition {number} page {n} {'x' * 4000} end {number}</p>".encode()
        path = "index.html" if n == 0 else f"pages/p{n}/index.html"
        draft.write(path, body, release.Kept(hashlib.sha256(body).hexdigest(), 0, 0))
    checkpoint("publish.built")
    checkpoint("publish.checked")
    draft.serve({"edition": "2026-11-20", "inputs": str(number)})
release.prune(output, 7)
"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and tells nobody."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes: with it each answer waits 40 ms for nothing

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextlib.contextmanager
def server(folder: Path) -> Iterator[int]:
    """The port of a file server over `folder`."""
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    try:
        yield httpd.server_port
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()


class Reader(threading.Thread):
    """Asks for one page after the other until it is told to stop; keeps everything that was wrong."""

    def __init__(self, port: int, output: Path) -> None:
        super().__init__(daemon=True)
        self.port, self.output = port, output
        self.wrong: list[str] = []
        self.editions: list[int] = []
        self.polls = 0
        self.done = threading.Event()

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        while not self.done.is_set():
            self.over_http(connection)
            self.one_release()
        connection.close()

    def over_http(self, connection: http.client.HTTPConnection) -> None:
        """Every page of the site, front page first: each whole, none older than the one before."""
        for n in range(PAGES):
            connection.request("GET", "/" if n == 0 else f"/pages/p{n}/index.html")
            answer = connection.getresponse()
            body = answer.read().decode()
            self.polls += 1
            if answer.status != 200 or not self.whole(body, n):
                self.wrong.append(f"page {n}: {answer.status} {body[:60]!r}")
                continue
            number = int(body.split()[1])
            if self.editions and number < self.editions[-1]:
                self.wrong.append(f"page {n} of edition {number} after one of {self.editions[-1]}")
            self.editions.append(number)

    def one_release(self) -> None:
        """All pages through the release that the link leads to just now: of one edition."""
        folder = (self.output / "site").resolve()
        with contextlib.suppress(FileNotFoundError):  # pruned meanwhile: that release was left long ago
            found = {(folder / "index.html").read_text().split()[1]}
            found |= {(folder / f"pages/p{n}/index.html").read_text().split()[1] for n in range(1, PAGES)}
            if len(found) > 1:
                self.wrong.append(f"release {folder.name} mixes editions {sorted(found)}")

    @staticmethod
    def whole(body: str, n: int) -> bool:
        """Whether a page is there from beginning to end, and is the one that was asked for."""
        words = body.split()
        return len(words) > 4 and words[3] == str(n) and body.endswith(f"end {words[1]}</p>")


def publish(output: Path, number: int, point: str = "") -> int:
    """Publish edition `number` in a process of its own, which dies at `point`; its exit code."""
    arguments = [str(ROOT), str(ROOT / "tests"), str(output), str(number), point]
    return subprocess.run([sys.executable, "-c", PUBLISHER, *arguments], check=False, capture_output=True).returncode


def rounds(output: Path, many: int, polls: int) -> tuple[Reader, int]:
    """At least `many` publishes, every other one killed at one of its points in turn, under the eyes of a reader.

    They go on until the reader has met `polls` answers; the reader, and the number of the last edition.
    """
    assert publish(output, 0) == 0
    with server(output / "site") as port:
        reader = Reader(port, output)
        reader.start()
        for number in count(1):
            if number > many and reader.polls >= polls and number % 2:
                break
            point = POINTS[number // 2 % len(POINTS)] if number % 2 else ""
            assert publish(output, number, point) == (-signal.SIGKILL if point else 0)
        reader.done.set()
        reader.join()
    return reader, number - 1


def test_a_reader_meets_only_whole_editions(tmp_path: Path) -> None:
    reader, last = rounds(tmp_path / "output", MANY, POLLS)
    print(f"\n{reader.polls:,} answers over {last} publishes, half of them killed: {len(reader.wrong)} wrong")
    assert reader.wrong == []
    assert reader.polls >= POLLS
    assert len(set(reader.editions)) > MANY // 3
    listed = release.current(tmp_path / "output")
    assert listed is not None
    assert "inputs" not in listed
    assert release.inputs(tmp_path / "output", (tmp_path / "output" / "site").resolve().name) == str(last)
    assert not list((tmp_path / "output" / "releases").glob("*.tmp"))


def test_the_reader_would_notice(tmp_path: Path) -> None:
    assert publish(tmp_path, 3) == 0
    (tmp_path / "site" / "pages/p4/index.html").write_text("<p>edition 2 page 4 end 2</p>")
    (tmp_path / "site" / "pages/p5/index.html").write_text("")
    (tmp_path / "site" / "pages/p6/index.html").unlink()
    with server(tmp_path / "site") as port:
        reader = Reader(port, tmp_path)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        reader.over_http(connection)
        connection.close()
    assert [one.split(":")[0].split(" of")[0] for one in reader.wrong] == ["page 4", "page 5", "page 6"]


@pytest.mark.parametrize("point", POINTS)
def test_a_publisher_dies_where_it_is_told(tmp_path: Path, point: str) -> None:
    assert publish(tmp_path, 1, point) == -signal.SIGKILL
    assert (tmp_path / "site").exists() == (point == "publish.swapped")
