"""The sample as a web: what each outlet answers on each night."""

import json
import re
from urllib.parse import urlsplit

import pytest

from pipeline import addresses
from pipeline.demo.articles import NIGHTS, load
from pipeline.demo.server import answer
from pipeline.sources.feed import Payload, parse

SAMPLE = load()
ALIVE = sorted(key for key, outlet in SAMPLE.outlets.items() if outlet.feed != "dead")
FIRST, SECOND, THIRD = NIGHTS


def get(outlet, target, now):
    status, kind, body = answer(SAMPLE, SAMPLE.outlets[outlet].host, target, now)
    return status, kind, body.decode()


def board(target, now):
    status, _, body = answer(SAMPLE, SAMPLE.board_host, target, now)
    assert status == 200
    return json.loads(body)


@pytest.mark.parametrize("outlet", ALIVE)
def test_feeds_parse_and_grow(outlet):
    sizes = []
    for now in NIGHTS:
        _, kind, text = get(outlet, urlsplit(SAMPLE.outlets[outlet].address).path, now)
        parsed = parse(Payload(text.encode(), SAMPLE.outlets[outlet].address, kind))
        assert not parsed.broken
        assert all(entry.published <= now for entry in parsed.entries)
        sizes.append(len(parsed.entries))
    assert sizes == sorted(sizes)
    assert sizes[-1] > 0


@pytest.mark.parametrize("outlet", ALIVE)
def test_every_item_has_its_page(outlet):
    for article in SAMPLE.shown(outlet, THIRD):
        status, kind, text = get(outlet, article.path, THIRD)
        assert status == 200
        assert kind.startswith("text/html")
        assert "cookie" in text


def test_only_reserved_hosts_are_named():
    """No invented outlet may fall together with a real one."""
    reserved = re.compile(r"\.(example|test|invalid)$")
    assert all(reserved.search(host) for host in SAMPLE.hosts())
    texts = [part for article in SAMPLE.articles for part in article.body] + [str(item) for item in SAMPLE.board]
    for url in re.findall(r"https?://[^\s'\"<>)}]+", " ".join(texts)):
        assert reserved.search(addresses.host(url) or ""), url


def test_the_sample_is_as_large_as_it_says():
    during = [a for a in SAMPLE.articles if a.visible.date() >= FIRST.date()]
    assert 40 <= len(during) <= 60
    assert 50 <= len(SAMPLE.articles) - len(during) <= 70
    assert all(60 <= len(" ".join(a.body).split()) <= 260 for a in during if not a.raw)


def test_a_page_does_not_exist_before_its_time():
    late = next(a for a in SAMPLE.shown("harbour-wire", SECOND) if a.published > FIRST)
    assert get("harbour-wire", late.path, FIRST)[0] == 404
    assert get("harbour-wire", late.path, SECOND)[0] == 200


def test_a_corrected_page_replaces_the_old_one():
    path = "/2026/03/04/lumenary-cancels-order"
    before, after = (get("silicon-courier", path, now)[2] for now in (SECOND, THIRD))
    assert "Lumenary has cancelled an order" in before
    assert "Correction, 5 March 2026" in after
    assert "Lumenary has cancelled an order" not in after


def test_copies_say_the_same():
    bodies = {a.body for a in SAMPLE.articles if "brackwater" in a.slug and a.visible.date() == FIRST.date()}
    shown = [a for a in SAMPLE.articles if a.body in bodies and a.slug != "brackwater-residents"]
    assert len({a.outlet for a in shown if a.body == shown[0].body}) == 3


def test_the_dead_source_is_dead():
    assert get("dead-letter", "/feed.xml", FIRST)[0] == 500


def test_unknown_hosts_and_paths_are_not_found():
    assert answer(SAMPLE, "elsewhere.example", "/", FIRST)[0] == 404
    assert get("harbour-wire", "/../../etc/passwd", FIRST)[0] == 404


def test_the_board_speaks_firebase():
    ids = board("/v0/topstories.json", THIRD)
    assert len(ids) == len(set(ids)) > len(board("/v0/topstories.json", FIRST))
    story = board(f"/v0/item/{ids[0]}.json", THIRD)
    assert isinstance(story["time"], int)
    assert all(board(f"/v0/item/{kid}.json", THIRD)["parent"] == story["id"] for kid in story["kids"])
    assert board("/v0/item/7150.json", FIRST) is None
    assert board("/v0/maxitem.json", FIRST) < board("/v0/maxitem.json", THIRD)


def test_the_board_speaks_algolia():
    found = board("/api/v1/search_by_date?query=Aster+4&tags=story&hitsPerPage=1", THIRD)
    assert (found["nbHits"], found["nbPages"], len(found["hits"])) == (2, 2, 1)
    hit = found["hits"][0]
    assert {"objectID", "created_at_i", "title", "url", "author", "points", "story_text", "_tags"} <= set(hit)
    since = int(SECOND.timestamp())
    recent = board(f"/api/v1/search_by_date?query=&tags=(story,comment)&numericFilters=created_at_i>{since}", THIRD)
    assert {h["objectID"] for h in recent["hits"]} == {"7140", "7150"}
