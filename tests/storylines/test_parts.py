"""parts: what is assigned as a whole, and its words, which are read when they are asked for."""

from __future__ import annotations

from factories import make_claim, make_record

from pipeline.storylines import parts
from pipeline.storylines.parts import Wordings


def test_a_record_is_told_by_its_text_and_a_portion_by_its_claims() -> None:
    record = make_record(title="")
    claim = make_claim(record, "The company says the turbines will supply 480 megawatts by March 2027.")
    whole, portion = parts.whole(record, [claim], "o"), parts.portion(record, [claim], "o")
    assert (whole.text, whole.key, whole.post) == (record.text, record.id, True)
    assert (portion.text, portion.post) == (claim.text, False)
    for part in (whole, portion):
        assert (part.record_id, part.published, part.publisher) == (record.id, record.published, "Harbour Wire")
    assert parts.whole(make_record(publisher=None), (), "o").publisher == "harbour-wire"


def test_wordings_are_the_texts_of_parts_cut() -> None:
    records = [make_record("One two three."), make_record("Four."), make_record("")]
    told = [parts.whole(record, (), record.id) for record in records]
    assert list(Wordings(told)) == [record.text for record in records]
    assert Wordings(told, 5)[1:] == [record.text[:5] for record in records[1:]]
    assert (Wordings(told, 5)[-1], len(Wordings(told))) == (records[-1].text[:5], 3)
    assert list(Wordings(())) == []
    assert parts.dense_text(parts.whole(make_record("x" * 5_000), (), "o")) == "x" * parts.DENSE_TEXT
