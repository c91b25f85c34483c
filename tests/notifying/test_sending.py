"""Sending through apprise, to a mail server and a webhook on this machine."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from urllib.parse import quote

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from pipeline.notifying import State

pytest.importorskip("apprise", reason="the extra `notify` is not installed")
aiosmtpd = pytest.importorskip("aiosmtpd.controller", reason="aiosmtpd is not installed")

from pipeline.notifying.sending import discreet, problem, send  # noqa: E402

SECRETS = ("s3cret-Pa55", "tok-9f8e7d6c", "canary@login")
TITLE, BODY = "Desk: Dam <fails>", "The dam failed.\n\n- <script>alert(1)</script>"


class Mailbox:
    """A mail server that keeps what it gets, or refuses with an answer."""

    def __init__(self) -> None:
        self.got: list[EmailMessage] = []
        self.refusal: str | None = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  named by aiosmtpd
        if self.refusal:
            return self.refusal
        self.got.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def mail() -> Iterator[tuple[Mailbox, str]]:
    """A mailbox and an address that leads to it."""
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = aiosmtpd.Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, f"mailto://127.0.0.1:{port}/?from=desk@example.org&to=reader@example.org&mode=insecure"
    controller.stop()


@pytest.fixture
def hook(httpserver: HTTPServer) -> str:
    return f"json://{quote(SECRETS[2])}:{SECRETS[0]}@127.0.0.1:{httpserver.port}/{SECRETS[1]}?+X-Key={SECRETS[1]}"


def test_a_mail_arrives_with_its_words_and_no_markup_of_strangers(mail: tuple[Mailbox, str]) -> None:
    box, address = mail
    assert send(address, TITLE, BODY) == (State.SENT, "")
    (got,) = box.got
    assert got["Subject"] == TITLE
    assert "reader@example.org" in got["To"]
    for part in got.walk():
        if part.get_content_type() == "text/html":
            assert "<script" not in part.get_content()
            assert "&lt;script" in part.get_content()
        elif part.get_content_type() == "text/plain":
            assert "<script>alert(1)</script>" in part.get_content()


def test_a_webhook_gets_the_message(httpserver: HTTPServer, hook: str) -> None:
    got: list[dict[str, Any]] = []

    def keep(request: Request) -> Response:
        got.append(json.loads(request.data))
        return Response("", 200)

    httpserver.expect_request(f"/{SECRETS[1]}").respond_with_handler(keep)
    assert send(hook, TITLE, BODY) == (State.SENT, "")
    assert (got[0]["title"], got[0]["message"]) == (TITLE, BODY)


@pytest.mark.parametrize("status", [302, 401, 404, 500, 503])
def test_a_refusal_is_a_failure_that_is_sent_once_and_names_no_secret(
    httpserver: HTTPServer, hook: str, status: int, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    headers = {"Location": f"http://127.0.0.1:{httpserver.port}/elsewhere"} if status == 302 else {}
    httpserver.expect_request(f"/{SECRETS[1]}").respond_with_data(f"no, {SECRETS}", status=status, headers=headers)
    with caplog.at_level(logging.DEBUG):
        state, why = send(hook, TITLE, BODY)
    assert state is State.FAILED
    assert why
    assert len(httpserver.log) == 1  # no redirect was followed, nothing was sent again
    ours = [record.getMessage() for record in caplog.records if record.name != "werkzeug"]  # the server's own log
    said = " ".join([why, *ours, *capfd.readouterr()])
    assert not any(secret in said for secret in SECRETS)


def test_a_mail_server_that_refuses_has_not_taken_it(mail: tuple[Mailbox, str]) -> None:
    box, address = mail
    box.refusal = "554 no thanks"
    state, why = send(address, TITLE, BODY)
    assert state is State.FAILED
    assert "example.org" not in why


def test_nobody_there_is_a_failure(hook: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    for address in (f"json://{SECRETS[0]}@127.0.0.1:{port}/", f"mailto://127.0.0.1:{port}/?from=a@b.org&to=c@d.org"):
        state, why = send(address, TITLE, BODY)
        assert state is State.FAILED, why
        assert SECRETS[0] not in why


def test_a_service_that_breaks_off_may_have_taken_it() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()

        def hang_up() -> None:
            connection, _ = listening.accept()
            connection.recv(65_536)
            connection.close()

        thread = threading.Thread(target=hang_up, daemon=True)
        thread.start()
        state, why = send(f"json://127.0.0.1:{listening.getsockname()[1]}/{SECRETS[1]}", TITLE, BODY)
        thread.join(5)
    assert state is State.UNSURE
    assert "may have arrived" in why
    assert SECRETS[1] not in why


@pytest.mark.parametrize(
    "address",
    ["", "nonsense", "nosuch://x", "mailto://", "slack://bad", "json://", "\x00", "http://[", f"mailto://{SECRETS[0]}"],
)
def test_addresses_that_are_none_are_said_to_be(address: str) -> None:
    state, why = send(address, TITLE, BODY)
    assert state is State.FAILED
    assert SECRETS[0] not in why


def test_several_recipients_at_one_address_are_refused() -> None:
    several = "mailto://127.0.0.1:1/?from=a@b.org&to=c@d.org,e@f.org&mode=insecure"
    assert "one [[notify]] for each" in problem(several)
    assert send(several, TITLE, BODY)[0] is State.FAILED


def test_every_part_of_an_address_is_taken_out() -> None:
    address = f"mailto://{quote(SECRETS[2])}:{SECRETS[0]}@mail.example.org/?to=x&pass={quote('p%4z ü ')}{SECRETS[1]}"
    for secret in (*SECRETS, "mail.example.org", address, SECRETS[0].upper()):
        assert secret not in discreet(f"failed at {secret}, sorry", address)
