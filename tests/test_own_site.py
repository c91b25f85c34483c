"""T112, T120: our own pages are no source of ours, however they come back; look-alike hosts are shown as written."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from desk import NOW, Desk, article, rss
from factories import make_record, make_story
from hostile import HostileServer, reply

from pipeline import addresses, ingest
from pipeline.domain import Batch, Cursor, Source
from pipeline.origins import echoes
from pipeline.origins.grouping import group
from pipeline.renderers.sentences import outward
from pipeline.sources import load
from pipeline.sourcing import batches

SITE = "https://desk.example/news/"
OURS = (
    "https://desk.example/news", "http://desk.example/news/", "https://www.desk.example/news/stories/x/",
    "https://DESK.example/news/stories/x/index.html#s2", "https://desk.example:443/news/feed.xml",
    "https://desk.example/news/?utm_source=x", "https://desk.example/news/a/../stories/", "https://desk.example./news/x",
)  # fmt: skip
THEIRS = (
    "https://desk.example/newsroom/", "https://desk.example/", "https://desk.example.org/news/", "https://my.desk.example/news/x",
    "https://xn--dsk-hoa.example/news/", "https://other.example/news/?u=https://desk.example/news/", "https://d\u0435sk.example/news/",
)  # fmt: skip


@pytest.mark.parametrize("url", OURS)
def test_every_spelling_of_our_address_is_ours(url: str) -> None:
    assert addresses.within(url, SITE)
    batch = Batch((make_record("A quay opened.", url=url), make_record("A lake froze.")), Cursor())
    kept = batches.of_others(batch, SITE)
    assert [record.text for record in kept.records] == ["A lake froze."]
    assert kept.dropped == {batches.OWN: 1}


@pytest.mark.parametrize("url", THEIRS)
def test_nobody_elses_address_is_ours(url: str) -> None:
    assert not addresses.within(url, SITE)
    assert not addresses.within(url, "")


def test_a_feed_and_a_page_that_lead_to_us_give_no_record(desk: Desk, server: HostileServer) -> None:
    home = f"{server.url}/desk"
    server.routes["/desk/feed"] = reply(rss(_item(n, f"{home}/stories/{n}") for n in range(3)))
    page = article(9).replace("<head>", f"<head><link rel=canonical href='{home}/stories/9'>")
    server.routes["/mirror/9"] = reply(page, Content_Type="text/html")
    server.routes["/mirror"] = reply(rss([_item(9, f"{server.url}/mirror/9"), _item(8, f"{server.url}/page/8")]))
    server.routes["/page/8"] = reply(article(8), Content_Type="text/html")
    kit = desk.tools(NOW)
    report = ingest.ingest(
        desk.store,
        (desk.feed("/desk/feed", "Own"), desk.feed("/mirror", "Mirror")),
        adapters=lambda kind: load(kind, kit),
        fetcher=kit.fetcher,
        engine=kit.engine,
        settings=kit.settings,
        now=NOW,
        site=home,
    )
    assert [record.url for record in desk.records()] == [f"{server.url}/page/8"]
    assert report.dropped[batches.OWN] == 4
    assert "/desk/stories/0" not in server.paths()


def _item(number: int, link: str) -> str:
    return (
        f"<item><guid>{link}</guid><title>Quay {number} opens in harbour</title><link>{link}</link>"
        f"<description>The quay was opened.</description><pubDate>Mon, 04 May 2026 01:00:00 GMT</pubDate></item>"
    )


@pytest.mark.parametrize("how", ["mirror", "scraped", "quoted", "bundle", "named"])
def test_our_words_elsewhere_rest_on_what_we_rest_on(how: str) -> None:
    story = make_story()
    ((ours, origin),) = echoes.texts([story], "Quay Desk")
    said = ours.text.split("\n\n", 1)[1]
    texts = {
        "mirror": ours.text,
        "scraped": f"Hot news today\n\n{said}",
        "quoted": f'What the desk wrote\n\nWe read this: "{said}"',
        "bundle": f"story.json\n\n{ours.text} {ours.text}",
        "named": f"{ours.title}\n\n{said.split('. ')[0]}, Quay Desk reported.",
    }
    back = make_record(texts[how], url="https://mirror.example/x", publisher="Mirror", published=NOW)
    (found,) = group([back], [], [(ours, origin)])
    assert found.id == origin, "a copy of ours is another origin"


def test_a_source_of_ours_is_read_and_gives_nothing() -> None:
    record = replace(make_record("A quay opened."), url=f"{SITE}stories/quay/")
    source = Source("Own", "feed", SITE)
    assert (
        batches.of_others(batches.checked(Batch((replace(record, source="Own"),), Cursor()), source, NOW), SITE).records
        == ()
    )


# --- look-alikes -----------------------------------------------------------------------------------------------------

NAMES = ("apple", "paypal", "harbour", "reuters", "google", "bbc", "lemonde", "nature", "amazon", "microsoft")
SWAPS = dict(zip("aeopcxyilu", "\u0430\u0435\u043e\u0440\u0441\u0445\u0443\u0456\u04cf\u057d", strict=True))


def _alike(name: str, sign: str) -> str:
    return name.replace(sign, SWAPS[sign], 1)


PAIRS = [(n, _alike(n, s)) for n, s in product(NAMES, SWAPS) if s in n]
PAIRS += [
    (n, n.replace(s, f"{s}{mark}", 1))
    for n, s in product(NAMES, "aeo")
    if s in n
    for mark in "\u0301\u0323\u0307\u0308"
]
PAIRS += [(n, n[:2] + letter + n[3:]) for n in NAMES for letter in "\u1d00\u0251\u03bf\u0585\u0261\u217c"]


@pytest.mark.parametrize(("name", "other"), PAIRS)
def test_a_host_that_looks_like_another_is_shown_in_ascii(name: str, other: str) -> None:
    link = outward(f"https://{other}.example/news")
    assert link is None or (link.host.isascii() and link.host.removesuffix(".example") != name)
    if link is not None and addresses.host(f"https://{other}.example/") != f"{other}.example":
        assert link.host.startswith("xn--") or link.host.removesuffix(".example").isascii()


@pytest.mark.parametrize(
    ("url", "owner"),
    [
        ("https://reuters.com.evil.net/x", "evil.net"),
        ("https://www.bbc.co.uk.login.evil.co.uk/", "evil.co.uk"),
        ("https://evil.net/reuters.com/x", "evil.net"),
        ("https://reuters-com.example/", "reuters-com.example"),
        ("https://rn.example/", "rn.example"),
    ],
)
def test_a_trusted_name_in_front_or_behind_owns_nothing(url: str, owner: str) -> None:
    assert addresses.registrable(url) == owner
    link = outward(url)
    assert link is not None
    assert link.host.removeprefix("www.").endswith(owner)


@pytest.mark.parametrize(
    "url",
    ["https://reuters.com@evil.example/", "https://reuters.com:80@evil.example", "https://\u202emoc.sretuer.example/",
     "https://reuters.com\u2044x.evil.example/", "https://reuters\u3002com\uff0fx", "https://reu\u200bters.com/"],
)  # fmt: skip
def test_tricks_with_logins_and_unseen_signs_are_no_links(url: str) -> None:
    link = outward(url)
    assert link is None or (
        link.host.isascii() and "reuters.com" not in link.host.split("/")[0].removesuffix(".evil.example")
    )


def test_they_are_many() -> None:
    assert len(set(PAIRS)) >= 120
