"""The example that `citewire init` copies: valid, current, and with one of every kind to take from."""

import re
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.protocols import SearchableSource
from pipeline.scaffold import init
from pipeline.settings import load, parse
from pipeline.sources import SOURCES

COMMENTED = re.compile(r"(?m)^# (?=\[\[source\]\]|(?:name|kind|address|beat) = )")


@pytest.fixture
def example(tmp_path) -> str:
    (path,) = init(tmp_path / "desk")
    return path.read_text(encoding="utf-8")


def test_the_example_has_a_source_of_every_kind_once_its_comments_are_removed(example):
    plain = parse(example, root=Path("."))
    every = parse(COMMENTED.sub("", example), root=Path("."))
    assert {source.kind for source in every.sources} == set(SOURCES.built_in)
    assert len(every.sources) >= len(plain.sources) + len(SOURCES.built_in) - 2


def test_nothing_in_the_example_needs_a_key(example):
    settings = parse(example, root=Path("."))
    assert {source.kind for source in settings.sources} <= {"feed", "hackernews"}
    assert settings.search.kinds


@pytest.mark.parametrize(
    "kind",
    parse((Path(__file__).parent.parent / "citewire.toml").read_text(encoding="utf-8"), root=Path(".")).search.kinds,
)
def test_what_the_example_searches_can_be_searched_as_it_is(kind):
    adapter = SOURCES.load(kind)
    assert adapter.about.default_address
    assert issubclass(adapter, SearchableSource)


def test_known_addresses_in_the_example_are_those_their_kinds_recognise(example):
    """An address that a person could paste is read by the kind that stands beside it."""
    for source in parse(COMMENTED.sub("", example), root=Path(".")).sources:
        recognise = getattr(SOURCES.load(source.kind), "recognise", None)
        known = recognise(source.address) if recognise and source.address.startswith("https:") else None
        assert known is None or known["kind"] == source.kind


def test_what_is_there_already_stays(tmp_path):
    init(tmp_path)
    (tmp_path / "citewire.toml").write_text("# mine\n", encoding="utf-8")
    with pytest.raises(UsageError, match="stays as it is"):
        init(tmp_path)
    assert load(tmp_path / "citewire.toml").sources == ()
