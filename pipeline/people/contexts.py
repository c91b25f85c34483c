"""What may stand around a quotation: context and titles that lay nothing to anybody and give nobody away. Pure.

The evidence of one sentence must not print what the rule on people keeps out as a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from pipeline.domain import Signal
from pipeline.language import kinds, sentences
from pipeline.people import charges, traits

_REACH = 400  # characters beyond a window in which a sentence that enters it is looked for
_SOMEBODY = re.compile(r"\b(?:he|she|him|her|his)\b", re.IGNORECASE)


def sensitive(text: str) -> bool:
    """Whether a text lays something to somebody, or gives somebody away."""
    charged = bool(charges.find(text))
    if not charged and not traits.possible(text):
        return False
    named = any(mention.kind in ("person", kinds.UNTOLD) for mention in kinds.find(text))
    return (charged and (named or bool(_SOMEBODY.search(text)))) or bool(traits.private(text, named=named))


def quiet(signals: Iterable[Signal]) -> tuple[Signal, ...]:
    """Signals whose summary, which names what they are about by its label, lays nothing to anybody: else it is the
    kind alone."""
    return tuple(replace(one, summary=one.kind.replace("_", " ")) if sensitive(one.summary) else one for one in signals)


def around(text: str, start: int, end: int, half: int) -> tuple[str, str]:
    """Up to `half` characters of `text` on each side of `start..end`, only as far as no sensitive sentence reaches."""
    low, high = max(0, start - half), min(len(text), end + half)
    first, last = max(0, low - _REACH), min(len(text), high + _REACH)
    for span in sentences.split(text[first:start]):
        if first + span.end > low and sensitive(text[first + span.start : first + span.end]):
            low = max(low, first + span.end)
    for span in reversed(sentences.split(text[end:last])):
        if end + span.start < high and sensitive(text[end + span.start : end + span.end]):
            high = min(high, end + span.start)
    return text[low:start], text[end:high]
