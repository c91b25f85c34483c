"""A topic answer as one self-contained HTML page, or as Markdown. Nothing outside the file is needed to read it."""

from __future__ import annotations

from pipeline import resources
from pipeline.edition import TopicAnswer
from pipeline.renderers.markdown import topic_markdown
from pipeline.renderers.pages import fill, inline_policy
from pipeline.renderers.topic_view import topic_page


def render_topic_html(answer: TopicAnswer) -> str:
    """One page with its style inside and no outside reference but the sources' own addresses."""
    style = resources.text("templates", "site.css")
    return fill(
        "topic-file.html", {"view": topic_page(answer), "policy": inline_policy(style), "legend": "", "root": ""}
    )


def render_topic_markdown(answer: TopicAnswer) -> str:
    """The answer as the topic command prints it."""
    return topic_markdown(answer)
