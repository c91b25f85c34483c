"""Every mistake in a configuration is named with file, line, key and what to write."""

import re
from pathlib import Path

import pytest

from pipeline import settings
from pipeline.errors import ConfigurationError

GOOD = """
output = "out"

[site]
name = "Desk"

[[beat]]
name = "Power"

[[source]]
name = "Wire"
kind = "feed"
address = "http://wire.example/feed.xml"
beat = "Power"

[[source]]
name = "Folder"
kind = "files"
address = "papers"
glob = "*.md"

[ingest]
timeout = 5.0
"""


def parse(text: str) -> settings.Settings:
    return settings.parse(text, root=Path("/desk"), file="citewire.toml")


def test_a_good_file_becomes_a_frozen_tree():
    tree = parse(GOOD)
    assert tree.ingest.timeout == 5.0
    assert tree.output_path == Path("/desk/out")
    with pytest.raises(ValueError, match="frozen"):
        tree.ingest.timeout = 6.0


def test_sources_carry_the_options_of_their_kind_and_hang_from_the_root():
    wire, folder = parse(GOOD).configured_sources()
    assert wire.options == {}
    assert wire.beat == "Power"
    assert folder.address == "/desk/papers"
    assert folder.options == {"glob": "*.md"}


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "said", "fix"),
    [
        ("timeout = 5.0", "timeuot = 5.0", 23, "ingest.timeuot", "did you mean 'timeout'?", "timeout"),
        ("timeout = 5.0", "timeout = -5", 23, "ingest.timeout", "greater than 0", "timeout = <Seconds"),
        ('kind = "files"', "", 16, "source.kind", "missing", 'kind = "..."'),
        ('[site]\nname = "Desk"', '[site]\nname = ""', 5, "site.name", "at least 1", "name"),
        ('name = "Folder"', 'name = "Wire"', None, None, "must be unique", ""),
        ('beat = "Power"', 'beat = "Pwoer"', None, None, "known: Power", ""),
        ("[ingest]", "[ingset]", 22, "ingset", "did you mean 'ingest'?", "ingest"),
        ("timeout = 5.0", "timeout = ", 23, None, "not TOML", "key = value"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_its_remedy(old, new, line, key, said, fix):
    with pytest.raises(ConfigurationError) as caught:
        parse(GOOD.replace(old, new, 1))
    error = caught.value
    assert (error.line, error.key) == (line, key)
    assert said in str(error)
    assert str(error).startswith("citewire.toml")
    assert fix in error.fix


def test_a_missing_file_says_how_to_make_one(tmp_path):
    with pytest.raises(ConfigurationError, match="citewire init"):
        settings.load(tmp_path / "citewire.toml")


def test_a_file_that_is_no_text_is_a_configuration_error(tmp_path):
    path = tmp_path / "citewire.toml"
    path.write_bytes(b"\xff\xfe\x00name")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        settings.load(path)


def test_the_fingerprint_ignores_where_the_desk_lies_and_sees_what_it_says():
    here = settings.parse(GOOD, root=Path("/a"))
    there = settings.parse(GOOD, root=Path("/b"))
    other = settings.parse(GOOD.replace('"Desk"', '"Other"'), root=Path("/a"))
    assert here.fingerprint() == there.fingerprint() != other.fingerprint()


def test_every_setting_is_documented():
    for table, key, default, description in settings.documented():
        assert description.endswith("."), (table, key)
        assert default


def test_a_secret_is_none_when_it_is_unset_or_empty(monkeypatch):
    monkeypatch.setenv("DESK_KEY", "")
    assert settings.secret("DESK_KEY") is None
    monkeypatch.setenv("DESK_KEY", "k")
    assert settings.secret("DESK_KEY") == "k"


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('beats = ["Enrgy"]', "names the beat 'Enrgy', which no [[beat]] has"),
        ("weight = 2.0", "needs words, names or beats"),
        ('words = ["tide"]\nweight = 9.0', "less than or equal to 3"),
    ],
)
def test_an_interest_that_can_match_nothing_is_refused(table, says):
    with pytest.raises(ConfigurationError, match=re.escape(says)):
        settings.parse(f'[[beat]]\nname = "Energy"\n[[interest]]\n{table}\n', root=Path("/a"))


@pytest.mark.parametrize(("kind", "key"), [("divergence", "stances"), ("register_shift", "registers")])
def test_what_rests_on_readings_is_measured_only_where_they_are_read(kind, key):
    off = tuple({"divergence", "sentiment_shift", "register_shift"} - {kind})
    with pytest.raises(ValueError, match=f"{kind} on, which measures nothing without .analyze. {key} = true"):
        settings.Settings(signals={"off": off})
    assert kind not in settings.Settings(signals={"off": off}, analyze={key: True}).signals.off
