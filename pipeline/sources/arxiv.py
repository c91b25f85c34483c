"""arXiv: new papers of categories or of a question, by its Atom API, with their abstracts as text.

Versions of a paper (2104.12255v1, v2) are one record, whose abstract changes. The API is asked once in three seconds,
as its manual wishes. It sometimes answers a page with no entry although it counts some: that page is asked once more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from pipeline import records
from pipeline.domain import Batch, Cursor, Raw, Source, TextQuality
from pipeline.errors import HttpStatus, ParseError, SourceError
from pipeline.language.words import is_stop, tokens
from pipeline.protocols import Reply
from pipeline.sources import Kind, Tools, answers, feed, listings, moments
from pipeline.sources.feed import Entry, Parsed, Payload

PLATFORM = "arXiv"
API = "https://export.arxiv.org/api/query"
PAGES = "https://arxiv.org/abs"
PACE = 3.0
LIMIT = 200
PAGE = 100  # entries of one request
SUBMITTED = "submittedDate"
WORDS = 10  # of a question that are asked for
OVERLAP = timedelta(days=1)  # announced late, under a date of submission that was passed already

ARCHIVES = frozenset(
    "astro-ph cond-mat cs econ eess gr-qc hep-ex hep-lat hep-ph hep-th math math-ph nlin nucl-ex nucl-th physics "
    "q-bio q-fin quant-ph stat".split()
)
_WHOLE = frozenset("gr-qc hep-ex hep-lat hep-ph hep-th math-ph nucl-ex nucl-th quant-ph".split())  # no parts
_CATEGORY = re.compile(r"([a-z]+(?:-[a-z]+)?)(?:\.([A-Z]{2}|[a-z]+(?:-[a-z]+)*|\*))?")
_ID = re.compile(r"(?P<id>\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?")
_LIST = re.compile(r"https?://(?:(?:www|export|rss)\.)?arxiv\.org/(?:list|rss|atom)/(?P<name>[\w.+-]+)", re.I)
_REFUSAL = re.compile(rb"<summary[^>]{0,80}>([^<]{1,200})")
_REFUSED = "arXiv refuses the query: {}; correct the address"
_QUERY = re.compile(r"https?://(?:www\.|export\.)?arxiv\.org/api/query\?.+", re.I)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of the API: parameters, how many papers at most, and up to when they were read before."""

    parameters: Mapping[str, str]
    limit: int
    until: datetime | None = None

    def stamp(self, entry: Entry) -> datetime | None:
        """The time by which the answer is sorted."""
        updated = self.parameters.get("sortBy") == "lastUpdatedDate"
        return moments.timestamp(entry.more.get("updated", "")) if updated else entry.published


@dataclass(slots=True)
class _Read:
    """What the pages gave; `whole` when each that was wanted came."""

    listed: list[listings.Listed] = field(default_factory=list)
    raws: list[Raw] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    newest: datetime | None = None
    whole: bool = True

    def broken_off(self, why: str) -> _Read:
        """What came before a page that did not; the next night begins where this one did."""
        self.notes.append(why)
        self.whole = False
        return self


class ArxivSource:
    """Adapter of kind "arxiv"."""

    about: ClassVar[Kind] = Kind(
        summary="New papers of arXiv's categories, or those that answer a query, with their abstracts as text.",
        address='categories ("cs.CL cs.AI"), a query ("all:electron AND cat:cs.CL"), or the address of an API query',
        options={
            "limit": f"papers of one night, {LIMIT}",
            "sort": f'"{SUBMITTED}" (new papers, the default) or "lastUpdatedDate" (new versions as well)',
            "primary_only": "leave out papers that are merely cross-listed in the categories, false",
            "api": f"the API, {API}",
        },
        seen="genuine answers",
        default_address=API,
        spec="https://info.arxiv.org/help/api/user-manual.html",
    )
    links_to_pages = False

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @staticmethod
    def recognise(url: str) -> Mapping[str, object] | None:
        """The settings that read a listing, feed or API query of arXiv; None for any other address."""
        if _QUERY.fullmatch(url.strip()):
            return {"kind": "arxiv", "address": url.strip()}
        match = _LIST.match(url.strip())
        if match is None:
            return None
        wanted = match["name"].replace("+", " ")
        return {"kind": "arxiv", "address": wanted} if categories(wanted) else None

    def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
        """Papers since the last reading, newest first. Raises FetchError, ParseError or ConfigurationError."""
        base, held, words = listings.place(source, API)
        query = _query(words) or held.get("search_query", "")
        sort = answers.option(source, "sort", held.get("sortBy", SUBMITTED))
        wanted = {
            **held,
            "search_query": query if "id_list" in held else listings.standing(source, query),
            "sortBy": sort,
            "sortOrder": "descending",
        }
        limit = answers.number(source, "limit", LIMIT, most=2000)
        return self._batch(source, base, _Asked(wanted, limit, moments.timestamp(cursor.position or "")), now)

    def search(self, source: Source, query: str, now: datetime, *, days: int, limit: int) -> Batch:
        """Papers of the last `days` days that hold all words of `query`. Raises FetchError or ParseError."""
        base, _, _ = listings.place(source, API)
        words = [word for word in tokens(query) if not is_stop(word)] or tokens(query)
        since = now - timedelta(days=days)
        asked = " AND ".join(f"all:{word}" for word in words[:WORDS])
        span = f"submittedDate:[{since:%Y%m%d%H%M} TO {now:%Y%m%d%H%M}]"
        sorting = {"sortBy": SUBMITTED, "sortOrder": "descending"}
        wanted = {"search_query": f"{asked} AND {span}" if asked else span, **sorting}
        return self._batch(source, base, _Asked(wanted, max(1, min(limit, PAGE))), now)

    # --- pages of an answer ------------------------------------------------------------------------------------------

    def _batch(self, source: Source, base: str, asked: _Asked, now: datetime) -> Batch:
        read = self._pages(source, base, asked)
        found, dropped = listings.gather(read.listed[: asked.limit], source, now)
        ahead = [at for at in (asked.until, read.newest if read.whole else None) if at]
        position = min(now, max(ahead)).isoformat() if ahead else None
        return Batch(found, Cursor(position=position), dropped=dropped, notes=tuple(read.notes), raws=tuple(read.raws))

    def _pages(self, source: Source, base: str, asked: _Asked) -> _Read:
        """Pages up to the limit, or to what was read before. The failure of a later page than the first is a note."""
        read = _Read()
        only = _categories_of(source) if source.options.get("primary_only") is True else frozenset()
        for start in range(0, asked.limit, PAGE):
            size = min(PAGE, asked.limit - start)
            paged = {**asked.parameters, "start": str(start), "max_results": str(size)}
            try:
                reply, parsed = self._page(listings.with_parameters(base, paged), start)
            except SourceError as error:
                if not start:
                    raise
                return read.broken_off(f"{start} papers came, the rest waits for the next night: {error}")
            total = _total(parsed)
            if not parsed.entries and start < total:
                return read.broken_off(f"it counts {total} papers and gave none after {start}; they wait")
            read.raws.append(listings.raw_of(reply))
            read.listed += listings.read_from(read.raws[-1], (_item(entry, only) for entry in parsed.entries))
            stamps = [at for entry in parsed.entries if (at := asked.stamp(entry))]
            read.newest = max([*stamps, *([read.newest] if read.newest else [])], default=None)
            if len(parsed.entries) < size or start + size >= total:
                return read
            if asked.until and stamps and min(stamps) < asked.until - OVERLAP:
                return read
        if asked.until:
            read.notes.append(f"more than {asked.limit} papers are new; the older ones are not read (see `limit`)")
        return read

    def _page(self, url: str, start: int) -> tuple[Reply, Parsed]:
        """A page, asked once more where it holds nothing although papers are counted. Raises FetchError, ParseError."""
        reply, parsed = self._once(url)
        return self._once(url) if not parsed.entries and start < _total(parsed) else (reply, parsed)

    def _once(self, url: str) -> tuple[Reply, Parsed]:
        try:
            reply, parsed = listings.feed(self._tools, url, parse, home=True, pace=PACE)
        except HttpStatus as error:
            said = _REFUSAL.search(error.body) if error.status == 400 else None
            if said is None:
                raise
            raise ParseError(_REFUSED.format(said[1].decode("utf-8", "replace"))) from None
        if parsed is None:
            raise ParseError(f"{url} answered that nothing has changed, which was not asked")
        for entry in parsed.entries:
            if "/api/errors" in entry.guid:
                raise ParseError(_REFUSED.format(entry.more.get("summary", "")[:200]))
        return reply, parsed


# --- entries ---------------------------------------------------------------------------------------------------------


def parse(payload: Payload) -> Parsed:
    """An answer of the API, in a worker process. Raises ParseError."""
    if payload.body[:200].strip().startswith(b"Rate exceeded"):
        raise ParseError("it was asked too often; it is asked again next night")
    return feed.parse(payload, _more)


def _more(found: Any) -> Mapping[str, str]:
    """Of an entry: its plain title, abstract, authors and primary category; of the feed: how many there are."""
    primary = found.get("arxiv_primary_category")
    people = [str(author.get("name", "")) for author in found.get("authors", ())[:1000]]
    return {
        "title": str(found.get("title", "")),
        "summary": str(found.get("summary", ""))[: records.MAX_TEXT],
        "authors": listings.people(people),
        "primary": str(primary.get("term", "")) if isinstance(primary, dict) else "",
        "updated": str(dict.get(found, "updated", "")),
        "total": str(found.get("opensearch_totalresults", "")),
    }


def _item(entry: Entry, only: frozenset[str]) -> listings.Listed:
    match = _ID.search(entry.guid.rpartition("/abs/")[2] or entry.guid)
    if match is None:
        return "no paper"
    primary = entry.more.get("primary", "")
    if only and not any(_within(primary, category) for category in only):
        return "cross-listed only"
    return records.Item(
        native_id=match["id"],
        url=f"{PAGES}/{match['id']}",
        title=" ".join(entry.more.get("title", "").split()),
        body=_paragraphs(entry.more.get("summary", "")),
        quality=TextQuality.FULL,  # the abstract is the whole of what is listed; its last sentence is not cut off
        platform=PLATFORM,
        published=entry.published,
        publisher=PLATFORM,
        author=entry.more.get("authors", ""),
        lang="en",
        dated=entry.date,
    )


def _paragraphs(abstract: str) -> str:
    """`abstract` with its hard line ends undone; an indented line begins a paragraph."""
    return re.sub(r"[^\S\n]*\n(?![^\S\n]|\n)", " ", abstract.strip())


def _total(parsed: Parsed) -> int:
    """How many papers answer the query, by the API's count."""
    return listings.whole(parsed.more.get("total", "")) or 0


# --- questions -------------------------------------------------------------------------------------------------------


def categories(words: str) -> tuple[str, ...]:
    """The categories that `words` names, "cs.*" for a whole archive; empty where one of them is none."""
    found = []
    for word in words.replace(",", " ").split():
        match = _CATEGORY.fullmatch(word)
        if match is None or match[1] not in ARCHIVES:
            return ()
        found.append(word if match[2] or match[1] in _WHOLE else f"{word}.*")
    return tuple(found)


def _query(words: str) -> str:
    named = categories(words)
    return " OR ".join(f"cat:{name}" for name in named) if named else words


def _categories_of(source: Source) -> frozenset[str]:
    _, held, words = listings.place(source, API)
    return frozenset(categories(words) or re.findall(r"\bcat:([\w.*-]+)", words or held.get("search_query", "")))


def _within(category: str, wanted: str) -> bool:
    return category == wanted or (wanted.endswith(".*") and category.partition(".")[0] == wanted[:-2])
