"""An invented edition with one of everything that a page can hold, for tests that look at all pages at once.

It is the edition of `site_factory` and what that lacks: a version that was withdrawn, one that was corrected, words as
long as a line, a story that is read from right to left, and names that have pages of their own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path

import site_factory
from site_factory import NIGHT, sentence, stories

from pipeline.amends import Correction, CorrectionKind, Tombstone
from pipeline.domain import Section, SentenceClass, Story
from pipeline.edition import Edition
from pipeline.findings import conflicts
from pipeline.publish import build
from pipeline.publishing import release
from pipeline.renderers import load

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
ADDRESS = "https://harbour-wire.example/" + "a-very-long-address-without-a-place-to-break/" * 4
ARABIC = "أحصى حراس الغابات 212 حريقًا هذا الموسم، وهو أقل عدد منذ عام 2017"


def _gone() -> tuple[Correction, Tombstone]:
    """A story that was withdrawn by hand, and what remains of it."""
    why = "Its only source took the figure back."
    entry = Correction("k1", CorrectionKind.RETRACTED, NIGHT, "story", "gone-1a2b", why, ("ygone",), ("ygone",))
    tomb = Tombstone(
        story_id="ygone", storyline_id="s" + "0" * 12, slug="gone-1a2b", version=1, beat="Chips",
        written=NIGHT - timedelta(days=1), lang="en", correction="k1", at=NIGHT, why=why, seal="0" * 32,
        sentences=("1" * 32,), citations=("2" * 32,), records=("3" * 64,),
    )  # fmt: skip
    return entry, tomb


def _wide(story: Story) -> Story:
    """`story` in words that are longer than a line of a telephone."""
    wide = sentence(f"{LONG} {LONG}: „{LONG}“ sagt die {LONG}.", "blame")
    records = tuple(dataclasses.replace(one, url=ADDRESS, publisher=LONG, title=LONG * 2) for one in story.records)
    sections = (Section("takeaways", None, ((wide,),)), Section("body", LONG, ((wide, wide),)))
    return dataclasses.replace(
        story, headline=wide, dek=wide, short_title=LONG, lang="de", records=records, sections=sections
    )


def _mirrored(story: Story) -> Story:
    """`story` in a script that is read from right to left."""
    said, rain = sentence(ARABIC + ".", "fires"), sentence(ARABIC, "rain", kind=SentenceClass.FORECAST)
    sections = (Section("body", ARABIC[:30], ((said, rain),)),)
    return dataclasses.replace(story, headline=said, dek=said, short_title=ARABIC[:40], lang="ar", sections=sections)


@cache
def edition() -> Edition:
    """The edition: its third grid story is the second, but for a sentence that was taken out by hand."""
    first, grid, fab, fire = stories()
    entry, tomb = _gone()
    why, key = "The register was read wrongly.", "y" + "c" * 12
    dropped = Correction("k2", CorrectionKind.DROPPED, NIGHT, "sentence", "4" * 32, why, (grid.id,), (), (key,))
    again = dataclasses.replace(grid, id=key, version=3, previous=grid.id, corrections=(dropped,))
    base = site_factory.edition(
        stories=(first, grid, again, _wide(fab), _mirrored(fire)), corrections=(entry, dropped), tombstones=(tomb,),
        settings=site_factory.settings(publish={"entity_stories": 1, "entity_origins": 1}),
        featured=site_factory.featured(),
    )  # fmt: skip
    found = conflicts.find(base)
    return dataclasses.replace(base, conflicts=found)


@cache
def pages() -> Mapping[str, bytes]:
    """Every file of its site, by path."""
    return build(edition(), load())


def published(output: Path) -> Path:
    """The site, published below `output`: the link that is served."""
    return put(output, "2026-11-20-00000000", pages())


def put(output: Path, name: str, files: Mapping[str, bytes]) -> Path:
    """`files` as the release `name` below `output`, served; the link that leads to it."""
    for path, body in files.items():
        place = output / "releases" / name / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(body)
    release.serve(output, name)
    return output / "site"
