"""Several ingest workers on one PostgreSQL desk: rows and site as of one worker, and no host asked by two at once."""

from __future__ import annotations

import itertools
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path

import papers
import postgres
import pytest
from desk import article, rss, rss_item
from hostile import Chunks, HostileServer, Request, reply
from killing import KillAt, PauseAt, hooked
from thorough import LONG

from pipeline import ingest as stage
from pipeline.cli import main
from pipeline.domain import Source
from pipeline.protocols import Checkpoint
from pipeline.sourcing import planning, reading, together
from pipeline.stores import open_store
from pipeline.stores.schema import metadata
from pipeline.stores.sql import SqlStore

pytestmark = postgres.needed
NIGHT, NEXT = "2026-05-04T06:00:00Z", "2026-05-05T06:00:00Z"
PACE = 0.1  # seconds between two requests to a host; an answer takes 0.02


class Host:
    """A server that notes when each request came and went."""

    def __init__(self) -> None:
        self.server = HostileServer()
        self.spans: list[tuple[float, float]] = []

    def serve(self, path: str, body: str, kind: str = "application/rss+xml", status: str = "200 OK") -> None:
        def answer(request: Request) -> Chunks:
            came = time.monotonic()
            time.sleep(0.02)
            yield reply(body, status, Content_Type=kind)
            self.spans.append((came, time.monotonic()))

        self.server.routes[path] = answer

    def pages(self, numbers: Sequence[int]) -> None:
        for number in numbers:
            self.serve(f"/page/{number}", article(number), "text/html; charset=utf-8")


@pytest.fixture(scope="module")
def world() -> Iterator[list[Host]]:
    """Four hosts with two feeds each: items of their own, items of others, pages elsewhere; two feeds that fail."""
    hosts = [Host() for _ in range(4)]
    for n, host in enumerate(hosts):
        own = range(10 * n, 10 * n + 4)
        host.pages(own)
        other = hosts[(n + 1) % 4]
        borrowed = [rss_item(10 * ((n + 1) % 4) + k, other.server.url) for k in range(2)]
        host.serve("/one", rss([*(rss_item(k, host.server.url) for k in own), *borrowed]))
        host.serve("/two", rss([rss_item(10 * n, host.server.url), *borrowed]))
    hosts[0].serve("/gone", "no", "text/plain", "500 Internal Server Error")
    hosts[1].serve("/gone", "no", "text/plain", "410 Gone")
    yield hosts
    for host in hosts:
        host.server.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def lanes_by_port(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every server of the test is a host of its own; they differ in nothing but the port."""
    real = reading.lane

    def lane(source: Source) -> str:
        return source.address.split("/")[2] if "//" in source.address else real(source)

    for module in (reading, planning, together, stage):
        monkeypatch.setattr(module, "lane", lane)


def desk(folder: Path, hosts: Sequence[Host], address: str) -> Path:
    """The configuration of one worker; its folder is its own, as on a machine of its own."""
    places = ", ".join(f'"{host.server.place}"' for host in hosts)
    paths = [(n, path) for n in range(4) for path in ("one", "two")] + [(0, "gone"), (1, "gone")]
    listed = "".join(
        f'\n[[source]]\nname = "h{n} {path}"\nkind = "feed"\naddress = "{hosts[n].server.url}/{path}"\n'
        for n, path in paths
    )
    ingest = f"\n[ingest]\nallow_private = [{places}]\npace = {PACE}\nhosts = 4\nworkers = 1\n"
    shared = papers.CONFIG.replace('"papers.jsonl"', f'"{folder.parent.parent / "papers.jsonl"}"')
    config = papers.desk(folder, config=shared + listed + ingest)
    (folder.parent.parent / "papers.jsonl").write_bytes((folder / "papers.jsonl").read_bytes())
    config.write_text(f'store = "{address}"\n' + config.read_text(encoding="utf-8"), encoding="utf-8")
    return config


def child(config: Path, now: str, hook: Checkpoint | None = None, *command: str) -> int:
    """A worker as a process of its own; its id."""
    number = os.fork()
    if number:
        return number
    code = 99
    with suppress(BaseException):
        os.setsid()
        with hooked(hook):
            code = main([*(command or ("ingest",)), "--config", str(config), "--now", now, "--quiet"])
    os._exit(code)


def codes(numbers: Sequence[int]) -> list[int]:
    return [os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]) for number in numbers]


def content(address: str) -> dict[str, list[tuple[object, ...]]]:
    """All rows but those that tell of real time: when hosts were asked, how long a run took."""
    with closing(open_store(address)) as store:
        assert isinstance(store, SqlStore)
        tables = {table.name: table for table in metadata.sorted_tables if table.name not in ("hosts", "stage_reports")}
        return {
            name: sorted((tuple(row) for row in store.db.rows(table.select())), key=repr)
            for name, table in tables.items()
        }


def differing(found: Mapping[str, object], expected: object) -> list[str]:
    """Keys under which two mappings differ: a whole comparison would be told row by row, which takes minutes."""
    assert isinstance(expected, Mapping)
    return [key for key in sorted({*found, *expected}) if found.get(key) != expected.get(key)]


def rest(config: Path, now: str) -> dict[str, bytes]:
    for name in ("analyze", "signal", "write", "publish"):
        assert main([name, "--config", str(config), "--now", now, "--quiet"]) == 0
    return papers.site(config.parent)


@pytest.fixture(scope="module")
def single(world: list[Host], tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, object]:
    """What one worker leaves after one night."""
    with pytest.MonkeyPatch.context() as patch:
        lanes_by_port.__wrapped__(patch)  # type: ignore[attr-defined]
        address, folder = postgres.fresh(), tmp_path_factory.mktemp("single") / "m"
        assert codes([child(desk(folder, world, address), NIGHT)]) == [0]
        read = content(address)
        assert len(read["records"]) >= 16
        assert len([row for row in read["sources"] if '"ok":false' in str(row)]) == 2
        return {"rows": read, "site": rest(folder / "citewire.toml", NIGHT)}


def watched(world: list[Host]) -> Callable[[], list[str]]:
    """What was wrong in how hosts were asked from now on."""
    before = [len(host.spans) for host in world]

    def wrong() -> list[str]:
        found = []
        for host, since in zip(world, before, strict=True):
            spans = sorted(host.spans[since:])
            for (one, done), (other, _) in itertools.pairwise(spans):
                if other < done - 0.005:
                    found.append(f"{host.server.place} was asked twice at once")
                if other - one < PACE / 2:  # a busy machine notes a request late
                    found.append(f"{host.server.place} was asked again after {other - one:.3f} s")
        return found

    return wrong


def test_three_workers_leave_what_one_leaves(world: list[Host], single: Mapping[str, object], tmp_path: Path) -> None:
    address, wrong = postgres.fresh(), watched(world)
    configs = [desk(tmp_path / f"m{n}", world, address) for n in range(3)]
    assert codes([child(config, NIGHT) for config in configs]) == [0, 0, 0]
    assert wrong() == []
    assert differing(content(address), single["rows"]) == []
    assert main(["run", "--stored", "--config", str(configs[1]), "--now", NIGHT, "--quiet"]) == 0
    assert differing(papers.site(configs[1].parent), single["site"]) == []


POINTS = ["ingest.claimed", "ingest.source", "ingest.handing", "ingest.handed"]


@pytest.mark.parametrize("point", POINTS if LONG else POINTS[:2])
def test_a_killed_worker_is_made_up_for_by_the_others(
    point: str, world: list[Host], single: Mapping[str, object], tmp_path: Path
) -> None:
    address = postgres.fresh()
    killed, alive = (desk(tmp_path / name, world, address) for name in ("killed", "alive"))
    numbers = [child(killed, NIGHT, KillAt(point, 2 if point == "ingest.source" else 1)), child(alive, NIGHT)]
    first, second = codes(numbers)
    assert second == 0
    assert first in (-signal.SIGKILL, 0)  # the other may have been the one that stored
    assert differing(content(address), single["rows"]) == []
    with closing(open_store(address)) as store:
        assert isinstance(store, SqlStore)
        left = store.db.connection.exec_driver_sql("SELECT count(*) FROM round_reads").scalar()
        assert left == 0


def test_all_workers_killed_and_the_next_one_reads_it_all(
    world: list[Host], single: Mapping[str, object], tmp_path: Path
) -> None:
    address = postgres.fresh()
    configs = [desk(tmp_path / f"m{n}", world, address) for n in range(2)]
    assert codes([child(config, NIGHT, KillAt("ingest.handed")) for config in configs]) == [-signal.SIGKILL] * 2
    assert codes([child(configs[0], NIGHT)]) == [0]
    assert differing(content(address), single["rows"]) == []


def test_a_publisher_waits_for_nobody_and_is_told_who_reads(
    world: list[Host], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = postgres.fresh()
    reader, publisher = (desk(tmp_path / name, world, address) for name in ("reader", "publisher"))
    pause = PauseAt("ingest.claimed", 1.5)
    number = child(reader, NIGHT, pause)
    pause.wait()
    assert main(["analyze", "--config", str(publisher), "--now", NIGHT, "--quiet"]) == 7
    assert f"process {number} on" in capsys.readouterr().err
    assert codes([number]) == [0]
    assert main(["analyze", "--config", str(publisher), "--now", NIGHT, "--quiet"]) == 0


def test_workers_with_other_sources_do_not_mix(
    world: list[Host], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = postgres.fresh()
    one, other = (desk(tmp_path / name, world, address) for name in ("one", "other"))
    other.write_text(other.read_text(encoding="utf-8").replace("h0 one", "h0 first"), encoding="utf-8")
    pause = PauseAt("ingest.claimed", 1.0)
    number = child(one, NIGHT, pause)
    pause.wait()
    assert main(["ingest", "--config", str(other), "--now", NIGHT, "--quiet"]) == 6
    assert "with other sources" in capsys.readouterr().err
    assert codes([number]) == [0]
