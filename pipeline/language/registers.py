"""In which of ten registers a sentence speaks (docs/registers.md): what it does, rather than what it says.

Rules over its verbs, hedges, person, mood and speaker, tried in the published order; a sentence that reports somebody's
words has the register of those words. The idea of telling acts of speech by their verbs is Searle's (1976, "A
classification of illocutionary acts"). English only: elsewhere no register is given.
"""

from __future__ import annotations

import re

from pipeline.domain import Hedge
from pipeline.language import hedges, quotes, stance, verbs
from pipeline.language.words import tokens

__all__ = ["REGISTERS", "UNKNOWN", "classify"]

REGISTERS = tuple("question appeal alarm criticism praise testimony announcement forecast explanation report".split())
UNKNOWN = ""
_READ = 2_000  # code points that are read

_TAIL = re.compile(r"(?:\s[|–—-]\s[^|–—?!.]{2,40}|\s*\([^()]{1,60}\))$")
_OPEN = re.compile(
    r"\b(?:(?:is|are|was|were|remains?|it['’]s|still) (?:\w+ )?(?:unclear|uncertain|unknown|unsure|unresolved)"
    r"|(?:not|n['’]t) (?:yet )?(?:known|clear)|open question|remains? to be seen|(?:no one|nobody) knows"
    r"|hard not to wonder|questions? (?:remain|about whether)|uncertain whether)\b"
)
_IMPERATIVE = frozenset(
    """ask avoid beware become bring buy check choose click come consider discover ditch don't download eat enjoy
    enter explore find follow forget get give go grab ignore join keep know learn let let's listen look make
    pay please preorder prepare protect put raise read register remember save see send shop sign skip spend
    stay stop stream subscribe switch take tell think try turn upgrade use visit wait watch write""".split()
)
_URGE = re.compile(
    r"\b(?:(?:urg|implor|advis)(?:es?|ed|ing)|exhort(?:s|ed|ing)?|plead(?:s|ed|ing)? (?:for|with)|beg(?:s|ged"
    r"|ging)?|demand(?:s|ed|ing)?(?= (?:that|an?|the|action|answers|more|to|his|her|their|its|better)\b)|call(?:s"
    r"|ed|ing)? (?:\w+ )?(?:on|for)(?! \d)|appeal(?:s|ed|ing)? (?:to|for)|(?:press|push)(?:es|ed|ing)? (?:to|for)"
    r"|ask(?:s|ed|ing)? (?:for|(?!if|whether|about)[\w’' -]{1,30} to)|would like to hear|want to hear|please"
    r"|had better|(?:seek(?:s|ing)?|sought) (?:an? )?(?:probe|action|help|protection|information|answers|justice"
    r"|inquiry|investigation)|tips? (?:for|to|on)|must(?! have)|ought to|needs? to (?:be|act|do|stop|start|change"
    r"|take|make|stay)|should(?! (?:have|i|we expect|start|arrive|be (?:able|ready|available))\b)"
    r"|issued an? (?:\w+ ){0,3}(?:deadline|ultimatum))\b"
)
_DO_NOT = re.compile(r"^\W*(?:do not|don['’]t|never|always|if you(?:['’]re| are| want| need)[^,]{1,90}, [a-z]+ )")
_ALARM = re.compile(
    r"\b(?:warn(?:s|ed|ing|ings)?|threat(?:ens?|ened|ening)|fear(?:s|ed)? (?:that|for|over|the|it|he|she|they)"
    r"|(?:spark|rais|stir)(?:es|ed|s|ing) (?:\w+ )?(?:fears|alarm|concerns)|at risk|risk(?:s|ed"
    r"|ing)? (?:of (?=\w+ing)|\w+ing)|poses? (?:an? )?(?:\w+ )?(?:risk|danger|threat)|in danger|(?:high|grave"
    r"|serious|real) (?:risk|danger|concerns?)|risk to (?:life|public)|(?:red|emergency) alert|brac(?:es?|ed"
    r"|ing) for|matter of time|sounds? the alarm|imminent|time bomb|on the brink|spiral(?:ling|ing) out|(?:could"
    r"|may|might|can) (?:\w+ )?(?:kill|collapse|destroy|die|harm|endanger|be missing|miss out|exploit|cost lives))\b"
)
_SELF = re.compile(r"\b(?:I|I['’](?:m|ve|d|ll)|me|my|mine|myself)\b")
_FEEL = re.compile(
    r"\b(?:heartbroken|devastated|grie(?:f|ving|ves|ved)|mourn(?:s|ed|ing)?|in tears|burst into tears|cr(?:y|ied"
    r"|ies|ying)|apologi[sz](?:es?|ed|ing)|confess(?:es|ed)?|open(?:s|ed) up(?! (?:an?|the|new|more)\b)"
    r"|speaks? out about|recall(?:s|ed)(?! (?:over|about|nearly|more|\d))|recount(?:s|ed)|reflects? on|looks? back"
    r"|reveals? (?:how|why|what) (?:he|she|they)|shares? (?:his|her|their) (?:\w+ )?(?:story|journey|grief|pain"
    r"|experience|experiences|agony|thoughts|struggle|struggles)|felt|heartbreak|agony|regrets?|regretted"
    r"|admits? (?:he|she|to)|forg(?:ave|ives?)|terrified|scared|miss(?:es)? (?:him|her|them)|was lucky)\b"
)
_ANNOUNCE = re.compile(
    r"\b(?:(?:announc|introduc)(?:es?|ed|ing)|(?<!rockets )(?<!missiles )(?<!attack )(?<!attacks )(?<!drones )launch"
    r"(?:es|ed|ing)?(?! (?:\w+ ){0,2}(?:attacks?|strikes?|missiles?|rockets?|offensive|raids?|probe|inquiry"
    r"|investigation|war|assault|operation)\b)|(?:unveil|debut)(?:s|ed|ing)?|(?<!been )(?<!, )releas(?:es"
    r"|ed)(?! (?:from|on|by))|release (?:\w+ ){0,2}(?:paper|report|version|guide|toolkit|update|album|date)"
    r"|roll(?:s|ed|ing) out|appoint(?:s|ed)?|now (?:available|open|on sale)|available (?:now|to|for)|coming (?:to"
    r"|in|out|soon)|on sale|goes live|adds|moves to|(?:is|are) (?:adding|getting|bringing|launching|releasing"
    r"|opening|ending|closing|banning|moving|building|testing|preparing|aiming|coming|retiring|returning|joining"
    r"|leaving|looking to|working on|finalizing)|shows? off|recalls|gets? (?:an? )?(?:\w+ ){0,2}(?:remake|upgrade"
    r"|update|release|sequel|remaster|feature)|declares? (?:a )?strike|commits|new on|has (?:brought|introduced"
    r"|added|launched|proposed)|welcome to|release date|cancels|cuts? ties|bans|steps down)\b"
)
_FORECAST = re.compile(
    r"\b(?:(?:(?<!in )(?<!of )(?<!by )(?<!since )(?<!until )(?<!last )(?<!next )(?<!this )may(?! \d)|might|could"
    r"|would)(?! have\b| be(?:en)? able)|(?:un)?likely(?= (?:to|be|that))|outlook|foresees?|(?:is|are|was|were|be"
    r"|not) expected|expect(?:s|ed)? (?:to|that)|expected (?:in|to|for|by|next)|forecasts?|predict(?:s|ed|ions?)?"
    r"|projected to|projections?|anticipates?|poised (?:to|for)|on (?:track|course|pace) (?:to|for)|bound to"
    r"|will (?:likely|probably|eventually)|potential(?:ly)? to|prospects? (?:of|for))\b"
)
_TO_DO = re.compile(
    r"^[^,:;.?]{2,70}?(?P<who>[^\W_][\w.'’-]*) to (?!(?:the|an?|his|her|its|their|be)\b)(?P<verb>[^\W\d_]+)\b"
)
_NOT_WHO = frozenset(
    """want wants seek struggle struggles continue fail try tries need needs have ready able how likely way ways bid
    push right time chance whether what where when set due back up close next according thanks""".split()
)
_WAS_TO = re.compile(r"\b(?:was|were|had) (?:been )?(?:set|due|scheduled|slated|planned) to\b")
_HOW = re.compile(r"^\W*(?:how|why|what|when|where|who|here['’]s|here are|inside)\b")
_HEADING = re.compile(r"^(?:the|an?|inside|on|in|into|towards?|beyond|behind) ")
_EXPLAIN = re.compile(
    r"^\W*(?:how|why|what|when|where|who|inside|meet|here['’]?s|here are|everything|explained|explainer|a guide"
    r"|the (?:best way|secret|story|history|science|truth|rise|fall|reality)|from [^,]{3,40} to|assessing"
    r"|understanding|review)\b(?![^?]*\?$)|\b(?:explain(?:s|ed|er|ing)?|stud(?:y|ies) (?:finds?|found|shows?|showed"
    r"|suggests?|reveals?|says?)|research(?:ers)? (?:shows?|finds?|found|suggests?|show|say|assessed)"
    r"|scientists (?:say|find|found|discover(?:ed)?)|known as|so-called|dubbed|because|means that|the reason|due to"
    r"|thanks to|driven by|here['’]s (?:how|why|what|everything)|what to (?:know|expect)|how to|need to know"
    r"|take a look|looks? (?:at|like)|reveals? (?:how|why)|refers? to|consists? of|is based on|trailer|review|recap"
    r"|final impressions|hints|explores|focuses on|documentary|novel|was once|used to be|tends? to|typically"
    r"|usually|each (?:year|week|month|monday)|every (?:year|week|month))\b"
)
_PRESENT = frozenset(
    """is are isn't aren't has have can can't it's that's there's they're he's she's you're remains makes means
    uses includes contains provides produces requires allows depends seems appears looks represents affects""".split()
)
_ADVERBS = frozenset(
    "not also now still already just only often usually always currently more very so being been".split()
)
_PARTICIPLES = frozenset("been seen shown given taken known gone done hit set put dead missing in under on at".split())
_DATED = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:yesterday|today|tonight|overnight|this (?:week|month"
    r"|morning)|last (?:week|night|month|year)|earlier|ago|so far|said|told|has been|have been|is being|are being"
    r"|custody|is seen|are seen|is shown|pictured|photo)\b"
)


def classify(text: str, lang: str | None = "en") -> str:
    """The register of a sentence, one of REGISTERS; UNKNOWN in a language other than English or without a word."""
    if not stance.english(text, lang):
        return UNKNOWN
    sentence = _TAIL.sub("", text[:_READ].strip())
    lowered = sentence.lower()
    for register, fits in _RULES:
        if fits(sentence, lowered):
            return register
    return "report"


def _question(sentence: str, lowered: str) -> bool:
    bare = _unquoted(sentence).rstrip("\"'”’) ")
    whole = sentence[:1] in "\"'“‘" and sentence.rstrip("\"'”’ ").endswith("?")
    return whole or bare.endswith("?") or "? " in bare or _OPEN.search(lowered) is not None


def _appeal(sentence: str, lowered: str) -> bool:
    words = tokens(sentence[:80])
    commands = bool(words) and words[0] in _IMPERATIVE and not (len(words) > 1 and verbs.is_finite(words[1]))
    commands = commands and ":" not in sentence[: len(words[0]) + 2]
    return commands or _DO_NOT.match(lowered) is not None or _URGE.search(lowered) is not None


def _alarm(sentence: str, lowered: str) -> bool:
    return _ALARM.search(lowered) is not None


def _criticism(sentence: str, lowered: str) -> bool:
    return stance.classify(sentence) == stance.CRITICAL


def _praise(sentence: str, lowered: str) -> bool:
    return stance.classify(sentence) == stance.FAVOURABLE


def _testimony(sentence: str, lowered: str) -> bool:
    return _SELF.search(sentence) is not None or _FEEL.search(lowered) is not None


def _announcement(sentence: str, lowered: str) -> bool:
    told = hedges.profile(sentence)
    if _forecast(sentence, lowered) or _HOW.match(lowered):
        return False
    if Hedge.PLANS in told:
        return _WAS_TO.search(lowered) is None
    if _ANNOUNCE.search(lowered):
        return True
    return _headline_future(sentence)


def _headline_future(sentence: str) -> bool:
    """Whether a headline has an infinitive for its verb: "Canada to automate permits", "Firm to Close Plant"."""
    match = _TO_DO.match(sentence)
    if match is None or match["who"].lower() in _NOT_WHO or verbs.finite(sentence):
        return False
    words = sentence.split()
    return match["verb"][0].islower() or sum(word[0].isupper() for word in words) > 0.6 * len(words)


def _forecast(sentence: str, lowered: str) -> bool:
    return _FORECAST.search(lowered) is not None and not _HOW.match(lowered)


def _explanation(sentence: str, lowered: str) -> bool:
    if _EXPLAIN.search(lowered) or (_HEADING.match(lowered) and not verbs.finite(sentence)):
        return True
    return not _DATED.search(lowered) and _states_what_is(sentence)


def _states_what_is(sentence: str) -> bool:
    """Whether the first verb says what is so, not what happens: a present that no participle follows."""
    words = tokens(sentence)
    at = next((at for at, word in enumerate(words) if at and verbs.is_finite(word)), None)
    if at is None or words[at] not in _PRESENT:
        return False
    after = next((word for word in words[at + 1 : at + 4] if word not in _ADVERBS), "")
    return not (verbs.is_past(after) or after in _PARTICIPLES or after.endswith("ing"))


def _unquoted(sentence: str) -> str:
    """The sentence with its quotations blanked out."""
    text = list(sentence)
    for span in quotes.find(sentence):
        text[span.start : span.end] = "_" * (span.end - span.start)
    return "".join(text)


_RULES = (
    ("question", _question),
    ("appeal", _appeal),
    ("alarm", _alarm),
    ("criticism", _criticism),
    ("praise", _praise),
    ("testimony", _testimony),
    ("announcement", _announcement),
    ("forecast", _forecast),
    ("explanation", _explanation),
)
