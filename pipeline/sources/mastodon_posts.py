"""Mastodon's statuses as what becomes records of them: words, warnings, cards, boosts, quotes. Pure.

Shape: https://docs.joinmastodon.org/entities/Status/, which Pleroma, Akkoma, GoToSocial and others answer with as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from pipeline import addresses, records
from pipeline.domain import TextQuality
from pipeline.sources import answers
from pipeline.sources.discourse import Page, with_page
from pipeline.sources.listings import Listed
from pipeline.sources.moments import timestamp

PLATFORM = "Mastodon"
BOOST, REPLY, SENSITIVE, PRIVATE, UNINDEXED, LOST, OTHER = (
    "boosts",
    "replies",
    "behind a warning",
    "not public",
    "not to be indexed, as its author asks",
    "quoted post that is gone or not to be shown",
    "not a post",
)
_CARDS = ("link", "video")


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken although it is left out by default. `unlisted`: of an account that the desk has chosen."""

    boosts: bool = False
    replies: bool = False
    sensitive: bool = False
    unlisted: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A status that is taken: its item, whose body is HTML still, and the page that its card shows."""

    item: records.Item
    page: Page | None


def chosen(status: object, taken: Taken, via: tuple[str, ...] = (), *, raw: str | None = None) -> list[Told | str]:
    """What of a status is taken, the posts it boosts or quotes among it, or the rule that leaves it out."""
    if not isinstance(status, Mapping):
        return [OTHER]
    boosted = status.get("reblog")
    if isinstance(boosted, Mapping):
        carrier = addresses.safe(answers.text(status, "account", "url"))
        led = (PLATFORM, carrier) if carrier else (PLATFORM,)
        return chosen(boosted, taken, led, raw=raw) if taken.boosts else [BOOST]
    item = _item(status, via, raw)
    if item is None:
        return [OTHER]
    rule = left_out(status, taken)
    if rule:
        return [rule]
    return [Told(item, _card(status)), *_quoted(status.get("quote"), item, taken)]


def left_out(status: Mapping[str, Any], taken: Taken) -> str:
    """The rule that leaves a status out; "" for none."""
    shown = ("public", "unlisted") if taken.unlisted else ("public",)
    if answers.text(status, "visibility") not in shown or _truly(status, "account", "suspended"):
        return PRIVATE
    if _truly(status, "account", "noindex"):
        return UNINDEXED
    if (_truly(status, "sensitive") or answers.text(status, "spoiler_text").strip()) and not taken.sensitive:
        return SENSITIVE
    return REPLY if status.get("in_reply_to_id") is not None and not taken.replies else ""


def listed(found: Sequence[Told | str], texts: Sequence[str]) -> list[Listed]:
    """The records of what was taken; `texts` are the bodies of the taken, as plain text, in their order."""
    bodies = iter(texts)
    made: list[Listed] = []
    for one in found:
        made += (
            [one]
            if isinstance(one, str)
            else with_page(replace(one.item, body=next(bodies), had_markup=False), one.page)
        )
    return made


def _item(status: Mapping[str, Any], via: tuple[str, ...], raw: str | None) -> records.Item | None:
    """The status itself; None for one without an id or a page of its own."""
    uri = answers.text(status, "uri")
    url = addresses.safe(answers.text(status, "url")) or addresses.safe(uri)
    if url is None or not isinstance(answers.value(status, "content"), str):
        return None
    reply = status.get("in_reply_to_id") is not None
    return records.Item(
        native_id=uri or answers.text(status, "id") or url,
        url=url,
        title=answers.text(status, "spoiler_text"),
        body=_words(status),
        quality=TextQuality.FULL,
        platform=PLATFORM,
        kind="comment" if reply else "post",
        published=timestamp(answers.text(status, "created_at")),
        publisher=addresses.host(url) or PLATFORM,
        author=_person(status, url),
        lang=answers.text(status, "language"),
        discussion_url=url,
        engagement=answers.counts(
            status, favourites="favourites_count", boosts="reblogs_count", replies="replies_count"
        ),
        had_markup=True,
        via=via,
        raw=raw,
    )


def _person(status: Mapping[str, Any], url: str) -> str:
    """The whole name of the author; an instance leaves its own name out."""
    name = answers.text(status, "account", "acct") or answers.text(status, "account", "username")
    return name if "@" in name or not name else f"{name}@{addresses.host(url)}"


def _words(status: Mapping[str, Any]) -> str:
    """The HTML of what the author wrote: the content, and the options of a poll."""
    options = (answers.text(one, "title") for one in answers.objects(status, "poll", "options"))
    return answers.text(status, "content") + "".join(f"<p>{escape(line)}</p>" for line in options if line.strip())


def _card(status: Mapping[str, Any]) -> Page | None:
    """The page that the status links to (https://docs.joinmastodon.org/entities/PreviewCard/)."""
    card = status.get("card")
    link = addresses.safe(answers.text(card, "url"))
    if link is None or answers.text(card, "type") not in _CARDS:
        return None
    return Page(
        link,
        answers.text(card, "title"),
        answers.text(card, "description"),
        publisher=answers.text(card, "provider_name"),
        author=answers.text(card, "author_name"),
        published=timestamp(answers.text(card, "published_at")),
        lang=answers.text(card, "language"),
    )


def _quoted(quote: object, item: records.Item, taken: Taken) -> list[Told | str]:
    """The post that a status quotes, if it may be shown (https://docs.joinmastodon.org/entities/Quote/)."""
    if not isinstance(quote, Mapping):
        return []
    status = quote.get("quoted_status")
    if answers.text(quote, "state") != "accepted" or not isinstance(status, Mapping):
        return [LOST]
    inner = {name: value for name, value in status.items() if name not in ("quote", "reblog")}  # one level only
    return chosen(inner, taken, (PLATFORM, item.url or ""), raw=item.raw)


def _truly(values: object, *path: str) -> bool:
    return answers.value(values, *path) is True
