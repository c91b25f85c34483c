"""GDELT: what the world's online news wrote on a query in the last three months, by the DOC 2.0 list of articles.

The list gives addresses, headlines and when GDELT saw them; ingest reads the pages. The service asks for five seconds
between two requests, refuses in plain text with status 200, and escapes what JSON does not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from pipeline import addresses, records
from pipeline.domain import Batch, Cursor, Source, TextQuality
from pipeline.errors import HttpStatus, ParseError
from pipeline.language.words import is_stop
from pipeline.protocols import Reply
from pipeline.sources import Kind, Tools, answers, listings

NAME = "GDELT"
API = "https://api.gdeltproject.org/api/v2/doc/doc"
PACE = 5.0
MOST = 250  # articles of one answer
LIMIT = 250
DAYS = 1
WINDOW = 90  # days that can be searched
WORDS = 8  # of a question that are asked for
PAUSE = 900.0  # seconds for which it is left alone when it says that it was asked too often
_SHORT = 3  # letters below which a word is refused unless it stands in a phrase
_ESCAPE = re.compile(r'\\(u[0-9a-fA-F]{4}|["\\/bfnrt])|\\')
_SPACED = re.compile(r"(?<=\w) (?=[,.:;?!%](?:\s|\Z))")
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
# Languages by the names that GDELT gives them (data.gdeltproject.org/api/v2/guides/LOOKUP-LANGUAGES.TXT).
_LANGUAGES = dict(
    pair.split("=")
    for pair in (
        "afrikaans=af albanian=sq arabic=ar armenian=hy azerbaijani=az bengali=bn bosnian=bs bulgarian=bg catalan=ca "
        "chinese=zh croatian=hr czech=cs danish=da dutch=nl english=en estonian=et finnish=fi french=fr galician=gl "
        "georgian=ka german=de greek=el gujarati=gu hebrew=he hindi=hi hungarian=hu icelandic=is indonesian=id "
        "italian=it japanese=ja kannada=kn kazakh=kk korean=ko latvian=lv lithuanian=lt macedonian=mk malay=ms "
        "malayalam=ml marathi=mr mongolian=mn nepali=ne norwegian=no persian=fa polish=pl portuguese=pt punjabi=pa "
        "romanian=ro russian=ru serbian=sr sinhalese=si slovak=sk slovenian=sl somali=so spanish=es swahili=sw "
        "swedish=sv tamil=ta telugu=te thai=th turkish=tr ukrainian=uk urdu=ur vietnamese=vi"
    ).split()
)


class GdeltSource:
    """Adapter of kind "gdelt"."""

    about: ClassVar[Kind] = Kind(
        summary="Articles of the world's online news on a query, found by GDELT and read at their publishers.",
        address="a query in GDELT's syntax ('\"harbour fire\" sourcelang:english'), or the address of an API query",
        options={
            "days": f"how far back it looks every night, {DAYS}",
            "limit": f"articles of one night, {LIMIT} (the most)",
            "query": "the query, where `address` is the API's",
            "api": f"the API, {API}",
        },
        default_address=API,
        spec="https://blog.gdeltproject.org/gdelt-doc-2-0-api-debuts/",
    )
    links_to_pages = True
    outside_index = True  # the night says how much of its list no other source had

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @staticmethod
    def recognise(url: str) -> Mapping[str, object] | None:
        """The settings that read an API query; None for other addresses."""
        parts = urlsplit(addresses.safe(url) or "")
        known = parts.hostname == "api.gdeltproject.org" and parts.path == "/api/v2/doc/doc" and "query=" in parts.query
        return {"kind": "gdelt", "address": url.strip()} if known else None

    def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
        """Articles on the standing query, newest first. Raises FetchError, ParseError or ConfigurationError."""
        base, held, words = listings.place(source, API)
        named = {name.lower(): value for name, value in held.items()}
        asked = {
            "maxrecords": str(answers.number(source, "limit", LIMIT, most=MOST)),
            "sort": "datedesc",
            **named,
            "query": listings.standing(source, words or named.get("query", "")),
        }
        if "timespan" not in asked and "startdatetime" not in asked:
            asked["timespan"] = f"{answers.number(source, 'days', DAYS, most=WINDOW)}d"
        return self._batch(source, base, asked, now)

    def search(self, source: Source, query: str, now: datetime, *, days: int, limit: int) -> Batch:
        """Articles of the last `days` days that answer `query`, best first. Raises FetchError or ParseError."""
        base, _, _ = listings.place(source, API)
        since = now - timedelta(days=min(days, WINDOW))
        asked = {
            "query": phrases(query),
            "maxrecords": str(max(1, min(limit, MOST))),
            "sort": "hybridrel",
            "startdatetime": f"{since:%Y%m%d%H%M%S}",
            "enddatetime": f"{now:%Y%m%d%H%M%S}",
        }
        return self._batch(source, base, asked, now)

    def _batch(self, source: Source, base: str, asked: Mapping[str, str], now: datetime) -> Batch:
        url = listings.with_parameters(base, {**asked, "mode": "artlist", "format": "json"})
        settings = self._tools.settings
        reply = self._tools.fetcher.get(url, limit=settings.max_feed_bytes, accept=answers.ACCEPT, home=True, pace=PACE)
        answer = answer_of(reply)
        articles = answers.objects(answer, "articles")
        raw = listings.raw_of(reply)
        found, dropped = listings.gather(listings.read_from(raw, map(_item, articles)), source, now)
        notes = [f"the list is full at {len(articles)}: narrow the query"] if len(articles) >= MOST else []
        return Batch(found, Cursor(), dropped=dropped, notes=tuple(notes), raws=(raw,))


def phrases(query: str) -> str:
    """`query` as GDELT takes it: all words must be there; short ones form a phrase with the word behind them."""
    words = [word for word in _WORD.findall(query) if not is_stop(word.casefold())] or _WORD.findall(query)
    groups: list[list[str]] = [[]]
    for word in words[:WORDS]:
        groups[-1].append(word)
        if len(word) >= _SHORT:
            groups.append([])
    *whole, rest = groups
    if rest and whole:
        whole[-1] += rest
    shown = [" ".join(group) for group in (whole or [rest])]
    return " ".join(f'"{group}"' if " " in group or "-" in group else group for group in shown)


def answer_of(reply: Reply) -> Any:
    """The JSON of an answer. Raises ParseError, or HttpStatus where it says in words that it was asked too often."""
    text = reply.body.decode("utf-8", "replace").strip()
    if not text.startswith("{"):
        said = " ".join(text.split())[:200]
        if "limit requests" in said.lower():
            raise HttpStatus(
                f"{NAME} was asked too often ({said}); it is asked again next night", status=429, retry_after=PAUSE
            )
        raise ParseError(f"{NAME} refuses the query: {said or 'an empty answer'}; correct the query")
    try:
        return json.loads(_ESCAPE.sub(lambda match: match[0] if match[1] else r"\\", text), strict=False)
    except (ValueError, RecursionError) as error:
        raise ParseError(
            f"the answer of {NAME} is not JSON ({str(error)[:100]}); it is asked again next night"
        ) from None


def _item(article: Mapping[str, Any]) -> listings.Listed:
    url = addresses.safe(answers.text(article, "url"))
    if url is None:
        return "no web address"
    lang = _LANGUAGES.get(answers.text(article, "language").lower())
    title = answers.text(article, "title")
    return records.Item(
        native_id=None,
        url=url,
        title=title if lang == "fr" else _SPACED.sub("", title),  # it sets spaces before every mark
        body="",
        quality=TextQuality.TITLE,
        platform="News",
        published=_seen(answers.text(article, "seendate")),
        publisher=addresses.registrable(url),
        lang=lang,
        via=(NAME,),
        dated=answers.text(article, "seendate"),
    )


def _seen(stamp: str) -> datetime | None:
    """When GDELT saw an article, within a quarter of an hour after it was published: "20260503T101500Z"."""
    try:
        return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
