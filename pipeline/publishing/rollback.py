"""Going back to an earlier edition: the served link is moved to a release that is still kept, by one rename.

What was taken back stays taken back: until something new comes in, the next nights leave the earlier edition up and say
so (`held`). An edition that holds text withdrawn since is no place to go back to; such releases are removed as soon as
an edition without that text is served (`settle`), and refused until then.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError, ValidationFailed
from pipeline.publishing import release

_MARK = "rolled-back.json"  # beside what is kept of releases: editions newer than the one that was gone back to


@dataclass(frozen=True, slots=True)
class Kept:
    """An edition that is kept: its release, its night, when it was made, whether it is served.

    `withheld`: the mark of what it withholds; `inputs`: the hash of what it was made from.
    """

    release: str
    edition: str
    now: str
    served: bool
    withheld: str
    inputs: str


def editions(output: Path) -> list[Kept]:
    """The editions that are kept, the newest first."""
    site = (output / "site").resolve()
    found = []
    for folder in release.releases(output):
        told = release.facts(folder)
        night, made, withheld = (told.get(name, "") for name in ("edition", "now", "withheld"))
        found.append(Kept(folder.name, night, made, folder == site, withheld, release.inputs(output, folder.name)))
    return found


def roll_back(output: Path, wanted: str | None, withheld: str) -> tuple[Kept, Kept]:
    """Serve the edition `wanted` (a night or a release; None: the one before the served one); from where, and to where.

    `withheld`: the mark of what may not be shown as things stand. Raises UsageError where there is no such edition,
    ValidationFailed for one that holds text that was withdrawn since, StoreError when the disk fails.
    """
    every = editions(output)
    at = next((n for n, one in enumerate(every) if one.served), None)
    if at is None:
        raise UsageError("no edition is served that could be left; publish one with: citewire publish")
    goal = _goal(every, at, wanted)
    if goal.withheld != withheld:
        raise ValidationFailed(
            f"release {goal.release} holds text that was withdrawn since it was made, and is not shown again; "
            f"edition {every[at].edition} stays up"
        )
    _mark(output, [one.inputs for one in every[: every.index(goal)]])
    release.serve(output, goal.release)
    return every[at], goal


def _goal(every: list[Kept], at: int, wanted: str | None) -> Kept:
    if wanted is None:
        if at + 1 == len(every):
            raise UsageError(f"no edition before {every[at].edition} is kept")
        return every[at + 1]
    found = [one for one in every if wanted in (one.release, one.edition)]
    if not found:
        kept = ", ".join(one.release for one in every)
        raise UsageError(f"no edition {wanted!r} is kept; these are: {kept}")
    return found[0]


def _mark(output: Path, inputs: list[str]) -> None:
    """Remember the editions that were left, by what they were made from; none of them: nothing is held any more."""
    mark = output / "builds" / _MARK
    if not inputs:
        mark.unlink(missing_ok=True)
        return
    mark.parent.mkdir(parents=True, exist_ok=True)
    aside = mark.with_suffix(".tmp")
    aside.write_text(json.dumps({"inputs": inputs}), encoding="utf-8")
    os.replace(aside, mark)


def held(output: Path, inputs: str) -> str:
    """Why an edition of `inputs` is not published: it was gone back from; empty where it was not."""
    try:
        found: dict[str, Any] = json.loads((output / "builds" / _MARK).read_bytes())
        left = inputs in found["inputs"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    if not left:
        return ""
    night = release.facts(output / "site").get("edition", "")
    return (
        f"nothing new since the site was rolled back: edition {night} stays up until something comes in; "
        "see what is kept, and go forward again, with: citewire rollback --list"
    )


def settle(output: Path, keep: int) -> list[str]:
    """After a new edition is served, forget what was gone back from and remove old releases; what is to be said."""
    notes = []
    mark = output / "builds" / _MARK
    if mark.exists():
        notes.append("the site had been rolled back; something new came in, so the newest edition is served again")
        mark.unlink()
    if stale := release.prune(output, keep):
        held = "an older edition that holds" if stale == 1 else f"{stale} older editions that hold"
        notes.append(f"removed {held} what was withdrawn")
    return notes
