"""What the gate refused, as pages list it: each sentence with its reasons, and how many for which reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.domain import Dropped
from pipeline.renderers import phrases


@dataclass(frozen=True, slots=True)
class Refusal:
    """A drafted sentence that the gate refused, and why. `text` is empty where only its hash may be kept."""

    text: str
    digest: str
    role: str
    verdict: str
    reasons: tuple[tuple[str, str], ...]


def refusal(dropped: Dropped) -> Refusal:
    """A refused sentence, for the folded list."""
    verdict = dropped.verdict
    reasons = tuple((reason.rule, reason.detail) for reason in verdict.reasons)
    return Refusal(dropped.text, dropped.text_hash, dropped.role.replace("_", " "), verdict.label.value, reasons)


def by_rule(dropped: Sequence[Dropped]) -> tuple[tuple[str, int], ...]:
    """How often each rule refused a sentence: most often first, then by name."""
    counts = Counter(reason.rule for one in dropped for reason in one.verdict.reasons)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def left_out(dropped: Iterable[Dropped]) -> tuple[tuple[str, int], ...]:
    """Why sentences were left out, in a reader's words, and how many each: most first."""
    return in_words(one.verdict.reasons[0].rule for one in dropped if one.verdict.reasons)


def in_words(rules: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """The same of the rules that refused them."""
    counts = Counter(phrases.LEFT_OUT.get(rule, phrases.NOT_BORNE_OUT) for rule in rules)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
