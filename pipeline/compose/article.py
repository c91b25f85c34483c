"""From a dossier to an article: plan, settle, and put the parts together in the order a reader meets them.

The body is settled first; headline, dek and takeaways are taken from what survived; computed sentences come last,
because they count what is printed. Pure: the same dossier and settings give the same article.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.compose.headline import DEFINITE, candidates, short_title
from pipeline.compose.layout import Budget, body, choose, elsewhere
from pipeline.compose.ledger import Ledger
from pipeline.compose.questions import questions
from pipeline.compose.selection import ESSAY, Point, points
from pipeline.compose.settle import Printed, Settler
from pipeline.compose.slots import SlotSection
from pipeline.compose.standing import changed, disagreements, disputes, growth, so_far, unknown
from pipeline.compose.timing import Night, reacts
from pipeline.compose.tongues import foreign, home
from pipeline.computations import Facts
from pipeline.domain import (
    Citation,
    CitedRecord,
    Dossier,
    DraftSentence,
    Dropped,
    Section,
    Sentence,
    StoryCounts,
)
from pipeline.settings import WriteSettings

TAKEAWAYS = 3
LEADING = 8  # best points that a headline should rest on
PLENTY = 16  # points from which questions need not wait for what the body leaves
BODIED = 10  # best points: the body's, more likely than an answer
LED = 4  # sentences of the body's beginning that "what changed" need not repeat
TRIED = 24  # headlines tried before a story is given up


@dataclass(frozen=True, slots=True)
class Manuscript:
    """What a model proposes in place of the extractive body, already turned into slots."""

    headlines: tuple[DraftSentence, ...]
    dek: tuple[DraftSentence, ...]
    body: tuple[SlotSection, ...]
    questions: tuple[SlotSection, ...]
    ledger: Ledger
    writer: str
    prompts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Article:
    """A settled article: everything of a Story that depends on the dossier alone."""

    headline: Sentence
    dek: Sentence | None
    short_title: str
    sections: tuple[Section, ...]
    citations: tuple[Citation, ...]
    records: tuple[CitedRecord, ...]
    dropped: tuple[Dropped, ...]
    counts: StoryCounts
    writer: str
    prompts: Mapping[str, str]
    claim_sentences: int  # distinct cited sentences of the body
    origins_cited: int


@dataclass(frozen=True, slots=True)
class Unwritten:
    """Why no article came of a dossier, in plain words."""

    reason: str
    dropped: tuple[Dropped, ...] = ()


def write_article(
    dossier: Dossier, settings: WriteSettings, manuscript: Manuscript | None = None
) -> Article | Unwritten:
    """The article of `dossier`, by the extractive writer or from a model's `manuscript`."""
    found = points(dossier)
    ledger = manuscript.ledger if manuscript else Ledger(dossier)
    settler = Settler(ledger, _facts(dossier, ledger, ()))
    differ = _settle_one(disagreements(dossier, ledger, settler.facts), settler)  # first: both sides find room
    headline = _headline(manuscript, settler, found)  # before the body, which could use up what may be quoted
    asked: list[Section] = []
    if not manuscript and len(found) >= PLENTY:  # the best answers find room before the body; it need not repeat them
        asked = _settle(questions(found, ledger, frozenset(p.claim.id for p in found[:BODIED])), settler)[0]
    answers = {ledger.claim(k).id for s in asked for p in s.paragraphs for x in p for k in x.citations}
    told = [p for p in found if p.claim.id not in answers]
    plan = manuscript.body if manuscript else _extract(told, ledger, settings, settler.quoted)
    sections, printed = _settle(plan, settler)
    language = home(dossier)
    own = [p for p in printed if not any(foreign(ledger.record(k), language) for k in p.sentence.citations)]
    count = len({p.sentence.text for p in own if p.sentence.citations})
    if count < settings.min_sentences:
        held = "1 cited sentence" if count == 1 else f"{count} cited sentences"
        return Unwritten(f"{held} held, {settings.min_sentences} are needed", tuple(settler.dropped))
    if headline is None:
        return Unwritten("no headline passed the gate", tuple(settler.dropped))
    dek = _dek(manuscript, settler, _news(own, dossier), headline)
    takeaways = _takeaways(_news(own, dossier), headline, dek)
    sections = _led_by(headline, sections, settler)
    settler.used.extend((*headline.citations, *(dek.citations if dek else ())))
    after = _after(found, manuscript, settler, printed, differ=differ, asked=asked)
    return _bind(
        dossier,
        settler,
        headline=headline,
        dek=dek,
        sections=[takeaways, *sections, *after],
        manuscript=manuscript,
        printed=printed,
    )


def _extract(
    found: Sequence[Point], ledger: Ledger, settings: WriteSettings, quoted: Sequence[str]
) -> tuple[SlotSection, ...]:
    """The extractive body beside what is `quoted` already, and last what is only to be had in another language."""
    chosen = choose(found, ledger, _budget(ledger.dossier, settings), quoted)
    return (*body(chosen, ledger), *elsewhere(ledger))


def _settle(plan: Sequence[SlotSection], settler: Settler) -> tuple[list[Section], list[Printed]]:
    sections: list[Section] = []
    printed: list[Printed] = []
    for slots in plan:
        section, sentences = settler.section(slots)
        if section is not None:
            sections.append(section)
            printed.extend(sentences)
    return sections, printed


def _budget(dossier: Dossier, settings: WriteSettings) -> Budget:
    """A body grows with its origins, ever slower, and with long records; no record gives more than its share."""
    origins = len(set(dossier.origins.values())) or 1
    essays = sum(len(record.text) > ESSAY for record in dossier.records.values())
    sentences = min(settings.max_sentences, 6 + round(3 * math.log2(origins)) + min(8, 2 * essays))
    return Budget(sentences, max(3, math.ceil(1.5 * sentences / len(dossier.records))))


# --- what stands above the body --------------------------------------------------------------------------------------


def _headline(manuscript: Manuscript | None, settler: Settler, found: Sequence[Point]) -> Sentence | None:
    """The first candidate that passes: a model's, then the storyline's own words, best first."""
    dossier = settler.ledger.dossier
    disputed = frozenset(claim for d in disputes(dossier) for claim in (d.a, d.b))
    lead = [claim for point in found[:LEADING] for claim in point.finding.claim_ids]
    proposed = manuscript.headlines if manuscript else ()
    wordings = (*proposed, *candidates(settler.ledger, disputed, lead))
    return settler.sentence(wordings[:TRIED], "headline") if wordings else None


def _led_by(headline: Sentence, sections: Sequence[Section], settler: Settler) -> list[Section]:
    """The sections with the paragraph that bears out the headline first in the first section, where it stands there."""
    if not sections:
        return []
    findings = {c: f.id for f in settler.ledger.dossier.findings for c in f.claim_ids}

    def told(keys: Sequence[str]) -> set[str]:
        return {findings.get(c, c) for c in (settler.ledger.claim(key).id for key in keys)}

    wanted = told(headline.citations)
    first, *rest = sections
    ordered = sorted(first.paragraphs, key=lambda p: not any(wanted & told(s.citations) for s in p))
    return [replace(first, paragraphs=tuple(ordered)), *rest]


def _dek(
    manuscript: Manuscript | None, settler: Settler, printed: Sequence[Printed], headline: Sentence
) -> Sentence | None:
    """A model's dek if it holds, else the best body sentence that says something else than the headline."""
    if manuscript and manuscript.dek:
        sentence = settler.sentence(manuscript.dek, "dek")
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


def _takeaways(printed: Sequence[Printed], headline: Sentence, dek: Sentence | None) -> Section | None:
    """Three body sentences that stand by themselves, the best first, one per finding, the dek's only if need be."""
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
        if len(chosen) < TAKEAWAYS and all(p.slot.finding_id != c.slot.finding_id for c in chosen):
            chosen.append(p)
    if not chosen:
        return None
    return Section("takeaways", "Key points", tuple((p.sentence,) for p in chosen))


def _news(printed: Sequence[Printed], dossier: Dossier) -> list[Printed]:
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


# --- what stands below it --------------------------------------------------------------------------------------------


def _after(
    found: Sequence[Point],
    manuscript: Manuscript | None,
    settler: Settler,
    printed: Sequence[Printed],
    *,
    differ: Section | None,
    asked: Sequence[Section],
) -> list[Section]:
    """Changes, disagreements, unknowns, earlier versions and questions, in the order of the page."""
    ledger = settler.ledger
    dossier = ledger.dossier
    cited = frozenset(key for p in printed for key in p.sentence.citations)
    led = frozenset(c for p in printed[:LED] for c in p.slot.claim_ids)
    news = _settle_one(changed(dossier, found, ledger, led), settler)
    before = _settle_one(so_far(dossier, ledger, cited), settler)
    bodied = frozenset(c for p in printed for c in p.slot.claim_ids)
    if not asked:
        asked = _settle(manuscript.questions if manuscript else questions(found, ledger, bodied), settler)[0]
    settler.facts = _facts(dossier, ledger, settler.used)
    news = _with_computed(
        news, "changed", "What changed since the last version", growth(dossier, settler.facts), settler
    )
    lead = [p.sentence.citations[0] for p in printed if p.sentence.citations and p.portable]
    limits = unknown(dossier, ledger, settler.facts, lead)
    open_ = _with_computed(None, "unknown", "What is not known", limits, settler)
    return [s for s in (news, differ, open_, before, *asked) if s is not None]


def _settle_one(plan: SlotSection | None, settler: Settler) -> Section | None:
    return settler.section(plan)[0] if plan else None


def _with_computed(
    section: Section | None, role: str, heading: str, drafts: Sequence[DraftSentence], settler: Settler
) -> Section | None:
    """`section` with computed sentences before its own, or a section of them alone."""
    held = [s for s in (settler.sentence((d,), role) for d in drafts) if s is not None]
    paragraphs = tuple((s,) for s in held)
    if section is None:
        return Section(role, heading, paragraphs) if paragraphs else None
    return replace(section, paragraphs=(*paragraphs, *section.paragraphs))


# --- binding ---------------------------------------------------------------------------------------------------------


def _facts(dossier: Dossier, ledger: Ledger, used: Sequence[str]) -> Facts:
    """What computations may read, for the citations `used`."""
    keys = sorted(set(used))
    owners = sorted({ledger.record(key).id for key in keys})
    return Facts(
        origins={key: ledger.origin(key) for key in keys},
        quotes={key: ledger.evidence(key).quote for key in keys},
        keyed_records={key: ledger.record(key).id for key in keys},
        records={owner: ledger.cited_record(dossier.records[owner], keys) for owner in owners},
        counts=_counts(dossier, owners),
        previous=dossier.previous.id if dossier.previous else None,
    )


def _counts(
    dossier: Dossier, cited: Sequence[str], drafted: int = 0, repaired: int = 0, dropped: int = 0
) -> StoryCounts:
    times = [record.published for record in dossier.records.values()]
    return StoryCounts(
        records=len(dossier.records),
        origins=len(set(dossier.origins.values())),
        platforms=tuple(sorted({dossier.records[r].platform for r in cited})),
        window_start=min(times),
        window_end=max(times),
        cited_records=len(cited),
        drafted=drafted,
        repaired=repaired,
        dropped=dropped,
    )


def _bind(
    dossier: Dossier,
    settler: Settler,
    *,
    headline: Sentence,
    dek: Sentence | None,
    sections: Sequence[Section | None],
    manuscript: Manuscript | None,
    printed: Sequence[Printed],
) -> Article:
    """The article with its citations in order of first use."""
    ledger = settler.ledger
    shown = tuple(section for section in sections if section is not None)
    every = [headline, *([dek] if dek else []), *(s for c in shown for p in c.paragraphs for s in p)]
    keys = tuple(dict.fromkeys(key for sentence in every for key in sentence.citations))
    owners = tuple(dict.fromkeys(ledger.record(key).id for key in keys))
    return Article(
        headline=headline,
        dek=dek,
        short_title=short_title(headline.text, dossier.storyline.label),
        sections=shown,
        citations=tuple(ledger.citation(key) for key in keys),
        records=tuple(ledger.cited_record(dossier.records[owner], keys) for owner in owners),
        dropped=tuple(settler.dropped),
        counts=_counts(dossier, owners, settler.drafted, settler.repaired, len(settler.dropped)),
        writer=manuscript.writer if manuscript else "extractive",
        prompts=dict(manuscript.prompts) if manuscript else {},
        claim_sentences=len({p.sentence.text for p in printed if p.sentence.citations}),
        origins_cited=len({ledger.origin(key) for key in keys}),
    )
