"""How firmly something is said: a lexicon of cues with a little grammar (after Hyland 1998 on hedging; CoNLL-2010 task).

Two things are told apart: how real the matter is (states > plans > expects > could) and whether it stands on hearsay
(reported). `classify` gives the weakest of them; `profile` gives all.
"""

from __future__ import annotations

import re

from pipeline.domain import Hedge, Span

_ORDER = (Hedge.STATES, Hedge.PLANS, Hedge.EXPECTS, Hedge.COULD, Hedge.REPORTED, Hedge.DENIES)

_CUES: tuple[tuple[Hedge, str], ...] = (
    (
        Hedge.DENIES,
        r"den(?:y|ies|ied|ying)|refut(?:e|es|ed|ing)|dismiss(?:es|ed)? (?:the |these |those |any )?"
        r"(?:claims?|reports?|allegations?|rumou?rs?|accusations?|suggestions?)|reject(?:s|ed)? (?:the |these |those |any )?"
        r"(?:claims?|reports?|allegations?|rumou?rs?|accusations?|suggestions?)|disput(?:es|ed) (?:the |these |those |any )?"
        r"(?:claims?|reports?|allegations?|figures?)",
    ),
    (
        Hedge.REPORTED,
        r"reportedly|allegedly|purportedly|supposedly|rumou?red|rumou?rs?|alleged|unconfirmed|unverified"
        r"|(?:is|are|was|were|been) (?:reported|said|understood|believed|thought|rumou?red) to"
        r"|reports?(?= (?:that|say|says|said|suggest|suggests|suggested|claim|claimed|indicate|emerge|emerged))(?<!\w reports)"
        r"|(?:media|news|press|local|multiple|some|several|recent|unconfirmed|earlier|initial) reports?"
        r"|according to (?:reports?|sources?|people|persons?|insiders?|rumou?rs?|leaks?|leaked|media)"
        r"|(?:sources?|people|persons?) (?:familiar|close|with knowledge|briefed|say|said|told)|leaked|hearsay",
    ),
    (
        Hedge.COULD,
        r"could|might|may|can(?= be (?:as|up))|possibly|possible|possibility|potential|potentially|perhaps|maybe|likely to consider"
        r"|explor(?:e|es|ed|ing)|consider(?:s|ed|ing)? (?!it|him|her|them|himself|itself)|weigh(?:s|ed|ing)|mull(?:s|ed|ing)"
        r"|in (?:early |advanced |exclusive |preliminary )?(?:talks|discussions|negotiations)|negotiating|eyeing|contemplat(?:es|ed|ing)"
        r"|evaluating|studying whether|discuss(?:ing|ed) (?:a |an )?(?:possible|potential|plan|deal)|proposed|proposes|suggests?|suggested"
        r"|hopes?|hoped|hoping|appears? to|appeared to|seems? to|seemed to|would|if",
    ),
    (
        Hedge.EXPECTS,
        r"expect(?:s|ed|ing|ation|ations)?|project(?:s|ed|ing|ions?)(?= (?:a|an|the|that|to|it|its|need|growth|revenue|demand|sales|\$|\d))"
        r"|projected|projections?|forecast(?:s|ed|ing)?|predict(?:s|ed|ing|ion|ions)?|anticipat(?:e|es|ed|ing)|estimat(?:e|es|ed|ing)"
        r"|likely|unlikely|probably|should|on track to|on course to|poised to|bound to|foresees?",
    ),
    (
        Hedge.PLANS,
        r"plan(?:s|ned|ning)?|will|won't|shall|going to|intend(?:s|ed|ing)?|intention|aim(?:s|ed|ing)? (?:to|for|at)|commit(?:s|ted|ment|ments|ting)?"
        r"|pledg(?:e|es|ed|ing)|promis(?:e|es|ed|ing)|vow(?:s|ed)?|set to|due to (?=[a-z]+\b(?<!the)(?<!a))|scheduled|slated|agreed to|agrees to|seek(?:s|ing)? to"
        r"|wants? to|preparing to|prepares? to|about to(?= [a-z])|target(?:s|ing) |earmarked|upcoming|'ll|announced (?:a )?plans?|due (?=(?:in|by|on|next|this)\b)",
    ),
)
_CUE = re.compile(
    "|".join(rf"(?P<{hedge.name}>(?<!\w)(?:{cues})(?!\w)|(?<=\w)(?!))" for hedge, cues in _CUES), re.IGNORECASE
)

_NEGATION = re.compile(
    r"(?<!\w)(?:not(?! only\b| just\b| merely\b)|never|no longer|without|neither|nor|nobody|none|nothing|cannot|can't"
    r"|no(?! ?\.? ?\d)(?= [a-z])|[a-z]+n['’]t|refus(?:e|es|ed|ing) to|fail(?:s|ed|ing)? to|declin(?:e|es|ed|ing) to|lacks?|lacked"
    r"|den(?:y|ies|ied|ying)|ruled out|rules out|halt(?:s|ed)?|stopped|cancel(?:s|led|ed)|scrapp(?:ed|ing)|abandon(?:s|ed))(?!\w)",
    re.IGNORECASE,
)
_MONTH_MAY = re.compile(
    r"(?<!\w)May(?= \d)|(?<=\d )May(?!\w)|(?<=[Ii]n )May(?!\w)|(?<=[Oo]f )May(?!\w)|(?<=[Ss]ince )May(?!\w)"
)


def _cues(text: str) -> list[tuple[Hedge, Span]]:
    """Hedge cues of `text` in order, the month of May left out."""
    months = {match.start() for match in _MONTH_MAY.finditer(text)}
    found = []
    for match in _CUE.finditer(text):
        if match.start() == match.end() or match.start() in months or match.lastgroup is None:
            continue
        found.append((Hedge[match.lastgroup], Span(match.start(), match.end())))
    return found


def profile(text: str) -> tuple[Hedge, ...]:
    """All the hedges of `text`, firm to weak; STATES alone where there is none."""
    present = {hedge for hedge, _ in _cues(text)}
    return tuple(hedge for hedge in _ORDER if hedge in present) or (Hedge.STATES,)


def classify(text: str) -> Hedge:
    """The weakest hedge of `text`; a denial outweighs all."""
    return profile(text)[-1]


def strength(hedge: Hedge) -> int:
    """How firm a hedge is: 5 for STATES down to 1 for REPORTED; 0 for DENIES, which stands apart."""
    return len(_ORDER) - 1 - _ORDER.index(hedge)


def negations(text: str) -> tuple[Span, ...]:
    """Spans of the words that deny something in `text`."""
    return tuple(Span(*match.span()) for match in _NEGATION.finditer(text))


def negated(text: str) -> bool:
    """Whether `text` denies what it speaks of ("not only" and "No. 10" do not)."""
    return _NEGATION.search(text) is not None
