"""Findings under construction: their claims, and which of them says what a claim says.

Two claims are one assertion where they share nearly all their words and neither an amount, a day nor a denial stands
between them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pipeline.claiming.assertions import Assertion, likeness
from pipeline.domain import Dispute, Finding
from pipeline.findings import disputes
from pipeline.findings.amounts import other_amounts

SAME = 0.6  # Jaccard similarity of content words that makes two claims one assertion
_INSIDE = 0.8  # share of the shorter claim's words that the longer holds, which does the same
_LEAST = 0.4  # Jaccard similarity below which two claims are never one assertion
_CROWD = 64  # holders of a word, likely claims and texts of a finding that one claim is compared with
FEWEST = 3  # content words that two claims must share at all


@dataclass(slots=True)
class Draft:
    """A finding under construction; `claims` are the living ones, `history` all it ever had."""

    id: str
    claims: list[Assertion]
    history: list[str]
    first_seen: datetime
    last_seen: datetime
    disputes: list[Dispute]
    superseded_by: str | None
    before: Finding | None


class Index:
    """Findings by the words of their claims, to find the one that says what a claim says."""

    def __init__(self, drafts: Iterable[Draft]) -> None:
        self._by_word: dict[str, list[tuple[Draft, Assertion]]] = defaultdict(list)
        self._texts: dict[str, dict[str, Assertion]] = defaultdict(dict)
        for draft in drafts:
            for one in draft.claims:
                self.add(draft, one)

    def add(self, draft: Draft, one: Assertion) -> None:
        """Make `draft` findable by the words of `one`; a copy of what it holds adds nothing."""
        if one.claim.text in self._texts[draft.id]:
            return
        self._texts[draft.id][one.claim.text] = one
        for word in sorted(one.words):
            self._by_word[word].append((draft, one))

    def _living(self, draft: Draft) -> list[Assertion]:
        """The newest distinct texts of `draft`, without those that have left."""
        there = {one.claim.text for one in draft.claims}
        return [one for text, one in self._texts[draft.id].items() if text in there][-_CROWD:]

    def _near(self, one: Assertion) -> list[tuple[Draft, Assertion]]:
        """Findings with a claim that may say the same, most like first, then the smaller id.

        What shares two fifths of the words shares one of the rarer ones (prefix filtering, Chaudhuri et al. 2006).
        """
        words = sorted(one.words, key=lambda word: (len(self._by_word.get(word, ())), word))
        asked = words[: len(words) - math.ceil(_LEAST * len(words)) + 1]
        held = {other.claim.id: (own, other) for word in asked for own, other in self._by_word.get(word, ())[-_CROWD:]}
        ranked = sorted(held.values(), key=lambda pair: (-likeness(one, pair[1])[0], pair[0].id, pair[1].claim.id))
        return ranked[:_CROWD]

    def match(self, one: Assertion) -> Draft | None:
        """The finding with the claim most like `one` that says the same; the smallest id on ties."""
        refused: set[str] = set()
        for draft, other in self._near(one):
            if draft.id in refused or not same(one, other):
                continue
            if not any(_told_otherwise(one, held) for held in self._living(draft)):
                return draft
            refused.add(draft.id)
        return None


def same(a: Assertion, b: Assertion) -> bool:
    """Whether two claims assert the same thing: nearly the same words, no other amount, and both or neither denied."""
    jaccard, contained, shared = likeness(a, b)
    least = min(len(a.words), len(b.words))
    if not shared or (shared < FEWEST and least >= FEWEST):
        return False
    if jaccard < SAME and not (contained >= _INSIDE and shared >= FEWEST + 1 and jaccard >= _LEAST):
        return False
    if a.negated != b.negated or a.retracts != b.retracts:
        return False
    return not _told_otherwise(a, b)


def _told_otherwise(a: Assertion, b: Assertion) -> bool:
    """Whether two claims in like words differ in an amount, a day, a denial, or dispute each other."""
    denied = (a.denied ^ b.denied) & a.words & b.words
    return bool(denied) or other_amounts(a, b) or disputes.days_differ(a, b) or bool(disputes.between(a, b))
