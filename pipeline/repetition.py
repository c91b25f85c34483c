"""How alike a desk's stories read: patterns of headlines, openings and phrases of the last weeks, against a baseline.

A pattern is a text without its matter. Of a headline: its small words in order, every run of other words as "_", every
number as "#" ("_ to _ by #"). Of an opening: the first four words of the body, names as "X". Of phrases: three words in
a row that stand in a sentence and not in what it cites, so that only the writer's own words count.

The rate is the probability that two taken at random have the same pattern (Simpson 1949, "Measurement of diversity",
Nature 163; the estimate without bias), which does not grow with the number of stories. The baseline is the same of
the records' own headlines and first sentences of the same weeks: what the trade does anyway. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.domain import Record, Sentence, Story, StoryKind
from pipeline.language.words import is_stop

VERBS = ("reports", "writes", "says", "adds")  # the neutral verbs of attribution, kept in a pattern
ACCORDING = "according to"  # what stands in for a verb
OPENING = 4  # words
LEAST = 3  # times that a pattern must occur before anything is done about it
TIMES = 2.0  # how much more often than in the records
SHOWN = 5
_WHAT = ("headlines", "openings", "phrases")
_TOKEN = re.compile(r"\d[\d.,]*|[^\W\d_][\w’'-]*|[,:;?]")
_TURN = re.compile(r"[.!?][”\"']? ")


@dataclass(frozen=True, slots=True)
class Patterns:
    """How often each pattern occurs in some texts."""

    headlines: Counter[str] = field(default_factory=Counter)
    openings: Counter[str] = field(default_factory=Counter)
    phrases: Counter[str] = field(default_factory=Counter)

    def to_json(self) -> dict[str, dict[str, int]]:
        """The counts by what is counted."""
        return {what: dict(getattr(self, what)) for what in _WHAT}

    def count(self, told: Mapping[str, Mapping[str, int]]) -> None:
        """Count what `to_json` made of others, too."""
        for what in _WHAT:
            getattr(self, what).update(told[what])

    def add(self, story: Story) -> None:
        """Count a story too; a briefing has no wording of its own."""
        if story.kind is StoryKind.BRIEFING:
            return
        if story.headline.computation is None:
            self.headlines[skeleton(story.headline.text)] += 1
        quotes = {citation.key: citation.evidence.quote for citation in story.citations}
        body = [s for section in story.sections if section.role == "body" for p in section.paragraphs for s in p]
        if body:
            self.openings[opening(body[0].text)] += 1
        self.phrases.update(phrase for one in body for phrase in _own(one, quotes))


@dataclass(frozen=True, slots=True)
class Rate:
    """How alike texts are in one respect, and how alike the records' own are."""

    what: str
    rate: float
    baseline: float
    texts: int


def of_stories(stories: Iterable[Story]) -> Patterns:
    """The patterns of stories."""
    found = Patterns()
    for story in stories:
        found.add(story)
    return found


def of_records(records: Iterable[Record]) -> Patterns:
    """The baseline: patterns of records' headlines, first words, and first sentences."""
    found = Patterns()
    for record in records:
        if record.title:
            found.headlines[skeleton(record.title)] += 1
        body = record.text.rpartition("\n\n")[2] if record.text.count("\n\n") == 1 else record.text
        first = _TURN.split(body.strip().split("\n", 1)[0], maxsplit=1)[0]
        if len(first.split()) >= OPENING:
            found.openings[opening(first)] += 1
            found.phrases.update(_triples(first))
    return found


def rates(stories: Patterns, records: Patterns) -> tuple[Rate, ...]:
    """The rate of each respect beside its baseline."""
    return tuple(
        Rate(what, alike(getattr(stories, what)), alike(getattr(records, what)), getattr(stories, what).total())
        for what in _WHAT
    )


def alike(counts: Counter[str]) -> float:
    """The probability that two of the counted texts have the same pattern; 0 for fewer than two."""
    total = counts.total()
    same = sum(n * (n - 1) for n in counts.values())
    return round(same / (total * (total - 1)), 4) if total > 1 else 0.0


def overused(stories: Patterns, records: Patterns) -> tuple[str, ...]:
    """The patterns that stories show too often, the worst first: three times, and twice as often as records do."""
    found: list[tuple[float, str]] = []
    for what in _WHAT:
        mine, theirs = getattr(stories, what), getattr(records, what)
        for pattern, n in mine.items():
            share, usual = n / mine.total(), theirs[pattern] / max(1, theirs.total())
            if n >= LEAST and share >= TIMES * usual:
                found.append((-(share - usual), f"{what.removesuffix('s')} “{pattern}” ({n} times)"))
    return tuple(text for _, text in sorted(found)[:SHOWN])


def said(found: Sequence[Rate]) -> str:
    """The rates in one line."""
    parts = (f"{one.what} {one.rate:.3f} (records {one.baseline:.3f})" for one in found if one.texts > 1)
    return ", ".join(parts)


def worn(stories: Patterns) -> Mapping[str, int]:
    """What the extractive writer can choose between -> how often it was used: headlines, openings, attributions."""
    said = {phrase: n for phrase, n in stories.phrases.items() if phrase.split()[-2] in VERBS or _attributes(phrase)}
    return {**said, **stories.openings, **stories.headlines}


def _attributes(phrase: str) -> bool:
    """Whether three words name a source: ", X reports", "according to X"."""
    return phrase.startswith((", X ", ", according", "according to")) and phrase.endswith((*VERBS, "to", "X"))


def skeleton(headline: str) -> str:
    """The pattern of a headline: "_ to _ by #"."""
    parts: list[str] = []
    for token in _TOKEN.findall(headline):
        low = token.lower()
        part = "#" if token[0].isdigit() else low if low in VERBS or is_stop(low) or not token[0].isalnum() else "_"
        if part != "_" or not parts or parts[-1] != "_":
            parts.append(part)
    return " ".join(parts)


def opening(text: str) -> str:
    """The pattern of a text's first words."""
    return " ".join(_masked(text)[:OPENING])


def _own(sentence: Sentence, quotes: Mapping[str, str]) -> Iterator[str]:
    """The phrases of a sentence that what it cites does not hold."""
    held = {phrase for key in sentence.citations for phrase in _triples(quotes.get(key, ""))}
    return (phrase for phrase in _triples(sentence.text) if phrase not in held)


def _triples(text: str) -> list[str]:
    """Three words in a row, names as "X"; a first word with a capital counts as a word."""
    masked = _masked(text)
    return [f"{a} {b} {c}" for (a, b), (_, c) in pairwise(pairwise(masked))] if len(masked) > 2 else []


def _masked(text: str) -> list[str]:
    """The words of a text in small letters, runs of words with a capital as "X", numbers as "#"."""
    found: list[str] = []
    for place, token in enumerate(_TOKEN.findall(text)):
        small = place == 0 and (is_stop(token.lower()) or not token[0].isupper())
        name = token[0].isupper() and not small
        part = "#" if token[0].isdigit() else "X" if name else token.lower()
        if part != "X" or not found or found[-1] != "X":
            found.append(part)
    return found


def ordered(choices: Sequence[str], used: Mapping[str, int]) -> tuple[str, ...]:
    """Equally good wordings, the least used first; ties in their own order."""
    return tuple(sorted(choices, key=lambda choice: used.get(choice, 0)))
