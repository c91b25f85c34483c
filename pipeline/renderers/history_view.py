"""What the history of a story shows: every version, why it was written, and what it says otherwise than the one before.

Everything is computed from the stored versions and the log of corrections. What speaks of versions itself ("what
changed", "the story so far") is left out of the comparison: it differs each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.domain import Story
from pipeline.edition import Edition
from pipeline.renderers import phrases
from pipeline.renderers.corrections_view import grave, head
from pipeline.renderers.differences import Change, between
from pipeline.renderers.evidence import disputed
from pipeline.renderers.places import Places

COMPARED = 20  # newest versions whose differences the page shows in full
_NAMED = 4  # publishers and signals that a reason names
_PARTS = (
    ("head", "Headline and summary"),
    ("takeaways", "Key points"),
    ("body", "Text"),
    ("disagreements", "Where sources disagree"),
    ("unknown", "What is not known"),
    ("question", "Questions"),
)
_OF_VERSIONS = frozenset({"changed", "so_far"})


@dataclass(frozen=True, slots=True)
class PartView:
    """The changes in one part of a story, and how many of its sentences stayed."""

    name: str
    changes: tuple[Change, ...]
    same: int


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version in the history: why it came, in a few lines, and what it changed.

    `entry`: anchor of its entry in the log of corrections. `tally`: what changed, in numbers. `withdrawn`: why, for a
    version of which nothing is left to show.
    """

    number: int
    written: str
    written_iso: str
    headline: str
    lang: str
    href: str
    reasons: tuple[str, ...]
    entry: str | None
    tally: str
    parts: tuple[PartView, ...]
    withdrawn: str


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """The history of a story, newest version first."""

    title: str
    lang: str
    href: str
    count: str
    versions: tuple[VersionView, ...]


def history_path(slug: str, edition: Edition, places: Places) -> str | None:
    """Address of a story's history; None for a story of one version and nothing withdrawn."""
    versions = len(places.versions.get(slug, ())) + sum(tomb.slug == slug for tomb in edition.tombstones)
    return f"stories/{slug}/history/index.html" if slug in places.versions and versions > 1 else None


def history_page(slug: str, edition: Edition, places: Places) -> HistoryPage:
    """The view of the history of the story at `slug`."""
    stories = places.versions[slug]
    views = [_version(story, before, edition, places) for before, story in zip((None, *stories), stories, strict=False)]
    if len(views) > COMPARED:
        views[:-COMPARED] = [_told_only(view) for view in views[:-COMPARED]]
    views += _withdrawn(slug, edition)
    latest = stories[-1]
    return HistoryPage(
        title=latest.short_title,
        lang=latest.lang,
        href=places.story(latest),
        count=phrases.count(len(views), "version"),
        versions=tuple(sorted(views, key=lambda view: -view.number)),
    )


def _version(story: Story, before: Story | None, edition: Edition, places: Places) -> VersionView:
    parts = _parts(before, story) if before else ()
    return VersionView(
        number=story.version,
        written=phrases.stamp(story.written),
        written_iso=phrases.iso(story.written),
        headline=story.headline.text,
        lang=story.lang,
        href=places.story(story),
        reasons=tuple(_reasons(before, story)),
        entry=story.corrections[-1].id if story.corrections else None,
        tally=_tally(parts) if before else "",
        parts=tuple(part for part in parts if part.changes),
        withdrawn="",
    )


def _told_only(view: VersionView) -> VersionView:
    """A version of long ago: its reasons and its numbers without the words."""
    return VersionView(
        view.number, view.written, view.written_iso, view.headline, view.lang, view.href, view.reasons, view.entry,
        view.tally, (), "",
    )  # fmt: skip


def _withdrawn(slug: str, edition: Edition) -> list[VersionView]:
    """The versions that were withdrawn, by what is left of them: number, times, reason."""
    return [
        VersionView(
            tomb.version, phrases.stamp(tomb.written), phrases.iso(tomb.written), "", tomb.lang,
            f"{grave(tomb, edition)}/index.html", (), tomb.correction, "", (),
            f"withdrawn on {phrases.day(tomb.at.date())}: {tomb.why}",
        )
        for tomb in edition.tombstones
        if tomb.slug == slug
    ]  # fmt: skip


# --- why -------------------------------------------------------------------------------------------------------------


def _reasons(before: Story | None, story: Story) -> Iterable[str]:
    """Why a version was written, the gravest first: corrections, the end, disputes, new evidence, signals."""
    for entry in story.corrections:
        yield f"{head(entry)}: {entry.why}"
    if story.ending is not None:
        merged = story.ending.into is not None
        since = phrases.day(story.ending.since.date())
        yield f"Closed: {'merged into another storyline' if merged else f'nothing new since {since}'}"
    was = disputed(before.sections) if before else {}
    now = disputed(story.sections)
    if opened := now.keys() - was.keys():
        yield f"Dispute opened ({_clashes(now, opened)})"
    if before and (closed := was.keys() - now.keys()):
        yield f"Dispute no longer told ({_clashes(was, closed)})"
    if fresh := _fresh(before, story):
        yield fresh
    old = {signal.id for signal in before.signals} if before else set()
    kinds = dict.fromkeys(signal.kind.replace("_", " ") for signal in story.signals if signal.id not in old)
    if kinds:
        yield f"Signal{'s' if len(kinds) > 1 else ''}: {_some(list(kinds))}"


def _clashes(told: dict[str, str], keys: Iterable[str]) -> str:
    return "; ".join(sorted({told[key] for key in keys}))


def _fresh(before: Story | None, story: Story) -> str:
    """The evidence that a version cites and the one before did not: how much, and of whom."""
    old = {citation.key for citation in before.citations} if before else set()
    spans = [citation for citation in story.citations if citation.key not in old]
    if not spans:
        return ""
    known = {record.id for record in before.records} if before else set()
    records = {citation.evidence.record_id for citation in spans} - known
    names = dict.fromkeys(r.publisher or r.author or "" for r in story.records if r.id in records)
    named = [name for name in names if name]
    whose = f", of {_some(named)}" if named else ""
    if before is None:
        return f"First told, on {phrases.count(len(records), 'record')}{whose}"
    of = (
        f" in {phrases.count(len(records), 'record')} not cited before{whose}"
        if records
        else ", all in records cited before"
    )
    return f"New evidence: {phrases.count(len(spans), 'passage')}{of}"


def _some(names: Sequence[str]) -> str:
    """A few names and how many more there are."""
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


# --- what ------------------------------------------------------------------------------------------------------------


def _parts(before: Story, story: Story) -> tuple[PartView, ...]:
    """Every part of a story, compared."""
    found = []
    for role, name in _PARTS:
        difference = between(_sentences(before, role), _sentences(story, role))
        found.append(PartView(name, difference.changes, difference.same))
    return tuple(found)


def _sentences(story: Story, role: str) -> list[str]:
    """The sentences of a part, in reading order; sections without a part of their own belong to the text."""
    if role == "head":
        return [story.headline.text, *([story.dek.text] if story.dek else [])]
    named = {name for name, _ in _PARTS} | _OF_VERSIONS
    kept = [one for one in story.sections if one.role == role or (role == "body" and one.role not in named)]
    return [sentence.text for section in kept for paragraph in section.paragraphs for sentence in paragraph]


def _tally(parts: Iterable[PartView]) -> str:
    """What changed in numbers: "2 sentences added, 1 reworded; 14 stayed"."""
    every = list(parts)
    kinds = [change.kind for part in every for change in part.changes]
    told = [
        f"{phrases.count(number, 'sentence') if not n else number} {kind}"
        for n, (kind, number) in enumerate(
            (kind, kinds.count(kind)) for kind in ("added", "reworded", "removed") if kind in kinds
        )
    ]
    same = sum(part.same for part in every)
    return f"{', '.join(told) or 'No sentence changed'}; {same} stayed"
