"""Plant lies in published stories and count how many `verify` finds.

    python tests/quality/alterations.py FOLDER [--count 200] [--seed 1] [--show]

Each lie is small and of the kind that hurts: a number or name taken from elsewhere in the same story, a word changed
inside a quotation, a hedge, a source or a "not" taken away or put in, a citation turned to other evidence. Only the
sentence is touched, wherever it stands, and the bundle is sealed anew, so that nothing but the gate can show it.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pipeline.bundles.bundle import seal
from pipeline.bundles.verify import problems
from pipeline.gate.alignment import figures
from pipeline.gate.frames import peel
from pipeline.gate.reading import fold
from pipeline.language import names, quotes

Bundle = dict[str, Any]
_HEDGES: tuple[tuple[str, str], ...] = (
    (r"\b(?:plans|intends|aims|hopes|wants|agreed) to (?=\w)", "will "),
    (r"\b(?:plan|intend|aim|hope|want) to (?=\w)", "will "),
    (r"\b(?:could|may|might) (?=\w)", "will "),
    (r"\bwould (?=\w)", "will "),
    (r"\bis expected to be\b", "is"),
    (r"\b(?:is|are|was|were) (?:expected|likely|set|scheduled|due) to (?=\w)", "will "),
    (r"\b(?:reportedly|allegedly|apparently|possibly|potentially|nearly|almost) ", ""),
    (r"\b(?:some|many|several|most) (?=\w)", "all "),
    (r"\b(?:more than|over|at least|up to|about|around|nearly) (?=[$€£\d])", ""),
    (r"\b(?:will|would|could|may|might|can|is|are|was|were|has|have|had|did) (?!not\b)(?=\w)", r"\g<0>not "),
    (r"\bnot ", ""),
)
_QUOTED = ("never", "huge", "certain", "secret", "failed", "rapid", "illegal", "doubtful", "first", "entire")


@dataclass(frozen=True, slots=True)
class Planted:
    """One lie: what kind, the sentence before and after."""

    kind: str
    before: str
    after: str


def sentences(story: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every sentence object of a story."""
    yield story["headline"]
    if story["dek"]:
        yield story["dek"]
    for section in story["sections"]:
        for paragraph in section["paragraphs"]:
            yield from paragraph


def _claims(story: dict[str, Any]) -> list[dict[str, Any]]:
    """Sentences that rest on citations, each text once."""
    found = {one["text"]: one for one in sentences(story) if one["citations"] and not one["computation"]}
    return [found[text] for text in sorted(found)]


def _swapped(text: str, first: tuple[int, int], second: tuple[int, int]) -> str:
    """Two stretches of a text in each other's place."""
    (a, b), (c, d) = first, second
    return text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]


def _number(text: str, story: dict[str, Any], chance: random.Random) -> str | None:
    """Another number in the place of one: of the same story where there is one of its kind, else a digit off."""
    held = figures(text)
    if not held:
        return None
    pairs = [(a, b) for a in held for b in held if a.span.end <= b.span.start and a.text != b.text and a.unit == b.unit]
    if pairs and chance.random() < 0.5:
        return _swapped(text, *((one.span.start, one.span.end) for one in chance.choice(pairs)))
    victim = chance.choice(held)
    digits = re.search(r"\d[\d,.]*\d|\d", victim.text)
    pool = sorted(
        {
            other.text
            for one in _claims(story)
            for other in figures(one["text"])
            if other.unit == victim.unit and other.value != victim.value and other.text not in text
        }
    )
    if pool:
        new = chance.choice(pool)
    elif digits:
        bare = digits.group()
        at = chance.choice([index for index, char in enumerate(bare) if char.isdigit()])
        digit = str((int(bare[at]) + chance.randint(1, 8)) % 9 + 1)
        changed = bare[:at] + digit + bare[at + 1 :]
        if changed == bare:
            return None
        new = victim.text.replace(bare, changed)
    else:
        new = chance.choice(
            [word for word in ("two", "three", "five", "nine", "twelve") if word != victim.text.lower()]
        )
    return text[: victim.span.start] + new + text[victim.span.end :]


def _name(text: str, story: dict[str, Any], chance: random.Random) -> str | None:
    """Another name of the same story in the place of one."""
    held = names.find(text)
    if not held:
        return None
    pairs = [(a, b) for a in held for b in held if a.span.end <= b.span.start and a.text != b.text]
    if pairs and chance.random() < 0.5:
        return _swapped(text, *((one.span.start, one.span.end) for one in chance.choice(pairs)))
    victim = chance.choice(held)
    everywhere = [one["text"] for one in _claims(story)] + [one["evidence"]["quote"] for one in story["citations"]]
    pool = sorted({other.text for one in everywhere for other in names.find(one)})
    pool = [name for name in pool if name not in text and victim.text not in name and name.lower() != victim.key]
    if not pool:
        return None
    return text[: victim.span.start] + chance.choice(pool) + text[victim.span.end :]


def _quote(text: str, story: dict[str, Any], chance: random.Random) -> str | None:
    """Another word in a quotation."""
    spans = [span for span in quotes.find(fold(text)) if len(text[span.start : span.end].split()) > 1]
    if not spans:
        return None
    span = chance.choice(spans)
    words = text[span.start : span.end].split(" ")
    at = chance.randrange(len(words))
    new = chance.choice([word for word in _QUOTED if word not in words[at].lower()])
    words[at] = new
    return text[: span.start] + " ".join(words) + text[span.end :]


def _unsourced(text: str, story: dict[str, Any]) -> str:
    """The sentence without a speaker that its evidence names (its publisher may be left out: that is no lie)."""
    framed = peel(text)
    publishers = {word for one in story["records"] for word in fold(one["publisher"] or one["title"]).lower().split()}
    own = [set(frame.who.lower().split()) & publishers for frame in framed.frames]
    quotes_ = " ".join(one["evidence"]["quote"] for one in story["citations"])
    if not framed.frames or any(own) or not any(frame.who in fold(quotes_) for frame in framed.frames):
        return text
    return framed.core[:1].upper() + framed.core[1:].rstrip(".") + "."


def _hedge(text: str, story: dict[str, Any], chance: random.Random) -> str | None:
    """Firmer than it was, or the other way round, or without the one who said so."""
    unsourced = _unsourced(text, story)
    options = [unsourced] if unsourced != text else []
    for pattern, new in _HEDGES:
        changed = re.sub(pattern, new, text, count=1)
        if changed != text:
            options.append(changed[:1].upper() + changed[1:])
    return chance.choice(options) if options else None


_TEXTUAL: dict[str, Callable[[str, dict[str, Any], random.Random], str | None]] = {
    "number": _number,
    "name": _name,
    "quote": _quote,
    "hedge": _hedge,
}


def plant(bundle: Bundle, kind: str, chance: random.Random) -> tuple[Bundle, Planted] | None:
    """A copy of `bundle` with one lie of `kind`, sealed anew; None where nothing of that kind can be planted."""
    changed = copy.deepcopy(bundle)
    story = changed["story"]
    candidates = _claims(story)
    chance.shuffle(candidates)
    for victim in candidates:
        before = victim["text"]
        if kind == "key":
            others = [one["key"] for one in story["citations"] if one["key"] not in victim["citations"]]
            if not others:
                continue
            new = {"citations": [chance.choice(sorted(others))]}
            after = f"{before} -> {new['citations'][0]}"
        else:
            text = _TEXTUAL[kind](before, story, chance)
            if text is None or text == before:
                continue
            new, after = {"text": text}, text
        for one in sentences(story):
            if one["text"] == before:
                one.update(new)
        changed["seal"] = seal(story)
        return changed, Planted(kind, before, after)
    return None


def run(bundles: list[Bundle], count: int, seed: int) -> tuple[list[tuple[Planted, bool]], int]:
    """(each lie and whether `verify` found it; sentences that `verify` wrongly rejects untouched)."""
    chance = random.Random(seed)
    wrong = sum(len({problem.sentence for problem in problems(bundle)}) for bundle in bundles)
    sound = [bundle for bundle in bundles if not problems(bundle)]
    results: list[tuple[Planted, bool]] = []
    kinds = [*_TEXTUAL, "key"]
    tries = 0
    while sound and len(results) < count and tries < 20 * count:
        planted = plant(chance.choice(sound), kinds[tries % len(kinds)], chance)
        tries += 1
        if planted is not None:
            results.append((planted[1], bool(problems(planted[0]))))
    return results, wrong


def main(arguments: list[str] | None = None) -> int:
    """Print what was planted and found, as JSON; 1 when less than nine in ten were found or a true sentence fell."""
    parser = argparse.ArgumentParser(description="Plant lies in published stories and count how many verify finds.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print every lie that was not found")
    given = parser.parse_args(arguments)
    paths = [given.folder] if given.folder.is_file() else sorted(given.folder.rglob("story.json"))
    paths = [path for path in paths if path.parent.name != "schema"]
    results, wrong = run([json.loads(path.read_text()) for path in paths], given.count, given.seed)
    by_kind = {kind: [found for lie, found in results if lie.kind == kind] for kind in [*_TEXTUAL, "key"]}
    shares: dict[str, str] = {kind: f"{sum(found)}/{len(found)}" for kind, found in by_kind.items()}
    share = sum(found for _, found in results) / len(results) if results else 0.0
    if given.show:
        for lie, found in results:
            if not found:
                print(f"[{lie.kind}] {lie.before}\n    -> {lie.after}", file=sys.stderr)
    print(
        json.dumps(
            {
                "stories": len(paths),
                "planted": len(results),
                "found": round(share, 4),
                "by_kind": shares,
                "true_rejected": wrong,
            }
        )
    )
    return 0 if share >= 0.9 and not wrong else 1


if __name__ == "__main__":
    raise SystemExit(main())
