"""The body: which points are said, under which heading, in which order, and how each is attributed there.

The lead section tells the strongest points; what remains is grouped by a name that several points share, else by what
sort of statement it is. Inside a paragraph sentences of one record keep the record's order, so that a sentence that
opens with "It" stands right behind the one it points to, or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from pipeline.compose.carrying import CARRIED
from pipeline.compose.casing import Casing
from pipeline.compose.dating import dated
from pipeline.compose.forms import Place, wordings
from pipeline.compose.ledger import Ledger
from pipeline.compose.selection import Point, rank
from pipeline.compose.slots import Slot, SlotSection
from pipeline.compose.timing import reacts
from pipeline.compose.tongues import foreign, home, named
from pipeline.compose.trim import pieces
from pipeline.domain import Claim, ClaimKind, DraftSentence, Hedge
from pipeline.language import names, words
from pipeline.variants import EARLIER

REACH = 400  # code points back in which a sentence looks for what "these" means
MAX_LEAD = 5
FOLLOWS = 0.6  # how much more a point weighs once that to which it points is chosen
NEWS = 0.8  # how much news to the reader weighs beside a point's score
LEAST_NEWS = 0.35
MIN_SECTION = 2

HEADINGS = ("What happened", "The numbers", "What is planned", "Who says what", "More detail")

_NAME = re.compile(r"(?:[^\W\d_][\w.&'’]*)(?:[ -][\w.&'’]{2,})*")


@dataclass(frozen=True, slots=True)
class Budget:
    """How much a body may hold."""

    sentences: int
    per_record: int


def choose(
    points: Sequence[Point],
    ledger: Ledger,
    budget: Budget,
    reserved: Sequence[str] = (),
    *,
    first: Point | None = None,
) -> tuple[Point, ...]:
    """The points to print, within the quote limits: `first`, then each time the best of score and news to the reader.

    `reserved` are keys that other sections will quote (both sides of a dispute): room is kept for them.

    News is the share of a statement's content words that no chosen one holds (maximal marginal relevance: Carbonell
    and Goldstein 1998). A point that leans comes only with the one it leans on.
    """
    chosen: list[Point] = []
    used: list[str] = list(reserved)
    said: set[str] = set()
    left = list(points)
    while left and len(chosen) < budget.sentences:
        ready = [p for p in left if not (p.leans or p.points_back) or any(_referred(o, p) for o in chosen)]
        if not ready:
            break
        best = min(
            ready,
            key=lambda p: (
                p is not first,
                -round(p.score + NEWS * news(p, said) + FOLLOWS * p.points_back, 6),
                rank(p),
            ),
        )
        left.remove(best)
        key = ledger.cite(best.claim, best.piece.start, best.piece.end)
        share = sum(p.record.id == best.record.id for p in chosen)
        if share >= budget.per_record or news(best, said) < LEAST_NEWS or not ledger.fits([key], used):
            continue
        chosen.append(best)
        used.append(key)
        said |= best.content
    return tuple(sorted(chosen, key=rank))


def bearing(points: Sequence[Point], headline: str) -> Point | None:
    """The point that tells what a headline says, best one with more to tell than it; None where none does."""
    own = set(words.content(headline))
    telling = [p for p in points if len(own & p.content) >= CARRIED * len(own) and not (p.leans or p.points_back)]
    return min(telling, key=lambda p: (p.claim.in_headline, -len(own & p.content), rank(p)), default=None)


def news(point: Point, said: Set[str]) -> float:
    """Share of a point's content words that are not said yet."""
    return len(point.content - said) / len(point.content) if point.content else 0.0


def body(chosen: Sequence[Point], ledger: Ledger, headlined: Set[str] = frozenset()) -> tuple[SlotSection, ...]:
    """The sections of the body. What bears out the headline (`headlined`, its claims' ids) opens it."""
    lead, groups = _arrange(chosen, headlined)
    writer = _Writer(ledger)
    sections = [SlotSection("body", HEADINGS[0], writer.paragraphs(lead, best_first=True))] if lead else []
    sections.extend(SlotSection("body", heading, writer.paragraphs(_in_time(group))) for heading, group in groups)
    return tuple(sections)


def sections_of(groups: Sequence[tuple[str | None, Sequence[Point]]], ledger: Ledger) -> tuple[SlotSection, ...]:
    """A section for each group of points under its heading, attributions varied over all of them."""
    writer = _Writer(ledger)
    return tuple(SlotSection("body", name, writer.paragraphs(group, best_first=True)) for name, group in groups)


def _in_time(group: Sequence[Point]) -> list[Point]:
    """A group in the order in which it was told; what only reacts comes last."""
    return sorted(group, key=lambda p: (reacts(p.piece.text), p.claim.published, p.record.id, p.piece.start))


def _referred(first: Point, second: Point) -> bool:
    """Whether `second` can point to `first`: right before it where it opens so, else a little before it."""
    if second.leans:
        return _directly_before(first, second)
    gap = second.piece.start - first.piece.end
    return first.record.id == second.record.id and 0 <= gap <= REACH


def _directly_before(first: Point, second: Point) -> bool:
    """Whether `first` ends right where `second` begins in the same record."""
    ends, begins = first.claim.evidence[0].end, second.claim.evidence[0].start
    return (
        first.record.id == second.record.id and ends <= begins and not first.record.text[ends:begins].strip(" \n.”\"'")
    )


def elsewhere(ledger: Ledger) -> tuple[SlotSection, ...]:
    """What records in other languages say, quoted as it stands, under a heading that names the language.

    At most two quotations a language, the most check-worthy, of records that are tonight's or the only ones.
    """
    dossier = ledger.dossier
    language = home(dossier)
    by_language: dict[str, list[tuple[float, str, Slot]]] = {}
    for claim in dossier.claims.values():
        record = dossier.records.get(claim.record_id)
        name = named(record) if record and foreign(record, language) else None
        if record is None or name is None or claim.in_headline:
            continue
        for piece in pieces(claim, record)[:1]:
            key = ledger.cite(claim, piece.start, piece.end)
            voice = ledger.voices.of(record)
            texts = (f'{voice.opening} writes in {name}: "{piece.text}."', f'{voice.opening} writes: "{piece.text}."')
            if '"' not in piece.text and "“" not in piece.text:
                forms = tuple(DraftSentence(text, (key,)) for text in texts)
                by_language.setdefault(name, []).append((-claim.worth, claim.id, Slot(forms, (), (claim.id,))))
    return tuple(
        SlotSection("body", f"Written in {name}", (tuple(slot for *_, slot in sorted(found, key=lambda f: f[:2])[:2]),))
        for name, found in sorted(by_language.items())
    )


# --- arranging -------------------------------------------------------------------------------------------------------


def _arrange(chosen: Sequence[Point], headlined: Set[str]) -> tuple[list[Point], list[tuple[str, list[Point]]]]:
    """The lead's points, all of tonight where there are such; the headed groups of the others; last what is older."""
    free = [p for p in chosen if not (p.leans or p.points_back)]
    size = max(2, min(MAX_LEAD, -(-len(free) // 3))) if len(free) > 3 else len(free)
    news = [p for p in free if p.new and not reacts(p.piece.text)] or free
    news = sorted(news, key=lambda p: not headlined & set(p.finding.claim_ids))
    lead = news[:size]
    led = {p.claim.id for p in lead}
    rest = [p for p in free if p.claim.id not in led and (p.new or not lead[0].new)]
    earlier = [p for p in free if p.claim.id not in led and not p.new and lead[0].new]
    groups = _by_name(rest, chosen) if len(rest) >= 6 else []
    named = {p.claim.id for _, group in groups for p in group}
    groups.extend(_by_sort([p for p in rest if p.claim.id not in named]))
    lead, groups = _fold_small(lead, groups)
    if earlier:
        groups.append((EARLIER, earlier))
    _attach(chosen, lead, groups)
    return lead, groups


def _by_name(rest: Sequence[Point], chosen: Sequence[Point]) -> list[tuple[str, list[Point]]]:
    """Groups of points that share a name which is not everywhere; at most three, the largest first."""
    groups: list[tuple[str, list[Point]]] = []
    left = list(rest)
    while len(groups) < 3:
        best: tuple[str, list[Point]] | None = None
        for entity in sorted({e for p in left for e in p.claim.entities}):
            members = [p for p in left if entity in p.claim.entities]
            everywhere = 2 * sum(entity in p.claim.entities for p in chosen) > len(chosen)
            if len(members) >= 3 and not everywhere and (best is None or len(members) > len(best[1])):
                heading = shown(entity, members)
                best = (heading, members) if heading else best
        if best is None:
            break
        groups.append(best)
        gone = {p.claim.id for p in best[1]}
        left = [p for p in left if p.claim.id not in gone]
    return groups


def shown(entity: str, members: Sequence[Point]) -> str | None:
    """How the members write the name of `entity`, the most frequent spelling; None where none does."""
    spellings = [m.text for p in members for m in names.find(p.piece.text) if m.key == entity]
    spellings = [text for text in spellings if len(text) > 2 and _NAME.fullmatch(text)]
    return min(sorted(set(spellings)), key=lambda s: (-spellings.count(s), s)) if spellings else None


def _by_sort(points: Sequence[Point]) -> list[tuple[str, list[Point]]]:
    """Groups by the sort of statement, in a fixed order."""
    sorted_groups: dict[str, list[Point]] = {heading: [] for heading in HEADINGS[1:]}
    for point in points:
        sorted_groups[_sort(point.claim)].append(point)
    return [(heading, group) for heading, group in sorted_groups.items() if group]


def _sort(claim: Claim) -> str:
    if reacts(claim.text):
        return "Who says what"
    if claim.kind is ClaimKind.FORECAST or claim.hedge in {Hedge.PLANS, Hedge.EXPECTS}:
        return "What is planned"
    if claim.speaker or claim.kind in {ClaimKind.QUOTE, ClaimKind.OPINION}:
        return "Who says what"
    return "The numbers" if claim.quantities else "More detail"


def _fold_small(
    lead: list[Point], groups: list[tuple[str, list[Point]]]
) -> tuple[list[Point], list[tuple[str, list[Point]]]]:
    """Groups too small for a heading join "More detail"; if that stays too small, the lead takes it."""
    large = [(h, g) for h, g in groups if len(g) >= MIN_SECTION and h != HEADINGS[-1]]
    small = [p for h, g in groups if len(g) < MIN_SECTION or h == HEADINGS[-1] for p in g]
    if len(small) >= MIN_SECTION:
        return lead, [*large, (HEADINGS[-1], sorted(small, key=rank))]
    return [*lead, *small], large


def _attach(chosen: Sequence[Point], lead: list[Point], groups: list[tuple[str, list[Point]]]) -> None:
    """Put every leaning point right behind the point it leans on, wherever that went."""
    bound = [p for p in chosen if p.leans or p.points_back]
    for point in sorted(bound, key=lambda p: (p.record.id, p.piece.start)):
        for members in (lead, *(group for _, group in groups)):
            at = next((i for i, other in enumerate(members) if _referred(other, point)), None)
            if at is not None:
                members.insert(at + 1, point)
                break


# --- wording ---------------------------------------------------------------------------------------------------------


class _Writer:
    """Words the points in reading order; counts attributions so that they vary."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.casing = Casing.of(ledger.dossier.records.values())
        self.count = 0

    def paragraphs(self, members: Sequence[Point], *, best_first: bool = False) -> tuple[tuple[Slot, ...], ...]:
        """One paragraph per record, in the members' order; short neighbours share a paragraph.

        Sentences stand as in their record; with `best_first` the first member opens, where nothing leans on another.
        """
        by_record: dict[str, list[Point]] = {}
        for point in members:
            by_record.setdefault(point.record.id, []).append(point)
        blocks = [_ordered(group, best_first) for group in by_record.values()]
        merged: list[list[Point]] = []
        for block in blocks:
            if merged and len(merged[-1]) + len(block) <= 3:
                merged[-1].extend(block)
            else:
                merged.append(list(block))
        return tuple(tuple(self._slots(block)) for block in merged)

    def _slots(self, block: Sequence[Point]) -> list[Slot]:
        slots: list[Slot] = []
        before: Point | None = None
        named = False  # the source of the sentence before stands in this paragraph
        for point in block:
            follows = before is not None and before.record.id == point.record.id
            slot = point_slot(point, self.ledger, Place(follows, self.count, named and follows), self.casing)
            if slot is not None:
                voice = self.ledger.voices.of(point.record)
                named = (named and follows) or voice.first in slot.forms[0].text or voice.opening in slot.forms[0].text
                slots.append(slot)
                self.count += 1
            before = point
        return slots


def _ordered(group: Sequence[Point], best_first: bool) -> list[Point]:
    """The points of one record as it has them; with `best_first` the first of `group` before them."""
    told = sorted(group, key=lambda p: p.piece.start)
    if not best_first or any(p.leans or p.points_back for p in group):
        return told
    return [group[0], *(p for p in told if p is not group[0])]


def point_slot(point: Point, ledger: Ledger, place: Place, casing: Casing) -> Slot | None:
    """The slot of a point: every wording of every piece, best first; None when there is none."""
    alone = _forms(point, ledger, Place(count=place.count), casing)
    forms = _forms(point, ledger, place, casing) if place.continues else alone
    if not forms:
        return None
    return Slot(
        forms, () if point.leans or point.points_back else alone, (point.claim.id,), point.finding.id, point.score
    )


def _forms(point: Point, ledger: Ledger, place: Place, casing: Casing) -> tuple[DraftSentence, ...]:
    name, place = ledger.voices.of(point.record), replace(place, worn=ledger.dossier.worn)
    found: list[DraftSentence] = []
    for piece in point.pieces:
        key = ledger.cite(point.claim, piece.start, piece.end)
        for one in (dated(piece, point.claim, point.record.published, ledger.dossier.now), piece):
            texts = wordings(one, point.claim, point.record, name, place=place, casing=casing) if one else ()
            found.extend(DraftSentence(text, (key,)) for text in texts)
    return tuple(dict.fromkeys(found))
