"""Findings: one assertion inside a storyline, with the claims of all origins that make it, and where it stands.

Pure. A claim joins the finding that says the same in other words, else it founds one, whose id is that of the claim. A
finding is new, repeated, corroborated (two origins or more), contradicted (a dispute stands) or superseded: a later
figure of the same voice, a retraction, or a new version of its records took its place. What is superseded stays, with a
pointer to what came after.
"""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline import outlets
from pipeline.claiming import bearings
from pipeline.claiming.assertions import Assertion, assertion, likeness
from pipeline.domain import Claim, Dispute, DisputeKind, Finding, FindingState, digest
from pipeline.findings import disputes
from pipeline.findings.drafts import FEWEST, Draft, Index
from pipeline.origins.voices import Voice, one_voice, revises, supersedes

__all__ = ["Alone", "Voice", "alone", "changed", "forsaken", "homes", "settle"]

Asserted = Callable[[Claim], Assertion]

_MOST_PAIRS = 4000  # pairs compared for disputes in one storyline and night, newest first
_CORROBORATED = 2  # origins that make a finding more than one voice's word
_HEIR = 0.25  # likeness from which a claim of a new version stands in an old one's place
_RETRACTED = 0.5  # share of a finding's words that a retraction must name


@dataclass(frozen=True, slots=True)
class Alone:
    """A finding as one text makes it, before anything else is known: its claims, their disputes, what replaced it."""

    claim_ids: tuple[str, ...]
    disputes: tuple[Dispute, ...] = ()
    superseded_by: str | None = None


def alone(claims: Sequence[Claim]) -> tuple[Alone, ...]:
    """The findings that the claims of one text come to, told by one voice, as long as nothing else tells of them.

    Most storylines are no more than that, so it is found out where the text is read, in any process.
    """
    if not claims:
        return ()
    voices = dict.fromkeys((claim.id for claim in claims), Voice("", ""))
    drafts = _drafts([assertion(claim) for claim in claims], voices, (), claims[0].published, ())
    return tuple(Alone(tuple(one.history), tuple(one.disputes), one.superseded_by) for one in drafts)


def settle(
    storyline_id: str,
    claims: Sequence[Claim],
    voices: Mapping[str, Voice],
    known: Sequence[Finding],
    now: datetime,
    *,
    departed: Sequence[Claim] = (),
    read: Sequence[Alone] = (),
    asserted: Asserted = assertion,
) -> tuple[Finding, ...]:
    """Findings of a storyline as they stand at `now`, sorted by id.

    `claims` are those the storyline holds now, each with its voice in `voices`; `known` the findings it had;
    `departed` the claims that left tonight. A finding goes on when a new version says the same, else it is superseded.
    `read` is what one of its texts comes to `alone`: nothing is asked again where that is all that the storyline holds.
    `asserted` gives the `assertion` of a claim, where that is at hand.
    """
    if read and not known and _alone(read, claims, voices):
        mine = {claim.id: claim for claim in claims}
        drafts = [(_taken(one, now), [mine[key] for key in one.claim_ids]) for one in read]
    else:
        made = _drafts([asserted(one) for one in claims], voices, known, now, [assertion(one) for one in departed])
        drafts = [(draft, [one.claim for one in draft.claims]) for draft in made]
    found = (_told(draft, living, storyline_id, voices, now) for draft, living in drafts)
    return tuple(sorted(found, key=lambda finding: finding.id))


def _alone(read: Sequence[Alone], claims: Sequence[Claim], voices: Mapping[str, Voice]) -> bool:
    """Whether these are the very claims that were read, and all of one voice: some count as what their text credits."""
    first = voices[claims[0].id] if claims else Voice("", "")
    same_claims = sorted(claim.id for claim in claims) == sorted(key for one in read for key in one.claim_ids)
    return same_claims and all(one_voice(first, voices[claim.id]) for claim in claims)


def _taken(one: Alone, now: datetime) -> Draft:
    """The draft of what was read; nothing is held against it any more."""
    ids, founded = list(one.claim_ids), digest("finding", one.claim_ids[0])
    return Draft(founded, [], ids, now, now, list(one.disputes), one.superseded_by, None)


def _drafts(
    claims: Sequence[Assertion],
    voices: Mapping[str, Voice],
    known: Sequence[Finding],
    now: datetime,
    departed: Sequence[Assertion],
) -> list[Draft]:
    """Findings under construction, as `settle` tells them."""
    living = {one.claim.id: one for one in claims}
    gone = {one.claim.id: one for one in departed}
    local = {claim for finding in known for claim in finding.claim_ids} | gone.keys()
    drafts = [_resumed(finding, living, local) for finding in sorted(known, key=lambda finding: finding.id)]
    placed = {one.claim.id for draft in drafts for one in draft.claims}
    fresh = sorted(
        (one for key, one in living.items() if key not in placed), key=lambda one: (one.claim.published, one.claim.id)
    )
    index = Index(drafts)
    for resumed in drafts:
        for key in resumed.history:
            if key in gone:
                index.add(resumed, gone[key])
    for one in fresh:
        draft = index.match(one) or Draft(digest("finding", one.claim.id), [], [], now, now, [], None, None)
        if not draft.history:
            drafts.append(draft)
        draft.claims.append(one)
        draft.history.append(one.claim.id)
        draft.last_seen = now
        draft.superseded_by = None
        index.add(draft, one)
    owner = {one.claim.id: draft for draft in drafts for one in draft.claims}
    _dispute(fresh, living, owner, voices)
    _retract(fresh, drafts, voices)
    _replace(drafts, fresh, gone, owner)
    return drafts


def _resumed(finding: Finding, living: Mapping[str, Assertion], local: Container[str]) -> Draft:
    """A known finding with those of its claims that are still there.

    A dispute stands while its sides do; of a side in another storyline, which no finding here ever made (`local`),
    nothing is known to the contrary.
    """
    kept = [living[claim] for claim in finding.claim_ids if claim in living]
    standing = [one for one in finding.disputes if all(side in living or side not in local for side in (one.a, one.b))]
    return Draft(
        finding.id,
        kept,
        list(finding.claim_ids),
        finding.first_seen,
        finding.last_seen,
        standing,
        finding.superseded_by,
        finding,
    )


# --- disputes and what takes the place of what -----------------------------------------------------------------------


def _dispute(
    fresh: Sequence[Assertion],
    living: Mapping[str, Assertion],
    owner: Mapping[str, Draft],
    voices: Mapping[str, Voice],
) -> None:
    """Find disputes of tonight's claims with all others; a newer figure of one voice supersedes instead."""
    new = {one.claim.id for one in fresh}
    for a, b in _pairs(fresh, living, new):
        mine, theirs = owner[a.claim.id], owner[b.claim.id]
        if a.claim.record_id == b.claim.record_id and revises(a, b, voices):
            continue  # a text that says two things says both: not worth the comparing
        found = disputes.between(a, b) if mine is not theirs else None
        if found is None:
            continue
        older, newer = (a, b) if found.a == a.claim.id else (b, a)
        if supersedes(newer, older, found, voices):
            target = owner[older.claim.id]
            if all(one.claim.published <= newer.claim.published for one in target.claims):
                target.superseded_by = owner[newer.claim.id].id
            continue
        if revises(newer, older, voices):
            continue
        for draft in (mine, theirs):
            if not any({one.a, one.b} == {found.a, found.b} for one in draft.disputes):
                draft.disputes.append(found)


def _pairs(
    fresh: Sequence[Assertion], living: Mapping[str, Assertion], new: set[str]
) -> list[tuple[Assertion, Assertion]]:
    """Pairs worth comparing: one of tonight's claims and any other with a shared name or two shared words."""
    by_word: dict[str, list[Assertion]] = defaultdict(list)
    for key in sorted(living):
        for word in living[key].name_words or living[key].words:
            by_word[word].append(living[key])
    found: dict[tuple[str, str], tuple[Assertion, Assertion]] = {}
    for one in reversed(fresh):
        seen: dict[str, Assertion] = {}
        for word in sorted(one.name_words or one.words):
            for other in by_word.get(word, ()):
                seen[other.claim.id] = other
        for key in sorted(seen):
            pair = (min(key, one.claim.id), max(key, one.claim.id))
            if key != one.claim.id and pair not in found and (key not in new or pair[0] == one.claim.id):
                found[pair] = (one, seen[key])
        if len(found) >= _MOST_PAIRS:
            break
    return [found[pair] for pair in sorted(found)]


def _retract(fresh: Sequence[Assertion], drafts: Sequence[Draft], voices: Mapping[str, Voice]) -> None:
    """Let tonight's retractions take the place of what the same voice said, and dispute what others say."""
    for one in fresh:
        if not one.retracts:
            continue
        mine = next(draft for draft in drafts if one in draft.claims)
        for draft in drafts:
            if draft is mine or not draft.claims or not any(_names_it(one, other) for other in draft.claims):
                continue
            own = [other for other in draft.claims if one_voice(voices[one.claim.id], voices[other.claim.id])]
            if len(own) == len(draft.claims):
                draft.superseded_by = mine.id
                continue
            other = next(claim for claim in draft.claims if claim not in own)
            found = Dispute(
                DisputeKind.STATUS, other.claim.id, one.claim.id, "retraction", "stated as a fact", "retracted"
            )
            for side in (draft, mine):
                if found not in side.disputes:
                    side.disputes.append(found)


def _names_it(retraction: Assertion, other: Assertion) -> bool:
    """Whether a retraction speaks of what a claim says: it is no older, and holds enough of its words."""
    if other.retracts or other.claim.published > retraction.claim.published:
        return False
    if bearings.tells_of_words(other.claim.text):
        return False  # who takes his words back has said them all the same
    if other.denied & retraction.words - retraction.denied:
        return False  # it denied all along what is taken back now
    shared = len(other.words & retraction.words)
    return shared >= FEWEST and shared >= _RETRACTED * len(other.words)


def _replace(
    drafts: Sequence[Draft],
    fresh: Sequence[Assertion],
    gone: Mapping[str, Assertion],
    owner: Mapping[str, Draft],
) -> None:
    """Point a finding whose claims have all left to what the new version of their record says in their place."""
    for draft in drafts:
        if draft.claims or draft.superseded_by:
            continue
        lost = [gone[key] for key in draft.history if key in gone]
        records = {one.claim.record_id for one in lost}
        heirs = [one for one in fresh if one.claim.record_id in records]
        ranked = sorted((-max(likeness(one, old)[0] for old in lost), owner[one.claim.id].id) for one in heirs)
        if ranked and -ranked[0][0] >= _HEIR:
            draft.superseded_by = ranked[0][1]


def _told(
    draft: Draft,
    living: Sequence[Claim],
    storyline_id: str,
    voices: Mapping[str, Voice],
    now: datetime,
) -> Finding:
    """The noun of a draft, whose claims are `living`."""
    told = [voices[claim.id] for claim in sorted(living, key=lambda claim: (claim.published, claim.id))]
    origins = tuple(sorted(outlets.independent((one.origin, one.teller or one.publisher) for one in told)))
    if not living and draft.before is not None:
        origins = draft.before.origin_ids
    if draft.superseded_by or not living:
        state = FindingState.SUPERSEDED
    elif draft.disputes:
        state = FindingState.CONTRADICTED
    elif len(origins) >= _CORROBORATED:
        state = FindingState.CORROBORATED
    else:
        state = FindingState.NEW if draft.first_seen == now else FindingState.REPEATED
    before = draft.before
    same_state = before is not None and (before.state, before.superseded_by) == (state, draft.superseded_by)
    return Finding(
        id=draft.id,
        storyline_id=storyline_id,
        claim_ids=tuple(claim.id for claim in living) or tuple(draft.history),
        origin_ids=origins,
        state=state,
        first_seen=draft.first_seen,
        last_seen=draft.last_seen,
        disputes=tuple(sorted(draft.disputes, key=lambda one: (one.kind, one.a, one.b))),
        superseded_by=draft.superseded_by,
        since=before.since if before is not None and same_state else now,
    )


def homes(known: Iterable[Finding], held: Mapping[str, str], merged: Mapping[str, str]) -> dict[str, list[Finding]]:
    """Known findings by the storyline they belong to now.

    `held` tells which storyline has a claim: a finding goes where its founding claim is, else where most of its claims
    are (smaller id on ties), else where it was (`merged` followed).
    """
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in known:
        counts = Counter(held[claim] for claim in finding.claim_ids if claim in held)
        home = min(counts, key=lambda line: (-counts[line], line)) if counts else finding.storyline_id
        founder = next((claim for claim in finding.claim_ids if digest("finding", claim) == finding.id), "")
        home = held.get(founder, home)
        found[merged.get(home, home)].append(dataclasses.replace(finding, storyline_id=merged.get(home, home)))
    return found


def forsaken(settled: Sequence[Finding], living: Container[str]) -> list[str]:
    """Ids of findings that no claim makes any more and that nothing has taken the place of."""
    return [
        finding.id
        for finding in settled
        if finding.superseded_by is None and not any(claim in living for claim in finding.claim_ids)
    ]


def changed(found: Sequence[Finding], stored: Mapping[str, Finding]) -> tuple[Finding, ...]:
    """Those of `found` that differ from what is `stored` by their id, or are new: all that has to be stored."""
    return tuple(finding for finding in found if stored.get(finding.id) != finding)
