"""What is material: which findings of a storyline have changed since a version of its story, and whether it tells them.

Four changes are material to a reader of the last version, and nothing else is: no count of records, no repetition, no
sentence that was known and left out, no known thing in other words.

* new: a finding first seen after that version was written, which it does not cite, and which says something: at least
  0.35 of its content words, weighed by rarity (inverse document frequency, pipeline/terms.py), stand in nothing that
  the storyline held by then, or 0.55 of them do not stand together in any one claim of it;
* corroborated: one that has reached enough independent origins since;
* contradicted: one that has come into a dispute since; either was told, or says in the same measure something that
  the version did not tell;
* superseded: one that the version told, and that something has replaced since.

Before a storyline is told again one of its findings must have changed; of what is then written at least one sentence
must tell such a finding, unless something that was told is superseded, which alone is reason enough. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.domain import Claim, Finding, FindingState, Story
from pipeline.language import words
from pipeline.terms import rarity

UNHEARD = 0.35  # weighed share of a finding's words that nothing known holds
ELSEWHERE = 0.55  # the same, that no single known claim holds
MOST = 500  # newest known claims that a finding is compared with

Words = frozenset[str]


class Change(StrEnum):
    """What has become of a finding since a version was written."""

    NEW = "new"
    CORROBORATED = "corroborated"
    CONTRADICTED = "contradicted"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class _Known:
    """What a storyline held when a version was written: the words of each claim, and all of them."""

    claims: Sequence[Words]
    every: Words


def changes(findings: Iterable[Finding], claims: Mapping[str, Claim], last: Story) -> Mapping[str, Change]:
    """Finding id -> its material change since `last` was written, by id; findings without one are left out."""
    ordered = sorted(findings, key=lambda one: one.id)
    told = {citation.claim_id for citation in last.citations}
    known, read = _known(ordered, claims, last), _read(last)
    found: dict[str, Change] = {}
    for finding in ordered:
        mine = not told.isdisjoint(finding.claim_ids)
        change = _change(finding, last, told=mine)
        before = known if finding.first_seen > last.written else read
        if change is not None and (mine or _says_something(finding, claims, before)):
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


def _known(findings: Iterable[Finding], claims: Mapping[str, Claim], last: Story) -> _Known:
    """The words of what had been seen and published when `last` was written."""
    ids = (key for finding in findings if finding.first_seen <= last.written for key in finding.claim_ids)
    held = [claims[key] for key in ids if key in claims and claims[key].published <= last.written]
    held.sort(key=lambda claim: (claim.published, claim.id))
    told = [frozenset(words.content(claim.text)) for claim in held]
    return _Known(tuple(dict.fromkeys(told[-MOST:])), frozenset().union(*told))


def _read(last: Story) -> _Known:
    """The words of what `last` quotes: all that its reader has read."""
    told = [frozenset(words.content(citation.evidence.quote)) for citation in last.citations]
    return _Known(tuple(dict.fromkeys(told)), frozenset().union(*told))


def _says_something(finding: Finding, claims: Mapping[str, Claim], known: _Known) -> bool:
    """Whether a claim of a finding that was not told holds more than what was known, in other words or not."""
    for key in finding.claim_ids:
        said = frozenset(words.content(claims[key].text)) if key in claims else frozenset()
        whole = _weight(said)
        if not whole:
            continue
        if _weight(said - known.every) >= UNHEARD * whole:
            return True
        if min((_weight(said - one) for one in known.claims), default=whole) >= ELSEWHERE * whole:
            return True
    return False


def _weight(said: Words) -> float:
    return sum(rarity(word) for word in sorted(said))


def brought(story: Story, findings: Iterable[Finding], changed: Mapping[str, Change]) -> Mapping[str, Change]:
    """Those of `changed` that `story` tells: it cites one of their claims, or what was told before is superseded."""
    told = {citation.claim_id for citation in story.citations}
    return {
        finding.id: changed[finding.id]
        for finding in sorted(findings, key=lambda one: one.id)
        if finding.id in changed
        and (changed[finding.id] is Change.SUPERSEDED or not told.isdisjoint(finding.claim_ids))
    }
