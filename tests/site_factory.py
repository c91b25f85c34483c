"""An invented edition for the tests of pages and publication: three nights, four stories, every part of a story."""
# ruff: noqa: E501  # invented prose reads better unbroken

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from factories import make_cited_record, make_evidence, make_membership, make_record, make_signal, make_storyline

from pipeline.domain import (
    Citation,
    Claim,
    ClaimKind,
    Computation,
    Dispute,
    DisputeKind,
    Dropped,
    Entity,
    Finding,
    FindingState,
    Hedge,
    Label,
    Naming,
    Reason,
    Record,
    Section,
    Sentence,
    SentenceClass,
    SourceHealth,
    Story,
    StoryCounts,
    Verdict,
    digest,
)
from pipeline.edition import Aside, Edition, Featured, Searched, TopicAnswer
from pipeline.entities.registry import identity
from pipeline.settings import Settings

NIGHT = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
YES = Verdict(Label.SUPPORTED)

SETTINGS = {
    "site": {"name": "The Harbour Desk", "description": "A news desk that cites every sentence."},
    "beat": [
        {
            "name": "Power & Grid",
            "description": "Generation, grids and who is connected to them.",
            "keywords": ["grid"],
        },
        {"name": "Chips", "description": "Fabs, memory and packaging."},
        {"name": "Forests", "description": "Woodland, fire and timber."},
    ],
    "source": [
        {"name": "harbour-wire", "kind": "feed", "address": "https://harbour.example/feed.xml", "beat": "Power & Grid"},
        {"name": "linkboard", "kind": "hackernews", "address": "https://board.example/"},
        {"name": "quiet", "kind": "feed", "address": "https://quiet.example/feed", "owner": "Quiet Press"},
    ],
}


def settings(**overrides: Any) -> Settings:
    """The desk's settings; `overrides` replace whole sections."""
    return Settings.model_validate(SETTINGS | overrides)


def _record(name: str, publisher: str | None, hours: float, body: str, **more: Any) -> Record:
    title = body.split("\n", 1)[0]
    when = NIGHT - timedelta(hours=hours)
    fields: dict[str, Any] = {
        "id": "r" + digest("site", name),
        "publisher": publisher,
        "title": title,
        "url": f"https://{(publisher or 'press').lower().replace(' ', '-')}.example/{name}",
        "published": when,
        "fetched": when + timedelta(hours=1),
    }
    return make_record(body, **(fields | more))


RECORDS: dict[str, Record] = {
    "queue": _record(
        "queue", "Harbour Wire", 14,
        "Grid operator counts 61 gigawatts in its queue\n\nNordnett, the grid operator of six counties, counts 61 gigawatts of "
        "requests for connection, it said on Thursday. Four in ten of them come from data centres. The operator plans to "
        "publish a new order of priority in March 2027. “We cannot connect everyone who asks,” said its head of planning, "
        "Ragna Lie. Older requests without a building permit would lose their place.",
    ),
    "ledger": _record(
        "ledger", "The Fjord Ledger", 11,
        "Queue for the grid is shorter than it looks\n\nOf the requests that Nordnett lists, 58 gigawatts are firm, according to "
        "the operator's own register. The county of Solvik says it has not been asked about the new order. A third of the "
        "places are held by firms that have not bought land.",
        author="Tor Eide",
    ),
    "board": _record(
        "board", None, 9,
        "What the connection queue means for small mills\n\nWe run a paper mill with 90 people and have waited since 2023. If the "
        "new order comes, we could move up by two years, our engineer thinks.",
        platform="linkboard", author="millwright", kind="post", source="linkboard",
        url="https://board.example/item?id=881",
    ),
    "avis": _record(
        "avis", "Sørlandets Tidende", 8,
        "Kraftkøen vokser\n\nNordnett sier at 61 gigawatt står i kø. Fylket frykter at sagbrukene må vente til 2031.", lang="no",
    ),
    "copy": _record(
        "copy", "Morning Post", 7,
        "Grid operator counts 61 gigawatts in its queue\n\nNordnett, the grid operator of six counties, counts 61 gigawatts of "
        "requests for connection, it said on Thursday.",
    ),
    "fab": _record(
        "fab", "Harbour Wire", 30,
        "Cormorant delays second fab\n\nCormorant Semiconductor will open its second fab in Lindholm in 2029, a year later than "
        "planned. The company blames the lack of clean-room builders.",
    ),
    "fire": _record(
        "fire", "Forest Daily", 52,
        "Wardens count fewer fires\n\nForest wardens counted 212 fires this season, the fewest since 2017. Rain in August "
        "explains most of it, they say.",
    ),
}  # fmt: skip

QUOTES: dict[str, tuple[str, str]] = {
    "q61": ("queue", "Nordnett, the grid operator of six counties, counts 61 gigawatts of requests for connection"),
    "q40": ("queue", "Four in ten of them come from data centres"),
    "order": ("queue", "The operator plans to publish a new order of priority in March 2027"),
    "lie": ("queue", "“We cannot connect everyone who asks,” said its head of planning, Ragna Lie"),
    "lose": ("queue", "Older requests without a building permit would lose their place"),
    "q58": (
        "ledger",
        "Of the requests that Nordnett lists, 58 gigawatts are firm, according to the operator's own register",
    ),
    "solvik": ("ledger", "The county of Solvik says it has not been asked about the new order"),
    "land": ("ledger", "A third of the places are held by firms that have not bought land"),
    "mill": ("board", "If the new order comes, we could move up by two years, our engineer thinks"),
    "no61": ("avis", "Nordnett sier at 61 gigawatt står i kø"),
    "fylket": ("avis", "Fylket frykter at sagbrukene må vente til 2031"),
    "fab": ("fab", "Cormorant Semiconductor will open its second fab in Lindholm in 2029, a year later than planned"),
    "blame": ("fab", "The company blames the lack of clean-room builders"),
    "fires": ("fire", "Forest wardens counted 212 fires this season, the fewest since 2017"),
    "rain": ("fire", "Rain in August explains most of it, they say"),
}
ORIGINS = {r.id: "o" + RECORDS["queue" if name == "copy" else name].id[1:] for name, r in RECORDS.items()}


def key(name: str) -> str:
    """Citation key of the quote called `name`."""
    record, quote = QUOTES[name]
    return make_evidence(RECORDS[record], quote).key


def citation(name: str) -> Citation:
    """The citation of the quote called `name`, with its context."""
    record, quote = RECORDS[QUOTES[name][0]], QUOTES[name][1]
    evidence = make_evidence(record, quote)
    before = record.text[max(0, evidence.start - 110) : evidence.start]
    after = record.text[evidence.end : evidence.end + 110]
    return Citation(evidence.key, "c" + digest("claim", evidence.key), evidence, before, after, ORIGINS[record.id])


def claim(name: str) -> Claim:
    """The claim that rests on the quote called `name`."""
    one = citation(name)
    return Claim(
        one.claim_id, one.evidence.record_id, one.evidence.quote, (one.evidence,), ClaimKind.EVENT, Hedge.STATES, None,
        (), (), (), 0.7, RECORDS[QUOTES[name][0]].published,
    )  # fmt: skip


def sentence(
    text: str, *names: str, kind: SentenceClass = SentenceClass.CLAIM, how: Computation | None = None
) -> Sentence:
    """A printed sentence that cites the quotes called `names`."""
    return Sentence(text, kind, tuple(key(name) for name in names), YES, how)


def story(names: Sequence[str], slug: str, line: str, headline: Sentence, **more: Any) -> Story:
    """A version that cites the quotes called `names`."""
    citations = tuple(citation(name) for name in names)
    records = {c.evidence.record_id for c in citations}
    cited = tuple(
        make_cited_record(record, origin_id=ORIGINS[record.id]) for record in RECORDS.values() if record.id in records
    )
    version = more.get("version", 1)
    base = Story(
        id="y" + digest("story", line, str(version)),
        storyline_id=line,
        slug=slug,
        version=version,
        beat="Power & Grid",
        beats=("Power & Grid",),
        written=NIGHT,
        headline=headline,
        short_title="Untitled",
        dek=None,
        sections=(),
        citations=citations,
        records=cited,
        dropped=(),
        counts=StoryCounts(
            len(cited), len({c.origin_id for c in citations}), tuple(sorted({r.platform for r in cited})),
            min(r.published for r in cited), max(r.published for r in cited), len(cited), 12, 1, 0,
        ),
        signals=(),
        rank={"origins": 2.0, "velocity": 1.25, "total": 3.25},
        writer="extractive",
        prompts={},
        settings_hash="5e77" * 4,
    )  # fmt: skip
    return dataclasses.replace(base, **more)


GRID = "s" + digest("grid")
CHIP = "s" + digest("chip")
WOOD = "s" + digest("wood")


def _grid_sections() -> tuple[Section, ...]:
    lead = sentence(
        "Nordnett, the grid operator of six counties, counts 61 gigawatts of requests for connection.", "q61", "no61"
    )
    land = sentence(
        "A third of the places are held by firms that have not bought land, The Fjord Ledger writes.", "land"
    )
    order = sentence("Nordnett plans to publish a new order of priority in March 2027, Harbour Wire reports.", "order")
    agreed = Computation("agreeing_origins", (key("q61"), key("no61")), "2")
    return (
        Section("takeaways", None, ((lead,), (land,), (order,))),
        Section("body", "Who waits", (
            (lead, sentence("Four in ten of them come from data centres, it reports.", "q40"),
             sentence("Two independent origins give the figure.", "q61", "no61", kind=SentenceClass.ANALYSIS, how=agreed)),
            (land, sentence("“We cannot connect everyone who asks,” said its head of planning, Ragna Lie.", "lie")),
        )),
        Section("body", "What would change", (
            (order, sentence("Older requests without a building permit would lose their place.", "lose", kind=SentenceClass.FORECAST),
             sentence("That order is what the mills are waiting for.", kind=SentenceClass.LINK)),
            (sentence("A mill that has waited since 2023 “could move up by two years”, a post on the link board says.", "mill",
                      kind=SentenceClass.FORECAST),),
        )),
        Section("changed", "What changed since version 1", (
            (sentence("3 records and 2 origins have joined since version 1.", kind=SentenceClass.ANALYSIS,
                      how=Computation("growth", ("y1",), "3 2")),),)),
        Section("disagreements", None, (
            (sentence("Harbour Wire gives 61 gigawatts of requests; The Fjord Ledger gives 58 gigawatts as firm.", "q61", "q58"),
             sentence("The two differ in a number.", "q61", "q58", kind=SentenceClass.ANALYSIS,
                      how=Computation("disputed", (key("q61"), key("q58"), "number"), "number"))),)),
        Section("unknown", None, (
            (sentence("The county of Solvik says it has not been asked about the new order.", "solvik"),),
            (sentence("None of the cited records comes from Nordnett itself.", "q61", kind=SentenceClass.ANALYSIS,
                      how=Computation("no_record_from", (key("q61"), "Nordnett"), "0")),))),
        Section("so_far", None, ((sentence("On 19 November one origin counted the queue; it now has four.", "q61",
                                           kind=SentenceClass.ANALYSIS, how=Computation("breadth", (), "5 4 2")),),)),
        Section("question", "What speaks against it?", (
            (sentence("Of the requests that Nordnett lists, 58 gigawatts are firm, according to the operator's own register.", "q58"),),)),
        Section("question", "Why does it matter?", (
            (sentence("The county fears that sawmills must wait until 2031 (“Fylket frykter at sagbrukene må vente til 2031”).",
                      "fylket", kind=SentenceClass.FORECAST),),)),
    )  # fmt: skip


def stories() -> tuple[Story, ...]:
    """Four stories; the first has an older version."""
    grid_names = ["q61", "q40", "order", "lie", "lose", "q58", "solvik", "land", "mill", "no61", "fylket"]
    dropped = (
        Dropped(
            "Nordnett will drop 61 gigawatts of requests.", digest("a"), "body", (key("q61"),),
            Verdict(Label.CONTRADICTED, (Reason("verb", "the span says counts, not drop"),), 0.2),
        ),
        Dropped("", digest("b"), "body", (), Verdict(Label.UNSUPPORTED, (Reason("name", "a private person"),), 0.0)),
    )  # fmt: skip
    head = sentence("Grid operator counts 61 gigawatts in its queue, four in ten from data centres", "q61", "q40")
    grid = story(
        grid_names, "nordnett-queue-3f2a", GRID, head,
        version=2, short_title="61 gigawatts wait for the grid", sections=_grid_sections(), dropped=dropped,
        dek=sentence("A third of the places are held by firms that have not bought land; a new order is planned for March 2027.",
                     "land", "order"),
        signals=(make_signal(subject=GRID, window_end=NIGHT),), prompts={"write_story": "9f31c2"},
        rank={"origins": 4.0, "velocity": 3.0, "total": 7.0}, previous="y" + digest("story", GRID, "1"),
    )  # fmt: skip
    first = story(
        ["q61", "q40"], "nordnett-queue-3f2a", GRID, sentence("Nordnett counts 61 gigawatts in its queue", "q61"),
        short_title="Nordnett counts its queue", written=NIGHT - timedelta(days=1),
        sections=(Section("body", "Who waits", ((sentence("Four in ten of them come from data centres.", "q40"),),)),),
    )  # fmt: skip
    fab = story(
        ["fab", "blame"], "cormorant-lindholm-77aa", CHIP,
        sentence("Cormorant will open its second fab a year later than planned", "fab"),
        beat="Chips", beats=("Chips",), short_title="Cormorant delays second fab", rank={"total": 2.0},
        dek=sentence("The company blames the lack of clean-room builders, Harbour Wire reports.", "blame"),
        sections=(Section("body", "The delay", ((sentence("The company blames the lack of clean-room builders.", "blame"),),)),),
    )  # fmt: skip
    fire = story(
        ["fires", "rain"], "wardens-fires-0c11", WOOD, sentence("Wardens count 212 fires, the fewest since 2017", "fires"),
        beat="Forests", beats=("Forests",), short_title="Fewer forest fires", rank={"total": 1.0},
        written=NIGHT - timedelta(days=2),
        sections=(Section("body", "The season", ((sentence("Rain in August explains most of it, they say.", "rain"),),)),),
    )  # fmt: skip
    return (first, grid, fab, fire)


def edition(**overrides: Any) -> Edition:
    """The edition of `NIGHT`."""
    claims = {one.id: one for one in (claim(name) for name in QUOTES)}
    lines = {}
    for line, label, names in (
        (GRID, "Nordnett, connection queue", ("queue", "ledger", "board", "avis", "copy")),
        (CHIP, "Cormorant, Lindholm", ("fab",)),
        (WOOD, "Forest wardens", ("fire",)),
    ):
        ids = {RECORDS[name].id for name in names}
        held = [c for c in claims.values() if c.record_id in ids]
        beats = {GRID: ("Power & Grid",), CHIP: ("Chips",), WOOD: ("Forests",)}[line]
        lines[line] = make_storyline(
            held, id=line, label=label, beats=beats, record_ids=tuple(sorted(ids)), updated=NIGHT
        )
    a, b = claim("q61"), claim("q58")
    clash = Dispute(DisputeKind.NUMBER, a.id, b.id, "gigawatts", "61", "58")
    findings = (
        Finding(
            "f1", GRID, (a.id, claim("no61").id), ("o1", "o2"), FindingState.CORROBORATED, a.published, NIGHT, (clash,)
        ),
        Finding("f2", GRID, (claim("order").id,), ("o1",), FindingState.NEW, a.published, a.published),
    )
    base = Edition(
        now=NIGHT,
        settings=settings(),
        stories=stories(),
        storylines=lines,
        records={record.id: record for record in RECORDS.values()},
        claims=claims,
        origins=ORIGINS,
        findings={GRID: findings},
        memberships={
            line.id: tuple(
                make_membership(claims[c], storyline_id=line.id, since=NIGHT - timedelta(hours=1))
                for c in line.claim_ids
            )
            for line in lines.values()
        },
        signals=(
            make_signal(subject=GRID, window_end=NIGHT, severity="high"),
            make_signal(
                subject="Chips", kind="volume_anomaly", window_end=NIGHT, held="source quiet failed in the window"
            ),
        ),
        health={
            "harbour-wire": SourceHealth("harbour-wire", NIGHT, True, last_success=NIGHT, last_item=NIGHT),
            "quiet": SourceHealth("quiet", NIGHT, False, error="HTTP 503 /secret/path", failures=3),
        },
        read={"harbour-wire": 3, "linkboard": 1, "quiet": 0},
        topics=(topic(),),
    )
    return dataclasses.replace(base, **overrides)


def _entity(key: str, name: str, kind: str, **more: Any) -> Entity:
    """An entity that was named for a week."""
    base = Entity(identity(key), key, name, kind, NIGHT - timedelta(days=7), NIGHT, 4, names={name: 4})
    return dataclasses.replace(base, **more)


def featured() -> Featured:
    """Whom the claims name: a grid operator with a short form of its name, a chip firm, a public person."""
    grid = _entity("nordnett", "Nordnett", "organisation", names={"Nordnett": 4, "NordNett": 1})
    short = _entity("nn", "NN", "organisation", merged_into=grid.id)
    chips = _entity("cormorant semiconductor", "Cormorant Semiconductor", "organisation")
    head = _entity("ragna lie", "Ragna Lie", "person", roles=("head of planning",))
    words = make_evidence(RECORDS["queue"], QUOTES["q61"][1])
    said = Naming("defined", "nn", "nordnett", "NN", "Nordnett", "o1", NIGHT, words)
    names = {
        grid.id: ("q61", "q40", "order", "q58", "no61"), chips.id: ("fab", "blame"), head.id: ("lie",),
    }  # fmt: skip
    return Featured(
        {one.id: one for one in (grid, short, chips, head)},
        {key: tuple(sorted(claim(name).id for name in found)) for key, found in names.items()},
        (said,),
    )


def topic(**overrides: Any) -> TopicAnswer:
    """An answered standing question."""
    names = ("q61", "land", "order")
    ids = {citation(name).evidence.record_id for name in names}
    base = TopicAnswer(
        query="grid connection queue",
        asked=NIGHT,
        days=30,
        searched=(
            Searched("harbour-wire", 2, given=5),
            Searched("linkboard", 0, "hung: no answer within 60 s", given=0, hung=True),
            Searched("the store", 3),
        ),
        pages="4 of 5 pages read in full; the search's own text stands for 1",
        aside=(Aside("Queue at the ferry <pier>", "harbour-wire", None, ("grid", "connection")),),
        set_aside=3,
        title="Grid connection queue",
        sections=(
            Section("body", "What is reported", (
                (sentence("Nordnett counts 61 gigawatts of requests for connection.", "q61"),
                 sentence("A third of the places are held by firms that have not bought land.", "land")),)),
            Section("changed", "New since last time", ((sentence("A new order of priority is planned for March 2027.", "order"),),)),
        ),
        citations=tuple(citation(name) for name in names),
        records=tuple(make_cited_record(r, origin_id=ORIGINS[r.id]) for r in RECORDS.values() if r.id in ids),
        considered=3,
        origins=2,
        since=NIGHT - timedelta(days=3),
        new_records=(RECORDS["ledger"].id,),
    )  # fmt: skip
    return dataclasses.replace(base, **overrides)
