"""A desk in a folder that holds the invented edition of site_factory: its store, its settings, what it serves."""

from __future__ import annotations

from pathlib import Path

from site_factory import NIGHT

from pipeline.domain import SourceHealth
from pipeline.edition import Edition
from pipeline.protocols import Analysis, Cursor, Store


def fill(store: Store, one: Edition) -> None:
    """Store all that an edition was gathered from."""
    for source in sorted({record.source for record in one.records.values()}):
        records = [record for record in one.records.values() if record.source == source]
        store.save_batch(source, records, Cursor(), SourceHealth(source, NIGHT, True, last_success=NIGHT))
    known = set(one.records)
    store.save_analysis(
        Analysis(
            record_ids=tuple(sorted(known)),
            claims=tuple(one.claims.values()),
            storylines=tuple(one.storylines.values()),
            joined=tuple(m for members in one.memberships.values() for m in members),
            findings=tuple(f for found in one.findings.values() for f in found),
            now=NIGHT,
        )
    )
    store.save_signals(one.signals, NIGHT)
    for story in one.stories:
        store.save_story(story)


def served(output: Path) -> dict[str, bytes]:
    """Every file of the site that is served, by its address."""
    site = output / "site"
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in sorted(site.rglob("*")) if path.is_file()}
