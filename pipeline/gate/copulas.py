"""What "is", "has" and verbs without counterpart join: the same things are joined in the span, the same way round."""

from __future__ import annotations

from pipeline.gate.case import Case, Fault, contradicted, unsupported
from pipeline.gate.doers import following
from pipeline.gate.parties import elsewhere, heads_of, mapped
from pipeline.gate.reading import Predicate
from pipeline.gate.substance import spoken


def joined(case: Case, predicate: Predicate) -> Fault | None:
    """A light verb ("is", "has") or one without counterpart: what it joins must be joined in the span the same way."""
    statement, said = case.statement, case.said
    if any(spoken(case, statement.words[at].low) for at in predicate.subject):
        return None
    before = mapped(case, list(predicate.subject))
    after = mapped(case, following(statement, predicate))
    if not before or not after:
        return None
    for item in said.predicates:
        if said.words[item.at].part != "auxiliary" and item.lemma not in ("be", "have", "become", "remain"):
            continue
        left, right = list(item.subject), following(said, item)
        swapped = [at for at, target in before if target in right and not elsewhere(case, at, left)]
        moved = [at for at, target in after if target in left and not elsewhere(case, at, right)]
        if swapped and moved:
            return contradicted(
                f"the span puts {statement.words[swapped[0]].text} and {statement.words[moved[0]].text}"
                " the other way round"
            )
    joined = [item for item in said.predicates if any(target in item.subject for _, target in after)]
    heads = [target for at, target in before if statement.words[at].capital and said.words[target].capital]
    if (
        heads
        and joined
        and not any(
            target in item.subject or any(target in doer for doer in (item.subject,))
            for target in heads
            for item in said.predicates
        )
        and not _near(case, heads, [target for _, target in after])
    ):
        return unsupported(f"the span does not say this of {statement.words[before[0][0]].text}")
    return _clause_subject(case, predicate, before, after)


def _clause_subject(
    case: Case, predicate: Predicate, before: list[tuple[int, int]], after: list[tuple[int, int]]
) -> Fault | None:
    """What is said of the subject must stand in a clause of the span whose subject it is, or right beside it."""
    said = case.said
    heads = [target for _, target in heads_of(case, before)]
    rest = [target for _, target in after]
    for item in said.predicates:
        zone = [*item.subject, *following(said, item)]
        if any(
            target in item.subject or said.words[target].low in {said.words[at].low for at in item.subject}
            for target in heads
        ) and any(target in zone for target in rest):
            return None
    if _near(case, heads, rest) or not said.predicates:
        return None
    return unsupported(f"the span does not say this of {case.statement.words[before[0][0]].text}")


def _near(case: Case, heads: list[int], rest: list[int]) -> bool:
    """Whether the two stand side by side in the span (an apposition, an attribute)."""
    return any(
        abs(head - other) <= 6 and case.said.clauses[head] == case.said.clauses[other]
        for head in heads
        for other in rest
    )
