"""A night of a made desk: arrivals, claims and findings of storylines, put together by hand, as detectors read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from pipeline.detectors import spread
from pipeline.detectors.frame import About, Arrival, History, Subject, Window
from pipeline.domain import (
    Claim,
    ClaimKind,
    Dispute,
    Evidence,
    Finding,
    FindingState,
    Hedge,
    Storyline,
    Turn,
    digest,
)
from pipeline.protocols import Embedder

Rng = np.random.Generator
OUTLETS = 60
OLD = 6  # days over which what is known came
_DAY = timedelta(days=1)


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

    def claim(self, line: str, text: str, at: datetime, outlet: int, origin: str | None = None, **more: Any) -> Claim:
        """A claim of a record of its own; with `origin` the record copies that one. `more`: fields of the claim, and
        `platform`."""
        ident = digest("backtest", line, text, at.isoformat(), str(outlet), str(len(self.claims)))
        platform = more.pop("platform", "news")
        arrival = Arrival(
            "r" + ident,
            origin or "r" + ident,
            f"{platform} {outlet}",
            f"outlet {platform} {outlet}",
            at,
            platform=platform,
        )
        evidence = Evidence("r" + ident, ident, 0, len(text), text)
        made = Claim(
            "c" + ident, "r" + ident, text, (evidence,), ClaimKind.EVENT, Hedge.STATES, None, (), (), (), 0.6, at
        )
        made = replace(made, **more)
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

    def found(self, line: str, beats: tuple[str, ...] = ("World",), turns: tuple[Turn, ...] = ()) -> None:
        """Found the storyline of everything that was put into `line`, unless it was founded."""
        claims = [key for one in self.findings.get(line, ()) for key in one.claim_ids]
        records = tuple(dict.fromkeys(self.claims[key].record_id for key in claims))
        founded = min((self.claims[key].published for key in claims), default=self.start)
        made = Storyline(line, line, beats, founded, self.now, tuple(claims), records, turns=turns)
        self.storylines.setdefault(line, made)

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
            reworded=far.reworded,
            claims=self.claims,
            told=self.told,
        )

    def before(self, rng: Rng) -> datetime:
        """A moment of the days before the window."""
        return self.start - timedelta(minutes=int(rng.integers(60, OLD * 24 * 60)))

    def tonight(self, rng: Rng) -> datetime:
        """A moment of the window."""
        return self.start + timedelta(minutes=int(rng.integers(30, 22 * 60)))

    def history(self) -> History:
        """What came before: a desk that has been reading for a month, no source of which is in doubt."""
        return History(since=self.now - 30 * _DAY)
