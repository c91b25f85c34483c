"""Reasons: every feature that one names can be looked up in the two texts."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta

from factories import NOW
from hypothesis import given
from hypothesis import strategies as st
from lives import CUP, TURBINES, article

from pipeline import terms
from pipeline.domain import TurnKind
from pipeline.storylines import parts, reasons
from pipeline.storylines.parts import Part
from pipeline.storylines.seams import Seam, Side
from pipeline.storylines.weaving import Place


def part(key: str, text: str, title: str = "", hours: float = 0.0) -> Part:
    record = dataclasses.replace(article(key, CUP, NOW - timedelta(hours=hours)), text=text, title=title)
    return parts.whole(record, (), key)


MINE = part("a", "Rovers win the cup\n\nStamm saved 2 penalties for Kingsbridge Rovers.", "Rovers win the cup")
OTHER = part("b", "Cup goes to Rovers\n\nKingsbridge sang when Stamm had saved twice.", "Cup goes to Rovers", 5)
TOLD = terms.fit([terms.count(MINE.text), terms.count(OTHER.text), terms.count("something else")])


def test_a_reason_names_what_both_texts_hold_and_the_nearest_text() -> None:
    why = reasons.membership(Place(MINE, "s", OTHER, 0.456), TOLD)
    shared = why.split(" with “")[0]
    for word in re.findall(r"'(\w+)'", shared):
        assert word in MINE.text.lower()
        assert word in OTHER.text.lower()
    assert "“Cup goes to Rovers” (Paper b)" in why
    assert "published 5 hours apart" in why
    assert "titles share 2 of 3 words" in why
    assert why.endswith("closeness 0.46")
    assert re.search(r"in \d of 3 texts", why)


def test_the_first_says_so_and_an_unsure_date_is_not_counted_with() -> None:
    assert reasons.membership(Place(MINE, "s", None, 0.0), TOLD) == "first of its storyline"
    doubtful = dataclasses.replace(OTHER, record=dataclasses.replace(OTHER.record, date_doubtful=True))
    assert "at an uncertain date" in reasons.membership(Place(MINE, "s", doubtful, 0.3), TOLD)


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_have_a_reason_of_one_line(one: str, other: str) -> None:
    mine, theirs = part("a", one, one[:40]), part("b", other, other[:40])
    why = reasons.membership(Place(mine, "s", theirs, 0.2), terms.fit([terms.count(one), terms.count(other)]))
    assert why.startswith("shares ")
    assert "\n" not in why
    assert len(why) < 1200


def sides(same: bool) -> tuple[Side, Side]:
    stays = [part(f"t{n}", text, TURBINES.title) for n, text in enumerate(TURBINES.body[:2])]
    goes = [part(f"c{n}", text, CUP.title) for n, text in enumerate((TURBINES if same else CUP).body[:2])]
    return Side("s1", "Turbines", tuple(stays), 0.5), Side("s2", "Cup", tuple(goes), None)


def test_a_side_has_as_many_origins_as_outlets_tell_it() -> None:
    stays, goes = sides(False)
    assert (stays.origins, goes.origins) == (2, 2)
    one_outlet = [dataclasses.replace(one, voice="outlet paper") for one in stays.parts]
    assert Side("s1", "Turbines", tuple(one_outlet), 0.5).origins == 1
    assert parts.origins([*one_outlet, *goes.parts]) == 3
    told = reasons.turns(
        [Seam(False, dataclasses.replace(stays, parts=tuple(one_outlet)), goes, 0.01, 0.14)], TOLD, NOW
    )
    assert "2 records of 2 origins" in told["s1"][0].why
    assert "2 records of 1 origin of" in told["s1"][0].why


def test_a_split_tells_each_side_what_it_alone_speaks_of() -> None:
    told = reasons.turns([Seam(False, *sides(False), 0.01, 0.14)], TOLD, NOW)
    assert [(turn.kind, turn.other, turn.label) for turn in told["s1"]] == [(TurnKind.SPLIT_OFF, "s2", "Cup")]
    assert [(turn.kind, turn.other, turn.label) for turn in told["s2"]] == [(TurnKind.SPLIT_FROM, "s1", "Turbines")]
    (turn,) = told["s1"]
    assert "closeness across 0.01 (inside the sides 0.50 and one text)" in turn.why
    first, second = turn.why.split("the first alone speaks of ")[1].split(", the second of ")
    assert all(word in " ".join(TURBINES.body).lower() for word in re.findall(r"'(\w+)'", first))
    assert all(word in " ".join(CUP.body).lower() for word in re.findall(r"'(\w+)'", second))


def test_a_merge_tells_what_both_sides_speak_of_and_what_brought_them_together() -> None:
    told = reasons.turns([Seam(True, *sides(True), 0.3, 0.14, MINE)], TOLD, NOW)
    assert told["s1"][0].kind is TurnKind.TOOK_IN
    assert told["s2"][0].kind is TurnKind.MERGED_INTO
    why = told["s2"][0].why
    assert "2 records of 2 origins of “Cup” joined 2 records of 2 origins of “Turbines”" in why
    assert "both speak of 'turbines'" in why or "'turbines'" in why.split("both speak of")[1]
    assert "“Rovers win the cup” (Paper a) of tonight is close to both" in why
