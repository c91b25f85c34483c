"""X: posts of the last week that answer a query, by the recent search of its API v2, with a bearer token.

A post is a record with its own words; a page that it links, and of which the API gives a card, is a second one. The
cursor is the newest post's id; ids hold the time of their making, and one older than the week that can be searched is
not sent. Reposts are not asked for.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qsl, unquote, urlsplit

from pipeline import addresses, records
from pipeline.domain import Batch, Cursor, Raw, Source, TextQuality
from pipeline.errors import FetchError, ParseError
from pipeline.sources import Kind, Tools, answers, discourse, listings, moments

NAME = "X"
API = "https://api.x.com/2/tweets/search/recent"
SITE = "https://x.com"
VARIABLE = "X_BEARER_TOKEN"
PAGES = 3
LEAST, MOST = 10, 100  # posts of one answer
LONGEST = 512  # characters of a query
WEEK = timedelta(days=7) - timedelta(minutes=5)
_EPOCH = 1_288_834_974_657  # milliseconds; ids count from here, in their upper bits
_OWN_HOSTS = frozenset({"x.com", "twitter.com", "t.co"})
_REPOST = "retweeted"
_ADVICE = {
    400: "it does not understand the query or one of its operators is not of this plan",
    401: f"it does not know the token in {VARIABLE} (or in what `key_env` names)",
    402: "the credits of this account are used up",
    403: "the plan of this token does not include the recent search",
}
_FIELDS = {
    "tweet.fields": "created_at,public_metrics,lang,entities,referenced_tweets,note_tweet",
    "expansions": "author_id",
    "user.fields": "username,name",
}


@dataclass(slots=True)
class _Read:
    """What the pages gave."""

    listed: list[listings.Listed] = field(default_factory=list)
    raws: list[Raw] = field(default_factory=list)
    newest: int = 0
    notes: list[str] = field(default_factory=list)
    whole: bool = True  # every page that was wanted came


class XSource:
    """Adapter of kind "x"."""

    about: ClassVar[Kind] = Kind(
        summary="Posts of the last seven days that answer a query, with a bearer token of X's paid API.",
        address='a query in X\'s syntax ("harbour lang:en"), or the address of the recent search',
        options={
            "key_env": f"the environment variable that holds the bearer token, {VARIABLE}",
            "pages": f"answers of {MOST} posts that one night asks for, {PAGES}",
            "query": "the query, where `address` is the API's",
            "api": f"the API, {API}",
        },
        spec="https://docs.x.com/x-api/posts/search/introduction",
    )
    links_to_pages = True

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @staticmethod
    def recognise(url: str) -> Mapping[str, object] | None:
        """The settings that read an account, hashtag or search; None for other addresses."""
        parts = urlsplit(addresses.safe(url) or "")
        name = (parts.hostname or "").removeprefix("www.").removeprefix("mobile.")
        if name not in ("x.com", "twitter.com"):
            return None
        first, *rest = parts.path.strip("/").split("/")
        if first == "search":
            query = dict(parse_qsl(parts.query)).get("q", "")
        elif first == "hashtag" and rest:
            query = f"#{unquote(rest[0])}"
        else:
            plain = not rest and first.isascii() and first.replace("_", "").isalnum() and len(first) <= 15
            query = f"from:{first}" if plain and first not in ("home", "explore", "i", "settings") else ""
        return {"kind": "x", "address": query} if query else None

    def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
        """Posts since the last reading, newest first. Raises FetchError, ParseError or ConfigurationError."""
        base, held, words = listings.place(source, API)
        query = listings.standing(source, words or held.get("query", ""))
        asked = {**held, "query": _without_reposts(query), "max_results": str(MOST), **_since(cursor.position, now)}
        pages = answers.number(source, "pages", PAGES, most=50)
        read = self._pages(source, base, asked, pages)
        if not read.whole:
            return self._batch(source, read, now, cursor)
        last = str(max(read.newest, _number(cursor.position or ""))) if read.newest else cursor.position
        return self._batch(source, read, now, Cursor(position=last))

    def search(self, source: Source, query: str, now: datetime, *, days: int, limit: int) -> Batch:
        """Posts of the last `days` days (seven at most) that answer `query`, best first.

        Raises FetchError, ParseError or ConfigurationError.
        """
        base, _, _ = listings.place(source, API)
        since = now - min(timedelta(days=days), WEEK)
        asked = {
            "query": _without_reposts(query),
            "max_results": str(max(LEAST, min(limit, MOST))),
            "sort_order": "relevancy",
            "start_time": f"{since:%Y-%m-%dT%H:%M:%SZ}",
        }
        return self._batch(source, self._pages(source, base, asked, 1), now, Cursor())

    # --- pages -------------------------------------------------------------------------------------------------------

    def _pages(self, source: Source, base: str, asked: Mapping[str, str], most: int) -> _Read:
        """Up to `most` pages. What a later page fails with is a note; the first one's failure is raised."""
        token = listings.key(self._tools, source, VARIABLE, NAME)
        read, following = _Read(), ""
        for page in range(most):
            url = listings.with_parameters(base, {**asked, **_FIELDS, "next_token": following})
            try:
                answer, raw = self._ask(url, token)
            except (FetchError, ParseError) as error:
                if not page:
                    raise
                read.notes.append(f"{page} of its pages came, the rest waits for the next night: {error}")
                read.whole = False
                return read
            posts = answers.objects(answer, "data")
            users = {answers.text(user, "id"): user for user in answers.objects(answer, "includes", "users")}
            read.raws.append(raw)
            read.listed += listings.read_from(raw, (one for post in posts for one in _listed(post, users)))
            read.newest = max([read.newest, *(_number(answers.text(post, "id")) for post in posts)])
            read.notes += _partial(answer)
            following = answers.text(answer, "meta", "next_token")
            if not following:
                return read
        if most > 1:
            read.notes.append(f"there is more than {most} pages hold; older posts are not read (see `pages`)")
        return read

    def _ask(self, url: str, token: str) -> tuple[Any, Raw]:
        headers = {"Authorization": f"Bearer {token}"}
        with listings.explained(NAME, _ADVICE, token):
            answer, raw = listings.answer(self._tools, url, headers=headers, home=True)
        if not isinstance(answers.value(answer, "meta"), Mapping) and not answers.objects(answer, "data"):
            said = "; ".join(_partial(answer)) or "neither posts nor a count of them"
            raise ParseError(f"{NAME} gave no answer to the query: {said}")
        return answer, raw

    def _batch(self, source: Source, read: _Read, now: datetime, cursor: Cursor) -> Batch:
        found, dropped = listings.gather(read.listed, source, now)
        return Batch(found, cursor, dropped=dropped, notes=tuple(read.notes), raws=tuple(read.raws))


def _without_reposts(query: str) -> str:
    """`query` with reposts left out, within the length that is taken."""
    if "is:retweet" in query:
        return query[:LONGEST]
    short = query[: LONGEST - len("() -is:retweet")]
    return f"({short}) -is:retweet" if " OR " in short else f"{short} -is:retweet"


def _since(position: str | None, now: datetime) -> dict[str, str]:
    """The bound of what is new; none where the last post read is older than the week that can be searched."""
    last = _number(position or "")
    made = moments.from_seconds(((last >> 22) + _EPOCH) / 1000) if last else None
    return {"since_id": str(last)} if made and made > now.astimezone(UTC) - WEEK else {}


def _number(identity: str) -> int:
    return int(identity) if identity.isascii() and identity.isdigit() and len(identity) < 20 else 0


def _partial(answer: object) -> list[str]:
    """What an answer says it had to leave out, a line for each kind of trouble."""
    said = [answers.text(one, "detail") or answers.text(one, "title") for one in answers.objects(answer, "errors")]
    own = answers.text(answer, "detail") or answers.text(answer, "title")
    return list(dict.fromkeys(" ".join(line.split())[:200] for line in (own, *said) if line))[:5]


# --- posts -----------------------------------------------------------------------------------------------------------


def _listed(post: Mapping[str, Any], users: Mapping[str, Mapping[str, Any]]) -> Iterator[listings.Listed]:
    """A post, then the pages that it links."""
    identity = answers.text(post, "id")
    roles = {answers.text(one, "type") for one in answers.objects(post, "referenced_tweets")}
    if not _number(identity):
        yield "no post"
        return
    if _REPOST in roles:
        yield "repost"
        return
    links = _links(post)
    own = _post(post, identity, users.get(answers.text(post, "author_id"), {}), links)
    if "replied_to" in roles:
        own = replace(own, kind="comment")
    pages = list(_pages_of(links))
    yield from discourse.with_page(own, pages[0] if pages else None)
    yield from (discourse.article(page, own) for page in pages[1:] if page.title)


def _post(
    post: Mapping[str, Any], identity: str, user: Mapping[str, Any], links: list[Mapping[str, Any]]
) -> records.Item:
    handle, shown = answers.text(user, "username"), answers.text(user, "name")
    url = f"{SITE}/{handle or 'i/web'}/status/{identity}"
    return records.Item(
        native_id=identity,
        url=url,
        title="",
        body=_words(post, links),
        quality=TextQuality.FULL,
        platform=NAME,
        kind="post",
        published=moments.timestamp(answers.text(post, "created_at")),
        publisher=NAME,
        author=f"{shown} (@{handle})" if shown and handle else handle or shown,
        lang=_language(answers.text(post, "lang")),
        discussion_url=url,
        engagement=answers.counts(
            answers.value(post, "public_metrics"),
            likes="like_count",
            reposts="retweet_count",
            replies="reply_count",
            quotes="quote_count",
            views="impression_count",
        ),
        dated=answers.text(post, "created_at"),
    )


def _links(post: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The links of a post, those of its long form where it has one."""
    return answers.objects(post, "note_tweet", "entities", "urls") or answers.objects(post, "entities", "urls")


def _words(post: Mapping[str, Any], links: list[Mapping[str, Any]]) -> str:
    """Its text, long form first, with shortened links written out and those to its own pictures and quotes left out."""
    text = answers.text(post, "note_tweet", "text") or answers.text(post, "text")
    for link in links:
        short = answers.text(link, "url")
        if short:
            text = text.replace(short, _target(link) or "")
    return html.unescape(text)


def _target(link: Mapping[str, Any]) -> str | None:
    """The page behind a shortened link, None for one on X itself."""
    found = addresses.safe(answers.text(link, "unwound_url") or answers.text(link, "expanded_url"))
    return found if found and addresses.registrable(found) not in _OWN_HOSTS else None


def _pages_of(links: list[Mapping[str, Any]]) -> Iterator[discourse.Page]:
    """The pages elsewhere that a post links, with what their cards say."""
    for link in links:
        target = _target(link)
        if target:
            yield discourse.Page(target, answers.text(link, "title"), answers.text(link, "description"))


def _language(tag: str) -> str | None:
    """A language tag; X writes "und", "zxx" and tags that begin with "q" where there is none."""
    return None if tag in ("und", "zxx") or (tag.startswith("q") and len(tag) == 3) else tag
