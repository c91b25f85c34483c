"""Hacker News items in both dialects, as what becomes records of them. Pure.

Shapes: https://github.com/HackerNews/API (Firebase) and https://hn.algolia.com/api, whose hits of 2014 hold every
field, null where there is nothing, and today's leave fields out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pipeline import addresses, records
from pipeline.domain import TextQuality
from pipeline.sources import answers
from pipeline.sources.discourse import Page, article, shows_media
from pipeline.sources.listings import Listed
from pipeline.sources.moments import from_seconds

PLATFORM = "Hacker News"
GONE = "deleted or not a post"


@dataclass(frozen=True, slots=True)
class Post:
    """One story, poll or comment, whichever API gave it. `thread` is the id of the story it belongs to, if known."""

    id: str
    kind: str
    title: str
    html: str
    url: str
    author: str
    seconds: object
    points: object
    comments: object
    thread: str = ""
    kids: tuple[int, ...] = ()  # its comments, best first
    raw: str | None = None  # hash of the answer it was read from


def listed(post: Post, site: str) -> list[Listed]:
    """What of `post` becomes records; bodies are HTML still. `site` is the base of discussion links."""
    talk = _talk(post, site)
    link = addresses.safe(post.url) if post.url else None
    if link is None or shows_media(link):
        return [talk]
    page = Page(link, post.title, lang="en")
    if not post.html.strip():
        return [article(page, replace(talk, had_markup=False), alone=True)]
    return [talk, article(page, talk)]


def _talk(post: Post, site: str) -> records.Item:
    comment = post.kind == "comment"
    own = f"{site}/item?id={post.id}"
    numbers = (("points", post.points), ("comments", post.comments))
    return records.Item(
        native_id=post.id,
        url=own,
        title=post.title,
        body=post.html,
        quality=TextQuality.FULL,
        platform=PLATFORM,
        kind="comment" if comment else "post",
        published=from_seconds(post.seconds),
        publisher=PLATFORM,
        author=post.author,
        lang="en",
        discussion_url=f"{site}/item?id={post.thread or post.id}",
        engagement={name: value for name, value in numbers if type(value) is int},
        had_markup=True,
        raw=post.raw,
    )


def of_item(number: int, item: Mapping[str, Any], raw: str | None = None, thread: str = "") -> Post:
    """An item of the Firebase API."""
    kids = item.get("kids")
    return Post(
        id=str(number),
        kind=answers.text(item, "type"),
        title=answers.text(item, "title"),
        html=answers.text(item, "text"),
        url=answers.text(item, "url"),
        author=answers.text(item, "by"),
        seconds=item.get("time"),
        points=item.get("score"),
        comments=item.get("descendants"),
        thread=thread,
        kids=tuple(kid for kid in kids if type(kid) is int and kid > 0) if isinstance(kids, list) else (),
        raw=raw,
    )


def of_hit(hit: Mapping[str, Any], raw: str | None = None) -> Post | None:
    """A hit of Algolia's; None for one without an id."""
    number = hit.get("objectID")
    if type(number) not in (str, int) or not str(number).isdigit() or len(str(number)) > 20:
        return None
    comment = bool(answers.text(hit, "comment_text"))
    thread = hit.get("story_id")
    return Post(
        id=str(number),
        kind="comment" if comment else "story",
        title="" if comment else answers.text(hit, "title"),
        html=answers.text(hit, "comment_text") if comment else answers.text(hit, "story_text"),
        url="" if comment else answers.text(hit, "url"),
        author=answers.text(hit, "author"),
        seconds=hit.get("created_at_i"),
        points=hit.get("points"),
        comments=hit.get("num_comments"),
        thread=str(thread) if comment and type(thread) is int and 0 < thread < 10**20 else "",
        raw=raw,
    )


def shown(item: object) -> bool:
    """Whether an item of the Firebase API is there (not null), neither dead nor deleted, and no advertisement."""
    if not isinstance(item, dict) or item.get("dead") or item.get("deleted"):
        return False
    return item.get("type") in ("story", "poll", "comment")
