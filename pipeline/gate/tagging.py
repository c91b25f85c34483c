"""Parts of speech by where a word stands: verb, adverb or noun (which stands for adjectives and names too)."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.gate import lexicon as lex
from pipeline.gate.tokens import Word
from pipeline.gate.verbs import FORMS

_NOMINAL = ("noun", "pronoun", "number", "relative")


def tag(words: list[Word]) -> list[Word]:
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


# Verbs of telling that may end a sentence and are hardly ever nouns.
_SAYS = frozenset("say says said tell tells told write writes wrote adds argues argue warns insists believes".split())
# Base forms that, after a verb in the present, are nouns: "scraps plan to", "rejects offer from".
_NOUNS_BEFORE_TO = frozenset("plan bid offer deal pledge vow call probe ban move attempt request appeal".split())
# Third persons that are never plural nouns.
_ONLY_VERBS = frozenset(
    "loses begins becomes brings builds buys chooses comes eats gets gives goes grows keeps knows makes meets pays says"
    " seeks sells sends speaks spends takes tells thinks wears allows accuses acquires adopts agrees appoints approves"
    " asks avoids beats cancels confirms considers creates denies elects ends enters expands faces hires joins launches"
    " names opens hits sees finds wants"
    " passes plans posts reaches rejects reopens resigns reveals scraps signs sues suspends unveils urges"
    " vows warns weighs wins withdraws".split()
)
_ADVERBS = frozenset(
    "soon now also still already ever always often again then later even just quite too instead".split()
)


def _is_adverb(low: str) -> bool:
    return low in _ADVERBS or (
        low.endswith("ly")
        and len(low) > 4
        and low
        not in (
            "family",
            "supply",
            "reply",
            "assembly",
            "july",
            "italy",
            "ally",
            "monopoly",
            "early",
            "folly",
            "rally",
            "bully",
            "anomaly",
        )
    )


def _before(tagged: list[Word]) -> Word | None:
    """The nearest word to the left that is neither adverb nor negation."""
    return next(
        (word for word in reversed(tagged) if word.part not in ("adverb", "negation") and word.low != '"'), None
    )


def _is_verb(tagged: list[Word], words: list[Word], index: int) -> bool:  # noqa: PLR0911 - one return per rule
    """Whether the open word at `index` is a verb where it stands."""
    word = words[index]
    kinds = FORMS.get(word.low, {})
    regular = word.low.endswith("ed") and len(word.low) > 4 and not kinds
    before = _before(tagged)
    gerund = word.low.endswith("ing") and before is not None and before.low in lex.BE
    modal = before is not None and before.low in lex.MODALS and not word.capital
    led = modal and not _is_adverb(word.low)  # known or not: "might materialise"
    if not (kinds or regular or gerund or led) or word.possessive:
        return False
    after = words[index + 1] if index + 1 < len(words) else None
    if before is not None and (before.part == "auxiliary" or before.low == "to"):
        return led or _after_auxiliary(word, before, kinds, regular, after)
    hyphened = index and words[index - 1].low == "-" and words[index - 1].end == word.start
    if word.capital and index and (words[index - 1].part != "mark" or hyphened):
        return False  # a name inside the sentence
    if "past" in kinds or "part" in kinds or regular:
        return _past_stands(before, after, words, index)
    if "ing" in kinds:
        return _ing_stands(word, before, after)
    if len(tagged) > 1 and tagged[-1].part == "noun" and tagged[-2].possessive and "base" in kinds:
        return False  # "analysts' average estimate"
    if _in_phrase(tagged, words, index):
        return False
    counted = "s" in kinds and any(item.part == "number" for item in tagged[-3:-1])
    if counted and before is not None and before.part == "noun" and not before.capital:
        return False  # "1.2 million chest scans"
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


_VERBS_WITH_OF = frozenset(
    "consist think speak dispose approve become complain warn die tell hear know make accuse".split()
)
# Gerunds that stand before a noun as part of its name: "a Greek shipping firm".
_MODIFYING = frozenset(
    "shipping mining building trading ruling governing leading training operating holding marketing manufacturing"
    " engineering lending banking housing heating gaming betting streaming advertising clothing drilling farming"
    " fishing opening closing sitting outgoing incoming working living remaining existing gambling publishing"
    " printing polling"
    " voting sporting swimming shopping parking landing boarding cooling steering standing hearing sailing racing"
    " cycling".split()
)


def _ing_stands(word: Word, before: Word | None, after: Word | None) -> bool:
    if word.low in _MODIFYING and after is not None and after.part == "open" and before is not None:
        return False
    if before is None or (before.part in ("determiner",)) or before.possessive:
        return False
    if after is None or after.part in ("mark", "conjunction", "auxiliary"):
        return False
    return before.part in ("preposition", "conjunction", "mark", *_NOMINAL) and (
        after.part in ("determiner", "number", "preposition", "pronoun", "open", "adverb")
    )


def _infinitive(tagged: list[Word]) -> bool:
    """Whether the last verb so far follows "to" or a modal, so that a bare form may go on with it: "to cut or pay"."""
    at = next((index for index in range(len(tagged) - 1, 0, -1) if tagged[index].part == "verb"), 0)
    return bool(at) and (tagged[at - 1].low == "to" or tagged[at - 1].low in lex.MODALS)


def _says_itself(tagged: list[Word]) -> bool:
    """Whether "that it says" stands right before: "a chip that it says uses less power"."""
    lows = [word.low for word in tagged[-3:]]
    return len(lows) == 3 and lows[0] in ("that", "which", "who") and lows[1] in _PERSONAL and lows[2] in _SAYS


_PERSONAL = ("it", "he", "she", "they")


def _in_phrase(tagged: list[Word], words: list[Word], index: int) -> bool:
    """Whether a plural after "of" and a noun goes on with that phrase, for the verb comes later: "sales of heat pumps
    in Germany fell"."""
    lead = [word.part for word in tagged[-3:]]
    of = len(tagged) > 1 and (tagged[-2].low == "of" or (len(tagged) > 2 and tagged[-3].low == "of"))
    if not of or lead[-1] != "noun" or _has_verb(tagged) or not words[index].low.endswith("s"):
        return False
    for word in words[index + 1 : index + 12]:
        if word.low == ",":
            return False
        kinds = FORMS.get(word.low, {})
        if word.part == "auxiliary" or ("past" in kinds and "base" not in kinds):
            return True
    return False


def _has_verb(tagged: list[Word]) -> bool:
    """Whether a verb stands among the words read so far."""
    return any(item.part == "verb" or item.low in lex.BE | lex.MODALS for item in tagged)


def _present_stands(  # noqa: PLR0911 - one return per rule
    word: Word, before: Word | None, after: Word | None, kinds: Mapping[str, str], tagged: list[Word]
) -> bool:
    if before is not None and before.low in ("and", "or") and "base" in kinds and _infinitive(tagged):
        return after is not None and after.part in ("determiner", "number", "pronoun")
    if _says_itself(tagged) and kinds.keys() & {"s", "base"}:
        return True
    if (
        before is None
        or before.part in ("determiner", "preposition", "number", "verb", "conjunction")
        or before.possessive
    ) and (before is None or before.part != "conjunction"):
        return False
    if after is None:
        return bool(before and before.part in _NOMINAL) and word.low in _SAYS
    if before.low in ("who", "which") and "s" in kinds and not word.capital:
        return True
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
    if after.low == "of" and not set(kinds.values()) & _VERBS_WITH_OF:
        return False
    third = "s" in kinds
    leads = (
        FORMS.get(after.low, {}).keys() & {"base", "past"} and not after.capital and after.low not in _NOUNS_BEFORE_TO
    )
    opens = not _has_verb(tagged) and after.part == "open"
    if opens and ((third and before.capital and not leads) or (word.low in _ONLY_VERBS and before.part in _NOMINAL)):
        return True
    agrees = (third and not plural) or (not third and plural) or before.low in ("who", "that", "which")
    if follows:
        return agrees or (third and not _has_verb(tagged))
    return agrees and held and not _has_verb(tagged) and (before.capital or before.part == "pronoun" or third)
