"""Health of a source: what one night's reading says of its reliability, and when it may be asked again. Pure.

A night counts once: the same night run again changes neither the counts nor the back-off, unless it ended otherwise.
What is known of one address says nothing of another: a source whose address was changed begins anew.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from pipeline import addresses
from pipeline.domain import Source, SourceHealth, digest
from pipeline.errors import CitewireError, ConfigurationError, HttpStatus, Moved, Replaced, discreet
from pipeline.language import cleaning

BACK_OFF = timedelta(hours=6)  # after "too many requests" without a Retry-After; doubled each time
LONGEST = timedelta(days=7)
PATIENCE = 3  # failures in a row after which nights are left out
NIGHT = timedelta(days=1)
NEVER = datetime(9999, 12, 31, tzinfo=UTC)  # not before a person decides
SETTLED = timedelta(days=7)  # a permanent redirect that was met this long
SIGHTINGS = 5  # and in this many nights is the source's new address
MEMORY = 0.2  # weight of the last read in the running mean of new items
UNLIKELY = 0.001  # probability of a run of empty reads below which it is no chance
WEEKEND = 2  # empty reads in a row that say nothing of anybody
_BUSY = (429, 503)
_GONE = 410
_SAID = 1000  # characters of a foreign error that are told


@dataclass(frozen=True, slots=True)
class Reading:
    """What a successful read of a source brought. `fresh` counts new items, `news` those of them that are no history.

    `newest` is the publication time of its newest item, `reach` that of its oldest where all of them were new;
    `identity` how the source names itself, `moved_to` where it redirects for good within its own site.
    """

    listed: int = 0
    fresh: int = 0
    news: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    newest: datetime | None = None
    reach: datetime | None = None
    identity: str | None = None
    moved_to: str | None = None


def current(last: SourceHealth | None, source: Source) -> SourceHealth | None:
    """What is known of `source` at the address it has now."""
    known = (None, source.address, kept_as(source.address))
    return None if last is not None and last.address not in known else last


def kept_as(address: str) -> str:
    """What is stored of a source's address: enough to know it again, and no login or key in it."""
    shown = discreet(address)
    return address if shown == address else f"{shown} ({digest('address', address)})"


def waits(last: SourceHealth | None, now: datetime) -> bool:
    """Whether the source is left alone until after `now`. A pause longer than any is the work of a wrong clock."""
    if last is None or last.retry_at is None:
        return False
    return last.retry_at == NEVER or timedelta(0) < last.retry_at - now <= LONGEST


def host_waits(last: SourceHealth | None, now: datetime) -> bool:
    """Whether the host of the source, and so all its sources, are left alone until after `now`."""
    return last is not None and last.host_until is not None and timedelta(0) < last.host_until - now <= LONGEST


def read_tonight(last: SourceHealth | None, now: datetime) -> bool:
    """Whether this very night has read the source already."""
    return last is not None and last.ok and _tonight(last, now)


def _tonight(last: SourceHealth, now: datetime) -> bool:
    """Whether the source was tried this very night. A clock that was set back makes no night out of two."""
    return timedelta(0) <= last.checked - now < NIGHT


def accepted(state: SourceHealth, now: datetime) -> SourceHealth:
    """`state` after a person has said that the source is as it should be: asked again, whatever it calls itself."""
    return replace(
        state,
        error=None if state.ok else f"accepted on {now:%Y-%m-%d}, not read since",
        failures=0,
        failing_since=None,
        retry_at=None,
        host_until=None,
        identity=None,
        moved_to=None,
        moved_since=None,
        moved_seen=0,
        quarantined=None,
    )


def settled(state: SourceHealth) -> bool:
    """Whether a redirect within the site was met long and often enough to be the source's new address."""
    long_enough = state.moved_since is not None and state.checked - state.moved_since >= SETTLED
    return state.moved_to is not None and long_enough and state.moved_seen >= SIGHTINGS


# --- after a success -------------------------------------------------------------------------------------------------


def after_success(source: Source, last: SourceHealth | None, now: datetime, reading: Reading) -> SourceHealth:
    """After a read that succeeded, with or without something new."""
    last = current(last, source)
    seen = last or SourceHealth(source.name, now, ok=True)
    items = [at for at in (reading.newest, seen.last_item) if at is not None]
    state = replace(
        seen,
        checked=now,
        ok=True,
        error=None,
        last_success=now,
        last_item=max(items, default=None),
        failures=0,
        failing_since=None,
        retry_at=None,
        host_until=None,
        quarantined=None,
        identity=reading.identity or seen.identity,
        address=kept_as(source.address),
    )
    if read_tonight(last, now):
        state = replace(state, fresh=seen.fresh + reading.fresh)
        return replace(state, empties=0, silent=False) if reading.fresh else state
    told = dict(reading.dropped)
    state = replace(state, listed=reading.listed, fresh=reading.fresh, dropped=told, reach=reading.reach)
    return _redirected(_counted(state, last, reading), reading.moved_to, now)


def _counted(state: SourceHealth, last: SourceHealth | None, reading: Reading) -> SourceHealth:
    """The running mean of new items, the run of empty reads, and whether that run is longer than chance makes it.

    The mean is exponentially weighted. It stands still while nothing comes, and takes the whole gap up when something
    comes again: k empty reads and one with n items weigh like k + 1 reads with n / (k + 1) each. A silence is no habit
    and is left out of it.
    """
    if not reading.fresh:
        state = replace(state, empties=state.empties + 1)
        return replace(state, silent=too_quiet(state))
    gap = 1 if state.silent else state.empties + 1
    usual = state.usual
    if last is not None and last.last_success is not None:  # the first read brings what had piled up
        rate = reading.news / gap
        usual = usual + (rate - usual) * (1 - (1 - MEMORY) ** gap) if usual else rate
    return replace(state, usual=round(usual, 6), longest=max(state.longest, state.empties), empties=0, silent=False)


def too_quiet(state: SourceHealth) -> bool:
    """Whether a source that usually brings items brings none for longer than chance and its own habits explain.

    With `usual` items a read, independent of each other, k empty reads in a row have the probability exp(-k * usual):
    the zero class of a Poisson distribution with mean k * usual. News comes in bursts and rests at weekends, so a run
    must also be longer than two reads and than any that the source has come back from.
    """
    beyond = state.empties > max(WEEKEND, state.longest)
    return state.usual >= 1 and beyond and math.exp(-state.usual * state.empties) < UNLIKELY


def _redirected(state: SourceHealth, moved_to: str | None, now: datetime) -> SourceHealth:
    if moved_to is None:
        return replace(state, moved_to=None, moved_since=None, moved_seen=0)
    if moved_to != state.moved_to:
        return replace(state, moved_to=moved_to, moved_since=now, moved_seen=1)
    return replace(state, moved_seen=state.moved_seen + 1)


def replaced(last: SourceHealth | None, identity: str | None) -> str | None:
    """Why what calls itself `identity` cannot be the source that was read before; None where it can.

    A title may change and a site may move, but not both between two readings. An identity is the name of a source and
    the address of its site, on two lines.
    """
    if last is None or not last.identity or not identity:
        return None
    (title, site), (old_title, old_site) = _named(identity), _named(last.identity)
    if not (title and site and old_title and old_site) or title.casefold() == old_title.casefold() or site == old_site:
        return None
    return f'it called itself "{old_title}" of {old_site}; now "{title}" of {site} answers at its address'


def _named(identity: str) -> tuple[str, str]:
    """Title and registered domain in an identity; "" for what it lacks."""
    words = identity.split()
    site = next((domain for word in words if "://" in word and (domain := addresses.registrable(word))), "")
    return " ".join(word for word in words if "://" not in word), site


# --- after a failure -------------------------------------------------------------------------------------------------


def after_failure(source: Source, last: SourceHealth | None, now: datetime, error: Exception | None) -> SourceHealth:
    """After a read that failed: the count of failures in a row, and the pause that the source asked for or is due."""
    last = current(last, source)
    seen = last or SourceHealth(source.name, now, ok=False)
    counted = last is not None and not last.ok and _tonight(last, now)
    failures = max(1, seen.failures + (0 if counted else 1))
    moved = error.target if isinstance(error, Moved) else seen.moved_to
    return replace(
        seen,
        checked=now,
        ok=False,
        error=what(error, source.name),
        failures=failures,
        failing_since=(seen.failing_since if seen.failures else None) or now,
        retry_at=_retry_at(error, failures, now),
        host_until=pause(error, failures, now) if busy(error) else None,
        quarantined=_quarantined(source, error) or seen.quarantined,
        moved_to=moved,
        address=kept_as(source.address),
    )


def what(error: Exception | None, source: str = "") -> str:
    """What went wrong, for the report: one line without control characters, whatever a server or a package says.

    The name of its `source` is left out at the beginning, for the report names it.
    """
    if isinstance(error, CitewireError):
        told = error.problem if isinstance(error, ConfigurationError) else str(error)
        return cleaning.line(told.removeprefix(f"{source}: ") if source else told)
    try:
        said = str(error)
    except Exception:  # its own words for it are broken too
        said = "no words"
    said = discreet(said[:_SAID])
    return cleaning.line(f"its adapter broke ({type(error).__name__}: {said}); report this to whoever wrote it")


def busy(error: Exception | None) -> bool:
    """Whether the host itself asks for a pause, which its other sources honour too."""
    return isinstance(error, HttpStatus) and (error.status == _BUSY[0] or (error.status in _BUSY and _asked(error)))


def pause(error: Exception | None, failures: int, now: datetime) -> datetime | None:
    """Until when the host wants to be left alone; None where it said nothing of the kind."""
    if not isinstance(error, HttpStatus) or (not _asked(error) and error.status not in _BUSY):
        return None
    if error.retry_after is not None:
        return now + min(timedelta(seconds=error.retry_after), LONGEST)
    return now + min(BACK_OFF * (1 << min(failures - 1, 10)), LONGEST)


def _asked(error: HttpStatus) -> bool:
    return error.retry_after is not None


def _retry_at(error: Exception | None, failures: int, now: datetime) -> datetime | None:
    """The later of the pause that the host asked for and of the nights that are left out.

    After the third failure in a row one night is left out, then two, four, and never more than a week. Half a night
    more than that, because nights do not begin on the second.
    """
    if isinstance(error, HttpStatus) and error.status == _GONE:
        return NEVER
    wishes = [wish for wish in (pause(error, failures, now),) if wish is not None]
    if failures >= PATIENCE:
        nights = 1 << min(failures - PATIENCE, 3)
        wishes.append(now + min(nights * NIGHT + NIGHT / 2, LONGEST))
    return max(wishes, default=None)


def _quarantined(source: Source, error: Exception | None) -> str | None:
    """Why nothing is taken of the source until a person accepts it, with the command that does."""
    command = f'citewire sources accept "{source.name}"'
    if isinstance(error, Moved):
        return f"it redirects for good to {discreet(error.target)}, another domain; {command} takes that as its address"
    if isinstance(error, Replaced):
        return f"{error}; {command} takes it as it is now"
    if isinstance(error, HttpStatus) and error.status == _GONE:
        return f"it says that it is gone for good (410) and is not asked again; {command} asks it once more"
    return None
