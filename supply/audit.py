"""Ask a database of advisories about every locked package; what was not asked is a failure, not silence.

    python supply/audit.py supply/core.txt supply/dev.txt

pip-audit ends well when it skipped packages or lost its service, so what it says is counted here against the lock
files: every pin must have a hash and an answer. Exit codes: 0 nothing is known against any of them, 1 something is,
2 the audit could not be made whole.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

OSV = "https://api.osv.dev/v1/query"
PATIENCE = 600  # seconds for one call of pip-audit
_PIN = re.compile(r"([A-Za-z0-9._-]+)==([^\s;\\]+)")


class Pin(NamedTuple):
    """One package of a lock file, wherever its marker says that it is needed."""

    name: str
    version: str
    hashes: tuple[str, ...]


class Incomplete(Exception):  # noqa: N818  # named for what happened
    """The audit says nothing of some package; the text says why."""


def pins(lock: str) -> list[Pin]:
    """The packages of a lock file's text. Raises Incomplete for a line that pins nothing or has no hash."""
    joined = re.sub(r"\\\n", " ", lock)
    found = []
    for line in joined.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        match = _PIN.match(line)
        hashes = tuple(re.findall(r"--hash=(sha256:[0-9a-f]{64})(?:\s|\Z)", line))
        if not match or not hashes:
            raise Incomplete(f"not pinned with a hash: {line[:80]}")
        found.append(Pin(re.sub(r"[-_.]+", "-", match[1]).lower(), match[2], hashes))
    return found


def layers(wanted: Iterable[Pin]) -> list[list[Pin]]:
    """Pins in groups that name no package twice: other Pythons may need another version of one."""
    made: list[dict[str, Pin]] = []
    for pin in sorted(set(wanted)):
        layer = next((one for one in made if pin.name not in one), None)
        if layer is None:
            made.append(layer := {})
        layer[pin.name] = pin
    return [list(one.values()) for one in made]


def ask(layer: Sequence[Pin], url: str) -> dict[tuple[str, str], list[str]]:
    """What is known against each of `layer`: ids of advisories. Raises Incomplete where one has no answer."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder, "pins.txt")
        listed.write_text("".join(f"{p.name}=={p.version} --hash={p.hashes[0]}\n" for p in layer), encoding="utf-8")
        command = [sys.executable, "-m", "pip_audit", "--strict", "--disable-pip", "--require-hashes"]
        command += ["--vulnerability-service", "osv", "--osv-url", url, "--format", "json", "-r", str(listed)]
        command += ["--progress-spinner", "off", "--cache-dir", str(Path(folder, "cache"))]
        try:
            done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)  # noqa: S603
        except subprocess.TimeoutExpired as error:
            raise Incomplete(f"no answer within {PATIENCE} s from {url}") from error
    try:
        told = json.loads(done.stdout)["dependencies"]
        answers = {(one["name"], one["version"]): [v["id"] for v in one["vulns"]] for one in told}
    except (ValueError, KeyError, TypeError) as error:
        last = (done.stderr.strip() or "nothing was said").splitlines()[-1]
        raise Incomplete(f"the database at {url} gave no answer: {last[:300]}") from error
    if unasked := sorted({(p.name, p.version) for p in layer} - answers.keys()):
        raise Incomplete(f"{len(unasked)} of {len(layer)} packages were skipped, first {'=='.join(unasked[0])}")
    return answers


def main(argv: Sequence[str] | None = None) -> int:
    """Print what is known against the packages of the lock files named in `argv`; see the module for exit codes."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("locks", nargs="+", type=Path)
    parser.add_argument("--osv-url", default=OSV, help="where the database answers")
    asked = parser.parse_args(argv)
    try:
        wanted = {pin for lock in asked.locks for pin in pins(lock.read_text(encoding="utf-8"))}
        if not wanted:
            raise Incomplete("the lock files name no package")
        known = [answer for layer in layers(wanted) for answer in ask(layer, asked.osv_url).items()]
    except (Incomplete, OSError) as error:
        sys.stderr.write(f"audit: NOT MADE: {error}\n")
        return 2
    bad = sorted((name, version, ids) for (name, version), ids in known if ids)
    for name, version, ids in bad:
        sys.stdout.write(f"{name} {version}: {', '.join(ids)}\n")
    sys.stdout.write(f"audit: {len(bad)} of {len(known)} locked packages have a known advisory\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
