"""A night of one or more storylines, put together finding by finding: what detectors of content are tested on.

`Tonight` keeps what was told; `window()` measures distances with the lexical embedder and gives the Window.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from factories import make_claim, make_record

from pipeline.claiming import claims as extractor
from pipeline.detectors import spread
from pipeline.detectors.frame import Arrival, Window
from pipeline.domain import Claim, Dispute, Finding, FindingState, Storyline, digest
from pipeline.embedders import build

NOW = datetime(2026, 5, 6, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
START = NOW - 24 * HOUR
LINE = "s" + "1" * 16


@dataclass
class Tonight:
    """Claims, arrivals and findings of storylines; times are hours before the end of the window."""

    claims: dict[str, Claim] = field(default_factory=dict)
    told: dict[str, Arrival] = field(default_factory=dict)
    findings: dict[str, list[Finding]] = field(default_factory=dict)
    lines: dict[str, Storyline] = field(default_factory=dict)

    def claim(
        self,
        text: str,
        hours: float,
        voice: str,
        *,
        origin: str | None = None,
        fill: bool = False,
        platform: str = "news",
        headline: bool = True,
        deep: bool = False,
        beats: tuple[str, ...] = (),
        **given: Any,
    ) -> Claim:
        """A claim in the headline, in the first sentence, or `deep` in the text, of a record of its own."""
        at = NOW - hours * HOUR
        filler = "More was expected later in the week, people there said."
        headline = headline and not deep
        before = f"{filler} " * 12 if deep else ""
        body = f"{text}\n\n{filler}" if headline else f"Notes of the day\n\n{before}{text} {filler}"
        record = make_record(body, id="r" + digest(text, voice, str(hours)), published=at, fetched=at)
        found = {claim.text: claim for claim in extractor.extract(record, min_worth=0.0)}
        made = found.get(text) or make_claim(record, text, in_headline=headline)
        made = dataclasses.replace(made, **{"in_headline": headline, **given})
        self.claims[made.id] = made
        self.told[record.id] = Arrival(
            record.id, origin or record.id, "feed " + voice, "outlet " + voice, at, fill, beats, platform
        )
        return made

    def finding(self, claims: Sequence[Claim], line: str = LINE, **given: Any) -> Finding:
        """The finding that `claims` make; first seen on the night after the first of them."""
        first = min(self.told[claim.record_id].at for claim in claims)
        nights = int((NOW - first) / (24 * HOUR))
        made = Finding(
            id="f" + digest("finding", claims[0].id),
            storyline_id=line,
            claim_ids=tuple(claim.id for claim in claims),
            origin_ids=tuple(sorted({self.told[claim.record_id].origin_id for claim in claims})),
            state=FindingState.NEW,
            first_seen=NOW - 24 * nights * HOUR,
            last_seen=NOW,
        )
        made = dataclasses.replace(made, **given)
        self.findings.setdefault(line, []).append(made)
        return made

    def said(self, text: str, hours: float, *voices: str, line: str = LINE, **given: Any) -> Finding:
        """A finding that each of `voices` tells in the same words, an hour apart, the first so many hours ago."""
        claims = [self.claim(text, hours - n, voice, **given) for n, voice in enumerate(voices)]
        return self.finding(claims, line)

    def dispute(self, a: Finding, b: Finding, dispute: Dispute) -> None:
        """Let two findings hold `dispute`."""
        for one in (a, b):
            held = self.findings[one.storyline_id]
            at = next(n for n, f in enumerate(held) if f.id == one.id)
            disputes = (*held[at].disputes, dispute)
            held[at] = dataclasses.replace(held[at], disputes=disputes, state=FindingState.CONTRADICTED)

    def window(self, *, embed: spread.Rows | None = None, **given: Any) -> Window:
        """The window that ends at NOW, distances measured with the lexical embedder unless told otherwise."""
        far = spread.measure(self.findings, self.claims, START, NOW, embed or build("lexical").embed)
        lines = {
            key: self.lines.get(key) or storyline(key, [c for f in some for c in f.claim_ids])
            for key, some in self.findings.items()
        }
        whole = Window(
            START,
            NOW,
            storylines=lines,
            findings=self.findings,
            novel=far.novel,
            known=far.known,
            usual=far.usual,
            reworded=far.reworded,
            claims=self.claims,
            told=self.told,
        )
        return dataclasses.replace(whole, **given)


def storyline(key: str = LINE, claim_ids: Sequence[str] = (), **given: Any) -> Storyline:
    """A storyline that began a week ago."""
    base = Storyline(key, "Harlow turbines", ("Energy",), NOW - 168 * HOUR, NOW, tuple(claim_ids), ())
    return dataclasses.replace(base, **given)
