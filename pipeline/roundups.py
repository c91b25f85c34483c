"""Roundups: records that tell of several events (digests, live blogs, morning briefings) become one part per event.

A record's claims are linked where they share a name or enough words; what hangs together is one thread (the cohesion
idea of TextTiling: Hearst 1997). Only where three threads or more stand side by side, each about somebody or something
of its own, none of them most of the text, is the record cut. An ordinary article, whose paragraphs keep coming back to
the same names, stays whole.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline import parts
from pipeline.assertions import Assertion, assertion
from pipeline.domain import Claim, Record
from pipeline.language import names
from pipeline.language.words import content
from pipeline.parts import Part

_FEWEST = 3  # threads that make a roundup
_MOST = 0.6  # share of the claims that one thread may hold
_SHARED = 2  # content words that link two claims without a shared name


def parts_of(record: Record, claims: Sequence[Claim], origin_id: str) -> tuple[Part, ...]:
    """The parts of `record`, one for most records; sorted by where they begin."""
    found = threads(claims, record.title)
    if len(found) < 2:
        return (parts.whole(record, claims, origin_id),)
    return tuple(parts.portion(record, thread, origin_id) for thread in found)


def threads(claims: Sequence[Claim], title: str) -> list[tuple[Claim, ...]]:
    """The claims of a record by the event they tell of: all in one, unless it is a roundup.

    A title that speaks of two threads speaks of one event; one that speaks of its first thread needs four claims
    below it. Headline claims go with the thread they are linked to, else with the first.
    """
    body = [claim for claim in claims if not claim.in_headline]
    groups = _linked([assertion(claim) for claim in body])
    named = all(any(one.names for one in group) for group in groups)
    if len(groups) < _FEWEST or not named or max(map(len, groups)) > _MOST * len(body):
        return [tuple(claims)]
    head = set(content(title))
    spoken = sum(1 for group in groups if any(head & one.words for one in group))
    if spoken > 1 or (spoken == 1 and len(body) <= _FEWEST):
        return [tuple(claims)]
    for headline in (assertion(claim) for claim in claims if claim.in_headline):
        home = next((group for group in groups if any(_link(headline, one) for one in group)), groups[0])
        home.append(headline)
    return [tuple(sorted((one.claim for one in group), key=lambda claim: claim.evidence[0].start)) for group in groups]


def _linked(told: Sequence[Assertion]) -> list[list[Assertion]]:
    """Connected groups of claims, each in order; a claim with a context ("It") follows the one before it."""
    home = list(range(len(told)))

    def root(at: int) -> int:
        while home[at] != at:
            at = home[at]
        return at

    for at, one in enumerate(told):
        for earlier in range(at):
            follows = earlier == at - 1 and (one.claim.context is not None or not one.names)
            if follows or _link(one, told[earlier]):
                home[root(at)] = root(earlier)
    groups: dict[int, list[Assertion]] = {}
    for at, one in enumerate(told):
        groups.setdefault(root(at), []).append(one)
    return [groups[key] for key in sorted(groups)]


def _link(a: Assertion, b: Assertion) -> bool:
    """Whether two claims of one record speak of the same thing: a shared name, or enough shared words."""
    if any(names.same(one, other) for one in a.names for other in b.names):
        return True
    return len(a.words & b.words) >= _SHARED
