""".ci/run: it ends with 0 where all steps did, and with what failed where one did."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

RUN = Path(__file__).parent.parent / ".ci" / "run"


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ("beside true; joined", 0),
        ("true", 0),
        ("beside sleep 60", 0),
        ("beside false; joined", 1),
        ("beside sleep 60; exit 3", 3),
        ("false || { echo again; true; }", 0),
        ("false || { echo again; false; }", 1),
    ],
)
def test_what_ci_ends_with(tmp_path: Path, steps: str, code: int) -> None:
    before, found, _ = RUN.read_text(encoding="utf-8").partition('\nstep "')
    assert found
    script = tmp_path / ".ci" / "run"
    script.parent.mkdir()
    script.write_text(f"{before}\n{steps}\n", encoding="utf-8")
    ended = subprocess.run(["bash", str(script)], timeout=30, check=False, capture_output=True, text=True)
    assert ended.returncode == code, ended.stderr
