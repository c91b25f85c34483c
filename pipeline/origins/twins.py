"""Twins: two claims told in nearly the same words, and what little they differ in.

Where almost every word is shared, the same thing is at stake, and a single differing number, day or denial is a
contradiction; two differing slots (another quarter and another figure) are two things. Bags of stems, no alignment: a
clause may stand elsewhere in the sentence. Everything is linear in the words of the two claims.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.claiming.assertions import Assertion, governing
from pipeline.domain import Claim, DateMention, Quantity
from pipeline.gate import synonyms
from pipeline.language import dates, quantities
from pipeline.language.words import is_stop, stem, tokens

_MOST = 150  # content words of both together: what has more is no sentence
_LEAST = 4  # content words that twins share
_UNION = 0.5  # share of all their words that both have
_INSIDE = 0.8  # share of the shorter one's words that the longer has
_SURE = 0.85  # share of all words from which two denials in one claim are more than another wording of one
_TEMPLATE = 0.6  # share from which the two have a template in common, though not all of what they say
_WORD = re.compile(r"(?:[A-Z]\.)+|[^\W\d_][\w'’-]*")
_TELLING = frozenset(  # who is told to have said it, and that it was said, make no difference between two claims
    stem(word)
    for word in "said say says told tell according report reports reported official officials sources source statement"
    " stated announced local media authorities police spokesperson spokesman spokeswoman added that".split()
)
_FIGURE = re.compile(r"\d[\d.,]*")
_REFUTED = re.compile(
    r"\b(?:not true|untrue|isn['’]t true|(?:is|are|was|were) false|no truth|den(?:y|ies|ied|ying)(?: \w+){0,2} that"
    r"|(?:den(?:y|ies|ied)|dismiss(?:es|ed)|reject(?:s|ed)|refut(?:es|ed)) (?:\w+ ){0,2}"
    r"(?:reports?|claims?|rumou?rs?|allegations?|suggestions?) (?:that|of))\b",
    re.IGNORECASE,
)
_VAGUE = frozenset({"back"})  # "sends back" backs nothing
_DENYING = ("un", "in", "im", "il", "ir", "dis", "non", "mis")
_OPPOSED = """
alive dead|survive die|safe dangerous|agree refuse|agree decline|welcome condemn|praise condemn|praise criticise
|praise criticize|uphold overturn|uphold quash|grant deny|grant refuse|ahead behind|victory defeat|win defeat|stay leave
|remain leave|true false|full empty|release detain|release jail|free jail|attend miss|attend skip|remember forget
|encourage discourage|appear vanish|love hate|friend enemy|peace war|deepen narrow|widen narrow|lengthen shorten
|extend shorten|inside outside|same different|weak strong|easy hard|cheap expensive|heavy light|fast slow|top bottom
|succeed miss|recover worsen|ratify reject|accept decline|endorse reject|back reject|pay owe|find lose|build demolish
|create destroy|arm disarm|invite exclude|hide reveal|defend criticise|defend criticize|support criticise|love loathe
|double halve|launch scrap|resume halt|continue stop|continue end|keep scrap|comply defy|obey defy|settle contest
"""


def _turns() -> frozenset[tuple[str, str]]:
    """Pairs of lemmas that turn a statement round, both ways."""
    pairs = [entry.split() for entry in _OPPOSED.replace("\n", "").split("|")]
    lemmas = [(synonyms.lemma(one), synonyms.lemma(two)) for one, two in pairs]
    return frozenset(lemmas) | frozenset((two, one) for one, two in lemmas)


_TURNS = _turns()


@dataclass(frozen=True, slots=True)
class Bare:
    """A claim without its figures and dates: content stems, folded words, and capitalised words inside the sentence."""

    stems: frozenset[str]
    words: frozenset[str]
    capitals: frozenset[str]


@dataclass(frozen=True, slots=True)
class Twins:
    """What is left on each side of two claims in nearly the same words."""

    shared: frozenset[str]
    amounts: tuple[tuple[Quantity, ...], tuple[Quantity, ...]]  # without an equal on the other side
    dates: tuple[tuple[DateMention, ...], tuple[DateMention, ...]]  # so, too
    alone: tuple[frozenset[str], frozenset[str]]  # folded content words that the other lacks
    likeness: float  # share of all their words that both have
    swapped: bool  # each names what the other does not
    close: bool  # close enough for what is left to be all that they differ in


@lru_cache(maxsize=10_000)
def bare(claim: Claim) -> Bare:
    """The words of `claim` that are no figure, no date and not who told it."""
    text = claim.text
    for span in sorted(
        [*(q.span for q in claim.quantities), *(d.span for d in claim.dates)], key=lambda span: -span.start
    ):
        text = f"{text[: span.start]}{' ' * (span.end - span.start)}{text[span.end :]}"
    folded = [word for word in tokens(text) if not is_stop(word) and not word[:1].isdigit() and len(word) > 1]
    kept = frozenset(word for word in folded if stem(word) not in _TELLING)
    found = list(_WORD.finditer(text))
    inside = [match.group() for at, match in enumerate(found) if at and match.group()[0].isupper()]
    titled = len(inside) > 0.6 * len(found)
    capitals = frozenset() if titled else frozenset(word for name in inside for word in tokens(name))
    return Bare(frozenset(stem(word) for word in kept), kept, capitals)


def twins(a: Assertion, b: Assertion) -> Twins | None:
    """How two claims differ that share nearly all their words; None where they do not, or name different things."""
    mine, theirs = bare(a.claim), bare(b.claim)
    shared = mine.stems & theirs.stems
    least, union = min(len(mine.stems), len(theirs.stems)), len(mine.stems | theirs.stems)
    if union > _MOST or len(shared) < _LEAST or len(shared) < _UNION * union or len(shared) < _TEMPLATE * least:
        return None
    swapped = bool(_strange(a, b) and _strange(b, a))
    alone = tuple(
        frozenset(word for word in one.words if stem(word) not in other.stems)
        for one, other in ((mine, theirs), (theirs, mine))
    )
    return Twins(
        shared,
        (_unmatched(a, b), _unmatched(b, a)),
        (_undated(a, b), _undated(b, a)),
        (alone[0], alone[1]),
        len(shared) / union,
        swapped,
        len(shared) >= _INSIDE * least,
    )


def _strange(one: Assertion, other: Assertion) -> bool:
    """Whether `one` has a capitalised word inside its sentence that `other` has nowhere."""
    told = set(tokens(other.claim.text))
    return any(word not in told for word in bare(one.claim).capitals)


def _unmatched(one: Assertion, other: Assertion) -> tuple[Quantity, ...]:
    """Amounts of `one` that no amount of `other` can be; each of these stands for one, those of the same unit first."""
    mine, left = ([amount.quantity for amount in side.amounts] for side in (one, other))
    for equal in (_identical, quantities.same_amount, _like_valued):
        open_ = []
        for amount in mine:
            partner = next((two for two in left if equal(amount, two)), None)
            if partner is None:
                open_.append(amount)
            else:
                left.remove(partner)
        mine = open_
    return tuple(mine)


def _identical(a: Quantity, b: Quantity) -> bool:
    """Whether two amounts are of one value and unit."""
    return a.value == b.value and a.unit == b.unit


def _like_valued(a: Quantity, b: Quantity) -> bool:
    """Whether two amounts have one figure, and at most one of them a unit of measure: "a boy, 14" is "14-year-old"."""
    figure, other = _FIGURE.findall(a.text), _FIGURE.findall(b.text)
    return a.unit != b.unit and (
        a.value == b.value or (bool(figure) and figure == other and not (a.step and b.step > 1))
    )


def _undated(one: Assertion, other: Assertion) -> tuple[DateMention, ...]:
    """Dates of `one` that no date of `other` is or refines; each of these stands for one, equal ones first."""
    left, open_ = list(other.claim.dates), []
    for mine in one.claim.dates:
        equal = next((two for two in left if two.value == mine.value), None)
        if equal:
            left.remove(equal)
        else:
            open_.append(mine)
    found = []
    for mine in open_:
        finer = next((two for two in left if dates.compatible(mine, two)), None)
        if finer:
            left.remove(finer)
        else:
            found.append(mine)
    return tuple(found)


def one_slot(found: Twins, which: str) -> bool:
    """Whether numbers ("amounts") or "dates" are all that twins differ in: one on each side, none of the other."""
    mine, theirs = found.amounts if which == "amounts" else found.dates
    rest = found.dates if which == "amounts" else found.amounts
    return len(mine) == len(theirs) == 1 and not (rest[0] and rest[1])


def two_slots(found: Twins) -> bool:
    """Whether both a number and a date (or a rank, "first quarter") differ: figures of two periods."""
    ordinal = [[one for one in side if one.unit == "ordinal"] for side in found.amounts]
    other = [len(side) > len(ranks) for side, ranks in zip(found.amounts, ordinal, strict=True)]
    return all(other) and (all(found.dates) or all(ordinal))


def says_alike(a: Assertion, b: Assertion, found: Twins) -> bool:
    """Whether twins give the same figures and dates and deny the same, so that only who speaks can differ."""
    return not any(side for pair in (found.amounts, found.dates) for side in pair) and not denied(a, b, found)


def replaced(found: Twins, near: tuple[frozenset[str], frozenset[str]]) -> bool:
    """Whether each side has a content word near its amount that means nothing the other says: another measure.

    `near` holds the stems that stand close to the amount on each side.
    """
    mine, theirs = found.alone
    strange = [
        [word for word in one if stem(word) in close and not any(synonyms.same(word, two) for two in other)]
        for one, close, other in ((mine, near[0], theirs), (theirs, near[1], mine))
    ]
    return bool(strange[0] and strange[1])


def turned(found: Twins) -> tuple[str, str] | None:
    """The one word of each side that is the opposite of the other's; None where there is no such pair."""
    mine, theirs = found.alone
    pairs = sorted((one, two) for one in mine for two in theirs if _opposite(one, two) and not {one, two} & _VAGUE)
    return pairs[0] if pairs else None


def _opposite(one: str, two: str) -> bool:
    """Whether two folded words are opposites: by the gate's table, by the one here, or by a prefix that denies."""
    short, long = sorted((one, two), key=len)
    if long in {prefix + short for prefix in _DENYING}:
        return True
    return synonyms.opposite(one, two) or (synonyms.lemma(one), synonyms.lemma(two)) in _TURNS


def denied(a: Assertion, b: Assertion, found: Twins) -> bool:
    """Whether exactly one of two twins denies what they share: the negations of it on both sides are odd in number."""
    if a.denied and b.denied and found.likeness < _SURE:
        return False
    mine, theirs = (_denials(one.claim.text, found) for one in (a, b))
    return (mine - theirs) % 2 == 1


def _denials(text: str, found: Twins) -> int:
    """How many negations of a text govern a word that the other side has, too, or has in another form."""
    other = found.alone[0] | found.alone[1]
    return sum(
        stem(word) in found.shared or any(word != two and synonyms.same(word, two) for two in other)
        for word in governing(text, until=True)
    )


@lru_cache(maxsize=4096)
def _refutes(text: str) -> bool:
    return _REFUTED.search(text) is not None


def refuted(a: Assertion, b: Assertion) -> bool:
    """Whether one claim calls untrue, as a whole, what the other states: "It is not true that", "are false"."""
    one, other = (_refutes(side.claim.text) for side in (a, b))
    if one == other:
        return False
    denies, states = (a, b) if one else (b, a)
    if _strange(a, b) and _strange(b, a):
        return False
    text, cue = denies.claim.text, _REFUTED.search(denies.claim.text)
    rest = text[cue.end() :] if cue and (cue.start() == 0 or cue.group().endswith(("that", "of"))) else text
    said, told = bare(states.claim).stems, frozenset(map(stem, tokens(rest))) & bare(denies.claim).stems
    return len(said) >= _LEAST and len(said & told) >= _INSIDE * len(said) and not states.negated
