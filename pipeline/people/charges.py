"""What a text lays to somebody: deeds by ground, and the stages of an accusation, without their false friends.

Reads words.toml with what insinuations.toml and words_es.toml add to it, and the table of rare words. Pure; offsets
count code points of the text that was given.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from pipeline.people import vocabulary

STAGES = ("suspected", "accused", "charged", "deed", "convicted")  # weakest first; a "deed" is told as done
LEXICA = ("words.toml", "insinuations.toml", "words_es.toml")
_FOLD = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " "})


@dataclass(frozen=True, slots=True)
class Charge:
    """One word or phrase that lays something to somebody: where it stands, on which ground, at which stage.

    `ground` is "" for the words of a stage, which say nothing of the matter; `firms` whether it touches a firm too.
    """

    start: int
    end: int
    text: str
    ground: str
    stage: str
    firms: bool


@cache
def words() -> Mapping[str, Any]:
    """The lexicon: words.toml, to whose lists the other files add theirs."""
    found: dict[str, Any] = {}
    for name in LEXICA:
        found = _joined(found, tomllib.loads(files("pipeline.people").joinpath(name).read_text(encoding="utf-8")))
    return found


def _joined(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Two tables in one, lists of the same name one behind the other."""
    both = dict(one)
    for key, value in other.items():
        known = both.get(key)
        if isinstance(value, dict):
            both[key] = _joined(known or {}, value)
        else:
            both[key] = [*known, *value] if isinstance(known, list) else value
    return both


def whole(patterns: Iterable[str]) -> re.Pattern[str]:
    """Any of some patterns as whole words in small letters; one that begins with an apostrophe follows a word.

    Without a flag for case, so that the engine can pass over an alternative by its first letter.
    """
    bound = [pattern for pattern in patterns if not pattern.startswith("'")]
    loose = [pattern for pattern in patterns if pattern.startswith("'")]
    return re.compile("|".join([rf"\b(?:{'|'.join(bound)})(?!\w)", *loose]))


@cache
def _proof(names: tuple[str, ...]) -> re.Pattern[str]:
    return whole([pattern for name in names for pattern in words()["proof"][name]])


def proven(text: str, *names: str) -> bool:
    """Whether any word of some lists of the lexicon's [proof] stands in `text`."""
    return bool(_proof(names).search(small(text)))


@cache
def _acting(*lists: str) -> re.Pattern[str]:
    """Those of the first half of some lists doing what is in the second, or something done by or before them."""
    proof, half = words()["proof"], len(lists) // 2
    who = "|".join(one for name in lists[:half] for one in proof[name])
    acts = "|".join(one for name in lists[half:] for one in proof[name])
    between = r"(?: (?!(?:who|that|which|after|and|but)\b)[\w'-]+){0,5}?"
    return re.compile(rf"\b(?:{who}){between} (?:{acts})\b|\b(?:by|before) (?:[\w'-]+ ){{0,4}}?(?:{who})\b")


def on_record(text: str) -> bool:
    """Whether `text` tells what a court, a regulator or the like has done, or what stands in its papers."""
    return bool(_acting("institutions", "acts").search(small(text))) or proven(text, "records")


def told_by(text: str) -> bool:
    """Whether `text` names the authority or the accuser whose word it is."""
    acting = _acting("institutions", "tellers", "acts", "their_acts")
    return bool(acting.search(small(text))) or proven(text, "records", "told", "accusers")


@cache
def _grounds() -> Sequence[tuple[str, bool, re.Pattern[str]]]:
    return [(name, bool(one["firms"]), whole(one["deeds"])) for name, one in words()["grounds"].items()]


@cache
def _stages() -> Sequence[tuple[str, re.Pattern[str]]]:
    return [(name, whole(patterns)) for name, patterns in words()["stages"].items()]


@cache
def _insinuations() -> re.Pattern[str]:
    found = words()["insinuations"]
    patterns = found["patterns"]
    for name, slot in found["slots"].items():
        patterns = [pattern.replace("{" + name + "}", slot) for pattern in patterns]
    return whole(patterns)


@cache
def _friends() -> re.Pattern[str]:
    return whole(words()["friends"]["patterns"])


@cache
def _answers() -> Mapping[str, re.Pattern[str]]:
    return {name: whole(patterns) for name, patterns in words()["answers"].items()}


def folded(text: str) -> str:
    """`text` with plain quotation marks and spaces, every character where it was."""
    return text.translate(_FOLD)


def small(text: str) -> str:
    """`text` folded and in small letters, every character where it was."""
    low = folded(text).lower()
    return low if len(low) == len(text) else "".join(c if len(c.lower()) != 1 else c.lower() for c in folded(text))


def masked(text: str) -> str:
    """`text` in small letters, with the uses that lay nothing to anybody blanked."""
    return _friends().sub(lambda match: " " * len(match.group()), small(text))


@lru_cache(maxsize=8192)
def find(text: str) -> tuple[Charge, ...]:
    """Everything that `text` lays to somebody, in order."""
    if next(_find(small(text)), None) is None:
        return ()
    return tuple(sorted(_find(masked(text)), key=lambda one: (one.start, one.end, one.ground)))


def _find(text: str) -> Iterator[Charge]:
    for ground, firms, pattern in _grounds():
        for match in pattern.finditer(text):
            yield Charge(match.start(), match.end(), match.group(), ground, "deed", firms)
    for stage, pattern in _stages():
        for match in pattern.finditer(text):
            yield Charge(match.start(), match.end(), match.group(), "", stage, True)
    for match in _insinuations().finditer(text):
        yield Charge(match.start(), match.end(), match.group(), "", STAGES[0], False)
    for start, end, ground in vocabulary.find(text):
        yield Charge(start, end, text[start:end], ground, "deed", _touching(ground))


def _touching(ground: str) -> bool:
    """Whether a ground touches firms too."""
    return bool(words()["grounds"][ground]["firms"])


def strength(text: str) -> int:
    """How far a text goes, as a place in STAGES; -1 where it lays nothing to anybody.

    Words of a stage decide; a deed without any is told as done.
    """
    found = {charge.stage for charge in find(text)}
    staged = [STAGES.index(stage) for stage in found if stage != "deed"]
    if staged:
        return max(staged)
    return STAGES.index("deed") if found else -1


def denies(text: str) -> bool:
    """Whether somebody denies something in `text`."""
    return bool(_answers()["denied"].search(small(text)))


def clears(text: str) -> bool:
    """Whether `text` says that somebody was cleared, or was never accused."""
    return bool(_answers()["cleared"].search(small(text)))


def answers(text: str) -> bool:
    """Whether `text` answers for somebody: a denial, an acquittal, charges that were dropped."""
    return denies(text) or clears(text)
