"""`citewire sources add`: find the source behind an address, show what it gives, ask, and write it down."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipeline import addresses
from pipeline.cli.console import asked_of_a_person, columns, confirmed, iso, print_json, shown, without_keys
from pipeline.cli.desk import probing
from pipeline.domain import Record, Source
from pipeline.errors import ConfigurationError, UsageError, discreet
from pipeline.operating import holding
from pipeline.settings import Settings, load, parse
from pipeline.sources import SOURCES
from pipeline.sourcing import configfile, health, subscriptions
from pipeline.sourcing.diagnosis import Look
from pipeline.sourcing.discovery import Candidate, Found, Recogniser, discover, recognised
from pipeline.sourcing.remembering import Remembering
from pipeline.spans import span

if TYPE_CHECKING:
    from pipeline.sourcing.probing import Preview, Probe

TRIED = 3  # candidates that are read before the first is shown as it is
_FEED_SCHEME = re.compile(r"\Afeed:(?://(?!https?:)|(?://)?https://)", re.I)  # what some browsers make of a feed's link
WEB = ("feed", "page", "sitemap", "websearch")  # kinds that read web addresses only
OPEN = ("feed", "page")  # kinds that could be of any address: discovery's own business


@dataclass(frozen=True, slots=True)
class _Offer:
    """The candidate that is offered, what reading it gave, and those beside it."""

    candidate: Candidate
    seen: Look
    shown: Preview | None
    others: tuple[Candidate, ...]
    notes: tuple[str, ...]


def add_source(args: argparse.Namespace, now: datetime) -> int:
    """Find, show, ask, add. Raises UsageError for what cannot be added, FetchError where nothing answers."""
    settings = load(args.config)
    _check_arguments(args, settings)
    pasted = _pasted(args.url, args.config, args.kind)
    with probing(settings, also=[pasted]) as probe:
        offer = _offer(args, settings, pasted, probe, now)
    _check_new(offer.candidate.settings, settings)
    entry = _entry(args, offer, settings)
    if not args.json and not args.quiet:
        _print_offer(offer, entry, now)
    added = _agreed(args, offer)
    if added:
        entry = _write(args, offer, settings)
    if args.json:
        print_json(without_keys(_as_json(offer, entry, args.config if added else None)))
    elif added:
        print(f"added {entry['name']!r} to {args.config}; the next run reads it")
    else:
        print("nothing was added")
    return 0


def _check_arguments(args: argparse.Namespace, settings: Settings) -> None:
    beats = [beat.name for beat in settings.beats]
    if args.beat is not None and args.beat not in beats:
        raise UsageError(f"no [[beat]] is called {args.beat!r}; there are: {', '.join(beats) or 'none'}")
    if args.name is not None:
        name = " ".join(args.name.split())
        if not 1 <= len(name) <= subscriptions.MAX_NAME:
            raise UsageError(f"a name has 1 to {subscriptions.MAX_NAME} characters; choose another --name")
        if name.casefold() in {source.name.casefold() for source in settings.sources}:
            raise UsageError(f"a source is called {name!r} already; choose another --name")
    if args.kind is not None:
        try:
            SOURCES.load(args.kind)
        except ConfigurationError as error:
            raise UsageError(f"{error.problem}; {error.fix}") from None


def _pasted(text: str, config: Path, kind: str | None = None) -> str:
    """What was typed, as a web address where it can be one: with its scheme added, else as it is.

    Of a kind whose addresses may be no web addresses ("cs.CL", "name.example") a dot alone makes none.
    The path of a file or folder that is there is given relative to the configuration where it lies beside it.
    """
    text = _FEED_SCHEME.sub("https://", text.strip())
    address = addresses.safe(text)
    if address:
        return address
    root = config.resolve().parent
    for place in (Path(text), root / text) if text else ():
        if _exists(place):
            full = place.resolve()
            if root.is_relative_to(full):
                raise UsageError(f"{full} holds the desk itself, whose stories are no source; name a folder in it")
            return full.relative_to(root).as_posix() if full.is_relative_to(root) else full.as_posix()
    host = text.partition("/")[0]
    web = addresses.safe(f"https://{text}") if "." in host and "://" not in text else None
    if web and kind not in (None, *WEB) and not any(recognised(web, [one for one in _recognisers() if one[0] == kind])):
        return text
    return web or text


def _exists(place: Path) -> bool:
    try:
        return place.exists()
    except OSError:  # too long for a file name, as an address may be
        return False


# --- finding ---------------------------------------------------------------------------------------------------------


def _offer(args: argparse.Namespace, settings: Settings, pasted: str, probe: Probe, now: datetime) -> _Offer:
    """The first candidate that can be read; where none can, the first, with its error."""
    from pipeline.sourcing.probing import look, preview, tried_full_text  # noqa: PLC0415  heavy

    fetcher = Remembering(probe.fetcher)
    remembered = replace(probe, fetcher=fetcher)
    found = _found(args.kind, pasted, settings, remembered)
    adapters = probe.adapters(fetcher)
    notes = list(found.notes)
    first: tuple[Candidate, Look] | None = None
    for candidate in found.candidates[:TRIED]:
        source = _source(candidate, settings)
        seen = look(source, adapters, now)
        first = first or (candidate, seen)
        if seen.batch is not None:
            brief = preview(seen.batch, tried_full_text(seen.batch, source, adapters(source.kind), remembered, now))
            others = tuple(one for one in found.candidates if one is not candidate)
            return _Offer(candidate, seen, brief, others, tuple(notes))
        notes.append(f"{candidate.kind} {candidate.address} cannot be read: {health.what(seen.error)}")
    assert first is not None
    return _Offer(*first, None, tuple(found.candidates[1:]), tuple(notes))


def _found(kind: str | None, pasted: str, settings: Settings, probe: Probe) -> Found:
    """Candidates for what was pasted. Raises UsageError where it is no address, FetchError where nothing answers."""
    safe = addresses.safe(pasted)
    as_told = Found((Candidate({"kind": kind, "address": pasted}, "as you said"),)) if kind else None
    if safe is None:
        if as_told:
            return as_told
        if pasted and _exists(settings.root / pasted):
            return Found((Candidate({"kind": "files", "address": pasted}, "a folder or file of yours"),))
        if known := tuple(recognised(pasted, _recognisers())):
            return Found(known)
        raise UsageError(
            f"{shown(pasted)!r} is no web address, and no such file or folder is there; write https://... or its --kind"
        )
    recognisers = [(name, told) for name, told in _recognisers() if kind in (None, name)]
    if as_told and kind != "feed" and not list(recognised(safe, recognisers)):
        return as_told
    found = discover(safe, recognisers=recognisers, fetcher=probe.fetcher, engine=probe.engine, settings=probe.settings)
    if kind is None:
        return found
    fitting = tuple(one for one in found.candidates if one.kind == kind)
    if not fitting:
        raise UsageError(f"no {kind} was found at {safe}" + "".join(f"; {note}" for note in found.notes))
    return replace(found, candidates=fitting)


def _recognisers() -> list[tuple[str, Recogniser]]:
    """Each kind's own word on an address, by name; a kind that cannot be loaded knows none."""
    found: list[tuple[str, Recogniser]] = []
    for name in SOURCES.names():
        try:
            told = getattr(SOURCES.load(name), "recognise", None)
        except Exception:  # noqa: S112  a broken package must not hide the other kinds
            continue
        if callable(told) and name not in OPEN:
            found.append((name, told))
    return found


def _source(candidate: Candidate, settings: Settings) -> Source:
    """The source that a candidate would be."""
    options = {key: value for key, value in candidate.settings.items() if key not in ("kind", "address", "name")}
    address = candidate.address
    if candidate.kind == "files":
        address = str((settings.root / address).resolve())
    return Source("new source", candidate.kind, address, options=options)


# --- deciding --------------------------------------------------------------------------------------------------------


def _check_new(found: Mapping[str, object], settings: Settings) -> None:
    """Raises UsageError where a source reads that address already."""
    owner = subscriptions.keys(settings).get(_mark(found))
    if owner is not None:
        raise UsageError(f"{found['address']} is read already, by the source {owner!r}; nothing was added")


def _mark(found: Mapping[str, object]) -> tuple[str, str]:
    options = {key: value for key, value in found.items() if key not in ("kind", "address", "name")}
    return subscriptions.key(str(found["kind"]), str(found["address"]), options)


def _entry(args: argparse.Namespace, offer: _Offer, settings: Settings) -> dict[str, object]:
    """The [[source]] that is offered, under a name that is free."""
    taken = {source.name.casefold(): 1 for source in settings.sources}
    found = offer.candidate.settings
    name = (
        " ".join(args.name.split())
        if args.name
        else subscriptions.free_name(_title(offer.candidate, offer.seen), taken)
    )
    return {**found, "name": name, **({"beat": args.beat} if args.beat else {})}


def _title(candidate: Candidate, seen: Look) -> str:
    """What the source calls itself, else its place on the web."""
    named = candidate.settings.get("name")
    identity = seen.batch.identity if seen.batch and seen.batch.identity else ""
    own = " ".join(word for word in identity.split() if "://" not in word)
    parts = urlsplit(candidate.address)
    place = f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}" or candidate.address
    return (named if isinstance(named, str) else "") or own or candidate.title or place


def _agreed(args: argparse.Namespace, offer: _Offer) -> bool:
    """Whether it is to be added. Raises UsageError where nobody can be asked, or --yes meets what cannot be read."""
    if args.yes:
        if offer.shown is None:
            raise UsageError(
                f"{offer.candidate.address} cannot be read, so --yes adds nothing: {health.what(offer.seen.error)}"
                f"{_remedy(offer)}"
            )
        return True
    if not asked_of_a_person():
        raise UsageError("nothing was added: stdin is no terminal, so nobody can be asked; say --yes to add it")
    return confirmed("Add it?" if offer.shown is not None else "It cannot be read now. Add it all the same?")


def _remedy(offer: _Offer) -> str:
    error = offer.seen.error
    return f"; {error.fix}" if isinstance(error, ConfigurationError) and error.fix else ""


def _write(args: argparse.Namespace, offer: _Offer, settings: Settings) -> dict[str, object]:
    """Add the source to the file as it is now, under the run lock; the entry that was written."""
    written: dict[str, object] = {}

    def change(text: str) -> str:
        fresh = parse(text, root=args.config.resolve().parent, file=str(args.config))
        _check_arguments(args, fresh)
        _check_new(offer.candidate.settings, fresh)
        written.update(_entry(args, offer, fresh))
        return configfile.with_sources(text, [written], file=str(args.config))

    with holding.alone(settings):
        configfile.edit(args.config, change)
    return written


# --- showing ---------------------------------------------------------------------------------------------------------


def _print_offer(offer: _Offer, entry: Mapping[str, object], now: datetime) -> None:
    rows = [("found", offer.candidate), *(("also", one) for one in offer.others)]
    for line in columns((word, one.kind, one.how, one.title, discreet(one.address)) for word, one in rows):
        print(line)
    if offer.others:
        print("for another of them: citewire sources add ADDRESS [--kind KIND]")
    for note in offer.notes:
        print(f"note: {shown(note, 400)}")
    if offer.shown is not None:
        _print_preview(offer.shown, now)
    print(f"\n{configfile.table(without_keys(entry))}")


def _print_preview(brief: Preview, now: datetime) -> None:
    count = f"{brief.listed} item{'' if brief.listed == 1 else 's'}"
    print(f"\nnewest of {count} (times in UTC):" if brief.items else "\nit holds no item now")
    for line in columns((f"  {_date(one)}", f"{len(one.text):,} characters", one.title) for one in brief.items):
        print(line)
    lag = f"newest item {span(now - brief.newest)} old" if brief.newest and brief.newest <= now else "no item is dated"
    often = f", one every {span(brief.gap)}" if brief.gap is not None else ""
    print(f"language: {', '.join(brief.langs) or 'not to be told'}")
    print(f"lag: {lag}{often}")
    print(f"full text: {brief.full_text}")
    for note in brief.notes:
        print(f"note: {shown(note, 400)}")


def _date(record: Record) -> str:
    return "undated" if record.date_doubtful else f"{record.published:%Y-%m-%d %H:%M}"


def _as_json(offer: _Offer, entry: Mapping[str, object], file: Path | None) -> dict[str, Any]:
    brief = offer.shown
    candidates = (offer.candidate, *offer.others)
    return {
        "candidates": [{**one.settings, "how": one.how, "title": one.title} for one in candidates],
        "notes": [*offer.notes, *(brief.notes if brief else ())],
        "error": None if brief else health.what(offer.seen.error),
        "items": [
            {"title": one.title, "published": iso(one.published), "characters": len(one.text), "url": one.url}
            for one in (brief.items if brief else ())
        ],
        "listed": brief.listed if brief else 0,
        "languages": list(brief.langs) if brief else [],
        "newest": iso(brief.newest) if brief else None,
        "full_text": brief.full_text if brief else None,
        "source": dict(entry),
        "added_to": str(file) if file else None,
    }
