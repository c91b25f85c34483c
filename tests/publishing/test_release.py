"""Releases on disk: all or nothing, and nothing that is not ours is touched."""

import hashlib
import os
import threading

import pytest

from pipeline.errors import StoreError, ValidationFailed
from pipeline.publishing import release

PAGES = {"index.html": b"one", "stories/a/index.html": b"same"}


class Killed(BaseException):
    """Stands in for a killed process."""


def put(output, pages=PAGES, edition="2026-11-20", keep=7, checkpoint=lambda name: None, **facts):
    """Serve `pages`; those that the served release has are taken over from it."""
    before = release.served(output)
    with release.draft(output, edition, before, checkpoint) as draft:
        for path, body in pages.items():
            hash_ = hashlib.sha256(body).hexdigest()
            kept = before.kept.brief(path) if before else None
            if kept is None or kept.hash != hash_ or not draft.link(path, kept, None):
                draft.write(path, body, release.Kept(hash_, 0, 0))
        name = draft.serve({"edition": edition, **facts})
    release.prune(output, keep)
    return name


def served(output):
    site = output / "site"
    return {
        p.relative_to(site).as_posix(): p.read_bytes()
        for p in site.rglob("*")
        if p.is_file() and p.name != "manifest.json"
    }


def test_a_release_is_served_through_a_relative_link(tmp_path):
    name = put(tmp_path)
    assert served(tmp_path) == PAGES
    assert os.readlink(tmp_path / "site") == f"releases/{name}"
    moved = tmp_path.rename(tmp_path.with_name("moved"))
    assert served(moved) == PAGES


def test_the_manifest_lists_every_file_by_its_hash(tmp_path):
    put(tmp_path)
    found = release.current(tmp_path)
    assert found["edition"] == "2026-11-20"
    assert list(found["files"]) == sorted(PAGES)


def test_unchanged_files_are_shared_with_the_release_before(tmp_path):
    first, second = put(tmp_path), put(tmp_path, {**PAGES, "index.html": b"two"}, "2026-11-21")
    one, two = (tmp_path / "releases" / name / "stories/a/index.html" for name in (first, second))
    assert one.stat().st_ino == two.stat().st_ino
    assert (tmp_path / "releases" / first / "index.html").read_bytes() == b"one"


def test_a_file_altered_by_hand_is_not_carried_on(tmp_path):
    put(tmp_path)
    (tmp_path / "site/stories/a/index.html").write_bytes(b"tampered")
    put(tmp_path, {**PAGES, "index.html": b"two"}, "2026-11-21")
    assert served(tmp_path)["stories/a/index.html"] == b"same"


def test_old_releases_are_kept_up_to_the_limit(tmp_path):
    names = [put(tmp_path, {"index.html": str(n).encode()}, f"2026-11-{n:02}", keep=2) for n in range(1, 6)]
    assert sorted(p.name for p in (tmp_path / "releases").iterdir()) == names[-3:]
    assert served(tmp_path) == {"index.html": b"5"}


@pytest.mark.parametrize("point", ["publish.written", "publish.renamed", "publish.swapped"])
def test_a_killed_release_leaves_one_whole_site_and_the_next_run_mends_it(tmp_path, point):
    put(tmp_path)
    new = {**PAGES, "index.html": b"two"}

    def kill(name):
        if name == point:
            raise Killed

    with pytest.raises(Killed):
        put(tmp_path, new, "2026-11-21", checkpoint=kill)
    assert served(tmp_path) in (PAGES, new)
    put(tmp_path, new, "2026-11-21")
    assert served(tmp_path) == new
    assert not list((tmp_path / "releases").glob("*.tmp"))


def test_a_reader_meets_only_whole_sites(tmp_path):
    put(tmp_path)
    seen, stop = set(), threading.Event()

    def read():
        while not stop.is_set():
            seen.add((tmp_path / "site/index.html").read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    for n in range(20):
        put(tmp_path, {**PAGES, "index.html": str(n).encode()}, "2026-11-21", keep=30)
    stop.set()
    reader.join()
    assert seen <= {b"one", *(str(n).encode() for n in range(20))}


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site/diary.txt").write_text("mine")
    with pytest.raises(ValidationFailed, match="not made by Citewire"):
        put(tmp_path)
    assert (tmp_path / "site/diary.txt").read_text() == "mine"


def test_an_empty_folder_gives_way(tmp_path):
    (tmp_path / "site").mkdir()
    put(tmp_path)
    assert served(tmp_path) == PAGES


def test_foreign_files_beside_the_releases_stay(tmp_path):
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases/notes.tmp").write_text("mine")
    for n in range(4):
        put(tmp_path, {"index.html": str(n).encode()}, keep=1)
    assert (tmp_path / "releases/notes.tmp").read_text() == "mine"


def test_a_path_that_leaves_the_release_is_refused(tmp_path):
    with pytest.raises(ValidationFailed, match="leave the release"):
        put(tmp_path, {"../../etc/x.html": b"x"})
    assert release.current(tmp_path) is None


def test_a_disk_that_fails_keeps_the_old_site(tmp_path, monkeypatch):
    put(tmp_path)

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    monkeypatch.delattr(os, "sync")
    with pytest.raises(StoreError, match="No space left"):
        put(tmp_path, {"index.html": b"two"}, "2026-11-21")
    monkeypatch.undo()
    assert served(tmp_path) == PAGES
    put(tmp_path, {"index.html": b"two"}, "2026-11-21")
    assert served(tmp_path) == {"index.html": b"two"}


def test_what_cannot_be_read_is_no_manifest(tmp_path):
    assert release.current(tmp_path) is None
    put(tmp_path)
    (tmp_path / "site/manifest.json").write_text("{")
    assert release.current(tmp_path) is None
