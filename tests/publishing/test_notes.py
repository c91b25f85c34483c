"""Notes of a release say of each file what was entered, through any number of releases; of what is gone nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.publishing.notes import Kept, Notes

HASHES = st.text("0123456789abcdef", min_size=64, max_size=64)
SEALS = st.just("") | st.text("0123456789abcdef", min_size=32, max_size=32)
GOALS = st.sampled_from([f"{folder}/index.html{anchor}" for folder in "abcd" for anchor in ("", "#x", "#y")])
PATHS = st.sampled_from([f"{folder}/index.html" for folder in "abcdef"])
FILES = st.builds(
    Kept, HASHES, st.integers(0, 9999), st.integers(0, 2**62), st.none() | HASHES,
    st.lists(GOALS, max_size=5, unique=True).map(tuple), SEALS,
)  # fmt: skip
SITES = st.dictionaries(PATHS, FILES, max_size=6)


@given(st.lists(SITES, min_size=1, max_size=4))
def test_what_is_entered_or_taken_over_is_read_again(nights: list[dict[str, Kept]]) -> None:
    before = Notes()
    for site in nights:
        now = Notes(before)
        for path, known in site.items():
            was = before.brief(path)
            if was is not None and before[path]._replace(rests_on=known.rests_on) == known:
                now.take(path, was, known.rests_on)
            else:
                now.enter(path, known)
        assert dict(now) == site
        assert now.led(site) == {goal for known in site.values() for goal in known.links}
        wanted = {"a/index.html", "b/index.html#x"}
        led = sorted((path, goal) for path, known in site.items() for goal in known.links if goal in wanted)
        assert sorted(now.leading(wanted)) == led
        before = Notes.load(b"".join(now.dump(before)))
        assert dict(before) == site


def test_goals_of_what_is_gone_are_not_noted() -> None:
    old = Notes()
    old.enter("a/index.html", Kept("0" * 64, 1, 1, None, ("withdrawn/index.html",)))
    old.enter("b/index.html", Kept("1" * 64, 1, 1, None, ("a/index.html",)))
    new = Notes(old)
    new.enter("b/index.html", Kept("2" * 64, 1, 1))
    assert b"withdrawn" not in b"".join(new.dump(old))


def test_a_file_taken_over_rests_on_what_it_rests_on_now() -> None:
    old = Notes()
    old.enter("a", Kept("0" * 64, 1, 2, None, ("b",), "5ea1"))
    brief = old.brief("a")
    assert brief is not None
    new = Notes(old)
    new.take("a", brief, "f" * 64)
    assert new["a"] == Kept("0" * 64, 1, 2, "f" * 64, ("b",), "5ea1")


def test_notes_that_cannot_be_read_are_none() -> None:
    for raw in (b"", b"{", b"[]", b'{"format": 1}', b'{"format": 2, "goals": [], "files": {"a": "b"}}'):
        assert not Notes.load(raw)
