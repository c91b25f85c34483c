"""Minimal trimming: from a claim's span to words that may open a sentence of ours, never to other words.

Three things are ever done: leave out words at the edges (connectives, datelines, a reporting lead before a colon, a
trailing aside), leave out an apposition between commas, and fold space. What carries a condition, a denial or an
attribution is never cut. Every piece keeps the exact range of its record that it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.compose.readable import alternatives, balanced, bids, has_verb, sound, whole
from pipeline.domain import Claim, Record
from pipeline.gate.reading import read
from pipeline.gate.verbs import FORMS
from pipeline.language import names, quantities

MAX_SPAN_WORDS = 40

_ADVERBS = alternatives(
    "but and so yet or also still however meanwhile moreover furthermore additionally nevertheless nonetheless"
    " therefore thus consequently instead indeed similarly likewise finally besides of_course in_fact in_short"
    " in_addition in_other_words in_contrast by_contrast on_the_other_hand at_the_same_time as_a_result"
    " for_example for_instance to_be_sure that_said to_be_clear after_all in_turn even_so then_again"
    " naturally notably importantly interestingly"
)
_HERE = r"(?:but |and )?here(?:['’]s| is) the (?:\w+ ){1,8}(?:cycle|thing|catch|point|headline)"
_CONNECTIVE = re.compile(
    rf"^(?:(?:{_ADVERBS}|{_HERE})[,:]\s+"
    r"|(?:but|and|so|yet|plus)\s+)",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"^(?:\[[A-Z][\w ]{1,24}\] ?"  # [WHO]
    r"|[A-Z][\w.'’-]*(?:[ ,]+[A-Z][\w.'’-]*){0,4}(?:,? \d{1,2})?(?:,? \d{4})? ?"  # BOSTON (AP) -
    r"\((?:[A-Z][\w./ ]{1,24})\) ?(?:[—–-]+|:) ?"
    r"|[A-Z]{3,}(?:[ ,.'’-]+[A-Z]{2,}|, [A-Z][a-z]+\.?)*(?:,? [A-Z][a-z]{2,8}\.? \d{1,2})? ?(?:—|–|--| - ) ?"
    r"|[A-Z]{4,}(?:[ /][A-Z]{3,})*: (?=[A-Z“\"']))"  # ADEN:
)
_TAIL = re.compile(
    r"\s*(?:continue reading|read (?:more|on|the full).*|\(more\)|the post .* appeared first.*)$", re.IGNORECASE
)
_OPENING = re.compile(r"^(?:rather than|instead of|to [a-z]+) [^.;:]{3,120}?(?:, |[—–])(?=(?-i:[A-Z]))", re.IGNORECASE)
_CUTTABLE = re.compile(r"(?:,\s+(?=(?:which|who|whose|where|[a-z]+ing)\b)|\s+[—–]\s+|\s+--\s+|;\s+)", re.IGNORECASE)
_SUBORDINATOR = re.compile(r"\b(?:when|while|after|before|because|since|where)\b ", re.IGNORECASE)
_GUARDED = alternatives(
    r"if unless until except not no never only without but although though despite however said says say according told"
    r" claim\w* alleg\w* report\w* den(?:y|ies|ied) may might could would subject_to pending citing per"
)
_PROTECTED = re.compile(rf"\b{_GUARDED}\b|n['’]t\b", re.IGNORECASE)
_TELLING = alternatives(
    r"said says say told asked added wrote writes warn\w* claim\w* argu\w* quote\w* note[sd]? tweet\w* post(?:ed|s)"
    r" according statement exclaim\w* repl\w+ announc\w+ stress\w* insist\w* report(?:s|ed)?"
)
_REPORTING = re.compile(rf"\b{_TELLING}\b", re.IGNORECASE)
_FOLLOWING = alternatives("is are was were has have had will would plans? says said announced agreed expects? aims")
_APPOSITION = re.compile(
    r"^((?:The )?[A-Z][\w&.'’-]*(?: [A-Z][\w&.'’-]*){0,4}), (?:an? |the |who |which |whose |formerly |based )"
    rf"[^,;:“”\"]{{3,90}}, (?={_FOLLOWING}\b)"
)
_THING = re.compile(r"^(?:[A-Z][\w.&-]*['’]s? )?(?:[\w-]+ ){0,3}?[\w-]+ (?:on|of|to|for|in|that|which)\b")
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|will|would|can|could|may|might|must|says?|said)\b")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that may stand on the page, without their final stop, and the range of the record they rest on.

    `verbatim` tells that `text` is letter for letter the range (a first capital aside).
    """

    start: int
    end: int
    text: str
    verbatim: bool = True
    fragment: bool = False  # no sentence, but a thing with a figure: it can only be quoted

    @property
    def words(self) -> int:
        """How many words of the record the span takes."""
        return len(self.text.split())


def pieces(claim: Claim, record: Record, *, headline: bool = False) -> tuple[Piece, ...]:
    """The printable forms of a claim, the fullest first; empty when nothing of it can stand on a page.

    For a `headline`, a headline of five words or more needs no verb that a tagger finds ("Air board postpones ...").
    """
    evidence = claim.evidence[0]
    raw = record.text[evidence.start : evidence.end]
    start, end = _edges(raw)
    found: dict[str, Piece] = {}
    for begin, stop in _ranges(raw, start, end):
        text = _tidy(raw[begin:stop])
        short = len(raw[begin:stop].split()) <= MAX_SPAN_WORDS
        bare = claim.in_headline and headline and len(text.split()) >= 5
        speaks = bare or (has_verb(text) if claim.in_headline else whole(text, raw))
        if text and short and sound(text) and speaks and not bids(text):
            found.setdefault(text, Piece(evidence.start + begin, evidence.start + stop, text))
    if not claim.in_headline and claim.quantities and not raw.rstrip().endswith(".") and not _acting(raw):
        found.clear()  # an item of a list: its only verbs are infinitives
    if not found and not claim.in_headline and claim.quantities:
        found.update((piece.text, piece) for piece in _fragment(raw, start, end, evidence.start))
    return tuple(found.values())


def _acting(text: str) -> bool:
    """Whether any word of a text may be a finite verb by its form; infinitives are none."""
    kinds = [FORMS.get(w, {}) for w in re.findall(r"(?<![-\w])[a-z]+(?![-\w])", text)]
    return bool(_AUXILIARY.search(text)) or any("s" in k or "past" in k for k in kinds)


def _fragment(raw: str, start: int, end: int, base: int) -> Iterator[Piece]:
    """An item of a list or an aside that names a thing and its figures, without a verb of its own."""
    text = " ".join(raw[start:end].split()).rstrip(".;,")
    if 6 <= len(text.split()) <= MAX_SPAN_WORDS and sound(text) and _THING.match(text) and not _AUXILIARY.search(text):
        yield Piece(base + start, base + start + len(raw[start:end].rstrip(" .;,\n")), text, fragment=True)


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
        if len(head.split()) >= 7 and not _PROTECTED.search(tail) and balanced(head) and _complete(head):
            yield start, start + match.start()


def _clean_opening(opening: str, rest: str) -> bool:
    """Whether a sentence loses nothing it depends on with its opening phrase: no number, condition or report in it."""
    guarded = re.sub(r"^(?:rather than|instead of)\b", "", opening, flags=re.IGNORECASE)
    plain = not _PROTECTED.search(guarded) and not quantities.find(opening)
    return plain and len(rest.split()) >= 7 and has_verb(rest)


def _complete(head: str) -> bool:
    """Whether what is left of a sentence has its verb, and its last clause too ("when the referee" has none)."""
    opened = list(_SUBORDINATOR.finditer(head))
    return has_verb(head) and (not opened or has_verb(head[opened[-1].end() :]))


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
        folded = folded[:-1].rstrip()
    return folded[:1].upper() + folded[1:] if folded[:2].islower() or folded[1:2] in {" ", "'", "’"} else folded
