"""Sightings: what one record names, and what it says of the names. Pure; runs in any worker.

Inside a record a short form stands for what it was defined as, and a surname for the one person of that surname whom
the record names in full. Across records neither is taken for granted: that is the registry's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.domain import Evidence, Mention, Record, Span
from pipeline.entities import renaming
from pipeline.language import gazetteer, kinds, names
from pipeline.language.lexicon import DEMONYMS

_READ = 60_000  # code points of a record, as for claims
_MOST_SPANS = 20
_BEFORE, _AFTER = 60, 90  # characters beside a person's name that are read for office, age and harm

_OFFICE = (
    r"president|vice president|prime minister|premier|chancellor|king|queen|prince|princess|pope|senator|sen|rep"
    r"|representative|congressman|congresswoman|congressmember|governor|gov|mayor|minister|secretary"
    r"|foreign secretary"
    r"|home secretary|ambassador|judge|justice|chief justice|speaker|chairman|chairwoman|chair|ceo|cfo|cto|coo"
    r"|chief executive|attorney general|general|commissioner|archbishop|bishop|ayatollah|sultan|emperor|lawmaker"
    r"|mp|founder|co-founder|actor|actress|singer|rapper|comedian|footballer|striker|goalkeeper|quarterback"
    r"|midfielder|head coach|director general|secretary general|spokesman|spokeswoman|spokesperson|presidente"
    r"|presidenta|ministro|ministra|senador|senadora|diputado|diputada|alcalde|alcaldesa"
)
_ROLE_BEFORE = re.compile(rf"\b(?P<role>{_OFFICE})\.? $", re.IGNORECASE)
_ROLE_AFTER = re.compile(
    r", (?:the |a |an |its |who is |who was )?(?:(?!of|with|to|by|from|and|son|daughter|wife|husband|told|met|said)"
    rf"[\w’'-]+ ){{0,3}}?(?P<role>{_OFFICE})(?:,| of | at | for |\.)",
    re.IGNORECASE,
)
_MINOR_BEFORE = re.compile(
    r"\b(?:(?:[1-9]|1[0-7])-(?:year|month|week|day)-old|(?:one|two|three|four|five|six|seven|eight|nine|ten"
    r"|eleven|twelve"
    r"|thirteen|fourteen|fifteen|sixteen|seventeen)-year-old|schoolboy|schoolgirl|toddler|baby|newborn|pupil|boy|girl"
    r"|child)(?: [a-z]+){0,2},? $",
    re.IGNORECASE,
)
_MINOR_AFTER = re.compile(
    r"(?:, | \()(?:aged |age )?(?:[1-9]|1[0-7])(?=[,.;)]| (?:and|was|were|who)\b)|, (?:a )?(?:schoolboy|schoolgirl"
    r"|toddler)\b"
)
_HARM = (
    r"killed|murdered|shot|stabbed|slain|abducted|kidnapped|raped|assaulted|abused|trafficked|injured|wounded|missing"
    r"|found dead|taken hostage|beheaded|tortured"
)
_VICTIM_BEFORE = re.compile(
    r"\b(?:victims?|hostages?|survivors?|widow|mourn(?:s|ed|ing)?|missing|slain|late|(?:killing|murder|death"
    r"|body|shooting"
    r"|rape|kidnapping|abduction|stabbing|disappearance|torture) of|(?:killed|murdered|raped|abducted|kidnapped|shot"
    r"|stabbed|injured))(?: [a-z]+){0,2},? $",
    re.IGNORECASE,
)
_VICTIM_AFTER = re.compile(
    rf",?(?: \d{{1,3}},| \(\d{{1,3}}\))? (?:who |, )?(?:was|were|is|had been|has been|died|dies)\b(?: [a-z]+){{0,2}}?"
    rf"(?: (?:{_HARM})\b|(?<=died)|(?<=dies))|, (?:a |the )?victim|['’]s (?:death|killing|murder|body|killer"
    rf"|disappearance)",
    re.IGNORECASE,
)

_MENOR_BEFORE = re.compile(
    r"\b(?:niñ[oa]|menor|adolescente|bebé|lactante|escolar)(?: [a-zñáéíóú]+){0,2},? $", re.IGNORECASE
)
_MENOR_AFTER = re.compile(r",? \(?(?:de )?(?:[1-9]|1[0-7]) (?:años|meses)\b|, (?:un |una |el |la )?(?:niñ[oa]|menor)\b")
_VICTIMA_BEFORE = re.compile(
    r"\b(?:víctimas?|rehén|rehenes|desaparecid[oa]s?|fallecid[oa]|(?:muerte|asesinato|homicidio|femicidio|crimen|cuerpo"
    r"|secuestro|desaparición|violación) de)(?: [a-zñáéíóú]+){0,2},? $",
    re.IGNORECASE,
)
_VICTIMA_AFTER = re.compile(
    r",?(?: \(\d{1,3}\)| de \d{1,3} años,?)? (?:fue|murió|falleció|ha sido|resultó)\b(?:(?<=murió)"
    r"|(?<=falleció)| (?:[a-z]+ )?"
    r"(?:asesinad|balead|herid|secuestrad|apuñalad|violad|hallad|encontrad)[oa]?)|, (?:la )?víctima",
    re.IGNORECASE,
)
_ACCUSED_BEFORE = re.compile(
    r"\b(?:suspects?|accused|defendant|gunman|shooter|killer|murderer|attacker|convict|inmate|fugitive|imputad[oa]"
    r"|acusad[oa]|detenid[oa]|condenad[oa]|sospechos[oa])(?: [a-z]+){0,2},? $",
    re.IGNORECASE,
)
_ACCUSED_AFTER = re.compile(
    r",?(?: \d{1,3},| \(\d{1,3}\))? (?:who )?(?:(?:is|was|has been|had been|stands) )?(?:accused of"
    r"|charged (?:with|over)|arrested|convicted|sentenced|jailed|indicted|found guilty|on trial|pleaded|pleads)\b"
    r"|,? (?:is|was|has been|had been) (?:accused|charged)\b|, (?:the |a )?(?:suspect|defendant)\b"
    r"|,? (?:fue|está|quedó) (?:acusad|imputad|detenid|condenad|formalizad)[oa]\b",
    re.IGNORECASE,
)
_SHIELDS = (
    ("minor", (_MINOR_BEFORE, _MENOR_BEFORE), (_MINOR_AFTER, _MENOR_AFTER)),
    ("victim", (_VICTIM_BEFORE, _VICTIMA_BEFORE), (_VICTIM_AFTER, _VICTIMA_AFTER)),
    ("accused", (_ACCUSED_BEFORE,), (_ACCUSED_AFTER,)),
)
SHIELDS = tuple(shield for shield, _, _ in _SHIELDS)  # the strongest first
_READABLE = ("en", "es")  # languages whose words for age, harm and office are known here


@dataclass(frozen=True, slots=True)
class Sighting:
    """One thing that a record names: `key` as resolved inside the record, `names` as written there with counts."""

    key: str
    kind: str
    spans: tuple[Span, ...]
    names: Mapping[str, int]
    roles: tuple[str, ...] = ()
    shield: str = ""  # one of SHIELDS; "unread": as a credit, or where words for these are not known
    small: bool = False  # one word, which the record writes in small letters, too


@dataclass(frozen=True, slots=True)
class Said:
    """What a record says of two names, with the exact words."""

    what: str
    name: str
    other: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Sighted:
    """All that a record names, sorted by key, and what it says of names."""

    record_id: str
    sightings: tuple[Sighting, ...] = ()
    said: tuple[Said, ...] = ()


@dataclass(slots=True)
class _Gathered:
    kinds: dict[str, int] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    roles: set[str] = field(default_factory=set)
    shields: set[str] = field(default_factory=set)


def read(record: Record) -> Sighted:
    """What `record` names. Demonyms name no entity by themselves; time is linear in the text."""
    text = record.text[:_READ]
    mentions = [m for m in kinds.find(text, record.lang) if m.key not in DEMONYMS]
    said = renaming.find(text, mentions)
    short = {names.key(one.name): names.key(one.other) for one in said if one.what == "defined"}
    full = _full_names(mentions)
    found: dict[str, _Gathered] = {}
    readable = record.lang is None or record.lang.partition("-")[0] in _READABLE
    for mention in mentions:
        key = short.get(mention.key, mention.key)
        key = gazetteer.aliases().get(key, key)
        if mention.kind == "person" and " " not in key:
            key = full.get(key) or key
        _gather(found.setdefault(key, _Gathered()), text, mention, readable)
    return Sighted(
        record.id,
        tuple(_sighting(key, found[key], text) for key in sorted(found)),
        tuple(Said(one.what, one.name, one.other, _evidence(record, one.span)) for one in said),
    )


def _evidence(record: Record, span: Span) -> Evidence:
    quote = record.text[span.start : span.end]
    return Evidence(record.id, record.content_hash, span.start, span.end, quote)


def _full_names(mentions: Iterable[Mention]) -> dict[str, str | None]:
    """Surname -> the full name of the only person of that surname in a record; None where there are several."""
    found: dict[str, str | None] = {}
    for mention in mentions:
        words = mention.key.split()
        if mention.kind == "person" and len(words) > 1:
            known = found.setdefault(words[-1], mention.key)
            if known != mention.key:
                found[words[-1]] = None
    return found


def _gather(into: _Gathered, text: str, mention: Mention, readable: bool) -> None:
    """Add one mention to what is known of its key."""
    into.kinds[mention.kind] = into.kinds.get(mention.kind, 0) + 1
    into.spans.append(mention.span)
    name = " ".join(mention.text.split())
    into.names[name] = into.names.get(name, 0) + 1
    if mention.kind != "person":
        return
    before = text[max(0, mention.span.start - _BEFORE) : mention.span.start]
    after = text[mention.span.end : mention.span.end + _AFTER]
    role = _ROLE_BEFORE.search(before) or _ROLE_AFTER.match(after)
    if role:
        into.roles.add(role["role"].lower())
    credit = before.endswith("/") or (before.endswith("(") and after.startswith("/"))
    if shield := shielded(before, after) or ("" if readable and not credit else "unread"):
        into.shields.add(shield)


def shielded(before: str, after: str) -> str:
    """Whether the words beside a person's name speak of a minor, a victim or somebody accused; "" if not."""
    for shield, leads, follows in _SHIELDS:
        if any(lead.search(before) for lead in leads) or any(follow.match(after) for follow in follows):
            return shield
    return ""


def _small(key: str, seen: _Gathered, text: str) -> bool:
    """Whether a name of one word stands in `text` in small letters as well: "War" where there is a war."""
    if " " in key or all(name.isupper() for name in seen.names):
        return False
    words = {name.lower() for name in seen.names if name.istitle()}
    return any(word in text and re.search(rf"(?<![\w’'-]){re.escape(word)}(?![\w’'-])", text) for word in words)


def _sighting(key: str, seen: _Gathered, text: str) -> Sighting:
    """One kind for a key: the commonest that was told, ties by the order of kinds."""
    told = [kind for kind in kinds.KINDS if seen.kinds.get(kind)]
    kind = max(told, key=lambda kind: seen.kinds[kind]) if told else kinds.UNTOLD
    shield = next((shield for shield in (*SHIELDS, "unread") if shield in seen.shields), "")
    spans: Sequence[Span] = sorted(seen.spans, key=lambda span: span.start)[:_MOST_SPANS]
    small = kind != "person" and _small(key, seen, text)
    named = dict(sorted(seen.names.items()))
    return Sighting(key, kind, tuple(spans), named, tuple(sorted(seen.roles)), shield, small)
