"""The topic harness: the product's answers and BM25's best on the same rows, and the mix that hides stories."""

import json

import pytest

from pipeline import terms
from pipeline.errors import UsageError
from pipeline.evals import bm25, mixing, topics

ROWS = [
    ("Dam breaks above Ardmere", "The Ardmere dam broke at dawn and took the Velden mill.", "dam"),
    ("Ardmere dam breaks, mill is lost", "Water from the broken Ardmere dam took the Velden mill at dawn.", "dam"),
    ("Orrel council votes on ferry", "The council of Orrel voted for a new ferry to Selmouth.", "ferry"),
    ("New ferry for Orrel, council votes", "A ferry to Selmouth was voted for by the Orrel council.", "ferry"),
    ("Lake freezes", "Lake Tarn froze for the first time since 2018.", "lake"),
    *((f"Market note {n}", f"Shares of firm {n} rose by {n} percent on the day.", None) for n in range(30)),
]


def written(path, rows=ROWS):
    lines = [json.dumps({"id": n, "title": t, "text": x, "story": s}) for n, (t, x, s) in enumerate(rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_stories_are_found_among_strangers_beside_bm25(tmp_path):
    measures = topics.run(written(tmp_path / "a.jsonl"), embedder="lexical")
    assert measures["queries"] == 2
    assert (measures["precision"], measures["recall"], measures["f1"]) == (1.0, 1.0, 1.0)
    assert 0.0 < measures["bm25_f1"] <= 1.0
    assert measures["bm25_f1"] >= measures["bm25_plain_f1"]
    assert measures["above_bm25"] == pytest.approx(1.0 - measures["bm25_f1"])
    assert measures["bm25_setting"].startswith("k1 ")


def test_a_file_without_stories_measures_nothing(tmp_path):
    measures = topics.run(written(tmp_path / "b.jsonl", ROWS[5:]), embedder="lexical")
    assert (measures["queries"], measures["f1"], measures["bm25_f1"]) == (0, 0.0, 0.0)


def test_a_query_is_the_shortest_title_and_else_the_storys_name():
    rows = [
        {"title": "A longer title", "story": "x"},
        {"title": "Short", "story": "x"},
        {"title": "", "story": "y", "story_name": "The ferry"},
        {"title": "", "story": "y", "story_name": "The ferry"},
        {"title": "Alone", "story": "z"},
        {"title": "Stranger", "story": None},
    ]
    assert topics.queries(rows) == {"Short": {0, 1}, "The ferry": {2, 3}}


def test_bm25_takes_the_threshold_that_serves_it_best():
    counted = [terms.count(text) for text in ("dam dam dam breaks", "dam breaks", "dam of cards", "the ferry")]
    index = bm25.Rows(counted, terms.fit(counted))
    question = bm25.Question(terms.count("dam breaks"), {0, 1})
    cut = bm25.best(index, [question])
    assert (cut.precision, cut.recall, cut.f1) == (1.0, 1.0, 1.0)
    order, scores, highest = index.ranking(question.asked, 1.2, 0.75)
    assert set(order.tolist()) == {0, 1, 2}
    assert all(scores[:-1] >= scores[1:])
    assert highest > scores[0]
    assert bm25.best(index, []).f1 == 0.0


def test_a_mix_is_the_same_bytes_and_has_no_story_of_the_noise(tmp_path):
    labelled, noise = written(tmp_path / "l.jsonl", ROWS[:5]), written(tmp_path / "n.jsonl", ROWS[:3])
    assert mixing.write(labelled, noise, tmp_path / "m.jsonl", 2) == 7
    assert mixing.write(labelled, noise, tmp_path / "again.jsonl", 2) == 7
    assert (tmp_path / "m.jsonl").read_bytes() == (tmp_path / "again.jsonl").read_bytes()
    stories = [row["story"] for row in mixing.mixed(labelled, noise, 2)]
    assert stories == ["dam", "dam", "ferry", "ferry", "lake", None, None]
    with pytest.raises(UsageError):
        mixing.write(tmp_path / "none.jsonl", noise, tmp_path / "x.jsonl")
