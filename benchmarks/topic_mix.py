"""Hide labelled stories among strange feed items: python benchmarks/topic_mix.py LABELLED NOISE OUT [ROWS]

Writes the rows of LABELLED (a file for `citewire eval storylines` or `topic`), then the first ROWS (10,000) rows of
NOISE without any story. Both are .jsonl or .jsonl.gz; OUT is plain.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.evals import mixing


def main(arguments: list[str]) -> int:
    """Exit code 0 when the mix is written. Raises UsageError."""
    if len(arguments) not in (3, 4) or not all(count.isdecimal() for count in arguments[3:]):
        raise UsageError("usage: python benchmarks/topic_mix.py LABELLED NOISE OUT [ROWS]")
    labelled, noise, out = map(Path, arguments[:3])
    count = mixing.write(labelled, noise, out, int(arguments[3]) if len(arguments) == 4 else mixing.ROWS)
    print(f"{out}: {count} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
