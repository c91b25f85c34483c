"""Hold what is installed in this environment against lock files: `python supply/installed.py supply/core.txt ...`.

Prints how many packages the first of them brought. Fails where anything is installed that none of them names, or in
another version: what the interpreter came with and the package itself aside.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

OWN = {"pip", "setuptools", "wheel", "citewire"}
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def named(lock: Path) -> set[tuple[str, str]]:
    """Names and versions that a lock file allows, for any machine."""
    found = _PIN.findall(lock.read_text(encoding="utf-8"))
    return {(re.sub(r"[-_.]+", "-", name).lower(), version) for name, version in found}


def main(argv: Sequence[str]) -> int:
    """1 where something else is installed than what the lock files in `argv` name."""
    have = {(re.sub(r"[-_.]+", "-", one.name).lower(), one.version) for one in metadata.distributions()}
    have = {one for one in have if one[0] not in OWN}
    allowed = [named(Path(lock)) for lock in argv]
    strangers = sorted(have - set().union(*allowed))
    for name, version in strangers:
        sys.stderr.write(f"{name} {version} is installed and not locked\n")
    sys.stdout.write(f"{len(have & allowed[0])} packages of {argv[0]} are installed, {len(strangers)} strangers\n")
    return 1 if strangers else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
