"""Stage five: the night's site. Made file by file aside, checked as a whole, then shown by one swap.

Nothing is visible until everything validates: a broken link, a page that does not parse or a site that shrank holds the
edition, and the old one stays up. A story whose bundle does not verify, or that tells another's event, is left out and
reported; when no new bundle verifies, the whole edition is held. Equal inputs publish nothing.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import combinations

from pipeline import __version__, collecting
from pipeline.claiming.assertions import assertion
from pipeline.domain import Failure, StageReport, StoryKind, digest
from pipeline.edition import Edition, Renderer, TopicAnswer, by_prominence, made
from pipeline.errors import ValidationFailed
from pipeline.findings import conflicts
from pipeline.newsroom.events import Telling, one_event
from pipeline.people import takedown
from pipeline.protocols import Checkpoint, Store, no_checkpoint
from pipeline.publishing import building, release, rollback
from pipeline.publishing.building import Built, Rules, Verifier
from pipeline.publishing.gathering import fingerprint, gathered, strange, withheld
from pipeline.publishing.release import Served
from pipeline.publishing.site_check import MAX_PROBLEMS, leftovers
from pipeline.settings import Settings

_TOLD = frozenset({StoryKind.LEAD, StoryKind.STORY})  # that tell one event each


@dataclass(frozen=True, slots=True)
class _Work:
    """What a night's site is built with. `fewer`: something was taken down, so the site may shrink."""

    renderers: Sequence[Renderer]
    before: Served | None
    rules: Rules
    facts: Mapping[str, str]
    fewer: bool
    checkpoint: Checkpoint


@dataclass(slots=True)
class _Out:
    """Versions that are not shown, and why; `altered` are those that a takedown changed: they may fail, silently."""

    altered: frozenset[str]
    faulty: dict[str, str] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)

    @property
    def every(self) -> frozenset[str]:
        return frozenset(self.faulty) | self.silent


@collecting.paused()
def publish(
    store: Store,
    settings: Settings,
    renderers: Sequence[Renderer],
    *,
    now: datetime,
    verify: Verifier,
    topics: Sequence[TopicAnswer] = (),
    checkpoint: Checkpoint = no_checkpoint,
) -> StageReport:
    """Build, check and serve the site of `now`. `made` is the number of its files, 0 when nothing is new.

    Raises ValidationFailed with every problem found, and StoreError; the old site stays in both cases.
    """
    listed, before = takedown.of(settings), release.served(settings.output_path)
    rules = Rules(settings.site.name, verify, listed)
    memory = release.remembered(settings.output_path, before, _mark(store, settings, rules))
    found = gathered(store, settings, now, topics, listed=listed, memory=memory)
    edition, gone, seen = found.edition, found.gone, found.seen
    edition = replace(edition, conflicts=conflicts.find(edition))
    assertion.cache_clear()  # what stories were held against each other by is large, and not needed any more
    inputs = fingerprint(edition) if not listed else digest("inputs", fingerprint(edition), listed.mark)
    if note := _nothing_new(settings, before, inputs):
        return StageReport("publish", seen=seen, notes=(note,))
    out = _Out(found.altered)
    facts = {**_facts(edition, inputs), "withheld": withheld(store.corrections(), store.withdrawn(), listed)}
    work = _Work(renderers, before, rules, facts, bool(gone), checkpoint)
    name, built = _served(edition, work, out)
    notes = [
        f"edition {facts['edition']} published as release {name}: {built.written} files written, {built.linked} kept",
        f"open {settings.output_path / 'site' / 'index.html'}",
        *rollback.settle(settings.output_path, settings.publish.keep),
    ]
    if edition.conflicts:
        notes.append(f"{len(edition.conflicts)} stories tell something otherwise than another; their pages say so")
    dropped = {f"{what} taken down": count for what, count in sorted(gone.items())}
    dropped |= {"stories held": len(out.faulty)} if out.faulty else {}
    total = built.written + built.linked
    return StageReport(
        "publish", seen=seen, made=total, dropped=dropped, failures=_failures(out.faulty), notes=tuple(notes)
    )


def _mark(store: Store, settings: Settings, rules: Rules) -> str:
    """Digest of what everything that is remembered follows from, beside what it is about."""
    log = [repr(entry) for entry in store.corrections()]
    return digest("memory", rules.mark, settings.fingerprint(), *log, "", *sorted(store.withdrawn()), size=32)


def _nothing_new(settings: Settings, before: Served | None, inputs: str) -> str:
    """Why nothing is published; empty where something is new."""
    if before is not None and before.facts.get("inputs") == inputs:
        release.prune(settings.output_path, settings.publish.keep)  # a night that was killed may not have come so far
        return f"nothing new: edition {before.facts.get('edition', '')} stays up"
    return rollback.held(settings.output_path, inputs)


def _served(edition: Edition, work: _Work, out: _Out) -> tuple[str, Built]:
    """Build until no story has to be left out, then serve: the release's name, and what was done.

    Each round leaves out one more story at least.
    """
    for double, why in doubles(edition):
        out.faulty[double] = why
    output = edition.settings.output_path
    while True:
        edition = withhold(edition, out.every)
        with release.draft(output, work.facts["edition"], work.before, work.checkpoint) as draft:
            built = building.build(building.plan(edition, work.renderers), draft, work.before, work.rules)
            work.checkpoint("publish.built")
            if _left_out(built, edition, out):
                draft.drop()
                continue
            hold(problems(built, draft.kept.keys(), edition, None if work.fewer else work.before))
            work.checkpoint("publish.checked")
            if edition.memory is not None:
                edition.memory.keep(frozenset(edition.tokens.values()))
            return draft.serve(work.facts, edition.memory), built


def _left_out(built: Built, edition: Edition, out: _Out) -> bool:
    """Whether stories have to be left out that were not before; they join `out`.

    Raises ValidationFailed where no new bundle passes, for then it is not one story that is broken; and where something
    that is taken down stands on a page of no story: the site's own name, or a beat's, says it.
    """
    before = out.every
    faulty = {key: said for key, said in built.refused.items() if key not in out.altered}
    if faulty and len(built.refused) == built.asked:
        hold([problem for story in sorted(built.refused) for problem in built.refused[story]])
    out.silent.update(set(built.refused) & out.altered)
    out.faulty |= {key: f"its evidence bundle does not verify: {'; '.join(said[:3])}" for key, said in faulty.items()}
    slugs = {path.split("/")[1] for path in built.named if path.startswith("stories/")}
    out.silent.update(story.id for story in edition.stories if story.slug in slugs)
    if built.named and out.every == before:
        hold([f"{path}: holds what the takedown file lists" for path in built.named])
    return out.every != before


def build(edition: Edition, renderers: Iterable[Renderer]) -> dict[str, bytes]:
    """The whole site as {path: bytes}: a pure function. Raises ValidationFailed when two pages want one path."""
    return made(building.plan(edition, renderers))


def doubles(edition: Edition) -> Iterator[tuple[str, str]]:
    """Versions that must not be shown beside another of their night, with why: both tell one event.

    Of two, the less prominent one is left out. Raises ValidationFailed where two addresses are about one storyline.
    """
    lines: dict[str, str] = {}
    for story in edition.stories:
        if lines.setdefault(story.storyline_id, story.slug) != story.slug:
            hold([f"stories/{lines[story.storyline_id]} and stories/{story.slug} are about one storyline"])
    new = [one for one in edition.stories if one.kind in _TOLD and one.version == 1 and one.written == edition.now]
    told = [(story, Telling.of(story)) for story in sorted(new, key=by_prominence)]
    for (one, first), (other, second) in combinations(told, 2):
        if by := one_event(first, second):
            yield other.id, f"it tells the event of stories/{one.slug}: the two have their {by} in common"


def withhold(edition: Edition, out: Container[str]) -> Edition:
    """The edition without the versions that are `out`; an earlier version of the same story stays up in their place."""
    left = tuple(story for story in edition.stories if story.id not in out)
    return edition if len(left) == len(edition.stories) else replace(edition, stories=left)


def _failures(faulty: Mapping[str, str]) -> tuple[Failure, ...]:
    return tuple(
        Failure(
            subject=story,
            what=faulty[story],
            consequence="this version is not shown; the one before it stays up",
            remedy="this is a fault of the program: report it with the run report",
        )
        for story in sorted(faulty)
    )


def problems(built: Built, paths: Iterable[str], edition: Edition, before: Served | None) -> list[str]:
    """All that keeps a draft from being shown: faults of its files, and a site that shrank."""
    found = [*built.problems, *leftovers(built.left, lambda: strange(edition))]
    now, was = _pages(paths), before.pages if before else 0
    limit = edition.settings.publish.shrink_limit
    if now < limit * was:
        found.append(f"the site would shrink from {was} to {now} pages, below the limit of {limit:.0%}")
    return found[:MAX_PROBLEMS]


def _pages(paths: Iterable[str]) -> int:
    return sum(1 for path in paths if path.endswith(".html"))


def hold(found: Sequence[str]) -> None:
    """Raises ValidationFailed that lists `found`, if there is anything."""
    if found:
        lines = "\n  ".join(found)
        raise ValidationFailed(
            f"the new site failed {len(found)} checks and is not shown; the old one stays up:\n  {lines}"
        )


def _facts(edition: Edition, inputs: str) -> dict[str, str]:
    """What the manifest says of its release."""
    return {
        "edition": edition.now.date().isoformat(),
        "now": edition.now.isoformat(),
        "inputs": inputs,
        "settings": edition.settings.fingerprint(),
        "version": __version__,
    }
