"""Reading labelled data: JSON Lines, plain or gzipped."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Objects of a .jsonl or .jsonl.gz file, in order. Raises UsageError naming the line that is not one."""
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    row = json.loads(line)
                except ValueError as error:
                    raise UsageError(
                        f"{path}:{number}: not JSON ({error}); each line must be one JSON object"
                    ) from None
                if not isinstance(row, dict):
                    raise UsageError(
                        f"{path}:{number}: each line must be one JSON object, this is a {type(row).__name__}"
                    )
                yield row
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read ({error})") from None


def date(value: object) -> datetime | None:
    """The time that a row gives in UTC, None where it gives none. Raises ValueError for what is no date."""
    if not value:
        return None
    found = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    return found.replace(tzinfo=UTC) if found.utcoffset() is None else found.astimezone(UTC)
