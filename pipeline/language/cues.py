"""What of a sentence's form and words bears on its check-worthiness, as numbers; `pipeline.language.worth` weighs them.

The features are those of the literature on check-worthy sentences (ClaimBuster, Hassan et al. 2017; Gencheva et al.
2017):
numbers, names, tense, person, modality, opinion, comparison, public affairs, deeds on record, accusation, and the
furniture of posts. The word lists are general English, written for this purpose and from no data set.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Mapping, Sequence

from pipeline.domain import DateMention, Mention, Quantity
from pipeline.language import furniture, verbs
from pipeline.language.words import is_stop, stem

__all__ = ["features"]

I_WORDS = frozenset("i i'm i've i'd i'll me my mine myself".split())
WE_WORDS = frozenset("we us our ours we're we've we'd we'll ourselves".split())
YOU_WORDS = frozenset("you your yours you're you've you'd you'll yourself".split())
THEY_WORDS = frozenset("he she they him her them his hers their theirs he's she's they're they've".split())
FEELING = frozenset(
    """think believe feel hope wish want wants wanted love like hate know understand guess suppose imagine wonder
    remember mean agree disagree worry care try trying talk talking say tell ask glad happy proud sorry thank thanks
    pray""".split()
)
OUGHT = frozenset("should must ought need needs gotta let let's".split())
WILL = frozenset("will would shall won't wouldn't i'll we'll you'll they'll he'll she'll it'll gonna i'd we'd".split())
CAN = frozenset("can could may might can't couldn't cannot".split())
VALUE = frozenset(
    """best worst great terrible amazing awful wonderful beautiful disgusting ridiculous important better worse good bad
    wrong right really truly clearly obviously honestly frankly perhaps maybe serious tough hard difficult fair unfair
    strong weak smart stupid absolutely simply very tremendous incredible nice fine moral fundamental dangerous critical
    essential necessary crazy sad funny interesting exciting proud happy""".split()
)
CHANGE = frozenset(  # stems
    """increas decreas rise rose risen grow grew grown fall fell fallen drop doubl tripl quadrupl cut rais lower reduc
    declin expand shrink climb soar plung jump surg gain lost lose creat ad elimin balanc spend spent paid pay cost
    borrow exceed""".split()
)
DEED = frozenset(
    """vote voted votes sign signed pass passed veto vetoed oppose opposed support supported introduce introduced
    approve
    approved reject rejected refuse refused propose proposed promise promised appoint appointed resign resigned fire
    fired hire hired arrest arrested charge charged convict convicted sue sued kill killed die died attack attacked
    invade invaded bomb bombed sell sold buy bought ban banned block blocked deny denied fund funded sent send withdraw
    withdrew test tested infect infected win won lost elect elected announce announced launch launched built build close
    closed open opened order ordered claim claimed found discovered released published invented born founded accused
    lied admitted confirmed called said wrote declared started ended stopped""".split()
)
PUBLIC = frozenset(  # stems
    """job tax budget deficit debt econom unemploy inflat wage incom spend trade tariff export import interest rate
    poverti welfar medicar medicaid social secur health insur hospit doctor patient drug vaccin virus diseas infect
    death
    die cancer abort school educ teacher student colleg crime murder violenc gun polic prison immigr border refuge
    asylum
    militari soldier troop armi navi weapon missil nuclear war terror terrorist energi oil gas coal carbon emiss climat
    pollut environ water farm farmer industri manufactur factori worker union bank market stock profit revenu billion
    million percent fund law bill court amend constitut legisl regul treati congress senat hous parliament committe
    feder
    govern state citi counti nation countri elect vote voter ballot poll popul rent mortgag pension veteran women
    children black hispanic race minor report studi record data survey research investig evid agenc depart program
    polici sanction""".split()
)
ACTOR = frozenset(
    """president vice-president senator governor congressman congresswoman minister secretary mayor administration
    government republican republicans democrat democrats party congress senate white opponent regime officials
    authorities media company companies corporation ceo police army china russia iran america american
    americans""".split()
)
CHARGE = frozenset(
    """hoax fake lie lies lied lying fraud corrupt corruption scam illegal illegally stole stolen cover-up coverup
    conspiracy blame blamed fail failed failure refused refuse banned secret secretly racist racism abuse scandal false
    rumor rumors cure bribe cheat cheated rigged propaganda misinformation hid hidden steal evidence proof expose
    exposed""".split()
)
COMPARING = frozenset(
    """only never every none all no nobody always ever most least any entire more less fewer than twice half double
    first
    last highest lowest largest biggest worst best majority average""".split()
)
CHAT = frozenset(
    """uh um well okay ok yes no yeah oh hey hello hi lol wow please thanks thank thing things something anything lot
    kind
    sort""".split()
)
DENYING = frozenset(
    """not no never none nobody nothing neither nor don't doesn't didn't won't wasn't weren't isn't aren't can't
    couldn't
    hasn't haven't hadn't wouldn't shouldn't""".split()
)
HAVE = frozenset("has have had been they've i've".split())
IS = frozenset("is are am it's that's there's he's she's they're we're i'm".split())
WAS = frozenset("was were did didn't wasn't weren't".split())
ASKING = frozenset("who what when where why how which whose".split())
COMMAND = frozenset(
    """click read see watch listen check try get take make find learn discover join share follow visit use consider
    remember imagine note keep let look think ask start stop don't help sign subscribe buy order download meet enjoy
    tell
    give wash stay please go be""".split()
)
HERE = frozenset("here tonight today evening".split())
POINTING = frozenset("that this it".split())
_ADDRESS, _TAG, _HANDLE = re.compile(r"https?://|t\.co/"), re.compile(r"#\w"), re.compile(r"(?<!\w)@\w")
_YEAR = re.compile(r"\d{4}")
_QUOTE = re.compile('[“"]')
_MONEY = frozenset("USD EUR GBP INR JPY CNY".split())


def _count(words: Sequence[str], among: frozenset[str], most: int) -> float:
    """How many of `words` are `among` a list, at most `most`; mostly none is, which is found out at once."""
    return 0.0 if among.isdisjoint(words) else float(min(sum(word in among for word in words), most))


def features(
    text: str,
    words: Sequence[str],
    *,
    numbers: Sequence[Quantity],
    names: Sequence[Mention],
    calendar: Sequence[DateMention],
    said: bool,
    headline: bool = False,
) -> Mapping[str, float]:
    """Features of `text` with its folded `words` (at least one) by name; all finite, most between 0 and 3."""
    return {
        **_things(numbers, names, calendar),
        **_grammar(text, words, said, headline=headline),
        **_vocabulary(words),
        **_marks(text, words),
    }


def _things(numbers: Sequence[Quantity], names: Sequence[Mention], calendar: Sequence[DateMention]) -> dict[str, float]:
    """Numbers, dates and names."""
    counted = [number for number in numbers if number.unit != "ordinal"]
    units = {number.unit for number in counted}
    return {
        "numbers": min(len(counted), 4) ** 0.7,
        "measured": float(any(units)),
        "ratio": float("ratio" in units),
        "money": float(bool(units & _MONEY)),
        "large": float(any(abs(number.value) >= 1e4 for number in counted)),
        "ordinal": float(len(counted) < len(numbers)),
        "dates": float(min(len(calendar), 2)),
        "year": float(any(_YEAR.search(mention.text) for mention in calendar)),
        "names": min(len(names), 4) ** 0.7,
        "place": float(any(mention.kind == "place" for mention in names)),
        "organisation": float(any(mention.kind == "organisation" for mention in names)),
    }


def _grammar(text: str, words: Sequence[str], said: bool, *, headline: bool) -> dict[str, float]:
    """Tense, person, mood and length. A headline is never too short, and its "to" is a verb."""
    pasts = sum(verbs.is_past(word) for word in words[1:])
    pairs = itertools.pairwise(words)
    return {
        "past": min(pasts, 3) ** 0.7,
        "any_past": float(pasts > 0),
        "have": _count(words, HAVE, 1),
        "is": _count(words, IS, 1),
        "was": _count(words, WAS, 1),
        "finite": float(verbs.finite(text) or (headline and "to" in words)),
        "i": _count(words, I_WORDS, 3),
        "we": _count(words, WE_WORDS, 3),
        "you": _count(words, YOU_WORDS, 3),
        "they": _count(words, THEY_WORDS, 3),
        "i_first": float(words[0] in I_WORDS),
        "we_first": float(words[0] in WE_WORDS),
        "pointing_first": float(words[0] in POINTING),
        "the_first": float(words[0] == "the"),
        "asking_first": float(words[0] in ASKING),
        "command_first": float(words[0] in COMMAND),
        "infinitives": float(min(sum(a == "to" and not is_stop(b) for a, b in pairs), 4)),
        "if": float("if" in words),
        "because": float("because" in words),
        "length": math.log(len(words)),
        "short": float(len(words) < 6 and not headline),
        "content": min(sum(not is_stop(word) for word in words), 25) / 5,
        "said": float(said),
    }


def _vocabulary(words: Sequence[str]) -> dict[str, float]:
    """Words by what they are used for."""
    stems = [stem(word) for word in words]
    pairs = zip(("", *words), words, strict=False)
    verbal = [word for before, word in pairs if before not in ("a", "an", "the", "no", "any")]  # not "a need"
    return {
        "feeling": _count(words, FEELING, 3),
        "ought": _count(verbal, OUGHT, 2),
        "will": _count(verbal, WILL, 2),
        "can": _count(words, CAN, 2),
        "value": _count(words, VALUE, 3),
        "change": _count(stems, CHANGE, 3),
        "deed": _count(words, DEED, 3),
        "public": _count(stems, PUBLIC, 4) ** 0.7,
        "actor": _count(words, ACTOR, 3),
        "charge": _count(words, CHARGE, 3),
        "comparing": _count(words, COMPARING, 3),
        "chat": _count(words, CHAT, 3),
        "denying": _count(words, DENYING, 2),
        "here": _count(words, HERE, 1),
    }


def _marks(text: str, words: Sequence[str]) -> dict[str, float]:
    """Punctuation and the furniture of posts and pages."""
    return {
        "question": float("?" in text),
        "exclamation": float("!" in text),
        "breaking_off": float("..." in text or "…" in text or text.endswith("-")),
        "quotation": float(_QUOTE.search(text) is not None),
        "address": float(_ADDRESS.search(text) is not None),
        "tags": float(min(len(_TAG.findall(text)), 3)),
        "handles": float(min(len(_HANDLE.findall(text)), 3)),
        "teaser": float(furniture.is_teaser(text)),
    }
