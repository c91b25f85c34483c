"""The two readers of pages, with their behaviour pinned: trafilatura (Apache-2.0) and Resiliparse (Apache-2.0).

trafilatura and lxml may crash when threads share them, and any reader may run for minutes on a hostile page, so callers
outside the evaluation run in a worker process that can be killed. Both are imported where they are used: they are
heavy, and wanted in workers only.
"""

from __future__ import annotations

import logging
from configparser import ConfigParser
from functools import cache
from typing import Any

from pipeline.errors import ExtractionError
from pipeline.language import cleaning

MAX_ELEMENTS = 50_000
_FAILURES = (ValueError, TypeError, AttributeError, IndexError, KeyError, RecursionError, AssertionError)

# What these libraries complain of becomes an ExtractionError; a worker must not print it over the desk's progress.
for _name in ("trafilatura", "htmldate", "courlan"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


def parsed(text: str) -> Any:
    """The tree of a page, as trafilatura repairs and parses it. Raises ExtractionError for what is no HTML."""
    import trafilatura  # noqa: PLC0415

    try:
        tree = trafilatura.load_html(text)
    except _FAILURES as error:
        raise unreadable(error) from None
    if tree is None:
        raise ExtractionError("the page holds no article text")
    return tree


def article(tree: Any, url: str | None = None, *, fast: bool, today: str | None = None, meta: bool = False) -> Any:
    """trafilatura's document of `tree`, None where it finds no article. Raises ExtractionError.

    `fast` leaves out its comparison with other readers. `meta` reads title, author and date as well, where `today`
    (YYYY-MM-DD) bounds the dates that are believed.
    """
    import trafilatura  # noqa: PLC0415

    dates = {"original_date": True, "extensive_search": False, "max_date": today or "2100-01-01"}
    try:
        found = trafilatura.bare_extraction(
            tree,
            url=url,
            fast=fast,
            with_metadata=meta,
            include_comments=False,
            include_tables=True,
            include_images=False,
            include_links=False,
            include_formatting=False,
            deduplicate=False,
            config=_pinned(),
            date_extraction_params=dates,
        )
    except _FAILURES as error:
        raise unreadable(error) from None
    return None if isinstance(found, dict) else found


def main_text(html: str) -> str:
    """Resiliparse's main text of a page (Bevendorff et al. 2018), one block per line; "" where it fails."""
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415

    try:
        found = extract_plain_text(
            html, main_content=True, preserve_formatting=True, alt_texts=False, list_bullets=False
        )
    except (ValueError, TypeError, RuntimeError):
        return ""
    return cleaning.clean(found)


def unreadable(error: Exception) -> ExtractionError:
    """What a reader's failure becomes."""
    return ExtractionError(f"the page could not be read ({type(error).__name__}: {str(error)[:200]})")


@cache
def _pinned() -> ConfigParser:
    """trafilatura's settings, independent of any settings file of the machine."""
    from trafilatura.settings import use_config  # noqa: PLC0415

    config: ConfigParser = use_config()
    config.set("DEFAULT", "MAX_TREE_SIZE", str(MAX_ELEMENTS))
    config.set("DEFAULT", "EXTENSIVE_DATE_SEARCH", "off")
    return config
