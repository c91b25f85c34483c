"""Resolve what is installed, with hashes, for Python 3.11 and newer on Linux and macOS: `make lock`.

The development set is resolved first, for it has most to agree with; all others take its versions. Nothing younger than
a week is taken: releases that thieves made were found within days.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
COMMON = (
    *("pip", "compile", "--no-config", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate"),
    *("--exclude-newer", "7 days", "--custom-compile-command", "make lock", "--quiet", "--upgrade"),
)
DEV = "supply/dev.txt"
LOCKS = {  # file -> what it is made from
    DEV: ("pyproject.toml", "--extra", "dev", "--overrides", "supply/without-torch.in"),
    "supply/container.txt": ("pyproject.toml", "--extra", "cards", "--extra", "notify", "-c", DEV),
    "supply/core.txt": ("pyproject.toml", "-c", DEV),
    "supply/tools.txt": ("supply/tools.in", "-c", DEV),
    "supply/build.txt": ("supply/build.in", "-c", DEV),
    "supply/long.txt": ("supply/long.in", "-c", DEV),
}


def main() -> int:
    """Rewrite every lock file; the exit code of the first that cannot be resolved, which stays as it was."""
    for path, asked in LOCKS.items():
        fresh = HERE / ".fresh"
        command = [str(Path(sys.executable).with_name("uv")), *COMMON, "-o", str(fresh), *asked]
        code = subprocess.run(command, check=False, cwd=ROOT).returncode  # noqa: S603
        if code:
            fresh.unlink(missing_ok=True)
            return code
        fresh.replace(ROOT / path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
