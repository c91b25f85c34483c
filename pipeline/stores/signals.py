"""What signal keeps: signals with their evidence, when sources were read, and what rankings made of storylines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from pipeline.domain import Ranked, Signal, SourceRead, Weighted
from pipeline.stores import measured
from pipeline.stores.database import Database
from pipeline.stores.rows import Shape

_SIGNAL = Shape(Signal, measured.signals, apart=["evidence"])
_WEIGHTED = Shape(Weighted, measured.signal_evidence)
_READ = Shape(SourceRead, measured.reads)
_RANKED = Shape(Ranked, measured.rankings)


class Measuring:
    """The part of the store that signal writes, and that tells it when sources were read."""

    db: Database

    def signals(
        self, *, subject: str | None = None, since: datetime | None = None, beginning: str | None = None
    ) -> Sequence[Signal]:
        """Signals, held ones included, whose window ends at `since` or later; by end of window, then id.

        subject: only those about it. beginning: only those whose id begins with it.
        """
        table = measured.signals
        wanted = select(table).order_by(table.c.window_end, table.c.id)
        if subject is not None:
            wanted = wanted.where(table.c.subject == subject)
        if since is not None:
            wanted = wanted.where(table.c.window_end >= since)
        if beginning is not None:
            wanted = wanted.where(table.c.id.startswith(beginning, autoescape=True))
        rows = self.db.rows(wanted)
        evidence = self.db.lists(measured.signal_evidence, "signal_id", [row.id for row in rows])
        return [_SIGNAL.noun(row, evidence=tuple(map(_WEIGHTED.noun, evidence.get(row.id, ())))) for row in rows]

    def save_signals(self, signals: Sequence[Signal], now: datetime) -> None:
        """Store what was measured at `now`; measured again, the same signal keeps the time of the first."""
        rows = [_SIGNAL.row(signal, measured=now) for signal in signals]
        evidence = [
            _WEIGHTED.row(part, signal_id=signal.id, n=n)
            for signal in signals
            for n, part in enumerate(signal.evidence)
        ]
        with self.db.transaction("save_signals"):
            self.db.put(measured.signals, rows, keep=["measured"])
            self.db.replace_lists(measured.signal_evidence, "signal_id", [signal.id for signal in signals], evidence)

    def reads(self, since: datetime) -> Sequence[SourceRead]:
        """Attempts to read sources at or after `since`, by source, then time."""
        table = measured.reads
        wanted = select(table).where(table.c.at >= since).order_by(table.c.source, table.c.at)
        return [_READ.noun(row) for row in self.db.rows(wanted)]

    def sites(self, wanted: Iterable[str]) -> Mapping[str, datetime]:
        """Since when anything of each of these registered domains was read here; not those that never were."""
        table = measured.sites
        return {row.site: row.since for row in self.db.rows_in(select(table), table.c.site, sorted(set(wanted)))}

    def rankings(self, *, storyline_id: str | None = None, since: datetime | None = None) -> Sequence[Ranked]:
        """What rankings made of storylines, by night, then place."""
        table = measured.rankings
        wanted = select(table).order_by(table.c.night, table.c.n)
        if storyline_id is not None:
            wanted = wanted.where(table.c.storyline_id == storyline_id)
        if since is not None:
            wanted = wanted.where(table.c.night >= since)
        return [_RANKED.noun(row) for row in self.db.rows(wanted)]

    def save_ranking(self, night: datetime, ranked: Sequence[Ranked]) -> None:
        """Keep the ranking of one night, best first, in place of what it was."""
        with self.db.transaction("save_ranking"):
            self.db.execute(delete(measured.rankings).where(measured.rankings.c.night == night))
            self.db.add(measured.rankings, [_RANKED.row(one, n=n) for n, one in enumerate(ranked)])
