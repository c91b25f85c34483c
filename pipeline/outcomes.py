"""How a deal ended, as a claim tells it: made, not made after all, left by one side, or cancelled by the other.

Contracts, mergers, treaties and truces are told in these four ways; a claim that tells of two of them (signed, then
cancelled) tells of a development, and is no other claim's contradiction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.language import hedges
from pipeline.language.words import is_stop, stem, tokens

MADE, UNMADE, LEFT, CANCELLED = "made", "not made", "left", "cancelled"

_WAYS = (
    (UNMADE, r"(?:within \w+ (?:\w+ )?of|close to|on the verge of|about to|days from|weeks from|yet to) sign(?:ing)?"),
    (MADE, r"signed|inked|sealed|clinched|struck|secured|finali[sz]ed|won|was awarded|entered into"),
    (
        LEFT,
        r"walked (?:away from|out of)|pulled out of|withdrew from|backed out of|turned down|rejected|declined|refused",
    ),
    (CANCELLED, r"cancel(?:l)?ed|scrapped|terminated|tore up|called off|revoked|rescinded|pulled"),
)
_TOLD = re.compile(
    "|".join(f"(?P<w{at}>\\b(?:{words})\\b(?!['’]))" for at, (_, words) in enumerate(_WAYS)), re.IGNORECASE
)
_DEAL = re.compile(
    r"\b(?P<deal>contract|deal|agreement|accord|pact|merger|acquisition|takeover|treaty|partnership|alliance|truce"
    r"|ceasefire)s?\b",
    re.IGNORECASE,
)
_NEAR = 60  # code points between the verb and the deal it is told of
_PLANNED = frozenset("to will would could may might should if unless be whether can".split())
_APART = frozenset({(MADE, UNMADE), (MADE, LEFT), (MADE, CANCELLED), (LEFT, CANCELLED)})


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way in which a text tells a deal to have ended: the way, the word for it, the deal's noun, who did it."""

    way: str
    word: str
    deal: str
    agent: str


@lru_cache(maxsize=4096)
def outcomes(text: str) -> tuple[Outcome, ...]:
    """What `text` says became of deals, in order; plans and possibilities are left out, "did not sign" is not made."""
    deals = list(_DEAL.finditer(text))
    negated = [span.end for span in hedges.negations(text)] if deals else []
    found = []
    for match in _TOLD.finditer(text) if deals else ():
        way = next(name for at, (name, _) in enumerate(_WAYS) if match[f"w{at}"])
        close = [deal for deal in deals if _distance(match, deal) <= _NEAR and not _elsewhere(text, match, deal)]
        before = tokens(text[max(0, match.start() - 80) : match.start()])
        if not close or (way != UNMADE and not _PLANNED.isdisjoint(before[-2:])):
            continue
        if any(0 <= match.start() - end <= 12 for end in negated):
            if way != MADE:
                continue
            way = UNMADE
        deal = min(close, key=lambda one: (_distance(match, one), one.start()))
        agent = next((word for word in reversed(before) if not is_stop(word)), "")
        found.append(Outcome(way, match.group().casefold(), stem(deal["deal"].casefold()), agent))
    return tuple(found)


def _elsewhere(text: str, verb: re.Match[str], deal: re.Match[str]) -> bool:
    """Whether another verb stands between a verb and the deal after it: "refused to rule out a deal"."""
    return " to " in text[verb.end() - 1 : deal.start() + 1]


def _distance(a: re.Match[str], b: re.Match[str]) -> int:
    """Code points between two matches."""
    return max(b.start() - a.end(), a.start() - b.end(), 0)


def opposed(a: str, b: str) -> tuple[str, str] | None:
    """The words by which two texts tell a deal of one kind to have ended in ways that exclude each other, else None."""
    mine, theirs = outcomes(a), outcomes(b)
    for side in (mine, theirs):
        if {MADE} < {one.way for one in side}:
            return None  # it tells how one came of the other
    for one in mine:
        for other in theirs:
            apart = {(one.way, other.way), (other.way, one.way)} & _APART
            same_hand = {one.way, other.way} == {LEFT, CANCELLED} and one.agent == other.agent
            if one.deal == other.deal and apart and not same_hand:
                return one.word, other.word
    return None
