"""Rules on dates: which they are, relative ones resolved by the day of publication, and which number is whose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from pipeline.domain import DateMention, Quantity
from pipeline.gate.alignment import alike, calendar, figures
from pipeline.gate.case import Case, Fault, contradicted, uncertain, unsupported
from pipeline.gate.reading import Reading
from pipeline.language import dates


def date(case: Case) -> Iterator[Fault]:
    """Every date of the sentence is the span's, relative ones resolved by its day of publication."""
    anchor = case.span.published
    text = case.sentence
    held = calendar(case.span.quote, anchor)
    plain = {mention.text.lower() for mention in calendar(case.span.quote)}
    often = Counter(one.text.lower() for one in calendar(text, anchor)) - Counter(one.text.lower() for one in held)
    if len(calendar(text, anchor)) == len(held) > 1 and set(often) & plain:
        yield contradicted(f"the span gives {sorted(set(often) & plain)[0]} once, and another date beside it")
        return
    for mention in calendar(text, anchor):
        if mention.text.lower() in plain or mention.text in (case.span.publisher or ""):
            continue  # "WA Today" is no day
        alternatives = [one for one in (mention, *calendar(mention.text)) if dates.bounds(one.value)]
        if any(
            dates.compatible(one, other) and _as_precise(one.value, other.value)
            for one in alternatives
            for other in held
        ):
            continue
        if any(other.relative for other in held) and anchor is None:
            yield uncertain(
                f"the span dates this relatively and has no date of publication, so {mention.text!r} cannot be checked"
            )
        elif held:
            yield contradicted(f"the span gives {held[0].text}, not {mention.text}")
        else:
            yield unsupported(f"the date {mention.text!r} is not in the span")


def dated(case: Case) -> Iterator[Fault]:
    """A number keeps its date: 1,204 in 2025 and 1,611 in 2024 do not change years."""
    anchor = case.span.published
    mine = _years(case.statement, anchor)
    if not mine:
        return
    theirs = _years(case.said, anchor)
    for quantity, mention in mine:
        for other, when in theirs:
            if not alike(quantity, other) or _same_time(mention, when):
                continue
            taken = [one for one, at in theirs if _same_time(mention, at)]
            if taken and not any(alike(quantity, one) for one in taken):
                yield contradicted(f"the span gives {other.text} for {when.text}, not for {mention.text}")
                return


def _years(reading: Reading, anchor: datetime | None) -> list[tuple[Quantity, DateMention]]:
    """Numbers and the dates that follow them in the same stretch between marks, no other number between."""
    found = []
    for mention in calendar(reading.text, anchor):
        if mention.text.lower().endswith(("earlier", "before", "ago")):
            continue  # what a change is measured from, not when it was
        before = [
            item
            for item in figures(reading.text)
            if item.span.end <= mention.span.start
            and not set(reading.text[item.span.end : mention.span.start]) & set(",;:")
        ]
        if before:
            found.append((before[-1], mention))
    return found


def _same_time(first: DateMention, second: DateMention) -> bool:
    return first.text.lower() == second.text.lower() or dates.compatible(first, second)


def _as_precise(sentence: str, span: str) -> bool:
    """Whether a sentence's date is no finer than the span's, and holds all of it."""
    mine, theirs = dates.bounds(sentence), dates.bounds(span)
    if mine and theirs:
        return mine[0] <= theirs[0] and theirs[1] <= mine[1]
    return (
        len(sentence.replace("W", "")) <= len(span.replace("W", "")) or sentence.startswith("-") or span.startswith("-")
    )
