"""Bluesky: posts of accounts, lists and feeds without a login; searches with an app password.

What needs no login is asked of the public AppView, a search of the account's own server (PDS), which passes it on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from pipeline import addresses
from pipeline.domain import Batch, Cursor, Source
from pipeline.errors import ConfigurationError, HttpStatus, ParseError
from pipeline.sources import Kind, Tools, answers, discourse, listings
from pipeline.sources.bluesky_login import PDS, Login
from pipeline.sources.bluesky_posts import SITE, Taken, doubtful, each_once, listed, of_post
from pipeline.sources.listings import Listed, gather
from pipeline.sources.moments import timestamp

API = "https://public.api.bsky.app"
PAGE = 100
LIMIT = 100
MOST = 500
SEARCH_PAGES = 3

_ACTOR = re.compile(r"did:[a-z0-9]{1,20}:[A-Za-z0-9._:%-]{1,200}|(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z][A-Za-z0-9-]{0,62}")
_KEY = re.compile(r"[A-Za-z0-9._~:-]{1,512}")
_COLLECTIONS = {"app.bsky.feed.generator": "feed", "app.bsky.graph.list": "list", "app.bsky.actor.profile": "author"}
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


@dataclass(frozen=True, slots=True)
class Place:
    """What an address names: "author", "list" or "feed" with actor and key, or "search" with its words."""

    kind: str
    actor: str = ""
    key: str = ""

    @property
    def collection(self) -> str:
        """The collection that a list or feed is kept in."""
        return next((name for name, kind in _COLLECTIONS.items() if kind == self.kind), "")


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
            "identifier": "handle of the account that searches; else of the variable in `identifier_env`, "
            "BLUESKY_IDENTIFIER",
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
        place = _place(url) if url.startswith("at://") or addresses.host(url) == "bsky.app" else None
        known = place is not None and (place.kind != "search" or place.key)
        return {"kind": "bluesky", "address": url.strip()} if known else None

    def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
        """Posts of the account, list, feed or standing search since the last read.

        Raises FetchError, ParseError, and ConfigurationError for a search without a login.
        """
        place = _place(source.address)
        if place is None or (place.kind == "search" and not place.key):
            raise ParseError(f"{source.address} names no account, list, feed or search of Bluesky's; write a handle")
        taken = Taken(*(discourse.wanted(source, name) for name in ("reposts", "replies", "nsfw")))
        most = answers.number(source, "limit", LIMIT, most=MOST)
        since = None if place.kind == "feed" else timestamp(cursor.position or "")
        notes: list[str] = []
        if place.kind == "search":
            posts = self._found(source, place.key, {"sort": "latest"}, most, notes)
            entries: Sequence[Any] = [{"post": post} for post in posts]
        else:
            with listings.explained("Bluesky", _ADVICE):
                get = self._asker(source, place, taken)
                entries = self._pages(get, "feed", most, notes, lambda one: since is not None and _before(one, since))
        found = [one for entry in entries for one in listed(entry, taken)]
        batch = self._batch(found, [answers.value(entry, "post") for entry in entries], source, now)
        seen = [moment for entry in entries if (moment := timestamp(answers.text(entry, "post", "indexedAt")))]
        newest = max(
            (moment for moment in (*seen, since) if moment and moment <= now + timedelta(days=1)), default=None
        )
        ahead = Cursor(position=newest.isoformat()) if newest else cursor
        return replace(batch, cursor=ahead, notes=tuple(notes))

    def search(self, source: Source, query: str, now: datetime, *, days: int, limit: int) -> Batch:
        """Posts that answer `query` in the last `days` days, best first.

        Raises FetchError, ParseError, and ConfigurationError where there is no login to search with.
        """
        since = now - timedelta(days=days)
        asked = {"sort": "top", "since": f"{since:%Y-%m-%dT%H:%M:%SZ}", "until": f"{now:%Y-%m-%dT%H:%M:%SZ}"}
        notes: list[str] = []
        posts = self._found(source, query[:500], asked, max(1, min(limit, PAGE * SEARCH_PAGES)), notes)
        taken = Taken(replies=True, nsfw=discourse.wanted(source, "nsfw"))
        batch = self._batch([one for post in posts for one in of_post(post, taken)], posts, source, now, since=since)
        return replace(batch, notes=tuple(notes))

    # --- asking ------------------------------------------------------------------------------------------------------

    def _asker(self, source: Source, place: Place, taken: Taken) -> Callable[[Mapping[str, str]], Any]:
        """What asks for a page of a feed."""
        api = answers.base(source, "api", API)
        method, name = _ASKED[place.kind]
        asked = {name: self._named(api, place)}
        if place.kind == "author":
            asked["filter"] = "posts_with_replies" if taken.replies else "posts_no_replies"

        def get(more: Mapping[str, str]) -> Any:
            return answers.ask(self._tools, f"{api}/xrpc/{method}?{urlencode({**asked, **more})}", home=True)

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
            if not _ACTOR.fullmatch(did) or not did.startswith("did:"):
                raise ParseError(f"Bluesky gave no account for {place.actor}; check the address")
        return f"at://{did}/{place.collection}/{place.key}"

    def _found(
        self, source: Source, words: str, asked: Mapping[str, str], most: int, notes: list[str]
    ) -> list[Mapping[str, Any]]:
        """Posts that a search finds."""
        login = Login.of(self._tools, source)
        if login is None:
            raise ConfigurationError(
                f"{source.name}: Bluesky answers searches with a login only, and none is configured",
                key="source.key_env",
                fix="export BLUESKY_IDENTIFIER=... BLUESKY_APP_PASSWORD=... before the run",
            )

        def get(more: Mapping[str, str]) -> Any:
            return login.ask("app.bsky.feed.searchPosts", {"q": words, **asked, **more})

        return self._pages(get, "posts", most, notes)

    def _pages(
        self,
        get: Callable[[Mapping[str, str]], Any],
        name: str,
        most: int,
        notes: list[str],
        known: Callable[[Mapping[str, Any]], bool] = lambda _: False,
    ) -> list[Mapping[str, Any]]:
        """The members of `name` on as many pages as it takes for `most` of them, or until one is `known`."""
        found: list[Mapping[str, Any]] = []
        after = ""
        while len(found) < most:
            more = {"limit": str(min(PAGE, most - len(found))), **({"cursor": after} if after else {})}
            try:
                answer = get(more)
            except HttpStatus as error:
                if not found:
                    raise
                notes.append(f"further pages were not read: {error}")
                break
            if not isinstance(answers.value(answer, name), list):
                raise ParseError(f"Bluesky gave no {name} where posts should be; check the address")
            here = answers.objects(answer, name)[: most - len(found)]
            found += here
            further = answers.text(answer, "cursor")
            if not here or not further or further == after or len(further) > 500 or any(map(known, here)):
                break
            after = further
        return found

    def _batch(
        self,
        found: Sequence[Listed],
        posts: Sequence[Any],
        source: Source,
        now: datetime,
        *,
        since: datetime | None = None,
    ) -> Batch:
        """Records of `found`; those of posts from the future are marked, with the date as it was written."""
        made, dropped = gather(each_once(found), source, now, since=since)
        claims = {answers.text(p, "uri"): answers.text(p, "record", "createdAt") for p in posts if doubtful(p)}
        marked = tuple(
            replace(one, date_doubtful=True, dated=claims[one.native_id][:100]) if one.native_id in claims else one
            for one in made
        )
        return Batch(marked, Cursor(), dropped=dropped)


def _before(entry: Mapping[str, Any], since: datetime) -> bool:
    """Whether an entry was in its place before `since`; what is pinned on top says nothing."""
    if answers.text(entry, "reason", "$type").endswith("#reasonPin"):
        return False
    placed = answers.text(entry, "reason", "indexedAt") or answers.text(entry, "post", "indexedAt")
    moment = timestamp(placed)
    return moment is not None and moment < since


def _place(address: str) -> Place | None:
    """What an address as a person writes it names; None where it names nothing that can be read."""
    text = address.strip()
    if text.startswith("at://"):
        return _of_uri(text)
    if "://" not in text:
        actor = text.removeprefix("@")
        return Place("author", actor) if _ACTOR.fullmatch(actor) else None
    parts = urlsplit(addresses.safe(text) or "")
    steps = [unquote(step) for step in parts.path.strip("/").split("/")]
    if steps[0] == "search":
        return Place("search", key=" ".join(parse_qs(parts.query).get("q", ())))
    if steps[0] == "hashtag" and len(steps) == 2:
        return Place("search", key=f"#{steps[1]}")
    return _of_profile(steps[1:]) if steps[0] == "profile" else None


def _of_profile(steps: Sequence[str]) -> Place | None:
    """The account, list or feed of a page below /profile/."""
    kinds = {"lists": "list", "feed": "feed"}
    match steps:
        case [actor] if _ACTOR.fullmatch(actor):
            return Place("author", actor)
        case [actor, kind, key] if kind in kinds and _ACTOR.fullmatch(actor) and _KEY.fullmatch(key):
            return Place(kinds[kind], actor, key)
    return None


def _of_uri(uri: str) -> Place | None:
    """The account, list or feed of an at:// address (https://atproto.com/specs/at-uri-scheme)."""
    match uri.removeprefix("at://").rstrip("/").split("/"):
        case [actor] if _ACTOR.fullmatch(actor):
            return Place("author", actor)
        case [actor, collection, key] if collection in _COLLECTIONS and _ACTOR.fullmatch(actor) and _KEY.fullmatch(key):
            return Place(_COLLECTIONS[collection], actor, key)
    return None
