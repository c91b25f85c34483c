"""A page that is looked at again: its article, if it has one, and all that a reader would see on it.

Readers of articles drop what is no prose and differ from version to version; whether some words still stand on a page
must not depend on that. So a second look compares with everything that is shown, too.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.errors import ExtractionError
from pipeline.extract import readers, tree
from pipeline.extract.charsets import decode
from pipeline.extract.pages import MAX_TAGS, Page, extract
from pipeline.language import cleaning

_CODE = ("script", "style", "noscript", "template")


@dataclass(frozen=True, slots=True)
class Look:
    """What is on a page: title, article text ("" where there is none), all shown text, whether it is a mere notice.

    `reserved`: the signal by which the page keeps itself from machines, None where there is none.
    """

    title: str
    text: str
    shown: str
    notice: bool
    reserved: str | None = None


def look(page: Page) -> Look:
    """Read a page for a recheck, in a process that can be killed. Raises ExtractionError for what is no page."""
    source = decode(page.html, page.content_type).replace("\x00", "")
    if not source.strip() or source.count("<") > MAX_TAGS:
        raise ExtractionError("the page is empty, or no page")
    root = readers.parsed(source)
    tree.strip_unseen(root)
    for element in list(root.iter(*_CODE)):
        element.drop_tree()
    shown = cleaning.clean(" ".join(root.itertext()))
    title = cleaning.line(root.findtext(".//title") or "")[:1000]
    try:
        found = extract(page.html, page.url, content_type=page.content_type, today=page.today)
    except ExtractionError:
        return Look(title, "", shown, notice=True)
    return Look(found.title or title, found.text, shown, found.notice, found.reserved)
