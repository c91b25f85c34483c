"""What is nobody's business: where somebody lives, how to reach them, the numbers they are known by. Pure.

Patterns of the things themselves (E.123 telephone numbers, IBAN, mail addresses), not of any country's one form.
"""

from __future__ import annotations

import re

_STREET = (
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|close|crescent|court|terrace|gardens|way|place|square|row|hill"
    r"|boulevard|blvd|straße|strasse|rue|calle|via)"
)
_ADDRESS = re.compile(
    rf"\b\d{{1,5}}[a-z]?,? (?:[A-Z][\w'’-]+ ){{1,3}}{_STREET}\b(?!\w)|\b(?:flat|apartment|apt) \d{{1,4}}[a-z]?\b", re.I
)
_LIVES = re.compile(
    r"\b(?:lives?|lived|living|resid\w+|homes?|house|flat|apartment|moved|staying|bungalow|cottage|villa|doorstep)\b",
    re.I,
)
_PHONE = re.compile(
    r"(?<![\w.$€£-])(?:\+\d{1,3}[ .-]?)?(?:\(\d{1,5}\)[ .-]?)?\d{2,5}(?:[ .-]\d{2,5}){1,4}(?![\w%]|[.,]\d)"
)
_CALLS = re.compile(
    r"\b(?:phone|telephone|mobile|cell|number|call(?:ed|s)?|text(?:ed)?|whatsapp|reached (?:on|at)|dial(?:led)?)\b",
    re.I,
)
_DIGITS = 7  # of the shortest telephone number
_MAIL = re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.-]*\w")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_NUMBERED = re.compile(
    r"\b(?:passport|social security|national insurance|identity card|id card|bank account|account|licen[cs]e plate"
    r"|number plate|registration|credit card|patient|insurance) (?:number|no\.?|#|plate)?:? ?"
    r"(?=\w*\d)[A-Z0-9][\w -]{4,20}",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:he|she|they|his|her|their|whose|who)\b", re.IGNORECASE)


def possible(text: str) -> bool:
    """Whether a text may give anything away at all: a quick look for a figure or a mail address."""
    return "@" in text or any(char.isdigit() for char in text)


def private(text: str, *, named: bool) -> str:
    """What private fact a text gives away, in plain words; "" for none. `named`: whether it names a person."""
    if not possible(text) or not (named or _OWN.search(text)):
        return ""
    called = _CALLS.search(text) and any(sum(c.isdigit() for c in m.group()) >= _DIGITS for m in _PHONE.finditer(text))
    given = (
        (_ADDRESS.search(text) and _LIVES.search(text), "where somebody lives"),
        (called, "somebody's telephone number"),
        (_MAIL.search(text), "somebody's mail address"),
        (_IBAN.search(text) or _NUMBERED.search(text), "a number that somebody is known by"),
    )
    return next((what for found, what in given if found), "")
