"""The grammar of numbers as patterns: numerals, fractions, magnitudes, currencies, units, limits, and non-numbers.

Each pattern is linear in the text: repetitions are bounded or of classes that do not overlap.
"""

from __future__ import annotations

import re

from pipeline.language.numerals import DIGITS, WORD_NUMBER
from pipeline.language.units import CURRENCIES, MAGNITUDES, UNITS, alternatives

FRACTION_WORDS = {
    "half": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4, "fifth": 5,
    "fifths": 5, "sixth": 6, "sixths": 6,
    "seventh": 7, "eighth": 8, "eighths": 8, "ninth": 9, "tenth": 10, "tenths": 10,
}  # fmt: skip
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
VAGUE = {
    "dozens": 12.0,
    "scores": 20.0,
    "hundreds": 1e2,
    "thousands": 1e3,
    "millions": 1e6,
    "billions": 1e9,
    "trillions": 1e12,
}
SIGN = r"US\$|CA\$|AU\$|HK\$|NZ\$|A\$|C\$|R\$|S\$|RM|CN¥|JP¥|Rs\.? ?|USD ?|EUR ?|GBP ?|[$€£¥₹₩₽₺₿₦₴₪]"
SMALL_N = r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|a hundred|100)"
NUMBER = re.compile(
    rf"(?<![\w.,])(?P<share>{SMALL_N}(?:[- ]in[- ](?:every )?|[- ]out[- ]of[- ](?:every |the )?|[- "
    rf"]of[- ]every[- ]){SMALL_N}|\d{{1,3}} of \d{{1,3}})(?![\w%]|[.,]\d|[- ](?:hundred|thousand"
    rf"|million|billion))"
    rf"|(?<!\w)(?P<frac>(?:an?|one|two|three|four|five|seven|nine)[- ](?:half|thirds?|quarters?"
    rf"|fourths?|fifths?|sixths?|eighths?|ninths?|tenths?)(?= of\b|-\w|\s+(?:the|its|all|their|his|her"
    rf"|our|a|an|said|were|more|less|as)\b|[.,;:)]|$)|(?<=by )an? (?:half|third|quarter|fifth|tenth)(?!\w))"
    rf"|(?<!\w)(?<!\bfirst )(?<!\bsecond )(?<!\blatter )(?<!\bother )(?P<half>half)(?= (?:of|the|its|their|all|his"
    rf"|her|our|as|are|were|said|say)\b)"
    rf"|(?<![\w/.])(?P<slash>[1-9]/[2-9]|[1-9]/10)(?![\w/]|\.\d)"
    rf"|(?<!\w)(?P<vague>(?:(?:tens|hundreds|thousands|dozens|many|several) of )?(?:dozens|scores"
    rf"|hundreds|thousands|millions|billions|trillions))(?= of\b| [a-z]|[.,;:)]|$)"
    rf"|(?<![\w.])(?P<ord>[1-9]\d{{0,3}}(?:st|nd|rd|th))(?!\w)"
    rf"|(?:(?P<cur>(?<!\w)(?:{SIGN})) ?|(?<![\w.:/#@_])(?<!\d,)(?<![^\W\d]-))(?P<num>{DIGITS})(?![\d_])"
    rf"|(?<![\w-])(?P<word>{WORD_NUMBER})(?![\w])"
    rf"|(?<!\w)(?P<ordw>{'|'.join(ORDINALS)})(?!\w)",
    re.IGNORECASE,
)
MAGNITUDE = re.compile(rf"(?P<gap>[ \u00a0-]?)(?P<mag>{alternatives(MAGNITUDES)})(?![\w])")
MAGNITUDE_WORD = re.compile(
    r"[ \u00a0-]?(?P<mag>hundred|thousand|million|billion|trillion|lakh|crore|millones)s?\b", re.IGNORECASE
)
PERCENT = re.compile(
    r"[ \u00a0\u202f-]?(?:%|percent\b|per ?cent\b|pct\b|por ciento\b|pour ?cent\b"
    r"|Prozent\b)(?!age)(?P<pp>[ -]points?)?|[ -](?P<pp2>percentage[ -]points?)",
    re.IGNORECASE,
)
CURRENCY = re.compile(
    rf"(?P<gap>[ "
    rf"\u00a0-]?)(?P<cur>{alternatives({k: 0 for k in CURRENCIES if len(k) > 1 or not k.isascii()})})(?![\w])",
    re.IGNORECASE,
)
UNIT = re.compile(rf"(?P<gap>[ \u00a0-]?)(?P<unit>{alternatives(UNITS)})(?![\w²³])")
BOUNDS = (
    ("over",
        r"over|more than|above|exceed(?:s|ed|ing)?|at least|no (?:fewer|less) than|north of|upwards? of|a "
        r"minimum of|greater than|higher than|surpass(?:es|ed|ing)?|>|longer than|older than"),
    ("up to", r"up to|as (?:much|many|high|long) as|at most|no more than|a maximum of|not more than|maximum"),
    ("under", r"under|below|less than|fewer than|lower than|nearly|almost|just shy of|close to|<|not quite|well under"),
    ("about",
        r"about|around|approximately|roughly|some|an estimated|estimated|circa|c\.|approx\.?|~|in the "
        r"region of|or so|more or less"),
)  # fmt: skip
LIMITS = "|".join(rf"(?P<{name.replace(' ', '_')}>(?<![\w-])(?:{words}))" for name, words in BOUNDS)
BEFORE = re.compile(rf"(?:{LIMITS})(?: (?:a|an|the|another|just))?\s?$", re.IGNORECASE)
AFTER = re.compile(
    r"(?P<over>\+| or more\b| and (?:up|over|above)\b| plus\b)|(?P<under> or (?:less|fewer|under)\b)", re.IGNORECASE
)
NEXT_WORD = re.compile(r"[ \u00a0-](?P<word>[^\W\d_][\w'’]*(?:-[^\W\d_]\w*)*)(?P<end>,? ?)")
START = re.compile(
    rf"(?<!\w)(?:{SIGN}) ?\d|(?<!\d)\d|(?<!\w)(?:an?|half|one|two|three|four|five|six|seven|eight|nine"
    rf"|ten|eleven|twelve|[a-z]{{3,5}}teen|twenty|thirty|forty"
    rf"|fifty|sixty|seventy|eighty|ninety|tens|hundreds|thousands|millions|billions|trillions|dozens"
    rf"|scores|many of|several of|zero|first|second"
    rf"|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth)(?!\w)",
    re.IGNORECASE,
)
NAME_AROUND = re.compile(r"(?<![.!?] )[A-Z][a-zß-ÿ]+ [a-z]+ [A-Z]$")
CODE = re.compile(  # telephone numbers, network addresses, catalogue numbers, screen sizes
    r"(?<![\w-])[A-Za-z]+-\d+(?:-\d+)+|"
    r"(?<!\w)(?:\+?\d{1,6}(?:[-–]\d{1,6}){2,}|\d{1,3}(?:\.\d{1,3}){3}|[48]K)(?!\w)"
)
RANGE = re.compile(r"\s?[-–—]\s?|,? (?:to|and|or) (?:about |around |nearly |up to )?")
IRREGULAR = {
    "people": "people",
    "men": "man",
    "women": "woman",
    "children": "child",
    "feet": "foot",
    "mice": "mouse",
    "police": "police",
    "staff": "staff",
    "troops": "troop",
    "personnel": "personnel",
    "cattle": "cattle",
    "lives": "life",
    "wives": "wife",
    "knives": "knife",
    "homes": "home",
    "seats": "seat",
}
NOT_PLURAL = frozenset(
    "this his its is was has as us less across always perhaps plus versus does thus yes times "
    "besides afterwards previous various serious religious famous dangerous".split()
)
PASSED = frozenset("of the all its their our his her these those more other".split())
STOPPERS = frozenset(
    "and or but that which who were was are is be been will would could have has had for in on at to "
    "from by with than as while when after before since into over per a an the said says it they he "
    "she".split()
)
