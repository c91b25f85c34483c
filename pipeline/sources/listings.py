"""What the adapters of indexes share: whom to ask what, feeds of a kind of their own, and items sorted from the rest.

An index (arXiv, a news search, a web search) lists what others published. Its adapter says what each entry is; here it
becomes a record or a count of what was left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from pipeline import records
from pipeline.domain import Cursor, Raw, Record, Source
from pipeline.errors import ConfigurationError, HttpStatus, ParseError
from pipeline.extract import fragment_text
from pipeline.language import cleaning
from pipeline.protocols import Reply
from pipeline.sources import Tools, answers
from pipeline.sources.feed import ACCEPT, Parsed, Payload

Listed = records.Item | str  # an entry, or the rule that leaves it out
MAX_NAMES = 180  # characters of an author line

_SUFFIX = re.compile(r"\s+[-–—|]\s+(?P<name>(?:(?!\s[-–—|]\s).){2,80})\Z")
_HOST = re.compile(r"\Awww\.|\.[a-z]{2,10}\Z", re.I)


# --- asking ----------------------------------------------------------------------------------------------------------


def place(source: Source, default: str) -> tuple[str, dict[str, str], str]:
    """Where `source` asks, the parameters that stand in its address, and its standing query ("" for none).

    A web address is asked itself; any other text is the query, put to the option `api`, or to `default`. The option
    `query` goes first.
    """
    address, query = source.address.strip(), answers.option(source, "query")
    if not address.lower().startswith(("http://", "https://")):
        return answers.base(source, "api", default), {}, query or address
    base, _, held = address.partition("#")[0].partition("?")
    return base.rstrip("/"), dict(parse_qsl(held)), query


def standing(source: Source, query: str) -> str:
    """`query`, which a nightly read cannot do without. Raises ConfigurationError."""
    if query:
        return query
    raise ConfigurationError(
        f"{source.name}: a source of kind {source.kind} asks one question every night, and none is given",
        key="source.query",
        fix='query = "what it should be asked"',
    )


def with_parameters(base: str, parameters: Mapping[str, str]) -> str:
    """`base` with `parameters`; empty ones are left out."""
    given = {name: value for name, value in parameters.items() if value}
    return f"{base}?{urlencode(given, errors='replace')}"


def key(tools: Tools, source: Source, variable: str, service: str) -> str:
    """The key of `service` in the option `key_env` or in `variable`. Raises ConfigurationError where there is none."""
    found = answers.key(tools, source, variable, what=f"the key of {service}")
    if found:
        return found
    raise ConfigurationError(
        f"{source.name}: {service} answers to a key only, and the environment variable {variable} is not set",
        key="source.key_env",
        fix=f"export {variable}=... before the run",
    )


@contextmanager
def explained(service: str, advice: Mapping[int, str], secret: str = "") -> Iterator[None]:
    """Say of a refusal what it means at this `service` (status -> what to do), and what it says itself.

    A `secret` that it repeats is left out.
    """
    try:
        yield
    except HttpStatus as error:
        said = refusal(error.body)
        if secret:
            said = said.replace(secret, "...")
        means = advice.get(error.status)
        if not said and not means:
            raise
        told = f'it says "{said}"' if said else ""
        raise HttpStatus(
            f"{service} answered {error.status}: {'; '.join(part for part in (means, told) if part)}",
            status=error.status,
            retry_after=error.retry_after,
            headers=error.headers,
            body=error.body,
        ) from None


def refusal(body: bytes) -> str:
    """What the JSON of a refusal says is wrong, on one line of at most 200 characters; "" where it says nothing."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    words = ("detail", "message", "error", "error_description", "title")
    nested = [answers.value(told, name) for name in words]
    found = [*nested, *(answers.value(one, name) for one in nested for name in words)]
    return next((line for one in found if isinstance(one, str) and (line := cleaning.line(one)[:200])), "")


def feed(
    tools: Tools,
    url: str,
    parse: Callable[[Payload], Parsed],
    *,
    cursor: Cursor | None = None,
    home: bool = False,
    pace: float = 0.0,
) -> tuple[Reply, Parsed | None]:
    """The feed at `url`, read by `parse` in a process that can be killed; None where it has not changed.

    Raises FetchError or ParseError.
    """
    settings = tools.settings
    reply = tools.fetcher.get(url, cursor=cursor, limit=settings.max_feed_bytes, accept=ACCEPT, home=home, pace=pace)
    if reply.status == 304:
        return reply, None
    payload = Payload(reply.body, reply.url, reply.headers.get("content-type", ""))
    outcome = next(iter(tools.engine.map(parse, [payload], timeout=settings.parse_timeout)))
    if not isinstance(outcome.value, Parsed):
        why = (outcome.error or "the parser gave nothing").removeprefix("ParseError: ")
        raise ParseError(f"{reply.url}: {why}")
    if outcome.value.broken and not outcome.value.entries:
        raise ParseError(f"{reply.url}: its XML is broken ({outcome.value.broken}) and no entry can be read")
    return reply, outcome.value


def answer(
    tools: Tools, url: str, *, headers: Mapping[str, str] | None = None, home: bool = False, pace: float = 0.0
) -> tuple[Any, Raw]:
    """The JSON value at `url`, and its bytes; see `answers.ask`. Raises FetchError or ParseError."""
    limit = tools.settings.max_feed_bytes
    reply = tools.fetcher.get(url, limit=limit, accept=answers.ACCEPT, home=home, headers=headers, pace=pace)
    return answers.read(reply), raw_of(reply)


def raw_of(reply: Reply) -> Raw:
    """The bytes of a reply, to be kept."""
    return Raw(reply.url, reply.headers.get("content-type", ""), reply.body)


def remarks(parsed: Parsed) -> tuple[str, ...]:
    """What is to be said of a feed that could be read."""
    broken = f"its XML is broken ({parsed.broken}); {len(parsed.entries)} entries could be read"
    return (broken,) if parsed.broken else ()


# --- reading ---------------------------------------------------------------------------------------------------------


def read_from(raw: Raw, listed: Iterable[Listed]) -> Iterator[Listed]:
    """`listed`, whose items say that they were read from `raw`."""
    return (one if isinstance(one, str) else replace(one, raw=raw.hash) for one in listed)


def gather(
    listed: Iterable[Listed], source: Source, now: datetime, *, since: datetime | None = None
) -> tuple[tuple[Record, ...], dict[str, int]]:
    """Records of `listed`, in its order and each once, and what was left out by which rule.

    `since`: what bears an older date was not asked for.
    """
    made: dict[str, Record] = {}
    dropped: dict[str, int] = {}
    for one in listed:
        record = None if isinstance(one, str) else records.record(one, source, now)
        rule = _left_out(one, record, made, since)
        if rule:
            dropped[rule] = dropped.get(rule, 0) + 1
        elif record is not None:
            made[record.id] = record
    return tuple(made.values()), dropped


def _left_out(one: Listed, record: Record | None, made: Mapping[str, Record], since: datetime | None) -> str:
    """The rule that leaves an entry out; "" for none."""
    if isinstance(one, str):
        return one
    if record is None:
        return "empty"
    if record.id in made:
        return "same page twice"
    return "older than asked" if since and record.published < since and not record.date_doubtful else ""


def fragments(tools: Tools, texts: Sequence[str]) -> list[str]:
    """The text of HTML fragments; those that hold markup are read in a worker process, and are "" where that fails."""
    marked = [at for at, text in enumerate(texts) if "<" in text or "&" in text]
    found = list(texts)
    limit = tools.settings.parse_timeout
    outcomes = tools.engine.map(fragment_text, [texts[at] for at in marked], timeout=limit) if marked else ()
    for at, outcome in zip(marked, outcomes, strict=True):
        found[at] = outcome.value if isinstance(outcome.value, str) else ""
    return found


def headline(title: str, publisher: str) -> str:
    """`title` without the name of its publisher, which indexes put behind it ("Quay opens - Harbour Wire")."""
    for _ in range(2):  # "... | NZZ - Neue Zürcher Zeitung"
        match = _SUFFIX.search(title)
        if match is None or not _names(match["name"], publisher):
            break
        title = title[: match.start()]
    return title


def _names(words: str, publisher: str) -> bool:
    """Whether `words` name the publisher: its name or host, a longer or shorter form, or what its letters mean."""
    name, said = _plain(_HOST.sub("", publisher)), _plain(words)
    if not name or not said:
        return False
    letters = "".join(word[0] for word in words.casefold().split())
    return name.startswith(said) or said.startswith(name) or letters == name or (len(name) > 2 and said.endswith(name))


def _plain(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())


def people(names: Iterable[str]) -> str:
    """An author line of at most 200 characters that ends with a name or with how many more there are."""
    known = [" ".join(name.split()) for name in names if name.strip()]
    line = ""
    for at, name in enumerate(known):
        longer = f"{line}, {name}" if line else name
        if len(longer) > MAX_NAMES and line:
            return f"{line} and {len(known) - at} others"
        line = longer
    return line


def whole(text: str) -> int | None:
    """The whole number that `text` writes in digits; None where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def engagement(more: Mapping[str, str], *names: str) -> dict[str, int]:
    """Engagement from what a feed writes in digits, under the same names."""
    found = {name: whole(more.get(name, "")) for name in names}
    return {name: number for name, number in found.items() if number is not None}
