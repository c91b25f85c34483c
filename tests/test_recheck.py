"""recheck: real visits to a loopback server, and what each means for the sentences that quote the page."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import papers
import pytest
from factories import NOW, make_claim, make_membership, make_record, make_storyline
from hostile import HostileServer, Request, reply
from stored import put

from pipeline.amends import CorrectionKind
from pipeline.app import make_app
from pipeline.bundles import verify
from pipeline.bundles.bundle import to_bundle
from pipeline.domain import Finding, FindingState, Origin, Record, StageReport, Story, TextQuality
from pipeline.engines.local import LocalEngine
from pipeline.fetch import HttpFetcher
from pipeline.protocols import Analysis, Store
from pipeline.recheck import recheck
from pipeline.run import night
from pipeline.settings import Settings, load
from pipeline.stores import open_store
from pipeline.write import write

DAY = timedelta(days=1)
ONE = (
    "Northwind orders turbines for Harlow",
    "Northwind Power has ordered 12 gas turbines for its Harlow campus.",
    "The company says the turbines will supply 480 megawatts by March 2027.",
    "Harlow council approved the site on Tuesday by nine votes to two.",
)
TWO = (
    "Residents fear noise in Harlow",
    "Residents of Harlow fear noise from the turbines at night.",
    "The council ordered a noise study from a Leeds laboratory.",
)


def page(title: str, *paragraphs: str, extra: str = "") -> str:
    told = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title></head><body><nav>News Sport</nav>"
        f"<article><h1>{title}</h1>{extra}{told}</article></body></html>"
    )


class Desk:
    """A desk with one story of two outlets, whose pages a loopback server serves."""

    def __init__(self, store: Store, server: HostileServer, folder: Path) -> None:
        self.store, self.server = store, server
        self.settings = Settings.model_validate(
            {
                "write": {"min_sentences": 2, "min_origins": 1},
                "ingest": {"allow_private": [server.place], "pace": 0, "timeout": 1.0},
                "beat": [{"name": "Energy"}],
            }
        ).model_copy(update={"root": folder})
        self.records = [self._record("one", ONE, "Harbour Wire"), self._record("two", TWO, "The Harlow Ledger")]
        for name, told in (("one", ONE), ("two", TWO)):
            server.routes[f"/{name}/story"] = html(page(*told))
        self._analyse()
        write(store, self.settings, llm=None, now=NOW)

    def _record(self, name: str, told: tuple[str, ...], publisher: str) -> Record:
        return make_record(
            f"{told[0]}\n\n" + "\n".join(told[1:]),
            id=f"r{name}",
            url=f"{self.server.url}/{name}/story",
            publisher=publisher,
            source=name,
            published=NOW,
            fetched=NOW,
            quality=TextQuality.FULL,
        )

    def _analyse(self) -> None:
        claims = [make_claim(r, text) for r, told in zip(self.records, (ONE, TWO), strict=True) for text in told[1:]]
        put(self.store, *self.records)
        line = make_storyline(claims, label="Northwind, Harlow", updated=NOW)
        findings = tuple(
            Finding(f"f{n}", line.id, (c.id,), (c.record_id,), FindingState.NEW, NOW, NOW) for n, c in enumerate(claims)
        )
        self.store.save_analysis(
            Analysis(
                tuple(r.id for r in self.records),
                tuple(claims),
                origins=tuple(Origin(r.id, (r.id,)) for r in self.records),
                storylines=(line,),
                joined=tuple(make_membership(c, storyline_id=line.id, since=NOW) for c in claims),
                findings=findings,
                now=NOW,
            )
        )

    def again(self, now: datetime, story: str | None = None) -> StageReport:
        """One recheck, by a fresh process on the night of `now`."""
        fetcher = HttpFetcher(self.settings.ingest, wall=lambda: now)
        try:
            return recheck(self.store, self.settings, fetcher=fetcher, engine=LocalEngine(), now=now, story=story)
        finally:
            fetcher.close()

    def nights(self, *days: float) -> list[dict[str, int]]:
        return [dict(self.again(NOW + day * DAY).dropped) for day in days]

    def log(self) -> list[tuple[CorrectionKind, str]]:
        return [(entry.kind, entry.target) for entry in self.store.corrections()]

    def story(self) -> Story:
        (story,) = self.store.live_stories()
        assert verify.problems(to_bundle(story), self.store) == ()
        return story


def html(body: str, status: str = "200 OK", **headers: str) -> bytes:
    return reply(body, status, Content_Type="text/html; charset=utf-8", **headers)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = open_store(":memory:")
    with HostileServer({"*": reply("", "404 Not Found")}) as server:
        yield Desk(store, server, tmp_path)
    store.close()


def test_an_unchanged_page_is_asked_for_conditionally_and_changes_nothing(desk: Desk) -> None:
    def route(request: Request) -> list[bytes]:
        if request.headers.get("if-none-match") == '"v1"':
            return [reply("", "304 Not Modified", ETag='"v1"')]
        return [html(page(*ONE), ETag='"v1"')]

    desk.server.routes["/one/story"] = route
    before = desk.story()
    assert desk.nights(1, 2) == [{"unchanged": 2}, {"unchanged": 2}]
    asked = [r.headers.get("if-none-match") for r in desk.server.log if r.path == "/one/story"]
    assert asked == [None, '"v1"']
    assert desk.log() == []
    assert desk.story() == before
    assert desk.again(NOW + 2.5 * DAY).dropped == {}, "not due so soon"


def test_edited_words_mark_the_sentences_that_quote_them_once(desk: Desk) -> None:
    edited = [text.replace("nine votes to two", "eight votes to three") for text in ONE]
    desk.nights(1)
    desk.server.routes["/one/story"] = html(page(*edited))
    assert desk.nights(2, 3) == [{"changed": 1, "unchanged": 1}, {"unchanged": 2}]
    (entry,) = desk.store.corrections()
    story = desk.story()
    assert (entry.kind, entry.target, entry.stories) == (CorrectionKind.SOURCE_CHANGED, "rone", (story.id,))
    quotes = {c.key: c.evidence.quote for c in story.citations}
    assert [quotes[key] for key in entry.keys] == [quotes[key] for key in quotes if "nine votes" in quotes[key]]
    assert entry.by == "recheck"


def test_words_that_moved_or_changed_their_quotation_marks_still_stand(desk: Desk) -> None:
    moved = [ONE[0], ONE[3].replace(" ", "\u00a0", 1), "A new paragraph opens the story.", ONE[2], ONE[1]]
    desk.server.routes["/one/story"] = html(page(*moved))
    assert desk.nights(1) == [{"unchanged": 2}]
    assert desk.log() == []


@pytest.mark.parametrize(
    ("status", "days", "gone"),
    [
        ("404 Not Found", (1, 2, 3), 3),
        ("410 Gone", (1, 2), 2),
        ("451 Unavailable For Legal Reasons", (1, 2, 3), 3),
    ],
)
def test_a_page_is_gone_after_several_visits_and_then_left_alone(
    desk: Desk, status: str, days: tuple[int, ...], gone: int
) -> None:
    desk.server.routes["/one/story"] = html(page("Not found", "Nothing here."), status)
    states = desk.nights(*days)
    assert states == [{"missing": 1, "unchanged": 1}] * (gone - 1) + [{"gone": 1, "unchanged": 1}]
    assert desk.log() == [(CorrectionKind.SOURCE_GONE, "rone")]
    assert status.split(maxsplit=1)[0] in desk.store.corrections()[0].why
    asked = len(desk.server.log)
    assert desk.nights(9) == [{"unchanged": 1}]
    assert "/one/story" not in [request.path for request in desk.server.log[asked:]]


def test_one_404_is_no_proof_and_a_page_that_is_back_starts_anew(desk: Desk) -> None:
    for back in range(4):
        desk.server.routes["/one/story"] = html("", "404 Not Found")
        desk.nights(1 + 4 * back, 2 + 4 * back)
        desk.server.routes["/one/story"] = html(page(*ONE))
        desk.nights(3 + 4 * back)
    assert desk.log() == []


def test_three_404s_within_a_day_are_one_bad_day(desk: Desk) -> None:
    desk.server.routes["/one/story"] = html("", "404 Not Found")
    for hours in (1, 2, 3, 4):
        desk.again(NOW + hours * timedelta(hours=1), story=desk.story().slug)
    assert desk.log() == []


@pytest.mark.parametrize(
    "route",
    [
        html("Internal error", "500 Internal Server Error"),
        html("Slow down", "429 Too Many Requests"),
        html("No", "403 Forbidden"),
        html(
            page("Your privacy", "We and our partners use cookies. Give your consent to go on.", "Accept all cookies")
        ),
        html(page("Log in", "Log in to read on. Already a subscriber? Subscribe now.")),
        html(page("Just a moment", "Enable JavaScript to go on. Are you a robot? Solve the captcha.")),
        html(""),
        reply(b"%PDF-1.4", Content_Type="application/pdf"),
        html(page(*ONE).encode()[:200].decode() + "\x00" * 50),
        b"",
    ],
    ids=["500", "429", "403", "consent", "login", "captcha", "empty", "pdf", "cut", "no reply"],
)
def test_what_says_nothing_is_never_believed(desk: Desk, route: bytes) -> None:
    desk.nights(1)
    desk.server.routes["/one/story"] = route
    for state in desk.nights(*(2 + 1.5 * n for n in range(5))):
        assert state.get("gone", 0) == state.get("changed", 0) == state.get("retracted", 0) == 0
    assert desk.log() == []


def test_a_page_that_leads_home_or_holds_another_text_is_a_missing_one(desk: Desk) -> None:
    desk.server.routes["/one/story"] = reply("", "302 Found", Location="/")
    desk.server.routes["/"] = html(page("Harbour Wire", "Today's news.", *ONE[1:]))
    other = ("Ten tips for a better sleep", "A dark room helps most people.", "Do not drink coffee in the evening.") * 2
    desk.server.routes["/two/story"] = html(page(*other))
    assert desk.nights(1, 2) == [{"missing": 2}] * 2
    desk.nights(3)
    assert sorted(desk.log()) == [(CorrectionKind.SOURCE_GONE, "rone"), (CorrectionKind.SOURCE_GONE, "rtwo")]
    assert "leads to the front page" in desk.store.corrections()[0].why + desk.store.corrections()[1].why


def test_a_robots_txt_that_shuts_the_page_is_no_visit(desk: Desk) -> None:
    desk.nights(1)
    desk.server.routes["/robots.txt"] = reply("User-agent: *\nDisallow: /one/", Content_Type="text/plain")
    asked = len(desk.server.log)
    assert desk.nights(2, 3, 4.5)[-1] == {"gone": 1, "unchanged": 1}
    assert "/one/story" not in [request.path for request in desk.server.log[asked:]]
    assert "robots.txt closes" in desk.store.corrections()[0].why


def test_a_hang_costs_its_timeout_and_the_other_page_is_still_read(desk: Desk) -> None:
    def hang(_: Request) -> Iterator[bytes]:
        time.sleep(3)
        yield b""

    desk.server.routes["/one/story"] = hang
    began = time.monotonic()
    assert desk.nights(1) == [{"unchanged": 1, "unsure": 1}]
    assert time.monotonic() - began < 6
    assert desk.log() == []


def test_a_retraction_notice_makes_a_version_without_the_page(desk: Desk) -> None:
    said = "<p><strong>This article has been retracted by the editors because its figures were invented.</strong></p>"
    desk.server.routes["/two/story"] = html(page(*TWO, extra=said))
    before = desk.story()
    assert desk.nights(1) == [{"retracted": 1, "unchanged": 1}]
    after = desk.story()
    assert (after.version, after.previous) == (2, before.id)
    assert {record.id for record in after.records} == {"rone"}
    assert desk.store.story_history(before.storyline_id) == [before, after], "the older version stays, marked"
    (entry,) = desk.store.corrections()
    assert (entry.kind, entry.withdrawn, entry.successors) == (CorrectionKind.SOURCE_RETRACTED, (), (after.id,))
    assert set(entry.keys) == {c.key for c in before.citations if c.evidence.record_id == "rtwo"}
    assert desk.nights(2) == [{"unchanged": 1}]


def test_a_story_of_which_nothing_is_left_is_withdrawn(desk: Desk) -> None:
    for name, told in (("one", ONE), ("two", TWO)):
        desk.server.routes[f"/{name}/story"] = html(page("RETRACTED: " + told[0], *told[1:]))
    desk.nights(1)
    assert desk.store.all_stories() == []
    assert [kind for kind, _ in desk.log()] == [CorrectionKind.SOURCE_RETRACTED] * 2


def test_a_retraction_that_came_by_a_feed_needs_no_visit(desk: Desk) -> None:
    newer = dataclasses.replace(
        desk.records[1],
        title="RETRACTED: " + TWO[0],
        text="RETRACTED: " + desk.records[1].text,
        fetched=NOW + DAY,
    )
    notice = make_record(
        f"Retraction: {ONE[0]}\n\nThe paper takes the report back.",
        id="rnotice",
        title=f"Retraction: {ONE[0]}",
        published=NOW + DAY,
        fetched=NOW + DAY,
    )
    put(desk.store, newer, notice)
    report = desk.again(NOW + 2 * DAY)
    assert sorted(desk.log()) == [
        (CorrectionKind.SOURCE_RETRACTED, "rone"),
        (CorrectionKind.SOURCE_RETRACTED, "rtwo"),
    ]
    assert report.made == 2
    assert desk.server.log == [], "nothing was left to visit"


def test_budget_and_order(desk: Desk) -> None:
    desk.settings = desk.settings.model_copy(update={"recheck": desk.settings.recheck.model_copy(update={"pages": 1})})
    desk.nights(1, 2, 3, 4)
    assert [p for p in desk.server.paths() if p != "/robots.txt"] == ["/one/story", "/two/story"] * 2
    desk.settings = desk.settings.model_copy(
        update={"recheck": desk.settings.recheck.model_copy(update={"deadline": 1e-9})}
    )
    assert desk.again(NOW + 9 * DAY).notes == ("out of time; the rest is due next time",)


@pytest.mark.parametrize(("nightly", "visits"), [(0, 0), (1, 1)])
def test_a_night_reads_some_cited_pages_again_before_it_writes(tmp_path: Path, nightly: int, visits: int) -> None:
    """A whole night over a loopback server: as many visits as the setting says, and what they met is on the site."""
    with HostileServer({"*": reply("", "404 Not Found")}) as server:
        config = (
            f'{papers.CONFIG}\n[ingest]\nallow_private = ["{server.place}"]\npace = 0\n[recheck]\nnightly = {nightly}\n'
        )
        file = papers.desk(tmp_path, config=config)
        rows = file.parent / "papers.jsonl"
        rows.write_text(rows.read_text("utf-8").replace("https://", f"{server.url}/"), encoding="utf-8")
        for title, text in ((row[2], row[3]) for row in papers.ROWS):
            slug = title.lower().replace(" ", "-").replace("'", "")
            host = next(row[0] for row in papers.ROWS if row[2] == title).lower().replace(" ", "-")
            server.routes[f"/{host}.example/{slug}"] = html(page(f"RETRACTED: {title}", *text.split(". ")))
        first = datetime(2026, 5, 4, 6, tzinfo=UTC)
        stages = []
        for day in range(2):
            with closing(make_app(load(file))) as app:
                stages.append([report.stage for report in night(app, first + day * DAY).stages])
                entries = app.store.corrections()
        assert len([path for path in server.paths() if path != "/robots.txt"]) == visits
    assert ("recheck" in stages[1]) is bool(nightly)
    assert [entry.by for entry in entries] == ["recheck"] * visits
    assert bool(nightly) is (b"retracted" in papers.site(file.parent)["corrections/index.html"].lower())
