"""What a rule is given: one statement, one span, and how their words correspond."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.domain import CitedSpan, Label
from pipeline.gate.alignment import Alignment, align
from pipeline.gate.frames import Framed, peel
from pipeline.gate.reading import Reading, read


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: the label it leads to, and what it is, in plain words."""

    label: Label
    detail: str


@dataclass(frozen=True, slots=True)
class Case:
    """One statement of a sentence against one span. `sentence` is the whole sentence, `statement` what it says without
    its frames; `span` is the cited span, `said` what the span says without its frames; `others` are all cited spans."""

    sentence: str
    framed: Framed
    statement: Reading
    span: CitedSpan
    span_framed: Framed
    said: Reading
    alignment: Alignment
    others: Sequence[CitedSpan]
    span_full: CitedSpan  # the cited span, where `span` is one of the statements that it joins

    def word(self, at: int) -> str:
        """A word of the statement as it is printed."""
        return self.statement.words[at].text


Rule = Callable[[Case], Iterator[Fault]]


def case(
    sentence: str,
    framed: Framed,
    statement: str,
    span: CitedSpan,
    others: Sequence[CitedSpan],
    *,
    whole: bool,
    full: CitedSpan | None = None,
) -> Case:
    """The case of `statement` against `span`; with `whole`, the span is read with its frames."""
    span_framed = peel(span.quote)
    said = read(span.quote) if whole or not span_framed.frames else read(span_framed.text)
    reading = read(statement)
    return Case(sentence, framed, reading, span, span_framed, said, align(reading, said), others, full or span)


def unsupported(detail: str) -> Fault:
    """The span does not say so."""
    return Fault(Label.UNSUPPORTED, detail)


def contradicted(detail: str) -> Fault:
    """The span says otherwise."""
    return Fault(Label.CONTRADICTED, detail)


def uncertain(detail: str) -> Fault:
    """What the rule needs is not known."""
    return Fault(Label.UNCERTAIN, detail)
