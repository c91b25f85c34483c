"""Canaries in every place that a secret can be, and hundreds of errors on purpose: no secret is told to anybody.

Places: environment, key files, logins and keys in addresses of sources, keys of models, addresses of notices, proxies.
Looked through afterwards: what commands print and log, exceptions, the site, bundles, exports, run reports, the store,
backups, and what other hosts were asked. A host of its own may be told its own secret, and no other.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

import papers
import pytest
from dialects import OPENAI, failed, spoken
from hostile import HostileServer, Request, reply
from thorough import LONG

from pipeline.cli import main

NIGHTS = ("2026-05-04T06:00:00Z", "2026-05-05T06:00:00Z", "2026-05-14T06:00:00Z")
MARK = "c4n4ry"
HEAD = b"HTTP/1.1 200 OK\r\n"
ENVIRONMENT = {
    name: f"{MARK}-env-{number:02}-0f3a9b"
    for number, name in enumerate(
        "OPENAI_API_KEY DESK_KEY NEWSAPI_KEY BRAVE_API_KEY X_BEARER_TOKEN REDDIT_CLIENT_ID REDDIT_CLIENT_SECRET "
        "BLUESKY_APP_PASSWORD MASTODON_KEY TAVILY_API_KEY AWS_SECRET_ACCESS_KEY UNRELATED".split()
    )
}
FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Own</title><link>{here}</link>'
    "<item><title>Quay 7 opens in harbour</title><link>{link}</link><guid>{link}</guid>"
    "<description>The quay at {here} was opened by the mayor on Monday for 12 million euros. See {link}</description>"
    "<pubDate>Mon, 04 May 2026 01:00:00 GMT</pubDate></item></channel></rss>"
)
PAGE = (
    "<html><head><title>Quay {n} opens</title><link rel=canonical href={here}></head><body><article><h1>Quay {n}"
    " opens</h1><p>The mayor opened quay {n} of the harbour on Monday, three months late.</p><p>It cost {n}2 million "
    "euros, the port authority says, and takes two ships.</p><p>Read it at {here} today.</p></article></body></html>"
)


def broken(other: HostileServer) -> dict[str, object]:
    """Ways in which a source fails, by name."""
    return {
        "echo401": lambda request: [reply(f"bad key {request.target} {request.headers}", "401 Unauthorized")],
        "forbidden": reply("", "403 No"),
        "gone": reply("", "410 Gone"),
        "busy": reply("", "429 Slow", Retry_After="9"),
        "oops": lambda request: [reply(f"trace: {request.target}", "500 Oops")],
        "late": reply("", "503 Late", Retry_After="7"),
        "empty": b"",
        "garbage": b"garbage\r\n\r\n",
        "short": HEAD + b"Content-Length: 9\r\n\r\nabc",
        "twice": HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        "coded": HEAD + b"Content-Encoding: br\r\nContent-Length: 1\r\n\r\na",
        "inner": lambda request: [reply("", "302 F", Location=f"http://10.0.0.1{request.target}")],
        "login": lambda request: [reply("", "302 F", Location=f"http://u:{MARK}-login@{other.place}/")],
        "moved": lambda request: [reply("", "301 M", Location=f"{other.url}/moved")],
        "loop": lambda request: [reply("", "302 F", Location=request.target)],
        "text": lambda request: [reply(f"<html>{request.target}</html>", Content_Type="text/html")],
        "json": lambda request: [reply(json.dumps({"error": request.target}))],
        "xml": lambda request: [reply(f"<rss><channel><item><title>{request.target.split('?')[0]}")],
        "zero": reply(""),
        "feed": lambda request: [reply(_feed(request, other), Content_Type="application/rss+xml")],
        "page": lambda request: [reply(_page(request), Content_Type="text/html")],
    }


def _feed(request: Request, other: HostileServer) -> str:
    here = f"http://{request.headers['host']}{request.target}".replace("&", "&amp;")
    return FEED.format(here=here, link=f"{other.url}/item?{here.partition('?')[2]}")


def _page(request: Request) -> str:
    return PAGE.format(here=f"http://{request.headers['host']}{request.target}", n=len(request.target))


FORMS = ("token={0}", "api_key={0}", "user=7&key={0}", "auth={0}", "secret={0}&page=2", "X-Signature={0}", "sid={0}")
KINDS = ("feed", "page", "sitemap")
KEYED = (  # interfaces that are asked with a key: kind, address, options; {0} is where the answers come from
    ("newsapi", "harbour", 'api = "{0}"\nkey_env = "NEWSAPI_KEY"\n'),
    ("x", "harbour lang:en", 'api = "{0}"\nkey_env = "X_BEARER_TOKEN"\n'),
    ("mastodon", "{0}/tags/harbour", 'key_env = "MASTODON_KEY"\n'),
    ("websearch", "{0}", 'provider = "brave"\nquery = "harbour"\nkey_env = "BRAVE_API_KEY"\n'),
    ("websearch", "{0}", 'provider = "tavily"\nquery = "harbour"\nkey_env = "TAVILY_API_KEY"\n'),
    ("reddit", "r/energy", 'api = "{0}"\ntoken = "{0}/token"\nclient_id = "app"\nkey_env = "REDDIT_CLIENT_SECRET"\n'),
    (
        "bluesky",
        "https://bsky.app/search?q=harbour",
        'api = "{0}"\npds = "{0}"\nidentifier = "desk.example"\nkey_env = "BLUESKY_APP_PASSWORD"\n',
    ),
)
REFUSALS = ("echo401", "forbidden", "busy", "oops", "garbage", "short", "text", "json", "moved", "login", "zero")


@pytest.fixture
def desk(
    tmp_path: Path, server: HostileServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Path, HostileServer]]:
    """A desk whose every source fails in its own way, with a secret in each place; and the foreign server."""
    with HostileServer({"*": reply("<html>nothing</html>", Content_Type="text/html")}) as other:
        for name, value in ENVIRONMENT.items():
            monkeypatch.setenv(name, value)
        key = tmp_path / "key"
        key.write_text(f"{MARK}-file-77\n", encoding="utf-8")
        key.chmod(0o600)
        monkeypatch.setenv("FILED_KEY_FILE", str(key))
        monkeypatch.setenv("MAIL_TO", f"json://{MARK}-user:{MARK}-pass@{other.place}/{MARK}-hook")
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://proxy:{MARK}-proxy@{other.place}")
        with ExitStack() as servers:
            yield _written(tmp_path / "desk", server, other, servers), other


def _written(folder: Path, server: HostileServer, other: HostileServer, servers: ExitStack) -> Path:
    """The configuration; each way to fail has a host of its own, so that no refusal of one spares the others."""
    entries, ways = [], broken(other)
    hosts = {way: servers.enter_context(HostileServer({"*": answer})) for way, answer in ways.items()}  # type: ignore[dict-item]
    for number, way in enumerate(way for way in ways for _ in KINDS):
        kind = KINDS[number % len(KINDS)]
        query = FORMS[number % len(FORMS)].format(f"{MARK}-address-{number:03}")
        entries.append((f"{way} {kind}", kind, f"{hosts[way].url}/{way}?{query}", ""))
    for number, (kind, address, options) in enumerate(KEYED):
        for way in REFUSALS:
            own = servers.enter_context(HostileServer({"*": ways[way]}))  # type: ignore[dict-item]
            hosts[f"{kind} {number} {way}"] = own
            entries.append((f"{kind} {number} {way}", kind, address.format(own.url), options.format(own.url)))
    entries.append(("Login", "feed", f"http://me:{MARK}-login@{server.place}/feed", ""))
    told = "".join(
        f'[[source]]\nname = "{name}"\nkind = "{kind}"\naddress = "{address}"\n{more}'
        for name, kind, address, more in entries
    )
    served = (
        f'[[model]]\nname = "openai"\nbase_url = "{server.url}/v1"\nkey_env = "DESK_KEY"\nattempts = 1\ntimeout = 5\n'
    )
    notice = '[[notify]]\nname = "Ann"\naddress_env = "MAIL_TO"\n'
    places = [one.place for one in (server, other, *hosts.values())]
    net = f"[ingest]\npace = 0\ntimeout = 2\nallow_private = {json.dumps(places)}\n"
    models = '[models]\nwrite = ["openai:small"]\nextract = ["openai:small"]\n[write]\nmin_sentences = 3\n'
    return papers.desk(folder, config=f"{papers.CONFIG}\n{net}{models}{told}{served}{notice}")


def heard(captured: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> str:
    out = captured.readouterr()
    text = out.out + out.err + caplog.text
    caplog.clear()
    return text


def holding(folder: Path) -> list[str]:
    """Files below `folder` that hold a canary, the configuration left out, backups and databases looked into."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "citewire.toml" and MARK.encode() in path.read_bytes():
            found.append(str(path.relative_to(folder)))
    for path in folder.rglob("*.db"):
        with sqlite3.connect(path) as connection:
            found += [f"{path.name}: {line[:160]}" for line in connection.iterdump() if MARK in line]
    return found


COMMANDS = (
    "sources list", "sources list --json", "sources check", "sources check --json", "sources export", "report",
    "report --json", "models", "models --check", "models --check --json", "notify", "notify --dry-run", "notify --json",
    "export records --to {0}/records.csv", "export claims --to {0}/claims.jsonl --format jsonl",
    "export citations --to {0}/citations.csv", "export signals --to {0}/signals.csv", "backup {0}/copy.zip --json",
    "doctor", "doctor --json", "held list", "rollback --list", "verify {0}/desk/output/site", "explain nobody",
    "explain 0 --json", "search quay --json", "search quay", "topic quay --corpus", "topic harbour --json",
    "sources add {1}/feed?token=" + MARK + "-added --yes", "sources add http://me:" + MARK + "-added@{2}/feed --yes",
    "sources add {1}/nothing?key=" + MARK + "-added --json", "sources accept nobody", "retract nobody --why x",
    "correct nobody", "replay {0}/none", "restore {0}/none.zip", "recheck", "recheck nobody", "explain g0",
)  # fmt: skip


def test_no_secret_is_told_by_any_error(
    desk: tuple[Path, HostileServer],
    server: HostileServer,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    config, other = desk
    caplog.set_level(0)
    errors, said = 0, ""
    models = iter((failed("401 No", ENVIRONMENT["DESK_KEY"]), spoken(OPENAI, ENVIRONMENT["DESK_KEY"]), b"garbage"))
    for night in NIGHTS:
        server.routes["/v1/chat/completions"] = next(models)
        main(["run", "--verbose", "--config", str(config), "--now", night])
        text = heard(capsys, caplog)
        errors, said = errors + text.count("failed: "), said + text
    for command in COMMANDS:
        line = command.format(config.parent.parent, server.url, server.place)
        code = main([*line.split(), "--config", str(config), "--now", "2026-05-14T07:00:00Z"]) if line else 0
        text = heard(capsys, caplog)
        errors += max(code != 0, len(re.findall(r"refused|answered [45]\d\d|failed|cannot|is not", text)))
        said += text
    print(f"secrets told: 0 of {errors} errors")
    leaks = [line[:300] for line in said.split("\n") if MARK in line] + holding(config.parent)
    leaks += [str(path) for path in config.parent.parent.glob("*.*") if MARK.encode() in path.read_bytes()]
    asked = (f"{request.target} {request.headers} {request.body!r}" for request in other.log)
    leaks += [text for text in asked if MARK in text.replace(f"{MARK}-hook", "")]
    assert not leaks, "\n".join(leaks[:20])
    assert errors >= 500


def _wrong(text: str) -> Iterator[str]:
    """The configuration with one line wrong at a time: no value, another type, a key that is none, a broken string."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        key, mark, value = line.partition(" = ")
        if not mark:
            continue
        for bad in (f"{key} = 7", f"{key} = [{value}]", f"{key}x = {value}", f"{key} = {value[:-1]}", f"{key} {value}"):
            yield "\n".join([*lines[:at], bad, *lines[at + 1 :]])


def test_no_secret_is_told_by_a_wrong_configuration(
    desk: tuple[Path, HostileServer], capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    config, _ = desk
    text, count = config.read_text(encoding="utf-8"), 0
    for bad in islice(_wrong(text), 0, None, 1 if LONG else 6):
        config.write_text(bad, encoding="utf-8")
        count += main(["sources", "list", "--config", str(config), "--json"]) == 6
        out = heard(capsys, caplog) if MARK in bad else ""
        assert [line[:300] for line in out.split("\n") if MARK in line] == []
    print(f"secrets told: 0 of {count} wrong configurations")
    assert count >= 400


def test_the_canaries_are_where_secrets_are(desk: tuple[Path, HostileServer]) -> None:
    text = desk[0].read_text(encoding="utf-8")
    assert text.count(MARK) >= 60
    assert sum(MARK in value for value in os.environ.values()) >= 16
    assert time.tzname
