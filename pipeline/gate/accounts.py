"""Rules over all cited spans at once: cohorts, disagreement among the spans, computed sentences, link sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline import outlets
from pipeline.domain import CitedSpan
from pipeline.gate import lexicon as lex
from pipeline.gate.alignment import align, alike, figure_words, figures, needed
from pipeline.gate.case import Fault, contradicted, uncertain, unsupported
from pipeline.gate.levels import standing
from pipeline.gate.quoting import quotations, quotes_it
from pipeline.gate.reading import Reading, read
from pipeline.language import quotes
from pipeline.language.numerals import of_words

_COHORT = re.compile(
    rf"^(?P<n>\d+|[A-Za-z]+(?:-[a-z]+)?) (?:\w+ ){{0,2}}?(?:{'|'.join(sorted(lex.COUNTED_SOURCES))})"
    r" (?:say|report|write|agree|confirm|carry|give|put|state|have|note|describe|mention|said|reported)"
    r"\b(?: that)?,? ?(?P<core>.*)$",
    re.IGNORECASE,
)
_VAGUE = {"several": 3, "many": 3, "multiple": 3, "numerous": 3, "some": 2, "both": 2, "various": 3}
_NOUNS = 0.75  # of a sentence's nouns that a span must hold before their numbers can disagree
_SHARED = 0.6  # of a sentence's content that a span must hold before the two can disagree


def cohort_size(sentence: str) -> int | None:
    """How many sources a sentence such as "Three outlets report ..." counts; None where it counts none."""
    match = _COHORT.match(sentence.strip())
    if match is None:
        return None
    word = match["n"].lower()
    if word.isdigit():
        return int(word)
    if word in _VAGUE:
        return _VAGUE[word]
    value = _numeral(word)
    return value if value else None


def _numeral(word: str) -> int | None:
    try:
        value = of_words(word)
    except (KeyError, ValueError):
        return None
    return int(value) if value else None


def cohort_statement(sentence: str) -> str:
    """What the counted sources are said to report."""
    match = _COHORT.match(sentence.strip())
    return match["core"] if match else sentence


def cohort(sentence: str, supporting: Sequence[CitedSpan]) -> Iterator[Fault]:
    """As many distinct origins (else publishers) support the sentence as it says; articles of one publisher are one."""
    size = cohort_size(sentence)
    if size is None:
        return
    match = _COHORT.match(sentence.strip())
    if match is not None and match["n"].lower() in _VAGUE and match["n"].lower() != "both":
        yield unsupported(f"the sentence says {match['n']!r} of its sources; a counted statement prints how many")
    keys = [span.origin or span.publisher for span in supporting]
    if any(key is None for key in keys):
        yield uncertain("the origin of a cited span is not known, so the sources cannot be counted")
        return
    told = [(key, _publisher(span)) for key, span in zip(keys, supporting, strict=True) if key]
    if (found := len(outlets.independent(told))) < size:
        yield unsupported(f"the sentence counts {size} sources, the spans that support it come from {found}")


def _publisher(span: CitedSpan) -> str:
    """The publisher as a voice; empty where only the platform is named, which speaks for nobody."""
    return outlets.folded(span.publisher) if span.publisher and span.publisher != span.platform else ""


def dispute(statement: str, sentence: str, other: CitedSpan) -> Iterator[Fault]:
    """A span among those cited that says otherwise forbids the sentence: number, status, denial."""
    mine, theirs = read(statement), read(other.quote)
    alignment = align(mine, theirs)
    yield from _number(mine, theirs, alignment.pairs, sentence, alignment.covered)
    if alignment.covered < _SHARED:
        return
    for predicate in mine.predicates:
        target = alignment.pairs.get(predicate.at)
        if target is None or mine.words[predicate.at].part != "verb":
            continue
        here, there = standing(mine, predicate.at), standing(theirs, target)
        if there.level >= here.level + 2 or here.negative != there.negative:
            yield contradicted(
                f"another cited span speaks of {mine.words[predicate.at].text!r} otherwise: {other.quote[:80]!r}"
            )
            return


def _number(mine: Reading, theirs: Reading, pairs: dict[int, int], sentence: str, covered: float) -> Iterator[Fault]:
    held, printed = figures(theirs.text), figures(sentence)
    shared = [at for at in pairs if mine.words[at].part == "noun" and needed(mine, at)]
    named = any(mine.words[at].capital for at in shared)
    wanted = [
        at
        for at, word in enumerate(mine.words)
        if word.part == "noun" and needed(mine, at) and at not in figure_words(mine)
    ]
    nouns = sum(at in pairs for at in wanted) / len(wanted) if wanted else 0.0
    for quantity in figures(mine.text):
        if any(alike(quantity, other) for other in held):
            continue
        for other in held:
            if other.unit != quantity.unit or not quantity.unit or any(alike(other, one) for one in printed):
                continue
            thing = quantity.noun and other.noun == quantity.noun and (named or covered >= _SHARED)
            if thing or covered >= _SHARED + 0.1 or (named and nouns >= _NOUNS and len(shared) > 2):
                yield contradicted(f"another cited span gives {other.text}, not {quantity.text}")
                return


def misquoted(sentence: str, evidence: Sequence[CitedSpan]) -> Iterator[Fault]:
    """Every quotation of the sentence stands letter for letter in one of the spans, or is the title of their record."""
    for part in quotations(sentence):
        if not any(quotes_it(part, span) for span in evidence):
            yield unsupported(f"the quotation {part[:60]!r} is in no cited span letter for letter")
            return


def analysis(sentence: str, rendering: str | None) -> Iterator[Fault]:
    """A computed sentence is the rendering of its computation, letter for letter."""
    if rendering is None:
        yield uncertain("the sentence is computed, and the computation was not repeated")
    elif sentence.strip() != rendering.strip():
        yield unsupported(f"the computation gives {rendering!r}")


def link(sentence: str, neighbours: Sequence[CitedSpan]) -> Iterator[Fault]:
    """A sentence without evidence says nothing of its own: no number, name, quotation or content word that the
    evidence of its neighbours lacks."""
    text = read(sentence)
    if figures(sentence):
        yield unsupported(f"no citation, and it gives a number: {figures(sentence)[0].text}")
        return
    if quotes.find(sentence):
        yield unsupported("no citation, and it quotes")
        return
    held = [read(span.quote) for span in neighbours]
    for at, word in enumerate(text.words):
        if needed(text, at) and not any(at in align(text, other).pairs for other in held):
            yield unsupported(f"no citation, and {word.text!r} is not in its neighbours' evidence")
            return
