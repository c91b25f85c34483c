"""Beats by content: keywords on word boundaries, names, and likeness to the beat's description.

`weigh` reads a text once and says what speaks for each beat; `settle` turns that into beats with a confidence and a
reason. They are apart because reading runs in many processes and a model of meaning in one.

A keyword counts by where it stands (headline, opening, further down) and by how it stands: letter for letter or its
plural in full, another form of the word ("boxing": "box") by half. A keyword with a capital is a name: "apple" in a
recipe is not Apple, "trumps" is not Trump, and a capital counts in full only where the text names something with it.
Keywords of one kind in a text that is otherwise far from the beat are weak. A source's own beat is a hint: it tips the
scale and decides nothing. Confidences of independent evidence are joined as 1 - (1 - a)(1 - b) ("noisy or", Pearl
1988). Several beats may apply; where none does, the caller files the text under "General".
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pipeline import terms
from pipeline.domain import BeatScore, digest
from pipeline.language import names
from pipeline.language.words import fold, stem, written
from pipeline.settings import BeatSettings

VERSION = "beats-2"  # of the rules: what they decided under another version is decided again
ENOUGH = 0.4  # confidence from which a text belongs to a beat
_READ = 6_000  # code points that settle a beat
_HEADLINE = 300  # code points of a first line that is a headline
_OPENING = 600  # code points after the headline that count as the opening
_PLACES = (1.0, 0.6, 0.3)  # worth of a keyword in the headline, the opening, further down
_PHRASE = 1.3  # what two words together say more than one
_OTHER_FORM = 0.5  # of what the keyword itself says
_DOUBTFUL = 0.6  # of a capital that may be the sentence's
_KEYWORDS = 0.7  # how fast keywords convince
_DESCRIPTION = 3.2  # how much likeness of words to the description convinces
_NEAR, _FAR = 0.14, 0.02  # cosine to the description from which a model of meaning convinces, below which it doubts
_MEANING = 3.0
_STRANGE = 0.75  # what is left of one keyword's word where the meaning is far
_SEVERAL = 2  # keywords that need no more context
_HINT = 0.2
_NAMED = 4  # keywords that a reason names
_PRIOR = terms.Frequencies()


@dataclass(frozen=True, slots=True)
class Weighed:
    """What speaks for one beat in one text: (keyword, times), their weight, likeness to the description, the hint."""

    beat: str
    hits: tuple[tuple[str, int], ...]
    weight: float
    described: float
    hinted: bool


@dataclass(frozen=True, slots=True)
class _Keyword:
    """A keyword: as configured; its words as written, folded, and their stems; whether capitals make it a name."""

    said: str
    written: tuple[str, ...]
    folded: tuple[str, ...]
    stems: tuple[str, ...]
    name: bool


@dataclass(frozen=True)
class _Text:
    """A text as weighed: its beginning, and for each stem where it stands (section, place)."""

    read: str
    sections: tuple[tuple[str, ...], ...]  # headline, opening, further down: words as written

    @cached_property
    def places(self) -> dict[str, list[tuple[int, int]]]:
        """Stem -> (section, place) of each word that has it."""
        found: dict[str, list[tuple[int, int]]] = {}
        for section, words in enumerate(self.sections):
            for at, word in enumerate(words):
                found.setdefault(stem(fold(word)), []).append((section, at))
        return found

    @cached_property
    def named(self) -> frozenset[str]:
        """Folded words of the names that the text holds."""
        return frozenset(fold(word) for mention in names.find(self.read) for word in written(mention.text))

    @cached_property
    def shouted(self) -> bool:
        """Whether the text has no small letter, so that capitals say nothing."""
        return not any(c.islower() for c in self.read)


def basis(beats: Sequence[BeatSettings], embedder: str = "") -> str:
    """Digest of all that decides beats: the rules, the beats as configured, in their order, and the dense embedder."""
    parts = [part for beat in beats for part in (beat.name, beat.description, str(len(beat.keywords)), *beat.keywords)]
    return digest("beats", VERSION, embedder, *parts, size=16)


def told(beat: BeatSettings) -> str:
    """What a model of meaning reads of a beat."""
    return f"{beat.name}: {beat.description}" if beat.description else beat.name


def weigh(
    text: str, beats: Iterable[BeatSettings], hint: str | None = None, counted: terms.Terms | None = None
) -> tuple[Weighed, ...]:
    """What speaks for each beat in `text` (its first 6,000 code points); `hint` is the beat of its source.

    `counted` are the words of the whole text, where they are counted already.
    """
    read = text[:_READ]
    said = _Text(read, _sections(read))
    bag = counted if counted is not None and len(read) == len(text) else terms.count(read)
    found = []
    for beat in beats:
        hits, weight = [], 0.0
        for keyword in _keywords(beat):
            times, value = _hit(keyword, said)
            if times:
                hits.append((keyword.said, times))
                weight += value
        likeness = _likeness(bag, _description(beat))
        found.append(Weighed(beat.name, tuple(hits), round(weight, 6), likeness, hint == beat.name))
    return tuple(found)


def settle(evidence: Iterable[Weighed], meaning: Mapping[str, float] | None = None) -> tuple[BeatScore, ...]:
    """The beats that the evidence of one text is enough for, surest first, ties by name.

    `meaning` is the cosine of the text to each beat's description where a dense embedder is on. Empty: none fits.
    """
    scores = [_score(one, None if meaning is None else meaning.get(one.beat)) for one in evidence]
    return tuple(
        sorted((one for one in scores if one.confidence >= ENOUGH), key=lambda one: (-one.confidence, one.beat))
    )


def assign(text: str, beats: Iterable[BeatSettings], hint: str | None = None) -> tuple[BeatScore, ...]:
    """The beats that `text` belongs to by its words alone."""
    return settle(weigh(text, beats, hint))


def _score(one: Weighed, near: float | None) -> BeatScore:
    """Confidence and reason of one beat."""
    weight = one.weight
    if near is not None and near < _FAR and len(one.hits) < _SEVERAL:
        weight *= _STRANGE
    doubt = math.exp(-_KEYWORDS * weight) * (1.0 - min(0.9, _DESCRIPTION * one.described))
    if near is not None:
        doubt *= 1.0 - min(0.9, max(0.0, _MEANING * (near - _NEAR)))
    if one.hinted and doubt < 1.0 - _HINT:
        doubt *= 1.0 - _HINT
    reasons = [f"keyword {word!r}{_often(times)}" for word, times in one.hits[:_NAMED]]
    if len(one.hits) > _NAMED:
        reasons.append(f"{len(one.hits) - _NAMED} more keywords")
    if one.described >= 0.005:
        reasons.append(f"description {one.described:.2f}")
    if near is not None:
        reasons.append(f"meaning {near:.2f}")
    if one.hinted:
        reasons.append("source says so")
    return BeatScore(one.beat, round(1.0 - doubt, 3), "; ".join(reasons))


def _often(times: int) -> str:
    """How often, in words."""
    return "" if times == 1 else " twice" if times == 2 else f" {times} times"


def _sections(read: str) -> tuple[tuple[str, ...], ...]:
    """Words as written of the headline (may be empty), of the opening, of the rest."""
    head, gap, body = read.partition("\n\n")
    if not gap or len(head) > _HEADLINE:
        head, body = "", read
    return tuple(tuple(written(part)) for part in (head, body[:_OPENING], body[_OPENING:]))


@lru_cache(maxsize=256)
def _keywords(beat: BeatSettings) -> tuple[_Keyword, ...]:
    """Keywords of a beat, each once. Where every keyword has a capital, capitals are a habit and name nothing."""
    habit = len(beat.keywords) > 2 and all(word[:1].isupper() for word in beat.keywords)
    found: dict[tuple[str, ...], _Keyword] = {}
    for said in beat.keywords:
        words = tuple(written(said))
        folded = tuple(map(fold, words))
        name = any(_capitals(word) or (_initial(word) and not habit) for word in words)
        if folded:
            found.setdefault(folded, _Keyword(said, words, folded, tuple(map(stem, folded)), name))
    return tuple(found.values())


def _hit(keyword: _Keyword, said: _Text) -> tuple[int, float]:
    """How often a keyword stands in a text, and how much that says: repeated, the logarithm more; other forms, once."""
    times, whole, best = 0, 0, 0.0
    for section, at in said.places.get(keyword.stems[0], ()):
        words = said.sections[section][at : at + len(keyword.stems)]
        folded = tuple(map(fold, words))
        if tuple(map(stem, folded)) != keyword.stems:
            continue
        same = all(_same(a, b) for a, b in zip(folded, keyword.folded, strict=True))
        worth = 1.0 if same else _OTHER_FORM
        worth *= _capital(keyword, words, said) if keyword.name else 1.0
        if worth:
            times, whole = times + 1, whole + same
            best = max(best, worth * _PLACES[section])
    return times, best * (_PHRASE if len(keyword.stems) > 1 else 1.0) * (1.0 + math.log(max(1, whole)))


def _same(word: str, keyword: str) -> bool:
    """Whether `word` is the keyword's or a plural or singular of it."""
    return (
        word in (keyword, keyword + "s", keyword + "es")
        or keyword in (word + "s", word + "es")
        or ({word[-3:], keyword[-3:]} & {"ies"} != set() and abs(len(word) - len(keyword)) == 2)
    )


def _capital(keyword: _Keyword, words: Sequence[str], said: _Text) -> float:
    """What a name's capitals are worth where it stands; 0 where it lacks one and so is another word."""
    for word, asked in zip(words, keyword.written, strict=True):
        letters = word.replace(".", "")[: len(asked)]
        if (_capitals(asked) and not letters.isupper()) or (_initial(asked) and word[0].islower()):
            return 0.0
    if said.shouted:
        return _DOUBTFUL
    sure = len(words) > 1 or _capitals(keyword.written[0]) or fold(words[0]) in said.named
    return 1.0 if sure else _DOUBTFUL


def _capitals(word: str) -> bool:
    """Whether a keyword's word is an acronym, which is another word in small letters ("IT", "U.S.")."""
    bare = word.replace(".", "")
    return len(bare) > 1 and bare.isupper()


def _initial(word: str) -> bool:
    """Whether it has one capital, its first letter; one with capitals inside ("iPhone") is known without them."""
    return word[0].isupper() and not any(c.isupper() for c in word[1:])


@lru_cache(maxsize=256)
def _description(beat: BeatSettings) -> tuple[tuple[str, float], ...]:
    """The words of a beat's name and description with their weights, unit length, in order of the word."""
    return _weighted(terms.count(f"{beat.name} {beat.description}"))


def _weighted(bag: Mapping[str, int]) -> tuple[tuple[str, float], ...]:
    """Words with damped counts times rarity in the built-in prior, unit length."""
    rare = {word: (1.0 + math.log(times)) * _PRIOR.weight(word) for word, times in bag.items()}
    length = math.sqrt(math.fsum(value * value for value in rare.values()))
    return tuple((word, rare[word] / length) for word in sorted(rare)) if length else ()


def _likeness(bag: Mapping[str, int], description: Sequence[tuple[str, float]]) -> float:
    """Cosine of a text's words to a description's, rounded to 1e-6."""
    mine = dict(_weighted(bag))
    return round(math.fsum(mine.get(word, 0.0) * weight for word, weight in description), 6)
