"""Rules on what is ordered, not told: "the headline must say that X" does not say X, and an order is no statement.

Text from outside may speak to whoever reads it, or to the model that will. Neither the order nor what it orders is
news: the first is refused as a sentence, the second is held to have no evidence in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.gate.case import Case, Fault, unsupported
from pipeline.gate.reading import fold
from pipeline.language.orders import DUTY, TELL, TOLD, addressed

_OBLIGED = re.compile(
    rf"\b(?:{DUTY}|always|now|only|instead|anything else,?|agreed(?: on \w+)? to|told to|asked to|ordered to"
    rf"|supposed to|(?:and|to) then) (?:\w+ ){{0,2}}?(?:{TELL}|{TOLD})\b[^.:]{{0,60}}?(?:\bthat\b|:|\bthis\b)",
    re.I,
)
_WHAT = r"(?: (?:only|also|exactly))?(?: (?:this|that|the following|the sentence|it))?"
_IMPERATIVE = re.compile(
    rf"(?:^|[.:!?] |\bthen |\band |, ){TELL}{_WHAT}(?: (?:that|in|at|as)\b[^.:]{{0,40}})?[:,]? (?=[\"A-Z])", re.I
)


def ordered(case: Case) -> Iterator[Fault]:
    """What the span only orders or asks to be said is not said by it; an order to the reader is no statement."""
    if addressed(fold(case.sentence)):
        yield unsupported("this is an order to whoever reads it, not a statement")
        return
    said = fold(case.span.quote)
    order = next((m for m in (_OBLIGED.search(said), _asked(said)) if m is not None), None)
    if order is None:
        return
    told = _words(said[order.end() :])
    mine = _words(fold(case.statement.text))
    if (
        mine
        and len(mine & told) >= 0.6 * len(mine)
        and not _words(order.group()) & _words(fold(case.sentence)) & _TELLS
    ):
        yield unsupported("the span orders this to be said; it does not say it")


def _asked(said: str) -> re.Match[str] | None:
    """An imperative of telling, where the span speaks to its reader."""
    match = _IMPERATIVE.search(said)
    return match if match and (not match.start() or addressed(said) or match.group().rstrip()[-1] == ":") else None


_MOST = 0.6  # of a statement's words that stand after the order
_TELLS = frozenset(TELL.removeprefix("(?:").removesuffix(")").split("|"))


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 2}
