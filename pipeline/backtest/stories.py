"""Storylines whose findings change, or only seem to: one night of them, with the truth about each.

Sentences are those of `facts`, distances are measured by the product. What only seems to change: known facts in other
words, however many; one origin's claim copied by many; what was corroborated or disputed long ago; an outlet that says
a thing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from pipeline.backtest import facts, turns
from pipeline.backtest.desks import OUTLETS, Desk, Rng
from pipeline.backtest.facts import Fact
from pipeline.backtest.planting import Family
from pipeline.backtest.scoring import Change
from pipeline.detectors.frame import About
from pipeline.domain import Claim, Dispute, DisputeKind, Signal

JOINED = 0.7  # of the tellings of a known fact are recognised as such
Maker = Callable[[Desk, str, Rng, float], None]  # puts a storyline with a change of a size (0: none) into a desk


def nights(seed: int, family: Family, *, number: int) -> Iterator[tuple[Desk, tuple[Change, ...]]]:
    """One night for what findings say and one for what becomes of storylines, each with its changes.

    `number` storylines of each kind, every second one with a change of its kind. The two are apart because what is far
    from what was known depends on how alike the texts of a desk are.
    """
    for place, makers in enumerate((MAKERS, turns.MAKERS)):
        rng = np.random.default_rng([seed, list(Family).index(family), 11 + place])
        desk, changes = Desk(datetime(2024, 2, 5, 2, tzinfo=UTC) + timedelta(days=seed)), []
        for kind, make in makers.items():
            for n in range(number):
                size = float(rng.choice(SIZES[kind])) if n % 2 else 0.0
                line = f"{kind} {seed}-{n}"
                make(desk, line, rng, size)
                desk.found(line)
                if size:
                    changes.append(Change(kind, About.STORYLINE.value, line, size, desk.start, desk.now, hours=24))
        yield desk, tuple(changes)


def meant_for(signal: Signal) -> bool:
    """Whether a signal is of the kind that its storyline was made for; what else it may show is not known here."""
    return signal.subject.startswith(signal.kind + " ")


# --- what is put into a storyline ------------------------------------------------------------------------------------


def novelty(desk: Desk, line: str, rng: Rng, size: float) -> None:
    """`size` new facts among facts told again in other words, every second one told by two or three outlets."""
    known = facts.facts(rng, 9 + int(size))
    known, new = known[: len(known) - int(size)], known[len(known) - int(size) :]
    _past(desk, line, rng, known)
    again = [known[int(n)] for n in rng.integers(len(known), size=int(rng.integers(2, 10)))]
    for number, fact in enumerate([*new, *again]):
        outlets = rng.permutation(OUTLETS)[: 1 if number % 2 else int(rng.integers(2, 4))].tolist()
        desk.finding(line, [desk.claim(line, facts.told(fact, rng), desk.tonight(rng), o) for o in outlets])


def corroboration(desk: Desk, line: str, rng: Rng, size: float) -> None:
    """A finding that `size` outlets make, independent of each other, the first of them before and the others tonight.

    Or one that seems so: of one origin that others copy, of one outlet that says it twice, of two outlets only, or told
    by many long ago.
    """
    known = facts.facts(rng, 4)
    _past(desk, line, rng, known)
    fact, outlets = known[0], iter(rng.permutation(np.arange(1, OUTLETS)).tolist())
    if size:
        at = [desk.before(rng), *(desk.tonight(rng) for _ in range(int(size) - 1))]
        desk.finding(line, [desk.claim(line, facts.told(fact, rng), when, next(outlets)) for when in at])
        return
    sort = int(rng.integers(4))
    first = desk.claim(line, facts.told(fact, rng), desk.before(rng) if sort == 3 else desk.tonight(rng), 0)
    if sort == 0:
        more = [desk.claim(line, first.text, _later(desk, first), next(outlets), first.record_id) for _ in range(5)]
    elif sort == 1:
        more = [desk.claim(line, facts.told(fact, rng), _later(desk, first), 0) for _ in range(3)]
    elif sort == 2:
        more = [desk.claim(line, facts.told(fact, rng), _later(desk, first), next(outlets))]
    else:
        more = [desk.claim(line, facts.told(fact, rng), desk.before(rng), next(outlets)) for _ in range(3)]
    desk.finding(line, [first, *more])


def contradiction(desk: Desk, line: str, rng: Rng, size: float) -> None:
    """`size` disputes between what two outlets say, the later of them tonight; or one that is days old."""
    _past(desk, line, rng, facts.facts(rng, 4))
    for _ in range(int(size) or 1):
        outlets = rng.permutation(OUTLETS).tolist()
        fact = facts.facts(rng, 1)[0]
        a = desk.claim(line, facts.told(fact, rng), desk.before(rng), outlets[0])
        b = desk.claim(line, facts.told(fact, rng), desk.tonight(rng) if size else desk.before(rng), outlets[1])
        dispute = Dispute(DisputeKind.NUMBER, a.id, b.id, "dead", "12", "40")
        desk.finding(line, [a], [dispute])
        desk.finding(line, [b], [dispute])
        if not size:  # something else of it is told again tonight
            again = desk.claim(line, a.text, desk.tonight(rng), outlets[2], a.record_id)
            desk.finding(line, [again])


MAKERS: Mapping[str, Maker] = {
    "novelty": novelty,
    "corroboration": corroboration,
    "contradiction": contradiction,
}
SIZES: Mapping[str, Sequence[float]] = {
    "novelty": (1, 2, 3, 5, 8),
    "corroboration": (3, 4, 5, 7),
    "contradiction": (1, 2, 3),
    **turns.SIZES,
}


def _past(desk: Desk, line: str, rng: Rng, known: Sequence[Fact]) -> None:
    """Known facts, told once to four times over the days before; of two tellings in other words one finding is made
    more often than two, as analysis does."""
    for fact in known:
        told: list[list[Claim]] = []
        for _ in range(int(rng.integers(1, 5))):
            made = desk.claim(line, facts.told(fact, rng), desk.before(rng), int(rng.integers(OUTLETS)))
            if told and rng.random() < JOINED:
                told[0].append(made)
            else:
                told.append([made])
        for claims in told:
            desk.finding(line, claims)


def _later(desk: Desk, first: Claim) -> datetime:
    return min(first.published + timedelta(minutes=len(desk.claims) % 50 + 5), desk.now)
