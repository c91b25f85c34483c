"""Addresses are a promise: docs/addresses.md lists every one, and every one it lists is there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import full_site
import site_factory

from pipeline.edition import Edition
from pipeline.publish import build
from pipeline.renderers import load

TEXT = (Path(__file__).parent.parent / "docs" / "addresses.md").read_text(encoding="utf-8")
TABLE = TEXT.partition("<!-- addresses: begin -->")[2].partition("<!-- addresses: end -->")[0]
PARTS = {
    "SLUG": r"[a-z0-9-]+",
    "ID": r"s[0-9a-f]+",
    "NAME": r"[a-z0-9-]+",
    "KIND": r"[a-z]+(?:-[0-9]{4}-[0-9]{2})?(?:-[0-9]+)?",
    "PERIOD": r"[0-9]{4}(?:-[0-9]{2})?(?:-[0-9]+)?",
    "YYYY-MM-DD": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "YYYY-MM": r"[0-9]{4}-[0-9]{2}",
    "vN": r"v[0-9]+",
}
UNPROMISED = re.compile(r"assets/|search/(?!index\.(?:html|md|txt))")


def promised() -> list[re.Pattern[str]]:
    """The addresses of the table, as patterns; a page stands for its plain forms, a feed for its other form."""
    found = []
    for row in TABLE.splitlines():
        if row.startswith("| `"):
            for address in re.findall(r"`([^`]+)`", row.split("|")[1]):
                pattern = re.sub("|".join(PARTS), lambda match: PARTS[match[0]], re.escape(address).replace("\\-", "-"))
                pattern = pattern.replace(r"index\.html", r"index\.(?:html|md|txt)").replace(
                    r"404\.html", r"404\.(?:html|md|txt)"
                )
                found.append(re.compile(pattern.replace(r"feed\.xml", r"feed\.(?:xml|json)") + r"\Z"))
    return found


@cache
def sites() -> frozenset[str]:
    """Every address of two editions that hold one of everything."""
    named = site_factory.settings(site={"name": "The Harbour Desk", "url": "https://desk.example"})

    def addressed(one: Edition) -> set[str]:
        return set(build(one, load()))

    full = addressed(full_site.edition()) | addressed(site_factory.edition(settings=named))
    return frozenset(full | {"manifest.json"})


def test_every_file_stands_at_a_promised_address() -> None:
    patterns = promised()
    assert len(patterns) > 40
    lost = [
        path for path in sorted(sites()) if not UNPROMISED.match(path) and not any(one.match(path) for one in patterns)
    ]
    assert lost == [], "list them in docs/addresses.md: what is published there stays for ever"


def test_every_promised_address_is_kept() -> None:
    unkept = [one.pattern for one in promised() if not any(one.match(path) for path in sites())]
    assert [pattern for pattern in unkept if not pattern.startswith("entities/[")] == []


def test_addresses_of_the_tests_stay_what_they_were() -> None:
    """Those that readers, feeds and catalogues held before: a change of this list breaks a promise."""
    story, beat = "stories/nordnett-queue-3f2a", "beats/power-grid"
    kept = {
        "index.html", "feed.xml", "briefing.md", "schema/story.json", "archive/index.html",
        "archive/2026-11-20/index.html",
        f"{story}/index.html", f"{story}/story.json", f"{story}/story.md", f"{story}/v1/index.html",
        f"{story}/v1/story.json",
        f"{beat}/index.html", f"{beat}/feed.xml", f"storylines/{site_factory.GRID}/index.html",
        "topics/grid-connection-queue/index.html", "corrections/index.html", "corrections/feed.xml",
        "methodology/index.html", "sources/index.html",
    }  # fmt: skip
    assert kept <= sites()
