"""Bluesky's posts as what becomes records of them: text, links, cards, quotes, labels, times. Pure.

Shapes: the lexicons app.bsky.feed.defs, app.bsky.embed.*, app.bsky.richtext.facet and com.atproto.label.defs at
https://github.com/bluesky-social/atproto/tree/main/lexicons. Of an embed the server's view is read, not the record's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pipeline import addresses, records
from pipeline.domain import TextQuality
from pipeline.sources import answers
from pipeline.sources.discourse import Page, with_page, written_out
from pipeline.sources.listings import Listed
from pipeline.sources.moments import timestamp

PLATFORM = "Bluesky"
SITE = "https://bsky.app"
REPOST, REPLY, HIDDEN, MEMBERS, ADULT, LOST, OTHER = (
    "reposts",
    "replies",
    "hidden by its moderators",
    "shown to members only, as its author asks",
    "not safe for work",
    "quoted post that is gone or blocked",
    "not a post",
)
SKEW = timedelta(minutes=2)  # of clocks; https://docs.bsky.app/docs/advanced-guides/timestamps

_URI = re.compile(r"at://(did:[a-z0-9]{1,20}:[A-Za-z0-9._:%-]{1,200})/app\.bsky\.feed\.post/([A-Za-z0-9._~:-]{1,100})")
_DID = re.compile(r"did:[a-z0-9]{1,20}:[A-Za-z0-9._:%-]{1,200}")
_HIDING = frozenset({"!hide", "!takedown", "!suspend", "!warn"})
_ADULTS = frozenset({"porn", "sexual", "nudity", "nsfl", "gore", "graphic-media"})
_MOST_FACETS = 50


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken although it is left out by default."""

    reposts: bool = False
    replies: bool = False
    nsfw: bool = False


def listed(entry: Mapping[str, Any], taken: Taken) -> list[Listed]:
    """What of an entry of a feed (`feedViewPost`) becomes records, or the rule that leaves it out."""
    post = answers.value(entry, "post")
    reposted = answers.text(entry, "reason", "$type").endswith("#reasonRepost")
    if reposted and not taken.reposts:
        return [REPOST]
    by = answers.text(entry, "reason", "by", "did")
    carrier = f"{SITE}/profile/{by}" if _DID.fullmatch(by) else ""
    return of_post(post, taken, via=(PLATFORM, carrier) if reposted and carrier else ())


def of_post(post: object, taken: Taken, *, via: tuple[str, ...] = ()) -> list[Listed]:
    """What of a post (`postView`) becomes records, or the rule that leaves it out. `via`: who carried it on."""
    talk = _talk(post, "record", via)
    if not isinstance(post, Mapping) or talk is None:
        return [OTHER]
    if talk.kind == "comment" and not taken.replies:
        return [REPLY]
    rule = labelled(post, "record", taken)
    if rule:
        return [rule]
    embed = answers.value(post, "embed")
    found: list[Listed] = [*with_page(talk, _card(embed))]
    return found + [one for quoted in _quoted(embed) for one in _of_quoted(quoted, talk, taken)]


def labelled(post: Mapping[str, Any], words: str, taken: Taken) -> str:
    """The rule by which the labels of a post, its author or its own record leave it out; "" for none."""
    given = [
        *answers.objects(post, "labels"),
        *answers.objects(post, "author", "labels"),
        *answers.objects(post, words, "labels", "values"),
    ]
    values = {answers.text(label, "val") for label in given if label.get("neg") is not True}
    if values & _HIDING:
        return HIDDEN
    if "!no-unauthenticated" in values:
        return MEMBERS
    return ADULT if values & _ADULTS and not taken.nsfw else ""


def doubtful(post: object) -> bool:
    """Whether a post claims to be written after the server saw it: clients may claim anything."""
    claimed, seen = _claimed(post, "record"), timestamp(answers.text(post, "indexedAt"))
    return bool(claimed and seen and claimed > seen + SKEW)


def _talk(post: object, words: str, via: tuple[str, ...]) -> records.Item | None:
    """The post itself; None where it has no address or no text. `words` is where its record stands."""
    uri = _URI.fullmatch(answers.text(post, "uri"))
    said = answers.value(post, words)
    if uri is None or not isinstance(answers.value(said, "text"), str):
        return None
    root = _URI.fullmatch(answers.text(said, "reply", "root", "uri"))
    own = page(uri)
    return records.Item(
        native_id=uri[0],
        url=own,
        title="",
        body=_text(said),
        quality=TextQuality.FULL,
        platform=PLATFORM,
        kind="comment" if isinstance(answers.value(said, "reply"), Mapping) else "post",
        published=_moment(post, words),
        publisher=PLATFORM,
        author=_person(post, uri[1]),
        lang=_language(said),
        discussion_url=page(root) if root else own,
        engagement=answers.counts(
            post, likes="likeCount", reposts="repostCount", replies="replyCount", quotes="quoteCount"
        ),
        via=via,
    )


def page(uri: re.Match[str]) -> str:
    """The page of a post. It names the account by its lasting id: handles change hands."""
    return f"{SITE}/profile/{uri[1]}/post/{uri[2]}"


def _person(post: object, did: str) -> str:
    handle = answers.text(post, "author", "handle")
    return handle if handle and handle != "handle.invalid" else did


def _language(said: object) -> str | None:
    tags = answers.value(said, "langs")
    return next((tag for tag in tags if isinstance(tag, str)), None) if isinstance(tags, list) else None


def _claimed(post: object, words: str) -> datetime | None:
    return timestamp(answers.text(post, words, "createdAt"))


def _moment(post: object, words: str) -> datetime | None:
    """The earlier of when a client says it was written and when the server first saw it."""
    times = (_claimed(post, words), timestamp(answers.text(post, "indexedAt")))
    return min((moment for moment in times if moment), default=None)


def _text(said: Mapping[str, Any]) -> str:
    """The words of a post, its shortened links written out. Facets count bytes of UTF-8."""
    text = answers.text(said, "text")
    raw = text.encode("utf-8", "replace")
    for start, end, target in sorted(_links(said, len(raw)), reverse=True):
        try:
            shown = raw[start:end].decode("utf-8")
        except UnicodeDecodeError:
            continue
        raw = raw[:start] + written_out(shown, target).encode("utf-8", "replace") + raw[end:]
    return raw.decode("utf-8", "replace")


def _links(said: Mapping[str, Any], length: int) -> Iterator[tuple[int, int, str]]:
    """Start, end and target of links that do not overlap."""
    last = 0
    facets = answers.objects(said, "facets")[:_MOST_FACETS]
    spans = [(answers.value(f, "index", "byteStart"), answers.value(f, "index", "byteEnd"), f) for f in facets]
    sound = [
        span for span in spans if type(span[0]) is int and type(span[1]) is int and 0 <= span[0] < span[1] <= length
    ]
    for start, end, facet in sorted(sound, key=lambda span: span[:2]):
        targets = (addresses.safe(answers.text(one, "uri")) for one in answers.objects(facet, "features"))
        target = next((found for found in targets if found), None)
        if target and start >= last:
            last = end
            yield start, end, target


def _card(embed: object) -> Page | None:
    """The link card of a post, also beside a quote."""
    for holder in (embed, answers.value(embed, "media")):
        link = addresses.safe(answers.text(holder, "external", "uri"))
        if link:
            card = answers.value(holder, "external")
            return Page(link, answers.text(card, "title"), answers.text(card, "description"))
    return None


def _quoted(embed: object) -> list[Mapping[str, Any]]:
    """The record that a post quotes: of `record#view` itself, of `recordWithMedia#view` one level deeper."""
    found = answers.value(embed, "record")
    inner = answers.value(found, "record")
    quoted = inner if isinstance(inner, Mapping) and not answers.text(found, "uri") else found
    return [quoted] if isinstance(quoted, Mapping) else []


def _of_quoted(quoted: Mapping[str, Any], talk: records.Item, taken: Taken) -> list[Listed]:
    """What of a quoted post becomes records; nothing of a quoted list, feed or pack."""
    kind = answers.text(quoted, "$type").rpartition("#")[2]
    if kind in ("viewNotFound", "viewBlocked", "viewDetached"):
        return [LOST]
    item = _talk(quoted, "value", (PLATFORM, talk.url or ""))
    if item is None:
        return []
    rule = labelled(quoted, "value", taken)
    embeds = answers.objects(quoted, "embeds")
    return [rule] if rule else [*with_page(item, next((card for one in embeds if (card := _card(one))), None))]


def each_once(found: Sequence[Listed]) -> list[Listed]:
    """`found` without quoted posts that are listed themselves: what stands in the feed goes before what is quoted."""
    direct = {one.url for one in found if isinstance(one, records.Item) and not one.via}
    return [one for one in found if isinstance(one, str) or not one.via or one.url not in direct]
