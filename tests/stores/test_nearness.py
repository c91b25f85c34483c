"""stores.nearness: candidates by meaning from pgvector; who ranks them exactly finds what reading every row finds."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from typing import Any

import numpy as np
import postgres
import pytest
from factories import NOW, make_health, make_record
from postgres import admin

from pipeline.domain import Cursor, Record
from pipeline.protocols import Analysis, Store
from pipeline.protocols.library import Within
from pipeline.retrieval import lookup
from pipeline.stores import nearness, open_library, open_store, transfer
from pipeline.storylines import parts, vectors

pytestmark = postgres.needed
WIDTH = 24


class Drawn:
    """A dense embedder that draws a row from the text: the same one each time, near nothing else."""

    name = "drawn-1"

    def embed(self, texts: Sequence[str]) -> Any:
        seeds = [zlib.crc32(text.encode()) for text in texts]
        rows = np.asarray([np.random.default_rng(seed).normal(size=WIDTH) for seed in seeds], dtype=np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def records(count: int) -> list[Record]:
    return [make_record(f"Quay {n} opens", id=f"r{n:05}", published=NOW - timedelta(hours=n)) for n in range(count)]


def kept(store: Store, made: Sequence[Record]) -> None:
    store.save_batch("wire", made, Cursor(), make_health(source="wire"))
    texts = [record.text[: parts.DENSE_TEXT] for record in made]
    rows = Drawn().embed(texts)
    fresh = {vectors.key(text): row.tobytes() for text, row in zip(texts, rows, strict=True)}
    store.save_analysis(Analysis(tuple(record.id for record in made), vectors={Drawn.name: fresh}, now=NOW))


@pytest.fixture
def address() -> str:
    made = postgres.fresh()
    with closing(open_store(made)) as store:
        kept(store, records(300))
    return made


def ranked(address: str, asked: str, within: Within = Within()) -> Sequence[str]:  # noqa: B008  frozen
    with closing(open_library(address)) as library:
        return lookup.rankings(library, asked, embedder=Drawn(), within=within)["vectors"]


def by_hand(asked: str, made: Sequence[Record]) -> list[str]:
    rows = Drawn().embed([record.text[: parts.DENSE_TEXT] for record in made])
    cosines = np.round(rows @ Drawn().embed([asked])[0], 6)
    order = sorted((-float(cosine), record.id) for cosine, record in zip(cosines, made, strict=True))
    return [id_ for cosine, id_ in order if -cosine >= lookup.NEAR][: lookup.DEPTH]


@pytest.mark.parametrize("asked", ["Quay 17 opens", "harbour", "a question of nobody's"])
def test_few_rows_are_ranked_as_if_all_were_read(address: str, asked: str) -> None:
    assert ranked(address, asked) == by_hand(asked, records(300))
    since = NOW - timedelta(hours=99)
    assert ranked(address, asked, Within(since=since)) == by_hand(asked, records(100))


def test_many_rows_are_asked_of_the_index_and_hardly_any_is_missed(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearness, "FEW", 100)
    made, found, wanted = records(300), 0, 0
    for asked in (f"Quay {n} shuts" for n in range(9)):
        exact = set(by_hand(asked, made))
        found, wanted = found + len(exact & set(ranked(address, asked))), wanted + len(exact)
    assert found >= 0.97 * wanted


def test_a_new_text_and_a_forgotten_row_leave_nothing_behind(address: str) -> None:
    text = records(300)[17].text
    assert "r00017" in ranked(address, text)
    with closing(open_store(address)) as store:
        assert store.prune_vectors([vectors.key(text[: parts.DENSE_TEXT])]) == 1
    assert "r00017" not in ranked(address, text)
    with closing(open_store(address)) as store:
        kept(store, [make_record("Lock 9 opens", id="r00018", fetched=NOW + timedelta(hours=1))])
    assert ranked(address, "Lock 9 opens")[0] == "r00018"
    assert "r00018" not in ranked(address, records(300)[18].text)[:1]


def test_a_copy_finds_the_same(address: str, tmp_path: Any) -> None:
    other, back = str(tmp_path / "desk.db"), postgres.fresh()
    transfer.copy(address, other)
    transfer.copy(other, back)
    with closing(open_library(back)) as library:
        assert library.near(Drawn.name, Drawn().embed(["x"])[0].tolist(), Within(), limit=5) is not None
    assert ranked(address, "Quay 3 opens") == ranked(other, "Quay 3 opens") == ranked(back, "Quay 3 opens")


def test_without_the_extension_every_row_is_read_and_later_it_takes_them_up(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ranked(address, "Quay 3 opens")
    bare = postgres.fresh()
    with monkeypatch.context() as patch:
        patch.setattr(nearness, "_place", lambda connection: None)
        with closing(open_store(bare)) as store:
            kept(store, records(300))
        assert ranked(bare, "Quay 3 opens") == before
    admin(bare, "DROP TABLE IF EXISTS near_built")
    open_store(bare).close()
    with closing(open_library(bare)) as library:
        assert library.near(Drawn.name, Drawn().embed(["x"])[0].tolist(), Within(), limit=5) is not None
    assert ranked(bare, "Quay 3 opens") == before
