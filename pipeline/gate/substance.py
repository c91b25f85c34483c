"""Rules on names, quotations and content: what the sentence says must be in the span, and nothing beside it."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.gate.aliases import initials, same_name
from pipeline.gate.alignment import calendar, figure_words, needed
from pipeline.gate.case import Case, Fault, contradicted, unsupported
from pipeline.gate.frames import speaker_words
from pipeline.gate.paraphrase import said_anyway
from pipeline.gate.quoting import quotations, quotes_it
from pipeline.gate.reading import Reading, fold, titled
from pipeline.gate.synonyms import lemma, opposite
from pipeline.language import quotes


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
            if at in case.alignment.missing and not _acronym(case, at) and not spoken(case, statement.words[at].low)
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


def _acronym(case: Case, at: int) -> bool:
    """Whether a word is the initials of a name in the span, or one of a name whose initials the span has."""
    words, said = case.statement.words, case.said.words
    low = words[at].low
    if initials([word.low for word in said if word.capital or word.low in ("of", "the")], low):
        return True
    if not words[at].capital:
        return False
    first, last = at, at
    while first and (words[first - 1].capital or words[first - 1].low in ("of", "and", "for")):
        first -= 1
    while last + 1 < len(words) and (words[last + 1].capital or words[last + 1].low in ("of", "and", "for")):
        last += 1
    name = [word.low for word in words[first : last + 1]]
    shorts = [word for word in said if word.text.isupper() and len(word.text) > 1]
    return any(initials(name, short.low) for short in shorts)


def quote(case: Case) -> Iterator[Fault]:
    """What stands in quotation marks stands in the span letter for letter (curly marks and a first capital folded)."""
    for part in quotations(case.sentence):
        if not quotes_it(part, case.span):
            yield unsupported(f"the quotation {part[:60]!r} is not in the span letter for letter")
            return


def content(case: Case) -> Iterator[Fault]:
    """Every word that says something has its counterpart in this one span."""
    statement = case.statement
    dated, numbers = _dated(statement), figure_words(statement)
    for at in case.alignment.missing:
        word = statement.words[at]
        if word.low == "rate" and at - 1 in case.alignment.pairs and "%" in case.statement.lows & case.said.lows:
            continue  # the unemployment rate is unemployment in per cent
        if said_anyway(case, at):
            continue
        compared = word.low in ("more", "less", "fewer", "earlier", "later")
        if (at in dated and not compared) or at in numbers or _acronym(case, at) or spoken(case, word.low):
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


def _turned(case: Case, at: int) -> Iterator[Fault]:
    """A word that stands for another one of the span only by likeness, while its opposite there is left out."""
    kept = set(case.alignment.pairs.values())
    for index, word in enumerate(case.said.words):
        if index not in kept and opposite(case.statement.words[at].low, word.low):
            yield contradicted(f"the span says {word.text!r}, the sentence {case.word(at)!r}")
            return


def opposed(case: Case) -> Iterator[Fault]:
    """No word stands for its opposite, whatever else matches."""
    for at, target in case.alignment.pairs.items():
        if opposite(case.statement.words[at].low, case.said.words[target].low):
            yield contradicted(f"the span says {case.said.words[target].text!r}, the sentence {case.word(at)!r}")
            return
        low = case.statement.words[at].low
        again = len(case.statement.positions(low)) > len(case.said.positions(low)) > 0
        if lemma(low) != lemma(case.said.words[target].low) or (again and case.statement.words[at].part == "noun"):
            yield from _turned(case, at)
