"""A real browser on the whole invented site, served over loopback exactly as it is published.

CITEWIRE_BROWSER_SITE=FOLDER looks at the site in that folder instead: the demo's, or a desk's own. Where there is no
Chromium or no playwright the tests are skipped and say so. One browser serves all tests of a module.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import full_site
import pytest
from poisoned_site import poisoned

from pipeline.preview import Preview
from pipeline.publish import build
from pipeline.renderers import load

try:
    from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
except ImportError:
    sync_playwright = None

SITE = os.environ.get("CITEWIRE_BROWSER_SITE")  # read here: the house's fixtures hide the environment from tests
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


class Visitor:
    """A reader with one tab, who writes down in `faults` everything that must not happen."""

    def __init__(self, context: "BrowserContext", home: str) -> None:
        self.context = context
        self.faults: list[str] = []
        self.home = home
        self._path = ""
        self.page: Page = context.new_page()
        self.page.on("console", lambda said: said.type in ("error", "warning") and self._note(said.text))
        self.page.on("pageerror", lambda error: self._note(str(error)))
        self.page.on("dialog", lambda dialog: (self._note(f"dialog {dialog.message}"), dialog.dismiss()))
        self.page.on("request", lambda asked: self._ours(asked.url) or self._note(f"asks for {asked.url}"))
        self.page.on("response", lambda given: given.status < 400 or self._note(f"{given.status} {given.url}"))

    def open(self, path: str = "index.html") -> "Page":
        """The tab, with that page of the site in it."""
        self._path = path
        self.page.goto(self.home + path)
        return self.page

    def _ours(self, url: str) -> bool:
        return url.startswith((self.home, "data:", "blob:"))

    def _note(self, what: str) -> None:
        self.faults.append(f"{self._path}: {what}")


class Readers:
    """The one browser of a module and the site it looks at."""

    def __init__(self, browser: "Browser", home: str, root: Path) -> None:
        self._browser = browser
        self.home = home
        self.root = root

    @contextmanager
    def visitor(self, width: int = 1280, **options: object) -> Iterator[Visitor]:
        """A fresh reader; `options` are Playwright's of a context: color_scheme, java_script_enabled, has_touch ..."""
        with self._browser.new_context(viewport={"width": width, "height": 800}, **options) as context:
            yield Visitor(context, self.home)

    @property
    def kinds(self) -> dict[str, tuple[str, ...]]:
        """Every kind of page that the site has, with its longest and its shortest page."""
        return self.kinds_of(self.root)

    @staticmethod
    def kinds_of(root: Path) -> dict[str, tuple[str, ...]]:
        """Every kind of page below `root`, with its longest and its shortest page."""
        found: dict[str, list[tuple[int, str]]] = {}
        for path in sorted(root.rglob("*.html")):
            name = path.relative_to(root).as_posix()
            found.setdefault(kind(name), []).append((path.stat().st_size, name))
        return {key: tuple(dict.fromkeys((max(pages)[1], min(pages)[1]))) for key, pages in sorted(found.items())}

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages that stand for all."""
        return tuple(page for pages in self.kinds.values() for page in pages)


def kind(path: str) -> str:
    """The kind of a page by its address: the name of its folder, and what stands below a story or storyline."""
    first, *rest = path.split("/")
    if len(rest) < 2:
        return path
    return "/".join((first, "*", *(re.sub(r"\d+", "N", part) for part in rest[1:])))


@cache
def _needed() -> str:
    missing = [name for name, there in (("playwright", sync_playwright), ("chromium", CHROMIUM)) if not there]
    return f"no {' and no '.join(missing)}: pages are not tried in a browser" if missing else ""


@pytest.fixture(scope="module")
def poisoned_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of which every text from outside holds hostile strings."""
    files = build(poisoned(0)[0], load())
    return full_site.put(tmp_path_factory.mktemp("poisoned"), "2026-11-20-00000001", files).resolve()


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Readers]:
    """The browser and the site; both go with the module, for Playwright's event loop must not outlive it."""
    if _needed():
        pytest.skip(_needed())
    place = Path(SITE) if SITE else full_site.published(tmp_path_factory.mktemp("site"))
    with Preview(place, reload=False) as preview, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield Readers(browser, preview.url, place.resolve())
        browser.close()
