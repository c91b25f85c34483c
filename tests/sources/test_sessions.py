"""Logins of a run: made once, shared, kept, and not tried again where they fail."""

from __future__ import annotations

import base64
import json
import threading
import time
from pathlib import Path

import pytest
from canned import any_json, canned
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import Source
from pipeline.errors import ConfigurationError, ParseError
from pipeline.sources import sessions
from pipeline.sources.sessions import Held
from pipeline.vault import Vault

NAMES = ("name", "name_env", "PORT_NAME")


def good(held: Held) -> bool:
    return "token" in held


def test_sources_of_one_run_share_a_session_and_runs_do_not() -> None:
    desk = canned({})
    assert sessions.of(desk, "a") is sessions.of(desk, "a")
    assert sessions.of(desk, "a") is not sessions.of(desk, "b")
    assert sessions.of(desk, "a") is not sessions.of(canned({}), "a")


def test_a_login_is_made_once_by_many_threads(tmp_path: Path) -> None:
    session = sessions.of(canned({}, vault=Vault(tmp_path)), "a")
    made: list[Held] = []

    def make(before: Held) -> Held:
        time.sleep(0.02)
        made.append(before)
        return {"token": "t"}

    threads = [threading.Thread(target=session.held, args=(good, make)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [{}]
    assert sessions.of(canned({}, vault=Vault(tmp_path)), "a").held(good, make) == {"token": "t"}
    assert len(made) == 1


def test_a_failure_is_remembered() -> None:
    session = sessions.of(canned({}), "a")
    tried: list[Held] = []

    def make(before: Held) -> Held:
        tried.append(before)
        raise ParseError("no")

    for _ in range(3):
        with pytest.raises(ParseError):
            session.held(good, make)
    assert len(tried) == 1


def test_what_is_refused_is_replaced_once(tmp_path: Path) -> None:
    Vault(tmp_path).write("a", {"token": "old", "refresh": "r"})
    session = sessions.of(canned({}, vault=Vault(tmp_path)), "a")
    old = session.held(good, dict)
    assert session.refused(old, {"refresh": "r"})
    new = session.held(good, lambda before: {"token": "new", **before})
    assert new == {"token": "new", "refresh": "r"}
    assert session.refused(old, {}), "another source has replaced it already"
    assert not session.refused(new, {})


def test_names_and_keys() -> None:
    desk = canned({}, secrets={"PORT_NAME": "ada", "PORT_KEY": "k", "OTHER": "bo"})
    assert sessions.pair(desk, Source("s", "x", ""), NAMES, "PORT_KEY", "a port") == ("ada", "k")
    for options, expected in (({"name": "cy"}, "cy"), ({"name_env": "OTHER"}, "bo")):
        source = Source("s", "x", "", options=options)
        assert sessions.pair(desk, source, NAMES, "PORT_KEY", "a port") == (expected, "k")
    assert sessions.pair(canned({}), Source("s", "x", ""), NAMES, "PORT_KEY", "a port") is None
    for secrets, missing in (({"PORT_NAME": "ada"}, "PORT_KEY"), ({"PORT_KEY": "k"}, "PORT_NAME")):
        with pytest.raises(ConfigurationError, match=missing):
            sessions.pair(canned({}, secrets=secrets), Source("s", "x", ""), NAMES, "PORT_KEY", "a port")


@given(st.text())
def test_what_is_plain_can_stand_in_a_header(token: str) -> None:
    if sessions.plain(token):
        assert token.encode("ascii").strip() == token.encode("ascii")
        assert not set(token) & set("\r\n\t \x00\x7f")


@given(any_json("exp") | st.fixed_dictionaries({"exp": any_json("exp")}))
def test_the_end_of_any_token(claims: object) -> None:
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    assert 0.0 <= sessions.ends(f"a.{middle}.c") < 1e12


@given(st.text() | st.text().map(lambda text: f"a.{text}.c"))
def test_what_is_no_token_has_no_end(text: str) -> None:
    assert sessions.ends(text) >= 0.0


def test_what_ends_in_a_moment_is_over() -> None:
    assert not sessions.lasts(time.time() + 30)
    assert sessions.lasts(time.time() + 300)
