"""What a run leaves beside the site: its report, and what it came to."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.app import make_app
from pipeline.domain import Failure, Run, StageReport
from pipeline.errors import ValidationFailed
from pipeline.run import FAILURES, HELD, NOTHING_NEW, PUBLISHED, STATUS, night, standing
from pipeline.settings import load

NOW = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


def test_what_a_run_came_to_is_told_in_a_few_lines() -> None:
    failures = tuple(Failure(f"source {n}", "gone", "the rest goes on", "look") for n in range(30))
    run = Run("2026-11-20T05:00:00Z", NOW, (StageReport("ingest", failures=failures),), HELD, 5)
    told = standing(run, {"edition": "2026-11-19", "now": "2026-11-19T05:00:00+00:00"})
    assert (told["outcome"], told["exit_code"], told["edition"]) == (HELD, 5, "2026-11-19")
    assert (told["failed"], len(told["failures"])) == (30, FAILURES)
    assert told["failures"][0] == {
        "stage": "ingest", "subject": "source 0", "what": "gone", "consequence": "the rest goes on", "remedy": "look",
    }  # fmt: skip
    assert told["report"] == "runs/2026-11-20T050000Z.json"
    assert standing(run, {})["edition"] == ""


def test_a_held_night_says_so_beside_the_site_that_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "citewire.toml"
    rows = tmp_path / "wire.jsonl"
    rows.write_text(
        json.dumps({"title": "Dam opens", "text": "The dam opens in May.", "url": "https://a.example/1"}) + "\n"
    )
    config.write_text('[[source]]\nname = "wire"\nkind = "files"\naddress = "wire.jsonl"\n')
    app = make_app(load(config))
    output = app.settings.output_path

    def status() -> dict[str, object]:
        found: dict[str, object] = json.loads((output / STATUS).read_text(encoding="utf-8"))
        assert (output / str(found["report"])).is_file()
        return found

    night(app, NOW)
    assert (status()["outcome"], status()["edition"], status()["exit_code"]) == (PUBLISHED, "2026-11-20", 0)
    night(app, NOW + timedelta(hours=1))
    assert (status()["outcome"], status()["edition"]) == (NOTHING_NEW, "2026-11-20")

    def broken(now: datetime) -> StageReport:
        raise ValidationFailed("a page leads nowhere")

    monkeypatch.setattr(type(app), "stage", lambda self, name: broken)
    night(app, NOW + timedelta(days=1), stages=("publish",))
    told = status()
    assert (told["outcome"], told["exit_code"], told["edition"]) == (HELD, 5, "2026-11-20")
    assert "a page leads nowhere" in json.dumps(told["failures"])
    site = json.loads((output / "site" / "status.json").read_text(encoding="utf-8"))
    assert site["edition"] == "2026-11-20"
