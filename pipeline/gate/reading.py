"""A sentence as the gate reads it: words with their part, clauses, and who does what in each. No parser, no model.

The grammar is small: function words, the verb list, and where a word stands. Where it is unsure it says less, and the
rules that need more refuse. Readings are cached by text, for the writer asks about the same spans again and again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.gate import lexicon as lex
from pipeline.gate.synonyms import lemma
from pipeline.gate.verbs import FORMS

_FOLD = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "–": "-",
        "—": "-",
        "−": "-",
        "\u00a0": " ",
        "‑": "-",
    }
)
_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}|\d+(?:[.,:]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*(?:&[^\W\d_]+)?|n't|-{1,2}|[;:,.?!()\[\]\"/%$€£¥+&]|[^\s\w]",
    re.UNICODE,
)
_CAPITALS = {
    "US": "usa",
    "U.S.": "usa",
    "USA": "usa",
    "U.S.A.": "usa",
    "WHO": "who-un",
    "IT": "it-trade",
}  # no pronouns
_NOT = re.compile(r"^(.+)n't$")


def fold(text: str) -> str:
    """`text` with straight quotation marks and plain dashes; the same length, so offsets hold."""
    return text.translate(_FOLD)


@dataclass(frozen=True, slots=True)
class Word:
    """One token. `low` is folded without possessive; `part` is one of the parts of speech that `_tag` knows."""

    text: str
    low: str
    start: int
    end: int
    part: str
    capital: bool = False
    possessive: bool = False

    @property
    def content(self) -> bool:
        """Whether the word says something of its own."""
        return self.part in ("noun", "verb", "adverb") and self.low not in lex.FREE


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


def _split(text: str) -> list[tuple[str, int, int]]:
    """Tokens with offsets; "don't" is two, hyphenated compounds are their parts."""
    tokens = []
    for match in _TOKEN.finditer(text):
        piece, start, end = match.group(), match.start(), match.end()
        negated = _NOT.match(piece.lower())
        if negated and len(piece) > 3:
            cut = end - 3
            stem = {"wo": "will", "ca": "can", "sha": "shall"}.get(negated.group(1), piece[: cut - start])
            tokens += [(stem, start, cut), ("n't", cut, end)]
        else:
            tokens.append((piece, start, end))
    return tokens


def _plain(piece: str) -> tuple[str, bool]:
    """Folded form without possessive ending and dots, and whether it was possessive."""
    low = _CAPITALS.get(piece.removesuffix("'s"), piece.lower())
    if piece.removesuffix("'s") in _CAPITALS:
        return low, piece.endswith("'s")
    if (
        len(low) > 2
        and low.endswith("'s")
        and low not in ("it's", "he's", "she's", "that's", "there's", "let's", "what's")
    ):
        return low[:-2].replace(".", ""), True
    if "'" in low and low != "n't":
        head, _, tail = low.partition("'")
        if tail in ("s", "re", "ve", "ll", "d", "m"):
            return head, False
    return (low.replace(".", "") if len(low) > 1 else low), False


def _words(text: str) -> list[Word]:
    """Tokens as words with a first guess of their part: closed classes, numbers, marks, else "open"."""
    found = []
    for piece, start, end in _split(text):
        low, possessive = _plain(piece)
        after = text[end : end + 1] == "'" and low.endswith("s") and text[end + 1 : end + 2] == " "
        found.append(Word(piece, low, start, end, _closed(low, piece), piece[0].isupper(), possessive or after))
    return found


def _closed(low: str, piece: str) -> str:
    """The part of a word that belongs to a closed class."""
    if not low or not (low[0].isalnum() or low == "n't"):
        return "mark"
    if low[0].isdigit():
        return "number"
    if low in lex.NEGATIONS:
        return "negation"
    if low in lex.AUXILIARIES and not (low == "may" and piece[0].isupper() or low in ("can't",)):
        return "auxiliary"
    if low in lex.CONJUNCTIONS:
        return "conjunction"
    if low in lex.RELATIVES:
        return "relative"
    if low in lex.DETERMINERS:
        return "determiner"
    if low in lex.PREPOSITIONS:
        return "preposition"
    if low == "one":
        return "number"
    if low in lex.PRONOUNS:
        return "pronoun"
    return "open"


_NOMINAL = ("noun", "pronoun", "number", "relative")


def _tag(words: list[Word]) -> list[Word]:
    """Parts of the open words, left to right: verb, adverb or noun (which stands for adjectives and names too)."""
    tagged: list[Word] = []
    for index, word in enumerate(words):
        part = word.part
        if part == "open":
            part = "verb" if _is_verb(tagged, words, index) else "adverb" if _is_adverb(word.low) else "noun"
        tagged.append(
            word
            if part == word.part
            else Word(word.text, word.low, word.start, word.end, part, word.capital, word.possessive)
        )
    return tagged


def _is_adverb(low: str) -> bool:
    return (
        low.endswith("ly")
        and len(low) > 4
        and low not in ("family", "supply", "reply", "assembly", "july", "italy", "ally", "monopoly", "early")
    )


def _before(tagged: list[Word]) -> Word | None:
    """The nearest word to the left that is neither adverb nor negation."""
    return next((word for word in reversed(tagged) if word.part not in ("adverb", "negation")), None)


def _is_verb(tagged: list[Word], words: list[Word], index: int) -> bool:
    """Whether the open word at `index` is a verb where it stands."""
    word = words[index]
    kinds = FORMS.get(word.low, {})
    regular = word.low.endswith("ed") and len(word.low) > 4 and not kinds
    before = _before(tagged)
    gerund = word.low.endswith("ing") and before is not None and before.low in lex.BE
    if not (kinds or regular or gerund) or word.possessive:
        return False
    after = words[index + 1] if index + 1 < len(words) else None
    if before is not None and (before.part == "auxiliary" or before.low == "to"):
        return _after_auxiliary(word, before, kinds, regular, after)
    if word.capital and index and words[index - 1].part != "mark":
        return False  # a name inside the sentence
    if "past" in kinds or "part" in kinds or regular:
        return _past_stands(before, after, words, index)
    if "ing" in kinds:
        return _ing_stands(before, after)
    return _present_stands(word, before, after, kinds, tagged)


def _after_auxiliary(word: Word, before: Word, kinds: Mapping[str, str], regular: bool, after: Word | None) -> bool:
    known = set(kinds)
    if before.low in lex.BE:
        return bool(known & {"ing", "part"}) or regular or (word.low.endswith("ing") and len(word.low) > 5)
    if before.low in lex.HAVE:
        return bool(known & {"part"}) or regular
    if before.low == "to" and "base" in known:
        return not word.capital and not (after is not None and after.part == "open" and "s" in known)
    return "base" in known


def _past_stands(before: Word | None, after: Word | None, words: list[Word], index: int) -> bool:
    if before is None:
        return after is not None and after.low in ("by", "in", "with", "on", "as", "to")
    if before.part == "verb" and before.low not in lex.BE:
        return after is not None and after.part in ("preposition",) and FORMS.get(before.low) is None
    if (
        before.part in ("determiner", "preposition", "number")
        and after is not None
        and after.part in ("open", "noun", "number")
    ):
        return False
    if before.part in ("determiner",):
        return False
    if before.possessive:
        return False
    return before.part in (*_NOMINAL, "mark", "conjunction", "adverb")


def _ing_stands(before: Word | None, after: Word | None) -> bool:
    if before is None or (before.part in ("determiner",)) or before.possessive:
        return False
    if after is None or after.part in ("mark", "conjunction", "auxiliary"):
        return False
    return before.part in ("preposition", "conjunction", "mark", *_NOMINAL) and (
        after.part in ("determiner", "number", "preposition", "pronoun", "open", "adverb")
    )


def has_verb(tagged: list[Word]) -> bool:
    """Whether a verb stands among the words read so far."""
    return any(item.part == "verb" or item.low in lex.BE | lex.MODALS for item in tagged)


def _present_stands(
    word: Word, before: Word | None, after: Word | None, kinds: Mapping[str, str], tagged: list[Word]
) -> bool:
    if (
        before is None
        or before.part in ("determiner", "preposition", "number", "verb", "conjunction")
        or before.possessive
    ):
        if before is None or before.part != "conjunction":
            return False
    if after is None:
        return bool(before and before.part in _NOMINAL) and word.low in lex_says()
    follows = (
        after.part in ("determiner", "number", "pronoun", "relative", "adverb", "negation")
        or after.low in ("to", "that", '"', "more", "less")
        or after.capital
    )
    held = after.part in ("preposition", "mark")
    if before.part == "mark" and before.low != ",":
        return follows
    plural = before.low.endswith("s") or before.low in (
        "they",
        "we",
        "i",
        "you",
        "people",
        "who",
        "that",
        "which",
        "police",
        "officials",
    )
    third = "s" in kinds
    leads = FORMS.get(after.low, {}).keys() & {"base", "past"} and not after.capital
    if third and before.capital and not has_verb(tagged) and after.part == "open" and not leads:
        return True
    agrees = (third and not plural) or (not third and plural) or before.low in ("who", "that", "which")
    if follows:
        return agrees or (third and not has_verb(tagged))
    return agrees and held and not has_verb(tagged) and (before.capital or before.part == "pronoun" or third)


@lru_cache(maxsize=1)
def lex_says() -> frozenset[str]:
    """Forms of reporting verbs that end a sentence ("..., X says")."""
    return frozenset(form for form, kinds in FORMS.items() if set(kinds.values()) & lex.REPORTING)


# --- clauses ---------------------------------------------------------------------------------------------------------


def _boundaries(words: list[Word]) -> list[int]:
    """Clause number of each word: a new clause where a mark or conjunction parts two stretches that both hold a verb."""
    numbers: list[int] = []
    current, top, start, resume = 0, 0, 0, -1
    outer = 0
    for index in range(len(words)):
        if index == resume:
            current, start = outer, index
        end = _aside(words, index)
        if end:
            outer, top, resume = current, top + 1, end
            current, start = top, index
        elif (
            index and index > resume and _opens(words, index) and _verbal(words[start:index]) and _verbal(words[index:])
        ):
            top += 1
            current, start = top, index
        numbers.append(current)
    return numbers


def _aside(words: list[Word], index: int) -> int:
    """Where a clause such as ", who took office in May," that starts at `index` ends; 0 where none does."""
    if not index or words[index - 1].low != ",":
        return 0
    participle = words[index].part == "verb" and "past" not in _only_past(words[index].low) and _passive_after(words, index)
    if words[index].low not in ("who", "which", "whose", "where") and not participle:
        return 0
    for at in range(index + 2, len(words) - 1):
        if words[at].low == "," and words[at + 1].part in ("verb", "auxiliary", "adverb"):
            return at
    return 0


def _only_past(low: str) -> tuple[str, ...]:
    """("past",) for a form that is a past tense and no participle."""
    kinds = FORMS.get(low, {})
    return ("past",) if "past" in kinds and "part" not in kinds else ()


def _passive_after(words: list[Word], index: int) -> bool:
    """Whether a participle at `index` opens an aside: what follows it is "by", "in" or another preposition."""
    low, after = words[index].low, words[index + 1] if index + 1 < len(words) else None
    form = "part" in FORMS.get(low, {}) or low.endswith("ed")
    return form and after is not None and after.part in ("preposition", "adverb")


def _verbal(words: list[Word]) -> bool:
    return any(word.part in ("verb", "auxiliary") for word in words)


def _opens(words: list[Word], index: int) -> bool:
    word, before = words[index], words[index - 1]
    if word.low in (";", ":") or (word.low in ("-", "--") and word.start > before.end):
        return True
    if word.part == "conjunction" and word.low not in ("or", "nor", "so", "yet"):
        return word.low not in ("and", "but") or before.low == "," or _subject_follows(words, index)
    if word.low in ("who", "which", "whose", "where") or (word.low == "as" and _subject_follows(words, index)):
        return True
    return word.low in ("after", "before", "since", "until", "when") and _subject_follows(words, index)


def _subject_follows(words: list[Word], index: int) -> bool:
    """Whether a noun phrase and a finite verb, or a verb at once, come after `index` before the next mark."""
    seen = False
    for word in words[index + 1 : index + 12]:
        if word.part == "mark" and word.low in (",", ";", ":"):
            return False
        if word.part in ("auxiliary",) or (word.part == "verb" and not word.low.endswith("ing")):
            return True
        seen = seen or word.part == "noun"
    return False


def _governors(words: list[Word]) -> list[str]:
    """The preposition that stands over each word; empty after a verb, a mark or a conjunction that opens a clause."""
    found, current = [], ""
    for word in words:
        if word.part == "preposition":
            current = word.low
        elif word.part in ("verb", "auxiliary", "relative") or (word.part == "conjunction" and word.low not in ("and", "or")) or (
            word.part == "mark" and word.low not in ("$", "%", "€", "£", '"', "/", "&", ".")
        ):
            current = ""
        found.append(current)
    return found


# --- predicates ------------------------------------------------------------------------------------------------------


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
    elif low.endswith("ing") and not be:
        finite = "participle"
    elif participle and not group and _reduced(words, clauses, index):
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
    subject, inherited = _subject(words, clauses, governors, first, found)
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
        index, name, finite, passive, be and (low.endswith("ing") or "being" in group), negative, clauses[index], first, subject, inherited
    )


_TIMES = frozenset("last this next earlier yesterday today to".split())


def _coordinated(words: list[Word], before: int, index: int) -> bool:
    """Whether a bare participle goes on with the passive at `before`: "four were killed and 12 injured"."""
    joint = [word.low for word in words[before + 1 : index] if word.part in ("conjunction", "preposition", "verb") or word.low == ","]
    if joint[-1:] not in (["and"], ["than"], ["over"]) or "and" not in joint or {"after", "when", "before", "as"} & set(joint):
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
            clauses[at] == clauses[index] and words[at].part in ("verb", "auxiliary")
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
        for at in range(index + 1, len(words))
    )
    return bare and later


def _subject(
    words: list[Word], clauses: list[int], governors: list[str], first: int, found: list[Predicate]
) -> tuple[tuple[int, ...], bool]:
    """Base words before a verb group in its clause, or those of the verb before where the clause has none."""
    clause = clauses[first] if first < len(clauses) else 0
    start = next((item.at + 1 for item in reversed(found) if item.clause == clause and item.finite != "participle"), 0)
    region = [at for at in range(start, first) if clauses[at] == clause]
    if not region and clause and clauses[first - 1] != clause and words[first - 1].low == "," and first == clauses.index(clause):
        return _antecedent(words, first - 1), True  # ", built by X,"
    marker = max((at for at in region if words[at].part == "relative" or words[at].low in ("whether", "if")), default=None)
    if marker is not None and words[marker].part == "relative" and (
        marker == first - 1 or all(words[at].part == "adverb" for at in range(marker + 1, first))
    ):
        return _antecedent(words, marker), True
    if marker is not None:
        region = [at for at in region if at > marker]
    base = _base(words, governors, region)
    previous = next((item for item in reversed(found) if item.finite == "finite"), found[-1] if found else None)
    gerund = words[first].low.endswith("ing") and first and words[first - 1].low == ","
    if (words[first].low == "to" or gerund) and previous is not None:
        return previous.subject, True
    joined = bool(region) and all(words[at].part in ("conjunction", "mark", "adverb", "preposition") for at in region)
    if (not base or joined) and previous is not None:
        return previous.subject, True
    outer = _before_marker(words, clauses, governors, clause, found)
    if outer and marker is None and words[first].part == "auxiliary":
        return outer, False
    if previous is not None and previous.clause == clause and previous.finite == "finite" and _is_object(words, region):
        return previous.subject, True
    return base, False


def _before_marker(words: list[Word], clauses: list[int], governors: list[str], clause: int, found: list[Predicate]) -> tuple[int, ...]:
    """The subject that a "whether ..." or "that ..." clause parts from its verb: "the question whether X paid was put"."""
    if not found or found[-1].clause != clause:
        return ()
    marker = next((at for at in range(found[0].first) if words[at].low in ("whether", "that") and clauses[at] == clause), None)
    if marker is None or any(item.at < marker for item in found):
        return ()
    return _base(words, governors, [at for at in range(marker) if clauses[at] == clause])


def _is_object(words: list[Word], region: list[int]) -> bool:
    """Whether the words between two verbs of one clause are the object of the first ("plans to", "sold X and bought")."""
    return not any(words[at].part in ("relative",) or words[at].low in ("that",) for at in region) and (
        not region
        or words[region[-1]].part in ("conjunction", "preposition", "mark", "noun", "number")
        and any(words[at].part in ("conjunction",) or words[at].low == "to" for at in region[-2:])
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
    kept, zone = [], False
    for at in region:
        word = words[at]
        if word.part == "mark" and word.low in (",", "-", "--", "(", ")"):
            zone = False
        elif word.part == "preposition" and word.low != "of":
            zone = True
        elif word.low == "of" and not (kept and _partitive(words, kept[-1], at)):
            zone = True
        elif word.part == "verb":
            zone = True
        elif not zone and word.part in ("noun", "number", "pronoun", "adverb"):
            kept.append(at)
    if not any(words[at].part in ("noun", "pronoun") for at in kept):
        kept = [at for at in region if words[at].part in ("noun", "number", "pronoun")]
    return tuple(kept)


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
    words = _tag(_words(folded))
    clauses = _boundaries(words)
    governors = _governors(words)
    predicates = _predicates(words, clauses, governors)
    return Reading(
        folded, tuple(words), tuple(clauses), tuple(predicates), tuple(governors), frozenset(word.low for word in words)
    )
