"""Attribution: the ways in which one claim may be said as its source's claim, best first.

Every wording keeps the source's words; what changes is where the source stands: after the statement ("..., X
reports"), before it ("X reports that ..."), not at all where the sentence before already named it or the statement
names its own speaker, or around a quotation ("X writes: "..."). Verbs are neutral: none adds or removes doubt. Among
wordings that are as good, those come first that the last weeks' stories used least.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.compose.casing import Casing
from pipeline.compose.naming import Voice
from pipeline.compose.readable import has_verb, leans, own_voice, stands, telegraphic, title_case
from pipeline.compose.tongues import foreign
from pipeline.compose.trim import Piece
from pipeline.domain import Claim, ClaimKind, Record
from pipeline.gate.frames import peel
from pipeline.language import words
from pipeline.repetition import ACCORDING, opening, ordered

_NEWS_VERBS = ("reports", "writes", "says", ACCORDING)
_OTHER_VERBS = ("says", "writes", ACCORDING)
_AGAIN_VERBS = ("says", "adds")
_LONG = 26  # words beyond which the source goes first
_LONGEST = 34  # words beyond which it cannot stand behind
_TURNS = 4  # wordings that take turns, those used least
_SMALL = frozenset(
    "the a an in on at as after before since while when where for from with without by to of there more most some many"
    " several about over under nearly almost around both each every no one two three four five six seven eight nine ten"
    " its his her their this that these those all few fewer less only than up down into last next new police officials"
    " authorities researchers scientists residents workers people experts analysts lawmakers former".split()
)
_SAID_INSIDE = re.compile(
    r", (?:the |its |his |her |[A-Z])[^,]{1,60}? (?:said|says|announced|told [A-Z]\w+)\b|\baccording to\b"
)
_TITLES = frozenset(
    "president prime chancellor king queen prince princess senator congressman congresswoman speaker secretary minister"
    " governor mayor judge justice pope sir lord lady dame us uk eu".split()
)
_INNER = re.compile(r"[“\"”]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sentence will stand: does its source speak already, and how many attributions came before."""

    continues: bool = False  # the sentence before is of the same record
    count: int = 0
    named: bool = True  # the source stands in the sentences before
    worn: Mapping[str, int] = field(default_factory=dict)  # how often the last weeks' stories used a wording


def wordings(
    piece: Piece, claim: Claim, record: Record, voice: Voice, *, place: Place, casing: Casing
) -> Iterator[str]:
    """The wordings of `piece`, best first. `casing`: how the dossier writes its words.

    What is no prose (a caption, the grammar of headlines) is quoted, never made a part of a sentence of ours.
    """
    prose = foreign(record, "en") or stands(piece.text)
    if claim.in_headline and title_case(piece.text):
        yield from _headline(piece, voice, place)
        return
    if claim.in_headline and (telegraphic(piece.text) or not prose):
        yield from _headline(piece, voice, place)
    if piece.fragment:
        if not _INNER.search(piece.text):
            yield f'{voice.opening} writes of "{piece.text}."'
            yield f'{voice.opening} writes: "{piece.text}."'
        return
    if not prose or own_voice(piece.text) or (leans(piece.text) and not place.continues):
        yield from _quotation(piece, voice, place)
        return
    bare = f"{piece.text}{_stop(piece.text)}"
    inside = speaks_for_itself(piece.text) or _SAID_INSIDE.search(piece.text)
    heard = record.kind == "article" and (inside or (voice.named and voice.first in piece.text))
    if heard or (place.continues and place.named and not _needs_source(claim)):
        yield bare
    yield from _attributed(piece, claim, record, voice, place=place, casing=casing)
    yield from _quotation(piece, voice, place)
    if not _needs_source(claim):
        yield bare


def speaks_for_itself(text: str) -> bool:
    """Whether a sentence names who says it."""
    return any(frame.who.casefold() not in {"it", "he", "she", "they", "i", "we"} for frame in peel(text).frames)


def quoted(piece: Piece, voice: Voice, verb: str = "says") -> str | None:
    """`X says: "..."`, or None when the words hold quotation marks of their own."""
    if _INNER.search(piece.text) or not piece.verbatim:
        return None
    return f'{voice.opening} {verb}: "{piece.text}."'


def _needs_source(claim: Claim) -> bool:
    """Whether a claim may not stand bare even behind its source's name: views, forecasts, and what names nothing."""
    views = {ClaimKind.OPINION, ClaimKind.FORECAST, ClaimKind.CONTEXT}
    return claim.kind in views or not (claim.entities or claim.quantities)


def _verbs(claim: Claim, record: Record, voice: Voice, place: Place) -> Sequence[str]:
    """The verbs, or "according to", that may carry a claim."""
    if claim.kind is ClaimKind.OPINION:
        return ("writes" if voice.named else "says",)
    if place.continues:
        return _AGAIN_VERBS
    return _NEWS_VERBS if voice.named and record.kind == "article" else _OTHER_VERBS


def _attributed(
    piece: Piece, claim: Claim, record: Record, voice: Voice, *, place: Place, casing: Casing
) -> Iterator[str]:
    """The statement with its source behind or before it, in every form that it may have, best first.

    A long statement, or a source that goes by a quoted title, has its source first. Else the forms used least take
    turns; what opens a story begins as few others did.
    """
    name = voice.again if place.continues else voice.first
    verbs, start = _verbs(claim, record, voice, place), lowered(piece.text, casing, claim.entities)
    tails = {_behind(verb): f"{piece.text}, {_said(name, verb, first=False)}." for verb in verbs}
    heads = {_before(verb): f"{_said(name, verb, first=True)} {start}{_stop(piece.text)}" for verb in verbs}
    if piece.words > _LONGEST or piece.text.endswith(("”", '"', "’", ")")):
        tails = {}
    if start is None or piece.text.startswith(("“", '"', "‘")) or not has_verb(piece.text):
        heads = {}
    if "," in piece.text:
        heads.pop(_before(ACCORDING), None)  # what stands up to the comma would be read as the source's
    if place.count == 0:
        yield from sorted(_in_turn({**tails, **heads}, place), key=lambda text: place.worn.get(opening(text), 0))
    elif piece.words > _LONG or ('"' in voice.first and not place.continues):
        yield from (*_in_turn(heads, place), *_in_turn(tails, place))
    else:
        yield from _in_turn({**tails, **heads}, place)


def _in_turn(forms: Mapping[str, str], place: Place) -> Iterator[str]:
    """Wordings by the pattern of each: those used least take turns from sentence to sentence, the others follow."""
    ranked = ordered(tuple(forms), place.worn)
    turn = place.count % max(1, min(_TURNS, len(ranked)))
    few = ranked[:_TURNS]
    yield from (forms[pattern] for pattern in (*few[turn:], *few[:turn], *ranked[_TURNS:]))


def _behind(verb: str) -> str:
    """The pattern of a source that stands behind (pipeline/repetition.py)."""
    return ", according to" if verb == ACCORDING else f", X {verb}"


def _before(verb: str) -> str:
    """The pattern of a source that stands before."""
    return "according to X" if verb == ACCORDING else f"X {verb} that"


def _said(name: str, verb: str, *, first: bool) -> str:
    """A source with its verb, at the beginning of a sentence or behind a statement."""
    if verb == ACCORDING:
        return f"According to {name}," if first else f"according to {name}"
    return f"{name[:1].upper()}{name[1:]} {verb} that" if first else f"{name} {verb}"


def _quotation(piece: Piece, voice: Voice, place: Place) -> Iterator[str]:
    if _INNER.search(piece.text) or not piece.verbatim:
        return
    verb = "writes" if voice.named else "says"
    if place.count % 2:
        yield f'"{piece.text}", {voice.first} {verb}.'
    yield f'{voice.opening} {verb}: "{piece.text}."'


def _headline(piece: Piece, voice: Voice, place: Place) -> Iterator[str]:
    """A headline set in capitals, or in the grammar of headlines, is quoted as a headline."""
    if not _INNER.search(piece.text) and voice.named:
        read, said = f'{voice.opening}\'s headline reads: "{piece.text}."', f'"{piece.text}", {voice.first} writes.'
        yield from (said, read) if place.count % 2 == 0 else (read, said)


def lowered(text: str, casing: Casing, named: Sequence[str] = ()) -> str | None:
    """`text` fit to follow "that": its first word small where it is no name, as it stands where it is one for sure.

    `named` are the keys of its names. None where it is not known: the source then stands behind the statement.
    """
    first, _, rest = text.partition(" ")
    core = first.strip("'’“”\"(),")
    bare = core.removesuffix("'s").removesuffix("’s")
    if not core:
        return None
    if not core[0].isupper() or first.endswith(".") or any(c.isupper() or c.isdigit() for c in core[1:]):
        return text
    if bare in casing.capital:
        return None if bare.lower() in casing.small else text
    if rest[:1].isupper() and words.fold(core) in _TITLES:
        return text
    if any(key.split(" ", 1)[0] == words.fold(core) for key in named):
        return None
    small = words.fold(core) in _SMALL or (core.lower() in casing.small and not rest[:1].isupper())
    return text[:1].lower() + text[1:] if small else None


def _stop(text: str) -> str:
    """The final stop where the text has none of its own."""
    return "" if text.endswith((".", "!", "?", '."', ".”", ".'", ".’")) else "."
