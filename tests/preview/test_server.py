"""`citewire serve` on a real loopback socket."""

import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import full_site
import pytest

from pipeline.cli import main
from pipeline.errors import UsageError
from pipeline.preview import Preview
from pipeline.preview.server import HEADERS
from pipeline.publishing import release

POLICY = '<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;"/>'
PAGE = f"<html><head>{POLICY}</head><body>{{}}</body></html>"


def put(output, text):
    """Publish a site of two pages that both say `text`."""
    page = PAGE.format(text).encode()
    name = f"2026-11-20-{hashlib.sha256(page).hexdigest()[:8]}"
    full_site.put(output, name, {"index.html": page, "stories/one/index.html": page, "manifest.json": b"{}"})


@pytest.fixture
def output(tmp_path):
    """A desk's output with one edition."""
    put(tmp_path, "first")
    (tmp_path / "citewire.db").write_text("secret")
    return tmp_path


@pytest.fixture
def preview(output):
    """The preview of that edition."""
    with Preview(output / "site") as running:
        yield running


def get(preview, path, method="GET", **headers):
    request = urllib.request.Request(preview.url + path.lstrip("/"), method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as reply:
            return reply.status, dict(reply.headers), reply.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


def raw(preview, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", preview.port), timeout=5) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        found = b""
        while part := connection.recv(65536):
            found += part
    return found


def test_pages_come_with_the_headers_of_a_careful_host(preview):
    status, headers, body = get(preview, "/")
    assert status == 200
    assert b"first" in body
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Server"] == "Citewire"
    assert {name: headers[name] for name in HEADERS} == HEADERS


def test_head_is_the_page_without_its_body(preview):
    status, headers, body = get(preview, "/", method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) == len(get(preview, "/")[2])


def test_a_new_edition_is_seen_at_once_and_the_open_page_told(output, preview):
    before = get(preview, "/.preview/edition")[2]
    assert before in get(preview, "/")[2]
    put(output, "second")
    assert b"second" in get(preview, "/stories/one/")[2]
    after = get(preview, "/.preview/edition")[2]
    assert after != before
    release.serve(output, (output / "site").readlink().name)
    assert get(preview, "/.preview/edition")[2] == after, "the same release again is no new edition"


def test_without_reloading_every_byte_is_as_published(output):
    with Preview(output / "site", reload=False) as preview:
        assert get(preview, "/")[2] == (output / "site" / "index.html").read_bytes()
        assert get(preview, "/.preview/edition")[0] == 404


def test_nothing_beside_the_site_is_answered(preview):
    for target in (b"/../citewire.db", b"/%2e%2e/citewire.db", b"//etc/passwd", b"http://evil.example/citewire.db"):
        said = raw(preview, b"GET " + target + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert said.startswith(b"HTTP/1.1 404 "), target
        assert b"secret" not in said


def test_a_redirect_stays_here(preview):
    said = raw(preview, b"GET /stories/one HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert b"\r\nLocation: /stories/one/\r\n" in said


@pytest.mark.parametrize("host", [b"evil.example", b"evil.example:80", b"127.0.0.1.evil.example", b""])
def test_a_foreign_name_that_was_pointed_here_reads_nothing(preview, host):
    said = raw(preview, b"GET / HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 421 ")
    assert b"first" not in said


@pytest.mark.parametrize(
    "request_line", [b"POST / HTTP/1.1", b"DELETE / HTTP/1.1", b"GET / HTTP/9.9", b"GARBAGE", b"GET " + b"a" * 70000]
)
def test_other_requests_are_refused(preview, request_line, capsys):
    said = raw(preview, request_line + b"\r\nHost: 127.0.0.1\r\n\r\n")
    assert b"Error code: 4" in said or b"Error code: 5" in said
    assert b"first" not in said
    assert get(preview, "/")[0] == 200
    assert "Traceback" not in capsys.readouterr().err


def test_no_site_at_this_moment(output, preview):
    (output / "site").unlink()
    assert get(preview, "/")[0] == 503


def test_a_taken_port_is_a_message(preview, output):
    with pytest.raises(UsageError, match=r"cannot serve at 127\.0\.0\.1:\d+ .*--port 0"):
        Preview(output / "site", port=preview.port)


def test_a_reader_during_publishes_sees_whole_editions_alone(output, preview):
    seen, broken = set(), []
    done = threading.Event()

    def read():
        while not done.is_set():
            status, _, body = get(preview, "/")
            seen.add(body)
            if status != 200 or b"</html>" not in body:
                broken.append((status, body))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(20):
        put(output, f"edition {number}")
    done.set()
    reader.join()
    assert broken == []
    assert len(seen) > 1


def test_the_command_serves_until_it_is_interrupted(output):
    command = [sys.executable, "-m", "pipeline", "serve", str(output), "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            told = json.loads("".join(iter(process.stdout.readline, "}\n")) + "}")
            with urllib.request.urlopen(told["url"], timeout=5) as reply:
                assert b"first" in reply.read()
            began = time.monotonic()
            process.send_signal(signal.SIGINT)
            said = process.communicate(timeout=10)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
    assert (process.returncode, said[1]) == (0, "")
    assert time.monotonic() - began < 3


def test_a_desk_without_a_site_says_what_to_do(tmp_path, capsys):
    assert main(["serve", str(tmp_path)]) == 2
    assert "start with: citewire run" in capsys.readouterr().err
    assert main(["serve", str(tmp_path), "--watch"]) == 2


def test_watching_publishes_again_when_the_configuration_is_edited(output, monkeypatch, tmp_path):
    from pipeline.cli import serve

    config = tmp_path / "citewire.toml"
    config.write_text('[site]\nname = "Desk"\n')
    monkeypatch.setattr(serve, "load", lambda path: type("Live", (), {"output_path": output}))
    ran, looks = [], []

    def sleep(seconds):
        looks.append(seconds)
        if len(looks) == 2:
            config.write_text('[site]\nname = "Another desk"\n')
        if len(looks) == 4:
            raise KeyboardInterrupt

    monkeypatch.setattr(serve.time, "sleep", sleep)
    monkeypatch.setattr(serve.subprocess, "run", lambda command, **_: ran.append(command))
    assert main(["serve", "--config", str(config), "--watch", "--port", "0", "--quiet"]) == 0
    assert [command[1:] for command in ran] == [["-m", "pipeline", "publish", "--config", str(config)]]
