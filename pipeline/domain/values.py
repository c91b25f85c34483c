"""What all nouns share: ids made of content, and times with a zone."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime


def digest(*parts: str, size: int = 16) -> str:
    """Hex digest of `parts`: the one way ids are made. Parts cannot run into each other (length-prefixed)."""
    sha = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        sha.update(f"{len(raw)}:".encode())
        sha.update(raw)
    return sha.hexdigest()[:size]


def aware(name: str, value: datetime | None) -> None:
    """Refuses a naive time. Raises ValueError."""
    if value is not None and value.utcoffset() is None:
        raise ValueError(f"{name} must be timezone-aware, got {value!r}")


def utc(value: datetime) -> datetime:
    """`value` in UTC; a naive time is refused."""
    aware("time", value)
    return value.astimezone(UTC)
