"""A sentence as the gate reads it: words with their part, clauses, and who does what in each. No parser, no model.

The grammar is small: function words, the verb list, and where a word stands. Where it is unsure it says less, and the
rules that need more refuse. Readings are cached by text, for the writer asks about the same spans again and again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.gate import lexicon as lex
from pipeline.gate.clausing import boundaries, governors_of
from pipeline.gate.subjects import Predicate, antecedent, subject_of
from pipeline.gate.synonyms import lemma
from pipeline.gate.tagging import tag
from pipeline.gate.tokens import Word, fold, words_of
from pipeline.gate.verbs import FORMS

__all__ = ["Predicate", "Reading", "Word", "fold", "read", "titled"]


@dataclass(frozen=True, slots=True, eq=False)  # compared by identity: `read` keeps one per text
class Reading:
    """A text read once: folded text, words, clause number of each word, predicates, the preposition over each word."""

    text: str
    words: tuple[Word, ...]
    clauses: tuple[int, ...]
    predicates: tuple[Predicate, ...]
    governors: tuple[str, ...]
    lows: frozenset[str] = field(default_factory=frozenset)

    def positions(self, low: str) -> tuple[int, ...]:
        """Where a folded word stands."""
        return tuple(index for index, word in enumerate(self.words) if word.low == low)


def _predicates(words: list[Word], clauses: list[int], governors: list[str]) -> list[Predicate]:
    found: list[Predicate] = []
    for index, word in enumerate(words):
        copula = word.part == "auxiliary" and word.low in lex.BE | lex.HAVE | lex.DO and not _verb_ahead(words, index)
        if word.part == "verb" or copula:
            found.append(_predicate(words, clauses, governors, index, found))
    return found


def _verb_ahead(words: list[Word], index: int) -> bool:
    """Whether the auxiliary at `index` leads up to a later verb of its group."""
    for word in words[index + 1 : index + 6]:
        if word.part in ("verb", "auxiliary"):
            return True
        if word.part not in ("adverb", "negation"):
            return False
    return False


def _group_start(words: list[Word], index: int) -> int:
    """First word of the verb group that ends at `index`: auxiliaries, adverbs and negations before it."""
    first = index
    if [word.low for word in words[max(0, index - 2) : index]] in (["one", "day"], ["some", "day"]):
        first = index - 2 if index > 2 and words[index - 3].part == "auxiliary" else index  # "may one day fade"
    while first and (words[first - 1].part in ("auxiliary", "adverb", "negation") or words[first - 1].low == "to"):
        first -= 1
    while first < index and words[first].part == "adverb":
        first += 1
    return first


def _predicate(
    words: list[Word], clauses: list[int], governors: list[str], index: int, found: list[Predicate]
) -> Predicate:
    first = _group_start(words, index)
    group = [word.low for word in words[first:index]]
    low = words[index].low
    kinds = FORMS.get(low, {})
    be = any(item in lex.BE for item in group)
    participle = "part" in kinds or (low.endswith("ed") and not kinds)
    if words[index].part == "auxiliary":
        finite = "finite" if low not in ("be", "been", "being", "having") or group else "participle"
    elif "to" in group:
        finite = "infinitive"
    elif (low.endswith("ing") and not be) or (participle and not group and _reduced(words, clauses, index)):
        finite = "participle"
    else:
        finite = "finite"
    joined = bool(found) and found[-1].passive and not group and _coordinated(words, found[-1].at, index)
    passive = (
        participle
        and (be or finite == "participle" or joined)
        and words[index].part == "verb"
        and not any(item in lex.HAVE for item in group[-1:])
    )
    by = _by_agent(words, index) and participle and not group
    passive = passive or by
    finite = "participle" if by else finite
    subject, inherited = (
        (antecedent(words, index), False) if by else subject_of(words, clauses, governors, first, found)
    )
    negative = any(item in lex.NEGATIONS for item in group) or (
        index + 1 < len(words) and words[index + 1].part == "negation"
    )
    base = {
        "is": "be",
        "are": "be",
        "was": "be",
        "were": "be",
        "been": "be",
        "being": "be",
        "am": "be",
        "has": "have",
        "had": "have",
        "did": "do",
        "does": "do",
    }
    name = base.get(low, low) if words[index].part == "auxiliary" else lemma(low)
    return Predicate(
        index,
        name,
        finite,
        passive,
        be and (low.endswith("ing") or "being" in group),
        negative,
        clauses[index],
        first,
        subject,
        inherited,
    )


def _by_agent(words: list[Word], index: int) -> bool:
    """Whether a form right after a noun and before "by" and a doer is a passive participle: "the plan backed by X"."""
    if not index or index + 2 >= len(words) or words[index - 1].part != "noun" or words[index + 1].low != "by":
        return False
    return words[index + 2].part in ("noun", "determiner") and not any(
        word.part == "number" or word.low in ("half", "third", "quarter", "fifth")
        for word in words[index + 2 : index + 5]
    )


_TIMES = frozenset("last this next earlier yesterday today to".split())


def _coordinated(words: list[Word], before: int, index: int) -> bool:
    """Whether a bare participle goes on with the passive at `before`: "four were killed and 12 injured"."""
    joint = [
        word.low
        for word in words[before + 1 : index]
        if word.part in ("conjunction", "preposition", "verb") or word.low == ","
    ]
    if (
        joint[-1:] not in (["and"], ["than"], ["over"])
        or "and" not in joint
        or {"after", "when", "before", "as"} & set(joint)
    ):
        return False
    after = words[index + 1] if index + 1 < len(words) else None
    return after is None or after.part in ("mark", "preposition", "conjunction", "adverb", "relative")


def _reduced(words: list[Word], clauses: list[int], index: int) -> bool:
    """Whether a participle stands for a relative clause: another finite verb follows in the same clause."""
    before = words[index - 1] if index else None
    following = words[index + 1] if index + 1 < len(words) else None
    bare = following is not None and (following.part in ("preposition", "adverb") or following.low in _TIMES)
    if before is None:
        return True
    if before.part == "relative" or _of_relative(words, index):
        return False
    if before.part == "mark" and clauses[index] != clauses[index - 1] and bare:
        return True
    if before.part == "mark":
        return bare and any(
            clauses[at] == clauses[index]
            and words[at].part in ("verb", "auxiliary")
            and not words[at].low.endswith("ing")
            and (at < index or words[at - 1].low == ",")
            for at in range(len(words))
            if at != index
        )
    later = any(
        clauses[at] == clauses[index]
        and (
            words[at].part == "auxiliary"
            or (
                words[at].part == "verb"
                and not words[at].low.endswith("ing")
                and words[at - 1].part in ("noun", "mark", "adverb", "number")
            )
        )
        for at in range(index + 1, _attached_clause(words, index))
    )
    return bare and later


def _of_relative(words: list[Word], index: int) -> bool:
    """Whether the verb at `index` has its subject after "that" or "which": "a bill that the minister introduced"."""
    at = index - 1
    while (at >= 0 and words[at].part in ("noun", "number", "adverb")) or (
        at >= 0 and words[at].low in ("the", "a", "its")
    ):
        at -= 1
    return 0 < at < index - 1 and words[at].low in ("that", "which", "whom") and words[at - 1].part == "noun"


def _attached_clause(words: list[Word], index: int) -> int:
    """Where a "that" or a ", ruling" after `index` begins what hangs on the verb there; else the end."""
    for at in range(index + 1, len(words)):
        gerund = words[at].low == "," and at + 1 < len(words) and words[at + 1].low.endswith("ing")
        if words[at].low == "that" or (gerund and words[at + 1].part == "verb"):
            return at
    return len(words)


@lru_cache(maxsize=16384)
def read(text: str) -> Reading:
    """`text` read once."""
    folded = fold(text)
    words = tag(words_of(folded))
    clauses = boundaries(words)
    governors = governors_of(words)
    predicates = _predicates(words, clauses, governors)
    return Reading(
        folded,
        tuple(words),
        tuple(clauses),
        tuple(predicates),
        tuple(governors),
        frozenset(word.low for word in words),
    )


def titled(reading: Reading) -> bool:
    """Whether a text is set in title case, where a capital names nothing."""
    nouns = [word for word in reading.words if word.part in ("noun", "verb", "adverb")]
    return len(nouns) > 3 and sum(word.text[0].isupper() for word in nouns) >= 0.7 * len(nouns)
