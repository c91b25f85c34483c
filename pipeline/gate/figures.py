"""Rules on numbers: value, unit, bound, what is counted, and which statement they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain import Quantity
from pipeline.gate.alignment import alike, calendar, figure_words, figures, needed
from pipeline.gate.case import Case, Fault, contradicted, unsupported
from pipeline.gate.courses import moved_by
from pipeline.gate.lexicon import RATES
from pipeline.gate.reading import Reading, fold
from pipeline.gate.synonyms import same
from pipeline.gate.verbs import FORMS
from pipeline.language.words import stem

_PERIODS = frozenset("second minute hour day night week fortnight month quarter year decade".split())
_PAIR = re.compile(  # a score, a vote, a range
    r"(?<![\w.,$€£-])(?<!by )(\d{1,3})(?:-| (?:votes |points |seats )?(?:to|against) )(\d{1,3})"
    r"(?![\w%-]|[.,]\d| (?:million|billion))"
)
_RATIO = re.compile(r"(?<![\w.,])(\d+) (?:out )?of (?:the |its |their |all )?(\d+)(?![\w%]|[.,]\d)")
_BOUNDS = {("", "about"), ("over", "about")}  # (in the span, in the sentence): looser than the span, never firmer


def number(case: Case) -> Iterator[Fault]:
    """Every number of the statement stands in the span: same value, unit and counted thing."""
    held = figures(case.said.text)
    known = _pairs(case.span.quote)
    for pair in sorted(_pairs(case.statement.text) - known):
        yield contradicted(f"{pair[0]}-{pair[1]} is not in the span")
    ratios = _ratios(case.span.quote)
    for part, whole in sorted(_ratios(case.statement.text)):
        if (part, whole) not in ratios and (whole, part) in ratios:
            yield contradicted(f"the span says {whole} of {part}")
    scores = {end for pair in known for end in pair}
    for quantity in figures(case.statement.text):
        if quantity.text.startswith("00") and quantity.text not in case.said.text:
            yield contradicted(f"{quantity.text} is not in the span")  # the end of "2, 000 feet", cut by a space
            continue
        if any(alike(quantity, other) or _rounded(quantity, other) for other in held) or _literal(case, quantity):
            continue
        if not quantity.unit and quantity.text.isdigit() and quantity.text in scores and not _scaled(case, quantity):
            continue
        if _age(case, quantity) or moved_by(case, quantity) or _ratios(quantity.text) & ratios:
            continue
        rivals = [other for other in held if other.unit == quantity.unit and quantity.unit]
        if rivals:
            yield contradicted(f"the span gives {rivals[0].text}, not {quantity.text}")
        else:
            yield unsupported(f"{quantity.text} is not in the span")


_FARTHEST = 0.05  # of its value that a rounded number may be off


def _rounded(mine: Quantity, theirs: Quantity) -> bool:
    """Whether a number that says it is not exact ("about", "nearly") is the span's, rounded to the places it prints."""
    if mine.bound not in ("about", "under") or mine.unit != theirs.unit or not mine.step or theirs.bound:
        return False
    off = theirs.value - mine.value
    near = abs(off) <= mine.step / 2 and abs(off) <= _FARTHEST * abs(theirs.value)
    return near and (mine.bound == "about" or off <= 0)


def _pairs(text: str) -> frozenset[tuple[str, str]]:
    """Scores and votes of a text, in order: "2-1", "54 votes to 45"."""
    return frozenset(_PAIR.findall(fold(text)))


def _ratios(text: str) -> frozenset[tuple[str, str]]:
    """Parts and wholes of a text: "65 of 98 seats"."""
    return frozenset(_RATIO.findall(text))


_AGED = re.compile(r"(?:,|\baged|\bage of) $", re.I)
_OLD = re.compile(r"(?:\baged |\bage of |, )(\d{1,3})(?=[,. ]|$)|\b(\d{1,3})[- ]years?[- ]old", re.I)


def _age(case: Case, quantity: Quantity) -> bool:
    """Whether a number is an age that the span gives in another form: "a man, 34" is a 34-year-old man."""
    text = case.statement.text
    digits = re.match(r"\d{1,3}", quantity.text)
    if quantity.unit not in ("", "month") or re.match(r"\s*[\w$%]", text[quantity.span.end :]):
        return False
    own = _AGED.search(text[: quantity.span.start]) or re.search(r"year|old", text[quantity.span.start :][:14])
    return bool(digits and own) and digits is not None and digits.group() in ages(case.span.quote)


def ages(text: str) -> frozenset[str]:
    """Numbers that a text gives as ages: "a 34-year-old", "aged 34", ", 34,"."""
    return frozenset(group for match in _OLD.findall(fold(text)) for group in match if group)


def _scaled(case: Case, quantity: Quantity) -> bool:
    """Whether "million" or the like follows a number that the grammar took for bare."""
    return bool(re.match(r"\s?(?:million|billion|trillion|thousand|%)", case.statement.text[quantity.span.end :]))


def _literal(case: Case, quantity: Quantity) -> bool:
    """Whether bare digits stand in the span as they are, in a score or a name that no grammar of numbers reads."""
    bare = quantity.text.strip()
    if bare.isdigit() and len(bare) > 2 and bare in case.said.lows:
        at, mine = case.said.positions(bare)[0], case.statement.positions(bare)
        after = [
            reading.words[i + 1].low
            for reading, i in ((case.said, at), (case.statement, mine[0]))
            if mine and i + 1 < len(reading.words)
        ]
        if len(after) == 2 and after[0] == after[1] and at not in figure_words(case.said):
            return True
    return (
        not quantity.unit
        and bare.isdigit()
        and bare in case.said.lows
        and case.said.positions(bare)[0] not in figure_words(case.said)
    )


def bound(case: Case) -> Iterator[Fault]:
    """ "Over", "under", "up to" and "about" are kept: over 100 is not 100."""
    held = figures(case.said.text)
    for quantity in figures(case.statement.text):
        equals = [other for other in held if alike(quantity, other)]
        if equals and not any(
            quantity.bound == other.bound
            or (other.bound, quantity.bound) in _BOUNDS
            or (_lasting(case.statement.text, quantity) and not other.bound)
            or (_lasting(case.said.text, other) and not quantity.bound)
            for other in equals
        ):
            limit = equals[0].bound or "exactly"
            yield unsupported(
                f"the span says {limit} {equals[0].text}, the sentence {quantity.bound or 'plainly'} {quantity.text}"
            )


def _lasting(text: str, quantity: Quantity) -> bool:
    """Whether "over" before a time means in the course of it: "hire 450 people over two years"."""
    before = text[: quantity.span.start].lower()
    after = text[quantity.span.end :].lower()
    aside = re.search(r"\b(?:at|in|for|of|to|after|with|than|is|was|are|were) over $", before) or after.startswith(
        " old"
    )
    return quantity.unit in _LASTING and before.endswith(" over ") and not aside


_LASTING = frozenset("second minute hour day week month year decade".split())


def counted(case: Case) -> Iterator[Fault]:
    """What follows a number in the sentence follows the same number in the span: 12 plants, 30 depots."""
    numbers, held = figure_words(case.statement), figure_words(case.said)
    for quantity in figures(case.statement.text):
        at = max((index for index, other in numbers.items() if other is quantity), default=None)
        after = case.statement.words[at + 1].low if at is not None and at + 1 < len(case.statement.words) else ""
        money = len(quantity.unit) == 3 and quantity.unit.isupper() and after not in ("a", "an", "per", "each")
        if at is None or money or not any(alike(quantity, other) for other in held.values()):
            continue
        followers = _followers(case.statement, at, numbers)
        owners: list[Quantity] = []
        for follower in followers:
            apart = any(word.part == "preposition" for word in case.statement.words[followers[0] : follower])
            if owners and apart:
                break  # the thing counted decides, not where it is
            owner = _owner(case, follower, held)
            owners += [owner] if owner is not None else []
        mine = {id(other) for other in held.values() if alike(quantity, other)}
        mine |= {id(held[place]) for place in _wholes(case.said, held, mine)}
        if owners and not any(id(owner) in mine for owner in owners):
            yield unsupported(
                f"{quantity.text} counts something else in the span,"
                f" which gives {owners[0].text} for {case.word(followers[0])}"
            )


def _wholes(reading: Reading, held: dict[int, Quantity], parts: set[int]) -> Iterator[int]:
    """Where the wholes stand of which numbers are parts: 7,400 of "1,200 of its 7,400 jobs"."""
    for at, quantity in held.items():
        lead = [word.low for word in reading.words[at + 1 : at + 3]]
        if id(quantity) in parts and lead[:1] == ["of"] and lead[1:] and lead[1] in ("its", "their"):
            yield from (place for place in (at + 3,) if place in held)


def _followers(reading: Reading, at: int, numbers: dict[int, Quantity]) -> list[int]:
    """Content words after a number, up to four, until another number, a verb, a mark or the clause end."""
    found: list[int] = []
    for index in range(at + 1, min(len(reading.words), at + 8)):
        word = reading.words[index]
        if (
            index in numbers
            or word.part in ("verb", "auxiliary", "conjunction")
            or word.low in (",", ";")
            or reading.clauses[index] != reading.clauses[at]
        ):
            break
        if (
            word.part == "noun"
            and needed(reading, index)
            and not any(mention.span.start <= word.start < mention.span.end for mention in calendar(reading.text))
        ):
            found.append(index)
    return found[:4]


def _owner(case: Case, follower: int, held: dict[int, Quantity]) -> Quantity | None:
    """The number that owns, in the span, the counterpart of a sentence word: the nearest before it in its phrase."""
    index = case.alignment.pairs.get(follower)
    if index is None or "past" in FORMS.get(case.said.words[index].low, {}):
        return None  # "a 12% jump" of what "jumped 12%"
    for at in range(index, max(-1, index - 8), -1):
        word = case.said.words[at]
        if at in held:
            return held[at]
        if (
            word.part in ("verb", "auxiliary")
            or word.low in (",", ";")
            or case.said.clauses[at] != case.said.clauses[index]
        ):
            return None
    return None


def exchanged(case: Case) -> Iterator[Fault]:
    """Two numbers do not take each other's place: a rise of 5 to 24 is none of 24 to 5."""
    numbers, held = figure_words(case.statement), figure_words(case.said)
    pairs = [(at, case.alignment.pairs[at]) for at in numbers if case.alignment.pairs.get(at) in held]
    for first, mine in pairs:
        for second, theirs in pairs:
            if second <= first or numbers[first] is numbers[second] or numbers[first].unit != numbers[second].unit:
                continue
            here = case.statement.governors[first], case.statement.governors[second]
            there = case.said.governors[mine], case.said.governors[theirs]
            if here[0] != here[1] and here == there[::-1]:
                yield contradicted(f"{case.word(first)} and {case.word(second)} have changed places")
                return


def rate(case: Case) -> Iterator[Fault]:
    """ "Each", "a year" and the like stay with their number."""
    held = figure_words(case.said)
    targets = {case.alignment.pairs[at] for at in figure_words(case.statement) if at in case.alignment.pairs}
    lows = case.statement.lows
    for at in sorted(targets & set(held)):
        for index in range(at + 1, min(at + 5, len(case.said.words))):
            word = case.said.words[index]
            if word.low in (",", ";", ".") or word.part in ("verb", "auxiliary"):
                break
            period = (
                word.low in ("a", "an")
                and index + 1 < len(case.said.words)
                and case.said.words[index + 1].low in _PERIODS
            )
            lost = (
                not lows & {case.said.words[index + 1].low, case.said.words[index + 1].low + "ly", "daily", "annually"}
                if period
                else not any(word.low == low or same(word.low, low) for low in lows)
            )
            if (period or word.low in RATES) and lost:
                yield unsupported(f"the span says {held[at].text} {word.text} ...; the sentence drops that")
                return


_DIGITS = re.compile(r"\d[\d.,]*")
_RANGE = re.compile(
    r"between (?P<a>[^,;]{1,24}?) and (?P<b>[$€£]?\d[\w.,%]*)"
    r"|(?P<c>[$€£]?\d[\d.,]*%?)(?: to |-)(?P<d>[$€£]?\d[\w.,%]*)(?= (?:of|percent|per|million|billion)\b)",
    re.I,
)


def span_of_values(case: Case) -> Iterator[Fault]:
    """A range keeps both its ends."""
    for match in _RANGE.finditer(case.said.text):
        if case.said.text[: match.start()].lower().endswith("from "):
            continue
        ends = [found.group().rstrip(".,") for group in match.groups() if group and (found := _DIGITS.search(group))]
        kept = [end in case.statement.text for end in ends]
        if any(kept) and not all(kept):
            yield unsupported(f"the span gives a range ({match.group()}), the sentence one end of it")
            return


def within(case: Case) -> Iterator[Fault]:
    """A number or date stands in the clause of the verb that the sentence gives it to."""
    said, statement, pairs = case.said, case.statement, case.alignment.pairs
    marks = {mention.span.start: mention.text for mention in calendar(statement.text)}
    numbers = figure_words(statement)
    for at, word in enumerate(statement.words):
        if (at not in numbers and word.start not in marks) or at not in pairs:
            continue
        verb = next(
            (
                item
                for item in reversed(statement.predicates)
                if item.at < at and item.clause == statement.clauses[at] and item.at in pairs
            ),
            next(
                (item for item in statement.predicates if item.clause == statement.clauses[at] and item.at in pairs),
                None,
            ),
        )
        if verb is None:
            continue
        here, there = said.clauses[pairs[at]], said.clauses[pairs[verb.at]]
        if (
            here != there
            and not _of_deed(case, at)
            and not _attached(case, pairs[at], pairs[verb.at], timed=at not in numbers)
        ):
            yield unsupported(
                f"{word.text} belongs to another statement of the span than {statement.words[verb.at].text!r}"
            )
            return


def _of_deed(case: Case, at: int) -> bool:
    """Whether the number stands with a noun that is a verb of the span ("the killing of 13 guards"), or is counted of
    the verb's own subject there ("four welders who died")."""
    target, said = case.alignment.pairs[at], case.said
    verbs = {item.at: item for item in said.predicates}
    near = [case.alignment.pairs.get(index) for index in range(max(0, at - 4), min(at + 4, len(case.statement.words)))]
    deeds = [verbs[place] for place in near if place in verbs]
    return any(item.clause == said.clauses[target] or target in item.subject for item in deeds)


def _attached(case: Case, number: int, verb: int, *, timed: bool) -> bool:
    """Whether the clause of a number hangs on that of the verb: it has no subject of its own. A date at the end of
    two joined verbs with one subject goes for both."""
    here = case.said.clauses[number]
    own = [item for item in case.said.predicates if item.clause == here and item.finite == "finite"]
    if not own or (timed and all(item.inherited for item in own)):
        return True
    base = {stem(case.said.words[at].low) for item in own if not item.inherited for at in item.subject}
    wanted = {stem(word.low) for word in case.statement.words if word.part == "noun"}
    return bool(base & wanted) or case.said.words[verb].part != "verb"
