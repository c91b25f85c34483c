"""Many nights over real rows, one after the other, and what each of them published.

    python benchmarks/nights.py FILE --from 2023-10-01 --days 14 [--output FOLDER] [--embedder lexical] [--json]

FILE holds JSON Lines (plain or gzipped) whose rows carry `seen` or `published`; night D is run at midnight after day D.
For each night: rows read, stories written, how many of them carry at least six claim sentences from at least two
origins, how many are later versions, how many storylines got none for want of news and how many because another story
tells it, and what `verify` says of what was written. benchmarks/editions.py shows a kept desk's nights for reading.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline.app import App, make_app
from pipeline.bundles.bundle import to_bundle
from pipeline.bundles.verify import problems
from pipeline.domain import SentenceClass, Story, StoryKind
from pipeline.run import night
from pipeline.settings import load

CONFIG = """
[analyze]
embedder = "{embedder}"

[[beat]]
name = "World"
description = "Wars, diplomacy, disasters and governments abroad."
keywords = ["war", "troops", "president", "foreign minister", "earthquake", "ceasefire", "embassy", "military"]

[[beat]]
name = "Politics"
description = "Elections, parliaments, courts and government."
keywords = ["senate", "congress", "parliament", "election", "vote", "lawmakers", "court", "trial", "minister"]

[[beat]]
name = "Business"
description = "Companies, markets, deals and prices."
keywords = ["shares", "stocks", "profit", "merger", "acquisition", "inflation", "interest rates", "union", "bank"]

[[beat]]
name = "Technology"
description = "Software, chips, artificial intelligence, phones and the firms that make them."
keywords = ["AI", "artificial intelligence", "software", "chip", "app", "smartphone", "startup", "data center"]

[[beat]]
name = "Science & health"
description = "Research, medicine, space and climate."
keywords = ["scientists", "study", "researchers", "vaccine", "disease", "NASA", "climate", "telescope"]

[[source]]
name = "Rows"
kind = "files"
address = "{file}"
"""
_OWN = frozenset({StoryKind.LEAD, StoryKind.STORY})
_MADE = frozenset({SentenceClass.CLAIM, SentenceClass.COHORT, SentenceClass.FORECAST})


@dataclass(frozen=True, slots=True)
class Night:
    """What one night came to."""

    day: str
    weekday: str
    read: int
    stories: int  # of one storyline
    others: int  # dispatches, stories of beats, firms and persons, the briefing
    full: int  # six or more claim sentences from two or more origins
    later: int  # versions after the first
    unchanged: int  # storylines that had a story and no material news
    twins: int  # whose event another story tells
    rejected: int  # sentences that `verify` rejects
    uncited: int  # claim sentences without a citation
    seconds: float


def body(story: Story) -> list[tuple[str, tuple[str, ...]]]:
    """Distinct claim sentences of the body, with their citation keys."""
    found = {
        sentence.text: sentence.citations
        for section in story.sections
        if section.role == "body"
        for paragraph in section.paragraphs
        for sentence in paragraph
        if sentence.kind in _MADE
    }
    return list(found.items())


def is_full(story: Story) -> bool:
    """Whether a story has six or more claim sentences that rest on two or more origins."""
    origin = {citation.key: citation.origin_id for citation in story.citations}
    sentences = body(story)
    return len(sentences) >= 6 and len({origin[key] for _, keys in sentences for key in keys}) >= 2


def one(app: App, now: datetime) -> Night:
    """Run the night of `now` and count what it wrote."""
    run = night(app, now)
    every = [story for story in app.store.live_stories() if story.written == now]
    written = [story for story in every if story.kind in _OWN]
    stages = {report.stage: report for report in run.stages}
    day = now - timedelta(days=1)
    ranked = [one for one in app.store.rankings(since=now) if one.night == now]
    return Night(
        day=day.date().isoformat(),
        weekday=f"{day:%a}",
        read=stages["ingest"].made,
        stories=len(written),
        others=len(every) - len(written),
        full=sum(map(is_full, written)),
        later=sum(story.version > 1 for story in written),
        unchanged=sum(one.outcome == "unchanged" for one in ranked),
        twins=sum("(same " in one.why for one in ranked),
        rejected=sum(len(problems(to_bundle(story), app.store)) for story in every),
        uncited=sum(not keys for story in every for _, keys in body(story)),
        seconds=round(sum(report.seconds for report in run.stages), 1),
    )


def line(found: Night) -> str:
    """A night in one line."""
    return (
        f"{found.day} {found.weekday} {found.read:>6} read {found.stories:>4} stories {found.full:>4} full"
        f" {found.others:>3} others {found.later:>4} later {found.unchanged:>4} unchanged {found.twins:>4} twins"
        f" {found.rejected:>4} rejected {found.uncited:>4} uncited {found.seconds:>7} s"
    )


@contextlib.contextmanager
def kept(output: Path | None) -> Iterator[Path]:
    """The folder `output`, made if need be, or one that is deleted in the end."""
    with contextlib.ExitStack() as stack:
        folder = output or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        yield folder


@contextlib.contextmanager
def desk(folder: Path, file: Path, embedder: str) -> Iterator[App]:
    """A desk in `folder` that reads the rows of `file`, closed in the end."""
    config = folder / "citewire.toml"
    config.write_text(CONFIG.format(embedder=embedder, file=file.resolve()), encoding="utf-8")
    with contextlib.closing(make_app(load(config))) as app:
        yield app


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the nights; returns 1 when `verify` rejects anything or a claim sentence has no citation."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--from", dest="first", type=datetime.fromisoformat, required=True, metavar="DAY")
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--output", type=Path, help="keep the desk here (default: a folder that is deleted)")
    parser.add_argument("--embedder", default="lexical")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(arguments)
    with kept(args.output) as folder, desk(folder, args.file, args.embedder) as app:
        nights = []
        for number in range(1, args.days + 1):
            nights.append(one(app, args.first.replace(tzinfo=UTC) + timedelta(days=number)))
            if not args.json:
                print(line(nights[-1]), flush=True)
    if args.json:
        print(json.dumps([asdict(found) for found in nights], indent=1))
    return int(any(found.rejected or found.uncited for found in nights))


if __name__ == "__main__":
    sys.exit(main())
