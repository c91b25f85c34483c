"""What a source is called in a sentence: its publisher, its platform, or "one article" where no name is known.

Nothing is invented: a publisher's name loses at most the section that its feed appends ("Paper - Politics"), chosen
by what its own address says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipeline.domain import CitedRecord, Record

_SECTION = re.compile(r"\s+(?:-{1,2}|[–—|>»:]|::|&gt;)\s+")
_FEED = re.compile(
    r"\s+(?:(?:latest|top|all)\s+)?(?:(?:news|articles|stories|headlines)\s+)?(?:rss\s+)?feed$", re.IGNORECASE
)
_PREFIX = re.compile(
    r"^(?:(?:the )?(?:latest|top|breaking) )?(?:news|stories|headlines|articles)(?: from| of| -)\s+", re.IGNORECASE
)
_NAMELESS = ("one article", "another article", "a third article", "a fourth article", "a fifth article")
LONGEST_TITLE = 8  # words of a title that may name a record


@dataclass(frozen=True, slots=True)
class Voice:
    """How to name a record: at first mention, and when it comes a second time at once ("the same article")."""

    first: str
    same: str
    named: bool  # by a proper name

    @property
    def again(self) -> str:
        """The name behind a sentence of the same record, which may not have named it."""
        return self.first if self.named else self.same

    @property
    def opening(self) -> str:
        """The name as the first word of a sentence."""
        return self.first[:1].upper() + self.first[1:]


class Voices:
    """The voices of one story. A record without a publisher goes by its title, else by its place in the row:
    "one article", "another article"."""

    def __init__(self) -> None:
        self._nameless: dict[str, int] = {}

    def of(self, record: Record) -> Voice:
        """The voice of `record`, the same whenever it is asked for."""
        if record.kind in {"post", "comment"}:
            platform = " ".join(record.platform.split())
            article = "an" if platform[:1].lower() in {"a", "e", "i", "o", "u"} else "a"
            words = " ".join(w for w in (article, platform, record.kind) if w)
            return Voice(words, f"the same {record.kind}", named=False)
        name = publisher(record)
        if name:
            return Voice(name, f"{name} also", named=True)
        title = plain_title(record.title)
        if 1 < len(title.split()) <= LONGEST_TITLE:
            return Voice(f'the article "{title}"', "the same article", named=False)
        count = self._nameless.setdefault(record.id, len(self._nameless))
        return Voice(_NAMELESS[count % len(_NAMELESS)], "the same article", named=False)


def publisher(record: Record | CitedRecord) -> str:
    """The publisher's name without the section its feed appends; empty where none is known."""
    raw = " ".join((record.publisher or "").split())
    parts = [part for part in _SECTION.split(raw) if part]
    if len(parts) > 1:
        host = _host_name(record.url)
        raw = next((part for part in parts if _matches(part, host)), parts[0])
    shorter = _FEED.sub("", _PREFIX.sub("", raw))
    return shorter if shorter else raw


def plain_title(title: str) -> str:
    """A title without quotation marks of its own, so that it can stand between ours."""
    return re.sub(r"[“”\"]", "", " ".join(title.split()))


def _host_name(url: str | None) -> str:
    """The host without its last label, folded: "www.washingtonpost.com" -> "washingtonpost"."""
    labels = [
        label for label in (urlsplit(url or "").hostname or "").split(".") if label not in {"www", "feeds", "rss", "m"}
    ]
    return max(labels[:-1] or [""], key=len)


def _matches(part: str, host: str) -> bool:
    """Whether a part of a publisher's name is the name that its host goes by (whole, or as initials)."""
    folded = re.sub(r"[^a-z0-9]", "", part.casefold())
    bare = folded.removeprefix("the")
    initials = "".join(word[0] for word in part.casefold().removeprefix("the ").split())
    known = bare in host or host in folded or host.startswith(bare) or (len(host) > 2 and initials == host)
    return len(host) >= 2 and len(bare) >= 2 and known
