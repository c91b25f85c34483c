"""arXiv's API over loopback: questions, versions, pages, and what it answers when it cannot."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desk import NOW
from hostile import HostileServer, Request, reply
from indexes import asked, hasty, paper, papers

from pipeline.domain import Cursor, Source, TextQuality
from pipeline.errors import ConfigurationError, HttpStatus, ParseError
from pipeline.sources.arxiv import PACE, ArxivSource, categories

PATH = "/api/query"


def source(server: HostileServer, address: str = "cs.CL", **options: object) -> Source:
    return Source("Papers", "arxiv", address, options={"api": server.url + PATH, **options})


def listing(server: HostileServer, count: int, *, faults: int = 0) -> None:
    """`count` papers, one older by an hour than the other; the first `faults` answers hold none."""
    left = [faults]

    def answer(request: Request) -> Iterator[bytes]:
        told = dict(part.split("=") for part in request.target.partition("?")[2].split("&"))
        start, size = int(told["start"]), int(told["max_results"])
        page = range(start, min(count, start + size))
        if left[0]:
            left[0] -= 1
            page = range(0)
        entries = [
            paper(f"2605.{n:05}v1", title=f"Quay {n}", published=f"2026-05-{3 - n // 24:02}T{23 - n % 24:02}:00:00Z")
            for n in page
        ]
        yield reply(papers(entries, count))

    server.routes[PATH] = answer


def test_a_paper(server: HostileServer) -> None:
    abstract = "  We show $a<b$ at p<0.05 & more,\n  in two\nlines.\n  A second paragraph."
    server.routes[PATH] = reply(
        papers([paper("2104.12255v2", title="On $a<b$\n  and quays", abstract=abstract, authors="Ada Quay;Bo Mole")])
    )
    batch = ArxivSource(hasty(server)).read(source(server), Cursor(), NOW)
    (made,) = batch.records
    assert (made.native_id, made.url) == ("2104.12255", "https://arxiv.org/abs/2104.12255")
    assert made.title == "On $a<b$ and quays"
    assert made.text.partition("\n\n")[2] == "We show $a<b$ at p<0.05 & more,\nin two lines.\nA second paragraph."
    assert (made.platform, made.publisher, made.author) == ("arXiv", "arXiv", "Ada Quay, Bo Mole")
    assert (made.quality, made.truncated, made.kind) == (TextQuality.FULL, False, "article")
    assert made.published.isoformat() == "2026-05-03T10:00:00+00:00"


def test_versions_are_one_record(server: HostileServer) -> None:
    adapter = ArxivSource(hasty(server))
    made = []
    for identity in ("astro-ph/0601001v1", "astro-ph/0601001v3"):
        server.routes[PATH] = reply(papers([paper(identity, abstract=f"This is {identity}.")]))
        made += adapter.read(source(server), Cursor(), NOW).records
    first, second = made
    assert first.id == second.id
    assert first.native_id == "astro-ph/0601001"
    assert first.content_hash != second.content_hash


@pytest.mark.parametrize(
    ("address", "query"),
    [
        ("cs.CL", "cat:cs.CL"),
        ("cs.CL, hep-th physics.soc-ph", "cat:cs.CL OR cat:hep-th OR cat:physics.soc-ph"),
        ("cs", "cat:cs.*"),
        ("all:electron AND cat:cs.CL", "all:electron AND cat:cs.CL"),
        ("testing", "testing"),
    ],
)
def test_what_is_asked(server: HostileServer, address: str, query: str) -> None:
    listing(server, 1)
    ArxivSource(hasty(server)).read(source(server, address), Cursor(), NOW)
    (told,) = asked(server)
    assert told["search_query"] == query
    assert (told["sortBy"], told["sortOrder"]) == ("submittedDate", "descending")


def test_an_address_of_the_api(server: HostileServer) -> None:
    listing(server, 1)
    adapter = ArxivSource(hasty(server))
    for query in ("search_query=cat:stat.ML&max_results=7", "id_list=2605.00001"):
        adapter.read(Source("Papers", "arxiv", f"{server.url}{PATH}?{query}"), Cursor(), NOW)
    first, second = asked(server)
    assert first["search_query"] == "cat:stat.ML"
    assert second["id_list"] == "2605.00001"
    assert "search_query" not in second
    with pytest.raises(ConfigurationError):
        adapter.read(Source("Papers", "arxiv", server.url + PATH), Cursor(), NOW)


def test_a_search(server: HostileServer) -> None:
    listing(server, 3)
    pauses: list[float] = []
    wanted = source(server, server.url + PATH)
    batch = ArxivSource(hasty(server, pauses)).search(wanted, "The Quays of the EU!", NOW, days=2, limit=2)
    assert len(batch.records) == 2
    assert asked(server)[0]["search_query"] == "all:quays AND all:eu AND submittedDate:[202605020600 TO 202605040600]"


def test_pages_end_at_what_was_read(server: HostileServer) -> None:
    listing(server, 500)
    pauses: list[float] = []
    adapter = ArxivSource(hasty(server, pauses))
    first = adapter.read(source(server, limit=150), Cursor(), NOW)
    assert [told["start"] for told in asked(server)] == ["0", "100"]
    assert [told["max_results"] for told in asked(server)] == ["100", "50"]
    assert len(first.records) == 150
    assert max(pauses) > PACE - 1
    assert first.cursor.position == "2026-05-03T23:00:00+00:00"
    again = adapter.read(source(server, limit=150), first.cursor, NOW)
    assert len(asked(server)) == 3
    assert len(again.records) == 100
    assert again.cursor == first.cursor
    assert again.notes == ()


def test_papers_announced_late_are_not_passed_over(server: HostileServer) -> None:
    listing(server, 500)  # the hundredth is of 29 April, 20:00
    ArxivSource(hasty(server)).read(source(server), Cursor(position="2026-04-30T10:00:00+00:00"), NOW)
    assert len(asked(server)) == 2


def test_more_papers_than_the_limit_is_said(server: HostileServer) -> None:
    listing(server, 500)
    before = Cursor(position="2026-04-01T00:00:00+00:00")
    batch = ArxivSource(hasty(server)).read(source(server, limit=150), before, NOW)
    assert "more than 150 papers are new" in batch.notes[0]


def test_a_page_that_fails_leaves_the_cursor(server: HostileServer) -> None:
    listing(server, 500)
    first = server.routes[PATH]
    assert callable(first)

    def answer(request: Request) -> Iterator[bytes]:
        yield from [reply("", "500 Oops")] if "start=100" in request.target else first(request)

    server.routes[PATH] = answer
    before = Cursor(position="2026-04-01T00:00:00+00:00")
    batch = ArxivSource(hasty(server)).read(source(server), before, NOW)
    assert len(batch.records) == 100
    assert "100 papers came, the rest waits" in batch.notes[0]
    assert batch.cursor == before


def test_a_date_that_lies_ahead_moves_the_cursor_no_further_than_now(server: HostileServer) -> None:
    server.routes[PATH] = reply(papers([paper("2605.00001v1", published="2050-01-01T00:00:00Z")]))
    assert ArxivSource(hasty(server)).read(source(server), Cursor(), NOW).cursor.position == NOW.isoformat()


def test_an_empty_page_is_asked_once_more(server: HostileServer) -> None:
    listing(server, 3, faults=1)
    adapter = ArxivSource(hasty(server))
    batch = adapter.read(source(server), Cursor(), NOW)
    assert (len(batch.records), batch.notes) == (3, ())
    listing(server, 3, faults=2)
    batch = adapter.read(source(server), batch.cursor, NOW)
    assert batch.records == ()
    assert batch.cursor.position == "2026-05-03T23:00:00+00:00"
    assert "counts 3 papers and gave none" in batch.notes[0]
    listing(server, 0)
    assert adapter.read(source(server), Cursor(), NOW).notes == ()


def test_refusals(server: HostileServer) -> None:
    adapter = ArxivSource(hasty(server))
    error = paper("x", title="Error", abstract="incorrect id format for abc").replace(
        "http://arxiv.org/abs/x", "https://arxiv.org/api/errors#incorrect_id_format_for_abc"
    )
    for status in ("200 OK", "400 Bad Request"):
        server.routes[PATH] = reply(papers([error]), status)
        with pytest.raises(ParseError, match="refuses the query: incorrect id format for abc"):
            adapter.read(source(server), Cursor(), NOW)
    server.routes[PATH] = reply("", "400 Bad Request")
    with pytest.raises(HttpStatus):
        adapter.read(source(server), Cursor(), NOW)
    server.routes[PATH] = reply("Rate exceeded.")
    with pytest.raises(ParseError, match="too often"):
        adapter.read(source(server), Cursor(), NOW)
    server.routes[PATH] = reply("", "503 Busy", Retry_After="30")
    with pytest.raises(HttpStatus) as raised:
        adapter.read(source(server), Cursor(), NOW)
    assert raised.value.retry_after == 30


def test_what_is_left_out(server: HostileServer) -> None:
    entries = [paper("2605.00001v1"), paper("2605.00002v1", primary="stat.ML"), paper("nothing")]
    server.routes[PATH] = reply(papers(entries, 3))
    batch = ArxivSource(hasty(server)).read(source(server, "cs", primary_only=True), Cursor(), NOW)
    assert [made.native_id for made in batch.records] == ["2605.00001"]
    assert batch.dropped == {"cross-listed only": 1, "no paper": 1}


def test_many_authors_end_with_a_name(server: HostileServer) -> None:
    server.routes[PATH] = reply(papers([paper("2605.00001v1", authors=";".join(["Wilhelmina Featherstone"] * 99))]))
    (made,) = ArxivSource(hasty(server)).read(source(server), Cursor(), NOW).records
    assert made.author
    assert made.author.endswith("Wilhelmina Featherstone and 92 others")


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://arxiv.org/list/cs.CL/recent", "cs.CL"),
        ("https://rss.arxiv.org/rss/cs.CL+cs.AI", "cs.CL cs.AI"),
        (
            "https://export.arxiv.org/api/query?search_query=all:quay",
            "https://export.arxiv.org/api/query?search_query=all:quay",
        ),
        ("https://arxiv.org/abs/2104.12255", None),
        ("https://arxiv.org/list/nonsense", None),
        ("https://harbour.example/list/cs.CL", None),
    ],
)
def test_what_is_recognised(url: str, address: str | None) -> None:
    found = ArxivSource.recognise(url)
    assert found == (None if address is None else {"kind": "arxiv", "address": address})


def test_categories() -> None:
    assert categories("math.AG q-bio astro-ph.GA") == ("math.AG", "q-bio.*", "astro-ph.GA")
    assert categories("cs.CL electron") == ()
    assert categories("") == ()
