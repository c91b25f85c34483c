"""The standing sections: where sources disagree, what changed, the story so far, and what is not known.

Disagreements quote both sides. "Not known" and the counts of "what changed" are computed (pipeline/computations.py)
from what the story ships, so that anyone can compute them again; nothing in them is guessed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from pipeline import computations
from pipeline.compose.casing import Casing
from pipeline.compose.dating import told
from pipeline.compose.forms import Place
from pipeline.compose.layout import point_slot
from pipeline.compose.ledger import Ledger
from pipeline.compose.naming import plain_title
from pipeline.compose.readable import leans
from pipeline.compose.selection import Point
from pipeline.compose.settle import with_keys
from pipeline.compose.slots import Slot, SlotSection, fixed
from pipeline.compose.tongues import foreign, home
from pipeline.compose.trim import MAX_SPAN_WORDS, Piece, pieces
from pipeline.computations import TURNS, Facts
from pipeline.domain import (
    Claim,
    Computation,
    Dispute,
    DisputeKind,
    Dossier,
    DraftSentence,
    Finding,
    FindingState,
    Sentence,
)
from pipeline.gate.frames import peel
from pipeline.language import hedges, names, quantities, words

MAX_DISPUTES = 4
MAX_CHANGED = 3
MAX_SO_FAR = 3
LEAD = 6  # sentences that count as what a story is about


def computed(name: str, inputs: tuple[str, ...], facts: Facts, cites: Sequence[str] = ()) -> DraftSentence | None:
    """The sentence of a computation, or None where it does not hold here."""
    try:
        value = computations.compute(name, inputs, facts)
        text = computations.render(name, inputs, value, facts)
    except (KeyError, ValueError):
        return None
    return DraftSentence(text, tuple(cites), Computation(name, inputs, value))


# --- disagreements ---------------------------------------------------------------------------------------------------


def disputes(dossier: Dossier) -> tuple[Dispute, ...]:
    """The disputes of the dossier's findings whose two claims are here and speak of the same thing in its language.

    Each claim stands in one dispute; those across origins come first.
    """
    seen: dict[tuple[str, str], Dispute] = {}
    for finding in sorted(dossier.findings, key=lambda f: f.id):
        for dispute in finding.disputes:
            pair = (min(dispute.a, dispute.b), max(dispute.a, dispute.b))
            if all(claim in dossier.claims for claim in pair):
                seen.setdefault(pair, dispute)

    def order(dispute: Dispute) -> tuple[bool, float, str, str]:
        a, b = dossier.claims[dispute.a], dossier.claims[dispute.b]
        return (dossier.origins.get(a.id) == dossier.origins.get(b.id), -(a.worth + b.worth), dispute.a, dispute.b)

    language = home(dossier)
    kept: list[Dispute] = []
    for dispute in sorted(seen.values(), key=order):
        a, b = dossier.claims[dispute.a], dossier.claims[dispute.b]
        sides = {side for other in kept for side in (other.a, other.b)}
        told = {dispute.a, dispute.b} & sides
        alien = any(foreign(dossier.records[c.record_id], language) for c in (a, b) if c.record_id in dossier.records)
        if not alien and not told and _comparable(a, b, dispute.kind):
            kept.append(replace(dispute, kind=_kind(a, b, dispute.kind)))
    return tuple(kept)


def _comparable(a: Claim, b: Claim, kind: DisputeKind) -> bool:
    """Whether two sides speak of the same thing: not each of a name of its own that the other lacks."""
    if kind in {DisputeKind.STATUS, DisputeKind.POLARITY}:
        return True
    mine, theirs = (_named(peel(claim.text).core) for claim in (a, b))
    alone = [
        [n for n in one if not any(n in o or o in n for o in other)] for one, other in ((mine, theirs), (theirs, mine))
    ]
    return not all(alone)


def _named(text: str) -> set[str]:
    """Names in a statement, and a product with a number that opens it ("Falcon 4 scored ...")."""
    opening = re.match(r"[A-Z][\w-]+ \d[\w.]*", text)
    return {m.key for m in names.find(text)} | ({opening.group().casefold()} if opening else set())


def _kind(a: Claim, b: Claim, kind: DisputeKind) -> DisputeKind:
    """The kind of a dispute as its two sides show it: one denies, or their dates differ, whoever says so."""
    if kind is DisputeKind.STATUS and hedges.negated(a.text) != hedges.negated(b.text):
        return DisputeKind.POLARITY
    if kind is DisputeKind.ATTRIBUTION:
        days = [{d.value for d in c.dates if not d.relative} for c in (a, b)]
        if all(days) and not days[0] & days[1]:
            return DisputeKind.DATE
        for one in a.quantities:
            like = [q for q in b.quantities if q.unit == one.unit]
            if one.unit and like and not any(quantities.equal(one, q) for q in like):
                return DisputeKind.NUMBER
    return kind


def disagreements(dossier: Dossier, ledger: Ledger, facts: Facts) -> SlotSection | None:
    """One paragraph for each dispute: what each side says, quoted, and how the two differ, computed."""
    paragraphs = []
    for dispute in disputes(dossier)[:MAX_DISPUTES]:
        sides = [dossier.claims[dispute.a], dossier.claims[dispute.b]]
        again = sides[0].record_id == sides[1].record_id
        slots = [quoted_side(sides[0], ledger, "One"), quoted_side(sides[1], ledger, "Another", again=again)]
        if any(slot is None for slot in slots):
            continue
        keys = tuple(slot.forms[0].citations[0] for slot in slots if slot)
        wide = with_keys(facts, ledger, keys)
        how = computed("disputed", (*keys, dispute.kind.value), wide, keys)
        last = [fixed(how, dispute.a, dispute.b)] if how else []
        paragraphs.append((*(slot for slot in slots if slot), *last))
    return SlotSection("disagreements", "Where sources disagree", tuple(paragraphs), whole=True) if paragraphs else None


def quoted_side(claim: Claim, ledger: Ledger, other: str, *, again: bool = False) -> Slot | None:
    """One side of a dispute, in the words of its source; `again` when that source gave the other side too.

    `other` ("One", "Another") names a source without a name where its title will not do.
    """
    record, evidence = ledger.dossier.records[claim.record_id], claim.evidence[0]
    whole = Piece(evidence.start, evidence.end, " ".join(evidence.quote.split()))
    piece = next(iter(pieces(claim, record)), whole)
    quote = piece.text.rstrip(".")
    if len(quote.split()) > MAX_SPAN_WORDS or any(mark in quote for mark in '“”"'):
        return None
    key = ledger.cite(claim, piece.start, piece.end)
    name = ledger.voices.of(record)
    opening = name.same[:1].upper() + name.same[1:] if again else name.opening
    texts = [f'{opening} says: "{quote}."', f'"{quote}", {opening[:1].lower() + opening[1:]} says.']
    texts = texts if not name.named else [texts[0], f'"{quote}", {name.first} says.', f'{name.opening}: "{quote}."']
    if not name.named:
        texts += [f'{other} article says: "{quote}."', f'"{quote}", {other.lower()} article says.']
    forms = tuple(DraftSentence(text, (key,)) for text in texts)
    return Slot(forms, forms, (claim.id,))


# --- what changed, the story so far ----------------------------------------------------------------------------------


def changed(
    dossier: Dossier,
    points: Sequence[Point],
    ledger: Ledger,
    led: Set[str],
    *,
    bodied: Set[str] = frozenset(),
    quoted: Sequence[str] = (),
) -> SlotSection | None:
    """What is new since the previous version, at most three paragraphs: first what replaced older words, then new
    points; None for a first version or when nothing is new.

    What the body does not say, and may still be quoted beside `quoted`, comes first, then what it says (`bodied`, claim
    ids), last one point of its lead (`led`): a reader has just read that."""
    previous = dossier.previous
    if previous is None:
        return None
    known = {citation.claim_id for citation in previous.citations}
    new = [
        p
        for p in points
        if p.finding.first_seen > previous.written
        and not known & set(p.finding.claim_ids)
        and not (p.leans or p.points_back)
    ]
    leading = [p for p in new if led & set(p.finding.claim_ids)]
    said = [p for p in new if p not in leading and bodied & set(p.finding.claim_ids)]
    unsaid = [p for p in new if p not in leading and p not in said]
    new = [p for p in unsaid if ledger.fits([ledger.cite(p.claim, p.piece.start, p.piece.end)], quoted)] + said
    new += leading[:1]
    casing = Casing.of(dossier.records.values())
    paragraphs = list(_superseded(dossier, ledger))[:MAX_CHANGED]
    for point in new[: MAX_CHANGED - len(paragraphs)]:
        slot = point_slot(point, ledger, Place(count=len(paragraphs)), casing)
        paragraphs.extend([(slot,)] if slot else [])
    return SlotSection("changed", "What changed since the last version", tuple(paragraphs)) if paragraphs else None


def _superseded(dossier: Dossier, ledger: Ledger) -> Iterator[tuple[Slot, ...]]:
    """What a source said before and what replaced it since the previous version, both quoted."""
    by_id = {f.id: f for f in dossier.findings}
    seen: set[str] = set()
    language = home(dossier)
    for finding in sorted(dossier.findings, key=lambda f: f.id):
        newer = by_id.get(finding.superseded_by or "")
        if finding.state is not FindingState.SUPERSEDED or newer is None or not dossier.previous:
            continue
        old_claim, new_claim = _first(finding, dossier), _first(newer, dossier)
        if old_claim is None or new_claim is None or newer.first_seen <= dossier.previous.written:
            continue
        content = [set(words.content(c.text)) for c in (old_claim, new_claim)]
        related = len(content[0] & content[1]) >= 2 and not leans(old_claim.text)
        alien = any(foreign(dossier.records[c.record_id], language) for c in (old_claim, new_claim))
        slots = [quoted_side(new_claim, ledger, "One"), quoted_side(old_claim, ledger, "Another")]
        if related and not alien and new_claim.id not in seen and all(slots):
            seen.add(new_claim.id)
            yield tuple(slot for slot in slots if slot)


def _first(finding: Finding, dossier: Dossier) -> Claim | None:
    return next((dossier.claims[c] for c in finding.claim_ids if c in dossier.claims), None)


def signalled(dossier: Dossier, facts: Facts) -> DraftSentence | None:
    """The computed sentence about the strongest signal that fired for a dossier; None where none did."""
    fired = [signal for signal in dossier.signals if not signal.held]
    best = min(fired, key=lambda s: (-(s.score / (s.threshold or 1.0)), s.kind, s.id), default=None)
    return computed("turn" if best.kind in TURNS else "signal", (best.id,), facts) if best else None


def growth(dossier: Dossier, facts: Facts) -> tuple[DraftSentence, ...]:
    """Computed sentences for "what changed": how many records and origins have joined."""
    previous = dossier.previous
    if previous is None:
        return ()
    counts = previous.counts
    inputs = (previous.id, str(counts.records), str(counts.origins), str(previous.version))
    sentence = computed("growth", inputs, facts)
    return (sentence,) if sentence else ()


def so_far(dossier: Dossier, ledger: Ledger, cited: Set[str]) -> SlotSection | None:
    """Sentences of earlier versions that still have their evidence, oldest version first.

    `cited` are the keys of the body: what these support is said above.
    """
    slots: list[Slot] = []
    seen = set(cited)
    for story in sorted(dossier.history, key=lambda s: s.version):
        for sentence in _told(story.sections):
            if set(sentence.citations) <= seen or len(slots) >= MAX_SO_FAR:
                continue
            keys = _still_there(sentence, dossier, ledger, {c.key: c.claim_id for c in story.citations})
            if keys:
                seen.update(keys)
                plain = DraftSentence(sentence.text, keys)
                day = told(sentence.text, ledger.record(keys[0]).published.date(), dossier.now.date())
                forms = (DraftSentence(day, keys), plain) if day and len(keys) == 1 else (plain,)
                slots.append(Slot(forms, forms))
    return SlotSection("so_far", "The story so far", (tuple(slots),)) if slots else None


def _told(sections: Sequence[object]) -> Iterator[Sentence]:
    """The first sentences of the paragraphs of a story's lead: they stand without the others."""
    lead = next((part for part in sections if getattr(part, "role", "") == "body"), None)
    for paragraph in getattr(lead, "paragraphs", ()):
        if paragraph and paragraph[0].computation is None:
            yield paragraph[0]


def _still_there(sentence: Sentence, dossier: Dossier, ledger: Ledger, owners: dict[str, str]) -> tuple[str, ...]:
    """The citations of an old sentence entered anew; empty when one is gone or its record has changed."""
    keys = []
    for key in sentence.citations:
        claim = dossier.claims.get(owners.get(key, ""))
        if claim is None:
            return ()
        if key not in ledger and key not in ledger.claim_keys(claim):
            return ()
        keys.append(key)
    return tuple(keys)


# --- what is not known -----------------------------------------------------------------------------------------------


def unknown(dossier: Dossier, ledger: Ledger, facts: Facts, lead: Sequence[str]) -> tuple[DraftSentence, ...]:
    """Computed sentences about the limits of what is above. `lead`: keys of the first sentences.

    That one origin gives a thing is said once at most, of a figure that no other origin's record holds.
    """
    found: list[DraftSentence | None] = []
    contested = {side for d in disputes(dossier) for side in (d.a, d.b)}
    for key in lead[:3]:
        if facts.counts.origins > 1 and ledger.claim(key).id not in contested and _alone(key, dossier, ledger):
            found.append(computed("single_origin", (key,), facts, (key,)))
            break
    found.extend(_unheard(lead[:LEAD], facts))
    for name in ("summaries", "cut_off"):
        found.append(computed(name, (), facts))
    return tuple(s for s in found if s is not None)


def _alone(key: str, dossier: Dossier, ledger: Ledger) -> bool:
    """Whether a span gives a figure of some weight that no record of another origin holds."""
    figures = [q for q in quantities.find(ledger.evidence(key).quote) if q.unit and q.value > 2]
    if not figures:
        return False
    own = ledger.origin(key)
    theirs = {c.record_id for c in dossier.claims.values() if dossier.origins.get(c.id, c.record_id) == own}
    others = [dossier.records[r].text for r in sorted(dossier.records) if r not in theirs]
    held = [q for text in others for q in quantities.find(text)]
    return bool(others) and not any(quantities.equal(f, q) or f.value == q.value for f in figures for q in held)


def _unheard(lead: Sequence[str], facts: Facts) -> Iterator[DraftSentence | None]:
    """For the organisation that the lead speaks of most: that none of the cited records is its own."""
    mentions: Counter[str] = Counter()
    where: dict[str, tuple[str, str]] = {}
    for key in dict.fromkeys(lead):
        quote = facts.quotes[key]
        for mention in names.find(quote):
            if mention.kind == "organisation" and (" " in mention.text or mention.text.isupper()):
                mentions[mention.key] += 1
                article = "the " if quote[: mention.span.start].endswith("the ") else ""
                where.setdefault(mention.key, (key, article + mention.text))
    for entity, _ in sorted(mentions.items(), key=lambda kv: (-kv[1], kv[0]))[:1]:
        key, text = where[entity]
        yield computed("no_record_from", (key, plain_title(text)), facts, (key,))
