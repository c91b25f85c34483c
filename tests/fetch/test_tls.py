"""TLS: certificates are always verified, and nothing leads from https back to http."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pipeline.errors import AddressRefused, FetchError, NotReached
from pipeline.fetch import HttpFetcher, transport
from pipeline.settings import IngestSettings

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl makes the certificates of this test")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        port = self.server.server_address[1]
        away = {"/down": "http://localhost:80/", "/across": f"https://127.0.0.1:{port}/"}.get(self.path)
        self.send_response(302 if away else 200)
        self.send_header("Location", away or "")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    made = f"req -x509 -newkey rsa:2048 -nodes -keyout {key} -out {cert} -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([str(OPENSSL), *made.split(), *names], check=True, capture_output=True)
    return cert, key


@pytest.fixture
def port(certificate: tuple[Path, Path]) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def fetcher(port: int) -> HttpFetcher:
    places = (f"localhost:{port}", f"127.0.0.1:{port}", "localhost:80")
    return HttpFetcher(IngestSettings(pace=0, timeout=5, allow_private=places))


def test_a_certificate_of_nobody_is_refused(
    port: int, monkeypatch: pytest.MonkeyPatch, certificate: tuple[Path, Path]
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))  # the environment is not asked
    with pytest.raises(FetchError, match="certificate verify failed"):
        fetcher(port).get(f"https://localhost:{port}/")


def test_a_server_without_tls_is_told_from_one_that_is_not_there() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with pytest.raises(NotReached) as caught:
        fetcher(server.server_port).get(f"https://127.0.0.1:{server.server_port}/")
    server.shutdown()
    server.server_close()
    assert "should it be http:// in place of https://?" in str(caught.value)
    assert "SSL" not in str(caught.value)


def test_trusted_certificates_are_checked_for_their_name(
    port: int, monkeypatch: pytest.MonkeyPatch, certificate: tuple[Path, Path]
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate[0]))
    monkeypatch.setattr(transport, "tls", lambda: trusting)
    with pytest.raises(FetchError, match="certificate verify failed"):  # in the middle of a way
        fetcher(port).get(f"https://localhost:{port}/across")
    assert fetcher(port).get(f"https://localhost:{port}/").body == b"ok"
    with pytest.raises(FetchError, match="certificate verify failed"):
        fetcher(port).get(f"https://127.0.0.1:{port}/")
    with pytest.raises(AddressRefused, match="from https to plain http"):
        fetcher(port).get(f"https://localhost:{port}/down")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
def test_old_versions_of_tls_are_refused(monkeypatch: pytest.MonkeyPatch, certificate: tuple[Path, Path]) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    trusting = ssl.create_default_context(cafile=str(certificate[0]))
    monkeypatch.setattr(transport, "tls", lambda: trusting)
    with pytest.raises(FetchError, match="cannot be reached"):
        fetcher(server.server_port).get(f"https://localhost:{server.server_port}/")
    server.shutdown()
    server.server_close()


def test_verifying_is_on() -> None:
    """Expiry is left to the library, whose clock no test sets."""
    context = transport.tls()
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
