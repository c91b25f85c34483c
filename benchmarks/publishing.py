"""A site of thousands of stories: a full build and a ten-story update, beside Pelican on the same pages, in one run.

    python benchmarks/publishing.py [--stories 5000] [--entities 2000] [--pelican PYTHON] [--folder FOLDER] [--json]

The desk is made up (benchmarks/made_desk.py). Each step runs in a process of its own; seconds are those of publishing
alone (reading the store, building, checking, swapping), without starting Python, by the clock and of the processor;
memory is the peak of that process. The gate's second look at bundles, which a site generator has nothing like, is
timed apart on a few stories. PYTHON is one that has pelican (pip install "pelican[markdown]", best in an environment of
its own). Pelican gets the pages of stories and entities as this desk built them, as HTML articles and pages with the
same content, its plainest theme ("simple"), feeds of 50 entries and lists of 50.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET  # reads only the pages that were just made

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import made_desk
from pipeline.bundles import verify
from pipeline.bundles.bundle import to_bundle
from pipeline.publish import publish
from pipeline.renderers import load
from pipeline.stores import open_store

NEW = 10  # stories of the update
ASKED = 20  # bundles by which the gate's second look is timed
_SPAWN = multiprocessing.get_context("spawn")
_CONF = """
SITENAME, SITEURL, AUTHOR = "The Made Desk", "https://made.example", "The Made Desk"
PATH, THEME, TIMEZONE, DEFAULT_LANG = "content", "simple", "UTC", "en"
ARTICLE_PATHS, PAGE_PATHS = ["stories"], ["entities"]
ARTICLE_SAVE_AS = ARTICLE_URL = "stories/{slug}/index.html"
PAGE_SAVE_AS = PAGE_URL = "entities/{slug}/index.html"
FEED_MAX_ITEMS = DEFAULT_PAGINATION = 50
LOG_LEVEL = "ERROR"
"""


def fill(folder: Path, stories: int, entities: int) -> dict[str, Any]:
    """Make the desk."""
    store = open_store(folder / "desk.db")
    last = made_desk.fill(store, stories, entities)
    store.close()
    return {"night": last.isoformat()}


def build(folder: Path, now: datetime, more: tuple[int, int] | None = None) -> dict[str, Any]:
    """One night's publishing; `more`: how many stories there were, and entities, before ten new ones came in."""
    store, settings, renderers = open_store(folder / "desk.db"), made_desk.settings(folder), load()
    if more is not None:
        made_desk.keep(store, [made_desk.Made(more[0] + n, more[1], now) for n in range(NEW)])
    began, spent = time.perf_counter(), time.process_time()
    report = publish(store, settings, renderers, now=now, verify=lambda bundle: ())
    found = {"seconds": time.perf_counter() - began, "processor": time.process_time() - spent, "files": report.made}
    store.close()
    written = int(report.notes[0].split(": ")[1].split()[0])
    return {**found, "written": written, "held": dict(report.dropped), "mib": _peak(resource.RUSAGE_SELF)}


def judged(folder: Path) -> dict[str, Any]:
    """How long the gate looks at a bundle before it is shown for the first time."""
    store = open_store(folder / "desk.db")
    bundles = [to_bundle(story) for story in store.live_stories()[:ASKED]]
    store.close()
    began = time.perf_counter()
    found = sum(bool(verify.problems(bundle)) for bundle in bundles)
    return {"seconds_per_story": (time.perf_counter() - began) / ASKED, "refused": found}


def pelican(folder: Path, python: str) -> dict[str, Any]:
    """Pelican on the pages of stories and entities."""
    content, site = folder / "pelican" / "content", folder / "output" / "site"
    for kind in ("stories", "entities"):
        (content / kind).mkdir(parents=True, exist_ok=True)
        for page in sorted((site / kind).glob("*/index.html")):
            (content / kind / f"{page.parent.name}.html").write_text(_article(page), encoding="utf-8")
    (folder / "pelican" / "conf.py").write_text(_CONF, encoding="utf-8")
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    argv = [python, "-m", "pelican", "content", "-o", "site", "-s", "conf.py"]
    subprocess.run(argv, cwd=folder / "pelican", check=True, capture_output=True)  # noqa: S603
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    files = sum(path.is_file() for path in (folder / "pelican" / "site").rglob("*"))
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": time.perf_counter() - began, "processor": processor, "files": files, "written": files}


def _article(page: Path) -> str:
    """A page of the desk as an article: what stands in its main part."""
    tree = ET.parse(page)  # noqa: S314
    main = tree.find("body/main")
    assert main is not None
    body = "".join(ET.tostring(part, encoding="unicode", method="html") for part in main)
    title = (tree.findtext("head/title") or "").split(" // ")[0]
    when = next((one.get("datetime", "") for one in tree.iter("time") if "T" in one.get("datetime", "")), "")
    metas = {"date": when[:16].replace("T", " ") or "2026-01-01 05:00", "slug": page.parent.name, "category": "Desk"}
    head = "".join(f'<meta name="{name}" content="{escape(value)}" />' for name, value in metas.items())
    return f"<html><head><title>{escape(title)}</title>{head}</head><body>{body}</body></html>"


def _peak(who: int) -> float:
    """Peak resident memory in MiB."""
    return resource.getrusage(who).ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)


def apart(step: Callable[..., dict[str, Any]], *given: Any) -> dict[str, Any]:
    """What `step` gives, in a process of its own."""
    with _SPAWN.Pool(1) as pool:
        return pool.apply(step, given)


def measured(folder: Path, stories: int, entities: int, python: str | None) -> dict[str, Any]:
    """All steps, and what they come to."""
    night = datetime.fromisoformat(apart(fill, folder, stories, entities)["night"])
    found = {"full": apart(build, folder, night), "gate": apart(judged, folder)}
    found["update"] = apart(build, folder, night + timedelta(days=1), (stories, entities))
    found["size"] = {"bytes": sum(p.stat().st_size for p in (folder / "output" / "site").rglob("*") if p.is_file())}
    for name in ("seconds", "processor"):
        found.setdefault("update_faster", {})[name] = found["full"][name] / found["update"][name]
    if python:
        found["pelican"] = pelican(folder, python)
        for name in ("seconds", "processor"):
            theirs, ours = (found[one][name] / found[one]["written"] for one in ("pelican", "full"))
            found.setdefault("faster_per_file", {})[name] = theirs / ours
    return found


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, default=5000)
    parser.add_argument("--entities", type=int, default=2000)
    parser.add_argument("--pelican", metavar="PYTHON")
    parser.add_argument("--folder", type=Path, help="an empty folder that stays (default: a temporary one)")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    folder = args.folder or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    if os.listdir(folder):
        parser.error(f"{folder} is not empty")
    found = measured(folder, args.stories, args.entities, args.pelican)
    if args.folder is None:
        shutil.rmtree(folder)
    if args.json:
        print(json.dumps(found, indent=1))
        return
    for name, row in found.items():
        print(f"{name:16}", "  ".join(f"{k} {v:,.4g}" if isinstance(v, float) else f"{k} {v}" for k, v in row.items()))


if __name__ == "__main__":
    main()
