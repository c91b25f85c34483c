"""House rules of every test: loopback only, no keys, an odd time zone, the same examples every time."""

import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from multiprocessing import forkserver
from pathlib import Path

import pytest
from desk import Desk
from hostile import HostileServer
from hypothesis import HealthCheck, settings

from pipeline.protocols import Store
from pipeline.stores import open_store

os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"
os.environ["TZ"] = "Pacific/Chatham"  # 12:45 off UTC: a local time that slips into a result is seen at once
time.tzset()
# A forked child may not wait for the fork server of its parent, which is no child of its own: it starts one.
os.register_at_fork(after_in_child=forkserver._forkserver.__init__)  # type: ignore[attr-defined]
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # a run under nohup ignores it, and would pass that on to every child

settings.register_profile(
    "house",
    derandomize=True,
    deadline=None,
    max_examples=60,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("house")

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
GOLDEN = Path(__file__).parent / "golden"
STYLE = re.compile(r"assets/site-[0-9a-f]{10}\.css")


class NetworkUsedError(AssertionError):
    """A test tried to leave the machine."""


def _local(address: object) -> bool:
    return not isinstance(address, tuple) or str(address[0]).split("%")[0] in LOOPBACK


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """No socket leaves the machine, and no name is resolved but those of this machine."""
    connect, connect_ex, resolve = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded(inner):
        def call(self, address, *rest):
            if not _local(address):
                raise NetworkUsedError(f"a test dialled {address!r}; tests talk to loopback servers only")
            return inner(self, address, *rest)

        return call

    def getaddrinfo(host, *rest, **named):
        name = host.decode() if isinstance(host, bytes) else host
        numeric = (name and name.replace(".", "").isdigit()) or ":" in (name or "")
        if name and name not in LOOPBACK and not numeric:
            raise socket.gaierror(socket.EAI_NONAME, f"tests resolve no names, asked for {name!r}")
        return resolve(host, *rest, **named)

    monkeypatch.setattr(socket.socket, "connect", guarded(connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(connect_ex))
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.fixture(autouse=True)
def no_keys(monkeypatch):
    """No key, token, proxy or setting of the operator reaches a test."""
    for name in list(os.environ):
        if name.upper().endswith(("_API_KEY", "_TOKEN", "_SECRET", "_PROXY")) or name.startswith("CITEWIRE_"):
            monkeypatch.delenv(name)


@pytest.fixture
def server() -> Iterator[HostileServer]:
    """A loopback server without a route."""
    with HostileServer() as running:
        yield running


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store in memory."""
    opened = open_store(":memory:")
    yield opened
    opened.close()


@pytest.fixture
def desk(store: Store, server: HostileServer) -> Desk:
    """A desk that reads from `server` into `store`."""
    return Desk(store, server)


def pytest_addoption(parser):
    """`--update-golden` rewrites golden files in place of comparing with them."""
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite golden files; read the diff before you commit"
    )


@pytest.fixture
def golden(request):
    """`golden("name.html", text)`: compares with tests/golden/name.html, or rewrites it under --update-golden.

    The style sheet's address, which holds its hash, is written without it: a look changes no golden page.
    """

    def check(name: str, text: str) -> None:
        path = GOLDEN / name
        text = STYLE.sub("assets/site-HASH.css", text)
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8"), f"{name} changed; `make golden` rewrites it"

    return check
