"""What the headers of a reply say beyond its body: how long to wait, and whether machines may read the text."""

from __future__ import annotations

import email.utils
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

MAX_RETRY_AFTER = 7 * 86400.0
_EPOCH = 1e9  # a reset beyond this many seconds is a date
_LIMITS = ("x-ratelimit", "ratelimit", "x-rate-limit")
_AGAINST = frozenset({"noai", "noindex", "none"})  # "none" is noindex and nofollow
_WITH_VALUE = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})


def facts(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by lower-case name, byte for byte as Latin-1, so that validators can go back as they came."""
    found: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that the Retry-After header asks for, 0 to 7 days; None without a readable one. RFC 9110, 10.2.3.

    A date is compared with the server's own, else with `now`.
    """
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:12]), MAX_RETRY_AFTER)
    until, said = _http_date(value), _http_date(headers.get("date", ""))
    if until is None:
        return None
    return min(max((until - (said or now)).total_seconds(), 0.0), MAX_RETRY_AFTER)


def quota_reset(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds until a quota that is used up is renewed; None where none is said to be used up.

    Reddit says X-Ratelimit-Remaining and seconds, Bluesky RateLimit-Remaining and a Unix time, X its own spelling.
    """
    for family in _LIMITS:
        left, reset = _number(headers.get(f"{family}-remaining")), _number(headers.get(f"{family}-reset"))
        if left is not None and reset is not None and left < 1:
            wait = reset - now.timestamp() if reset > _EPOCH else reset
            return min(max(wait, 0.0), MAX_RETRY_AFTER)
    return None


def reserved(raw: Sequence[tuple[bytes, bytes]], token: str) -> str | None:
    """The header that keeps this text from us ("X-Robots-Tag: noai"), None where there is none.

    Heeded are `noai` (no use by AI systems), `noindex` and `none` (not to be shown by services that quote it) of the
    X-Robots-Tag header, for everybody or for our `token`, and the TDM Reservation Protocol's TDM-Reservation: 1.
    `noimageai` speaks of images, which are not read.
    """
    for name, value in raw:
        key, text = name.lower(), value.decode("latin-1")
        if key == b"tdm-reservation" and text.strip() == "1":
            return "TDM-Reservation: 1"
        found = _directive(text, token) if key == b"x-robots-tag" else None
        if found:
            return f"X-Robots-Tag: {found}"
    return None


def _directive(value: str, token: str) -> str | None:
    """The first directive of one X-Robots-Tag line that is against us. An agent's name in front binds that one only."""
    head, colon, rest = value.partition(":")
    agent = head.strip().lower()
    if colon and "," not in head and agent not in _WITH_VALUE:
        if agent != token.lower():
            return None
        value = rest
    return next((part for part in (one.strip().lower() for one in value.split(",")) if part in _AGAINST), None)


def _number(value: str | None) -> float | None:
    try:
        found = float((value or "")[:20])
    except ValueError:
        return None
    return found if 0 <= found < 1e12 else None  # NaN fails both


def _http_date(value: str) -> datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(value[:64])
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
