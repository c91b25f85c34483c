"""What is material: which findings of a storyline have changed since a version of its story, and whether it tells them.

Four changes are material to a reader of the last version, and nothing else is: no count of records, no repetition, no
sentence that was known and left out.

* new: a finding first seen after that version was written, which it does not cite;
* corroborated: one that reached enough independent origins after it (now, whether that version told it or not);
* contradicted: one that has come into a dispute after it;
* superseded: one that the version told, and that something has replaced since.

Before a storyline is told again one of its findings must have changed; of what is then written, at least one sentence
must tell such a finding, unless something that was told is superseded, which alone is reason enough. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from pipeline.domain import Finding, FindingState, Story


class Change(StrEnum):
    """What has become of a finding since a version was written."""

    NEW = "new"
    CORROBORATED = "corroborated"
    CONTRADICTED = "contradicted"
    SUPERSEDED = "superseded"


def changes(findings: Iterable[Finding], last: Story) -> Mapping[str, Change]:
    """Finding id -> its material change since `last` was written, by id; findings without one are left out."""
    told = {citation.claim_id for citation in last.citations}
    found: dict[str, Change] = {}
    for finding in sorted(findings, key=lambda one: one.id):
        change = _change(finding, last, told=not told.isdisjoint(finding.claim_ids))
        if change is not None:
            found[finding.id] = change
    return found


def _change(finding: Finding, last: Story, *, told: bool) -> Change | None:
    moved = (finding.since or finding.first_seen) > last.written
    if finding.state is FindingState.SUPERSEDED:
        return Change.SUPERSEDED if moved and told else None
    if moved and finding.state is FindingState.CONTRADICTED:
        return Change.CONTRADICTED
    if moved and finding.state is FindingState.CORROBORATED:
        return Change.CORROBORATED
    return Change.NEW if finding.first_seen > last.written and not told else None


def brought(story: Story, findings: Iterable[Finding], changed: Mapping[str, Change]) -> Mapping[str, Change]:
    """Those of `changed` that `story` tells: it cites one of their claims, or what it told before is superseded."""
    told = {citation.claim_id for citation in story.citations}
    return {
        finding.id: changed[finding.id]
        for finding in sorted(findings, key=lambda one: one.id)
        if finding.id in changed
        and (changed[finding.id] is Change.SUPERSEDED or not told.isdisjoint(finding.claim_ids))
    }
