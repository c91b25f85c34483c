"""How things stand by a tree: what is denied (the verb over "not", the noun after "no"); the modal over a verb."""

from __future__ import annotations

from pipeline.gate import lexicon as lex
from pipeline.gate.case import Case
from pipeline.gate.synonyms import lemma
from pipeline.gate.syntax.trees import Tree, tree

_TURNING = frozenset(lemma(verb) for verb in lex.DENIAL_VERBS)


def denied(tree_: Tree) -> list[int]:
    """The words that negations of a tree deny, one as often as it is denied."""
    found = []
    for at, word in enumerate(tree_.reading.words):
        if word.low not in lex.NEGATIONS and word.part != "negation":
            continue
        below = tree_.of(at, "pobj", "pcomp")
        over = tree_.heads[at]
        while tree_.tags[over].startswith("RB") and tree_.heads[over] != over:
            over = tree_.heads[over]  # "no longer", "not yet"
        found.append(below[0] if below else over)
    return found


def denies_alike(case: Case) -> bool:
    """Whether a statement denies just what its span denies of the words that it takes over; never where a verb such as
    "reject" has no counterpart, or where either text cannot be parsed."""
    mine, theirs = tree(case.statement), tree(case.said)
    if mine is None or theirs is None:
        return False
    pairs = case.alignment.pairs
    kept = set(pairs.values())
    told = denied(mine)
    if any(at not in pairs for at in told):
        return False
    if sorted(pairs[at] for at in told) != sorted(at for at in denied(theirs) if at in kept):
        return False
    turning = {target for target, word in enumerate(case.said.words) if lemma(word.low) in _TURNING}
    own = {at for at, word in enumerate(case.statement.words) if lemma(word.low) in _TURNING}
    return own <= pairs.keys() and {pairs[at] for at in own} == turning & kept and _complete(theirs, turning, kept)


def _complete(theirs: Tree, turning: set[int], kept: set[int]) -> bool:
    """Whether nothing is kept of what a verb such as "reject" turns round while that verb itself is left out."""
    below = {kid for at in turning - kept for one in theirs.kids[at] for kid in (one, *theirs.kids[one])}
    return not below & kept


_WILL = frozenset({"will", "ll", "shall", "'ll"})
_UNSURE = (lex.POSSIBLE | lex.HEARSAY | frozenset("likely unlikely expected due set".split())) - lex.MODALS
_FORESEEING = frozenset(lemma(word) for word in lex.PLANNING | lex.POSSIBLE)


def modal(tree_: Tree, at: int, depth: int = 0) -> str:
    """The modal over a verb, that of the verb that it is joined with included: "will step down and be succeeded"."""
    own = next((tree_.low(kid) for kid in tree_.of(at, "aux") if tree_.tags[kid] == "MD"), "")
    bare = not tree_.of(at, "nsubj", "nsubjpass") and (tree_.tags[at] == "VB" or bool(_be(tree_, at)))
    joint = tree_.labels[at] == "conj" and tree_.verbal(tree_.heads[at]) and depth < 4
    return own or (modal(tree_, tree_.heads[at], depth + 1) if joint and bare else "")


def _be(tree_: Tree, at: int) -> list[int]:
    return [kid for kid in tree_.of(at, "auxpass", "aux") if tree_.low(kid) == "be"]


def firm_alike(case: Case, told: bool) -> bool:
    """Whether every verb that the statement takes over stands under the same modal as in the span, "would" under
    something `told` being the "will" of the telling, and nothing in the span makes unsure what it is said of."""
    mine, theirs = tree(case.statement), tree(case.said)
    if mine is None or theirs is None or case.said.lows & _UNSURE - case.statement.lows:
        return False
    pairs = case.alignment.pairs
    verbs = [at for at in range(len(mine.heads)) if mine.verbal(at) and mine.labels[at] not in _HELPING]
    if any(pairs.get(at) is None or not _main(theirs, pairs[at]) for at in verbs):
        return False
    judged = [(at, pairs[at]) for at in verbs]
    kept = set(pairs.values())
    return all(
        _same_modal(modal(mine, at), modal(theirs, target), told)
        and _aspect(mine, at) == _aspect(theirs, target)
        and not _foreseen(theirs, target, kept)
        for at, target in judged
    )


_HELPING = ("aux", "auxpass")


def _main(theirs: Tree, at: int) -> bool:
    """Whether a word is a verb, and no auxiliary."""
    return theirs.verbal(at) and theirs.labels[at] not in _HELPING


def _aspect(tree_: Tree, at: int) -> str:
    """Whether a verb is told as to be done, going on, or otherwise (done, or under a modal)."""
    lead = {tree_.low(kid) for kid in tree_.of(at, "aux")}
    if "to" in lead:
        return "to do"
    return "going on" if tree_.tags[at] == "VBG" and lead & lex.BE else ""


def _same_modal(mine: str, theirs: str, told: bool) -> bool:
    both_come = mine in _WILL and (theirs in _WILL or (theirs == "would" and told))
    return mine == theirs or both_come


def _foreseen(theirs: Tree, at: int, kept: set[int]) -> bool:
    """Whether a verb hangs on one of planning that is left out."""
    return any(
        above not in kept and lemma(theirs.low(above)) in _FORESEEING
        for above in theirs.above(at)
        if theirs.labels[at] in ("xcomp", "ccomp", "acl", "conj", "advcl")
    )
