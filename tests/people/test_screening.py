"""What is taken down stands on no page: every byte of the site is searched after the name was listed."""

import json

import papers
import pytest

from pipeline.bundles.verify import problems
from pipeline.cli import main

CONFIG = papers.CONFIG + '\n[desk]\ntakedown = "takedown.txt"\n'
NIGHT = "2026-05-04T06:00:00Z"


def publish(config, now: str, command: str = "run") -> int:
    return main([command, "--config", str(config), "--now", now, "--quiet"])


@pytest.fixture
def desk(tmp_path):
    config = papers.desk(tmp_path / "desk", papers.ROWS[:3], CONFIG)
    (config.parent / "takedown.txt").write_text("# nobody yet\n", encoding="utf-8")
    assert publish(config, NIGHT) == 0
    return config


def take_down(config, *entries: str) -> int:
    (config.parent / "takedown.txt").write_text("\n".join(entries), encoding="utf-8")
    return publish(config, "2026-05-04T09:00:00Z", "publish")


def whole(config) -> bytes:
    site = papers.site(config.parent)
    return b"\n".join([*(path.encode() for path in site), *site.values()]).lower()


@pytest.mark.parametrize(
    ("entry", "gone"),
    [
        ("Ana Reyes", [b"reyes"]),
        ("olav BRANDT", [b"brandt"]),
        ("https://harbour-wire.example/selmouth-port-orders-12-gas-turbines", [b"harbour-wire.example/selmouth"]),
        ("grid-post.example", [b"grid-post.example"]),
    ],
)
def test_after_it_is_listed_nothing_of_the_site_holds_it(desk, entry, gone, capsys):
    assert all(one in whole(desk) for one in gone)
    assert take_down(desk, entry) == 0
    assert not [one for one in gone if one in whole(desk)]
    bundles = [
        json.loads(b) for p, b in papers.site(desk.parent).items() if p.endswith("story.json") and "stories" in p
    ]
    assert not [problem for bundle in bundles for problem in problems(bundle)]


def test_what_was_removed_is_counted_and_not_named(desk, capsys):
    capsys.readouterr()
    (desk.parent / "takedown.txt").write_text("Ana Reyes", encoding="utf-8")
    assert main(["publish", "--config", str(desk), "--now", "2026-05-04T09:00:00Z", "--json"]) == 0
    said = capsys.readouterr()
    assert "taken down" in said.out
    assert "reyes" not in (said.out + said.err).lower()


def test_the_name_of_the_subject_takes_the_whole_story_down(desk):
    assert take_down(desk, "Corvane") == 0
    assert b"corvane" not in whole(desk)


@pytest.mark.parametrize("broken", ["Al", "\x00\x01abcd"])
def test_a_broken_file_publishes_nothing_and_keeps_the_old_site(desk, broken):
    before = whole(desk)
    assert take_down(desk, "Ana Reyes", broken) == 6
    assert whole(desk) == before
    (desk.parent / "takedown.txt").unlink()
    assert publish(desk, "2026-05-04T10:00:00Z", "publish") == 6
    assert whole(desk) == before


def test_taken_out_of_the_file_it_is_back(desk):
    before = whole(desk)
    assert take_down(desk, "Ana Reyes") == 0
    assert take_down(desk, "") == 0
    assert whole(desk).count(b"reyes") == before.count(b"reyes")


def test_an_answer_to_a_question_holds_nothing_of_it(desk, capsys):
    (desk.parent / "takedown.txt").write_text("Ana Reyes\ngrid-post.example", encoding="utf-8")
    ask = ["topic", "Selmouth turbines", "--corpus", "--config", str(desk), "--now", "2026-05-04T09:00:00Z", "--quiet"]
    assert main([*ask, "--json"]) == 0
    said = capsys.readouterr().out.lower()
    assert "turbines" in said
    assert "reyes" not in said
    assert "grid-post.example" not in said
    ask[1] = "Ana Reyes"
    assert main(ask) == 2


def test_what_is_left_of_a_story_is_shown_and_verifies(desk):
    before = [path for path in papers.site(desk.parent) if path.startswith("stories/") and path.endswith("story.json")]
    assert take_down(desk, "Olav Brandt") == 0
    site = papers.site(desk.parent)
    assert [path for path in site if path.startswith("stories/") and path.endswith("story.json")] == before
    assert not [problem for path in before for problem in problems(json.loads(site[path]))]
