"""The nouns of corrections: what was withdrawn, corrected or marked, what cited pages say now, what models answered.

They stand below `domain`, whose `Story` carries two of them. Times are timezone-aware UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer of a model that a version was written from: enough to write it again without the model.

    `answer` is the value as canonical JSON. `prompt_hash` is that of the rendered prompt, which quotes more than may be
    shipped; `key` that of the whole call, under which the store keeps the answer. `tokens_in`, `tokens_out` and `cost`
    (USD) are what it took when it was made, kept with it and so the same in a replay; `passed`: models that were asked
    first and failed.
    """

    prompt: str
    version: str
    model: str
    key: str
    prompt_hash: str
    answer: str
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    passed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelUse:
    """What one model took in one role of one stage: calls, tokens in and out, USD. For the run report alone."""

    role: str
    model: str
    calls: int
    tokens_in: int
    tokens_out: int
    cost: float


class CorrectionKind(StrEnum):
    """What happened to something that was published."""

    RETRACTED = "retracted"  # by hand: a story, a sentence, a record or a source
    CORRECTED = "corrected"  # by hand: one sentence in the place of another
    DROPPED = "dropped"  # by hand: one sentence taken out
    SOURCE_CHANGED = "source changed"
    SOURCE_GONE = "source gone"
    SOURCE_RETRACTED = "source retracted"


@dataclass(frozen=True, slots=True)
class Correction:
    """One entry of the public log of corrections; entries are added, never changed.

    target: what was named, an id of the kind `what`: "story" (its subject), "sentence" (the hash of its text), "record"
    or "source" (its name). why: for the reader. stories: versions that it concerns; withdrawn: those of them whose text
    is not shown any more; successors: versions written because of it. claims: on which nothing may rest from now on.
    keys: citations whose words it concerns. old: hash of the sentence that went; text and citations: what stands in its
    place. by: "hand" or "recheck".
    """

    id: str
    kind: CorrectionKind
    at: datetime
    what: str
    target: str
    why: str
    stories: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    old: str = ""
    text: str = ""
    citations: tuple[str, ...] = ()
    by: str = "hand"


@dataclass(frozen=True, slots=True)
class Recheck:
    """What the last visits to a cited page found.

    state: "unchanged", "changed", "missing", "unsure", "gone", "retracted". etag, last_modified: validators, letter for
    letter, for the next conditional request. body: hash of the page's text. found: citation keys whose words stood
    there when it was last read well. misses: visits in a row that found no page, the first of them at `missing_since`;
    `note`: what the last visit met, in plain words.
    """

    record_id: str
    at: datetime
    state: str
    etag: str | None = None
    last_modified: str | None = None
    body: str = ""
    found: tuple[str, ...] = ()
    misses: int = 0
    missing_since: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What remains in public of a withdrawn version: its address, when and why it went, and hashes of what it said."""

    story_id: str
    storyline_id: str
    slug: str
    version: int
    beat: str
    written: datetime
    lang: str
    correction: str
    at: datetime
    why: str
    seal: str  # of the bundle that stood here
    sentences: tuple[str, ...]  # hashes of the printed texts, in reading order
    citations: tuple[str, ...]  # keys, which are hashes
    records: tuple[str, ...]  # content hashes of the cited records
    sample: bool = False
