"""A sentence as the gate reads it: words with their part, clauses, and who does what in each. No parser, no model.

The grammar is small: function words, the verb list, and where a word stands. Where it is unsure it says less, and the
rules that need more refuse. Readings are cached by text, for the writer asks about the same spans again and again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.gate import lexicon as lex
from pipeline.gate.clausing import boundaries, governors_of
from pipeline.gate.synonyms import lemma
from pipeline.gate.tagging import tag
from pipeline.gate.tokens import Word, fold, words_of
from pipeline.gate.verbs import FORMS

__all__ = ["Predicate", "Reading", "Word", "fold", "read", "titled"]


@dataclass(frozen=True, slots=True)
class Predicate:
    """A verb with its grammar. Indices are into `Reading.words`; `level` as in `levels`: 0 fact .. 4 possibility."""

    at: int
    lemma: str
    finite: str  # finite, participle, infinitive
    passive: bool
    progressive: bool
    negative: bool
    clause: int
    first: int  # first word of the verb group
    subject: tuple[int, ...]  # base words of the subject
    inherited: bool = False  # the subject is that of an earlier verb


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
    subject, inherited = (_antecedent(words, index), False) if by else _subject(words, clauses, governors, first, found)
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


def _attached_clause(words: list[Word], index: int) -> int:
    """Where a "that" or a ", ruling" after `index` begins what hangs on the verb there; else the end."""
    for at in range(index + 1, len(words)):
        gerund = words[at].low == "," and at + 1 < len(words) and words[at + 1].low.endswith("ing")
        if words[at].low == "that" or (gerund and words[at + 1].part == "verb"):
            return at
    return len(words)


def _subject(
    words: list[Word], clauses: list[int], governors: list[str], first: int, found: list[Predicate]
) -> tuple[tuple[int, ...], bool]:
    """Base words before a verb group in its clause, or those of the verb before where the clause has none."""
    clause = clauses[first]
    start = next((item.at + 1 for item in reversed(found) if item.clause == clause and item.finite != "participle"), 0)
    region = [at for at in range(start, first) if clauses[at] == clause]
    marker = max(
        (at for at in region if words[at].part == "relative" or words[at].low in ("whether", "if")), default=-1
    )
    accompanied = _accompanied(words, governors, first)
    if accompanied:
        return accompanied, False
    pointed = _pointed_at(words, clauses, first, region, marker)
    if pointed:
        return pointed, True
    region = [at for at in region if at > marker]
    base = _base(words, governors, region)
    previous = next((item for item in reversed(found) if item.finite == "finite"), found[-1] if found else None)
    outer = _before_marker(words, clauses, governors, clause, found) if marker < 0 else ()
    if previous is not None and _shares(words, first, region, base):
        return previous.subject, True
    if outer and words[first].part == "auxiliary":
        return outer, False
    if previous is not None and previous.clause == clause and previous.finite == "finite" and _is_object(words, region):
        return previous.subject, True
    return base, False


def _accompanied(words: list[Word], governors: list[str], first: int) -> tuple[int, ...]:
    """The subject of "with spending rising": the nouns under that "with"."""
    if not words[first].low.endswith("ing") or not first or governors[first - 1] != "with":
        return ()
    start = first
    while start and words[start - 1].low != "with":
        start -= 1
    return tuple(at for at in range(start, first) if words[at].part in ("noun", "number"))


def _pointed_at(words: list[Word], clauses: list[int], first: int, region: list[int], marker: int) -> tuple[int, ...]:
    """What a relative clause or an aside (", built by X,") is about; empty where the verb has a subject of its own."""
    if not region:
        opens = first > 0 and clauses[first - 1] != clauses[first] and words[first - 1].low == ","
        return _antecedent(words, first - 1) if opens and first == clauses.index(clauses[first]) else ()
    relative = marker >= 0 and words[marker].part == "relative"
    if relative and all(words[at].part == "adverb" for at in range(marker + 1, first)):
        return _antecedent(words, marker)
    return ()


def _shares(words: list[Word], first: int, region: list[int], base: tuple[int, ...]) -> bool:
    """Whether a verb group goes on with the subject before it: "to ...", ", killing ...", "and has ..."."""
    gerund = words[first].low.endswith("ing") and first > 0 and words[first - 1].low == ","
    joined = bool(region) and all(words[at].part in ("conjunction", "mark", "adverb", "preposition") for at in region)
    return words[first].low == "to" or gerund or not base or joined


def _before_marker(
    words: list[Word], clauses: list[int], governors: list[str], clause: int, found: list[Predicate]
) -> tuple[int, ...]:
    """The subject that a "whether" or "that" clause parts from its verb: "the question whether X paid was put"."""
    if not found or found[-1].clause != clause:
        return ()
    marker = next(
        (at for at in range(found[0].first) if words[at].low in ("whether", "that") and clauses[at] == clause), None
    )
    if marker is None or any(item.at < marker for item in found):
        return ()
    return _base(words, governors, [at for at in range(marker) if clauses[at] == clause])


def _is_object(words: list[Word], region: list[int]) -> bool:
    """Whether the words between two verbs of one clause are the object of the first ("sold X and bought")."""
    return not any(words[at].part in ("relative",) or words[at].low in ("that",) for at in region) and (
        not region
        or (
            words[region[-1]].part in ("conjunction", "preposition", "mark", "noun", "number")
            and any(words[at].part in ("conjunction",) or words[at].low == "to" for at in region[-2:])
        )
    )


def _antecedent(words: list[Word], at: int) -> tuple[int, ...]:
    """The run of nouns that a relative pronoun at `at` points back to."""
    found: list[int] = []
    index = at - 1
    while index >= 0 and (words[index].part in ("noun", "number", "determiner", "preposition") or not found):
        if words[index].part in ("verb", "auxiliary"):
            break
        if words[index].part in ("noun", "number"):
            found.append(index)
        index -= 1
    return tuple(reversed(found))


def _base(words: list[Word], governors: list[str], region: list[int]) -> tuple[int, ...]:
    """Words of a noun phrase that no preposition or participle governs; "40% of X" and "dozens of X" keep X."""
    kept: list[int] = []
    zone = False
    region = _without_aside(words, region)
    for at in region:
        word = words[at]
        if word.part == "mark" and word.low in (",", "-", "--", "(", ")"):
            zone = False
        elif (
            (word.part == "preposition" and word.low != "of")
            or (word.low == "of" and not (kept and _partitive(words, kept[-1], at)))
            or word.part == "verb"
        ):
            zone = True
        elif not zone and word.part in ("noun", "number", "pronoun", "adverb"):
            kept.append(at)
    if not any(words[at].part in ("noun", "pronoun") for at in kept):
        kept = [at for at in region if words[at].part in ("noun", "number", "pronoun")]
    return tuple(kept)


def _without_aside(words: list[Word], region: list[int]) -> list[int]:
    """A subject without the apposition between its commas: "Ann Lee, a Republican from Ohio, voted"."""
    commas = [at for at in region if words[at].low == ","]
    if len(commas) < 2 or any(words[at].low in ("and", "or") for at in region) or commas[0] == region[0]:
        return region
    inside = [at for at in region if commas[0] < at < commas[-1]]
    if inside and words[inside[0]].low in ("a", "an"):
        return [at for at in region if at < commas[0] or at > commas[-1]]
    return region


def _partitive(words: list[Word], last: int, of: int) -> bool:
    """Whether "of" at `of` follows a count or share, so that the noun after it is the head."""
    low = words[of - 1].low
    return (
        low
        in (
            "%",
            "percent",
            "cent",
            "dozens",
            "hundreds",
            "thousands",
            "millions",
            "billions",
            "half",
            "third",
            "quarter",
            "majority",
            "most",
            "some",
            "many",
            "one",
            "number",
            "group",
            "pair",
            "ten",
            "all",
            "each",
            "none",
        )
        or low.isdigit()
    )


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
