"""`citewire demo`: three nights of the bundled sample through the real path.

A loopback server plays the outlets as they stood each night; everything else is what runs every night on a real desk:
the same fetcher with its guard, the same stages, store and site. No key, no network, no model.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.app import make_app
from pipeline.demo.articles import FOLDER, NIGHTS, load
from pipeline.demo.server import SampleServer
from pipeline.domain import Run, StageReport, Story, StoryKind
from pipeline.errors import UsageError
from pipeline.fetch import HttpFetcher, user_agent
from pipeline.fetch.loopback import Loopback
from pipeline.run import lines, night
from pipeline.settings import Settings, parse

Say = Callable[[str], None]
MARKER = "demo.json"
MOST_NOTES = 3


def run_demo(output: Path, say: Say = print, *, embedder: str = "lexical") -> int:
    """Run the three nights into `output` and say what each stage did; returns the exit code of the worst night.

    Raises UsageError when `output` holds something that is not an earlier demo: a real desk is never mixed with it.
    """
    _clear(output)
    sample, settings = load(), demo_settings(output, embedder)
    say(f"{len(sample.outlets) + 1} invented outlets on a loopback server, three nights; nothing leaves this machine.")
    with SampleServer(sample, NIGHTS[0]) as server:
        route = Loopback(sample.hosts(), server.port)
        settings = _own_hosts(settings, route.allowed())
        agent = user_agent(settings.site.contact)
        fetcher = HttpFetcher(settings.ingest, agent, resolve=route.resolve, dial=route)
        app = make_app(settings, fetcher=fetcher)
        try:
            runs = []
            for number, now in enumerate(NIGHTS, 1):
                server.now = now
                say(f"\nNight {number}: {now:%A %d %B %Y, %H:%M} UTC")
                runs.append(night(app, now, watch=lambda report: say(shown(report))))
            stories = [s for s in app.store.live_stories() if s.kind is not StoryKind.BRIEFING]
        finally:
            app.close()
            fetcher.close()
    say(_farewell(runs, stories, output))
    return max(run.exit_code for run in runs)


def demo_settings(output: Path, embedder: str = "lexical") -> Settings:
    """The demo's configuration, with everything it writes under `output`."""
    text = (FOLDER / "citewire.toml").read_text(encoding="utf-8")
    settings = parse(text, root=output.resolve(), file="the demo's citewire.toml")
    analyze = settings.analyze.model_copy(update={"embedder": embedder})
    return settings.model_copy(update={"output": ".", "analyze": analyze})


def _own_hosts(settings: Settings, allowed: tuple[str, ...]) -> Settings:
    ingest = settings.ingest.model_copy(update={"allow_private": allowed})
    return settings.model_copy(update={"ingest": ingest})


def _clear(output: Path) -> None:
    """Make `output` an empty demo folder. What an earlier demo wrote goes; what anyone else wrote stops the demo."""
    output.mkdir(parents=True, exist_ok=True)
    there = [path for path in sorted(output.iterdir()) if not path.name.startswith(".")]
    if there and not (output / MARKER).is_file():
        raise UsageError(
            f"{output} holds {there[0].name}, which no demo wrote; nothing was touched. "
            "Choose an empty folder: citewire demo --output FOLDER"
        )
    for path in there:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    (output / MARKER).write_text(json.dumps({"demo": "written by citewire demo; may be deleted"}) + "\n")


def shown(report: StageReport) -> str:
    """One stage as `citewire run` prints it, with the first few notes."""
    rest = len(report.notes) - MOST_NOTES
    more = (f"and {rest} notes more in the run report",) if rest > 0 else ()
    return "\n".join(lines(replace(report, notes=report.notes[:MOST_NOTES] + more)))


def _farewell(runs: Sequence[Run], stories: Sequence[Story], output: Path) -> str:
    """What there is to read, and how to open it."""
    told = sorted(stories, key=lambda story: (-story.rank.get("total", 0.0), story.id))
    site = output.resolve() / "site"
    shown = "\n".join(f"  - {story.headline.text} (version {story.version}, {story.beat})" for story in told[:8])
    more = f"\n  and {len(told) - 8} more" if len(told) > 8 else ""
    return (
        f"\n{len(told)} stories after {len(runs)} nights:\n{shown}{more}\n\n"
        f"Open   {site / 'index.html'}\n"
        f"or     citewire serve {output.resolve()}   and visit http://127.0.0.1:8000/\n"
        f"check  citewire verify {site}\n"
    )
