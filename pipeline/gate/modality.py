"""Rules on how firmly things are said: hedge, tense, polarity, hearsay."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from pipeline.gate import lexicon as lex
from pipeline.gate.case import Case, Fault, contradicted, unsupported
from pipeline.gate.doers import object_of
from pipeline.gate.frames import speaker_words
from pipeline.gate.levels import FACT, NAMES, ONGOING, TO_COME, hearsay, standing
from pipeline.gate.reading import Predicate, Reading, read
from pipeline.gate.synonyms import lemma
from pipeline.gate.verbs import FORMS

_HEARSAY_SPEAKERS = frozenset("report reports sources source rumours rumors people insiders media outlets".split())


def _judged(case: Case) -> Iterator[tuple[Predicate, int]]:
    """Verbs of the statement with the place of their counterpart in the span."""
    for predicate in case.statement.predicates:
        target = case.alignment.pairs.get(predicate.at)
        if target is not None and case.statement.words[predicate.at].part == "verb":
            yield predicate, target


def hedge(case: Case) -> Iterator[Fault]:
    """No verb of the statement stands firmer than in the span: plans, could, expects stay what they are."""
    for predicate, target in _judged(case):
        mine, theirs = standing(case.statement, predicate.at), standing(case.said, target)
        level = mine.level
        if level >= TO_COME and backshifted(case, target):
            continue
        if _firmer_modal(case, predicate, target):
            yield unsupported(f"the span says may or could of {case.said.words[target].text!r}, the sentence will")
            return
        if theirs.level <= level or (
            predicate.finite == "participle" and not predicate.passive and level == FACT and theirs.level <= ONGOING
        ):
            continue
        if theirs.level == ONGOING and level == FACT and _present(case, predicate):
            continue
        verb = case.statement.words[predicate.at].text
        yield unsupported(f"for the span {verb!r} is {NAMES[theirs.level]}, for the sentence {NAMES[level]}")
        return
    yield from _light(case)
    yield from _unhedged(case)


_UNSURE = frozenset(lemma(word) for word in "plan intend aim hope propose consider expect could may might".split())


def _unhedged(case: Case) -> Iterator[Fault]:
    """Where nearly every word of the span is taken over, so are its plans and doubts."""
    if not _nearly_whole(case):
        return
    kept = set(case.alignment.pairs.values())
    lost = next((w for at, w in enumerate(case.said.words) if at not in kept and lemma(w.low) in _UNSURE), None)
    if lost is not None and lost.part != "mark" and not (lost.low == "may" and lost.capital):
        yield unsupported(f"the span says {lost.text!r}; the sentence, which takes over the rest, drops it")


def told(case: Case) -> bool:
    """Whether the span tells what somebody said it "would" do, and the sentence that they "will", they say: the same,
    but for a sentence that takes over nearly every word and so must keep this one too."""
    if {"if", "unless", "whether"} & case.said.lows or _nearly_whole(case):
        return False
    verbs = {frame.verb for frame in case.span_framed.frames}
    return bool(case.framed.frames) and bool(verbs & _TOLD_VERBS)


def backshifted(case: Case, at: int) -> bool:
    """Whether the "would" of a verb of the span is the "will" of what somebody has said: "it said it would close"."""
    verb = next((item for item in case.said.predicates if item.at == at), None)
    words = case.said.words
    if verb is None or words[verb.first].low != "would":
        return False
    return not (verb.first and words[verb.first - 1].low in lex.RELATIVES) and told(case)


_TOLD_VERBS = frozenset("say announce confirm tell add declare".split())


def _firmer_modal(case: Case, predicate: Predicate, target: int) -> bool:
    """Whether "will" stands where the span has "may", whatever else makes the matter uncertain."""
    other = next((item for item in case.said.predicates if item.at == target), None)
    if other is None:
        return False
    mine = {word.low for word in case.statement.words[predicate.first : predicate.at]}
    theirs = {word.low for word in case.said.words[other.first : other.at]}
    return bool(mine & lex.WILL) and bool(theirs & lex.MAY)


def _light(case: Case) -> Iterator[Fault]:
    """The same for "is", "has" and verbs without counterpart: a modal near what they join in the span is kept."""
    for predicate in case.statement.predicates:
        if predicate.at in case.alignment.pairs and case.statement.words[predicate.at].part == "verb":
            continue
        mine = standing(case.statement, predicate.at)
        same = case.alignment.pairs.get(predicate.at)
        if same is not None and any(item.at == same for item in case.said.predicates):
            if _firmer_modal(case, predicate, same):
                yield unsupported("the span says may or would, the sentence will")
                return
            if standing(case.said, same).level > max(mine.level, ONGOING):
                yield unsupported(
                    f"for the span this is {NAMES[standing(case.said, same).level]},"
                    f" for the sentence {NAMES[mine.level]}"
                )
                return
            if case.alignment.verbatim:
                continue
        joined = [
            case.alignment.pairs[at]
            for at in range(predicate.at + 1, len(case.statement.words))
            if at in case.alignment.pairs and case.statement.words[at].part in ("noun", "number")
        ]
        if mine.level == FACT and joined and predicate.finite == "finite" and _planned_object(case, joined[0]):
            yield unsupported(f"the span only expects or plans {case.said.words[joined[0]].text!r}")
            return
        for item in case.said.predicates:
            if case.said.words[item.at].part != "auxiliary" and item.lemma not in ("be", "become", "have", "remain"):
                continue
            if joined and any(item.at < target and case.said.clauses[target] == item.clause for target in joined[:2]):
                theirs = standing(case.said, item.at)
                if theirs.level > max(mine.level, ONGOING):
                    yield unsupported(
                        f"for the span this is {NAMES[theirs.level]}, for the sentence {NAMES[mine.level]}"
                    )
                    return


def _present(case: Case, predicate: Predicate) -> bool:
    """Whether a verb is in the simple present ("projects" for "is projecting")."""
    low = case.statement.words[predicate.at].low
    kinds = FORMS.get(low, {})
    return ("s" in kinds or "base" in kinds) and "past" not in kinds and predicate.first == predicate.at


def polarity(case: Case) -> Iterator[Fault]:
    """What the span denies the sentence denies, and nothing else."""
    if _twice(case.statement) and not _twice(case.said):
        yield contradicted("the sentence denies twice what the span denies once")
        return
    checked = False
    for predicate, target in _judged(case):
        checked = True
        mine, theirs = standing(case.statement, predicate.at), standing(case.said, target)
        if mine.negative != theirs.negative:
            what = "denies" if theirs.negative else "does not deny"
            yield contradicted(
                f"the span {what} {case.said.words[target].text!r},"
                f" the sentence {'denies' if mine.negative else 'states'} it"
            )
            return
    if _more_than(case.said) and not _more_than(case.statement) and case.statement.lows & _MERELY:
        yield contradicted("the span says that it is not only this, the sentence that it is")
        return
    for predicate in case.statement.predicates:
        if _linked_otherwise(case, predicate):
            yield contradicted("the span denies what the sentence states of the same thing, or the other way round")
            return
    yield from _negated_word(case)
    if _denials(case.statement) != _denials(case.said) and _nearly_whole(case):
        yield contradicted("nearly the whole span is told, and not as many things are denied as there")
        return
    if case.alignment.verbatim and _nearly_whole(case):
        return
    mine_any = bool(case.statement.lows & lex.NEGATIONS) or any(
        standing(case.statement, item.at).negative for item in case.statement.predicates
    )
    theirs_any = _denial_near(case)
    if mine_any and not theirs_any:
        yield contradicted("the sentence denies what the span does not")
    elif theirs_any and not mine_any and (not checked or _copular(case)):
        yield contradicted("the span denies what the sentence states")


def _twice(reading: Reading) -> bool:
    """Whether one verb or thing is denied twice: "doesn't haven't", "did not not", "never never", "not no"."""
    denials = [at for at, word in enumerate(reading.words) if word.low in ("not", "n't")]
    every = [at for at, word in enumerate(reading.words) if word.low in ("not", "n't", "never", "no")]
    return any(after - at == 1 for at, after in itertools.pairwise(every)) or any(
        after - at <= 2 and all(word.part in ("auxiliary", "verb") for word in reading.words[at + 1 : after])
        for at, after in itertools.pairwise(denials)
    )


_MERELY = frozenset({"only", "just", "merely"})


def _linked_otherwise(case: Case, predicate: Predicate) -> bool:
    """Whether "is" or "was" joins the same word as in the span, denied in one of the two only."""
    target = case.alignment.pairs.get(predicate.at)
    other = next((item for item in case.said.predicates if item.at == target), None)
    if other is None or predicate.lemma != "be" or other.lemma != "be" or predicate.negative == other.negative:
        return False
    said = range(other.at + 1, min(other.at + 4, len(case.said.words)))
    ahead = range(predicate.at + 1, min(predicate.at + 4, len(case.statement.words)))
    joined = [at for at in ahead if case.statement.words[at].part == "noun"]
    return bool(joined) and case.alignment.pairs.get(joined[0]) in said


def _more_than(reading: Reading) -> bool:
    """Whether a text says "not only", "wasn't just"."""
    lows = [word.low for word in reading.words]
    return any(
        (low in lex.NEGATIONS or low == "t" or low.endswith("n't")) and after in _MERELY
        for low, after in itertools.pairwise(lows)
    )


_NEARLY = 0.85  # of the span's words


def _nearly_whole(case: Case) -> bool:
    """Whether a statement takes over nearly every word of the span."""
    words = [at for at, word in enumerate(case.said.words) if word.part != "mark"]
    return len(set(case.alignment.pairs.values()) & set(words)) > _NEARLY * len(words)


def _denials(reading: Reading) -> int:
    """How many words of denial a text has, "not only" left out."""
    lows = [word.low for word in reading.words] + [""]
    return sum(
        low in lex.NEGATIONS and after not in ("only", "just", "merely") for low, after in itertools.pairwise(lows)
    )


def _planned_object(case: Case, target: int) -> bool:
    """Whether a thing is, in the span, the direct object of a verb of planning or expecting that is left out."""
    said, kept = case.said, set(case.alignment.pairs.values())
    return any(
        item.at not in kept
        and item.lemma in _UNSURE | _FORESEEN
        and not item.passive
        and target in object_of(said, item)
        for item in said.predicates
    )


_FORESEEN = frozenset(lemma(word) for word in "forecast predict project anticipate estimate seek want target".split())


def _negated_word(case: Case) -> Iterator[Fault]:
    """A word that the span denies ("not guilty") is not stated."""
    denied = case.statement.lows & lex.NEGATIONS
    kept = {target: at for at, target in case.alignment.pairs.items()}
    for at, word in enumerate(case.said.words):
        if word.low == "too" and not denied and "too" not in case.statement.lows and _too_much(case, at, set(kept)):
            yield contradicted("the span says too much or too little for it; the sentence states it")
            return
        if word.part != "negation":
            continue
        for index in range(at + 1, min(at + 5, len(case.said.words))):
            other = case.said.words[index]
            if other.part == "mark" or other.low in ("only", "just", "merely"):
                break
            if other.part in ("noun", "verb") and other.low not in lex.FREE:
                had = word.low == "without" and index in kept and case.statement.governors[kept[index]] == "with"
                if index in kept and (had or not standing(case.statement, kept[index]).negative):
                    if not had and denied and (word.low not in ("no", "without") or _denied_near(case, kept[index])):
                        break
                    yield contradicted(f"the span says {word.text} {other.text}; the sentence leaves the denial out")
                    return
                break


def _denied_near(case: Case, at: int) -> bool:
    """Whether a denial of the statement stands in the clause of a word, before it."""
    clause = case.statement.clauses[at]
    return any(
        word.low in lex.NEGATIONS and case.statement.clauses[index] == clause and index < at
        for index, word in enumerate(case.statement.words)
    )


def _too_much(case: Case, at: int, kept: set[int]) -> bool:
    """Whether "too small to be conclusive" denies a word that the sentence keeps."""
    words = case.said.words
    to = next((index for index in range(at + 1, min(at + 4, len(words))) if words[index].low == "to"), None)
    if to is None:
        return False
    return any(
        index in kept for index in range(to + 1, min(to + 4, len(words))) if words[index].part in ("noun", "verb")
    )


def refused(case: Case) -> Iterator[Fault]:
    """What the span puts aside ("in 2027 rather than 2028", "X instead of Y") is not stated."""
    if case.statement.lows & {"rather", "instead", "not"}:
        return
    words, kept = case.said.words, set(case.alignment.pairs.values())
    for at in range(len(words) - 2):
        if (words[at].low, words[at + 1].low) not in (("rather", "than"), ("instead", "of")):
            continue
        for index in range(at + 2, min(at + 7, len(words))):
            if words[index].part in ("verb", "auxiliary", "mark", "relative"):
                break
            if index in kept and words[index].part in ("noun", "number"):
                yield contradicted(f"the span puts {words[index].text} aside ({words[at].text} {words[at + 1].text})")
                return


def _copular(case: Case) -> bool:
    """Whether the statement's main verb is "is" or "has"."""
    finite = [item for item in case.statement.predicates if item.finite == "finite"]
    return bool(finite) and all(case.statement.words[item.at].part == "auxiliary" for item in finite)


def _denial_near(case: Case) -> bool:
    """Whether the span holds a denial in a clause that the sentence draws on."""
    used = {
        case.said.clauses[target]
        for at, target in case.alignment.pairs.items()
        if case.statement.words[at].part in ("noun", "verb", "number")
    }
    return any(
        word.low in lex.NEGATIONS
        and case.said.clauses[at] in used
        and not (
            word.low == "not"
            and case.said.words[at + 1 : at + 2]
            and case.said.words[at + 1].low in ("only", "just", "merely")
        )
        for at, word in enumerate(case.said.words)
    ) or any(
        standing(case.said, item.at).negative and item.clause in used
        for item in case.said.predicates
        if item.at in case.alignment.pairs.values()
    )


def passed_on(case: Case) -> Iterator[Fault]:
    """What the span only passes on ("reportedly", "reports that") stays passed on."""
    if not hearsay(read(case.span.quote)):
        return
    if hearsay(read(case.sentence)) or _in_aside(case):
        return
    for frame in case.framed.frames:
        if set(speaker_words(frame.who)) & _HEARSAY_SPEAKERS:
            return
    yield unsupported("the span passes on what others say; the sentence states it as fact")


def _in_aside(case: Case) -> bool:
    """Whether all that is passed on stands in a relative clause at the end, of which the sentence takes nothing."""
    if case.said.text != read(case.span.quote).text:
        return False
    kept = [target for at, target in case.alignment.pairs.items() if case.statement.words[at].part != "mark"]
    last = max(kept, default=-1)
    tail = next((at for at in range(last + 1, len(case.said.words)) if case.said.words[at].part == "relative"), None)
    return tail is not None and not hearsay(read(case.said.text[: case.said.words[tail].start]))


def future(case: Case) -> Iterator[Fault]:
    """What the span states as done is not announced as to come: a shift of tense is a shift of fact."""
    for predicate, target in _judged(case):
        mine, theirs = standing(case.statement, predicate.at), standing(case.said, target)
        later = mine.level > theirs.level + 1 and _finished(case, target)
        begun = mine.level == TO_COME and theirs.level == ONGOING and not _dated_ahead(case)
        if (later or begun) and theirs.level <= ONGOING and predicate.finite == "finite":
            yield contradicted(
                f"the span says that it is done or going on ({case.said.words[target].text!r}),"
                " the sentence that it is to come"
            )
            return


def _dated_ahead(case: Case) -> bool:
    """Whether a progressive in the span means what is to come: "is closing next year"."""
    return bool(case.said.lows & {"next", "later", "soon", "tomorrow", "upcoming"})


def _finished(case: Case, target: int) -> bool:
    kinds = FORMS.get(case.said.words[target].low, {})
    return (case.said.words[target].part == "verb" and "past" in kinds) or case.said.words[target].low.endswith("ed")
