"""Reddit's posts and comments, from its API's JSON and from its Atom feeds, as what becomes records of them. Pure.

Shapes: https://www.reddit.com/dev/api and https://github.com/reddit-archive/reddit/wiki/JSON ("things" of kind t1, t3,
"Listing" and "more").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from pipeline import addresses, records
from pipeline.domain import TextQuality
from pipeline.sources import answers
from pipeline.sources.discourse import Page, article, shows_media
from pipeline.sources.entries import Entry, Parsed, Payload
from pipeline.sources.feed_parser import parse
from pipeline.sources.listings import Listed
from pipeline.sources.moments import from_seconds

PLATFORM = "Reddit"
SITE = "https://www.reddit.com"
REMOVED, NSFW, QUARANTINED, PINNED, OTHER = (
    "deleted or removed",
    "not safe for work",
    "quarantined",
    "pinned",
    "neither post nor comment",
)

_ID = re.compile(r"t[13]_[a-z0-9]{1,13}")
_TALK = re.compile(r"/(?:r|u|user)/[^/?#]{1,80}/comments/[a-z0-9]{1,13}(?:/[^?#]{0,300})?")
_GONE = frozenset({"[deleted]", "[removed]", "[deleted by user]", "[removed by reddit]"})
_MARKUP = re.compile(r"<!-- SC_OFF -->(.*?)<!-- SC_ON -->", re.S)
_LINKED = re.compile(r"<a\s[^>]{0,20}?href=[\"']([^\"']{1,2000})[\"'][^>]{0,200}>\s*\[link\]", re.I)
_COUNTED = re.compile(r"\[([\d,]{1,9}) comments?\]")
_AUTHOR = re.compile(r"\A/?u/")
_ABOUT = re.compile(r"\A/?u/\S+ on ")


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken although it is left out by default."""

    nsfw: bool = False
    quarantined: bool = False
    pinned: bool = False


# --- the API's JSON --------------------------------------------------------------------------------------------------


def things(listing: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Kind and data of the things in a listing; what has neither is of kind ""."""
    for child in answers.value(listing, "data", "children") or ():
        data = answers.value(child, "data")
        yield (answers.text(child, "kind"), data) if isinstance(data, Mapping) else ("", {})


def listed(kind: str, data: Mapping[str, Any], taken: Taken) -> list[Listed]:
    """What of a thing becomes records (bodies are HTML still), or the rule that leaves it out."""
    if kind == "t1":
        return [_reply(data)]
    if kind != "t3" or data.get("promoted"):
        return [OTHER]
    rule = left_out(data, taken)
    origin = next(iter(answers.objects(data, "crosspost_parent_list")), None)
    if rule or origin is None:
        return [rule] if rule else _post(data)
    rule = left_out(origin, taken)
    carrier = talk_address(answers.text(data, "permalink"))
    # The original's words and author, found through the post that carried it on.
    return [rule] if rule else _post(origin, via=(PLATFORM, carrier) if carrier else ())


def left_out(data: Mapping[str, Any], taken: Taken) -> str:
    """The rule that leaves a post out; "" for none."""
    words = {answers.text(data, "selftext").strip().lower(), answers.text(data, "title").strip().lower()}
    if answers.text(data, "removed_by_category") or words & _GONE or data.get("removed") is True:
        return REMOVED
    if data.get("over_18") is True and not taken.nsfw:
        return NSFW
    if data.get("quarantine") is True and not taken.quarantined:
        return QUARANTINED
    return PINNED if (data.get("stickied") is True or data.get("pinned") is True) and not taken.pinned else ""


def _post(data: Mapping[str, Any], *, via: tuple[str, ...] = ()) -> list[Listed]:
    found = _talk(data)
    if found is None:
        return [OTHER]
    talk = replace(found, via=via)
    link = None if data.get("is_self") is True else _page(answers.text(data, "url"), answers.text(data, "post_hint"))
    if link is None:
        return [talk]
    page = Page(link, answers.text(data, "title"))
    if not talk.body.strip():
        return [article(page, replace(talk, had_markup=False), alone=True)]
    return [talk, article(page, talk)]


def _talk(data: Mapping[str, Any]) -> records.Item | None:
    """The post itself; None for one without a name or a page of its own."""
    name = answers.text(data, "name")
    url = talk_address(answers.text(data, "permalink"))
    if not _ID.fullmatch(name) or url is None:
        return None
    engagement = answers.counts(data, comments="num_comments", crossposts="num_crossposts")
    if data.get("hide_score") is not True:
        engagement = answers.counts(data, score="score") | engagement
    return records.Item(
        native_id=name,
        url=url,
        title=answers.text(data, "title"),
        body=_words(data),
        quality=TextQuality.FULL,
        platform=PLATFORM,
        kind="post",
        published=from_seconds(data.get("created_utc")),
        publisher=_place(data),
        author=_person(answers.text(data, "author")),
        discussion_url=url,
        engagement=engagement,
        had_markup=True,
    )


def _words(data: Mapping[str, Any]) -> str:
    """What the poster wrote, as HTML: the text, the captions of a gallery, the options of a poll."""
    own = answers.text(data, "selftext_html") or _escaped(answers.text(data, "selftext"))
    captions = (answers.text(one, "caption") for one in answers.objects(data, "gallery_data", "items"))
    options = (answers.text(one, "text") for one in answers.objects(data, "poll_data", "options"))
    return own + "".join(f"<p>{_escaped(line)}</p>" for line in (*captions, *options) if line.strip())


def _reply(data: Mapping[str, Any]) -> Listed:
    name, own = answers.text(data, "name"), talk_address(answers.text(data, "permalink") or _unlinked(data))
    if not _ID.fullmatch(name) or own is None:
        return OTHER
    if answers.text(data, "body").strip().lower() in _GONE or data.get("removed") is True:
        return REMOVED
    hidden = data.get("score_hidden") is True
    return records.Item(
        native_id=name,
        url=own,
        title="",
        body=answers.text(data, "body_html") or _escaped(answers.text(data, "body")),
        quality=TextQuality.FULL,
        platform=PLATFORM,
        kind="comment",
        published=from_seconds(data.get("created_utc")),
        publisher=_place(data),
        author=_person(answers.text(data, "author")),
        discussion_url=_thread(own),
        engagement={} if hidden else answers.counts(data, score="score"),
        had_markup=True,
    )


def _unlinked(data: Mapping[str, Any]) -> str:
    """The address of a comment that does not tell it, as answers before 2018 did not."""
    subreddit, thread, own = (answers.text(data, name) for name in ("subreddit", "link_id", "id"))
    return f"/r/{subreddit}/comments/{thread.removeprefix('t3_')}/_/{own}/"


def spoken(data: Mapping[str, Any]) -> bool:
    """Whether a comment is one of the discussion's: not a notice that moderators or their program put on top."""
    return data.get("stickied") is not True and answers.text(data, "author").lower() != "automoderator"


def _place(data: Mapping[str, Any]) -> str:
    where = answers.text(data, "subreddit")
    return f"r/{where}" if where else PLATFORM


def _page(url: str, hint: str) -> str | None:
    """The page that a link post shares; None where it shows an image or a video, or leads to Reddit itself."""
    link = addresses.safe(urljoin(SITE, url)) if url and "[" not in url else None
    if link is None or hint in ("image", "hosted:video") or shows_media(link):
        return None
    return None if addresses.registrable(link) == "reddit.com" else link


# --- Atom ------------------------------------------------------------------------------------------------------------


def read_feed(payload: Payload) -> Parsed:
    """One of Reddit's feeds, with what its HTML says besides; for a worker process. Raises ParseError."""
    return parse(payload, _besides)


def _besides(found: Any) -> Mapping[str, str]:
    contents = [str(part.get("value", "")) for part in (found.get("content") or ())[:10]]
    html = max((*contents, str(found.get("summary", ""))), key=len)[:500_000]
    own, link, count = _MARKUP.search(html), _LINKED.search(html), _COUNTED.search(html)
    tags = found.get("tags") or ()
    return {
        "own": own[1] if own else "",
        "link": link[1].replace("&amp;", "&") if link else "",
        "comments": count[1].replace(",", "") if count else "",
        "place": str(tags[0].get("label") or tags[0].get("term") or "")[:80] if tags else "",
    }


def of_entry(entry: Entry) -> list[Listed]:
    """What of a feed's entry becomes records (bodies are HTML still), or the rule that leaves it out."""
    url = talk_address(entry.link)
    if url is None:
        return [OTHER]
    own = entry.more.get("own", "")
    name = entry.guid if _ID.fullmatch(entry.guid) else f"t3_{url.partition('/comments/')[2].partition('/')[0]}"
    comment = name.startswith("t1_")
    if entry.content.strip().lower() in _GONE or entry.title.strip().lower() in _GONE:
        return [REMOVED]
    counted = entry.more.get("comments", "")
    talk = records.Item(
        native_id=name,
        url=url,
        title="" if comment else entry.title,
        body=own if own else entry.content if comment else "",
        quality=TextQuality.FULL,
        platform=PLATFORM,
        kind="comment" if comment else "post",
        published=entry.published,
        publisher=_named_place(entry.more.get("place", "")),
        author=_person(_AUTHOR.sub("", entry.author.strip())),
        discussion_url=_thread(url),
        engagement={"comments": int(counted)} if counted.isdigit() else {},
        had_markup=bool(own),
    )
    link = None if comment else _page(entry.more.get("link", ""), "")
    if link is None:
        return [talk]
    page = Page(link, entry.title)
    return [talk, article(page, talk)] if own else [article(page, talk, alone=True)]


def _named_place(label: str) -> str:
    return f"r/{label.removeprefix('/').removeprefix('r/')}" if label else PLATFORM


# --- both ------------------------------------------------------------------------------------------------------------


def talk_address(link: str) -> str | None:
    """The page of a post or comment on the one host that is asked for it, whichever host `link` names."""
    match = _TALK.fullmatch(urlsplit(addresses.safe(urljoin(SITE, link)) or "").path) if "[" not in link else None
    return f"{SITE}{match[0]}" if match else None


def _thread(url: str) -> str:
    """The page of the post that the comment at `url` belongs to."""
    head, _, rest = url.partition("/comments/")
    return f"{head}/comments/{'/'.join(rest.split('/')[:2])}/"


def _person(name: str) -> str | None:
    return None if name.strip().lower() in ("", "[deleted]", "[removed]") else name.strip()


def _escaped(text: str) -> str:
    """Plain text as HTML that keeps its lines."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return safe.replace("\n", "<br>")
