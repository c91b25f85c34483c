"""`citewire topic` against servers that play many services at once: answers, an error, nothing at all, and silence."""

from __future__ import annotations

import json
import time
from pathlib import Path

import papers
import pytest
from desk import rss
from hostile import Chunks, HostileServer, Request, reply
from indexes import carried, story

from pipeline.cli import main
from pipeline.stores import open_store

NIGHT = "2026-05-04T02:00:00Z"
QUERY = "gas turbines Selmouth"
PAGE = (
    "<!doctype html><html lang='en'><head><title>Selmouth turbines may be noisy at night</title></head><body><article>"
    "<h1>Selmouth turbines may be noisy at night</h1>"
    "<p>The gas turbines that the port of Selmouth ordered will be heard in the Tarn quarter, engineers said.</p>"
    "<p>The air board of Selmouth asked the port for a wall of nine metres along the quay by the end of the year.</p>"
    "<p>The port of Selmouth said that the wall for its gas turbines would cost 4 million dollars.</p>"
    "</article></body></html>"
)


def asleep(request: Request) -> Chunks:
    time.sleep(20)
    yield b""


def hits(base: str) -> bytes:
    """Algolia's answer: one story on the topic, whose page can be read, and one on other matters."""
    titles = ("Selmouth turbines may be noisy at night", "A gas to fill balloons")
    found = [
        {"objectID": str(n), "title": title, "url": f"{base}/page/{n}", "created_at_i": 1777800000, "points": 9}
        for n, title in enumerate(titles)
    ]
    return reply(json.dumps({"hits": found}), Content_Type="application/json")


def board(name: str, place: str, path: str) -> str:
    """A [[source]] of kind hackernews whose search is below `path` at `place`."""
    return f"""
[[source]]
name = "{name}"
kind = "hackernews"
address = "http://{place}/v0"
search = "http://{place}{path}"
"""


def config(folder: Path, server: HostileServer, deadline: float, *sources: str) -> Path:
    """A desk with a folder of papers and these sources, all of them played by `server`."""
    more = f"""
[ingest]
pace = 0
allow_private = ["{server.place}", "{elsewhere(server)}"]

[search]
deadline = {deadline}
kinds = ["files"]
"""
    return papers.desk(folder, config=papers.CONFIG + more + "".join(sources))


def elsewhere(server: HostileServer) -> str:
    """The same server as another host, whose silence keeps nobody else waiting."""
    return f"localhost:{server.port}"


def test_who_answered_who_failed_who_hung_and_what_was_set_aside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], server: HostileServer
) -> None:
    server.routes |= {
        "/api/search": hits(server.url),
        "/none/search": reply(json.dumps({"hits": []})),
        "/broken/search": reply("", "500 Oops"),
        "/silent/search": asleep,
    }
    here = server.place
    sources = (board("Board", here, "/api"), board("Empty", here, "/none"), board("Broken", here, "/broken"))
    desk = str(config(tmp_path, server, 3.0, *sources, board("Silent", elsewhere(server), "/silent")))
    page = tmp_path / "a.html"
    assert main(["topic", QUERY, "--config", desk, "--now", NIGHT, "--json", "--html", str(page)]) == 0
    answer = json.loads(capsys.readouterr().out)
    places = {place["name"]: place for place in answer["searched"]}
    assert (places["Board"]["given"], places["Board"]["found"], places["Board"]["problem"]) == (2, 1, None)
    assert (places["Empty"]["given"], places["Empty"]["problem"]) == (0, None)
    assert "500" in places["Broken"]["problem"]
    assert (places["Silent"]["hung"], places["Silent"]["problem"]) == (True, "hung: no answer within 3 s")
    assert "cannot be searched" in places["files"]["problem"]
    aside = {one["title"]: one["lacking"] for one in answer["aside"]}
    assert aside["A gas to fill balloons"] == ["turbines", "Selmouth"]
    for told in ("hung: no answer within 3 s", "Set aside as off topic", "A gas to fill balloons"):
        assert told in page.read_text(encoding="utf-8")


def test_where_nobody_answers_the_store_does_and_the_exit_code_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], server: HostileServer
) -> None:
    server.routes |= {"/broken/search": reply("", "500 Oops"), "/none/search": reply(json.dumps({"hits": []}))}
    desk = config(tmp_path, server, 3.0, board("Broken", server.place, "/broken"))
    assert main(["topic", QUERY, "--config", str(desk), "--now", NIGHT]) == 5
    assert "Broken" in capsys.readouterr().out
    assert main(["topic", QUERY, "--corpus", "--config", str(desk), "--now", NIGHT]) == 0
    desk = config(tmp_path, server, 3.0, board("Empty", server.place, "/none"))
    assert main(["topic", QUERY, "--config", str(desk), "--now", NIGHT]) == 0


def test_pages_behind_the_answers_of_several_services_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], server: HostileServer
) -> None:
    publisher = f"{server.url}/page/0"
    server.routes |= {
        "/api/search": hits(server.url),
        "/page/0": reply(PAGE, Content_Type="text/html"),
        "/rss/search": reply(rss([story("https://news.google.com/rss/articles/" + carried(publisher))])),
    }
    news = f"""
[[source]]
name = "News"
kind = "googlenews"
address = "{server.url}/rss"
api = "{server.url}/rss"
"""
    desk = str(config(tmp_path, server, 60.0, board("Board", server.place, "/api"), news))
    assert main(["topic", QUERY, "--config", desk, "--now", NIGHT, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    places = {place["name"]: place for place in answer["searched"]}
    assert (places["Board"]["given"], places["News"]["given"]) == (2, 1)
    assert places["News"]["problem"] is None
    assert "1 of 2 pages read in full" in answer["pages"]
    store = open_store(tmp_path / "output" / "citewire.db")
    texts = [record.text for record in store.search_records(["wall"])]
    store.close()
    assert any("a wall of nine metres along the quay" in text for text in texts)


def test_a_service_that_hangs_is_not_asked_for_the_nights_next_topic(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], server: HostileServer
) -> None:
    server.routes |= {
        "/silent/search": asleep,
        "/v0/topstories.json": reply("[]"),
        "/api/search": reply(json.dumps({"hits": []})),
    }
    desk = config(
        tmp_path, server, 1.5, board("Board", server.place, "/api"), board("Silent", elsewhere(server), "/silent")
    )
    topics = "".join(f'\n[[topic]]\nquery = "{query}"\n' for query in (QUERY, "air board permit", "Tarn quarter"))
    desk.write_text(desk.read_text(encoding="utf-8") + topics, encoding="utf-8")
    main(["ingest", "--config", str(desk), "--now", NIGHT])
    assert server.paths().count("/silent/search") == 1
    assert server.paths().count("/api/search") == 3
    assert "hung: no answer within 1.5 s" in capsys.readouterr().err
