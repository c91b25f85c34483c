"""`citewire sources`: its commands, and what list, check and accept do."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import addresses
from pipeline.cli.adding import add_source
from pipeline.cli.console import Progress, columns, iso, print_json, shown, without_keys
from pipeline.cli.desk import chosen, existing_store, known_health, probing
from pipeline.cli.exchange import export_sources, import_sources
from pipeline.domain import Source, SourceHealth
from pipeline.errors import Moved, UsageError, discreet
from pipeline.operating import holding
from pipeline.serial import to_json
from pipeline.settings import Settings, load
from pipeline.sourcing import configfile, health, subscriptions
from pipeline.sourcing.telling import OFFLINE
from pipeline.spans import span

if TYPE_CHECKING:
    from pipeline.sourcing.probing import Checked


# --- list ------------------------------------------------------------------------------------------------------------


def list_sources(args: argparse.Namespace, now: datetime) -> int:
    """Every configured source with its health."""
    settings = load(args.config)
    known = known_health(settings)
    rows = [(source, health.current(known.get(source.name), source)) for source in settings.configured_sources()]
    if args.json:
        print_json(
            [
                {
                    "source": without_keys(to_json(source)),
                    "health": without_keys(to_json(state)) if state else None,
                    "state": _state(state),
                    "lag_seconds": _lag(state, now),
                }
                for source, state in rows
            ]
        )
        return 0
    for line in columns(
        (source.name, source.kind, *_told(state, now), discreet(source.address)) for source, state in rows
    ):
        print(line)
    return 0


def _state(state: SourceHealth | None) -> str:
    if state is None:
        return "never read"
    if state.quarantined:
        return "quarantined"
    if not state.ok:
        return "failing" if state.failures else "accepted"
    return "silent" if state.silent else "ok"


def _lag(state: SourceHealth | None, now: datetime) -> int | None:
    """Seconds since its newest item was published."""
    return max(0, int((now - state.last_item).total_seconds())) if state and state.last_item else None


def _told(state: SourceHealth | None, now: datetime) -> tuple[str, str, str]:
    """State with its reason, lag, and when it is tried next."""
    if state is None:
        return "never read", "", "next run"
    word = _state(state)
    why = state.quarantined or (None if state.ok else (state.error or "").removeprefix(f"{word} "))
    lag = f"newest {span(now - state.last_item)} old" if state.last_item and state.last_item <= now else ""
    if state.retry_at == health.NEVER:
        following = "when accepted"
    elif state.retry_at and state.retry_at > now:
        following = f"not before {state.retry_at:%Y-%m-%d %H:%M} UTC"
    else:
        following = "next run"
    return (f"{word} ({why})" if why else word), lag, following


# --- check -----------------------------------------------------------------------------------------------------------


def check_sources(args: argparse.Namespace, now: datetime) -> int:
    """What is wrong with each source, and the fix. 1 when something is."""
    from pipeline.sourcing.probing import check  # noqa: PLC0415  heavy, and worker processes import this module

    settings = load(args.config)
    asked = chosen(settings, args.names)
    known = known_health(settings)
    with probing(settings) as probe, Progress(len(asked), "checking", quiet=args.quiet) as bar:
        found = check(asked, known, probe, now, told=bar.tell)
    lines = configfile.places(args.config.read_text(encoding="utf-8"))
    if args.json:
        print_json([{**_as_json(one), "line": lines.get(one.source.name)} for one in found])
    else:
        for one in found:
            if not (one.ok and args.quiet):
                place = f"{args.config}:{lines[one.source.name]}" if one.source.name in lines else str(args.config)
                _print_checked(one, place, now)
        wrong = sum(not one.ok for one in found)
        if len(found) > 1 and not any(one.reached for one in found):
            print(f"{OFFLINE}; the sources may be in order")
        print(f"{len(found)} source{'' if len(found) == 1 else 's'}: {f'{wrong} to mend' if wrong else 'all in order'}")
    return 1 if any(not one.ok for one in found) else 0


def _as_json(checked: Checked) -> dict[str, Any]:
    source = checked.source
    return {
        "source": source.name,
        "kind": source.kind,
        "address": discreet(source.address),
        "ok": checked.ok,
        "items": checked.items,
        "newest": iso(checked.newest),
        "seconds": checked.seconds,
        "problems": [{"what": one.what, "fix": one.fix, "wrong": one.wrong} for one in checked.problems],
    }


def _print_checked(checked: Checked, place: str, now: datetime) -> None:
    newest = f", newest {span(now - checked.newest)} old" if checked.newest and checked.newest <= now else ""
    items = f"{checked.items} item{'' if checked.items == 1 else 's'}{newest}"
    if checked.ok:
        print(f"ok    {shown(checked.source.name)}: {items}")
    else:
        print(f"WRONG {shown(checked.source.name)} ({place}): {items}")
    for problem in checked.problems:
        print(f"      {shown(problem.what, 600)}")
        print(f"        {'fix' if problem.wrong else 'to do'}: {shown(problem.fix, 600)}")


# --- accept ----------------------------------------------------------------------------------------------------------


def accept_source(args: argparse.Namespace, now: datetime) -> int:
    """Take a source as it is now: at its new address, under its new name. Raises UsageError where nothing is new."""
    settings = load(args.config)
    source = chosen(settings, [args.name])[0]
    stored = health.current(known_health(settings).get(source.name), source)
    target = stored.moved_to if stored else None
    held = stored is not None and (stored.quarantined is not None or stored.retry_at == health.NEVER)
    if target is None and not held:
        target, held = _met_now(settings, source, stored, now)
    if target is None and not held:
        raise UsageError(f"{source.name!r} has neither moved nor changed; there is nothing to accept")
    done = _accept(args.config, settings, source, target, now)
    if args.json:
        print_json({"source": source.name, "address": discreet(target or source.address), "changed": done})
    else:
        print("\n".join(f"{source.name}: {shown(line, 600)}" for line in done))
    return 0


def _met_now(settings: Settings, source: Source, stored: SourceHealth | None, now: datetime) -> tuple[str | None, bool]:
    """The new address and whether another identity answers, where no night has met either: asked for now."""
    from pipeline.sourcing.probing import look  # noqa: PLC0415  heavy, and worker processes import this module

    with probing(settings) as probe:
        seen = look(source, probe.adapters(probe.fetcher), now)
    if isinstance(seen.error, Moved):
        return seen.error.target, False
    if seen.batch is None:
        return None, False
    return seen.batch.moved_to, health.replaced(stored, seen.batch.identity) is not None


def _accept(config: Path, settings: Settings, source: Source, target: str | None, now: datetime) -> list[str]:
    """Write the new address, lift the quarantine; what was done, in words."""
    done = []
    address = source.address
    if target is not None:
        address = addresses.safe(target) or ""
        if not address:
            raise UsageError(f"{source.name!r} has moved to {shown(target)!r}, which may not be asked; nothing changed")
        owner = subscriptions.keys(settings).get(subscriptions.key(source.kind, address, source.options))
        if owner not in (None, source.name):
            raise UsageError(
                f"{source.name!r} has moved to {address}, which {owner!r} reads already; nothing changed; remove one"
            )
    with holding.alone(settings), existing_store(settings) as store:
        if address != source.address:
            configfile.edit(config, lambda text: configfile.with_address(text, source.name, address, file=str(config)))
            done.append(f"address = {discreet(source.address)} became {discreet(address)} in {config}")
        state = store.health().get(source.name) if store else None
        if store is not None and state is not None:
            store.save_health(replace(health.accepted(state, now), address=health.kept_as(address)))
            done.append("accepted as it is now; the next run asks it again")
    return done


# --- the parser ------------------------------------------------------------------------------------------------------


Call = Callable[[argparse.Namespace, datetime], int]


def commands(add: Callable[[str, Call, str], argparse.ArgumentParser]) -> None:
    """Declare the commands; `add(name, call, help)` gives the parser of one."""
    add("list", list_sources, "the configured sources and their health")
    added = add("add", add_source, "find the source behind an address, show it, and add it to the configuration")
    added.add_argument("url", metavar="URL", help="as you would paste it: a home page, feed, profile, channel, folder")
    added.add_argument("--name", metavar="NAME", help="what to call it (default: what it calls itself)")
    added.add_argument("--kind", metavar="KIND", help="the kind, where it is not to be found out")
    added.add_argument("--beat", metavar="BEAT", help="the beat that its records probably belong to")
    added.add_argument("--yes", action="store_true", help="add it without asking")
    checked = add("check", check_sources, "probe the sources: what is wrong, and the fix; exit code 1 if anything is")
    checked.add_argument("names", nargs="*", metavar="NAME", help="a source, by name (default: all of them)")
    accepted = add("accept", accept_source, "take a source as it is now: its new address, its new identity")
    accepted.add_argument("name", metavar="NAME", help="the source, by name")
    imported = add("import", import_sources, "add the feeds of an OPML file")
    imported.add_argument("file", type=Path, metavar="FILE", help="an OPML file, as other readers export it")
    exported = add("export", export_sources, "write the sources as OPML, to stdout where no file is named")
    exported.add_argument("--with-keys", action="store_true", help="also sources whose address holds a login or a key")
    exported.add_argument("file", type=Path, nargs="?", metavar="FILE", help="where to write it (default: stdout)")
