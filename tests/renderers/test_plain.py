"""Pages as Markdown and as text: all that a reader sees, nothing that strangers could make of it."""

from __future__ import annotations

import dataclasses
import html
import textwrap
from posixpath import dirname, join, normpath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from site_factory import edition, stories, topic

from pipeline.edition import Page, made
from pipeline.renderers import html_pages
from pipeline.renderers.pages import printable
from pipeline.renderers.plain import with_plain
from pipeline.renderers.plain.forms import MARKDOWN, TEXT, WIDTH, beside, goal
from pipeline.renderers.plain.walking import told

STORY = "stories/nordnett-queue-3f2a/index.html"
TRICKS = (
    "[x](javascript:alert(1))", "![x](https://a.example/p.png?q=secret)", "<https://a.example>", "https://a.example/x",
    "www.a.example", "<b>bold</b>", "[a]: https://a.example", "[a][a]", "*a* _b_ **c** ~~d~~", "# head", "1. one",
    "2) two", "- item", "+ item", "> quote", "```\ncode\n```", "`code`", "a | b\n--|--\n1 | 2", "---", "===",
    "[^1]: note", "&copy; &#60;b>", "\\[x]\\(y)", "a@b.example", "mailto:a@b.example", "$x^2$", "    code", ":---",
    "| a |", "[ ] task", "{#id .class}", "!", "(https://a.example)", ": x", "</script>", "]]>",
)  # fmt: skip
# Wherever a page can print what a stranger wrote: blocks and the middle of lines, beside every kind of markup.
SPOTS = (
    "<h1>{}</h1>", "<p>{}</p>", "<p>x {} y</p>", "<p><b>{}</b>{}</p>", "<p>{}<a href=\"a/index.html\">{}</a>{}</p>",
    "<p>x<button class=\"cite\"><b>1</b></button>{}</p>", "<p>{}<sup><a href=\"#s\">2</a></sup>{}</p>",
    "<ul><li>{}</li></ul>",
    "<ol><li><p>{}</p><blockquote>{}</blockquote></li></ol>", "<dl><dt>{}</dt><dd>{}</dd></dl>",
    "<table><caption>{}</caption><tr><th>{}</th><td>{}</td></tr></table>", "<blockquote>{}</blockquote>",
    "<details><summary>{}</summary>{}</details>", "<p><q>{}</q> <s>{}</s> <del>{}</del><ins>{}</ins></p>",
)  # fmt: skip


def page(main: str, footer: str = "") -> bytes:
    return f"<html><body><main>{main}</main><footer>{footer}</footer></body></html>".encode()


def read(text: str) -> tuple[set[str], list[str]]:
    """Kinds of tokens and addresses of links that readers of Markdown see in it, in three dialects."""
    kinds: set[str] = set()
    links: list[str] = []
    for reader in (
        MarkdownIt("commonmark"),
        MarkdownIt("gfm-like"),
        MarkdownIt("js-default", {"linkify": True, "html": True}).enable(["table", "strikethrough", "linkify"]),
    ):
        for token in reader.parse(text):
            for one in (token, *(token.children or ())):
                kinds.add(one.type)
                links += [str(one.attrs["href"])] if one.type == "link_open" else []
    return kinds, links


FORBIDDEN = {"html_inline", "html_block", "image", "code_inline", "fence", "code_block", "hr", "footnote_ref"}


def judge(spot: str, text: str) -> None:
    shown = told(page(spot.replace("{}", html.escape(printable(text)))), "x/index.html", MARKDOWN).decode()
    body = shown.rpartition("\n---")[0]
    kinds, links = read(body)
    assert not kinds & FORBIDDEN, body
    assert set(links) <= {"a/index.md"}, body
    lists = spot.startswith(("<ul", "<ol", "<dl"))
    assert ("list_item_open" in kinds) <= lists, body
    assert ("heading_open" in kinds) <= spot.startswith("<h1"), body
    assert ("blockquote_open" in kinds) <= ("blockquote" in spot), body
    assert ("table_open" in kinds) <= spot.startswith("<table"), body


@pytest.mark.parametrize("text", TRICKS)
def test_no_text_from_outside_is_markdown_in_any_place(text: str) -> None:
    for spot in SPOTS:
        judge(spot, text)


@given(
    st.sampled_from(SPOTS),
    st.text(alphabet=st.sampled_from("[]()<>!*_`~#-+=|\\:/.@&;^$ \n1ahtpsw\x01\x07"), max_size=30),
)
def test_no_mix_of_marks_is_markdown(spot: str, text: str) -> None:
    judge(spot, text)


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=60))
def test_words_survive_both_forms(text: str) -> None:
    clean = " ".join(printable(text).split())
    body = page(f"<p>{html.escape(printable(text))}</p>")
    plain = told(body, "x/index.html", TEXT).decode().split("\n\n---")[0]
    assert " ".join(plain.split()).removesuffix("-" * WIDTH).strip() == clean
    marked = told(body, "x/index.html", MARKDOWN).decode().rpartition("---")[0].strip()
    children = MarkdownIt("commonmark").parseInline(marked)[0].children or []
    assert " ".join("".join(token.content for token in children).split()) == clean


def full(**more: Any) -> dict[str, bytes]:
    return made(html_pages.render(edition(**more)))


def test_every_page_has_both_forms() -> None:
    pages = full()
    shown = [path for path in pages if path.endswith(".html")]
    assert STORY in shown
    for path in shown:
        assert beside(path, TEXT) in pages
        own = (
            path.startswith(("stories/", "topics/")) and "history" not in path
        )  # of these pipeline/renderers/markdown.py writes the Markdown
        assert (beside(path, MARKDOWN) in pages) != own
    assert beside(STORY, MARKDOWN) == "stories/nordnett-queue-3f2a/story.md"
    assert beside("stories/index.html", MARKDOWN) == "stories/index.md"
    assert beside("stories/a-1/history/index.html", MARKDOWN) == "stories/a-1/history/index.md"
    assert beside("topics/a/index.html", MARKDOWN) == "topics/a/topic.md"


def test_links_in_markdown_lead_from_plain_page_to_plain_page() -> None:
    pages = full()
    there = set(pages) | {beside(path, MARKDOWN) for path in pages if path.endswith(".html")}
    there |= {path.replace("index.html", "feed.xml") for path in pages} | {"schema/story.json"}
    there |= {path.replace("index.html", "feed.json") for path in pages} | {"catalogue.json", "sources.opml"}
    there |= {path.replace("index.html", "story.json") for path in pages}
    for path, body in pages.items():
        if path.endswith(".md"):
            for link in read(body.decode())[1]:
                if not link.startswith("https://"):
                    assert normpath(join(dirname(path), link)) in there, (path, link)
                    assert not link.endswith(".html")


def test_a_story_in_text_says_what_its_page_says() -> None:
    text = full()[STORY.replace(".html", ".txt")].decode()
    flat = " ".join(text.split())
    one = stories()[1]
    for sentence in (one.headline, *(s for part in one.sections for p in part.paragraphs for s in p)):
        assert sentence.text in flat
    assert flat.count("A third of the places are held by firms that have not bought land, The Fjord Ledger") == 2
    assert "four in ten from data centres[1][2]" in flat
    assert "harbour-wire.example <https://harbour-wire.example/queue>" in flat
    assert "Written by software from the records it cites." in flat
    lines = [line for line in text.splitlines() if "https://" not in line]
    assert max(map(len, lines)) <= WIDTH + 10  # within lists


def test_a_sample_is_called_one_in_every_form() -> None:
    sample = tuple(dataclasses.replace(one, sample=True) for one in stories())
    for path, body in full(stories=sample).items():
        if path.endswith((".txt", ".md")) and path != "robots.txt":
            assert "Sample edition." in body.decode(), path


def test_hostile_words_in_every_field_of_a_story_make_no_links_and_no_html() -> None:
    for trick in TRICKS[::5]:
        old = stories()[2]
        records = tuple(dataclasses.replace(r, title=trick, publisher=trick, author=trick) for r in old.records)
        section = dataclasses.replace(old.sections[0], heading=trick)
        bad = dataclasses.replace(
            old, records=records, short_title=trick, beat=trick, beats=(trick,), sections=(section,)
        )
        asked = topic(query=trick, title=trick)
        for path, body in full(stories=(bad,), topics=(asked,)).items():
            if path.endswith(".md"):
                kinds, links = read(body.decode())
                assert not kinds & (FORBIDDEN - {"hr"}), (path, trick)
                assert not [link for link in links if "a.example" in link or link.startswith("javascript")]


@pytest.mark.parametrize(
    ("href", "leads"),
    [
        ("../../index.html", "../../index.md"),
        ("../b-1/index.html#x", "../b-1/story.md"),
        ("story.json", "story.json"),
        ("#sources", ""),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("ftp://x.example/", ""),
        ("../../../outside.html", ""),
        ("https://x.example/a b>c", "https://x.example/a%20b%3Ec"),
    ],
)
def test_where_links_lead(href: str, leads: str) -> None:
    if href.startswith("javascript"):  # no page holds one (site_check); here it would be a file of that name
        assert not goal("stories/a-1/index.html", href, MARKDOWN).startswith("/")
        return
    assert goal("stories/a-1/index.html", href, MARKDOWN) == leads


def test_a_page_is_made_once_for_all_its_forms_and_only_when_asked() -> None:
    asked: list[str] = []

    def one(path: str) -> Page:
        def make() -> bytes:
            asked.append(path)
            return page(f"<h1>{path}</h1>")

        return Page(path, make, f"digest of {path}")

    found = list(with_plain([one("a/index.html"), one("b/index.html"), Page("c.css", lambda: b"c")]))
    assert asked == []
    assert [each.path for each in found] == [
        "a/index.html", "a/index.md", "a/index.txt", "b/index.html", "b/index.md", "b/index.txt", "c.css",
    ]  # fmt: skip
    assert len({each.rests_on for each in found[:3]}) == 1  # all three rest on the same
    assert found[1].rests_on == found[2].rests_on
    for each in found:
        each.make()
    assert asked == ["a/index.html", "b/index.html"]


def test_the_forms_of_pictures_tables_lists_and_changes() -> None:
    body = page(
        "<figure><svg><title>drawn</title></svg><figcaption>A chart.</figcaption></figure>"
        "<table><caption>Days</caption><tr><th>day</th><th>n</th></tr><tr><td>1</td><td>22</td></tr></table>"
        '<ol reversed="reversed"><li value="2">two</li><li>one</li></ol><p>was <del>ten</del><ins>twelve</ins></p>'
        '<div popover="auto">opened</div><aside class="notes">noted</aside>',
        "<p>About.</p><ul><li><a href='x'>Link</a></li><li>Tell us: desk at x.example</li></ul>",
    )
    markdown, text = (told(body, "index.html", form).decode() for form in (MARKDOWN, TEXT))
    assert "| day | n |\n|---|---|\n| 1 | 22 |" in markdown
    assert "2. two\n1. one" in markdown
    assert "was ~~ten~~**twelve**" in markdown
    assert "day | n\n1   | 22" in text
    assert "was [-ten-]{+twelve+}" in text
    for form in (markdown, text):
        assert "A chart." in form
        assert form.rstrip().endswith("About.\n\nTell us: desk at x.example")
        assert not any(word in form for word in ("drawn", "opened", "noted", "Link"))


@given(st.lists(st.text("abcé.-–,/", min_size=1, max_size=100), max_size=30))
def test_lines_are_those_of_textwrap(words):
    line = " ".join(words)
    assert TEXT.paragraph(line) == textwrap.wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False)


def test_labels_that_a_page_sets_apart_by_colour_are_parted_by_a_dot() -> None:
    row = '<p><span class="badge">News</span> <span class="badge">Forum</span> <span>4 records</span></p>'
    more = '<p>x <span class="tag">new</span> · y <span class="tag">last</span></p>'
    for form in (MARKDOWN, TEXT):
        text = told(page(row + more), "x/index.html", form).decode()
        assert text.startswith("News · Forum · 4 records\n\nx new · y last\n\n")
