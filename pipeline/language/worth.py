"""Check-worthiness: whether a sentence says something of the world that someone could find true or false, and matter.

A hand-set logistic score over a few features, after ClaimBuster (Hassan et al., KDD 2017: numbers, names, verb tense
matter most), is averaged with a small logistic model over the features of `pipeline.language.cues`. The model is fitted
by `benchmarks/fit_worth.py` on the sentences in `worth_examples.tsv`, which were written for this purpose; it is laid
on the scale of the hand-set score, so that a threshold keeps its meaning. Questions, commands and chat score low.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.domain import DateMention, Mention, Quantity
from pipeline.language import cues, dates, furniture, names, quantities, speakers, verbs
from pipeline.language.words import is_stop, tokens
from pipeline.language.worth_weights import BIAS, WEIGHTS

_FIRST = frozenset("i me my mine we us our ours i'm i've i'd i'll we're we've we'd we'll let's".split())
_SELF = frozenset("i i'm i've i'd i'll my me".split())
_WISHED = frozenset("would could might want wants need needs let let's if going should can".split())
_SECOND = frozenset("you your yours you're you've you'd you'll".split())
_OPINION = frozenset(
    """should must ought believe think feel hope wish love hate best worst great terrible amazing awful wonderful
    beautiful disgusting ridiculous important better worse good bad wrong right really truly clearly obviously
    honestly frankly perhaps maybe imagine thank thanks please sorry congratulations welcome wow lol""".split()
)
_IMPERATIVE = frozenset(
    """click read see watch listen check try get take make find learn discover join share follow visit use consider
    remember imagine note keep let look think ask start stop don't help sign subscribe buy order download meet
    enjoy tell give""".split()
)
_DANGLING = re.compile(
    r"^\W*(?:(?:and|but|so|or|yet|still|then|also|however|moreover|meanwhile|instead|therefore|thus"
    r"|nevertheless|additionally|similarly|likewise|besides|indeed|in fact|for example|for instance"
    r"|that said|in addition|as a result|at the same time|on the other hand|of course),? )*(?:this"
    r"|that|these|those|it|they|he|she|such|here|there|both|neither|his|her|their|its|him|them|the "
    r"former|the latter|one|some|many|others|another)\b",
    re.IGNORECASE,
)
_CONNECTIVE = re.compile(
    r"^\W*(?:and|but|so|or|yet|however|moreover|instead|therefore|thus|nevertheless|additionally"
    r"|similarly|likewise|besides|indeed|in fact|for example|for instance|that said|as a result|of "
    r"course|again|plus)\b",
    re.IGNORECASE,
)
_INVITATION = re.compile(
    r"\b(?:get in touch|newsletter|(?:promo|coupon|discount|voucher) codes?|\d% off|sign up|subscrib"
    r"|click here|podcast|you can email|our app|for more "
    r"information|read more|follow (?:us|along|our))",
    re.IGNORECASE,
)
_READ = 2000
_IDLE = 4.0  # what furniture and code lose, in log odds
_STRUCTURE = re.compile(
    r"\b(?:percent|per cent|%|first|largest|highest|lowest|most|record|million|billion|law|court|tax"
    r"|vote|voted|killed|died|arrested|won|lost|signed|passed|announced|launched|acquired"
    r"|increase[ds]?|decrease[ds]?|rose|fell|doubled|tripled)\b",
    re.IGNORECASE,
)


def dangling(text: str) -> bool:
    """Whether a sentence begins with a word that points back, so that it means little alone."""
    return _DANGLING.match(text) is not None


def connective(text: str) -> bool:
    """Whether a sentence begins with a word that joins it to the one before."""
    return _CONNECTIVE.match(text) is not None


def examples() -> tuple[tuple[str, int], ...]:
    """The sentences that the weights were fitted on, each with 1 (worth checking) or 0."""
    lines = Path(__file__).with_name("worth_examples.tsv").read_text(encoding="utf-8").splitlines()
    return tuple((sentence, int(label)) for label, _, sentence in (line.partition("\t") for line in lines) if sentence)


def worth(sentence: str) -> float:
    """Check-worthiness of one sentence, 0 to 1. Texts beyond 2000 characters are judged by their start."""
    text = sentence[:_READ].strip()
    calendar = dates.find(text)
    numbers = quantities.find(text, calendar)
    return rate(text, numbers, names.find(text), calendar, speakers.find(text) is not None)


def rate(
    text: str,
    numbers: Sequence[Quantity],
    mentions: Sequence[Mention],
    calendar: Sequence[DateMention],
    said: bool,
    *,
    headline: bool = False,
) -> float:
    """Check-worthiness of `text` from what was already read of it: quantities, names, dates, whether it is attributed.

    A headline keeps the hand-set score, may be short and say "to close" for "will"; the model knows sentences. Lines
    of two words get 0.02; furniture and code lose most.
    """
    read = signs(text, numbers, mentions, calendar, said, headline=headline)
    if read is None:
        return 0.02
    model = BIAS + sum(WEIGHTS[name] * value for name, value in read.items())
    score = read["hand"] if headline else (read["hand"] + model) / 2
    score -= _IDLE * (furniture.is_furniture(text) or furniture.is_code(text))
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, score)))), 6)


def signs(
    text: str,
    numbers: Sequence[Quantity],
    mentions: Sequence[Mention],
    calendar: Sequence[DateMention],
    said: bool,
    *,
    headline: bool = False,
) -> Mapping[str, float] | None:
    """What the model weighs, by name, the hand-set score ("hand") among it; None for two words or less."""
    text = text[:_READ].strip()
    words = tokens(text)
    if len(words) < 3:
        return None
    counted = [number for number in numbers if number.unit != "ordinal"]
    score = -1.5 + _form(text, words, headline)
    score += 0.7 * min(len(counted), 3) ** 0.7 + 0.6 * any(number.unit for number in counted)
    score += 0.7 * min(len(mentions), 4) ** 0.7
    score += 0.5 * min(len(_STRUCTURE.findall(text)), 2)
    score += 0.05 * min(sum(not is_stop(word) for word in words), 20)
    score += 0.4 * said
    read = cues.features(text, words, numbers=numbers, names=mentions, calendar=calendar, said=said, headline=headline)
    return {**read, "hand": score, "dangling": float(dangling(text)), "joining": float(connective(text))}


def _form(text: str, words: list[str], headline: bool) -> float:
    """What the form of a sentence adds or takes."""
    latin = sum(word.isascii() for word in words) > 0.8 * len(words)
    score = 0.0
    if latin:
        score += 0.6 if verbs.past(text) else 0.2 if verbs.finite(text) or (headline and "to" in words) else -0.9
    if text.rstrip("\"'”’)").endswith("?"):
        score -= 2.0
    if text.endswith(("…", "...")):
        score -= 0.8
    folk = sum(word in _FIRST for word in words), sum(word in _SECOND for word in words)
    score -= 0.2 * min(folk[0], 3) + 0.4 * min(folk[1], 3) + 0.5 * any(word in _SELF for word in words)
    score -= 0.4 * min(sum(word in _OPINION for word in words), 3)
    score -= (0.4 if any(folk) else 0.15) * min(sum(word in _WISHED for word in words), 3)
    if words[0] in _IMPERATIVE or furniture.is_teaser(text):
        score -= 1.3
    if _INVITATION.search(text):
        score -= 1.0
    if dangling(text):
        score -= 0.6
    elif connective(text):
        score -= 0.3
    return score - (0.8 if len(words) < 6 and not headline else 0.0)
