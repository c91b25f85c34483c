"""Whose a thing is: the owners that a sentence names are those of its span, "its" there resolved to its subject."""

from __future__ import annotations

from pipeline.gate.case import Case
from pipeline.gate.syntax.parties import parties, whole
from pipeline.gate.syntax.trees import Tree, tree

_OWN = frozenset({"its", "his", "her", "their"})


def owned_alike(case: Case) -> bool:
    """Whether every owner that the statement names owns the same thing in the span; never without both parses."""
    mine, theirs = tree(case.statement), tree(case.said)
    if mine is None or theirs is None:
        return False
    pairs = case.alignment.pairs
    for at, thing in _owners(mine):
        if mine.tags[at].startswith("PRP"):
            continue
        if at not in pairs or thing not in pairs:
            return False
        spots = case.said.positions(theirs.low(pairs[at]))
        if not any(_owns(theirs, spot, pairs[thing]) for spot in spots):
            return False
    return True


def _owners(found: Tree) -> list[tuple[int, int]]:
    """(owner, thing): "the firm's unit", "the unit of the firm"."""
    owners = [(at, head) for at, head in enumerate(found.heads) if found.labels[at] == "poss"]
    of = [(at, found.heads[head]) for at, head in enumerate(found.heads) if found.labels[at] == "pobj"]
    return owners + [(at, thing) for at, thing in of if found.low(found.heads[at]) == "of"]


def _owns(theirs: Tree, owner: int, thing: int) -> bool:
    """Whether the span makes `owner` the owner of `thing`, by name or by "its" after a subject that only it can be."""
    if (owner, thing) in _owners(theirs):
        return True
    said = any(theirs.low(kid) in _OWN for kid in theirs.of(thing, "poss"))
    verb = next((above for above in theirs.above(thing) if theirs.verbal(above)), None)
    if not said or verb is None:
        return False
    deed = parties(theirs, verb)
    doers = deed.agents or deed.patients
    return len(doers) == 1 and owner in whole(theirs, doers) and thing not in whole(theirs, doers)
