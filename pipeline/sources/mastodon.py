"""Mastodon and what speaks like it: tag and account timelines of an instance, without a login where it allows that.

A token belongs to one instance. There is no default variable for it, so that it is never sent to another one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from pipeline import addresses
from pipeline.domain import Batch, Cursor, Raw, Source
from pipeline.errors import HttpStatus, ParseError
from pipeline.language.words import is_stop
from pipeline.sources import Kind, Tools, answers, discourse, listings, sessions
from pipeline.sources.listings import fragments, gather
from pipeline.sources.mastodon_posts import Taken, Told, chosen, listed

PAGE = 40  # https://docs.joinmastodon.org/methods/timelines/
LIMIT = 120
MOST = 400
TAGS = 3  # further tags that a search without a token asks for

_NAME = re.compile(r"@?[\w.-]{1,100}(?:@[\w.:-]{1,250})?")
_TAG = re.compile(r"\w{1,200}")
_NEXT = re.compile(r"<([^<>]{1,2000})>\s*;[^,<]{0,50}?rel=\"?next\b", re.I)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_WORD = re.compile(r"\w{3,40}")
_KNOWN = frozenset(
    "mastodon.social mastodon.online mastodon.world mas.to mstdn.social fosstodon.org hachyderm.io infosec.exchange "
    "chaos.social techhub.social newsie.social journa.host social.coop scholar.social sciences.social fediscience.org "
    "troet.cafe piaille.fr mastodon.nl ohai.social universeodon.com aus.social mathstodon.xyz sigmoid.social "
    "masto.ai me.dm indieweb.social floss.social social.vivaldi.net social.network.europa.eu toot.community".split()
)
_ADVICE = {
    401: "it shows its timelines to members only; name a token of an account there in `key_env`, or read elsewhere",
    403: "it refuses us, or shows its timelines to members only; a token in `key_env` may help",
    404: "it knows no such tag or account; correct the address",
    422: "it shows its timelines to members only; name a token of an account there in `key_env`, or read elsewhere",
}


_Pages = list[tuple[Sequence[Any], Raw]]


@dataclass(frozen=True, slots=True)
class Place:
    """An instance and the tag or the account (with or without its own instance) that is read there."""

    base: str
    tag: str = ""
    account: str = ""


class MastodonSource:
    """Adapter of kind "mastodon"."""

    links_to_pages = True
    about: ClassVar[Kind] = Kind(
        summary="Mastodon: the timeline of a tag or of an account, as an instance shows it; link cards give the "
        "article behind them",
        address='"https://INSTANCE/tags/TAG", "https://INSTANCE/@NAME" or "@NAME@INSTANCE"',
        options={
            "limit": f"most posts read in one night; {LIMIT}, at most {MOST}",
            "boosts": "true takes what an account boosts, as found through it; false",
            "replies": "true takes replies, as comments; false",
            "sensitive": "true takes posts behind a content warning, which becomes their headline; false",
            "key_env": "variable that holds a token of an account on this instance (scope read); none, and none needed "
            "where timelines are public. With it, a search asks for words; without, for tags",
        },
        seen="documented shapes; not yet seen live",
        default_address="https://mastodon.social",
        spec="https://docs.joinmastodon.org/methods/timelines/",
    )

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @staticmethod
    def recognise(url: str) -> Mapping[str, object] | None:
        """Tags and accounts on instances that are known, or that bear Mastodon in their name."""
        safe = addresses.safe(url)
        host = addresses.host(safe) if safe else None
        if safe is None or host is None or not (host in _KNOWN or re.search(r"(?:\A|\.)(?:mastodon|mstdn)\b", host)):
            return None
        place = _place(safe)
        return {"kind": "mastodon", "address": safe} if place and (place.tag or place.account) else None

    def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
        """Posts of the timeline since the last read, newest first. Raises FetchError or ParseError."""
        place = _place(source.address)
        if place is None or not (place.tag or place.account):
            raise ParseError(f"{source.address} names neither a tag nor an account; write https://INSTANCE/tags/TAG")
        boosts, replies, sensitive = (discourse.wanted(source, name) for name in ("boosts", "replies", "sensitive"))
        taken = Taken(boosts, replies, sensitive, unlisted=bool(place.account))
        headers, notes = self._headers(source), list[str]()
        since = cursor.position if _ID.fullmatch(cursor.position or "") else None
        with listings.explained(place.base, _ADVICE):
            url, asked = self._timeline(place, taken, headers)
            most = answers.number(source, "limit", LIMIT, most=MOST)
            asked |= {"since_id": since} if since else {}
            pages = self._pages(url, asked, most, headers, notes)
        newest = next((number for here, _ in pages for one in here if (number := _id(one))), None)
        batch = self._batch(pages, taken, source, now)
        return replace(batch, cursor=Cursor(position=newest or cursor.position), notes=tuple(notes))

    def search(self, source: Source, query: str, now: datetime, *, days: int, limit: int) -> Batch:
        """Public posts of the last `days` days: with a token those that hold the words of `query`, else those that
        bear them as tags. Raises FetchError or ParseError."""
        place, headers = _place(source.address), self._headers(source)
        if place is None:
            raise ParseError(f"{source.address} names no instance; write https://INSTANCE")
        taken = Taken(replies=True, sensitive=discourse.wanted(source, "sensitive"))
        notes: list[str] = []
        with listings.explained(place.base, _ADVICE):
            if headers:
                asked = {"q": discourse.question(query), "type": "statuses", "limit": str(max(1, min(limit, PAGE)))}
                url = listings.with_parameters(f"{place.base}/api/v2/search", asked)
                found, raw = listings.answer(self._tools, url, headers=headers)
                pages: _Pages = [(answers.objects(found, "statuses"), raw)]
            else:
                tag, others = _tags(query)
                notes.append("asked for tags, not for words: no token is configured")
                url = f"{place.base}/api/v1/timelines/tag/{quote(tag, safe='')}"
                most = max(1, min(limit, 2 * PAGE))
                pages = self._pages(url, {"any[]": others}, most, headers, []) if tag else []
        batch = self._batch(pages, taken, source, now, since=now - timedelta(days=days))
        return replace(batch, notes=tuple(notes))

    # --- asking ------------------------------------------------------------------------------------------------------

    def _headers(self, source: Source) -> dict[str, str]:
        """The header with the token of this instance; empty without one."""
        if not answers.option(source, "key_env"):
            return {}
        token = answers.key(self._tools, source, "", what="the token of the instance")
        return sessions.bearer(token) if token and sessions.plain(token) else {}

    def _timeline(self, place: Place, taken: Taken, headers: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
        """Address and parameters of a timeline; an account is looked up first."""
        if place.tag:
            return f"{place.base}/api/v1/timelines/tag/{quote(place.tag, safe='')}", {}
        url = f"{place.base}/api/v1/accounts/lookup?{urlencode({'acct': place.account})}"
        number = _id(answers.ask(self._tools, url, headers=headers, home=True))
        if number is None:
            raise ParseError(f"{place.base} gave no account for {place.account}; check the address")
        asked = {"exclude_replies": str(not taken.replies).lower(), "exclude_reblogs": str(not taken.boosts).lower()}
        return f"{place.base}/api/v1/accounts/{number}/statuses", asked

    def _pages(
        self, url: str, asked: Mapping[str, Any], most: int, headers: Mapping[str, str], notes: list[str]
    ) -> _Pages:
        """Statuses of a timeline, newest first, on as many pages as it takes for `most` of them."""
        found: _Pages = []
        count, below = 0, ""
        while count < most:
            more = {"limit": str(min(PAGE, most - count)), **({"max_id": below} if below else {})}
            query = urlencode({**asked, **more}, doseq=True, errors="replace")
            try:
                reply = self._tools.fetcher.get(
                    f"{url}?{query}",
                    limit=self._tools.settings.max_feed_bytes,
                    accept=answers.ACCEPT,
                    home=True,
                    headers=headers,
                )
            except HttpStatus as error:
                if not found:
                    raise
                notes.append(f"further pages were not read: {error}")
                break
            here = answers.read(reply)
            if not isinstance(here, list):
                raise ParseError(f"{url} gave a {type(here).__name__} where posts should be; check the address")
            found.append((here[: most - count], listings.raw_of(reply)))
            count += len(here)
            further = _below(reply.headers.get("link", ""))
            if not here or not further or further == below:
                break
            below = further
        if "since_id" in asked and count >= most:
            notes.append(f"only the newest {most} were read; raise `limit` if that loses posts")
        return found

    def _batch(
        self, pages: _Pages, taken: Taken, source: Source, now: datetime, *, since: datetime | None = None
    ) -> Batch:
        found = [one for here, raw in pages for status in here for one in chosen(status, taken, raw=raw.hash)]
        texts = fragments(self._tools, [one.item.body for one in found if isinstance(one, Told)])
        made, dropped = gather(discourse.in_words(self._tools, listed(found, texts)), source, now, since=since)
        return Batch(made, Cursor(), dropped=dropped, raws=tuple(raw for _, raw in pages))


def _id(status: object) -> str | None:
    found = answers.text(status, "id")
    return found if _ID.fullmatch(found) else None


def _below(link: str) -> str:
    """The id below which the next page begins, of a Link header (RFC 8288). The rest of its address is not believed."""
    match = _NEXT.search(link[:4000])
    found = parse_qs(urlsplit(match[1]).query).get("max_id", [""])[0] if match and "[" not in match[1] else ""
    return found if _ID.fullmatch(found) else ""


def _tags(query: str) -> tuple[str, list[str]]:
    """The tag that holds all words of `query`, and those of some of its words; "" where it holds none."""
    words = [word for word in _WORD.findall(query.casefold()) if not is_stop(word)]
    whole = "".join(re.findall(r"\w+", query.casefold()))[:100]
    return whole, list(dict.fromkeys(words))[:TAGS] if len(words) > 1 else []


def _place(address: str) -> Place | None:
    """Instance and timeline that an address as a person writes it names; None where it names no instance."""
    text = address.strip()
    if "://" not in text:
        name, _, host = text.removeprefix("@").partition("@")
        text = f"https://{host}/@{name}" if name and host else ""
    base = addresses.origin(text)
    if base is None:
        return None
    base = base.removesuffix(":443") if base.startswith("https:") else base.removesuffix(":80")
    match [unquote(step) for step in urlsplit(addresses.safe(text) or "").path.strip("/").split("/")]:
        case ["tags", tag] | ["api", "v1", "timelines", "tag", tag] if _TAG.fullmatch(tag):
            return Place(base, tag=tag)
        case [name] if name.startswith("@") and _NAME.fullmatch(name) and not name.endswith((".rss", ".json")):
            return Place(base, account=name.removeprefix("@"))
        case [""]:
            return Place(base)
    return None
