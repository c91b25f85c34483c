"""What is wrong with a source after one read of it, and the command or the line of TOML that mends it. Pure."""

from __future__ import annotations

import itertools
import json
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline import addresses, health
from pipeline.domain import Batch, Record, Source, SourceHealth
from pipeline.errors import (
    AddressRefused,
    ConfigurationError,
    FetchTimeout,
    HttpStatus,
    MissingExtra,
    Moved,
    ParseError,
    RobotsRefused,
    discreet,
)

SLOW = 10.0  # seconds of one request
STALE = timedelta(days=14)  # no source is stale before that,
UNUSUAL = 8  # nor before so many times its usual gap
ONCE = timedelta(days=15)  # what its usual gap is taken to be where too few items are dated to know it
GONE = (404, 410)
_PIP = re.compile(r"pip install [^\n]+")
_MEANT = re.compile(r"did you mean '([\w-]+)'")


@dataclass(frozen=True, slots=True)
class Look:
    """What one read of a source gave: a batch, or the error in its place. `slowest`: seconds of one request."""

    source: Source
    batch: Batch | None = None
    error: Exception | None = None
    slowest: float = 0.0
    instead: str | None = None  # address of the feed that was found where this one should be


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, or (`wrong` False) worth knowing, and the command or the line that mends it."""

    what: str
    fix: str
    wrong: bool = True


def diagnose(seen: Look, last: SourceHealth | None, now: datetime) -> tuple[Problem, ...]:
    """What is wrong with a source, worst first. Pure."""
    if seen.batch is None:
        return (_failed(seen),)
    problems = [*_identity(seen.source, seen.batch, last)]
    items = sorted(seen.batch.records, key=lambda record: record.published)
    if items:
        problems += _age(items, now)
    elif not seen.batch.unchanged:
        problems.append(_empty(seen.source, seen.batch, last))
    if last is not None and last.silent and items and not _woken(items, last):
        about = f"about {last.usual:.0f} new items a night" if last.usual else "new items"
        problems.append(
            Problem(f"silent: it used to bring {about} and has brought none for {last.empties} nights", _open(seen))
        )
    if seen.slowest > SLOW:
        problems.append(
            Problem(f"slow: one request took {seen.slowest:.0f} s", "timeout = 60.0   (under [ingest]), if it fails")
        )
    notes = [note for note in seen.batch.notes if items or "no item" not in note]
    return (*problems, *(_noted(note) for note in notes))


def _failed(seen: Look) -> Problem:
    """The error of a read, and what mends it."""
    error, source = seen.error, seen.source
    what = health.what(error)
    if seen.instead is not None:
        return Problem(what, _line(seen.instead))
    if isinstance(error, Moved):
        return Problem(what, f"citewire sources accept {shell(source.name)}")
    if isinstance(error, ConfigurationError):
        meant = _MEANT.search(what)
        return Problem(what, f'kind = "{meant[1]}"' if meant else error.fix or "see docs/sources.md")
    if isinstance(error, MissingExtra):
        pip = _PIP.search(str(error))
        return Problem(what, pip[0] if pip else "install the package that provides it")
    if isinstance(error, HttpStatus):
        return Problem(what, _status_fix(error, source))
    told: tuple[tuple[type[Exception], str], ...] = (
        (RobotsRefused, "remove the source, or ask its operator to let us in"),
        (FetchTimeout, "timeout = 60.0   (under [ingest])"),
        (AddressRefused, f"allow_private = [{json.dumps(_place(source.address))}]   (under [ingest]), if it is yours"),
        (ParseError, f"citewire sources add {shell(_front(source.address))}   (finds the feed), then remove this one"),
    )
    return Problem(what, next((fix for kind, fix in told if isinstance(error, kind)), _open(seen)))


def _status_fix(error: HttpStatus, source: Source) -> str:
    if error.status in GONE:
        return f"citewire sources add {shell(_front(source.address))}   (finds its feeds), then remove this one"
    if error.status in (429, 503):
        pause = f"{error.retry_after:.0f} s" if error.retry_after else "some hours"
        return f"wait {pause}; the night waits by itself"
    if error.status == 401:
        return f"give it its key, as docs/sources.md says of the kind {source.kind}; or remove it"
    if error.status == 403:
        return "contact = ...   (under [site]), so that its operator knows who asks; else remove it"
    return "wait for the next night; remove it if this goes on"


def _identity(source: Source, batch: Batch, last: SourceHealth | None) -> list[Problem]:
    accept = f"citewire sources accept {shell(source.name)}"
    found = []
    changed = health.replaced(last, batch.identity)
    if changed:
        found.append(Problem(f"something else answers: {changed}", accept))
    if batch.moved_to:
        found.append(Problem(f"it has moved for good to {discreet(batch.moved_to)}", accept))
    return found


def _age(items: Sequence[Record], now: datetime) -> list[Problem]:
    newest, gap = rhythm(items)
    if newest is None:
        return [Problem("none of its items is dated; they count as published when they are read", "nothing", False)]
    age, usual = now - newest, gap if gap is not None else ONCE
    if age <= max(STALE, UNUSUAL * usual):
        return []
    habit = f", though one came every {span(usual)}" if gap is not None else ""
    return [
        Problem(f"stale: its newest item is {span(age)} old{habit}", "remove it, or look for the site's newer feed")
    ]


def _woken(items: Sequence[Record], last: SourceHealth) -> bool:
    """Whether a silent source lists something newer than what was last had of it."""
    newest, _ = rhythm(items)
    return newest is not None and (last.last_item is None or newest > last.last_item)


def _empty(source: Source, batch: Batch, last: SourceHealth | None) -> Problem:
    if batch.dropped:
        rules = ", ".join(f"{count} {rule}" for rule, count in sorted(batch.dropped.items()))
        return Problem(f"empty: all of its items were left out ({rules})", f"open {discreet(source.address)} and see why")
    usual = last.usual if last is not None else 0
    was = f", though it brought about {usual:.0f} new items a night" if usual else ""
    return Problem(f"empty: it holds no item{was}", f"open {discreet(source.address)}; correct the address or remove the source")


def _noted(note: str) -> Problem:
    """What the adapter said of a read that succeeded."""
    if "charset" in note:
        return Problem(note, "nothing here: it can be read; its operator can name the right charset", wrong=False)
    return Problem(note, "nothing, unless it matters to you", wrong=False)


def waiting(last: SourceHealth) -> Problem:
    """What is said of a source that is left alone for now, and so was not asked."""
    if last.quarantined:
        return Problem(
            f"held back until you accept it: {last.quarantined}", f"citewire sources accept {shell(last.source)}"
        )
    until = f"{last.retry_at:%Y-%m-%d %H:%M} UTC" if last.retry_at else "later"
    return Problem(f"not asked: it is left alone until {until} ({last.error or 'it asked for that'})", "wait")


def rhythm(items: Sequence[Record]) -> tuple[datetime | None, timedelta | None]:
    """Time of the newest dated item, and the median gap between items; None where too few are dated to tell."""
    dated = sorted({record.published for record in items if not record.date_doubtful})
    gaps = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(dated)]
    return max(dated, default=None), timedelta(seconds=statistics.median(gaps)) if len(gaps) > 2 else None


# --- words -----------------------------------------------------------------------------------------------------------


def span(time: timedelta) -> str:
    """A time in the unit a person would use."""
    minutes = time.total_seconds() / 60
    for size, unit in ((1440, "days"), (60, "hours"), (1, "minutes")):
        if minutes >= size * 2 or size == 1:
            return f"{minutes / size:.0f} {unit}"
    return ""


def _line(address: str) -> str:
    """The TOML line that sets an address; a web address is written alike in TOML and JSON."""
    return f"address = {json.dumps(address, ensure_ascii=False)}"


def shell(text: str) -> str:
    """`text` as one word of a command, in double quotes where it needs them."""
    if re.fullmatch(r"[\w./:@%+,-]+", text, re.A):
        return text
    escaped = re.sub(r'(["\\$`])', r"\\\1", text)
    return f'"{escaped}"'


def _front(address: str) -> str:
    origin = addresses.origin(address)
    return f"{origin.removesuffix(':443').removesuffix(':80')}/" if origin else address


def _place(address: str) -> str:
    """host:port of an address, as `allow_private` wants it."""
    return (addresses.origin(address) or discreet(address)).partition("://")[2]


def _open(seen: Look) -> str:
    return f"open {discreet(seen.source.address)} and see; correct the address or remove the source"
