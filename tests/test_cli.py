"""The command line as its user meets it: real desks on real folders, exit codes, and what is printed."""

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

import papers
import pytest
from hostile import HostileServer, reply
from thorough import LONG

from pipeline.cli import main

NIGHT = "2026-05-04T02:00:00Z"
NEXT = "2026-05-05T02:00:00Z"
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A desk after its first night; tests read it and change nothing."""
    config = papers.desk(tmp_path_factory.mktemp("desk"))
    assert main(["run", "--config", str(config), "--now", NIGHT, "--quiet"]) == 0
    return config


def call(capsys, *argv: str) -> tuple[int, str, str]:
    code = main(list(argv))
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_night_publishes_a_cited_story_and_says_what_each_stage_did(tmp_path, capsys):
    config = papers.desk(tmp_path)
    code, out, err = call(capsys, "run", "--config", str(config), "--now", NIGHT)
    assert code == 0
    assert "published" in out
    for stage in ("ingest", "analyze", "signal", "write", "publish"):
        assert stage in err
    pages = papers.site(tmp_path)
    assert "index.html" in pages
    assert [path for path in pages if path.endswith("/story.json")]


def test_the_same_night_again_adds_nothing_and_rewrites_nothing(tmp_path, capsys):
    config = papers.desk(tmp_path)
    call(capsys, "run", "--config", str(config), "--now", NIGHT)
    before, release = papers.site(tmp_path), (tmp_path / "output" / "site").resolve()
    code, out, _ = call(capsys, "run", "--config", str(config), "--now", NIGHT, "--json")
    run = json.loads(out)
    assert (code, run["outcome"]) == (0, "nothing new")
    assert papers.site(tmp_path) == before
    assert (tmp_path / "output" / "site").resolve() == release
    assert len(list((tmp_path / "output" / "releases").iterdir())) == 1


def test_a_night_without_a_new_record_tells_no_story(tmp_path, capsys):
    config = papers.desk(
        tmp_path, config=papers.CONFIG + "\n[write]\nmax_stories = 1\nmin_origins = 1\nmin_sentences = 1\n"
    )
    call(capsys, "run", "--config", str(config), "--now", NIGHT)
    code, out, _ = call(capsys, "run", "--config", str(config), "--now", NEXT, "--json")
    written = next(stage for stage in json.loads(out)["stages"] if stage["stage"] == "write")
    assert (code, written["made"]) == (0, 0)


def test_stages_run_alone_in_turn(tmp_path, capsys):
    config = papers.desk(tmp_path)
    for stage in ("ingest", "analyze", "signal", "write", "publish"):
        assert call(capsys, stage, "--config", str(config), "--now", NIGHT)[0] == 0
    assert papers.site(tmp_path) == papers.site(tmp_path)
    assert any(path.endswith("story.json") for path in papers.site(tmp_path))


def test_the_site_is_the_same_bytes_in_another_folder_zone_locale_and_hash_seed(tmp_path):
    sites = []
    for name, zone, locale, seed in (("a", "UTC", "C", "1"), ("b b/ü", "Pacific/Apia", "tr_TR.UTF-8", "77")):
        config = papers.desk(tmp_path / name, rows=papers.ROWS if name == "a" else papers.ROWS[::-1])
        env = {**os.environ, "TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        for now in (NIGHT, NEXT) if LONG else (NIGHT,):
            if now == NEXT:
                with (config.parent / "papers.jsonl").open("a", encoding="utf-8") as file:
                    file.write(papers.row(*papers.LATER))
            command = [sys.executable, "-m", "pipeline", "run", "--config", str(config), "--now", now, "--quiet"]
            subprocess.run(command, env=env, check=True, cwd=tmp_path)
        sites.append(papers.site(tmp_path / name))
    assert sites[0].keys() == sites[1].keys()
    assert [path for path in sites[0] if sites[0][path] != sites[1][path]] == []


def test_the_report_and_the_sources_tell_the_last_night(desk, capsys):
    code, out, _ = call(capsys, "report", "--config", str(desk))
    assert code == 0
    assert "published" in out
    code, out, _ = call(capsys, "sources", "list", "--config", str(desk), "--json")
    assert code == 0
    assert json.loads(out)[0]["health"]["ok"] is True


# --- topics ----------------------------------------------------------------------------------------------------------


def test_a_topic_is_answered_with_citations_from_records_on_it_only(desk, capsys):
    code, out, _ = call(capsys, "topic", "gas turbines Selmouth", "--corpus", "--config", str(desk), "--now", NIGHT)
    assert code == 0
    assert "turbines" in out
    assert "[1]" in out
    assert "Orrel" not in out


def test_a_topic_as_json_and_as_one_self_contained_page(desk, capsys, tmp_path):
    page = tmp_path / "t.html"
    argv = ["topic", "gas turbines Selmouth", "--corpus", "--config", str(desk), "--now", NIGHT]
    code, out, _ = call(capsys, *argv, "--json", "--html", str(page))
    answer = json.loads(out)
    assert code == 0
    assert answer["citations"]
    assert {r["publisher"] for r in answer["records"]} <= {"Harbour Wire", "Daily Ledger", "Grid Post"}
    text = page.read_text(encoding="utf-8")
    assert "<style" in text
    assert "stylesheet" not in text
    assert "<script" not in text


def test_a_topic_searches_the_sources_that_can_search(tmp_path, capsys):
    hit = {
        "objectID": "77",
        "title": "Selmouth port's gas turbines cost more than its cranes did in 2019",
        "story_text": "The port of Selmouth pays $2.7 million for each megawatt of its gas turbines, I was told there.",
        "author": "quayside",
        "created_at_i": 1777800000,
        "_tags": ["story"],
        "points": 40,
        "num_comments": 3,
    }
    pages = {"/api/search": reply(json.dumps({"hits": [hit], "nbHits": 1}), Content_Type="application/json")}
    with HostileServer(pages) as server:
        more = (
            f'\n[ingest]\npace = 0\nallow_private = ["{server.place}"]\n'
            f'[[source]]\nname = "Board"\nkind = "hackernews"\naddress = "{server.url}/v0"\n'
            f'search = "{server.url}/api"\n'
        )
        config = papers.desk(tmp_path, config=papers.CONFIG + more)
        call(capsys, "run", "--config", str(config), "--now", NIGHT)
        code, out, _ = call(capsys, "topic", "gas turbines Selmouth", "--config", str(config), "--now", NIGHT, "--json")
    answer = json.loads(out)
    assert code == 0
    assert answer["searched"][0] == {"name": "Board", "found": 1, "problem": None, "given": 1, "hung": False}
    assert "Hacker News" in {record["platform"] for record in answer["records"]}


def test_nothing_found_says_what_was_asked_and_where(desk, capsys):
    code, out, _ = call(capsys, "topic", "zeppelin hangars", "--corpus", "--config", str(desk), "--now", NIGHT)
    assert code == 0
    assert "zeppelin hangars" in out
    assert "store" in out


def test_asked_again_a_topic_says_what_is_new(tmp_path, capsys):
    config = papers.desk(tmp_path)
    call(capsys, "run", "--config", str(config), "--now", NIGHT)
    first = ["topic", "gas turbines Selmouth", "--corpus", "--config", str(config), "--json", "--now"]
    assert json.loads(call(capsys, *first, NIGHT)[1])["since"] is None
    papers.desk(tmp_path, rows=(*papers.ROWS, papers.LATER))
    call(capsys, "run", "--config", str(config), "--now", NEXT)
    again = json.loads(call(capsys, *first, NEXT)[1])
    assert again["since"] == NIGHT
    assert len(again["new_records"]) == 1
    assert json.loads(call(capsys, *first, NEXT)[1]) == again


def test_a_configured_topic_is_part_of_the_night(tmp_path, capsys):
    config = papers.desk(tmp_path, config=papers.CONFIG + '\n[[topic]]\nquery = "gas turbines Selmouth"\n')
    assert call(capsys, "run", "--config", str(config), "--now", NIGHT)[0] == 0
    assert any(b"gas turbines Selmouth" in body for body in papers.site(tmp_path).values())


# --- verify and eval -------------------------------------------------------------------------------------------------


def test_verify_passes_what_was_published_and_names_what_was_changed(desk, capsys, tmp_path):
    code, out, _ = call(capsys, "verify", str(desk.parent / "output" / "site"))
    assert (code, "every sentence holds" in out) == (0, True)
    bundle = next((desk.parent / "output" / "site").resolve().rglob("stories/*/story.json"))
    forged = tmp_path / "story.json"
    text = bundle.read_text(encoding="utf-8")
    around, opening, told = text.partition('"story": {')  # what the page prints beside the story is replay's to prove
    assert "240 million" in told
    forged.write_text(around + opening + told.replace("240 million", "640 million", 1), encoding="utf-8")
    code, out, _ = call(capsys, "verify", str(forged))
    assert code == 1
    assert "story" in out


def test_verify_of_nothing_is_a_usage_error(tmp_path, capsys):
    code, _, err = call(capsys, "verify", str(tmp_path))
    assert code == 2
    assert str(tmp_path) in err


def test_an_eval_prints_its_measures(tmp_path, capsys):
    lines = (ROOT / "tests" / "quality" / "gate.jsonl").read_text(encoding="utf-8").splitlines()
    (data := tmp_path / "gate.jsonl").write_text("\n".join(lines[::20]), encoding="utf-8")
    code, out, _ = call(capsys, "eval", "gate", str(data), "--json")
    assert code == 0
    assert {"refused_of_refuse", "published_of_publish", "by_kind", "sentences"} <= set(json.loads(out))


# --- errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ('address = "papers.jsonl"', "", 6, "address"),
        ("[site]", '[analyze]\nembedder = "lexcial"\n[site]', 6, "lexical"),
        ("[site]", '[models]\nwrite = ["nobody:m"]\n[site]', 6, "nobody"),
    ],
)
def test_a_wrong_setting_stops_the_night_before_it_starts(tmp_path, capsys, old, new, code, said):
    config = papers.desk(tmp_path, config=papers.CONFIG.replace(old, new, 1))
    got, _, err = call(capsys, "run", "--config", str(config), "--now", NIGHT)
    assert got == code
    assert said in err
    assert not (tmp_path / "output" / "citewire.db").exists()


def test_a_kind_that_nobody_knows_costs_its_source_only(tmp_path, capsys):
    more = '\n[[source]]\nname = "Typo"\nkind = "fiels"\naddress = "x"\n'
    config = papers.desk(tmp_path, config=papers.CONFIG + more)
    code, out, err = call(capsys, "run", "--config", str(config), "--now", NIGHT)
    assert code == 0
    assert "published" in out
    assert "Typo" in err
    assert "did you mean 'files'" in err


def test_a_missing_configuration_is_exit_code_6_in_json_too(tmp_path, capsys):
    code, out, err = call(capsys, "run", "--config", str(tmp_path / "no.toml"), "--json")
    assert code == 6
    assert "citewire init" in err
    assert json.loads(out)["exit_code"] == 6


def test_a_second_run_stops_at_once(tmp_path, capsys):
    config = papers.desk(tmp_path)
    call(capsys, "run", "--config", str(config), "--now", NIGHT)
    with (tmp_path / "output" / "citewire.lock").open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        code, _, err = call(capsys, "run", "--config", str(config), "--now", NEXT)
    assert code == 7
    assert "another run" in err


def test_when_every_source_fails_the_night_says_so_and_the_old_site_stays(tmp_path, capsys):
    config = papers.desk(tmp_path)
    call(capsys, "run", "--config", str(config), "--now", NIGHT)
    before = papers.site(tmp_path)
    (tmp_path / "papers.jsonl").unlink()
    code, out, err = call(capsys, "run", "--config", str(config), "--now", NEXT)
    assert code == 5
    assert "held" in out
    assert "Papers" in err
    assert papers.site(tmp_path) == before


def test_strict_turns_a_failed_source_into_exit_code_3(tmp_path, capsys):
    more = '\n[[source]]\nname = "Gone"\nkind = "files"\naddress = "gone"\n'
    config = papers.desk(tmp_path, config=papers.CONFIG + more)
    assert call(capsys, "run", "--config", str(config), "--now", NIGHT, "--strict")[0] == 3
    assert call(capsys, "run", "--config", str(config), "--now", NIGHT)[0] == 0


def test_a_database_that_is_none_is_a_storage_error(tmp_path, capsys):
    config = papers.desk(tmp_path)
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "citewire.db").write_bytes(b"not a database at all" * 100)
    code, _, err = call(capsys, "run", "--config", str(config), "--now", NIGHT)
    assert code == 8
    assert "citewire.db" in err


def test_init_makes_a_desk_whose_configuration_loads(tmp_path, capsys):
    code, out, _ = call(capsys, "init", str(tmp_path / "my-desk"))
    assert code == 0
    assert "citewire run" in out
    code, out, _ = call(capsys, "sources", "list", "--config", str(tmp_path / "my-desk" / "citewire.toml"))
    assert code == 0
    assert "never read" in out


@pytest.mark.parametrize("argv", [["run", "--now", "tomorrow"], ["topic", "x"], ["topic", "xy", "--days", "0"], []])
def test_usage_errors_are_exit_code_2(argv, capsys):
    with pytest.raises(SystemExit) as caught:
        main(argv)
    assert caught.value.code == 2
