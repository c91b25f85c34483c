"""Lists of feeds: what other readers write, what attacks write, and the way there and back."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import Source
from pipeline.errors import UsageError
from pipeline.sourcing import opml

NOW = datetime(2026, 5, 4, tzinfo=UTC)
FEED = '<outline type="rss" text="Wire" xmlUrl="https://wire.example/feed"/>'


def document(body: str, head: str = "") -> bytes:
    return f'{head}<opml version="2.0">\n<head/>\n<body>\n{body}\n</body></opml>'.encode()


def read(body: str, head: str = "") -> tuple[opml.Outline, ...]:
    return opml.read(document(body, head), file="f.opml")


def test_folders_titles_and_lines():
    found = read(f'<outline text="News">\n<outline title="World">\n{FEED}\n</outline></outline>\n{FEED}')
    assert [(one.line, one.title, one.address, one.folders) for one in found] == [
        (6, "Wire", "https://wire.example/feed", ("News", "World")),
        (8, "Wire", "https://wire.example/feed", ()),
    ]


def test_opml_1_and_other_spellings():
    found = read(
        '<OUTLINE type="rss" title="A" XMLURL=" https://a.example/f "/><outline text="link" type="link" url="https://x.example"/>'
        '<outline type="RSS" text="B" url="https://b.example/f" language="de"/><outline text="no address"/>'
    )
    assert [(one.title, one.address, one.lang) for one in found] == [
        ("A", "https://a.example/f", None),
        ("B", "https://b.example/f", "de"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_charsets(encoding):
    text = f'<?xml version="1.0" encoding="{encoding}"?><opml><body><outline text="é" xmlUrl="https://a.example/"/></body></opml>'
    assert [one.title for one in opml.read(text.encode(encoding), file="f")] == ["é"]


def test_bare_ampersands_and_html_entities_are_forgiven():
    (found,) = read('<outline text="Q & A &eacute; &amp; &#233;" xmlUrl="https://a.example/?a=1&b=2"/>')
    assert (found.title, found.address) == ("Q & A &eacute; & é", "https://a.example/?a=1&b=2")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            document(FEED, '<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n'),
            "line 1.*declares XML entities",
        ),
        (
            document('<outline text="&a;" xmlUrl="x"/>', '<!DOCTYPE o [<!ENTITY a "b"><!ENTITY % p SYSTEM "x">]>'),
            "entities",
        ),
        (document(FEED + "\n<outline text='x>"), "line 6: not XML"),
        (b"", "line 1: not XML"),
        (b"{}", "not XML"),
        (b"<html><body/></html>", "no OPML"),
        (b"<?xml version='1.0' encoding='utf-7'?><opml/>", "line 1: not XML"),
        (b"<?xml version='1.0' encoding='nonsense'?><opml/>", "line 1: not XML"),
        (b"\xff\xfe\x00", "not XML"),
        (b" " * (opml.MAX_BYTES + 1), "more than the 32 MiB"),
        (document("<outline/>" * (opml.MAX_OUTLINES + 1)), "more than 100,000 outlines"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_list_is_refused_with_its_line(content, said):
    with pytest.raises(UsageError, match=f"(?s){said}.*nothing was imported"):
        opml.read(content, file="f.opml")


def test_an_external_document_type_is_never_fetched():
    assert len(read(FEED, '<!DOCTYPE opml SYSTEM "http://127.0.0.1:9/x.dtd">')) == 1


def test_size_and_depth_cost_little():
    many = read("\n".join(f'<outline text="n" xmlUrl="https://h{n}.example/f"/>' for n in range(50_000)))
    assert (len(many), many[-1].line) == (50_000, 50_003)
    deep = read('<outline text="a">' * 10_000 + FEED + "</outline>" * 10_000)
    assert len(deep) == 1
    assert len(deep[0].folders) <= 50
    nested = read('<outline text="a" xmlUrl="https://a.example/">' * 10_000 + "</outline>" * 10_000)
    assert len(nested) == 10_000


def test_options_of_any_shape_are_read_as_plain_values_or_not_at_all():
    def options(text: str) -> object:
        quoted = text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
        return read(f'<outline text="a" xmlUrl="https://a.example/" citewire:options="{quoted}"/>')[0].options

    assert options(
        '{"a": 1, "b": [1, "x"], "c": {"d": 1}, "e": null, "f": [[1]], "g": NaN, "h": "\\ud800", "i": [Infinity]}'
    ) == {"a": 1, "b": [1, "x"]}
    for text in ("[" * 5000, "{", "[1]", "null", '"x"', '{"a":' * 3000, "9" * 9000):
        assert options(text) == {}


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80)
names = texts.map(lambda text: " ".join(text.split())).filter(bool)
sources = st.builds(
    Source,
    name=names,
    kind=st.sampled_from(["feed", "reddit"]),
    address=st.integers(0, 99).map(lambda n: f"https://h{n}.example/f?a=1&b={n}"),
    beat=st.none() | names,
    options=st.dictionaries(st.from_regex(r"[a-z]{2,9}", fullmatch=True), texts | st.integers() | st.booleans()),
    owner=st.none() | names,
    country=st.none() | st.just("DE"),
    lang=st.none() | st.just("de"),
    note=st.none() | names,
)


@given(st.lists(sources, max_size=6), texts)
def test_what_is_written_is_read_back(given_sources, title):
    text = opml.write(given_sources, title=title, now=NOW)
    found = opml.read(text.encode(), file="f")
    ordered = [source for source in given_sources if source.beat is None]
    for beat in dict.fromkeys(source.beat for source in given_sources if source.beat is not None):
        ordered += [source for source in given_sources if source.beat == beat]
    assert len(found) == len(ordered)
    for outline, source in zip(found, ordered, strict=True):
        assert outline.title == source.name
        assert outline.address == source.address
        assert outline.folders == ((source.beat,) if source.beat else ())
        assert outline.lang == source.lang
        assert outline.own.get("kind", "feed") == source.kind
        assert [outline.own.get(key) for key in ("owner", "country", "note")] == [
            source.owner,
            source.country,
            source.note,
        ]
        assert outline.options == source.options


def test_other_readers_take_only_feeds_for_feeds():
    text = opml.write(
        [Source("F", "feed", "https://f.example/"), Source("R", "reddit", "r/energy")], title="t", now=NOW
    )
    lines = [line for line in text.splitlines() if "<outline" in line]
    assert ['type="rss"' in line for line in lines] == [True, False]
    assert 'xmlns:citewire="urn:citewire:source"' in text


VALID = opml.write([Source("A & B", "reddit", "r/x", beat="World", options={"a": [1]})], title="t", now=NOW).encode()


@given(st.binary(max_size=300) | st.text(max_size=300).map(document))
def test_any_bytes_are_a_list_or_refused(content):
    with suppress(UsageError):
        assert isinstance(opml.read(content, file="f"), tuple)


@given(st.lists(st.tuples(st.integers(0, len(VALID) - 1), st.integers(0, 255)), min_size=1, max_size=5))
def test_a_damaged_list_is_a_list_or_refused(changes):
    damaged = bytearray(VALID)
    for place, byte in changes:
        damaged[place] = byte
    with suppress(UsageError):
        assert isinstance(opml.read(bytes(damaged), file="f"), tuple)
