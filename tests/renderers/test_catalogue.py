"""The catalogue: it fits its schema, names everything once, leads nowhere in vain, and never grows without bound."""

from __future__ import annotations

import dataclasses
import gzip
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from factories import make_signal
from site_factory import GRID, NIGHT, SETTINGS, edition, settings, stories

from pipeline.amends import Correction, CorrectionKind, Tombstone
from pipeline.bundles import verify
from pipeline.bundles.bundle import schema as story_schema
from pipeline.bundles.bundle import to_bundle
from pipeline.edition import Edition, made
from pipeline.publish import build
from pipeline.renderers import bundles, catalogue, load
from pipeline.renderers.pages import printable
from pipeline.serial import dumps
from pipeline.sourcing import opml

SCHEMA = jsonschema.Draft202012Validator(catalogue.schema())


def told(one: Edition) -> dict[str, Any]:
    """Path -> the JSON of each file of the catalogue."""
    return {path: json.loads(body) for path, body in made(catalogue.render(one)).items() if path.endswith(".json")}


def rows(one: Edition, holds: str) -> list[Any]:
    found = told(one)
    return [
        row
        for part in found["catalogue.json"]["parts"]
        if part["holds"] == holds
        for row in found[part["path"]]["rows"]
    ]


def corrected() -> Edition:
    """Nights with a withdrawn story, a withdrawn version and a marked one."""
    gone, kept = stories()[2], stories()[1]
    when = NIGHT - timedelta(days=3)
    tombs = tuple(
        Tombstone(f"y{n}", line, slug, 1, "Chips", when, "en", "k1", NIGHT, "A hoax.", "0" * 32, (), (), (), False)
        for n, (line, slug) in enumerate([(gone.storyline_id, gone.slug), (kept.storyline_id, kept.slug)])
    )
    log = (
        Correction("k1", CorrectionKind.RETRACTED, NIGHT, "story", "x", "A hoax.", ("y0",), ("y0",)),
        Correction("k2", CorrectionKind.SOURCE_GONE, NIGHT, "record", "r", "Gone.", (kept.id,), by="recheck"),
    )
    left = (stories()[1], stories()[3])
    return edition(stories=left, tombstones=tombs, corrections=log)


@pytest.mark.parametrize("one", [edition(), corrected(), edition(stories=(), topics=(), signals=())])
def test_every_file_fits_the_schema(one: Edition) -> None:
    found = told(one)
    assert found["schema/catalogue.json"] == catalogue.schema()
    jsonschema.Draft202012Validator.check_schema(catalogue.schema())
    for path, value in found.items():
        if path != "schema/catalogue.json":
            SCHEMA.validate(value)
    listed = {part["path"] for part in found["catalogue.json"]["parts"]}
    assert listed == {path for path in found if path.startswith("catalogue/")}


@pytest.mark.parametrize("key", ["format", "holds", "rows", "more"])
def test_the_schema_refuses_what_is_no_catalogue(key: str) -> None:
    part = dict(told(edition())["catalogue/stories/2026-11.json"])
    part[key] = [{"slug": "x"}] if key == "rows" else "stories of another kind"
    with pytest.raises(jsonschema.ValidationError):
        SCHEMA.validate(part)


@pytest.mark.parametrize("one", [edition(), corrected()])
def test_every_address_in_it_is_a_file_of_the_site(one: Edition) -> None:
    pages = set(build(one, load())) | {"manifest.json"}

    def addresses(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [
                v for k, v in value.items() if k in {"page", "markdown", "text", "feed", "json_feed", "bundle", "path"}
            ]
            return [one for one in own if one] + [found for part in value.values() for found in addresses(part)]
        return [found for part in value for found in addresses(part)] if isinstance(value, list) else []

    for path, value in told(one).items():
        if path != "schema/catalogue.json":
            assert {address.partition("#")[0] for address in addresses(value) if isinstance(address, str)} <= pages
    assert set(told(one)["catalogue.json"]["files"].values()) <= pages
    assert {row["bundles"] for row in rows(one, "editions") if row["bundles"]} <= pages


def test_stories_are_listed_with_all_versions() -> None:
    (grid,) = [row for row in rows(edition(), "stories") if row["slug"] == "nordnett-queue-3f2a"]
    assert [version["version"] for version in grid["versions"]] == [1, 2]
    assert [version["bundle"] for version in grid["versions"]] == [
        "stories/nordnett-queue-3f2a/v1/story.json", "stories/nordnett-queue-3f2a/story.json",
    ]  # fmt: skip
    assert grid["storyline"] == GRID
    assert (grid["first"], grid["updated"]) == ("2026-11-19T05:00:00Z", "2026-11-20T05:00:00Z")
    assert [row["slug"] for row in rows(edition(), "storylines") for row in [{"slug": row["stories"][0]}]]
    assert {row["id"] for row in rows(edition(), "signals")} == {signal.id for signal in edition().signals}
    assert [row["date"] for row in rows(edition(), "editions")] == ["2026-11-18", "2026-11-19", "2026-11-20"]
    assert rows(edition(), "editions")[-1]["stories"] == ["nordnett-queue-3f2a/v2", "cormorant-lindholm-77aa/v1"]


def test_what_was_withdrawn_keeps_its_place_and_loses_its_words() -> None:
    found = {row["slug"]: row for row in rows(corrected(), "stories")}
    whole = found["cormorant-lindholm-77aa"]
    assert (whole["kind"], whole["headline"], whole["summary"]) == ("withdrawn", "", "")
    assert whole["versions"][0]["withdrawn"] == "A hoax."
    first, second = found["nordnett-queue-3f2a"]["versions"]
    assert (first["withdrawn"], first["headline"], second["withdrawn"]) == ("A hoax.", "", "")
    assert found["nordnett-queue-3f2a"]["corrections"]
    assert [row["id"] for row in rows(corrected(), "corrections")] == ["k1", "k2"]


def test_a_part_never_grows_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "ROWS", 2)
    old = stories()[2]

    def many(count: int) -> Edition:
        found = (
            dataclasses.replace(old, id=f"y{n}", slug=f"story-{n}", written=NIGHT + timedelta(hours=n))
            for n in range(count)
        )
        return edition(stories=tuple(found))

    found = told(many(5))
    names = ["catalogue/stories/2026-11.json", "catalogue/stories/2026-11-2.json", "catalogue/stories/2026-11-3.json"]
    assert [part["path"] for part in found["catalogue.json"]["parts"] if part["holds"] == "stories"] == names
    assert [len(found[name]["rows"]) for name in names] == [2, 2, 1]
    more = told(many(6))
    assert [found[name] == more[name] for name in names] == [True, True, False]  # what stands keeps its place


def test_a_night_rewrites_the_parts_of_what_it_changed() -> None:
    def resting(one: Edition) -> dict[str, Any]:
        return {page.path: page.rests_on for page in catalogue.render(one)}

    old = stories()[3]
    october = dataclasses.replace(old, id="y-old", slug="old-story", written=NIGHT - timedelta(days=40))
    before = edition(stories=(*stories(), october))
    signal = make_signal(subject=GRID, window_end=NIGHT, kind="novelty")
    after = edition(stories=(*stories(), october), signals=(*edition().signals, signal))
    changed = {path for path, rests_on in resting(after).items() if rests_on != resting(before).get(path)}
    assert changed == {"catalogue/signals/2026-11.json", "catalogue.json", "status.json"}
    assert all(resting(before).values())


def test_only_the_status_knows_the_clock() -> None:
    later = edition(now=NIGHT + timedelta(hours=1))
    first, second = made(catalogue.render(edition())), made(catalogue.render(later))
    assert {path for path in first if first[path] != second[path]} == {"status.json"}


def test_the_status_says_what_stands_and_what_fails() -> None:
    status = told(edition())["status.json"]
    assert (status["edition"], status["sources"]) == ("2026-11-20", 3)
    assert [(one["name"], one["status"]) for one in status["failing"]] == [("quiet", "failing")]
    assert "secret" not in json.dumps(status)
    assert status["counts"]["stories"] == 3
    assert status["counts"]["versions"] == 4


# --- sources ---------------------------------------------------------------------------------------------------------

SECRET = (
    "https://user:pass@wire.example/feed.xml",
    "https://wire.example/feed.xml?token=abc",
    "https://wire.example/feed.xml?api_key=abc",
    "https://wire.example/private-0123456789abcdef0123456789abcdef/basic.ics",
    "https://wire.example/f?x=AbCdEf0123456789AbCdEf0123456789",
    "http://10.0.0.5/feed",
    "http://[::1]/feed",
    "http://intranet/feed",
    "https://files.internal/feed",
    "file:///etc/passwd",
    "javascript:alert(1)",
)
OPEN = (
    "https://wire.example/feed.xml",
    "https://video.example/feeds/videos.xml?channel_id=UC_x5XG1OV2P6uZZ5FSM9Ttw",
    "https://wire.example/2026/11/20/a-very-long-title-of-some-story-in-the-news.xml",
)


def listing(*addresses: str) -> Edition:
    sources = [
        {"name": f"s{n}", "kind": "feed", "address": address, "header_env": "SECRET_NAME"}
        for n, address in enumerate(addresses)
    ]
    return edition(settings=settings(source=sources), health={}, read={})


def test_no_address_that_is_a_secret_leaves_the_desk() -> None:
    pages = made(catalogue.render(listing(*SECRET)))
    text = pages["sources.opml"].decode() + pages["catalogue/sources.json"].decode()
    for address in SECRET:
        assert address not in text
    assert not any(
        word in text for word in ("pass@", "abc", "0123456789", "10.0.0.5", "passwd", "intranet", "SECRET_NAME")
    )
    found = opml.read(pages["sources.opml"], file="sources.opml")
    assert found == ()
    assert text.count('title="s') == len(SECRET)  # named, without an address


def test_open_addresses_are_listed_for_any_reader() -> None:
    pages = made(catalogue.render(listing(*OPEN)))
    assert [one.address for one in opml.read(pages["sources.opml"], file="sources.opml")] == list(OPEN)
    assert [row["address"] for row in rows(listing(*OPEN), "sources")] == list(OPEN)
    assert b"dateCreated" not in pages["sources.opml"]


def test_hostile_names_stay_names() -> None:
    tricks = ("<b>&amp;</b>", '"><script>alert(1)</script>', "a\u202eb", "]]>")
    sources = [{"name": f"{n}{trick}", "kind": "feed", "address": OPEN[0] + f"?{n}"} for n, trick in enumerate(tricks)]
    one = edition(settings=settings(source=sources), health={}, read={})
    found = opml.read(made(catalogue.render(one))["sources.opml"], file="sources.opml")
    assert [outline.title for outline in found] == [f"{n}{trick}" for n, trick in enumerate(tricks)]
    assert [row["name"] for row in rows(one, "sources")] == [printable(f"{n}{trick}") for n, trick in enumerate(tricks)]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "a\u202eb\x00", "</script>", "{{7*7}}", "a\ud800b"])
def test_words_of_strangers_are_only_words(text: str) -> None:
    old = stories()[2]
    bad = dataclasses.replace(old, headline=dataclasses.replace(old.headline, text=text), beat=text, beats=(text,))
    signal = dataclasses.replace(make_signal(subject=GRID, window_end=NIGHT), summary=text, held=text)
    one = edition(stories=(bad,), signals=(signal,))
    shown = printable(text)
    assert rows(one, "stories")[0]["headline"] == shown
    assert (rows(one, "signals")[0]["summary"], rows(one, "signals")[0]["held"]) == (shown, shown)
    for value in told(one).values():
        if "$defs" not in value:
            SCHEMA.validate(value)


# --- archives --------------------------------------------------------------------------------------------------------


def archive(one: Edition, night: str) -> list[Any]:
    return [
        json.loads(line)
        for line in gzip.decompress(made(bundles.render(one))[f"bundles/{night}.jsonl.gz"]).splitlines()
    ]


def test_all_bundles_can_be_taken_at_once() -> None:
    nights = ("2026-11-18", "2026-11-19", "2026-11-20")
    found = [bundle for night in nights for bundle in archive(edition(), night)]
    assert {bundle["story"]["id"] for bundle in found} == {story.id for story in stories()}
    validator = jsonschema.Draft202012Validator(story_schema())
    for bundle in found:
        validator.validate(bundle)


def test_of_what_was_withdrawn_the_archive_keeps_hashes_alone() -> None:
    (bundle,) = archive(corrected(), "2026-11-17")[:1]
    assert set(bundle) == {"format", "format_version", "seal", "withdrawn"}
    assert verify.problems(bundle) == ()


def test_an_archive_of_a_night_stays_as_it_was() -> None:
    def resting(one: Edition) -> dict[str, Any]:
        return {page.path: page.rests_on for page in bundles.render(one) if page.path.startswith("bundles/")}

    news = dataclasses.replace(stories()[2], id="y-new", slug="news-1", written=NIGHT + timedelta(days=1))
    before, after = edition(), edition(stories=(*stories(), news), now=NIGHT + timedelta(days=1))
    for path, body in made(bundles.render(before)).items():
        if path.startswith("bundles/"):
            assert made(bundles.render(after))[path] == body
            assert resting(after)[path] == resting(before)[path]
    silent = dataclasses.replace(stories()[2], headline=dataclasses.replace(stories()[2].headline, text="x"))
    left = resting(edition(stories=(*stories()[:2], silent, stories()[3])))
    assert [path for path in left if left[path] != resting(before)[path]] == ["bundles/2026-11-20.jsonl.gz"]


def test_an_archive_is_verified_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "2026-11-20.jsonl.gz"
    good = to_bundle(stories()[0])
    bent = json.loads(dumps(good))
    bent["story"]["headline"]["text"] = "Nordnett counts 99 gigawatts in its queue"
    path.write_bytes(gzip.compress("\n".join(map(dumps, (good, bent))).encode()))
    report = verify.verify(path)
    assert report.bundles == 2
    assert {problem.where for problem in report.problems if problem.rule == "seal"} == {f"{path}:2"}
    for broken in (b"\x1f\x8bxx", gzip.compress(b"{"), gzip.compress(b"{}")[:-6]):
        path.write_bytes(broken)
        assert [problem.rule for problem in verify.verify(path).problems][:1] == ["shape"]


def test_the_settings_of_the_tests_hold_three_sources() -> None:
    assert len(SETTINGS["source"]) == told(edition())["catalogue.json"]["counts"]["sources"]
