"""The evidence bundle of a story, `story.json`: all that a stranger needs to judge it again without us.

A bundle is the whole story (sentences, classes, citations with spans and context, record hashes and addresses,
verdicts, dropped sentences with reasons, signals, rank, counts, models' answers, prompts, settings hash, previous
version) under a format number, with a seal: the hash of the story as canonical JSON; and `page`, what the story's page
prints beside it, so that `citewire replay` can rebuild the page. Of a withdrawn version hashes remain (`withdrawn`).
`schema` describes all of it (JSON Schema 2020-12).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from pipeline.amends import Tombstone
from pipeline.barred import sentence_hash
from pipeline.bundles import schemas
from pipeline.domain import Story, digest
from pipeline.edition import Surroundings
from pipeline.serial import ShapeError, dumps, from_json, loads, to_json

FORMAT = "citewire-story"
FORMAT_VERSION = 2  # 1 had no page
_READ = (1, 2)
_MARKS = re.compile(r"\s*\[[^\[\]]{1,60}\]")
_RULES: schemas.Rules = {
    ("Citation", "key"): {"pattern": r"^e[0-9a-f]{16}$"},
    ("Citation", "before"): {"maxLength": 240},
    ("Citation", "after"): {"maxLength": 240},
    ("Evidence", "content_hash"): {"pattern": r"^[0-9a-f]{32}$"},
    ("CitedRecord", "content_hash"): {"pattern": r"^[0-9a-f]{32}$"},
    ("Story", "slug"): {"pattern": r"^[a-z0-9]+(-[a-z0-9]+)*$"},
    ("Section", "role"): {"pattern": r"^(takeaways|body|changed|disagreements|unknown|so_far|question)$"},
}


def to_bundle(story: Story, page: Surroundings | None = None) -> dict[str, Any]:
    """The bundle of `story` as a JSON object; `page` is what its page prints beside it."""
    body = to_json(discreet(story))
    found = {"format": FORMAT, "format_version": FORMAT_VERSION, "seal": seal(body), "story": body}
    return found if page is None else {**found, "page": to_json(page)}


def discreet(story: Story) -> Story:
    """`story` with hashes in its models' answers in the place of sentences that were dropped and may not be shown."""
    hidden = frozenset(dropped.text_hash for dropped in story.dropped if not dropped.text)
    if not hidden or not story.answers:
        return story
    shown = (dataclasses.replace(one, answer=dumps(_withheld(loads(one.answer), hidden))) for one in story.answers)
    return dataclasses.replace(story, answers=tuple(shown))


def _withheld(value: Any, hidden: frozenset[str]) -> Any:
    """A JSON value whose hidden sentences are replaced by their hashes, with or without marks in brackets."""
    if isinstance(value, dict):
        return {key: _withheld(part, hidden) for key, part in value.items()}
    if isinstance(value, list):
        return [_withheld(part, hidden) for part in value]
    if isinstance(value, str):
        for text in (value, _MARKS.sub("", value)):
            if (found := sentence_hash(" ".join(text.split()))) in hidden:
                return f"withheld {found}"
    return value


def to_tombstone(tomb: Tombstone) -> dict[str, Any]:
    """What remains of the bundle of a withdrawn version: hashes, when and why."""
    body = to_json(tomb)
    return {"format": FORMAT, "format_version": FORMAT_VERSION, "seal": seal(body), "withdrawn": body}


def withdrawn(bundle: object) -> Tombstone | None:
    """What remains of a withdrawn version, where `bundle` is such. Raises ShapeError where it does not fit."""
    if not isinstance(bundle, Mapping) or "withdrawn" not in bundle:
        return None
    if set(bundle) != {"format", "format_version", "seal", "withdrawn"} or bundle["format"] != FORMAT:
        raise ShapeError("not what remains of a withdrawn bundle", ("format",))
    return from_json(Tombstone, bundle["withdrawn"])


def from_bundle(bundle: object) -> Story:
    """The story of a bundle. Raises ShapeError (a ValueError) naming the first thing that does not fit; the seal is
    for `verify` to judge."""
    if not isinstance(bundle, Mapping):
        raise ShapeError("a bundle is a JSON object")
    if bundle.get("format") != FORMAT or bundle.get("format_version") not in _READ:
        raise ShapeError(f"not a bundle of format {FORMAT!r}, version {FORMAT_VERSION}", ("format",))
    unknown = sorted(set(bundle) - {"format", "format_version", "seal", "story", "page"})
    if unknown:
        raise ShapeError(f"unknown field {unknown[0]!r}")
    return from_json(Story, bundle.get("story"), fill=True)


def surroundings(bundle: Mapping[str, Any]) -> Surroundings | None:
    """What the page of a bundle prints beside its story; None where it was not shipped. Raises ShapeError."""
    return from_json(Surroundings, bundle["page"], fill=True) if "page" in bundle else None


def seal(body: object) -> str:
    """Hash of a story as JSON. It shows accidents and clumsy changes; whoever changes a bundle can seal it anew, and
    then the gate, the keys and the context have to show it."""
    return digest("story", dumps(body), size=32)


# --- schema ----------------------------------------------------------------------------------------------------------


@cache
def schema() -> dict[str, Any]:
    """JSON Schema of a bundle, made from the nouns themselves."""
    return {
        "$schema": schemas.DIALECT,
        "title": "Citewire story bundle",
        "type": "object",
        "required": ["format", "format_version", "seal"],
        "oneOf": [{"required": ["story"]}, {"required": ["withdrawn"]}],
        "additionalProperties": False,
        "properties": {
            "format": {"const": FORMAT},
            "format_version": {"const": FORMAT_VERSION},
            "seal": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "story": {"$ref": "#/$defs/Story"},
            "page": {"$ref": "#/$defs/Surroundings"},
            "withdrawn": {"$ref": "#/$defs/Tombstone"},
        },
        "$defs": schemas.definitions((Story, Surroundings, Tombstone), _RULES),
    }
