"""Rules on where things stand: the order of names, the preposition over a thing, the time that a date marks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from pipeline.gate.alignment import calendar
from pipeline.gate.case import Case, Fault, contradicted, unsupported
from pipeline.gate.courses import FALLING, RISING, moves
from pipeline.gate.doers import counterpart, names_in
from pipeline.gate.reading import Reading
from pipeline.gate.synonyms import lemma
from pipeline.language import dates

_DIRECTIONS = (
    frozenset({"from", "to", "into", "onto", "toward", "towards", "by"}),
    frozenset({"before", "after", "since", "until", "till"}),
    frozenset({"over", "under", "above", "below"}),
    frozenset({"with", "without", "against", "for"}),
    frozenset({"inside", "outside", "within"}),
    frozenset({"than", "by"}),
    frozenset({"against", "by", "for", "from"}),
    frozenset({"for", "to"}) - {"to", "for"},
)


def order(case: Case) -> Iterator[Fault]:
    """Two names do not change places unless the voice of the verb changes with them."""
    statement, said, pairs = case.statement, case.said, case.alignment.pairs
    if case.alignment.verbatim or _turned(case):
        return
    named = [
        at
        for at in names_in(statement, list(range(len(statement.words))))
        if at in pairs and said.words[pairs[at]].capital
    ]
    for first, second in combinations(named, 2):
        if _crossed(case, first, second):
            yield contradicted(f"{case.word(first)} and {case.word(second)} have changed places")
            return
        if second == first + 1 or statement.clauses[first] != statement.clauses[second]:
            continue
        before, after = _stands(case, first), _stands(case, second)
        if any(_attribute(case, at) for at in (first, second)):
            if _put_behind(case, first, second):
                yield contradicted(f"{case.word(first)} and {case.word(second)} have changed places")
                return
            continue
        if min(before) < max(after) or _own_verbs(case, first, second) or _one_phrase(said, before, after):
            continue
        paired = statement.governors[first] == statement.governors[second] and _apart(statement, first, second)
        if not paired and any(
            _governed(statement, said, at, places) for at, places in ((first, before), (second, after))
        ):
            continue
        yield contradicted(f"{case.word(first)} and {case.word(second)} have changed places")
        return


def _stands(case: Case, at: int) -> tuple[int, ...]:
    """Where a name may stand in the span: at its counterpart, where it occurs as often in both; else anywhere."""
    target = case.alignment.pairs[at]
    places = case.said.positions(case.said.words[target].low)
    return (target,) if len(case.statement.positions(case.statement.words[at].low)) == len(places) else places


def _attribute(case: Case, at: int) -> bool:
    """Whether a name only describes a plain noun, the same in both: "an Ohio judge", "a judge in Ohio"."""
    words, said = case.statement.words, case.said
    target = case.alignment.pairs[at]
    after = words[at + 1] if at + 1 < len(words) else None
    if after is None or after.part != "noun" or after.capital or words[at].possessive:
        return False
    head = case.alignment.pairs.get(at + 1)
    inside = said.governors[target] in ("in", "from", "at", "of", "near")
    return head is not None and inside and 0 < target - head <= 3


def _put_behind(case: Case, first: int, second: int) -> bool:
    """Whether two names around one noun have changed places: "Kunduz strikes in America" for "American strikes in
    Kunduz"."""
    words, pairs = case.statement.words, case.alignment.pairs
    head = pairs.get(first + 1)
    if head is None or words[first + 1].part != "noun" or words[first + 1].capital or second - first > 4:
        return False
    return pairs[second] == head - 1 and bool(case.statement.governors[second]) and not words[second].possessive


def _apart(reading: Reading, first: int, second: int) -> bool:
    """Whether two names under prepositions stand in two phrases, not in one list, and nobody's 's joins them."""
    between = reading.words[first + 1 : second]
    listed = not any(
        word.part in ("verb", "auxiliary") or (word.part == "preposition" and word.low != reading.governors[first])
        for word in between
    )
    owned = any(reading.words[at].possessive for at in range(first, second + 1))
    return bool(reading.governors[first]) and not listed and not owned


def _own_verbs(case: Case, first: int, second: int) -> bool:
    """Whether the two stand after verbs of their own, and each after the same verb in the span: "won A by beating B"
    is "beat B to win A"."""
    mine = [_leading(case.statement, at) for at in (first, second)]
    theirs = [_leading(case.said, case.alignment.pairs[at]) for at in (first, second)]
    mapped = [case.alignment.pairs.get(verb) if verb is not None else None for verb in mine]
    return mine[0] != mine[1] and None not in mapped and mapped == theirs


def _crossed(case: Case, first: int, second: int) -> bool:
    """Whether each of two names stands, under one preposition, after the verb that the other follows in the span:
    "hire people in A and open an office in B" for "hire people in B and open an office in A"."""
    statement, said, pairs = case.statement, case.said, case.alignment.pairs
    if not statement.governors[first] or statement.governors[first] != statement.governors[second]:
        return False
    if any(len(said.positions(said.words[pairs[at]].low)) > 1 for at in (first, second)):
        return False
    mine = [pairs.get(verb) if (verb := _leading(statement, at)) is not None else None for at in (first, second)]
    theirs = [_leading(said, pairs[at]) for at in (first, second)]
    return None not in mine and mine[0] != mine[1] and mine == theirs[::-1]


def _leading(reading: Reading, at: int) -> int | None:
    """The nearest verb before a word, no comma between."""
    for index in range(at - 1, -1, -1):
        if reading.words[index].part == "verb":
            return index
        if reading.words[index].low == ",":
            return None
    return None


def _one_phrase(said: Reading, before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    """Whether two names stand in one noun phrase of the span: "Greek shipping firm Aegis Lines"."""
    return any(
        abs(one - two) <= 5
        and all(word.part == "noun" and not word.possessive for word in said.words[min(one, two) : max(one, two) + 1])
        for one in before
        for two in after
    )


def _governed(statement: Reading, said: Reading, at: int, places: tuple[int, ...]) -> bool:
    """Whether a name stands under the same preposition in both, or is a possessor in one of them. Two names under one
    preposition each ("returns to A after a trip to B") are told apart by their verbs, not by it."""
    mine = statement.governors[at]
    theirs = {said.governors[index] for index in places}
    possessor = statement.words[at].possessive or all(said.words[index].possessive for index in places)
    return bool(mine and mine in theirs) or possessor


def _turned(case: Case) -> bool:
    """Whether a verb of the statement has another voice in the span, or is a noun there."""
    for predicate in case.statement.predicates:
        target = case.alignment.pairs.get(predicate.at)
        if target is None:
            continue
        other = counterpart(case.said, target)
        if other is None or other.passive != predicate.passive:
            return True
    return False


def direction(case: Case) -> Iterator[Fault]:
    """From, to, by, before, after, over, under, than: the same word stands over the same thing."""
    statement, said, pairs = case.statement, case.said, case.alignment.pairs
    for at, target in sorted(pairs.items()):
        word = statement.words[at]
        if word.part not in ("noun", "number") or target >= len(said.words):
            continue
        mine = statement.governors[at]
        theirs = {said.governors[index] for index in said.positions(said.words[target].low)}
        if mine == "by" and word.part == "number" and _of_change(said, target):
            continue  # "raise pay by 6%" for "a 6% pay rise"
        for group in _DIRECTIONS:
            if {mine, *theirs} == {"with", "for"} and said.lows & _EXCHANGES and statement.lows & _EXCHANGES:
                continue  # replace A with B, swap A for B
            if mine in group and theirs and mine not in theirs and theirs <= group:
                yield contradicted(f"the span says {sorted(theirs)[0]} {word.text}, the sentence {mine} {word.text}")
                return
        came = mine == "to" and any(moves(case, item.lemma) for item in statement.predicates)
        if (
            word.part == "number"
            and mine in ("to", "from")
            and theirs == {""}
            and not (came or _reaching(said, target))
        ):
            yield contradicted(f"the span does not say {mine} {word.text}")
            return
        if mine == "than" and "than" not in theirs and "than" in said.lows:
            yield contradicted(f"the span compares the other way round: {word.text} does not follow 'than'")
            return
        if mine != "than" and theirs == {"than"} and "than" in statement.lows and word.part == "noun" and word.capital:
            yield contradicted(f"the span compares the other way round: {word.text} follows 'than'")
            return


def _of_change(reading: Reading, at: int) -> bool:
    """Whether a number stands right before what rises or falls by it: "a 6% pay rise"."""
    ahead = reading.words[at + 1 : at + 5]
    stop = next((index for index, word in enumerate(ahead) if word.part in ("preposition", "verb", "auxiliary")), 4)
    return any(word.part == "noun" and lemma(word.low) in RISING | FALLING for word in ahead[:stop])


_EXCHANGES = frozenset("replace replaces replaced replacing swap swaps swapped swapping exchange exchanged".split())
_REACHING = frozenset("reach hit top be total stand exceed pass average".split())


def _reaching(reading: Reading, at: int) -> bool:
    """Whether the verb before a number says that it is what was come to, or no verb of change leads to it."""
    verb = next((item for item in reversed(reading.predicates) if item.at < at), None)
    return verb is None or verb.lemma in _REACHING or at - verb.at > 3


_MARKERS = (  # what a date marks: the beginning, the end, a limit, the time before, the time after
    frozenset({"since", "from"}),
    frozenset({"until", "till", "to", "through"}),
    frozenset({"by"}),
    frozenset({"before"}),
    frozenset({"after", "following"}),
)
_PLAIN_TIME = frozenset({"", "on", "in", "at", "during", "over", "of", "for", "within"})


def timing(case: Case) -> Iterator[Fault]:
    """A date keeps what it marks: since Sunday is not on Sunday; and a date of telling dates nothing else."""
    statement, said = case.statement, case.said
    anchor = case.span.published
    theirs = [(item, _marker(said, item.span.start)) for item in calendar(said.text, anchor)]
    for mention in calendar(statement.text, anchor):
        mine = _marker(statement, mention.span.start)
        alike = [
            (item, marker)
            for item, marker in theirs
            if item.text.lower() == mention.text.lower() or dates.compatible(mention, item)
        ]
        if alike and all(_differ(mine, marker) for _, marker in alike):
            yield contradicted(f"the span says {alike[0][1] or 'on'} {alike[0][0].text}, the sentence {mine or 'on'}")
            return
        core, trailing = len(case.span_framed.core), len(case.framed.core)
        told = bool(case.span_framed.extras) and said.text == case.span_framed.text
        if (
            alike
            and told
            and not _drawn_on(case, core)
            and mention.span.start < trailing
            and all(item.span.start >= core for item, _ in alike)
        ):
            yield unsupported(f"in the span {mention.text} is when it was told, not when it was so")
            return


def _drawn_on(case: Case, core: int) -> bool:
    """Whether the statement's verbs stand in what trails the span's frame, with their own dates."""
    verbs = [case.alignment.pairs[item.at] for item in case.statement.predicates if item.at in case.alignment.pairs]
    return bool(verbs) and all(case.said.words[verb].start >= core for verb in verbs)


def _marker(reading: Reading, start: int) -> str:
    """The preposition right over a date, adverbs and "late", "early", "last" between."""
    at = next((index for index, word in enumerate(reading.words) if word.start >= start), len(reading.words))
    for word in reversed(reading.words[max(0, at - 3) : at]):
        if word.part == "preposition":
            return word.low
        if word.part not in ("determiner", "adverb") and word.low not in ("late", "early", "last", "next", "mid", "-"):
            return ""
    return ""


def _differ(mine: str, theirs: str) -> bool:
    if mine == theirs or (mine in _PLAIN_TIME and theirs in _PLAIN_TIME):
        return False
    if any(mine in group and theirs in group for group in _MARKERS):
        return False
    known = {word for group in _MARKERS for word in group} | _PLAIN_TIME
    return mine in known and theirs in known


def strayed(case: Case) -> Iterator[Fault]:
    """A name stays in its statement: of two plants, each keeps what it made."""
    statement, said, pairs = case.statement, case.said, case.alignment.pairs
    for predicate in statement.predicates:
        target = pairs.get(predicate.at)
        other = counterpart(said, target) if target is not None else None
        if other is None or predicate.finite != "finite" or statement.words[predicate.at].part != "verb":
            continue
        for at, word in enumerate(statement.words):
            if at not in pairs or not word.capital or word.part != "noun" or not at:
                continue
            if statement.clauses[at] != predicate.clause or not statement.governors[at]:
                continue
            places = case.said.positions(said.words[pairs[at]].low)
            rivals = _rivals(said, other.clause, statement.governors[at], set(pairs.values()))
            if rivals and all(said.clauses[place] != other.clause for place in places):
                yield contradicted(
                    f"in the span {said.words[other.at].text!r} goes with {said.words[rivals[0]].text}, not {word.text}"
                )
                return


def _rivals(reading: Reading, clause: int, governor: str, kept: set[int]) -> list[int]:
    """Names of a clause that stand under a preposition and that the sentence leaves out."""
    return [
        at
        for at, word in enumerate(reading.words)
        if reading.clauses[at] == clause
        and word.capital
        and word.part == "noun"
        and reading.governors[at] == governor
        and at not in kept
    ]
