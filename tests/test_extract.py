"""Pages to text: what is read, what is refused, whatever charset it claims."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import extract
from pipeline.errors import ExtractionError

PARAGRAPHS = [
    "Northwind Power has ordered twelve gas turbines for its Harlow campus, the company said on Monday.",
    "The turbines will supply 480 megawatts by March 2027, according to a filing with the regulator.",
    "Neighbours of the site, who fear the noise, have asked the council for a hearing in June.",
]


def page(*paragraphs: str, head: str = "", charset: str = "utf-8") -> bytes:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    html = (
        f"<!doctype html><html lang='en'><head><title>Turbines ordered</title>{head}</head><body>"
        f"<nav><a href='/'>Home</a><a href='/x'>More</a></nav><article><h1>Turbines ordered</h1>{body}</article>"
        "<footer>Copyright 2026</footer></body></html>"
    )
    return html.encode(charset, "xmlcharrefreplace")


def test_an_article() -> None:
    date = "<meta property='article:published_time' content='2026-05-03T10:00:00Z'>"
    head = f"<meta name='author' content='Ada Writer'>{date}"
    found = extract.extract(page(*PARAGRAPHS, head=head), "https://x.example/a", today="2026-05-04")
    for paragraph in PARAGRAPHS:
        assert paragraph in found.text
    assert "Home" not in found.text
    assert (found.title, found.author) == ("Turbines ordered", "Ada Writer")
    assert found.published is not None
    assert found.published.date().isoformat() == "2026-05-03"


def test_a_date_after_tonight_is_not_believed() -> None:
    head = "<meta property='article:published_time' content='2031-05-03T10:00:00Z'>"
    assert extract.extract(page(*PARAGRAPHS, head=head), today="2026-05-04").published is None


@pytest.mark.parametrize("html", [b"", b"   ", b"<html></html>", b"\x89PNG\r\n\x1a\n" + bytes(200), page("Short.")])
def test_no_article(html: bytes) -> None:
    with pytest.raises(ExtractionError):
        extract.extract(html, "https://x.example/")


def test_xml_declarations_and_wrong_labels_do_no_harm() -> None:
    text = "Die Brücke über die Elbe wird für zwölf Millionen Euro erneuert, sagte die Bürgermeisterin am Montag früh."
    utf8 = page(text, head="<meta charset='iso-8859-1'>")
    assert text in extract.extract(b"<?xml version='1.0' encoding='iso-8859-1'?>" + utf8).text
    latin = page(text, head="<meta charset='iso-8859-1'>", charset="cp1252")
    assert text in extract.extract(latin).text
    assert text in extract.extract(page(text, charset="cp1252"), content_type="text/html; charset=windows-1252").text
    assert text in extract.extract(page(text, charset="cp1252"), content_type="text/html; charset=bogus").text


@given(
    st.binary(max_size=300),
    st.sampled_from(["", "text/html; charset=utf-7", "charset=idna", "charset=hex", "charset=x"]),
)
def test_any_bytes_become_text(data: bytes, content_type: str) -> None:
    assert isinstance(extract.decode(data, content_type), str)


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_win(charset: str) -> None:
    assert extract.decode("Zürich".encode(charset), "charset=iso-8859-1") == "Zürich"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One <b>bold</b>&nbsp;word.</p><p>Two.</p>", "One bold word.\nTwo."),
        ("a<br>b<script>alert(1)</script><style>x{}</style>", "a\nb"),
        ("AT&amp;T &lt;b&gt;", "AT&T <b>"),
        ("plain text", "plain text"),
        ("3 < 4", "3 < 4"),
        ("<img src=x onerror=alert(1)>", ""),
        ("<ul><li>x</li><li>y</li></ul>tail", "x\ny\ntail"),
        ("<!-- hidden -->shown<iframe>no</iframe>", "shown"),
        ("", ""),
        ("<", "<"),
        ("\x00<p>a\x00b</p>", "ab"),
    ],
)
def test_fragments(html: str, text: str) -> None:
    assert extract.fragment_text(html) == text


@given(st.text(alphabet="<>/ab!-& \n\x00=\"'[]?", max_size=60))
def test_any_fragment_becomes_text(html: str) -> None:
    assert isinstance(extract.fragment_text(html), str)
