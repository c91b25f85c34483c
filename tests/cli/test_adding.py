"""`citewire sources add`, as its user meets it: a site, a question, a file that changed by one table."""

import fcntl
import io
import json
import tomllib
from pathlib import Path

import pytest
from desk import article, rss, rss_item
from hostile import HostileServer, reply

from pipeline.cli import adding, main
from pipeline.lock import RunLock

NOW = "2026-05-04T06:00:00Z"
HEAD = """# mine
[ingest]
pace = 0
workers = 1
allow_private = ["PLACE"]   # my own server

[[beat]]
name = "Ports"
"""
PAGE = (
    '<html><head><title>Harbour</title><link rel="alternate" type="application/rss+xml" href="/wire.xml">'
    '<link rel="alternate" type="application/atom+xml" href="/comments.xml" title="Comments"></head></html>'
)


class Terminal(io.StringIO):
    """A keyboard with somebody at it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def site():
    items = [rss_item(n, date=f"Mon, 04 May 2026 0{n}:00:00 GMT") for n in range(1, 6)]
    with HostileServer({"/": reply(PAGE), "/robots.txt": reply("")}) as server:
        links = [item.replace("https://harbour.example", server.url) for item in items]
        server.routes["/wire.xml"] = reply(rss(links))
        server.routes["/page/5"] = reply(article(5), Content_Type="text/html")
        yield server


@pytest.fixture
def config(tmp_path, site) -> Path:
    path = tmp_path / "citewire.toml"
    path.write_text(HEAD.replace("PLACE", site.place), encoding="utf-8")
    return path


def add(
    capsys, config: Path, *argv: str, keyboard: io.StringIO | None = None, monkeypatch=None
) -> tuple[int, str, str]:
    if monkeypatch is not None:
        monkeypatch.setattr("sys.stdin", keyboard or io.StringIO())
    code = main(["sources", "add", *argv, "--config", str(config), "--now", NOW])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_site_is_shown_and_added_when_the_person_says_yes(site, config, capsys, monkeypatch):
    before = config.read_text(encoding="utf-8")
    argv = (site.url, "--beat", "Ports")
    code, out, err = add(capsys, config, *argv, keyboard=Terminal("y\n"), monkeypatch=monkeypatch)
    assert code == 0
    assert "Add it? [y/N]" in err
    assert [line.split()[:2] for line in out.splitlines()[:3]] == [
        ["found", "feed"],
        ["also", "feed"],
        ["also", "page"],
    ]
    shown = [line.split("  ")[0] for line in out.splitlines() if line.startswith("2026-")]
    assert shown == [f"2026-05-04 0{hour}:00" for hour in (5, 4, 3, 2, 1)]
    assert "language: en" in out
    assert "lag: newest item 60 minutes old, one every 60 minutes" in out
    assert "full text: yes, from its pages" in out
    table = f'\n[[source]]\nname = "Harbour Wire"\nkind = "feed"\naddress = "{site.url}/wire.xml"\nbeat = "Ports"\n'
    assert config.read_text(encoding="utf-8") == before + table
    asked = [path for path in site.paths() if path != "/robots.txt"]
    assert sorted(asked) == ["/", "/page/5", "/wire.xml"], "nothing is asked for twice"


@pytest.mark.parametrize("answer", ["n\n", "", "\n", "yeah\n"])
def test_anything_but_yes_adds_nothing(site, config, capsys, monkeypatch, answer):
    before = config.read_bytes()
    site.routes["/"] = reply(rss([rss_item(1)]))
    code, out, _ = add(capsys, config, site.url, keyboard=Terminal(answer), monkeypatch=monkeypatch)
    assert (code, "nothing was added" in out) == (0, True)
    assert config.read_bytes() == before


def test_nobody_is_asked_where_stdin_is_no_terminal(site, config, capsys, monkeypatch):
    before = config.read_bytes()
    code, out, err = add(capsys, config, f"{site.url}/wire.xml", keyboard=io.StringIO("y\n"), monkeypatch=monkeypatch)
    assert code == 2
    assert "--yes" in err
    assert "[y/N]" not in err
    assert "[[source]]" in out
    assert config.read_bytes() == before


def test_added_in_json_then_refused_as_known(site, config, capsys):
    code, out, _ = add(capsys, config, site.url, "--yes", "--json", "--name", "  My wire ")
    found = json.loads(out)
    assert code == 0
    assert found["source"] == {"name": "My wire", "kind": "feed", "address": f"{site.url}/wire.xml"}
    assert found["added_to"] == str(config)
    assert [one["kind"] for one in found["candidates"]] == ["feed", "feed", "page"]
    assert found["items"][0]["published"] == "2026-05-04T05:00:00Z"
    before = config.read_bytes()
    code, _, err = add(capsys, config, site.url, "--yes")
    assert code == 2
    assert "read already, by the source 'My wire'" in err
    assert config.read_bytes() == before


def test_names_are_unique(site, config, capsys):
    site.routes["/other.xml"] = site.routes["/wire.xml"]
    for path in ("wire.xml", "other.xml"):
        assert add(capsys, config, f"{site.url}/{path}", "--yes", "--quiet")[0] == 0
    names = [source["name"] for source in tomllib.loads(config.read_text(encoding="utf-8"))["source"]]
    assert names == ["Harbour Wire", "Harbour Wire (2)"]
    code, _, err = add(capsys, config, f"{site.url}/third.xml", "--name", "harbour wire")
    assert (code, "called 'harbour wire' already" in err) == (2, True)


def test_what_cannot_be_read_is_not_added_by_yes_and_may_be_by_a_person(site, config, capsys, monkeypatch):
    before = config.read_bytes()
    argv = ("https://www.reddit.com/r/energy", "--kind", "nobody")
    code, _, err = add(capsys, config, *argv)
    assert (code, "no kind of source is called 'nobody'" in err) == (2, True)
    argv = (f"{site.url}/gone", "--kind", "hackernews", "--yes")
    code, _, err = add(capsys, config, *argv)
    assert code == 2
    assert "404" in err
    assert config.read_bytes() == before
    code, _, err = add(capsys, config, *argv[:-1], keyboard=Terminal("y\n"), monkeypatch=monkeypatch)
    assert "Add it all the same?" in err
    assert 'kind = "hackernews"' in config.read_text(encoding="utf-8")


def test_an_address_that_nobody_answers_and_words_that_are_none(config, capsys, site):
    code, _, err = add(capsys, config, f"{site.url}/nothing", "--yes")
    assert "404" in err
    assert code == 1
    for words in (
        "no address at all",
        "ftp://x.example/",
        "javascript:alert(1)",
        "",
        "https://x.example/" + "x" * 3000,
    ):
        code, _, err = add(capsys, config, words, "--yes")
        assert code == 2
        assert "no web address" in err
    code, _, err = add(capsys, config, f"{site.url}", "--yes", "--beat", "Nope")
    assert (code, "there are: Ports" in err) == (2, True)


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        ("example.org/news", "https://example.org/news"),
        (" HTTPS://Example.org ", "https://example.org/"),
        ("feed://example.org/rss", "https://example.org/rss"),
        ("feed:https://example.org/rss", "https://example.org/rss"),
        ("feed://https://example.org/rss", "https://example.org/rss"),
        ("http://example.org/", "http://example.org/"),
        ("r/energy", "r/energy"),
        ("@name@example.org", "@name@example.org"),
        ("ftp://example.org/", "ftp://example.org/"),
    ],
)
def test_what_is_typed_becomes_an_address_where_it_can_be_one(pasted, meant, tmp_path):
    assert adding._pasted(pasted, tmp_path / "citewire.toml") == meant


def test_a_private_address_is_refused_as_always(tmp_path, capsys):
    path = tmp_path / "citewire.toml"
    path.write_text("", encoding="utf-8")
    code, _, err = add(capsys, path, "http://127.0.0.1:9/feed", "--yes")
    assert code == 1
    assert "refused" in err
    assert path.read_bytes() == b""


def test_a_folder_of_ones_own_is_an_address_too(config, capsys):
    folder = config.parent / "inbox"
    folder.mkdir()
    (folder / "a.md").write_text("# A quay opens\n\nThe quay of Selmouth was opened on Monday by the mayor.", "utf-8")
    code, out, _ = add(capsys, config, str(folder), "--yes")
    assert code == 0
    assert "A quay opens" in out
    assert 'kind = "files"\naddress = "inbox"' in config.read_text(encoding="utf-8")


def test_the_desk_is_no_source_of_itself(config, capsys, monkeypatch):
    monkeypatch.chdir(config.parent)
    for place in (".", "..", str(config.parent)):
        code, _, err = add(capsys, config, place, "--yes")
        assert (code, "holds the desk itself" in err) == (2, True)


def test_nothing_is_written_while_a_run_holds_the_lock(site, config, capsys):
    before = config.read_bytes()
    (config.parent / "output").mkdir()
    with (config.parent / "output" / "citewire.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        code, _, err = add(capsys, config, f"{site.url}/wire.xml", "--yes")
    assert code == 7
    assert "another run" in err
    assert config.read_bytes() == before


def test_a_source_that_was_added_meanwhile_is_seen(site, config, capsys, monkeypatch):
    """Somebody else edits the file while the question stands; nobody has to wait for the answer."""

    class Slow(Terminal):
        def readline(self, *_):
            with RunLock(config.parent / "output" / "citewire.lock"):
                pass
            config.write_text(
                config.read_text("utf-8") + f'[[source]]\nname="X"\nkind="feed"\naddress="{site.url}/wire.xml"\n',
                "utf-8",
            )
            return "y\n"

    code, _, err = add(capsys, config, f"{site.url}/wire.xml", keyboard=Slow(), monkeypatch=monkeypatch)
    assert (code, "by the source 'X'" in err) == (2, True)
    assert len(tomllib.loads(config.read_text("utf-8"))["source"]) == 1


def test_a_site_without_a_feed_is_read_by_its_news_sitemap_or_as_a_page(site, config, capsys):
    names = (
        'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
    )
    news = (
        "<n:news><n:publication><n:name>Harbour</n:name><n:language>en</n:language></n:publication>"
        "<n:publication_date>2026-05-04T01:00:00Z</n:publication_date>"
        "<n:title>Quay 5 opens in harbour</n:title></n:news>"
    )
    site.routes["/"] = reply("<html><head><title>Harbour</title></head></html>", Content_Type="text/html")
    site.routes["/news.xml"] = reply(f"<urlset {names}><url><loc>{site.url}/page/5</loc>{news}</url></urlset>")
    site.routes["/robots.txt"] = reply(f"Sitemap: {site.url}/news.xml\n")
    code, out, _ = add(capsys, config, site.url, "--yes", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["source"] == {"name": "Harbour", "kind": "sitemap", "address": f"{site.url}/news.xml"}
    assert found["items"][0]["title"] == "Quay 5 opens in harbour"
    site.routes["/robots.txt"] = reply("")
    code, out, _ = add(capsys, config, f"{site.url}/page/5", "--yes", "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["source"]["kind"], found["listed"]) == ("page", 1)


@pytest.mark.parametrize(("kind", "typed"), [("arxiv", "cs.CL"), ("bluesky", "name.example")])
def test_an_address_that_is_none_of_the_web_stays_as_typed_where_its_kind_is_named(kind, typed, config):
    assert adding._pasted(typed, config, kind) == typed
    assert adding._pasted(typed, config).startswith("https://")
    assert adding._pasted("www.reddit.com/r/energy", config, "reddit") == "https://www.reddit.com/r/energy"
