"""Hugging Face: the papers of its daily list, with their abstracts as text and the votes they got.

A paper of arXiv is the record of its page there, so that it is one with what arXiv itself lists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from pipeline import addresses, records
from pipeline.domain import Batch, Cursor, Source, TextQuality
from pipeline.errors import ParseError
from pipeline.sources import Kind, Tools, answers, listings, moments

NAME = "Hugging Face"
API = "https://huggingface.co/api/daily_papers"
SITE = "https://huggingface.co/papers"
ARXIV = "https://arxiv.org/abs"
LIMIT = 100
MOST = 100  # of one answer
LONGEST = 250  # characters of a question
_ARXIV_ID = re.compile(r"\d{4}\.\d{4,5}")
_ID = re.compile(r"[\w.-]{1,100}")


class HuggingFaceSource:
    """Adapter of kind "huggingface"."""

    about: ClassVar[Kind] = Kind(
        summary="Papers of Hugging Face's daily list, with abstracts, votes and comments.",
        address="the API of the list, of one day with ?date=2026-05-03",
        options={
            "limit": f"papers of one night, {LIMIT} (the most)",
            "min_upvotes": "leave out papers with fewer votes, 0",
            "pages": f"where its pages of papers are, {SITE}",
        },
        default_address=API,
        spec="https://huggingface.co/docs/hub/api",
    )
    links_to_pages = False

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @staticmethod
    def recognise(url: str) -> Mapping[str, object] | None:
        """The settings that read the daily list, given its page or API; None for other addresses."""
        parts = urlsplit(addresses.safe(url) or "")
        if parts.hostname not in ("huggingface.co", "www.huggingface.co"):
            return None
        listed = re.fullmatch(r"/(?:api/daily_papers|papers(?:/(?:date|week|month)/[\w-]+|/trending)?)/?", parts.path)
        return {"kind": "huggingface", "address": API} if listed else None

    def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
        """Papers of the list. Raises FetchError or ParseError."""
        base, held, _ = listings.place(source, API)
        limit = answers.number(source, "limit", LIMIT, most=MOST)
        return self._batch(source, listings.with_parameters(base, {"limit": str(limit), **held}), now)

    def search(self, source: Source, query: str, now: datetime, *, days: int, limit: int) -> Batch:
        """Papers that answer `query`, those of the last `days` days, best first. Raises FetchError or ParseError."""
        base, _, _ = listings.place(source, API)
        found = f"{base.rpartition('/')[0]}/papers/search"
        asked = {"q": query[:LONGEST], "limit": str(max(1, min(limit, MOST)))}
        batch = self._batch(source, listings.with_parameters(found, asked), now, since=now - timedelta(days=days))
        return replace(batch, records=batch.records[: max(1, limit)])

    def _batch(self, source: Source, url: str, now: datetime, *, since: datetime | None = None) -> Batch:
        with listings.explained(NAME, {}):
            answer, raw = listings.answer(self._tools, url, home=True)
        if not isinstance(answer, list):
            raise ParseError(f"{url.partition('?')[0]} gave no list of papers; check the address")
        least = answers.number(source, "min_upvotes", 0, most=10**6) if since is None else 0
        listed = listings.read_from(raw, (_item(paper, source, least) for paper in answer))
        found, dropped = listings.gather(listed, source, now, since=since)
        return Batch(found, Cursor(), dropped=dropped, raws=(raw,))


def _item(entry: object, source: Source, least: int) -> listings.Listed:
    """A paper of the list: most of it stands under `paper`, the number of comments beside it."""
    paper: Any = answers.value(entry, "paper") or entry
    identity = answers.text(paper, "id")
    if not _ID.fullmatch(identity):
        return "no paper"
    page = f"{answers.base(source, 'pages', SITE)}/{identity}"
    engagement = answers.counts(paper, upvotes="upvotes") | answers.counts(entry, comments="numComments")
    if engagement.get("upvotes", 0) < least:
        return "fewer votes than wanted"
    written = answers.text(paper, "publishedAt") or answers.text(entry, "publishedAt")
    known = bool(_ARXIV_ID.fullmatch(identity))
    return records.Item(
        native_id=identity,
        url=f"{ARXIV}/{identity}" if known else page,
        title=answers.text(paper, "title") or answers.text(entry, "title"),
        body=" ".join((answers.text(paper, "summary") or answers.text(entry, "summary")).split()),
        quality=TextQuality.FULL,  # the abstract, as arXiv has it
        platform=NAME,
        published=moments.timestamp(written),
        publisher="arXiv" if known else NAME,
        author=listings.people(answers.text(one, "name") for one in answers.objects(paper, "authors")),
        lang="en",
        discussion_url=page,
        engagement=engagement,
        via=(NAME,),
        dated=written,
    )
