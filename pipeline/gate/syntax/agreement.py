"""Whether a sentence joins its words as its span does, by their trees and not by their order.

A second opinion on what the rules of order refuse: each verb of the sentence has in the span the same doers and the
same undergoers, each word that describes another stands with it there, and what is said to be something is said so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.gate import lexicon as lex
from pipeline.gate.alignment import calendar, needed
from pipeline.gate.case import Case, Fault, contradicted, uncertain, unsupported
from pipeline.gate.reading import titled
from pipeline.gate.roles import ERGATIVE
from pipeline.gate.synonyms import lemma
from pipeline.gate.syntax.parties import Parties, meant, parties, passive, whole
from pipeline.gate.syntax.trees import Tree, tree

_PLACING = frozenset("in on at near during by since from until around over for within through".split())
_DYING = frozenset({lemma("die"), lemma("death")})
_MIDDLE = frozenset(lemma(word) for word in "sell open close publish build print".split())


class Joint:
    """One statement beside one span, as trees, and where the words of the one stand in the other."""

    def __init__(self, case: Case, mine: Tree, theirs: Tree) -> None:
        self.case, self.mine, self.theirs = case, mine, theirs
        self.kept = frozenset(case.alignment.pairs.values())
        self.content = {
            at
            for at in case.alignment.pairs
            if case.statement.words[at].part in ("noun", "verb", "number", "adverb") and needed(case.statement, at)
        }

    def spots(self, at: int) -> list[int]:
        """Every place of the span where a word of the sentence may stand."""
        target = self.case.alignment.pairs.get(at)
        if target is None:
            return []
        low = self.theirs.low(target)
        return [target, *(index for index in self.case.said.positions(low) if index != target)]

    def word(self, at: int) -> str:
        return self.case.statement.words[at].text


def disagreements(case: Case) -> Iterator[Fault]:
    """What the statement joins otherwise than the span; nothing where they agree."""
    mine, theirs = tree(case.statement), tree(case.said)
    if mine is None or theirs is None or titled(case.said):
        yield uncertain("the sentence cannot be parsed")
        return
    joint = Joint(case, mine, theirs)
    checked: set[tuple[int, int]] = set()
    for at in sorted(joint.content):
        if mine.verbal(at) or _deed(joint, at):
            yield from _deeds(joint, at, checked)
    for at in sorted(joint.content):
        yield from _attached(joint, at, checked)
    for at in range(len(mine.heads)):
        if mine.labels[at] != "aux" and mine.low(at) in ("is", "are", "was", "were", "be", "been", "'s", "became"):
            yield from _equated(joint, at)
    for at in sorted(joint.content):
        yield from _beheaded(joint, at)


def accused(case: Case) -> Iterator[Fault]:
    """Who is said to have done it, where the span says only that it was done, and of them that something was done to
    them: "fired its manager after tests had been faked" does not say that the manager faked them."""
    undone = {item.at for item in case.said.predicates if item.passive}
    told = {case.alignment.pairs.get(item.at) for item in case.statement.predicates if not item.passive}
    if case.alignment.verbatim or not told & undone or titled(case.said):
        return
    mine, theirs = tree(case.statement), tree(case.said)
    if mine is None or theirs is None:
        return
    joint = Joint(case, mine, theirs)
    for at in sorted(joint.content):
        spot = case.alignment.pairs[at]
        other = parties(theirs, spot) if theirs.verbal(spot) and passive(theirs, spot) else None
        if other is None or other.agents or not mine.verbal(at) or passive(mine, at):
            continue
        undergone = {
            kid for verb in range(len(theirs.heads)) if theirs.verbal(verb) for kid in parties(theirs, verb).patients
        }
        for party in _members(mine, parties(mine, at).agents):
            spots = set(joint.spots(party))
            if spots and spots <= undergone and not spots & other.patients and joint.mine.low(at) not in ERGATIVE:
                yield unsupported(f"the span does not say that {joint.word(party)} did it ({joint.word(at)!r})")
                return


def _deed(joint: Joint, at: int) -> bool:
    """Whether a noun of the sentence stands for a verb of the span."""
    return any(joint.theirs.verbal(spot) for spot in joint.spots(at)) and joint.mine.tags[at].startswith("NN")


def _members(mine: Tree, found: Iterable[int]) -> list[int]:
    """Parties with those joint with them by "and"; pronouns left out, for they name nobody."""
    rest, seen = sorted(found), []
    while rest:
        at = rest.pop(0)
        if at in seen or mine.tags[at].startswith(("PRP", "W", "EX")):
            continue
        seen.append(at)
        rest += mine.of(at, "conj")
    return seen


def _deeds(joint: Joint, at: int, checked: set[tuple[int, int]]) -> Iterator[Fault]:
    """The parties to one deed of the sentence are its parties in the span, on the same side."""
    own = parties(joint.mine, at)
    options = [list(_sides(joint, at, own, spot, checked)) for spot in joint.spots(at)]
    if options:
        yield from min(options, key=len)


def _sides(joint: Joint, at: int, own: Parties, spot: int, checked: set[tuple[int, int]]) -> Iterator[Fault]:
    other = parties(joint.theirs, spot)
    doing, done = _allowed(joint, at, own, spot, other)
    verb = joint.word(at)
    finite = joint.mine.tags[at] in ("VBD", "VBZ", "VBP")
    if finite and not joint.theirs.verbal(spot) and not joint.theirs.tags[spot].startswith("NN"):
        yield unsupported(f"{verb!r} is no deed in the span")
    if own.alone and other.patients and joint.mine.verbal(at) and not other.patients & joint.kept:
        yield unsupported(f"in the span {verb!r} has an object that the sentence leaves out")
    for found, right, wrong, role in (
        (own.agents, doing, done, "who does it"),
        (own.patients, done, doing, "whom it is done to"),
        (own.either, doing | done, frozenset[int](), "a party to it"),
    ):
        for party in _members(joint.mine, found):
            checked.add((party, at))
            spots = set(joint.spots(party))
            if not spots or spots & right or party not in joint.content:
                continue
            if role == "a party to it":
                checked.discard((party, at))
            elif spots & wrong:
                yield contradicted(f"by its parse {joint.word(party)} is on the other side of {verb!r} in the span")
            else:
                yield unsupported(f"by its parse {joint.word(party)} is not {role} ({verb!r}) in the span")


def _allowed(joint: Joint, at: int, own: Parties, spot: int, other: Parties) -> tuple[frozenset[int], frozenset[int]]:
    """Who may do it and whom it may be done to, for the span's word at `spot`."""
    theirs = joint.theirs
    agents, patients, either = (
        whole(theirs, side) | meant(theirs, side) for side in (other.agents, other.patients, other.either)
    )
    name, held = lemma(joint.mine.low(at)), lemma(theirs.low(spot))
    if name in _DYING and held not in _DYING:
        return patients | either, frozenset()
    if held in _DYING and name not in _DYING:
        return frozenset(), agents | either
    turned = joint.mine.low(at) in ERGATIVE or name in _MIDDLE
    doing, done = agents | either, patients | either
    if own.alone and turned:
        doing |= patients
    if not own.alone and turned and other.alone:
        done |= agents
    if not other.agents and not theirs.verbal(spot):
        doing |= _subject_above(theirs, spot)
    return doing, done


def _subject_above(theirs: Tree, spot: int) -> frozenset[int]:
    """Who does what a noun hangs on."""
    verb = next((above for above in theirs.above(spot) if theirs.verbal(above)), None)
    return whole(theirs, parties(theirs, verb).agents) if verb is not None else frozenset()


def _governor(joint: Joint, at: int) -> int | None:
    """The nearest word above that has a counterpart and says something."""
    return next((above for above in joint.mine.above(at) if above in joint.content), None)


def _attached(joint: Joint, at: int, checked: set[tuple[int, int]]) -> Iterator[Fault]:
    """A word that describes or places another stands with it in the span."""
    head = _governor(joint, at)
    if head is None or (at, head) in checked or (joint.mine.verbal(at) and parties(joint.mine, at).all):
        return
    linked = joint.mine.labels[at] in ("nsubj", "attr", "acomp") and joint.mine.low(joint.mine.heads[at]) in lex.BE
    if joint.mine.labels[at] == "conj" or linked:
        return
    if any(_linked(joint, one, other, at) for one in joint.spots(head) for other in joint.spots(at)):
        return
    yield unsupported(f"by its parse {joint.word(at)} does not go with {joint.word(head)} in the span")


def _linked(joint: Joint, head: int, word: int, at: int) -> bool:
    """Whether two words of the span stand together as a word and what describes it."""
    theirs = joint.theirs
    if head == word or word in whole(theirs, [head]) or head in whole(theirs, [word]):
        return True
    return _below(joint, head, word) or _below(joint, word, head) or _beside(joint, head, word, at)


def _below(joint: Joint, head: int, word: int) -> bool:
    """Whether `word` hangs on `head`, with nothing between that tells of another deed."""
    theirs = joint.theirs
    for above in theirs.above(word):
        if above == head:
            return True
        if theirs.verbal(above):
            describing = theirs.labels[above] in ("relcl", "acl", "amod", "xcomp", "aux", "auxpass")
            if not describing and not (theirs.labels[above] in ("ccomp", "pcomp", "conj") and above not in joint.kept):
                return False
    return False


def _beside(joint: Joint, head: int, word: int, at: int) -> bool:
    """Whether a place or time stands with the deed that the word it goes with is a party to; or with a light verb."""
    theirs = joint.theirs
    verb = next((above for above in theirs.above(word) if theirs.verbal(above)), None)
    if verb is None or not _placed(theirs, word, verb) or not _placed_or_dated(joint, at):
        return False
    if theirs.verbal(head):
        return verb not in joint.kept and _helped(theirs, head, verb)
    return head in whole(theirs, parties(theirs, verb).all)


def _helped(theirs: Tree, at: int, verb: int) -> bool:
    """Whether a verb only completes another: "agreed to sell on Monday"."""
    while theirs.labels[at] == "xcomp":
        at = theirs.heads[at]
        if at == verb:
            return True
    return False


def _placed(theirs: Tree, word: int, verb: int) -> bool:
    """Whether a word stands with a verb as its place or time."""
    chain = [word, *theirs.above(word)]
    last = chain[chain.index(verb) - 1]
    return theirs.labels[last] in ("prep", "npadvmod", "advmod")


def _placed_or_dated(joint: Joint, at: int) -> bool:
    """Whether a word of the sentence is told as a place or time."""
    mine = joint.mine
    dated = bool(calendar(joint.case.statement.words[at].text))
    if mine.labels[at] in ("npadvmod", "advmod") or (mine.labels[at] == "poss" and dated):
        return True
    return any(mine.low(above) in _PLACING for above in [*mine.above(at)][:3])


def _equated(joint: Joint, at: int) -> Iterator[Fault]:
    """What a sentence says something is: the span puts the two together."""
    mine = joint.mine
    subjects = _members(mine, parties(mine, at).agents)
    said = [kid for kid in mine.of(at, "attr", "acomp") if kid in joint.content]
    for subject in subjects:
        for what in said:
            if subject not in joint.content:
                continue
            pairs = [(one, other) for one in joint.spots(subject) for other in joint.spots(what)]
            if not any(_linked(joint, one, other, what) or _same_be(joint.theirs, one, other) for one, other in pairs):
                yield unsupported(
                    f"by its parse the span does not say that {joint.word(subject)} is {joint.word(what)}"
                )
                return


def _same_be(theirs: Tree, one: int, other: int) -> bool:
    """Whether the span says that the one is the other, or does what is told by the other."""
    verb = theirs.heads[other]
    subjects = whole(theirs, parties(theirs, verb).all)
    said = theirs.labels[other] in ("attr", "acomp", "oprd") and one in subjects | meant(theirs, subjects)
    return said or (theirs.verbal(other) and one in whole(theirs, parties(theirs, other).all))


def _beheaded(joint: Joint, at: int) -> Iterator[Fault]:
    """A thing keeps its head: what only describes another thing in the span is not told by itself."""
    mine, theirs = joint.mine, joint.theirs
    if mine.labels[at] in ("compound", "nmod", "amod", "poss") or not mine.tags[at].startswith("NN"):
        return
    if all(_cut(joint, spot) for spot in joint.spots(at)):
        head = theirs.heads[joint.spots(at)[0]]
        yield unsupported(f"the span speaks of {joint.word(at)} {theirs.reading.words[head].text}, not of that alone")


def _cut(joint: Joint, spot: int) -> bool:
    theirs = joint.theirs
    head = theirs.heads[spot]
    if theirs.labels[spot] not in ("compound", "nmod") or theirs.reading.words[spot].capital:
        return False
    return head not in joint.kept and not theirs.reading.words[head].capital and theirs.tags[head].startswith("NN")
