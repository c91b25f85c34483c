"""What stands above the body: the headline, the dek and the key points, all of them things that the body tells.

A headline is settled before the body, which could use up what may be quoted, and kept where the body carries it; dek
and key points are sentences of the body (a model's dek must be carried too).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from pipeline.compose.carrying import carried
from pipeline.compose.headline import DEFINITE, candidates
from pipeline.compose.selection import Point
from pipeline.compose.settle import Printed, Settler, dropped, with_keys
from pipeline.compose.standing import computed, disputes
from pipeline.compose.timing import Night, reacts
from pipeline.domain import Dossier, DraftSentence, Label, Reason, Section, Sentence, StoryKind, Verdict

_NOT_CARRIED = Verdict(Label.UNCERTAIN, (Reason("headline", "the body does not tell what it says"),), 0.0)
LEADING = 8  # best points that a headline should rest on
TRIED = 24  # headlines tried before a story is given up


def wordings(proposed: Sequence[DraftSentence], settler: Settler, found: Sequence[Point]) -> tuple[DraftSentence, ...]:
    """Headlines to try, best first: a model's `proposed`, then the storyline's own words."""
    dossier = settler.ledger.dossier
    disputed = frozenset(claim for d in disputes(dossier) for claim in (d.a, d.b))
    lead = [claim for point in found[:LEADING] for claim in point.finding.claim_ids]
    return (*proposed, *candidates(settler.ledger, disputed, lead))[:TRIED]


def borne_out(
    first: Sentence | None, offered: Sequence[DraftSentence], settler: Settler, printed: Sequence[Printed]
) -> Sentence | None:
    """The headline: `first` where the body carries it, else the next of `offered` that it carries and that passes."""
    body = [p.sentence.text for p in printed]
    if first is not None:
        if carried(first.text, body):
            return first
        settler.dropped.append(dropped(DraftSentence(first.text, first.citations), "headline", _NOT_CARRIED))
    fitting = (one for one in offered if (first is None or one.text != first.text) and carried(one.text, body))
    return settler.sentence(chosen, "headline") if (chosen := tuple(islice(fitting, TRIED))) else None


def surveyed(settler: Settler, sections: Sequence[Section], kind: StoryKind) -> Sentence | None:
    """The computed headline of a story of several storylines: what they have in common, how many there are, the day."""
    ledger = settler.ledger
    dossier = ledger.dossier
    keys = [key for part in sections for paragraph in part.paragraphs for s in paragraph for key in s.citations]
    name = dossier.beat if kind is StoryKind.BEAT else dossier.storyline.label
    cites = () if kind is StoryKind.BEAT else tuple(key for key in keys if name in ledger.evidence(key).quote)[:1]
    parts = sum(part.role == "body" for part in sections)
    settler.facts = replace(settler.facts, beat=dossier.beat, parts=parts, written=dossier.now)
    draft = computed("survey", (name,), with_keys(settler.facts, ledger, cites), cites)
    return settler.sentence((draft,), "headline") if draft else None


def led_by(headline: Sentence, sections: Sequence[Section], settler: Settler) -> list[Section]:
    """The sections with the paragraph that bears out the headline first in the first section, where it stands there.

    Of several storylines the section that bears it out comes first."""
    if not sections:
        return []
    findings = {c: f.id for f in settler.ledger.dossier.findings for c in f.claim_ids}

    def told(keys: Sequence[str]) -> set[str]:
        return {findings.get(c, c) for c in (settler.ledger.claim(key).id for key in keys)}

    wanted = told(headline.citations)
    if settler.ledger.dossier.members:
        return sorted(sections, key=lambda c: not any(wanted & told(s.citations) for p in c.paragraphs for s in p))
    first, *rest = sections
    ordered = sorted(first.paragraphs, key=lambda p: not any(wanted & told(s.citations) for s in p))
    return [replace(first, paragraphs=tuple(ordered)), *rest]


def dek(
    proposed: Sequence[DraftSentence], settler: Settler, printed: Sequence[Printed], headline: Sentence
) -> Sentence | None:
    """A model's dek if it holds and is carried, else the best body sentence that says what the headline does not."""
    body = [p.sentence.text for p in printed]
    if fitting := [one for one in proposed if carried(one.text, body)]:
        sentence = settler.sentence(fitting, "dek")
        if sentence is not None:
            return sentence
    ledger = settler.ledger
    claims = {ledger.claim(k).id for k in headline.citations}
    findings = {f.id for f in ledger.dossier.findings if claims & set(f.claim_ids)}
    origins = {ledger.origin(k) for k in headline.citations}
    others = [p for p in _standing(printed) if p.slot.finding_id not in findings]

    def order(p: Printed) -> tuple[bool, bool, float]:
        definite = bool(DEFINITE.match(p.sentence.text))
        return (definite, {ledger.origin(k) for k in p.sentence.citations} <= origins, -p.slot.worth)

    return min(others, key=order).sentence if others else None


def takeaways(printed: Sequence[Printed], dek: Sentence | None, most: int) -> Section | None:
    """`most` body sentences that stand by themselves, the best first, one per finding, the dek's only if need be."""
    standing = sorted(
        _standing(printed),
        key=lambda p: (
            dek is not None and p.sentence.text == dek.text,
            bool(DEFINITE.match(p.sentence.text)),
            -p.slot.worth,
        ),
    )
    chosen: list[Printed] = []
    for p in standing:
        if len(chosen) < most and all(p.slot.finding_id != c.slot.finding_id for c in chosen):
            chosen.append(p)
    if not chosen:
        return None
    return Section("takeaways", "Key points", tuple((p.sentence,) for p in chosen))


def news(printed: Sequence[Printed], dossier: Dossier) -> list[Printed]:
    """The sentences that may stand above the body: undisputed, no mere reaction, tonight's where there are any."""
    contested = {side for d in disputes(dossier) for side in (d.a, d.b)}
    night = Night.of(dossier)
    plain = [p for p in printed if not contested & set(p.slot.claim_ids) and not reacts(p.sentence.text)] or list(
        printed
    )
    fresh = [p for p in plain if any(dossier.claims[c].record_id in night.news for c in p.slot.claim_ids)]
    return fresh if len(fresh) > 1 else [*fresh, *(p for p in plain if p not in fresh)]


def _standing(printed: Sequence[Printed]) -> list[Printed]:
    return [p for p in printed if p.portable and p.sentence.citations]
