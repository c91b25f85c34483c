"""The Markdown twins, the bundles and the topic page."""

import dataclasses
import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from site_factory import NIGHT, edition, stories, topic

from pipeline.bundles.bundle import from_bundle
from pipeline.edition import Aside, made
from pipeline.renderers import bundles, markdown
from pipeline.renderers.pages import printable
from pipeline.renderers.topic import render_topic_html, render_topic_markdown

TRICKS = (
    "[x](javascript:alert(1))", "![x](https://a.example/p.png?q=secret)", "<https://a.example>", "https://a.example/x",
    "x //a.example/x",
    "www.a.example", "<b>bold</b>", "[a]: https://a.example", "[a][a]", "*a* _b_ **c** ~~d~~", "# head",
    "1. one", "2) two",
    "- item", "+ item", "> quote", "```\ncode\n```", "`code`", "a | b\n--|--\n1 | 2", "---", "===",
    "[^1]: note", "&copy; &#60;b>",
    "\\[x]\\(y)", "a@b.example", "mailto:a@b.example", "$x^2$", "    code", "a  \nb", ":---", "| a |",
    "[ ] task", "{#id .class}",
)  # fmt: skip
PLAIN = {"paragraph", "text", "inline", "softbreak", "hardbreak"}


def kinds(text):
    """Kinds of tokens that readers of Markdown see in `text`, in the plain dialect and in one with all extensions."""
    found = set()
    for reader in (
        MarkdownIt("commonmark"),
        MarkdownIt("gfm-like"),
        MarkdownIt("js-default").enable(["table", "strikethrough"]),
    ):
        for token in reader.parse(text):
            for one in (token, *(token.children or ())):
                found.add(one.type.removesuffix("_open").removesuffix("_close"))
    return found


@pytest.mark.parametrize("text", TRICKS)
def test_no_text_from_outside_is_markdown(text):
    assert kinds(markdown.literal(text)) <= PLAIN


@given(st.text(alphabet=st.sampled_from("[]()<>!*_`~#-+=|\\:/.@&;^$ \n1ahtpsw"), max_size=40))
def test_no_mix_of_marks_is_markdown(text):
    escaped = markdown.literal(text)
    assert kinds(escaped) <= PLAIN
    inline = MarkdownIt("commonmark").parseInline(escaped)[0].children or []
    assert "".join(token.content for token in inline) == " ".join(printable(text).split())


def test_a_story_as_text(golden):
    pages = made(markdown.render(edition()))
    golden("site/story.md", pages["stories/nordnett-queue-3f2a/story.md"].decode())
    golden("site/briefing.md", pages["briefing.md"].decode())


def test_hostile_titles_make_no_links_or_html():
    old = stories()[2]
    for trick in TRICKS:
        records = tuple(dataclasses.replace(record, title=trick, publisher=trick) for record in old.records)
        bad = dataclasses.replace(old, records=records, short_title=trick)
        pages = made(markdown.render(edition(stories=(bad,), topics=())))
        text = pages["stories/cormorant-lindholm-77aa/story.md"].decode()
        found = kinds(text)
        assert not found & {"html_inline", "html_block", "image", "code_inline_x", "fence", "code_block"}
        links = [
            child.attrs["href"]
            for token in MarkdownIt("gfm-like").parse(text)
            for child in token.children or ()
            if child.type == "link_open"
        ]
        assert set(links) <= {"https://harbour-wire.example/fab"}, trick


def test_a_topic_page_stands_alone():
    page = render_topic_html(topic())
    assert "<style>" in page
    assert "<link" not in page
    assert "src=" not in page.replace("-src ", "")
    assert "style-src &#39;sha256-" in page
    assert "1 record is new" in page
    assert "Nordnett counts 61 gigawatts" in page
    assert 'href="#source-1"' in page
    assert 'id="source-1"' in page


def test_a_topic_page_as_text(golden):
    golden("site/topic.md", render_topic_markdown(topic()))


def test_nothing_found_says_what_was_asked_and_where():
    nothing = topic(sections=(), citations=(), records=(), considered=0, new_records=(), query="a <b>thing</b>")
    page, text = render_topic_html(nothing), render_topic_markdown(nothing)
    assert "Nothing found." in page
    assert "a &lt;b&gt;thing&lt;/b&gt;" in page
    assert "hung: no answer within 60 s" in page
    assert "**Nothing found.**" in text
    assert " gave no answer." in text  # silence is not absence
    assert "linkboard: no answer (hung: no answer within 60 s)" in text
    assert "<b>" not in text.replace("\\<b\\>", "")


def test_records_of_which_nothing_can_be_said_are_not_denied():
    silent = topic(sections=(), citations=(), records=(), considered=2)
    assert "2 records are on “grid connection queue”, but no sentence passed the gate." in render_topic_markdown(silent)
    assert "2 records are on “grid connection queue”, but no sentence passed the gate." in render_topic_html(silent)


def test_an_answer_says_what_each_source_gave_and_what_was_set_aside_and_why():
    page, text = render_topic_html(topic()), render_topic_markdown(topic())
    for told in ("5 records, 2 on the topic", "4 of 5 pages read in full", "Set aside as off topic: 3 records"):
        assert told in text
        assert told in page
    assert "lacks “grid”, “connection”" in text
    assert "Queue at the ferry &lt;pier&gt;" in page
    like = topic(aside=(Aside("Other matters", "wire"),), set_aside=1, pages="")
    assert "holds the words, but resembles other matters more" in render_topic_markdown(like)
    assert "pages read in full" not in render_topic_html(like)


def test_bundles_hold_the_stories_and_nothing_else():
    pages = made(bundles.render(edition()))
    shipped = {from_bundle(json.loads(body)).id for path, body in pages.items() if path.startswith("stories/")}
    assert shipped == {story.id for story in stories()}
    assert json.loads(pages["schema/story.json"])["title"] == "Citewire story bundle"
    assert made(bundles.render(edition(now=NIGHT + timedelta(days=3)))) == pages
