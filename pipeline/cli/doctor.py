"""`citewire doctor`: what state the desk is in, and the command that mends what is not well."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from datetime import datetime

from pipeline.cli.console import print_json, shown
from pipeline.serial import to_json

Add = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def commands(add: Add, now: Callable[[argparse.Namespace], datetime]) -> None:
    """Enter the command; `now(args)` is the clock."""
    made = add(
        "doctor", lambda args: _doctor(args, now(args)), "what state the desk is in, and what mends what is not well"
    )
    made.add_argument("--full", action="store_true", help="every index, every text and every page, not a sample")
    made.add_argument("--ask", action="store_true", help="ask each configured model one question; else none is asked")


def _doctor(args: argparse.Namespace, now: datetime) -> int:
    """1 where a check failed; warnings alone are 0."""
    from pipeline.operating.doctor.checks import diagnose  # noqa: PLC0415  heavy, and worker processes import this module
    from pipeline.operating.doctor.facts import Level  # noqa: PLC0415
    from pipeline.operating.doctor.gathering import gather  # noqa: PLC0415

    local = datetime.now().astimezone()
    offset = local.utcoffset()
    assert offset is not None
    facts = gather(args.config, now, (str(local.tzname()), offset), environ=os.environ, full=args.full, ask=args.ask)
    found = diagnose(facts)
    failed = sum(one.level is Level.FAILURE for one in found)
    warned = sum(one.level is Level.WARNING for one in found)
    if args.json:
        print_json({"failures": failed, "warnings": warned, "checks": [to_json(one) for one in found]})
        return 1 if failed else 0
    for one in found:
        if one.level is Level.OK and args.quiet:
            continue
        print(f"{one.level.value:<8} {one.check:<13} {shown(one.what, 400)}")
        for label, text in (("why", one.why), ("do", one.fix)):
            if text:
                print(f"{'':<23}{label}: {shown(text, 400)}")
    print(f"{failed} checks failed, {warned} warnings" if failed or warned else "all is well", file=sys.stderr)
    return 1 if failed else 0
