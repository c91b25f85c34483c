"""`citewire sources import` and `export`: lists of feeds from and for other readers, as OPML."""

from __future__ import annotations

import argparse
import os
import re
import sys
from contextlib import suppress
from datetime import datetime

from pipeline import addresses
from pipeline.cli.console import print_json, shown
from pipeline.errors import CitewireError, UsageError, discreet
from pipeline.operating import holding
from pipeline.serial import to_json
from pipeline.settings import load, parse
from pipeline.sources import SOURCES, Kind
from pipeline.sourcing import configfile, opml, subscriptions

_VARIABLE = re.compile(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b")
_ADDRESS = re.compile(r"https?://[\w.-]+")
MOST_LINES = 40  # lines about single outlines that are printed; --json has all


def import_sources(args: argparse.Namespace, now: datetime) -> int:
    """Add the feeds of an OPML file, all that may be added at once."""
    settings = load(args.config)
    try:
        content = args.file.read_bytes() if args.file.stat().st_size <= opml.MAX_BYTES else b" " * (opml.MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{args.file} cannot be read ({error.strerror}); nothing was imported") from None
    outlines = opml.read(content, file=str(args.file))
    kinds = _kinds()
    found = subscriptions.Plan()

    def change(text: str) -> str:
        nonlocal found
        fresh = parse(text, root=args.config.resolve().parent, file=str(args.config))
        found = subscriptions.plan(outlines, fresh, kinds)
        return configfile.with_sources(text, found.entries, file=str(args.config))

    with holding.alone(settings):
        configfile.edit(args.config, change)
    if args.json:
        print_json(to_json(found))
    else:
        _print_plan(found, args, len(outlines))
    if outlines and len(found.refused) == len(outlines):
        print(f"citewire: nothing in {args.file} could be imported; {args.config} stays as it was", file=sys.stderr)
        return UsageError.exit_code
    return 0


def _kinds() -> dict[str, frozenset[str] | None]:
    """Every kind that can be loaded -> None where it has no key by itself, else the domains that it says it asks.

    A kind has a key by itself where the text of an option such as `key_env` names the variable that is its default.
    """
    found: dict[str, frozenset[str] | None] = {}
    for name in SOURCES.names():
        with suppress(CitewireError):
            about: Kind | None = getattr(SOURCES.load(name), "about", None)
            texts = (about.address, about.default_address or "", *about.options.values()) if about else ()
            keys = [text for option, text in about.options.items() if option.endswith("_env")] if about else []
            domains = (addresses.registrable(url) for text in texts for url in _ADDRESS.findall(text))
            keyless = about is not None and not any(_VARIABLE.search(text) for text in keys)
            found[name] = None if keyless else frozenset(domain for domain in domains if domain)
    return found


def _print_plan(plan: subscriptions.Plan, args: argparse.Namespace, outlines: int) -> None:
    told = [f"line {one.line}: {one.title or 'no title'}: refused: {one.why}" for one in plan.refused]
    told += [f"line {one.line}: {one.title}: {one.why}" for one in plan.notes]
    told += [f"line {one.line}: {one.title or 'no title'}: known already as {one.why}" for one in plan.known]
    for line in told[:MOST_LINES]:
        print(shown(line, 400))
    if len(told) > MOST_LINES:
        print(f"and {len(told) - MOST_LINES:,} more such lines; --json has them all")
    if plan.folders:
        most = sorted(plan.folders.items(), key=lambda pair: (-pair[1], pair[0]))[:10]
        named = ", ".join(f"{name} ({n} feed{'' if n == 1 else 's'})" for name, n in most)
        print(f"folders that are no [[beat]], so that their feeds have none: {named}")
    print(
        f"{len(plan.entries):,} of {outlines:,} added to {args.config}; {len(plan.known):,} known already, "
        f"{len(plan.refused):,} refused"
    )


def export_sources(args: argparse.Namespace, now: datetime) -> int:
    """Write the sources as OPML, to a file or to stdout; those whose address holds a key only where that is asked for.

    Such files are made to be handed on.
    """
    settings = load(args.config)
    every = subscriptions.written(settings)
    listed = tuple(one for one in every if args.with_keys or discreet(one.address) == one.address)
    if len(listed) < len(every):
        left = len(every) - len(listed)
        told = f"{left} source{'' if left == 1 else 's'} left out whose address holds a login or a key"
        print(f"citewire: {told}; --with-keys writes them", file=sys.stderr)
    text = opml.write(listed, title=settings.site.name, now=now)
    if args.file is None:
        if args.json:
            print_json({"opml": text, "sources": len(listed)})
        else:
            print(text, end="")
        return 0
    partial_file = args.file.with_name(f".{args.file.name}.partial")  # one name: what a kill leaves is overwritten
    try:
        partial_file.write_text(text, encoding="utf-8")
        os.replace(partial_file, args.file)
    except OSError as error:
        with suppress(OSError):
            partial_file.unlink()
        raise UsageError(f"{args.file} cannot be written ({error.strerror}); choose another place") from None
    if args.json:
        print_json({"written": str(args.file), "sources": len(listed)})
    elif not args.quiet:
        print(f"wrote {len(listed)} sources to {args.file}")
    return 0
