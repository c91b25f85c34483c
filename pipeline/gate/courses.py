"""Which way an amount goes, and by how much: what two amounts of a span ("from 35% to 30%") say without saying it."""

from __future__ import annotations

import re

from pipeline.domain import Quantity
from pipeline.gate.alignment import alike, figure_words, figures
from pipeline.gate.case import Case
from pipeline.gate.reading import Reading
from pipeline.gate.synonyms import lemma

RISING = frozenset(
    lemma(w) for w in "rise raise increase climb grow gain jump surge soar double expand accelerate".split()
)
FALLING = frozenset(
    lemma(w)
    for w in "fall drop decline decrease slip plunge tumble slow ease shrink sink slump dip narrow cut lower reduce"
    " trim slash".split()
)
_BEFORE = frozenset("from against than".split())  # over the amount that was
_COMPARED = re.compile(r"\bcompared (?:with|to) (?:about |around )?$", re.I)
_BY = re.compile(r"\bby (?:about |around |some |nearly |almost )?$", re.I)
_SMALLEST = 3000  # bare numbers below it may be years or counts of something else
_NEAR = 0.005  # a share may be rounded to a whole per cent


def changed(reading: Reading) -> tuple[Quantity, Quantity] | None:
    """(before, after): the two amounts between which a text says that something moved; None where it does not name
    exactly two such."""
    before: list[Quantity] = []
    after: list[Quantity] = []
    for at, quantity in sorted(figure_words(reading).items()):
        if quantity in before or quantity in after or quantity.unit in ("month", "year", "ordinal", "pp"):
            continue
        if not quantity.unit and quantity.value < _SMALLEST:
            continue
        was = reading.governors[at] in _BEFORE or _COMPARED.search(reading.text[: quantity.span.start])
        (before if was else after).append(quantity)
    pairs = [(one, other) for one in before for other in after if one.unit == other.unit or _elided(one, other)]
    return pairs[0] if len(pairs) == 1 else None


def _elided(one: Quantity, other: Quantity) -> bool:
    """Whether the unit is given once: "to 40 million tonnes from 32 million"."""
    return (not one.unit or not other.unit) and min(one.value, other.value) >= _SMALLEST


def _way(case: Case, before: Quantity, after: Quantity, stem: str = "") -> bool:
    """Whether the statement's verb, or the verb `stem`, goes the way of the two amounts."""
    course = RISING if after.value > before.value else FALLING
    stems = {stem} if stem else {item.lemma for item in case.statement.predicates}
    return bool(stems & course) and not stems & ((RISING | FALLING) - course)


def moved_by(case: Case, quantity: Quantity) -> bool:
    """Whether an amount after "by" is what the span's two amounts differ by, the statement's verb going their way."""
    moved = changed(case.said)
    if moved is None or not _BY.search(case.statement.text[: quantity.span.start]):
        return False
    before, after = moved
    off = after.value - before.value
    if quantity.unit == "pp" and before.unit == "ratio":
        same = abs(abs(off) * 100 - quantity.value) < 1e-6
    elif quantity.unit == "ratio" and before.unit != "ratio" and before.value:
        same = abs(abs(off) / before.value - quantity.value) <= _NEAR
    else:
        same = (
            quantity.unit in (before.unit, after.unit)
            and before.unit != "ratio"
            and abs(abs(off) - quantity.value) <= 1e-6 * abs(quantity.value)
        )
    return same and _way(case, before, after)


def moves(case: Case, stem: str) -> bool:
    """Whether a verb of rising or falling, by its lemma, says what the span's two amounts show, and the statement
    gives the one that it came to."""
    moved = changed(case.said) if stem in RISING | FALLING else None
    if moved is None:
        return False
    return _way(case, *moved, stem) and any(alike(moved[1], mine) for mine in figures(case.statement.text))
