"""What the backup of a night costs: a store of N records of about 3 KB is copied, checked, packed and read back.

python benchmarks/backing_up.py 20000
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.domain import Cursor, Record, TextQuality
from pipeline.operating import archive, backup
from pipeline.settings import DATABASE, Settings
from pipeline.stores import copying, open_store

NOW = datetime(2026, 5, 5, tzinfo=UTC)
WORDS = [
    f"{a}{b}" for a in "har quay port ship crane gas wind vote law tax".split() for b in "bour ing ed s er al".split()
]


def fill(path: Path, count: int) -> None:
    """`count` records of about 3 KB, as a desk of some weeks holds them, with an embedding for each."""
    dice, store = random.Random(1), open_store(path)  # noqa: S311  no secret
    for at in range(0, count, 500):
        records = [
            Record(
                id=f"{n:016x}", source="wire", platform="web", kind="article", native_id=str(n), author=None,
                url=f"https://wire.example/{n}", publisher="Wire", title=f"Report {n}", lang="en",
                text=" ".join(dice.choices(WORDS, k=480)), quality=TextQuality.FULL,
                published=NOW - timedelta(minutes=n), fetched=NOW - timedelta(minutes=n),
            )
            for n in range(at, min(count, at + 500))
        ]  # fmt: skip
        store.save_batch("wire", records, Cursor(), None)
    store.close()


def main(count: int) -> None:
    """Print seconds and sizes."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(root=Path(folder))
        settings.output_path.mkdir()
        path = settings.output_path / DATABASE
        fill(path, count)
        print(f"{count:,} records, {path.stat().st_size / 1e6:,.1f} MB")
        steps = {
            "copy": lambda: copying.copy(path, Path(folder) / "copy"),
            "check (quick, foreign keys, counts)": lambda: copying.examine(Path(folder) / "copy"),
            "check (full, every text)": lambda: copying.examine(Path(folder) / "copy", full=True),
            "whole backup, verified": lambda: backup.nightly(settings, NOW),
            "seal of a backup": lambda: archive.read(backup.found(backup.folder(settings))[0].path),
        }
        for name, step in steps.items():
            wall, cpu = time.perf_counter(), time.process_time()
            step()
            print(f"{name:<38} {time.perf_counter() - wall:6.2f} s wall {time.process_time() - cpu:6.2f} s processor")
        print(f"backup: {backup.found(backup.folder(settings))[0].path.stat().st_size / 1e6:,.1f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
