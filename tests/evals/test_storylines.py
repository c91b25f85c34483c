"""The storyline harnesses: their figures are the published formulas', and they read what they say they read."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli import main
from pipeline.errors import UsageError
from pipeline.evals import identity, mixing, noise, storylines
from pipeline.evals.rows import rows

labels = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=30)

DAM = "The Ardmere dam broke at dawn and took the Velden mill, the Ardmere council said."
FERRY = "The council of Orrel voted for a new ferry to Selmouth on Tuesday."


def written(path, told):
    path.write_text("\n".join(json.dumps(row) for row in told), encoding="utf-8")
    return path


def rows_of(count, **common):
    return [{"id": n, "title": "", "text": f"{DAM} Report {n}.", **common} for n in range(count)]


@given(labels)
def test_adjusted_rand_is_that_of_the_literature(pairs):
    metrics = pytest.importorskip("sklearn.metrics")
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    assert identity.adjusted_rand(one, other) == pytest.approx(metrics.adjusted_rand_score(one, other), abs=1e-4)


@given(labels)
def test_names_of_labels_do_not_matter_to_any_figure(pairs):
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    renamed = [f"label {9 - a}" for a in one]
    assert identity.adjusted_rand(one, other) == identity.adjusted_rand(renamed, other)
    assert storylines.bcubed(one, other) == storylines.bcubed(renamed, other)


def test_noise_counts_as_kept_out_below_a_crowd():
    predicted = ["big"] * storylines.CROWD + ["small"] * 3
    noisy = [True, True, *[False] * (storylines.CROWD - 2), True, False, False]
    assert storylines.kept_out(predicted, noisy) == pytest.approx(1 / 3, abs=1e-4)
    assert storylines.kept_out(predicted, [False] * len(predicted)) == 1.0


def test_the_noise_harness_reads_every_seventh_row(tmp_path):
    path = written(tmp_path / "a.jsonl", rows_of(15, story="dam", published="2026-03-01"))
    assert noise.run(path, embedder="lexical")["documents"] == 3


def test_a_stream_is_cut_short_and_dated_among_the_strange_rows_with_gaps_kept(tmp_path):
    told = [
        {"id": 1, "title": "Dam", "text": "x" * 900, "story": "dam", "published": "2017-01-01"},
        {"id": 2, "title": "Dam", "text": "short", "story": "dam", "published": "2017-01-04T06:00:00Z"},
        {"id": 3, "title": "Ferry", "text": "short", "story": "ferry"},
    ]
    strange = [{"id": n, "title": FERRY, "published": f"2023-10-0{n}T00:00:00Z"} for n in range(1, 6)]
    labelled, others = written(tmp_path / "l.jsonl", told), written(tmp_path / "n.jsonl", strange)
    made = list(mixing.stream(labelled, others, 4))
    assert mixing.write(labelled, others, tmp_path / "m.jsonl", 4, streamed=True) == len(made) == 7
    assert [len(row["text"]) for row in made[:3]] == [mixing.LETTERS, 5, 5]
    first, second = (datetime.fromisoformat(row["published"]) for row in made[:2])
    assert second - first == timedelta(days=3, hours=6)
    assert datetime(2023, 10, 1, tzinfo=UTC) <= first <= datetime(2023, 10, 4, tzinfo=UTC)
    assert "published" not in made[2]
    assert [row["story"] for row in made[3:]] == [None] * 4
    assert list(rows(tmp_path / "m.jsonl")) == made


def test_identity_of_two_steady_storylines_is_perfect(tmp_path):
    told = [
        {"id": f"{day} {text[:9]}", "title": "", "text": text, "published": f"2026-03-0{day}T05:00:00Z"}
        for day in range(1, 4)
        for text in (DAM, FERRY)
    ]
    measures = identity.run(written(tmp_path / "a.jsonl", told), embedder="lexical")
    assert (measures["nights"], measures["documents"], measures["storylines"]) == (3, 6, 2)
    assert (measures["adjusted_rand"], measures["ids_changed"], measures["ids_kept"]) == (1.0, 0.0, 1.0)


def test_a_merge_counts_every_record_that_changes_its_id():
    nights = [
        {"a": "x", "b": "y", "c": "y"},
        {"a": "x", "b": "x", "c": "x", "d": "z"},
        {"a": "x", "b": "x"} | {"c": "x"},
    ]
    assert identity.changed(nights[:2]) == ([2], [3])
    assert identity.changed(nights[:1]) == ([], [])


def test_large_files_are_read_in_whole_days():
    told = [{"id": n, "text": DAM, "published": f"2026-03-0{1 + n // 3}"} for n in range(9)]
    records = [storylines.record(row, n) for n, row in enumerate(told)]
    assert [len(day) for day in identity.daily(records)] == [3, 3, 3]
    assert [len(day) for day in identity.daily(records, most=7)] == [3, 3]
    assert [len(day) for day in identity.daily(records, most=1)] == [3]


def test_a_date_that_is_none_is_named():
    with pytest.raises(UsageError, match="row 3: published"):
        storylines.record({"text": DAM, "published": "yesterday"}, 2)


def test_the_command_hides_rows_among_others_for_the_run_only(tmp_path, capsys):
    labelled = written(tmp_path / "l.jsonl", rows_of(3, story="dam", published="2017-01-01"))
    others = written(tmp_path / "n.jsonl", [{"id": 1, "title": FERRY, "published": "2023-10-01T00:00:00Z"}])
    assert main(["eval", "storylines", str(labelled), "--among", str(others), "--embedder", "lexical", "--json"]) == 0
    measures = json.loads(capsys.readouterr().out)
    assert (measures["documents"], measures["bcubed_f1"]) == (4, 1.0)
    with mixing.hidden(labelled, others) as path:
        assert path != labelled
    assert not path.exists()
    assert main(["eval", "storylines", str(labelled), "--among", str(tmp_path / "none.jsonl")]) == 2
