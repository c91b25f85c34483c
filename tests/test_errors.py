"""Errors name addresses, and addresses may hold logins and keys: none is told."""

from __future__ import annotations

import pytest
from desk import NOW, Desk
from hostile import HostileServer, reply

from pipeline.domain import Source
from pipeline.errors import FetchError, HttpStatus, discreet
from pipeline.serial import dumps, to_json
from pipeline.sourcing.diagnosis import Look, diagnose
from pipeline.stores import open_store

CANARY = "s3cr3t-c4n4ry"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"https://a.example/f?token={CANARY}: it broke", "https://a.example/f?token=...: it broke"),
        (f"'https://a.example/f?x=1&API_KEY={CANARY}'", "'https://a.example/f?x=1&API_KEY=...'"),
        (f"(https://me:{CANARY}@a.example/f?access_token={CANARY}#b)", "(https://...@a.example/f?access_token=...#b)"),
        ("https://m.example/@name?q=keys", "https://m.example/@name?q=keys"),
        ("no address at all; token=shown", "no address at all; token=shown"),
    ],
)
def test_addresses_are_told_without_their_keys(text: str, told: str) -> None:
    assert discreet(text) == str(FetchError(text)) == str(HttpStatus(text, status=500)) == told


def test_no_key_in_an_address_is_told_by_a_night(server: HostileServer, caplog: pytest.LogCaptureFixture) -> None:
    store = open_store(":memory:")
    desk = Desk(store, server, timeout=0.5)
    answers = {
        "/401": reply(CANARY, "401 No"),
        "/500": reply(CANARY, "500 No"),
        "/loop": reply("", "302 Found", Location=f"/loop?token={CANARY}"),
        "/moved": reply("", "301 Moved", Location=f"http://elsewhere.example/f?token={CANARY}"),
        "/broken": reply("<rss><channel><item>"),
        "/html": reply("<!doctype html><html><body>Log in</body></html>"),
        "/silent": b"",
    }
    server.routes.update(answers)
    sources = [desk.feed(f"{path}?token={CANARY}&sig={CANARY}", f"x{path[1:]}") for path in answers]
    sources.append(Source("login", "feed", f"http://me:{CANARY}@{server.place}/feed"))
    report = desk.night(*sources)
    assert len(report.failures) == len(sources)
    told = [dumps(to_json(report)), caplog.text, *(state.error or "" for state in store.health().values())]
    told += [state.quarantined or "" for state in store.health().values()]
    for source in sources:
        problems = diagnose(Look(source, error=FetchError(f"{source.address} failed")), None, NOW)
        told += [f"{problem.what} {problem.fix}" for problem in problems]
    assert not any(CANARY in text for text in told)
    store.close()
