"""`citewire notify`: the night's briefing to those that [[notify]] names, to each of them once."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from pipeline.cli.console import print_json, shown
from pipeline.cli.desk import library
from pipeline.domain import Run, Story
from pipeline.errors import CitewireError, ConfigurationError, MissingExtra, UsageError
from pipeline.lock import RunLock
from pipeline.preferences import NotifySettings
from pipeline.settings import Settings, load, secret

if TYPE_CHECKING:
    from pipeline.notifying import Delivery, Message

LEDGER = "notified.jsonl"  # in the private folder
LOCK = "notify.lock"
FRESH = 2  # days before the last run that a night may lie and still be told of
_NOBODY = "nobody is named; add a [[notify]] to the configuration"
_NOTHING = "nothing is published that could be told"


def options(parser: argparse.ArgumentParser) -> None:
    """What the command takes beside the usual."""
    parser.add_argument("--dry-run", action="store_true", help="show the message and who would get it; send nothing")
    parser.add_argument("--to", action="append", metavar="NAME", help="only to this [[notify]]; may be given again")
    parser.add_argument("--again", action="store_true", help="also where an earlier attempt may have arrived")


def notify(args: argparse.Namespace) -> int:
    """Tell those that were not told yet. 1 where somebody could not be told."""
    settings = load(args.config)
    chosen = _chosen(settings, args.to)
    if not chosen:
        raise UsageError(_NOBODY)
    message = _message(settings)
    if message is None:
        _told(args, {"message": None, "deliveries": []}, [_NOTHING])
        return 0
    if args.dry_run:
        return _rehearsed(args, settings, message, chosen)
    found = _deliver(settings, message, chosen, now=_now(args), again=args.again)
    _told(args, {"message": _as_json(message), "deliveries": [_row(one) for one in found]}, map(_line, found))
    return 0 if all(one.ok for one in found) else 1


def after(args: argparse.Namespace, settings: Settings, run: Run) -> None:
    """Tell of what stands published at the end of a run. Whatever goes wrong is said on stderr; the night is over."""
    chosen = [one for one in settings.notify if one.nightly]
    if not chosen:
        return
    try:
        message = _message(settings)
        found = _deliver(settings, message, chosen, now=run.now, again=False) if message else ()
    except Exception as error:  # the night is over and published: nothing here may spoil it, not even a broken package
        why = str(error) if isinstance(error, CitewireError) else type(error).__name__  # others quote secrets
        print(f"citewire: nobody was told: {why}", file=sys.stderr)
        return
    for one in found:
        if not one.ok or (one.tried and not args.quiet):
            print(f"citewire: {_line(one)}", file=sys.stderr)


def _chosen(settings: Settings, names: Sequence[str] | None) -> list[NotifySettings]:
    known = {one.name: one for one in settings.notify}
    for name in names or ():
        if name not in known:
            raise UsageError(f"no [[notify]] is called {name!r}; there are: {', '.join(known) or 'none'}")
    return [one for one in settings.notify if not names or one.name in names]


def _message(settings: Settings) -> Message | None:
    """The briefing of the newest night that is published; of what the site does not show, nothing is told."""
    from pipeline.notifying import briefing  # noqa: PLC0415  worker processes import this module
    from pipeline.people import takedown  # noqa: PLC0415

    listed = takedown.of(settings)
    with closing(library(settings)) as store:
        last = store.runs(limit=1)
        if not last:
            return None
        since = last[0].now - timedelta(days=FRESH)
        stories = [story for story in store.live_stories(since=since) if _published(settings, story)]
        signals = store.signals(since=since)
    message = briefing(stories, signals, site=settings.site.name, address=settings.site.url)
    if message is not None and listed.in_text(f"{message.title}\n{message.body}"):
        raise UsageError("the briefing holds what the takedown file lists; nobody was told")
    return message


def _published(settings: Settings, story: Story) -> bool:
    """Whether the site shows this very version."""
    bundle = settings.output_path / "site" / "stories" / story.slug / "story.json"
    try:
        return bool(json.loads(bundle.read_bytes())["story"]["id"] == story.id)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _deliver(
    settings: Settings, message: Message, chosen: Sequence[NotifySettings], *, now: datetime, again: bool
) -> tuple[Delivery, ...]:
    from pipeline.notifying import Ledger, Target, deliver  # noqa: PLC0415  worker processes import this module
    from pipeline.vault import PRIVATE  # noqa: PLC0415

    try:
        from pipeline.notifying.sending import send  # noqa: PLC0415  of an extra
    except ImportError as error:
        raise MissingExtra(
            f"messages are sent by apprise, which is not installed ({error}). Run: pip install 'citewire[notify]'"
        ) from error
    targets = [Target(one.name, partial(_address, one)) for one in chosen]
    with RunLock(settings.output_path / LOCK):
        ledger = Ledger(settings.output_path / PRIVATE / LEDGER)
        return deliver(message, targets, ledger, send, now=now, again=again)


def _address(one: NotifySettings) -> str:
    """The secret address. Raises ConfigurationError where it is not set."""
    found = secret(one.address_env)
    if not found:
        raise ConfigurationError(
            f"the address of {one.name!r} is not set",
            key="notify.address_env",
            fix=f"{one.address_env}=... in the environment, or {one.address_env}_FILE=a file of mode 0600",
        )
    return found


def _rehearsed(args: argparse.Namespace, settings: Settings, message: Message, chosen: list[NotifySettings]) -> int:
    """Show what would be sent to whom, and which addresses are unfit; nothing is sent or entered."""
    from pipeline.notifying import Delivery, Ledger  # noqa: PLC0415  worker processes import this module
    from pipeline.vault import PRIVATE  # noqa: PLC0415

    ledger = Ledger(settings.output_path / PRIVATE / LEDGER)
    found = [Delivery(one.name, ledger.state(message.key, one.name), False, _unfit(one)) for one in chosen]
    lines = [f"{shown(one.target)}: {one.state.value}{f' ({shown(one.why, 600)})' if one.why else ''}" for one in found]
    document = {"message": _as_json(message), "deliveries": [_row(one) for one in found], "dry_run": True}
    _told(args, document, [message.title, "", message.body, "", *lines])
    return 1 if any(one.why for one in found) else 0


def _unfit(one: NotifySettings) -> str:
    """What is wrong with an address, as far as can be seen without sending."""
    try:
        address = _address(one)
        from pipeline.notifying.sending import problem  # noqa: PLC0415  of an extra
    except CitewireError as error:
        return str(error)
    except ImportError:
        return "messages are sent by apprise, which is not installed. Run: pip install 'citewire[notify]'"
    return problem(address)


def _line(one: Delivery) -> str:
    word = "told" if one.ok else "not told" if one.tried or one.why else one.state.value
    return f"{shown(one.target)}: {word}{f' ({shown(one.why, 600)})' if one.why else ''}"


def _row(one: Delivery) -> dict[str, Any]:
    return {"target": one.target, "state": one.state.value, "tried": one.tried, "why": one.why}


def _as_json(message: Message) -> dict[str, str]:
    told = {"key": message.key, "night": message.night.isoformat()}
    return told | {"title": message.title, "body": message.body}


def _told(args: argparse.Namespace, document: dict[str, Any], lines: Any) -> None:
    if args.json:
        print_json(document)
    elif not args.quiet:
        print("\n".join(lines))


def _now(args: argparse.Namespace) -> datetime:
    return args.now if args.now is not None else datetime.now(UTC).replace(microsecond=0)
