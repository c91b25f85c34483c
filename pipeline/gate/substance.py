"""Rules on names, quotations and content: what the sentence says must be in the span, and nothing beside it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from pipeline.gate import lexicon as lex
from pipeline.gate.alignment import Alignment, calendar, figure_words, needed, same_name
from pipeline.gate.case import Case, Fault, contradicted, unsupported
from pipeline.gate.frames import speaker_words
from pipeline.gate.reading import Reading, fold, read, titled
from pipeline.gate.synonyms import opposite
from pipeline.language import quotes
from pipeline.language.words import stem

_LIMITERS = lex.LIMITERS
_MEASURES = frozenset(stem(word) for word in lex.MEASURES)


def _dated(reading: Reading) -> frozenset[int]:
    """Words that a date rule judges."""
    mentions = calendar(reading.text)
    return frozenset(
        at
        for at, word in enumerate(reading.words)
        if any(item.span.start <= word.start < item.span.end for item in mentions)
    )


def name(case: Case) -> Iterator[Fault]:
    """Every name of the statement is a name of the span, its words together as they stand there."""
    statement = case.statement
    dated, numbers = _dated(statement), figure_words(statement)
    for run in _runs(statement, dated | frozenset(numbers)):
        lost = [
            at
            for at in run
            if at in case.alignment.missing
            and not _acronym(case, statement.words[at].low)
            and not spoken(case, statement.words[at].low)
        ]
        if lost and (run[0] or len(run) > 1 or statement.words[run[0]].text.isupper()):
            yield unsupported(f"{' '.join(statement.words[at].text for at in run)} is not named in the span")
            return
        targets = [case.alignment.pairs[at] for at in run if at in case.alignment.pairs]
        if len(targets) > 1 and not lost and not _together(case, run):
            yield unsupported(f"the span does not name {' '.join(statement.words[at].text for at in run)} as one")
            return


def _runs(reading: Reading, skip: frozenset[int]) -> list[list[int]]:
    """Stretches of capitalised words, "of" and "the" not counted."""
    runs: list[list[int]] = []
    for at, word in enumerate(reading.words):
        if not word.capital or word.part not in ("noun", "verb") or at in skip:
            continue
        if runs and at == runs[-1][-1] + 1 and not reading.words[at - 1].possessive:
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


def _together(case: Case, run: list[int]) -> bool:
    """Whether the words of a name stand together somewhere in the span, in order, few words between."""
    lows = [case.statement.words[at].low for at in run]
    said = case.said
    for start in range(len(said.words)):
        if not _like(said.words[start].low, lows[0]):
            continue
        at, reached = start, 1
        while reached < len(lows) and at + 1 < len(said.words) and at - start < len(lows) + 3:
            at += 1
            reached += _like(said.words[at].low, lows[reached])
        if reached == len(lows):
            return True
    return titled(case.statement)


def _like(first: str, second: str) -> bool:
    return first == second or same_name(first, second)


def _acronym(case: Case, low: str) -> bool:
    """Whether a word is the initials of a name in the span, or spells out its initials."""
    names = [word for word in case.said.words if word.capital]
    for start in range(len(names)):
        initials = ""
        for word in names[start : start + 6]:
            initials += word.low[0]
            if initials == low and len(low) > 1:
                return True
    return False


def quote(case: Case) -> Iterator[Fault]:
    """What stands in quotation marks stands in the span letter for letter (curly marks and a first capital folded)."""
    folded = fold(case.sentence)
    source = _spaced(fold(case.span.quote))
    for inner in quotes.find(folded):
        text = _spaced(folded[inner.start : inner.end]).strip(" ,.;:!?")
        if case.span.title and text.casefold() == _spaced(fold(case.span.title)).strip(" ,.;:!?").casefold():
            continue  # names the source by its title
        parts = [part.strip(" ,.;:!?") for part in text.replace("...", "…").split("…")]
        for part in parts:
            if (
                part
                and part not in source
                and part[0].lower() + part[1:] not in source
                and part[0].upper() + part[1:] not in source
            ):
                yield unsupported(f"the quotation {part[:60]!r} is not in the span letter for letter")
                return


def _spaced(text: str) -> str:
    return " ".join(text.replace('"', "'").split())


def content(case: Case) -> Iterator[Fault]:
    """Every word that says something has its counterpart in this one span."""
    statement = case.statement
    dated, numbers = _dated(statement), figure_words(statement)
    for at in case.alignment.missing:
        word = statement.words[at]
        if word.low == "rate" and at - 1 in case.alignment.pairs and "%" in case.statement.lows & case.said.lows:
            continue  # the unemployment rate is unemployment in per cent
        if at in dated or at in numbers or _acronym(case, word.low) or spoken(case, word.low):
            continue
        against = next((other for other in case.said.words if opposite(word.low, other.low)), None)
        if against is not None:
            yield contradicted(f"the span says {against.text!r}, the sentence {word.text!r}")
        else:
            yield unsupported(f"{word.text!r} has no counterpart in the span")


def spoken(case: Case, low: str) -> bool:
    """Whether a word of the statement is a word of the span's own speaker ("we" turned into the speaker's firm)."""
    if not (case.said.lows & {"we", "our", "i", "my", "us"}):
        return False
    return any(low in speaker_words(f"{frame.who} {frame.aside}") for frame in case.span_framed.frames)


def unquoted(case: Case) -> Iterator[Fault]:
    """Words that the span quotes from somebody are not taken over as plain fact."""
    if case.framed.frames or quotes.find(fold(case.sentence)):
        return
    folded = fold(case.said.text)
    for inner in quotes.find(folded):
        inside = {
            at
            for at, word in enumerate(case.said.words)
            if inner.start <= word.start < inner.end and word.part in ("noun", "verb", "adverb")
        }
        taken = inside & {target for at, target in case.alignment.pairs.items() if needed(case.statement, at)}
        before = {at for at, word in enumerate(case.said.words) if word.part == "verb" and word.start < inner.start}
        if len(taken) >= 2 and not before & set(case.alignment.pairs.values()):
            yield unsupported("the span quotes these words from somebody; the sentence states them as its own")
            return


def singled(case: Case) -> Iterator[Fault]:
    """ "A chess federation" is not the federation that the span names: a name is not widened into its kind."""
    for at, target in case.alignment.pairs.items():
        word, other = case.statement.words[at], case.said.words[target]
        if at and not word.capital and other.capital and target and word.part == "noun" and not titled(case.said):
            lead = [item.low for item in case.statement.words[max(0, at - 2) : at]]
            if lead and ("a" in lead or "an" in lead) and case.said.words[target - 1].capital:
                yield unsupported(f"the span names one in particular ({other.text}), the sentence any")
                return


def opposed(case: Case) -> Iterator[Fault]:
    """No word stands for its opposite, whatever else matches."""
    for at, target in case.alignment.pairs.items():
        if opposite(case.statement.words[at].low, case.said.words[target].low):
            yield contradicted(f"the span says {case.said.words[target].text!r}, the sentence {case.word(at)!r}")
            return


def limits(case: Case) -> Iterator[Fault]:
    """Words that narrow or weaken what they stand before are kept: "some", "nearly", "alleged", "former"."""
    said, kept = case.said, set(case.alignment.pairs.values())
    for at, word in enumerate(said.words):
        if word.low not in _LIMITERS or at in kept:
            continue
        if _group_kept(case, at):
            continue
        following = _modified(said, at)
        if following is not None and following in kept:
            yield unsupported(
                f"the span says {word.text} {said.words[following].text}; the sentence drops {word.text!r}"
            )
            return


def _modified(reading: Reading, at: int) -> int | None:
    """The content word that a limiter at `at` stands before: next noun, verb or number but one."""
    for index in range(at + 1, min(at + 4, len(reading.words))):
        word = reading.words[index]
        if word.part == "mark" and word.low not in ("$", "%", "-", "€", "£"):
            return None
        if (
            word.part in ("noun", "verb", "number") or word.low in ("all", "every", "none", "no")
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
        at = case.said.positions(word)[0]
        if case.said.words[at].part == "verb":
            continue
        if word in ("except", "excluding") or _near_main(case, at):
            yield unsupported(f"the span sets a condition ({word}) that the sentence leaves out")
            return


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


def _one_of(case: Case, at: int, target: int) -> bool:
    """Whether "one of the last strongholds" in the span has become "the last stronghold"."""
    lead = [word.low for word in case.said.words[max(0, target - 8) : target]]
    pairs = list(itertools.pairwise(lead))
    mine = {word.low for word in case.statement.words[max(0, at - 8) : at]}
    return ("one", "of") in pairs and not mine & {"one", "a", "an"}


def generic(case: Case) -> Iterator[Fault]:
    """What the span says of some of a kind ("bees exposed to it", "people who smoke") is not said of the kind."""
    said, kept = case.said, set(case.alignment.pairs.values())
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
            or (word.low.endswith("est") and len(word.low) > 5)
            or word.low in ("most", "best", "worst")
        ):
            continue
        lost = _kind_lost(said, at, kept) if word.low.endswith("est") or word.low == "first" else None
        if lost is not None:
            yield unsupported(f"the span says {word.text} {said.words[lost].text}; the sentence drops the latter")
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


def covered(alignment: Alignment) -> float:
    """Share of the statement's content that the span holds, 0..1."""
    return alignment.covered


def wordless(statement: Reading) -> bool:
    """Whether a statement has nothing that needs support."""
    return not any(needed(statement, at) for at in range(len(statement.words)))


def reading_of(text: str) -> Reading:
    """The reading of a text (kept, so this costs nothing twice)."""
    return read(text)
