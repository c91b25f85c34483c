"""How a sentence judges what it speaks of, and whether what it tells is good or bad news (docs/registers.md).

A lexicon with a little grammar (after Taboada et al. 2011, "Lexicon-based methods for sentiment analysis"): acts of
speech weigh more than descriptions, a negation turns a favourable word and silences a critical one, and a judging word
inside a name ("Best Buy") counts for nothing. English only; whatever else it is handed has the neutral stance.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.language import evaluation
from pipeline.language.stopwords import STOP
from pipeline.language.words import fold, tokens

__all__ = ["CRITICAL", "FAVOURABLE", "NEUTRAL", "classify", "english", "sentiment"]

FAVOURABLE, CRITICAL, NEUTRAL = "favourable", "critical", "neutral"
_READ = 2_000  # code points that are read
_REACH = 3  # words over which a negation reaches
_ACT, _WORD = 2.0, 1.0
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*(?:-[^\W_]+)*")
_NEGATIONS = frozenset("not no never without hardly barely cannot neither nor nothing less".split())
_NOT_BEST = frozenset(
    "selling seller sellers known man actor actress picture buy practice practices supporting".split()
)
_IDLE = frozenset(  # a judging word and the next one, which together judge nothing
    tuple(pair.split())
    for pair in (
        "great ape,great apes,great white,great britain,great depression,great deal,welcome to,blasts off,"
        "defending champion,defending champions,defend itself,defend himself,defend herself,defend themselves,"
        "slammed his,slammed her,slammed into,slammed shut,slams into,condemned building,condemned man,lies in,"
        "lies off,lies on,lies at,lies ahead,lies between,lies within,lies beneath,lies behind,lying in,lying on"
    ).split(",")
)
_OWN = {lang: words - STOP["en"] for lang, words in STOP.items() if lang != "en"}
_ENGLISH = STOP["en"] - frozenset().union(*(STOP[lang] for lang in STOP if lang != "en"))

_PRAISE = re.compile(
    r"\d ?% off\b|\bsave (?:up to |over )?(?:[$£€]\d|\d+ ?%)|(?:[$£€]\d[\d,.]*|\d+ ?%) (?:discount|cheaper)"
    r"|\b(?:are|is|now) (?:down|reduced) to [$£€]\d|\bprices? (?:drop|dropped|cut|slashed)\b|\b(?:deals?) (?:on"
    r"|still|for|now|we|you)\b|\bbest\b.{0,40}\bdeals\b|\b(?:daily|top|great|big) deals\b|\bstand(?:s|ing)? (?:with"
    r"|by) (?:you|the people|its|our)\b|\bin (?:support|praise|defen[cs]e) of\b|\b(?:is|are|was|were|am|be"
    r"|'s) (?:\w+ )?in favou?r\b|\b(?:is|are|was|were) (?:right|wise) to\b|\bpa(?:ys|id|y|ying) tribute\b"
    r"|\bbreath(?:es?|ed|ing) new life\b|\b(?:good|great|welcome) news\b|\bstrong (?:favou?rite|supporter)\b"
    r"|\b(?:fully|strongly|firmly|whole-?heartedly) (?:backs?|supports?|behind)\b|\bthank you\b|\b(?:massive|big"
    r"|huge) savings\b|\bsave on\b|\bhalf off\b|\b(?:special|lowest|best) prices?\b|\btributes? (?:are "
    r"|were )?paid\b|(?<!their )(?<!his )(?<!her )(?<!our )\bbacks (?:the|an?|its|his|her|calls?|plans?|bid"
    r"|[a-z]+[’\']s)\b|\bstrong(?:est)? (?:start|performance|growth)\b|\bworth (?:it|your|the (?:money|wait|price)"
    r"|buying|watching|every)\b|\bbetter than (?:ever|i|we|any|expected)\b"
)
_BLAME = re.compile(
    r"\bfail(?:s|ing)? (?:its|their|his|her|us|the|to)\b|\bunder fire\b|\b(?:hits?|lash(?:es|ed)?) (?:out"
    r"|back) at\b|\bcall(?:s|ed|ing)? out\b|\b(?:waste of|gift to|no excuse|so much for|sold out to)\b"
    r"|\brips? into\b|(?<!the )\baccus(?:es?|ed|ing)\b(?! (?:of|in|on|person|man|kill|ha|wa|were|is)\b)|\bbrand(?:s"
    r"|ed) \w+ (?:an?|as)\b|\black of (?:care|respect|trust|leadership|transparency|action)\b"
    r"|\bnot (?:\w+ )?(?:enough|good|fair|right|useful)\b|(?<!never )(?<!not )\btoo (?:little|late|slow|expensive"
    r"|complicated|weak)\b|\bwasting (?:\w+ ){0,2}(?:time|money)\b|\bshould(?: never|n['’]t| not)? have\b"
    r"|\bstok(?:es?|ed|ing) (?:fears?|anger|hatred|division)\b|\b(?:isn['’]t|aren['’]t|doesn['’]t"
    r"|don['’]t) (?:\w+ ){0,2}(?:enough|good|useful|work|working|helpful|fair|right|care)\b|\b(?:face[sd]?|facing"
    r"|drew|draws?|sparks?|sparked) (?:\w+ ){0,2}(?:criticism|ire|anger|outrage|fury)\b|\bpull(?:s"
    r"|ing)? the strings\b|\bstill has an? \w+ problem\b|\bnothing (?:but|more than)\b|\bpush(?:es|ed"
    r"|ing)? back (?:on|against)\b|\bfur(?:y|ious) (?:at|over|with|about)\b|\bhurl(?:s|ed)? (?:\w+ )?(?:insults"
    r"|abuse)\b|\bviolat(?:es?|ed|ing)\b"
)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a sentence as it stands and folded."""

    folded: str
    name: bool  # capitalised where the sentence does not capitalise


def english(text: str, lang: str | None = None) -> bool:
    """Whether `text` is to be read as English: its language says so or is unknown, and its small words do not differ.

    A text of unknown language (None) needs a word that only English has among six languages' small words.
    """
    if lang is not None and not lang.lower().startswith("en"):
        return False
    head = text[:_READ]
    letters = sum(character.isalpha() for character in head)
    if not letters or 2 * sum(character.isascii() and character.isalpha() for character in head) < letters:
        return False
    words = tokens(head)
    ours = sum(word in _ENGLISH for word in words)
    foreign = max((sum(word in own for word in words) for own in _OWN.values()), default=0)
    return foreign <= ours + 1 if lang is not None else ours > foreign


def _words(text: str) -> list[_Word]:
    """Words of `text`; one counts as part of a name when it is capitalised, not first, and few others are."""
    found = list(_TOKEN.finditer(text[:_READ]))
    capital = [match.group()[0].isupper() for match in found]
    styled = sum(capital) > 0.6 * len(found)  # a headline in title case says nothing by its capitals
    words = []
    for at, match in enumerate(found):
        opens = at == 0 or text[found[at - 1].end() : match.start()].strip(" ,'’\"“‘-–") != ""
        words.append(_Word(fold(match.group()), capital[at] and not styled and not opens))
    return words


def _negated(words: list[_Word], at: int) -> bool:
    """Whether the word at `at` stands under a negation a few words before it ("not only" is none)."""
    for back in range(max(0, at - _REACH), at):
        word = words[back].folded
        if word.endswith("n't") or (word in _NEGATIONS and words[back + 1].folded not in ("only", "just", "doubt")):
            return True
    return False


def _judged(words: list[_Word]) -> tuple[float, float]:
    """Weights of the favourable and of the critical words."""
    favourable = critical = 0.0
    for at, word in enumerate(words):
        if word.name:
            continue
        after = words[at + 1].folded if at + 1 < len(words) else ""
        good = _ACT * (word.folded in evaluation.FAVOURABLE_ACTS) or _WORD * (word.folded in evaluation.FAVOURABLE)
        bad = _ACT * (word.folded in evaluation.CRITICAL_ACTS) or _WORD * (word.folded in evaluation.CRITICAL)
        if (word.folded, after) in _IDLE or (word.folded == "best" and after in _NOT_BEST):
            good = bad = 0.0
        if (good or bad) and _negated(words, at):
            good, bad = 0.0, good
        favourable += good
        critical += bad
    return favourable, critical


def classify(text: str, lang: str | None = "en") -> str:
    """The stance of a sentence: FAVOURABLE, CRITICAL or NEUTRAL; NEUTRAL in a language other than English."""
    if not english(text, lang):
        return NEUTRAL
    head = text[:_READ]
    favourable, critical = _judged(_words(head))
    lowered = head.lower()
    favourable += _ACT * bool(_PRAISE.search(lowered))
    critical += _ACT * bool(_BLAME.search(lowered))
    if favourable == critical:
        return NEUTRAL
    return FAVOURABLE if favourable > critical else CRITICAL


def sentiment(text: str, lang: str | None = "en") -> float:
    """Whether what a sentence tells is good or bad, -1.0 to 1.0; 0.0 for neither and for other languages."""
    if not english(text, lang):
        return 0.0
    words = _words(text)
    good = bad = 0
    for at, word in enumerate(words):
        if (
            word.folded in evaluation.GOOD
            or word.folded in evaluation.FAVOURABLE
            or word.folded in evaluation.FAVOURABLE_ACTS
        ):
            glad = not _negated(words, at)
        elif (
            word.folded in evaluation.BAD
            or word.folded in evaluation.CRITICAL
            or word.folded in evaluation.CRITICAL_ACTS
        ):
            glad = False
        else:
            continue
        good, bad = good + glad, bad + (not glad)
    good += bool(_PRAISE.search(text[:_READ].lower()))
    return round((good - bad) / (good + bad), 6) if good or bad else 0.0
