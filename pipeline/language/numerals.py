"""Numerals: what a number written in digits or in words is worth, and how finely it is given."""

from __future__ import annotations

import re

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
WORDS: dict[str, int] = {word: value for value, word in enumerate(_UNITS)} | {
    word: 20 + 10 * i for i, word in enumerate(_TENS)
}
_BIG = {
    "hundred": 100,
    "thousand": 1_000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "dozen": 12,
    "score": 20,
}

_ONES = "|".join(_UNITS[1:10])
_TEEN = "|".join(_UNITS[10:])
_UNDER_HUNDRED = rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{_ONES}))?|{_TEEN}|{_ONES}|zero)"
WORD_NUMBER = (
    rf"(?:{_UNDER_HUNDRED}|an?(?= (?:hundred|thousand|million|billion|trillion|dozen)\b)|half an?(?= "
    rf"(?:million|billion|trillion|dozen)\b))"
    rf"(?:(?: and|-| )?[ -]?(?:hundred|thousand|million|billion|trillion|dozen)(?:(?: and)? "
    rf"{_UNDER_HUNDRED}(?= ?(?:hundred|thousand|[a-z]|[.,;:)]|$)))?){{0,4}}"
)
DIGITS = r"\d{1,3}(?:[,'’\u00a0\u202f]\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?|\d{1,15}(?:[.,·]\d{1,6})?"


def of_digits(text: str) -> tuple[float, float]:
    """Value of a numeral in digits, and the worth of one in its last place: "1.50" is (1.5, 0.01)."""
    plain = re.sub(r"['’\u00a0\u202f]", "", text).replace("·", ".")
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain):
        plain = plain.replace(",", "")
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?", plain):
        plain = plain.replace(".", "").replace(",", ".")
    plain = plain.replace(",", ".")
    decimals = len(plain.partition(".")[2])
    return float(plain), 10.0**-decimals


def of_words(text: str) -> float:
    """Value of a numeral in words: "twenty-five thousand" -> 25000, "half a million" -> 500000."""
    total, current = 0.0, 0.0
    for word in re.split(r"[ -]+", text.lower()):
        if word == "half":
            current = 0.5
        elif word in ("a", "an"):
            current = current or 1.0
        elif word in WORDS:
            current += WORDS[word]
        elif word in ("hundred", "dozen", "score"):
            current = (current or 1.0) * _BIG[word]
        elif word in _BIG:
            total += (current or 1.0) * _BIG[word]
            current = 0.0
    return total + current
