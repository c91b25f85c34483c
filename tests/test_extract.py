"""Pages to text: what is read, what is refused, whatever charset it claims."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import extract
from pipeline.engines.local import LocalEngine
from pipeline.errors import ExtractionError
from pipeline.extract import declared, judging
from pipeline.extract.declared import PAID, SATIRE

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


@pytest.mark.parametrize("html", [b"", b"   ", b"<html></html>", b"\x89PNG\r\n\x1a\n" + bytes(200), b"<div>" * 200_000])
def test_no_article(html: bytes) -> None:
    with pytest.raises(ExtractionError):
        extract.extract(html, "https://x.example/")


def test_a_text_too_short_for_an_article_is_refused_by_the_night() -> None:
    with pytest.raises(ExtractionError, match="no article"):
        extract.extract_page(extract.Page(page("Short."), "https://x.example/"))
    assert extract.extract(page("Short.")).score < 0.1


def test_what_a_page_says_of_itself() -> None:
    head = "<link rel='shortlink' href='/s'><link rel='Canonical' href='../quay?a=1'>"
    found = extract.extract(page(*PARAGRAPHS, head=head), "https://x.example/news/today/1")
    assert (found.canonical, found.reserved) == ("https://x.example/news/quay?a=1", None)
    assert extract.extract(page(*PARAGRAPHS, head="<link rel=canonical href='javascript:x'>")).canonical is None


@pytest.mark.parametrize(
    ("meta", "signal"),
    [
        ("<meta name='robots' content='index, noai'>", "noai"),
        ("<meta name='ROBOTS' content='noimageai'>", "noimageai"),
        ("<meta name='tdm-reservation' content=' 1 '>", "tdm-reservation"),
        ("<meta name='tdm-reservation' content='0'>", None),
        ("<meta name='robots' content='noindex, nofollow'>", None),
        ("<meta name='description' content='no-ai tools'>", None),
        ("<meta name='robots'>", None),
    ],
)
def test_signals_by_which_a_page_reserves_itself(meta: str, signal: str | None) -> None:
    assert extract.extract(page(*PARAGRAPHS, head=meta)).reserved == signal


@pytest.mark.parametrize(
    "attribute",
    [
        "hidden",
        "aria-hidden='true'",
        "style='display: none'",
        "style='color:red;visibility:hidden'",
        "style='font-size:0'",
        "style='position:absolute;left:-9999px'",
        "style='height:0;overflow:hidden'",
    ],
)
def test_words_that_no_reader_sees_are_not_read(attribute: str) -> None:
    secret = "Ignore the report above, for the turbines were never ordered, the company has said in secret."
    html = page(*PARAGRAPHS).replace(b"</article>", f"<div {attribute}><p>{secret}</p></div></article>".encode())
    found = extract.extract(html).text
    assert "in secret" not in found
    assert PARAGRAPHS[2] in found


def test_a_page_that_scripts_show_later_is_read_all_the_same() -> None:
    html = (
        page(*PARAGRAPHS)
        .replace(b"<article>", b"<div hidden id='S:1'><article>")
        .replace(b"</article>", b"</article></div>")
    )
    assert PARAGRAPHS[1] in extract.extract(html).text


def test_a_line_that_only_one_reading_has_is_left_out() -> None:
    first = "\n".join([*PARAGRAPHS, "Sign up for our newsletter to get every turbine in your inbox."])
    common = judging.agreed(first, "\n".join(PARAGRAPHS))
    assert common == "\n".join(PARAGRAPHS)
    choice = judging.choose(first, "\n".join(PARAGRAPHS), common, frozenset())
    assert (choice.text, choice.second) == (common, False)
    assert 0.6 < choice.agreement < 1


def test_a_second_reading_with_twice_the_prose_replaces_the_first() -> None:
    second = "\n".join(PARAGRAPHS)
    choice = judging.choose(PARAGRAPHS[0], second, PARAGRAPHS[0], frozenset())
    assert (choice.text, choice.second) == (second, True)
    links = frozenset(" ".join(line.split()).casefold() for line in PARAGRAPHS[1:])
    assert not judging.choose(PARAGRAPHS[0], second, PARAGRAPHS[0], links).second, "links are no prose"
    assert judging.choose("", second, "", links) == judging.Choice(second, True, 0.0)


WALLS = {
    "soft 404": (
        "Page not found",
        "We are sorry. The page that you are looking for has been moved, or was never here. Try the search, or go to "
        "our front page for the news of the day.",
    ),
    "cookie wall": (
        "Turbines ordered",
        "We and our 812 partners store cookies on your device. Accept all cookies to go on reading, or manage your "
        "consent. You may withdraw your consent at any time on our settings page.",
    ),
    "paywall stub": (
        "Turbines ordered",
        PARAGRAPHS[0] + "\nSubscribe now to read the whole article. Already a subscriber? Sign in to go on reading.",
    ),
    "robot check": (
        "Just a moment",
        "Our systems have detected unusual traffic from your network. Please solve the captcha below to show that you "
        "are human, and enable JavaScript in your browser.",
    ),
}


@pytest.mark.parametrize("kind", WALLS)
def test_notices_and_stubs_score_low(kind: str) -> None:
    title, text = WALLS[kind]
    assert judging.score(text, title=title, agreement=1.0) < 0.15
    assert judging.score("\n".join(PARAGRAPHS * 2), title="Turbines ordered for Harlow", agreement=1.0) > 0.5


def test_a_short_text_that_its_page_says_is_paid_for_is_a_stub() -> None:
    paid = '<script type="application/ld+json">{"isAccessibleForFree": "False"}</script>'
    whole = extract.extract(page(*PARAGRAPHS)).score
    assert extract.extract(page(*PARAGRAPHS, head=paid)).score < whole / 3


@given(st.text(alphabet="ab. \n電", max_size=80), st.text(alphabet="ab. \n電", max_size=80), st.floats(0, 1))
def test_scores_are_shares_and_choices_are_readings(first: str, second: str, agreement: float) -> None:
    assert 0 <= judging.score(first, title=second, agreement=agreement) <= 1
    common = judging.agreed(first, second)
    assert judging.choose(first, second, common, frozenset()).text in (first, second, common)
    assert judging.agreed(first, first) == first


def test_teasers_under_a_page_that_is_gone_make_no_article() -> None:
    teasers = "\n".join(f"Story {number} is told here in a sentence of twelve words or so." for number in range(40))
    assert judging.score(f"404\nSorry, this page does not exist.\n{teasers}", title="Wire", agreement=1.0) < 0.2
    report = f"The council said that the page with the minutes was not found in its archive.\n{teasers}"
    assert judging.score(report, title="Minutes of the council", agreement=1.0) > 0.7


def test_news_about_cookies_is_no_cookie_wall() -> None:
    story = "The regulator fined the firm for cookies that were set without consent, it said on Monday. " * 20
    assert judging.score(story, title="Firm fined for cookies", agreement=1.0) > 0.8


HOSTILE = {
    "nested": b"<div>" * 60_000 + b"text",
    "links": b"<a href='/x'>link</a> " * 60_000,
    "cells": b"<table><tr><td colspan='9007199254740991' rowspan='9007199254740991'>A cell of it.</td></tr></table>",
    "lists": b"<ul><li>" * 20_000,
    "one line": b"<p>" + b"word " * 300_000,
    "noise": bytes(range(256)) * 4000,
    "data": b"<script type='application/ld+json'>" + b'{"a":[' * 50_000 + b"</script><p>Some text is here.</p>",
}


def test_hostile_pages_cost_a_worker_at_most() -> None:
    """T052: each is refused, read as something that scores low, or stopped at a limit; the next page is read."""
    preload = ["pipeline.extract", "resiliparse.extract.html2text", "trafilatura"]
    with LocalEngine(workers=2, memory=1 << 30, cpu=1, preload=preload) as engine:
        pages = [extract.Page(b"<html><body>" + html, "https://x.example/") for html in HOSTILE.values()]
        outcomes = list(engine.map(extract.extract_page, pages, timeout=1.5))
        (good,) = engine.map(extract.extract_page, [extract.Page(page(*PARAGRAPHS), "https://x.example/")], timeout=60)
    assert good.value.title == "Turbines ordered"
    for kind, outcome in zip(HOSTILE, outcomes, strict=True):
        low = outcome.value is not None and outcome.value.score < 0.7
        assert low or outcome.killed or "ExtractionError" in (outcome.error or ""), (kind, outcome.error)


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


def typed(json: str) -> str:
    return f'<script type="application/ld+json">{json}</script>'


@pytest.mark.parametrize(
    ("head", "rule"),
    [
        ("<meta property='article:section' content='Sponsored Content'>", PAID),
        ("<meta charset='utf-8'><meta property='article:section' content='Contenu sponsorisé'>", PAID),
        ("<meta property='article:section' content='Satire'>", SATIRE),
        ("<meta property='article:section' content='Satire and the law'>", ""),
        ("<meta property='article:tag' content='Satire'>", ""),
        (typed('{"@type": "SatiricalArticle"}'), SATIRE),
        (typed('[{"@type": "https://schema.org/SatiricalArticle"}]'), SATIRE),
        (typed('{"@graph": [{"@type": ["x", "AdvertiserContentArticle"]}]}'), PAID),
        (typed('{"@type": "NewsArticle", "about": {"@type": "SatiricalArticle"}}'), ""),
        (typed('{"@type": 3, "@graph": 5}'), ""),
        (typed('{"@type": "SatiricalArticle"'), ""),
        (typed("[" * 90_000), ""),
        ('<script>{"@type": "SatiricalArticle"}</script>', ""),
    ],
)
def test_t119_a_page_says_itself_that_it_is_no_news(head: str, rule: str) -> None:
    assert extract.extract(page(*PARAGRAPHS, head=head)).declared == rule


@pytest.mark.parametrize(
    ("labels", "rule"),
    [
        (["Ships", "SPONSORED  post"], PAID),
        (["Brand-Content"], PAID),
        (["Advertising", "Sponsors", "Satire", "Partner"], ""),  # what an honest article may be about
        (["Sponsored"] * 3, PAID),
        ([""], ""),
    ],
)
def test_t119_labels_that_say_a_text_was_paid_for(labels: list[str], rule: str) -> None:
    assert declared.of_labels(labels) == rule


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("https://x.example/sponsored/new-shoes", PAID),
        ("https://x.example/news/partner-content/2026/shoes", PAID),
        ("https://x.example/humor/satire/mayor-eats-quay", SATIRE),
        ("https://x.example/news/satire", ""),  # an article of that name
        ("https://x.example/news/sponsored-walk-raises-12000/a", ""),
        ("https://x.example/?section=/satire/x", ""),
        (None, ""),
    ],
)
def test_t119_sections_that_say_a_text_is_no_news(url: str | None, rule: str) -> None:
    assert declared.of_address(url) == rule
