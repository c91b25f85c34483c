"""Genuine feeds and answers through the adapters; CITEWIRE_EVAL_DATA names the folder that holds them."""

from __future__ import annotations

import json
import os
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from desk import tools
from hostile import HostileServer, reply

from pipeline.domain import Batch, Cursor, Source
from pipeline.sources import load

FOLDER = os.environ.get("CITEWIRE_EVAL_DATA")  # read at import: the fixtures clear the environment
pytestmark = pytest.mark.skipif(not FOLDER, reason="CITEWIRE_EVAL_DATA names no data folder")
DATA = Path(FOLDER or ".")
NOW = datetime(2026, 5, 4, 6, tzinfo=UTC)


def members(archive: str) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(DATA / "feeds" / archive) as opened:
        for member in opened:
            content = opened.extractfile(member) if member.isfile() else None
            if content:
                yield member.name.partition("/")[2], content.read()


def read(body: bytes, kind: str = "feed", path: str = "/feed") -> Batch:
    with HostileServer({path: reply(body)}) as server:
        return load(kind, tools(server)).read(Source("s", kind, server.url + path), Cursor(), NOW)


def test_captured_feeds_agree_with_the_reference() -> None:
    files = dict(members("realworld.dev.tar.gz"))
    reference = json.loads(files["reference.json"])
    for name, expected in reference.items():
        batch = read(files[name])
        found = len(batch.records) + sum(batch.dropped.values())
        assert found == expected["n"], name
        titles = {" ".join(record.title.split()) for record in batch.records}
        wanted = " ".join((expected["first_title"] or "").split())
        assert not wanted or "&#x" in wanted or wanted in titles, name
        dated = sum(not record.date_doubtful for record in batch.records)
        assert dated + sum(batch.dropped.values()) >= (expected.get("dated") or 0) * 0.99, name


@pytest.mark.parametrize("folder", ["arxiv", "reddit_rss", "youtube"])
def test_api_feeds(folder: str) -> None:
    files = [path for path in sorted((DATA / "api" / folder).rglob("*")) if path.suffix in (".xml", ".rss", ".atom")]
    assert files
    made = 0
    for path in files:
        batch = read(path.read_bytes())
        made += len(batch.records)
        assert all(record.title and record.url and not record.date_doubtful for record in batch.records), path.name
    assert made
