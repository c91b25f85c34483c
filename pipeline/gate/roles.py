"""Rules on who does what to whom: the subject and object of each verb."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.gate.alignment import figure_words
from pipeline.gate.case import Case, Fault, contradicted, unsupported
from pipeline.gate.copulas import joined
from pipeline.gate.doers import agents, counterpart, following, names_in, object_of, patients
from pipeline.gate.parties import elsewhere, heads_of, mapped, possessor
from pipeline.gate.reading import Predicate, Reading
from pipeline.gate.speakers import named_first
from pipeline.gate.verbs import FORMS

ERGATIVE = frozenset(
    form
    for form, kinds in FORMS.items()
    if set(kinds.values())
    & set(
        "close open reopen begin start end stop move double triple halve grow increase decrease expand shrink"
        " launch break burn sink melt change improve worsen ease tighten shut resume merge split".split()
    )
)
_UNITS = frozenset("percent percentage cent point points".split())
_TIMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday week month year day today yesterday"
    " tomorrow last next this".split()
)


def subject(case: Case) -> Iterator[Fault]:
    """The sentence's subject is the span's subject for the same verb."""
    statement, said, pairs = case.statement, case.said, case.alignment.pairs
    for predicate in statement.predicates:
        if (predicate.finite == "participle" and not predicate.passive) or (
            predicate.inherited and predicate.clause == 0 and predicate.finite == "infinitive" and not predicate.passive
        ):
            continue
        if predicate.finite == "infinitive" and _of_noun(statement, predicate):
            continue
        if predicate.lemma == "includ":
            continue
        if predicate.lemma == "compar" and predicate.finite == "participle":
            continue
        target = pairs.get(predicate.at)
        if target is None or statement.words[predicate.at].part == "auxiliary":
            fault = joined(case, predicate)
            if fault:
                yield fault
            continue
        other = counterpart(said, target)
        fault = _verbal(case, predicate, other) if other else _nominal(case, predicate, target)
        if fault:
            yield fault
            return


_TAKING = frozenset(
    "plan request proposal bid law bill decision deal agreement offer effort attempt move right vote pledge promise"
    " order call permission need demand motion campaign scheme project programme program treaty pact chance"
    " ability".split()
)


def _of_noun(reading: Reading, predicate: Predicate) -> bool:
    """Whether an infinitive hangs on a noun ("a request to send drones"): who would do it is not said there."""
    before = reading.words[predicate.first - 1] if predicate.first else None
    return before is not None and before.part == "noun" and before.low.removesuffix("s") in _TAKING


def _verbal(case: Case, predicate: Predicate, other: Predicate) -> Fault | None:  # noqa: PLR0911 - one return per rule
    """Both have the verb: who does it and whom it is done to must agree, active or passive."""
    statement, said = case.statement, case.said
    if _ergative(case, predicate, other):
        return None
    if _middle(case, predicate, other):
        return None
    if {predicate.lemma, other.lemma} == {"die", "kill"}:
        return _victims(case, predicate, other)
    verb = statement.words[predicate.at].text
    for mine, theirs, wrong, role in (
        (agents(statement, predicate), agents(said, other), patients(said, other), "who does it"),
        (patients(statement, predicate), patients(said, other), agents(said, other), "whom it is done to"),
    ):
        pairs = mapped(case, mine)
        if not pairs:
            continue
        strict = role == "who does it" or predicate.passive
        for at, target in heads_of(case, pairs):
            word = statement.words[at].text
            if _describes(case, at, target, theirs) or (strict and _rules(said, target, theirs)):
                continue
            if role == "who does it" and possessor(said, target) and not possessor(statement, at) and target in theirs:
                return unsupported(f"in the span it is {_said(said, theirs)} ({verb!r}), not {word}")
            if _agrees(case, at, target, theirs, called=role == "who does it"):
                continue
            if target in wrong or elsewhere(case, at, wrong):
                return contradicted(f"in the span {word} is not {role} ({verb!r}), but the other side of it")
            if (
                strict
                and theirs
                and (statement.words[at].capital or (target < other.first and not {t for _, t in pairs} & set(theirs)))
            ):
                return unsupported(f"in the span the subject of {verb!r} is {_said(said, theirs)}, not {word}")
        if (
            strict
            and theirs
            and not predicate.inherited
            and not any(
                target in theirs
                or elsewhere(case, at, theirs)
                or _called(case, at, theirs)
                or _priced(case, at, target, theirs)
                for at, target in pairs
            )
            and not _pronominal(said, theirs)
        ):
            return unsupported(f"in the span the subject of {verb!r} is {_said(said, theirs)}")
    return _pronoun_subject(case, predicate, other)


def _agrees(case: Case, at: int, target: int, theirs: list[int], *, called: bool) -> bool:
    """Whether a word stands where the span has it: itself, one that describes it, or whom "the company" means."""
    if target in theirs or elsewhere(case, at, theirs) or _describes(case, at, target, theirs):
        return True
    if _priced(case, at, target, theirs):
        return True
    return called and _called(case, at, theirs)


def _priced(case: Case, at: int, target: int, theirs: list[int]) -> bool:
    """Whether "cocoa fell to $5" stands for "the price of cocoa fell to $5"."""
    said = case.said
    price = any(said.words[index].low in _PRICES for index in theirs)
    money = any(len(item.unit) == 3 and item.unit.isupper() for item in figure_words(case.statement).values())
    near = any(0 < abs(target - index) <= 3 for index in theirs)
    return price and money and near and said.governors[target] in ("of", "") and not case.statement.words[at].possessive


_PRICES = frozenset("price prices".split())


def _rules(said: Reading, target: int, theirs: list[int]) -> bool:
    """Whether a name owns, in the span, the government that does it: a state is its government."""
    return said.words[target].possessive and bool({said.words[index].low for index in theirs} & _RULERS)


_RULERS = frozenset("government cabinet authorities".split())
_KINDS = frozenset(
    "company firm group club bank airline retailer maker union charity agency ministry lender carrier team country city"
    " council startup university museum league insurer utility".split()
)


def _called(case: Case, at: int, theirs: list[int]) -> bool:
    """Whether the span's "the company" can only be the one that the sentence names: the only name before it there."""
    said = case.said
    generic = [index for index in theirs if said.words[index].low in _KINDS]
    if not generic or not generic[0] or said.words[generic[0] - 1].low not in ("the", "its"):
        return False
    named = {
        said.words[index].low
        for index in range(generic[0])
        if said.words[index].capital
        and said.words[index].part == "noun"
        and (index or named_first(said))
        and said.words[index].low not in _TIMES
    }
    runs = sum(
        1
        for index in range(generic[0])
        if said.words[index].low in named and (not index or said.words[index - 1].low not in named)
    )
    return runs == 1 and case.statement.words[at].low in named


_MIDDLE = frozenset({"sell", "open", "close", "publish", "build", "print"})


def _middle(case: Case, predicate: Predicate, other: Predicate) -> bool:
    """Whether "was sold for 5 million" stands for "sold for 5 million": the same subject, and no object there."""
    if not predicate.passive or other.passive or other.lemma not in _MIDDLE or object_of(case.said, other):
        return False
    mine = mapped(case, list(predicate.subject))
    return bool(mine) and any(target in other.subject for _, target in mine)


def _describes(case: Case, at: int, target: int, theirs: list[int]) -> bool:
    """Whether a word only describes the head of its phrase ("Graz police"), that head is the span's, and the word
    stands in the head's phrase there ("police in Graz", "Kenya's parliament")."""
    words, head = case.statement.words, at
    while head + 1 < len(words) and words[head + 1].part == "noun" and not words[head].possessive:
        head += 1
    if head == at or case.alignment.pairs.get(head) not in theirs:
        return False
    low, high = sorted((target, case.alignment.pairs[head]))
    return all(
        case.said.words[index].part in ("noun", "number", "determiner", "preposition") for index in range(low, high)
    )


def _victims(case: Case, predicate: Predicate, other: Predicate) -> Fault | None:
    """Who dies is who is killed."""
    mine, theirs = (
        [*reading_agents] if item.lemma == "die" else patients(reading, item)
        for reading, item, reading_agents in (
            (case.statement, predicate, predicate.subject),
            (case.said, other, other.subject),
        )
    )
    pairs = mapped(case, list(mine))
    if pairs and not any(target in theirs or elsewhere(case, at, list(theirs)) for at, target in pairs):
        return contradicted(f"in the span it is not {case.statement.words[pairs[0][0]].text} who died")
    return None


def _ergative(case: Case, predicate: Predicate, other: Predicate) -> bool:
    """Whether "the shop will close" stands for "they will close the shop": no object here, this very object there."""
    statement, said = case.statement, case.said
    if statement.words[predicate.at].low not in ERGATIVE or predicate.passive or other.passive:
        return False
    mine = mapped(case, [at for at in predicate.subject if not statement.words[at].capital])
    objects = object_of(said, other)
    return bool(mine) and all(target in objects for _, target in mine)


def complete(case: Case) -> Iterator[Fault]:
    """A verb keeps its object: who closes a ward does not close."""
    for predicate in case.statement.predicates:
        target = case.alignment.pairs.get(predicate.at)
        other = counterpart(case.said, target) if target is not None else None
        if other is None or predicate.passive or other.passive or predicate.finite != "finite":
            continue
        if other.lemma != predicate.lemma or case.statement.words[predicate.at].part != "verb":
            continue
        lost = [at for at in object_of(case.said, other) if not _timely(case.said, at)]
        kept = set(case.alignment.pairs.values())
        if not lost or kept & set(lost) or object_of(case.statement, predicate) or _ergative(case, predicate, other):
            continue
        verb = case.statement.words[predicate.at].text
        yield unsupported(f"in the span {verb!r} has an object, {_said(case.said, lost)}, that the sentence leaves out")
        return


def _timely(reading: Reading, at: int) -> bool:
    word = reading.words[at]
    return word.low in _TIMES or word.part == "number" or at in figure_words(reading) or word.low in _UNITS


def _pronoun_subject(case: Case, predicate: Predicate, other: Predicate) -> Fault | None:
    """A name may not stand where the span has a pronoun: whom it means is outside the span."""
    statement, said = case.statement, case.said
    mine, theirs = agents(statement, predicate) or list(predicate.subject), agents(said, other) or list(other.subject)
    if (
        theirs
        and all(said.words[at].part == "pronoun" for at in theirs)
        and any(statement.words[at].part == "noun" for at in mine)
    ):
        if said.words[theirs[0]].low in ("who", "which", "that", "we", "i"):
            return None
        named = [said.words[at].low for at in range(theirs[0]) if said.words[at].part == "noun"]
        if not any(statement.words[at].low in named for at in mine):
            return unsupported(f"the span says {said.words[theirs[0]].text!r}; who that is, it does not say")
    return None


def _pronominal(reading: Reading, indices: list[int]) -> bool:
    return all(reading.words[at].part == "pronoun" for at in indices)


def _said(reading: Reading, indices: list[int]) -> str:
    return repr(" ".join(reading.words[at].text for at in indices))


def _nominal(case: Case, predicate: Predicate, target: int) -> Fault | None:
    """The span has a noun for the verb: "the acquisition of B by A", "A's acquisition of B"."""
    said, statement = case.said, case.statement
    done_to = [
        at
        for at in range(target + 1, len(said.words))
        if said.clauses[at] == said.clauses[target] and said.governors[at] == "of"
    ]
    doers = [
        at
        for at in range(target + 1, len(said.words))
        if said.clauses[at] == said.clauses[target] and said.governors[at] == "by"
    ]
    doers += [at for at in range(max(0, target - 8), target) if said.words[at].possessive]
    verb = statement.words[predicate.at].text
    mine = names_in(statement, agents(statement, predicate))
    theirs = names_in(statement, patients(statement, predicate))
    for names, wrong in ((mine, done_to), (theirs, doers)):
        for at in names:
            if case.alignment.pairs.get(at) in wrong:
                return contradicted(f"in the span {statement.words[at].text} is on the other side of {verb!r}")
    torn = _torn(case, predicate, target)
    if torn is not None:
        return torn
    governing = [
        at
        for item in said.predicates
        if item.at < target and item.clause == said.clauses[target]
        for at in item.subject
    ]
    known = doers or governing or list(range(target))
    subjects = mapped(case, [at for at in agents(statement, predicate) if statement.words[at].part == "noun"])
    if any(counterpart(said, index) is not None and statement.words[at].low.endswith("ing") for at, index in subjects):
        return None  # "Replacing the buses will cost 5 million": a deed does it, not somebody
    if subjects and not any(index in known or elsewhere(case, at, known) for at, index in subjects):
        return unsupported(f"in the span {statement.words[subjects[0][0]].text} is not who does it ({verb!r})")
    return None


def _torn(case: Case, predicate: Predicate, target: int) -> Fault | None:
    """A participle that only describes a noun in the span ("recovered 41 stolen paintings from a warehouse") does not
    take over what another verb there, left out, is said with."""
    said, kept = case.said, set(case.alignment.pairs.values())
    after = said.words[target + 1] if target + 1 < len(said.words) else None
    if not predicate.passive or after is None or after.part != "noun":
        return None
    for at in following(case.statement, predicate):
        index = case.alignment.pairs.get(at)
        if index is None or not case.statement.governors[at] or index < target:
            continue
        verb = next((item for item in reversed(said.predicates) if item.at < index), None)
        if verb is not None and verb.at not in kept:
            return unsupported(f"in the span {case.word(at)} goes with {said.words[verb.at].text!r}")
    return None
