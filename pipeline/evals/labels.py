"""What is read off a sentence against labels made by reading: stance, register, sentiment, speaker, hedge, entities.

FILE holds either labelled sentences, `{sentence, stance?, register?, sentiment?, speaker?, hedge?, entities?}` (speaker
in the sentence's own words or null, entities the types named in it), or the records that `labels.jsonl` in this folder
was made on: that file names a record, a range and a hash of the sentence, and no text, so both are joined here.

Each measure is macro-F1: the mean of the F1 of the classes that the labels hold. A speaker is right when it overlaps
the labelled one; its classes are the record's own voice and somebody else's. Entities are scored per type: found in a
sentence or not. Shipped labels are in three parts: one to tune on (`_tune`), one held back (no ending), and sentences
that nobody had read when the rules were written (`_fresh`).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.domain import Span
from pipeline.errors import UsageError
from pipeline.evals.rows import rows
from pipeline.language import hedges, kinds, registers, speakers, stance

LABELS = Path(__file__).parent / "labels.jsonl"
OWN, OTHER, MISTAKEN = "own", "other", "mistaken"
PARTS = ("held", "tune", "fresh")
# What a shipped label does not spell out.
COMMON: Mapping[str, Any] = {"stance": "neutral", "register": "report", "sentiment": "neutral", "hedge": "states"} | {
    "speaker": None,
    "entities": [],
}
TASKS = ("stance", "register", "sentiment", "speaker", "hedge", "entities")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled sentence: the text it stands in, where, its labels (a missing one is not scored) and its part."""

    text: str
    span: Span
    labels: Mapping[str, Any]
    part: str = "held"

    @property
    def words(self) -> str:
        """The sentence itself."""
        return self.text[self.span.start : self.span.end]


def run(path: Path, *, embedder: str = "auto") -> dict[str, float]:
    """Scores for labelled sentences or the labelled records; `embedder` plays no part. Raises UsageError."""
    began = time.perf_counter()
    every = read(path)
    measures: dict[str, float] = {}
    for part in sorted({one.part for one in every}, key=PARTS.index):
        chosen = [one for one in every if one.part == part]
        ending = "" if part == "held" else f"_{part}"
        measures.update({task + ending: score for task, score in _scores(chosen).items()})
    return {**measures, "sentences": len(every), "seconds": round(time.perf_counter() - began, 3)}


def macro_f1(true: Sequence[str], found: Sequence[str]) -> float:
    """Mean over the classes in `true` of their F1; 0.0 for no rows."""
    classes = sorted(set(true))
    scores = []
    for name in classes:
        right = sum(a == b == name for a, b in zip(true, found, strict=True))
        scores.append(2 * right / (true.count(name) + list(found).count(name)))
    return round(sum(scores) / len(scores), 4) if scores else 0.0


def read(path: Path) -> list[Labelled]:
    """The labelled sentences of a file. Raises UsageError for rows of neither kind."""
    given = list(rows(path))
    if given and "sentence" not in given[0]:
        return _joined(given, path)
    for number, row in enumerate(given, 1):
        if not isinstance(row.get("sentence"), str) or not row["sentence"].strip():
            raise UsageError(f'{path}, row {number}: "sentence" must be a text')
    return [Labelled(row["sentence"], Span(0, len(row["sentence"])), row) for row in given]


def _joined(records: Iterable[Mapping[str, Any]], path: Path) -> list[Labelled]:
    """The shipped labels with the sentences that they belong to. Raises UsageError where a sentence is not there."""
    by_id = {str(row.get("id")): row for row in records}
    found = []
    for label in rows(LABELS):
        record = by_id.get(label["id"], {})
        title, body = str(record.get("title") or ""), str(record.get("text") or "")
        shift = 0 if label["field"] == "title" else len(title) + 2
        text, span = f"{title}\n\n{body}", Span(shift + label["start"], shift + label["end"])
        if hashlib.sha256(text[span.start : span.end].encode()).hexdigest()[:12] != label["sha256"]:
            raise UsageError(
                f"{path}: record {label['id']} is not there or not as it was labelled; nothing was measured"
            )
        found.append(Labelled(text, span, {**COMMON, **label}, label["part"]))
    return found


def _scores(sentences: Sequence[Labelled]) -> dict[str, float]:
    """Macro-F1 of each task that has labels."""
    scores = {}
    for task in TASKS:
        labelled = [one for one in sentences if task in one.labels]
        if not labelled:
            continue
        if task == "entities":
            scores[task] = _entities(labelled)
        elif task == "speaker":
            scores[task] = macro_f1(
                [OTHER if one.labels[task] else OWN for one in labelled], [*map(_speaker, labelled)]
            )
        else:
            scores[task] = macro_f1(
                [one.labels[task] for one in labelled], [_READERS[task](one.words) for one in labelled]
            )
    return scores


def _sentiment(words: str) -> str:
    score = stance.sentiment(words)
    return "positive" if score > 0 else "negative" if score < 0 else "neutral"


_READERS: Mapping[str, Callable[[str], str]] = {
    "stance": stance.classify,
    "register": registers.classify,
    "sentiment": _sentiment,
    "hedge": lambda words: hedges.classify(words).value,
}


def _speaker(one: Labelled) -> str:
    """OWN or OTHER as the product says; MISTAKEN where it names somebody else than the labelled speaker."""
    attribution = speakers.find(one.words)
    label = one.labels["speaker"]
    if attribution is None:
        return OWN
    if isinstance(label, str):
        return (
            OTHER
            if label.casefold() in attribution.speaker.casefold() or _within(attribution.speaker, label)
            else MISTAKEN
        )
    if label:
        return OTHER if attribution.span.start < label[1] and label[0] < attribution.span.end else MISTAKEN
    return OTHER


def _within(speaker: str, label: str) -> bool:
    return speaker.casefold() in label.casefold()


def _entities(sentences: Sequence[Labelled]) -> float:
    """Mean over the labelled types of the F1 of "this type is named in the sentence"."""
    true = [frozenset(one.labels["entities"]) for one in sentences]
    found = [
        frozenset(
            mention.kind
            for mention in kinds.find(one.text, "en")
            if one.span.start <= mention.span.start and mention.span.end <= one.span.end
        )
        for one in sentences
    ]
    scores = []
    for kind in sorted(frozenset().union(*true)):
        both = sum(kind in a and kind in b for a, b in zip(true, found, strict=True))
        scores.append(2 * both / (sum(kind in a for a in true) + sum(kind in b for b in found)))
    return round(sum(scores) / len(scores), 4) if scores else 0.0
