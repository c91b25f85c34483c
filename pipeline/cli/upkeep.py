"""`citewire doctor`, `backup` and `restore`: the desk's state, a verified copy of its store, and back."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from pipeline.cli import doctor
from pipeline.cli.console import iso, print_json
from pipeline.errors import CitewireError, StoreError
from pipeline.operating import holding
from pipeline.settings import Settings, load

Add = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def commands(add: Add, now: Callable[[argparse.Namespace], datetime]) -> None:
    """Enter the commands; `now(args)` is the clock."""
    doctor.commands(add, now)
    made = add(
        "backup", lambda args: _backup(args, now(args)), "a verified copy of the desk's store, while it runs or not"
    )
    made.add_argument("file", nargs="?", type=Path, metavar="FILE", help="where to (default: [backup] folder)")
    made.add_argument("--private", action="store_true", help="with the session tokens that the desk obtained itself")
    made.add_argument("--list", action="store_true", dest="listed", help="only say which backups there are")
    back = add("restore", lambda args: _restore(args, now(args)), "put a backup in the place of the desk's store")
    back.add_argument("file", type=Path, metavar="FILE", help="a backup")
    back.add_argument("--force", action="store_true", help="also where a store is there already; it is kept aside")
    back.add_argument("--check", action="store_true", help="only say whether it can be restored, and what it holds")


def hint(args: argparse.Namespace, error: CitewireError) -> str:
    """What to do about a damaged store: the newest backup of this desk, and the command that restores it."""
    from pipeline.operating import backup  # noqa: PLC0415  heavy, and worker processes import this module

    if not isinstance(error, StoreError) or "restore a backup" not in str(error):
        return ""
    with contextlib.suppress(CitewireError, OSError):
        found = backup.found(backup.folder(load(args.config)))
        if not found:
            return "there is no backup in the desk's folder of backups"
        newest = found[0]
        return f"the newest backup is of {iso(newest.made)}; restore it with: citewire restore --force {newest.path}"
    return ""


def _backup(args: argparse.Namespace, now: datetime) -> int:
    from pipeline.operating import backup  # noqa: PLC0415  heavy, and worker processes import this module

    settings = load(args.config)
    if args.listed:
        return _list(args, settings)
    path, manifest = backup.make(settings, now, target=args.file, private=args.private)
    if args.json:
        files = {name: member.sha256 for name, member in manifest.files.items()}
        print_json({"backup": str(path), "made": iso(manifest.made), "rows": dict(manifest.counts), "files": files})
    else:
        rows, size = sum(manifest.counts.values()), path.stat().st_size / 1e6
        print(f"verified backup of {rows:,} rows at schema {manifest.schema}: {path} ({size:,.1f} MB)")
        print(f"restore it with: citewire restore {path}")
    return 0


def _list(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.operating import backup  # noqa: PLC0415

    found = backup.found(backup.folder(settings))
    if args.json:
        print_json({"backups": [{"path": str(one.path), "made": iso(one.made)} for one in found]})
        return 0
    for one in found:
        print(f"{iso(one.made)}  {one.path.stat().st_size / 1e6:>10,.1f} MB  {one.path}")
    if not found:
        print(f"no backup is in {backup.folder(settings)}")
    return 0


def _restore(args: argparse.Namespace, now: datetime) -> int:
    from pipeline.operating import restore  # noqa: PLC0415  heavy, and worker processes import this module

    settings = load(args.config)
    if args.check:
        return _check(args, settings)
    with holding.alone(settings):
        done = restore.restore(settings, args.file, now, force=args.force)
    if args.json:
        aside = str(done.aside) if done.aside else None
        print_json(
            {"restored": str(args.file), "made": iso(done.manifest.made), "aside": aside, "notes": list(done.notes)}
        )
        return 0
    print(f"restored the store of {iso(done.manifest.made)}: {sum(done.manifest.counts.values()):,} rows")
    if done.aside:
        print(f"the store that was there is kept: {done.aside}")
    for note in done.notes:
        print(note)
    return 0


def _check(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.operating import backup  # noqa: PLC0415

    manifest, examined = backup.check(args.file, settings.output_path)
    good = not examined.faults and dict(examined.counts) == dict(manifest.counts)
    if args.json:
        print_json(
            {
                "restorable": good,
                "made": iso(manifest.made),
                "rows": dict(examined.counts),
                "faults": list(examined.faults),
            }
        )
    elif good:
        rows = sum(examined.counts.values())
        print(f"can be restored: {rows:,} rows at schema {examined.schema}, of {iso(manifest.made)}")
    else:
        print(f"cannot be restored: {'; '.join(examined.faults) or 'it does not hold what its manifest says'}")
    return 0 if good else 1
