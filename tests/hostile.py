"""A server that answers byte by byte as told: for every reply that a well-behaved server library cannot give."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from types import TracebackType

Chunks = Iterable[bytes]
Route = bytes | Callable[["Request"], Chunks]


class Request:
    """One request as it came in; header names are lower case."""

    def __init__(self, raw: bytes, body: bytes = b"") -> None:
        self.body = body
        head, *lines = raw.decode("latin-1").split("\r\n")
        self.target = head.split(" ")[1]
        self.path = self.target.partition("?")[0]
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def reply(body: bytes | str = b"", status: str = "200 OK", **headers: str) -> bytes:
    """A whole reply; underscores in header names become hyphens."""
    raw = body.encode() if isinstance(body, str) else body
    named = {"Content-Length": str(len(raw)), "Connection": "close"}
    named.update({name.replace("_", "-"): value for name, value in headers.items()})
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode("latin-1") + raw


class HostileServer:
    """Serves `routes`: path -> bytes, or a function of the request that yields chunks; "*" is any other path.

    `log` is what was asked.
    """

    def __init__(self, routes: dict[str, Route] | None = None, *, port: int = 0) -> None:
        self.routes: dict[str, Route] = dict(routes or {})
        self.log: list[Request] = []
        self._socket = socket.create_server(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        self.place = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.place}"
        self._open = True
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> HostileServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open = False
        self._socket.close()

    def paths(self) -> list[str]:
        """Paths that were asked for, in order."""
        return [request.path for request in self.log]

    def _accept(self) -> None:
        while self._open:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            raw = b""
            while b"\r\n\r\n" not in raw:
                received = connection.recv(65536)
                if not received:
                    return
                raw += received
            head, _, body = raw.partition(b"\r\n\r\n")
            request = Request(head)
            while len(body) < int(request.headers.get("content-length", "0")):
                body += connection.recv(65536)
            request.body = body
            self.log.append(request)
            route = self.routes.get(request.path, self.routes.get("*", reply("not here", "404 Not Found")))
            for chunk in [route] if isinstance(route, bytes) else route(request):
                if not self._open:
                    return
                connection.sendall(chunk)
