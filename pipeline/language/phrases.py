"""Key phrases of a text: what it keeps speaking of, in its own words.

Candidates are runs of content words between stop words and marks (Rose et al. 2010, "Automatic keyword extraction from
individual documents", RAKE). They are weighed by how often, how early and in how many sentences their words stand, and
by being names, from the text alone (the features of Campos et al. 2020, YAKE!; own code). Time is linear in the text.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.language import furniture, sentences, verbs
from pipeline.language.stopwords import STOP
from pipeline.language.words import fold, stem

__all__ = ["key_phrases"]

_READ = 12_000  # code points that are read: news says early what it is about
_MOST_WORDS = 4
_SHORTEST = 3  # letters of a phrase of one word
_WORD = re.compile(r"[^\W_]+(?:[.&'’-][^\W_]+)*")
_JOINS = re.compile(r"^ ?$|^ - $")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u2e80-\u2fdf\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_EVERY = frozenset().union(*STOP.values())
_IDLE = frozenset(
    """in no not new says said say told tells year years day days week weeks month months time times today
    yesterday tomorrow monday tuesday wednesday thursday friday saturday sunday january february march april
    june july august september october november december one two three four five six seven eight nine ten
    first second third last next people man woman men women thing things way ways lot part number many much
    still even now just like back get gets got make makes made go goes going take takes took come comes came
    see read watch live update updates video photo image news story report reports according reuters afp ap
    here's it's that's he's she's they're we've don't didn't doesn't can't won't isn't wasn't good big best
    top latest million billion thousand hundred per cent percent mr mrs ms including known set since while
    amid despite near against around across during without within along never always ever often also already
    yet however another every several few some any most less least well soon later early late ago tens
    thousands hundreds dozens others using something anything everything nothing really talking finding
    looking getting making""".split()
)


@dataclass(frozen=True, slots=True)
class _Run:
    """One candidate: its words as written, their stems, its sentence, whether it is written as a name."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    sentence: int
    name: bool


def key_phrases(text: str, lang: str | None = None, *, most: int = 5) -> tuple[str, ...]:
    """At most `most` phrases of one to four words, the weightiest first, as the text writes them.

    Stop words are those of `lang`, of six languages together where it has no list. A script written without spaces
    between words gives none.
    """
    head = text[:_READ]
    if 3 * len(_UNSPACED.findall(head)) > len(head):
        return ()
    stop = STOP.get(lang or "", _EVERY) | _IDLE
    runs = [run for number, line in enumerate(_lines(head, lang)) for run in _runs(line, number, stop)]
    weights = _weights(runs)
    best: dict[tuple[str, ...], tuple[float, int, str]] = {}
    often = Counter(run.stems for run in runs)
    for at, run in enumerate(runs):
        if run.stems not in best and _fit(run):
            mean = sum(weights[one] for one in run.stems) / len(run.stems)
            length = (0.75, 1.0, 1.05, 0.95)[len(run.stems) - 1]
            score = mean * length * (1.25 if run.name else 1.0) * (1 + math.log(often[run.stems]))
            best[run.stems] = (-round(score, 6), at, " ".join(run.words))
    return _apart(best, most)


def _lines(text: str, lang: str | None) -> Iterator[str]:
    """Sentences of `text` that are no furniture."""
    for span in sentences.split(text, lang):
        line = text[span.start : span.end]
        if not furniture.is_furniture(line):
            yield line


def _runs(line: str, sentence: int, stop: frozenset[str]) -> Iterator[_Run]:
    """Candidates of one sentence in order; longer runs are cut into pieces of at most four words."""
    found = list(_WORD.finditer(line))
    styled = sum(match.group()[0].isupper() for match in found) > 0.6 * len(found)
    held: list[re.Match[str]] = []
    for match in found:
        folded = fold(match.group())
        breaks = bool(held) and not _JOINS.match(line[held[-1].end() : match.start()])
        if held and (breaks or len(held) == _MOST_WORDS):
            yield _run(held, sentence, styled)
            held = []
        if _idle(folded, stop) or (not match.group()[0].isupper() and verbs.is_finite(folded)):
            if held:
                yield _run(held, sentence, styled)
            held = []
        else:
            held.append(match)
    if held:
        yield _run(held, sentence, styled)


def _idle(folded: str, stop: frozenset[str]) -> bool:
    """Whether a word ends a candidate: a stop word, a number, a single letter."""
    return folded in stop or len(folded) < 2 or folded[0].isdigit()


def _run(held: list[re.Match[str]], sentence: int, styled: bool) -> _Run:
    words = tuple(_bare(match.group()) for match in held)
    name = not styled and all(word[0].isupper() for word in words) and (len(words) > 1 or held[0].start() > 0)
    return _Run(words, tuple(stem(fold(word)) for word in words), sentence, name)


def _bare(word: str) -> str:
    """A word without its possessive ending."""
    return word[:-2] if word.endswith(("'s", "’s")) and len(word) > 3 else word


def _weights(runs: list[_Run]) -> dict[str, float]:
    """How much each stem matters: its count and spread over sentences, damped by how late it first stands."""
    count: Counter[str] = Counter()
    first: dict[str, int] = {}
    spread: dict[str, set[int]] = {}
    for run in runs:
        for one in run.stems:
            count[one] += 1
            first.setdefault(one, run.sentence)
            spread.setdefault(one, set()).add(run.sentence)
    return {
        one: (1 + math.log(count[one])) * (1 + math.log(len(spread[one]))) / math.log(3 + first[one]) for one in count
    }


def _fit(run: _Run) -> bool:
    """Whether a candidate can stand as a phrase: not one short word, not one common adverb."""
    word = run.words[0]
    return len(run.words) > 1 or (len(word) >= _SHORTEST and not word.lower().endswith("ly"))


def _apart(best: dict[tuple[str, ...], tuple[float, int, str]], most: int) -> tuple[str, ...]:
    """The first `most` phrases by weight of which none shares most of its words with a weightier one."""
    chosen: list[tuple[frozenset[str], str]] = []
    for stems, (_, _, phrase) in sorted(best.items(), key=lambda item: item[1][:2]):
        words = frozenset(stems)
        if all(2 * len(words & other) <= min(len(words), len(other)) and words - other for other, _ in chosen):
            chosen.append((words, phrase))
        if len(chosen) == most:
            break
    return tuple(phrase for _, phrase in chosen)
