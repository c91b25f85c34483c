"""Editing citewire.toml: what was written stays, what is new is there, and a failure changes nothing."""

import os
import stat
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigurationError
from pipeline.settings import parse
from pipeline.sourcing import configfile

EXAMPLE = (Path(__file__).parents[2] / "citewire.toml").read_text(encoding="utf-8")
FEED = {"name": "New", "kind": "feed", "address": "https://new.example/feed"}
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
entries = st.builds(
    lambda name, address, more: {"name": name, "kind": "feed", "address": address, **more},
    words,
    words,
    st.dictionaries(
        st.from_regex(r"[a-z]{3,8}", fullmatch=True), words | st.integers() | st.booleans() | st.lists(words)
    ),
)


def lines_lost(old: str, new: str) -> list[str]:
    left = new.splitlines()
    return [line for line in old.splitlines() if line not in left]


def test_a_source_is_added_after_the_last_one_and_nothing_else_moves():
    new = configfile.with_sources(EXAMPLE, [FEED], file="f")
    added = '[[source]]\nname = "New"\nkind = "feed"\naddress = "https://new.example/feed"\n\n'
    place = new.index(added)
    assert new[:place] + new[place + len(added) :] == EXAMPLE
    assert place < new.index("# --- topics:")
    assert new.rindex("\n[[source]]", 0, place - 1) < place


@given(
    entries, st.sampled_from(["", EXAMPLE, "[site]\nname = 'x'", "a = [\n [1],\n]\n", EXAMPLE.replace("\n", "\r\n")])
)
def test_whatever_is_added_means_what_it_should(entry, text):
    new = configfile.with_sources(text, [entry, FEED], file="f")
    before, after = tomllib.loads(text), tomllib.loads(new)
    assert after.pop("source") == [*before.pop("source", []), entry, FEED]
    assert after == before
    assert lines_lost(text, new) == []


@pytest.mark.parametrize(
    "text",
    [
        '[[source]]\nname = "a"\nkind = "feed"\naddress = "x"\nt = [\n["b"],\n]\n# near\n\n# far\n[site]\nname = "s"\n',
        '[[source]]\nname = "a"\nkind = "feed"\naddress = """\n[x]\n"""\n[source.more]\nb = 1\n',
        '[["source"]]\nname = "a"\nkind = "feed"\naddress = "x"   # why',
        "#no source\n",
    ],
)
def test_odd_files_take_a_source(text):
    new = configfile.with_sources(text, [FEED], file="f")
    assert tomllib.loads(new)["source"][-1] == FEED
    assert lines_lost(text, new) == []


def test_sources_in_one_line_are_left_alone_with_what_to_write():
    with pytest.raises(ConfigurationError, match="nothing was changed") as caught:
        configfile.with_sources('source = [{name = "a", kind = "feed", address = "x"}]', [FEED], file="f")
    assert 'address = "https://new.example/feed"' in str(caught.value)


@pytest.mark.parametrize(
    "line", ['address = "old"  # why', "address='old'", '"address" = """old"""', "address   =   'old'\t# tab"]
)
def test_an_address_is_changed_in_its_place_and_its_remark_stays(line):
    text = f'# top\n[[source]]\nname = "a"\n{line}\nkind = "feed"\n\n{configfile.table({**FEED, "address": "old"})}'
    new = configfile.with_address(text, "a", "https://new.example/ü?a=1", file="f")
    assert [entry["address"] for entry in tomllib.loads(new)["source"]] == ["https://new.example/ü?a=1", "old"]
    assert [n for n, (a, b) in enumerate(zip(text.split("\n"), new.split("\n"), strict=True)) if a != b] == [3]
    assert new.split("\n")[3].partition("#")[2] == line.partition("#")[2]


def test_every_source_has_its_line():
    lines = EXAMPLE.splitlines()
    found = configfile.places(EXAMPLE)
    assert len(found) == len(tomllib.loads(EXAMPLE)["source"])
    assert all(lines[line - 1] == "[[source]]" and lines[line] == f'name = "{name}"' for name, line in found.items())
    assert configfile.places('source = [{name = "a"}]') == {}


def test_an_address_of_nobody_is_not_changed():
    with pytest.raises(ConfigurationError, match="no \\[\\[source\\]\\] is called 'nobody'"):
        configfile.with_address(EXAMPLE, "nobody", "https://x.example/", file="f")


def test_an_edit_keeps_permissions_and_links(tmp_path):
    real, link = tmp_path / "real.toml", tmp_path / "citewire.toml"
    real.write_text(EXAMPLE, encoding="utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    settings = configfile.edit(link, lambda text: configfile.with_sources(text, [FEED], file="f"))
    assert link.is_symlink()
    assert settings.sources[-1].name == "New"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert parse(real.read_text(encoding="utf-8"), root=tmp_path).sources[-1].name == "New"
    assert sorted(os.listdir(tmp_path)) == ["citewire.toml", "real.toml"]


def test_a_text_that_is_no_configuration_never_reaches_the_file(tmp_path):
    path = tmp_path / "citewire.toml"
    path.write_text(EXAMPLE, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="share the name"):
        configfile.edit(path, lambda text: configfile.with_sources(text, [{**FEED, "name": "Nature"}], file="f"))
    assert path.read_text(encoding="utf-8") == EXAMPLE


def test_a_disk_that_refuses_leaves_the_old_file_and_no_litter(tmp_path, monkeypatch):
    path = tmp_path / "citewire.toml"
    path.write_text(EXAMPLE, encoding="utf-8")

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(ConfigurationError, match=r"No space left.*it stays as it was"):
        configfile.edit(path, lambda text: text + "# more\n")
    assert path.read_text(encoding="utf-8") == EXAMPLE
    assert os.listdir(tmp_path) == ["citewire.toml"]
