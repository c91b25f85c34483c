"""Storylines whose findings change, or only seem to: one night of them, with the truth about each.

Sentences are those of `facts`, distances are measured by the product. What only seems to change: known facts in other
words, however many; one origin's claim copied by many; what was corroborated or disputed long ago; an outlet that says
a thing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from pipeline.backtest import facts
from pipeline.backtest.facts import Fact
from pipeline.backtest.planting import Family
from pipeline.backtest.scoring import Change
from pipeline.detectors import spread
from pipeline.detectors.frame import About, Arrival, History, Subject, Window
from pipeline.domain import (
    Claim,
    ClaimKind,
    Dispute,
    DisputeKind,
    Evidence,
    Finding,
    FindingState,
    Hedge,
    Signal,
    Storyline,
    digest,
)
from pipeline.protocols import Embedder

_DAY = timedelta(days=1)
_OUTLETS = 60
OLD = 6  # days over which what is known came
Rng = np.random.Generator


@dataclass
class Desk:
    """What a night knows, as it is put together: arrivals, claims and findings of many storylines."""

    now: datetime
    arrivals: dict[Subject, list[Arrival]] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    told: dict[str, Arrival] = field(default_factory=dict)
    findings: dict[str, list[Finding]] = field(default_factory=dict)
    storylines: dict[str, Storyline] = field(default_factory=dict)

    @property
    def start(self) -> datetime:
        """First moment of the window."""
        return self.now - _DAY

    def claim(self, line: str, text: str, at: datetime, outlet: int, origin: str | None = None) -> Claim:
        """A claim of a record of its own; with `origin` the record copies that one."""
        ident = digest("backtest", line, text, at.isoformat(), str(outlet))
        arrival = Arrival("r" + ident, origin or "r" + ident, f"Outlet {outlet}", f"outlet {outlet}", at)
        evidence = Evidence("r" + ident, ident, 0, len(text), text)
        made = Claim(
            "c" + ident, "r" + ident, text, (evidence,), ClaimKind.EVENT, Hedge.STATES, None, (), (), (), 0.6, at
        )
        self.claims[made.id] = made
        self.told[arrival.record_id] = arrival
        if at > self.start:
            self.arrivals.setdefault(Subject(About.STORYLINE, line, line), []).append(arrival)
        return made

    def finding(self, line: str, claims: Sequence[Claim], disputes: Sequence[Dispute] = ()) -> Finding:
        """A finding that `claims` make; its origins are those of their records."""
        origins = tuple(dict.fromkeys(self.told[claim.record_id].origin_id for claim in claims))
        times = [claim.published for claim in claims]
        state = FindingState.CORROBORATED if len(origins) > 1 else FindingState.NEW
        made = Finding(
            "f" + digest("backtest", *(claim.id for claim in claims)),
            line,
            tuple(claim.id for claim in claims),
            origins,
            FindingState.CONTRADICTED if disputes else state,
            min(times),
            max(times),
            tuple(disputes),
        )
        self.findings.setdefault(line, []).append(made)
        return made

    def found(self, line: str, beats: tuple[str, ...] = ("World",)) -> None:
        """Found the storyline of everything that was put into `line`."""
        claims = [key for one in self.findings.get(line, ()) for key in one.claim_ids]
        records = tuple(dict.fromkeys(self.claims[key].record_id for key in claims))
        founded = min((self.claims[key].published for key in claims), default=self.start)
        self.storylines[line] = Storyline(line, line, beats, founded, self.now, tuple(claims), records)

    def window(self, embedder: Embedder) -> Window:
        """The night's window, distances measured with `embedder`."""
        far = spread.measure(self.findings, self.claims, self.start, self.now, embedder.embed)
        return Window(
            self.start,
            self.now,
            arrivals=self.arrivals,
            storylines=self.storylines,
            findings=self.findings,
            novel=far.novel,
            known=far.known,
            usual=far.usual,
            claims=self.claims,
            told=self.told,
        )


Maker = Callable[[Desk, str, Rng, float], None]  # puts a storyline with a change of a size (0: none) into a desk


def night(seed: int, family: Family, *, number: int) -> tuple[Desk, tuple[Change, ...]]:
    """One night with `number` storylines for each kind, every second one with a change of its kind, and the changes."""
    rng = np.random.default_rng([seed, list(Family).index(family), 11])
    desk, changes = Desk(datetime(2024, 2, 5, 2, tzinfo=UTC) + seed * _DAY), []
    for kind, make in MAKERS.items():
        for n in range(number):
            size = float(SIZES[kind][int(rng.integers(len(SIZES[kind])))]) if n % 2 else 0.0
            line = f"{kind} {seed}-{n}"
            make(desk, line, rng, size)
            desk.found(line)
            if size:
                changes.append(Change(kind, About.STORYLINE.value, line, size, desk.start, desk.now, hours=24))
    return desk, tuple(changes)


def meant_for(signal: Signal) -> bool:
    """Whether a signal is of the kind that its storyline was made for; what else it may show is not known here."""
    return signal.subject.startswith(signal.kind + " ")


# --- what is put into a storyline ------------------------------------------------------------------------------------


def novelty(desk: Desk, line: str, rng: Rng, size: float) -> None:
    """`size` new facts, every second of them told by two or three outlets, among facts told again in other words."""
    known = facts.facts(rng, 9 + int(size))
    known, new = known[: len(known) - int(size)], known[len(known) - int(size) :]
    _past(desk, line, rng, known)
    for number, fact in enumerate(new):
        outlets = rng.permutation(_OUTLETS)[: 1 if number % 2 else int(rng.integers(2, 4))].tolist()
        desk.finding(line, [desk.claim(line, facts.told(fact, rng), _tonight(desk, rng), o) for o in outlets])
    for _ in range(int(rng.integers(2, 10))):
        fact, outlet = known[int(rng.integers(len(known)))], int(rng.integers(_OUTLETS))
        desk.finding(line, [desk.claim(line, facts.told(fact, rng), _tonight(desk, rng), outlet)])


def corroboration(desk: Desk, line: str, rng: Rng, size: float) -> None:
    """A finding that `size` outlets make tonight, independent of each other, the first of them before; or one that
    seems so: of one origin that others copy, of one outlet that says it twice, or told by many long ago."""
    known = facts.facts(rng, 4)
    _past(desk, line, rng, known)
    fact, outlets = known[0], iter(rng.permutation(_OUTLETS).tolist())
    if size:
        at = [_before(desk, rng), *(_tonight(desk, rng) for _ in range(int(size) - 1))]
        desk.finding(line, [desk.claim(line, facts.told(fact, rng), when, next(outlets)) for when in at])
        return
    sort = int(rng.integers(3))
    first = desk.claim(line, facts.told(fact, rng), _before(desk, rng) if sort == 2 else _tonight(desk, rng), 1)
    if sort == 0:
        copies = [desk.claim(line, first.text, _later(desk, first), next(outlets), first.record_id) for _ in range(5)]
    elif sort == 1:
        copies = [desk.claim(line, facts.told(fact, rng), _later(desk, first), 1) for _ in range(3)]
    else:
        copies = [desk.claim(line, facts.told(fact, rng), _before(desk, rng), next(outlets)) for _ in range(3)]
    desk.finding(line, [first, *copies])


def contradiction(desk: Desk, line: str, rng: Rng, size: float) -> None:
    """`size` disputes between what two outlets say, the later of them tonight; or one that is days old."""
    _past(desk, line, rng, facts.facts(rng, 4))
    for _ in range(int(size) or 1):
        outlets = rng.permutation(_OUTLETS).tolist()
        fact = facts.facts(rng, 1)[0]
        a = desk.claim(line, facts.told(fact, rng), _before(desk, rng), outlets[0])
        b = desk.claim(line, facts.told(fact, rng), _tonight(desk, rng) if size else _before(desk, rng), outlets[1])
        dispute = Dispute(DisputeKind.NUMBER, a.id, b.id, "dead", "12", "40")
        desk.finding(line, [a], [dispute])
        desk.finding(line, [b], [dispute])
        if not size:  # something else of it is told again tonight
            again = desk.claim(line, a.text, _tonight(desk, rng), outlets[2], a.record_id)
            desk.finding(line, [again])


MAKERS: Mapping[str, Maker] = {
    "novelty": novelty,
    "corroboration": corroboration,
    "contradiction": contradiction,
}
SIZES: Mapping[str, Sequence[float]] = {
    "novelty": (1, 2, 3, 5, 8),
    "corroboration": (2, 3, 4, 6),
    "contradiction": (1, 2, 3),
}


def _past(desk: Desk, line: str, rng: Rng, known: Sequence[Fact]) -> None:
    """Known facts, most of them told more than once in words of their own, over the days before."""
    for fact in known:
        for _ in range(int(rng.integers(1, 5))):
            text, outlet = facts.told(fact, rng), int(rng.integers(_OUTLETS))
            desk.finding(line, [desk.claim(line, text, _before(desk, rng), outlet)])


def _before(desk: Desk, rng: Rng) -> datetime:
    return desk.start - timedelta(minutes=int(rng.integers(60, OLD * 24 * 60)))


def _tonight(desk: Desk, rng: Rng) -> datetime:
    return desk.start + timedelta(minutes=int(rng.integers(30, 22 * 60)))


def _later(desk: Desk, first: Claim) -> datetime:
    return min(first.published + timedelta(minutes=len(desk.claims) % 50 + 5), desk.now)


def history(desk: Desk) -> History:
    """What came before the night: a desk that has been reading for a month, no source of which is in doubt."""
    return History(since=desk.now - 30 * _DAY)
