"""The catalogue: everything on the site as JSON files with a schema, in parts that never grow without bound.

`catalogue.json` names the parts. Stories, storylines and signals stand in one part for each month (by first version, by
founding, by window), editions and corrections in one for each year, so a night rewrites the parts of its own month and
of what it changed; a part of more than 1,000 rows goes on in another. Beside it `status.json` says which edition
stands, and `sources.opml` lists what the desk reads.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Any

from pipeline import __version__
from pipeline.bundles import schemas
from pipeline.domain import digest
from pipeline.edition import Edition, Page
from pipeline.renderers.bundles import archives
from pipeline.renderers.catalogue import nouns
from pipeline.renderers.catalogue.gathered import Gathered, Row
from pipeline.renderers.catalogue.nouns import Catalogue, Failing, Part, Site, SiteStatus
from pipeline.renderers.printing import printable
from pipeline.serial import to_json
from pipeline.sourcing import opml

FORMAT, FORMAT_VERSION = "citewire-catalogue", 1
STATUS = "citewire-status"
PATH, STATUS_PATH, SOURCES_PATH, SCHEMA_PATH = "catalogue.json", "status.json", "sources.opml", "schema/catalogue.json"
ROWS = 1000  # of one part
_KINDS = (
    nouns.StoryRow, nouns.StorylineRow, nouns.SignalRow, nouns.EditionRow, nouns.CorrectionRow, nouns.BeatRow,
    nouns.EntityRow, nouns.TopicRow, nouns.SourceRow,
)  # fmt: skip
_WELL = ("healthy", "unread")


def render(edition: Edition) -> Iterator[Page]:
    """The catalogue and its parts, its schema, the status and the list of sources."""
    gathered = Gathered(edition)
    parts: list[Part] = []
    for holds, period, rows in _listed(gathered, {night: path for night, path, *_ in archives(edition)}):
        for n in range(0, max(len(rows), 1), ROWS):
            some = rows[n : n + ROWS]
            part = Part(holds, period, _path(holds, period, n // ROWS + 1), len(some))
            parts.append(part)
            yield Page(part.path, partial(_part, part, some), digest("part", *(row.mark for row in some), size=32))
    catalogue = _catalogue(edition, parts)
    yield _page(PATH, to_json(catalogue))
    yield _page(STATUS_PATH, to_json(_status(edition, gathered, catalogue)))
    yield _page(SCHEMA_PATH, schema())
    sources = opml.shared(edition.settings.configured_sources(), title=f"{edition.settings.site.name}: sources")
    yield Page(SOURCES_PATH, sources.encode, digest("opml", sources, size=32))


def _listed(gathered: Gathered, archived: dict[str, str]) -> Iterator[tuple[str, str, Sequence[Row]]]:
    """What a part holds, of which period, and its rows."""
    yield from _split("stories", gathered.stories(), lambda row: row.when[:7])
    yield from _split("storylines", gathered.storylines(), lambda row: row.when[:7])
    yield from _split("signals", gathered.signals(), lambda row: row.when[:7])
    yield from _split("editions", gathered.editions(archived), lambda row: row.when[:4])
    yield from _split("corrections", gathered.corrections(), lambda row: row.when[:4])
    yield "beats", "", list(gathered.beats())
    yield "entities", "", list(gathered.entities())
    yield "topics", "", list(gathered.topics())
    yield "sources", "", list(gathered.sources())


def _split(holds: str, rows: Iterable[Row], period: Callable[[Row], str]) -> Iterator[tuple[str, str, Sequence[Row]]]:
    """Rows in order of time, by their period."""
    for one, found in groupby(rows, period):
        yield holds, one, list(found)


def _path(holds: str, period: str, number: int) -> str:
    name = f"catalogue/{holds}" + (f"/{period}" if period else "")
    return f"{name}.json" if number == 1 else f"{name}-{number}.json"


def _part(part: Part, rows: Sequence[Row]) -> bytes:
    head = {"format": FORMAT, "format_version": FORMAT_VERSION, "holds": part.holds, "period": part.period}
    return _encoded({**head, "rows": [to_json(row.make()) for row in rows]})


def _catalogue(edition: Edition, parts: Sequence[Part]) -> Catalogue:
    site = edition.settings.site
    counts: dict[str, int] = {}
    for part in parts:
        counts[part.holds] = counts.get(part.holds, 0) + part.rows
    return Catalogue(
        format=FORMAT,
        format_version=FORMAT_VERSION,
        site=Site(
            printable(site.name),
            printable(site.description),
            printable(site.url.rstrip("/")),
            printable(site.contact),
            printable(site.lang),
        ),
        edition=edition.date.isoformat(),
        sample=edition.sample,
        counts={**counts, "versions": len(edition.stories)},
        parts=tuple(parts),
        files={
            "home": "index.html",
            "briefing": "briefing.md",
            "feed": "feed.xml",
            "json_feed": "feed.json",
            "corrections": "corrections/index.html",
            "methodology": "methodology/index.html",
            "sources": SOURCES_PATH,
            "status": STATUS_PATH,
            "llms": "llms.txt",
            "schema": SCHEMA_PATH,
            "story_schema": "schema/story.json",
            "manifest": "manifest.json",
        },
    )


def _status(edition: Edition, gathered: Gathered, catalogue: Catalogue) -> SiteStatus:
    sources = [row.make() for row in gathered.sources()]
    return SiteStatus(
        format=STATUS,
        format_version=FORMAT_VERSION,
        site=catalogue.site.name,
        edition=catalogue.edition,
        now=edition.now,
        program=__version__,
        sample=edition.sample,
        counts=catalogue.counts,
        sources=len(sources),
        failing=tuple(Failing(one.name, one.status, one.last_success) for one in sources if one.status not in _WELL),
    )


def schema() -> dict[str, Any]:
    """JSON Schema of `catalogue.json`, of its parts and of `status.json`, made from the nouns themselves."""
    parts = [_schema_of_part(cls) for cls in _KINDS]
    whole = [{"$ref": "#/$defs/Catalogue"}, {"$ref": "#/$defs/SiteStatus"}, *parts]
    rules: schemas.Rules = {
        ("Catalogue", "format"): {"const": FORMAT},
        ("SiteStatus", "format"): {"const": STATUS},
        ("Catalogue", "format_version"): {"const": FORMAT_VERSION},
        ("SiteStatus", "format_version"): {"const": FORMAT_VERSION},
        ("EditionRow", "date"): {"format": "date"},
        ("StoryRow", "slug"): {"pattern": r"^[a-z0-9]+(-[a-z0-9]+)*$"},
    }
    return {
        "$schema": schemas.DIALECT,
        "title": "Citewire catalogue",
        "oneOf": whole,
        "$defs": schemas.definitions((Catalogue, SiteStatus, *_KINDS), rules),
    }


def _schema_of_part(cls: type) -> dict[str, Any]:
    names = {"StoryRow": "stories", "EntityRow": "entities"}
    holds = names.get(cls.__name__, cls.__name__.removesuffix("Row").lower() + "s")
    return {
        "type": "object",
        "required": ["format", "format_version", "holds", "period", "rows"],
        "additionalProperties": False,
        "properties": {
            "format": {"const": FORMAT},
            "format_version": {"const": FORMAT_VERSION},
            "holds": {"const": holds},
            "period": {"type": "string", "pattern": r"^(\d{4}(-\d\d)?)?$"},
            "rows": {"type": "array", "maxItems": ROWS, "items": {"$ref": f"#/$defs/{cls.__name__}"}},
        },
    }


def _page(path: str, value: Any) -> Page:
    return Page(path, partial(_encoded, value), digest("catalogue", json.dumps(value, sort_keys=True), size=32))


def _encoded(value: Any) -> bytes:
    """JSON for people as well as programs; far slower to write than what the digest is made of."""
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode("utf-8", "replace")
