"""A desk that was made up: thousands of stories with records, claims, findings and entities, the same every time.

For measurements of size and speed, not of quality: sentences are the words of made records, letter for letter, and
stand in stories as an extractive writer would set them. Nothing is random: every choice is taken from a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

from pipeline.domain import (
    Citation,
    CitedRecord,
    Claim,
    ClaimKind,
    Cursor,
    Entity,
    Evidence,
    Finding,
    FindingState,
    Hedge,
    Label,
    Membership,
    Named,
    Origin,
    Record,
    Section,
    Sentence,
    SentenceClass,
    SourceHealth,
    Span,
    Story,
    StoryCounts,
    Storyline,
    TextQuality,
    Verdict,
    digest,
)
from pipeline.protocols import Analysis, Store
from pipeline.settings import Settings

FIRST = datetime(2026, 1, 1, 5, 0, tzinfo=UTC)
BEATS = ("Power", "Chips", "Health", "Transport", "Water", "Farming", "Ports", "Housing")
OUTLETS = ("Harbour Wire", "The Fjord Ledger", "Morning Post", "Coast Courier", "Solvik Tidende", "Lakeside Herald")
_HEADS = ("Nord", "Sol", "Lind", "Berg", "Hav", "Ask", "Fjell", "Elv", "Granit", "Skog", "Vinter", "Kald", "Brenn")
_TAILS = ("nett", "vik", "holm", "mark", "strand", "dal", "fors", "hus", "lund", "voll", "stad", "nes", "by")
_KINDS = ("Works", "Group", "Council", "Railways", "Water", "Foods", "Shipping", "Institute", "Energy", "Clinics")
_THINGS = ("turbine", "clinic", "tunnel", "harbour crane", "reactor", "seed bank", "tram line", "reservoir", "depot")
_ACTS = ("orders", "opens", "delays", "inspects", "repairs", "sells", "rents", "closes", "expands")
_PLACES = ("Harlow", "Lindholm", "Osterby", "Kvarn", "Ravnsund", "Tolvik", "Merrow", "Aldene", "Dunmore", "Skarv")
_VERBS = (
    "ordered mended shipped leased counted painted tested insured welded rented drained fenced surveyed cleared mapped "
    "weighed hired"
).split()
_NOUNS = (
    "pumps lorries barges sheds cranes meters pipes boats tractors ovens fences lamps gates wagons kettles nets saws "
    "ladders tanks"
).split()
_ENDS = (
    "before the first frost", "for the county fair", "after a long strike", "with borrowed money", "by new licence",
    "against the advice of engineers", "at the request of farmers", "without telling anybody", "despite heavy rain",
    "to save coal", "behind closed doors", "in a single week", "while prices fell",
)  # fmt: skip
_YES = Verdict(Label.SUPPORTED)
_STEP = 250  # storylines stored at once


def name(n: int) -> str:
    """The n-th of up to 1,690 made firms and bodies; later ones carry a number."""
    plain = len(_HEADS) * len(_TAILS) * len(_KINDS)
    head, tail, kind = _HEADS[n % 13], _TAILS[n // 13 % 13], _KINDS[n // 169 % 10]
    return f"{head}{tail} {kind}" + (f" {n // plain + 1}" if n >= plain else "")


def settings(root: object) -> Settings:
    """The desk's settings."""
    beats = [{"name": beat, "description": f"News of {beat.lower()}."} for beat in BEATS]
    sources = [{"name": o.lower().replace(" ", "-"), "kind": "feed", "address": _address(o, "feed")} for o in OUTLETS]
    site = {"name": "The Made Desk", "description": "A desk that was made up.", "url": "https://made.example"}
    made = Settings.model_validate({"site": site, "beat": beats, "source": sources})
    return made.model_copy(update={"root": root})


def fill(store: Store, stories: int, entities: int, *, per_night: int = 20) -> datetime:
    """Store the first `stories` of the desk, `per_night` of them a night; the time of the last night."""
    numbers = iter(range(stories))
    while some := list(islice(numbers, _STEP)):
        with store.transaction():
            keep(store, [Made(n, entities, FIRST + timedelta(days=n // per_night)) for n in some])
    return FIRST + timedelta(days=max(0, stories - 1) // per_night)


def keep(store: Store, made: Sequence[Made]) -> None:
    """Store some of the desk's stories with all that they rest on."""
    records = sorted((record for one in made for record in one.records), key=lambda record: record.id)
    for source in sorted({record.source for record in records}):
        mine = [record for record in records if record.source == source]
        last = max(record.fetched for record in mine)
        store.save_batch(source, mine, Cursor(), SourceHealth(source, last, ok=True, last_success=last))
    store.save_analysis(
        Analysis(
            record_ids=tuple(record.id for record in records),
            claims=tuple(claim for one in made for claim in one.claims),
            origins=tuple(Origin(record.id, (record.id,)) for record in records),
            storylines=tuple(one.storyline for one in made),
            joined=tuple(member for one in made for member in one.members),
            findings=tuple(finding for one in made for finding in one.findings),
            entities=tuple({entity.id: entity for one in made for entity in one.entities}.values()),
            named=tuple(named for one in made for named in one.named),
            now=max(one.now for one in made),
        )
    )
    for one in made:
        store.save_story(one.story())


class Made:
    """The n-th story of the desk and what it rests on: three records of three outlets, each of six sentences."""

    def __init__(self, n: int, entities: int, now: datetime) -> None:
        self.n, self.now = n, now
        self.about = [name((n * 7 + step * 31) % entities) for step in range(4)]
        self.line_id = "s" + digest("made", str(n))
        self.records = [self._record(k) for k in range(3)]
        self.claims = [claim for record in self.records for claim in _claims(record, self.about)]
        self.beat = BEATS[n % len(BEATS)]

    def _record(self, k: int) -> Record:
        outlet, published = OUTLETS[(self.n + k) % len(OUTLETS)], self.now - timedelta(hours=3 + 5 * k)
        title = f"{self._lead()} in {self._place(k)}"
        text = f"{title}\n\n" + " ".join(self._told(k))
        key = "r" + digest("made", str(self.n), str(k))
        return Record(
            key, outlet.lower().replace(" ", "-"), "news", "article", key, _address(outlet, key), outlet, None, title,
            text, TextQuality.FULL, "en", published, published + timedelta(hours=1),
        )  # fmt: skip

    def _lead(self) -> str:
        return f"{self.about[0]} {_ACTS[self.n % len(_ACTS)]} {_THINGS[self.n % len(_THINGS)]}"

    def _place(self, k: int) -> str:
        return _PLACES[(self.n + k) % len(_PLACES)]

    def _told(self, k: int) -> Iterator[str]:
        """Six sentences, of words that few other stories share."""
        for m in range(6):
            at = self.n * 18 + k * 6 + m
            verb, noun, end = _VERBS[at * 7 % 17], _NOUNS[at * 11 % 19], _ENDS[at * 5 % 13]
            count = 12 + (self.n * 13 + at) % 900
            yield f"{self.about[m % 4]} {verb} {count} {noun} in {self._place(k + m)} {end}."

    @property
    def storyline(self) -> Storyline:
        """Its storyline."""
        first = min(record.published for record in self.records)
        claims, records = sorted(c.id for c in self.claims), sorted(r.id for r in self.records)
        label = f"{self.about[0]}, {self._place(0)}"
        return Storyline(self.line_id, label, (self.beat,), first, self.now, tuple(claims), tuple(records))

    @property
    def members(self) -> list[Membership]:
        """That its claims belong to its storyline."""
        why = f"names {self.about[0]} and {self.about[1]}"
        return [Membership(self.line_id, claim.id, claim.record_id, self.now, why) for claim in self.claims]

    @property
    def findings(self) -> list[Finding]:
        """One of three origins, and one of one."""
        rows = [self.claims[::6], self.claims[1:2]]
        return [
            Finding(
                "f" + digest("made", str(self.n), str(k)), self.line_id, tuple(claim.id for claim in row),
                tuple(sorted({claim.record_id for claim in row})),
                FindingState.CORROBORATED if len(row) > 1 else FindingState.NEW,
                min(claim.published for claim in row), max(claim.published for claim in row),
            )
            for k, row in enumerate(rows)
        ]  # fmt: skip

    @property
    def entities(self) -> list[Entity]:
        """The firms and bodies that it names."""
        return [
            Entity("n" + digest("made", one), one.lower(), one, "organisation", FIRST, self.now, 3,
                   kinds={"organisation": 3}, names={one: 3})
            for one in dict.fromkeys(self.about)
        ]  # fmt: skip

    @property
    def named(self) -> list[Named]:
        """Which record names which."""
        return [
            Named(record.id, entity.id, _spans(entity.name, record.text))
            for record in self.records
            for entity in self.entities
        ]

    def story(self, version: int = 1, written: datetime | None = None) -> Story:
        """Its story; every sentence is a claim's words."""
        said = [Sentence(c.text, SentenceClass.CLAIM, (c.evidence[0].key,), _YES) for c in self.claims]
        claim = self.claims[0]
        headline = Sentence(self.records[0].title, SentenceClass.CLAIM, (claim.evidence[0].key,), _YES)
        sections = (
            Section("takeaways", None, tuple((one,) for one in said[:3])),
            Section("body", "What is reported", (tuple(said[:3]), tuple(said[3:6]), tuple(said[6:9]))),
            Section("body", "What else", (tuple(said[9:12]), tuple(said[12:15]))),
            Section("unknown", None, ((said[15],), (said[17],))),
        )
        written = written or self.now
        story = Story(
            id="y" + digest("story", self.line_id, str(version)), storyline_id=self.line_id, slug=f"made-{self.n:05}",
            version=version, beat=self.beat, beats=(self.beat,), written=written, headline=headline,
            short_title=self._lead(), dek=said[1], sections=sections,
            citations=tuple(_citation(c, self.records) for c in self.claims),
            records=tuple(map(_cited, self.records)), dropped=(),
            counts=StoryCounts(3, 3, ("news",), self.records[-1].published, self.records[0].published, 3, 18, 0, 0),
            signals=(), rank={"origins": 3.0, "total": 3.0 + self.n % 7}, writer="extractive", prompts={},
            settings_hash="5e77" * 4,
        )  # fmt: skip
        return story if version == 1 else replace(story, previous="y" + digest("story", self.line_id, str(version - 1)))


def _address(outlet: str, page: str) -> str:
    return f"https://{outlet.lower().replace(' ', '-')}.example/{page}"


def _spans(wanted: str, text: str) -> tuple[Span, ...]:
    return tuple(Span(found.start(), found.end()) for found in re.finditer(re.escape(wanted), text))


def _claims(record: Record, about: Sequence[str]) -> Iterator[Claim]:
    body = record.text.index("\n\n") + 2
    start = body
    for quote in (one + "." for one in record.text[body:].rstrip(".").split(". ")):
        span = Evidence(record.id, record.content_hash, start, start + len(quote), quote)
        start += len(quote) + 1
        names = tuple(one.lower() for one in about if one in quote)
        yield Claim("c" + digest("claim", span.key), record.id, quote, (span,), ClaimKind.EVENT, Hedge.STATES, None,
                    names, (), (), 0.6, record.published)  # fmt: skip


def _citation(claim: Claim, records: Sequence[Record]) -> Citation:
    span = claim.evidence[0]
    text = next(record.text for record in records if record.id == span.record_id)
    before, after = text[max(0, span.start - 110) : span.start], text[span.end : span.end + 110]
    return Citation(span.key, claim.id, span, before, after, span.record_id)


def _cited(record: Record) -> CitedRecord:
    return CitedRecord(
        record.id, record.content_hash, record.url, record.title, record.publisher, None, record.platform,
        record.published, record.fetched, record.id, "en", source=record.source,
    )  # fmt: skip
