"""What must hold of a desk whenever nobody is at work on it, whatever happened to it before: one list, for every test.

    assert invariants.broken(config) == []

A breach is a line in plain words. The store is read with SQLite's own eyes, beside the code that is under test; the
site by its manifest, by the check that every edition passes and by `citewire verify` against the stored records.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from pipeline.bundles.verify import verify
from pipeline.errors import AlreadyRunning, UsageError
from pipeline.lock import RunLock
from pipeline.operating.holding import LOCK
from pipeline.protocols import Store
from pipeline.publishing import release, site_check
from pipeline.serial import to_json
from pipeline.settings import DATABASE, load
from pipeline.stores import open_store

_EVER = (datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))
_HALF_MADE = re.compile(r"\.tmp\Z|\A\.new-|-journal\Z|\.partial\Z|\Atmp[a-z0-9_]{8}\Z")

_EMPTY: dict[str, str] = {  # a question to the store whose answer must be empty -> what an answer means
    "SELECT 'row ' || coalesce(rowid, '') || ' of ' || \"table\" FROM pragma_foreign_key_check": "refers to nothing",
    "SELECT r.id FROM records r LEFT JOIN versions v USING (id, content_hash) WHERE v.id IS NULL": (
        "record without text"
    ),
    # All of a changelog stands at one address, and who uses one again for another article brings two: by their ids they
    # are told apart. One article is one record: of one headline, or without one of one text (sourcing/choosing.py).
    "SELECT url FROM (SELECT v.url, coalesce(nullif(lower(v.title), ''), v.text) AS article FROM records r"
    " JOIN versions v USING (id, content_hash) WHERE v.url IS NOT NULL) GROUP BY url, article HAVING count(*) > 1": (
        "article of two records"
    ),
    "SELECT id FROM claims WHERE id NOT IN (SELECT claim_id FROM evidence)": "claim without evidence",
    "SELECT e.claim_id FROM evidence e JOIN versions v ON v.id = e.record_id AND v.content_hash = e.content_hash"
    ' WHERE substr(v.text, e.start + 1, e."end" - e.start) <> e.quote': "claim whose span is not in its record",
    "SELECT story_id || ' ' || n FROM sentences s WHERE published AND kind IN ('claim', 'cohort', 'forecast')"
    " AND NOT EXISTS (SELECT 1 FROM sentence_citations c WHERE c.story_id = s.story_id AND c.sentence = s.n)": (
        "printed sentence that cites nothing"
    ),
    "SELECT c.story_id || ' ' || c.sentence || ' ' || c.key FROM sentence_citations c JOIN sentences s"
    " ON s.story_id = c.story_id AND s.n = c.sentence LEFT JOIN citations t ON t.story_id = c.story_id"
    " AND t.key = c.key WHERE s.published AND t.key IS NULL": "sentence that cites what its story does not list",
    "SELECT story_id || ' ' || key FROM citations WHERE claim_id NOT IN (SELECT id FROM claims)": (
        "citation of no stored claim"
    ),
    "SELECT c.story_id || ' ' || c.key FROM citations c LEFT JOIN versions v ON v.id = c.record_id"
    " AND v.content_hash = c.content_hash WHERE v.id IS NULL"
    ' OR substr(v.text, c.start + 1, c."end" - c.start) <> c.quote': "citation whose words are not in its record",
    "SELECT storyline_id FROM stories GROUP BY storyline_id"
    " HAVING min(version) <> 1 OR max(version) <> count(*)": "story whose versions have gaps",
    "SELECT id FROM stories WHERE previous IS NOT NULL AND previous NOT IN (SELECT id FROM stories)": (
        "version that follows none"
    ),
    "SELECT id FROM stories WHERE id NOT IN (SELECT story_id FROM sentences)": "version without sentences",
    "SELECT storyline_id || ' ' || claim_id FROM memberships WHERE until IS NULL"
    " GROUP BY storyline_id, claim_id HAVING count(*) > 1": "claim that is twice in a storyline",
    "SELECT run_id || ' ' || stage FROM stage_reports GROUP BY run_id, stage HAVING count(*) > 1": (
        "stage reported twice in a run"
    ),
}


def broken(config: Path, *, thorough: bool = True) -> list[str]:
    """What does not hold of the desk of `config`, in words, the worst first; nothing where all of it does.

    Not `thorough`: bundles are not judged again, which takes longest; their spans are held against the store anyway.
    """
    settings = load(config)
    output = settings.output_path
    found = [*of_lock(output), *of_folder(output)]
    if (output / DATABASE).exists():
        found += of_store(output / DATABASE)
        if any(one.startswith("store: damaged") for one in found):
            return found
    if (output / "site").is_symlink():
        found += of_site(output, settings.site.name)
        if thorough and not found:
            found += of_bundles(output)
    elif os.path.lexists(output / "site"):
        found.append("site: is no link to a release")
    return found


def of_lock(output: Path) -> Iterator[str]:
    """The run lock is free."""
    try:
        with RunLock(output / LOCK):
            return
    except AlreadyRunning as error:
        yield f"lock: {error}"


def of_folder(output: Path) -> Iterator[str]:
    """Nothing half-made lies about, and each release has its notes and no notes are left of others."""
    for folder, names, files in os.walk(output):
        for name in sorted((*names, *files)):
            pending = name.endswith("-wal") and Path(folder, name).stat().st_size  # readers leave an empty one
            if pending or _HALF_MADE.search(name):
                yield f"folder: {Path(folder, name).relative_to(output)} is half-made"
    releases = {path.name for path in (output / "releases").glob("*-*-*-*")}
    notes = {path.stem for path in (output / "builds").glob("*-*-*-*.json")}
    for name in sorted(releases ^ notes):
        yield f"folder: release {name} has {'no notes' if name in releases else 'notes and no files'}"


def of_store(path: Path) -> Iterator[str]:
    """The database is sound, nothing in it refers to nothing, nothing is twice, every span is in its record."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        try:
            damage = [said for (said,) in database.execute("PRAGMA integrity_check(5)") if said != "ok"]
        except sqlite3.DatabaseError as error:
            damage = [str(error)]
        yield from (f"store: damaged: {said}" for said in damage)
        for question, meaning in () if damage else _EMPTY.items():
            for (what,) in database.execute(f"{question} LIMIT 3"):
                yield f"store: {meaning}: {what}"


def of_site(output: Path, name: str) -> Iterator[str]:
    """The served release is listed file by file, letter for letter, and passes the check of every edition."""
    site = (output / "site").resolve()
    listed = release.manifest(site)
    if site.parent != output / "releases" or listed is None:
        yield f"site: leads to {site}, which is no release with a manifest"
        return
    pages = {p.relative_to(site).as_posix(): p.read_bytes() for p in sorted(site.rglob("*")) if p.is_file()}
    del pages[release.MANIFEST]
    for path in sorted(pages.keys() ^ listed["files"].keys()):
        yield f"site: {path} is {'not listed' if path in pages else 'missing'}"
    for path, body in pages.items():
        if listed["files"].get(path, "") not in ("", hashlib.sha256(body).hexdigest()):
            yield f"site: {path} is not as it was published"
    with closing(open_store(output / DATABASE)) as store:
        for problem in site_check.check(pages, name, lambda: _outside(store)):
            yield f"site: {problem}"


def _outside(store: Store) -> list[str]:
    """Every text that came from somewhere else: what a page shows of it was left by no template."""
    kept = (store.records_between(*_EVER), store.all_stories(), store.corrections(), store.health().values())
    found: list[str] = []
    left: list[object] = [to_json(one) for part in kept for one in part]
    while left:
        value = left.pop()
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict | list):
            left += value.values() if isinstance(value, dict) else value
    return found


def of_bundles(output: Path) -> Iterator[str]:
    """Every published sentence is borne out by its spans, and every span stands in its stored record."""
    with closing(open_store(output / DATABASE)) as store:
        try:
            found = verify(output / "site", store).problems
        except UsageError:
            return  # an edition without a story
    for problem in found:
        yield f"bundle: {problem}"
