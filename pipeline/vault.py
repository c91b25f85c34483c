"""Small secrets that the desk itself obtains (session tokens), each in a file that only this user can read."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from pipeline.domain import digest

PRIVATE = "private"  # folder beside the database


class Vault:
    """JSON objects by name under `folder`; the folder is 0700 and every file 0600, replaced whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> Mapping[str, str]:
        """What is kept under `name`; empty where nothing is, or nothing that can be read."""
        try:
            found = json.loads(self._path(name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {k: v for k, v in found.items() if isinstance(v, str)} if isinstance(found, dict) else {}

    def write(self, name: str, value: Mapping[str, str]) -> None:
        """Keep `value` under `name`. A disk that refuses costs the next run a login and nothing else."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            partial = self._path(name).with_suffix(".tmp")  # one name, so that what a kill leaves is not left for ever
            handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(dict(value), file, sort_keys=True)
            os.replace(partial, self._path(name))
        except OSError:
            return

    def _path(self, name: str) -> Path:
        return self._folder / f"{digest('vault', name)}.json"
