"""Every page once more as Markdown and as plain text, made from the page itself.

`walking` reads a page of ours, which is well-formed XML, into blocks of marked-up lines; `forms` says how a heading, a
list, a table, a link and a mark are written in either form, and makes literal what is not markup. A story and a topic's
answer have a Markdown of their own (pipeline/renderers/markdown.py), which stands in the place of the general one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial

from pipeline.edition import Page
from pipeline.renderers.plain.forms import MARKDOWN, TEXT, Form, beside
from pipeline.renderers.plain.walking import told

_OWN = ("story.md", "topic.md")


def with_plain(pages: Iterable[Page]) -> Iterator[Page]:
    """`pages`, and behind each HTML page its Markdown and its text; the page is made once for all three."""
    shown = lru_cache(maxsize=1)(_make)
    for page in pages:
        if not page.path.endswith(".html"):
            yield page
            continue
        yield Page(page.path, partial(shown, page), page.rests_on)
        for form in (MARKDOWN, TEXT):
            path = beside(page.path, form)
            if not path.endswith(_OWN):
                yield Page(path, partial(_told, shown, page, form), page.rests_on)


def _make(page: Page) -> bytes:
    return page.make()


def _told(shown: Callable[[Page], bytes], page: Page, form: Form) -> bytes:
    return told(shown(page), page.path, form)
