"""`citewire explain` over a desk that has read a feed for two nights."""

import contextlib
import dataclasses
import io
import json

import pytest
from desk import rss, rss_item
from factories import NOW, make_claim, make_record, make_storyline
from hostile import HostileServer, reply
from lives import DAY, both_halves, bridges
from lives import night as analysed

from pipeline.cli import main
from pipeline.domain import Cursor
from pipeline.protocols import Analysis
from pipeline.stores import open_store

NIGHTS = ("2026-05-04T06:00:00Z", "2026-05-05T06:00:00Z")
FIRST = "The harbour of Port Brenna opened quay 1 on Monday. The Selmouth dredger had worked there for 14 months."
SECOND = "Quay 1 of Port Brenna is open, the harbour said. Nobody had dredged there before the Selmouth dredger came."


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A configuration whose feed was read on two nights, one item a night."""
    folder = tmp_path_factory.mktemp("desk")
    config = folder / "citewire.toml"
    items = [
        rss_item(1, text=FIRST),
        rss_item(1, "https://coast.example", guid="g2", text=SECOND, date="Tue, 05 May 2026 01:00:00 GMT"),
    ]
    with HostileServer({"/feed": reply(rss(items[:1]))}) as server:
        config.write_text(
            f'[ingest]\npace = 0\nworkers = 1\nfull_text = false\nallow_private = ["127.0.0.1:{server.port}"]\n'
            f'[[source]]\nname = "Wire"\nkind = "feed"\naddress = "{server.url}/feed"\n',
            encoding="utf-8",
        )
        for number, now in enumerate(NIGHTS, 1):
            server.routes["/feed"] = reply(rss(items[:number]))
            for stage in ("ingest", "analyze"):
                with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
                    assert main([stage, "--config", str(config), "--now", now]) == 0
    return config


def call(capsys, config, *argv):
    code = main(["explain", *argv, "--config", str(config)])
    said = capsys.readouterr()
    return code, said.out, said.err


def only(config):
    store = open_store(config.parent / "output" / "citewire.db")
    with contextlib.closing(store):
        (line,) = store.storylines()
        return line


def test_every_record_is_told_with_its_reason_origin_and_claims(desk, capsys):
    line = only(desk)
    code, out, _ = call(capsys, desk, line.id)
    assert code == 0
    assert line.label in out
    assert "2 records" in out
    assert "first of its storyline" in out
    assert "Selmouth" in out.split("first of its storyline")[1].split("shares ")[1].splitlines()[0]
    assert "24 hours apart" in out or "1 day apart" in out
    assert "closeness 0." in out
    assert "since 2026-05-05 06:00 UTC" in out
    assert "“The Selmouth dredger had worked there for 14 months.”" in out


def test_the_beginning_of_an_id_and_the_whole_label_name_it_too(desk, capsys):
    line = only(desk)
    whole = call(capsys, desk, line.id)
    assert call(capsys, desk, line.id[:6]) == whole
    assert call(capsys, desk, line.label) == whole
    assert call(capsys, desk, line.label.upper()) == whole


def test_json_holds_the_same(desk, capsys):
    line = only(desk)
    told = json.loads(call(capsys, desk, line.id, "--json")[1])
    assert told["id"] == line.id
    assert {r["id"] for r in told["records"]} == set(line.record_ids)
    claims = [claim for record in told["records"] for claim in record["claims"]]
    assert {claim["id"] for claim in claims} == set(line.claim_ids)
    assert all(claim["stays"][-1]["reason"] for claim in claims)


@pytest.mark.parametrize("name", ["nothing of the kind", "ff", "", "%", "_"])
def test_what_names_no_storyline_is_said_and_what_would(desk, capsys, name):
    code, out, err = call(capsys, desk, name)
    assert code == 2
    assert not out
    assert "no storyline or signal is called" in err
    assert "label" in err


def test_a_merged_storyline_leads_to_where_it_went_and_both_sides_are_told(tmp_path, capsys):
    config = tmp_path / "citewire.toml"
    config.write_text("", encoding="utf-8")
    (tmp_path / "output").mkdir()
    with contextlib.closing(open_store(tmp_path / "output" / "citewire.db")) as store:
        older, younger, _, record = both_halves(store)
        analysed(store, bridges(NOW + DAY * 1.5), NOW + DAY * 2)
    code, out, _ = call(capsys, config, younger.id)
    assert code == 0
    assert f"{younger.id} was merged into {older.id}" in out
    assert f"took in {younger.id} “{younger.label}”" in out
    assert "closeness across" in out
    told = json.loads(call(capsys, config, younger.id, "--json")[1])
    assert (told["id"], told["asked"]) == (older.id, younger.id)
    (claims,) = [one["claims"] for one in told["records"] if one["id"] == record.id]
    ways = [[stay["storyline_id"] for stay in claim["stays"]] for claim in claims]
    assert ways == [[younger.id, older.id]] * len(claims)
    assert call(capsys, config, younger.id[:8])[1] == out


def test_a_name_of_several_storylines_lists_them(tmp_path, capsys):
    config = tmp_path / "citewire.toml"
    config.write_text("", encoding="utf-8")
    (tmp_path / "output").mkdir()
    lines = [
        make_storyline([make_claim()], id=key, label="One \x1b[31mname", claim_ids=())
        for key in ("abc1", "abc2", "abd1")
    ]
    with contextlib.closing(open_store(tmp_path / "output" / "citewire.db")) as store:
        records = [make_record(f"Text {line.id}\n\nIt is so.", id=f"r{line.id}") for line in lines]
        store.save_batch("wire", records, Cursor(), None)
        store.save_analysis(
            Analysis(
                (),
                storylines=tuple(
                    dataclasses.replace(a, record_ids=(b.id,)) for a, b in zip(lines, records, strict=True)
                ),
            )
        )
    code, _, err = call(capsys, config, "abc")
    assert code == 2
    assert "names 2 storylines" in err
    assert "abc1" in err
    assert "abd1" not in err
    assert "\x1b" not in err
    assert call(capsys, config, "abd")[0] == 0


def test_before_the_first_night_it_says_what_to_run(tmp_path, capsys):
    config = tmp_path / "citewire.toml"
    config.write_text("", encoding="utf-8")
    code, _, err = call(capsys, config, "abc")
    assert code == 2
    assert "citewire run" in err
