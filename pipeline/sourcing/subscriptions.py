"""What may become a [[source]]: one name each, no address twice, nothing that a stranger's list could abuse. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from pipeline import addresses
from pipeline.domain import Source
from pipeline.extract import fragment_text
from pipeline.language import cleaning
from pipeline.settings import Settings, SourceSettings
from pipeline.sourcing.opml import Outline

MAX_NAME = 80
FEED = "feed"
_LANG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_SERVER = re.compile(r"://|\A[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/|\Z)")
_COMMON = frozenset(SourceSettings.model_fields)

Entry = Mapping[str, object]  # the keys of a [[source]]


@dataclass(frozen=True, slots=True)
class Refused:
    """An outline that does not become a source, or not all of it, and why."""

    line: int
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import adds. `known` are there already, under the name that follows; `folders` are no beats."""

    entries: tuple[Entry, ...] = ()
    refused: tuple[Refused, ...] = ()
    known: tuple[Refused, ...] = ()
    folders: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[Refused, ...] = ()


def written(settings: Settings) -> tuple[Source, ...]:
    """The configured sources with their addresses as they stand in the file, paths too."""
    pairs = zip(settings.sources, settings.configured_sources(), strict=True)
    return tuple(
        Source(
            entry.name,
            entry.kind,
            entry.address,
            entry.beat,
            source.options,
            entry.owner,
            entry.country,
            entry.lang,
            entry.note,
        )
        for entry, source in pairs
    )


def key(kind: str, address: str, options: Mapping[str, object]) -> tuple[str, str]:
    """What two sources that read the same thing have in common: the page the address names, and what narrows it.

    A feed reads the same whatever its options; http and https, "www." and a closing slash name the same page.
    """
    page = addresses.canonical(address)
    place = page.split("://", 1)[1].removeprefix("www.").rstrip("/") if page else address.strip().casefold()
    narrowed = {} if kind == FEED else {name: options[name] for name in sorted(options)}
    return place, repr(narrowed)


def keys(settings: Settings) -> dict[tuple[str, str], str]:
    """Key of every configured source -> its name, the first where two share it."""
    found: dict[tuple[str, str], str] = {}
    for source in written(settings):
        found.setdefault(key(source.kind, source.address, source.options), source.name)
    return found


def free_name(wanted: str, taken: dict[str, int]) -> str:
    """`wanted`, cleaned and cut to 80 characters, with a number where it is taken (letter case aside).

    `taken` maps each name in use, case folded, to the last number tried for it; the name given is added.
    """
    base = cleaning.line(wanted)[:MAX_NAME].strip() or "source"
    name, number = base, taken.get(base.casefold(), 1)
    while name.casefold() in taken:
        number += 1
        tail = f" ({number})"
        name = base[: MAX_NAME - len(tail)].strip() + tail
    taken[base.casefold()] = number
    taken.setdefault(name.casefold(), 1)
    return name


def plan(outlines: Sequence[Outline], settings: Settings, kinds: Mapping[str, frozenset[str] | None]) -> Plan:
    """What of `outlines` becomes a source.

    `kinds`: name of a kind -> None where it has no keys, else the domains that a list may send those to.
    """
    names = {source.name.casefold(): 1 for source in settings.sources}
    beats = {beat.name.casefold(): beat.name for beat in settings.beats}
    have = keys(settings)
    entries: list[Entry] = []
    refused: list[Refused] = []
    known: list[Refused] = []
    notes: list[Refused] = []
    folders: Counter[str] = Counter()
    for outline in outlines:
        title = cleaning.line(outline.own.get("name", ""))[:MAX_NAME] or _plain(outline.title)
        kind = outline.own.get("kind", FEED)
        why = _fault(kind, outline.address, kinds)
        if why:
            refused.append(Refused(outline.line, title, why))
            continue
        address = addresses.safe(outline.address) or outline.address
        options, left = _options(outline.options, guarded=kinds[kind] is not None)
        mark = key(kind, address, options)
        if mark in have:
            known.append(Refused(outline.line, title, have[mark]))
            continue
        if left:
            notes.append(Refused(outline.line, title, left))
        name = free_name(title or addresses.host(address) or address, names)
        beat = next((beats[one.casefold()] for one in reversed(outline.folders) if one.casefold() in beats), None)
        if outline.folders and beat is None:
            folders[_plain(outline.folders[-1])] += 1
        entries.append(_entry(outline, options, name=name, kind=kind, address=address, beat=beat))
        have[mark] = name
    return Plan(tuple(entries), tuple(refused), tuple(known), folders, tuple(notes))


def _entry(outline: Outline, options: Entry, **told: object) -> Entry:
    own = {name: cleaning.line(outline.own.get(name, ""))[:500] or None for name in ("owner", "note")}
    lang, country = outline.lang or "", outline.own.get("country", "")
    return {
        **told,
        **own,
        "lang": lang if _LANG.fullmatch(lang) else None,
        "country": country if _COUNTRY.fullmatch(country) else None,
        **options,
    }


def _plain(text: str) -> str:
    """A title as one line of words; other programs put HTML into it."""
    return cleaning.line(fragment_text(text) if "<" in text or "&" in text else text)[:MAX_NAME]


def _fault(kind: str, address: str, kinds: Mapping[str, frozenset[str] | None]) -> str | None:
    """Why a source of `kind` at `address` is not taken from a list; None where it may be."""
    if kind not in kinds:
        return f"no kind of source is called {kind[:40]!r}"
    if addresses.safe(address):
        trusted = kinds[kind]
        if trusted is None or addresses.registrable(address) in trusted:
            return None
        return f"your key would go to {addresses.host(address)}; write that source into the file yourself"
    if kind == FEED or "://" in address:
        return f"{address[:120]!r} is no web address that may be asked"
    path = PurePosixPath(address.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or address.startswith("~") or "\x00" in address:
        return f"{address[:120]!r} leads out of the desk's folder; write that source into the file yourself"
    return None


def _options(options: Mapping[str, object], *, guarded: bool) -> tuple[dict[str, object], str]:
    """The options that are taken, and what is said of the others: no list decides where a key of the desk goes."""
    kept: dict[str, object] = {}
    left: list[str] = []
    for name, value in options.items():
        server = guarded and any(_SERVER.search(one) for one in _texts(value))
        if name in _COMMON - {"sample"} or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,39}", name):
            continue
        if name.lower().endswith("_env") or server:
            left.append(name)
        else:
            kept[name] = value
    told = f"left out {', '.join(sorted(left))}: a list may not say where keys go; write it into the file yourself"
    return kept, told if left else ""


def _texts(value: object) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
