"""A night's site, file by file: what stays is taken over, what may have changed is made, checked and written.

A page is made where it does not rest on what the served one rests on; made again to the same bytes, it is taken over
all the same. One file is in memory at a time. What was taken over was checked when it was written, so of it only the
links are looked at once more, from what the release before keeps of them: a page that went, or an anchor that a changed
page no longer has, is found without reading the pages that lead there.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pipeline
from pipeline import collecting, resources
from pipeline.domain import digest
from pipeline.edition import Edition, Page, Renderer
from pipeline.errors import ValidationFailed
from pipeline.people.takedown import Takedown
from pipeline.publishing import release, site_check
from pipeline.publishing.notes import Kept, Notes
from pipeline.publishing.release import Draft, Served

Verifier = Callable[[Mapping[str, Any]], Sequence[object]]
_SEAL = re.compile(rb'^ "seal": "([0-9a-f]{32})"', re.M)  # as pages write it; no text can hold a line break


@dataclass(frozen=True, slots=True)
class Rules:
    """What a file has to pass. `site`: the name that titles carry; `listed`: what must stand nowhere."""

    site: str
    verify: Verifier
    listed: Takedown = field(default_factory=Takedown)

    @property
    def mark(self) -> str:
        """Digest of what every page rests on: the program, its templates, what is taken down."""
        shown = [f"{name} {resources.text('templates', name)}" for name in resources.names("templates")]
        return digest("program", _program(), *shown, self.listed.mark)


@dataclass(slots=True)
class Built:
    """What became of a draft.

    written, linked: files. problems: what keeps it from being shown. left: by path, what looks like a leftover.
    refused: story id -> what its bundle fails on, of `asked` bundles. named: pages that hold what is taken down.
    """

    written: int = 0
    linked: int = 0
    problems: list[str] = field(default_factory=list)
    left: dict[str, tuple[str, ...]] = field(default_factory=dict)
    refused: dict[str, tuple[str, ...]] = field(default_factory=dict)
    asked: int = 0
    named: list[str] = field(default_factory=list)


def plan(edition: Edition, renderers: Iterable[Renderer]) -> list[Page]:
    """Every page of the site, in order of path, none of them made yet.

    Raises ValidationFailed where two want one address.
    """
    pages: dict[str, Page] = {}
    for renderer in renderers:
        for page in renderer(edition):
            if page.path in pages or page.path == release.MANIFEST:
                raise ValidationFailed(f"two pages want the address {page.path}; an address has one page")
            pages[page.path] = page
    return [pages[path] for path in sorted(pages)]


def build(pages: Iterable[Page], draft: Draft, before: Served | None, rules: Rules) -> Built:
    """Fill `draft` with `pages`, and look at every file that is new and at every link."""
    built, fresh, mark = Built(), set[str](), rules.mark
    kept = before.kept if before is not None else Notes()
    seals = lru_cache(maxsize=1)(lambda: frozenset(kept.seals(is_bundle)))
    marked = lru_cache(maxsize=None)(lambda rests_on: digest(mark, rests_on, size=32))  # pages share what they rest on
    for page in pages:
        was = kept.brief(page.path)
        rests_on: str | None = marked(page.rests_on) if page.rests_on else None
        if was is not None and rests_on and was.rests_on == rests_on and draft.link(page.path, was, rests_on):
            built.linked += 1
            continue
        body = page.make()
        collecting.tidy(built.written)
        named = bool(rules.listed) and rules.listed.in_page(body.decode("utf-8", "replace"))
        if named:
            built.named.append(page.path)
        hash_ = hashlib.sha256(body).hexdigest()
        if not named and was is not None and was.hash == hash_ and draft.link(page.path, was, rests_on):
            built.linked += 1
            continue
        look = site_check.look(page.path, body, rules.site)
        fresh.add(page.path)
        built.problems += (f"{page.path}: {problem}" for problem in look.problems)
        if look.left:
            built.left[page.path] = look.left
        seal = _verified(page.path, body, seals, rules.verify, built)
        draft.write(page.path, body, Kept(hash_, 0, 0, rests_on, look.links, seal))
        built.written += 1
    built.problems += _astray(draft, fresh)
    return built


@lru_cache(maxsize=1)
def _program() -> str:
    """Digest of the program's own text and word lists: edited ones make every page again, whatever their version."""
    folder = Path(pipeline.__file__).parent
    found = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"):
        found.update(path.relative_to(folder).as_posix().encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def is_bundle(path: str) -> bool:
    """Whether the evidence bundle of a story stands at `path`."""
    return path.startswith("stories/") and path.endswith("/story.json")


def _verified(path: str, body: bytes, seals: Callable[[], frozenset[str]], verify: Verifier, built: Built) -> str:
    """The seal of a bundle, once it is verified: of one that was served before nothing is asked again."""
    if not is_bundle(path):
        return ""
    found = _SEAL.search(body)
    seal = found[1].decode() if found else ""
    if not seal or seal not in seals():  # else only what its page prints beside the story is new
        built.asked += 1
        bundle = json.loads(body)
        if said := tuple(f"{path}: {problem}" for problem in verify(bundle)):
            built.refused[str(bundle["story"]["id"])] = said
    return seal


def _astray(draft: Draft, fresh: Collection[str]) -> Iterator[str]:
    """Problems of all links. Of a page that was taken over, only those to what changed can have any.

    `fresh`: the files that were written. A page that somebody leads into by an anchor is read once more.
    """
    kept = draft.kept
    led = kept.led(fresh)
    anchors: dict[str, frozenset[str]] = {}  # of the last goal: links are asked in order

    def resolves(link: str) -> bool:
        goal, _, anchor = link.partition("#")
        if goal not in kept:
            return False
        if not anchor:
            return True
        if goal not in anchors:
            anchors.clear()
            anchors[goal] = site_check.anchors(draft.read(goal))
        return anchor in anchors[goal]

    changed = (one for one in kept.goals() if (goal := one.partition("#")[0]) not in kept or goal in fresh)
    bad = {link for link in sorted(led.union(changed)) if not resolves(link)}
    for path, link in kept.leading(bad):
        goal = link.partition("#")[0]
        fault = f"names no anchor of {goal}" if goal in kept else "leads nowhere"
        yield f"{path}: link to {link!r} {fault}"
