"""What a sentence opens: the words that it rests on, where they stand, who says them, and what the gate made of it.

A reader who touches the numbers behind a sentence sees this beside or under the text. Words of the quote that the
sentence uses as well are marked, by their stems, so that it shows which words rest on what; what the gate compares is
more than that (numbers, names, hedges), so an unmarked word is no fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.domain import DisputeKind, Section, Sentence, SentenceClass
from pipeline.language import names
from pipeline.language.words import content, placed
from pipeline.renderers.phrases import CLASHES, CLASSES, count

CONTEXT = 70  # characters on each side of a quote that are shown where it is opened
AROUND = 120  # and in the list of sources; the bundle has all that is kept
_GAP = 4  # characters between two marked words that are marked with them: "of the"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a quote: whether its words are the sentence's own as well."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """One citation of a sentence: its number, the words in their context, who says them, when, as which origin."""

    number: int
    target: str
    before: str
    pieces: tuple[Piece, ...]
    after: str
    lang: str | None
    publisher: str
    time: str
    origin: str
    altered: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """All that a sentence opens; a sentence that stands twice on a page opens the same. `id` is its address.

    `kind` and `says` name its class; `voices`: on how many origins it rests, in words; `several`: how many, where more
    than one. `disputed`: how another source tells it otherwise, "" for not; `word`: whose word alone it is.
    """

    id: str
    name: str
    kind: str
    says: str
    voices: str
    several: int
    disputed: str
    word: str
    verdict: str
    proofs: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How many sentences of a page rest on several origins, are disputed, are one party's word."""

    several: int
    disputed: int
    word: int


def marked(sentence: str, quote: str) -> tuple[Piece, ...]:
    """`quote` in stretches, those marked whose words stand in `sentence`, too. Joined they are the quote."""
    mine = set(content(sentence))
    runs: list[list[int]] = []
    for start, end, root in placed(quote):
        if root not in mine:
            continue
        if runs and (start - runs[-1][1] <= _GAP or not content(quote[runs[-1][1] : start])):
            runs[-1][1] = end
        else:
            runs.append([start, end])
    pieces: list[Piece] = []
    at = 0
    for start, end in runs:
        pieces += [Piece(quote[at:start], False)] if start > at else []
        pieces.append(Piece(quote[start:end], True))
        at = end
    return tuple(pieces + ([Piece(quote[at:], False)] if at < len(quote) else []))


def disputed(sections: Iterable[Section]) -> dict[str, str]:
    """Citation key -> how another source of the story tells it otherwise, as its section of disagreements says."""
    found: dict[str, set[DisputeKind]] = {}
    for section in (one for one in sections if one.role == "disagreements"):
        for one in (sentence for paragraph in section.paragraphs for sentence in paragraph):
            if one.computation is not None and one.computation.name == "disputed":
                *keys, kind = one.computation.inputs
                for key in keys:
                    found.setdefault(key, set()).add(DisputeKind(kind))
    return {key: "; ".join(CLASHES[kind] for kind in DisputeKind if kind in kinds) for key, kinds in found.items()}


def voices(sentence: Sentence, origins: Iterable[str]) -> tuple[str, int]:
    """On how many origins a sentence rests, in words, and how many these are."""
    number = len(set(origins))
    if number:
        return (count(number, "independent origin") if number > 1 else "one origin", number)
    if sentence.computation is not None:
        return "counted from stored records", 0
    return "rests on the sentences around it", 0


def one_word(sentence: Sentence, keys: Iterable[str], speakers: Mapping[str, str]) -> str:
    """Whose word alone a sentence is: the one speaker of everything that it cites; "" where there are several or none.

    It is said only where the sentence itself names it: "officials" are nobody, and no name comes to a page so.
    """
    if sentence.kind is SentenceClass.ANALYSIS:
        return ""
    found = {speakers.get(key, "") for key in keys}
    name = found.pop() if len(found) == 1 else ""
    return name if name and any(name in mention.text for mention in names.find(sentence.text)) else ""


def class_of(sentence: Sentence) -> str:
    """What the class of a sentence says of it; of a computed one, what was computed."""
    text = f"{sentence.kind.value.capitalize()}: {CLASSES[sentence.kind]}"
    return f"{text} ({sentence.computation.name} = {sentence.computation.value})" if sentence.computation else text


def nearby(before: str, after: str, most: int = CONTEXT) -> tuple[str, str]:
    """The nearest words of a quote's context, `most` characters of either side, cut at words with an ellipsis."""
    if len(before) > most:
        before = "… " + before[-most:].partition(" ")[2]
    if len(after) > most:
        after = after[:most].rpartition(" ")[0] + " …"
    return before, after


def standing(opened: Iterable[Opened]) -> Standing:
    """How the sentences of a page stand, counted once each."""
    every = list(opened)
    return Standing(
        several=sum(one.several > 1 for one in every),
        disputed=sum(bool(one.disputed) for one in every),
        word=sum(bool(one.word) for one in every),
    )
