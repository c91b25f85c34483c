"""Notices: the words by which a page or a feed takes an article back, corrects it, or says that it is gone. Pure.

The wordings are those that publishers agree on (COPE's retraction guidelines, 2019; Crossref's update types; NISO RP-45
on retractions: "RETRACTED:" before the title) and the set phrases of newsrooms' notes. They count only where a notice
stands: at the beginning of a title, or in the opening lines of a text, said of "this article". An article that reports
on somebody else's retraction says neither.
"""

from __future__ import annotations

import re
from enum import StrEnum

OPENING = 700  # characters of a text in which a notice on it stands
_ITEM = r"(?:article|story|report|paper|post|piece|preprint|column|item|text)"
_TITLED = re.compile(
    r"\s*(?:[\[(]\s*)?(?:retracted|withdrawn)(?:\s+(?:article|paper|story|preprint))?"
    r"\s*(?:[\])](?:\s*[:—–-])?|[:—–-])\s*\S",
    re.I,
)
_NAMED = re.compile(
    r"\s*(?:(?:notice of )?retraction(?: notice| note)?|withdrawal(?: notice)?)(?: (?:to|of|for))?\s*[:—–-]"
    r"\s*(?P<title>\S.*)",
    re.I | re.S,
)
_WITHIN, _WAS = r"[^.!?\n]{0,40}?", r"(?:has been|was|is)\s+(?:now\s+|since\s+|formally\s+)?"
_TAKEN_BACK = re.compile(
    rf"\b(?:this|the (?:following|above|original)) {_ITEM}\b{_WITHIN}\b{_WAS}(?:retracted|withdrawn)\b"
    rf"|\b(?:we|the (?:editors?|publisher|journal|authors?|newspaper|magazine))\b{_WITHIN}\b(?:have|has|are|is)\s+"
    rf"(?:now\s+)?(?:retract(?:ed|ing)|withdraw(?:n|ing))\s+this\s+{_ITEM}\b"
    rf"|\b(?:this|the (?:above|original)) {_ITEM}\b{_WITHIN}\bhas been removed "
    r"(?:because|after|following|due to|at the request)"
    r"|\bdieser artikel wurde (?:zurückgezogen|zurückgenommen)\b|\bcet article a été (?:retiré|rétracté)\b"
    r"|\beste artículo ha sido (?:retirado|retractado)\b|\bquesto articolo è stato (?:ritirato|ritrattato)\b",
    re.I,
)
_REMOVED = re.compile(
    rf"\b(?:this|the requested) (?:{_ITEM}|page|content)\b{_WITHIN}\b(?:has been|was|is|may have been)\s+"
    r"(?:removed|deleted|taken down|unpublished|expired|no longer available)\b",
    re.I,
)
_EARLIER = r"(?:this|an earlier version of this|a previous version of this|the original version of this)"
_CORRECTED = re.compile(
    rf"\b{_EARLIER} {_ITEM}\b[^.!?\n]{{0,60}}?"
    r"\b(?:has been|was|misstated|incorrectly|erroneously|gave|said|referred)\b[^.!?\n]{0,40}?"
    r"(?:\b(?:corrected|amended|clarified)\b|\bincorrect|\bwrong|\berroneous|\bmisstated|\bmistaken)"
    rf"|\b{_EARLIER} {_ITEM}\b[^.!?\n]{{0,20}}?\b(?:misstated|incorrectly|erroneously|mistakenly)\b"
    r"|(?:\A|\n)\s*(?:correction|clarification|corrigendum|erratum)\s*(?:\([^)\n]{1,40}\))?\s*[:—–-]",
    re.I,
)


class Notice(StrEnum):
    """What a page says of itself."""

    NONE = "none"
    RETRACTED = "retracted"
    REMOVED = "removed"  # no article any more, no word on why
    CORRECTED = "corrected"


def notice(title: str, text: str) -> Notice:
    """What a page of this title and text says of its own article."""
    opening = text[:OPENING]
    if _TITLED.match(title) or _TITLED.match(opening) or _TAKEN_BACK.search(opening):
        return Notice.RETRACTED
    if _CORRECTED.search(title + "\n" + opening) or _CORRECTED.search(text[-OPENING:]):
        return Notice.CORRECTED
    return Notice.REMOVED if len(text) < 2 * OPENING and _REMOVED.search(opening) else Notice.NONE


def taken_back(title: str) -> str:
    """The title that a notice of its own ("Retraction: ...", "RETRACTED: ...") takes back; "" where it is none."""
    found = _NAMED.match(title)
    if found:
        return " ".join(found["title"].split())
    marked = _TITLED.match(title)
    return " ".join(title[marked.end() - 1 :].split()) if marked else ""
