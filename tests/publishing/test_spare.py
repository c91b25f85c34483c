"""The folder of an old release becomes that of the next: no file of it is written into, and none is left over."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest

from pipeline.publishing import release, spare


def put(output: Path, pages: dict[str, bytes], edition: str, withheld: str = "") -> str:
    before = release.served(output)
    with release.draft(output, edition, before) as draft:
        for path, body in pages.items():
            hash_ = hashlib.sha256(body).hexdigest()
            kept = before.kept.brief(path) if before else None
            if kept is None or kept.hash != hash_ or not draft.link(path, kept, None):
                draft.write(path, body, release.Kept(hash_, 0, 0))
        name = draft.serve({"edition": edition, "withheld": withheld})
    release.prune(output, 1)
    return name


def held(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file() and p.name != release.MANIFEST
    }


@pytest.mark.parametrize("seed", range(5))
def test_any_edits_leave_every_release_as_it_was_published(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    paths = ["index.html", *(f"a/{n}/index.html" for n in range(4)), "a/b/c/index.html", "z/index.html"]
    wanted: dict[str, dict[str, bytes]] = {}
    for night in range(1, 9):
        pages = {path: f"{path} {chance.randint(1, 2)}".encode() for path in paths if chance.random() < 0.8}
        wanted[put(tmp_path, pages, f"2026-11-{night:02}")] = pages
        for folder in release.releases(tmp_path):
            assert held(folder) == wanted[folder.name]
            assert all(any(one.iterdir()) for one in folder.rglob("*") if one.is_dir()), "an empty folder is left"
    assert spare.folder(tmp_path).is_dir()


def test_the_spare_folder_is_used_again(tmp_path: Path) -> None:
    pages = {"index.html": b"1", "a/index.html": b"same"}
    for night in range(1, 4):
        put(tmp_path, {**pages, "index.html": str(night).encode()}, f"2026-11-{night:02}")
    inode = (spare.folder(tmp_path) / "a").stat().st_ino
    name = put(tmp_path, {**pages, "index.html": b"4"}, "2026-11-04")
    assert (tmp_path / "releases" / name / "a").stat().st_ino == inode


def test_what_was_withdrawn_is_in_no_spare_folder(tmp_path: Path) -> None:
    for night in range(1, 4):
        put(tmp_path, {"index.html": b"the withdrawn words", "n.html": str(night).encode()}, f"2026-11-{night:02}")
    assert spare.folder(tmp_path).is_dir()
    put(tmp_path, {"index.html": b"other"}, "2026-11-04", withheld="mark")
    every = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(b"the withdrawn words" in body for body in every)


def test_a_foreign_thing_in_the_spare_folder_is_not_carried_on(tmp_path: Path) -> None:
    for night in range(1, 4):
        put(tmp_path, {"index.html": str(night).encode()}, f"2026-11-{night:02}")
    (spare.folder(tmp_path) / "notes.txt").write_text("mine")
    (spare.folder(tmp_path) / "link").symlink_to("/etc")
    name = put(tmp_path, {"index.html": b"4"}, "2026-11-04")
    assert held(tmp_path / "releases" / name) == {"index.html": b"4"}
    assert not (tmp_path / "releases" / name / "link").is_symlink()
