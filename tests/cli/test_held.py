"""`citewire held`: from the night that holds a sentence to the version that holds it, or never does."""

import json

import papers
import pytest

from pipeline.bundles.verify import problems
from pipeline.cli import main

ACCUSED = "Ana Reyes, director of the port of Selmouth, is accused of taking bribes from Corvane of $2 million"
ROWS = (
    *papers.ROWS[:2],
    (*papers.ROWS[2][:3], f"{papers.ROWS[2][3]} {ACCUSED}."),
)
LATER = papers.LATER


def run(config, *args: str) -> int:
    return main([*args, "--config", str(config), "--quiet"])


def night(config, now: str) -> None:
    assert run(config, "run", "--now", now) == 0


def waiting(config, capsys, *more: str) -> list[dict]:
    capsys.readouterr()
    assert run(config, "held", "list", "--json", *more) == 0
    return json.loads(capsys.readouterr().out)


def printed(config) -> str:
    return " ".join(body.decode() for path, body in papers.site(config.parent).items() if path.endswith(".html"))


@pytest.fixture
def desk(tmp_path, capsys):
    config = papers.desk(tmp_path / "desk", ROWS)
    night(config, "2026-05-04T06:00:00Z")
    return config


def more_news(config) -> None:
    with (config.parent / "papers.jsonl").open("a", encoding="utf-8") as file:
        file.write(papers.row(*LATER))
    night(config, "2026-05-05T06:00:00Z")


def test_a_held_sentence_is_in_the_store_and_on_no_page(desk, capsys):
    [item] = [one for one in waiting(desk, capsys) if one["kind"] == "sentence"]
    assert "bribes" in item["text"]
    assert item["state"] == "waiting"
    assert "one origin" in item["reason"]
    assert not [path for path, body in papers.site(desk.parent).items() if b"accused of taking" in body]
    bundles = [
        json.loads(b) for p, b in papers.site(desk.parent).items() if p.endswith("story.json") and "stories" in p
    ]
    withheld = [d for bundle in bundles for d in bundle["story"]["dropped"] if not d["text"]]
    assert withheld
    assert withheld[0]["verdict"]["reasons"][0]["rule"] == "people"


def test_the_report_says_how_many_wait(desk, capsys):
    capsys.readouterr()
    assert run(desk, "report") == 0
    assert "wait" in capsys.readouterr().out


def test_release_lets_it_into_the_next_version_which_verifies_and_says_so(desk, capsys):
    [item] = [one for one in waiting(desk, capsys) if one["kind"] == "sentence"]
    assert run(desk, "held", "release", item["id"][:9], "--note", "seen the file", "--now", "2026-05-04T12:00:00Z") == 0
    more_news(desk)
    assert item["id"] not in [one["id"] for one in waiting(desk, capsys)]
    [logged] = [one for one in waiting(desk, capsys, "--all") if one["id"] == item["id"]]
    assert logged["decisions"] == [{"what": "released", "at": "2026-05-04T12:00:00Z", "note": "seen the file"}]
    assert "accused of taking bribes" in printed(desk)
    bundles = [
        json.loads(b) for p, b in papers.site(desk.parent).items() if p.endswith("story.json") and "stories" in p
    ]
    assert not [problem for bundle in bundles for problem in problems(bundle)]
    for bundle in bundles:  # without the mark the same sentence does not verify
        text = json.dumps(bundle).replace("released", "let go")
        if text != json.dumps(bundle):
            assert "people" in {problem.rule for problem in problems(json.loads(text))}


def test_reject_keeps_it_out_of_later_nights(desk, capsys):
    [item] = [one for one in waiting(desk, capsys) if one["kind"] == "sentence"]
    assert run(desk, "held", "reject", item["id"]) == 0
    more_news(desk)
    assert "accused of taking bribes" not in printed(desk)
    assert [one["state"] for one in waiting(desk, capsys, "--all") if one["id"] == item["id"]] == ["rejected"]


def test_an_id_that_is_none_is_a_usage_error(desk, capsys):
    assert run(desk, "held", "release", "nothing") == 2
    assert "citewire held list" in capsys.readouterr().err


def test_a_desk_without_a_night_holds_nothing(tmp_path, capsys):
    config = papers.desk(tmp_path / "desk")
    assert run(config, "held", "list") == 0
    assert "nothing waits" in capsys.readouterr().out
    assert run(config, "held", "reject", "h1") == 2
