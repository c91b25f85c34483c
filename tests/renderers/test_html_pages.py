"""Pages of the site: complete, linked, closed to everything hostile, and the same every time."""

import dataclasses
import os
import random
import re
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from site_factory import GRID, NIGHT, edition, sentence, settings, stories, story

from pipeline.amends import Answered
from pipeline.domain import Section
from pipeline.edition import made
from pipeline.errors import ValidationFailed
from pipeline.publishing.gathering import strange
from pipeline.publishing.site_check import check
from pipeline.renderers import feeds, html_pages, load, markdown
from pipeline.renderers.pages import fill, printable

STORY = "stories/nordnett-queue-3f2a/index.html"
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style></textarea><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}{{ config }}",
    "<!-- --><![CDATA[x]]>&lt;b&gt;&amp;",
    "\u202egnp.exe\u202c\u200b\x00\x08\x1b[31m",
    "a\ud800b\ufffe",
    "`${x}` \\u003cscript\\u003e",
)


def site(one):
    """All pages of an edition but its bundles, which stand in empty so that links resolve."""
    pages = {**made(html_pages.render(one)), **made(markdown.render(one)), **made(feeds.render(one))}
    stubs = {path.replace("story.md", "story.json"): b"{}" for path in pages if path.endswith("story.md")}
    return pages | stubs | {"schema/story.json": b"{}", "catalogue.json": b"{}", "sources.opml": b"<opml/>"}


def spoilt(value, text):
    """`value` with `text` put into every field that is plain text from outside."""
    fields = {
        "title", "publisher", "author", "url", "headline", "short_title", "label", "heading", "text", "before", "after",
        "summary", "held", "what", "a_value", "b_value", "detail", "rule", "reason", "owner", "beat", "platform",
        "writer", "query", "problem", "lang", "error",
    }  # fmt: skip
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changed = {}
        for field in (one for one in dataclasses.fields(value) if one.init):
            old = getattr(value, field.name)
            if isinstance(old, str) and field.name in fields and not hasattr(old, "value"):
                changed[field.name] = text
            elif field.name not in ("settings", "evidence"):
                changed[field.name] = spoilt(old, text)
        return dataclasses.replace(value, **changed)
    if isinstance(value, tuple):
        return tuple(spoilt(one, text) for one in value)
    if isinstance(value, dict):
        return {key: spoilt(one, text) for key, one in value.items()}
    return value


def test_the_site_is_whole():
    assert check(site(edition()), "The Harbour Desk") == ()


def test_every_part_of_a_story_is_on_its_page():
    page = made(html_pages.render(edition()))[STORY].decode()
    for part in (
        "<title>61 gigawatts wait for the grid // The Harbour Desk</title>",
        "4 records · 4 origins · 2 platforms · 19 November 2026", "Key points", "Who waits",
        "What changed since version 1",
        "Where sources disagree", "What is not known", "The story so far", "Questions", "Sources", "Methodology",
        "Ingest", "Analyze", "Signal", "Write", "2 drafted sentences were left out", "the span says counts, not drop",
        "text kept back", 'href="story.json"', "write_story", "archived copy", 'lang="no"', "Origin A",
    ):  # fmt: skip
        assert part in page, part


def test_a_story_says_what_models_answered_and_what_that_took():
    kept = Answered("write_story", "v", "openai:gpt-x", "k", "h", "{}", 4321, 987, 0.0123, ("ollama:<b>",))
    told = edition(stories=tuple(dataclasses.replace(one, answers=(kept,)) for one in stories()))
    said = "openai:gpt-x, 4,321 tokens in, 987 out, 0.0123 USD, after ollama:&lt;b&gt; gave none"
    assert said in made(html_pages.render(told))[STORY].decode()
    assert "4,321 tokens in" in made(markdown.render(told))[STORY.replace("index.html", "story.md")].decode()
    assert "Answers of models" not in made(html_pages.render(edition()))[STORY].decode()


def test_a_badge_names_only_a_platform_that_is_cited():
    page = made(html_pages.render(edition()))["stories/cormorant-lindholm-77aa/index.html"].decode()
    assert '<span class="badge">News</span>' in page
    assert "Link board" not in page


def test_citations_lead_to_their_source_and_back():
    tree = ET.fromstring(made(html_pages.render(edition()))[STORY])
    ids = {element.get("id") for element in tree.iter() if element.get("id")}
    rows = [element for element in tree.iter("li") if (element.get("id") or "").startswith("source-")]
    assert sorted(int(row.get("value")) for row in rows) == list(range(1, 12))
    assert all(row.get("id") == f"source-{row.get('value')}" for row in rows)
    for row in rows:
        number = row.get("id").removeprefix("source-")
        backs = [a.get("href")[1:] for a in row.iter("a") if (a.get("href") or "").startswith("#s")]
        assert backs
        assert set(backs) <= ids
        for back in backs:
            (spot,) = [one for one in tree.iter("span") if one.get("id") == back]
            assert number in [mark.text for mark in spot.iter("b")]


def test_an_older_version_stands_at_its_own_address_with_a_notice():
    pages = made(html_pages.render(edition()))
    old = pages["stories/nordnett-queue-3f2a/v1/index.html"].decode()
    assert "This is version 1" in old
    assert 'href="../../../stories/nordnett-queue-3f2a/index.html"' in old
    assert "This is version" not in pages[STORY].decode()
    assert 'href="../stories/nordnett-queue-3f2a/v1/index.html"' in pages["archive/index.html"].decode()


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_leaves_its_place(text):
    bad = spoilt(edition(settings=settings(site={"name": "Desk"})), text)
    pages = site(bad)
    assert check(pages, "Desk", lambda: strange(bad)) == ()
    for path, body in pages.items():
        if path.endswith(".html"):
            tree = ET.fromstring(body)
            scripts = [one.attrib for one in tree.iter("script") if one.attrib != {"type": "application/ld+json"}]
            assert scripts == ([{"src": "search.js", "defer": "defer"}] if path == "search/index.html" else [])
            assert not [element for element in tree.iter() if element.tag in ("img", "textarea")]
            assert not [name for element in tree.iter() for name in element.attrib if name.startswith("on")]
            hrefs = [element.get("href", "") for element in tree.iter("a")]
            assert not [href for href in hrefs if not re.fullmatch(r"(https://[\w.-]+/\S*)|[a-z0-9./#-]+", href)]
    page = "".join(ET.fromstring(pages[STORY]).itertext())
    assert printable(text) in page


def test_a_sample_record_marks_every_page():
    old = edition()
    first = old.stories[0]
    records = tuple(dataclasses.replace(record, sample=True) for record in first.records)
    sampled = edition(stories=(dataclasses.replace(first, records=records), *old.stories[1:]))
    notice = "rests on sample records"
    assert all(notice in b.decode() for p, b in made(html_pages.render(sampled)).items() if p.endswith(".html"))
    assert not any(notice in b.decode() for p, b in made(html_pages.render(old)).items() if p.endswith(".html"))


def test_an_unsafe_address_is_shown_and_not_linked():
    old = stories()[2]
    records = (dataclasses.replace(old.records[0], url="javascript://harbour.example/%0aalert(1)"),)
    page = made(html_pages.render(edition(stories=(dataclasses.replace(old, records=records),))))
    body = page["stories/cormorant-lindholm-77aa/index.html"].decode()
    assert '<span class="unsafe">javascript://harbour.example/%0aalert(1)</span>' in body
    assert 'href="javascript' not in body


def test_look_alike_hosts_are_shown_in_punycode():
    old = stories()[2]
    records = (dataclasses.replace(old.records[0], url="https://аррle.example/x"),)
    page = made(html_pages.render(edition(stories=(dataclasses.replace(old, records=records),))))
    body = page["stories/cormorant-lindholm-77aa/index.html"].decode()
    assert re.search(r'href="https://xn--[a-z0-9-]+\.example/x"[^>]*>xn--[a-z0-9-]+\.example<', body)
    assert "аррle" not in body


def test_pages_carry_the_policy_and_nothing_remote():
    for path, body in made(html_pages.render(edition())).items():
        if path.endswith(".html"):
            text = body.decode()
            assert "default-src &#39;none&#39;; style-src &#39;self&#39;" in text
            searches = path == "search/index.html"
            assert ("script-src &#39;self&#39;" in text) == searches
            assert text.count("src=") == int(searches)  # the script of the search, of this site
            assert "style=" not in text


def test_error_texts_of_sources_stay_off_the_site():
    page = made(html_pages.render(edition()))["sources/index.html"].decode()
    assert "did not answer" in page or "has never answered" in page
    assert "/secret/path" not in page


def test_the_methodology_follows_the_settings():
    live = settings(signals={"velocity_ratio": 3.25}, models={"write": ["openai:gpt-x"], "judge": ["ollama:j"]})
    page = made(html_pages.render(edition(settings=live)))["methodology/index.html"].decode()
    assert "3.25" in page
    assert "openai:gpt-x" in page
    assert "ollama:j</code> with the words it cites" in page
    assert "key_env" not in page


def test_an_empty_desk_has_a_site():
    empty = edition(
        stories=(), storylines={}, records={}, claims={}, findings={}, memberships={}, signals=(), topics=()
    )
    pages = site(empty)
    assert check(pages, "The Harbour Desk") == ()
    assert "No story has been written yet" in pages["index.html"].decode()


def test_a_monster_story_is_laid_out():
    long = "Wort " * 120
    body = tuple((sentence(f"{long}{n}.", "fab"),) for n in range(500))
    monster = story(
        ["fab"], "monster", GRID, sentence(long, "fab"), short_title="", sections=(Section("body", long, body),)
    )
    pages = site(edition(stories=(dataclasses.replace(monster, short_title="x" * 500),)))
    assert check(pages, "The Harbour Desk") == ()


def test_nothing_depends_on_the_order_of_the_inputs():
    first = site(edition())
    shuffled = edition()
    lists = list(shuffled.stories)
    random.Random(7).shuffle(lists)
    again = edition(
        stories=tuple(lists),
        storylines=dict(reversed(shuffled.storylines.items())),
        records=dict(reversed(shuffled.records.items())),
        claims=dict(reversed(shuffled.claims.items())),
        signals=tuple(reversed(shuffled.signals)),
    )
    assert site(again) == first


def test_bytes_do_not_depend_on_place_zone_locale_or_hash_seed(tmp_path):
    code = (
        "import sys, hashlib; sys.path[:0] = sys.argv[1:3]\n"
        "import site_factory\nfrom pipeline.edition import made\nfrom pipeline.renderers import load\n"
        "one = site_factory.edition(); pages = made(page for render in load() for page in render(one))\n"
        "print(hashlib.sha256(repr(sorted(pages.items())).encode()).hexdigest())"
    )
    root = Path(__file__).parents[2]
    answers = set()
    for seed, zone, locale in (("1", "Asia/Tokyo", "C"), ("2", "America/Caracas", "de_DE.UTF-8")):
        env = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
        place = tmp_path / seed
        place.mkdir()
        done = subprocess.run(
            [sys.executable, "-c", code, str(root), str(root / "tests")],
            env=env,
            cwd=place,
            capture_output=True,
            check=True,
        )
        answers.add(done.stdout)
    assert len(answers) == 1


def test_the_charts_of_a_version_stand_still_when_later_records_join():
    old = edition()
    later = dataclasses.replace(next(iter(old.memberships[GRID])), since=NIGHT + timedelta(days=1), record_id="later")
    joined = edition(memberships={**old.memberships, GRID: (*old.memberships[GRID], later)})
    assert made(html_pages.render(joined))[STORY] == made(html_pages.render(old))[STORY]


def test_an_address_that_cannot_be_holds_the_site():
    bad = dataclasses.replace(stories()[0], slug="../escape")
    with pytest.raises(ValidationFailed, match="cannot be an address"):
        made(html_pages.render(edition(stories=(bad,))))


def test_two_stories_cannot_share_an_address():
    one = stories()[2]
    with pytest.raises(ValidationFailed, match="claimed by different stories"):
        made(html_pages.render(edition(stories=(one, dataclasses.replace(one, id="other")))))


def test_a_template_that_misses_a_name_holds_the_site():
    with pytest.raises(ValidationFailed, match=r"archive\.html"):
        fill("archive.html", {})


def test_templates_hold_no_way_around_escaping():
    for path in sorted((Path(__file__).parents[2] / "templates").glob("*.html")):
        text = path.read_text(encoding="utf-8")
        for hole in ("|safe", "| safe", "autoescape false", "xmlattr", "<script", "style=", "http://", "https://"):
            known = text.replace('<script src="search.js"', "").replace('<script type="application/ld+json"', "")
            assert hole not in known, f"{path.name}: {hole}"


def test_the_table_of_renderers_is_lazy_and_closed():
    assert [one.__module__ for one in load(["html", "markdown", "feeds"])] == [
        "pipeline.renderers.html_pages", "pipeline.renderers.markdown", "pipeline.renderers.feeds",
    ]  # fmt: skip
    with pytest.raises(Exception, match="no renderer is called"):
        load(["pdf"])


@pytest.mark.parametrize(
    "path", ["index.html", STORY, "beats/power-grid/index.html", f"storylines/{GRID}/index.html", "archive/index.html"]
)
def test_golden_pages(path, golden):
    golden(f"site/{path.replace('/', '-')}", made(html_pages.render(edition()))[path].decode())


def test_a_dispute_is_told_once_with_the_words_of_both_sides():
    page = made(html_pages.render(edition()))[f"storylines/{GRID}/index.html"].decode()
    assert page.count("They give different numbers") == 1
    assert "<b>61</b> against <b>58</b>" in page
    assert "counts 61 gigawatts of requests" in page
    assert "58 gigawatts are firm" in page
    assert "What one source alone tells" in page


def test_a_storyline_page_quotes_no_more_of_a_record_than_it_may():
    old = edition()
    many = tuple(
        dataclasses.replace(old.findings[GRID][1], id=f"f{n}", claim_ids=(claim.id,))
        for n, claim in enumerate(old.claims.values())
    )
    tree = ET.fromstring(made(html_pages.render(edition(findings={GRID: many})))[f"storylines/{GRID}/index.html"])
    quoted = Counter()
    for block in tree.iter("blockquote"):
        quote, cite = block.find("q").text, "".join(block.find("cite").itertext()).split(",")[0]
        quoted[cite] += len(quote.split())
    assert quoted["Harbour Wire"] > 30
    assert max(quoted.values()) <= 2 * 60  # Harbour Wire has two records


def test_the_methodology_lists_forms_statuses_and_how_alike_stories_read():
    page = made(html_pages.render(edition()))["methodology/index.html"].decode()
    for words in (
        "Dispatch",
        "in at most 80 words",
        "breaking",
        "first record more than 7 days",
        'id="wording"',
        "openings",
    ):
        assert words in page
