"""A loopback web that keeps score of manners: many hosts on one port, and a clock that passes when somebody sleeps.

A request carries the time at which it left: the network stamps it on, as the server cannot know how long the simulated
clock has run on in other threads since. Everything else is counted at the server, from what arrives there.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any

import httpcore

from pipeline.fetch.loopback import Loopback


class SimulatedClock:
    """Seconds that pass only in `sleep` and `forward`. `left` is when the calling thread last looked."""

    def __init__(self, start: datetime) -> None:
        self._start, self._now = start, 0.0
        self._turn, self._local = threading.Lock(), threading.local()

    def __call__(self) -> float:
        self._local.looked = self._now
        return self._now

    @property
    def left(self) -> float:
        """When this thread last looked at the clock: at the beginning of its request."""
        return float(self._local.looked)

    def wall(self) -> datetime:
        """The time of day; looking at it is not looking at the clock."""
        return self._start + timedelta(seconds=self._now)

    def sleep(self, seconds: float) -> None:
        """Others that sleep at the same time do so at the same time."""
        self._to(self.left + seconds)

    def forward(self, moment: datetime) -> None:
        """To a time of day, unless it is past."""
        self._to((moment - self._start).total_seconds())

    def _to(self, second: float) -> None:
        with self._turn:
            self._now = max(self._now, second)


class StampingDial(Loopback):
    """Loopback whose connections write into each request when it left."""

    def __init__(self, hosts: Iterable[str], port: int, clock: SimulatedClock) -> None:
        super().__init__(frozenset(hosts), port)
        self._clock = clock

    def connect_tcp(self, *args: Any, **named: Any) -> httpcore.NetworkStream:
        return _Stamped(super().connect_tcp(*args, **named), self._clock)


class _Stamped(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, clock: SimulatedClock) -> None:
        self._inner, self._clock = inner, clock

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        line, found, rest = buffer.partition(b" HTTP/1.1\r\n")
        stamped = line + found + b"X-Left: %r\r\n" % self._clock.left + rest if found else buffer
        self._inner.write(stamped, timeout)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, timeout)

    def close(self) -> None:
        self._inner.close()

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


@dataclass(frozen=True)
class Visit:
    """One request. `left` is the simulated second at which it was sent; header names are lower case."""

    host: str
    path: str
    headers: dict[str, str]
    left: float


@dataclass(frozen=True)
class Answer:
    """What a host answers; `wait` closes the host for so many seconds, `hang_up` ends the connection without a word."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    hang_up: bool = False

    def raw(self) -> bytes:
        lines = {"Content-Length": str(len(self.body)), **self.headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"HTTP/1.1 {self.status} X\r\n{head}\r\n".encode("latin-1") + self.body


class ScoringServer:
    """Answers with `site`, and counts what no polite reader does. `faults` says what, where and when."""

    def __init__(
        self, site: Callable[[Visit], Answer], closed: Callable[[Visit], bool], pause: Callable[[Visit], float]
    ) -> None:
        self._site, self._closed, self._pause = site, closed, pause
        self.faults: list[str] = []
        self.statuses: Counter[int] = Counter()
        self.asked: Counter[str] = Counter()
        self._last: dict[str, float] = {}
        self._until: dict[str, float] = defaultdict(float)
        self._validators: dict[tuple[str, str], dict[str, str]] = {}
        self._robots: dict[str, float] = {}
        self._inside: Counter[str] = Counter()
        self.port = 0
        self._loop = asyncio.new_event_loop()

    def __enter__(self) -> ScoringServer:
        ready = threading.Event()

        async def serve() -> None:
            self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0, backlog=512)
            self.port = self._server.sockets[0].getsockname()[1]
            ready.set()

        def run() -> None:
            self._loop.create_task(serve())
            self._loop.run_forever()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        assert ready.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        async def end() -> None:
            self._server.close()
            talks = asyncio.all_tasks() - {asyncio.current_task()}
            for talk in talks:
                talk.cancel()
            await asyncio.gather(*talks, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                visit = _visit(await reader.readuntil(b"\r\n\r\n"))
                self._inside[visit.host] += 1
                if self._inside[visit.host] > 1:
                    self._fault(visit, "parallel")
                await asyncio.sleep(0.0005)  # long enough for a second request to be seen beside this one
                try:
                    answer = self._judge(visit)
                except Exception as error:
                    self._fault(visit, f"the server of this test broke: {error!r}")
                    raise
                self._inside[visit.host] -= 1
                if answer.hang_up:
                    break
                writer.write(answer.raw())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _judge(self, visit: Visit) -> Answer:
        host, place = visit.host, (visit.host, visit.path)
        if visit.left < self._until[host]:
            self._fault(visit, f"early by {self._until[host] - visit.left:.1f} s")
        if host in self._last and visit.left - self._last[host] < self._pause(visit) - 1e-6:
            self._fault(visit, f"only {visit.left - self._last[host]:.2f} s after the last request")
        self._last[host] = visit.left
        if visit.path == "/robots.txt":
            if visit.left - self._robots.get(host, -1e9) < 6 * 3600:
                self._fault(visit, "robots.txt again")
            self._robots[host] = visit.left
        if self._closed(visit):
            self._fault(visit, "closed by robots.txt")
        return self._answer(visit, place)

    def _answer(self, visit: Visit, place: tuple[str, str]) -> Answer:
        answer = self._site(visit)
        known = self._validators.get(place, {})
        sent = {name: value for name, value in visit.headers.items() if name.startswith("if-")}
        if known and sent != known:
            self._fault(visit, f"unconditional: sent {sent}, knows {known}")
        own = _validators(answer)
        if answer.status == 200 and own:
            if sent and sent == own:
                answer = Answer(304, headers={k: v for k, v in answer.headers.items() if k != "Content-Type"})
            self._validators[place] = own
        if answer.wait:
            self._until[visit.host] = visit.left + answer.wait
        self.statuses[answer.status] += 1
        self.asked[visit.path.split("/")[1].split(".")[0]] += 1
        return answer

    def _fault(self, visit: Visit, what: str) -> None:
        self.faults.append(f"day {visit.left / 86400:.3f}: http://{visit.host}{visit.path}: {what}")


def _visit(raw: bytes) -> Visit:
    line, *rest = raw.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in rest if one)}
    return Visit(headers["host"], line.split(" ")[1], headers, float(headers["x-left"]))


def _validators(answer: Answer) -> dict[str, str]:
    """What a reader has to send back to ask for this answer conditionally."""
    names = {"ETag": "if-none-match", "Last-Modified": "if-modified-since"}
    return {names[name]: value for name, value in answer.headers.items() if name in names}
