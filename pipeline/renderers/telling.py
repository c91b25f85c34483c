"""What storylines tell that pages about names repeat: who said what when, and which findings rest on it.

Of each storyline it is remembered from one night to the next, so that the page of a name in ten storylines reads none
of them again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from pipeline import outlets
from pipeline.domain import Claim, Finding, FindingState
from pipeline.edition import Edition
from pipeline.renderers import phrases
from pipeline.renderers.entity_kin import publisher_of


@dataclass(frozen=True, slots=True)
class Read:
    """A record: when it was published and by whom. `lang`: where it is not the site's; `url` as it was given."""

    published: datetime
    by: str
    platform: str
    lang: str
    url: str


@dataclass(frozen=True, slots=True)
class Found:
    """A finding. `said`: claim, its record and its words, of each of its claims, the first that was told first."""

    id: str
    line: str
    first_seen: datetime
    state: FindingState  # "contradicted" wherever it is disputed
    disputed: bool
    origins: int
    said: tuple[tuple[str, str, str], ...]


@dataclass(slots=True)
class Telling:
    """What some storylines tell: records by id, the record of each claim, findings."""

    records: dict[str, Read] = field(default_factory=dict)
    claims: dict[str, str] = field(default_factory=dict)
    findings: list[Found] = field(default_factory=list)

    def add(self, told: Mapping[str, Any]) -> None:
        """Take in what `_told` found."""
        for key, (published, *rest) in told["records"].items():
            if key not in self.records:
                self.records[key] = Read(datetime.fromisoformat(published), *rest)
        self.claims |= told["claims"]
        for key, line, first_seen, state, disputed, origins, said in told["findings"]:
            when, known = datetime.fromisoformat(first_seen), tuple((a, b, c) for a, b, c in said)
            self.findings.append(Found(key, line, when, FindingState(state), disputed, origins, known))

    def origins(self, records: Iterable[str], edition: Edition) -> dict[str, str]:
        """Record -> the origin that it counts as among some records (counting.loose_origins)."""
        order = sorted(records, key=lambda key: (self.records[key].published, key))
        own = {key: edition.origins.get(key, key) for key in order}
        counted = outlets.counts_as((own[key], edition.voices.get(own[key], "")) for key in order)
        return {key: counted[own[key]] for key in order}


def telling(claims: Iterable[str], lines: Iterable[str], edition: Edition) -> Telling:
    """What is told by some claims, wherever they are, and by the findings of some storylines."""
    found, wanted = Telling(), set(lines)
    owners = {claim: edition.owners.get(claim, "") for claim in claims}
    homes = {owner for owner in owners.values() if owner in edition.tokens}
    known = {line for line in wanted | homes if line in edition.tokens}
    for line in edition.ready("telling", sorted(known)):
        found.add(of_line(line, edition))
    loose = [claim for claim, owner in owners.items() if owner not in known]
    rest = [one for line in sorted(wanted - known) for one in edition.findings.get(line, ())]
    if loose or rest:
        found.add(_told([edition.claims[key] for key in loose if key in edition.claims], rest, edition))
    found.findings = [one for one in found.findings if one.line in wanted]
    return found


def of_line(line: str, edition: Edition) -> dict[str, Any]:
    """What is remembered of a storyline."""
    told: dict[str, Any] = edition.remember("telling", partial(_of_line, line, edition), line)
    return told


def _of_line(line: str, edition: Edition) -> dict[str, Any]:
    findings = edition.findings.get(line, ())
    ids = {*edition.storylines[line].claim_ids, *(claim for one in findings for claim in one.claim_ids)}
    mine = [edition.claims[key] for key in sorted(ids) if edition.owners.get(key) == line]
    return _told(mine, findings, edition)


def _told(claims: Iterable[Claim], findings: Sequence[Finding], edition: Edition) -> dict[str, Any]:
    """The fields of a `Telling` as JSON."""
    said = {one.id: [edition.claims[key] for key in one.claim_ids if key in edition.claims] for one in findings}
    made = {claim.id: claim for claim in claims}
    read = {claim.record_id for told in (made.values(), *said.values()) for claim in told}
    return {
        "records": {key: _read(key, edition) for key in sorted(read) if key in edition.records},
        "claims": {key: claim.record_id for key, claim in made.items()},
        "findings": [
            (
                one.id, one.storyline_id, one.first_seen.isoformat(),
                (FindingState.CONTRADICTED if one.disputes else one.state).value, bool(one.disputes),
                len(one.origin_ids),
                [(claim.id, claim.record_id, claim.evidence[0].quote) for claim in sorted(said[one.id], key=_when)],
            )
            for one in findings
        ],
    }  # fmt: skip


def _when(claim: Claim) -> tuple[datetime, str]:
    return claim.published, claim.id


def _read(key: str, edition: Edition) -> tuple[str, str, str, str, str]:
    record = edition.records[key]
    lang = record.lang if record.lang and record.lang != edition.settings.site.lang else ""
    by, platform = publisher_of(record), phrases.platform(record.platform)
    return record.published.isoformat(), by, platform, lang, record.url or ""
