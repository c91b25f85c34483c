"""The parties to a deed in a tree: who does it and whom it is done to, through passives, relative clauses, participles,
control and joint verbs; of a deed told by a noun, who may be either."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.gate.syntax.trees import Tree

_SUBJECTS = ("nsubj", "csubj")
_PASSIVE = ("nsubjpass", "csubjpass")
_JOINT = ("conj", "appos")
_RELATIVE = frozenset({"WDT", "WP", "WP$"})
_EMPTY = frozenset("kind type sort strain form series group number range pair couple team handful".split())
_COUNTS = frozenset("hundred hundreds thousand thousands million millions billion dozens scores tens".split())
_ABOUT = frozenset("of on in into for to at against".split())  # before what a deed told by a noun is done to
_DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Parties:
    """Word indices: who does it, whom it is done to, and those of whom the tree does not say which they are."""

    agents: frozenset[int]
    patients: frozenset[int]
    either: frozenset[int] = frozenset()
    alone: bool = False  # a doer without anybody it is done to: "prices fell"

    @property
    def all(self) -> frozenset[int]:
        return self.agents | self.patients | self.either


def passive(tree: Tree, at: int) -> bool:
    """Whether a verb stands in the passive, or is a past participle that describes a noun."""
    if tree.of(at, "auxpass", *_PASSIVE, "agent"):
        return True
    if tree.tags[at] != "VBN" or tree.of(at, "aux", *_SUBJECTS):
        return False
    if tree.labels[at] == "conj" and tree.verbal(tree.heads[at]):
        return passive(tree, tree.heads[at])
    return tree.labels[at] in ("acl", "amod", "advcl", "oprd", "xcomp", "ccomp", "dep") and not tree.of(at, "dobj")


def parties(tree: Tree, at: int, depth: int = 0) -> Parties:
    """The parties to the deed that the word at `at` tells."""
    if not tree.verbal(at):
        return _named(tree, at)
    done_by = _pobj(tree, tree.of(at, "agent"))
    objects = tree.of(at, "dobj", "dative")
    objects = [kid for kid in objects if tree.low(kid) not in ("to", "for")] + _pobj(tree, tree.of(at, "dative"))
    subjects = tree.of(at, *_SUBJECTS)
    if passive(tree, at):
        undergoers = tree.of(at, *_PASSIVE) + subjects
        if not undergoers and depth < _DEEPEST:
            undergoers = _missing(tree, at, depth, done=True)
        return Parties(frozenset(done_by), frozenset([*_who(tree, at, undergoers), *objects]))
    if not subjects and depth < _DEEPEST:
        subjects = _missing(tree, at, depth, done=False)
    if tree.labels[at] == "relcl" and not objects and not _relative_subject(tree, at) and not tree.of(at, "relcl"):
        objects = [*objects, tree.heads[at]]
    undergoing = frozenset(_who(tree, at, objects))
    return Parties(frozenset(_who(tree, at, subjects)), undergoing, alone=not undergoing)


def _relative_subject(tree: Tree, at: int) -> bool:
    """Whether the noun that a relative clause describes is its subject, or stands under a preposition of it."""
    under = _pobj(tree, tree.of(at, "prep")) + tree.of(at, "advmod")
    return any(tree.tags[kid] in _RELATIVE | {"WRB"} for kid in [*tree.of(at, *_SUBJECTS, *_PASSIVE), *under])


def _who(tree: Tree, at: int, found: list[int]) -> list[int]:
    """The parties with a relative pronoun resolved to the noun that its clause describes."""
    return [_antecedent(tree, at) if tree.tags[kid] in _RELATIVE else kid for kid in found]


def _antecedent(tree: Tree, at: int) -> int:
    for above in (at, *tree.above(at)):
        if tree.labels[above] == "relcl":
            return tree.heads[above]
    return at


def _missing(tree: Tree, at: int, depth: int, *, done: bool) -> list[int]:
    """Who a verb without a subject is about: the noun that it describes, or the subject of the verb it hangs on."""
    label, head = tree.labels[at], tree.heads[at]
    if head == at:
        return []
    if label in ("acl", "amod"):
        infinitive = any(tree.low(kid) == "to" for kid in tree.of(at, "aux"))
        return [] if infinitive and not done else [head]
    if label == "pcomp":
        head = tree.heads[head]
    if label == "relcl" or not (tree.verbal(head) or tree.tags[head].startswith("J")):
        return []
    above = parties(tree, head, depth + 1)
    if label == "xcomp" and not passive(tree, head):
        objects = tree.of(head, "dobj")
        if objects:
            return objects
    if label == "conj" and passive(tree, head) == done:
        return sorted(above.patients if done else above.agents)
    return sorted(above.patients if passive(tree, head) else above.agents)


def _named(tree: Tree, at: int) -> Parties:
    """The parties to a deed told by a noun: "A's purchase of B", "the purchase of B by A", "B purchase"."""
    by = [kid for kid in tree.of(at, "prep", "agent") if tree.low(kid) == "by"]
    of = _pobj(tree, [kid for kid in tree.of(at, "prep") if tree.low(kid) in _ABOUT])
    owners = tree.of(at, "poss")
    doers = _pobj(tree, by)
    given = tree.heads[at] if tree.labels[at] in ("dobj", "nsubjpass") else at
    if given != at and tree.verbal(given):
        doers += sorted(parties(tree, given, 1).agents)  # "placed an order": who placed it ordered
    if owners and _pobj(tree, [kid for kid in tree.of(at, "prep") if tree.low(kid) == "of"]):
        return Parties(frozenset([*doers, *owners]), frozenset(of))
    loose = [*tree.of(at, "compound", "nmod", "amod", "nummod"), *of, *owners]
    return Parties(frozenset(doers), frozenset(), frozenset(loose))


def _pobj(tree: Tree, preps: list[int]) -> list[int]:
    """What follows prepositions, joint ones included."""
    return [kid for prep in preps for kid in tree.of(prep, "pobj")]


def whole(tree: Tree, found: Iterable[int]) -> frozenset[int]:
    """The words with those joint with them or put beside them, and with what an empty noun is of."""
    seen: set[int] = set()
    rest = list(found)
    while rest:
        at = rest.pop()
        if at in seen:
            continue
        seen.add(at)
        rest += tree.of(at, *_JOINT)
        if tree.labels[at] == "appos":
            rest.append(tree.heads[at])
        of = _pobj(tree, [kid for kid in tree.of(at, "prep") if tree.low(kid) == "of"])
        rest += [kid for one in of for kid in tree.of(one, "appos")]  # "the mayor of Tacna, Luis Rengifo"
        if tree.low(at) in _EMPTY | _COUNTS or tree.tags[at] == "CD":
            rest += of
        named = tree.reading.words[at].capital
        rest += [kid for kid in tree.of(at, "compound", "nmod") if named or tree.reading.words[kid].capital]
    return frozenset(seen)


def meant(tree: Tree, found: Iterable[int]) -> frozenset[int]:
    """Whom pronouns among the parties mean: the subject of the nearest verb before, where all before are one name."""
    named: set[int] = set()
    for at in sorted(found):
        if tree.low(at) not in _PERSONAL:
            continue
        subjects = [
            kid
            for verb in range(at)
            if tree.verbal(verb)
            for kid in tree.of(verb, "nsubj", "nsubjpass")
            if kid < at and not tree.tags[kid].startswith(("PRP", "W", "EX"))
        ]
        fitting = [kid for kid in subjects if (tree.tags[kid] in ("NNS", "NNPS")) == (tree.low(at) == "they")]
        if len(fitting) == 1:
            named |= whole(tree, fitting)
    return frozenset(named)


_PERSONAL = frozenset({"it", "they", "he", "she"})
