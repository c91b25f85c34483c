"""Outlets: whose a record is, under which names others speak of it, and whom a text credits with what it tells.

Pure. A voice is what counts once however often it publishes: the configured owner of the source, else the outlet, else,
where a platform only carries what its users write, the author. Whoever counts origins asks `independent` (which count)
or `counts_as` (which stands for which), so that every page and threshold means the same. Names of outlets are read from
the records at hand; one that has none there is known by its form ("Harbour Times", "a report by ...") or is one of the
world's news agencies.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import lru_cache

from pipeline import addresses
from pipeline.domain import CitedRecord, Record
from pipeline.language.words import tokens

_SECTION = re.compile(r"\s+[-–—|>»:·]+\s+|:\s")  # "Paper - Politics", "Paper > Top Stories"
_ARTICLE = frozenset("the a an le la les el los las il lo der die das de het o os".split())

# Places that anybody publishes at: what stands there has its author's voice, not the place's.
_PLATFORMS = frozenset(
    "arxiv.org biorxiv.org medrxiv.org ssrn.com medium.com substack.com youtube.com github.com gitlab.com "
    "huggingface.co dev.to wordpress.com blogspot.com tumblr.com ghost.io linkedin.com facebook.com instagram.com "
    "threads.net x.com twitter.com reddit.com bsky.app ycombinator.com lobste.rs prnewswire.com businesswire.com "
    "globenewswire.com accesswire.com einpresswire.com prweb.com newswire.com eurekalert.org google.com".split()
)
# Names by which an outlet is known that no record at hand carries; others are known by a word of the trade.
_AGENCIES = frozenset(
    "reuters bloomberg ap afp dpa efe ansa tass interfax xinhua kyodo yonhap pti ani upi apa ntb tt ritzau bbc cnn npr "
    "nbc cbs abc cbc msnbc cnbc axios politico semafor propublica buzzfeed vox wired variety deadline nikkei haaretz "
    "spiegel bild zeit welt handelsblatt faz wsj nyt ft wapo scmp rte rfi dw nhk techcrunch engadget "
    "gizmodo mediapart corriere repubblica folha globo clarín aljazeera".split()
)
_TRADE = frozenset(
    "times post news journal herald tribune gazette press agency wire guardian telegraph chronicle observer daily "
    "weekly magazine tv radio broadcasting broadcaster courier ledger mail mirror independent examiner inquirer "
    "dispatch globe standard bulletin newspaper jazeera insider beast verge information atlantic economist zeitung "
    "spiegel monde figaro país mundo presse diario jornal giornale stampa newswire gazeta wyborcza shimbun".split()
)
_MOST_NAMES = 12

_CAP = r"[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİĶĽŁŃŅŇŌŐŒŔŘŚŞŠȘŢŤȚŪŮŰŹŻŽ\d]"
_WORD = rf"{_CAP}[\w.&'’-]*+"
_NAME = rf"{_WORD}(?: (?:(?:of|de|la|le|el|del|di|du|des|and|&) )?+{_WORD}){{0,4}}+"
_LEAD_IN = (
    r"(?:according to|as reported by|(?:first |originally )?(?:reported|published|appeared|disclosed|revealed)"
    r"(?: (?:on|in)? ?\w{6,9}day)? (?:by|in|on|at)|(?:report|reports|story|article|investigation|scoop|interview)"
    r" (?:by|from|in|with|of)|(?:seen|obtained|reviewed) by|citing|cites|via|courtesy of|[Ss]ource:|told|tells"
    r"|según|de acuerdo con|informó|laut|berichtet|nach Angaben von|selon|d'après|secondo|segundo"
    r"|de acordo com|volgens|enligt|ifølge|według)"
)
_BEFORE_NAME = re.compile(
    rf"(?<!\w)(?i:{_LEAD_IN}) (?:(?:an? |the )?(?:exclusive |new |recent )?"
    r"(?:report|story|article|interview|reporting)s? (?:by|in|from|with|of) )?"
    r"(?:(?:[Tt]he|an?|le|la|el|der|die|das|il|news agency|newspaper|broadcaster) ){0,2}"
    rf"(?P<name>{_NAME})"
)
_AFTER_NAME = re.compile(
    rf"(?<![\w.])(?:[Tt]he )?(?P<name>{_NAME}) (?:(?:has|had|have|first|also|earlier|exclusively) ){{0,2}}"
    r"(?:reports|reported|has learned|revealed|reveals|writes|wrote)\b"
)
_AGENCY_LINE = re.compile(rf"(?:\((?P<name>{_NAME})\)(?:\s*[-–—]|\s*$)|[—–]\s?(?P<sign>{_NAME})\s*$)")
_UNNAMED = re.compile(
    r"(?<!\w)(?i:according to (?:(?:media|press|news|multiple|several|various|some|unconfirmed) ){0,2}reports"
    r"|(?:media|press|news|multiple|several|various) reports (?:say|said|suggest|claim)"
    r"|it (?:is|was|has been) widely reported)"
)
# A record that names an outlet's report to dispute it has another source than that report.
_DISPUTES = re.compile(
    r"\b(?:contradict|den(?:y|ied|ies|ying)\b|disput|refut|rebut|reject|dismiss|debunk|counter to|unlike)",
    re.IGNORECASE,
)
_BEFORE = 80  # characters before a credit in which its tone is looked for
_HEAD, _TAIL = 400, 250  # characters at the beginning and the end of a text in which its credits stand


def folded(name: str) -> str:
    """An outlet's name as it is compared: tokens in lower case, without an article in front."""
    found = tokens(name)
    return " ".join(found[1:] if len(found) > 1 and found[0] in _ARTICLE else found)


def voice(record: Record | CitedRecord) -> str:
    """Who speaks in a record, as a key; empty where nobody is known. The configured owner speaks for all of his."""
    if record.owner:
        return "owner " + folded(record.owner)
    site = _site(record.url)
    if record.kind in {"post", "comment"} or site in _PLATFORMS:
        return f"author {record.platform} {record.author}" if record.author else ""
    name = outlet(record)
    return "outlet " + name if name else ""


def carried(site: str) -> bool:
    """Whether a registered domain is a place that anybody publishes at, or a user's at such a place."""
    return site in _PLATFORMS or site.partition(".")[2] in _PLATFORMS


def outlet(record: Record | CitedRecord) -> str:
    """The folded name of a record's outlet, whoever owns it, without the section that its feed adds."""
    return _outlet(record.publisher or record.source, _site(record.url))


@lru_cache(maxsize=65536)
def _site(url: str | None) -> str:
    """The registered domain of an address, empty where there is none; asked several times for each record."""
    return (addresses.registrable(url) if url else None) or ""


def names(record: Record) -> frozenset[str]:
    """Folded names by which texts speak of a record's outlet: in full, without section, of its site, initials."""
    if record.kind in {"post", "comment"}:
        return frozenset()
    site = _site(record.url)
    whole = record.publisher or record.source
    bare = _outlet(whole, site)
    label = site.partition(".")[0]
    found = {folded(whole), bare, _initials(bare)} | ({label} if site not in _PLATFORMS and len(label) > 2 else set())
    return frozenset(name for name in found if name)


@lru_cache(maxsize=4096)
def _outlet(name: str, site: str) -> str:
    """An outlet's name without the section that its feed adds: the part that its site goes by, else the first."""
    parts = [part for part in _SECTION.split(name) if folded(part)]
    label = site.partition(".")[0].replace("-", "")
    for part in parts if len(parts) > 1 and label else []:
        squashed = folded(part).replace(" ", "")
        if len(squashed) > 2 and (squashed in label or label in squashed or _initials(folded(part)) == label):
            return folded(part)
    return folded(parts[0]) if parts else folded(name)


def _initials(name: str) -> str:
    """ "nyt" of "new york times"; empty where they are fewer than three and may be a word."""
    words = [word for word in name.split() if word not in _ARTICLE and word not in {"of", "and"}]
    return "".join(word[0] for word in words) if 2 < len(words) < 6 else ""


def tellers(told: Iterable[tuple[str, Record]], records: Mapping[str, Record]) -> dict[str, str]:
    """Origin -> the voice that told it first: of the record that it is named after, where that is among `records`.

    Else of the first that tells it here. `told` are (origin, record that tells it) in order of time.
    """
    found: dict[str, str] = {}
    for origin, record in told:
        if origin not in found:
            found[origin] = voice(records.get(origin, record))
    return found


def counts_as(told: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Of (origin, voice) pairs in order of time: origin -> the origin that it counts as, the first of its voice.

    An origin is the voice's that told it first: who says a thing in two articles of his own says it once; what he
    copied from another stays the other's. An origin without a voice counts as itself.
    """
    first: dict[str, str] = {}
    for origin, teller in told:
        first.setdefault(origin, teller)
    heads: dict[str, str] = {}
    return {origin: heads.setdefault(teller, origin) if teller else origin for origin, teller in first.items()}


def independent(told: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Of (origin, voice) pairs in order of time the origins that count: one for each voice (see `counts_as`)."""
    return frozenset(counts_as(told).values())


def credited(text: str, known: Container[str]) -> tuple[str, ...]:
    """Folded names of the outlets that a text credits at its beginning or end, in order; not those it disputes.

    A name counts where `known` has it, or where it has the form of an outlet's.
    """
    return named(mentioned(text), known)


def mentioned(text: str) -> tuple[str, ...]:
    """Runs of capitalised words at the beginning or end of a text that stand where an outlet is credited."""
    ends = [text] if len(text) <= _HEAD + _TAIL else [text[:_HEAD], text[-_TAIL:]]
    return tuple(dict.fromkeys(name for part in ends for name in _candidates(part)))


def named(mentions: Iterable[str], known: Container[str]) -> tuple[str, ...]:
    """The outlets among what was `mentioned`, folded, in order."""
    found = dict.fromkeys(kept for name in mentions if (kept := _longest(name, known)))
    return tuple(found)[:_MOST_NAMES]


def _candidates(text: str) -> Iterator[str]:
    """Names that stand where an outlet is credited."""
    for pattern in (_BEFORE_NAME, _AFTER_NAME, _AGENCY_LINE):
        for match in pattern.finditer(text):
            if not _DISPUTES.search(text, max(0, match.start() - _BEFORE), match.end()):
                yield match["name"] or match["sign"]


def _longest(name: str, known: Container[str]) -> str:
    """The longest beginning of a run of capitalised words that names an outlet, folded; empty where none does."""
    words = folded(name).split()
    for end in range(len(words), 0, -1):
        part = " ".join(words[:end])
        if part in known or part in _AGENCIES or (end > 1 and words[end - 1] in _TRADE):
            return part
    return ""


def unnamed(text: str) -> bool:
    """Whether a text says at its beginning that it rests on reports which it does not name."""
    match = _UNNAMED.search(text[:_HEAD])
    return match is not None and not _DISPUTES.search(text, max(0, match.start() - _BEFORE), match.end())
