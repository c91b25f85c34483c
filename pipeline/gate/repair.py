"""Repair: other wordings of a refused sentence, each made only of its own words and its spans', to be judged again.

In the order of how little they change: the hedge or figure of the span put back, the speaker of the span named, other
spans of the same records cited, the sentence cut to one of its statements. Nothing here decides: the gate does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.domain import CitedSpan, Quantity, Verdict
from pipeline.gate.alignment import align, figures
from pipeline.gate.frames import peel
from pipeline.gate.judging import clauses, judge
from pipeline.gate.reading import Reading, fold, read

MOST = 8  # wordings tried for one sentence
_HEDGED = re.compile(
    r"\b(?P<lead>(?:plans?|planned|intends?|intended|aims?|aimed|hopes?|hoped|wants?|wanted|expects?|expected|seeks?|agreed"
    r"|offered|pledged|promised|vowed|proposed|decided|threatened)(?= to\b)|could|may|might|would"
    r"|(?:is|are|was|were) (?:expected|likely|due|scheduled|set|supposed)(?= to\b)) (?:to )?(?P<verb>[a-z]+)",
    re.I,
)
_FIRM = re.compile(r"\b(?P<firm>will|is going to|are going to|has|have|had) (?P<verb>[a-z]+)")


@dataclass(frozen=True, slots=True)
class Repaired:
    """A wording that the gate lets pass, the spans that it cites (by place in what was given), and how it was made."""

    text: str
    cites: tuple[int, ...]
    how: str  # hedge, figure, attributed, other evidence, split
    verdict: Verdict


def repair(sentence: str, spans: Sequence[CitedSpan], others: Sequence[CitedSpan] = ()) -> Repaired | None:
    """The first wording of a refused `sentence` that its `spans` support; None where there is none.

    `others` are further spans of the same records; they are numbered on from `spans` in what is cited. Never raises.
    """
    cited = tuple(range(len(spans)))
    for count, (text, cites, how) in enumerate(_wordings(sentence, spans, others, cited)):
        if count >= MOST:
            return None
        every = (*spans, *others)
        verdict = judge(text, tuple(every[at] for at in cites))
        if verdict.publish:
            return Repaired(text, cites, how, verdict)
    return None


def _wordings(
    sentence: str, spans: Sequence[CitedSpan], others: Sequence[CitedSpan], cited: tuple[int, ...]
) -> Iterator[tuple[str, tuple[int, ...], str]]:
    for span in spans:
        yield from ((text, cited, "hedge") for text in hedged(sentence, span.quote))
        yield from ((text, cited, "figure") for text in refigured(sentence, span.quote))
    for at, span in enumerate(spans):
        yield from ((text, (at,), "attributed") for text in attributed(sentence, span))
    for at in _nearest(sentence, others):
        yield sentence, (len(spans) + at,), "other evidence"
    yield from ((text, cited, "split") for text in statements(sentence))


def hedged(sentence: str, quote: str) -> Iterator[str]:
    """The sentence with the hedge that the span has on the same verb: "will build" where the span "plans to build"."""
    for match in _HEDGED.finditer(fold(quote)):
        for firm in _FIRM.finditer(fold(sentence)):
            if _root(firm["verb"]) == _root(match["verb"]):
                said = match.group()
                yield sentence[: firm.start()] + said + sentence[firm.end() :]


def _root(verb: str) -> str:
    word = read(verb).words[0].low if read(verb).words else verb
    return re.sub(r"(?:ed|ing|es|s|e)$", "", word)


def refigured(sentence: str, quote: str) -> Iterator[str]:
    """The sentence with the span's figure, where each has one of a kind and they differ."""
    mine, theirs = figures(sentence), figures(quote)
    for one in mine:
        rivals = [other for other in theirs if _of_kind(one, other)]
        if len(rivals) == 1 and sum(_of_kind(one, other) for other in mine) == 1 and rivals[0].text != one.text:
            yield sentence[: one.span.start] + rivals[0].text + sentence[one.span.end :]


def _of_kind(one: Quantity, other: Quantity) -> bool:
    return bool(one.unit) and one.unit == other.unit


def attributed(sentence: str, span: CitedSpan) -> Iterator[str]:
    """The sentence as the word of whom the span names as its speaker, else of its publisher."""
    if peel(sentence).frames:
        return
    body = sentence.rstrip(" .")
    frames = peel(span.quote).frames
    if frames and not frames[0].pronoun:
        yield f"{body}, {frames[0].who} said."
    if span.publisher:
        yield f"{body}, {span.publisher} reports."


def statements(sentence: str) -> Iterator[str]:
    """The statements that a sentence joins, each as a sentence with the attribution of the whole."""
    parts = clauses(peel(sentence).core)
    frames = peel(sentence).frames
    if len(parts) < 2:
        return
    for part in parts:
        text = part.strip(" ,;.-")
        if len(text.split()) > 3 and not text.count('"') % 2:
            told = f", {frames[0].who} said" if frames and not frames[0].pronoun else ""
            yield f"{text[:1].upper()}{text[1:]}{told}."


def _nearest(sentence: str, others: Sequence[CitedSpan]) -> list[int]:
    """The spans that hold most of a sentence, two at most."""
    reading = read(sentence)
    covered = {at: _covered(reading, span) for at, span in enumerate(others)}
    return sorted((at for at in covered if covered[at] > 0.5), key=lambda at: (-covered[at], at))[:2]


def _covered(reading: Reading, span: CitedSpan) -> float:
    return align(reading, read(span.quote)).covered
