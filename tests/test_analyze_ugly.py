"""The whole analyze stage on texts, vectors and storylines that nobody would choose: it takes them, and says so."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from factories import NOW, make_health, make_record
from thorough import LONG

from pipeline.analyze import analyze
from pipeline.claiming.claims import extract
from pipeline.domain import Claim, Cursor, Membership, Origin, Record, StageReport, Storyline
from pipeline.embedders import build
from pipeline.engines import load
from pipeline.findings import disputes
from pipeline.findings import settling as findings
from pipeline.protocols import Analysis, Embedder, Store
from pipeline.settings import AnalyzeSettings, BeatSettings
from pipeline.stores import open_store
from pipeline.storylines import window

COPIES = 5_000 if LONG else 1_500  # records of one storyline

BEATS = (
    BeatSettings(name="Water", description="Rivers, floods and dams.", keywords=("flood", "dam")),
    BeatSettings(name="Agua", keywords=("inundación", "presa")),
    BeatSettings(name="水", keywords=("洪水",)),
)
UGLY = {
    "rnothing": "",
    "rspace": " \n\t\n ",
    "rword": "flood",
    "remoji": "\U0001f600\U0001f30a \U0001f600",
    "rmarks": "\u0301\u0301 \u200f\u202e ...!!!",
    "rtoken": "x" * 1_000_000,
    "rwords": "grid " * 200_000,
    "rnotes": "\n".join(["-"] * 5_000),
    "rarabic": "قتل 14 شخصا في فيضان في ميناء برينا يوم الأحد، حسبما قال المسؤولون. انهار السد عند الفجر.",
    "rchinese": "周日布雷纳港洪水造成14人死亡，官员说。大坝在黎明时分决堤。",
    "rspanish": "Una inundación en Puerto Brenna mató a 14 personas el domingo, dijo la policía. La presa cedió.",
    "rmixed": "A flood killed 14 in Port Brenna, قال المسؤولون، 大坝决堤, dijo el ministro.",
}
EVENT = tuple(
    make_record(text, id=key, native_id=key, url=None, publisher=publisher)
    for key, publisher, text in (
        (
            "rone",
            "Wire",
            "Flood in Port Brenna kills 14\n\nA flood in Port Brenna killed 14 people on Sunday, rescuers said. "
            "The Brenna dam broke at dawn.",
        ),
        (
            "rtwo",
            "Coast Post",
            "Brenna dam breaks, 14 dead in flood\n\nThe dam on the Brenna river broke and the flood killed 14 people "
            "in Port Brenna, officials said.",
        ),
    )
)


def ugly() -> list[Record]:
    return [make_record(text, id=key, native_id=key, url=None, title="") for key, text in UGLY.items()]


@pytest.fixture
def store() -> Store:
    return open_store(":memory:")


def night(
    store: Store, records: Sequence[Record], embedder: Embedder | None = None, workers: int = 0, now: datetime = NOW
) -> StageReport:
    store.save_batch("wire", records, Cursor(), make_health(source="wire"))
    embedder, engine = embedder or build("lexical"), load("local", workers=workers)
    try:
        return analyze(store, AnalyzeSettings(), beats=BEATS, embedder=embedder, engine=engine, now=now)
    finally:
        engine.close()


def living(store: Store) -> list[list[str]]:
    return sorted(sorted(line.record_ids) for line in store.storylines() if line.merged_into is None)


class Dense:
    """A dense embedder whose rows `make` gives."""

    def __init__(self, make: Callable[[str], list[float]]) -> None:
        self.name, self._make = "dense-1", make

    def embed(self, texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
        return np.array([self._make(text) for text in texts], dtype=np.float32).reshape(len(texts), 2)


def test_ugly_texts_are_taken_and_the_event_beside_them_is_found(store: Store) -> None:
    report = night(store, [*ugly(), *EVENT])
    assert not report.failures
    assert not store.pending()
    assert report.seen == len(UGLY) + len(EVENT)
    assert report.dropped["says nothing checkable"] >= 4  # told, not passed over
    (home,) = [line for line in living(store) if "rone" in line]
    assert "rtwo" in home
    assert set(home) <= {"rone", "rtwo", "rmixed", "rarabic", "rchinese", "rspanish"}  # which tell of it, too


def test_every_script_has_claims_letter_for_letter_and_beats(store: Store) -> None:
    night(store, [*ugly(), *EVENT])
    for key in ("rarabic", "rchinese", "rspanish", "rmixed"):
        claims = store.claims_of_records([key])
        assert claims, key
        for claim in claims:
            for span in claim.evidence:
                assert UGLY[key][span.start : span.end] == span.quote
    found = store.record_beats([*UGLY, "rone"])
    assert (found["rone"], found["rspanish"], found["rchinese"]) == (("Water",), ("Agua",), ("水",))
    assert not found.keys() & {"rnothing", "rspace", "remoji", "rmarks", "rtoken", "rwords", "rnotes", "rarabic"}


@pytest.mark.parametrize(
    "row", [[float("nan"), 1.0], [float("inf"), 0.0], [0.0, 0.0], [1e18, 1e18]], ids=["nan", "inf", "zero", "huge"]
)
def test_rows_that_mean_nothing_spoil_nothing(store: Store, row: list[float]) -> None:
    report = night(store, [*EVENT, *ugly()], Dense(lambda text: row if len(text) % 2 else [0.0, 1.0]))
    assert not report.failures
    assert any({"rone", "rtwo"} <= set(line) for line in living(store))
    kept = store.vectors([*store.vectors([], "dense-1")], "dense-1")
    assert all(np.isfinite(np.frombuffer(raw, dtype="<f4")).all() for raw in kept.values())


def test_five_hundred_copies_are_one_storyline_of_one_origin(store: Store) -> None:
    copies = [
        dataclasses.replace(EVENT[0], id=f"r{n:03}", native_id=f"r{n}", publisher=f"Paper {n}") for n in range(500)
    ]
    night(store, copies)
    (line,) = [line for line in store.storylines() if line.merged_into is None]
    assert len(line.record_ids) == 500
    assert len(set(store.origins_of(line.record_ids).values())) == 1
    assert all(len(finding.origin_ids) == 1 for finding in store.findings([line.id]))


@pytest.mark.parametrize(("seed", "workers"), [(1, 0), (2, 2)])
def test_order_of_arrival_and_workers_change_nothing(store: Store, seed: int, workers: int) -> None:
    records = [*ugly(), *EVENT]
    night(store, records)
    other = open_store(":memory:")
    night(other, random.Random(seed).sample(records, len(records)), workers=workers)
    ids = [record.id for record in records]
    lines = [line.id for line in store.storylines()]
    for ask in (
        lambda one: one.storylines(),
        lambda one: one.findings(lines),
        lambda one: one.claims_of_records(ids),
        lambda one: one.origins_of(ids),
        lambda one: one.beat_scores(ids),
        lambda one: [one.memberships(line) for line in lines],
    ):
        assert ask(other) == ask(store)


# --- a storyline of thousands ----------------------------------------------------------------------------------------


def flooded(number: int, *, texts: int) -> tuple[list[Record], list[Claim]]:
    """Records of one flood by as many outlets, in `texts` different texts, each with its claim; the toll rises."""
    places = "harbour market school bridge ferry mill chapel station stadium quarry".split()
    records, claims, made = [], [], {}
    for n in range(number):
        which = n * texts // number
        text = f"A flood in Port Brenna killed {14 + which // 10} people near the {places[which % 10]}, rescuers said."
        at = NOW - timedelta(minutes=number - n)
        record = make_record(
            text, id=f"r{n:05}", native_id=f"r{n}", url=None, title="", publisher=f"Paper {n}", published=at
        )
        if text not in made:
            (made[text],) = extract(record, min_worth=0.0, max_claims=1)
        span = dataclasses.replace(made[text].evidence[0], record_id=record.id, content_hash=record.content_hash)
        claims.append(
            dataclasses.replace(made[text], id=f"c{n:05}", record_id=record.id, evidence=(span,), published=at)
        )
        records.append(record)
    return records, claims


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often two claims are compared in full from now on."""
    calls = [0]
    real = disputes.between

    def between(a: Any, b: Any) -> Any:
        calls[0] += 1
        return real(a, b)

    monkeypatch.setattr(disputes, "between", between)
    return calls


def test_claims_compared_grow_with_the_claims_and_not_with_their_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(monkeypatch)
    cost = []
    for number in (150, 600):
        _, claims = flooded(number, texts=number)
        calls[0] = 0
        findings.settle("s1", claims, {c.id: findings.Voice(c.record_id, "") for c in claims}, (), NOW)
        cost.append(calls[0])
    assert cost[1] <= 6 * cost[0]  # four times the claims; all pairs would be sixteen times
    assert cost[1] <= 200 * 600


@pytest.mark.slow
def test_a_night_beside_a_storyline_of_thousands_reads_its_newest_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (*records, last), (*claims, _) = flooded(COPIES + 1, texts=100)
    store.save_batch("wire", records, Cursor(), make_health(source="wire"))
    line = Storyline("s1", "Port Brenna", (), NOW, NOW, tuple(c.id for c in claims), tuple(r.id for r in records))
    store.save_analysis(
        Analysis(
            tuple(r.id for r in records),
            claims=tuple(claims),
            origins=tuple(Origin("o" + r.id, (r.id,)) for r in records),
            storylines=(line,),
            joined=tuple(Membership("s1", c.id, c.record_id, NOW, "made for this test") for c in claims),
        )
    )
    read: list[int] = []
    dense = Dense(lambda _: [0.0, 1.0])
    monkeypatch.setattr(dense, "embed", lambda texts, real=dense.embed: read.append(len(texts)) or real(texts))
    found = window.look_back(store, {}, NOW, days=14)
    assert len(found.parts["s1"]) == window.REMEMBERED
    calls = counted(monkeypatch)
    report = night(store, [last], dense, now=NOW + timedelta(hours=3))
    assert not report.failures
    assert sum(read) <= 2 * (window.REMEMBERED + 1 + len(BEATS) + 2)
    assert calls[0] <= 50_000
    (home,) = [one for one in store.storylines() if last.id in one.record_ids]
    assert (home.id, len(home.record_ids)) == ("s1", COPIES + 1)
