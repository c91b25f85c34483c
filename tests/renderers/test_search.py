"""The search of the site: an index that any browser reads alike, made anew only where stories changed."""

import dataclasses
import json
import re
import shutil
import subprocess
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_factory import NIGHT, edition, featured, settings, stories

from pipeline import resources
from pipeline.edition import made
from pipeline.renderers import search_view
from pipeline.renderers.places import Places
from pipeline.renderers.search_index import Document, Segment, call, shard_of, terms


def documents(*texts):
    return [Document(f"a/{n}.html", text, "", "", "Story", "en", ((8, text),)) for n, text in enumerate(texts)]


def value(body):
    return json.loads(re.fullmatch(r'citewire\.take\("[a-z0-9-]+",(.*)\);\n', body.decode("ascii"))[1])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tariffs on companies' turbines", ["tariff", "on", "company", "turbine"]),
        ("Zürich São ÉCOLE", ["zurich", "sao", "ecole"]),
        ("bus glass shoes skies", ["bus", "glass", "shoe", "sky"]),
        ("AI's 15.5 GW a", ["ai", "15", "5", "gw"]),
        ("東京電力 3月", ["東京", "京電", "電力", "3月"]),
        ("<script>alert(1)</script>", ["script", "alert", "1", "script"]),
    ],
)
def test_words_are_folded(text, expected):
    assert list(terms(text)) == expected


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node to run the page's own folding")
def test_the_script_folds_words_as_the_index_does():
    source = resources.text("templates", "search.js")
    start, end = source.index("  const singular"), source.index("  /* One word in one segment")
    unspaced = re.search(r"UNSPACED = (/.*?/)[,;]", source)[1]
    words = (
        "Tariffs companies École Zürich 東京電力 glass movies eyes shoes Überflüge ﬁnance naïveté ３月 العربية".split()
    )
    program = f"const UNSPACED = {unspaced};\n{source[start:end]}\nconst all = {json.dumps(words)};\n"
    program += "console.log(JSON.stringify(all.map((w) => [terms(w), terms(w).map((t) => shard(t, 16))])));"
    said = json.loads(subprocess.run(["node", "-e", program], capture_output=True, check=True, text=True).stdout)
    for word, (found, shards) in zip(words, said, strict=True):
        assert found == list(dict.fromkeys(terms(word))), word
        assert shards == [shard_of(term, 16) for term in found], word


def test_a_word_is_in_the_shard_that_its_first_letters_choose():
    segment = Segment("s", documents(*(f"word{n} turbine{n} grid" for n in range(40))))
    assert segment.shards > 1
    found = {}
    for name in segment.names():
        if "-w" in name:
            for word, postings in value(segment.file(name)).items():
                assert shard_of(word, segment.shards) == int(name.rpartition("w")[2])
                found[word] = postings
    assert len(found["grid"].split()) == 40
    assert found["turbine7"].split(":")[0] == "7"


def test_a_headline_weighs_more_than_a_body_and_a_short_text_more_than_a_long_one():
    head = Document("a.html", "x", "", "", "Story", "en", ((8, "turbine"), (1, "grid " * 50)))
    body = Document("b.html", "x", "", "", "Story", "en", ((8, "harbour"), (1, "turbine " + "grid " * 50)))
    long = Document("c.html", "x", "", "", "Story", "en", ((1, "turbine " + "grid " * 500),))
    weights = dict(pair.split(":") for pair in Segment("s", [head, body, long]).postings()["turbine"])
    assert int(weights["0"]) > int(weights["1"]) > int(weights["2"]) > 0


@given(st.text())
def test_whatever_is_written_stays_data(text):
    body = call("a-w0", [text, {text: text}])
    assert value(body) == [text, {text: text}]
    assert b"<" not in body
    assert body.count(b"\n") == 1


def test_the_same_stories_make_the_same_bytes_and_others_only_their_month():
    old = stories()[3]
    earlier = dataclasses.replace(old, written=NIGHT - timedelta(days=40))
    one = edition(stories=(*stories()[:3], earlier))
    again = edition(stories=(*stories()[:2], dataclasses.replace(stories()[2], short_title="Another"), earlier))
    first, second = ({p.path: p.rests_on for p in search_view.files(e, Places.of(e))} for e in (one, again))
    changed = {path for path in first if first[path] != second[path]}
    assert changed
    assert all(path.startswith("search/2026-11-") for path in changed)
    assert any(path.startswith("search/2026-10-") and first[path] for path in first)
    assert made(search_view.files(one, Places.of(one))) == made(search_view.files(one, Places.of(one)))


def test_stories_storylines_names_beats_and_pages_are_found():
    live = edition(settings=settings(publish={"entity_stories": 1, "entity_origins": 1}), featured=featured())
    found = {d.kind: d for one in search_view.segments(live, Places.of(live)) for d in one.documents}
    assert set(found) == {"Story", "Storyline", "Name", "Beat", "Standing question", "The desk"}
    told = [d.href for one in search_view.segments(live, Places.of(live)) for d in one.documents]
    assert len(told) == len(set(told))
    assert "stories/nordnett-queue-3f2a/index.html" in told
    assert not [href for href in told if "/v1/" in href]
