"""Who says it: attributions such as "X said", "said X", "according to X", "X, citing Y", "X: ...".

`find` gives the speaker in the text's own words, the verb, and the part of the sentence that is the speaker's. A word
that can be a noun ("states", "reports") needs "that" or a quotation behind it to be a verb of saying.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.domain import Span
from pipeline.language.verbs import finite, is_finite
from pipeline.language.words import tokens

__all__ = ["Attribution", "find"]

_SURE = (
    r"says?|said|tells|told|writes|wrote|announce[sd]|added|adds|stated|claimed|argue[sd]?|warn(?:s"
    r"|ed)|noted|explain(?:s|ed)|confirm(?:s|ed)"
    r"|predict(?:s|ed)|insist(?:s|ed)|allege[sd]|acknowledge[sd]|admit(?:s|ted)|declare[sd]|tweeted"
    r"|testified|concluded|concludes"
    r"|believe[sd]?|denied|denies|maintain(?:s|ed)|caution(?:s|ed)|recalled|revealed|reveals|reported"
    r"|estimated|joked|quipped|replied|responded|lamented|dijo|dice|afirmó|aseguró|señaló|indicó"
    r"|anunció|explicó"
)
_MAYBE = (
    r"state|states|report|reports|claim|claims|note|notes|suggest|suggests|suggested|estimate"
    r"|estimates|found|finds|find|think|thinks|thought|fears?|feared|hopes?|hoped|holds?|posted|posts|shows?"
    r"|showed|indicate[ds]?"
    r"|projects?|projected"
)
_SPEAKER = r"(?P<who>(?:[^\W\d_][\w.'’&/-]*|\d{1,3}|[“\"])(?: [\w.'’&/-]+){0,11}?)"
_ASIDE = r"(?P<aside>, [^“”\"\n]{1,100}?,)?"
_ADVERB = (
    r"(?: (?:has|have|had|also|later|then|once|recently|previously|repeatedly|publicly|earlier|on \w+"
    r"|today|yesterday|now|just))*"
)
_BEFORE = re.compile(
    rf"{_SPEAKER}{_ASIDE}{_ADVERB} (?:(?P<sure>{_SURE})(?= (?!by\b|to\b(?! \w+ that))|,? ?[“\"'‘:]|,)"
    rf"|(?P<maybe>{_MAYBE})(?= that\b|:? ?,? ?[“\"‘]))"
)
_AFTER = re.compile(
    rf"(?:[,!?—][”\"'’»]?|[”\"'’»]) (?P<verb>{_SURE}) "
    rf"(?P<who>[^,.;:\n“”\"()]{{2,90}}?)(?=[,.;:\n“”\"()]|$| (?:in|on|at|during|after|as|while|who)\b)"
)
_TRAILING = re.compile(
    rf"(?:,[”\"'’»]?|[?!—][”\"'’»]?) {_SPEAKER}{_ASIDE} (?P<verb>{_SURE}|reports|notes|claims|states"
    rf"|suggests|estimates)"
    rf"(?:(?<= told)(?= \w)|(?=[.,!?;”\"]|$| (?:in|on|at|during|of|to)\b))"
)
_ACCORDING = re.compile(
    r"(?<!\w)(?:according to|según(?: (?:expuso|informó|indicó|señaló|dijo|explicó|detalló|consignó|publicó))?"
    r"|as reported by|as told to|in the words of|in a (?:statement|report"
    r"|post|blog post|memo|letter) (?:by|from))"
    r" (?P<who>[^,.;:\n“”\"()—]{2,100}?)(?=[,.;:\n“”\"()—]|$| (?:that|who|which|has|have|had|is|are|was|were|will)\b)",
    re.IGNORECASE,
)
_COLON = re.compile(r"(?P<who>[A-Z][^\W\d]*[.'’&-]?[^\W\d]*(?: [^\W\d][^\W\d'’-]*){0,3}): (?=[“\"'‘«])")
_CITING = re.compile(r"(?<!\w)citing (?P<who>[^,.;:\n“”\"()]{2,80})")
_CLAUSE = frozenset("how why what when whether because that".split())
_ARTICLES = frozenset("the a an its their his her".split())
_NO_SPEAKER = frozenset(
    "which that who what it's there here when while if as but and because where how why not update "
    "breaking watch live read note analysis opinion video exclusive".split()
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: (?:morning|afternoon|evening|night))?"
_LEAD = re.compile(
    r"(?:In|On|At|After|Before|During|Despite|While|When|As|Amid|Following|Last|Since|Earlier)\b[^,:“”\"\n]{2,160}, "
)
_WHEN = re.compile(
    rf"(?:(?:on|late|early) )?{_WEEKDAY} (?:that )?(?=\w)|(?:on|in|at|during|late|early|last"
    rf"|this) [^,“”\"]{1, 40}? (?=that )"
)
_OPENING = 320  # code points in which a sentence names its speaker
_READ = 2_000


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who is said to have said something. All spans are of the text that was read; `said` is the speaker's part."""

    speaker: str
    verb: str
    span: Span
    said: Span
    cites: str | None = None


def _said(text: str, start: int, end: int) -> Span | None:
    """The range without spaces, commas and a leading "that"."""
    while start < end and (text[start].isspace() or text[start] in ",:;–—"):
        start += 1
    when = _WHEN.match(text, start, end)
    start = when.end() if when else start
    for word in ("that ", "que "):
        if text[start : start + len(word)].lower() == word:
            start += len(word)
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:–—"):
        end -= 1
    return Span(start, end) if start < end else None


def _speaks(who: str) -> bool:
    """Whether words can name a speaker: no clause of their own, no word that joins clauses."""
    words = tokens(who)
    if not words or words[0] in _NO_SPEAKER or len(words) > 14 or words[-1] in _ARTICLES:
        return False
    if _CLAUSE.intersection(words[1:]):
        return False
    return not any(is_finite(word) and not word.endswith("ed") for word in words[1:])


def _attribution(text: str, match: re.Match[str], verb: str, said: Span | None) -> Attribution | None:
    """An attribution from a match with the group "who", or None where nothing is left that was said."""
    who = re.sub(r"^[“\"]|,$", "", match.group("who")).strip()
    if said is None or not who or not _speaks(who):
        return None
    cited = _CITING.search(text)
    begin = text.index(who, match.start("who"))
    return Attribution(who, verb, Span(begin, begin + len(who)), said, cited.group("who").strip() if cited else None)


def _according(text: str) -> Attribution | None:
    """The form "according to X", at either end."""
    match = _ACCORDING.search(text)
    if match is None:
        return None
    sides = [span for span in (_said(text, 0, match.start()), _said(text, match.end(), len(text))) if span]
    return _attribution(text, match, "according to", max(sides, key=lambda span: span.end - span.start, default=None))


def _before(text: str) -> Attribution | None:
    """The forms "X said that ..." and "X: ..."."""
    lead = _LEAD.match(text)
    match = _BEFORE.match(text[:_OPENING]) or (_BEFORE.match(text[:_OPENING], lead.end()) if lead else None)
    if match:
        verb = match["sure"] or match["maybe"]
        return _attribution(text, match, verb.lower(), _said(text, match.end(), len(text)))
    match = _COLON.match(text)
    if match and not finite(match["who"]) and any(word[0].isupper() for word in match["who"].split()[-1:]):
        return _attribution(text, match, ":", _said(text, match.end(), len(text)))
    return None


def _behind(text: str) -> Attribution | None:
    """The forms "...," said X" and "..., X said"."""
    for form in (_AFTER, _TRAILING):
        match = form.search(text)
        if match:
            end = min(match.start("verb"), match.start("who"))
            found = _attribution(text, match, match["verb"].lower(), _said(text, 0, end))
            if found:
                return found
    return None


def find(text: str) -> Attribution | None:
    """The attribution of a sentence, the clearest form first; None where the sentence speaks for itself."""
    read = text[:_READ]
    return _according(read) or _behind(read) or _before(read)
