"""Claims in nearly the same words: what they differ in, and when that is another thing."""

from __future__ import annotations

import pytest
from factories import NOW, make_record

from pipeline.claiming import claims as extractor
from pipeline.claiming.assertions import Assertion, assertion
from pipeline.domain import DisputeKind
from pipeline.findings.disputes import between
from pipeline.origins.twins import twins


def said(text: str, publisher: str = "A") -> Assertion:
    record = make_record(text, title="", publisher=publisher, published=NOW)
    return assertion(extractor.extract(record, min_worth=0.0)[0])


BRIDGE = "The old bridge at Harlow collapsed after 12 trucks crossed it on Monday, engineers found."


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        (BRIDGE.replace("12 trucks", "nineteen trucks"), DisputeKind.NUMBER),
        (BRIDGE.replace("Monday", "Thursday"), DisputeKind.DATE),
        (BRIDGE.replace("collapsed", "did not collapse"), DisputeKind.POLARITY),
        (f"It is not true that the {BRIDGE[4:]}", DisputeKind.POLARITY),
        (BRIDGE, None),
        (BRIDGE.replace("12", "twelve"), None),
        (BRIDGE.replace("12 trucks", "a dozen trucks"), None),
        (BRIDGE.replace("Harlow", "Kessel").replace("12", "19"), None),
        (BRIDGE.replace("Monday", "Thursday").replace("12", "19"), None),
        (BRIDGE.replace("12 trucks", "19 horses"), None),
    ],
)
def test_one_differing_slot_is_a_dispute_and_another_thing_is_none(other, kind):
    found = between(said(BRIDGE), said(other, "B"))
    assert (found.kind if found else None) is kind


def test_opposite_verbs_in_the_same_words():
    one, other = "The council at Port Brenna approved the new harbour plan.", "rejected"
    found = between(said(one), said(one.replace("approved", other), "B"))
    assert found is not None
    assert (found.kind, {found.a_value, found.b_value}) == (DisputeKind.POLARITY, {"approved", "rejected"})


def test_denying_a_request_or_an_allegation_denies_no_statement():
    one = said("Judge Oduya denies the request of three officers for separate trials in Harlow.")
    other = said("Judge Oduya denied requests of three officers for separate trials in Harlow.", "B")
    assert between(one, other) is None


def test_claims_with_few_words_in_common_are_no_twins():
    assert twins(said(BRIDGE), said("A flood in Kessel drowned forty cows.")) is None
    assert twins(said("Yes."), said("Yes.")) is None
