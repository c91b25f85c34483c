"""What the adapters of discussion platforms share: posts, the pages they lead to, threads that were read.

A post without words of its own is the page it links to: one record, of the article. A post that says something is a
record itself, and the page behind its link card is a second one, which ingest reads in full.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from pipeline import addresses, records
from pipeline.domain import Cursor, Source, TextQuality
from pipeline.errors import FetchError, ParseError
from pipeline.language import cleaning
from pipeline.sources import Tools
from pipeline.sources.listings import Listed, fragments

T = TypeVar("T")

WEB = "Web"
REMEMBERED = 3000  # ids kept in a cursor
MEDIA = frozenset(  # hosts of pictures and films: a post of one is no article
    "imgur.com gfycat.com giphy.com tenor.com redgifs.com streamable.com ibb.co postimg.cc redd.it "
    "redditmedia.com".split()
)
THREADS = 10  # threads whose comments are read in one night
MOST_COMMENTS = 20  # of one thread

_NO_WORDS = re.compile(r"(?:https?://|www\.)\S+|(?<!\w)[#@][\w.\-]+")
_MEDIA_FILE = re.compile(r"\.(?:jpe?g|png|gifv?|webp|mp4|webm|mov)\Z", re.I)
_WRITTEN_OUT = re.compile(r"(?:https?://)?(?:www\.)?(?P<shown>[^\s…]{4,}?)(?:…|\.\.\.)\Z")


@dataclass(frozen=True, slots=True)
class Page:
    """A page that a post links to, as the card of the platform shows it."""

    url: str
    title: str = ""
    text: str = ""
    publisher: str = ""
    author: str = ""
    published: datetime | None = None
    lang: str = ""


def article(page: Page, post: records.Item, *, alone: bool = False) -> records.Item:
    """The record of the page that `post` led to. `alone`: the post says nothing itself and gives no record of its own.

    Whoever posts a link did not write the page behind it, so the author is the page's or nobody.
    """
    led = post.via or (post.platform,)
    return records.Item(
        native_id=post.native_id if alone else None,
        url=page.url,
        title=page.title or (post.title if alone else ""),
        body=page.text,
        quality=TextQuality.SUMMARY,
        platform=WEB,
        published=page.published or post.published,
        publisher=page.publisher or addresses.registrable(page.url),
        author=page.author or None,
        lang=page.lang or (post.lang if alone else None),
        discussion_url=post.discussion_url or post.url,
        engagement=post.engagement if alone else {},
        had_markup=cleaning.looks_like_markup(page.text),  # some sites leave theirs in what they say of themselves
        via=led if alone else (*led, post.url or ""),
        raw=post.raw,
    )


def with_page(post: records.Item, page: Page | None) -> list[records.Item]:
    """The records of a plain-text post and of the page it links to, if any."""
    link = addresses.safe(page.url) if page else None
    if page is None or link is None or shows_media(link):
        return [post]
    found = replace(page, url=link)
    if wordless(f"{post.title} {post.body}", page.title):
        return [article(found, post, alone=True)]
    return [post, article(found, post)] if found.title or found.text else [post]


def question(query: str) -> str:
    """`query` as far as it fits into an address, however it is written: 400 bytes become 1,200 characters at most."""
    return query.encode("utf-8", "replace")[:400].decode("utf-8", "ignore")


def shows_media(link: str) -> bool:
    """Whether a safe address is that of a picture or a film."""
    return addresses.registrable(link) in MEDIA or bool(_MEDIA_FILE.search(link.partition("?")[0]))


def wordless(text: str, title: str = "") -> bool:
    """Whether `text` holds nothing but links, tags, mentions, and `title` once more."""
    said = _bare(_NO_WORDS.sub(" ", text))
    return not said or said == _bare(title)


def written_out(shown: str, target: str) -> str:
    """`target` where `shown` is the cut-off beginning of it ("harbour.example/2026/ne..."), else `shown`."""
    cut = _WRITTEN_OUT.fullmatch(shown.strip())
    whole = target.partition("://")[2].removeprefix("www.")
    return target if cut and whole.casefold().startswith(cut["shown"].casefold()) else shown


def in_words(tools: Tools, listed: Iterable[Listed]) -> list[Listed]:
    """`listed` with the HTML bodies of those that have markup as plain text, read in a worker process."""
    found = list(listed)
    marked = [(at, one) for at, one in enumerate(found) if isinstance(one, records.Item) and one.had_markup]
    texts = fragments(tools, [one.body for _, one in marked])
    for (at, one), text in zip(marked, texts, strict=True):
        found[at] = replace(one, body=text)
    return found


def wanted(source: Source, option: str) -> bool:
    """Whether a yes-or-no option of `source` says yes; the default is no."""
    return source.options.get(option) is True


def comments(source: Source) -> int:
    """How many comments of each new post are wanted: the option `comments`, 0 without."""
    found = source.options.get("comments")
    return max(0, min(found, MOST_COMMENTS)) if type(found) is int else 0


def each_thread(
    ids: Sequence[str], read: Callable[[str], Sequence[T]], patience: float
) -> tuple[list[T], list[str], list[str]]:
    """What `read` gives for each of `ids`, those that were read, and a note where some were not.

    The first failure ends it, and so do `patience` seconds: comments are an extra, and what they cost is bounded.
    """
    until = time.monotonic() + patience
    found: list[T] = []
    done: list[str] = []
    why = ""
    for one in ids:
        if time.monotonic() > until:
            why = "that would take too long"
            break
        try:
            found += read(one)
        except (FetchError, ParseError) as error:
            why = str(error)
            break
        done.append(one)
    return found, done, [f"comments of {len(ids) - len(done)} posts were not read: {why}"] if why else []


def remembered(cursor: Cursor) -> list[str]:
    """The ids that a cursor holds, newest first; none where it holds something else."""
    try:
        found = json.loads(cursor.position or "[]")
    except (ValueError, RecursionError):
        return []
    return [str(one) for one in found if type(one) in (str, int)] if isinstance(found, list) else []


def position(read: Iterable[str], before: Sequence[str]) -> str:
    """What a cursor keeps of ids that were read tonight and `before`."""
    return json.dumps(list(dict.fromkeys([*read, *before]))[:REMEMBERED])


def add(dropped: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    """Counts of left-out items, added up per rule."""
    return {rule: dropped.get(rule, 0) + more.get(rule, 0) for rule in dict.fromkeys((*dropped, *more))}


def _bare(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
