"""Rare words for wrongs and ills: a table of thousands of forms (wrongs.tsv, derived from WordNet), read in frames.

Common accusations are phrases (words.toml); this table knows peculation, uxoricide and narcolepsy. Its words count only
where a frame lays them to somebody: a wrong is committed or somebody's, who did it is what somebody is, an illness is
what somebody has. So "a museum of piracy" lays nothing to anybody. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

_WORD = re.compile(r"[^\W\d_][\w'-]*")
_REACH = 70  # characters before a word that are read
_DEED = "deed"  # a verb's form needs no frame

_ARTICLES = r"(?:an?|the|one|that|some|such|this|his|her|their|own|two|three|several|many)"
_ADJECTIVE = r"[\w-]+(?:al|ous|ed|ic|ive|ant|ent|ing|less|ish|ary)"
_PLAIN = (
    r"(?:rare|mild|acute|severe|early|late|secret|serious|petty|mass|serial|long|open|outright|brazen|repeated|\w+-\w+)"
)
_ANY = r"(?!(?:of|by|with|for|against|to|from|about|on|in|at|and|or|than|like|as|over|into|who|that)\b)[\w'-]+"
_QUALIFIED = rf"(?:(?:{_ARTICLES}|{_ADJECTIVE}|{_PLAIN}) ){{0,3}}$"
_OWNER = r"(?:\b(?:his|her|their)|'s|s')"
_THOSE = r"(?<!people )(?<!patients )(?<!those )(?<!children )(?<!anyone )(?<!adults )(?<!women )(?<!men )(?<!who )"
_COMMITTED = "|".join(
    (
        r"commit(?:s|ted|ting)?|practi[sc](?:es?|ed|ing)|perpetrat\w+|plan(?:s|ned|ning)|plot(?:s|ted|ting)",
        r"(?:engag(?:es?|ed|ing)|indulg\w+|part|involve[dm]\w*|role|complicit\w*|dabbl\w+) in|party to|guilty of",
        r"(?:history|record|pattern|years|decades?|acts?|taste|means|lifetime) (?:of|for)|resort(?:s|ed)? to",
        r"condon(?:es?|ed|ing)|order(?:s|ed)|sanctioned|mastermind\w*|liv(?:es?|ed) (?:off|on|by)",
        r"(?:enrich\w+|profit\w*) (?:himself |herself )?(?:by|from|through)",
    )
)
_IS = "|".join(
    (
        r"is|was|were|be|been|being|as|became|becomes?|remains?|remained|turned|nothing but",
        r"(?:no|little) (?:more|better) than|(?:call|brand|label|dub)(?:s|ed|bed)? (?:him|her|them)",
    )
)
_HAS = "|".join(
    (
        r"has|had|having|suffer(?:s|ed|ing) (?:from|with)|diagnosed (?:with|as having)|battl(?:es|ed|ing)",
        r"fight(?:s|ing)|fought|liv(?:es|ed|ing) with|(?:therapy|medication|pills) for|afflicted (?:with|by)",
        r"stricken (?:with|by)|contract(?:s|ed)|recover(?:s|ed|ing) from|died of|dying of|hid(?:es|den|ing)?",
        r"conceal(?:s|ed|ing)|treat(?:ed|ment) for",
    )
)
_STILL = "(?:(?:just|simply|really|also|still|in fact|now|always|once|secretly|at heart) )?"
_FRAMES: Mapping[str, re.Pattern[str]] = {
    "act": re.compile(rf"(?:\b(?:{_COMMITTED})|{_OWNER}) {_QUALIFIED}"),
    "doer": re.compile(rf"(?:\b(?:{_IS})|,) {_STILL}(?:an?|the|one|that) (?:{_ANY} ){{0,2}}$"),
    "illness": re.compile(rf"(?:{_THOSE}\b(?:{_HAS})|{_OWNER}) {_QUALIFIED}"),
}
_FRAMED_AS = {"act": "act", "doer": "doer", "sufferer": "doer", "illness": "illness"}


@cache
def table() -> Mapping[str, Mapping[tuple[str, ...], tuple[str, str]]]:
    """First word -> the words of each form that begins with it -> ground and kind."""
    found: dict[str, dict[tuple[str, ...], tuple[str, str]]] = {}
    text = files("pipeline.people").joinpath("wrongs.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            ground, kind, forms = line.split("\t")
            for form in forms.split():
                words = tuple(form.split("_"))
                found.setdefault(words[0], {}).setdefault(words, (ground, kind))
    return found


def find(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and ground of every word of the table that a frame in `text` (small letters) lays to somebody."""
    known = table()
    words = [(match.group(), match.start(), match.end()) for match in _WORD.finditer(text)]
    for at, (word, start, _) in enumerate(words):
        forms = known.get(word) or known.get(word.removesuffix("'s"))
        for form in sorted(forms or (), key=len, reverse=True):
            said = tuple(one.removesuffix("'s") for one, _, _ in words[at : at + len(form)])
            ground, kind = (forms or {})[form]
            if said == form and (
                kind == _DEED or _FRAMES[_FRAMED_AS[kind]].search(text[max(0, start - _REACH) : start])
            ):
                yield start, words[at + len(form) - 1][2], ground
                break
