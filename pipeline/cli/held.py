"""`citewire held`: what waits for a person, and what the person decides."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from pipeline.cli.console import iso, print_json, shown
from pipeline.cli.desk import existing_store
from pipeline.domain import Held
from pipeline.errors import UsageError
from pipeline.operating import holding
from pipeline.people import held
from pipeline.settings import load

Call = Callable[[argparse.Namespace, datetime], int]


def list_held(args: argparse.Namespace, _now: datetime) -> int:
    """Print what waits, oldest first; with --all what was decided, too."""
    with existing_store(load(args.config)) as store:
        items: Sequence[Held] = store.held_items() if store else ()
    found = items if args.all else held.waiting(items)
    if args.json:
        print_json([_as_json(item) for item in found])
        return 0
    for item in found:
        print("\n".join(_lines(item)))
    print(held.told(items) or "nothing waits for a person")
    return 0


def _as_json(item: Held) -> dict[str, Any]:
    return {
        "id": item.id,
        "kind": item.kind,
        "storyline": item.subject,
        "label": item.label,
        "reason": item.reason,
        "since": iso(item.since),
        "text": item.text,
        "evidence": list(item.evidence),
        "state": held.state(item),
        "decisions": [{"what": one.what, "at": iso(one.at), "note": one.note} for one in item.decisions],
    }


def _lines(item: Held) -> list[str]:
    """An item for a terminal; texts of strangers cannot steer it."""
    found = [f"{item.id}  {item.kind}  {held.state(item)}  since {item.since:%Y-%m-%d}  {shown(item.label, 60)}"]
    found.append(f"  why: {shown(item.reason, 300)}")
    found += [f"  text: {shown(item.text, 600)}"] if item.text else []
    for one in item.decisions:
        found.append(f"  {one.what} {one.at:%Y-%m-%d}" + (f": {shown(one.note, 300)}" if one.note else ""))
    return found


def release(args: argparse.Namespace, now: datetime) -> int:
    """Let an item into the next version of its story. Raises UsageError for an id that is none."""
    return _decide(args, now, held.RELEASED)


def reject(args: argparse.Namespace, now: datetime) -> int:
    """Keep an item out for good. Raises UsageError for an id that is none."""
    return _decide(args, now, held.REJECTED)


def _decide(args: argparse.Namespace, now: datetime, what: str) -> int:
    settings = load(args.config)
    with holding.alone(settings), existing_store(settings) as store:
        if store is None:
            raise UsageError("nothing is held: no night has been run here")
        item = held.decided(_chosen(store.held_items(), args.id), what, now, args.note)
        store.decide_held(item)
    if args.json:
        print_json(_as_json(item))
        return 0
    after = {
        held.RELEASED: "the next version of its story may hold it, if the gate lets it through",
        held.REJECTED: "no later version will hold it",
    }
    print(f"{item.id} {what}: {after[what]}")
    return 0


def _chosen(items: Sequence[Held], beginning: str) -> Held:
    """The one item whose id begins so."""
    found = [item for item in items if item.id.startswith(beginning)] if beginning else []
    if len(found) != 1:
        many = f"{len(found)} held items begin so" if found else "no held item begins so"
        raise UsageError(f"{beginning!r}: {many}; citewire held list shows them")
    return found[0]


def commands(add: Callable[[str, Call, str], argparse.ArgumentParser]) -> None:
    """Declare the commands; `add(name, call, help)` gives the parser of one."""
    listed = add("list", list_held, "what waits for a person to decide, and why")
    listed.add_argument("--all", action="store_true", help="what was decided, too, with dates and notes")
    for name, call, text in (
        ("release", release, "let a held item into the next version of its story"),
        ("reject", reject, "keep a held item out for good"),
    ):
        decided = add(name, call, text)
        decided.add_argument("id", metavar="ID", help="its id, or the beginning of it")
        decided.add_argument("--note", default="", metavar="TEXT", help="why, for the log")
