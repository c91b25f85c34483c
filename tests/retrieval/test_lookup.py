"""Search over a store: every kind, both rankings, filters, and what must not be found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from factories import NOW, make_record, make_story, sample_claims, sample_records
from stored import analysed, put

from pipeline.amends import Correction, CorrectionKind
from pipeline.embedders import build
from pipeline.protocols import Analysis, Embedder
from pipeline.protocols.library import Library, Within
from pipeline.retrieval import KINDS, Found, search
from pipeline.stores import open_store
from pipeline.stores.library import open_library
from pipeline.storylines import parts, vectors

STORY = make_story()
FAR = make_record("Ferry stranded off the coast\n\nA ferry ran aground near the island. Forty people were taken off.")
LEXICAL = build("lexical")


class Meaning:
    """A dense embedder of two dimensions: ships, and everything else."""

    name = "meaning-1"
    asked = 0

    def embed(self, texts: Sequence[str]) -> Any:
        Meaning.asked += len(texts)
        about = [1.0 if any(word in text.lower() for word in ("ferry", "vessel")) else 0.0 for text in texts]
        return np.asarray([[ship, 1.0 - ship] for ship in about], dtype=np.float32)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("library") / "citewire.db"
    with closing(open_store(file)) as store:
        analysed(store)
        put(store, FAR)
        opening = FAR.text[: parts.DENSE_TEXT]
        row = Meaning().embed([opening])[0].astype("<f4").tobytes()
        store.save_analysis(Analysis((FAR.id,), vectors={Meaning.name: {vectors.key(opening): row}}, now=NOW))
        store.save_story(STORY)
    return file


@pytest.fixture(scope="module")
def library(path: Path) -> Iterator[Library]:
    with closing(open_library(path)) as opened:
        yield opened


def found(library: Library, query: str, embedder: Embedder = LEXICAL, **named: Any) -> Found:
    return search(library, query, embedder=embedder, **named)


def ids(result: Found, kind: str) -> list[str]:
    return [hit.id for hit in result.hits.get(kind, ())]


def test_every_kind_is_found_with_its_exact_words(library: Library) -> None:
    result = found(library, "Harlow turbines")
    assert list(result.hits) == list(KINDS)
    records = {record.id: record for record in sample_records()}
    assert set(ids(result, "records")) <= set(records)
    for hit in result.hits["records"]:
        assert hit.snippet is not None
        assert records[hit.id].text[hit.snippet.start : hit.snippet.end] == hit.snippet.quote
        assert hit.snippet.marks
    claims = {claim.id: claim for claim in sample_claims()}
    assert result.hits["claims"]
    for hit in result.hits["claims"]:
        text = records[str(hit.record_id)].text
        assert text[hit.start : hit.end] == claims[hit.id].evidence[0].quote
    assert ids(result, "storylines")
    assert [(hit.id, hit.slug, hit.version) for hit in result.hits["stories"]] == [(STORY.id, STORY.slug, 1)]
    story = result.hits["stories"][0]
    assert story.sentence is not None
    assert story.snippet is not None
    assert story.sentence[story.snippet.start : story.snippet.end] == story.snippet.quote


def test_scores_fall_and_say_what_they_are_made_of(library: Library) -> None:
    for hits in found(library, "gas turbines supply megawatts").hits.values():
        scores = [hit.score for hit in hits]
        assert scores == sorted(scores, reverse=True)
        for hit in hits:
            assert hit.score == pytest.approx(sum(1 / (60 + rank) for rank in hit.ranks.values()), abs=1e-9)


def test_nothing_is_found_of_what_nobody_wrote_about(library: Library) -> None:
    assert not any(found(library, "zebra crossings").hits.values())


@pytest.mark.parametrize(
    "query", ['"', "*", "NEAR(a b)", "turbines OR", "a:b", "-", "'; DROP TABLE records", "\u202e\0"]
)
def test_a_question_is_never_a_query_language(library: Library, query: str) -> None:
    assert set(found(library, query).hits) == set(KINDS)


def test_a_dense_embedder_finds_what_shares_no_word(library: Library) -> None:
    assert ids(found(library, "vessel"), "records") == []
    asked = Meaning.asked
    result = found(library, "vessel", Meaning())
    assert ids(result, "records") == [FAR.id]
    assert result.hits["records"][0].ranks == {"vectors": 1}
    assert Meaning.asked <= asked + 3  # the question and two probes: no stored text is embedded anew


def test_time_beat_kind_and_limit_are_kept(library: Library) -> None:
    whole = found(library, "turbines")
    assert found(library, "turbines", within=Within(since=NOW + timedelta(days=999))).hits["records"] == ()
    energy = found(library, "turbines", within=Within(beat="Energy"))
    assert 0 < len(ids(energy, "records")) <= len(ids(whole, "records"))
    assert found(library, "turbines", within=Within(beat="Gardening")).hits["stories"] == ()
    assert list(found(library, "turbines", kinds=["claims"]).hits) == ["claims"]
    assert all(len(hits) <= 1 for hits in found(library, "turbines", limit=1).hits.values())
    assert ids(found(library, "turbines", limit=1), "records") == ids(whole, "records")[:1]


def test_twice_asked_is_twice_the_same(library: Library) -> None:
    assert found(library, "Harlow turbines") == found(library, "Harlow turbines")


def test_what_was_withdrawn_is_not_found(tmp_path: Path) -> None:
    gone = sample_claims()[0]
    with closing(open_store(tmp_path / "a.db")) as store:
        analysed(store)
        store.save_story(STORY)
        entry = Correction("k1", CorrectionKind.RETRACTED, NOW, "story", STORY.storyline_id, "wrong")
        store.save_correction(replace(entry, withdrawn=(STORY.id,), claims=(gone.id,)))
    with closing(open_library(tmp_path / "a.db")) as opened:
        result = found(opened, gone.text)
        assert ids(result, "stories") == []
        assert gone.id not in ids(result, "claims")
        assert ids(result, "claims")


def test_an_empty_store_has_no_answers(tmp_path: Path) -> None:
    open_store(tmp_path / "a.db").close()
    with closing(open_library(tmp_path / "a.db")) as opened:
        assert not any(found(opened, "turbines").hits.values())
        assert not any(found(opened, "vessel", Meaning()).hits.values())
