"""Lies about who: another name, two names exchanged, words in another's mouth."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from benchmarks.lies.lie import Form, Lie, attempt, put, swapped

_WORD = r"[A-Z][a-z]+(?:[-'’][A-Z][a-z]+)?"
_NAME = re.compile(rf"(?<![\w.'’-]){_WORD}(?: {_WORD}){{0,2}}(?![\w-])")
_COMMON = frozenset(
    "The A An In On At It He She They We You I But And Or For From With As By If When While After Before Since"
    " This That These Those There Here His Her Its Their Our My Your What Who How Why Where Which More Most Some"
    " Many All Two Three Four Five Six Seven Eight Nine Ten One No Not Monday Tuesday Wednesday Thursday Friday"
    " Saturday Sunday January February March April May June July August September October November December Mr Mrs"
    " Ms Dr Sir Lord Prime Minister President King Queen Prince Chief Executive Officer Director Senator Gov Sen"
    " Rep General God Internet English Christmas Easter Also Last Next New Police Officials Read Photo Image Getty"
    " Both Each Every Any Such Other Another Now Then Still Even Just Only So Yet Though Although Because However"
    " Meanwhile Instead Despite During Under Over Between Through Without Within Against About Like Once Until"
    " Unlike According Speaking".split()
)
_STRANGERS = (
    "Marlowe", "Okonkwo", "Brandt", "Takeda", "Ferrante", "Lindqvist", "Aldermoor", "Vasquez", "Petrov", "Hargreave",
    "Castellane", "Norwick", "Dunmore", "Ishikawa", "Belmonte", "Quarry Bay", "Halden", "Rostova",
)  # fmt: skip
_SYMMETRIC = re.compile(
    r"^\s*(?:,|and|or|&|-|/|vs\.?|v\.?|'s|’s|,? along with|as well as|plus)\s*$|\band\b|\bor\b", re.I
)
_MUTUAL = re.compile(
    r"\b(?:between|both|met|meet|meeting|married|talks|border\w*|clash\w*|fight\w*|differ\w*|share[sd]?|alongside|with"
    r"|together|drew|tie|same|match|merge\w*|versus|near|neighbou?r\w*)\b"
)


def names(text: str) -> list[re.Match[str]]:
    """Names inside a sentence: runs of capitalised words, at the beginning only where they are two or more."""
    found = []
    for match in _NAME.finditer(text):
        words = match.group().split()
        if set(words) & _COMMON or (match.start() == 0 and len(words) < 2):
            continue
        if text[: match.start()].endswith(('" ', '"', "“", ". ", ": ")) and len(words) < 2:
            continue
        found.append(match)
    return found


def _stranger(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """A name that no cited sentence has."""
    found = names(text)
    if not found:
        return None
    victim = chance.choice(found)
    words = victim.group().split()
    words[-1] = chance.choice([name for name in _STRANGERS if name not in text])
    return Lie(put(text, victim, " ".join(words)), "a stranger" if len(words) == 1 else "another surname")


def _forename(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    found = [match for match in names(text) if len(match.group().split()) == 2]
    if not found:
        return None
    victim = chance.choice(found)
    new = chance.choice(["Martin", "Elena", "Hugo", "Priya", "Oscar", "North", "Royal"])
    return Lie(put(text, victim, f"{new} {victim.group().split()[1]}"), "another first part")


def _neighbour(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """A name of a sentence beside it, which is cited, too."""
    found = names(text)
    pool = [
        (other, match.group())
        for other in near
        for match in names(other)
        if not set(match.group().split()) & set(re.findall(r"\w+", text))
    ]
    if not found or not pool:
        return None
    victim = chance.choice(found)
    other, new = chance.choice(pool)
    return Lie(put(text, victim, new), "from another cited sentence", (other,))


_NAMES: tuple[Form, ...] = (("stranger", _stranger), ("forename", _forename), ("neighbour", _neighbour))


def name(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """Another name in the place of one."""
    return attempt(_NAMES, text, near, chance)


# --- swaps -----------------------------------------------------------------------------------------------------------

_VERB = re.compile(
    r" (?:is|are|was|were|has|have|had|will|would|could|may|can|did|does|[a-z]{2,}(?:ed|s)|won|beat|sold|bought|made"
    r"|met|took|gave|left|said|told|led|hit|sent|shot|built|paid|found|held|became|began|lost|ran|set|cut|put|saw|won) "
)


def _exchanged(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """Two names of the sentence in each other's place, across its verb."""
    found = names(text)
    pairs = [
        (a, b)
        for i, a in enumerate(found)
        for b in found[i + 1 :]
        if not set(a.group().split()) & set(b.group().split())
        and _VERB.search(text[a.end() : b.start()] + " ")
        and not _SYMMETRIC.search(text[a.end() : b.start()])
        and not _MUTUAL.search(text)
    ]
    return Lie(swapped(text, *chance.choice(pairs)), "two exchanged") if pairs else None


_LONG = rf"{_WORD}(?: {_WORD}){{0,2}}"
_BY = re.compile(
    rf"^(?P<a>{_LONG})(?P<verb> (?:was|were|has been|have been) [a-z]+(?:ed|en|n|t) by )(?:the )?(?P<b>{_LONG})"
)
_THAN = re.compile(
    rf"(?P<a>{_WORD}(?: {_WORD})?)(?P<mid> (?:is|was|are|were|has|had|\w+s|\w+ed) (?:\w+ ){{0,3}}"
    rf"(?:more|less|fewer|\w+er) (?:\w+ ){{0,4}}than )(?P<b>{_WORD}(?: {_WORD})?)"
)
_OWNER = re.compile(rf"(?P<a>{_WORD}(?: {_WORD})?)['’]s ")
_PLACE = re.compile(rf"\b(?P<p>in|from|to|into|against|for|by|of) (?P<a>{_WORD}(?: {_WORD})?)\b")


def _turned(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """Who does it and whom it is done to, or what is compared, in each other's place."""
    for pattern in (_BY, _THAN):
        match = pattern.search(text)
        if match and not {match["a"], match["b"]} & _COMMON and not _MUTUAL.search(text):
            return Lie(
                text[: match.start("a")]
                + match["b"]
                + text[match.end("a") : match.start("b")]
                + match["a"]
                + text[match.end("b") :],
                "turned round",
            )
    return None


def _owned(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """Something of one given to another of the same sentence."""
    owner = _OWNER.search(text)
    others = [m for m in names(text) if owner and m.group() not in owner.group() and owner["a"] not in m.group()]
    if not owner or set(owner["a"].split()) & _COMMON or not others:
        return None
    other = chance.choice(others)
    if other.start() < owner.end() + 8 or _MUTUAL.search(text) or _SYMMETRIC.search(text[owner.end() : other.start()]):
        return None
    return Lie(text[: owner.start("a")] + other.group() + text[owner.end("a") :], "another's")


def _placed(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """Two names under two different prepositions exchanged: from A to B is not from B to A."""
    found = [m for m in _PLACE.finditer(text) if not set(m["a"].split()) & _COMMON]
    pairs = [
        (a, b)
        for i, a in enumerate(found)
        for b in found[i + 1 :]
        if a["p"] != b["p"]
        and not set(a["a"].split()) & set(b["a"].split())
        and {a["p"], b["p"]} != {"in", "of"}
        and not _SYMMETRIC.search(text[a.end() : b.start()])
        and not _MUTUAL.search(text)
    ]
    if not pairs:
        return None
    a, b = chance.choice(pairs)
    return Lie(
        text[: a.start("a")] + b["a"] + text[a.end("a") : b.start("a")] + a["a"] + text[b.end("a") :],
        "places exchanged",
    )


_SWAPS: tuple[Form, ...] = (
    ("exchanged", _exchanged),
    ("turned", _turned),
    ("owned", _owned),
    ("placed", _placed),
)


def swap(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """Two that the sentence names exchanged."""
    return attempt(_SWAPS, text, near, chance)


# --- speakers --------------------------------------------------------------------------------------------------------

_TELLS = r"(?:said|says|told reporters|added|wrote|tweeted|argued|warned|announced|insisted|explained)"
_SAID_LAST = re.compile(
    rf",[\"”]? (?P<who>(?:[A-Z][\w.'’-]*|the|a|an|[a-z]+)(?: [\w.'’-]+){{0,6}}) (?P<tell>{_TELLS})(?=[.,]| on | in )"
)
_SAID_FIRST = re.compile(
    rf"^(?P<who>(?:[A-Z][\w.'’-]*)(?: [\w.'’-]+){{0,6}}) (?P<tell>{_TELLS})"
    r"(?= that | (?:the|a|it|he|she|they|there) |,? [\"“])"
)
_ROLES = (
    "prosecutors",
    "the union",
    "a spokesman for the ministry",
    "critics",
    "residents",
    "the defence lawyer",
    "analysts",
)


def _other_speaker(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """Another name, of the same or of a sentence beside it, in the speaker's place."""
    match = _SAID_LAST.search(text) or _SAID_FIRST.search(text)
    if not match:
        return None
    pool = [
        (other, m.group())
        for other in (text, *near)
        for m in names(other)
        if m.group() not in match["who"] and match["who"] not in m.group()
    ]
    if pool and chance.random() < 0.7:
        other, new = chance.choice(pool)
        cites = (other,) if other != text else ()
    else:
        new, cites = chance.choice([role for role in _ROLES if role.split()[-1][:6] not in text]), ()
    start, end = match.span("who")
    changed = text[:start] + new + text[end:]
    return Lie(changed[0].upper() + changed[1:], "another speaker", cites)


def _made_to_speak(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """A plain statement put into the mouth of one whom the sentence, or one beside it, names."""
    if (
        re.search(rf"[\"“]|\b{_TELLS}\b|\b(?:according|reports?|reported|claims?|claimed)\b", text)
        or len(text.split()) > 28
    ):
        return None
    pool = [(other, m.group()) for other in (text, *near[:3]) for m in names(other)]
    if not pool:
        return None
    other, who = chance.choice(pool)
    cites = (other,) if other != text else ()
    if chance.random() < 0.5:
        return Lie(f"{text.rstrip('.')}, {who} said.", "made to speak", cites)
    return Lie(
        f"According to {who}, {text[0].lower() + text[1:] if text.split(maxsplit=1)[0] in _COMMON else text}",
        "made to speak",
        cites,
    )


def _stranger_speaks(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """A statement given to a body that is nowhere named."""
    if re.search(rf"[\"“]|\b{_TELLS}\b|\b(?:according|reported|claimed)\b", text) or len(text.split()) > 28:
        return None
    who = chance.choice(
        ["the Financial Ombudsman", "the Harbour Gazette", "a White House spokesman", "Dr. Halden", "the regulator"]
    )
    return Lie(f"{text.rstrip('.')}, {who} said.", "a stranger speaks") if who.split()[-1] not in text else None


_SPEAKERS: tuple[Form, ...] = (
    ("other", _other_speaker),
    ("other", _other_speaker),
    ("made", _made_to_speak),
    ("stranger", _stranger_speaks),
)


def speaker(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """The words of one in the mouth of another."""
    return attempt(_SPEAKERS, text, near, chance)
