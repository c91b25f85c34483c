"""The folder of a release that is no longer kept, in which the next one is put together: it has most of its files.

A release of tens of thousands of files costs a link each, hundreds of folders, and as much again when it is removed.
What the oldest release shares with the one that is served is left where it is; the rest of it is removed before the
draft is done. Nothing is ever written into a file that stands there: other releases share it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Container
from pathlib import Path

_FOLDER = "spare"  # below builds/, where no release is looked for


def keep(output: Path, release: Path) -> None:
    """Keep a release that was pruned as the spare one, in the place of the one before."""
    drop(output)
    os.replace(release, output / "builds" / _FOLDER)


def drop(output: Path) -> None:
    """Remove the spare folder."""
    shutil.rmtree(output / "builds" / _FOLDER, ignore_errors=True)


def folder(output: Path) -> Path:
    """Where it is, if there is one."""
    return output / "builds" / _FOLDER


class Recycled:
    """What stands in a draft's folder before it is filled: the inode of each file, by path."""

    def __init__(self, output: Path, root: Path) -> None:
        """Move the spare folder to `root`; without one that is whole, `root` is an empty folder."""
        self._root = str(root)
        self.inodes: dict[str, int] = {}
        self.folders: set[str] = set()
        with contextlib.suppress(OSError):
            os.replace(folder(output), root)
            if self._walk(""):
                return
        shutil.rmtree(root, ignore_errors=True)
        self.inodes, self.folders = {}, set()
        root.mkdir()

    def _walk(self, below: str) -> bool:
        """Note all files; whether there is nothing else but folders."""
        with os.scandir(f"{self._root}/{below}") as entries:
            inside = list(entries)
        for entry in inside:
            path = f"{below}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                self.folders.add(path)
                if not self._walk(f"{path}/"):
                    return False
            elif entry.is_file(follow_symlinks=False):
                self.inodes[path] = entry.inode()
            else:
                return False
        return True

    def holds(self, path: str, inode: int) -> bool:
        """Whether that very file stands at `path`. Another one that stands there is removed."""
        found = self.inodes.get(path)
        if found is None:
            return False
        if found == inode:
            return True
        self.clear(path)
        return False

    def clear(self, path: str) -> None:
        """Make room for a file at `path`."""
        if self.inodes.pop(path, None) is not None:
            os.unlink(f"{self._root}/{path}")

    def strip(self, wanted: Container[str]) -> None:
        """Remove every file that is not `wanted`, and the folders that are empty then."""
        left = [path for path in self.inodes if path not in wanted]
        for path in left:
            self.clear(path)
        for one in sorted({path.rpartition("/")[0] for path in left} - {""}, key=len, reverse=True):
            place = one
            while place:
                try:
                    os.rmdir(f"{self._root}/{place}")
                except OSError:  # something else stands in it
                    break
                place = place.rpartition("/")[0]
