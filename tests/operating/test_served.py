"""A desk whose store a server keeps: what doctor says of it, its backups and how they come back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import papers
import postgres
import pytest
from postgres import admin

from pipeline.cli import main
from pipeline.operating.doctor import checks
from pipeline.operating.doctor.facts import Facts, Level, Programs, Stored
from pipeline.stores import kind_of, open_store, transfer

pytestmark = postgres.needed
NIGHT, NEXT = "2026-05-04T02:00:00Z", "2026-05-05T02:00:00Z"


def desk(folder: Path, address: str) -> Path:
    config = papers.desk(folder)
    listed = folder.parent.parent / "papers.jsonl"  # one address, whatever the folder of the desk
    listed.write_bytes((folder / "papers.jsonl").read_bytes())
    text = config.read_text(encoding="utf-8").replace('"papers.jsonl"', f'"{listed}"')
    config.write_text(f'store = "{address}"\n' + text, encoding="utf-8")
    return config


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """A desk after one night."""
    address = postgres.fresh()
    config = desk(tmp_path_factory.mktemp("desk") / "d", address)
    assert main(["run", "--config", str(config), "--now", NIGHT, "--quiet"]) == 0
    return {"address": address, "config": config, "site": papers.site(config.parent)}


def doctor(config: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, list[dict[str, str]]]:
    capsys.readouterr()
    main(["doctor", "--config", str(config), "--now", "2026-05-04T03:00:00Z", "--json"])
    found: dict[str, list[dict[str, str]]] = {}
    for one in json.loads(capsys.readouterr().out)["checks"]:
        found.setdefault(one["check"], []).append(one)
    return found


def test_doctor_names_server_size_and_holder(told: Mapping[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    found = doctor(told["config"], capsys)
    (server,) = found["server"]
    assert server["level"] == "ok"
    assert server["what"].startswith("PostgreSQL 1")
    assert "pgvector 0." in server["what"]
    assert "a server keeps it" in found["database"][0]["what"]
    assert " 0.0 MB" not in found["database"][0]["what"]
    assert found["lock"][0]["what"] == "free"
    hold = kind_of(told["address"]).hold
    assert hold is not None
    with hold(told["address"], False):
        assert "a run is under way (process" in doctor(told["config"], capsys)["lock"][0]["what"]


def test_doctor_says_what_follows_without_pgvector_and_where_connections_run_out() -> None:
    store = Stored(Path("x"), exists=True, served=True, server="PostgreSQL 17.1", connections=2)
    facts = Facts(datetime.now().astimezone(), Path("c"), Programs((3, 11, 0), "1", (3, 51, 3)), store=store)
    facts = Facts(facts.now, facts.config, facts.programs, store=store, embedder="dense-1", offset=timedelta())
    found = list(checks.server(facts))
    assert [one.level for one in found] == [Level.OK, Level.WARNING, Level.WARNING]
    assert "CREATE EXTENSION vector" in found[1].fix
    assert "install pgvector" in found[1].fix
    assert "2 connections are left" in found[2].what


def test_doctor_names_a_server_that_is_gone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = doctor(desk(tmp_path / "d", "postgresql://desk:s3cret@127.0.0.1:9/desk"), capsys)
    (database,) = found["database"]
    assert database["level"] == "failure"
    assert "see that the server runs and can be reached" in database["what"]
    assert "s3cret" not in str(found)


def test_a_backup_of_a_server_comes_back_to_a_file_and_to_another_server(
    told: Mapping[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "desk.zip"
    assert main(["backup", str(file), "--config", str(told["config"]), "--now", NIGHT]) == 0
    assert "verified backup of" in capsys.readouterr().out
    assert main(["restore", "--check", str(file), "--config", str(told["config"])]) == 0
    places = {"server": postgres.fresh(), "file": "citewire.db"}
    for name, address in places.items():
        config = desk(tmp_path / name, address)
        assert main(["restore", str(file), "--config", str(config), "--now", NEXT]) == 0
        assert main(["publish", "--config", str(config), "--now", NIGHT, "--quiet"]) == 0
        assert papers.site(config.parent) == told["site"]
    assert main(["restore", str(file), "--config", str(tmp_path / "server" / "citewire.toml"), "--now", NEXT]) == 8
    assert "holds a desk already" in capsys.readouterr().err


def test_a_copy_is_of_one_moment_whatever_is_written_meanwhile(told: Mapping[str, Any], tmp_path: Path) -> None:
    source, target = postgres.fresh(), str(tmp_path / "copy.db")
    transfer.copy(told["address"], source)
    written = False

    def write(name: str) -> None:
        nonlocal written
        if name.startswith("copy.") and not written:
            written = True
            admin(source, "UPDATE versions SET title = 'Altered meanwhile'", "DELETE FROM answers")

    copied = transfer.copy(source, target, checkpoint=write)
    assert written
    store = open_store(target)
    assert store.counts()["records"] == copied.rows["records"]
    whole = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    titles = [record.title for record in store.records_between(*whole)]
    assert titles
    assert "Altered meanwhile" not in titles
    store.close()
