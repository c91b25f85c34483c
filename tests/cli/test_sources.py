"""`citewire sources list`, `check` and `accept`, as their user meets them: real files, a loopback server."""

import contextlib
import io
import json
import tomllib
from pathlib import Path

import pytest
from desk import rss, rss_item
from hostile import HostileServer, reply

from pipeline.cli import main

NIGHT = "2026-05-04T06:00:00Z"


def night(number: int) -> str:
    return f"2026-05-{4 + number:02}T06:00:00Z"


def desk(folder: Path, server: HostileServer, *sources: str) -> Path:
    """A desk whose [[source]] tables are `sources`, with a remark that has to stay."""
    own = ", ".join(f'"{host}:{server.port}"' for host in ("127.0.0.1", "localhost"))
    head = f"# mine\n[ingest]\npace = 0\nworkers = 1\nfull_text = false\nallow_private = [{own}]\n"
    path = folder / "citewire.toml"
    path.write_text(head + "".join(f"\n[[source]]\n{source}\n" for source in sources), encoding="utf-8")
    return path


def feed(name: str, address: str) -> str:
    return f'name = "{name}"   # {name}, my own words\nkind = "feed"\naddress = "{address}"'


def call(capsys, config: Path, *argv: str, now: str = NIGHT) -> tuple[int, str, str]:
    code = main([*argv, "--config", str(config), "--now", now])
    said = capsys.readouterr()
    return code, said.out, said.err


def addresses(config: Path) -> list[str]:
    return [source["address"] for source in tomllib.loads(config.read_text(encoding="utf-8"))["source"]]


# --- list ------------------------------------------------------------------------------------------------------------


def test_list_shows_state_lag_and_next_try_and_makes_no_database(tmp_path, capsys):
    with HostileServer(
        {"/feed": reply(rss([rss_item(1)])), "/busy": reply(b"", "429 Busy", Retry_After="7200")}
    ) as server:
        config = desk(tmp_path, server, feed("Wire", f"{server.url}/feed"), feed("Zone", f"{server.url}/busy"))
        code, out, _ = call(capsys, config, "sources", "list")
        assert code == 0
        assert out.count("never read") == 2
        assert not (tmp_path / "output").exists()
        call(capsys, config, "ingest")
    code, out, _ = call(capsys, config, "sources", "list")
    wire, busy = out.splitlines()
    assert wire.split("  ")[0] == "Wire"
    assert "newest 5 hours old" in wire
    assert "failing" in busy
    assert "not before 2026-05-04 08:00 UTC" in busy
    found = json.loads(call(capsys, config, "sources", "list", "--json")[1])
    assert [(one["state"], one["lag_seconds"]) for one in found] == [("ok", 18000), ("failing", None)]


# --- check -----------------------------------------------------------------------------------------------------------


def test_who_asks_a_check_for_a_pause_is_left_alone_by_the_next_one(tmp_path, capsys):
    with HostileServer({"/feed": reply(rss([rss_item(1)]))}) as server:
        config = desk(tmp_path, server, feed("Wire", f"{server.url}/feed"))
        call(capsys, config, "ingest")
        server.routes["/feed"] = reply(b"", "429 Busy", Retry_After="7200")
        said = [call(capsys, config, "sources", "check", now=night(number))[1] for number in (1, 2)]
        assert server.paths().count("/feed") == 2
    assert "answered 429" in said[0]
    assert "asked for a pause" in said[1]


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """A desk of sources that are wrong in different ways, and what check says of it in JSON, by name."""
    folder = tmp_path_factory.mktemp("desk")
    old = rss([rss_item(n, date=f"{n:02} Jan 2026 01:00:00 GMT") for n in range(1, 9)])
    page = '<html><head><link rel="alternate" type="application/rss+xml" href="/real.xml"></head></html>'
    routes = {
        "/good": reply(rss([rss_item(1), rss_item(2)])),
        "/real.xml": reply(rss([rss_item(1)])),
        "/page": reply(page, Content_Type="text/html"),
        "/": reply(page, Content_Type="text/html"),
        "/moved": reply(b"", "301 Moved", Location="/good"),
        "/empty": reply(rss([])),
        "/stale": reply(old),
        "/latin": reply(rss([rss_item(1, text="Ein Café am Kai öffnete.")]).encode("iso-8859-1")),
        "/robots.txt": reply("User-agent: Citewire\nDisallow: /closed\n"),
        **{f"/{status}": reply(b"", f"{status} No") for status in (401, 403, 410)},
    }
    with HostileServer(routes) as server:
        routes["/elsewhere"] = reply(b"", "301 Moved", Location=f"http://localhost:{server.port}/good")
        server.routes.update(routes | {"/429": reply(b"", "429 Busy")})
        names = [*(path.strip("/") for path in routes if path not in ("/", "/robots.txt")), "404", "closed", "429"]
        more = [
            'name = "typo"\nkind = "fede"\naddress = "x"',
            'name = "key"\nkind = "reddit"\naddress = "r/energy"\nkey_env = "NOT_SET_ANYWHERE"',
            'name = "folder"\nkind = "files"\naddress = "nowhere"',
        ]
        config = desk(folder, server, *(feed(name, f"{server.url}/{name}") for name in names), *more)
        before = config.read_bytes()
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = main(["sources", "check", "--json", "--config", str(config), "--now", NIGHT])
        assert config.read_bytes() == before
        assert not (folder / "output" / "citewire.db").exists()
    found = json.loads(out.getvalue())
    assert code == 1
    assert [one["source"] for one in found] == [*names, "typo", "key", "folder"]
    return {one["source"]: one for one in found}, server.url


@pytest.mark.parametrize("name", ["good", "real.xml"])
def test_a_source_in_order_is_ok(checked, name):
    assert checked[0][name]["ok"]
    assert checked[0][name]["problems"] == []
    assert checked[0][name]["newest"] == "2026-05-04T01:00:00Z"


@pytest.mark.parametrize(
    ("name", "what", "fix"),
    [
        ("page", "HTML page where a feed should be", 'address = "{url}/real.xml"'),
        ("404", "answered 404", 'address = "{url}/real.xml"'),
        ("410", "answered 410", 'address = "{url}/real.xml"'),
        ("401", "answered 401", "key"),
        ("403", "answered 403", "contact"),
        ("429", "answered 429", "wait"),
        ("moved", "moved for good to {url}/good", "citewire sources accept moved"),
        ("elsewhere", "localhost", "citewire sources accept elsewhere"),
        ("empty", "empty: it holds no item", "correct the address"),
        ("stale", "stale: its newest item is 116 days old, though one came every 24 hours", "newer feed"),
        ("closed", "robots.txt", "ask its operator"),
        ("typo", "no kind of source is called 'fede'", 'kind = "feed"'),
        ("key", "NOT_SET_ANYWHERE", "export NOT_SET_ANYWHERE=..."),
        ("folder", "nowhere", ""),
    ],
)
def test_what_is_wrong_is_told_with_its_fix(checked, name, what, fix):
    found, url = checked
    assert not found[name]["ok"]
    problem = found[name]["problems"][0]
    assert what.format(url=url) in problem["what"]
    assert fix.format(url=url) in problem["fix"]


def test_a_wrong_charset_is_worth_a_note_only(checked):
    (problem,) = checked[0]["latin"]["problems"]
    assert checked[0]["latin"]["ok"]
    assert "charset" in problem["what"]
    assert not problem["wrong"]


def test_check_of_some_in_words_and_of_nobody(tmp_path, capsys):
    with HostileServer({"/feed": reply(rss([rss_item(1)]))}) as server:
        config = desk(tmp_path, server, feed("Wire", f"{server.url}/feed"), feed("Gone", f"{server.url}/gone"))
        code, out, err = call(capsys, config, "sources", "check", "Wire")
        assert (code, err) == (0, "")
        assert "ok    Wire: 1 item, newest 5 hours old" in out
        code, out, _ = call(capsys, config, "sources", "check", "--quiet")
        assert code == 1
        assert "Wire" not in out
        assert "fix: " in out
        line = config.read_text(encoding="utf-8").splitlines().index('name = "Gone"   # Gone, my own words')
        assert f"WRONG Gone ({config}:{line}): 0 items" in out
        code, _, err = call(capsys, config, "sources", "check", "Wirre")
        assert code == 2
        assert "did you mean 'Wire'?" in err


def test_a_host_that_asked_for_a_pause_is_not_asked(tmp_path, capsys):
    with HostileServer({"/busy": reply(b"", "429 Busy", Retry_After="7200")}) as server:
        config = desk(tmp_path, server, feed("Busy", f"{server.url}/busy"))
        call(capsys, config, "ingest")
        asked = len(server.log)
        code, out, _ = call(capsys, config, "sources", "check")
        assert code == 1
        assert "left alone until 2026-05-04 08:00 UTC" in out
        assert len(server.log) == asked


# --- accept ----------------------------------------------------------------------------------------------------------


def ingested(config: Path, capsys, number: int) -> dict:
    """Run ingest on the given night; what the first source's health is then."""
    call(capsys, config, "ingest", now=night(number))
    return json.loads(call(capsys, config, "sources", "list", "--json", now=night(number))[1])[0]


def test_another_domain_is_held_back_until_it_is_accepted(tmp_path, capsys):
    with HostileServer({"/new": reply(rss([rss_item(1)]))}) as server:
        there = f"http://localhost:{server.port}/new"
        server.routes["/feed"] = reply(b"", "301 Moved", Location=there)
        config = desk(tmp_path, server, feed("Wire", f"{server.url}/feed"))
        text = config.read_text(encoding="utf-8")
        assert ingested(config, capsys, 0)["state"] == "quarantined"
        assert "/new" not in server.paths()
        code, out, _ = call(capsys, config, "sources", "accept", "Wire")
        assert code == 0
        assert f"{server.url}/feed became {there}" in out
        assert config.read_text(encoding="utf-8") == text.replace(f"{server.url}/feed", there)
        assert ingested(config, capsys, 1)["state"] == "ok"


def test_a_move_that_no_night_has_met_is_accepted_too(tmp_path, capsys):
    with HostileServer({"/new": reply(rss([rss_item(1)]))}) as server:
        server.routes["/feed"] = reply(b"", "308 Moved", Location="/new")
        config = desk(tmp_path, server, feed("Wire", f"{server.url}/feed"), feed("Same", f"{server.url}/same"))
        code, out, _ = call(capsys, config, "sources", "accept", "Wire", "--json")
        assert code == 0
        assert json.loads(out)["address"] == f"{server.url}/new"
        assert addresses(config) == [f"{server.url}/new", f"{server.url}/same"]
        server.routes["/same"] = reply(b"", "301 Moved", Location="/new")
        code, _, err = call(capsys, config, "sources", "accept", "Same")
        assert code == 2
        assert "'Wire' reads already" in err


def test_another_identity_is_accepted_and_read_again(tmp_path, capsys):
    def wire(title: str, site: str, number: int) -> bytes:
        body = rss([rss_item(number)]).replace(
            "<title>Harbour Wire</title>", f"<title>{title}</title><link>{site}</link>", 1
        )
        return reply(body)

    with HostileServer({"/feed": wire("Harbour Wire", "https://harbour.example/", 1)}) as server:
        config = desk(tmp_path, server, feed("Wire", f"{server.url}/feed"))
        assert ingested(config, capsys, 0)["state"] == "ok"
        server.routes["/feed"] = wire("Casino", "https://casino.example/", 2)
        held = ingested(config, capsys, 1)
        assert held["state"] == "quarantined"
        assert "Casino" in held["health"]["quarantined"]
        code, out, _ = call(capsys, config, "sources", "accept", "Wire", now=night(1))
        assert code == 0
        assert "accepted as it is now" in out
        assert ingested(config, capsys, 2)["state"] == "ok"


def test_nothing_to_accept_says_so(tmp_path, capsys):
    with HostileServer({"/feed": reply(rss([rss_item(1)]))}) as server:
        config = desk(tmp_path, server, feed("Wire", f"{server.url}/feed"))
        code, _, err = call(capsys, config, "sources", "accept", "Wire")
        assert code == 2
        assert "nothing to accept" in err
        assert call(capsys, config, "sources", "accept", "Nobody")[0] == 2
