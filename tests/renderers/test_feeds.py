"""The feeds in both forms: readers take them, ids last, `updated` tells the truth, strangers' words stay words."""

from __future__ import annotations

import dataclasses
import io
import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import feedparser
import jsonschema
import pytest
from site_factory import GRID, NIGHT, edition, settings, stories, topic

from pipeline.amends import Correction, CorrectionKind, Tombstone
from pipeline.domain import Story
from pipeline.edition import Edition, made
from pipeline.publishing.site_check import check
from pipeline.renderers import feeds, html_pages
from pipeline.renderers.feeds import gathered
from pipeline.renderers.feeds.model import MOST
from pipeline.renderers.pages import printable

ATOM = "{http://www.w3.org/2005/Atom}"
FOLDERS = {"", "beats/power-grid", "beats/chips", "beats/forests", "topics/grid-connection-queue", "corrections"}
HOSTILE = (
    "<b>&amp;</b> ]]> \x00\x1b & “q”",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\u202etxet &#x3c; <!-- -->",
    "{{7*7}} {% include 'x' %}",
    "a\ud800b\ufffe",
)
# What the specification asks for (https://www.jsonfeed.org/version/1.1/), as a schema that knows no more.
TEXT, MOMENT = {"type": "string"}, {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        **dict.fromkeys(("title", "home_page_url", "feed_url", "description", "language"), TEXT),
        "authors": {"type": "array", "items": {"type": "object", "required": ["name"], "properties": {"name": TEXT}}},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "content_text"],
                "properties": {
                    **dict.fromkeys(("id", "url", "title", "content_text", "summary", "image", "language"), TEXT),
                    "date_published": MOMENT,
                    "date_modified": MOMENT,
                    "tags": {"type": "array", "items": TEXT},
                    "_citewire": {"type": "object"},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}


def atoms(one: Edition) -> dict[str, Any]:
    """Path -> what a reader of feeds makes of each Atom feed."""
    found = made(feeds.render(one))
    return {path: feedparser.parse(io.BytesIO(body)) for path, body in found.items() if path.endswith(".xml")}


def jsons(one: Edition) -> dict[str, Any]:
    found = made(feeds.render(one))
    return {path: json.loads(body) for path, body in found.items() if path.endswith(".json")}


def absolute() -> Edition:
    return edition(settings=settings(site={"name": "The Harbour Desk", "url": "https://desk.example/news/"}))


def test_everything_that_can_be_followed_has_both_forms() -> None:
    folders = FOLDERS | {f"storylines/{line}" for line in edition().storylines}
    wanted = {f"{folder}/feed".lstrip("/") + end for folder in folders for end in (".xml", ".json")}
    assert set(made(feeds.render(edition()))) == wanted


@pytest.mark.parametrize("one", [edition(), absolute()], ids=["local", "published"])
def test_readers_of_atom_take_every_feed(one: Edition) -> None:
    for path, parsed in atoms(one).items():
        assert not parsed.bozo, path
        assert parsed.version == "atom10"
    site = atoms(one)["feed.xml"]
    assert [entry.title for entry in site.entries] == [
        "Grid operator counts 61 gigawatts in its queue, four in ten from data centres",
        "Cormorant will open its second fab a year later than planned",
        "Wardens count 212 fires, the fewest since 2017",
    ]
    assert all(entry.id.startswith("urn:uuid:") for entry in site.entries)
    assert (site.entries[0].published, site.entries[0].updated) == ("2026-11-19T05:00:00Z", "2026-11-20T05:00:00Z")


def test_atom_holds_what_the_specification_asks_for() -> None:
    """RFC 4287: one id, title and updated each; an author; at most one alternate of a type; content or an alternate."""
    for path, body in made(feeds.render(absolute())).items():
        if path.endswith(".json"):
            continue
        root = ET.fromstring(body)
        assert len(root.findall(f"{ATOM}author")) == 1
        for element in (root, *root.iter(f"{ATOM}entry")):
            for name in ("id", "title", "updated"):
                (text,) = [child.text for child in element.findall(f"{ATOM}{name}")]
                assert text
            links = [(link.get("rel"), link.get("type")) for link in element.findall(f"{ATOM}link")]
            assert len(set(links)) == len(links)
            assert ("alternate", "text/html") in links
            assert all(
                str(link.get("href")).startswith("https://desk.example/news/") for link in root.iter(f"{ATOM}link")
            )
        assert root.find(f"{ATOM}link[@rel='self']").get("href") == f"https://desk.example/news/{path}"  # type: ignore[union-attr]


@pytest.mark.parametrize("one", [edition(), absolute()], ids=["local", "published"])
def test_json_feeds_hold_what_the_specification_asks_for(one: Edition) -> None:
    for feed in jsons(one).values():
        jsonschema.validate(feed, JSON_FEED)
        ids = [item["id"] for item in feed["items"]]
        assert len(set(ids)) == len(ids)


def test_both_forms_say_the_same() -> None:
    one = absolute()
    for path, feed in jsons(one).items():
        other = atoms(one)[path.replace(".json", ".xml")]
        assert [item["id"] for item in feed["items"]] == [entry.id for entry in other.entries]
        assert [item["url"] for item in feed["items"]] == [entry.link for entry in other.entries]
        assert [item["content_text"] for item in feed["items"]] == [entry.content[0].value for entry in other.entries]


def test_every_address_in_a_feed_leads_to_a_page() -> None:
    pages = set(made(html_pages.render(edition()))) | set(made(feeds.render(edition())))
    for path, feed in jsons(edition()).items():
        for address in (feed["home_page_url"], feed["feed_url"], *(item["url"] for item in feed["items"])):
            found = urljoin(f"https://desk.example/{path}", address).removeprefix("https://desk.example/")
            assert found.partition("#")[0] in pages


def test_ids_stay_when_domain_look_and_version_change() -> None:
    first = edition(
        settings=settings(site={"name": "The Harbour Desk", "url": "https://old.example"}), stories=stories()[:1]
    )
    second = edition(settings=settings(site={"name": "The Harbour Desk", "url": "https://new.example/desk/"}))
    ids = [
        {entry.link.rsplit("/", 2)[1]: entry.id for entry in atoms(one)["feed.xml"].entries} for one in (first, second)
    ]
    assert ids[0]["nordnett-queue-3f2a"] == ids[1]["nordnett-queue-3f2a"]
    assert [feed.feed.id for feed in atoms(absolute()).values()] == [feed.feed.id for feed in atoms(edition()).values()]
    # A promise made before this test: addresses of entries that readers hold already.
    assert atoms(edition())["feed.xml"].feed.id == "urn:uuid:" + str(
        gathered.uuid.uuid5(gathered.SPACE, "feed:The Harbour Desk:feed.xml")
    )


def test_updated_does_not_move_with_the_clock() -> None:
    later = edition(now=NIGHT + timedelta(days=9))
    assert made(feeds.render(later)) == made(feeds.render(edition()))
    assert [p.rests_on for p in feeds.render(later)] == [p.rests_on for p in feeds.render(edition())]


def test_a_feed_rests_on_what_it_says_and_on_nothing_else() -> None:
    def resting(one: Edition) -> dict[str, Any]:
        return {page.path: page.rests_on for page in feeds.render(one)}

    old = edition()
    retold = dataclasses.replace(stories()[2], short_title="Another short title")  # which no feed prints
    assert resting(edition(stories=(*stories()[:2], retold, stories()[3]))) == resting(old)
    headline = dataclasses.replace(stories()[2].headline, text="News")
    news = dataclasses.replace(stories()[2], id="y" + "9" * 16, headline=headline)  # no version changes under its id
    now = resting(edition(stories=(*stories()[:2], news, stories()[3])))
    changed = {path.rpartition("/")[0] for path in now if now[path] != resting(old)[path]}
    assert changed == {"", "beats/chips", f"storylines/{stories()[2].storyline_id}"}


def test_a_storyline_is_followed_version_by_version() -> None:
    told = jsons(edition())[f"storylines/{GRID}/feed.json"]["items"]
    assert [item["_citewire"]["version"] for item in told] == [2, 1]
    assert told[0]["content_text"] == "3 records and 2 origins have joined since version 1."
    assert [item["date_published"] for item in told] == ["2026-11-20T05:00:00Z", "2026-11-19T05:00:00Z"]
    alone = edition(stories=stories()[:1])
    assert jsons(alone)[f"storylines/{GRID}/feed.json"]["items"][0]["id"] == told[1]["id"]


def test_an_answer_is_a_new_entry_when_its_words_change_and_only_then() -> None:
    def ids(*answers: Any) -> list[Any]:
        return [jsons(edition(topics=(one,)))["topics/grid-connection-queue/feed.json"]["items"] for one in answers]

    asked_again = topic(asked=NIGHT + timedelta(days=1), since=NIGHT, new_records=())
    shorter = topic(sections=topic().sections[:1])
    first, again, other = ids(topic(), asked_again, shorter)
    assert first == again
    assert first[0]["id"] != other[0]["id"]
    assert ids(topic(sections=(), citations=(), records=()))[0] == []


def test_a_feed_never_grows_without_bound() -> None:
    old = stories()[2]
    many = tuple(
        dataclasses.replace(old, id=f"y{n}", slug=f"story-{n}", written=NIGHT - timedelta(hours=n)) for n in range(80)
    )
    site = jsons(edition(stories=many))["feed.json"]["items"]
    assert len(site) == MOST
    assert [item["url"].split("/")[1] for item in site] == [f"story-{n}" for n in range(MOST)]


def test_withdrawn_and_corrected_stories_reach_readers() -> None:
    story = stories()[2]
    tomb = Tombstone(
        story.id, story.storyline_id, story.slug, 1, story.beat, story.written, "en", "k1",
        NIGHT + timedelta(days=1), "It was a hoax.", "0" * 32, (), (), (), False,
    )  # fmt: skip
    left = tuple(one for one in stories() if one.slug != story.slug)
    for path in ("feed.json", "beats/chips/feed.json", f"storylines/{story.storyline_id}/feed.json"):
        first = jsons(edition(stories=left, tombstones=(tomb,)))[path]["items"][0]
        assert (first["id"], first["title"]) == (gathered.entry_id(story), "Withdrawn")
        assert first["content_text"] == "It was a hoax."
        assert first["date_modified"] == "2026-11-21T05:00:00Z"
    entry = Correction(
        "k1", CorrectionKind.SOURCE_GONE, NIGHT + timedelta(days=2), "record", "r1", "Gone.", (stories()[3].id,)
    )
    marked = jsons(edition(corrections=(entry,)))
    assert marked["feed.json"]["items"][0]["id"] == gathered.entry_id(stories()[3])
    assert marked["feed.json"]["items"][0]["date_modified"] == "2026-11-22T05:00:00Z"
    assert marked["corrections/feed.json"]["items"][0]["url"] == "index.html#k1".replace(
        "index", "../corrections/index"
    )


def bent(story: Story, text: str) -> Story:
    """A story with `text` wherever a stranger's words can stand."""
    section = dataclasses.replace(story.sections[0], role="takeaways", heading=text)
    said = dataclasses.replace(story.headline, text=text)
    section = dataclasses.replace(section, paragraphs=((said,),))
    return dataclasses.replace(
        story, headline=said, dek=said, short_title=text, beat=text, beats=(text,), sections=(section,)
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_strangers_come_back_as_they_were(text: str) -> None:
    one = edition(stories=(bent(stories()[2], text),), topics=(topic(query=text, title=text),))
    shown = printable(text)
    for feed in atoms(one).values():
        assert not feed.bozo
    entry = atoms(one)["feed.xml"].entries[0]
    assert entry.title_detail.type == entry.content[0].type == "text/plain"
    assert entry.title == entry.content[0].value == entry.summary == shown.strip()
    item = jsons(one)["feed.json"]["items"][0]
    assert item["title"] == item["content_text"] == item["summary"] == shown
    assert item["tags"] == [shown]
    assert not [
        problem
        for problem in check(made(feeds.render(one)), "The Harbour Desk", lambda: [text])
        if "leads nowhere" not in problem
    ]


def test_times_are_told_in_utc_to_the_second() -> None:
    for feed in jsons(edition()).values():
        for item in feed["items"]:
            assert datetime.fromisoformat(item["date_modified"]).utcoffset() == timedelta(0)
