"""`citewire retract`, `correct` and `recheck`: take back, put right, read again, and the site is built anew.

And `verify` and `replay`: stories judged and rebuilt from their bundles.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.amends import Correction
from pipeline.barred import sentence_hash
from pipeline.cli.console import print_json, shown
from pipeline.errors import UsageError
from pipeline.operating import holding
from pipeline.run import lines
from pipeline.serial import to_json
from pipeline.settings import load

if TYPE_CHECKING:
    from pipeline.app import App
    from pipeline.protocols import Store

Add = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]
Clock = Callable[[argparse.Namespace], datetime]


def commands(add: Add, clock: Clock) -> None:
    """Enter the commands; `clock` gives the time that a command runs at."""
    taken = add("retract", lambda args: _retract(args, clock(args)), "take a story, a sentence or a source back")
    taken.add_argument(
        "ident", metavar="ID", help="a story's address or id, the hash of a sentence, a record's id, a source's name"
    )
    taken.add_argument("--why", required=True, metavar="TEXT", help="the reason, printed where it stood")
    righted = add("correct", lambda args: _correct(args, clock(args)), "put one sentence of a story right")
    righted.add_argument("ident", metavar="ID", help="the story's address or id")
    righted.add_argument("--sentence", type=int, metavar="N", help="which one; without it, they are listed")
    way = righted.add_mutually_exclusive_group()
    way.add_argument("--with", dest="text", metavar="TEXT", help="what is printed instead, if the gate lets it pass")
    way.add_argument("--drop", action="store_true", help="leave it out")
    righted.add_argument("--why", default="", metavar="TEXT", help="the reason, printed with the story")
    checked = add("verify", _verify, "check every sentence of story bundles against their evidence, offline")
    checked.add_argument("path", type=Path, metavar="PATH", help="a story.json, or a folder of them (a site)")
    replayed = add("replay", _replay, "rebuild stories from their bundles, byte for byte, and show what differs")
    replayed.add_argument("path", type=Path, metavar="PATH", help="a story.json, or a folder of them (a site)")
    replayed.add_argument("--out", type=Path, metavar="FOLDER", help="write what was rebuilt there")
    again = add("recheck", lambda args: _recheck(args, clock(args)), "read cited pages again and mark what changed")
    again.add_argument("story", nargs="?", metavar="STORY", help="the pages of one story alone, by address or id")


def _retract(args: argparse.Namespace, now: datetime) -> int:
    from pipeline import correcting  # noqa: PLC0415  heavy, and worker processes import this module

    with _desk(args) as app:
        left = _unshown(app, now)
        if mine := [entry for entry in left if correcting.names(app.store, args.ident, entry)]:
            return _told(args, app, mine, now)  # entered by a command that was killed before it had built the site
        target = correcting.resolve(app.store, app.settings, args.ident)
        entry = correcting.retract(app.store, app.settings, target, args.why, now)
        return _told(args, app, [entry], now)


def _correct(args: argparse.Namespace, now: datetime) -> int:
    from pipeline import correcting  # noqa: PLC0415  heavy, and worker processes import this module

    with _desk(args) as app:
        if args.sentence is None:
            return _list(args, app)
        if args.text is None and not args.drop:
            raise UsageError('say what becomes of the sentence: --with "..." or --drop')
        left = _unshown(app, now)
        if mine := [entry for entry in left if correcting.names(app.store, args.ident, entry)]:
            return _told(args, app, mine, now)  # as above; the sentences may have other numbers since
        entry = correcting.correct(
            app.store, app.settings, args.ident, args.sentence, text=args.text, why=args.why, now=now
        )
        return _told(args, app, [entry], now)


def _list(args: argparse.Namespace, app: App) -> int:
    """The sentences of a story, by the numbers that `correct` takes and the hashes that `retract` takes."""
    from pipeline import correcting  # noqa: PLC0415  heavy, and worker processes import this module

    story = correcting.latest(app.store, args.ident)
    found = [
        {"sentence": n, "id": sentence_hash(s.text), "class": s.kind.value, "text": s.text, "citations": [*s.citations]}
        for n, s in enumerate(correcting.numbered(story), 1)
    ]
    if args.json:
        print_json({"story": story.id, "slug": story.slug, "version": story.version, "sentences": found})
        return 0
    print(f"{story.slug}, version {story.version}")
    for row in found:
        print(f"{row['sentence']:>3}  {str(row['id'])[:12]}  {row['class']:<8}  {shown(str(row['text']), 600)}")
    return 0


def _recheck(args: argparse.Namespace, now: datetime) -> int:
    with _desk(args) as app:
        before = {entry.id for entry in app.store.corrections()} - {entry.id for entry in _unshown(app, now)}
        report = app.recheck(now, args.story)
        if not args.quiet:
            print("\n".join(lines(report)), file=sys.stderr)
        entries = [entry for entry in app.store.corrections() if entry.id not in before]
        return _told(args, app, entries, now, report=to_json(report))


@contextmanager
def _store_of(args: argparse.Namespace) -> Iterator[Store | None]:
    """The store of the desk that published what is looked at; none for bundles from elsewhere."""
    from pipeline.cli.desk import existing_store  # noqa: PLC0415  heavy, and worker processes import this module

    settings = load(args.config) if args.config.exists() else None
    if settings is None or not args.path.resolve().is_relative_to(settings.output_path):
        yield None
        return
    with existing_store(settings) as store:
        yield store


def _verify(args: argparse.Namespace) -> int:
    """Exit code 1 where anything does not hold."""
    from pipeline.bundles.verify import verify  # noqa: PLC0415  heavy, and worker processes import this module

    with _store_of(args) as store:
        report = verify(args.path, store)
    if args.json:
        print_json(to_json(report))
        return 1 if report.problems else 0
    for problem in report.problems:
        print(problem)
    verdict = f"{len(report.problems)} problems" if report.problems else "every sentence holds"
    records = ", against the stored records" if store is not None else ""
    print(f"{report.bundles} bundles, {report.sentences} sentences{records}: {verdict}")
    if report.foreign:
        print(f"{report.foreign} bundles were written under other rules than those that judged them here")
    return 1 if report.problems else 0


def _replay(args: argparse.Namespace) -> int:
    """Exit code 1 where something differs, or where all that was asked for is withdrawn."""
    from pipeline import renderers  # noqa: PLC0415  heavy, and worker processes import this module
    from pipeline.bundles.replay import replay  # noqa: PLC0415
    from pipeline.newsroom import inputs  # noqa: PLC0415  heavy, and worker processes import this module

    with _store_of(args) as store:
        rewrite = (lambda story: inputs.rewritten(story, store)) if store is not None else None
        done = replay(args.path, renderers.load(), out=args.out, rewrite=rewrite)
    if args.json:
        print_json(to_json(done))
    else:
        for difference in (*done.refused, *done.differences):
            print(shown(str(difference), 800))
        same = f"{len(done.differences)} differences" if done.differences else "every byte is the same"
        written = f", {done.written} of them written again" if done.written else ""
        print(f"{done.bundles} bundles rebuilt{written}, {done.files} files compared: {same}")
        if done.foreign:
            print(
                f"{done.foreign} bundles were written under other rules, and those of this version may decide otherwise"
            )
    return 1 if done.differences or (done.refused and not done.bundles) else 0


@contextmanager
def _desk(args: argparse.Namespace) -> Iterator[App]:
    """The desk, under its run lock: nothing is corrected while a night runs."""
    from pipeline.app import make_app  # noqa: PLC0415  heavy, and worker processes import this module

    settings = load(args.config)
    with holding.alone(settings) as check:
        app = make_app(settings, checkpoint=check)
        try:
            yield app
        finally:
            app.close()


def _unshown(app: App, now: datetime) -> list[Correction]:
    """What the log holds that is younger than the site: a command that entered it was killed before it published.

    One that was killed later may have left older editions, which hold what it withdrew, or no backup: that is done now.
    """
    from pipeline.operating import backup  # noqa: PLC0415  heavy, and worker processes import this module
    from pipeline.publishing import release  # noqa: PLC0415

    release.prune(app.settings.output_path, app.settings.publish.keep)
    if backup.due(app.settings, app.store.counts()):
        app.backup(now)
    told = release.facts(app.settings.output_path / "site").get("now")
    since = datetime.fromisoformat(told) if told else None
    return [entry for entry in app.store.corrections() if since is not None and entry.at > since]


def _told(args: argparse.Namespace, app: App, entries: Sequence[Correction], now: datetime, **more: Any) -> int:
    """Build the site where there is something to tell, and say what was entered.

    Raises ValidationFailed where the new site fails a check: the entry stands, the old site stays up until it is built.
    """
    published = (*app.publish(now).notes, *app.backup(now).notes) if entries else ()
    if args.json:
        print_json({"corrections": [to_json(entry) for entry in entries], "published": list(published), **more})
        return 0
    for entry in entries:
        versions = f"{len(entry.stories)} versions concerned, {len(entry.withdrawn)} withdrawn"
        print(f"{entry.id}  {entry.kind.value} {entry.what}: {shown(entry.why, 300)} ({versions})")
    for note in published if not args.quiet else ():
        print(note)
    if not entries:
        print("nothing to correct")
    return 0
