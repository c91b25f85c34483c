"""Orders in a text: words that speak to whoever reads it, or to the model that will, and tell them what to do.

Such words are no news. Patterns of prompt injection as collected by OWASP (LLM01) and in public red-team lists.
"""

from __future__ import annotations

import re

from pipeline.language import quotes

TELL = r"(?:say|write|state|print|report|add|include|output|publish|repeat|respond|answer|mention|read|insert|claim)"
TOLD = r"(?:be )?(?:said|written|stated|printed|reported|added|included|published|told|mentioned|claimed)"
DUTY = r"(?:must|should|shall|have to|has to|need to|needs to|please)"
_ADDRESSED = re.compile(
    r"\b(?:ignore|disregard|forget|override) (?:all |any |the |your |every )*"
    r"(?:previous|prior|above|earlier|other|system)[^.]{0,24}(?:instructions?|prompts?|rules?|messages?)"
    r"|^(?:system|assistant|developer|instructions?|prompt)(?: prompt| message| note)?: "
    r"|^(?:note|message|instructions?|attention|dear|hey|hello|to)\b[^.:]{0,20}\b(?:AIs?|LLMs?|models?|assistants?"
    r"|chatbots?|agents?)\b[^.:]{0,40}\b(?:reads?|reading|process(?:es|ing)?|summari[sz](?:es?|ing)|writes?|writing)\b"
    rf"|\b{DUTY} (?:\w+ )?(?:{TELL}|{TOLD})(?: \w+)?: |\bprint this\b"
    rf"|^(?:now |then |please |instead )?{TELL}(?: exactly| only)?(?: this| that| the following| the sentence)?: "
    rf"|\b(?:headline|title|summary|answer|output|response|article|story) {DUTY} {TELL}\b"
    r"|\bsystem prompt\b.{0,40}\b(?:reveal|print|output)\b",
    re.I,
)


_LEAD = 4  # characters of a quotation before an order that it consists of


def addressed(text: str) -> re.Match[str] | None:
    """Where a text gives an order to its reader; None where it does not, or where that order is what is quoted."""
    match = _ADDRESSED.search(text)
    told = match is not None and any(0 <= match.start() - span.start < _LEAD for span in quotes.find(text))
    return None if told else match
