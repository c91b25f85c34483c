"""The same thing said in a plainer wording: phrasal verbs as single verbs, idioms of number and time in one form.

A sentence that the rules refuse is read once more with it and its spans worded so. Both are treated alike, so a wording
here has only to say the same as what it stands for; what stands in quotation marks is left as it is. The list is of
English, after the phrasal verbs of Quirk et al. (A Comprehensive Grammar of the English Language, 1985, 16.2-16.16) as
news prose uses them: none that has a second sense in news is in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from pipeline.gate.tokens import fold
from pipeline.gate.verbs import FORMS

# Verb and particle -> the one verb that says it.
_PHRASAL = """
call off=cancel|pull out of=withdraw from|pull out=withdraw|step down=resign|stand down=resign|step aside=resign
|look into=investigate|turn down=reject|vote down=reject|put off=postpone|push back=postpone|give back=return
|hand back=return|send back=return|bring back=return|hand out=distribute|give out=distribute|give away=donate
|take over from=replace|take over as=become|take over=acquire|buy up=buy|snap up=buy|buy out=buy
|set up=establish|carry out=conduct|shut down=close|close down=close|bail out=rescue|lay off=dismiss|let go of=dismiss
|bring forward=advance|bring in=introduce|come back=return|go back=return|go up=rise|go down=fall|come down=fall
|knock out=eliminate|pass away=die|lose its life=die|lose their lives=die|lose his life=die|lose her life=die
|pay back=repay|pick up=collect|point out=note|pull down=demolish|tear down=demolish|knock down=demolish
|put forward=propose|rule out=exclude|sell off=sell|set off=trigger|speed up=accelerate|slow down=slow
|strike down=annul|take on=hire|take part in=join|throw out=dismiss|wipe out=destroy|wrap up=conclude
|cut back on=reduce|cut back=reduce|cut down on=reduce|scale back=reduce|do away with=abolish|get rid of=remove
|give up=abandon|drop out of=leave|walk away from=leave|move out of=leave|break up=split|break down=collapse
|fall short of=miss|find out=discover|go missing=disappear|go bankrupt=collapse|go on sale=launch
|put an end to=end|bring to an end=end|come to an end=end|come to a halt=stop|take effect=begin|come into force=begin
|take into custody=detain|place under arrest=arrest|say sorry=apologise|make a decision=decide|take a decision=decide
|make an offer=offer|reach an agreement=agree|reach a deal=agree|strike a deal=agree|make an attempt=attempt
|make use of=use|make changes to=change|take place=happen|make public=publish|put into operation=launch
|put up for sale=offer|go under the hammer=auction|put under the hammer=auction|sign off on=approve
|give the go-ahead to=approve
|give the green light to=approve|back out of=leave|hold off=wait|head to=go to|make it to=reach|run out of=lack
|go ahead with=proceed with|press ahead with=proceed with|hit out at=criticise|lash out at=criticise
|speak out against=oppose|come out against=oppose|call for=demand|ask for=request|apply for=request|wait for=await
|deal with=handle|cope with=handle|account for=constitute|make up=constitute|get back=recover|win back=recover
|run aground=ground|catch fire=burn|set fire to=burn|set on fire=burn|be home to=house|team up with=join
|dispose of=sell|top up=increase|ramp up=increase|step up=increase|drive up=raise|push up=raise
|push down=lower|bring down=lower
|phase out=end|wind down=end|leave unchanged=keep|keep unchanged=keep|hold steady=keep|leave out=exclude
"""
_SPLIT = frozenset(  # verbs and particles that may stand apart: "gave 14 statues back", "voted the bill down"
    "call off|turn down|vote down|put off|push back|give back|hand back|send back|hand out|shut down|close down|lay off"
    "|knock out|pull down|tear down|knock down|rule out|sell off|speed up|slow down|strike down|throw out|set up"
    "|bail out|scale back|take into custody|bring to an end|leave unchanged|keep unchanged|hold steady|set on fire"
    "|put up for sale|place under arrest|make public".split("|")
)
_GAP = r"(?P<gap>(?:[\w$€£%.,'-]+ ){1,7}?)"
_N = r"(?:\d[\d.,]*|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty)"
_UNIT = r"(?:second|minute|hour|day|week|month|quarter|year|decade|season|game|match|session|time|night)"


@lru_cache(maxsize=1)
def _inflected() -> Mapping[str, Mapping[str, str]]:
    """Base of a verb -> kind of form -> the form."""
    table: dict[str, dict[str, str]] = {}
    for form, kinds in sorted(FORMS.items()):
        for kind, base in kinds.items():
            table.setdefault(base, {}).setdefault(kind, form)
    return table


_KINDS = ("base", "s", "past", "part", "ing")


@lru_cache(maxsize=1)
def _phrases() -> tuple[tuple[re.Pattern[str], Mapping[str, str], str], ...]:
    """(pattern, form of its verb -> what to put for it, what follows the verb that is put) of each phrasal verb."""
    inflected = _inflected()
    rows = [entry.strip().partition("=") for entry in _PHRASAL.replace("\n", "").split("|")]
    found = []
    for phrase, _, plain in sorted(rows, key=lambda row: (-len(row[0]), row[0])):
        verb, particle = phrase.split(" ", 1)
        target, _, rest = plain.partition(" ")
        if verb not in inflected or target not in inflected:
            continue
        kinds = [kind for kind in _KINDS if kind in inflected[verb] and kind in inflected[target]]
        forms: dict[str, str] = {}
        for kind in kinds:
            forms.setdefault(inflected[verb][kind], inflected[target][kind])
            forms[f"{inflected[verb][kind]} {kind}"] = inflected[target][kind]
        gap = rf"(?: {_GAP}| )" if phrase in _SPLIT else " "
        verbs = "|".join(sorted(form for form in forms if " " not in form))
        pattern = rf"\b(?P<verb>{verbs}){gap}{re.escape(particle)}(?![\w-])"
        found.append((re.compile(pattern, re.I), forms, rest))
    return tuple(found)


_PERFECT = re.compile(r"\b(?:have|has|had|having|be|been|being|is|are|was|were) (?:\w+ly )?$", re.I)


def _phrasal(text: str) -> str:
    for pattern, forms, rest in _phrases():
        match = pattern.search(text)
        if match is None:
            continue
        gap = (match.groupdict().get("gap") or "").strip()
        if re.search(r"\b(?:and|that|which|who|to|but)\b|[,.] ", gap):
            continue
        form = match["verb"].lower()
        kept = f"{form} part" if _PERFECT.search(text[: match.start()]) else form
        put = " ".join(part for part in (forms.get(kept, forms[form]), gap, rest) if part)
        text = text[: match.start()] + put + text[match.end() :]
    return text


def _extreme(match: re.Match[str]) -> str:
    """ "An 18-month low of $5": "$5, its lowest in 18 months"."""
    word = "lowest" if match["w"].lower() == "low" else "highest"
    many = "" if match["n"].lower() in ("one", "a") else "s"
    of = match["x"] or ""
    return f"{of + ', ' if of else 'its '}{'its ' if of else ''}{word} in {match['n']} {match['u']}{many}"


_ORDINALS = {"one": "first", "two": "second", "three": "third", "four": "fourth", "five": "fifth", "six": "sixth"}


def _stopping(match: re.Match[str]) -> str:
    """ "Will no longer sell": "will stop selling"."""
    forms = _inflected().get(match["v"].lower())
    return f"{match[1]} stop {forms['ing']}" if forms and "ing" in forms else match.group()


_EVERY = {"quarter": "quarterly", "month": "monthly", "week": "weekly", "year": "annually", "day": "daily"}
_IDIOMS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern, re.I), put)
    for pattern, put in (
        (
            rf"\b(?:an? )?(?P<n>[\w]+)-(?P<u>{_UNIT})(?:-| )(?P<w>low|high)\b"
            r"(?: of (?P<x>[$€£]?\d(?:[^,;]|,(?=\d))*?(?=[,;.]?$|, | on | in | as )))?",
            _extreme,
        ),
        (rf"\b({_N}) (?:straight|consecutive|successive) ({_UNIT}s?)\b", r"\1 \2 in a row"),
        (
            rf"\b(?:for the )?(\w+th|second|third) (?:straight|consecutive|successive) ({_UNIT})\b",
            r"the \1 \2 in a row",
        ),
        (r"\ba year and a half\b", "18 months"),
        (r"\bhalf a year\b", "six months"),
        (r"\b(lowest|highest) (?:level|point|reading|price|value|total|figure)\b", r"\1"),
        (r"\bas (?:much|many) as (?=[$€£]?\d|\w+ (?:million|billion))", "up to "),
        (r"\b(?:passed|topped|exceeded|surpassed|crossed) (?=[$€£]?\d)", "reached over "),
        (r"\b(?:passing|topping|exceeding|surpassing|crossing) (?=[$€£]?\d)", "reaching over "),
        (
            r"(\d ?%|\bper ?cent|\bfifth|\bquarter|\bthird|\bhalf|\btenth) (?:higher|bigger|larger|greater) than\b",
            r"\1 more than",
        ),
        (r"(\d ?%|\bper ?cent|\bfifth|\bquarter|\bthird|\bhalf|\btenth) (?:lower|smaller) than\b", r"\1 less than"),
        (r"\blikelier\b", "more likely"),
        (r"\bcompared (?:with|to)\b", "against"),
        (r"\bin the same (?:period|quarter|month|week) (?=a year earlier|last year|the year before)", ""),
        (r"\b(?:the year before|the previous year|the prior year|a year ago|a year before)\b", "a year earlier"),
        (r"\b(first|second|third|fourth)-quarter\b", r"\1 quarter"),
        (r"\bhalf a (?:percentage )?point\b", "0.5 percentage points"),
        (r"\b(?:a )?quarter of a (?:percentage )?point\b", "0.25 percentage points"),
        (r"\b(?:was|were) (?:awarded|handed|granted|given) (?=(?:an?|the|half|[$€£]?\d)\b)", "received "),
        (r"\bbeen (?:awarded|handed|granted|given) (?=(?:an?|the|half|[$€£]?\d)\b)", "received "),
        (
            r"\b(?:cut|reduced|lowered|slashed) (?P<g>(?:[\w.,-]+ ){0,9}?)?by (?:half|50%)",
            lambda m: f"halved {m['g'] or ''}".strip(),
        ),
        (r"\bleft (?P<g>(?:[\w.,-]+ ){1,6}?)without (?P<w>electricity|power|water|gas)\b", r"cut \g<w> to \g<g>"),
        (r"\bcutting off\b", "cutting"),
        (r"\bcut off (?=(?:electricity|power|water|gas|supplies)\b)", "cut "),
        (r"\bmoney back\b", "refund"),
        (
            rf"\b(?P<w>stage|phase|round|chapter|leg) (?P<n>{'|'.join(_ORDINALS)})\b",
            lambda m: f"{_ORDINALS[m['n'].lower()]} {m['w']}",
        ),
        (r"\b(?:forest|bush|brush) (fires?)\b", r"wild\1"),
        (r"\bby an? (?=(?:year|month|week|day|hour)\b)", "by one "),
        (r"\b(will|would) no longer (?P<v>[a-z]+)\b", _stopping),
        (r"\bversus\b", "against"),
        (r"\b(?:a|one) decade\b", "ten years"),
        (r"\b(next|coming|past|last|previous) decade\b", r"\1 ten years"),
        (r"\bcoming (?=(?:\d+ |\w+ )?(?:day|week|month|quarter|year))", "next "),
        (r"\bbetween ((?:19|20)\d\d) and ((?:19|20)\d\d)\b", r"from \1 to \2"),
        (r"\bscored twice\b", "scored two goals"),
        (r"\bscored (three|four|five) times\b", r"scored \1 goals"),
        (r"\bscored a hat-trick\b", "scored three goals"),
        (r"\b(?:every|each) (quarter|month|week|year|day)\b", lambda m: _EVERY[m[1].lower()]),
        (r"\b(?:owing to|thanks to|on account of|as a result of)\b", "because of"),
        (
            r"\bdue to (?=(?:the|an?|its|their|his|her|this|that|these|those|heavy|high|low|bad|poor|strong|lack)\b)",
            "because of ",
        ),
        (r"\bin the wake of\b", "after"),
        (r"\b(?:ahead of|prior to)\b", "before"),
        (r"\bin spite of\b", "despite"),
        (r"\bin order to\b", "to"),
        (r"\bin connection with\b", "over"),
        (r"\b(?:a large|an overwhelming|a big|a huge) majority\b", "overwhelmingly"),
        (r"\bby overwhelmingly\b", "overwhelmingly"),
        (r"\b(is|are) to (?=(?!be\b)[a-z]+ )", "will "),
        (r"\b(?:is|are) to be\b", "will be"),
        (r"\bover the (next|coming|past|last) (?=(?:\d|\w+ )*(?:day|week|month|year|decade))", r"in the \1 "),
        (r"\b(?:at|for) a (?:cost|price) of\b", "for"),
        (r"\bper (hour|day|week|night|month|year|person|tonne|barrel|share|head)\b", r"a \1"),
    )
)


def _idioms(text: str) -> str:
    for pattern, put in _IDIOMS:
        text = pattern.sub(put, text)
    return text


_WHO = r"(?:(?! (?:for|in|on|at|by|after|before|as|from|to|with|and|but|which|that) )[^,;])+?"
_WHAT = r"[^,;]+?"
_REST = r"(?P<rest>(?:,| (?:for|in|on|at|after|before|as|because)\b).*|[.]?)"
_AMOUNT = r"[$€£]?\d[\d.,]*(?: (?:million|billion|trillion|euros?|dollars?|pounds?|francs?|crowns?))*(?: in \w+)?"
_BUYS = {"sold": "bought", "sells": "buys", "sell": "buy", "selling": "buying"}


def _from_sale(match: re.Match[str]) -> str:
    """ "A sold B to C": "C bought B from A"."""
    return f"{match['c']} {_BUYS[match['verb']]} {match['b']} from {match['a']}{match['rest']}"


def _paid(match: re.Match[str]) -> str:
    """ "A paid $5 for B": "A bought B for $5"."""
    verb = {"paid": "bought", "pays": "buys", "will pay": "will buy"}[match["v"]]
    return f"{match['a']} {verb} {match['b']} for {match['n']}{match['rest']}"


_CONVERSES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (rf"^(?P<b>{_WHAT}) (?:was|were) sold to (?P<c>{_WHO}){_REST}$", r"\g<c> bought \g<b>\g<rest>"),
        (rf"^(?P<b>{_WHAT}) (has|have) been sold to (?P<c>{_WHO}){_REST}$", r"\g<c> \2 bought \g<b>\g<rest>"),
        (rf"^(?P<b>{_WHAT}) will be sold to (?P<c>{_WHO}){_REST}$", r"\g<c> will buy \g<b>\g<rest>"),
        (rf"^(?P<a>{_WHO}) (?P<verb>sold|sells) (?P<b>{_WHAT}) to (?P<c>{_WHO}){_REST}$", _from_sale),
        (
            rf"^(?P<a>{_WHAT}) (?P<agree>has agreed|have agreed|agreed|agrees) to sell (?P<b>{_WHAT}) to"
            rf" (?P<c>{_WHO}){_REST}$",
            r"\g<c> \g<agree> to buy \g<b> from \g<a>\g<rest>",
        ),
        (rf"^(?P<a>{_WHO}(?:, [^,;]+,)?) (?P<v>paid|pays|will pay) (?P<n>{_AMOUNT}) for (?P<b>{_WHAT}){_REST}$", _paid),
        (rf"^(?P<a>{_WHO}) lost to (?P<c>{_WHO}){_REST}$", r"\g<c> beat \g<a>\g<rest>"),
        (rf"^(?P<a>{_WHO}) lost (?P<b>{_WHAT}) to (?P<c>{_WHO}){_REST}$", r"\g<c> beat \g<a> in \g<b>\g<rest>"),
    )
)


def converse(text: str) -> str:
    """A statement told from its other end ("A sold B to C": "C bought B from A"); as it stands where it is none."""
    if '"' in text:
        return text
    for pattern, put in _CONVERSES:
        match = pattern.match(text)
        if match is not None:
            turned = match.expand(put) if isinstance(put, str) else put(match)
            return turned[0].upper() + turned[1:]
    return text


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """`text` in plainer wording; what stands in quotation marks as it is."""
    parts = fold(text).split('"')
    if len(parts) % 2 == 0:
        return text
    worded = [part if index % 2 else _idioms(_phrasal(part)) for index, part in enumerate(parts)]
    return '"'.join(worded)
