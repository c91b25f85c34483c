"""From a dossier to an article: plan, settle, and put the parts together in the order a reader meets them.

The body is settled first; headline, dek and takeaways are taken from what survived; computed sentences come last,
because they count what is printed. Pure: the same dossier and settings give the same article.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from pipeline.amends import Answered
from pipeline.compose import top
from pipeline.compose.headline import short_title
from pipeline.compose.layout import Budget, bearing, body, choose, elsewhere
from pipeline.compose.ledger import Ledger
from pipeline.compose.questions import questions
from pipeline.compose.replies import answered
from pipeline.compose.selection import ESSAY, Point, points
from pipeline.compose.settle import Printed, Settler
from pipeline.compose.several import one_after_the_other
from pipeline.compose.shapes import SHAPES, Shape, cut
from pipeline.compose.slots import SlotSection
from pipeline.compose.standing import changed, disagreements, growth, signalled, so_far, unknown
from pipeline.compose.tongues import foreign, home
from pipeline.computations import Facts
from pipeline.domain import (
    Citation,
    CitedRecord,
    Dossier,
    DraftSentence,
    Dropped,
    Held,
    Section,
    Sentence,
    StoryCounts,
    StoryKind,
    Verdict,
)
from pipeline.gate.frames import peel
from pipeline.preferences import WriteSettings

PLENTY = 16  # points from which questions need not wait for what the body leaves
BODIED = 10  # best points: the body's, more likely than an answer
LED = 4  # sentences of the body's beginning that "what changed" need not repeat


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
    answers: tuple[Answered, ...] = ()  # of the model, in the order asked


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
    waiting: tuple[Held, ...] = ()  # what a person has to decide on
    answers: tuple[Answered, ...] = ()  # of a model, in the order asked

    def printed(self) -> tuple[Sentence, ...]:
        """Every sentence, headline and dek first."""
        told = (s for section in self.sections for paragraph in section.paragraphs for s in paragraph)
        return (self.headline, *([self.dek] if self.dek else ()), *told)


@dataclass(frozen=True, slots=True)
class Unwritten:
    """Why no article came of a dossier, in plain words; `short`: what was refused would have made it long enough."""

    reason: str
    dropped: tuple[Dropped, ...] = ()
    short: bool = False
    waiting: tuple[Held, ...] = ()


def write_article(
    dossier: Dossier,
    settings: WriteSettings,
    manuscript: Manuscript | None = None,
    *,
    shape: Shape = SHAPES[StoryKind.STORY],
    refused: Mapping[str, Verdict] | None = None,
) -> Article | Unwritten:
    """The article of `dossier` in the form `shape`, by the extractive writer or from a model's `manuscript`.

    `refused`: sentences that a judge beside the gate refuses, by hash of text (pipeline/newsroom/opinions.py).
    """
    ledger = manuscript.ledger if manuscript else Ledger(dossier)
    settler = Settler(ledger, _facts(dossier, ledger, ()), refused=refused or {}, mends=manuscript is not None)
    if settler.guard.refused():
        return Unwritten("kept out by a person of this desk")
    if settler.guard.let_through():
        settings = settings.model_copy(update={"min_sentences": 1})
    found = _written(dossier, settings, manuscript, shape, settler)
    if isinstance(found, Unwritten) and found.short:
        settler.guard.hold_story(found.reason)
    return replace(found, waiting=tuple(settler.guard.waits.values()))


def _written(
    dossier: Dossier, settings: WriteSettings, manuscript: Manuscript | None, shape: Shape, settler: Settler
) -> Article | Unwritten:
    """The article as `settler` lets it through: plan, settle, and put together."""
    found = points(dossier)
    ledger = settler.ledger
    differ = None
    if "disagreements" in shape.parts:  # first: both sides find room
        differ = _settle_one(disagreements(dossier, ledger, settler.facts), settler)
    several = bool(shape.each)  # then the headline is computed, last
    offered = () if several else top.wordings(manuscript.headlines if manuscript else (), settler, found)
    headline = settler.sentence(offered, "headline") if offered else None  # before the body, which could use up quotes
    asked: list[Section] = []
    if "question" in shape.parts and not manuscript and len(found) >= PLENTY:  # the best answers find room first
        asked = _settle(questions(found, ledger, frozenset(p.claim.id for p in found[:BODIED])), settler)[0]
    answers = {ledger.claim(k).id for s in asked for p in s.paragraphs for x in p for k in x.citations}
    told = [p for p in found if p.claim.id not in answers]
    signal = signalled(dossier, settler.facts) if "signal" in shape.parts else None
    plan = manuscript.body if manuscript else _extract(told, settler, settings, shape, headline)
    sections, printed = _settle(_bounded(plan, shape, signal), settler)
    language = home(dossier)
    own = [p for p in printed if not any(foreign(ledger.record(k), language) for k in p.sentence.citations)]
    count, least = len({p.sentence.text for p in own if p.sentence.citations}), shape.enough(settings)
    if count < least:
        held = "1 cited sentence" if count == 1 else f"{count} cited sentences"
        short = count + len({d.text_hash for d in settler.dropped if d.role == "body" and d.citations}) >= least
        return Unwritten(f"{held} held, {least} {'is' if least == 1 else 'are'} needed", tuple(settler.dropped), short)
    if headline is None and not several:
        return Unwritten("no headline passed the gate", tuple(settler.dropped))
    surveyed = top.surveyed(settler, sections, shape.kind) if several else None
    headline = surveyed or top.borne_out(headline, offered, settler, own)
    if headline is None:
        return Unwritten("no headline that the body bears out", tuple(settler.dropped))
    news = top.news(own, dossier)
    dek = top.dek(manuscript.dek if manuscript else (), settler, news, headline) if shape.dek else None
    takeaways = top.takeaways(news, dek, shape.takeaways)
    sections = _with_signal(top.led_by(headline, sections, settler), signal, settler)
    settler.used.extend((*headline.citations, *(dek.citations if dek else ())))
    after = _after(found, manuscript, settler, printed, differ=differ, asked=asked, parts=shape.parts)
    whole = answered([headline, *([dek] if dek else ())], [takeaways, *sections, *after], settler)
    if whole is None:
        return Unwritten("an accusation whose answer finds no room beside it", tuple(settler.dropped))
    return _bind(
        dossier,
        settler,
        headline=headline,
        dek=dek,
        sections=whole,
        manuscript=manuscript,
        printed=printed,
    )


def _extract(
    found: Sequence[Point], settler: Settler, settings: WriteSettings, shape: Shape, headline: Sentence | None
) -> tuple[SlotSection, ...]:
    """The extractive body beside what is quoted already, and last what is only to be had in another language."""
    ledger = settler.ledger
    if shape.each:
        return one_after_the_other(ledger, shape.each, settings.max_sentences, settler.quoted)
    first = bearing(found, peel(headline.text).core) if headline else None
    chosen = choose(found, ledger, _budget(ledger.dossier, settings, shape), settler.quoted, first=first)
    headlined = frozenset(ledger.claim(key).id for key in headline.citations) if headline else frozenset()
    headlined |= frozenset(first.finding.claim_ids) if first else frozenset()
    return (*body(chosen, ledger, headlined), *elsewhere(ledger))


def _bounded(plan: Sequence[SlotSection], shape: Shape, signal: DraftSentence | None) -> Sequence[SlotSection]:
    """The plan as far as the words of its shape go, with room for the signal's sentence; then it has no heading."""
    if shape.words is None:
        return plan
    taken = len(signal.text.split()) if signal else 0
    return [replace(section, heading=None) for section in cut(plan, shape.words - taken)]


def _with_signal(sections: list[Section], signal: DraftSentence | None, settler: Settler) -> list[Section]:
    """The sections with what the desk measured as the last paragraph of the last."""
    sentence = settler.sentence((signal,), "body") if signal else None
    if sentence is None or not sections:
        return sections
    last = sections[-1]
    return [*sections[:-1], replace(last, paragraphs=(*last.paragraphs, (sentence,)))]


def _settle(plan: Sequence[SlotSection], settler: Settler) -> tuple[list[Section], list[Printed]]:
    sections: list[Section] = []
    printed: list[Printed] = []
    for slots in plan:
        section, sentences = settler.section(slots)
        if section is not None:
            sections.append(section)
            printed.extend(sentences)
    return sections, printed


def _budget(dossier: Dossier, settings: WriteSettings, shape: Shape) -> Budget:
    """A body grows with its origins, ever slower, and with long records; no record gives more than its share."""
    origins = len(set(dossier.origins.values())) or 1
    essays = sum(len(record.text) > ESSAY for record in dossier.records.values())
    sentences = shape.sentences(6 + round(3 * math.log2(origins)) + min(8, 2 * essays), settings)
    return Budget(sentences, max(3, math.ceil(1.5 * sentences / len(dossier.records))))


# --- what stands below it --------------------------------------------------------------------------------------------


def _after(
    found: Sequence[Point],
    manuscript: Manuscript | None,
    settler: Settler,
    printed: Sequence[Printed],
    *,
    differ: Section | None,
    asked: Sequence[Section],
    parts: Set[str],
) -> list[Section]:
    """Changes, disagreements, unknowns, earlier versions and questions, as far as they are `parts`, in page order."""
    ledger = settler.ledger
    dossier = ledger.dossier
    cited = frozenset(key for p in printed for key in p.sentence.citations)
    led = frozenset(c for p in printed[:LED] for c in p.slot.claim_ids)
    bodied = frozenset(c for p in printed for c in p.slot.claim_ids)
    told = changed(dossier, found, ledger, led, bodied=bodied, quoted=settler.quoted) if "changed" in parts else None
    news = _settle_one(told, settler)
    before = _settle_one(so_far(dossier, ledger, cited), settler) if "so_far" in parts else None
    if not asked and "question" in parts:
        asked = _settle(manuscript.questions if manuscript else questions(found, ledger, bodied), settler)[0]
    settler.facts = _facts(dossier, ledger, settler.used)
    if "changed" in parts:
        grown = growth(dossier, settler.facts)
        news = _with_computed(news, "changed", "What changed since the last version", grown, settler)
    lead = [p.sentence.citations[0] for p in printed if p.sentence.citations and p.portable]
    limits = unknown(dossier, ledger, settler.facts, lead) if "unknown" in parts else ()
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
        signals={signal.id: signal for signal in dossier.signals},
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
        answers=manuscript.answers if manuscript else (),
        prompts=dict(manuscript.prompts) if manuscript else {},
        claim_sentences=len({p.sentence.text for p in printed if p.sentence.citations}),
        origins_cited=len({ledger.origin(key) for key in keys}),
    )
