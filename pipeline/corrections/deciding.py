"""Deciding what a visit to a cited page means for the sentences that quote it. Pure.

A page that is not there once proves nothing: 404 counts after three visits over two days, 410 after two a night apart,
as do a page that leads to the front page, one that holds another text, and a robots.txt that now shuts it. An error, a
time-out, a consent or log-in page says nothing at all. Words are gone when they stood there at an earlier visit, stand
nowhere on the page now, and the page is still that article; words that moved are not. What a page says of itself in
the set wording of a retraction is believed at once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.amends import CorrectionKind, Recheck
from pipeline.corrections.notices import Notice, notice
from pipeline.domain import Record, TextQuality, digest
from pipeline.language.words import content

VISITS, SPAN = 3, timedelta(days=2)  # visits without the page, and from first to last, before it is called gone
SAID_GONE, NIGHT = 2, timedelta(hours=20)  # the same where the server says "gone" (410)
LITTLE = 20  # words below which a page shows nothing that could be compared
SAME_ARTICLE = 0.3  # share of the record's content words that a page must show to be that article
GONE, RETRACTED = "gone", "retracted"  # states of a page that is not visited again

_FOLDED = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Met:
    """What a visit met: an HTTP status (0: none), what the page shows, validators; `problem` where nothing can be said.

    `shut`: robots.txt closes the page now. `home`: it led to the front page of its site. `moved`: to another site.
    """

    status: int = 0
    title: str = ""
    text: str = ""
    shown: str = ""
    mere_notice: bool = False
    shut: bool = False
    home: bool = False
    moved: bool = False
    problem: str = ""
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What is known of the page now; where readers must be told: as what, of which citations, and why."""

    recheck: Recheck
    kind: CorrectionKind | None = None
    keys: tuple[str, ...] = ()
    why: str = ""


def decide(met: Met, record: Record, quotes: Mapping[str, str], before: Recheck | None, now: datetime) -> Decision:
    """What a visit means. `record`: the version that is cited; `quotes`: citation key -> the quoted words."""
    was = before or Recheck(record.id, now, "new")
    if met.status == 304:
        return Decision(replace(was, at=now, state="unchanged", misses=0, missing_since=None, note=""))
    if met.problem:
        return Decision(replace(was, at=now, state="unsure", note=met.problem))
    says = notice(met.title, met.text or met.shown)
    missing = _missing(met) or _instead(met, record, says)
    if missing:
        return _missed(was, missing, tuple(quotes), now, sure=met.status == 410)
    if says is Notice.RETRACTED and notice(record.title, _body(record)) is not Notice.RETRACTED:
        said = replace(was, at=now, state=RETRACTED, misses=0, missing_since=None, note="the page says so")
        why = "The page says that it was retracted."
        return Decision(said, CorrectionKind.SOURCE_RETRACTED, tuple(sorted(quotes)), why)
    if _walled(met):
        note = "a notice stands in place of the article (consent, log-in, error)"
        return Decision(replace(was, at=now, state="unsure", note=note))
    return _read(met, record, quotes, was, now, corrected=says is Notice.CORRECTED)


def _instead(met: Met, record: Record, says: Notice) -> str:
    """What stands where the article stood, in plain words; empty for the article, a notice on it, or a wall."""
    if says is Notice.REMOVED:
        return "it says that the article was removed"
    if _walled(met) or says is Notice.RETRACTED:
        return ""
    return "" if _shared(record, met) >= SAME_ARTICLE else "another text stands there"


def _walled(met: Met) -> bool:
    """Whether a page shows next to nothing, or a wall: that says nothing of the article behind it."""
    return met.mere_notice or len(met.shown.split()) < LITTLE


def quoted_on(quote: str, met: Met) -> bool:
    """Whether words stand anywhere on a page, whatever its spaces and quotation marks."""
    return folded(quote) in folded(met.shown) or folded(quote) in folded(met.text)


def folded(text: str) -> str:
    """`text` as it is compared: one space for many, one form of quotation marks and dashes."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text).translate(_FOLDED)).strip()


def _missing(met: Met) -> str:
    """Why no page is there, in plain words; empty where one is."""
    if met.status in {404, 410, 451}:
        return f"the server answered {met.status}"
    if met.shut:
        return "the site's robots.txt closes the page to us now"
    if met.home:
        return "the address leads to the front page now"
    return "the address leads to another site now" if met.moved else ""


def _missed(was: Recheck, what: str, keys: tuple[str, ...], now: datetime, *, sure: bool) -> Decision:
    """A visit that found no such page: gone once it was missed often and long enough."""
    since = was.missing_since or now
    misses = was.misses + 1
    least, span = (SAID_GONE, NIGHT) if sure else (VISITS, SPAN)
    gone = misses >= least and now - since >= span
    after = replace(was, at=now, state=GONE if gone else "missing", misses=misses, missing_since=since, note=what)
    if not gone:
        return Decision(after)
    why = f"The page could not be found at {misses} visits since {since:%Y-%m-%d}: {what}."
    return Decision(after, CorrectionKind.SOURCE_GONE, tuple(sorted(keys)), why)


def _read(
    met: Met, record: Record, quotes: Mapping[str, str], was: Recheck, now: datetime, *, corrected: bool
) -> Decision:
    """A visit that found the article: which quoted words no longer stand there."""
    found = {key for key, quote in quotes.items() if quoted_on(quote, met)}
    stood = set(was.found) if was.body else set(quotes) if record.quality is TextQuality.FULL else found
    lost = tuple(sorted((stood & set(quotes)) - found))
    body = digest("page", folded(met.text or met.shown), size=32)
    changed = (bool(was.body) and body != was.body) or bool(lost)
    after = replace(
        was,
        at=now,
        state="changed" if changed else "unchanged",
        etag=met.etag,
        last_modified=met.last_modified,
        body=body,
        found=tuple(sorted(found)),
        misses=0,
        missing_since=None,
        note="it carries a correction" if corrected else "",
    )
    if not lost:
        return Decision(after)
    words = "The quoted words" if len(lost) == len(quotes) else "Some of the quoted words"
    tail = ", which now carries a correction." if corrected else "."
    return Decision(after, CorrectionKind.SOURCE_CHANGED, lost, f"{words} no longer stand on the page{tail}")


def _body(record: Record) -> str:
    return record.text.removeprefix(record.title).lstrip()


def _shared(record: Record, met: Met) -> float:
    """Share of the content words of a record that its page still shows."""
    words = set(content(record.text))
    return len(words & set(content(met.shown))) / len(words) if words else 1.0
