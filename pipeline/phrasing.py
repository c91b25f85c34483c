"""Phrases that can trend: what a record keeps speaking of, in two words or more, that is nobody's name.

Words come from the record's own text (`language.phrases`), without its dateline, its outlet and the people it names:
these are counted as entities where they are public, and nowhere where they are not. A phrase is known by its stems.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from pipeline import outlets
from pipeline.domain import Record
from pipeline.language import datelines
from pipeline.language.phrases import key_phrases
from pipeline.language.words import stem, tokens

MOST = 4  # phrases of one record
_LOOKED_AT = 8  # phrases of which these are chosen


def of_record(record: Record, names: Collection[tuple[str, str]] = ()) -> dict[str, str]:
    """Key -> phrase as the text writes it, the weightiest first, at most `MOST`.

    `names` are (key, kind) of what the record names, as `entities.sighting` reads it.
    """
    head, gap, body = record.text.partition("\n\n")
    text = head + gap + body[datelines.length(body) :]
    people = {word for key, kind in names if kind == "person" for word in key.split()}
    unsure = [set(key.split()) for key, kind in names if kind == "name" and " " in key]  # it may be a person's
    said_by = outlets.names(record) | {" ".join(tokens(record.author or ""))}
    found: dict[str, str] = {}
    for phrase in key_phrases(text, record.lang, most=_LOOKED_AT):
        words = tokens(phrase)
        named = not people.isdisjoint(words) or any(name <= set(words) for name in unsure)
        if len(words) > 1 and not named and not _of_outlet(words, said_by):
            found.setdefault(key(phrase), phrase)
    return dict(list(found.items())[:MOST])


def key(phrase: str) -> str:
    """The stemmed words of a phrase: "chip exports" and "Chip export" are one."""
    return " ".join(stem(word) for word in tokens(phrase))


def labelled(phrase: str, label: str) -> bool:
    """Whether a label holds all words of a phrase, given by its key: then it is what a storyline is called."""
    return set(phrase.split()) <= {stem(word) for word in tokens(label)}


def of_outlets(phrases: Mapping[str, str], voices: Collection[str]) -> set[str]:
    """Those of the phrases (key -> as written) that are names of outlets, of which `voices` are known."""
    known = {voice.removeprefix("outlet ").removeprefix("owner ") for voice in voices}
    return {one for one, written in phrases.items() if outlets.folded(written) in known}


def _of_outlet(words: list[str], names: Collection[str]) -> bool:
    return any(set(words) <= set(name.split()) or set(name.split()) <= set(words) for name in names if name)
