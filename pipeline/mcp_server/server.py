"""The protocol around the answers, by the official SDK (extra `mcp`), over stdin and stdout.

Every call opens the library anew, in its own thread and for reading alone: it sees what the last night has committed,
and nothing that it says can reach the store.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from pipeline import __version__
from pipeline.errors import CitewireError
from pipeline.mcp_server import answers
from pipeline.mcp_server.bounds import NOTICE, quoted, screened
from pipeline.people.takedown import Takedown
from pipeline.protocols import Embedder
from pipeline.protocols.library import Library

PAGE = 200_000  # characters of a page of Markdown that are given
LISTED = 50  # stories that the index names
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}\Z")
_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

Text = Annotated[str, Field(max_length=answers.LONGEST)]
Name = Annotated[str, Field(max_length=200)]
Count = Annotated[int, Field(ge=1, le=answers.MOST)]
Moment = Annotated[str, Field(max_length=40, description="ISO 8601: 2026-03-11, or 2026-03-11T02:00:00Z")]
Version = Annotated[int, Field(ge=1, le=10**9)]


def serve(
    name: str,
    site: Path,
    *,
    library: Callable[[], Library],
    embedder: Callable[[], Embedder],
    clock: Callable[[], datetime],
    listed: Callable[[], Takedown],
) -> MCPServer:
    """The server of one desk. `site` is its published folder; `library` opens the store for reading; `listed` is read
    before each answer."""
    instructions = (
        f"{name}: a news desk whose every printed sentence cites exact words of its sources. search finds, read_story "
        "gives sentences with citations, check_sentence judges a sentence against its evidence, list_signals and "
        f"storyline tell what moved. Read-only. {NOTICE}"
    )
    server = MCPServer("citewire", title=name, instructions=instructions, version=__version__, log_level="WARNING")
    _tools(server, _asking(library, listed), cache(embedder), clock)
    _resources(server, library, site, listed)
    return server


Asking = Callable[[Callable[[Library], answers.Answer]], answers.Answer]


def _asking(library: Callable[[], Library], listed: Callable[[], Takedown]) -> Asking:
    """Runs a question over a library that is opened for it; what cannot be answered is said in words."""

    def ask(question: Callable[[Library], answers.Answer]) -> answers.Answer:
        try:
            with closing(library()) as opened:
                return screened(question(opened), listed())
        except CitewireError as error:
            raise ToolError(str(error)) from None

    return ask


def _tools(server: MCPServer, ask: Asking, embedder: Callable[[], Embedder], clock: Callable[[], datetime]) -> None:
    @server.tool(annotations=_READS)
    def search(  # noqa: PLR0917  called by name
        query: Text,
        kind: Name | None = None,
        beat: Name | None = None,
        since: Moment | None = None,
        until: Moment | None = None,
        limit: Count = 10,
    ) -> dict[str, Any]:
        """Find stories, storylines, claims and records; `kind` asks for one of these. Best first, with passages."""
        within = {"beat": beat, "since": since, "until": until}
        return ask(lambda library: answers.search(library, embedder(), query, kind=kind, limit=limit, **within))

    @server.tool(annotations=_READS)
    def read_story(story: Name, version: Version | None = None) -> dict[str, Any]:
        """Read a story by its name, id or storyline: the latest version, or one; sentences with what each cites."""
        return ask(lambda library: answers.read_story(library, story, version))

    @server.tool(annotations=_READS)
    def check_sentence(
        sentence: Text,
        story: Name | None = None,
        version: Version | None = None,
        citations: Annotated[list[Name], Field(max_length=answers.SPANS)] | None = None,
        quotes: Annotated[list[Text], Field(max_length=answers.SPANS)] | None = None,
    ) -> dict[str, Any]:
        """Judge a sentence by rules, offline: does its evidence support every number, name, date and hedge in it?

        Evidence is what a sentence of `story` cites there, or the `citations` (keys) and `quotes` that are named.
        """
        named = {"citations": citations or (), "quotes": quotes or ()}
        return ask(lambda lib: answers.check_sentence(lib, sentence, story=story, version=version, **named))

    @server.tool(annotations=_READS)
    def list_signals(
        since: Moment | None = None, kind: Name | None = None, held: bool = False, limit: Count = 20
    ) -> dict[str, Any]:
        """Measured changes, newest first, of seven days or `since`; with `held` those that may not fire, too."""
        named = {"since": since, "kind": kind, "held": held, "limit": limit}
        return ask(lambda library: answers.list_signals(library, now=clock(), **named))  # type: ignore[arg-type]

    @server.tool(annotations=_READS)
    def storyline(storyline: Name) -> dict[str, Any]:
        """A storyline by its id: findings in time, disputes, newest records, its story."""
        return ask(lambda library: answers.storyline(library, storyline))


def _resources(server: MCPServer, library: Callable[[], Library], site: Path, listed: Callable[[], Takedown]) -> None:
    @server.resource("citewire://stories", mime_type="application/json")
    def stories() -> str:
        """The newest stories: name, headline, when."""
        with closing(library()) as opened:
            newest = sorted(opened.live_stories(), key=lambda one: (one.written, one.id), reverse=True)[:LISTED]
        rows = [
            {"story": one.slug, "headline": quoted(one.headline.text), "written": one.written.isoformat()}
            for one in newest
        ]
        return json.dumps(screened({"notice": NOTICE, "stories": rows}, listed()), ensure_ascii=False)

    @server.resource("citewire://briefing", mime_type="text/markdown")
    def briefing() -> str:
        """The newest published briefing, as Markdown."""
        return _page(site / "briefing.md", "no briefing is published yet")

    @server.resource("citewire://stories/{slug}", mime_type="text/markdown")
    def story(slug: str) -> str:
        """A published story, its latest version, as Markdown."""
        return _page(site / "stories" / _part(slug) / "story.md", f"no story {slug[:80]!r} is published")

    @server.resource("citewire://stories/{slug}/{version}", mime_type="text/markdown")
    def story_version(slug: str, version: str) -> str:
        """A version of a published story, as Markdown; the latest stands under its name alone."""
        number = _part(version)
        missing = f"no version {number!r} of {slug[:80]!r} is published beside its latest"
        return _page(site / "stories" / _part(slug) / f"v{number}" / "story.md", missing)


def _part(name: str) -> str:
    """`name`, which may stand in a path. Raises ResourceNotFoundError."""
    if not _SLUG.match(name):
        raise ResourceNotFoundError("a story's name is lower-case letters, figures and hyphens")
    return name


def _page(path: Path, missing: str) -> str:
    """A page of the published site under the notice. Raises ResourceNotFoundError."""
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(PAGE + 1)
    except (OSError, UnicodeDecodeError):
        raise ResourceNotFoundError(missing) from None
    cut = "\n\n(cut here)\n" if len(text) > PAGE else ""
    return f"> {NOTICE} All of this page is made of such words.\n\n{text[:PAGE]}{cut}"
