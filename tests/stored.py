"""What the contract puts into stores, and everything that can be asked of them."""

from __future__ import annotations

from datetime import timedelta

from factories import (
    NOW,
    make_claim,
    make_dossier,
    make_health,
    make_membership,
    make_record,
    make_signal,
    make_story,
    make_storyline,
    sample_claims,
    sample_records,
)

from pipeline.domain import (
    BeatScore,
    Claim,
    Cursor,
    Held,
    Origin,
    Record,
    Run,
    StageReport,
    Story,
)
from pipeline.protocols import Analysis, Store

HEALTH = make_health(source="wire")


def put(store: Store, *records: Record, cursor: Cursor | None = None) -> object:
    return store.save_batch("wire", records, cursor or Cursor(), HEALTH)


def analysed(store: Store) -> None:
    """The sample, read and analysed."""
    put(store, *sample_records())
    store.save_analysis(sample_analysis())


def sample_analysis() -> Analysis:
    dossier, claims = make_dossier(), sample_claims()
    records = sample_records()
    return Analysis(
        record_ids=tuple(record.id for record in records),
        claims=claims,
        origins=tuple(Origin("o" + record.id, (record.id,)) for record in records),
        storylines=(dossier.storyline,),
        joined=tuple(make_membership(claim) for claim in claims),
        findings=dossier.findings,
        record_beats={
            records[0].id: (
                BeatScore("Energy", 0.8, "keyword 'grid' twice"),
                BeatScore("Business", 0.5, "source says so"),
            ),
            records[1].id: (BeatScore("Energy", 0.41, "description 0.31"),),
        },
        beats_by="rules-1",
        vectors={"lexical-1": {claims[0].id: b"\0\1\2\3", records[0].id: b"\4\5\6\7"}},
        now=NOW,
    )


def everything(store: Store) -> object:
    """All answers a store can give, as one comparable value."""
    records = sorted(record.id for record in store.records_between(NOW - timedelta(days=99), NOW + timedelta(days=99)))
    lines = [storyline.id for storyline in store.storylines()]
    return (
        store.records(records),
        store.pending(),
        store.claims_of_records(records),
        store.origins_of(records),
        store.origins(set(store.origins_of(records).values())),
        store.storylines(),
        store.storylines_of_records(records),
        [store.memberships(line) for line in lines],
        store.findings(lines),
        store.beat_scores(records),
        store.stale_beats("rules-1", limit=9),
        store.signals(),
        store.all_stories(),
        store.live_stories(),
        store.held_items(),
        store.runs(),
        store.health(),
        store.cursor("wire"),
        store.counts(),
    )


def whole_night(store: Store) -> None:
    """Every kind of write once, as stages make them; run again it adds nothing."""
    put(store, *sample_records(), cursor=Cursor(etag='"1"'))
    store.save_health(HEALTH)
    if store.pending():
        store.save_analysis(sample_analysis())
    with store.transaction():
        store.save_signals([make_signal()], NOW)
        store.cache_answer("k", "a", "m", NOW)
    store.save_story(make_story())
    store.save_held([Held("h1", "story", "s1", "reason", NOW)])
    store.save_topic("turbines", ["r1"], NOW)
    store.save_stage("n1", StageReport("write", 1, 1), NOW)
    store.save_run(Run("n1", NOW, (StageReport("write", 1, 1),), "published", 0))


def versions_of_a_story(count: int) -> list[Story]:
    stories: list[Story] = []
    for version in range(1, count + 1):
        previous = stories[-1].id if stories else None
        written = NOW + timedelta(days=version)
        stories.append(make_story(id=f"y{version}", version=version, previous=previous, written=written))
    return stories


def big_night(count: int) -> tuple[list[Record], list[Claim], Analysis]:
    texts = [f"Report {n}\n\nHall {n} opened. It cost {n} million. It employs {n} people." for n in range(count)]
    records = [make_record(text, id=f"r{n:06}") for n, text in enumerate(texts)]
    claims = [
        make_claim(record, quote, id=f"c{record.id}{k}")
        for record in records
        for k, quote in enumerate(record.text.split("\n\n")[1].replace(". ", ".|").split("|"))
    ]
    lines = [make_storyline(claims[n : n + 30], id=f"s{n:06}", label="x") for n in range(0, len(claims), 30)]
    joined = [
        make_membership(claims[n + k], storyline_id=f"s{n:06}") for n in range(0, len(claims), 30) for k in range(30)
    ]
    analysis = Analysis(
        tuple(record.id for record in records),
        tuple(claims),
        origins=tuple(Origin("o" + record.id, (record.id,)) for record in records),
        storylines=tuple(lines),
        joined=tuple(joined),
        vectors={"m": {record.id: b"\0" * 64 for record in records}},
    )
    return records, claims, analysis
