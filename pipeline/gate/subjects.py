"""Whose verb it is: the subject of each verb of a sentence, found by where words stand."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.gate.tokens import Word
from pipeline.gate.verbs import FORMS


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


def subject_of(  # noqa: PLR0911 - one return per rule
    words: list[Word], clauses: list[int], governors: list[str], first: int, found: list[Predicate]
) -> tuple[tuple[int, ...], bool]:
    """Base words before a verb group in its clause, or those of the verb before where the clause has none."""
    if words[first].low == "to" and first > 1 and words[first - 1].low in _OPEN_TO and words[first - 2].part == "noun":
        return antecedent(words, first - 1), False
    if first > 2 and words[first - 2].low in _PERSONAL and words[first - 3].low in ("that", "which", "who"):
        return antecedent(words, first - 3), False  # "a chip that it says uses less power"
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


_PERSONAL = ("it", "he", "she", "they")
_OPEN_TO = frozenset("able unable likely unlikely willing ready eligible".split())  # "an enzyme able to break it down"


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
        return antecedent(words, first - 1) if opens and first == clauses.index(clauses[first]) else ()
    relative = marker >= 0 and words[marker].part == "relative"
    if relative and all(words[at].part == "adverb" for at in range(marker + 1, first)):
        return antecedent(words, marker)
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


def antecedent(words: list[Word], at: int) -> tuple[int, ...]:
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
    region = _without_day(words, _without_aside(words, region))
    for at in region:
        word = words[at]
        if word.part == "mark" and word.low in (",", "-", "--", "(", ")"):
            zone = False
        elif _limits_number(words, at):
            continue
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


_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())


def _without_day(words: list[Word], region: list[int]) -> list[int]:
    """A subject without the day before it: "On Tuesday the commission proposed"."""
    dated = len(region) > 2 and words[region[0]].low == "on" and words[region[1]].low in _DAYS
    if dated:
        return region[2:]
    comma = next((at for at in region if words[at].low == ","), None)
    doing = bool(region) and region[0] == 0 and "ing" in FORMS.get(words[0].low, {})  # "Citing costs, the firm closed"
    timed = len(region) > 3 and (
        words[region[0]].part == "number"
        and words[region[1]].low.rstrip("s") in _SPANS
        and words[region[2]].low in _SIDES
    )
    rest = [at for at in region if comma is not None and at > comma]
    return rest if (timed or doing) and any(words[at].part in ("noun", "pronoun") for at in rest) else region


_SPANS = frozenset("second minute hour day week month year decade season century".split())
_SIDES = frozenset("after before into since".split())  # "Three years after the request, the museum ..."


def _limits_number(words: list[Word], at: int) -> bool:
    """Whether a preposition only says how near a number is: "about 1,400 nurses", "over half"."""
    limiting = words[at].low in ("about", "around", "over", "under", "above", "below")
    after = words[at + 1] if at + 1 < len(words) else None
    return limiting and after is not None and (after.part == "number" or after.low in ("$", "half", "£", "€"))


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
            "city",
            "town",
            "village",
            "province",
            "county",
            "region",
            "municipality",
        )
        or low.isdigit()
    )
