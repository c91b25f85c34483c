"""Hacker News: lists and questions by Algolia's search, its own lists by the Firebase API, top comments of either.

A list of Algolia's is one request. Of a list of Firebase's the new items are looked up with Algolia, which gives many
at once, and only those it does not know are asked one by one, a second apart.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

from pipeline import addresses
from pipeline.domain import Batch, Cursor, Raw, Source
from pipeline.errors import FetchError, HttpStatus, ParseError
from pipeline.sources import Kind, Tools, answers, discourse
from pipeline.sources.hn_items import GONE, Post, listed, of_hit, of_item, shown
from pipeline.sources.listings import Listed, answer, gather, with_parameters
from pipeline.sources.moments import from_seconds

ALGOLIA = "https://hn.algolia.com/api/v1"
FIREBASE = "https://hacker-news.firebaseio.com/v0"
SITE = "https://news.ycombinator.com"
FRONT_PAGE = f"{ALGOLIA}/search?tags=front_page&hitsPerPage=100"
LIMIT = 60
FEW = 5  # items that are asked one by one
TOGETHER = 80  # items of one request to Algolia: its address stays below 2,000 characters
TROUBLE = 3  # failures in a row after which the rest waits for the next night
PATIENCE = 3  # times the timeout of one request that all items together may take
STALE = timedelta(days=7)  # Algolia leaves the tag of the front page on some stories for years (hn-search issue 224)
_BUSY = (429, 503)
_LISTS = {
    "": FRONT_PAGE,
    "news": FRONT_PAGE,
    "front": FRONT_PAGE,
    "newest": f"{ALGOLIA}/search_by_date?tags=story&hitsPerPage=100",
    "ask": f"{ALGOLIA}/search_by_date?tags=ask_hn&hitsPerPage=100",
    "show": f"{ALGOLIA}/search_by_date?tags=show_hn&hitsPerPage=100",
    "newcomments": f"{ALGOLIA}/search_by_date?tags=comment&hitsPerPage=100",
}


class HackerNewsSource:
    """Adapter of kind "hackernews"."""

    links_to_pages = True
    about: ClassVar[Kind] = Kind(
        summary="Hacker News: the front page or any list or search, with top comments where wanted; "
        "a link post gives the article behind it",
        address=f'An Algolia list, one request a night (best for a new desk): "{FRONT_PAGE}". '
        f'Or the Firebase API, for its other lists: "{FIREBASE}"',
        options={
            "list": 'with the Firebase API: "topstories" (default), "newstories", "beststories", "askstories", '
            '"showstories"',
            "limit": f"with the Firebase API: most items asked in one night; {LIMIT}",
            "comments": f"top comments of each new post, most discussed posts first, {discourse.THREADS} posts a night "
            f"(one request per comment, and one per post); 0, at most {discourse.MOST_COMMENTS}",
            "search": f'base of the Algolia API; that of the address, else "{ALGOLIA}"',
            "items": f'base of the Firebase API for comments; that of the address, else "{FIREBASE}"',
            "site": f'base of discussion links; "{SITE}"',
        },
        seen="genuine answers: Firebase lists and items of 2024, Algolia searches of 2014; newer ones as documented",
        default_address=FRONT_PAGE,
        spec="https://hn.algolia.com/api and https://github.com/HackerNews/API",
    )

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @staticmethod
    def recognise(url: str) -> Mapping[str, object] | None:
        """Pages of news.ycombinator.com and hn.algolia.com, and both APIs."""
        address = _recognised(url)
        return {"kind": "hackernews", "address": address} if address else None

    def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
        """Items of the list; of Firebase's those that were not read before. Raises FetchError or ParseError."""
        if "/search" not in source.address:
            return self._read_list(source, cursor, now)
        raws: list[Raw] = []
        posts, dropped = self._hits(source.address, raws, home=True)
        if "front_page" in source.address:
            posts, dropped = _fresh(posts, dropped, now)
        before = discourse.remembered(cursor)
        talk, read, notes = self._talk(source, [post for post in posts if post.id not in before], raws)
        batch = self._batch([*posts, *talk], source, now, dropped)
        ahead = Cursor(position=discourse.position(read, before)) if discourse.comments(source) else cursor
        return replace(batch, cursor=ahead, notes=tuple(notes), raws=tuple(raws))

    def search(self, source: Source, query: str, now: datetime, *, days: int, limit: int) -> Batch:
        """Stories that answer `query` in the last `days` days, best first. Raises FetchError or ParseError."""
        since = int((now - timedelta(days=days)).timestamp())
        asked = {
            "query": discourse.question(query),
            "tags": "story",
            "numericFilters": f"created_at_i>{since},created_at_i<={int(now.timestamp())}",
            "hitsPerPage": str(max(1, min(limit, 1000))),
        }
        base = source.address.partition("/search")[0] if "/search" in source.address else ALGOLIA
        raws: list[Raw] = []
        posts, dropped = self._hits(with_parameters(f"{answers.base(source, 'search', base)}/search", asked), raws)
        return replace(self._batch(posts, source, now, dropped), raws=tuple(raws))

    # --- Firebase ----------------------------------------------------------------------------------------------------

    def _read_list(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
        base = source.address.rstrip("/")
        ids = answers.ask(self._tools, f"{base}/{answers.base(source, 'list', 'topstories')}.json", home=True)
        if not isinstance(ids, list):
            raise ParseError(f"{base} gave a {type(ids).__name__} where a list of ids should be; check the address")
        before = discourse.remembered(cursor)
        known = frozenset(before)
        fresh = [number for number in dict.fromkeys(filter(_is_id, ids)) if str(number) not in known]
        asked = fresh[: min(answers.number(source, "limit", LIMIT, most=500), self._tools.settings.max_new)]
        dropped = {"beyond the night's limit": len(fresh) - len(asked)} if len(fresh) > len(asked) else {}
        notes, raws = list[str](), list[Raw]()
        together = self._together(source, asked, raws)
        items = self._items(base, [number for number in asked if number not in together], notes, bool(together))
        single = {number: of_item(number, item, raw.hash) for number, (item, raw) in items.items() if shown(item)}
        raws += [raw for _, raw in items.values()]
        if len(single) < len(items):
            dropped[GONE] = len(items) - len(single)
        posts = [post for number in asked if (post := together.get(number) or single.get(number))]
        talk, _, more = self._talk(source, posts, raws)
        batch = self._batch([*posts, *talk], source, now, dropped)
        read = (str(number) for number in asked if number in together or number in items)
        ahead = Cursor(position=discourse.position(read, before))
        return replace(batch, cursor=ahead, notes=(*notes, *more), raws=tuple(raws))

    def _together(self, source: Source, asked: Sequence[int], raws: list[Raw]) -> dict[int, Post]:
        """Those of `asked` that Algolia gives at once: a request for 60 of them where Firebase wants 60 seconds.

        What it does not know yet, or if it answers nothing at all, is asked of Firebase. Lists of another server are
        looked up where the option `search` says so.
        """
        base = answers.base(source, "search", ALGOLIA if source.address.rstrip("/") == FIREBASE else "")
        wanted = frozenset(asked)
        found: dict[int, Post] = {}
        for start in range(0, len(asked) if base and len(asked) > FEW else 0, TOGETHER):
            some = asked[start : start + TOGETHER]
            tags = f"(story,poll),({','.join(f'story_{number}' for number in some)})"
            try:
                posts, _ = self._hits(f"{base}/search?{urlencode({'tags': tags, 'hitsPerPage': len(some)})}", raws)
            except (FetchError, ParseError):
                break
            found |= {int(post.id): post for post in posts if int(post.id) in wanted and post.kind != "comment"}
        return found

    def _items(self, base: str, asked: Sequence[int], notes: list[str], some: bool) -> dict[int, tuple[Any, Raw]]:
        """Items by id; those that could not be had are left for the next night.

        Raises where none could, unless there are `some` already.
        """
        until = time.monotonic() + PATIENCE * self._tools.settings.timeout
        items: dict[int, tuple[Any, Raw]] = {}
        failed = 0
        for number in asked:
            if time.monotonic() > until:
                notes.append(f"{len(asked) - len(items)} items wait for the next night: its server is too slow")
                break
            try:
                items[number] = answer(self._tools, f"{base}/item/{number}.json")
                failed = 0
            except (FetchError, ParseError) as error:
                failed += 1
                busy = isinstance(error, HttpStatus) and error.status in _BUSY
                if not items and not some and (busy or failed == TROUBLE):
                    raise
                if busy or failed == TROUBLE:
                    notes.append(f"{len(asked) - len(items)} items wait for the next night: {error}")
                    break
        return items

    def _talk(self, source: Source, posts: Sequence[Post], raws: list[Raw]) -> tuple[list[Post], list[str], list[str]]:
        """The top comments of the most discussed of `posts`, the ids of those that were read, and notes."""
        most = discourse.comments(source)
        own = source.address.rstrip("/") if "/search" not in source.address else FIREBASE
        base = answers.base(source, "items", own)
        busy = sorted((post for post in posts if _discussed(post)), key=lambda post: (-_discussed(post), post.id))
        chosen = {post.id: post for post in busy[: discourse.THREADS]} if most else {}
        patience = PATIENCE * self._tools.settings.timeout
        return discourse.each_thread(list(chosen), lambda one: self._replies(base, chosen[one], most, raws), patience)

    def _replies(self, base: str, post: Post, most: int, raws: list[Raw]) -> list[Post]:
        """The first `most` comments of `post`, as the site ranks them, that are neither dead nor deleted."""
        kids = post.kids
        if not kids:
            item = answers.ask(self._tools, f"{base}/item/{post.id}.json")
            kids = of_item(0, item).kids if isinstance(item, dict) else ()
        found: list[Post] = []
        for number in kids[: most * 2]:
            if len(found) == most:
                break
            item, raw = answer(self._tools, f"{base}/item/{number}.json")
            if shown(item):
                raws.append(raw)
                found.append(of_item(number, item, raw.hash, post.id))
        return found

    # --- Algolia -----------------------------------------------------------------------------------------------------

    def _hits(self, url: str, raws: list[Raw], *, home: bool = False) -> tuple[list[Post], dict[str, int]]:
        found, raw = answer(self._tools, url, home=home)
        hits = answers.value(found, "hits")
        if not isinstance(hits, list):
            raise ParseError(f"{url.partition('?')[0]} gave no list of hits; check the address")
        posts = [post for hit in hits if isinstance(hit, dict) and (post := of_hit(hit, raw.hash))]
        raws.append(raw)
        return posts, ({GONE: len(hits) - len(posts)} if len(posts) < len(hits) else {})

    def _batch(self, posts: Sequence[Post], source: Source, now: datetime, dropped: Mapping[str, int]) -> Batch:
        site = answers.base(source, "site", SITE)
        found: list[Listed] = [one for post in posts for one in listed(post, site)]
        made, more = gather(discourse.in_words(self._tools, found), source, now)
        return Batch(made, Cursor(), dropped=discourse.add(dropped, more))


def _is_id(number: object) -> bool:
    return type(number) is int and 0 < number < 10**15


def _discussed(post: Post) -> int:
    """How many comments a story has; 0 for what has none, and for comments themselves."""
    return post.comments if type(post.comments) is int and post.kind != "comment" and post.comments > 0 else 0


def _fresh(posts: Sequence[Post], dropped: Mapping[str, int], now: datetime) -> tuple[list[Post], dict[str, int]]:
    """`posts` without those that the front page has forgotten."""
    kept = [post for post in posts if (when := from_seconds(post.seconds)) is None or when > now - STALE]
    stale = {"left on the front page by mistake": len(posts) - len(kept)} if len(kept) < len(posts) else {}
    return kept, discourse.add(dropped, stale)


def _recognised(url: str) -> str | None:
    """The list behind a web address of Hacker News."""
    parts = urlsplit(addresses.safe(url) or "")
    host, path = (parts.hostname or "").removeprefix("www."), parts.path.strip("/")
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if host == "hn.algolia.com":
        return url.strip() if path.startswith("api/v1/search") else _by_date(query=asked.get("query"), tags="story")
    if host == "news.ycombinator.com":
        return _list_of(path, asked.get("id"), asked.get("site"))
    return FIREBASE if host == "hacker-news.firebaseio.com" else None


def _list_of(page: str, user: str | None, site: str | None) -> str | None:
    """The list that a page of the site shows."""
    if page in ("submitted", "user", "threads") and user:
        return _by_date(tags=f"{'comment' if page == 'threads' else 'story'},author_{user}")
    if page == "from" and site:
        return _by_date(query=site, tags="story", restrictSearchableAttributes="url")
    return _LISTS.get(page)


def _by_date(**asked: str | None) -> str:
    held = {name: value for name, value in asked.items() if value}
    return f"{ALGOLIA}/search_by_date?{urlencode({**held, 'hitsPerPage': '100'})}"
