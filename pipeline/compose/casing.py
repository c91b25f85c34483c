"""Which words are names: learnt from how a dossier's own records write them; there is no list of names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.domain import Record

_WORD = re.compile(r"[^\W\d_]+")
_INSIDE = re.compile(r"(?<=[a-z,] )([A-Z][\w’']*)")


@dataclass(frozen=True, slots=True)
class Casing:
    """How a dossier writes its words: small somewhere, or with a capital inside running text."""

    small: frozenset[str]
    capital: frozenset[str]

    @staticmethod
    def of(records: Iterable[Record]) -> Casing:
        """The casing of `records`; headlines, which may be set in capitals, show no names."""
        small: set[str] = set()
        capital: set[str] = set()
        for record in records:
            body = record.text.split("\n", 1)[-1]
            small.update(w for w in _WORD.findall(record.text) if w.islower())
            capital.update(match.group(1) for match in _INSIDE.finditer(body))
        return Casing(frozenset(small), frozenset(capital))
