"""`citewire rollback`: an earlier edition is shown again, by one rename; `--list` says which are kept."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from pipeline.cli.console import columns, print_json
from pipeline.operating import holding
from pipeline.publishing.rollback import Kept, editions, roll_back
from pipeline.serial import to_json
from pipeline.settings import Settings, load

Add = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def commands(add: Add) -> None:
    """Enter the command."""
    back = add("rollback", _rollback, "show an earlier edition again until something new comes in")
    back.add_argument(
        "edition", nargs="?", metavar="EDITION", help="its night or its release; without it, the one before"
    )
    back.add_argument("--list", action="store_true", dest="listed", help="only say which editions are kept")


def _rollback(args: argparse.Namespace) -> int:
    settings = load(args.config)
    if args.listed:
        return _list(args, editions(settings.output_path))
    with holding.alone(settings):
        left, shown = roll_back(settings.output_path, args.edition, _withheld(settings))
    if args.json:
        print_json({"left": to_json(left), "shown": to_json(shown)})
        return 0
    print(f"edition {shown.edition} (release {shown.release}) is shown instead of {left.edition} ({left.release})")
    print("it stays up until something new comes in; see the editions that are kept: citewire rollback --list")
    return 0


def _list(args: argparse.Namespace, found: list[Kept]) -> int:
    if args.json:
        print_json({"editions": [to_json(one) for one in found]})
        return 0
    rows = [[one.edition, one.release, one.now, "shown" if one.served else ""] for one in found]
    print("\n".join(columns(rows)) if rows else "no edition is kept: none was published yet")
    return 0


def _withheld(settings: Settings) -> str:
    """The mark of what may not be shown as the store and the takedown file have it now."""
    from pipeline.cli.desk import existing_store  # noqa: PLC0415  heavy, and worker processes import this module
    from pipeline.people import takedown  # noqa: PLC0415
    from pipeline.publishing.gathering import withheld  # noqa: PLC0415

    listed = takedown.of(settings)
    with existing_store(settings) as store:
        return withheld(store.corrections(), store.withdrawn(), listed) if store else withheld((), (), listed)
