"""The judgements: each check reads the facts and says what is wrong, why that matters and what to do. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pipeline.operating.doctor.facts import Diagnosis, Facts, Level, Stored
from pipeline.operating.doctor.machine import MOST, OVERDUE, clock, disk, lock, permissions, programs
from pipeline.sourcing.health import NEVER

OK, WARNING, FAILURE = Level.OK, Level.WARNING, Level.FAILURE

WORKER = 3  # connections of one ingest worker

Check = Callable[[Facts], Iterator[Diagnosis]]


def diagnose(facts: Facts) -> list[Diagnosis]:
    """Every finding, in the order of the checks; a check that finds nothing wrong says so in one line."""
    return [one for check in (BASIC if facts.configuration else CHECKS) for one in check(facts)]


def configuration(facts: Facts) -> Iterator[Diagnosis]:
    """Whether the configuration can be read."""
    if facts.configuration:
        yield Diagnosis(
            "configuration",
            FAILURE,
            facts.configuration,
            "no command that needs a desk runs",
            "mend the file as it says",
        )
    else:
        yield Diagnosis("configuration", OK, f"{facts.config}: {len(facts.sources)} sources")


def store(facts: Facts) -> Iterator[Diagnosis]:
    """The database: there, whole, of this schema."""
    known = facts.store
    if known is None:
        return
    if not known.exists:
        yield Diagnosis("database", OK, f"{known.path} is not there yet: the first run makes it")
    elif known.interrupted:
        yield Diagnosis(
            "database", FAILURE, "a restore was interrupted", "no night starts until it is finished",
            "run the same command again: citewire restore FILE",
        )  # fmt: skip
    elif known.error or known.faults:
        yield from _damaged(facts, known)
    elif known.schema is None or known.schema > known.head:
        yield Diagnosis(
            "database", FAILURE, f"schema {known.schema}; this version knows up to {known.head}",
            "a newer version of Citewire has written it; this one will not touch it", "install the newer version again",
        )  # fmt: skip
    else:
        how = (
            "a server keeps it"
            if known.served
            else "every index, foreign key and text"
            if known.full
            else "structure and foreign keys"
        )
        rows, old = sum(known.rows.values()), known.schema < known.head
        yield Diagnosis(
            "database", OK, f"whole ({how}): {rows:,} rows, {known.size / 1e6:,.1f} MB, schema {known.schema}"
            + (f"; the next run brings it to {known.head}" if old else ""),
        )  # fmt: skip
    if known.log > 256 << 20:
        yield Diagnosis(
            "database", WARNING, f"its write-ahead log takes {known.log >> 20:,} MiB",
            "a program that keeps the database open for reading keeps it from being emptied",
            f"find it: lsof {known.path}",
        )  # fmt: skip


def server(facts: Facts) -> Iterator[Diagnosis]:
    """The server that keeps the store: which, whether it searches by meaning, whether workers find room."""
    known = facts.store
    if known is None or not known.server:
        return
    yield Diagnosis("server", OK, f"{known.server}, {f'pgvector {known.meaning}' if known.meaning else 'no pgvector'}")
    if not known.meaning and facts.embedder and not facts.embedder.startswith("lexical"):
        install = "" if known.offered else "install pgvector 0.7 or newer on the server, then "
        yield Diagnosis(
            "server", WARNING, "pgvector is not in this database",
            "citewire search reads the row of every record to find what means the same; what it finds is the same",
            f"{install}as an administrator: CREATE EXTENSION vector; the next run takes up what is stored",
        )  # fmt: skip
    if known.connections < WORKER:
        yield Diagnosis(
            "server", WARNING, f"{known.connections} connections are left",
            f"a run or an ingest worker takes {WORKER}; one that finds none ends with exit code 8",
            "raise max_connections, or end what holds them: SELECT * FROM pg_stat_activity",
        )  # fmt: skip


def _damaged(facts: Facts, known: Stored) -> Iterator[Diagnosis]:
    if known.served:
        yield Diagnosis("database", FAILURE, known.error, "no night runs without it", "mend it as it says")
        return
    cure = f"citewire restore --force {facts.backup.path}" if facts.backup and not facts.backup.error else (
        f"there is no whole backup; what can be read: sqlite3 {known.path} .recover"
    )  # fmt: skip
    for fault in (known.faults or (known.error,))[:MOST]:
        yield Diagnosis(
            "database", FAILURE, f"damaged: {fault}", "no night runs on it, so that nothing is lost further", cure
        )


def sources(facts: Facts) -> Iterator[Diagnosis]:
    """Sources that cannot be read, are held, fail, fell silent or were never read."""
    told = list(_sources(facts))
    yield from told[: 3 * MOST]
    well = len(facts.sources) - len(told)
    if not facts.sources:
        yield Diagnosis(
            "sources", WARNING, "no source is configured", "there is nothing to read", "citewire sources add URL"
        )
    elif well:
        yield Diagnosis("sources", OK, f"{well} of {len(facts.sources)} sources answer")


def _sources(facts: Facts) -> Iterator[Diagnosis]:
    ran = facts.store is not None and facts.store.nights > 0
    for one in facts.sources:
        state, check = one.state, f"citewire sources check {one.name!r}"
        if one.unknown:
            yield Diagnosis(
                "sources",
                FAILURE,
                f"{one.name}: {one.unknown}",
                "it is never read",
                "mend its kind in the configuration",
            )
        elif state is None:
            if ran:
                yield Diagnosis(
                    "sources", WARNING, f"{one.name} has never been read", "the last run did not reach it", check
                )
        elif state.quarantined or state.retry_at == NEVER:
            why = state.quarantined or state.error or "a person has to decide"
            yield Diagnosis(
                "sources",
                FAILURE,
                f"{one.name} is held: {why}",
                "nothing of it is taken until you decide",
                f"citewire sources accept {one.name!r}",
            )
        elif not state.ok and state.last_success is None:
            yield Diagnosis(
                "sources", FAILURE, f"{one.name} has never answered: {state.error}", "it brings nothing", check
            )
        elif not state.ok:
            since = f" since {state.failing_since:%Y-%m-%d}" if state.failing_since else ""
            yield Diagnosis(
                "sources", WARNING, f"{one.name} fails{since}: {state.error}", "it is tried again by itself", check
            )
        elif state.silent:
            yield Diagnosis(
                "sources", WARNING, f"{one.name} answers and brings nothing any more", "it may have moved", check
            )


def models(facts: Facts) -> Iterator[Diagnosis]:
    """Models and the embedder: configured, with their keys, never asked unless that was wanted."""
    for one in facts.models:
        if one.problem:
            yield Diagnosis(
                "models",
                FAILURE,
                f"{one.name} ({', '.join(one.roles)}): {one.problem}",
                "a night stops before it starts",
                "mend it as it says; then: citewire models",
            )
        elif one.answer:
            yield Diagnosis(
                "models", FAILURE, f"{one.name}: {one.answer}", "a night writes without it", "citewire models --check"
            )
        else:
            asked = "answers" if one.answer == "" else "was not asked (--ask asks)"
            yield Diagnosis("models", OK, f"{one.name} ({', '.join(one.roles)}) {asked}")
    if not facts.models:
        yield Diagnosis("models", OK, "none is configured: the extractive writer writes")
    if facts.embedder_problem:
        yield Diagnosis(
            "embedder",
            FAILURE,
            facts.embedder_problem,
            "a night stops before it starts",
            "pip install 'citewire[semantic]', or embedder = \"lexical\"",
        )
    else:
        yield Diagnosis("embedder", OK, facts.embedder)


def site(facts: Facts) -> Iterator[Diagnosis]:
    """The site that readers see."""
    known = facts.site
    if known is None or not known.edition:
        if facts.store and facts.store.nights:
            yield Diagnosis(
                "site", WARNING, "no site is served", "readers find nothing", "citewire publish; then: citewire report"
            )
        return
    for problem in known.problems[:MOST]:
        yield Diagnosis(
            "site",
            FAILURE,
            problem,
            "what readers see is not what was checked",
            "citewire rollback, or build it again: citewire publish",
        )
    if not known.problems:
        looked = f"{known.looked} of {known.files} files and {known.bundles} bundles looked at"
        yield Diagnosis("site", OK, f"edition {known.edition}: {looked}, all as they were published")


def backups(facts: Facts) -> Iterator[Diagnosis]:
    """The newest backup: there, whole, not old."""
    if facts.store is None or not facts.store.exists:
        return
    if facts.store.served:
        ours = f"; our newest copy is of {facts.backup.made:%Y-%m-%d %H:%M} UTC" if facts.backup else ""
        yield Diagnosis(
            "backup", OK, f"a server keeps the store, whose own tools back it up (pg_dump, or citewire backup){ours}"
        )
        return
    if facts.backup is None:
        level = WARNING if facts.backups_wanted == 0 else FAILURE
        yield Diagnosis("backup", level, "there is none", "a damaged database could not be restored", "citewire backup")
        return
    made, path = facts.backup.made, facts.backup.path
    if facts.backup.error:
        yield Diagnosis("backup", FAILURE, facts.backup.error, "it cannot be restored", "citewire backup")
    elif facts.store.last_good and facts.store.last_good - made > 2 * OVERDUE:
        days = (facts.store.last_good - made).days
        yield Diagnosis(
            "backup",
            WARNING,
            f"the newest is {days} days older than the last run: {path}",
            "what came in since would be lost",
            "citewire backup; then: citewire report",
        )
    else:
        yield Diagnosis(
            "backup",
            OK,
            f"{facts.backups}; the newest, of {made:%Y-%m-%d %H:%M} UTC, {facts.backup.size / 1e6:,.1f} MB: {path}",
        )


def leftovers(facts: Facts) -> Iterator[Diagnosis]:
    """What interrupted runs left: none of it is read by anything."""
    for path in facts.leftovers[:MOST]:
        yield Diagnosis(
            "leftovers",
            WARNING,
            f"{path} was left by a run that was interrupted",
            "it takes room, and nothing reads it",
            f"rm -r {path}",
        )


BASIC: tuple[Check, ...] = (programs, configuration)
CHECKS: tuple[Check, ...] = (
    programs, configuration, store, server, clock, lock, disk, permissions, sources, models, site, backups, leftovers,
)  # fmt: skip
