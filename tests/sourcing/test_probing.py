"""Looking at sources: what a preview says, whether full text can be had, and probing many side by side."""

import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from desk import article, tools
from factories import make_record
from hostile import HostileServer, reply

from pipeline.domain import Batch, Cursor, Source, SourceHealth, TextQuality
from pipeline.errors import ParseError
from pipeline.sourcing import probing
from pipeline.sourcing.probing import Probe, check, look, preview, tried_full_text

NOW = datetime(2026, 5, 4, 6, tzinfo=UTC)
SOURCE = Source("Wire", "feed", "https://wire.example/feed")


class Adapter:
    """Gives what it is told to; counts how many read at once on each host."""

    links_to_pages = True

    def __init__(self, results=None):
        self.results = results or {}
        self.busy, self.most = Counter(), Counter()
        self.guard = threading.Lock()

    def read(self, source, cursor, now):
        host = source.address.split("/")[2]
        with self.guard:
            self.busy[host] += 1
            self.most[host] = max(self.most[host], self.busy[host])
        time.sleep(0.01)
        with self.guard:
            self.busy[host] -= 1
        result = self.results.get(source.name, Batch((make_record(source=source.name, published=NOW),), Cursor()))
        if isinstance(result, Exception):
            raise result
        return result


def probe(server=None, adapter=None, **settings) -> Probe:
    made = tools(server, **settings)
    return Probe(made.fetcher, made.engine, made.settings, lambda fetcher: lambda kind: adapter or Adapter())


def batch(*ages: float, **more) -> Batch:
    return Batch(
        tuple(make_record(published=NOW - timedelta(hours=age), id=f"r{age}", **more) for age in ages), Cursor()
    )


def test_a_preview_shows_the_newest_and_counts_languages_and_gaps():
    mixed = Batch((*batch(1, 4, 2, 3, 9, 5).records, make_record(lang="de", id="r", date_doubtful=True)), Cursor())
    brief = preview(mixed, "yes")
    assert [record.id for record in brief.items][:3] == ["r1", "r2", "r3"]
    assert (len(brief.items), brief.listed) == (5, 7)
    assert brief.langs == ("en", "de")
    assert brief.newest == NOW - timedelta(hours=1)
    assert brief.gap == timedelta(hours=1)
    assert preview(Batch((), Cursor()), "").newest is None


def test_languages_are_detected_where_the_source_names_none():
    titles = ("Der Bürgermeister eröffnete am Montag den neuen Kai des Hafens", "Die Fischer warten auf ein Kühlhaus")
    records = tuple(make_record(title, title=title, lang=None, id=title[:3]) for title in titles)
    assert preview(Batch(records, Cursor()), "").langs == ("de",)


@pytest.mark.parametrize(
    ("made", "more", "said"),
    [
        (batch(), {}, "unknown"),
        (batch(1, quality=TextQuality.FULL), {}, "in the source itself"),
        (batch(1, quality=TextQuality.SUMMARY), {"full_text": False}, "full_text is off"),
    ],
)
def test_full_text_that_needs_no_page(made, more, said):
    assert said in tried_full_text(made, SOURCE, Adapter(), probe(**more), NOW)


def test_full_text_is_tried_on_one_page_within_robots():
    routes = {"/page/1": reply(article(1), Content_Type="text/html"), "/robots.txt": reply("")}
    with HostileServer(routes) as server:
        items = batch(1, 2, quality=TextQuality.SUMMARY, title="Quay 1 opens", url=f"{server.url}/page/1")
        assert "yes, from its pages" in tried_full_text(items, SOURCE, Adapter(), probe(server), NOW)
        assert server.paths().count("/page/1") == 1
        server.routes["/robots.txt"] = reply("User-agent: *\nDisallow: /")
        assert "no: the newest item's page is closed by robots" in tried_full_text(
            items, SOURCE, Adapter(), probe(server), NOW
        )
        adapter = Adapter()
        adapter.links_to_pages = False
        assert "own text only" in tried_full_text(items, SOURCE, adapter, probe(server), NOW)


@pytest.mark.parametrize("given", [ZeroDivisionError("x"), None, "records", Batch((None,), Cursor())])
def test_an_adapter_that_breaks_is_a_result(given):
    seen = look(SOURCE, lambda kind: Adapter({"Wire": given}), NOW)
    assert seen.batch is None
    assert isinstance(seen.error, ZeroDivisionError | TypeError)


def test_hosts_are_probed_side_by_side_and_one_host_in_turn():
    sources = [Source(f"s{n:03}", "any", f"https://h{n % 7}.example/{n}") for n in range(60)]
    results = {"s003": ParseError("broken"), "s010": RuntimeError("adapter")}
    heard: list[tuple[int, str]] = []
    adapter = Adapter(results)
    found = check(sources, {}, probe(adapter=adapter), NOW, told=lambda done, name: heard.append((done, name)))
    assert [one.source.name for one in found] == [source.name for source in sources]
    assert [done for done, _ in heard] == list(range(1, 61))
    assert {name for _, name in heard} == {source.name for source in sources}
    assert set(adapter.most.values()) == {1}
    assert [one.source.name for one in found if not one.ok] == ["s003", "s010"]


def test_who_asked_to_be_left_alone_is_not_asked():
    later = NOW + timedelta(hours=1)
    health = SourceHealth("Wire", NOW, ok=False, error="busy", retry_at=later, host_until=later)
    (found,) = check([SOURCE], {"Wire": health}, probe(adapter=Adapter({"Wire": AssertionError()})), NOW, told=print)
    assert "left alone until 2026-05-04 07:00 UTC" in found.problems[0].what


def test_who_is_merely_spared_after_failures_is_asked_by_a_person():
    """Who has just mended a source wants to know whether it works, not when the nights ask it again."""
    health = SourceHealth("Wire", NOW, ok=False, error="404", failures=3, retry_at=NOW + timedelta(days=1))
    (found,) = check([SOURCE], {"Wire": health}, probe(adapter=Adapter()), NOW, told=print)
    assert (found.ok, found.items) == (True, 1)


def test_an_interrupted_check_begins_nothing_more(monkeypatch):
    started: list[str] = []

    def slow(source, *_):
        started.append(source.name)
        time.sleep(0.05)
        return probing.Checked(source, ())

    def stop(done, name):
        raise KeyboardInterrupt

    monkeypatch.setattr(probing, "_check", slow)
    sources = [Source(f"s{n}", "any", "https://one.example/") for n in range(20)]
    with pytest.raises(KeyboardInterrupt):
        check(sources, {}, probe(), NOW, told=partial(stop))
    time.sleep(0.15)
    assert len(started) < 4
