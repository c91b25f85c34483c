"""Languages: a story is told in one; what its records say in another is only quoted, with the language named."""

from __future__ import annotations

from collections import Counter
from types import MappingProxyType

from pipeline.domain import Dossier, Record

NAMES = MappingProxyType(
    {
        "ar": "Arabic",
        "bg": "Bulgarian",
        "cs": "Czech",
        "da": "Danish",
        "de": "German",
        "el": "Greek",
        "en": "English",
        "es": "Spanish",
        "fa": "Persian",
        "fi": "Finnish",
        "fr": "French",
        "he": "Hebrew",
        "hi": "Hindi",
        "hu": "Hungarian",
        "id": "Indonesian",
        "it": "Italian",
        "ja": "Japanese",
        "ko": "Korean",
        "nl": "Dutch",
        "no": "Norwegian",
        "pl": "Polish",
        "pt": "Portuguese",
        "ro": "Romanian",
        "ru": "Russian",
        "sv": "Swedish",
        "tr": "Turkish",
        "uk": "Ukrainian",
        "vi": "Vietnamese",
        "zh": "Chinese",
    }
)
HEADINGS = frozenset(f"Written in {name}" for name in NAMES.values())


def home(dossier: Dossier) -> str | None:
    """The language a dossier's story is written in: its own, else that of most of its claims; None: not known."""
    if dossier.lang:
        return _code(dossier.lang)
    records = (dossier.records.get(claim.record_id) for claim in dossier.claims.values())
    counts = Counter(_code(record.lang) for record in records if record and record.lang)
    return min(counts, key=lambda code: (-counts[code], code)) if counts else None


def foreign(record: Record, language: str | None) -> bool:
    """Whether a record is known to be in another language than `language`."""
    return bool(language and record.lang) and _code(record.lang or "") != language


def named(record: Record) -> str | None:
    """The English name of a record's language; None where the table has none."""
    return NAMES.get(_code(record.lang or ""))


def _code(tag: str) -> str:
    return tag.replace("_", "-").split("-", 1)[0].lower()
