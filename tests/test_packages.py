"""A package of somebody else adds a kind of source: installed by pip, found by its entry point, read by a night."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import papers
import pytest

ROOT = Path(__file__).parent.parent
NIGHT = "2026-05-04T02:00:00Z"
CODE = '''
"""A kind of source: telegrams in a text file, one a line. What a stranger's package may look like."""

from datetime import datetime, timezone
from pathlib import Path

from pipeline.domain import Batch, Cursor, TextQuality
from pipeline.errors import ParseError
from pipeline.records import Item, record
from pipeline.sources import Kind


class TelegramSource:
    about = Kind(summary="Telegrams.", address="a file", options={"office": "who sent them, Selmouth"})
    links_to_pages = False

    def __init__(self, tools):
        self.root = tools.root

    @staticmethod
    def recognise(url):
        if url.startswith("https://telegrams.example/"):
            return {"kind": "telegram", "address": url.rpartition("/")[2], "office": "Tarn"}
        return None

    def read(self, source, cursor, now):
        path = Path(self.root, source.address)
        if not path.exists():
            raise ParseError(f"{path.name} is not there")
        lines = path.read_text(encoding="utf-8").splitlines()
        start = int(cursor.position or 0)
        office = source.options.get("office", "Selmouth")
        made = [
            record(
                Item(
                    native_id=str(number),
                    url=None,
                    title=line.partition(". ")[0],
                    body=line,
                    quality=TextQuality.FULL,
                    platform="Telegram",
                    published=datetime(2026, 5, 3, number, tzinfo=timezone.utc),
                    publisher=f"{office} telegraph office",
                    lang="en",
                ),
                source,
                now,
            )
            for number, line in enumerate(lines)
            if number >= start
        ]
        return Batch(tuple(made), Cursor(position=str(len(lines))))


class BrokenSource:
    def __init__(self, tools):
        raise RuntimeError("this package is broken")

    @staticmethod
    def recognise(url):
        raise RuntimeError("this package is broken")
'''
ENTRY_POINTS = """[citewire.source]
telegram = telegrams:TelegramSource
broken = telegrams:BrokenSource
missing = telegrams_of_nobody:Source
"""
METADATA = "Metadata-Version: 2.1\nName: citewire-telegrams\nVersion: 1.0\n"
TELEGRAMS = (
    "Selmouth port orders 12 gas turbines. The port of Selmouth ordered 12 gas turbines from Corvane on Saturday.\n"
    "Lake Orrel freezes over. Lake Orrel froze over on Sunday for the first time since 2018, the weather office said.\n"
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The folder that pip has installed a small distribution into; no index is asked."""
    folder = tmp_path_factory.mktemp("package")
    wheel = folder / "citewire_telegrams-1.0-py3-none-any.whl"
    info = "citewire_telegrams-1.0.dist-info"
    files = {
        "telegrams.py": CODE,
        f"{info}/METADATA": METADATA,
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": ENTRY_POINTS,
    }
    record = "".join(f"{name},,\n" for name in (*files, f"{info}/RECORD"))
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(name, text)
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--no-compile"]
    command += ["--disable-pip-version-check", "--target", str(folder / "site"), str(wheel)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder / "site"


def citewire(installed: Path, config: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(installed)))}
    command = [sys.executable, "-m", "pipeline", *argv, "--config", str(config), "--now", NIGHT]
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=config.parent, env=env)


@pytest.fixture
def config(tmp_path) -> Path:
    (tmp_path / "wires.txt").write_text(TELEGRAMS, encoding="utf-8")
    more = '\n[[source]]\nname = "Wires"\nkind = "telegram"\naddress = "wires.txt"\n'
    more += '\n[[source]]\nname = "Bad"\nkind = "broken"\naddress = "x"\n'
    return papers.desk(tmp_path, config=papers.CONFIG + more)


def test_a_night_reads_a_kind_that_a_package_brings_and_outlives_one_that_is_broken(installed, config):
    done = citewire(installed, config, "run", "--json")
    assert done.returncode == 0, done.stderr
    ingest = json.loads(done.stdout)["stages"][0]
    assert ingest["made"] == len(papers.ROWS) + 2
    assert [failure["subject"] for failure in ingest["failures"]] == ["Bad"]
    assert "this package is broken" in ingest["failures"][0]["what"]
    assert b"Selmouth telegraph office" in b"".join(papers.site(config.parent).values())
    again = json.loads(citewire(installed, config, "ingest", "--json").stdout)["stages"][0]
    assert again["made"] == 0


def test_its_addresses_are_known_and_it_is_checked_like_any_other(installed, config):
    (config.parent / "more.txt").write_text(TELEGRAMS, encoding="utf-8")
    done = citewire(installed, config, "sources", "add", "https://telegrams.example/more.txt", "--yes", "--json")
    assert done.returncode == 0, done.stderr
    added = json.loads(done.stdout)
    assert (added["source"]["kind"], added["source"]["office"], added["listed"]) == ("telegram", "Tarn", 2)
    done = citewire(installed, config, "sources", "check", "--json")
    assert done.returncode == 1
    found = {one["source"]: one for one in json.loads(done.stdout)}
    assert found["Wires"]["ok"]
    assert found["more.txt"]["items"] == 2
    assert "this package is broken" in found["Bad"]["problems"][0]["what"]


def test_without_the_package_the_source_says_what_is_missing(config, tmp_path):
    done = citewire(tmp_path, config, "sources", "check", "Wires", "--json")
    (problem,) = json.loads(done.stdout)[0]["problems"]
    assert done.returncode == 1
    assert "no kind of source is called 'telegram'; is its package installed?" in problem["what"]
    assert "one of: " in problem["fix"]
