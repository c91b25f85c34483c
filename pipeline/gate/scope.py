"""Rules on scope: what narrows or weakens a thing in the span is kept, and one of several is not the only one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from pipeline.gate import lexicon as lex
from pipeline.gate.alignment import figure_words
from pipeline.gate.case import Case, Fault, unsupported
from pipeline.gate.reading import Reading
from pipeline.language.words import stem

_LIMITERS = lex.LIMITERS
_PLURALS = frozenset("people patients adults children women men those workers voters users customers students".split())
_NO_SUPERLATIVES = frozenset(
    "interest forest request protest harvest contest arrest invest suggest honest modest conquest bequest manifest"
    " digest southwest northwest midwest tempest behest inquest unrest everest".split()
)
_MEASURES = frozenset(stem(word) for word in lex.MEASURES)


def limits(case: Case) -> Iterator[Fault]:
    """Words that narrow or weaken what they stand before are kept: "some", "nearly", "alleged", "former"."""
    said, kept = case.said, set(case.alignment.pairs.values())
    for at, word in enumerate(said.words):
        if word.low not in _LIMITERS or at in kept:
            continue
        if _group_kept(case, at) or _less_said(case, at):
            continue
        following = _modified(said, at)
        if following is not None and following in kept:
            yield unsupported(
                f"the span says {word.text} {said.words[following].text}; the sentence drops {word.text!r}"
            )
            return


def _less_said(case: Case, at: int) -> bool:
    """Whether dropping a limiter says no more: "expected" where the sentence says "could"."""
    return case.said.words[at].low in ("expected", "likely", "estimated") and bool(case.statement.lows & _MERELY)


_MERELY = frozenset("could may might".split())


def particle(case: Case) -> Iterator[Fault]:
    """A stranded particle that completes a verb is kept: "declared the outbreak over" declares no outbreak."""
    words, kept = case.said.words, set(case.alignment.pairs.values())
    for at, word in enumerate(words[:-1]):
        if word.low not in ("over", "off", "void") or word.low in case.statement.lows or at == 0:
            continue
        stranded = words[at - 1].part == "noun" and words[at + 1].part in ("preposition", "mark", "conjunction")
        verb = next((item.at for item in reversed(case.said.predicates) if item.at < at), None)
        if stranded and at - 1 in kept and verb in kept:
            yield unsupported(f"the span says {words[at - 1].text} {word.text}; the sentence drops {word.text!r}")
            return


def _modified(reading: Reading, at: int) -> int | None:
    """The content word that a limiter at `at` stands before: next noun, verb or number but one."""
    for index in range(at + 1, min(at + 4, len(reading.words))):
        word = reading.words[index]
        if word.part == "mark" and word.low not in ("$", "%", "-", "€", "£"):
            return None
        if (
            word.part in ("noun", "verb", "number", "adverb") or word.low in ("all", "every", "none", "no")
        ) and word.low not in _LIMITERS:
            return index
    return None


def _group_kept(case: Case, at: int) -> bool:
    """Whether the sentence has a word of the limiter's group that does not stand for another word of the span."""
    low = case.said.words[at].low
    groups = [group for group in lex.SENSITIVE_GROUPS if low in group]
    for index, word in enumerate(case.statement.words):
        if stem(word.low) != stem(low) and not any(word.low in group for group in groups):
            continue
        target = case.alignment.pairs.get(index)
        if target in (None, at) or case.said.words[target].low != word.low:
            return True
    return False


def condition(case: Case) -> Iterator[Fault]:
    """ "If", "unless", "except", "subject to" are kept."""
    for word in ("if", "unless", "except", "excluding", "provided", "pending"):
        if word not in case.said.lows or word in case.statement.lows:
            continue
        if word in _CONDITIONS and case.statement.lows & _CONDITIONS:
            continue
        at = case.said.positions(word)[0]
        if case.said.words[at].part == "verb":
            continue
        if word in ("except", "excluding") or _near_main(case, at):
            yield unsupported(f"the span sets a condition ({word}) that the sentence leaves out")
            return


_CONDITIONS = frozenset("if provided assuming conditional".split())


def _near_main(case: Case, at: int) -> bool:
    """Whether the condition is on a verb that the sentence takes over: before it, or after it where it opens."""
    kept = set(case.alignment.pairs.values())
    verbs = [item.at for item in case.said.predicates if item.finite != "participle"]
    before = [verb for verb in verbs if verb < at]
    if before:
        clause = case.said.clauses[before[-1]]
        return any(verb in kept for verb in before if case.said.clauses[verb] == clause)
    return any(verb in kept for verb in verbs) or not verbs


def plural(case: Case) -> Iterator[Fault]:
    """One is not many: "a customer" in the span is no "customers" in the sentence."""
    for at, target in case.alignment.pairs.items():
        mine, theirs = case.statement.words[at], case.said.words[target]
        if (
            mine.part != "noun"
            or mine.possessive
            or theirs.possessive
            or stem(mine.low) != stem(theirs.low)
            or mine.low.endswith("s") == theirs.low.endswith("s")
        ):
            continue
        if theirs.low.endswith("s"):
            if _one_of(case, at, target):
                yield unsupported(f"the span says one of several {theirs.text}, the sentence the {mine.text}")
                return
            continue
        lead = [word.low for word in case.said.words[max(0, target - 2) : target]]
        if {"a", "an", "one"} & set(lead):
            yield unsupported(f"the span says {theirs.text} (one), the sentence {mine.text}")
            return


def _kind_of(case: Case, head: int) -> bool:
    """Whether a bare plural of the span is narrowed ("people with asthma") and the sentence drops all of that."""
    said, kept = case.said, set(case.alignment.pairs.values())
    if head + 2 >= len(said.words) or said.words[head + 1].low not in ("with", "without", "aged", "who", "under"):
        return False
    phrase = []
    for index in range(head + 2, len(said.words)):
        if said.words[index].part not in ("noun", "number", "determiner"):
            break
        phrase += [index] if said.words[index].part != "determiner" else []
    bare = head > 0 and said.words[head - 1].part in ("preposition", "conjunction", "verb")
    return bare and bool(phrase) and not set(phrase) & kept


def _one_of(case: Case, at: int, target: int) -> bool:
    """Whether "one of the last strongholds" in the span has become "the last stronghold"."""
    lead = [word.low for word in case.said.words[max(0, target - 8) : target]]
    pairs = list(itertools.pairwise(lead))
    mine = {word.low for word in case.statement.words[max(0, at - 8) : at]}
    return ("one", "of") in pairs and not mine & {"one", "a", "an"}


def generic(case: Case) -> Iterator[Fault]:
    """What the span says of some of a kind ("bees exposed to it", "people who smoke") is not said of the kind."""
    said, kept = case.said, set(case.alignment.pairs.values())
    for at in sorted(kept):
        if said.words[at].low in _PLURALS and _kind_of(case, at):
            yield unsupported(f"the span says this only of {said.words[at].text} {said.words[at + 1].text} ...")
            return
    for item in said.predicates:
        before = item.first - 1
        marker = said.words[before].part == "relative" if before >= 0 else False
        head = before - 1 if marker else before
        if head < 0 or not (marker or (item.finite == "participle" and item.passive)):
            continue
        noun = said.words[head]
        if (
            head not in kept
            or noun.capital
            or noun.part != "noun"
            or (not noun.low.endswith("s") and noun.low not in ("people", "men", "women", "children"))
        ):
            continue
        start = head
        while start and said.words[start - 1].part == "noun":
            start -= 1
        definite = start and said.words[start - 1].part in ("determiner", "preposition", "number", "verb")
        if (
            not definite
            and item.at not in kept
            and any(head in other.subject for other in said.predicates if other.at in kept)
        ):
            yield unsupported(f"the span says this only of {noun.text} {said.words[item.at].text} ...")
            return


def measured(case: Case) -> Iterator[Fault]:
    """What is measured is measured of all that the span names: sales of electric vans are not sales of vans."""
    said, kept = case.said, set(case.alignment.pairs.values())
    for at, word in enumerate(said.words[:-2]):
        if at not in kept or stem(word.low) not in _MEASURES or said.words[at + 1].low not in ("of", "for"):
            continue
        phrase: list[int] = []
        for index in range(at + 2, len(said.words)):
            if said.words[index].low == "-" or (said.words[index].part == "determiner" and not phrase):
                continue
            if said.words[index].part not in ("noun", "number"):
                break
            phrase.append(index)
        numbers = figure_words(said)
        lost = next((index for index in phrase if index not in kept and index not in numbers), None)
        if len(phrase) > 1 and phrase[-1] in kept and lost is not None:
            yield unsupported(
                f"the span measures {said.words[lost].text} {said.words[phrase[-1]].text};"
                f" the sentence drops {said.words[lost].text!r}"
            )
            return


def extent(case: Case) -> Iterator[Fault]:
    """A superlative or a "first" keeps the field it holds in: "the largest in the county" is not "the largest"."""
    said, kept = case.said, set(case.alignment.pairs.values())
    for at in sorted(kept):
        word = said.words[at]
        if not (
            word.low in ("first", "only", "record", "oldest", "youngest")
            or _superlative(word.low)
            or word.low in ("most", "best", "worst")
        ):
            continue
        lost = _kind_lost(said, at, kept) if _superlative(word.low) or word.low == "first" else None
        if lost is not None:
            yield unsupported(f"the span says {word.text} {said.words[lost].text}; the sentence drops the latter")
            return
        if _among(said, at) and not case.statement.lows & {"one", "among", "some", "several", "ranks", "two", "three"}:
            yield unsupported(f"the span says one of the {word.text} ..., the sentence the only one")
            return
        if _among(said, at) and _ones(said) > 1 and _ones(case.statement) < _ones(said) and _singled(case, at):
            yield unsupported(f"the span says one of the {word.text} ..., the sentence the only one")
            return
        for index in range(at + 1, min(at + 7, len(said.words))):
            if said.words[index].part in ("verb", "auxiliary", "mark"):
                break
            if said.words[index].low in ("in", "of", "among", "since", "outside") and not _field_kept(
                said, index, kept
            ):
                yield unsupported(
                    f"the span limits {word.text!r} ({said.words[index].text} ...); the sentence does not"
                )
                return


def _ones(reading: Reading) -> int:
    """How often a text says "one of"."""
    return list(itertools.pairwise(word.low for word in reading.words)).count(("one", "of"))


def _singled(case: Case, target: int) -> bool:
    """Whether a superlative of the span stands in the sentence without "one of"."""
    mine = [at for at, other in case.alignment.pairs.items() if other == target]
    return any(not _among(case.statement, at) for at in mine)


def _among(reading: Reading, at: int) -> bool:
    """Whether "one of the" or "among the" stands before a superlative."""
    lead = [word.low for word in reading.words[max(0, at - 6) : at]]
    while lead and lead[-1] in ("the", "its", "their", "his", "her", "our"):
        lead.pop()
    return lead[-2:] == ["one", "of"] or lead[-1:] == ["among"]


_QUANTIFIERS = frozenset("all every each no only any".split())


def whole(case: Case) -> Iterator[Fault]:
    """ "All new homes" are not all homes: what a quantifier is said of keeps what narrows it."""
    said, kept = case.said, set(case.alignment.pairs.values())
    for at in sorted(kept):
        if said.words[at].low not in _QUANTIFIERS:
            continue
        phrase = []
        for index in range(at + 1, len(said.words)):
            if said.words[index].part != "noun" and said.words[index].low not in ("the", "its", "their", "-"):
                break
            phrase += [index] if said.words[index].part == "noun" else []
        lost = next((index for index in phrase[:-1] if index not in kept), None)
        if phrase and phrase[-1] in kept and lost is not None:
            yield unsupported(
                f"the span says {said.words[at].text} {said.words[lost].text} ...; the sentence drops that"
            )
            return


def _superlative(low: str) -> bool:
    return low.endswith("est") and len(low) > 5 and low not in _NO_SUPERLATIVES


def _kind_lost(reading: Reading, at: int, kept: set[int]) -> int | None:
    """A word between a superlative and its noun that the sentence drops: the lowest February extent."""
    phrase: list[int] = []
    for index in range(at + 1, len(reading.words)):
        if reading.words[index].part != "noun" or (phrase and reading.words[phrase[-1]].possessive):
            break
        phrase.append(index)
    if len(phrase) < 2 or phrase[-1] not in kept:
        return None
    return next((index for index in phrase[:-1] if index not in kept), None)


def _field_kept(reading: Reading, at: int, kept: set[int]) -> bool:
    field = []
    for index in range(at + 1, min(at + 6, len(reading.words))):
        if (
            reading.words[index].part in ("verb", "auxiliary", "mark", "preposition")
            and reading.words[index].low != "-"
        ):
            break
        if reading.words[index].part in ("noun", "number"):
            field.append(index)
    return not field or any(index in kept for index in field)
