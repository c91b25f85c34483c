"""corrections.notices: what a page says of itself, and what it only reports of others."""

from __future__ import annotations

import pytest

from pipeline.corrections.notices import Notice, notice, taken_back

REST = " The council met on Tuesday and heard the residents of the quarter for three hours." * 12


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("RETRACTED: Effects of tea on sleep", "We studied 12 people."),
        ("[Retracted] Effects of tea on sleep", "We studied 12 people."),
        ("WITHDRAWN: Effects of tea on sleep", "We studied 12 people."),
        ("Retracted Article: Effects of tea on sleep", "We studied 12 people."),
        ("Effects of tea", "This article has been retracted at the request of the authors." + REST),
        ("Effects of tea", "The above article has been withdrawn." + REST),
        ("Effects of tea", "The editors have retracted this article because the data could not be verified." + REST),
        ("Effects of tea", "Editor's note: We are withdrawing this story, which did not meet our standards." + REST),
        ("Effects of tea", "This story has been removed because it rested on a forged letter." + REST),
        ("Wirkung von Tee", "Dieser Artikel wurde zurückgezogen." + REST),
    ],
)
def test_retractions(title: str, text: str) -> None:
    assert notice(title, text) is Notice.RETRACTED


@pytest.mark.parametrize(
    "text",
    [
        "This article has been corrected: the vote was eight to three." + REST,
        "An earlier version of this article misstated the number of turbines." + REST,
        "Correction: the council voted on Monday." + REST,
        REST + "\nCorrection (4 May): the council voted on Monday.",
        "This story was amended on 4 May; an earlier figure was wrong." + REST,
    ],
)
def test_corrections(text: str) -> None:
    assert notice("Council votes", text) is Notice.CORRECTED


@pytest.mark.parametrize(
    "text",
    ["This article has been removed.", "The requested page was deleted.", "This content is no longer available."],
)
def test_removals(text: str) -> None:
    assert notice("Harbour Wire", text) is Notice.REMOVED


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Journal retracts tea study", "The journal has retracted the paper by two chemists of Leeds." + REST),
        ("Ministry withdraws its statement", "The ministry has withdrawn the report on the harbour." + REST),
        ("Troops withdrawn from the border", "All troops were withdrawn on Monday." + REST),
        ("Mayor: I was wrong", "The mayor said that he had been wrong about the quay." + REST),
        ("Shop removes toys", "The shop said the toys were removed because of a fault." + REST),
        ("A retracted landing gear", "The gear was retracted, the pilot said." + REST),
        ("Council votes", REST + " The firm has retracted this claim."),
    ],
)
def test_reports_about_others_are_no_notices(title: str, text: str) -> None:
    assert notice(title, text) is Notice.NONE


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Retraction: Effects of tea on sleep", "Effects of tea on sleep"),
        ("Retraction Notice to: Effects of tea on sleep", "Effects of tea on sleep"),
        ("Notice of retraction: Effects of\ntea on sleep", "Effects of tea on sleep"),
        ("RETRACTED: Effects of tea on sleep", "Effects of tea on sleep"),
        ("Journal retracts tea study", ""),
        ("Retraction Watch finds 12 papers", ""),
        ("", ""),
    ],
)
def test_what_a_notice_of_its_own_takes_back(title: str, said: str) -> None:
    assert taken_back(title) == said
