"""What a text says of two names: that one is short for the other, or that one has been replaced by the other.

Only plain statements count ("Twitter, now X", "X, formerly Twitter", "renamed itself"), no plans ("will be renamed").
Each is found by its words, then both names are read beside them, so time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.domain import Mention, Span
from pipeline.language import names
from pipeline.language.keys import same
from pipeline.language.lexicon import TITLES

_BESIDE = 90  # characters on each side of the words that a name is looked for in
_WORD = r"[A-Z0-9][\w&.’'+-]*"
_NAME = rf"(?:The )?{_WORD}(?: (?:(?:of|the|for|&) )?{_WORD}){{0,5}}"
_END = re.compile(rf"(?P<name>{_NAME})[\"”’]?$")
_START = re.compile(rf"[\"“‘]?(?P<name>{_NAME})")
_STOP = re.compile(
    r"[\"”’]?(?:[,.;:)!?]|$| (?:and|in|on|at|after|last|this|as|to|by|from|under|when|following|since)\b)"
)
_OLD_FIRST = re.compile(
    r",? (?:which )?(?:has |have |was |is |had )?(?:been )?(?:also )?(?:now (?:called|known as|named"
    r"|rebranded as|renamed)"
    r"|(?:officially |recently )?(?:renamed|rebranded)(?: itself)?(?: as| to)?|changed (?:its|their) name to"
    r"|changes (?:its|their) name to|renames itself(?: as)?|rebrands(?: itself)? (?:as|to)) |(?:, "
    r"| \()now (?=[A-Z\"“])"
)
_NEW_FIRST = re.compile(
    r",? \(?(?:formerly|previously|once)(?: known as| called| named)? (?=[A-Z\"“])"
    r"|,? \(?until recently (?:known as|called) "
)
_NOT_YET = re.compile(r"\b(?:will|would|could|may|might|to be|plans?|wants?|not|never|should)(?: \w+){0,2}$")
_SHORT = re.compile(r" \([\"“]?(?P<short>[A-Z][A-Za-z.&]{1,9})[\"”]?\)")
_QUOTED = 240  # characters of evidence at most


class Said(NamedTuple):
    """Two names as a text writes them, what it says of them, and the words that say it."""

    what: str  # "defined": name is short for other; "renamed": name is now other
    name: str
    other: str
    span: Span


def find(text: str, mentions: Sequence[Mention]) -> tuple[Said, ...]:
    """Definitions and renames in `text`, whose typed mentions are `mentions`; in order."""
    people = {mention.key for mention in mentions if mention.kind == "person"}
    ends = {mention.span.end: mention for mention in mentions}
    found = [*_definitions(text, mentions), *_renames(text, people, ends)]
    return tuple(sorted(set(found), key=lambda said: (said.span.start, said.span.end, said)))


def _definitions(text: str, mentions: Sequence[Mention]) -> Iterator[Said]:
    """ "Federal Bureau of Investigation (FBI)": the letters in brackets are those of the words before them."""
    for mention in mentions:
        match = _SHORT.match(text, mention.span.end)
        if match is None or " " not in mention.key or mention.kind in ("person", "technology", "concept"):
            continue
        short = names.key(match["short"])
        if same(short, mention.key) and " " not in short and sum(c.isupper() for c in match["short"]) >= 2:
            yield Said("defined", match["short"], mention.text, Span(mention.span.start, match.end()))


def _renames(text: str, people: set[str], ends: Mapping[int, Mention]) -> Iterator[Said]:
    """ "Twitter, now X": what was renamed, then its new name."""
    for pattern, turned in ((_OLD_FIRST, False), (_NEW_FIRST, True)):
        for match in pattern.finditer(text):
            first = _END.search(text, max(0, match.start() - _BESIDE), match.start())
            second = _START.match(text, match.end(), match.end() + _BESIDE)
            if first is None or second is None or _NOT_YET.search(text[max(0, match.start() - 40) : match.end() - 1]):
                continue
            start = max(first.start("name"), ends[first.end("name")].span.start if first.end("name") in ends else 0)
            one, two = _bare(text[start : first.end("name")]), _bare(second["name"])
            if not _STOP.match(text, second.end()) or not _nameable(one, two, people):
                continue
            old, new = (two, one) if turned else (one, two)
            span = Span(start, min(second.end("name"), start + _QUOTED))
            yield Said("renamed", old, new, span)


def _bare(name: str) -> str:
    """A name without its article and what punctuation clings to it."""
    name = name.removeprefix("The ").rstrip(".’'&-")
    return name[:-2] if name.endswith(("'s", "’s")) else name


def _nameable(one: str, two: str, people: set[str]) -> bool:
    """Whether both can be names of one thing that is no person: people change offices, not names."""
    keys = (names.key(one), names.key(two))
    if keys[0] == keys[1] or not all(keys) or one.isdigit() or two.isdigit():
        return False
    if any(key in people or any(key == who.split()[-1] for who in people) for key in keys):
        return False
    return not (set(one.lower().split()) | set(two.lower().split())) & TITLES
