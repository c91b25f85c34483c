"""Addresses of stories: made once, by code, from the storyline's own names and id."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MAX_LENGTH = 60
_ID_LENGTH = 6


def slug(names: Iterable[str], storyline_id: str) -> str:
    """ASCII words of `names`, joined by hyphens, and the tail of the id: "pjm-interconnection-meta-3f9a1c".

    Only a-z, 0-9 and single hyphens come out, whatever goes in; names without such letters leave "story". A word stands
    once, a number as often as it comes: 3 March is "03-03".
    """
    words: list[str] = []
    for word in (w for name in names for w in _words(name)):
        if (word.isdigit() or word not in words) and len("-".join([*words, word])) <= MAX_LENGTH:
            words.append(word)
    tail = re.sub(r"[^a-z0-9]", "", storyline_id.lower())[-_ID_LENGTH:] or "0"
    return "-".join([*(words or ["story"]), tail])


def _words(name: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.findall(r"[a-z0-9]+", folded.replace("'", ""))
