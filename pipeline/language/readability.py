"""How long a text takes to read, and how hard it is.

Time: 238 words a minute, the mean of 190 studies of adults who read English non-fiction in silence (Brysbaert 2019,
"How many words do we read per minute?", Journal of Memory and Language 109). Level: in English the Flesch-Kincaid grade
(Kincaid, Fishburne, Rogers and Chissom 1975, Navy Research Branch Report 8-75), 0.39 words a sentence + 11.8 syllables
a word - 15.59, whose syllables are counted as groups of vowels; elsewhere LIX (Bjornsson 1968), words a sentence + the
percentage of words longer than six letters, which needs no syllables. Both measure length of words and sentences, not
whether a text is clear. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.domain import Length

WORDS_A_MINUTE = 238
FLESCH_KINCAID, LIX = "Flesch-Kincaid", "LIX"
_WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
_LONG = 6  # letters beyond which LIX counts a word as long


def reading(sentences: Sequence[str], lang: str) -> Length:
    """The measure of a text of `sentences` in the language `lang` (a tag such as "en"); zero for no text."""
    words = [word for sentence in sentences for word in _WORD.findall(sentence)]
    english = lang.split("-", 1)[0].lower() == "en"
    scale = FLESCH_KINCAID if english else LIX
    if not words:
        return Length(0, 0, 0.0, scale)
    seconds = round(60 * len(words) / WORDS_A_MINUTE)
    mean = len(words) / len(sentences)
    if english:
        grade = 0.39 * mean + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    else:
        grade = mean + 100 * sum(sum(map(str.isalpha, word)) > _LONG for word in words) / len(words)
    return Length(len(words), seconds, round(max(0.0, grade), 1), scale)


def syllables(word: str) -> int:
    """Syllables of an English word: its groups of vowels, without a silent last "e" or "ed"; at least one.

    A number counts one for each digit, as it is read aloud about so.
    """
    digits = sum(map(str.isdigit, word))
    if digits:
        return digits
    folded = word.casefold()
    count = len(_VOWELS.findall(folded))
    silent = folded.endswith("e") and not folded.endswith(("le", "ee", "ie", "oe", "ye"))
    hushed = folded.endswith("ed") and not folded.endswith(("ted", "ded", "eed", "ied"))
    return max(1, count - (silent or hushed))
