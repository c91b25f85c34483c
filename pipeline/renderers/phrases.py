"""How pages say dates, counts and platforms: plain English, no locale, no time zone but UTC."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from pipeline.amends import Answered
from pipeline.domain import DisputeKind, FindingState, Length, Relation, SentenceClass, Status, StoryKind, digest

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

CLASSES: dict[SentenceClass, str] = {
    SentenceClass.CLAIM: "says what the words it cites say",
    SentenceClass.COHORT: "says what three or more independent origins say",
    SentenceClass.ANALYSIS: "computed from stored records; verify computes it again",
    SentenceClass.FORECAST: "looks ahead, in the name of whoever said it",
    SentenceClass.LINK: "joins its neighbours and adds no fact",
}
STATES: dict[FindingState, str] = {
    FindingState.NEW: "told by one source",
    FindingState.REPEATED: "told by one source, more than once",
    FindingState.CORROBORATED: "told by independent sources",
    FindingState.CONTRADICTED: "disputed between sources",
    FindingState.SUPERSEDED: "replaced by a later report",
}
DISPUTES: dict[DisputeKind, str] = {
    DisputeKind.NUMBER: "They give different numbers",
    DisputeKind.DATE: "They give different dates",
    DisputeKind.POLARITY: "One says so, the other denies it",
    DisputeKind.ATTRIBUTION: "They name different speakers",
    DisputeKind.STATUS: "One speaks of it as done, the other does not",
}
CLASHES: dict[DisputeKind, str] = {
    DisputeKind.NUMBER: "another source gives a different number",
    DisputeKind.DATE: "another source gives a different date",
    DisputeKind.POLARITY: "another source says the opposite",
    DisputeKind.ATTRIBUTION: "another source names a different speaker",
    DisputeKind.STATUS: "sources differ on whether it is done",
}
LEFT_OUT = {"people": "about private people", "allegation": "accusing somebody"}  # rules of the gate, by what they mean
NOT_BORNE_OUT = "not borne out by the words cited"
KINDS: dict[StoryKind, str] = {
    StoryKind.LEAD: "Lead story",
    StoryKind.STORY: "Story",
    StoryKind.BEAT: "Beat story",
    StoryKind.DISPATCH: "Dispatch",
    StoryKind.ENTITY: "Entity story",
    StoryKind.BRIEFING: "Briefing",
}
FORMS: dict[StoryKind, str] = {
    StoryKind.LEAD: "the most prominent of its night: a longer body, four key points",
    StoryKind.STORY: "one storyline: key points, body, what changed, disagreements, unknowns, questions",
    StoryKind.BEAT: "what the storylines of a beat brought that no other story tells, a section for each",
    StoryKind.DISPATCH: "one signal in at most 80 words, where there is no room or too little for a story",
    StoryKind.ENTITY: "what the storylines that name a firm or public person brought that no other story tells",
    StoryKind.BRIEFING: "the stories of a night in at most 80 words each, of their own sentences",
}
STATUSES: dict[Status, str] = {
    Status.BREAKING: "first record at most 24 hours before the version, three origins or more; shown for 48 hours",
    Status.DEVELOPING: "anything else that is not over",
    Status.ONGOING: "first record more than 7 days before the version",
    Status.RESOLVED: "the last version: merged into another storyline, or without news for as long as set",
}
RELATIONS: dict[Relation, str] = {
    Relation.CONTRADICTS: "This story contradicts it",
    Relation.FOLLOWS: "This story follows it",
    Relation.ELABORATES: "This story elaborates on it",
    Relation.BACKGROUND: "It is background",
}
_LEFTWARD = frozenset("ar arc ckb dv fa he iw ks ku-arab ps sd syr ug ur yi".split())
_PLATFORMS = {"hackernews": "Hacker News", "linkboard": "Link board", "github": "GitHub", "arxiv": "arXiv"}


def minutes(measured: Length) -> str:
    """3 minutes to read."""
    return f"{count(max(1, round(measured.seconds / 60)), 'minute')} to read"


def level(measured: Length) -> str:
    """Grade 11 (Flesch-Kincaid)."""
    word = "grade" if measured.scale == "Flesch-Kincaid" else "level"
    return f"{word} {measured.grade:.0f} ({measured.scale})"


def day(when: date) -> str:
    """20 November 2026."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def weekday(when: date) -> str:
    """Friday, 20 November 2026."""
    return f"{WEEKDAYS[when.weekday()]}, {day(when)}"


def stamp(when: datetime) -> str:
    """20 November 2026, 14:05 UTC."""
    utc = when.astimezone(UTC)
    return f"{day(utc.date())}, {utc.hour:02}:{utc.minute:02} UTC"


def iso(when: datetime) -> str:
    """Machine form of a time: 2026-11-20T14:05:00Z."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def window(start: datetime, end: datetime) -> str:
    """The span of two times in days, as short as it can be said: 18–20 November 2026."""
    a, b = start.astimezone(UTC).date(), end.astimezone(UTC).date()
    if a == b:
        return day(a)
    if a.year != b.year:
        return f"{day(a)} – {day(b)}"
    if a.month != b.month:
        return f"{a.day} {MONTHS[a.month - 1]} – {day(b)}"
    return f"{a.day}–{day(b)}"


def count(number: int, one: str, many: str | None = None) -> str:
    """1 record, 2 records, 12,000 records."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def asked(answers: Sequence[Answered]) -> str:
    """What models answered for a version and what that took, as kept with the answers; "" where none was asked."""
    told = []
    for one in answers:
        took = f"{count(one.tokens_in, 'token')} in, {one.tokens_out:,} out, {one.cost:.4f} USD"
        told.append(f"{one.model}, {took}" + (f", after {' and '.join(one.passed)} gave none" if one.passed else ""))
    return "; ".join(told)


def figure(value: float) -> str:
    """A measure with at most two decimals and no trailing zeros; -0 is 0."""
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def direction(lang: str) -> str:
    """Which way a language's usual script runs: "rtl" or "ltr" (BCP 47 tags of the scripts that run to the left)."""
    return "rtl" if lang.lower() in _LEFTWARD or lang.lower().partition("-")[0] in _LEFTWARD else "ltr"


def platform(name: str) -> str:
    """How a platform is written on a badge."""
    return _PLATFORMS.get(name.lower(), name[:1].upper() + name[1:])


def letter(position: int) -> str:
    """0 is A, 25 is Z, 26 is AA: names for origins on one page."""
    text = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(65 + rest) + text
    return text


def slug(name: str) -> str:
    """`name` as an address part: [a-z0-9-], 1 to 80 characters; a hash where no Latin letter or digit is left."""
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:80].strip("-")
    return plain or "x" + digest("slug", name, size=12)


def slugs(names: Iterable[str]) -> dict[str, str]:
    """One address part per name, all different: names that fold alike get a hash behind."""
    taken: dict[str, str] = {}
    for name in sorted(set(names)):
        part = slug(name)
        if part in taken.values():
            part = f"{part[:70].strip('-')}-{digest('slug', name, size=8)}"
        taken[name] = part
    return taken
