"""What is found out where a record is read serves the night's own process as if it had found it out itself."""

from __future__ import annotations

import dataclasses

import pytest
from factories import make_record
from honest_articles import articles

from pipeline.claiming.assertions import assertion, opened, packed, restored
from pipeline.perusal import Said, Task, read
from pipeline.settings import AnalyzeSettings

ARTICLES = articles()[::9]


@pytest.mark.parametrize("text", [one.text for one in ARTICLES], ids=lambda text: text[:30])
def test_a_claim_that_travelled_is_compared_as_it_would_have_been(text: str) -> None:
    record = make_record(text, title="")
    (found,) = read(Task((record,), AnalyzeSettings(), ()))
    assert found.claims
    forms = opened(packed(found.claims))
    assert [restored(claim, forms[claim.id]) for claim in found.claims] == [assertion(one) for one in found.claims]


def test_what_was_read_is_asked_for_claims_that_were_and_made_for_others() -> None:
    record = make_record("Globex sold 12 ships to Initech on 3 May 2026. The ships are old.", title="")
    (found,) = read(Task((record,), AnalyzeSettings(min_worth=0.0), ()))
    credited = tuple(dataclasses.replace(claim, origin_id="o-elsewhere") for claim in found.claims)
    said = Said({record.id: credited}, {record.id: found})
    assert [said.asserted(claim) for claim in credited] == [assertion(claim) for claim in credited]
    assert said.asserted(credited[0]).claim.origin_id == "o-elsewhere"
    other = dataclasses.replace(credited[0], id="another", text="Nobody sold anything.", quantities=(), dates=())
    assert said.asserted(other) == assertion(other)
    foreign = dataclasses.replace(other, record_id="unknown")
    assert said.asserted(foreign) == assertion(foreign)
    assert said.alone([record.id]) == found.findings
    assert said.alone([record.id, "other"]) == said.alone(["other"]) == ()
