"""Words of a sentence: tokens with offsets, folded, with a first guess of their part of speech."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.gate import lexicon as lex
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
# Verbs with a particle, and the one verb that says the same; both sides of a comparison are read as the latter.
_PHRASAL = (
    "call off:cancel|put off:postpone|set up:establish|carry out:conduct|bring forward:advance|turn down:reject"
    "|lay off:dismiss|step down:resign|point out:note|throw out:dismiss|wipe out:destroy|hand out:distribute"
    "|hand over:give|strike down:overturn|knock out:eliminate|pull out:withdraw|roll out:launch|bail out:rescue"
    "|scale back:reduce|cut back:reduce|set off:trigger|break out:begin|give up:abandon|send back:return"
    "|blow up:explode|fill in:complete|find out:discover|look into:investigate|speed up:accelerate|sum up:summarise"
    "|kick off:begin|phase out:end|pay out:pay|sell off:sell|buy up:buy|shut down:close|close down:close"
    "|track down:find"
    "|burn down:destroy|tear down:demolish|knock down:demolish|take over:acquire|stub out:end|make up:constitute"
)


def _phrasal() -> dict[tuple[str, str], str]:
    """(form of the verb, particle) -> the same form of the one verb."""
    forms: dict[tuple[str, str], str] = {}
    for form, kinds in FORMS.items():
        for kind, base in kinds.items():
            forms.setdefault((base, kind), form)
    found: dict[tuple[str, str], str] = {}
    for entry in _PHRASAL.split("|"):
        phrase, _, plain = entry.partition(":")
        verb, particle = phrase.split()
        for (base, kind), form in forms.items():
            if base == verb and (plain, kind) in forms:
                found.setdefault((form, particle), forms[plain, kind])
    return found


PHRASAL = _phrasal()
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
        """Whether the word says something of its own; a small word that stands as a name does ("thanked Will")."""
        said = self.low not in lex.FREE or (self.part == "noun" and self.capital)
        return said and self.part in ("noun", "verb", "adverb")


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


# "Edged down" is fell, "ticked up" rose: the particle says which.
_CREEPS = frozenset("edged edge edges inched inches inch ticked ticks tick crept creeps creep nudged went gone".split())
_NAMEABLE = ("relative", "auxiliary", "pronoun", "conjunction")  # inside a sentence a capital makes them names
_STEMS = frozenset("isn aren wasn weren hasn haven hadn doesn didn don wouldn couldn".split())  # of "haven't"
_TURNS = {"up": "rose", "higher": "rose", "down": "fell", "lower": "fell"}


def title_case(words: Sequence[Word]) -> bool:
    """Whether a text is set in title case, where a capital names nothing."""
    open_words = [word for word in words if word.part in ("open", "noun", "verb", "adverb")]
    return len(open_words) > 3 and sum(word.capital for word in open_words) >= 0.8 * len(open_words)


def words_of(text: str) -> list[Word]:
    """Tokens as words with a first guess of their part: closed classes, numbers, marks, else "open". In title case
    the forms of known verbs count as set small."""
    found = []
    for piece, start, end in _split(text):
        low, possessive = _plain(piece)
        after = text[end : end + 1] == "'" and low.endswith("s") and text[end + 1 : end + 2] == " "
        found.append(Word(piece, low, start, end, _closed(low, piece), piece[0].isupper(), possessive or after))
    for index, word in enumerate(found):
        if (
            word.low in _STEMS
            and word.capital
            and found[index + 1 : index + 2]
            and found[index + 1].low not in ("t", "n't")
        ):
            found[index] = replace(word, part="open")  # Haven and Don are people
    if not title_case(found):
        found = _named_after_places(found)
    for index, word in enumerate(found[1:], 1):
        if (
            word.capital
            and word.part in _NAMEABLE
            and word.low != "i"
            and found[index - 1].part not in ("mark", "relative")
        ):
            found[index] = replace(word, part="open")
    for index, word in enumerate(found[:-1]):
        particle = found[index + 1].low
        turn = _TURNS.get(particle) if word.low in _CREEPS else PHRASAL.get((word.low, particle))
        if turn:
            found[index] = replace(word, low=turn)
    if title_case(found):
        return [
            replace(word, capital=False) if index and word.low in FORMS else word for index, word in enumerate(found)
        ]
    return found


def _named_after_places(words: list[Word]) -> list[Word]:
    """Words with prepositions that a capital makes names inside a sentence: "on Inside the Actors Studio"."""
    return [
        replace(word, part="open")
        if word.capital
        and word.part == "preposition"
        and at
        and (words[at - 1].part != "mark" or words[at - 1].low == ",")
        else word
        for at, word in enumerate(words)
    ]


def _closed(low: str, piece: str) -> str:
    """The part of a word that belongs to a closed class."""
    if not low or not (low[0].isalnum() or low == "n't"):
        return "mark"
    if low[0].isdigit():
        return "number"
    if low == "may" and piece[0].isupper():
        return "open"  # the month
    return next((part for part, words in _CLASSES if low in words), "open")


_NUMERALS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety".split()
)
_CLASSES = (
    ("negation", lex.NEGATIONS),
    ("auxiliary", lex.AUXILIARIES),
    ("conjunction", lex.CONJUNCTIONS),
    ("relative", lex.RELATIVES),
    ("determiner", lex.DETERMINERS),
    ("preposition", lex.PREPOSITIONS),
    ("number", _NUMERALS),
    ("pronoun", lex.PRONOUNS),
)
