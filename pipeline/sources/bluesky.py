"""Bluesky: posts of accounts, lists and feeds without a login; searches with an app password.

What needs no login is asked of the public AppView, a search of the account's own server (PDS), which passes it on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from pipeline import addresses
from pipeline.domain import Batch, Cursor, Raw, Source
from pipeline.errors import ConfigurationError, HttpStatus, ParseError
from pipeline.sources import Kind, Tools, answers, discourse, listings
from pipeline.sources.bluesky_login import PDS, Login
from pipeline.sources.bluesky_places import ACTOR, Place, place_of
from pipeline.sources.bluesky_posts import SITE, Taken, doubtful, each_once, listed, of_post
from pipeline.sources.listings import Listed, gather, read_from
from pipeline.sources.moments import timestamp

API = "https://public.api.bsky.app"
PAGE = 100
LIMIT = 100
MOST = 500
SEARCH_PAGES = 3
MAX_CURSOR = 500

_ASKED = {
    "author": ("app.bsky.feed.getAuthorFeed", "actor"),
    "list": ("app.bsky.feed.getListFeed", "list"),
    "feed": ("app.bsky.feed.getFeed", "feed"),
}
_ADVICE = {
    400: "it knows no such account, list or feed, or the account is closed; correct the address",
    401: "this needs a login, which only a search is asked with",
    403: "it refuses readers without a login here; try again another night, or another `api`",
    404: "there is no such account, list or feed; correct the address",
}


_Pages = list[tuple[Sequence[Mapping[str, Any]], Raw]]
_Get = Callable[[Mapping[str, str]], tuple[Any, Raw]]


class BlueskySource:
    """Adapter of kind "bluesky"."""

    links_to_pages = True
    about: ClassVar[Kind] = Kind(
        summary="Bluesky: posts of an account, a list or a feed, without a login; searches with an app password. "
        "Link cards, also of quoted posts, give the article behind them",
        address='A handle ("harbour.example"), a did, an at:// address of a feed or list, or a page: '
        '"https://bsky.app/profile/NAME", ".../profile/NAME/lists/KEY", ".../profile/NAME/feed/KEY", '
        '"https://bsky.app/search?q=WORDS" or "https://bsky.app/hashtag/TAG" (both need a login)',
        options={
            "limit": f"most posts read in one night; {LIMIT}, at most {MOST}",
            "reposts": "true takes what an account reposts, as found through it; false",
            "replies": "true takes replies, as comments; false (a search takes them always)",
            "nsfw": "true takes posts labelled as adult or graphic; false",
            "identifier": "handle of the account that searches; else of the variable in `identifier_env`",
            "identifier_env": "variable that holds that handle; BLUESKY_IDENTIFIER",
            "key_env": "variable that holds its app password (Settings, Privacy and security, App passwords); "
            "BLUESKY_APP_PASSWORD",
            "pds": f'the account\'s own server; "{PDS}"',
            "api": f'the AppView that is asked without a login; "{API}"',
        },
        seen="genuine answers of May 2025: feeds, lists, searches, quotes, labels; the login as documented",
        default_address=f"{SITE}/search",
        spec="https://docs.bsky.app/docs/category/http-reference",
    )

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @staticmethod
    def recognise(url: str) -> Mapping[str, object] | None:
        """Profiles, lists, feeds, hashtags and searches on bsky.app, and at:// addresses; a single post is none."""
        place = place_of(url) if url.startswith("at://") or addresses.host(url) == "bsky.app" else None
        known = place is not None and (place.kind != "search" or place.key)
        return {"kind": "bluesky", "address": url.strip()} if known else None

    def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
        """Posts of the account, list, feed or standing search since the last read.

        Raises FetchError, ParseError, and ConfigurationError for a search without a login.
        """
        place = place_of(source.address)
        if place is None or (place.kind == "search" and not place.key):
            raise ParseError(f"{source.address} names no account, list, feed or search of Bluesky's; write a handle")
        taken = Taken(*(discourse.wanted(source, name) for name in ("reposts", "replies", "nsfw")))
        most = answers.number(source, "limit", LIMIT, most=MOST)
        seen, did = _held(cursor)
        since = None if place.kind == "feed" else seen
        notes: list[str] = []
        if place.kind == "search":
            found = self._found(source, place.key, {"sort": "latest"}, most, notes)
            pages: _Pages = [([{"post": post} for post in posts], raw) for posts, raw in found]
        else:
            with listings.explained("Bluesky", _ADVICE):
                get = self._asker(source, place, taken)
                pages = self._pages(get, "feed", most, notes, lambda one: since is not None and _before(one, since))
        now_did = _owner(pages, place)
        if did and now_did and did != now_did:
            raise ParseError(
                f"{place.actor} was {did} and is {now_did} now: another account bears the name, and nothing was taken. "
                "Write the did of the one that you mean as the address"
            )
        batch = self._batch(pages, lambda entry: listed(entry, taken), source, now)
        return replace(batch, cursor=_ahead(pages, cursor, now_did or did, now), notes=tuple(notes))

    def search(self, source: Source, query: str, now: datetime, *, days: int, limit: int) -> Batch:
        """Posts that answer `query` in the last `days` days, best first.

        Raises FetchError, ParseError, and ConfigurationError where there is no login to search with.
        """
        since = now - timedelta(days=days)
        asked = {"sort": "top", "since": f"{since:%Y-%m-%dT%H:%M:%SZ}", "until": f"{now:%Y-%m-%dT%H:%M:%SZ}"}
        notes: list[str] = []
        pages = self._found(source, discourse.question(query), asked, max(1, min(limit, PAGE * SEARCH_PAGES)), notes)
        taken = Taken(replies=True, nsfw=discourse.wanted(source, "nsfw"))
        batch = self._batch(pages, lambda post: of_post(post, taken), source, now, since=since)
        return replace(batch, notes=tuple(notes))

    # --- asking ------------------------------------------------------------------------------------------------------

    def _asker(self, source: Source, place: Place, taken: Taken) -> _Get:
        """What asks for a page of a feed."""
        api = answers.base(source, "api", API)
        method, name = _ASKED[place.kind]
        asked = {name: self._named(api, place)}
        if place.kind == "author":
            asked["filter"] = "posts_with_replies" if taken.replies else "posts_no_replies"

        def get(more: Mapping[str, str]) -> tuple[Any, Raw]:
            url = listings.with_parameters(f"{api}/xrpc/{method}", {**asked, **more})
            return listings.answer(self._tools, url, home=True)

        return get

    def _named(self, api: str, place: Place) -> str:
        """The actor, or the at:// address of a list or feed, which names its owner by did."""
        if place.kind == "author":
            return place.actor
        did = place.actor
        if not did.startswith("did:"):
            query = urlencode({"handle": did})
            answer = answers.ask(self._tools, f"{api}/xrpc/com.atproto.identity.resolveHandle?{query}")
            did = answers.text(answer, "did")
            if not ACTOR.fullmatch(did) or not did.startswith("did:"):
                raise ParseError(f"Bluesky gave no account for {place.actor}; check the address")
        return f"at://{did}/{place.collection}/{place.key}"

    def _found(self, source: Source, words: str, asked: Mapping[str, str], most: int, notes: list[str]) -> _Pages:
        """Posts that a search finds."""
        login = Login.of(self._tools, source)
        if login is None:
            raise ConfigurationError(
                f"{source.name}: Bluesky answers searches with a login only, and none is configured",
                key="source.key_env",
                fix="export BLUESKY_IDENTIFIER=... BLUESKY_APP_PASSWORD=... before the run",
            )

        def get(more: Mapping[str, str]) -> tuple[Any, Raw]:
            return login.ask("app.bsky.feed.searchPosts", {"q": words, **asked, **more})

        return self._pages(get, "posts", most, notes)

    def _pages(
        self,
        get: _Get,
        name: str,
        most: int,
        notes: list[str],
        known: Callable[[Mapping[str, Any]], bool] = lambda _: False,
    ) -> _Pages:
        """The members of `name` on as many pages as it takes for `most` of them, or until one is `known`."""
        found: _Pages = []
        count, after = 0, ""
        while count < most:
            more = {"limit": str(min(PAGE, most - count)), **({"cursor": after} if after else {})}
            try:
                answer, raw = get(more)
            except HttpStatus as error:
                if not found:
                    raise
                notes.append(f"further pages were not read: {error}")
                break
            if not isinstance(answers.value(answer, name), list):
                raise ParseError(f"Bluesky gave no {name} where posts should be; check the address")
            here = answers.objects(answer, name)[: most - count]
            found.append((here, raw))
            count += len(here)
            further = answers.text(answer, "cursor")
            if not here or not further or further == after or len(further) > MAX_CURSOR or any(map(known, here)):
                break
            after = further
        return found

    def _batch(
        self,
        pages: _Pages,
        take: Callable[[Mapping[str, Any]], Sequence[Listed]],
        source: Source,
        now: datetime,
        *,
        since: datetime | None = None,
    ) -> Batch:
        """Records of `pages`; those of posts from the future are marked, with the date as it was written."""
        found = [one for here, raw in pages for member in here for one in read_from(raw, take(member))]
        made, dropped = gather(discourse.in_words(self._tools, each_once(found)), source, now, since=since)
        posts = [answers.value(member, "post") or member for here, _ in pages for member in here]
        claims = {answers.text(p, "uri"): answers.text(p, "record", "createdAt") for p in posts if doubtful(p)}
        marked = tuple(
            replace(one, date_doubtful=True, dated=claims[one.native_id][:100]) if one.native_id in claims else one
            for one in made
        )
        return Batch(marked, Cursor(), dropped=dropped, raws=tuple(raw for _, raw in pages))


def _held(cursor: Cursor) -> tuple[datetime | None, str]:
    """Up to when posts were read, and whose account a handle was then; "" for not known."""
    seen, _, did = (cursor.position or "").partition(" ")
    return timestamp(seen), did if did.startswith("did:") else ""


def _owner(pages: _Pages, place: Place) -> str:
    """The account that a handle belongs to; "" where the address is no handle, or its posts do not tell."""
    if place.kind != "author" or place.actor.startswith("did:"):
        return ""
    authors = (answers.value(entry, "post", "author") for here, _ in pages for entry in here if not entry.get("reason"))
    named = (author for author in authors if answers.text(author, "handle").lower() == place.actor.lower())
    return next((did for author in named if ACTOR.fullmatch(did := answers.text(author, "did"))), "")


def _ahead(pages: _Pages, before: Cursor, did: str, now: datetime) -> Cursor:
    """The cursor after `pages`: the newest time that the server itself has given, and the account."""
    told = [timestamp(answers.text(entry, "post", "indexedAt")) for here, _ in pages for entry in here]
    newest = max((when for when in (*told, _held(before)[0]) if when and when <= now + timedelta(days=1)), default=None)
    return Cursor(position=f"{newest.isoformat()} {did}".strip()) if newest else before


def _before(entry: Mapping[str, Any], since: datetime) -> bool:
    """Whether an entry was in its place before `since`; what is pinned on top says nothing."""
    if answers.text(entry, "reason", "$type").endswith("#reasonPin"):
        return False
    placed = answers.text(entry, "reason", "indexedAt") or answers.text(entry, "post", "indexedAt")
    moment = timestamp(placed)
    return moment is not None and moment < since
