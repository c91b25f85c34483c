"""Times as sources write them, in UTC; None for what cannot be read. No clock: nothing relative is understood."""

from __future__ import annotations

import email.utils
import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from pipeline.records import language_tag

_LONGEST = 100
# Tried where a feed does not tell its language: loading all two hundred takes seconds.
_LANGUAGES = re.findall(
    r"\w+", "en de fr es pt it nl pl ru uk sv da nb fi cs sk hu ro el tr ar he fa hi id vi zh ja ko"
)
_OFFSET = re.compile(r":\d\d(?:\.\d+)?\s?[+-](\d\d):?\d\d\s*\Z")
_PATIENCE = 5  # dates in words that could not be read, after which a feed's others are not tried


def timestamp(value: str) -> datetime | None:
    """An ISO 8601 time or date; one without a zone is UTC."""
    try:
        return utc(datetime.fromisoformat(value.strip()[:40]))
    except ValueError:
        return None


def from_seconds(seconds: object) -> datetime | None:
    """Seconds since 1970."""
    try:
        return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int | float) else None
    except (ValueError, OverflowError, OSError):
        return None


def utc(moment: datetime) -> datetime | None:
    """`moment` in UTC; one without a zone is UTC already. None at the edges of the calendar."""
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def zoned(text: str) -> bool:
    """Whether a time written like this can be: no zone is more than 14 hours from UTC."""
    offset = _OFFSET.search(text[:_LONGEST])
    return offset is None or int(offset[1]) <= 14


class Written:
    """Reads the dates of one feed: ISO, RFC 822, else words of the feed's language ("Seg, 24 Set 2018")."""

    def __init__(self, lang: str = "") -> None:
        self._lang = language_tag(lang)
        self._words: Any = None
        self._misses = 0

    def read(self, text: str) -> datetime | None:
        """The moment that `text` names."""
        if not text.strip() or len(text) > _LONGEST:
            return None
        found = timestamp(text)
        if found is None:
            with suppress(TypeError, ValueError, IndexError, OverflowError):
                found = utc(email.utils.parsedate_to_datetime(text))
        if found is None and any(char.isalpha() for char in text):  # 01/02/2026 is two dates; words decide
            found = self._read_words(text)
        return found

    def _read_words(self, text: str) -> datetime | None:
        if self._misses >= _PATIENCE:
            return None
        if self._words is None:
            self._words = _word_reader(self._lang)
        with suppress(ValueError, TypeError, OverflowError, RecursionError, AttributeError):
            moment = self._words.get_date_data(text).date_obj
            if moment:
                return utc(moment)
        self._misses += 1
        return None


def _word_reader(lang: str | None) -> Any:
    from dateparser.date import DateDataParser  # type: ignore[import-untyped]  # noqa: PLC0415  slow, seldom needed

    settings = {
        "PARSERS": ["absolute-time"],
        "STRICT_PARSING": True,
        "TIMEZONE": "UTC",
        "RETURN_AS_TIMEZONE_AWARE": True,
    }
    try:
        return DateDataParser(languages=[lang] if lang else _LANGUAGES, try_previous_locales=True, settings=settings)
    except ValueError:  # a language that the library does not know
        return DateDataParser(languages=_LANGUAGES, try_previous_locales=True, settings=settings)
