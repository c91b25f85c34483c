"""Where a hedge stands in its sentence, and so whether it is the sentence's own: a little grammar of English.

A cue in a clause of time, cause or comparison, in a relative clause or before a noun ("his alleged accomplice") hedges
that clause or noun and not what the sentence states (Quirk et al. 1985, ch. 4 on modals, 14 and 15 on clauses;
Palmer 2001 on what is wanted against what is likely). Closed classes of words; each reading is bounded or linear.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.domain import Span
from pipeline.language import verbs

__all__ = ["attributive", "happens", "headline_future", "idle", "predicates", "subordinate"]

_BEFORE, _AFTER = 48, 60  # code points beside a cue that are read

# --- a clause of its own -----------------------------------------------------------------------------------------

_OPENS = re.compile(
    r"(?P<comma>,)?\s?(?<!\w)(?P<word>which|who|whom|whose|where|after|before|when|while|whereas|because|since"
    r"|although|though|even though|despite|than|due to|in (?:a|the) (?:\w+ )?(?:move|bid|sign|effort|hope)|so that"
    r"|until|following|whether|how|why"
    r"|that|as(?= (?:\w+ ){1,6}?(?:is|are|was|were|has|have|had|\w+ed|\w+s)\b))(?!\w)"
)
_WORD = re.compile(r"[^\W\d_][\w'’]*")
_TRAILS = re.compile(r", (?P<ing>(?!according)[a-z]+ing)\b")  # ", suggesting that", ", sending shares down"
_FULL_STOP = re.compile(r"[.;!?](?=\s|$)")
_ENDS = re.compile(r",|[.;:!?](?=\s|$)|\s[—–-]\s")
# "that" after one of these says what was said or thought, after any other word what a noun is like.
_SAYS = re.compile(
    r"\b(?:sa(?:y|ys|id|ying)|tell(?:s|ing)?|told|announc\w+|warn\w*|claim\w*|believ\w+|think\w*|thought|argu\w+"
    r"|report\w*|insist\w*|confirm\w*|stat(?:es?|ed|ing)|add(?:s|ed|ing)?|show\w*|find\w*|found|know\w*|knew|hop(?:es?|ed)"
    r"|fear\w*|expect\w*|predict\w*|suggest\w*|promis\w+|vow\w*|pledg\w+|agree\w*|likely|possible|clear|certain|sure"
    r"|reveal\w*|learn\w*|it|is|was|means?|meant|indicat\w+|propos\w+|estimat\w+|reports?|news|fears?|hopes?|chance"
    r"|suspect\w*|worr\w+|reckon\w*|note[sd]?|writ\w+|wrote|hint\w*|conclud\w+|den(?:y|ies|ied)|admit\w*|urg\w+)"
    r"(?: \w+)?\s?$"
    r"|\b(?:tell(?:s|ing)?|told|warn(?:s|ed|ing)?|inform\w*|assur\w+|remind\w*|convinc\w+) (?:[\w'’-]+ ){1,4}$"
)


def subordinate(text: str) -> tuple[Span, ...]:
    """The clauses of folded `text` that hedge or state nothing on its behalf; they may overlap.

    What follows no finite verb and no comma is a phrase before the verb, not a clause that ends the sentence.
    """
    found, told = [], _told(text)
    for match in _OPENS.finditer(text):
        word, at = match["word"], match.start("word")
        if word == "that" and (_SAYS.search(text[max(0, at - _BEFORE) : at]) or _demonstrative(text, match.end())):
            continue
        leads = not text[:at].strip(" \"'“‘—-")
        end = _ENDS.search(text, match.end())
        if match["comma"] or (leads and end and end.group() == ","):
            found.append(Span(at, end.start() if end else len(text)))
        elif at > told:
            found.append(Span(at, _stop(text, at)))
    for match in _TRAILS.finditer(text):
        if match.start() > told:
            found.append(Span(match.start("ing"), _stop(text, match.end())))
    return tuple(found)


def _told(text: str) -> int:
    """Where the first word of `text` past its opening one ends that can be a finite verb; its length for none."""
    every = _WORD.finditer(text)
    next(every, None)
    return next((match.end() for match in every if verbs.is_finite(match.group())), len(text))


def predicates(text: str, cues: Sequence[Span]) -> bool:
    """Whether a word of `text` past its opening one, outside `cues`, can be its finite verb."""
    inside = [(cue.start, cue.end) for cue in cues]
    every = _WORD.finditer(text)
    next(every, None)
    return any(
        verbs.is_finite(match.group().lower()) and not any(start <= match.start() < end for start, end in inside)
        for match in every
    )


def _demonstrative(text: str, at: int) -> bool:
    """Whether the "that" that ends at `at` opens no clause: "like that."."""
    return re.match(r"\s*(?:[.,;:!?]|$)", text[at : at + 4]) is not None


def _stop(text: str, at: int) -> int:
    """Where the sentence ends that holds code point `at`."""
    end = _FULL_STOP.search(text, at)
    return end.start() if end else len(text)


# --- before a noun -----------------------------------------------------------------------------------------------

_ADJECTIVE = re.compile(
    r"alleged|purported|unlikely|likely|proposed|planned|potential|possible|expected|projected|upcoming|scheduled"
    r"|suggested|intended|pledged|promised|unconfirmed|unverified|estimated"
)
_NOUN = re.compile(
    r"plans?|proposals?|commitments?|pledges?|promises?|intention|projections?|predictions?|forecasts?|outlook"
    r"|expectations?|possibility|hopes?|aims?|projects|estimates"
)
_DETERMINED = re.compile(
    r"(?:\b(?:an?|the|its?|his|her|their|our|my|this|that|these|those|any|no|some|on|of|for|over|about|with|under|against|new"
    r"|old|own|first|two|more|most|in|from|by|after|amid|despite|such|to)|['’]s?)\s$"
)
_NOUN_NEXT = re.compile(r" (?!to\b|by\b|for\b|in\b|on\b|at\b|as\b|with\b|that\b|and\b|or\b|but\b)[\w$£€“\"'‘-]")
_BEING = re.compile(
    r"\b(?:is|are|was|were|be|been|being|seems?|looks?|has|have|had|not|very|more|most|also|now|still)\s$"
)
_MADE_KNOWN = re.compile(
    r"\b(?:announc|unveil|reveal|outlin|confirm|detail|disclos|present|lay|laid|set|draw|drew|mak|made|has|have|had|hatch"
    r"|releas|publish|submit|fil|propos|float|is|are|there)\w*(?: (?!not\b)[\w'’-]+){0,3}\s$"
)


def attributive(text: str, cue: Span) -> bool:
    """Whether a cue of folded `text` belongs to a noun: an adjective before one, or itself a noun that is no news."""
    word, before = text[cue.start : cue.end], text[max(0, cue.start - _BEFORE) : cue.start]
    first = word.split()[0]
    if _ADJECTIVE.fullmatch(first):
        if _NOUN_NEXT.match(text, cue.end) is None:
            return False
        verbal = first.endswith("likely") or (first.endswith("ed") and verbs.is_past(first))
        return bool(_DETERMINED.search(before)) if verbal else not _BEING.search(before)
    if _NOUN.fullmatch(first) and _DETERMINED.search(before):
        return not _MADE_KNOWN.search(before)
    return False


# --- words that only look like it --------------------------------------------------------------------------------

_AHEAD = re.compile(
    r"[^.;:]*?\b(?:by (?:the|next|early|late|mid|20\d\d|\w+day)|next|soon|later|within|tomorrow"
    r"|in (?:the coming|20\d\d|\d+)|this (?:year|week|month|summer|autumn|fall|winter|spring))\b"
)
_COMPARED = re.compile(r"\b(?:than|as if|as though|what)\s(?:[\w’']+\s){0,3}$")
_READER = re.compile(r" (?:you\b|you['’]|anyone\b|applicable\b|necessary\b|possible\b|needed\b|only\b)")
_SETTLED = re.compile(r"\b(?:is|are|was|were|been|be|widely|often|generally|long)\s$")


def idle(text: str, cue: Span) -> bool:
    """Whether a cue of folded `text` hedges nothing: a duty, a rounded figure, an address to readers."""
    word, before, after = text[cue.start : cue.end], text[max(0, cue.start - _BEFORE) : cue.start], text[cue.end :]
    if word == "should":
        return _AHEAD.match(after[: 2 * _AFTER]) is None  # what ought to be, not what is likely
    if word == "if":
        return _READER.match(after[:_AFTER]) is not None or before.endswith(("as ", "what ", "see "))
    if word in ("considered", "estimated", "said", "projected"):
        figure = word == "estimated" and (
            before.endswith(("an ", "the ")) or re.match(r" (?:at |to be )?[$£€]?\d", after[:12])
        )
        return bool(figure) or (word == "considered" and _SETTLED.search(before) is not None)
    if word in ("you'll", "you’ll"):
        return True
    if word.startswith("according to") and re.search(r"\breport$", word):
        return True  # a report that can be read is no hearsay
    return _COMPARED.search(before) is not None


# --- what is planned and what will happen ------------------------------------------------------------------------

_TO_DO = re.compile(
    r"^(?:[^\W_][\w.'’&-]* ){1,5}to (?!(?:the|an?|his|her|its|their|be|never)\b)(?P<verb>[^\W\d_]+)(?![\w-])"
)
_NO_SUBJECT = frozenset(
    """want wants seek struggle struggles continue fail try tries need needs have ready able how likely way ways bid
    push right time chance whether what where when set due back up close next according thanks of in on at into for
    from with by as about after before aboard towards over under through between without against""".split()
)
_HAPPENS = re.compile(
    r" (?:likely|probably|almost certainly|inevitably)\b"
    r"| (?:\w+ly )?(?:cost|face|rise|fall|grow|drop|increase|decline|decrease|shrink|reach|exceed|outnumber|overtake"
    r"|hit|suffer|struggle|lose|gain|benefit|hurt|harm|need|happen|occur|last|remain|become|see|feel|die|survive|emerge"
    r"|get (?:worse|better|hotter|colder)|worsen|improve|cause|lead to|mean|affect|result|depend|stay"
    r"|come (?:under|to an end)|be (?:(?:a|an|the) |more|less|worse|better|worst|best|hotter|colder|hit|affected|felt"
    r"|difficult|hard|tough|challenging|critical|crucial|key|good|bad|great))\b"
)


def happens(text: str, cue: Span) -> bool:
    """Whether what "will" or "set to" speaks of in folded `text` is undergone and not done: foreseen, not planned."""
    ahead = text[cue.start : cue.end] in ("will", "set to", "won't", "won’t", "going to", "about to", "would")
    return ahead and _HAPPENS.match(text, cue.end) is not None


def headline_future(text: str) -> bool:
    """Whether a headline has an infinitive for its verb after a bare subject: "Canada to automate permits"."""
    match = _TO_DO.match(text)
    if match is None or verbs.finite(text):
        return False
    subject = text[: match.start("verb")].lower().split()[:-1]
    if any(word in _NO_SUBJECT or word.endswith("ing") for word in subject):
        return False
    words = text.split()
    return match["verb"][0].islower() or sum(word[0].isupper() for word in words) > 0.6 * len(words)
