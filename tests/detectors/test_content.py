"""News, corroboration and contradiction: what fires, what is more of the same, and that copies never raise anything."""

from __future__ import annotations

import dataclasses

import pytest
from factories import make_dispute, make_signal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from novel_nights import HELD_BACK, TUNED, dense, measure
from tonight import LINE, NOW, START, Tonight

from pipeline.detectors.content import LEAST_EARLIER, detect_contradiction, detect_corroboration, detect_novelty
from pipeline.detectors.frame import History
from pipeline.domain import DisputeKind, Finding, FindingState, Signal, Weighted
from pipeline.settings import SignalSettings

SETTINGS = SignalSettings(corroboration_origins=3)
KNOWN = (
    "Northwind Power has ordered 12 gas turbines for its Harlow campus.",
    "Harlow council approved the Northwind Power site by nine votes to two.",
    "Northwind Power will pay the county $40 million over ten years.",
    "Residents of Harlow fear the noise of the Northwind turbines at night.",
    "The Harlow campus of Northwind Power needs 480 megawatts of electricity.",
)
ARREST = "Police in Harlow arrested a Northwind Power executive on bribery charges."


def known(night: Tonight, *, desk: bool = True) -> Tonight:
    """What was told of the storyline before the window, and of enough others to know what is usual."""
    for n, text in enumerate(KNOWN):
        night.said(text, 40 + 10 * n, "Ledger")
    for n in range(LEAST_EARLIER if desk else 0):
        for m, verb in enumerate(("opens", "measures")):
            night.said(
                f"Village {n} {verb} museum number {n * 7 + m} in valley {n + 30}.", 60 - m, "Wire", line=f"s{n}"
            )
        night.said(f"Village {n} hears about hall {n}.", 3, "Wire", line=f"s{n}", headline=False)
    return night


def novelty(night: Tonight) -> list[Signal]:
    found = detect_novelty(night.window(), History(), NOW, SETTINGS)
    return [signal for signal in found if signal.subject == LINE]


def test_a_new_finding_of_two_voices_is_news():
    night = known(Tonight())
    new = night.said(ARREST, 6, "Ledger", "Harbour Wire")
    (signal,) = novelty(night)
    assert (signal.kind, signal.about, signal.n, signal.held) == ("novelty", "storyline", 2, None)
    assert {row.id for row in signal.evidence} == set(new.claim_ids)
    assert signal.score >= signal.threshold > 0
    assert "told by 2 voices" in signal.summary


def test_a_lone_headline_is_news_with_a_fact_that_was_not_told():
    night = known(Tonight())
    night.said(ARREST, 6, "Ledger")
    (signal,) = novelty(night)
    assert signal.n == 1
    assert 'an outcome ("arrested")' in signal.summary


@pytest.mark.parametrize(
    "text",
    [
        "A Northwind Power engineer talked about working in Harlow.",  # nothing that was not told
        "Far away in Selmouth a bank fired 300 cashiers.",  # of another matter
    ],
)
def test_a_lone_voice_without_a_new_fact_of_the_matter_is_none(text: str):
    night = known(Tonight())
    night.said(text, 6, "Ledger")
    assert not novelty(night)


def test_a_lone_voice_deep_in_a_text_is_background():
    night = known(Tonight())
    night.said(ARREST, 6, "Ledger", headline=False)
    assert not novelty(night)


def test_what_two_voices_say_of_years_ago_is_background():
    night = known(Tonight())
    night.said("Northwind Power was fined over a spill in Harlow in 2019.", 6, "Ledger", "Harbour Wire")
    assert not novelty(night)


def test_rewordings_and_repetitions_are_more_of_the_same():
    night = known(Tonight())
    night.said("Northwind Power ordered 12 gas turbines for the campus at Harlow.", 6, "Harbour Wire", "Post")
    night.said("The Northwind Power site was approved by the Harlow council, nine votes to two.", 5, "Post", "Echo")
    assert not novelty(night)


def test_what_another_storyline_knew_is_a_roundups_restatement():
    night = known(Tonight())
    night.said(ARREST, 50, "Echo", line="s3")
    night.said("Police in Harlow arrested a Northwind Power executive on charges of bribery.", 6, "Ledger", "Wire")
    assert not novelty(night)


def test_copies_of_one_origin_are_one_voice():
    night = known(Tonight())
    text = "A Northwind Power engineer talked about working in Harlow."
    copies = [night.claim(text, 6 - n / 10, f"Copy {n}", origin="wire") for n in range(9)]
    night.finding(copies)
    assert not novelty(night)


def test_what_came_out_long_before_the_window_is_no_news_when_it_is_read_late():
    night = known(Tonight())
    late = night.said(ARREST, 400, "Echo", "Wire")
    night.findings[LINE][-1] = dataclasses.replace(late, first_seen=NOW)
    assert not novelty(night)


def test_a_backfill_is_no_news():
    night = known(Tonight())
    night.said(ARREST, 6, "Echo", "Wire", fill=True)
    assert not novelty(night)


def test_many_lone_voices_with_a_finding_each_are_heard_together():
    night = known(Tonight())
    for n, text in enumerate(
        (
            "Engineers dug trenches across fields beside the river.",
            "Schools nearby cancelled lessons because lorries blocked every road.",
            "A famous singer composed an angry ballad about smoke.",
            "Farmers drove sheep through the market square in protest.",
            "The bishop offered his cathedral as a place for talks.",
        )
    ):
        night.said(text, 3 + n, f"Voice {n}", headline=False)
        assert bool(novelty(night)) == (n == 4)
    assert novelty(night)[0].n == 5


def test_nothing_known_is_nothing_to_be_far_from():
    night = Tonight()
    night.said(ARREST, 6, "Ledger", "Harbour Wire")
    assert not novelty(night)


def test_few_earlier_findings_hold_and_say_so():
    night = known(Tonight(), desk=False)
    night.said("A minister resigned over secret payments.", 6, "Ledger", "Harbour Wire")
    (signal,) = novelty(night)
    assert signal.held == f"only 4 earlier findings to tell what is usual, {LEAST_EARLIER} are needed"


@pytest.mark.parametrize(("affairs", "embed"), [(TUNED, None), (HELD_BACK, dense)], ids=["lexical", "latent"])
def test_news_is_told_from_more_of_the_same(affairs, embed):
    found = measure([5], affairs, embed, lines=12)
    assert found.wrong == 0
    assert found.recall >= 0.6  # 0.85 and more over many nights: docs/signals.md


# --- corroboration ---------------------------------------------------------------------------------------------------


def corroboration(night: Tonight) -> list[Signal]:
    return list(detect_corroboration(night.window(), History(), NOW, SETTINGS))


def test_the_third_voice_corroborates_and_the_first_is_named():
    night = Tonight()
    finding = night.finding(
        [night.claim(KNOWN[0], 50, "A"), night.claim(KNOWN[0], 40, "B"), night.claim(KNOWN[0], 3, "C")]
    )
    (signal,) = corroboration(night)
    assert (signal.n, signal.score, signal.baseline, signal.threshold) == (3, 3.0, 2.0, 3.0)
    assert signal.evidence[0] == Weighted(finding.claim_ids[0], signal.evidence[0].weight, "told it first")
    assert "first told 2026-05-04 04:00" in signal.summary


def test_a_fourth_voice_is_no_corroboration_again():
    night = Tonight()
    night.finding([night.claim(KNOWN[0], hours, voice) for voice, hours in zip("ABCD", (50, 40, 30, 3), strict=True)])
    assert not corroboration(night)


def test_copies_and_repetitions_corroborate_nothing():
    night = Tonight()
    night.finding(
        [
            *(night.claim(KNOWN[0], 9 - n, f"Copy {n}", origin="wire") for n in range(5)),
            *(night.claim(KNOWN[0], 3 - n / 2, "Ledger") for n in range(5)),
        ]
    )
    assert not corroboration(night)


def test_neither_backfill_nor_what_was_superseded_corroborates():
    night = Tonight()
    night.finding([night.claim(KNOWN[0], 9 - n, f"V{n}", fill=True) for n in range(4)])
    night.finding([night.claim(KNOWN[1], 9 - n, f"V{n}") for n in range(4)], state=FindingState.SUPERSEDED)
    assert not corroboration(night)


# --- contradiction ---------------------------------------------------------------------------------------------------

TEN, TWELVE = "Northwind Power will install 10 gas turbines.", "Northwind Power will install 12 gas turbines."


def disputed(
    a: float, b: float, voices: tuple[str, str] = ("Ledger", "Echo"), kind: DisputeKind = DisputeKind.NUMBER
) -> tuple[Tonight, Finding, Finding]:
    """A dispute of two voices, one side told `a` hours ago, the other `b`."""
    night = Tonight()
    one, other = night.said(TWELVE, a, voices[0]), night.said(TEN, b, voices[1])
    claims = [night.claims[finding.claim_ids[0]] for finding in (one, other)]
    night.dispute(one, other, make_dispute(*claims, kind=kind))
    return night, one, other


def contradiction(night: Tonight, *before: Signal) -> list[Signal]:
    return list(detect_contradiction(night.window(), History(signals=before), NOW, SETTINGS))


def test_a_dispute_that_opens_is_told_with_both_sides():
    night, one, other = disputed(60, 4)
    (signal,) = contradiction(night)
    assert (signal.score, signal.n, signal.held) == (1.0, 2, None)
    assert {row.id for row in signal.evidence} == {one.claim_ids[0], other.claim_ids[0]}
    assert [row.note for row in signal.evidence] == ["number: 12 (1 voice)", "number: 10 (1 voice)"]
    assert "a number (1 dispute; one opened: 1 voice against 1 voice)" in signal.summary


def test_a_dispute_of_earlier_nights_is_no_news():
    assert not contradiction(disputed(60, 40)[0])


def test_one_that_was_told_is_not_told_again():
    night = disputed(60, 23)[0]
    (first,) = contradiction(night)
    earlier = dataclasses.replace(first, window_end=NOW.replace(day=5))
    assert not contradiction(night, earlier)
    assert contradiction(night, dataclasses.replace(earlier, held="source failed"))
    assert contradiction(night, dataclasses.replace(earlier, subject="another"))
    assert contradiction(night, make_signal(window_end=START))
    assert contradiction(night, first)  # the night measured again


def test_a_side_that_reaches_enough_voices_confirms_it():
    night, _, other = disputed(60, 50)
    more = [night.claim(TEN, hours, voice) for hours, voice in ((40, "Post"), (3, "Wire"))]
    held = night.findings[LINE]
    held[-1] = dataclasses.replace(held[-1], claim_ids=(*other.claim_ids, *(claim.id for claim in more)))
    (signal,) = contradiction(night)
    assert "one was confirmed: 1 voice against 3 voices" in signal.summary


def test_a_voice_that_corrects_itself_disputes_nothing():
    assert not contradiction(disputed(60, 4, ("Ledger", "Ledger"))[0])
    assert not contradiction(disputed(60, 4, ("Ledger", "Ledger"), DisputeKind.ATTRIBUTION)[0])


def test_one_outlet_may_report_two_who_differ():
    night, one, other = disputed(60, 4, ("Ledger", "Ledger"))
    for finding, speaker in ((one, "Ada Holt"), (other, "Ben Reyes")):
        key = finding.claim_ids[0]
        night.claims[key] = dataclasses.replace(night.claims[key], speaker=speaker)
    assert contradiction(night)


def test_a_superseded_side_is_no_dispute():
    night = disputed(60, 4)[0]
    night.findings[LINE][0] = dataclasses.replace(night.findings[LINE][0], state=FindingState.SUPERSEDED)
    assert not contradiction(night)


def test_each_dispute_counts_once_however_it_is_written():
    night, one, other = disputed(60, 4)
    a, b = (night.claims[finding.claim_ids[0]] for finding in (one, other))
    night.dispute(one, other, make_dispute(b, a))
    night.dispute(one, other, make_dispute(a, b, kind=DisputeKind.STATUS))
    (signal,) = contradiction(night)
    assert signal.score == 2.0


# --- laws ------------------------------------------------------------------------------------------------------------

everything = st.lists(
    st.tuples(st.sampled_from([*KNOWN, ARREST, TEN, TWELVE]), st.integers(1, 60), st.sampled_from("ABCDE")),
    min_size=1,
    max_size=12,
    unique=True,
)
laws = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
DETECTORS = (detect_novelty, detect_corroboration, detect_contradiction)


def told(rows: list[tuple[str, int, str]]) -> Tonight:
    """A night on which each text is a finding of all who told it."""
    night = Tonight()
    for text in sorted({row[0] for row in rows}):
        night.finding([night.claim(text, hours, voice) for other, hours, voice in sorted(rows) if other == text])
    return night


@laws
@given(everything, st.randoms(use_true_random=False))
def test_the_order_of_input_changes_nothing(rows, random):
    night = told(rows)
    window = night.window()
    claims, arrivals, findings = list(night.claims.items()), list(night.told.items()), list(night.findings[LINE])
    for some in (claims, arrivals, findings):
        random.shuffle(some)
    other = dataclasses.replace(
        window,
        claims=dict(claims),
        told=dict(arrivals),
        findings={LINE: findings},
        novel={key: some[::-1] for key, some in window.novel.items()},
    )
    for detect in DETECTORS:
        assert detect(other, History(), NOW, SETTINGS) == detect(window, History(), NOW, SETTINGS)


@laws
@given(everything, st.integers(1, 5))
def test_copies_never_raise_anything(rows, copies):
    night = told(rows)
    before = [detect(night.window(), History(), NOW, SETTINGS) for detect in DETECTORS]
    for finding in list(night.findings[LINE]):
        first = night.claims[finding.claim_ids[0]]
        more = [
            night.claim(first.text, 0.5 + n / 100, f"Copy {n}", origin=night.told[first.record_id].origin_id)
            for n in range(copies)
        ]
        at = night.findings[LINE].index(finding)
        night.findings[LINE][at] = dataclasses.replace(
            finding, claim_ids=(*finding.claim_ids, *(claim.id for claim in more))
        )
    after = [detect(night.window(), History(), NOW, SETTINGS) for detect in DETECTORS]
    for old, new in zip(before, after, strict=True):
        assert [(s.id, s.n, s.score) for s in new] == [(s.id, s.n, s.score) for s in old]
