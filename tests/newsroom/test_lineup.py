"""The lineup: a night's places, a beat's, a storyline's, and that a desk of one beat keeps all of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.newsroom.lineup import Lineup
from pipeline.settings import Settings


def lineup(stories: int = 25, beats: int = 3, **limits: int) -> Lineup:
    return Lineup(
        Settings.model_validate(
            {"write": {"max_stories": stories}, "ranking": limits, "beat": [{"name": f"B{n}"} for n in range(beats)]}
        )
    )


def filled(places: Lineup, offers: list[tuple[str, str]]) -> list[str]:
    """Why each offer of (beat, family) has no place, "" where it took one."""
    found = []
    for beat, family in offers:
        found.append(places.full(beat, family))
        if not found[-1]:
            places.take(beat, family)
    return found


def test_a_beat_has_so_many_places_and_no_more() -> None:
    said = filled(lineup(beat_stories=2), [("B0", f"s{n}") for n in range(3)] + [("B1", "s9")])
    assert said == ["", "", "over 2 stories of the beat B0", ""]


def test_a_storyline_and_what_split_from_it_share_their_places() -> None:
    said = filled(lineup(storyline_stories=1), [("B0", "s1"), ("B1", "s1"), ("B1", "s2")])
    assert said == ["", "over 1 story of one storyline and what split from it", ""]


def test_a_desk_of_one_beat_or_none_fills_its_night() -> None:
    for beats in (0, 1):
        offers = [("B0", f"s{n}") for n in range(26)]
        assert filled(lineup(beats=beats, beat_stories=2), offers) == [""] * 25 + ["over the night's 25 stories"]


def test_stories_of_no_beat_are_not_limited_as_if_they_had_one() -> None:
    assert filled(lineup(beat_stories=1), [("General", f"s{n}") for n in range(5)]) == [""] * 5


def test_the_defaults_leave_a_small_desk_alone() -> None:
    offers = [(f"B{n % 2}", f"s{n}") for n in range(20)]
    assert filled(lineup(beats=2), offers) == [""] * 20


@given(
    st.lists(st.tuples(st.sampled_from(["B0", "B1", "B2"]), st.sampled_from("stuvwxyz")), max_size=60),
    st.integers(1, 9),
    st.integers(1, 4),
    st.integers(1, 12),
)
def test_no_limit_is_ever_passed(offers: list[tuple[str, str]], beat: int, line: int, night: int) -> None:
    places = lineup(stories=night, beat_stories=beat, storyline_stories=line)
    filled(places, offers)
    assert places.stories <= night
    assert max(places.beats.values(), default=0) <= beat
    assert max(places.families.values(), default=0) <= line
