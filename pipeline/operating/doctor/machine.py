"""Checks of what a desk runs on: programs, clock, lock, disk, permissions. Pure, as those of `checks` are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from pipeline.operating.doctor.facts import Dependency, Diagnosis, Facts, Level

OK, WARNING, FAILURE = Level.OK, Level.WARNING, Level.FAILURE
PYTHON = (3, 11)
SPACE = 500 << 20  # bytes of disk without which no night should start, beside twice the largest release
NIGHTS = 30  # that the disk should hold at the pace of the past
OVERDUE = timedelta(hours=26)  # a night and two hours
SKEW = timedelta(minutes=5)
MOST = 10  # lines of one kind


def fixed_wal(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite has the mend of the fault by which a reset write-ahead log could damage a database.

    In 3.7.0 to 3.51.2, mended in 3.51.3 and in the older lines 3.44.6 and 3.50.7 (sqlite.org/wal.html, section 11.1).
    """
    if version[:2] == (3, 44):
        return version[2] >= 6
    if version[:2] == (3, 50):
        return version[2] >= 7
    return version >= (3, 51, 3)


def satisfied(one: Dependency) -> bool:
    """Whether the installed version is one that is asked for: dotted numbers against >=, >, <=, <, ==, != and ~=."""
    if one.installed is None:
        return False
    have = _numbers(one.installed)
    for sign, text in re.findall(r"(>=|<=|==|!=|~=|<|>)\s*([0-9][\w.]*)", one.asked):
        want = _numbers(text)
        upper = (*want[: max(1, len(text.split(".")) - 1)],)
        good = {
            ">=": have >= want, "<=": have <= want, "<": have < want, ">": have > want,
            "==": have == want, "!=": have != want, "~=": have >= want and have[: len(upper)] == upper,
        }[sign]  # fmt: skip
        if not good:
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    parts = [int(part) for part in re.match(r"[0-9.]*", version).group().split(".") if part]  # type: ignore[union-attr]
    return (*parts, *[0] * (4 - len(parts)))


def programs(facts: Facts) -> Iterator[Diagnosis]:
    """Python, Citewire, SQLite and the packages."""
    known = facts.programs
    told = f"Citewire {known.citewire}, Python {_dotted(known.python)}, SQLite {_dotted(known.sqlite)}"
    if known.python[:2] < PYTHON:
        yield Diagnosis(
            "versions",
            FAILURE,
            told,
            f"Citewire needs Python {_dotted(PYTHON)} or newer",
            "install it, then: make demo",
        )
    else:
        yield Diagnosis("versions", OK, told)
    wrong = [one for one in known.dependencies if not satisfied(one)]
    for one in wrong[:MOST]:
        have = f"{one.installed} is installed" if one.installed else "it is not installed"
        yield Diagnosis(
            "packages", FAILURE, f"{one.name}: {have}, {one.asked or 'any version'} is asked for",
            "a night may fail, or read wrongly, where a package is not what Citewire was tried with",
            f"pip install '{one.name}{one.asked}'",
        )  # fmt: skip
    if not wrong:
        yield Diagnosis("packages", OK, f"{len(known.dependencies)} packages are what is asked for")
    if not fixed_wal(known.sqlite):
        yield Diagnosis(
            "sqlite", WARNING, f"SQLite {_dotted(known.sqlite)} has a fault in its write-ahead log, mended in 3.51.3",
            "two programs that write at the same moment can damage the database; Citewire lets only one write",
            "let no other program write to citewire.db; use a Python with SQLite 3.51.3 or newer",
        )  # fmt: skip
    for hook in known.hooks[:MOST]:
        yield Diagnosis(
            "start-up", WARNING, f"{hook} runs code whenever this Python starts",
            "stolen packages have hidden there", f"look at it: cat {hook}",
        )  # fmt: skip


def clock(facts: Facts) -> Iterator[Diagnosis]:
    """Whether the clock can be right, and whether a night ran of late."""
    known = facts.store
    ahead = [
        (moment, what)
        for moment, what in ((known.newest, "the newest record"), (known.last_run, "the last run")) if moment
    ] if known else []  # fmt: skip
    later = [(moment, what) for moment, what in ahead if moment > facts.now + SKEW]
    for moment, what in later:
        yield Diagnosis(
            "clock", FAILURE,
            f"it is {facts.now:%Y-%m-%d %H:%M} UTC here, and {what} is of {moment:%Y-%m-%d %H:%M} UTC",
            "dates decide what is new and what a night covers; a clock that is behind hides what comes in",
            "set the clock (timedatectl set-ntp true); a run with --now in the future gives this, too",
        )  # fmt: skip
    if not later:
        yield Diagnosis(
            "clock", OK, f"{facts.now:%Y-%m-%d %H:%M} UTC; time zone {facts.zone} (dates on the site are UTC)"
        )
    if known and known.nights and known.last_good is None:
        yield Diagnosis("runs", WARNING, "no run has ended well yet", "readers see nothing new", "citewire report")
    elif known and known.last_good and facts.now - known.last_good > OVERDUE:
        hours = int((facts.now - known.last_good).total_seconds() // 3600)
        yield Diagnosis(
            "runs", WARNING,
            f"the last run that ended well was {hours} hours ago (the last of all: {known.last_outcome})",
            "readers see an old edition", "citewire report; is the timer on? systemctl list-timers, crontab -l",
        )  # fmt: skip
    elif known and known.last_run:
        yield Diagnosis(
            "runs", OK, f"{known.nights} runs; the last, {known.last_run:%Y-%m-%d %H:%M} UTC: {known.last_outcome}"
        )


def lock(facts: Facts) -> Iterator[Diagnosis]:
    """Who holds the run lock."""
    if facts.lock is None:
        return
    if facts.lock.held:
        yield Diagnosis("lock", OK, f"a run is under way{facts.lock.note}")
    elif facts.lock.note:
        yield Diagnosis(
            "lock", OK, f"free; its last holder{facts.lock.note} was killed, and the next run goes on from there"
        )
    else:
        yield Diagnosis("lock", OK, "free")


def disk(facts: Facts) -> Iterator[Diagnosis]:
    """Whether the disk holds the next night, and the next month."""
    if facts.disk is None:
        return
    free, known = facts.disk.free, facts.store
    needed = 2 * facts.disk.release + SPACE
    days = max(1, (known.last_run - known.since).days) if known and known.since and known.last_run else 1
    growth = facts.disk.used // days if known and known.nights > 1 else 0
    told = f"{free >> 20:,} MiB free, {facts.disk.used >> 20:,} MiB used" + (
        f", {growth / 1e6:,.1f} MB a day" if growth else ""
    )
    if free < needed:
        yield Diagnosis(
            "disk", FAILURE, told,
            f"the next night may need {needed >> 20:,} MiB; a full disk ends it with exit code 8",
            "make room, or lower [publish] keep, [backup] keep and [ingest] keep_raw_days",
        )  # fmt: skip
    elif growth and free < NIGHTS * growth:
        yield Diagnosis(
            "disk", WARNING, told, f"at that pace it is full in {free // growth} days",
            "make room, or lower [publish] keep, [backup] keep and [ingest] keep_raw_days",
        )  # fmt: skip
    else:
        yield Diagnosis("disk", OK, told)


def permissions(facts: Facts) -> Iterator[Diagnosis]:
    """Secrets that others may read, and files that anybody may write."""
    for one in facts.open[:MOST]:
        if one.secret:
            yield Diagnosis(
                "permissions", FAILURE, f"{one.path} holds a secret and has mode {one.mode:o}",
                "other users of this machine can read it", f"chmod 600 {one.path}",
            )  # fmt: skip
        else:
            yield Diagnosis(
                "permissions", FAILURE, f"{one.path} has mode {one.mode:o}: anybody may write to it",
                "any program of this machine can put words on the site", f"chmod o-w {one.path}",
            )  # fmt: skip
    if not facts.open:
        yield Diagnosis(
            "permissions", OK, "secrets are readable by this user only; the output is not writable by others"
        )


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
