"""Sentences for benchmarks/planted.py that agree with another, or speak of another thing in the same words.

Written against English news prose with word lists of its own; each function gives None where it does not apply.
"""

from __future__ import annotations

import re
from random import Random

from benchmarks.altering import (
    _AGE,
    _BIG,
    _COUNT,
    _DAY,
    _MONEY,
    _NUMBERS,
    _SHARE,
    _SHORT,
    _WORDS,
    Altered,
    Way,
    _first,
    _month,
    _put,
    _read,
    _usable,
    _weekday,
    _year,
)  # fmt: skip
from benchmarks.negating import _SHORT as _CONTRACTED

_SAME = (
    ("more than", "over"), ("about", "around"), ("company", "firm"), ("companies", "firms"), ("purchase", "buy"),
    ("attempt", "try"), ("near", "close to"), ("because of", "owing to"), ("following", "after"),
    ("after", "following"), ("United States", "U.S."), ("United Kingdom", "UK"), ("began", "started"),
    ("begin", "start"), ("allegedly", "reportedly"), ("killed", "slain"), ("died", "lost their lives"),
    ("wounded", "injured"), ("injured", "hurt"), ("announced", "said"), ("said", "stated"),
    ("unveiled", "presented"), ("revealed", "disclosed"), ("obtained", "got"), ("employees", "staff"),
    ("workers", "employees"), ("children", "kids"), ("police", "officers"), ("arrested", "detained"),
    ("doctors", "physicians"), ("shooting", "gun attack"), ("car", "vehicle"), ("several", "a number of"),
    ("many", "numerous"), ("across", "throughout"), ("while", "as"), ("but", "yet"), ("despite", "in spite of"),
    ("huge", "enormous"), ("home", "house"), ("film", "movie"), ("movie", "film"), ("show", "programme"),
    ("amid", "during"), ("during", "amid"), ("top", "leading"), ("plans to", "intends to"),
    ("is set to", "is due to"), ("helped", "assisted"), ("needs", "requires"), ("use", "utilise"),
    ("like", "such as"), ("new", "fresh"), ("major", "big"), ("deal", "agreement"), ("rose", "climbed"),
    ("fell", "dropped"), ("increased", "grew"), ("bought", "acquired"), ("ended", "finished"),
    ("launched", "introduced"), ("released", "put out"), ("approved", "passed"),
)  # fmt: skip
_SPARE = re.compile(r"\b(?:also|already|now|just|recently|reportedly|however|meanwhile|still|even|very|newly|finally) ")
_TAIL = re.compile(r" (?P<when>on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|last week|this week|in (?:19|20)\d\d)\.$")
_LEAD = re.compile(
    r"^(?P<when>On (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Last week|In (?:19|20)\d\d),? (?P<rest>.+)\.$"
)
_ASIDE = re.compile(r", (?:who|which|where|a|an|the|including|according to|with|[a-z]+ing) [^,.]{4,60}(?P<end>[,.])")
_OWNER = re.compile(
    r"\b(?P<who>[A-Z][a-z]+)['’]s (?P<what>[a-z]+)\b(?= (?:has|have|is|are|was|were|will|said|in|on|to|and))"
)
_SOURCES = (
    "officials said",
    "according to local reports",
    "the statement said",
    "according to officials",
    "sources said",
)


def _synonyms(text: str, chance: Random, keep: str) -> Altered | None:
    """One to three words by others of the same meaning."""
    found = []
    for old, new in _SAME:
        match = re.search(rf"(?<![\w-]){re.escape(old)}(?![\w-])", text)
        if match is not None and old not in keep:
            found.append((old, new))
    if not found:
        return None
    for old, new in chance.sample(found, min(len(found), chance.choice([1, 2, 3]))):
        text = re.sub(rf"(?<![\w-]){re.escape(old)}(?![\w-])", new, text, count=1)
    return Altered(text, "other words")


def _decapitalised(text: str) -> str:
    head = text.split(maxsplit=1)[0]
    small = {"The", "A", "An", "His", "Her", "Its", "Their", "Some", "More", "At", "In", "On", "Two", "Three", "Police"}
    return text[0].lower() + text[1:] if head in small or head.endswith("s'") else text


def _moved(text: str, chance: Random, keep: str) -> Altered | None:
    """The time from the end to the head, or back."""
    del chance, keep
    match = _TAIL.search(text)
    if match is not None:
        return Altered(
            f"{match['when'][0].upper()}{match['when'][1:]}, {_decapitalised(text[: match.start()])}.", "moved"
        )
    match = _LEAD.match(text)
    if match is None:
        return None
    rest = match["rest"]
    return Altered(f"{rest[0].upper()}{rest[1:]} {match['when'][0].lower()}{match['when'][1:]}.", "moved")


def _sourced(text: str, chance: Random, keep: str) -> Altered | None:
    del keep
    if re.search(r"\b(?:said|says|according|told|sources)\b", text):
        return None
    return Altered(f"{text[:-1]}, {chance.choice(_SOURCES)}.", "a source named")


def _shorter(text: str, chance: Random, keep: str) -> Altered | None:
    """An aside or a spare adverb left out."""
    del chance
    match = _ASIDE.search(text)
    if match is not None and (not keep or keep not in match.group()):
        end = "." if match["end"] == "." else ""
        return Altered(text[: match.start()] + end + text[match.end() :], "shorter")
    match = _SPARE.search(text)
    return Altered(text[: match.start()] + text[match.end() :], "shorter") if match and match.start() else None


def _contracted(text: str, chance: Random, keep: str) -> Altered | None:
    del chance
    for full, short in _CONTRACTED.items():
        for old, new in ((f"{full} not", short), (short, f"{full} not"), (short.replace("'", "’"), f"{full} not")):
            if re.search(rf"\b{old}\b", text) and old not in keep and f"{old} only" not in text:
                return Altered(re.sub(rf"\b{old}\b", new, text, count=1), "contracted")
    return None


def _of(text: str, chance: Random, keep: str) -> Altered | None:
    del chance, keep
    match = _OWNER.search(text)
    return _put(text, match, f"the {match['what']} of {match['who']}", "turned") if match and match.start() else None


def reworded(text: str, chance: Random, keep: str = "") -> Altered | None:
    """The sentence in other words, one or two changes; `keep` is left as it is."""
    ways = [_synonyms, _synonyms, _moved, _sourced, _shorter, _contracted, _of]
    found: Altered | None = None
    for way in chance.sample(ways, len(ways)):
        again = way(found.text if found else text, chance, keep)
        if again is None or again.text == text or (keep and keep not in again.text):
            continue
        if found is not None or chance.random() < 0.4:
            return again
        found = again
    return found


# --- the same value written otherwise --------------------------------------------------------------------------------


def _percent(text: str, chance: Random) -> Altered | None:
    match = _SHARE.search(text)
    if match is None:
        return None
    signs = [sign for sign in ("%", " percent", " per cent") if sign != match["sign"]]
    return _put(text, match, match["n"] + chance.choice(signs), "a share")


def _rounded(text: str, chance: Random) -> Altered | None:
    """A large exact figure by a round one with its bound."""
    for match in _COUNT.finditer(text):
        value = _read(match["n"])
        if not _usable(text, match) or value < 100 or value % 10 == 0:
            continue
        size = 10 ** (len(str(int(value))) - 2)
        low, near = int(value // size * size), round(value / size) * size
        new = chance.choice([f"more than {low:,}", f"about {near:,}", f"nearly {low + size:,}", f"over {low:,}"])
        new = new if match.start() else new[0].upper() + new[1:]
        return _put(text, match, new + match["noun"], "rounded")
    return None


def _spelled(text: str, chance: Random) -> Altered | None:
    del chance
    for match in _COUNT.finditer(text):
        value = _read(match["n"])
        if value > 15 or value < 2 or not _usable(text, match):
            continue
        new = _WORDS[int(value) - 2] if match["n"][0].isdigit() else str(int(value))
        new = new if match.start() else new[0].upper() + new[1:]
        return _put(text, match, new + match["noun"], "spelled")
    return None


def _magnitude(text: str, chance: Random) -> Altered | None:
    match = _MONEY.search(text)
    if match is not None and match["mag"]:
        long = {
            " million": "m",
            " billion": "bn",
            " trillion": "tn",
            "m": " million",
            "bn": " billion",
            "tn": " trillion",
        }
        if match["mag"] == " billion" and chance.random() < 0.5:
            return _put(text, match, f"{match['cur']}{_read(match['n']) * 1000:,.0f} million", "money")
        new = long.get(match["mag"])
        return _put(text, match, match["cur"] + match["n"] + new, "money") if new else None
    match = _BIG.search(text)
    if match is None or match["mag"] != "million":
        return None
    return _put(text, match, f"{_read(match['n']) * 1_000_000:,.0f} ", "millions")


def _aged(text: str, chance: Random) -> Altered | None:
    del chance
    match = re.search(r"\b(?:a|an|the) (?P<n>\d\d)-year-old (?P<who>man|woman|boy|girl)\b", text)
    return (
        _put(text, match, f"{'an' if match['n'][0] == '8' else 'a'} {match['who']} aged {match['n']}", "an age")
        if match
        else None
    )


def _day_form(text: str, chance: Random) -> Altered | None:
    match = _DAY.search(text)
    if match is None:
        return None
    name = (match["m"] or match["m2"]).rstrip(".")
    month, day = _SHORT.get(name, name), match["d"] or match["d2"]
    forms = [f"{month} {day}", f"{day} {month}", f"{month[:3]}. {day}" if len(month) > 4 else f"{month} {day}"]
    return _put(text, match, chance.choice(forms), "a day")


_VALUES: tuple[Way, ...] = (
    ("a share", _percent),
    ("rounded", _rounded),
    ("spelled", _spelled),
    ("money", _magnitude),
    ("an age", _aged),
    ("a day", _day_form),
)


def same_value(text: str, chance: Random) -> Altered | None:
    """The sentence with a figure or day written otherwise, or rounded with a word that says so."""
    return _first(_VALUES, text, chance)


# --- another thing in the same words ---------------------------------------------------------------------------------

_QUARTER = re.compile(r"\b(?P<n>first|second|third|fourth)(?P<what>[- ](?:quarter|half))\b")
_PERIODIC = re.compile(  # what is told of one period after another, so that another period has another figure
    r"\b(?:rose|fell|grew|gr(?:ow|ew)n?|increased|dropped|declined|climbed|earned|reported|raised|sold|recorded"
    r"|brought in|profits?|revenues?|sales|inflation|growth|prices|cases|rates?|exports|imports|shares|traffic|output"
    r"|production|visitors|spent|average|polls?|deficit|surplus|income|shipped|delivered|points|scored|patients|arrivals)\b"
)
_FIGURE = tuple(way for name, way in _NUMBERS if name in ("money", "a share", "millions", "a count"))
_MEASURES = (
    ("killed", "injured"), ("wounded", "killed"), ("dead", "missing"), ("injured", "killed"), ("revenue", "profit"),
    ("profit", "revenue"), ("sales", "costs"), ("exports", "imports"), ("men", "women"), ("women", "men"),
    ("soldiers", "civilians"), ("civilians", "soldiers"), ("homes", "cars"), ("people", "animals"),
    ("students", "teachers"), ("workers", "retirees"), ("patients", "nurses"), ("users", "advertisers"),
    ("miles", "days"), ("days", "villages"), ("years", "countries"), ("months", "hospitals"), ("weeks", "schools"),
    ("children", "adults"), ("points", "rebounds"), ("police", "firefighters"), ("companies", "universities"),
    ("countries", "cities"), ("states", "counties"), ("officers", "lawyers"), ("arrested", "injured"),
    ("hours", "buildings"), ("games", "goals"), ("shares", "bonds"), ("jobs", "offices"), ("rockets", "drones"),
    ("families", "farms"), ("seats", "wards"), ("Palestinians", "Israelis"), ("customers", "suppliers"),
    ("votes", "seats"), ("members", "guests"), ("troops", "tanks"), ("residents", "tourists"),
)  # fmt: skip


def other_period(text: str, chance: Random) -> Altered | None:
    """The figure of another quarter, year, month or day: both the period and the figure differ."""
    if _PERIODIC.search(text) is None or _AGE.search(text):
        return None
    changed = next((found for way in _FIGURE for found in [way(text, chance)] if found), None)
    if changed is None:
        return None
    match = _QUARTER.search(changed.text)
    if match is not None:
        names = [name for name in ("first", "second", "third", "fourth") if name != match["n"]]
        names = names if "quarter" in match["what"] else ["second" if match["n"] == "first" else "first"]
        return _put(changed.text, match, chance.choice(names) + match["what"], "a quarter")
    for way, name in ((_year, "a year"), (_month, "a month"), (_weekday, "a weekday")):
        found = way(changed.text, chance)
        if found is not None:
            return Altered(found.text, name)
    return None


def other_measure(text: str, chance: Random) -> Altered | None:
    """The figure of another thing: both the noun or verb and the figure differ."""
    for old, new in chance.sample(_MEASURES, len(_MEASURES)):
        match = re.search(rf"\b(?P<n>\d[\d,.]*|{'|'.join(_WORDS)}) (?:(?!and\b|or\b)[a-z]+ ){{0,2}}{old}\b", text)
        if match is None or _AGE.search(text):
            continue
        value = _read(match["n"].rstrip(".,"))
        if value < 2 or (match["n"].isdecimal() and len(match["n"]) == 4):
            continue
        figure = f"{round(value * chance.choice([2.1, 2.6, 3.4])):,}"
        before = text[: match.start()]
        return Altered(before + figure + match.group()[len(match["n"]) : -len(old)] + new + text[match.end() :], old)
    return None
