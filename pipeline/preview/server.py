"""The preview's web server: a reader's browser on this machine in, files of the served release out.

It answers GET and HEAD, lists no folder, and sends the headers that a careful host sends. Bound to the loopback
address it answers only to loopback names, so that no page elsewhere can read it by pointing its own name here.
"""

from __future__ import annotations

import ipaddress
import logging
import re
import socket
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType

from pipeline.errors import UsageError
from pipeline.preview.files import TYPES, Found, Release
from pipeline.preview.reloading import ADDRESS, reloading

log = logging.getLogger(__name__)
HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
WAIT = 10.0  # seconds for which a connection may be silent
_PORT = re.compile(r":\d+\Z")


class Preview:
    """Serves `site` from the moment it is made until `close`, in threads that end with the process.

    `reload`: pages load themselves anew when another edition is swapped in. Raises UsageError for an address that
    cannot be taken.
    """

    handler: type[Handler]  # what answers; another one may compress

    def __init__(self, site: Path, host: str = "127.0.0.1", port: int = 0, *, reload: bool = True) -> None:
        names = ("127.0.0.1", "localhost", "[::1]", host) if _loopback(host) else ()
        try:
            self._server = _server(host)((host, port), partial(self.handler, site, reload, names))
        except (OSError, OverflowError) as error:
            raise UsageError(f"cannot serve at {host}:{port} ({error}); --port 0 takes any free port") from None
        self.port: int = self._server.server_address[1]
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)
        self._thread.start()

    def __enter__(self) -> Preview:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening, and wait until nothing listens."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Handler(BaseHTTPRequestHandler):
    """One connection of a browser."""

    protocol_version = "HTTP/1.1"
    timeout = WAIT

    def __init__(self, site: Path, reload: bool, names: tuple[str, ...], *rest: object) -> None:
        self._site = site
        self._reload = reload
        self._names = names
        super().__init__(*rest)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer with the file."""
        self._answer()

    def do_HEAD(self) -> None:
        """Answer with the file's headers."""
        self._answer()

    def version_string(self) -> str:
        """No version of anything."""
        return "Citewire"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class calls it so
        """To the log, and only where more was asked for."""
        log.debug(format, *args)

    def _answer(self) -> None:
        found = self.answer()
        self.send_response(found.status)
        headers = {**HEADERS, "Content-Type": found.kind, "Content-Length": str(len(found.body))}
        for name, value in (headers | ({"Location": found.location} if found.location else {})).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(found.body)

    def answer(self) -> Found:
        """What is sent, body and all."""
        if self._names and not self._ours(self.headers.get("Host", "")):
            return Found(421, TYPES[".txt"], b"This preview answers to names of this machine only.\n")
        release = Release.served(self._site)
        if release is None:
            return Found(503, TYPES[".txt"], b"Nothing is published here at this moment.\n")
        if self._reload and self.path == ADDRESS:
            return Found(200, TYPES[".txt"], release.mark.encode())
        found = release.find(self.path)
        if not self._reload or found.kind != TYPES[".html"]:
            return found
        return Found(found.status, found.kind, reloading(found.body, release.mark))

    def _ours(self, host: str) -> bool:
        return _PORT.sub("", host) in self._names


Preview.handler = Handler


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _server(host: str) -> type[ThreadingHTTPServer]:
    return _SixServer if ":" in host else _Server


class _Server(ThreadingHTTPServer):
    daemon_threads = True  # a browser keeps its connections open; they end with the process
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away in the middle is nothing to print."""
        log.debug("a connection of %s failed", client_address, exc_info=True)


class _SixServer(_Server):
    address_family = socket.AF_INET6
