"""Floods and honest rushes of many shapes: which are flagged, and what of the counts is left.

    python benchmarks/floods.py [--rows FILE] [--each 5] [--json]

A flood is one text reworded by rules (`rewording`), at four levels: one change a sentence; several, sentences in
another order; the same with every fifth lower-case word exchanged for one that means nothing and a fifth of the
sentences left out; with two of five exchanged. It comes from few accounts of a platform, from few new domains or from
many, in an hour, six or a day, into a storyline that is new, quiet or busy. An honest rush is one event in many
outlets' own words, one agency's text at many, a ticker, people who share a headline or write about it themselves. Texts
are made (`pipeline.backtest.facts`) or, with --rows, articles of that file (`title`, `text`, and `story` or none).
Prints "flagged" for each shape: of floods as many as may be (`left`: the share of their records that still counts), of
rushes none (`taken`: the share of honest records that were left out).
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random

import numpy as np

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.rewording import reworded
from pipeline.backtest import facts
from pipeline.detectors import floods
from pipeline.detectors.frame import About, Arrival, History, Series, Subject, Window
from pipeline.domain import Record, TextQuality
from pipeline.outlets import voice
from pipeline.settings import SignalSettings

END = datetime(2026, 5, 20, 2, tzinfo=UTC)
DAY = timedelta(days=1)
LINE = Subject(About.STORYLINE, "s", "Storyline")
KNOWN_SINCE = END - 60 * DAY
_WORD = re.compile(r"\b[a-z]{4,}\b")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_EXCHANGED = {1: 0.0, 2: 0.0, 3: 0.2, 4: 0.4}


@dataclass(frozen=True, slots=True)
class Came:
    """A record of a generated night, whether it is part of the flood, and of which origin it is a copy."""

    record: Record
    flood: bool
    origin: str


Shape = Callable[[Random, "Texts"], list[Came]]


class Texts:
    """Where texts come from: groups of texts about one event each, every text by another outlet."""

    def __init__(self, groups: Sequence[Sequence[str]] = ()) -> None:
        self.groups = [group for group in groups if group]

    def one(self, chance: Random) -> str:
        """One article."""
        if self.groups:
            return chance.choice(chance.choice(self.groups))
        rng = np.random.default_rng(chance.randrange(1 << 30))
        return " ".join(facts.told(fact, rng) for fact in facts.facts(rng, chance.choice((2, 4, 8))))

    def own(self, chance: Random, number: int) -> list[str]:
        """`number` texts on one event, each with some of its facts in words of its own."""
        rng = np.random.default_rng(chance.randrange(1 << 30))
        event = facts.facts(rng, 14)
        found = []
        for _ in range(number):
            some = [event[0], *(event[int(n)] for n in rng.choice(np.arange(1, 14), chance.choice((2, 3, 5)), False))]
            found.append(" ".join(facts.told(fact, rng) for fact in some))
        return found


@lru_cache(maxsize=50_000)
def paraphrase(text: str, level: int, number: int) -> str:
    """`text` in other words, 1 (a change here and there) to 4 (hardly the same); each number gives others."""
    chance, other, sentences = Random(f"{number} {level} {text}"), _EXCHANGED[level], []  # noqa: S311
    for sentence in _SENTENCE.split(text):
        said = sentence
        for _ in range(1 if level == 1 else 4):
            found = reworded(said, chance)
            said = found.text if found else said
        sentences.append(_WORD.sub(lambda word: word[0] if chance.random() >= other else _nonce(chance), said))
    if level > 1:
        chance.shuffle(sentences)
    return " ".join(sentences[: -(-len(sentences) * 4 // 5)] if level > 2 else sentences)


def _nonce(chance: Random) -> str:
    return "".join(chance.choice("bcdfgklmnprst") + chance.choice("aeiou") for _ in range(4))


def record(number: int, text: str, at: datetime, *, site: str = "", author: str = "", platform: str = "web") -> Record:
    """An article at `site`, or a post of `author` on `platform`."""
    key = f"r{number:04}"
    return Record(
        id=key,
        source="Search",
        platform=platform,
        kind="article" if site else "post",
        native_id=key,
        url=f"https://{site or 'bsky.app'}/{key}",
        publisher=site or None,
        author=author or None,
        title="",
        text=text,
        quality=TextQuality.FULL,
        lang="en",
        published=at,
        fetched=END,
    )


def flood(voices: int, where: str, level: int, hours: float, size: int = 49) -> Shape:
    """An original of a known outlet and `size` paraphrases by `voices` accounts, new domains, or mostly new ones."""

    def made(chance: Random, texts: Texts) -> list[Came]:
        text, begin = texts.one(chance), END - timedelta(hours=20)
        found = [Came(record(0, text, begin - timedelta(minutes=30), site="herald.com"), False, "r0000")]
        for n in range(1, size + 1):
            at, who = begin + timedelta(hours=chance.random() * min(hours, 19)), n % voices
            old = where == "mostly new" and who % 10 >= 7
            place = {"author": f"@a{who}"} if where == "accounts" else {"site": f"{'old' if old else 'new'}{who}.com"}
            found.append(Came(record(n, paraphrase(text, level, n), at, **place), not old, f"r{n:04}"))
        return found

    return made


def rush(outlets: int, *, unseen: float = 0.0, people: bool = False) -> Shape:
    """One event in three hours in the own words of many outlets, a share of them never seen before, or of people."""

    def made(chance: Random, texts: Texts) -> list[Came]:
        found = []
        for n, text in enumerate(texts.own(chance, outlets)):
            place = {"author": f"@a{n}"} if people else {"site": f"{'new' if n < unseen * outlets else 'old'}{n}.com"}
            found.append(Came(record(n, text, _soon(chance, 3), **place), False, f"r{n:04}"))
        return found

    return made


def agency(outlets: int, *, credited: bool, unseen: float = 0.0) -> Shape:
    """One agency's text at many newspapers, as it stands or a little cut."""

    def made(chance: Random, texts: Texts) -> list[Came]:
        text = texts.one(chance)
        found = []
        for n in range(outlets):
            said = " ".join(_SENTENCE.split(text)[: chance.choice((-1, None, None))]) or text
            said = f"LONDON (Reuters) - {said}" if credited else said
            site = f"{'new' if n < unseen * outlets else 'old'}{n}.com"
            found.append(Came(record(n, said, _soon(chance, 6), site=site), False, "r0000"))
        return found

    return made


def ticker(outlets: int, each: int) -> Shape:
    """Outlets that put out page after page of one form with other figures: markets, matches, the weather."""

    def made(chance: Random, texts: Texts) -> list[Came]:
        forms = [texts.one(chance) for _ in range(outlets)]
        found = []
        for n in range(outlets * each):
            text = f"{forms[n % outlets]} At {n} minutes it stood at {chance.randrange(10**6)} to {n}."
            found.append(Came(record(n, text, _soon(chance, 14), site=f"old{n % outlets}.com"), False, f"r{n:04}"))
        return found

    return made


def shared(people: int) -> Shape:
    """People who post one headline, each with a word of their own."""

    def made(chance: Random, texts: Texts) -> list[Came]:
        head = _SENTENCE.split(texts.one(chance))[0]
        said = ("", "Wow. ", "This. ", "So it begins. ", "Read this. ", "Unbelievable! ")
        return [
            Came(record(n, chance.choice(said) + head, _soon(chance, 5), author=f"@a{n}"), False, "r0000")
            for n in range(people)
        ]

    return made


def _soon(chance: Random, hours: float) -> datetime:
    return END - timedelta(hours=20 - chance.random() * hours)


# --- measuring -------------------------------------------------------------------------------------------------------


def busy(a_day: float) -> History:
    """Two months of a storyline with so many origins a day; 0: it is new."""
    hours = np.arange(24, 24 * 28, max(1, round(24 / a_day))).astype(np.int32) if a_day else np.empty(0, np.int32)
    counts = np.full(len(hours), max(1, round(a_day / 24)), np.int32)
    series = Series((LINE,), np.array([0, len(hours)], np.int32), hours, counts)
    return History(since=KNOWN_SINCE, series={About.STORYLINE: series})


def window(came: Sequence[Came], extra: Sequence[Came] = ()) -> Window:
    """A window of one storyline; domains whose name begins with "new" were first read in it."""
    every = [*came, *(replace(one, record=replace(one.record, id="x" + one.record.id)) for one in extra)]
    records = [one.record for one in every]
    since = {site: END if site.startswith("new") else KNOWN_SINCE for site in map(floods.site_of, records)}
    arrivals = [
        Arrival(r.id, c.origin, r.source, voice(r) or r.id, r.published) for c, r in zip(every, records, strict=True)
    ]
    return Window(END - DAY, END, arrivals={LINE: arrivals}, prints=floods.prints(records, since, ()))


def measure(shape: Shape, texts: Texts, each: int, a_day: float) -> tuple[float, float, float]:
    """Share of `each` nights that are flagged, of flood records that still count, of honest ones left out."""
    flagged, left, taken = 0, [], []
    for seed in range(each):
        chance = Random(seed)  # noqa: S311
        came, usual = shape(chance, texts), rush(int(a_day))(chance, texts) if a_day else []
        night = window(came, usual)
        found = floods.find(night, busy(a_day), SignalSettings())
        gone = {a.record_id for one in found for a in one.records}
        bad = {one.record.id for one in came if one.flood}
        good = {a.record_id for a in night.arrivals[LINE]} - bad
        flagged += bool(found)
        left.append(len(bad - gone) / len(bad) if bad else 0.0)
        taken.append(len(good & gone) / len(good) if good else 0.0)
    return flagged / each, float(np.mean(left)), float(np.mean(taken))


def shapes() -> Iterator[tuple[str, bool, Shape]]:
    """Name, whether it is a flood, and the shape."""
    for who, where in ((3, "accounts"), (8, "accounts"), (3, "new domains"), (49, "new domains"), (49, "mostly new")):
        for level in (1, 2, 3, 4):
            for hours in (1, 6, 24):
                yield f"flood, {who} {where}, level {level}, {hours} h", True, flood(who, where, level, hours)
    for size in (10, 15):
        yield f"flood, {size} by 2 accounts, level 2, 1 h", True, flood(2, "accounts", 2, 1, size)
        yield f"flood, {size} at as many new domains, level 2, 1 h", True, flood(size, "new domains", 2, 1, size)
    yield "event, 50 known outlets", False, rush(50)
    yield "event, 200 known outlets", False, rush(200)
    yield "event, 50 outlets, a third never seen", False, rush(50, unseen=1 / 3)
    yield "event, 50 outlets, two thirds never seen", False, rush(50, unseen=2 / 3)
    yield "event, 100 people", False, rush(100, people=True)
    for outlets in (12, 40):
        yield f"agency text at {outlets} known outlets", False, agency(outlets, credited=False)
        yield f"credited agency text at {outlets} outlets never seen", False, agency(outlets, credited=True, unseen=1.0)
        yield f"agency text at {outlets} outlets, half never seen", False, agency(outlets, credited=False, unseen=0.5)
    yield "ticker of one outlet, 15 pages", False, ticker(1, 15)
    yield "tickers of two outlets, 15 pages each", False, ticker(2, 15)
    yield "tickers of four outlets, 12 pages each", False, ticker(4, 12)
    yield "headline shared by 40 people", False, shared(40)


def groups(path: Path) -> list[list[str]]:
    """Texts of a JSON Lines file by their `story`, each alone where they have none."""
    found: dict[str, list[str]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for number, row in enumerate(map(json.loads, lines)):
            text = f"{row.get('title') or ''}. {row.get('text') or ''}"
            if len(text) > 80:
                found[str(row.get("story") or number)].append(text[:3000])
    return list(found.values())


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every shape in a new, a quiet and a busy storyline, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=Path)
    parser.add_argument("--each", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(arguments)
    texts = Texts(groups(args.rows) if args.rows else ())
    found = []
    for name, bad, shape in shapes():
        for a_day, storyline in ((0.0, "new"), (1.0, "quiet"), (20.0, "busy")):
            flagged, left, taken = measure(shape, texts, args.each, a_day)
            row = {"shape": name, "flood": bad, "storyline": storyline, "flagged": flagged, "left": left}
            found.append({**row, "taken": taken})
            if not args.json:
                print(f"{flagged:5.2f} flagged {left:5.2f} left {taken:5.2f} taken  {storyline:<6} {name}", flush=True)
    if args.json:
        print(json.dumps(found))
        return 0
    for bad in (True, False):
        rates = [float(str(row["flagged"])) for row in found if row["flood"] is bad]
        print(f"{'floods' if bad else 'rushes'}: {np.mean(rates):.3f} flagged of {len(rates) * args.each}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
