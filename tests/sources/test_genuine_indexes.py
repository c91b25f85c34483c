"""Genuine answers of indexes through their adapters; CITEWIRE_EVAL_DATA names the folder that holds them."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from desk import NOW
from hostile import HostileServer, reply
from indexes import asked, hasty

from pipeline.domain import Batch, Cursor, Source, TextQuality
from pipeline.sources import load

FOLDER = os.environ.get("CITEWIRE_EVAL_DATA")  # read at import: the fixtures clear the environment
pytestmark = pytest.mark.skipif(not FOLDER, reason="CITEWIRE_EVAL_DATA names no data folder")
DATA = Path(FOLDER or ".") / "api"


def read(kind: str, path: Path, address: str, **options: object) -> tuple[Batch, int]:
    """What the adapter makes of a file that a server gives, and how often it asked."""
    place = urlsplit(address)
    with HostileServer({place.path: reply(path.read_bytes())}) as server:
        tools = hasty(server, keys={"NEWSAPI_KEY": "x"})
        source = Source("s", kind, f"{server.url}{place.path}?{place.query}", options=options)
        return load(kind, tools).read(source, Cursor(), NOW), len(asked(server))


def test_arxiv() -> None:
    listed = json.loads((DATA / "arxiv" / "INDEX.json").read_text())
    files = {path.name: path for path in sorted((DATA / "arxiv").glob("*.xml"))}
    assert files
    for name, path in files.items():
        wanted = urlsplit(listed[name]["url"])
        size = int(re.findall(r"max_results=(\d+)", wanted.query)[0])
        address = "/api/query?" + re.sub(r"&(?:start|max_results)=\d+", "", wanted.query)
        batch, _ = read("arxiv", path, address, limit=size)
        text = path.read_text(encoding="utf-8")
        ids = set(re.findall(r"<id>http://arxiv\.org/abs/(.+?)(?:v\d+)?</id>", text))
        assert {made.native_id for made in batch.records} == ids, name
        assert len(batch.records) == listed[name]["entries"] - batch.dropped.get("same page twice", 0), name
        for made in batch.records:
            assert made.url == f"https://arxiv.org/abs/{made.native_id}"
            assert made.quality is TextQuality.FULL
            assert len(made.text) > len(made.title) + 100 or made.native_id == "2104.12255"
            assert made.author
            assert not made.date_doubtful
            assert made.truncated == made.text.endswith("...")


@pytest.mark.parametrize(("name", "count"), [("digitalfoundry_2025-01-01.xml", 15), ("feed-rs_trimmed.xml", 1)])
def test_youtube(name: str, count: int) -> None:
    batch, _ = read("youtube", DATA / "youtube" / name, "/feeds/videos.xml?user=x")
    assert len(batch.records) == count
    assert batch.dropped == {}
    assert batch.identity
    for made in batch.records:
        assert made.url == f"https://www.youtube.com/watch?v={made.native_id}"
        assert made.engagement["views"] > made.engagement["likes"] > 0
        assert len(made.text) > len(made.title) + 50
        assert "&amp;" not in made.text
        assert made.author == made.publisher
        assert not made.date_doubtful


def test_newsapi() -> None:
    path = DATA / "newsapi" / "top-headlines_2019.json"
    articles = json.loads(path.read_text(encoding="utf-8"))["articles"]
    batch, _ = read("newsapi", path, "/v2/top-headlines?country=ch")
    assert len(batch.records) + sum(batch.dropped.values()) == len(articles)
    assert batch.dropped.keys() <= {"same page twice"}
    by_url = {article["url"]: article for article in articles}
    for made in batch.records:
        article = by_url.get(made.url or "")
        if article is None:  # its address lost what only served tracking
            continue
        assert made.publisher == article["source"]["name"]
        assert made.published.isoformat() == article["publishedAt"].replace("Z", "+00:00")
        assert "chars]" not in made.text
        assert not (article["content"] or "").endswith("chars]") or made.truncated
    kept = sum(" - " in made.title for made in batch.records)
    assert kept < sum(" - " in article["title"] for article in articles) / 4
