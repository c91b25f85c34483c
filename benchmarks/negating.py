"""Denials of a sentence for benchmarks/planted.py: "not", "never", "failed to", an opposite verb, or one taken out.

Written against English news prose with word lists of its own; each function gives None where it does not apply.
"""

from __future__ import annotations

import re
from random import Random

from benchmarks.altering import Altered, Way, _first, _put

_AUX = re.compile(
    r"\b(?P<aux>is|are|was|were|has|have|had|will|can|does|do|did|would|should)\b"
    r"(?! not\b| never\b| only\b| just\b|n['’]t)(?= [a-z])"
)
_RELATIVE = re.compile(
    r"\b(?:who|which|that|whose|where|when|if|as|while|because|after|before|than|what|how)\b", re.IGNORECASE
)
_SHORT = {
    "is": "isn't", "are": "aren't", "was": "wasn't", "were": "weren't", "has": "hasn't", "have": "haven't",
    "had": "hadn't", "will": "won't", "can": "can't", "does": "doesn't", "do": "don't", "did": "didn't",
    "would": "wouldn't", "should": "shouldn't",
}  # fmt: skip
_PAST = {
    "announced": "announce", "launched": "launch", "killed": "kill", "opened": "open", "closed": "close",
    "signed": "sign", "voted": "vote", "agreed": "agree", "reached": "reach", "won": "win", "lost": "lose",
    "met": "meet", "arrested": "arrest", "attacked": "attack", "struck": "strike", "passed": "pass",
    "approved": "approve", "sold": "sell", "bought": "buy", "left": "leave", "began": "begin", "started": "start",
    "ended": "end", "joined": "join", "released": "release", "returned": "return", "resigned": "resign",
    "took": "take", "gave": "give", "made": "make", "became": "become", "used": "use", "visited": "visit",
    "paid": "pay", "received": "receive", "filed": "file", "ordered": "order", "ruled": "rule", "called": "call",
    "carried": "carry", "hit": "hit", "led": "lead", "raised": "raise", "played": "play", "sent": "send",
    "added": "add", "moved": "move", "asked": "ask", "offered": "offer", "found": "find", "scored": "score",
    "unveiled": "unveil", "revealed": "reveal", "published": "publish", "cut": "cut", "broke": "break", "fired": "fire",
    "warned": "warn", "confirmed": "confirm", "shot": "shoot", "saw": "see", "put": "put", "held": "hold",
}  # fmt: skip
_GERUND = {
    "make": "making", "take": "taking", "give": "giving", "use": "using", "close": "closing", "win": "winning",
    "lose": "losing", "arrive": "arriving", "sign": "signing", "buy": "buying", "put": "putting", "cut": "cutting",
}  # fmt: skip
_VERB = re.compile(
    rf"\b(?P<verb>{'|'.join(_PAST)})\b(?= (?:a|an|the|his|her|its|their|to|in|on|at|for|up|[A-Z0-9$£€]))"
)
_OPPOSITE = (
    ("rose", "fell"), ("rising", "falling"), ("increased", "decreased"), ("increase", "decrease"),
    ("approved", "rejected"), ("accepted", "refused"), ("won", "lost"), ("opened", "closed"),
    ("confirmed", "denied"), ("supports", "opposes"), ("supported", "opposed"), ("banned", "allowed"),
    ("guilty", "innocent"), ("alive", "dead"), ("safe", "unsafe"), ("gained", "lost"), ("raised", "lowered"),
    ("started", "ended"), ("began", "ended"), ("joined", "left"), ("backed", "opposed"), ("convicted", "acquitted"),
    ("higher", "lower"), ("stronger", "weaker"), ("passed", "failed"), ("failed", "succeeded"), ("legal", "illegal"),
    ("up", "down"), ("successful", "unsuccessful"), ("hired", "fired"), ("survived", "died"),
    ("agreed to", "refused to"), ("granted", "denied"), ("largest", "smallest"), ("best", "worst"),
    ("improved", "worsened"), ("possible", "impossible"), ("likely", "unlikely"), ("expanded", "shrank"),
    ("climbed", "dropped"), ("grew", "shrank"), ("beat", "lost to"), ("arrived in", "left"),
    ("welcomed", "condemned"), ("defended", "criticised"), ("bought", "sold"), ("more than", "less than"),
    ("win", "defeat"), ("victory", "defeat"), ("extended", "shortened"), ("with", "without"), ("able", "unable"),
    ("upheld", "overturned"),
)  # fmt: skip
_TURN = dict(_OPPOSITE) | {
    b: a for a, b in _OPPOSITE if b not in dict(_OPPOSITE) and (a, b) not in {("died", "survived")}
}
_TURNABLE = re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(map(re.escape, _TURN), key=len, reverse=True))})(?![\w-])")
_UNTURNED = frozenset({"with", "up", "down", "more than", "best", "largest", "worst", "left"})
_NOT = re.compile(
    r"\b(?P<aux>is|are|was|were|has|have|had|will|can|could|would|should) not\b(?! only| just)|\b(?P<never>never) "
    r"|\b(?P<short>isn|aren|wasn|weren|hasn|haven|hadn|couldn|wouldn|shouldn)['’]t\b"
)


def _main(text: str, match: re.Match[str]) -> bool:
    """Whether nothing before a verb opens a clause of its own."""
    return _RELATIVE.search(text[: match.start()]) is None


def _not(text: str, chance: Random) -> Altered | None:
    match = _AUX.search(text)
    if match is None or not _main(text, match):
        return None
    way = chance.choice(["not", "n't", "never"])
    aux = match["aux"]
    if way == "never" and aux in ("do", "does", "did", "is", "are"):
        way = "not"
    new = {"not": f"{aux} not", "n't": _SHORT[aux], "never": f"{aux} never"}[way]
    return _put(text, match, new, way)


def _did_not(text: str, chance: Random) -> Altered | None:
    match = _VERB.search(text)
    if (
        match is None
        or not _main(text, match)
        or re.search(r"\b(?:is|are|was|were|has|have|had|be|been|to|by|,) $", text[: match.start()])
    ):
        return None
    root = _PAST[match["verb"]]
    way = chance.choice(["did not", "didn't", "failed to", "refused to", "never", "denied"])
    gerund = _GERUND.get(root, (root[:-1] if root.endswith("e") and not root.endswith("ee") else root) + "ing")
    if root in ("begin", "hit", "win", "put", "cut"):
        gerund = root + root[-1] + "ing"
    new = {"never": f"never {match['verb']}", "denied": f"denied {gerund}"}.get(way, f"{way} {root}")
    return _put(text, match, new, way)


def _opposite(text: str, chance: Random) -> Altered | None:
    found = [match for match in _TURNABLE.finditer(text) if match.group() not in _UNTURNED]
    found = [match for match in found if not re.search(r"\b(?:not|never|no|the|be|by|been) $", text[: match.start()])]
    if not found:
        return None
    match = chance.choice(found)
    return _put(text, match, _TURN[match.group()], "an opposite")


def _taken_out(text: str, chance: Random) -> Altered | None:
    del chance
    match = _NOT.search(text)
    if match is None or not _main(text, match):
        return None
    short = {"isn": "is", "aren": "are", "wasn": "was", "weren": "were", "hasn": "has", "haven": "have", "hadn": "had"}
    full = {"couldn": "could", "wouldn": "would", "shouldn": "should"}
    new = match["aux"] or (short | full).get(match["short"] or "", "")
    return _put(text, match, new, "taken out")


def _untrue(text: str, chance: Random) -> Altered | None:
    """The whole sentence denied from outside."""
    if chance.random() < 0.6 or _RELATIVE.search(text) or "," in text:
        return None
    body = text[:-1]
    body = (
        body
        if body.split()[0] not in ("The", "A", "An", "In", "On", "At", "Two", "Three")
        else body[0].lower() + body[1:]
    )
    frames = ("It is not true that {}.", "Officials denied that {}.", "Reports that {} are false.")
    return Altered(chance.choice(frames).format(body), "denied from outside", "")


_DENIALS: tuple[Way, ...] = (
    ("not", _not),
    ("did not", _did_not),
    ("an opposite", _opposite),
    ("taken out", _taken_out),
    ("denied from outside", _untrue),
)


def polarity(text: str, chance: Random) -> Altered | None:
    """The sentence with its main statement denied, or its denial taken out."""
    return _first(_DENIALS, text, chance)
