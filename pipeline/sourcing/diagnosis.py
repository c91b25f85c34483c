"""What is wrong with a source after one read of it, and the command or the line of TOML that mends it. Pure."""

from __future__ import annotations

import itertools
import json
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline import addresses
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
from pipeline.sourcing import health
from pipeline.spans import span

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
    what = health.what(error, source.name)
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
        (AddressRefused, _refused_fix(error, source)),
        (ParseError, _unreadable_fix(source)),
    )
    return Problem(what, next((fix for kind, fix in told if isinstance(error, kind)), _open(seen)))


def _refused_fix(error: Exception | None, source: Source) -> str:
    if isinstance(error, AddressRefused) and error.redirected:
        return "give the address that a browser ends at, or remove the source"
    if addresses.origin(source.address) is None:
        return f"address = ...   (as a browser shows it, without a login; see {_documented(source.kind)})"
    return f"allow_private = [{json.dumps(_place(source.address))}]   (under [ingest]), if it is yours"


def _unreadable_fix(source: Source) -> str:
    """What is to be done where the reply is not what the kind reads."""
    if source.kind in ("feed", "page", "sitemap"):
        front = shell(_front(source.address))
        return f"citewire sources add {front}   (looks for a feed), then remove this one"
    return f"address = ...   ({_documented(source.kind)} says what it holds)"


def _documented(kind: str) -> str:
    return f"docs/sources.md#{kind}"


def _status_fix(error: HttpStatus, source: Source) -> str:
    if error.status in GONE:
        return f"citewire sources add {shell(_front(source.address))}   (finds its feeds), then remove this one"
    if error.status in (429, 503):
        pause = span(timedelta(seconds=error.retry_after)) if error.retry_after else "some hours"
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
        return Problem(
            f"empty: all of its items were left out ({rules})", f"open {discreet(source.address)} and see why"
        )
    usual = last.usual if last is not None else 0
    was = f", though it brought about {usual:.0f} new items a night" if usual else ""
    return Problem(
        f"empty: it holds no item{was}", f"open {discreet(source.address)}; correct the address or remove the source"
    )


def _noted(note: str) -> Problem:
    """What the adapter said of a read that succeeded."""
    if "charset" in note:
        return Problem(note, "nothing here: it can be read; its operator can name the right charset", wrong=False)
    return Problem(note, "nothing, unless it matters to you", wrong=False)


def waiting(last: SourceHealth) -> Problem:
    """What is said of a source that waits for a person or whose host asked for a pause, and so was not asked."""
    if last.quarantined:
        why, _, told = last.quarantined.partition("; citewire sources accept ")
        once = "   (asks it once more); else remove it" if "asks it once more" in told else ""
        return Problem(f"held back until you accept it: {why}", f"citewire sources accept {shell(last.source)}{once}")
    until = f"{last.host_until:%Y-%m-%d %H:%M} UTC" if last.host_until else "later"
    return Problem(
        f"not asked: its host wants to be left alone until {until} ({last.error or 'it asked for that'})",
        "wait; the night waits by itself",
    )


def rhythm(items: Sequence[Record]) -> tuple[datetime | None, timedelta | None]:
    """Time of the newest dated item, and the median gap between items; None where too few are dated to tell."""
    dated = sorted({record.published for record in items if not record.date_doubtful})
    gaps = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(dated)]
    return max(dated, default=None), timedelta(seconds=statistics.median(gaps)) if len(gaps) > 2 else None


# --- words -----------------------------------------------------------------------------------------------------------


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
    if addresses.origin(seen.source.address) is None:
        return f"try again later; correct the address ({_documented(seen.source.kind)}) or remove the source"
    return f"open {discreet(seen.source.address)} and see; correct the address or remove the source"
