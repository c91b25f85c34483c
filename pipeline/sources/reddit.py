"""Reddit: subreddits, multireddits, user pages, domains and searches, with top comments where wanted.

With an app (application-only OAuth) everything comes from its API, scores included. Without one, from its Atom feeds,
which hold no scores: keyless JSON has answered 403 since May 2026 and is never asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from pipeline import addresses, records
from pipeline.domain import Batch, Cursor, Raw, Record, Source
from pipeline.errors import HttpStatus, ParseError
from pipeline.sources import Kind, Tools, answers, discourse, listings
from pipeline.sources.listings import Listed, gather, read_from
from pipeline.sources.reddit_app import App
from pipeline.sources.reddit_places import Place, address_of, place_of
from pipeline.sources.reddit_posts import SITE, Taken, listed, of_entry, read_feed, spoken, things

API = "https://oauth.reddit.com"
PAGE = 100
LIMIT = 100
MOST = 500
PATIENCE = 3  # times the timeout of one request that all comments together may take
FEED_THREADS = 4  # threads read in one night without an app
NO_APP = "scores unavailable, NSFW and pinned posts not told apart: no Reddit app is configured, so Atom is read"

_SPANS = ((1, "day"), (7, "week"), (31, "month"), (366, "year"))
_ADVICE = {
    403: "it is private, banned or quarantined, or Reddit refuses this network",
    404: "there is no such subreddit or user, or it is banned; correct the address",
}
_FEED_ADVICE = _ADVICE | {
    403: "Reddit refuses keyless readers here; configure an app (REDDIT_CLIENT_ID, REDDIT_CLIENT_SECRET)",
    429: "Reddit answers few keyless requests; it is left alone for the pause, and an app would be answered",
}


_Pages = list[tuple[list[tuple[str, Mapping[str, Any]]], Raw]]


@dataclass(frozen=True, slots=True)
class _Talk:
    """Comments that were read, the cursor that remembers whose, and notes."""

    found: list[Listed]
    cursor: Cursor
    notes: list[str]


class RedditSource:
    """Adapter of kind "reddit"."""

    links_to_pages = True
    about: ClassVar[Kind] = Kind(
        summary="Reddit: subreddits, multireddits, user pages, domain listings and searches; by its API with an app, "
        "else by Atom, without scores. A link post gives the article behind it, a crosspost its original",
        address='Web address or path of a listing: "https://www.reddit.com/r/energy", "r/energy+grid/new", '
        '"r/energy/top?t=week", "user/NAME/m/MULTI", "domain/example.com", "search?q=grid"',
        options={
            "sort": '"hot", "new", "top", ... where the address names none; Reddit\'s own default',
            "limit": f"most posts asked in one night; {LIMIT}, at most {MOST}; without an app Reddit gives 25 to 100",
            "comments": "top comments of each new post, one request per post, most discussed posts first; 0, at most "
            f"{discourse.MOST_COMMENTS}",
            "nsfw": "true takes posts marked NSFW; false",
            "quarantined": "true takes posts of quarantined subreddits; false",
            "pinned": "true takes what moderators pinned; false",
            "client_id": "the app's id; else of the variable in `client_id_env`",
            "client_id_env": "variable that holds the app's id; REDDIT_CLIENT_ID",
            "key_env": "variable that holds the app's secret; REDDIT_CLIENT_SECRET",
            "api": f'base of the API; "{API}"',
            "token": 'where the app gets its token; "https://www.reddit.com/api/v1/access_token"',
        },
        seen="genuine answers: listings, comments, searches and errors of the API 2016 to 2025, feeds of 2015 to 2023; "
        "the token and the quota's headers as documented",
        default_address=SITE,
        spec="https://www.reddit.com/dev/api and https://github.com/reddit-archive/reddit/wiki/OAuth2",
    )

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @staticmethod
    def recognise(url: str) -> Mapping[str, object] | None:
        """Listings on reddit.com; a single thread is none."""
        safe = addresses.safe(url)
        if safe is None or addresses.registrable(safe) != "reddit.com":
            return None
        place = place_of(safe)
        return None if place is None else {"kind": "reddit", "address": address_of(SITE, place.path, place.asked)}

    def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
        """Posts of the listing. Raises FetchError or ParseError, ConfigurationError for half a login."""
        place = place_of(source.address, answers.option(source, "sort"))
        if place is None:
            raise ParseError(f"{source.address} is no listing of Reddit's; write it like r/energy or user/NAME")
        app = App.of(self._tools, source, answers.base(source, "api", API))
        if app is None:
            return self._read_feed(source, place, cursor, now)
        notes: list[str] = []
        pages = _pages(app, place, _most(source), notes)
        raws = [raw for _, raw in pages]
        batch = self._batch(_posts(pages, source), source, now, notes=notes)
        talk = self._talk(source, batch.records, cursor, lambda post, most: self._thread(app, post, most, raws))
        return self._joined(replace(batch, raws=tuple(raws)), talk, source, now)

    def search(self, source: Source, query: str, now: datetime, *, days: int, limit: int) -> Batch:
        """Posts that answer `query` in the last `days` days, of the source's subreddit if it has one.

        Raises FetchError or ParseError, ConfigurationError for half a login.
        """
        place = place_of(source.address) or Place(SITE, "", {})
        app = App.of(self._tools, source, answers.base(source, "api", API))
        span = next((name for most, name in _SPANS if days <= most), "all")
        asked = {"q": discourse.question(query), "sort": "relevance", "t": span, "limit": str(max(1, min(limit, PAGE)))}
        if place.subreddit:
            asked["restrict_sr"] = "1"
        since = now - timedelta(days=days)
        path = f"{place.subreddit}/search"
        if app is None:
            raws: list[Raw] = []
            with listings.explained("Reddit", _FEED_ADVICE):
                found = self._entries(address_of(place.site, f"{path}.rss", asked), place, raws)
            return self._batch(found, source, now, since=since, notes=(NO_APP,), raws=raws)
        pages = _pages(app, Place(place.site, path, {**asked, "type": "link"}), min(limit, PAGE), [])
        return self._batch(_posts(pages, source), source, now, since=since, raws=[raw for _, raw in pages])

    # --- with an app -------------------------------------------------------------------------------------------------

    def _thread(self, app: App, number: str, most: int, raws: list[Raw]) -> list[Listed]:
        """The first comments of a post, best first."""
        answer, raw = app.ask(f"/comments/{number}", {"limit": str(most + 3), "depth": "1", "sort": "top"})
        listing = answer[1] if isinstance(answer, list) and len(answer) > 1 else None
        replies = [data for kind, data in things(listing) if kind == "t1" and spoken(data)]
        raws.append(raw)
        return list(read_from(raw, [one for data in replies[:most] for one in listed("t1", data, Taken())]))

    # --- without -----------------------------------------------------------------------------------------------------

    def _read_feed(self, source: Source, place: Place, cursor: Cursor, now: datetime) -> Batch:
        asked = {**place.asked, "limit": str(min(_most(source), PAGE))}
        url = address_of(
            place.site, f"{place.path}/.rss" if not place.path.endswith("/search") else f"{place.path}.rss", asked
        )
        with listings.explained("Reddit", _FEED_ADVICE):
            reply, parsed = listings.feed(self._tools, url, read_feed, cursor=cursor, home=True, pace=place.pace)
        if parsed is None:
            return Batch((), cursor, unchanged=True)
        raws = [listings.raw_of(reply)]
        found = read_from(raws[0], [one for entry in parsed.entries for one in of_entry(entry)])
        batch = self._batch(list(found), source, now, notes=(NO_APP, *listings.remarks(parsed)))
        talk = self._talk(
            source, batch.records, cursor, lambda post, most: self._feed_thread(place, post, most, raws), FEED_THREADS
        )
        joined = self._joined(replace(batch, raws=tuple(raws)), talk, source, now)
        ahead = Cursor(reply.headers.get("etag"), reply.headers.get("last-modified"), joined.cursor.position)
        return replace(joined, cursor=ahead, moved_to=reply.url if reply.redirected_permanently else None)

    def _entries(self, url: str, place: Place, raws: list[Raw]) -> list[Listed]:
        """What a feed of search results lists."""
        reply, parsed = listings.feed(self._tools, url, read_feed, pace=place.pace)
        raws.append(listings.raw_of(reply))
        return list(
            read_from(raws[-1], [one for entry in (parsed.entries if parsed else ()) for one in of_entry(entry)])
        )

    def _feed_thread(self, place: Place, number: str, most: int, raws: list[Raw]) -> list[Listed]:
        url = address_of(place.site, f"/comments/{number}/.rss", {"limit": str(most + 3), "sort": "top"})
        reply, parsed = listings.feed(self._tools, url, read_feed, pace=place.pace)
        raws.append(listings.raw_of(reply))
        replies = [entry for entry in (parsed.entries if parsed else ()) if entry.guid.startswith("t1_")]
        said = [entry for entry in replies if "automoderator" not in entry.author.lower()]
        return list(read_from(raws[-1], [one for entry in said[:most] for one in of_entry(entry)]))

    # --- both --------------------------------------------------------------------------------------------------------

    def _talk(
        self,
        source: Source,
        posts: Sequence[Record],
        cursor: Cursor,
        thread: Callable[[str, int], list[Listed]],
        threads: int = discourse.THREADS,
    ) -> _Talk:
        """Top comments of those of `posts` whose threads no earlier night has read."""
        most, before = discourse.comments(source), discourse.remembered(cursor)
        if not most:
            return _Talk([], cursor, [])
        talked = {one.native_id: one.engagement.get("comments", 1) for one in posts if one.native_id.startswith("t3_")}
        new = [post for post, count in talked.items() if count and post not in before]
        busy = sorted(new, key=lambda post: (-talked[post], post))[:threads]
        patience = PATIENCE * self._tools.settings.timeout
        found, read, notes = discourse.each_thread(busy, lambda post: thread(post.removeprefix("t3_"), most), patience)
        return _Talk(found, Cursor(position=discourse.position(read, before)), notes)

    def _joined(self, batch: Batch, talk: _Talk, source: Source, now: datetime) -> Batch:
        """`batch` with the comments that were read besides."""
        more = self._batch(talk.found, source, now)
        known = {record.id for record in batch.records}
        said = tuple(record for record in more.records if record.id not in known)
        dropped = discourse.add(batch.dropped, more.dropped)
        told = (*batch.notes, *talk.notes)
        return replace(batch, records=(*batch.records, *said), cursor=talk.cursor, dropped=dropped, notes=told)

    def _batch(
        self,
        found: Sequence[Listed],
        source: Source,
        now: datetime,
        *,
        since: datetime | None = None,
        notes: Sequence[str] = (),
        raws: Sequence[Raw] = (),
    ) -> Batch:
        made, dropped = gather(discourse.in_words(self._tools, found), source, now, since=since)
        return Batch(made, Cursor(), dropped=dropped, notes=tuple(notes), raws=tuple(raws))


def _pages(app: App, place: Place, most: int, notes: list[str]) -> _Pages:
    """At most `most` things of a listing, on pages of 100."""
    where = place.path or "/"
    asked = dict(place.asked)
    found: _Pages = []
    seen = 0
    while seen < most:
        asked["limit"] = str(min(PAGE, most - seen))
        try:
            with listings.explained(f"Reddit ({where})", _ADVICE):
                answer, raw = app.ask(where, asked)
        except HttpStatus as error:
            if not found:
                raise
            notes.append(f"further pages were not read: {error}")
            break
        if answers.text(answer, "kind") != "Listing":
            raise ParseError(f"Reddit gave no listing for {where} ({_complaint(answer)}); check the address")
        here = list(things(answer))
        found.append((here, raw))
        seen += len(here)
        after = answers.text(answer, "data", "after")
        if not here or not after or after == asked.get("after"):
            break
        asked["after"] = after
    return found


def _posts(pages: _Pages, source: Source) -> list[Listed]:
    """What of `pages` becomes records, by the options of `source`."""
    taken = Taken(*(discourse.wanted(source, name) for name in ("nsfw", "quarantined", "pinned")))
    return [one for here, raw in pages for kind, data in here for one in read_from(raw, listed(kind, data, taken))]


def _most(source: Source) -> int:
    return answers.number(source, "limit", LIMIT, most=MOST)


def _complaint(answer: Any) -> str:
    """What an error body says, cut to a line."""
    said = answers.text(answer, "message") or answers.text(answer, "reason") or f"a {type(answer).__name__}"
    return records.name(said, 100) or "nothing"
