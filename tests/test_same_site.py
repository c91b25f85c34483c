"""The same records give the same site, byte for byte, whatever keeps them and whoever reads them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import papers
import postgres
import pytest

from pipeline.cli import main

NIGHTS = ("2026-05-04T02:00:00Z", "2026-05-05T02:00:00Z")
needs_dask = pytest.mark.skipif(not importlib.util.find_spec("distributed"), reason="no Dask: install citewire[dask]")


def site(folder: Path, top: str = "", table: str = "") -> dict[str, bytes]:
    """Two nights of a small desk, with lines at the top and the end of its configuration: its site."""
    config = papers.desk(folder)
    config.write_text(top + config.read_text(encoding="utf-8") + table, encoding="utf-8")
    for now in NIGHTS:
        if now == NIGHTS[-1]:
            papers.add(folder, papers.LATER)
        assert main(["run", "--config", str(config), "--now", now, "--quiet"]) == 0
    return papers.site(folder)


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    made = site(tmp_path_factory.mktemp("usual"))
    assert any(path.startswith("stories/") for path in made)
    return made


def same(one: dict[str, bytes], other: dict[str, bytes]) -> None:
    assert one.keys() == other.keys()
    assert [path for path in one if one[path] != other[path]] == []


@postgres.needed
def test_in_postgresql(usual: dict[str, bytes], tmp_path: Path) -> None:
    same(site(tmp_path, top=f'store = "{postgres.fresh()}"\n'), usual)


def test_read_by_two_workers(usual: dict[str, bytes], tmp_path: Path) -> None:
    same(site(tmp_path, table="\n[engine]\nworkers = 2\n"), usual)


@needs_dask
def test_read_on_a_cluster(usual: dict[str, bytes], tmp_path: Path) -> None:
    same(site(tmp_path, table='\n[engine]\nkind = "dask"\nworkers = 2\n'), usual)
