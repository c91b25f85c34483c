"""`citewire explain`: why each record is in a storyline, in features that a person can check; signals likewise."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipeline import explaining
from pipeline.cli import signalled
from pipeline.cli.console import print_json, shown
from pipeline.cli.desk import existing_store
from pipeline.domain import Storyline
from pipeline.errors import UsageError
from pipeline.explaining import ClaimTold, Explanation, Kept, RecordTold
from pipeline.serial import to_json
from pipeline.settings import load
from pipeline.signalled import SignalTold

if TYPE_CHECKING:
    from pipeline.protocols import Store

_LEAST_PREFIX = 3
_MOST_NAMED = 8  # storylines that an ambiguous name lists
_WIDE = 2000  # characters of a reason


def explain_storyline(args: argparse.Namespace) -> int:
    """Print why everything in one storyline is there, or what a signal measured. Raises UsageError for what names
    none, or several."""
    settings = load(args.config)
    with existing_store(settings) as store:
        if store is None:
            raise UsageError(f"no night is stored in {settings.output_path}; start one with: citewire run")
        if (signal := signalled.find(store, args.storyline)) is not None:
            return _print_signal(args, signalled.explained(store, signal))
        asked = find(store, args.storyline)
        line = asked
        if asked.merged_into is not None:
            line = store.storylines([asked.merged_into])[0]
        told = explaining.explain(line, _kept(store, line), asked=asked.id)
    if args.json:
        print_json(to_json(told))
    else:
        print("\n".join(_lines(told)))
    return 0


def _print_signal(args: argparse.Namespace, told: SignalTold) -> int:
    if args.json:
        print_json(to_json(told))
    else:
        print("\n".join(signalled.lines(told)))
    return 0


def find(store: Store, name: str) -> Storyline:
    """The storyline called `name`: by its id, the beginning of its id, or its label. Raises UsageError."""
    name = name.strip()
    if exact := store.storylines([name]):
        return exact[0]
    labels = store.labels(since=datetime.min.replace(tzinfo=UTC), until=datetime.max.replace(tzinfo=UTC), records=0)
    found = [key for key, label in labels.items() if label == name]
    found = found or [key for key, label in labels.items() if label.casefold() == name.casefold()]
    if not found and len(name) >= _LEAST_PREFIX:
        merged = {line.id for line in store.storylines(merged_into=labels)}
        found = sorted(key for key in {*labels, *merged} if key.startswith(name.lower()))
    if len(found) == 1:
        return store.storylines(found)[0]
    if found:
        some = ", ".join(f"{key} “{shown(labels.get(key, 'merged into another'), 60)}”" for key in found[:_MOST_NAMED])
        raise UsageError(f"{name!r} names {len(found)} storylines: {some}; give more of the id")
    raise UsageError(
        f"no storyline or signal is called {name!r}; give its id, the beginning of its id ({_LEAST_PREFIX} characters "
        "or more), or a storyline's whole label: storylines' ids stand in the addresses of their pages, signals' in "
        "what citewire run prints"
    )


def _kept(store: Store, line: Storyline) -> Kept:
    """Everything the store knows of a storyline's members, and where they were before."""
    others = sorted({line.id, *(turn.other for turn in line.turns)})
    members = [member for key in others for member in store.memberships(key)]
    own = [member for member in members if member.storyline_id == line.id]
    records = sorted({member.record_id for member in own})
    owners = store.origins_of(records)
    return Kept(
        memberships=members,
        claims=store.claims({member.claim_id for member in own}),
        records=store.records({*records, *owners.values()}),
        owners=owners,
        origins=store.origins(owners.values()),
        homes=store.storylines_of_records(records),
    )


# --- as text ---------------------------------------------------------------------------------------------------------


def _lines(told: Explanation) -> Iterator[str]:
    if told.asked:
        yield f"{told.asked} was merged into {told.id}, which is explained here"
    yield shown(told.label)
    beats = f" · {', '.join(told.beats)}" if told.beats else ""
    yield f"storyline {told.id} · {_count(len(told.records), 'record')} of {_count(told.origins, 'origin')}{beats}"
    yield f"first news {_at(told.founded)}, last moved {_at(told.updated)}"
    for turn in told.turns:
        yield f"{_at(turn.at)}: {turn.kind.value} {turn.other} “{shown(turn.label)}”"
        yield f"  because {shown(turn.why, _WIDE)}"
    names = {key: str(number) for number, key in enumerate(dict.fromkeys(one.origin for one in told.records), 1)}
    for record in told.records:
        yield ""
        yield from _record(record, names)
    if told.left:
        yield ""
        yield "no longer here"
        for record in told.left:
            yield ""
            yield from _record(record, names)


def _record(record: RecordTold, names: Mapping[str, str]) -> Iterator[str]:
    """A record, and its claims by what they have in common: since when, and why."""
    yield f"{shown(record.title)} ({shown(record.publisher)}, {_at(record.published)})"
    origin = f"origin {names[record.origin]}" if record.origin in names else "origin"
    yield f"  {origin}: {shown(record.origin_reason)}"
    if record.url:
        yield f"  {shown(record.url)}"
    for stays, claims in _alike(record.claims):
        for line in stays:
            yield f"  {line}"
        for claim in claims:
            yield f"    “{shown(claim.text, 300)}”"
    if record.elsewhere:
        yield f"  with other claims also in {', '.join(record.elsewhere)}"


def _alike(claims: Sequence[ClaimTold]) -> list[tuple[tuple[str, ...], list[ClaimTold]]]:
    """Claims with the same stays together, in the order of the first of each."""
    found: dict[tuple[str, ...], list[ClaimTold]] = {}
    for claim in claims:
        last = claim.stays[-1]
        stays = []
        for stay in claim.stays:
            place = "here" if stay is last else f"in {stay.storyline_id}"
            until = f" to {_at(stay.until)}" if stay.until else ""
            stays.append(
                f"{place} {'from' if until else 'since'} {_at(stay.since)}{until}: {shown(stay.reason, _WIDE)}"
            )
        found.setdefault(tuple(stays), []).append(claim)
    return list(found.items())


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
