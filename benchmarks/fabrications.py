"""How many planted fabrications the gate refuses, on real sentences: python benchmarks/fabrications.py DATA

    python benchmarks/fabrications.py DATA [--each 300] [--half held] [--seed 7] [--show KIND] [--missed]

Sentences of five corpora under DATA are drawn by seed; only those whose true form the gate publishes are used, so
that nothing counts as caught that would have been refused anyway. Each is worded as a writer would word it (as it
stands, cut short, or with its publisher named), one lie of `benchmarks/lies` is planted in it, and the whole gate
judges it against the sentence that it was made of (and against the sentence beside it from which the lie was
borrowed, where it was). An invented key cites something else: another sentence of the record, one of another record,
or nothing. Prints caught of planted by kind and form with the lower bound of the exact 95 % interval (Clopper and
Pearson 1934; one-sided too).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scipy.stats import binomtest

from benchmarks import corpora, lies
from benchmarks.corpora import Real
from benchmarks.lies import KEY, Lie
from pipeline.domain import CitedSpan
from pipeline.gate import judge
from pipeline.language.worth import worth

_CLAIM = 0.35  # worth from which a sentence is a claim, by default
_LARGEST = 0.35  # of the lies of a kind that one form may be
_TRIES = 400  # sentences tried for each lie wanted, before a kind is given up
_SOMEBODYS = {"opinion", "allegation", "own word"}  # rules that ask for an author only
_TELLING = re.compile(r"\b(?:said|says|told|according|report\w*|writes?|wrote)\b|[\"“]")
_TAIL = re.compile(
    r"^(?P<head>.{40,}?), (?:which|who|where|while|as|after|adding|according to|in an?|including)\b[^,]*\.$"
)


@dataclass(frozen=True, slots=True)
class Planted:
    """One lie as it was judged: the true sentence, the lie, what is cited, and why it was refused ("": it was not)."""

    kind: str
    lie: Lie
    true: str
    evidence: tuple[str, ...]
    corpus: str
    refusal: str

    @property
    def caught(self) -> bool:
        """Whether the gate refused it."""
        return bool(self.refusal)


def span(real: Real, quote: str, number: int = 0) -> CitedSpan:
    """A sentence of a document as evidence."""
    return CitedSpan(
        quote=quote.rstrip("."),
        key=f"e{number}",
        record=real.document,
        origin=real.document,
        publisher=real.publisher,
        published=real.published,
    )


def _cut(real: Real, chance: Random) -> str:
    """The sentence as it stands, or cut short."""
    tail = _TAIL.match(real.text)
    short = tail and chance.random() < 0.5 and '"' not in real.text and "“" not in real.text
    return f"{tail['head']}." if tail and short else real.text


def _framed(real: Real, form: str) -> Callable[[str], str]:
    """How a writer puts a sentence: "plain", or with its publisher named "last" or "first"."""
    name = (real.publisher or "").split(" - ")[0]
    if form == "last":
        return lambda text: f"{text.rstrip('.')}, {name} reports."
    if form == "first":
        return lambda text: f"{name} reports that {_lowered(text)}"
    return lambda text: text


def _lowered(text: str) -> str:
    """A sentence without its first capital where its first word is no name."""
    first = text.split(maxsplit=1)[0]
    plain = first.lower() in (
        "the",
        "a",
        "an",
        "in",
        "on",
        "at",
        "it",
        "they",
        "two",
        "three",
        "four",
        "five",
        "its",
        "some",
    )
    return text[0].lower() + text[1:] if plain else text


def plant(data: Path, half: str, each: int, seed: int) -> Iterator[Planted]:
    """`each` lies of every kind, each sentence used once for a kind."""
    for kind in (*lies.KINDS, KEY):
        chance = Random(f"{seed} {kind} {half}")  # noqa: S311 - no secret
        forms: Counter[str] = Counter()
        for real in _until(corpora.drawn(data, half, chance), each * _TRIES):
            full = {form for form, count in forms.items() if count >= each * _LARGEST}
            found = _one(kind, real, chance, full)
            if found is not None:
                yield found
                forms[found.lie.form] += 1
            if forms.total() >= each:
                break


def _until(items: Iterator[Real], most: int) -> Iterator[Real]:
    for count, item in enumerate(items):
        if count >= most:
            return
        yield item


def _one(kind: str, real: Real, chance: Random, full: Container[str]) -> Planted | None:
    """One lie of a kind in one sentence, judged; None where none fits but forms that are `full`, or where the true
    sentence is refused."""
    cut = _cut(real, chance)
    told = bool(_TELLING.search(cut)) or not real.publisher or kind == "wrong speaker"
    put = _framed(real, "plain" if told else chance.choice(["plain", "plain", "plain", "last", "first"]))
    lie = _astray(real, cut, chance) if kind == KEY else lies.KINDS[kind](cut, real.near, chance)
    true = put(cut)
    if lie is None or lie.form in full or not judge(true, (span(real, real.text),)).publish:
        return None
    lie = replace(lie, text=put(lie.text))
    quotes = lie.cites if kind == KEY else (real.text, *lie.cites)
    spans = tuple(span(real, quote, number) for number, quote in enumerate(quotes))
    if kind == KEY and lie.form != "another sentence of the record":
        spans = tuple(replace(one, record="other", origin="other", publisher=None) for one in spans)
    verdict = judge(lie.text, spans)
    refusal = "" if verdict.publish else "; ".join(f"{one.rule}: {one.detail}" for one in verdict.reasons)
    return Planted(kind, lie, true, quotes, real.corpus, refusal)


def _astray(real: Real, true: str, chance: Random) -> Lie | None:
    """The true sentence with evidence that is not its own."""
    form = chance.choice(["another sentence of the record", "a sentence of another record", "nothing"])
    if form == "nothing":
        return Lie(true, form)
    if not real.near:
        return None
    other = chance.choice(real.near)
    if form == "a sentence of another record":
        other = f"{chance.choice(('Officials', 'The company', 'The team', 'A spokesman'))} {chance.choice(_ELSEWHERE)}."
    return Lie(true, form, (other,)) if true.rstrip(".") not in other else None


_ELSEWHERE = (
    "declined to comment on the number of people who were affected by the closure of the plant on Tuesday",
    "said the new bridge would open to traffic in the spring of next year after two years of work",
    "won the final by three goals to one in front of 41,000 spectators at the national stadium",
    "announced a loan of $40 million to build schools and clinics in the three northern provinces",
    "found that a third of all samples taken last year held traces of the banned substance",
)


def bounds(caught: int, of: int) -> tuple[float, float]:
    """Lower bounds of a share: of the exact two-sided interval of 95 %, and one-sided at 95 %."""
    if not of:
        return 0.0, 0.0
    two = binomtest(caught, of).proportion_ci(0.95, "exact")
    one = binomtest(caught, of, alternative="greater").proportion_ci(0.95, "exact")
    return float(two.low), float(one.low)


def table(planted: Sequence[Planted]) -> list[dict[str, object]]:
    """A row for each kind, and one for all."""
    rows: list[dict[str, object]] = []
    for kind in (*lies.KINDS, KEY, "all"):
        of_kind = [one for one in planted if kind in (one.kind, "all")]
        caught = sum(one.caught for one in of_kind)
        two, one_sided = bounds(caught, len(of_kind))
        row: dict[str, object] = {
            "kind": kind,
            "planted": len(of_kind),
            "caught": caught,
            "share": round(caught / len(of_kind), 4) if of_kind else 0.0,
            "lower": round(two, 4),
            "lower_one_sided": round(one_sided, 4),
        }
        if kind not in {"all", "unit"}:
            forms: dict[str, list[bool]] = defaultdict(list)
            for one in of_kind:
                forms[one.lie.form].append(one.caught)
            row["forms"] = {form: f"{sum(found)}/{len(found)}" for form, found in sorted(forms.items())}
        rows.append(row)
    return rows


def truths(data: Path, half: str, count: int, seed: int) -> dict[str, object]:
    """True sentences that the gate refuses: as they stand, cut short, and with their publisher named; of those that
    are worth a claim to the product's extractor, as nothing else is ever printed. A thesis, a first-person sentence or
    an accusation is no claim of the desk's own: it counts as refused ("share") where it is refused with its publisher
    named too, as the writer then prints it; "in the desk's voice" counts it as it was worded first."""
    chance = Random(f"{seed} truth {half}")  # noqa: S311 - no secret
    results: dict[str, list[bool]] = {"verbatim": [], "cut short": [], "publisher named": []}
    first: list[bool] = []
    reasons: Counter[str] = Counter()
    for real in corpora.drawn(data, half, chance):
        if worth(real.text) < _CLAIM:
            continue
        wordings = {"verbatim": real.text}
        tail = _TAIL.match(real.text)
        if tail and not _TELLING.search(real.text):
            wordings["cut short"] = f"{tail['head']}."
        if real.publisher and not _TELLING.search(real.text):
            wordings["publisher named"] = _framed(real, chance.choice(["last", "first"]))(real.text)
        for form, text in wordings.items():
            if len(results[form]) < count:
                verdict = judge(text, (span(real, real.text),))
                first.append(not verdict.publish)
                if not verdict.publish and real.publisher and verdict.reasons[0].rule in _SOMEBODYS:
                    verdict = judge(_framed(real, "last")(text), (span(real, real.text),))
                results[form].append(not verdict.publish)
                reasons.update([] if verdict.publish else [verdict.reasons[0].rule])
        if all(len(found) >= count for found in results.values()):
            break
    refused = {form: f"{sum(found)}/{len(found)}" for form, found in results.items()}
    every = [one for found in results.values() for one in found]
    share = round(sum(every) / len(every), 4) if every else 0.0
    return {
        "kind": "true, refused",
        "share": share,
        "in the desk's voice": round(sum(first) / len(first), 4) if first else 0.0,
        "forms": refused,
        "reasons": dict(reasons.most_common()),
    }


def main(arguments: list[str] | None = None) -> int:
    """Print the table as JSON lines; 1 below the floors: 95 % of all, 99 % of numbers, quotations and keys."""
    parser = argparse.ArgumentParser(description="Planted fabrications that the gate refuses.")
    parser.add_argument("data", type=Path)
    parser.add_argument("--each", type=int, default=300)
    parser.add_argument("--half", choices=corpora.HALVES, default="held")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--show", metavar="KIND", help="print 20 lies of a kind, to be read")
    parser.add_argument("--missed", action="store_true", help="print every lie that passed")
    given = parser.parse_args(arguments)
    planted = list(plant(given.data, given.half, given.each, given.seed))
    shown = [one for one in planted if one.kind == given.show][:20] if given.show else []
    for one in shown + ([one for one in planted if not one.caught] if given.missed else []):
        cited = "" if one.evidence == (one.true,) else f"\n  cites {' | '.join(one.evidence)}"
        print(
            f"[{one.kind}: {one.lie.form}] {one.true}\n  -> {one.lie.text}{cited}\n  {one.refusal or 'PASSED'}",
            file=sys.stderr,
        )
    rows = table(planted)
    print(json.dumps(truths(given.data, given.half, given.each, given.seed)))
    for row in rows:
        print(json.dumps(row, ensure_ascii=False))
    strict = {"number", "quote altered", KEY}
    low = [
        r for r in rows if float(str(r["share"])) < (0.99 if r["kind"] in strict else 0.95 if r["kind"] == "all" else 0)
    ]
    return 1 if low else 0


if __name__ == "__main__":
    raise SystemExit(main())
