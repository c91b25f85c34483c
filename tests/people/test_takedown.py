"""The takedown file: what it means, and what is an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigurationError
from pipeline.people.takedown import Takedown, folded, load, parse

LISTED = parse(
    ["# of the desk", "Zoë Ångström  # asked on 3 May", "", "https://www.paper.example/a/b/", "bad.example"], "f"
)


def test_entries_are_names_addresses_and_domains():
    assert Takedown((" zoe angstrom ",), ("bad.example",), ("paper.example/a/b",)) == LISTED
    assert LISTED
    assert not Takedown()


@pytest.mark.parametrize(
    "text",
    [
        "Zoë Ångström said so.",
        "zoe angstrom",
        "ZOE  ÅNGSTRÖM’S car",
        "Zoë-Ångström's",
        "(Zoë Ångström)",
        "https://x.example/zoe-angstrom-case",
        "Zoe\u0308 A\u030angstro\u0308m",
    ],
)
def test_names_are_found_however_they_are_written(text):
    assert LISTED.in_text(text)


@pytest.mark.parametrize("text", ["Zoëlla Ångström", "Zoe met Angstrom", "angstrom zoe", "", None])
def test_other_names_are_not(text):
    assert not LISTED.in_text(text)


def test_where_somebody_is_named_in_full_the_last_name_counts_alone():
    assert LISTED.of(["Zoe Angstrom spoke."]).in_text("Ångström left.")
    assert not LISTED.of(["Nobody spoke."]).in_text("Ångström left.")


@pytest.mark.parametrize(
    ("address", "listed"),
    [
        ("https://paper.example/a/b", True),
        ("http://www.paper.example/a/b/#top", True),
        ("https://paper.example/a/c", False),
        ("https://bad.example/x", True),
        ("https://news.bad.example/x", True),
        ("https://notbad.example/x", False),
        ("https://ok.example/zo%C3%AB-%C3%A5ngstr%C3%B6m", True),
        (None, False),
    ],
)
def test_addresses_and_what_lies_under_a_domain(address, listed):
    assert LISTED.is_listed(address) is listed


@pytest.mark.parametrize(
    "body",
    [
        "<p><b>Zo&euml;</b> &Aring;ngstr&ouml;m</p>",
        '{"a": "Zo\\u00eb \\u00c5ngstr\\u00f6m"}',
        '<a href="/zoe-angstrom.html">x</a>',
        "<p>see bad.example</p>",
    ],
)
def test_a_page_is_read_as_a_reader_sees_it(body):
    assert LISTED.in_page(body)
    assert not LISTED.in_page("<p>Nothing</p>")


@pytest.mark.parametrize("line", ["Al", "x" * 301, "a\x07bcdef", "https://", "..!!"])
def test_an_entry_that_cannot_be_meant_is_an_error_that_does_not_tell_it(line):
    with pytest.raises(ConfigurationError) as error:
        parse(["Good Name", line], "takedown.txt")
    assert "line 2" in str(error.value)
    assert line not in str(error.value) or len(line) < 3


def test_a_file_that_is_not_there_or_not_text_is_an_error(tmp_path):
    for path in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(ConfigurationError):
            load(path)
    (tmp_path / "b.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError):
        load(tmp_path / "b.txt")


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text):
    assert folded(folded(text)) == folded(text)
