"""Rules on what belongs to what: a verb and its object, a thing and whose or of what it is, a clause and its words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.gate.alignment import figure_words, needed
from pipeline.gate.case import Case, Fault, contradicted, unsupported
from pipeline.gate.doers import counterpart, object_of
from pipeline.gate.reading import Predicate, Reading, titled
from pipeline.gate.synonyms import same
from pipeline.gate.verbs import FORMS
from pipeline.language import dates

_STOPS = ("verb", "auxiliary", "mark", "relative", "conjunction", "preposition")
_ORDINALS = frozenset("first second third fourth fifth sixth seventh eighth ninth tenth other another".split())


_JOINTS = frozenset({"and", "but", "while", "whereas", ";", "-", "--"})


def direct(case: Case) -> Iterator[Fault]:
    """What a verb acts upon in the sentence is what it acts upon in the span, whatever else stands behind it."""
    statement, said, pairs = case.statement, case.said, case.alignment.pairs
    for predicate in statement.predicates:
        target = pairs.get(predicate.at)
        other = counterpart(said, target) if target is not None else None
        if other is None or statement.words[predicate.at].part != "verb" or predicate.passive or other.passive:
            continue
        mine, theirs = _phrase(statement, object_of(statement, predicate)), object_of(said, other)
        if (
            not mine
            or not theirs
            or mine[-1] not in pairs
            or predicate.lemma != other.lemma
            or _counts(statement, mine)
        ):
            continue
        if not _places(case, mine[-1]) & {*theirs, *other.subject} and not _counts(said, theirs):
            yield contradicted(
                f"in the span {said.words[other.at].text!r} is done to {said.words[theirs[-1]].text},"
                f" in the sentence to {case.word(mine[-1])}"
            )
            return


def _phrase(reading: Reading, indices: list[int]) -> list[int]:
    """The first of several noun phrases: words that follow each other without gap."""
    found: list[int] = []
    for at in indices:
        if found and any(reading.words[index].part in _STOPS for index in range(found[-1] + 1, at)):
            break
        found.append(at)
    return [at for at in found if needed(reading, at)]


def _counts(reading: Reading, indices: list[int]) -> bool:
    """Whether a phrase is an amount only, or a count of what follows ("hundreds of ...")."""
    numbers = figure_words(reading)
    return all(at in numbers or not needed(reading, at) for at in indices) or (
        reading.words[min(indices[-1] + 1, len(reading.words) - 1)].low == "of"
    )


def _places(case: Case, at: int) -> set[int]:
    """Every place of the span where the counterpart of a sentence word stands."""
    return set(case.said.positions(case.said.words[case.alignment.pairs[at]].low))


def belonging(case: Case) -> Iterator[Fault]:
    """Of what, or whose, a thing is: "the risk of bleeding" is not the risk of stroke, A's director not B's."""
    statement, said, pairs = case.statement, case.said, case.alignment.pairs
    if case.alignment.verbatim:
        return
    amounts = figure_words(statement)
    for head, owner in _owned(statement):
        if head not in pairs or owner not in pairs or owner in amounts:
            continue
        if _owns_there(case, head, owner):
            continue
        if statement.words[owner].capital and not _pronoun_owner(case, head, owner):
            yield unsupported(f"whose {case.word(head)} it is, the span does not say so that it is sure")
            return
        if _other_name(case, head, owner):
            yield unsupported(f"the span does not say that {case.word(head + 1)} is of {case.word(owner)}")
            return
        if _given_away(case, head, owner) or (_of_self(statement, head, owner) and not _of_self_there(case)):
            yield contradicted(f"in the span {case.word(head)} is not that of {case.word(owner)}, but another's")
            return
        theirs = [(one, other) for one, other in _owned(said) if one in _places(case, head)]
        others = {other for _, other in theirs}
        if others and not any(_places(case, owner) & _chain(said, other) for other in others):
            if _beside(case, head, owner):
                continue
            other = min(others)
            yield contradicted(
                f"in the span {case.word(head)} is that of {said.words[other].text},"
                f" in the sentence that of {case.word(owner)}"
            )
            return


def _of_self(reading: Reading, head: int, owner: int) -> bool:
    """Whether a thing of a name is that very name again: "Ann Lee's lawyer, Ann Lee"."""
    name = [reading.words[at].low for at in reversed(_run(reading, owner))]
    after = [word.low for word in reading.words[head + 1 : head + 2 + len(name)]]
    return after[:1] == [","] and after[1:] == name


def _of_self_there(case: Case) -> bool:
    return any(_of_self(case.said, head, owner) for head, owner in _owned(case.said))


def _owns_there(case: Case, head: int, owner: int) -> bool:
    """Whether the span has the same possessor right before the same thing: "its Parkinson's drug"."""
    said = case.said
    return case.statement.words[owner].possessive and any(
        said.words[one].possessive and 0 < two - one <= head - owner and _run_of_nouns(said, one, two)
        for one in _places(case, owner)
        for two in _places(case, head)
    )


def _run_of_nouns(reading: Reading, one: int, two: int) -> bool:
    return all(word.part in ("noun", "number", "adverb") for word in reading.words[one : two + 1])


def _given_away(case: Case, head: int, owner: int) -> bool:
    """Whether "A's move" is, in the span, the move of one or several others by name, and A's nowhere."""
    if not case.statement.words[owner].possessive:
        return False
    said, places = case.said, _places(case, head)
    owners = [other for one, other in _owned(said) if one in places and said.words[other].possessive]
    if not owners or not any(said.words[other].capital for other in owners):
        return False
    lows = {said.words[at].low for other in owners for at in _run(said, other)}
    lead = {said.words[max(0, other - 2)].low for other in owners if said.words[other - 1].low in ("and", "&")}
    return said.words[case.alignment.pairs[owner]].low not in lows | lead


def _run(reading: Reading, at: int) -> list[int]:
    """The words of the name, or of the plain phrase, that ends at `at`; "of" joins two parts of a name."""
    found = [at]
    while at and (
        (reading.words[at - 1].part == "noun" and reading.words[at - 1].capital == reading.words[found[0]].capital)
        or (reading.words[at - 1].low in ("of", "the") and reading.words[at].capital and at > 1)
    ):
        at -= 1
        found.append(at)
    return found


def _other_name(case: Case, head: int, owner: int) -> bool:
    """Whether "A's chair Ann Lee" names one who, in the span, stands with no verb-free stretch between her and A."""
    words, name = case.statement.words, head + 1
    if name >= len(words) or not words[owner].possessive or not words[name].capital or name not in case.alignment.pairs:
        return False
    for one in _places(case, owner):
        for other in _places(case, name):
            low, high = sorted((one, other))
            if not any(case.said.words[at].part in ("verb", "auxiliary") for at in range(low + 1, high)):
                return False
    return True


def _pronoun_owner(case: Case, head: int, owner: int) -> bool:
    """Whether "his lawyer" in the span can only be the lawyer of whom the sentence names: the one name before it."""
    said = case.said
    for place in _places(case, head):
        start = place
        while start and said.words[start - 1].part in ("noun", "number"):
            start -= 1
        if not start or said.words[start - 1].low not in ("his", "her", "their", "its"):
            return True
        named = [
            at
            for at in range(start - 1)
            if said.words[at].capital and said.words[at].part == "noun" and said.governors[at] in ("", "by", "against")
        ]
        last = [at for at in named if at + 1 not in named and said.words[at + 1].part != "noun"]
        if len(last) == 1 and last[0] in _places(case, owner):
            return True
        if start > 1 and said.words[start - 2].low == "," and _main_subject(said) & _places(case, owner):
            return True  # "A agreed to buy B, its largest acquisition": what trails a clause is of its subject
    return False


def _main_subject(reading: Reading) -> set[int]:
    """The names that the first finite verb has for its subject."""
    first = next((item for item in reading.predicates if item.finite == "finite"), None)
    return {at for at in first.subject if reading.words[at].capital} if first else set()


def _owned(reading: Reading) -> Iterator[tuple[int, int]]:
    """(thing, whose or of what): heads of "A of B" and of "B's A"."""
    words = reading.words
    for at, word in enumerate(words):
        if word.low == "of" and at and words[at - 1].part == "noun":
            head = _head(reading, at + 1)
            if head is not None:
                yield at - 1, head
        elif word.possessive and word.part == "noun":
            head = _head(reading, at + 1)
            if head is not None:
                yield head, at


def _head(reading: Reading, start: int) -> int | None:
    """The last noun of the phrase that begins at `start`; a name after a plain noun is an apposition, not the head."""
    head: int | None = None
    for at in range(start, len(reading.words)):
        word = reading.words[at]
        if word.part in _STOPS and word.low not in ("-", "$", "%", "€", "£", '"'):
            break
        if word.part == "noun":
            if head is not None and word.capital and not reading.words[head].capital:
                break
            head = at
            if word.possessive:
                break
    return head


def _chain(reading: Reading, at: int, apart: frozenset[str] = frozenset()) -> set[int]:
    """Words of the phrase around `at`, and of those hung on it by "of", "in", "for" and the like, or by "and", up to a
    word of `apart`."""
    found = {at}
    index = at - 1
    while index >= 0 and reading.words[index].part in ("noun", "number", "determiner", "adverb"):
        found.add(index)
        index -= 1
    index = at + 1
    while (
        index < len(reading.words)
        and reading.words[index].low not in apart
        and (
            reading.words[index].part in ("noun", "number", "determiner", "preposition", "adverb")
            or reading.words[index].low in ("and", "or", ",", "-", "&", "$", "%", "€", "£")
        )
    ):
        found.add(index)
        index += 1
    return found


def _beside(case: Case, head: int, owner: int) -> bool:
    """Whether the two stand in one phrase of the span in another form ("the stroke risk", "X, director of Y")."""
    for one in _places(case, head):
        for other in _places(case, owner):
            low, high = sorted((one, other))
            if all(case.said.words[at].part not in _STOPS for at in range(low + 1, high)):
                return True
    return False


def compound(case: Case) -> Iterator[Fault]:
    """Two nouns that stand together stand in one phrase of the span: a budget and defence make no defence budget."""
    statement, said, pairs = case.statement, case.said, case.alignment.pairs
    if case.alignment.verbatim or titled(statement) or titled(said):
        return
    yield from _lengths(case)
    for at in range(len(statement.words) - 1):
        first, second = statement.words[at], statement.words[at + 1]
        if first.part != "noun" or second.part != "noun" or at not in pairs or at + 1 not in pairs:
            continue
        elided = (
            first.low in _ORDINALS
            or second.low in _RESULTS
            or _does(case, at + 1)
            or (first.low.endswith("s") and "base" in FORMS.get(second.low, {}))
        )
        if (
            elided
            or dates.is_calendar(first.low)
            or first.possessive
            or second.capital
            or at in figure_words(statement)
            or not needed(statement, at)
        ):
            continue
        near = any(_adjoin(said, one, other) for one in _likes(case, at) for other in _likes(case, at + 1))
        if not near and not _chained(case, at, at + 1) and not _chained(case, at + 1, at):
            yield unsupported(f"the span does not put {first.text} and {second.text} together")
            return


_RESULTS = frozenset("alive dead safe alone guilty unharmed unhurt injured missing available unchanged first".split())


def _does(case: Case, at: int) -> bool:
    """Whether a gerund after a noun is a verb of the span: "a bill legalising it" of one that would legalise it."""
    low = case.statement.words[at].low
    return "ing" in FORMS.get(low, {}) and case.said.words[case.alignment.pairs[at]].part == "verb"


def _likes(case: Case, at: int) -> set[int]:
    """Every place of the span where the counterpart of a sentence word stands; for "company" and the like, also where
    another word for it does."""
    low = case.statement.words[at].low
    if low not in _HOUSES:
        return _places(case, at)
    return _places(case, at) | {index for index, word in enumerate(case.said.words) if same(low, word.low)}


def _chained(case: Case, one: int, other: int) -> bool:
    """Whether the second word stands in the phrase around the first, with what hangs on it."""
    return any(_places(case, other) & _chain(case.said, place, _APART) for place in _places(case, one))


_LENGTHS = re.compile(r"\b(?:hour|day|week|month|year|decade|mile|kilometre|metre|minute)s?-(?:long|old)\b", re.I)


def _lengths(case: Case) -> Iterator[Fault]:
    """ "Month-long" is not "year-long", whatever else is counted in years."""
    held = {found.lower() for found in _LENGTHS.findall(case.said.text)}
    for found in _LENGTHS.findall(case.statement.text):
        if found.lower() not in held and not re.search(rf"\d[- ]{found}", case.statement.text):
            yield contradicted(f"{found} is not in the span")
            return


def headed(case: Case) -> Iterator[Fault]:
    """A thing keeps its head: "palm oil waste" is not palm oil, a bus driver no bus."""
    statement, said, pairs = case.statement, case.said, case.alignment.pairs
    if case.alignment.verbatim or titled(statement) or titled(said):
        return
    kept = set(pairs.values())
    for at, target in sorted(pairs.items()):
        word = statement.words[at]
        last = at + 1 >= len(statement.words) or statement.words[at + 1].part not in ("noun", "number")
        if word.part != "noun" or word.capital or word.possessive or not last or not needed(statement, at):
            continue
        if all(_cut_off(said, place, kept) for place in _places(case, at)):
            yield unsupported(
                f"the span speaks of {said.words[target].text} {said.words[target + 1].text}, the sentence of"
                f" {word.text} alone"
            )
            return


def _cut_off(reading: Reading, at: int, kept: set[int]) -> bool:
    """Whether the noun at `at` only describes the next one, a plain one that is left out."""
    if at + 1 >= len(reading.words) or reading.words[at].possessive or reading.words[at].part != "noun":
        return False
    after = reading.words[at + 1]
    plain = after.part == "noun" and not after.capital and after.low not in _TRAILING
    before = at > 0 and reading.words[at - 1].part in ("noun", "determiner", "preposition", "number", "verb")
    return plain and before and at + 1 not in kept and not reading.words[at].capital


_TRAILING = _RESULTS | frozenset(
    "yesterday today tomorrow last next this early late ago away old long high worth".split()
)
_HOUSES = frozenset("company firm business corporation group organisation organization".split())
_APART = frozenset("with without than against versus instead rather".split())


def _adjoin(reading: Reading, one: int, other: int) -> bool:
    """Whether two words stand side by side, at most one word between that does not set them against each other."""
    low, high = sorted((one, other))
    return high - low < 3 and not any(word.low in _APART for word in reading.words[low + 1 : high])


def mixed(case: Case) -> Iterator[Fault]:
    """What follows a verb in the sentence stands in that verb's clause of the span, not in one joined to it."""
    statement, said, pairs = case.statement, case.said, case.alignment.pairs
    for predicate in statement.predicates:
        target = pairs.get(predicate.at)
        other = counterpart(said, target) if target is not None else None
        if other is None or statement.words[predicate.at].part != "verb" or predicate.finite != "finite":
            continue
        for at in object_of(statement, predicate):
            if at not in pairs or not needed(statement, at) or at in figure_words(statement):
                continue
            places = {said.clauses[place] for place in _places(case, at)}
            if places and all(_joined(case, other, clause) for clause in places):
                yield unsupported(
                    f"{case.word(at)} belongs to another statement of the span than {case.word(predicate.at)!r}"
                )
                return


def _joined(case: Case, verb: Predicate, clause: int) -> bool:
    """Whether a clause is joined to that of a verb by "and", "but" or a semicolon and has a verb of its own that the
    sentence leaves out."""
    said = case.said
    if clause == verb.clause:
        return False
    opening = said.words[max(said.clauses.index(clause), 0)]
    own = [item for item in said.predicates if item.clause == clause and item.finite == "finite"]
    kept = set(case.alignment.pairs.values())
    return opening.low in _JOINTS and bool(own) and not any(item.at in kept for item in own)
