"""How firmly something is said: a lexicon of cues with a little grammar (after Hyland 1998; the CoNLL-2010 task).

Two things are told apart: how real the matter is (states > plans > expects > could) and whether it stands on hearsay
(reported). `classify` gives that of the statement itself; `profile` gives all that occur anywhere.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.domain import Hedge, Span
from pipeline.language import moods

__all__ = ["classify", "firmer", "negated", "negations", "profile", "strength"]

_ORDER = (Hedge.STATES, Hedge.PLANS, Hedge.EXPECTS, Hedge.COULD, Hedge.REPORTED, Hedge.DENIES)
_RUMOUR = r"(?:claims?|reports?|allegations?|rumou?rs?|accusations?|suggestions?|charges?)"

_CUES: tuple[tuple[Hedge, str], ...] = (
    (
        Hedge.DENIES,
        r"den(?:y|ies|ied|ying)|refut(?:es?|ed|ing)|rebut(?:s|ted)|disavow(?:s|ed)|pleads? not guilty"
        r"|pleaded not guilty"
        rf"|(?:dismiss(?:es|ed|ing)?|reject(?:s|ed|ing)?|disput(?:es|ed|ing)) (?:\w+ ){{0,2}}{_RUMOUR}",
    ),
    (
        Hedge.REPORTED,
        r"reportedly|allegedly|purportedly|supposedly|apparently|rumou?r(?:s|ed)?|alleged|purported"
        r"|unconfirmed|unverified|leaked|hearsay"
        r"|(?:is|are|was|were|been) (?:reported|said|understood|believed|thought|rumou?red|alleged) to"
        r"|(?<!\w )(?:there (?:are|were) )?reports? (?:that|say|said|suggest(?:s|ed)?|claim(?:s|ed)?"
        r"|indicate[ds]?|emerged?)"
        r"|(?:amid|after|following|despite|denied|to|with) reports? (?:that|of)"
        r"|(?:media|news|press|local|multiple|some|several|recent|earlier|initial) reports?"
        r"|according to (?:\w+ ){0,2}(?:reports?|sources?|people|persons?|insiders?|rumou?rs?|leaks?|media)"
        r"|(?:sources?|people|persons?) (?:familiar|close|with knowledge|briefed|say|said|told)",
    ),
    (
        Hedge.COULD,
        r"could|might|may|possibl[ey]|possibility|(?<!our )(?<!its )(?<!their )potential(?:ly)?|perhaps|maybe"
        r"|if(?! not\b)|would|can be (?:as|up)"
        r"|explor(?:es?|ed|ing)|consider(?:s|ed|ing)?(?! (?:it|him|her|them|himself|itself|one|part"
        r"|among|by))|weigh(?:s|ed|ing)"
        r"(?! \d)|mull(?:s|ed|ing)|in (?:\w+ )?(?:talks|discussions|negotiations)|negotiating|ey(?:es"
        r"|eing)(?= (?:a|an|the|its)\b)"
        r"|contemplat(?:es?|ed|ing)|evaluating|stud(?:ies|ying) whether|discuss(?:es|ed|ing) (?:a |an "
        r")?(?:possible|plan|deal|sale|merger)"
        r"|propos(?:es?|ed|al|als|ing)|suggest(?:s|ed|ing)?|hop(?:es?|ed|ing) (?:to|that|for)"
        r"|appear(?:s|ed)? to|seem(?:s|ed)? to|speculat(?:es?|ed|ion)",
    ),
    (
        Hedge.EXPECTS,
        r"(?<!than )(?<!as )expect(?:s|ed|ing|ations?(?= (?:that|for)\b))?(?!\w)|project(?:s|ing)(?= (?:an?\b"
        r"|the\b|that\b|to\b|its?\b|need"
        r"|growth|revenue|demand|sales|\$|\d))"
        r"|projected|projections?|forecast(?:s|ed|ing)?|predict(?:s|ed|ing|ions?)?|anticipat(?:es?|ed"
        r"|ing)(?! (?:user|your|every))|estimat(?:es?|ed|ing)"
        r"|(?:un)?likely|probabl[ey]|should|on (?:track|course|pace) (?:to|for)|poised to|bound to|foresees?|outlook",
    ),
    (
        Hedge.PLANS,
        r"plans?(?= (?:to|for|on|a|an|its)\b)|planned|planning (?:to|for|on)|plans|will|won['’]t|shall"
        r"|going to|[a-z]+['’]ll"
        r"|intend(?:s|ed|ing)?|intention|(?<!take )(?<!took )(?<!taking )aim(?:s|ed|ing)? (?:to|for|at)"
        r"|commit(?:s|ted|ments?"
        r"|ting)?(?= (?:to\b|of\b|for\b|\$|up))"
        r"|pledg(?:es?|ed|ing)|promis(?:es?|ed|ing)(?= (?:to|that|an?|the)\b)|vow(?:s|ed|ing)?|(?<!a "
        r")set to|scheduled|slated|agree[sd]? to"
        r"|seek(?:s|ing)? to|sought to|wants? to|prepar(?:es?|ing) to|about to(?= [a-z])|earmarked"
        r"|upcoming|due(?= (?:in\b|by\b|on\b|next\b|this\b|to (?:be|open|begin|start|launch)\b))",
    ),
)
_CUE = re.compile(rf"(?<![\w-])(?:{'|'.join(f'(?P<{hedge.name}>{cues})' for hedge, cues in _CUES)})(?!\w)")

_READ = 4_000  # code points of a statement that are read: no sentence is longer
_MORE = re.compile(
    r"(?<![\w-])(?:"
    r"(?P<PLANS>(?:look(?:s|ing)?|mov(?:es?|ing)|set(?:s|ting)? out|gear(?:s|ing) up|bidding|read(?:y|ies)) to"
    r"(?= [a-z]+\b(?<!ing))(?! (?:the|an?|its?|his|her|their|be)\b)|finali[sz]ing|(?:is|are) coming (?:out|to|soon)"
    r"|(?:is|are) (?!going)[a-z]+ing (?=[^.,;]{0,60}\b(?:next (?:week|month|year)|later this|tomorrow)\b))"
    r"|(?P<COULD>risk(?:s|ed|ing)? [a-z]+ing|at risk of|in danger of|threat(?:ens?|ening) to|unless)"
    r"|(?P<EXPECTS>to last (?:until|at least)|inevitable)"
    r"|(?P<REPORTED>(?:court|hearing|inquest|inquiry|jury|tribunal|trial) (?:told|hears|heard)(?=\W*$)"
    r"|(?<=[:–—-] )reports?(?=\W*$)|(?<=, )reports?(?=\W*$))"
    r")(?!\w)"
)
_NEGATION = re.compile(
    r"(?<!\w)(?:not(?! only\b| just\b| merely\b| least\b| to mention\b| guilty\b)|never|no longer"
    r"|without|neither|nor|nobody|none|nothing|cannot"
    r"|no(?! ?\. ?\d)(?= [a-z])(?! (?:doubt|matter|later|less|fewer|sooner)\b)|[a-z]+n['’]t"
    r"|(?:refus(?:es?|ed|ing)|fail(?:s|ed|ing)?|declin(?:es?|ed|ing)) to"
    r"|lack(?:s|ed)?|den(?:y|ies|ied|ying)|rule[sd]? out|halt(?:s|ed)?|stopped|cancel(?:s|led|ed|ling)"
    r"|scrap(?:s|ped|ping)|abandon(?:s|ed|ing))(?!\w)"
)
_MAY = re.compile(
    r"(?<!\w)May(?= \d)|(?:\d|(?<!\w)(?:[Ii]n|[Oo]f|[Ss]ince|[Uu]ntil|[Bb]y|[Ll]ast|[Nn]ext|[Tt]his"
    r"|[Ll]ate|[Ee]arly|[Mm]id|Theresa|President)) May(?!\w)"
)


def _lower(text: str) -> str:
    """`text` in lower case, its length kept."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _cues(text: str) -> list[tuple[Hedge, Span]]:
    """Hedge cues of `text` in order, the month of May left out."""
    months = {match.end() - 3 for match in _MAY.finditer(text)} if "May" in text else set()
    found = []
    for match in _CUE.finditer(_lower(text)):
        if match.lastgroup and match.start() not in months:
            found.append((Hedge[match.lastgroup], Span(*match.span())))
    return found


def profile(text: str) -> tuple[Hedge, ...]:
    """All the hedges of `text`, firm to weak; STATES alone where there is none."""
    present = {hedge for hedge, _ in _cues(text)}
    return tuple(hedge for hedge in _ORDER if hedge in present) or (Hedge.STATES,)


@lru_cache(maxsize=4096)
def classify(text: str) -> Hedge:
    """The hedge of what `text` states itself: a denial or hearsay outweighs all, else the first cue says it.

    Cues in clauses beside the main one, before nouns and in idioms are passed over; where nothing has a finite verb,
    those before nouns are all there is.
    """
    text = text[:_READ]
    lowered = _lower(text)
    cues = [(hedge, cue) for hedge, cue in _own(text, lowered) if not moods.idle(lowered, cue)]
    beside = moods.subordinate(lowered) if cues else ()
    main = [
        (hedge, cue)
        for hedge, cue in cues
        if hedge is Hedge.REPORTED or not any(clause.start <= cue.start < clause.end for clause in beside)
    ]
    plain = [(hedge, cue) for hedge, cue in main if not moods.attributive(lowered, cue)]
    if not plain and moods.headline_future(text):
        return Hedge.PLANS
    told = plain or ([] if moods.predicates(text, [cue for _, cue in main]) else main)
    for heaviest in (Hedge.DENIES, Hedge.REPORTED):
        if any(hedge is heaviest for hedge, _ in told):
            return heaviest
    return told[0][0] if told else Hedge.STATES


def _own(text: str, lowered: str) -> list[tuple[Hedge, Span]]:
    """The cues of `text` and those that only a whole sentence shows, in order."""
    found = [(_foreseen(hedge, cue, lowered), cue) for hedge, cue in _cues(text)]
    found += [(Hedge[match.lastgroup], Span(*match.span())) for match in _MORE.finditer(lowered) if match.lastgroup]
    return sorted(found, key=lambda pair: (pair[1].start, pair[1].end))


def _foreseen(hedge: Hedge, cue: Span, lowered: str) -> Hedge:
    """The hedge of a cue, seen with what follows it: "will fall" is expected, "proposes to" planned."""
    if moods.happens(lowered, cue):
        return Hedge.EXPECTS
    return Hedge.PLANS if lowered[cue.start : cue.end].startswith("propos") else hedge


def strength(hedge: Hedge) -> int:
    """How firm a hedge is: 5 for STATES down to 1 for REPORTED; 0 for DENIES, which stands apart."""
    return len(_ORDER) - 1 - _ORDER.index(hedge)


def firmer(sentence: str, span: str) -> bool:
    """Whether `sentence` claims more than `span`: it drops hearsay, a denial, or all the doubt that the span has."""
    said, given = profile(sentence), profile(span)
    if any(hedge in given and hedge not in said for hedge in (Hedge.REPORTED, Hedge.DENIES)):
        return True
    real = (Hedge.STATES, Hedge.PLANS, Hedge.EXPECTS, Hedge.COULD)
    weakest = [max((real.index(h) for h in hedges if h in real), default=0) for hedges in (said, given)]
    return weakest[0] < weakest[1]


@lru_cache(maxsize=4096)
def negations(text: str) -> tuple[Span, ...]:
    """Spans of the words that deny something in `text`."""
    return tuple(Span(*match.span()) for match in _NEGATION.finditer(_lower(text)))


def negated(text: str) -> bool:
    """Whether `text` denies what it speaks of ("not only" and "No. 10" do not)."""
    return bool(negations(text))
