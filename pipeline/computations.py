"""Named computations: what an analysis sentence is bound to, computed when it is written and again when it is verified.

A computation is a name, inputs (ids, citation keys, names) and a value. `compute` finds the value from `Facts`, which
hold nothing that a story does not ship, so a reader's copy of the bundle is enough to repeat it. `render` gives the
one sentence that may be printed for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from urllib.parse import urlsplit

from pipeline.domain import CitedRecord, Ending, Signal, Story, StoryCounts, TextQuality

MERGED, IDLE = "merged", "idle"  # the reasons of an ending
_MONTHS = (
    "January February March April May June July August September October November December".split()
)  # whatever the locale
_SHOWN_WORDS = 12  # of a quote that a sentence points to
_QUESTIONS = MappingProxyType(
    {
        "why": "No cited record says why this matters.",
        "change": "No cited record says what would change this.",
        "counter": "No cited record speaks against this.",
    }
)
_DISPUTES = MappingProxyType(
    {
        "number": "The two differ in a number.",
        "date": "The two differ in a date.",
        "polarity": "One says that it happened, the other that it did not.",
        "attribution": "The two differ in whom they name as the speaker.",
        "status": "One speaks of it as done, the other as explored or planned.",
    }
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What computations may read: of the citations their origin, quote and record; the records; the counts."""

    origins: Mapping[str, str]  # citation key -> origin id
    quotes: Mapping[str, str]  # citation key -> quote
    keyed_records: Mapping[str, str]  # citation key -> record id
    records: Mapping[str, CitedRecord]
    counts: StoryCounts
    previous: str | None = None  # id of the version before
    written: datetime | None = None
    ending: Ending | None = None  # why this version is the last
    signals: Mapping[str, Signal] = field(default_factory=dict)  # by id
    beat: str = ""
    parts: int = 0  # sections of the body


def facts_of(story: Story) -> Facts:
    """The facts that a finished story ships."""
    return Facts(
        origins={citation.key: citation.origin_id for citation in story.citations},
        quotes={citation.key: citation.evidence.quote for citation in story.citations},
        keyed_records={citation.key: citation.evidence.record_id for citation in story.citations},
        records={record.id: record for record in story.records},
        counts=story.counts,
        previous=story.previous,
        written=story.written,
        ending=story.ending,
        signals={signal.id: signal for signal in story.signals},
        beat=story.beat,
        parts=sum(section.role == "body" for section in story.sections),
    )


Inputs = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Named:
    """One computation: how its value is found and how it is said."""

    value: Callable[[Inputs, Facts], str]
    text: Callable[[Inputs, str, Facts], str]


def compute(name: str, inputs: Inputs, facts: Facts) -> str:
    """The value of the computation `name`. Raises KeyError for an unknown name or id, ValueError for inputs that do
    not fit it (too few, or a condition that does not hold)."""
    return _TABLE[name].value(inputs, facts)


def render(name: str, inputs: Inputs, value: str, facts: Facts) -> str:
    """The sentence for a computed value. Raises KeyError and ValueError as `compute` does."""
    return _TABLE[name].text(inputs, value, facts)


def names() -> tuple[str, ...]:
    """All computations there are, in order."""
    return tuple(_TABLE)


# --- counting --------------------------------------------------------------------------------------------------------


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _origins(inputs: Inputs, facts: Facts) -> int:
    if not inputs:
        raise ValueError("needs the citation keys of one finding")
    return len({facts.origins[key] for key in inputs})


def _opening(quote: str) -> str:
    """The first words of a quote, letter for letter, with what was cut marked."""
    words = quote.split()
    if len(words) <= _SHOWN_WORDS:
        return " ".join(words).rstrip(".,;:")
    return " ".join(words[:_SHOWN_WORDS]).rstrip(".,;:") + " ..."


def _breadth(inputs: Inputs, facts: Facts) -> str:
    return f"{facts.counts.records} {facts.counts.origins} {len(facts.counts.platforms)}"


def _say_breadth(inputs: Inputs, value: str, facts: Facts) -> str:
    records, origins, platforms = (int(part) for part in value.split())
    return (
        f"The storyline holds {_count(records, 'record')} from {_count(origins, 'origin')}"
        f" on {_count(platforms, 'platform')}."
    )


def _single_origin(inputs: Inputs, facts: Facts) -> str:
    if _origins(inputs, facts) != 1:
        raise ValueError("the finding has more than one origin")
    return "1"


def _say_single_origin(inputs: Inputs, value: str, facts: Facts) -> str:
    return f'Only one origin here gives this: "{_opening(facts.quotes[inputs[0]])}".'


def _agreeing(inputs: Inputs, facts: Facts) -> str:
    count = _origins(inputs, facts)
    if count < 2:
        raise ValueError("agreement needs two origins")
    return str(count)


def _say_agreeing(inputs: Inputs, value: str, facts: Facts) -> str:
    return f"{value} independent origins report this."


# --- sources ---------------------------------------------------------------------------------------------------------


def _folded(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())


def _voices(record: CitedRecord) -> frozenset[str]:
    """Folded names under which a record may count as coming from someone: publisher, author, labels of its host."""
    labels = (urlsplit(record.url).hostname or "").split(".") if record.url else []
    return frozenset(_folded(name) for name in (record.publisher, record.author, *labels) if name)


def _records_from(inputs: Inputs, facts: Facts) -> str:
    key, name = inputs
    if _folded(name) not in _folded(facts.quotes[key]) or not _folded(name):
        raise ValueError(f"{name!r} does not occur in the quote")
    count = sum(_folded(name) in _voices(record) for record in facts.records.values())
    if count:
        raise ValueError(f"{name!r} is the publisher or author of {count} of the cited records")
    return "0"


def _say_records_from(inputs: Inputs, value: str, facts: Facts) -> str:
    return f"None of the cited records comes from {inputs[1]} itself."


def _short(record: CitedRecord) -> bool:
    return record.quality in (TextQuality.SUMMARY, TextQuality.TITLE)


def _summaries(inputs: Inputs, facts: Facts) -> str:
    short = sum(_short(record) for record in facts.records.values())
    if not short:
        raise ValueError("no cited record is a summary or headline")
    return f"{short} {len(facts.records)}"


def _say_summaries(inputs: Inputs, value: str, facts: Facts) -> str:
    short, whole = (int(part) for part in value.split())
    if whole == 1:
        return "The one cited record is a feed summary or headline, not a full article."
    if short == whole:
        return f"All {whole} cited records are feed summaries or headlines, not full articles."
    one = short == 1
    return (
        f"{short} of the {whole} cited records {'is a' if one else 'are'} feed {'summary' if one else 'summaries'}"
        f" or headline{'' if one else 's'}, not {'a full article' if one else 'full articles'}."
    )


def _cut_off(inputs: Inputs, facts: Facts) -> str:
    count = sum(record.truncated for record in facts.records.values())
    if not count:
        raise ValueError("no cited record is cut off")
    return str(count)


def _say_cut_off(inputs: Inputs, value: str, facts: Facts) -> str:
    one = value == "1"
    noun, whose = ("record", "its source") if one else ("records", "their sources")
    return f"The text of {value} cited {noun} is cut off at {whose}."


def _one_platform(inputs: Inputs, facts: Facts) -> str:
    platforms = sorted({record.platform for record in facts.records.values()})
    if len(platforms) != 1:
        raise ValueError(f"the cited records come from {len(platforms)} platforms")
    return platforms[0]


def _say_one_platform(inputs: Inputs, value: str, facts: Facts) -> str:
    return f"All cited records come from one platform: {value}."


# --- disagreement, change, silence -----------------------------------------------------------------------------------


def _disputed(inputs: Inputs, facts: Facts) -> str:
    first, second, kind = inputs
    if first == second or first not in facts.quotes or second not in facts.quotes:
        raise KeyError(f"{first}, {second}: a dispute needs two citations of the story")
    return kind if kind in _DISPUTES else _no_such("kind of dispute", kind)


def _say_disputed(inputs: Inputs, value: str, facts: Facts) -> str:
    first, second, _ = inputs
    same = facts.keyed_records[first] == facts.keyed_records[second]
    return _DISPUTES[value] + (" The record gives both." if same else "")


def _no_such(what: str, name: str) -> str:
    raise ValueError(f"no such {what}: {name!r}")


def _growth(inputs: Inputs, facts: Facts) -> str:
    previous, records, origins, _ = inputs
    _same_previous(previous, facts)
    grown = (max(0, facts.counts.records - int(records)), max(0, facts.counts.origins - int(origins)))
    if not any(grown):
        raise ValueError("nothing has joined since")
    return f"{grown[0]} {grown[1]}"


def _say_growth(inputs: Inputs, value: str, facts: Facts) -> str:
    records, origins = (int(part) for part in value.split())
    parts = [_count(number, noun) for number, noun in ((records, "record"), (origins, "origin")) if number]
    verb = "has" if records + origins == 1 else "have"
    return f"{' and '.join(parts)} {verb} joined since version {int(inputs[3])}."


def _same_previous(previous: str, facts: Facts) -> None:
    if previous != facts.previous:
        raise ValueError(f"{previous!r} is not the version before")


def _new_since(inputs: Inputs, facts: Facts) -> str:
    previous, _, *keys = inputs
    _same_previous(previous, facts)
    if not keys or any(key not in facts.quotes for key in keys):
        raise KeyError("new statements must be citations of the story")
    return str(len(set(keys)))


def _say_new_since(inputs: Inputs, value: str, facts: Facts) -> str:
    verb = "is" if value == "1" else "are"
    return f"{_count(int(value), 'statement')} {verb} new since version {int(inputs[1])}."


def _ended(inputs: Inputs, facts: Facts) -> str:
    """For a merged storyline the day of it; for an idle one also how many days that was before the version."""
    reason, since = inputs
    ending = facts.ending
    if ending is None or facts.written is None or (ending.reason, ending.since.isoformat()) != (reason, since):
        raise ValueError("the version does not end its story so")
    if ending.since > facts.written or (reason == MERGED) != (ending.into is not None):
        raise ValueError("the end fits neither a merger nor a silence")
    if reason == MERGED:
        return _day(ending.since)
    days = (facts.written - ending.since).days
    return f"{days} {_day(ending.since)}" if reason == IDLE and days else _no_such("end", f"{reason}, {days} days")


def _day(when: datetime) -> str:
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def _say_ended(inputs: Inputs, value: str, facts: Facts) -> str:
    if inputs[0] == MERGED:
        return f"This storyline was merged into another on {value}; this is the last version of its story."
    days, day = value.split(" ", 1)
    before = _count(int(days), "day")
    return f"Nothing has joined this storyline since {day}, {before} before this version, the last of its story."


def _signal(inputs: Inputs, facts: Facts) -> str:
    """Kind, score, threshold and day of a signal of the story that was not held."""
    found = facts.signals[inputs[0]]
    if found.held:
        raise ValueError("the signal was held")
    return f"{found.kind} {found.score:.4g} {found.threshold:.4g} {_day(found.window_end)}"


def _say_signal(inputs: Inputs, value: str, facts: Facts) -> str:
    kind, score, threshold, day = value.split(" ", 3)
    return (
        f"Told because of a measured change: {kind.replace('_', ' ')} stood at {score} on {day},"
        f" where {threshold} makes a signal."
    )


_TURNS = {
    "merge": "Told because another storyline became part of this one on {0}.",
    "split": "Told because a part of this storyline became one of its own on {0}.",
}
TURNS = frozenset(_TURNS)  # signals that are a fact and no measure


def _turn(inputs: Inputs, facts: Facts) -> str:
    """Kind and day of a turn of the storyline that was not held."""
    found = facts.signals[inputs[0]]
    if found.held or found.kind not in TURNS:
        raise ValueError("no turn, or held")
    return f"{found.kind} {_day(found.window_end)}"


def _say_turn(inputs: Inputs, value: str, facts: Facts) -> str:
    return _TURNS[value.split(" ", 1)[0]].format(value.split(" ", 1)[1])


def _briefing(inputs: Inputs, facts: Facts) -> str:
    if facts.written is None:
        raise ValueError("a briefing has its night")
    return f"{facts.counts.cited_records} {facts.counts.origins} {_day(facts.written)}"


def _say_briefing(inputs: Inputs, value: str, facts: Facts) -> str:
    records, origins, day = value.split(" ", 2)
    return f"Briefing of {day}: {_count(int(records), 'record')} from {_count(int(origins), 'origin')}"


def _survey(inputs: Inputs, facts: Facts) -> str:
    """How many matters a survey tells of its beat, or of a name that a cited span holds, and its day."""
    (name,) = inputs
    if facts.written is None or not facts.parts:
        raise ValueError("a survey has a day and sections")
    if not name or (name != facts.beat and not any(name in quote for quote in facts.quotes.values())):
        raise ValueError(f"{name!r} is neither the beat nor in a cited span")
    return f"{facts.parts} {_day(facts.written)}"


def _say_survey(inputs: Inputs, value: str, facts: Facts) -> str:
    parts, day = value.split(" ", 1)
    return f"{inputs[0]}: {_count(int(parts), 'matter')} in brief, {day}"


def _silent(inputs: Inputs, facts: Facts) -> str:
    (question,) = inputs
    return "0" if question in _QUESTIONS else _no_such("question", question)


def _say_silent(inputs: Inputs, value: str, facts: Facts) -> str:
    return _QUESTIONS[inputs[0]]


_TABLE: Mapping[str, _Named] = MappingProxyType(
    {
        "breadth": _Named(_breadth, _say_breadth),
        "single_origin": _Named(_single_origin, _say_single_origin),
        "agreeing_origins": _Named(_agreeing, _say_agreeing),
        "no_record_from": _Named(_records_from, _say_records_from),
        "summaries": _Named(_summaries, _say_summaries),
        "cut_off": _Named(_cut_off, _say_cut_off),
        "one_platform": _Named(_one_platform, _say_one_platform),
        "disputed": _Named(_disputed, _say_disputed),
        "growth": _Named(_growth, _say_growth),
        "new_since": _Named(_new_since, _say_new_since),
        "ended": _Named(_ended, _say_ended),
        "signal": _Named(_signal, _say_signal),
        "turn": _Named(_turn, _say_turn),
        "briefing": _Named(_briefing, _say_briefing),
        "survey": _Named(_survey, _say_survey),
        "silent": _Named(_silent, _say_silent),
    }
)
