"""`citewire sources import` and `export`: all or nothing, with lines, and the way there and back."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from pipeline.cli import main

ROOT = Path(__file__).parent.parent.parent
WIRE = '[[source]]\nname = "Wire"\nkind = "feed"\naddress = "https://wire.example/feed"\n'
HEAD = f'# mine\n[[beat]]\nname = "World"\n\n{WIRE}\n[site]\nname = "Desk"\n'


@pytest.fixture
def config(tmp_path) -> Path:
    path = tmp_path / "citewire.toml"
    path.write_text(HEAD, encoding="utf-8")
    return path


def call(capsys, config: Path, *argv: str) -> tuple[int, str, str]:
    code = main(["sources", *argv, "--config", str(config), "--now", "2026-05-04T06:00:00Z"])
    said = capsys.readouterr()
    return code, said.out, said.err


def opml(*outlines: str) -> str:
    return '<opml version="2.0"><body>\n' + "\n".join(outlines) + "\n</body></opml>"


def outline(name: str, address: str, more: str = "") -> str:
    return f'<outline type="rss" text="{name}" xmlUrl="{address}" {more}/>'


def test_a_list_is_added_with_what_was_left_out_and_why(config, capsys):
    listed = config.parent / "feeds.opml"
    feeds = (
        '<outline text="world">',
        outline("A &lt;i&gt;B&lt;/i&gt;", "https://a.example/feed"),
        "</outline>",
        '<outline text="Tech">',
        outline("Wire", "https://c.example/feed"),
        "</outline>",
        outline("Known", "http://www.wire.example/feed/"),
        outline("Bad", "javascript:alert(1)"),
        outline("Local", "/etc/passwd", 'citewire:kind="files"'),
        outline(
            "Sub", "https://www.reddit.com/r/energy", """citewire:kind="reddit" citewire:options='{"sort":"new"}'"""
        ),
    )
    listed.write_text(opml(*feeds), encoding="utf-8")
    code, out, _ = call(capsys, config, "import", str(listed))
    assert code == 0
    assert "line 9: Bad: refused: 'javascript:alert(1)' is no web address" in out
    assert "line 10: Local: refused: '/etc/passwd' leads out of the desk's folder" in out
    assert "line 8: Known: known already as Wire" in out
    assert "Tech (1 feed)" in out
    assert "3 of 6 added" in out
    text = config.read_text(encoding="utf-8")
    added = (
        '\n[[source]]\nname = "A B"\nkind = "feed"\naddress = "https://a.example/feed"\nbeat = "World"\n'
        '\n[[source]]\nname = "Wire (2)"\nkind = "feed"\naddress = "https://c.example/feed"\n'
        '\n[[source]]\nname = "Sub"\nkind = "reddit"\naddress = "https://www.reddit.com/r/energy"\nsort = "new"\n'
    )
    assert text == HEAD.replace("\n\n[site]", f"\n{added}\n[site]")
    code, out, _ = call(capsys, config, "import", str(listed), "--json")
    assert (code, len(json.loads(out)["known"]), json.loads(out)["entries"]) == (0, 4, [])
    assert config.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<opml/>', "declares XML entities"),
        (opml(outline("A", "https://a.example/"), "<outline"), "line 4"),
        ("", "line 1"),
        (opml(outline("A", "nothing"), outline("B", "nothing")), "nothing in"),
    ],
)
def test_a_list_that_is_refused_changes_nothing(config, capsys, content, said):
    listed = config.parent / "feeds.opml"
    listed.write_text(content, encoding="utf-8")
    code, _, err = call(capsys, config, "import", str(listed))
    assert code == 2
    assert said in err
    code, out, _ = call(capsys, config, "import", str(listed), "--json")
    assert code == 2
    assert isinstance(json.loads(out), dict), "one document, whatever happened"
    assert config.read_text(encoding="utf-8") == HEAD


@pytest.mark.parametrize("kind", ["bluesky", "newsapi", "reddit", "websearch", "x"])
def test_no_list_leads_a_kind_that_has_a_key_to_another_server(config, capsys, kind):
    listed = config.parent / "feeds.opml"
    listed.write_text(opml(outline("A", "https://evil.example/2/search", f'citewire:kind="{kind}"')), encoding="utf-8")
    code, out, _ = call(capsys, config, "import", str(listed))
    assert code == 2
    assert "your key would go to evil.example" in out
    assert config.read_text(encoding="utf-8") == HEAD


def test_a_list_that_is_not_there(config, capsys):
    assert call(capsys, config, "import", str(config.parent / "no.opml"))[0] == 2
    assert call(capsys, config, "import", str(config.parent))[0] == 2


def test_thousands_are_added_at_once_and_most_lines_are_left_to_json(config, capsys):
    listed = config.parent / "feeds.opml"
    good = [outline(f"F {n % 900}", f"https://h{n}.example/feed") for n in range(2000)]
    listed.write_text(opml(*good, *good[:500]), encoding="utf-8")
    code, out, _ = call(capsys, config, "import", str(listed))
    assert code == 0
    assert "2,000 of 2,500 added" in out
    assert "and 460 more such lines" in out
    assert len(tomllib.loads(config.read_text(encoding="utf-8"))["source"]) == 2001


def test_what_is_exported_is_imported_as_it_was(config, capsys):
    more = (
        '\n[[source]]\nname = "R&D <x>"\nkind = "reddit"\naddress = "r/energy"\nbeat = "World"\nsort = "new"\n'
        'limit = 5\n[[source]]\nname = "Ours"\nkind = "files"\naddress = "inbox"\nsample = true\ncountry = "DE"\n'
        'note = "our own"\n'
    )
    config.write_text(HEAD + more, encoding="utf-8")
    target = config.parent / "out.opml"
    code, out, _ = call(capsys, config, "export", str(target))
    assert (code, "wrote 3 sources" in out) == (0, True)
    assert sorted(os.listdir(config.parent)) == ["citewire.toml", "out.opml"]
    assert call(capsys, config, "export")[1] == target.read_text(encoding="utf-8")
    wanted = tomllib.loads(config.read_text(encoding="utf-8"))["source"]
    config.write_text('[[beat]]\nname = "World"\n', encoding="utf-8")
    assert call(capsys, config, "import", str(target))[0] == 0
    found = tomllib.loads(config.read_text(encoding="utf-8"))["source"]
    assert sorted(found, key=str) == sorted(wanted, key=str)
    assert call(capsys, config, "export", str(config.parent / "no" / "such" / "place"))[0] == 2


def test_many_at_once_each_add_all_or_nothing(config):
    """Imports that meet end with 7 and have changed nothing; the file holds exactly what the others brought."""
    running = []
    for n in range(3):
        listed = config.parent / f"{n}.opml"
        listed.write_text(opml(*(outline(f"L{n} {k}", f"https://l{n}-{k}.example/") for k in range(200))), "utf-8")
        command = [sys.executable, "-m", "pipeline", "sources", "import", str(listed), "--config", str(config)]
        running.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
    codes = [process.wait(timeout=60) for process in running]
    names = [source["name"] for source in tomllib.loads(config.read_text(encoding="utf-8"))["source"]]
    assert set(codes) <= {0, 7}
    assert 0 in codes
    assert sorted(names) == sorted(["Wire", *(f"L{n} {k}" for n in range(3) if codes[n] == 0 for k in range(200))])
