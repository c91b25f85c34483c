"""Minimal trimming: from a claim's span to words that may open a sentence of ours, never to other words.

Three things are ever done: leave out words at the edges (connectives, datelines, a reporting lead before a colon, a
trailing aside), leave out an apposition between commas, and fold space. What carries a condition, a denial or an
attribution is never cut. Every piece keeps the exact range of its record that it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.domain import Claim, Record
from pipeline.gate.reading import read
from pipeline.gate.verbs import FORMS
from pipeline.language import names, quantities

MAX_SPAN_WORDS = 40

_CONNECTIVE = re.compile(
    r"^(?:(?:but|and|so|yet|or|also|still|however|meanwhile|moreover|furthermore|additionally|nevertheless|nonetheless"
    r"|therefore|thus|consequently|instead|indeed|similarly|likewise|finally|besides|of course|in fact|in short"
    r"|in addition|in other words|in contrast|by contrast|on the other hand|at the same time|as a result|for example"
    r"|for instance|to be sure|that said|to be clear|after all|in turn|even so|then again|naturally|notably"
    r"|importantly|interestingly|(?:but |and )?here(?:['’]s| is) the (?:\w+ ){1,8}(?:cycle|thing|catch|point|headline)"
    r")(?:,|:)\s+|(?:but|and|so|yet|plus)\s+)",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"^(?:\[[A-Z][\w ]{1,24}\] ?|[A-Z][\w.'’-]*(?:[ ,]+[A-Z][\w.'’-]*){0,4}(?:,? \d{1,2})?(?:,? \d{4})? ?"
    r"\((?:[A-Z][\w./ ]{1,24})\) ?(?:[—–-]+|:) ?"
    r"|[A-Z]{3,}(?:[ ,.'’-]+[A-Z]{2,}|, [A-Z][a-z]+\.?)*(?:,? [A-Z][a-z]{2,8}\.? \d{1,2})? ?(?:—|–|--| - ) ?"
    r"|[A-Z]{4,}(?:[ /][A-Z]{3,})*: (?=[A-Z“\"']))"
)
_TAIL = re.compile(
    r"\s*(?:continue reading|read (?:more|on|the full).*|\(more\)|the post .* appeared first.*)$", re.IGNORECASE
)
_OPENING = re.compile(r"^(?:rather than|instead of|to [a-z]+) [^.;:]{3,120}?(?:, |[—–])(?=(?-i:[A-Z]))", re.IGNORECASE)
_CUTTABLE = re.compile(r"(?:,\s+(?=(?:which|who|whose|where|[a-z]+ing)\b)|\s+[—–]\s+|\s+--\s+|;\s+)", re.IGNORECASE)
_PROTECTED = re.compile(
    r"\b(?:if|unless|until|except|not|no|never|only|without|but|although|though|despite|however|said|says|say|according"
    r"|told|claim\w*|alleg\w*|report\w*|den(?:y|ies|ied)|may|might|could|would|subject to|pending|citing|per)\b|n['’]t\b",
    re.IGNORECASE,
)
_REPORTING = re.compile(
    r"\b(?:said|says|say|told|asked|added|wrote|writes|warn\w*|claim\w*|argu\w*|quote\w*|note[sd]?|tweet\w*|post(?:ed|s)"
    r"|according|statement|exclaim\w*|repl\w+|announc\w+|stress\w*|insist\w*|report(?:s|ed)?)\b",
    re.IGNORECASE,
)
_APPOSITION = re.compile(
    r"^((?:The )?[A-Z][\w&.'’-]*(?: [A-Z][\w&.'’-]*){0,4}), (?:an? |the |who |which |whose |formerly |based )[^,;:“”\"]{3,90}, "
    r"(?=(?:is|are|was|were|has|have|had|will|would|plans?|says|said|announced|agreed|expects?|aims)\b)"
)
_RELATIVE = re.compile(r" (?:that|which|who) (?=(?P<next>[\w’']+))[^,;]*")
_LEANING = re.compile(
    r"^(?:[“\"'‘]?)(?:it|he|she|they|this|that|these|those|his|her|hers|its|their|theirs|him|them|such|similar|both|neither|either"
    r"|another|others?|the (?:latter|former|same|two|pair|trio|move|decision|deal|company|firm|group|agency|announcement"
    r"|report|study|incident|attack|ruling|news|case|man|woman|suspect|victim|victims|country|team|club|bank|bill|law"
    r"|project|plan|facility|system|platform|service|tool|product|model|device|app|update|release|launch|vote|meeting"
    r"|operation|programme|program|initiative|agreement|figure|figures|number|increase|drop|change|changes|result|results"
    r"|startup|start-up|manufacturer|maker|organisation|organization|department|ministry|council|committee|panel|court"
    r"|judge|film|movie|series|show|game|match|win|loss|defeat|victory|crash|accident|fire|blast|storm|quake|earthquake)"
    r"|one of (?:them|these|those)|some of (?:them|these|those)|most of (?:them|these|those)|there,|here|then|so)\b(?!['’]?s? (?-i:[A-Z]))",
    re.IGNORECASE,
)
_OWN_VOICE = re.compile(
    r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|us|me|[Yy]ou|[Yy]our|[Yy]ours|[Ll]et['’]s)\b(?!-)"
    r"|\b(?:I|[Ww]e|[Yy]ou)['’](?:m|re|ve|d|ll)\b"
)
_INNER_POINTER = re.compile(
    r"\b(?:this|these|those|such)\s+(?!(?:who|that|week|weekend|month|year|summer|winter|spring|autumn|fall|morning"
    r"|afternoon|evening|season|time|quarter|century|decade|as|is|was|a|an|of)\b)[a-z]+|\bthe (?:former|latter)\b",
    re.IGNORECASE,
)
_JUNK = re.compile(
    r"^(?:get|watch|read|follow|see|listen|find out|check out|click|join|catch|here(?:['’]s| are| is)|meet|photos?|video|gallery"
    r"|live|opinion|analysis|quiz|podcast|exclusive|recap|review)\b(?! (?:to|of)\b)|\blive (?:updates|blog|coverage|score)"
    r"|\blive:|\blatest (?:news|scores|updates)|\bas it happened\b|\bat a glance\b|\bwhat (?:we|you|to) (?:need to )?know\b"
    r"|https?://|www\.|\bclick here\b|\bsubscribe\b|\bsign up\b|\bread more\b|\bappeared first\b|\bphoto(?:graph)? by\b"
    r"|\bgetty images\b|\bcontinue reading\b|\bwatch (?:the )?(?:video|live)\b|\ball rights reserved\b|\bnewsletter\b|\|"
    r"|\bimage:|\bcomments url\b|\barticle url\b|\bpodcast\b.*\blisten\b|[#@]\w+|[\u2190-\u2bff\U0001f000-\U0001faff]",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“\"][^”\"]*[”\"]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that may stand on the page, without their final stop, and the range of the record they rest on.

    `verbatim` tells that `text` is letter for letter the range (a first capital aside).
    """

    start: int
    end: int
    text: str
    verbatim: bool = True

    @property
    def words(self) -> int:
        """How many words of the record the span takes."""
        return len(self.text.split())


def pieces(claim: Claim, record: Record) -> tuple[Piece, ...]:
    """The printable forms of a claim, the fullest first; empty when nothing of it can stand on a page."""
    evidence = claim.evidence[0]
    raw = record.text[evidence.start : evidence.end]
    start, end = _edges(raw)
    found: dict[str, Piece] = {}
    for begin, stop in _ranges(raw, start, end):
        text = _tidy(raw[begin:stop])
        short = len(raw[begin:stop].split()) <= MAX_SPAN_WORDS
        if text and short and sound(text) and has_verb(text):
            found.setdefault(text, Piece(evidence.start + begin, evidence.start + stop, text))
    return tuple(found.values())


def shorter(piece: Piece) -> Iterator[Piece]:
    """`piece` without its apposition, where there is one: the cited range stays whole."""
    match = _APPOSITION.match(piece.text)
    if match:
        name = re.sub(r"^The (?=[A-Z][\w&.'’-]* [A-Z])", "", match.group(1))
        yield Piece(piece.start, piece.end, f"{name} {piece.text[match.end() :]}", verbatim=False)


def _edges(raw: str) -> tuple[int, int]:
    """Where the sentence begins and ends once datelines, connectives and feed furniture are left out."""
    end = len(_TAIL.sub("", raw.rstrip()))
    start = len(raw) - len(raw.lstrip())
    for pattern in (_DATELINE, _CONNECTIVE, _CONNECTIVE):
        match = pattern.match(raw[start:end])
        if match and match.end() < end - start:
            start += match.end()
    return start, end


def _ranges(raw: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Ranges of a sentence worth printing, best first: after its colon, whole, without its trailing aside.

    What stands before a colon is left out when it reports, names and counts nothing, and a whole sentence follows.
    """
    text = raw[start:end]
    colon = text.find(": ")
    after = start + colon + 2
    lead = text[:colon]
    empty = not quantities.find(lead) and not names.find(lead) and not _REPORTING.search(lead)
    if colon > 0 and empty and len(raw[after:end].split()) >= 8 and _stands(raw[after:end]):
        start, text = after, raw[after:end]
    opening = _OPENING.match(text)
    if opening and _clean_opening(opening.group(), text[opening.end() :]):
        yield start + opening.end(), end
    yield start, end
    for match in reversed(list(_CUTTABLE.finditer(text))):
        head, tail = text[: match.start()], text[match.end() :]
        if len(head.split()) >= 7 and not _PROTECTED.search(tail) and _balanced(head) and has_verb(head):
            yield start, start + match.start()


def _clean_opening(opening: str, rest: str) -> bool:
    """Whether a sentence loses nothing it depends on with its opening phrase: no number, condition or report in it."""
    guarded = re.sub(r"^(?:rather than|instead of)\b", "", opening, flags=re.IGNORECASE)
    plain = not _PROTECTED.search(guarded) and not quantities.find(opening)
    return plain and len(rest.split()) >= 7 and has_verb(rest)


def _stands(text: str) -> bool:
    """Whether what follows a colon is a sentence by itself: a subject first, then a finite verb; no list, no order."""
    reading = read(text)
    first = reading.words[0].part if reading.words else ""
    return has_verb(text) and (first not in {"verb", "auxiliary"} or text[:3].lower() == "if ")


def _tidy(text: str) -> str:
    """Space folded, the final stop off, the first letter a capital."""
    folded = " ".join(text.split()).rstrip()
    if folded.endswith(".") and not folded.endswith(
        ("..", "U.S.", "U.K.", " Inc.", " Jr.", " Sr.", " Co.", "a.m.", "p.m.")
    ):
        folded = folded[:-1]
    return folded[:1].upper() + folded[1:] if folded[:2].islower() or folded[1:2] in {" ", "'", "’"} else folded


def sound(text: str) -> bool:
    """Whether `text` can be printed as a statement at all: no fragment, question, shout, furniture or cut-off."""
    words = text.split()
    if not 4 <= len(words) <= 48 or not _balanced(text):
        return False
    if (
        "?" in _QUOTED.sub(" ", text)
        or text.endswith(("…", "...", "?", "!", ":", ",", "-", "—", "["))
        or "…" in text
        or "..." in text
    ):
        return False
    first = next((c for c in text if c.isalnum()), "")
    if not first or (first.islower() and not words[0][1:2].isupper()):
        return False
    long_words = [w for w in words if len(w) > 3 and w.isalpha()]
    if long_words and sum(w.isupper() for w in long_words) * 2 > len(long_words):
        return False
    return not _JUNK.search(text)


def leans(text: str) -> bool:
    """Whether a sentence opens with words that point to the sentence before it."""
    return bool(_LEANING.match(text))


def own_voice(text: str) -> bool:
    """Whether a sentence speaks as "I", "we" or to "you" outside quotation marks: it can only be quoted."""
    return bool(_OWN_VOICE.search(_QUOTED.sub(" ", text)))


def title_case(text: str) -> bool:
    """Whether a headline is set in capitals: nearly every longer word begins with one."""
    longer = re.findall(r"[^\W\d_]{4,}", text)[1:]
    return len(longer) >= 3 and sum(w[0].isupper() for w in longer) >= 0.75 * len(longer)


def has_verb(text: str) -> bool:
    """Whether a sentence has a finite verb outside its relative clauses; a headline in capitals is read in small ones."""
    plain = text[:1] + text[1:].lower() if title_case(text) else text

    def cut(match: re.Match[str]) -> str:
        return "" if match.group("next").lower() in FORMS else match.group()

    return any(p.finite == "finite" for p in read(_RELATIVE.sub(cut, plain)).predicates)


def points_back(text: str) -> bool:
    """Whether a sentence points to an earlier one somewhere inside it ("these structures", "such cases")."""
    return bool(_INNER_POINTER.search(_QUOTED.sub(" ", text)))


def _balanced(text: str) -> bool:
    return (
        text.count("(") == text.count(")")
        and text.count("“") == text.count("”")
        and text.count('"') % 2 == 0
        and text.count("[") == text.count("]")
    )
