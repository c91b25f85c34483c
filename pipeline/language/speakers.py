"""Who says it: attributions such as "X said", "said X", "according to X", "X, citing Y", "X: ...".

`find` gives the speaker in the text's own words, the verb, and the part of the sentence that is the speaker's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.domain import Span

_SAY = (
    r"say|says|said|saying|tell|tells|told|write|writes|wrote|report|reports|reported|announce|announces|announced|add|adds|added|state|states|stated"
    r"|claim|claims|claimed|argue|argues|argued|warn|warns|warned|note|notes|noted|explain|explains|explained|confirm|confirms|confirmed"
    r"|estimate|estimates|estimated|predict|predicts|predicted|insist|insists|insisted|allege|alleges|alleged|acknowledge|acknowledges|acknowledged"
    r"|admit|admits|admitted|declare|declares|declared|suggest|suggests|suggested|tweeted|tweets|posted|testified|concluded|concludes|found|finds"
    r"|believe|believes|believed|think|thinks|thought|denied|denies|hold|holds|maintains|maintained|cautioned|cautions|recalled|revealed|reveals"
)
_NP = r"(?:[^\W\d_][\w.'’&-]*|\d+)(?:(?: |, (?=(?:a|an|the)\b ))(?:[\w.'’&-]+)){0,9}?"
_ACCORDING = re.compile(
    r"(?<!\w)(?:according to|per|as reported by|as told to|in the words of|in a (?:statement|report|post|blog post|interview)(?: (?:with|by|from|to))?)"
    r" (?P<who>[^,.;:\n“”\"()—]{2,90}?)(?=[,.;:\n“”\"()—]|$| (?:that|who|which|has|have|had|is|are|was|were|will|in|on)\b)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?P<who>[^\W\d_][^,.;:\n“”\"()]{{0,100}}?)(?P<aside>, [^,\n“”\"]{{1,90}},)?"
    rf" (?:(?:has|have|had|also|later|then|recently|previously|repeatedly|publicly) )*(?P<verb>{_SAY})\b"
    rf"(?= (?:that|it|he|she|they|the|a|an|in|on|at|of|its|his|her|their|there|this|we|\w)|,|:|\.|$| [“\"'‘])"
)
_AFTER = re.compile(
    rf"(?<=[,”\"'’!?] )(?P<verb>{_SAY}) (?P<who>[^,.;:\n“”\"()]{{2,80}}?)(?=[,.;:\n“”\"()]|$| (?:in|on|at|during|after|as|while|who)\b)"
)
_COLON = re.compile(r"^(?P<who>[^\W\d_][^,.;:\n“”\"()?!]{1,60}): (?=[\w“\"'‘])")
_CITING = re.compile(r"(?<!\w)citing (?P<who>[^,.;:\n“”\"()]{2,80})", re.IGNORECASE)
_OPENING = 300  # code points in which a sentence names its speaker


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
    if text[start : start + 5].lower() == "that ":
        start += 5
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:–—"):
        end -= 1
    return Span(start, end) if start < end else None


def _attribution(text: str, match: re.Match[str], verb: str, said: Span | None) -> Attribution | None:
    """An attribution from a match with the group "who", or None where nothing is left that was said."""
    who = match.group("who").strip()
    if said is None or not who:
        return None
    cited = _CITING.search(text)
    begin = match.start("who")
    return Attribution(
        who,
        verb,
        Span(begin, begin + len(match.group("who").rstrip())),
        said,
        cited.group("who").strip() if cited else None,
    )


def find(text: str) -> Attribution | None:
    """The attribution of a sentence, the clearest form first; None where the sentence speaks for itself."""
    match = _ACCORDING.search(text)
    if match:
        before = _said(text, 0, match.start())
        after = _said(text, match.end(), len(text))
        longer = max((span for span in (before, after) if span), key=lambda span: span.end - span.start, default=None)
        return _attribution(text, match, "according to", longer)
    match = _AFTER.search(text)
    if match:
        return _attribution(text, match, match.group("verb").lower(), _said(text, 0, match.start()))
    match = _BEFORE.match(text[:_OPENING]) or _COLON.match(text)
    if match:
        verb = match.groupdict().get("verb") or ":"
        return _attribution(text, match, verb.lower(), _said(text, match.end(), len(text)))
    return _trailing(text)


_TRAILING = re.compile(
    rf", (?P<who>[^,.;:\n“”\"()]{{2,80}}?)(?:, [^,\n“”\"]{{1,90}},)? (?P<verb>{_SAY})(?=[.,!?”\"]|$| (?:in|on|at|during)\b)"
)


def _trailing(text: str) -> Attribution | None:
    """The form "..., X said."."""
    match = _TRAILING.search(text)
    if match is None:
        return None
    return _attribution(text, match, match.group("verb").lower(), _said(text, 0, match.start()))
