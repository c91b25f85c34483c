"""A fetcher in a process of its own, whose memory can be measured: python reading_alone.py PLACES SETTINGS AT_ONCE.

PLACES are addresses by name, SETTINGS those of `[ingest]`, both as JSON. Prints how each request ended and after how
many seconds, and by how many KiB the process grew.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Met:
    """How requests ended and after how many seconds, by name; by how many KiB the process grew."""

    ended: dict[str, str]
    took: dict[str, float]
    grown: int
    said: dict[str, str]


def met(places: dict[str, str], at_once: int = 1, **settings: object) -> Met:
    """Ask for http://PLACE/ of each, so many at once, in a process of its own."""
    settings |= {"pace": 0, "allow_private": [place.partition("/")[0] for place in places.values()]}
    done = subprocess.run(
        [sys.executable, __file__, json.dumps(places), json.dumps(settings), str(at_once)],
        capture_output=True, text=True, timeout=120, check=True, cwd=ROOT,
    )  # fmt: skip
    return Met(**json.loads(done.stdout))


def memory() -> int:
    """The most that this process took, in KiB; what getrusage tells may be of the process that started this one."""
    try:
        return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])  # type: ignore[index]
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main(places: dict[str, str], settings: dict[str, object], at_once: int) -> None:
    """Ask, and print what came of it."""
    sys.path.insert(0, str(ROOT))
    from pipeline.errors import CitewireError
    from pipeline.fetch import HttpFetcher
    from pipeline.settings import IngestSettings

    fetcher = HttpFetcher(IngestSettings.model_validate(settings))

    def ask(name: str) -> tuple[str, str, float, str]:
        began, said = time.monotonic(), ""
        try:
            answer = fetcher.get(f"http://{places[name]}")
            ended = f"{answer.status} {len(answer.body)}"
        except CitewireError as error:
            ended, said = type(error).__name__, str(error)
        return name, ended, time.monotonic() - began, said

    before = memory()
    with ThreadPoolExecutor(at_once) as pool:
        told = list(pool.map(ask, places))
    answer = Met(
        {name: ended for name, ended, _, _ in told},
        {name: seconds for name, _, seconds, _ in told},
        memory() - before,
        {name: said for name, _, _, said in told},
    )
    print(json.dumps(vars(answer)))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), json.loads(sys.argv[2]), int(sys.argv[3]))
