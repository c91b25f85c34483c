"""What pages say of corrections: the public log, the notes on a story, what remains of withdrawn versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from pipeline.amends import Correction, CorrectionKind, Tombstone
from pipeline.domain import Story
from pipeline.edition import Edition
from pipeline.renderers import phrases
from pipeline.renderers.places import Places

PAGE, FEED = "corrections/index.html", "corrections/feed.xml"
_HEADS = MappingProxyType(
    {
        CorrectionKind.CORRECTED: "Sentence corrected",
        CorrectionKind.DROPPED: "Sentence taken out",
        CorrectionKind.SOURCE_CHANGED: "A cited page changed",
        CorrectionKind.SOURCE_GONE: "A cited page is gone",
        CorrectionKind.SOURCE_RETRACTED: "A cited page was retracted",
    }
)
_WITHDRAWN = MappingProxyType(
    {
        "story": "Story withdrawn",
        "sentence": "Sentence withdrawn",
        "record": "Cited record withdrawn",
        "source": "Source withdrawn",
    }
)
_MARKS = MappingProxyType(
    {
        CorrectionKind.SOURCE_CHANGED: "the source changed this on {day}",
        CorrectionKind.SOURCE_GONE: "the source took this page away; it was gone on {day}",
        CorrectionKind.SOURCE_RETRACTED: "the source retracted this on {day}",
    }
)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry of the log: what happened, why, what is printed instead, and the stories it concerns."""

    anchor: str
    head: str
    date: str
    date_iso: str
    why: str
    text: str
    by: str
    stories: tuple[tuple[str, str], ...]  # what it says of it, address


@dataclass(frozen=True, slots=True)
class StoryNote:
    """What the page of a story says of one correction; `sources` are numbers and anchors of the words concerned."""

    anchor: str
    head: str
    date: str
    date_iso: str
    why: str
    sources: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class TombPage:
    """The page of a withdrawn version."""

    title: str
    beat: str
    version: int
    written: str
    date: str
    date_iso: str
    why: str
    anchor: str
    bundle: str
    again: str | None  # address of a version that stands


def shown(edition: Edition) -> tuple[Correction, ...]:
    """The entries that concern something published, newest first."""
    return tuple(entry for entry in reversed(edition.corrections) if entry.stories or entry.successors)


def head(entry: Correction) -> str:
    """What happened, in a few words."""
    return _HEADS.get(entry.kind) or _WITHDRAWN[entry.what]


def log(edition: Edition, places: Places) -> tuple[LogEntry, ...]:
    """The log as its page shows it."""
    tombs = {tomb.story_id: tomb for tomb in edition.tombstones}
    return tuple(
        LogEntry(
            anchor=entry.id,
            head=head(entry),
            date=phrases.day(entry.at.date()),
            date_iso=phrases.iso(entry.at),
            why=entry.why,
            text=entry.text,
            by="found by a recheck of the page" if entry.by == "recheck" else "by hand",
            stories=_concerned(entry, edition, places, tombs),
        )
        for entry in shown(edition)
    )


def _concerned(
    entry: Correction, edition: Edition, places: Places, tombs: Mapping[str, Tombstone]
) -> tuple[tuple[str, str], ...]:
    """The versions that an entry concerns, in words that repeat nothing of what was withdrawn, with their addresses."""
    known = {story.id: story for story in edition.stories}
    found: list[tuple[str, str]] = []
    for key in dict.fromkeys((*entry.successors, *entry.stories, *entry.withdrawn)):
        if key in tombs:
            tomb = tombs[key]
            written = phrases.day(tomb.written.date())
            found.append((f"version {tomb.version} of {written}, withdrawn", f"{grave(tomb, edition)}/index.html"))
        elif key in known:
            story = known[key]
            found.append((f"{story.short_title}, version {story.version}", places.story(story)))
    return tuple(found)


def concerning(story: Story, edition: Edition, places: Places) -> tuple[Correction, ...]:
    """The entries about any version at a story's address, or about words that this version cites; newest first."""
    log = shown(edition)
    if not log:
        return ()
    versions = {one.id for one in places.versions[story.slug]}
    versions |= {tomb.story_id for tomb in edition.tombstones if tomb.slug == story.slug}
    cited = set(edition.remember("keys", lambda: sorted({one.key for one in story.citations}), story.id))
    return tuple(
        entry
        for entry in log
        if not versions.isdisjoint((*entry.stories, *entry.successors)) or not cited.isdisjoint(entry.keys)
    )


def touched(story: Story, edition: Edition, places: Places) -> datetime:
    """When a version or what is said of it last changed."""
    return max([story.written, *(entry.at for entry in concerning(story, edition, places))])


def notes(story: Story, edition: Edition, places: Places, numbers: Mapping[str, int]) -> tuple[StoryNote, ...]:
    """What the page of a version says of corrections; `numbers`: citation key -> its number on the page."""
    return tuple(
        StoryNote(
            entry.id,
            head(entry),
            phrases.day(entry.at.date()),
            phrases.iso(entry.at),
            entry.why,
            tuple((n, f"source-{n}") for n in sorted(numbers[key] for key in entry.keys if key in numbers)),
        )
        for entry in concerning(story, edition, places)
    )


def altered(log: Iterable[Correction]) -> Mapping[str, str]:
    """Citation key -> what its source did to the words since, dated; of the last entry about it."""
    found: dict[str, str] = {}
    for entry in log:
        if entry.kind in _MARKS:
            says = _MARKS[entry.kind].format(day=phrases.day(entry.at.date()))
            found.update(dict.fromkeys(entry.keys, says))
    return found


# --- what is withdrawn -----------------------------------------------------------------------------------------------


def grave(tomb: Tombstone, edition: Edition) -> str:
    """The folder of a withdrawn version: the address itself for the last of a story of which nothing stands."""
    stands = any(story.slug == tomb.slug for story in edition.stories)
    last = max(other.version for other in edition.tombstones if other.slug == tomb.slug)
    return f"stories/{tomb.slug}" + ("" if not stands and tomb.version == last else f"/v{tomb.version}")


def last_tombs(edition: Edition) -> tuple[Tombstone, ...]:
    """Of every story of which nothing stands, its last version."""
    stand = {story.slug for story in edition.stories}
    found = {tomb.slug: tomb for tomb in sorted(edition.tombstones, key=lambda tomb: tomb.version)}
    return tuple(found[slug] for slug in sorted(found) if slug not in stand)


def tomb_page(tomb: Tombstone, edition: Edition, places: Places) -> TombPage:
    """The page of a withdrawn version."""
    versions = places.versions.get(tomb.slug, ())
    return TombPage(
        title="Withdrawn",
        beat=tomb.beat,
        version=tomb.version,
        written=phrases.stamp(tomb.written),
        date=phrases.day(tomb.at.date()),
        date_iso=phrases.iso(tomb.at),
        why=tomb.why,
        anchor=tomb.correction,
        bundle=f"{grave(tomb, edition)}/story.json",
        again=places.story(versions[-1]) if versions else None,
    )
