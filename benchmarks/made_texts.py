"""Full texts in any number, made by recombining real ones: for measurements of size and speed, not of quality.

    python benchmarks/made_texts.py DATA --records 100000 --output rows.jsonl

DATA is the folder of real texts. Sentences of its full articles are told again with other names, figures and words of
the same make, drawn from the same articles, so that words have the frequencies, sentences the form and texts the length
of real ones (median above 2,000 characters), and next to no text is a copy of another. Records come in events, sized as
real nights leave them: those of one event share names, figures and part of the vocabulary. Everything is drawn from one
seed: the first n of more records are the same n.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

SEED = 20261122
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)  # a night reads what was published in the 24 hours before
MEDIAN = 2000  # characters that the median text has at least
_SOURCES = (  # file, and the field that holds a full text
    ("bulk/techblogs2026.dev.jsonl.gz", "text"),
    ("storylines/giveme5w1h.dev.jsonl.gz", "text"),
    ("storylines/ecbplus.dev.jsonl.gz", "text"),
    ("claims/frank.dev.jsonl.gz", "source"),
    ("claims/wice.dev.jsonl.gz", "source"),
)
_OUTLETS = 400
_SIZES = (*(1,) * 16, 2, 6)  # records of an event: as fourteen nights of real feeds left them
_LEAST = 12  # sentences of an article that is worth recombining
_CAST = 10  # names of an event
_TOLD = (14, 28)  # sentences of a made text, least and most
_KEPT = 0.3  # share of an event's exchanged words that a record keeps; the others it exchanges itself
_SENTENCE = re.compile(r"(?<=[.!?])[\"”']?\s+(?=[A-Z“\"])")
_WORD = re.compile(r"\d[\d.,]*\d|\d|[A-Za-z][A-Za-z’'-]+")
_OWNER = re.compile(r"['’]s?$")

Article = Sequence[str]


def articles(data: Path) -> list[Article]:
    """Real articles as lists of their sentences, the same order every time."""
    found = []
    for name, field in _SOURCES:
        with gzip.open(data / name, "rt", encoding="utf-8") as lines:
            texts = dict.fromkeys(str(json.loads(line).get(field) or "") for line in lines)
        for text in texts:
            said = [" ".join(one.split()) for one in _SENTENCE.split(text)]
            said = [one for one in said if 40 <= len(one) <= 320 and one[-1:] in ".!?" and one.isascii()]
            if len(said) >= _LEAST:
                found.append(said)
    return found


class Words:
    """Real words by their make: what may stand where another stood."""

    def __init__(self, found: Iterable[Article]) -> None:
        kinds: dict[str, list[str]] = defaultdict(list)
        for article in found:
            for sentence in article:
                for at, word in enumerate(_WORD.findall(sentence)):
                    if at and (make := self.make(word)):
                        kinds[make].append(word)  # as often as it occurs: common words stay common
        self._kinds = dict(kinds)

    @staticmethod
    def make(word: str) -> str:
        """What a word must have in common with another to stand in its place; nothing for words of grammar."""
        if word[0].isdigit():
            return f"figure {len(word)}"
        if word[0].isupper():
            return "name" if word[1:].islower() else ""
        return f"word {word[-2:]}" if len(word) >= 6 else ""

    def other(self, word: str, dice: random.Random) -> str:
        """Another word of the same make."""
        kind = self._kinds.get(self.make(word))
        return dice.choice(kind) if kind else word


class Event:
    """What some records tell of: the sentences of two articles, in which names and figures were exchanged once for all.

    Both articles speak of the few names of the event, a name at the head of a sentence is exchanged as within, and a
    word for the same wherever a record has it: else a text would speak of somebody else in every sentence, as only a
    roundup does. Of one article alone each would be one form filled in a hundred times.
    """

    def __init__(self, number: int, found: Sequence[Article], words: Words) -> None:
        self.dice, self._words = random.Random(f"{SEED} {number}"), words  # noqa: S311
        first, second = self.dice.sample(range(len(found)), 2)
        self._said = [*found[first], *found[second]]
        self._cast = [words.other("Name", self.dice) for _ in range(_CAST)]
        self._exchanged: dict[str, str] = {}
        self._names = _names(self._said)
        self.begins = NOW - timedelta(minutes=self.dice.randrange(60, 24 * 60))

    def told(self) -> tuple[str, str]:
        """Title and text of one record more."""
        most = min(len(self._said), self.dice.randint(*_TOLD))
        chosen = sorted(self.dice.sample(range(len(self._said)), most))
        own: dict[str, str] = {}
        said = [_WORD.sub(lambda word: self._other(word.group(), own), self._said[at]) for at in chosen]
        title = " ".join(said[0].rstrip(".!?").split()[:12])
        return title, "\n\n".join(" ".join(said[at : at + 3]) for at in range(0, len(said), 3))

    def _other(self, written: str, own: dict[str, str]) -> str:
        """The word that stands in place of `written`; `own` are those that this record exchanged itself."""
        word = _OWNER.sub("", written)
        make = self._words.make(word)
        if not make or (make == "name" and word not in self._names):
            return written
        if word not in self._exchanged:
            one = self.dice.choice(self._cast) if make == "name" else self._words.other(word, self.dice)
            self._exchanged[word] = one
        if make.startswith("word") and word not in own:
            kept = self.dice.random() < _KEPT
            own[word] = self._exchanged[word] if kept else self._words.other(word, self.dice)
        return own.get(word, self._exchanged[word]) + written[len(word) :]


def _names(said: Article) -> frozenset[str]:
    """Words that an article writes with a capital within a sentence, and nowhere without."""
    words = [[_OWNER.sub("", word) for word in _WORD.findall(sentence)] for sentence in said]
    small = {word for one in words for word in one if word[0].islower()}
    return frozenset(word for one in words for word in one[1:] if word[0].isupper() and word.lower() not in small)


def rows(data: Path) -> Iterator[dict[str, Any]]:
    """Records without end, events one after the other."""
    found = articles(data)
    words, sizes = Words(found), random.Random(SEED)  # noqa: S311
    number = event = 0
    while True:
        one = Event(event, found, words)
        event += 1
        for _ in range(sizes.choice(_SIZES)):
            title, text = one.told()
            outlet = sizes.randrange(_OUTLETS)
            number += 1
            yield {
                "id": f"made-{number}",
                "title": title,
                "text": text,
                "url": f"https://outlet-{outlet}.example/{number}",
                "source": f"Outlet {outlet}",
                "published": (one.begins + timedelta(minutes=one.dice.randrange(55))).isoformat(),
                "lang": "en",
                "fulltext": True,
            }


def write(data: Path, most: int, target: Path) -> float:
    """The first `most` records as JSON Lines in `target`; the median number of characters of their texts."""
    lengths = []
    with target.open("w", encoding="utf-8") as out:
        for row in islice(rows(data), most):
            lengths.append(len(row["text"]))
            out.write(json.dumps(row) + "\n")
    return statistics.median(lengths)


def main() -> None:
    """Parse, make, say what was made."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--output", type=Path, required=True)
    asked = parser.parse_args()
    median = write(asked.data, asked.records, asked.output)
    print(f"{asked.records} records, median {median:.0f} characters", file=sys.stderr)


if __name__ == "__main__":
    main()
