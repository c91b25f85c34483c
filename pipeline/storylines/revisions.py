"""Revisions: what becomes of a storyline's claims when a record they rest on has changed.

A new version that still tells what the old one told stays where it was: its claims go to the storyline of the old
claims that they are most like. A roundup that has grown tells news as well: a thread of it that is like none of its
old claims enters as news, and so does a version that tells something else altogether. The old claims always leave.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.domain import Claim, Membership, Record, Storyline
from pipeline.language.words import content
from pipeline.storylines import parts, roundups
from pipeline.storylines.parts import Part
from pipeline.storylines.window import Earlier

STILL = 0.3  # share of the old content words that a version must keep to be the same news
LIKE = 0.4  # share of the shorter claim's words that makes two claims of two versions one
_QUOTED = 90  # characters of an old claim that a reason repeats


@dataclass(frozen=True, slots=True)
class Revised:
    """What new versions do.

    `kept`: record -> storyline -> its new claims there; `parts`: storyline -> these as parts; `news`: parts of kept
    records that are news; `why`: claim -> why it stays; `leaving`: the old memberships.
    """

    kept: Mapping[str, Mapping[str, tuple[Claim, ...]]] = field(default_factory=dict)
    parts: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    news: tuple[Part, ...] = ()
    why: Mapping[str, str] = field(default_factory=dict)
    leaving: tuple[Membership, ...] = ()


@dataclass(frozen=True, slots=True)
class _Old:
    """An old claim: where it is, and its content words."""

    home: str
    text: str
    words: Counter[str]


@dataclass(slots=True)
class _Version:
    """Where the claims of one new version belong: storyline -> claims, threads that are news, and why."""

    homes: dict[str, list[Claim]] = field(default_factory=dict)
    news: list[tuple[Claim, ...]] = field(default_factory=list)
    why: dict[str, str] = field(default_factory=dict)


def settle(
    records: Mapping[str, Record],
    claims: Mapping[str, Sequence[Claim]],
    earlier: Mapping[str, Earlier],
    origins: Mapping[str, str],
) -> Revised:
    """Decide for every record with an earlier version in a storyline; pure, sorted by record and storyline."""
    kept: dict[str, dict[str, tuple[Claim, ...]]] = {}
    renewed: dict[str, list[Part]] = {}
    news: list[Part] = []
    why: dict[str, str] = {}
    leaving: list[Membership] = []
    for record_id, before in sorted(earlier.items()):
        leaving.extend(before.memberships)
        record, origin = records[record_id], origins.get(record_id, record_id)
        version = _version(record, claims[record_id], before)
        if not version.homes:
            continue
        kept[record_id] = {line: tuple(version.homes[line]) for line in sorted(version.homes)}
        news.extend(parts.portion(record, thread, origin) for thread in version.news)
        why.update(version.why)
        alone = len(kept[record_id]) == 1 and not version.news
        for line, mine in kept[record_id].items():
            part = parts.whole(record, mine, origin) if alone else parts.portion(record, mine, origin)
            renewed.setdefault(line, []).append(part)
    return Revised(
        kept, {line: tuple(found) for line, found in sorted(renewed.items())}, tuple(news), why, tuple(leaving)
    )


def _version(record: Record, claims: Sequence[Claim], before: Earlier) -> _Version:
    """Where a new version's claims belong; without homes where it is another text."""
    home = {member.claim_id: member.storyline_id for member in before.memberships}
    old = [_Old(home[key], one.text, Counter(content(one.text))) for key, one in sorted(before.claims.items())]
    new = {claim.id: Counter(content(claim.text)) for claim in claims}
    told = sum((one.words for one in old), Counter[str]())
    if not claims or not told or (told & sum(new.values(), Counter[str]())).total() < STILL * told.total():
        return _Version()
    found = _Version()
    threads = roundups.threads(record, claims)
    for thread in threads if len(threads) > 1 else [(claim,) for claim in claims]:
        _settle_thread(thread, old, new, found, may_be_news=len(threads) > 1)
    return found


def _settle_thread(
    thread: Sequence[Claim], old: Sequence[_Old], new: Mapping[str, Counter[str]], found: _Version, *, may_be_news: bool
) -> None:
    """Put the claims that belong together where most of what they repeat was.

    Claims that repeat nothing are news where they make a thread of a roundup; elsewhere they go where the record's
    claims were: most of them, the smaller id on ties.
    """
    votes: Counter[str] = Counter()
    closest: dict[str, _Old] = {}
    for claim in thread:
        at = max(range(len(old)), key=lambda n: ((old[n].words & new[claim.id]).total(), -n))
        shared = (old[at].words & new[claim.id]).total()
        if shared >= LIKE * min(old[at].words.total(), new[claim.id].total()) > 0:
            votes[old[at].home] += shared
            closest[claim.id] = old[at]
    if not votes and may_be_news:
        found.news.append(tuple(thread))
        return
    votes = votes or Counter(one.home for one in old)
    home = min(votes, key=lambda line: (-votes[line], line))
    found.homes.setdefault(home, []).extend(thread)
    for claim in thread:
        found.why[claim.id] = _why(claim, closest.get(claim.id), new)


def _why(claim: Claim, like: _Old | None, new: Mapping[str, Counter[str]]) -> str:
    """Why a claim of a new version stays."""
    if like is None:
        return "a new version of a record that is in it says this beside what it said before"
    if like.text == claim.text:
        return "a new version of a record that is in it says this as before"
    shared = len(like.words.keys() & new[claim.id].keys())
    return (
        f"a new version of a record that is in it says this in place of “{_cut(like.text)}”: "
        f"{shared} of {len(like.words)} content words are the same"
    )


def _cut(text: str) -> str:
    return text if len(text) <= _QUOTED else text[: _QUOTED - 1].rsplit(" ", 1)[0] + "…"


def renewed(before: Mapping[str, Storyline], revised: Revised, now: datetime) -> dict[str, Storyline]:
    """The storylines that hold an earlier version, without its claims, with those of a version that stays."""
    found: dict[str, Storyline] = {}
    for member in revised.leaving:
        line = found.get(member.storyline_id) or before[member.storyline_id]
        mine = revised.kept.get(member.record_id, {}).get(line.id, ())
        claims = (set(line.claim_ids) - {member.claim_id}) | {claim.id for claim in mine}
        records = set(line.record_ids) if mine else set(line.record_ids) - {member.record_id}
        found[line.id] = dataclasses.replace(
            line, claim_ids=tuple(sorted(claims)), record_ids=tuple(sorted(records)), updated=now
        )
    return found


def heirs(emptied: Mapping[str, Storyline], revised: Revised, woven: Mapping[str, Storyline]) -> dict[str, Storyline]:
    """Storylines left without a record, merged into the one that holds their record now (the smallest id)."""
    found: dict[str, Storyline] = {}
    for key, line in emptied.items():
        if line.record_ids or line.merged_into:
            continue
        gone = {member.record_id for member in revised.leaving if member.storyline_id == key}
        took = sorted(name for name, other in woven.items() if name != key and gone & set(other.record_ids))
        found[key] = dataclasses.replace(line, claim_ids=(), merged_into=took[0] if took else None)
    return found
