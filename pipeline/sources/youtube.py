"""YouTube: the videos of a channel or playlist, by its Atom feed, with their descriptions as text.

The feed holds the last fifteen videos, their views and likes. It marks short films by their address alone, and live
streams not at all. A channel known by its @handle only is found through the feed that its page announces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from pipeline import addresses, records
from pipeline.domain import Batch, Cursor, Source, TextQuality
from pipeline.errors import ConfigurationError
from pipeline.sources import Kind, Tools, answers, feed, listings
from pipeline.sources.feed import Entry, Parsed, Payload

PLATFORM = "YouTube"
SITE = "https://www.youtube.com"
FEEDS = f"{SITE}/feeds/videos.xml"
_CHANNEL = re.compile(r"UC[\w-]{22}")
_PLAYLIST = re.compile(r"(?:PL|UU|FL|OL|LL)[\w-]{10,60}")
_VIDEO = re.compile(r"[\w-]{11}")
_HOSTS = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com"})


class YouTubeSource:
    """Adapter of kind "youtube"."""

    about: ClassVar[Kind] = Kind(
        summary="The last fifteen videos of a channel or playlist, with their descriptions as text.",
        address='the id of a channel ("UC...") or of a playlist ("PL..."), or the address of either or of its feed',
        options={
            "shorts": "also short films, true",
            "feeds": f"where feeds are, {FEEDS}",
        },
        seen="genuine answers",
        spec="https://developers.google.com/youtube/v3/guides/push_notifications",
    )
    links_to_pages = False

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @staticmethod
    def recognise(url: str) -> Mapping[str, object] | None:
        """The settings that read a channel, playlist or feed; None for other addresses, @handles among them."""
        wanted = _wanted(url)
        return {"kind": "youtube", "address": wanted[1]} if wanted else None

    def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
        """Videos of the feed. Raises FetchError, ParseError or ConfigurationError."""
        reply, parsed = listings.feed(self._tools, _feed_of(source), parse, cursor=cursor, home=True)
        if parsed is None:
            return Batch((), cursor, unchanged=True)
        shorts = source.options.get("shorts") is not False
        raw = listings.raw_of(reply)
        listed = listings.read_from(raw, (_item(entry, parsed, shorts) for entry in parsed.entries))
        found, dropped = listings.gather(listed, source, now)
        ahead = Cursor(reply.headers.get("etag"), reply.headers.get("last-modified"))
        return Batch(
            found,
            ahead,
            dropped=dropped,
            notes=listings.remarks(parsed),
            raws=(raw,),
            identity="\n".join(part for part in (parsed.title, parsed.site) if part) or None,
            moved_to=reply.url if reply.redirected_permanently else None,
        )


# --- addresses -------------------------------------------------------------------------------------------------------


def _wanted(url: str) -> tuple[str, str] | None:
    """Which parameter of a feed an address or id stands for, and its value."""
    for name, pattern in (("channel_id", _CHANNEL), ("playlist_id", _PLAYLIST)):
        if pattern.fullmatch(url.strip()):
            return name, url.strip()
    parts = urlsplit(addresses.safe(url) or "")
    held = parse_qs(parts.query)
    if parts.hostname not in _HOSTS:
        return None
    if parts.path == "/feeds/videos.xml":
        names = [(name, held[name][0]) for name in ("channel_id", "playlist_id") if name in held]
    elif parts.path.startswith("/channel/"):
        names = [("channel_id", parts.path.split("/")[2])]
    else:
        names = [("playlist_id", held["list"][0])] if parts.path == "/playlist" and "list" in held else []
    good = {"channel_id": _CHANNEL, "playlist_id": _PLAYLIST}
    return next(((name, value) for name, value in names if good[name].fullmatch(value)), None)


def _feed_of(source: Source) -> str:
    """The address of a source's feed. Raises ConfigurationError."""
    wanted = _wanted(source.address)
    if wanted:
        return listings.with_parameters(answers.base(source, "feeds", FEEDS), dict([wanted]))
    if "/feeds/videos.xml?" in source.address:
        return source.address.strip()
    raise ConfigurationError(
        f"{source.name}: {source.address[:100]!r} names no channel and no playlist",
        key="source.address",
        fix='address = "UC..." (`citewire sources add` finds the id of a channel page or @handle)',
    )


# --- entries ---------------------------------------------------------------------------------------------------------


def parse(payload: Payload) -> Parsed:
    """A feed, in a worker process. Raises ParseError."""
    return feed.parse(payload, _more)


def _more(found: Any) -> Mapping[str, str]:
    """Of an entry: its id, plain description, views and likes."""
    rating, statistics = found.get("media_starrating"), found.get("media_statistics")
    return {
        "video": str(found.get("yt_videoid", "")),
        "title": str(found.get("title", "")),
        "description": str(found.get("summary", ""))[: records.MAX_TEXT],
        "likes": str(rating.get("count", "")) if isinstance(rating, dict) else "",
        "views": str(statistics.get("views", "")) if isinstance(statistics, dict) else "",
    }


def _item(entry: Entry, parsed: Parsed, shorts: bool) -> listings.Listed:
    video = entry.more.get("video") or entry.guid.rpartition(":")[2]
    if not _VIDEO.fullmatch(video):
        return "no video"
    if not shorts and "/shorts/" in entry.link:
        return "short film"
    return records.Item(
        native_id=video,
        url=f"{SITE}/watch?v={video}",
        title=entry.more.get("title", ""),
        body=entry.more.get("description", ""),
        quality=TextQuality.SUMMARY,
        platform=PLATFORM,
        published=entry.published,
        publisher=entry.author or PLATFORM,
        author=entry.author,
        lang=entry.lang or parsed.lang,
        dated=entry.date,
        engagement=listings.engagement(entry.more, "views", "likes"),
    )
